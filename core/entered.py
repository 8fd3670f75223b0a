"""What people type for an invoice's fields, in the form fields are kept in."""

import re
import unicodedata
from contextlib import suppress
from datetime import date

from core.errors import NotUnderstood
from core.invoice import MONEY_FIELDS, FieldName
from core.messages import Message
from core.money import CURRENCIES, CURRENCY_WORDS, amount_from

_TAX_ID = re.compile(r"[0-9A-Z]{15}|[0-9A-Z]{17,18}|[0-9A-Z]{20}")
_DATE = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?")
_ANY_ID = re.compile(r"[0-9A-Z](?:[0-9A-Z ./#_-]{0,38}[0-9A-Z])?")
_FORMS_ABROAD = frozenset({FieldName.NUMBER, FieldName.BUYER_TAX_ID, FieldName.SELLER_TAX_ID})
LONGEST_NAME = 200


def entered(name: FieldName, text: str, *, abroad: bool = False) -> str:
    """The canonical form of what was typed for a field: money "475.80", an ISO date, upper-case ids.

    `abroad`: numbers and tax ids may have any form. Raises NotUnderstood with an example of what would be.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if name is FieldName.CURRENCY:
        return _currency(name, plain)
    if name in MONEY_FIELDS:
        return _amount(name, plain)
    if abroad and name in _FORMS_ABROAD and _ANY_ID.fullmatch(plain.upper()):
        return plain.upper()
    match name:
        case FieldName.DATE:
            return _day(name, plain)
        case FieldName.NUMBER:
            return _digits(name, plain, (8, 20), Message("An invoice number has 8 or 20 digits."))
        case FieldName.CODE:
            return _digits(name, plain, (10, 12), Message("An invoice code has 10 or 12 digits."))
        case FieldName.BUYER_TAX_ID | FieldName.SELLER_TAX_ID:
            compact = plain.upper().replace(" ", "").replace("-", "")
            if not _TAX_ID.fullmatch(compact):
                raise NotUnderstood(
                    name, Message("A tax id has 18 letters and digits, for example 91350200664711147G.")
                )
            return compact
    plain = text.strip()  # a name keeps its full-width brackets
    if not plain or len(plain) > LONGEST_NAME:
        raise NotUnderstood(
            name, Message("This must not be empty, and at most {most} characters long.", most=LONGEST_NAME)
        )
    return plain


def _amount(name: FieldName, plain: str) -> str:
    amount = amount_from(plain)
    if amount is None or amount < 0 or (amount == 0 and name is FieldName.TOTAL):
        raise NotUnderstood(name, Message("The amount must be a number above 0, for example 475.80."))
    return f"{amount:.2f}"


def _currency(name: FieldName, plain: str) -> str:
    found = CURRENCY_WORDS.get(plain.casefold(), plain.upper())
    if found not in CURRENCIES:
        raise NotUnderstood(name, Message("That is no currency; write its three letters, for example EUR."))
    return found


def _day(name: FieldName, plain: str) -> str:
    found = _DATE.fullmatch(plain)
    if found is not None:
        with suppress(ValueError):
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    raise NotUnderstood(name, Message("That is no date; write it like 2026-08-14."))


def _digits(name: FieldName, plain: str, lengths: tuple[int, ...], otherwise: Message) -> str:
    compact = plain.replace(" ", "")
    if not (compact.isascii() and compact.isdigit() and len(compact) in lengths):
        raise NotUnderstood(name, otherwise)
    return compact
