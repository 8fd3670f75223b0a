"""What the document is, and whether it was seen before. Source: domain rules U1, K1, K2."""

from core.checks.facts import ELECTRONIC, NO_INVOICE, Answer, CheckFacts, found
from core.invoice import Finding, Kind, Severity
from core.messages import Message
from core.policy import Policy

_USE = {
    Kind.RIDE_ITINERARY: Message("This is a ride itinerary, not an invoice. It can go with the ride's invoice."),
    Kind.TILL_SLIP: Message(
        "This is a till slip, not an invoice. Please ask the seller for the invoice; the slip can go with it."
    ),
    Kind.NOT_INVOICE: Message("This is not an invoice. Please send the invoice itself."),
}


def not_seen_before(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """U1: the number is nobody else's. Never says whose."""
    if facts.seen_elsewhere is None:
        return Answer.PASSED
    return found(
        "U1",
        Severity.BLOCK,
        Message(
            "Duplicate: this invoice was submitted before. Finance can look it up as {reference}.",
            reference=facts.seen_elsewhere,
        ),
        {"reference": facts.seen_elsewhere},
    )


def is_an_invoice(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """K1: what is no invoice is named, with what it can be used for."""
    if facts.kind not in NO_INVOICE:
        return Answer.PASSED
    return found("K1", Severity.BLOCK, _USE[facts.kind], {"kind": facts.kind.value})


def is_the_original(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """K2: an electronic invoice's picture may be approved; it is paid once its file arrives."""
    if facts.kind not in ELECTRONIC:
        return Answer.SKIPPED
    if facts.original:
        return Answer.PASSED
    return found(
        "K2",
        Severity.NOTE,
        Message(
            "This is a picture of an electronic invoice. It can be approved; it is paid once its PDF, OFD or XML is here."
        ),
        {"kind": facts.kind.value},
    )
