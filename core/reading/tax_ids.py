"""Tax identifiers: their shapes, their check digits, and what is behind a misread one. Source: GB 32100-2015, GB 11714."""

import re
from enum import StrEnum

from stdnum.cn import ric, uscc

_SHAPE = re.compile(r"[0-9A-Z]{18}|[0-9A-Z]{15}|[0-9A-Z]{20}|[0-9A-Z]{17}")
_FORBIDDEN = str.maketrans("OIZSV", "0125U")
_USCC = re.compile(r"[159AN7Y][1-59]\d{6}[0-9A-HJ-NP-RTUWXY]{10}")
_PROVINCES = frozenset(
    (
        "10", "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
        "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
    )
)  # fmt: skip
_ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ALIKE = (
    "8B",
    "0D",
    "0Q",
    "UV",
    "6G",
    "1L",
    "1T",
    "7T",
    "5S",
    "2Z",
    "CG",
    "EF",
    "EB",
    "HN",
    "MN",
    "WM",
    "XK",
    "AR",
    "PR",
    "38",
)


class Closing(StrEnum):
    """How well an identifier holds together.

    TWICE: two check digits close (a misread character is always seen by the first, 340 of 341 double ones by both),
    and the place it names exists. ONCE: one does (1 of 31, or of 11, random ids passes). NO: the check digit is
    wrong. UNKNOWN: this shape has none.
    """

    TWICE = "twice"
    ONCE = "once"
    NO = "no"
    UNKNOWN = "unknown"


def tax_id_in(text: str) -> str | None:
    """The identifier a run is, upper-case; letters the alphabet lacks are the digits they look like. None if it is none."""
    plain = re.sub(r"[\s.:;,'·-]", "", text).upper()
    if not _SHAPE.fullmatch(plain) or sum(map(str.isdigit, plain)) < 7:
        return None
    return plain.translate(_FORBIDDEN) if len(plain) == 18 else plain


def closing(value: str) -> Closing:
    """Which of the identifier's check digits close."""
    if len(value) != 18:
        return Closing.UNKNOWN
    if ric.is_valid(value):
        return Closing.ONCE
    if not uscc.is_valid(value):
        return Closing.NO
    told = _USCC.fullmatch(value) and value[2:4] in _PROVINCES and _organisation_closes(value[8:17])
    return Closing.TWICE if told else Closing.ONCE


def repaired(value: str) -> str | None:
    """The one identifier with a closing check digit that differs in one look-alike character, if there is just one.

    A repaired identifier is a proposal for a person; it is never evidence.
    """
    swaps = {
        value[:place] + other + value[place + 1 :]
        for place, character in enumerate(value)
        for pair in _ALIKE
        if character in pair
        for other in pair.replace(character, "")
    }
    closed = [swap for swap in swaps if closing(swap) is Closing.TWICE]
    return closed[0] if len(closed) == 1 else None


def _organisation_closes(code: str) -> bool:
    weighted = sum(
        _ORGANISATION.index(character) * weight for character, weight in zip(code[:8], _WEIGHTS, strict=True)
    )
    return code[8] == "0123456789X0"[11 - weighted % 11]
