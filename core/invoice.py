"""What was read from a document: invoices, their fields, and how sure we are of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from core.errors import Refused
from core.ids import ClaimId, DocumentId, InvoiceId, PersonId
from core.messages import Message


class Kind(StrEnum):
    """The kinds of domain table 1.2, what is no tax invoice, and invoices from elsewhere."""

    VAT_PAPER_SPECIAL = "vat_paper_special"
    VAT_PAPER_ORDINARY = "vat_paper_ordinary"
    VAT_ROLL = "vat_roll"
    VAT_E_ORDINARY = "vat_e_ordinary"
    VAT_E_SPECIAL = "vat_e_special"
    VAT_E_TOLL = "vat_e_toll"
    BLOCKCHAIN = "blockchain"
    MOTOR_VEHICLE = "motor_vehicle"
    USED_VEHICLE = "used_vehicle"
    FREIGHT_SPECIAL = "freight_special"
    DIGITAL_SPECIAL = "digital_special"
    DIGITAL_ORDINARY = "digital_ordinary"
    RAIL_ETICKET = "rail_eticket"
    AIR_ITINERARY = "air_itinerary"
    DIGITAL_MOTOR_VEHICLE = "digital_motor_vehicle"
    DIGITAL_USED_VEHICLE = "digital_used_vehicle"
    DIGITAL_PAPER_SPECIAL = "digital_paper_special"
    DIGITAL_PAPER_ORDINARY = "digital_paper_ordinary"
    DIGITAL_PAPER_VEHICLE = "digital_paper_vehicle"
    TAXI = "taxi"
    QUOTA = "quota"
    GENERAL_MACHINE = "general_machine"
    TOLL_PAPER = "toll_paper"
    TOLL_LOCAL_E = "toll_local_e"
    BUS = "bus"
    SHIP = "ship"
    TRAIN_PAPER = "train_paper"
    FISCAL = "fiscal"
    RIDE_ITINERARY = "ride_itinerary"
    TILL_SLIP = "till_slip"
    FOREIGN_INVOICE = "foreign_invoice"
    NOT_INVOICE = "not_invoice"


class FieldName(StrEnum):
    """Field names as in the labels of the development set."""

    CODE = "code"
    NUMBER = "number"
    DATE = "date"
    BUYER_NAME = "buyer_name"
    BUYER_TAX_ID = "buyer_tax_id"
    SELLER_NAME = "seller_name"
    SELLER_TAX_ID = "seller_tax_id"
    AMOUNT_EX_TAX = "amount_ex_tax"
    TAX = "tax"
    TOTAL = "total"
    TOTAL_CN = "total_cn"
    CHECK_CODE = "check_code"
    CURRENCY = "currency"


MONEY_FIELDS = frozenset({FieldName.AMOUNT_EX_TAX, FieldName.TAX, FieldName.TOTAL})


class Source(StrEnum):
    """Where a value comes from, strongest first."""

    XML = "xml"
    OFD = "ofd"
    QR = "qr"
    PDF_TEXT = "pdf_text"
    RAPIDOCR = "rapidocr"
    TESSERACT = "tesseract"
    PERSON = "person"


class FieldState(StrEnum):
    """How sure we are that the value was read right. Never says that the invoice is genuine."""

    VERIFIED = "verified"
    READ = "read"
    ENTERED = "entered"
    MISSING = "missing"


@dataclass(frozen=True)
class Box:
    """A place on the upright page, in fractions of its width and height (0..1)."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True)
class Candidate:
    """One reader's opinion of one field, in canonical form (money "475.80", ISO date, ids upper-case)."""

    value: str
    source: Source
    confidence: float | None = None
    box: Box | None = None


