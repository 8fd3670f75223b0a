"""Kinds, sources and states in the words people use."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import reduce

from core.approval import TaskStatus, Verdict
from core.claim import ClaimState, Means, Plan, Step, StepRule
from core.ids import PersonId
from core.invoice import (
    MONEY_FIELDS,
    Field,
    FieldName,
    FieldState,
    Finding,
    Invoice,
    Kind,
    ReadInvoice,
    Severity,
    Source,
)
from core.messages import Message, Value
from core.money import Money
from core.words import FIELD_WORDS

KIND_WORDS: Mapping[Kind, Message] = {
    Kind.VAT_PAPER_SPECIAL: Message("Special VAT invoice (paper)"),
    Kind.VAT_PAPER_ORDINARY: Message("Ordinary VAT invoice (paper)"),
    Kind.VAT_ROLL: Message("Ordinary VAT invoice (roll)"),
    Kind.VAT_E_ORDINARY: Message("Ordinary VAT e-invoice"),
    Kind.VAT_E_SPECIAL: Message("Special VAT e-invoice"),
    Kind.VAT_E_TOLL: Message("Motorway toll e-invoice"),
    Kind.BLOCKCHAIN: Message("Blockchain e-invoice"),
    Kind.MOTOR_VEHICLE: Message("Motor vehicle invoice"),
    Kind.USED_VEHICLE: Message("Used vehicle invoice"),
    Kind.FREIGHT_SPECIAL: Message("Special VAT invoice for freight"),
    Kind.DIGITAL_SPECIAL: Message("Digital special VAT invoice"),
    Kind.DIGITAL_ORDINARY: Message("Digital ordinary VAT invoice"),
    Kind.RAIL_ETICKET: Message("Rail e-ticket"),
    Kind.AIR_ITINERARY: Message("Air e-ticket itinerary"),
    Kind.DIGITAL_MOTOR_VEHICLE: Message("Digital motor vehicle invoice"),
    Kind.DIGITAL_USED_VEHICLE: Message("Digital used vehicle invoice"),
    Kind.DIGITAL_PAPER_SPECIAL: Message("Digital special VAT invoice on paper"),
    Kind.DIGITAL_PAPER_ORDINARY: Message("Digital ordinary VAT invoice on paper"),
    Kind.DIGITAL_PAPER_VEHICLE: Message("Digital vehicle invoice on paper"),
    Kind.TAXI: Message("Taxi invoice"),
    Kind.QUOTA: Message("Fixed-amount invoice"),
    Kind.GENERAL_MACHINE: Message("General machine-printed invoice"),
    Kind.TOLL_PAPER: Message("Toll receipt"),
    Kind.TOLL_LOCAL_E: Message("Local toll e-invoice"),
    Kind.BUS: Message("Coach ticket"),
    Kind.SHIP: Message("Ship ticket"),
    Kind.TRAIN_PAPER: Message("Train ticket (paper)"),
    Kind.FISCAL: Message("Government fiscal receipt"),
    Kind.RIDE_ITINERARY: Message("Ride itinerary"),
    Kind.TILL_SLIP: Message("Till slip"),
    Kind.FOREIGN_INVOICE: Message("Receipt or invoice from elsewhere"),
    Kind.NOT_INVOICE: Message("Not an invoice"),
}

SOURCE_WORDS: Mapping[Source, Message] = {
    Source.XML: Message("XML original"),
    Source.OFD: Message("OFD original"),
    Source.QR: Message("QR code"),
    Source.PDF_TEXT: Message("PDF text"),
    Source.RAPIDOCR: Message("picture (first reader)"),
    Source.TESSERACT: Message("picture (second reader)"),
    Source.PERSON: Message("typed in"),
}

MEANS_WORDS: Mapping[Means, Message] = {
    Means.OWN_MONEY: Message("Paid with own money"),
    Means.COMPANY_CARD: Message("Company card"),
    Means.COMPANY_ACCOUNT: Message("Paid by the company"),
    Means.ADVANCE: Message("From an advance"),
}

CLAIM_WORDS: Mapping[ClaimState, Message] = {
    ClaimState.SUBMITTED: Message("Saved, on its way to the OA"),
    ClaimState.PENDING: Message("Submitted"),
    ClaimState.APPROVED: Message("Fully approved"),
    ClaimState.PAYMENT_REQUESTED: Message("Payment requested"),
    ClaimState.PAID: Message("Paid"),
    ClaimState.REJECTED: Message("Rejected"),
    ClaimState.RETURNED: Message("Sent back"),
    ClaimState.WITHDRAWING: Message("Being withdrawn"),
    ClaimState.WITHDRAWN: Message("Withdrawn"),
    ClaimState.REVOKED: Message("Revoked after approval"),
    ClaimState.NEEDS_REVIEW: Message("Waiting for a check by hand"),
}

VERDICT_WORDS: Mapping[Verdict, Message] = {
    Verdict.APPROVE: Message("Approved"),
    Verdict.RETURN: Message("Sent back"),
    Verdict.REJECT: Message("Rejected"),
}

TASK_WORDS: Mapping[TaskStatus, Message] = {
    TaskStatus.PENDING: Message("Waiting"),
    TaskStatus.APPROVED: Message("Approved"),
    TaskStatus.REJECTED: Message("Rejected"),
    TaskStatus.RETURNED: Message("Sent back"),
    TaskStatus.TRANSFERRED: Message("Handed on"),
    TaskStatus.CANCELLED: Message("No longer needed"),
    TaskStatus.DONE: Message("Done"),
}


PRACTICE = Message("Practice: nothing here reaches the OA, and nobody is asked.")
"""Stands on every card of practice."""

FIELD_NAMES: Mapping[FieldName, Message] = {**FIELD_WORDS, FieldName.TOTAL: Message("Total amount")}
"""On cards the total is the amount that is asked for."""


_EVIDENCE: Mapping[str, Message] = {
    **{name.value: words for name, words in FIELD_NAMES.items()},
    "age": Message("days since issue"),
    "amount": Message("amount"),
    "buyer": Message("buyer"),
    "expected": Message("expected"),
    "field": Message("field"),
    "kind": Message("kind"),
    "limit": Message("limit"),
    "lines": Message("sum of the lines"),
    "ours": Message("our company"),
    "payer": Message("paying company"),
    "printed": Message("printed"),
    "qr": Message("QR code"),
    "rate": Message("tax rate"),
    "reference": Message("reference"),
    "tax_id": Message("tax id"),
}


def evidence_line(name: str, value: str) -> Message:
    """One thing a check compared, in words; a name that is not known here stands as the check gave it."""
    said: Value = value
    if name == "kind" and value in set(Kind):
        said = KIND_WORDS[Kind(value)]
    elif name == "field" and value in set(FieldName):
        said = FIELD_NAMES[FieldName(value)]
    return Message("{field}: {value}", field=_EVIDENCE.get(name, name), value=said)


def finding_line(finding: Finding) -> Message:
    """The sentence of a finding with its weight in words before it."""
    match finding.severity:
        case Severity.BLOCK:
            return Message("Blocking: {finding}", finding=finding.message)
        case Severity.WARN:
            return Message("Warning: {finding}", finding=finding.message)
    return Message("Note: {finding}", finding=finding.message)


def counted(findings: tuple[Finding, ...]) -> tuple[Message, ...]:
    """How many of each weight, heaviest first; empty when there are none."""
    stops, warnings, notes = (sum(each.severity is weight for each in findings) for weight in Severity)
    said = (
        stops and (Message("{count} blocking", count=stops)),
        warnings and (Message("1 warning") if warnings == 1 else Message("{count} warnings", count=warnings)),
        notes and (Message("1 note") if notes == 1 else Message("{count} notes", count=notes)),
    )
    return tuple(each for each in said if isinstance(each, Message))


def by_weight(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Heaviest first, otherwise in the order of the checks."""
    return tuple(sorted(findings, key=lambda finding: list(Severity).index(finding.severity)))


