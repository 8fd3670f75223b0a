"""What a check is given, and what it may answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from core.directory import Entity
from core.invoice import MISSING, FieldName, FieldState, Finding, Kind, ReadInvoice, Severity
from core.messages import Message
from core.policy import Policy


@dataclass(frozen=True)
class CheckFacts:
    """One invoice and what has to be known to check it.

    `entities` are our own; none: the buyer is not checked. `original`: read from the file as issued, not from a
    picture. `seen_elsewhere` is a reference finance can open, when another invoice has the same number.
    """

    reading: ReadInvoice
    entities: tuple[Entity, ...]
    paying_entity: str | None
    today: date
    original: bool
    seen_elsewhere: str | None

    @property
    def kind(self) -> Kind:
        return self.reading.kind

    def text(self, name: FieldName) -> str | None:
        return self.reading.value(name)

    def amount(self, name: FieldName) -> Decimal | None:
        return self.reading.amount(name)

    def sure(self, *names: FieldName) -> bool:
        """Whether each of these was verified or said by a person, so that a fault is no misreading."""
        known = {FieldState.VERIFIED, FieldState.ENTERED}
        return all(self.reading.fields.get(name, MISSING).state in known for name in names)


class Answer(Enum):
    """A check without a finding: it passed, or what it needs is not there."""

    PASSED = "passed"
    SKIPPED = "skipped"


Check = Callable[[CheckFacts, Policy], Finding | Answer]


def found(code: str, severity: Severity, message: Message, evidence: Mapping[str, str | None] | None = None) -> Finding:
    """A finding; evidence that is not known is left out."""
    return Finding(code, severity, message, {name: held for name, held in (evidence or {}).items() if held is not None})


def after_re_read(facts: CheckFacts, *names: FieldName) -> Severity:
    """A fault between values that were only read is a misreading more often than not: it warns until they are sure."""
    return Severity.BLOCK if facts.sure(*names) else Severity.WARN


VAT = frozenset(
    {
        Kind.VAT_PAPER_SPECIAL,
        Kind.VAT_PAPER_ORDINARY,
        Kind.VAT_E_ORDINARY,
        Kind.VAT_E_SPECIAL,
        Kind.VAT_E_TOLL,
        Kind.DIGITAL_SPECIAL,
        Kind.DIGITAL_ORDINARY,
        Kind.DIGITAL_PAPER_SPECIAL,
        Kind.DIGITAL_PAPER_ORDINARY,
    }
)
DIGITAL = frozenset(
    {
        Kind.DIGITAL_SPECIAL,
        Kind.DIGITAL_ORDINARY,
        Kind.RAIL_ETICKET,
        Kind.AIR_ITINERARY,
        Kind.DIGITAL_MOTOR_VEHICLE,
        Kind.DIGITAL_USED_VEHICLE,
    }
)
ELECTRONIC = DIGITAL | {Kind.VAT_E_ORDINARY, Kind.VAT_E_SPECIAL, Kind.VAT_E_TOLL, Kind.BLOCKCHAIN, Kind.FISCAL}
ORDINARY = frozenset({Kind.VAT_PAPER_ORDINARY, Kind.VAT_E_ORDINARY, Kind.DIGITAL_ORDINARY, Kind.DIGITAL_PAPER_ORDINARY})
NO_INVOICE = frozenset({Kind.NOT_INVOICE, Kind.RIDE_ITINERARY, Kind.TILL_SLIP})
NO_BUYER = NO_INVOICE | {
    Kind.TAXI,
    Kind.QUOTA,
    Kind.TOLL_PAPER,
    Kind.BUS,
    Kind.SHIP,
    Kind.TRAIN_PAPER,
    Kind.VAT_ROLL,
    Kind.GENERAL_MACHINE,
}
