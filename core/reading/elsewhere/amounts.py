"""Amounts in any writing: 1,234.56, 1.234,56, 1 234,56, 1'234.56, 1,200 yen."""

import re
from dataclasses import dataclass
from decimal import Decimal

_SIGNS: tuple[tuple[str, str], ...] = (
    (r"HK\$|HKD", "HKD"), (r"NT\$|NTD|TWD", "TWD"), (r"S\$|SGD", "SGD"), (r"(?:AU|A)\$|AUD", "AUD"), (r"NZ\$|NZD", "NZD"),
    (r"(?:CA|C)\$|CAD\$?", "CAD"), (r"(?:US|U\.S\.)\s?\$|USD\$?", "USD"), (r"MOP\$?|Ptc", "MOP"), (r"R\$|BRL", "BRL"),
    (r"MX\$|MXN", "MXN"), (r"RM|MYR", "MYR"), (r"€|EUR(?:O|OS)?", "EUR"), (r"£|GBP", "GBP"), (r"SEK", "SEK"),
    (r"NOK", "NOK"), (r"DKK", "DKK"), (r"CHF|SFr\.?|Fr\.", "CHF"), (r"CZK|K[čĉc](?![a-z])", "CZK"), (r"PLN|z[łl](?![a-z])", "PLN"),
    (r"HUF|Ft(?![a-z])", "HUF"), (r"INR|₹|Rs\.?", "INR"), (r"KRW|₩", "KRW"), (r"JPY|円", "JPY"), (r"CNY|RMB|元|人民币", "CNY"),
    (r"THB|฿", "THB"), (r"VND|₫", "VND"), (r"IDR|Rp\.?", "IDR"), (r"PHP|₱", "PHP"), (r"TRY|₺", "TRY"), (r"ILS|₪", "ILS"),
    (r"AED|Dhs?\.?", "AED"), (r"ZAR", "ZAR"), (r"RON", "RON"), (r"BGN", "BGN"), (r"ISK", "ISK"), (r"SAR", "SAR"),
    (r"\$", "$"), (r"[¥￥]", "¥"), (r"kr\.?(?![a-z])|:-", "kr"),
)  # fmt: skip
"""Signs and codes beside amounts. "$", "¥" and "kr" are shared by several countries."""

SHARED = frozenset({"$", "¥", "kr"})
WITHOUT_CENTS = frozenset({"JPY", "KRW", "VND", "IDR", "HUF", "ISK", "CLP", "TWD"})
"""Currencies whose amounts are printed without decimals."""

_SIGN = "|".join(f"(?:{pattern})" for pattern, _ in _SIGNS)
_FIGURE = r"\d{1,3}(?:[,.'’]\d{3})+(?:[.,]\s?\d{2})?|\d{1,3}(?: \d{3})+[.,]\d{2}|\d+\s?[.,]\s?\d{1,2}|[.,]\d{2}|\d+"
_AMOUNT = re.compile(
    rf"(?<![\d.,/#])(?<!\d[-–:])(?P<before>(?<![A-Za-z])(?:{_SIGN}))?\s?(?P<minus>[-–−(]\s?)?(?P<mid>{_SIGN})?\s?"
    rf"(?P<figure>{_FIGURE})(?![\d:/]|[.,]\d|\s?%)\s?(?P<after>(?:{_SIGN})(?![A-Za-z]))?(?P<behind>[-–](?!\d))?"
)


@dataclass(frozen=True)
class Amount:
    """An amount in a text from `start` to `end`.

    `sign` is its currency, or a sign several share. `cents`: with two decimals; with one it may have lost the other.
    """

    value: Decimal
    start: int
    end: int
    cents: bool
    sign: str | None = None

    @property
    def is_money(self) -> bool:
        """Written like money: with decimals or with a sign. A bare whole number may be anything."""
        return self.cents or self.sign is not None


def amounts_in(text: str) -> tuple[Amount, ...]:
    """Every number in a run that may be an amount. Dates, times, percentages and parts of longer numbers are not."""
    return tuple(_amount(found) for found in _AMOUNT.finditer(text))


def figure(text: str) -> Decimal:
    """The value of a number as printed: what follows the last separator is decimals unless it has three digits."""
    plain = re.sub(r"[\s'’]", "", text)
    whole, separator, rest = _parted(plain)
    digits = re.sub(r"[.,]", "", whole)
    return Decimal(f"{digits}.{rest}") if separator and len(rest) < 3 else Decimal(digits + rest)


def signs_in(text: str) -> tuple[str, ...]:
    """Currencies and shared signs that stand anywhere in a text as words of their own."""
    return tuple(sign for pattern, sign in _SIGNS if re.search(rf"(?<![A-Za-z])(?:{pattern})(?![A-Za-z])", text))


def _parted(plain: str) -> tuple[str, str, str]:
    place = max(plain.rfind("."), plain.rfind(","))
    return (plain, "", "") if place < 0 else (plain[:place], plain[place], plain[place + 1 :])


def _amount(found: re.Match[str]) -> Amount:
    value = figure(found["figure"])
    printed = re.sub(r"\s", "", found["figure"])
    sign = next((_sign(found[name]) for name in ("before", "mid", "after") if found[name]), None)
    negative = found["minus"] or found["behind"]
    return Amount(
        -value if negative else value,
        found.start("figure"),
        found.end("figure"),
        cents=re.search(r"[.,]\d{2}$", printed) is not None,
        sign=sign,
    )


def _sign(text: str) -> str:
    return next(sign for pattern, sign in _SIGNS if re.fullmatch(pattern, text))
