"""Invoices written as data: what each format says, taken from its parsed tree. Parsing itself is done outside."""

from collections.abc import Callable, Iterable
from xml.etree.ElementTree import Element

from core.reading.originals.cii import read_cii
from core.reading.originals.digital import read_digital
from core.reading.originals.older import read_older
from core.reading.originals.ubl import read_ubl
from core.reading.originals.written import Written
from core.reading.originals.xbrl import read_xbrl

__all__ = ["Written", "written_in"]

_READERS: Iterable[Callable[[Element], Written | None]] = (read_digital, read_older, read_xbrl, read_cii, read_ubl)


def written_in(root: Element) -> Written | None:
    """What this tree says as an invoice; None when it is none of the known formats or has no number."""
    return next((found for read in _READERS if (found := read(root))), None)
