"""Dates as invoices print them, in ISO form. Strict patterns only: a date is never guessed."""

import re
from datetime import date

_GAP = r"(?:\s*[年月./-]\s*|\s+)"
_SEPARATED = re.compile(
    rf"(?<!\d)(?P<year>(?:19|20)\d\d){_GAP}(?P<month>\d{{1,2}}){_GAP}(?P<day>\d{{1,2}})(?!\d)", re.ASCII
)
_COMPACT = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?!\d)", re.ASCII)


def date_in(text: str) -> str | None:
    """The one date in a run: 2024年03月19日, 2022-03-17, 2022 05 11, 20240602. None when there is none or two."""
    found = {
        day
        for pattern in (_SEPARATED, _COMPACT)
        for match in pattern.finditer(text)
        if (day := _real(match["year"], match["month"], match["day"]))
    }
    return found.pop() if len(found) == 1 else None


def _real(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
