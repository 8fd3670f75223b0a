"""Names of things in words people know."""

from collections.abc import Mapping

from core.approval import Verdict
from core.claim import Claim, ClaimState
from core.invoice import FieldName
from core.messages import Message

FIELD_WORDS: Mapping[FieldName, Message] = {
    FieldName.CODE: Message("Invoice code"),
    FieldName.NUMBER: Message("Invoice number"),
    FieldName.DATE: Message("Date"),
    FieldName.BUYER_NAME: Message("Bill-to"),
    FieldName.BUYER_TAX_ID: Message("Bill-to tax id"),
    FieldName.SELLER_NAME: Message("Seller"),
    FieldName.SELLER_TAX_ID: Message("Seller tax id"),
    FieldName.AMOUNT_EX_TAX: Message("Amount before tax"),
    FieldName.TAX: Message("Tax"),
    FieldName.TOTAL: Message("Total"),
    FieldName.TOTAL_CN: Message("Total in words"),
    FieldName.CHECK_CODE: Message("Check code"),
    FieldName.CURRENCY: Message("Currency"),
}

DONE_WORDS: Mapping[Verdict, Message] = {
    Verdict.APPROVE: Message("approved"),
    Verdict.RETURN: Message("sent it back"),
    Verdict.REJECT: Message("rejected it"),
}


def outcome_words(claim: Claim, name: str, reason: Message | str) -> Message | None:
    """How a claim ended, for its submitter; None while nobody has to be told."""
    match claim.state:
        case ClaimState.APPROVED:
            return Message(
                "{reference} is approved: {total}. It goes to payment now.",
                reference=claim.reference,
                total=claim.claimed,
            )
        case ClaimState.RETURNED:
            return Message(
                "{reference} ({total}) was sent back by {name}: {reason}. Correct the draft above and submit it again.",
                reference=claim.reference,
                total=claim.claimed,
                name=name,
                reason=reason,
            )
        case ClaimState.REJECTED:
            return Message(
                "{reference} ({total}) was rejected by {name}: {reason}.",
                reference=claim.reference,
                total=claim.claimed,
                name=name,
                reason=reason,
            )
    return None
