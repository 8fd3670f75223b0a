"""Which reader knows which kind."""

from collections.abc import Callable, Mapping

from core.invoice import Kind
from core.reading.air import read_air
from core.reading.elsewhere.receipt import read_receipt
from core.reading.fiscal import read_fiscal
from core.reading.freight import read_freight
from core.reading.kinds import VAT, screen_of
from core.reading.layout import Page
from core.reading.rail import read_rail, read_train_paper
from core.reading.sighting import Sighting
from core.reading.tickets import (
    read_coach,
    read_machine,
    read_quota,
    read_ride_itinerary,
    read_roll,
    read_ship,
    read_taxi,
    read_toll,
)
from core.reading.vat import read_vat
from core.reading.vehicles import read_any_vehicle, read_motor_vehicle, read_used_vehicle

_READERS: Mapping[Kind, Callable[[Page], Sighting]] = {
    Kind.RAIL_ETICKET: read_rail,
    Kind.TRAIN_PAPER: read_train_paper,
    Kind.AIR_ITINERARY: read_air,
    Kind.FISCAL: read_fiscal,
    Kind.MOTOR_VEHICLE: read_motor_vehicle,
    Kind.DIGITAL_MOTOR_VEHICLE: read_motor_vehicle,
    Kind.USED_VEHICLE: read_used_vehicle,
    Kind.DIGITAL_USED_VEHICLE: read_used_vehicle,
    Kind.DIGITAL_PAPER_VEHICLE: read_any_vehicle,
    Kind.FREIGHT_SPECIAL: read_freight,
    Kind.VAT_ROLL: read_roll,
    Kind.TAXI: read_taxi,
    Kind.QUOTA: read_quota,
    Kind.TOLL_PAPER: read_toll,
    Kind.TOLL_LOCAL_E: read_toll,
    Kind.BUS: read_coach,
    Kind.SHIP: read_ship,
    Kind.GENERAL_MACHINE: read_machine,
    Kind.FOREIGN_INVOICE: read_receipt,
    Kind.TILL_SLIP: read_receipt,
    Kind.RIDE_ITINERARY: read_ride_itinerary,
}


def read_face(page: Page, kind: Kind) -> Sighting:
    """The fields of one face by its kind; what is no invoice has none."""
    if kind in VAT:
        return read_vat(page, kind)
    if kind is Kind.NOT_INVOICE and (screen := screen_of(page)):
        return Sighting({}, details={"screen": screen})
    reader = _READERS.get(kind)
    return reader(page) if reader else Sighting({})
