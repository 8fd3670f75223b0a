"""Documents of every kind, out of a seed: `invent_face(7, "taxi")`."""

from collections.abc import Callable, Mapping
from functools import partial
from random import Random

from sandbox.papers.faces import abroad, fiscal, freight, road, slips, travel, vehicles, wide
from sandbox.papers.faces.face import FIELDS, Face

DRAWN: Mapping[str, Callable[[Random], Face]] = {
    "digital_ordinary": partial(wide.wide, "digital_ordinary"),
    "rail_eticket": travel.rail_eticket,
    "digital_special": partial(wide.wide, "digital_special"),
    "air_itinerary": travel.air_itinerary,
    "digital_toll": wide.digital_toll,
    "taxi": road.taxi,
    "quota": slips.quota,
    "train_paper": travel.train_paper,
    "motor_vehicle": vehicles.motor_vehicle,
    "used_vehicle": vehicles.used_vehicle,
    "vat_e_ordinary": partial(wide.wide, "vat_e_ordinary"),
    "vat_roll": slips.vat_roll,
    "till_slip": slips.till_slip,
    "ride_itinerary": road.ride_itinerary,
    "vat_paper_special": partial(wide.wide, "vat_paper_special"),
    "vat_paper_ordinary": partial(wide.wide, "vat_paper_ordinary"),
    "vat_e_special": partial(wide.wide, "vat_e_special"),
    "vat_e_toll": wide.vat_e_toll,
    "blockchain": partial(wide.wide, "blockchain"),
    "general_machine": slips.general_machine,
    "toll_paper": road.toll_paper,
    "toll_local_e": road.toll_local_e,
    "bus": travel.bus,
    "ship": travel.ship,
    "fiscal": fiscal.fiscal,
    "digital_motor_vehicle": vehicles.digital_motor_vehicle,
    "digital_used_vehicle": vehicles.digital_used_vehicle,
    "digital_paper_special": partial(wide.wide, "digital_paper_special"),
    "digital_paper_ordinary": partial(wide.wide, "digital_paper_ordinary"),
    "digital_paper_vehicle": vehicles.digital_paper_vehicle,
    "freight_special": freight.freight_special,
    "foreign_receipt": abroad.foreign_receipt,
    "foreign_invoice": abroad.foreign_invoice,
}
"""How each document is invented. Names are kinds of the domain table, but for `digital_toll` (a digital_ordinary with a
tag of its own) and the two of kind foreign_invoice."""


def invent_face(seed: int | str, name: str) -> Face:
    """The same seed gives the same document. name is a key of DRAWN."""
    return DRAWN[name](Random(f"{name} {seed}"))


__all__ = ["DRAWN", "FIELDS", "Face", "invent_face"]
