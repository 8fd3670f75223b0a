"""Whether policy approves a claim at once: facts in; out comes why it does, or everything that speaks against it."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.invoice import ASKED, FieldName, FieldState, Finding, Invoice, Severity
from core.messages import Message
from core.money import Money
from core.policy import AutoApproval


@dataclass(frozen=True)
class AutoFacts:
    """A claim about to be submitted.

    `findings` are those of all its invoices. `spent` is what policy approved for this submitter in this month, in CNY.
    `sent_back`: a person returned it before.
    """

    invoices: tuple[Invoice, ...]
    findings: tuple[Finding, ...]
    total: Money
    spent: Decimal
    sent_back: bool = False


@dataclass(frozen=True)
class Answer:
    """`reason` is why policy approves it, or what speaks against it; None: too large to be thought of."""

    approved: bool
    reason: Message | None


def auto_approval(facts: AutoFacts, rules: AutoApproval) -> Answer:
    """Only small sums are thought of; of those every obstacle is named, so that a person knows what made it slower."""
    if facts.total.currency != "CNY" or facts.total.amount > rules.up_to:
        return Answer(approved=False, reason=None)
    obstacles = tuple(_obstacles(facts, rules))
    if obstacles:
        return Answer(approved=False, reason=Message("{reasons}", reasons=obstacles))
    return Answer(
        approved=True,
        reason=Message(
            "it is at most {limit}, everything that decides was read surely and typed by nobody, no check warns, and this "
            "month's total stays within {cap}",
            limit=Money(rules.up_to),
            cap=Money(rules.monthly_cap),
        ),
    )


def _obstacles(facts: AutoFacts, rules: AutoApproval) -> Iterable[Message]:
    if facts.sent_back:
        yield Message("a person sent it back before")
    if any(invoice.identity() is None for invoice in facts.invoices):
        yield Message("it has no invoice number")
    if any(_is_unsure(invoice) for invoice in facts.invoices):
        yield Message("not everything that decides was read surely")
    if any(seen.state is FieldState.ENTERED for each in facts.invoices for seen in each.reading.fields.values()):
        yield Message("a value was typed or confirmed by hand")
    if any(finding.severity is not Severity.NOTE for finding in facts.findings):
        yield Message("a check warns")
    if facts.total.amount > rules.waive_verification_up_to:
        yield Message(
            "above {limit} the tax bureau's check is needed, which is not set up",
            limit=Money(rules.waive_verification_up_to),
        )
    if facts.spent + facts.total.amount > rules.monthly_cap:
        yield Message(
            "with the {spent} of this month it would pass {cap}", spent=Money(facts.spent), cap=Money(rules.monthly_cap)
        )


def _is_unsure(invoice: Invoice) -> bool:
    """Whether a field that decides is there but only read, or the total or the day is missing."""
    fields = invoice.reading.fields
    deciding = [name for name in ASKED if name in fields]
    missing = {FieldName.TOTAL, FieldName.DATE} - set(deciding)
    unsure = {FieldState.READ, FieldState.MISSING}
    return bool(missing) or any(fields[name].state in unsure for name in deciding)


def is_sampled(secret: bytes, invoices: Iterable[Invoice], percent: int) -> bool:
    """Whether a claim that policy approves is looked at by finance afterwards.

    It depends on the invoices' numbers and a secret: nobody can know it before, and withdrawing, splitting or submitting
    again changes nothing. One sampled invoice is enough.
    """
    return any(_draw(secret, invoice.identity() or invoice.id) < percent / 100 for invoice in invoices)


def _draw(secret: bytes, identity: str) -> float:
    """A number from 0 to 1, the same for the same invoice."""
    digest = hmac.new(secret, identity.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
