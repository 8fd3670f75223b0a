"""Money as it is printed, in canonical form: "475.80", "-35.36"."""

import re
from decimal import Decimal

_MONEY = re.compile(
    r"(?:CNY|RMB|[¥￥YVWX])?\s*(?P<sign>-?)\s*[¥￥]?\s*(?P<whole>\d{1,3}(?:,\d{3})+|\d+)\.(?P<cents>\d{1,2})\s*元?",
    re.ASCII,
)
NO_TAX = re.compile(r"\*[*kKx×]{0,2}|免税|不征税")
"""What stands in the tax column when there is none (7.1 rule 6 of the domain table), stars also as engines see them."""


def money_in(text: str) -> str | None:
    """Engines see letters in a blurred ¥; a letter is no digit, so it is safe to drop one.

    The amount a printed run is, with two decimals: "¥ 1,067.50" is "1067.50". None when it is anything else.
    """
    found = _MONEY.fullmatch(text.strip())
    if not found:
        return None
    return f"{Decimal(found['sign'] + found['whole'].replace(',', '') + '.' + found['cents']):.2f}"


def tax_in(text: str) -> str | None:
    """As money_in, and "0.00" for the signs that stand for no tax."""
    return "0.00" if NO_TAX.fullmatch(text.strip()) else money_in(text)
