"""Vehicle identification numbers: 17 characters, the ninth of which checks the others. Source: GB 16735, ISO 3779."""

import re

_SHAPE = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_VALUES = dict(zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "012345678912345678123457923456789"), strict=True))
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin_in(text: str) -> str | None:
    """The number a run is, if its check character closes; None otherwise: a misread one is not shown at all."""
    plain = re.sub(r"\s", "", text).upper()
    return plain if _SHAPE.fullmatch(plain) and plain[8] == check_character(plain) else None


def check_character(number: str) -> str:
    """What the ninth of 17 characters must be: the weighted sum of the others modulo 11, X for ten."""
    remainder = sum(_VALUES[character] * weight for character, weight in zip(number, _WEIGHTS, strict=True)) % 11
    return "X" if remainder == 10 else str(remainder)
