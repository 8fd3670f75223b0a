"""What the document is, and whether it was seen before. Source: domain rules U1, K1, K2; CK1 is completeness, K3 practice."""

from core import practice
from core.checks.facts import ELECTRONIC, NO_INVOICE, SPECIAL, Answer, CheckFacts, found
from core.invoice import FieldName, Finding, Kind, Severity, questions
from core.messages import Message
from core.policy import Policy
from core.reading.kinds import VAT, expected
from core.words import FIELD_WORDS

_USE = {
    Kind.RIDE_ITINERARY: Message("This is a ride itinerary, not an invoice. It can go with the ride's invoice."),
    Kind.TILL_SLIP: Message(
        "This is a till slip, not an invoice. Please ask the seller for the invoice; the slip can go with it."
    ),
    Kind.NOT_INVOICE: Message("This is not an invoice. Please send the invoice itself."),
}
_USE_OF_SCREEN = {
    "payment": Message(
        "This is the screenshot of a payment, not an invoice. It proves that you paid and can go with the invoice; please "
        "ask the seller for the invoice."
    ),
    "order": Message(
        "This is the screenshot of an order, not an invoice. It can go with the invoice; please ask for the invoice in the "
        "order."
    ),
    "list": Message(
        "This is the list of goods of an invoice, not the invoice. It goes with it; please send the invoice's own page as well."
    ),
}


_UNUSED = frozenset({FieldName.CHECK_CODE, FieldName.TOTAL_CN})


def is_complete(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """CK1: nothing is missing that the kind must carry. What a person is asked for anyway is not told twice."""
    needed = set(expected(facts.kind)) - _UNUSED
    if facts.kind not in SPECIAL:  # B3 looks after ordinary invoices; many tickets name no buyer
        needed -= {FieldName.BUYER_TAX_ID}
    if facts.kind not in VAT:
        needed -= {FieldName.BUYER_NAME}
    if not needed:
        return Answer.SKIPPED
    asked = questions(facts.reading)
    missing = [name for name in FieldName if name in needed and name not in asked and facts.text(name) is None]
    if not missing:
        return Answer.PASSED
    fields = tuple(FIELD_WORDS[name] for name in missing)
    return found(
        "CK1",
        Severity.WARN if facts.original else Severity.NOTE,
        Message("The invoice does not show: {fields}. Please ask the seller for a complete one.", fields=fields)
        if facts.original
        else Message("Not found on the picture: {fields}. Please compare it with the invoice.", fields=fields),
        {name.value: "–" for name in missing},
    )


def not_seen_before(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """U1: the number is nobody else's. Never says whose."""
    if facts.seen_elsewhere is None:
        return Answer.SKIPPED if facts.text(FieldName.NUMBER) is None else Answer.PASSED
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
    use = _USE_OF_SCREEN.get(facts.reading.details.get("screen", ""), _USE[facts.kind])
    return found("K1", Severity.BLOCK, use, {"kind": facts.kind.value})


def is_a_tax_invoice(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """K4: a fiscal bill and a receipt from elsewhere are vouchers; no tax is deducted from them here."""
    use = _VOUCHERS.get(facts.kind)
    if use is None:
        return Answer.SKIPPED
    return found("K4", Severity.NOTE, use, {"kind": facts.kind.value})


_VOUCHERS = {
    Kind.FISCAL: Message(
        "This is a fiscal bill of a public body. It is a valid voucher by itself; no tax is deducted from it."
    ),
    Kind.FOREIGN_INVOICE: Message(
        "This is a receipt or invoice from elsewhere. It can be claimed by itself, in its own currency; no tax is deducted "
        "from it."
    ),
}


def is_not_the_sample(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """K3: the sample of practice is nobody's expense, in whatever form it comes."""
    if facts.practice:
        return Answer.SKIPPED
    if (
        facts.text(FieldName.NUMBER) != practice.NUMBER
        and facts.text(FieldName.SELLER_TAX_ID) != practice.SELLER.tax_id
    ):
        return Answer.PASSED
    # Made by hand: K3 is not among SEVERITIES, so that no rules file can let the sample through.
    return Finding(
        "K3",
        Severity.BLOCK,
        Message(
            "This is the sample invoice of practice, so it cannot be claimed. To practise, use the button of the "
            "practice card; for a real expense, send its own invoice."
        ),
    )


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
