"""The approver's card: findings first, then money, then people; afterwards the stamp of what was decided."""

from collections.abc import Mapping

from slack_sdk.models.blocks import InteractiveElement, Option, OverflowMenuElement

from core.actions import Action
from core.approval import TaskStatus, Verdict
from core.claim import ClaimState
from core.decision import Decision, DecisionState
from core.invoice import FieldName, Invoice
from core.messages import Message
from core.views import ApprovalView
from integrations.language import Language
from integrations.slack.cards.paper import Card, Paper, dotted, plain_text
from integrations.slack.cards.stamp import quoted, task_line
from integrations.slack.cards.words import (
    CLAIM_WORDS,
    KIND_WORDS,
    MEANS_WORDS,
    TASK_WORDS,
    VERDICT_WORDS,
    by_weight,
    counted,
    entered_lines,
    finding_line,
    tax_bureau,
    total_of,
)

LINES = 5
"""Findings, entered values and invoices drawn of each; the rest is behind Details."""


_REST = Message("“…” marks what is shortened here. Details has all of it.")
_STANDING = frozenset({DecisionState.WAITING, DecisionState.SENT})
_DECIDED = frozenset({TaskStatus.APPROVED, TaskStatus.REJECTED, TaskStatus.RETURNED})


def approval_card(view: ApprovalView, language: Language, files: Mapping[str, str]) -> Card:
    """One approver's card for one task."""
    paper = Paper(language, files)
    if view.decision and view.decision.state in _STANDING:
        return _stamped_card(view, view.decision, paper)
    return _open_card(view, paper) if is_open(view) else _over_card(view, paper)


def is_open(view: ApprovalView) -> bool:
    """Whether this task still waits for its approver."""
    waits = any(task.id == view.task_id for task in view.claim.open_tasks())
    decided = view.decision is not None and view.decision.state in _STANDING
    return waits and not decided and view.claim.state is ClaimState.PENDING


def _open_card(view: ApprovalView, paper: Paper) -> Card:
    claim = view.claim
    verdict = _verdict(view, paper)
    paper.header(verdict, paper.show(claim.claimed), _people(view, paper), _category(view, paper))
    paper.lines(*_findings(view, paper), paper.say(tax_bureau(view.verification)))
    paper.lines(quoted(paper.clip(claim.purpose, 200), paper), *_invoices(view, paper))
    following = Message("Next: {step}", step=view.next_step) if view.next_step else Message("This is the last step")
    paper.small(
        dotted(
            claim.reference,
            paper.say(view.step_name),
            paper.say(MEANS_WORDS[claim.means]),
            paper.say(following),
        )
    )
    if view.picture:
        paper.picture(view.picture, otherwise=Message("The picture cannot be shown here."))
    paper.actions(*_verdicts(view, paper))
    aloud = Message(
        "{reference}: {name} asks for {total}. {verdict}. Waiting for your decision.",
        reference=claim.reference,
        name=_people(view, paper),
        total=claim.claimed,
        verdict=verdict,
    )
    return paper.card(aloud, rest=_REST)


def _verdict(view: ApprovalView, paper: Paper) -> str:
    typed = len(entered_lines(view.invoices, view.names))
    said = list(counted(view.findings))
    if typed:
        said.append(Message("1 value typed in") if typed == 1 else Message("{count} values typed in", count=typed))
    return paper.show(tuple(said)) if said else paper.say(Message("Checks found nothing"))


def _people(view: ApprovalView, paper: Paper) -> str:
    claim = view.claim
    submitter = paper.foreign(view.names.get(claim.submitter, claim.submitter), 40)
    if claim.beneficiary == claim.submitter:
        return submitter
    beneficiary = paper.foreign(view.names.get(claim.beneficiary, claim.beneficiary), 40)
    return paper.say(Message("{name} for {beneficiary}", name=submitter, beneficiary=beneficiary))


def _category(view: ApprovalView, paper: Paper) -> str | None:
    return paper.say(view.category_name) if view.category_name else None


def _findings(view: ApprovalView, paper: Paper) -> list[str]:
    entered = entered_lines(view.invoices, view.names)
    drawn = [*entered[:LINES], *(finding_line(finding) for finding in by_weight(view.findings)[:LINES])]
    lines = ["• " + paper.clip(paper.say(line), 240) for line in drawn]
    left = len(entered) + len(view.findings) - len(drawn)
    if left:
        lines.append(paper.say(Message("and {count} more, see Details", count=left)))
    return lines


