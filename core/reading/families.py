"""Which reader knows which kind."""

from collections.abc import Callable

from core.invoice import Kind
from core.reading.kinds import VAT
from core.reading.layout import Page
from core.reading.sighting import Sighting
from core.reading.vat import read_vat


def read_face(page: Page, kind: Kind) -> Sighting:
    """The fields of one face by its kind; a kind that is no invoice has none."""
    if kind in VAT:
        return read_vat(page, kind)
    return Sighting({})