def shown(name: FieldName, value: str | None, currency: str) -> Value:
    """A field's canonical value as people write it: money as money."""
    if value is None:
        return Message("not read")
    try:
        return Money(Decimal(value), currency) if name in MONEY_FIELDS else value
    except InvalidOperation:
        return value


def total_of(reading: ReadInvoice) -> Value:
    """The total in the reader's format, or the words that it was not read."""
    total = reading.value(FieldName.TOTAL)
    return Message("total not read") if total is None else shown(FieldName.TOTAL, total, reading.currency())


def entered_line(name: FieldName, field: Field, currency: str, names: Mapping[PersonId, str]) -> Message:
    """Who typed or confirmed a field, and what had been read."""
    who = names.get(field.entered_by, field.entered_by) if field.entered_by else "–"
    value = shown(name, field.value, currency)
    if field.read_value is None:
        return Message(
            "{field} typed in by {name}: {value} (nothing was read)", field=FIELD_NAMES[name], name=who, value=value
        )
    if field.read_value == field.value:
        return Message("{field} {value} was confirmed by {name}", field=FIELD_NAMES[name], name=who, value=value)
    return Message(
        "{field} changed by {name} to {value} (read as {before})",
        field=FIELD_NAMES[name],
        name=who,
        value=value,
        before=shown(name, field.read_value, currency),
    )