def _invoices(view: ApprovalView, paper: Paper) -> list[str]:
    lines = [invoice_line(invoice, paper) for invoice in view.invoices[:LINES]]
    left = len(view.invoices) - LINES
    if left > 0:
        lines.append(paper.say(Message("and {count} more invoices, see Details", count=left)))
    return lines


def invoice_line(invoice: Invoice, paper: Paper) -> str:
    """One invoice in a list: seller, kind, day, total."""
    reading = invoice.reading
    seller = reading.value(FieldName.SELLER_NAME)
    return dotted(
        paper.foreign(seller) if seller else None,
        paper.say(KIND_WORDS[reading.kind]),
        reading.value(FieldName.DATE),
        paper.show(total_of(reading)),
    )


def _verdicts(view: ApprovalView, paper: Paper) -> tuple[InteractiveElement, ...]:
    target = f"{view.claim.id}|{view.task_id}|{view.claim.round}"
    aloud = Message(
        "Approve {reference}, {total}, {name}",
        reference=view.claim.reference,
        total=view.claim.claimed,
        name=_people(view, paper),
    )
    approve = Message("Approve {total}", total=view.claim.claimed)
    return (
        paper.button(Action.APPROVE, approve, target, main=True, aloud=aloud),
        paper.button(Action.RETURN, Message("Send back"), target),
        paper.button(Action.DETAILS, Message("Details"), target),
        *_more(view, paper, target),
    )


def _more(view: ApprovalView, paper: Paper, target: str) -> tuple[InteractiveElement, ...]:
    """The rarer choices: each option's value is its Action, a bar, and the target (at most 150 characters)."""
    choices = [(Action.REJECT, Message("Reject"))]
    if view.link:
        choices.append((Action.OPEN_LINK, Message("Open in the OA")))
    options = [Option(text=plain_text(paper.say(label)), value=f"{action.value}|{target}") for action, label in choices]
    if max(len(option.value) for option in options) > 150:
        return (paper.button(Action.REJECT, Message("Reject"), target),)
    return (OverflowMenuElement(action_id=Action.MORE.value, options=options),)


def _stamped_card(view: ApprovalView, decision: Decision, paper: Paper) -> Card:
    who = view.names.get(decision.by, decision.by)
    following = _what_now(view, decision)
    paper.header(paper.say(VERDICT_WORDS[decision.verdict]), paper.foreign(who), paper.show(decision.at))
    paper.lines(
        dotted(paper.show(view.claim.claimed), _people(view, paper), _category(view, paper), view.claim.reference),
        dotted(paper.say(view.reason) if view.reason else None, quoted(decision.words, paper)),
        paper.say(following) if following else None,
    )
    if view.undo_until:
        until = paper.language.clock(view.undo_until)
        paper.actions(paper.button(Action.UNDO, Message("Undo (until {time})", time=until), decision.id))
    aloud = Message(
        "{reference}, {total}: {verdict} by {name} at {time}.",
        reference=view.claim.reference,
        total=view.claim.claimed,
        verdict=VERDICT_WORDS[decision.verdict],
        name=who,
        time=decision.at,
    )
    return paper.card(aloud, rest=_REST)


def _what_now(view: ApprovalView, decision: Decision) -> Message | None:
    """What follows from the decision; nothing is claimed before it took effect."""
    if decision.state is DecisionState.WAITING:
        return Message("Takes effect at {time}", time=decision.effective_at)
    if decision.verdict is Verdict.APPROVE and view.next_step:
        return Message("Next: {step}", step=view.next_step)
    return None


def _over_card(view: ApprovalView, paper: Paper) -> Card:
    """The task ended without a press here: decided in the OA, withdrawn, or no longer needed."""
    claim = view.claim
    task = next((task for task in claim.tasks if task.id == view.task_id and task.status in _DECIDED), None)
    verdict = TASK_WORDS[task.status] if task else Message("No longer waiting for you")
    paper.header(paper.say(verdict), paper.show(claim.claimed), _people(view, paper))
    if task:
        paper.lines(paper.say(Message("Decided in the OA: {line}", line=task_line(task, view.names, paper))))
    else:
        paper.lines(paper.say(Message("The claim: {state}", state=CLAIM_WORDS[claim.state])))
    paper.small(dotted(claim.reference, paper.say(Message("You need do nothing."))))
    aloud = Message(
        "{reference}, {total}: {verdict}. You need do nothing.",
        reference=claim.reference,
        total=claim.claimed,
        verdict=verdict,
    )
    return paper.card(aloud, rest=_REST)
