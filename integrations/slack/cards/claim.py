"""The owner's card once the invoice has left the draft: who has it now, and how it ended."""

from collections.abc import Iterator, Mapping

from slack_sdk.models.blocks import ConfirmObject, InteractiveElement

from core.actions import Action
from core.claim import Claim, ClaimState
from core.invoice import FieldName, InvoiceState, Severity
from core.messages import Message
from core.views import InvoiceView
from integrations.language import Language
from integrations.slack.cards.paper import Card, Paper, dotted, plain_text
from integrations.slack.cards.stamp import decision_line
from integrations.slack.cards.words import CLAIM_WORDS, KIND_WORDS, step_words, tax_bureau, total_of

_ENDS: Mapping[InvoiceState, Message] = {
    InvoiceState.DUPLICATE: Message("Duplicate, not submitted"),
    InvoiceState.ATTACHMENT: Message("Kept as an attachment"),
    InvoiceState.DISCARDED: Message("Discarded"),
    InvoiceState.VOIDED: Message("Voided"),
    InvoiceState.SETTLED: Message("Settled"),
    InvoiceState.CLAIMED: Message("Submitted"),
    InvoiceState.DRAFT: Message("Draft"),
}
_DECISIONS = 5


def claimed_card(view: InvoiceView, language: Language, files: Mapping[str, str]) -> Card:
    """An invoice within a claim."""
    paper = Paper(language, files)
    claim = view.claim
    if claim is None:
        return _ended_card(view, paper)
    verdict = _verdict(claim)
    paper.header(
        paper.say(Message("{reference} {verdict}", reference=claim.reference, verdict=verdict)),
        paper.show(claim.claimed),
    )
    waits = _waits_for(view, claim, paper)
    paper.lines(
        paper.say(view.outcome) if view.outcome else None,
        waits,
        *_history(view, paper),
        paper.say(view.notice) if view.notice else None,
    )
    paper.small(_what(view, paper), paper.say(tax_bureau(view.verification)))
    if claim.state is ClaimState.PENDING:
        paper.actions(withdraw_button(claim, paper))
    aloud = Message(
        "{reference}, {total}: {verdict}. {waits}",
        reference=claim.reference,
        total=claim.claimed,
        verdict=verdict,
        waits=waits or "",
    )
    return paper.card(aloud, rest=Message("“…” marks what is shortened here. The file you sent has all of it."))


def withdraw_button(claim: Claim, paper: Paper) -> InteractiveElement:
    """Taking the claim back, asked once more."""
    sure = ConfirmObject(
        title=plain_text(paper.say(Message("Withdraw {reference}?", reference=claim.reference))),
        text=plain_text(paper.say(Message("Nobody will decide it. You can submit the draft again."))),
        confirm=plain_text(paper.say(Message("Withdraw"))),
        deny=plain_text(paper.say(Message("Keep"))),
    )
    return paper.button(Action.WITHDRAW, Message("Withdraw"), claim.id, confirm=sure)


def _ended_card(view: InvoiceView, paper: Paper) -> Card:
    """What became of an invoice that is in no claim; of what is none also what it can be used for."""
    end = _ENDS[view.invoice.state]
    total = view.invoice.reading.value(FieldName.TOTAL)
    paper.header(paper.say(end), None if total is None else paper.show(total_of(view.invoice.reading)))
    attached = view.invoice.state is InvoiceState.ATTACHMENT
    said = [finding.message for finding in view.findings if attached and finding.severity is Severity.BLOCK]
    paper.lines(*map(paper.say, said), paper.say(view.notice) if view.notice else None)
    paper.small(_what(view, paper))
    what = paper.say(said[0]) if said else _what(view, paper)
    return paper.card(Message("{end}: {what}", end=end, what=what))


def _verdict(claim: Claim) -> Message:
    if claim.state is ClaimState.APPROVED and not claim.plan.steps:
        return Message("Approved by policy")
    return CLAIM_WORDS[claim.state]


def _waits_for(view: InvoiceView, claim: Claim, paper: Paper) -> str | None:
    match claim.state:
        case ClaimState.SUBMITTED:
            first = " → ".join(paper.say(step_words(step, view.names)) for step in claim.plan.steps)
            return paper.say(Message("Next: {route}", route=first)) if first else None
        case ClaimState.PENDING:
            people = tuple(dict.fromkeys(view.names.get(task.assignee, task.assignee) for task in claim.open_tasks()))
            return paper.say(Message("Waiting for {people}", people=people)) if people else None
        case ClaimState.APPROVED if claim.plan.reason and not claim.plan.steps:
            return paper.say(Message("Why: {reasons}", reasons=claim.plan.reason))
        case ClaimState.NEEDS_REVIEW:
            return paper.say(
                Message("The OA's answer is unclear, so nothing more happens by itself. You need not send it again.")
            )
    return None


def _history(view: InvoiceView, paper: Paper) -> Iterator[str]:
    """The last decisions; the outcome has the last one's words already."""
    shown = view.history[-_DECISIONS:]
    for decision in shown:
        told = view.outcome is not None and decision is shown[-1]
        yield decision_line(decision, view.names, paper, words=not told)


def _what(view: InvoiceView, paper: Paper) -> str:
    reading = view.invoice.reading
    seller = reading.value(FieldName.SELLER_NAME)
    others = len(view.claim.lines) - 1 if view.claim else 0
    several = Message("and 1 more invoice") if others == 1 else Message("and {count} more invoices", count=others)
    return dotted(
        paper.foreign(seller) if seller else None,
        paper.say(KIND_WORDS[reading.kind]),
        reading.value(FieldName.NUMBER),
        reading.value(FieldName.DATE),
        paper.say(several) if others else None,
    )