def entered_lines(invoices: Iterable[Invoice], names: Mapping[PersonId, str]) -> tuple[Message, ...]:
    """A line for every value that a person typed or confirmed."""
    return tuple(
        entered_line(name, field, invoice.reading.currency(), names)
        for invoice in invoices
        for name, field in in_print_order(invoice.reading)
        if field.state is FieldState.ENTERED
    )


def state_of(name: FieldName, field: Field, currency: str, names: Mapping[PersonId, str]) -> Message:
    """How sure we are of a field, in words."""
    sources = tuple(SOURCE_WORDS[source] for source in field.sources)
    match field.state:
        case FieldState.VERIFIED:
            return Message("verified: {sources}", sources=sources)
        case FieldState.READ:
            return Message("read, not verified: {sources}", sources=sources)
        case FieldState.ENTERED:
            return entered_line(name, field, currency, names)
    return Message("not read")


_TOP = (FieldName.CODE, FieldName.NUMBER, FieldName.DATE, FieldName.CHECK_CODE)
_BUYER = (FieldName.BUYER_NAME, FieldName.BUYER_TAX_ID)
_SELLER = (FieldName.SELLER_NAME, FieldName.SELLER_TAX_ID)
_SUMS = (FieldName.AMOUNT_EX_TAX, FieldName.TAX, FieldName.TOTAL_CN, FieldName.CURRENCY, FieldName.TOTAL)


def in_print_order(reading: ReadInvoice) -> tuple[tuple[FieldName, Field], ...]:
    """The fields as the eye meets them: digital invoices name the seller beside the buyer, older ones at the foot."""
    digital = FieldName.CODE not in reading.fields
    order = (*_TOP, *_BUYER, *_SELLER, *_SUMS) if digital else (*_TOP, *_BUYER, *_SUMS, *_SELLER)
    return tuple((name, reading.fields[name]) for name in order if name in reading.fields)


def tax_bureau(said: Message | None) -> Message:
    """The line about genuineness every card has."""
    return Message("Tax-bureau check: {said}", said=said or Message("not set up"))


def step_words(step: Step, names: Mapping[PersonId, str]) -> Message:
    """Who decides at a step, and how many of them."""
    who = tuple(names.get(each, each) for each in step.approvers)
    if len(who) == 1:
        return Message("{who} ({step})", who=who, step=step.name)
    match step.rule:
        case StepRule.ANY:
            return Message("any one of {who} ({step})", who=who, step=step.name)
        case StepRule.ALL:
            return Message("all of {who} ({step})", who=who, step=step.name)
    return Message("{who}, in this order ({step})", who=who, step=step.name)


def reasons_of(plan: Plan) -> Message:
    """Why the route is as it is, each reason once."""
    first, *others = dict.fromkeys(step.reason for step in plan.steps)
    return reduce(lambda said, reason: Message("{said}; {reason}", said=said, reason=reason), others, first)
