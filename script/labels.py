"""Labels against what was read: which invoice is meant, and what counts as the same. For the benches."""

import unicodedata
from collections.abc import Mapping, Sequence

from core.invoice import FieldName, ReadInvoice

Label = Mapping[str, str | None]


def paired(wanted: Sequence[Label], found: Sequence[ReadInvoice]) -> list[tuple[Label, ReadInvoice | None]]:
    """Each label with the invoice of its number, else of its kind, else with what is left in order.

    An invoice nobody labelled counts against ours.
    """
    left = list(found)
    pairs: dict[int, ReadInvoice | None] = {}
    for same in (_same_number, _same_kind, lambda _label, _invoice: True):
        for place, want in enumerate(wanted):
            invoice = next((each for each in left if place not in pairs and same(want, each)), None)
            if invoice is not None:
                left.remove(invoice)
                pairs[place] = invoice
    nobodys: Label = {"kind": "nothing"}
    return [*((want, pairs.get(place)) for place, want in enumerate(wanted)), *((nobodys, each) for each in left)]


def _same_number(want: Label, invoice: ReadInvoice) -> bool:
    return want["number"] is not None and invoice.value(FieldName.NUMBER) == want["number"]


def _same_kind(want: Label, invoice: ReadInvoice) -> bool:
    return invoice.kind.value == want["kind"]


def plain(value: str | None) -> str | None:
    """One spelling for what is the same on paper: widths of characters, 元 for 圆, no 整."""
    if not value:
        return None
    return unicodedata.normalize("NFKC", value).replace("圆", "元").removesuffix("整").replace(" ", "").upper()
