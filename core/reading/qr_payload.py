"""The text of an invoice's QR code: its fields and its checksum. Source: domain table, 4."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.invoice import FieldName, Kind
from core.reading.crc import crc16_arc, crc16_buypass, crc16_modbus
from core.reading.dates import date_in

TOTAL_TYPES = frozenset({"31", "32", "51", "61"})
"""The types whose amount is the price with tax."""
NET_TYPES = frozenset({"01", "04", "10"})
"""The types whose amount is the net. Of all others no real code was seen: their amount may be the one or the other."""

KINDS: Mapping[str, Kind] = {
    "01": Kind.VAT_PAPER_SPECIAL,
    "02": Kind.FREIGHT_SPECIAL,
    "04": Kind.VAT_PAPER_ORDINARY,
    "10": Kind.VAT_E_ORDINARY,
    "08": Kind.VAT_E_SPECIAL,
    "11": Kind.VAT_ROLL,
    "14": Kind.VAT_E_TOLL,
    "03": Kind.MOTOR_VEHICLE,
    "15": Kind.USED_VEHICLE,
    "31": Kind.DIGITAL_SPECIAL,
    "32": Kind.DIGITAL_ORDINARY,
    "51": Kind.RAIL_ETICKET,
    "61": Kind.AIR_ITINERARY,
}
_CENT = Decimal("0.01")


class Checksum(StrEnum):
    """Whether the payload's last field fits it. A mismatch is inconclusive: not every issuer's algorithm is known."""

    CLOSES = "closes"
    DIFFERS = "differs"
    ABSENT = "absent"


@dataclass(frozen=True)
class QrPayload:
    """A decoded payload: canonical values by field, the kind its type names, and its checksum.

    `unproven` are fields that its amount may mean by its type: such a value confirms what is printed, and says nothing alone.
    """

    text: str
    kind: Kind | None
    values: Mapping[FieldName, str]
    checksum: Checksum
    unproven: frozenset[FieldName] = frozenset()


def payload_of(text: str) -> QrPayload | None:
    """What an invoice's QR code says; None for the code of anything else (payment, advert, encrypted)."""
    parts = [part.strip() for part in text.strip("\0 \r\n").split(",")]
    if re.fullmatch(r"CZ-EI-[0-9]{2}", parts[0]) and len(parts) >= 7:
        return _fiscal(text, parts)
    if re.fullmatch(r"[0-9]{12}", parts[0]) and len(parts) >= 4 and re.fullmatch(r"[0-9]{8}", parts[1]):
        return _local(text, parts)
    if parts[0] != "01" or len(parts) < 6 or not re.fullmatch(r"[0-9]{2}", parts[1]):
        return None
    if len(parts[2]) == 20:  # the rail pilot leaves the code out instead of empty
        parts = [*parts[:2], "", *parts[2:5], "", *parts[5:]]
    return _vat(text.strip("\0 \r\n"), [*parts, "", ""])


def _vat(text: str, parts: list[str]) -> QrPayload | None:
    _, type_, code, number, amount, day, check_code, checksum, *_ = parts
    if not re.fullmatch(r"[0-9]{8}|[0-9]{20}", number) or not re.fullmatch(r"(?:[0-9]{10}|[0-9]{12})?", code):
        return None
    meant = _amount_of(type_)
    values = {
        FieldName.CODE: code,
        FieldName.NUMBER: number,
        **dict.fromkeys(meant, _money(amount)),
        FieldName.DATE: date_in(day) or "",
        FieldName.CHECK_CODE: check_code if re.fullmatch(r"[0-9]{20}|[0-9a-zA-Z]{5}", check_code) else "",
    }
    return QrPayload(
        text, KINDS.get(type_), {name: value for name, value in values.items() if value}, _checksum(text, checksum),
        frozenset(meant) if len(meant) > 1 else frozenset(),
    )  # fmt: skip


def _amount_of(type_: str) -> tuple[FieldName, ...]:
    """What the amount of a type is. Source: domain table, 4.1."""
    if type_ in TOTAL_TYPES:
        return (FieldName.TOTAL,)
    return (FieldName.AMOUNT_EX_TAX,) if type_ in NET_TYPES else (FieldName.AMOUNT_EX_TAX, FieldName.TOTAL)


def _local(text: str, parts: list[str]) -> QrPayload:
    """A province's own toll invoice: code, number, total, date, buyer."""
    code, number, amount, day, *_ = parts
    values = {
        FieldName.CODE: code,
        FieldName.NUMBER: number,
        FieldName.TOTAL: _money(amount),
        FieldName.DATE: date_in(day) or "",
    }
    return QrPayload(text, Kind.TOLL_LOCAL_E, {name: value for name, value in values.items() if value}, Checksum.ABSENT)


def _fiscal(text: str, parts: list[str]) -> QrPayload | None:
    _, _, code, number, check_code, day, amount, *_ = parts
    if not re.fullmatch(r"[0-9]{8}/[0-9]{10}/[0-9a-zA-Z]{6}", f"{code}/{number}/{check_code}"):
        return None
    values = {
        FieldName.CODE: code,
        FieldName.NUMBER: number,
        FieldName.CHECK_CODE: check_code,
        FieldName.DATE: date_in(day) or "",
        FieldName.TOTAL: _money(amount),
    }
    return QrPayload(text, Kind.FISCAL, {name: value for name, value in values.items() if value}, Checksum.ABSENT)


def _money(text: str) -> str:
    """Plain digits only: spelt out, "1E9999999" would take gigabytes. No more than two decimals that count."""
    if not re.fullmatch(r"[-+]?[0-9]{1,15}(?:\.[0-9]{0,12})?", text):
        return ""
    amount = Decimal(text)
    return f"{amount:.2f}" if amount == amount.quantize(_CENT) else ""


def _checksum(text: str, printed: str) -> Checksum:
    if not re.fullmatch(r"[0-9A-Fa-f]{1,4}", printed):
        return Checksum.ABSENT
    before = text[: text.rindex(printed)]
    covered = {before.encode(), before.removesuffix(",").encode()}
    closes = any(algorithm(part) == int(printed, 16) for algorithm in _ALGORITHMS for part in covered)
    return Checksum.CLOSES if closes else Checksum.DIFFERS


_ALGORITHMS: tuple[Callable[[bytes], int], ...] = (crc16_buypass, crc16_modbus, crc16_arc)
