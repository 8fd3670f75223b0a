"""Which reader knows which kind."""

from collections.abc import Callable, Mapping

from core.invoice import Kind
from core.reading.air import read_air
from core.reading.elsewhere.receipt import read_receipt
from core.reading.fiscal import read_fiscal
from core.reading.kinds import VAT, expected, screen_of
from core.reading.layout import Page
from core.reading.rail import read_rail, read_train_paper
from core.reading.sighting import Sighting
from core.reading.tickets import read_ticket
from core.reading.vat import read_vat

_READERS: Mapping[Kind, Callable[[Page], Sighting]] = {
    Kind.RAIL_ETICKET: read_rail,
    Kind.TRAIN_PAPER: read_train_paper,
    Kind.AIR_ITINERARY: read_air,
    Kind.FISCAL: read_fiscal,
    Kind.FOREIGN_INVOICE: read_receipt,
    Kind.TILL_SLIP: read_receipt,
}


def read_face(page: Page, kind: Kind) -> Sighting:
    """The fields of one face by its kind; what is no invoice has none."""
    if kind in VAT:
        return read_vat(page, kind)
    if kind is Kind.NOT_INVOICE and (screen := screen_of(page)):
        return Sighting({}, details={"screen": screen})
    if kind not in _READERS and not expected(kind):
        return Sighting({})
    return _READERS.get(kind, read_ticket)(page)
