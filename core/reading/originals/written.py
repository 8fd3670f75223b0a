"""What a structured original says, and the invoice that becomes of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from core.invoice import MONEY_FIELDS, Candidate, FieldName, Finding, ItemLine, Kind, ReadInvoice, Source
from core.money import LARGEST
from core.reading import evidence as rules
from core.reading.amounts import NO_TAX
from core.reading.dates import date_in
from core.reading.evidence import Evidence
from core.reading.kinds import expected
from core.reading.numerals import says
from core.reading.qr_payload import payload_of

_CENT = Decimal("0.01")
_ON_EVERY_INVOICE = frozenset({FieldName.NUMBER, FieldName.DATE, FieldName.TOTAL})
_TAX_IDS = frozenset({FieldName.BUYER_TAX_ID, FieldName.SELLER_TAX_ID})


@dataclass(frozen=True)
class Written:
    """One invoice as its file says it.

    `texts` as they stand there; empty ones are on no face. `qr` is the text of the QR code, where the file repeats it.
    `details` are what its special business adds (train, plate, the invoice it takes back, …), by name. `findings` are
    what the format itself makes known.
    """

    kind: Kind
    texts: Mapping[FieldName, str]
    lines: tuple[ItemLine, ...] = ()
    qr: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def invoice(self, source: Source, page: int = 1) -> ReadInvoice:
        """The invoice; every field that could be understood is verified, what the file leaves out is not asked for."""
        values = {name: value for name, said in self.texts.items() if (value := canonical(name, said))}
        values |= _total_of_parts(values)
        seen = {name: (Candidate(value, source),) for name, value in values.items()}
        unclear = {name for name, said in self.texts.items() if said} - values.keys()
        blank = frozenset(expected(self.kind)) - _ON_EVERY_INVOICE - unclear - values.keys()
        evidence = Evidence(self.kind, seen, payload_of(self.qr), blank)
        fields, findings = rules.weigh(evidence)
        return ReadInvoice(page, self.kind, fields, self.lines, (*findings, *self.findings), details=dict(self.details))


def canonical(name: FieldName, said: str) -> str | None:
    """A field's canonical value; None when what is said cannot be understood, or is nothing."""
    if name in MONEY_FIELDS:
        return money(said)
    if name is FieldName.DATE:
        return date_in(said)
    plain = re.sub(r"\s+", "" if name not in _NAMES else " ", said).strip()
    return plain.upper() if name in _TAX_IDS else plain


_NAMES = frozenset({FieldName.BUYER_NAME, FieldName.SELLER_NAME})


def money(said: str) -> str | None:
    """An amount with two decimals: "1000", "¥1,000.00" and "-60.0" are understood, "***" is "0.00", a third decimal is not."""
    plain = re.sub(r"[¥￥,，\s元]", "", said)
    if NO_TAX.fullmatch(plain):
        return "0.00"
    if not re.fullmatch(r"[-+]?[0-9]{1,18}(?:\.[0-9]{1,12})?", plain):
        return None
    amount = Decimal(plain)
    return f"{amount:.2f}" if abs(amount) <= LARGEST and amount == amount.quantize(_CENT) else None


def rate(said: str) -> str | None:
    """A tax rate as it is printed: "0.13" and "13.00%" are "13%", words stay."""
    plain = said.strip()
    found = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)(%?)", plain)
    if not found:
        return plain or None
    percent = Decimal(found[1]) if found[2] else Decimal(found[1]) * 100
    return f"{percent.normalize():f}%"


def line(name: str, amount: str, rate_said: str, tax: str) -> ItemLine:
    """A line of goods; an amount that cannot be understood is left out of it."""
    return ItemLine(re.sub(r"\s+", " ", name).strip(), money(amount), rate(rate_said), money(tax))


def _total_of_parts(values: Mapping[FieldName, str]) -> Mapping[FieldName, str]:
    """The total as 金额 + 税额 where 大写 says the same: some OFD mark only its ¥ as the total."""
    net, tax, words = (values.get(name) for name in (FieldName.AMOUNT_EX_TAX, FieldName.TAX, FieldName.TOTAL_CN))
    if FieldName.TOTAL in values or not (net and tax and words):
        return {}
    total = Decimal(net) + Decimal(tax)
    return {FieldName.TOTAL: f"{total:.2f}"} if says(words, total) else {}