@dataclass(frozen=True)
class Field:
    """One field with all that was seen of it.

    `reason` says in words why it is not verified. `read_value` is what had been read before a person typed.
    """

    value: str | None
    state: FieldState
    candidates: tuple[Candidate, ...] = ()
    reason: Message | None = None
    entered_by: PersonId | None = None
    read_value: str | None = None

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources that agree with the value."""
        return tuple(dict.fromkeys(seen.source for seen in self.candidates if seen.value == self.value))

    def is_corrected(self) -> bool:
        """Whether a person typed something else than was read, or what was not read at all."""
        return self.state is FieldState.ENTERED and self.value != self.read_value

    @property
    def confidence(self) -> float | None:
        """The best confidence among the readers that agree; None where the source is exact."""
        known = [
            seen.confidence for seen in self.candidates if seen.value == self.value and seen.confidence is not None
        ]
        return max(known, default=None)

    @property
    def box(self) -> Box | None:
        """Where it stands on the page, as the best reader saw it."""
        agreeing = [seen for seen in self.candidates if seen.box and seen.value == self.value]
        boxes = agreeing or [seen for seen in self.candidates if seen.box]
        return boxes[0].box if boxes else None


MISSING = Field(value=None, state=FieldState.MISSING)


@dataclass(frozen=True)
class ItemLine:
    """One line of goods or services as printed. Amounts canonical ("94.15"), rate as printed ("13%", "免税")."""

    name: str
    amount: str | None = None
    rate: str | None = None
    tax: str | None = None


class Severity(StrEnum):
    """What a finding does: block Submit, warn everybody, or tell only."""

    BLOCK = "block"
    WARN = "warn"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """The result of one check that did not simply pass. `code` is the id of the check-rule table (A1, Q3, U1, …).

    `evidence` holds plain strings for the details view and the audit: what was compared with what.
    """

    code: str
    severity: Severity
    message: Message
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadInvoice:
    """One invoice found in a document, before anybody owns it.

    `page` counts from 1. `fields` holds every FieldName that applies to the kind (missing ones as MISSING).
    `place` is where it stands on the page when a page holds several, else None.
    `findings` are those that reading itself makes (QR differs from print, CRC, …); checks add theirs later.
    `details` are what its special business adds, by the names its file gives them. `part` is the file it was read from
    inside an archive.
    """

    page: int
    kind: Kind
    fields: Mapping[FieldName, Field]
    lines: tuple[ItemLine, ...] = ()
    findings: tuple[Finding, ...] = ()
    place: Box | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    part: str = ""

    def value(self, name: FieldName) -> str | None:
        return self.fields.get(name, MISSING).value

    def amount(self, name: FieldName) -> Decimal | None:
        text = self.value(name)
        return None if text is None else Decimal(text)

    def currency(self) -> str:
        """ISO 4217; kinds that name none are in yuan."""
        return self.value(FieldName.CURRENCY) or "CNY"

    def is_original(self) -> bool:
        """Read from the file as it was issued (XML, OFD, PDF with text), not from a picture of it."""
        issued = {Source.XML, Source.OFD, Source.PDF_TEXT}
        return any(seen.source in issued for each in self.fields.values() for seen in each.candidates)

    def day(self) -> date | None:
        text = self.value(FieldName.DATE)
        return None if text is None else date.fromisoformat(text)


def identity_of(reading: ReadInvoice) -> str | None:
    """The 20-digit number, or code and number; elsewhere a number is its seller's alone. None when no number was read."""
    number = reading.value(FieldName.NUMBER)
    if number is None:
        return None
    if reading.kind is Kind.FOREIGN_INVOICE:
        seller = reading.value(FieldName.SELLER_TAX_ID) or reading.value(FieldName.SELLER_NAME) or ""
        return f"{seller.casefold()}/{number}"
    code = reading.value(FieldName.CODE)
    return number if len(number) == 20 or code is None else f"{code}-{number}"


ASKED = (
    FieldName.NUMBER,
    FieldName.CODE,
    FieldName.DATE,
    FieldName.TOTAL,
    FieldName.TAX,
    FieldName.BUYER_TAX_ID,
    FieldName.SELLER_TAX_ID,
)
"""The fields a person must confirm when they are not verified."""
ASKED_ABROAD = (FieldName.DATE, FieldName.TOTAL, FieldName.CURRENCY)
"""Those of a receipt or invoice from elsewhere: its tax is deducted nowhere here, and many have no number."""
ATTACHED = frozenset({Kind.NOT_INVOICE, Kind.RIDE_ITINERARY, Kind.TILL_SLIP})
"""What is no invoice and can only go with one."""


