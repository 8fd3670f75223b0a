"""What a check is given, and what it may answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from stdnum.cn import ric

from core.directory import Entity
from core.invoice import (
    ATTACHED,
    EXACT,
    MISSING,
    Field,
    FieldName,
    FieldState,
    Finding,
    Kind,
    ReadInvoice,
    Severity,
    Source,
)
from core.messages import Message
from core.policy import Policy
from core.reading.kinds import DIGITAL


@dataclass(frozen=True)
class CheckFacts:
    """One invoice and what has to be known to check it.

    `entities` are our own; none: the buyer is not checked. `original`: read from the file as issued, not from a
    picture. `seen_elsewhere` is a reference finance can open, when another invoice has the same number. `practice`:
    this is the sample in its own place.
    """

    reading: ReadInvoice
    entities: tuple[Entity, ...]
    paying_entity: str | None
    today: date
    original: bool
    seen_elsewhere: str | None
    practice: bool = False

    @property
    def kind(self) -> Kind:
        return self.reading.kind

    def text(self, name: FieldName) -> str | None:
        return self.reading.value(name)

    def amount(self, name: FieldName) -> Decimal | None:
        return self.reading.amount(name)

    def sure(self, *names: FieldName) -> bool:
        """Whether none of these can be a misreading: verified, said by a person, or taken from exact text."""
        return all(_is_sure(self.reading.fields.get(name, MISSING)) for name in names)


def _is_sure(field: Field) -> bool:
    return field.state in {FieldState.VERIFIED, FieldState.ENTERED} or not _EXACT.isdisjoint(field.sources)


_EXACT = EXACT | {Source.PDF_TEXT}


class Answer(Enum):
    """A check without a finding: it passed, or what it needs is not there."""

    PASSED = "passed"
    SKIPPED = "skipped"


Check = Callable[[CheckFacts, Policy], Finding | Answer]


def found(code: str, severity: Severity, message: Message, evidence: Mapping[str, str | None] | None = None) -> Finding:
    """A finding; evidence that is not known is left out."""
    return Finding(code, severity, message, {name: held for name, held in (evidence or {}).items() if held is not None})


def after_re_read(facts: CheckFacts, *names: FieldName) -> Severity:
    """A fault in what a camera saw is a misreading more often than not: it warns until the values are sure."""
    return Severity.BLOCK if facts.sure(*names) else Severity.WARN


def is_person(tax_id: str) -> bool:
    """Whether a tax id is a natural person's identity number (自然人代开), whose check digit fits."""
    return len(tax_id) == 18 and bool(ric.is_valid(tax_id))


def masked(identity: str) -> str:
    """A person's identity number as it may be shown."""
    return identity[:3] + "*" * (len(identity) - 7) + identity[-4:]


ELECTRONIC = DIGITAL | {Kind.VAT_E_ORDINARY, Kind.VAT_E_SPECIAL, Kind.VAT_E_TOLL, Kind.BLOCKCHAIN, Kind.FISCAL}
DIGITAL_PAPER = frozenset({Kind.DIGITAL_PAPER_SPECIAL, Kind.DIGITAL_PAPER_ORDINARY, Kind.DIGITAL_PAPER_VEHICLE})
SPECIAL = frozenset(
    {Kind.VAT_PAPER_SPECIAL, Kind.VAT_E_SPECIAL, Kind.DIGITAL_SPECIAL, Kind.DIGITAL_PAPER_SPECIAL, Kind.FREIGHT_SPECIAL}
)
NO_INVOICE = ATTACHED
NO_BUYER = NO_INVOICE | {
    Kind.FOREIGN_INVOICE,  # our companies are known here by their Chinese names and tax ids
    Kind.TAXI,
    Kind.QUOTA,
    Kind.TOLL_PAPER,
    Kind.BUS,
    Kind.SHIP,
    Kind.TRAIN_PAPER,
    Kind.VAT_ROLL,
    Kind.GENERAL_MACHINE,
}
