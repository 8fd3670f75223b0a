"""Money: an exact amount with its currency, and the amounts people type."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

CURRENCIES = frozenset(
    [
        "AED",
        "ARS",
        "AUD",
        "BGN",
        "BHD",
        "BRL",
        "CAD",
        "CHF",
        "CLP",
        "CNY",
        "COP",
        "CZK",
        "DKK",
        "EGP",
        "EUR",
        "GBP",
        "GEL",
        "HKD",
        "HUF",
        "IDR",
        "ILS",
        "INR",
        "ISK",
        "JOD",
        "JPY",
        "KES",
        "KRW",
        "KWD",
        "KZT",
        "LKR",
        "MAD",
        "MOP",
        "MXN",
        "MYR",
        "NGN",
        "NOK",
        "NPR",
        "NZD",
        "OMR",
        "PEN",
        "PHP",
        "PKR",
        "PLN",
        "QAR",
        "RON",
        "RSD",
        "RUB",
        "SAR",
        "SEK",
        "SGD",
        "THB",
        "TRY",
        "TWD",
        "UAH",
        "USD",
        "UYU",
        "VND",
        "ZAR",
    ]
)
"""ISO 4217 codes that a claim may be in."""

CURRENCY_WORDS = {
    "人民币": "CNY", "rmb": "CNY", "元": "CNY", "美元": "USD", "欧元": "EUR", "英镑": "GBP", "日元": "JPY", "港币": "HKD", "港元": "HKD",
    "台币": "TWD", "新台币": "TWD", "韩元": "KRW", "新币": "SGD", "新加坡元": "SGD", "马币": "MYR", "令吉": "MYR", "rm": "MYR", "加元": "CAD",
    "澳元": "AUD", "瑞士法郎": "CHF", "泰铢": "THB", "€": "EUR", "£": "GBP", "us$": "USD", "hk$": "HKD", "dollar": "USD", "euro": "EUR",
}  # fmt: skip
"""What people call them."""

LARGEST = Decimal("999999999999.99")


@dataclass(frozen=True)
class Money:
    """An exact amount. `currency` is the ISO 4217 code."""

    amount: Decimal
    currency: str = "CNY"

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.amount - other.amount, self.currency)

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added")

    def __str__(self) -> str:
        return f"{self.amount:,.2f} {self.currency}"


_AMOUNT = re.compile(r"(?P<sign>-?)(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<cents>\d{1,2}))?")


def amount_from(text: str) -> Decimal | None:
    """The amount a person typed: "１２８．５０元", "¥1,234.5" and "128.50" are understood; anything else is None.

    Full-width characters count as their half-width twins. At most two decimals, at most 999,999,999,999.99.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace("，", ",").replace("。", ".")
    plain = re.sub(r"^(?:RMB|CNY|¥|￥|人民币)\s*|\s*(?:元|圆|CNY|RMB)$", "", plain, flags=re.IGNORECASE).strip()
    found = _AMOUNT.fullmatch(plain)
    if not found:
        return None
    amount = Decimal(found["sign"] + found["whole"].replace(",", "") + "." + (found["cents"] or "00").ljust(2, "0"))
    return amount if abs(amount) <= LARGEST else None