class InvoiceState(StrEnum):
    """draft → claimed → settled; or one of the ends."""

    DRAFT = "draft"
    CLAIMED = "claimed"
    SETTLED = "settled"
    DUPLICATE = "duplicate"
    ATTACHMENT = "attachment"
    DISCARDED = "discarded"
    VOIDED = "voided"


_ALLOWED: Mapping[InvoiceState, frozenset[InvoiceState]] = {
    InvoiceState.DRAFT: frozenset(
        {InvoiceState.CLAIMED, InvoiceState.DUPLICATE, InvoiceState.ATTACHMENT, InvoiceState.DISCARDED}
    ),
    InvoiceState.CLAIMED: frozenset({InvoiceState.DRAFT, InvoiceState.SETTLED, InvoiceState.VOIDED}),
    InvoiceState.SETTLED: frozenset({InvoiceState.VOIDED}),
    InvoiceState.DUPLICATE: frozenset({InvoiceState.DRAFT, InvoiceState.DISCARDED}),
    InvoiceState.ATTACHMENT: frozenset({InvoiceState.DISCARDED}),
}


@dataclass(frozen=True)
class Invoice:
    """One invoice with its owner. What was read never changes; corrections stand beside it as ENTERED fields.

    `practice`: the sample, of which anybody may have any number; it never is in a claim.
    `same_as` of a duplicate is the owner's invoice it was found to be: its document is kept as another original.
    `since` is when it became a draft or was last worked on as one.
    """

    id: InvoiceId
    document_id: DocumentId
    owner: PersonId
    reading: ReadInvoice
    state: InvoiceState = InvoiceState.DRAFT
    claim_id: ClaimId | None = None
    category: str | None = None
    purpose: str = ""
    practice: bool = False
    same_as: InvoiceId | None = None
    since: datetime | None = None
    version: int = 0

    def identity(self) -> str | None:
        """The key of duplicates; None when no number was read, or in practice."""
        return None if self.practice else identity_of(self.reading)

    def questions(self) -> tuple[FieldName, ...]:
        """The fields that must be confirmed before Submit, in the order they are asked."""
        return questions(self.reading)

    def enter(self, name: FieldName, value: str, by: PersonId) -> "Invoice":
        """Typed or confirmed by a person. What a structured original or the QR gave can be confirmed, never overtyped."""
        before = self.reading.fields.get(name, MISSING)
        if before.value not in (None, value) and EXACT & set(before.sources):
            raise Refused(
                Message(
                    "The invoice's own code says {value} for this field, so it cannot be typed over. "
                    "If it is wrong, ask finance. Nothing was changed.",
                    value=before.value or "",
                ),
                code="E-EXACT-VALUE",
            )
        entered = replace(
            before,
            value=value,
            state=FieldState.ENTERED,
            entered_by=by,
            read_value=before.read_value if before.state is FieldState.ENTERED else before.value,
            reason=None,
        )
        return replace(self, reading=replace(self.reading, fields={**self.reading.fields, name: entered}))

    def move(self, to: InvoiceState, **changes: Any) -> "Invoice":
        """Change state if the table allows it. Raises Refused."""
        if to not in _ALLOWED.get(self.state, frozenset()):
            raise Refused(
                Message("This invoice has already moved on; nothing was changed."),
                code="E-INVOICE-STATE",
                detail=f"{self.state} -> {to}",
            )
        return replace(self, state=to, **changes)


EXACT = frozenset({Source.XML, Source.OFD, Source.QR})


def questions(reading: ReadInvoice) -> tuple[FieldName, ...]:
    """The fields a person would be asked about: applicable, neither verified nor entered. What is no invoice asks none."""
    if reading.kind in ATTACHED:
        return ()
    asked = ASKED_ABROAD if reading.kind is Kind.FOREIGN_INVOICE else ASKED
    unsure = {FieldState.READ, FieldState.MISSING}
    return tuple(name for name in asked if name in reading.fields and reading.fields[name].state in unsure)
