"""What the web pages say, and the story of a claim in sentences."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.approval import TaskStatus
from core.claim import Claim, ClaimState, Means, Step
from core.decision import Decision, DecisionState
from core.ids import PersonId
from core.invoice import Field, FieldName, Finding, Invoice, Kind, ReadInvoice
from core.messages import Language, Message, Value
from core.use_cases.see_claims import ClaimPage
from core.words import DONE_WORDS


class PageLanguage(Language, Protocol):
    """A reader's language that also tells the time of day."""

    def clock(self, moment: datetime) -> str:
        """The time of day, "14:03"."""


class PageLanguages(Protocol):
    """Every reader's language."""

    def for_locale(self, locale: str, time_zone: str) -> PageLanguage: ...


class Words(Protocol):
    """The words of the cards, handed in so that cards and pages say the same."""

    KIND_WORDS: Mapping[Kind, Message]
    MEANS_WORDS: Mapping[Means, Message]
    CLAIM_WORDS: Mapping[ClaimState, Message]
    TASK_WORDS: Mapping[TaskStatus, Message]
    FIELD_NAMES: Mapping[FieldName, Message]

    def by_weight(self, findings: Iterable[Finding], /) -> tuple[Finding, ...]: ...
    def counted(self, findings: tuple[Finding, ...], /) -> tuple[Message, ...]: ...
    def entered_lines(self, invoices: Iterable[Invoice], names: Mapping[PersonId, str], /) -> tuple[Message, ...]: ...
    def evidence_line(self, name: str, value: str, /) -> Message: ...
    def finding_line(self, finding: Finding, /) -> Message: ...
    def in_print_order(self, reading: ReadInvoice, /) -> tuple[tuple[FieldName, Field], ...]: ...
    def shown(self, name: FieldName, value: str | None, currency: str, /) -> Value: ...
    def state_of(self, name: FieldName, field: Field, currency: str, names: Mapping[PersonId, str], /) -> Message: ...
    def step_words(self, step: Step, names: Mapping[PersonId, str], /) -> Message: ...
    def tax_bureau(self, said: Message | None, /) -> Message: ...


PAGE_WORDS: Mapping[str, Message] = {
    "product": Message("Invoice desk"),
    "skip": Message("Skip to the content"),
    "skip_decide": Message("Skip to the decision"),
    "all_claims": Message("All claims"),
    "leave": Message("Sign out"),
    "left": Message("You are signed out. To come back, press ‘Open in the OA’ on a card in Slack."),
    "sign_in": Message(
        "You are not signed in, or have been for half an hour. Press ‘Open in the OA’ on a card in Slack: it gives you "
        "a link to this page. Nothing was changed."
    ),
    "no_page": Message("There is no page at this address."),
    "not_our_form": Message("This form is out of date, so nothing was changed. Open the page again and repeat."),
    "failed": Message(
        "Something went wrong on our side and nothing was changed. Please try again; if it happens again, tell finance "
        "the code below."
    ),
    "code": Message("Code"),
    "problem": Message("That did not work"),
    "enter": Message("Sign in"),
    "enter_why": Message("This link came from Slack and works once. Go on only if you asked for it yourself just now."),
    "enter_button": Message("Go on"),
    "waiting": Message("Waiting for you"),
    "waiting_none": Message("Nothing waits for you."),
    "mine": Message("Your own claims"),
    "mine_none": Message("You have not submitted anything yet. Send an invoice to the bot in Slack."),
    "all_open": Message("All that is open"),
    "all_open_none": Message("Nothing is open."),
    "decision": Message("Your decision"),
    "checks": Message("What the checks found"),
    "compared": Message("What was compared"),
    "claim": Message("The claim"),
    "submitter": Message("Submitted by"),
    "beneficiary": Message("For"),
    "payee": Message("Paid to"),
    "means": Message("Means of payment"),
    "category": Message("Category"),
    "purpose": Message("Purpose"),
    "claimed": Message("Claimed"),
    "invoices": Message("Invoices"),
    "field": Message("Field"),
    "value": Message("Value, and how sure we are"),
    "page_picture": Message("Open the picture in full size"),
    "no_picture": Message("There is no picture of this invoice."),
    "timeline": Message("What happened"),
    "send_back": Message("Send back"),
    "reject": Message("Reject"),
    "send_back_why": Message("The employee corrects it and submits it again."),
    "reject_why": Message("This ends the claim."),
    "reason": Message("Reason"),
    "choose": Message("Choose one"),
    "words": Message("In your words"),
    "words_hint": Message("The employee reads the reason and these words exactly so."),
    "undo": Message("Undo"),
}
"""Everything the templates say by themselves."""


def picture_of(invoice: Invoice) -> Message:
    """What stands for the picture when it is read aloud."""
    return Message("Invoice of {seller}", seller=invoice.reading.value(FieldName.SELLER_NAME) or "–")


def undo_words(decision: Decision, language: PageLanguage) -> Message:
    """What was decided and until when it can be undone."""
    return Message(
        "You {did}. This can be undone until {time}.",
        did=DONE_WORDS[decision.verdict],
        time=language.clock(decision.effective_at),
    )


def state_words(
    claim: Claim, names: Mapping[PersonId, str], words: Words, decisions: Iterable[Decision] = ()
) -> Message:
    """Where a claim stands: whom it waits for, else its state. Who has just decided is not waited for."""
    decided = {each.task_id for each in decisions if each.state is DecisionState.WAITING}
    open_for = dict.fromkeys(task.assignee for task in claim.open_tasks() if task.id not in decided)
    if claim.state is ClaimState.PENDING and open_for:
        return Message("Waiting for {people}", people=tuple(names.get(person, person) for person in open_for))
    return words.CLAIM_WORDS[claim.state]


@dataclass(frozen=True)
class Checks:
    """What an approver reads first: `verdict` in one line, then every value typed in and every finding."""

    verdict: tuple[Message, ...]
    typed_in: tuple[Message, ...]
    findings: tuple[Finding, ...]

    @property
    def clean(self) -> bool:
        return not self.typed_in and not self.findings


def checks_of(page: ClaimPage, words: Words) -> Checks:
    """The same words as on the card."""
    findings = words.by_weight(each for invoice in page.invoices for each in page.findings[invoice.id])
    typed_in = words.entered_lines(page.invoices, page.names)
    counted = list(words.counted(findings))
    if typed_in:
        several = Message("{count} values typed in", count=len(typed_in))
        counted.append(Message("1 value typed in") if len(typed_in) == 1 else several)
    return Checks(tuple(counted) or (Message("Checks found nothing"),), typed_in, findings)


@dataclass(frozen=True)
class Event:
    """One line of a claim's story. `at` None: it is waited for. `words` are what the decider wrote."""

    at: datetime | None
    said: Message
    reason: Message | None = None
    words: str = ""


def timeline(page: ClaimPage, words: Words) -> tuple[Event, ...]:
    """What happened, oldest first, then whom it waits for and what comes next."""
    past = (_submission(page), *_decisions(page, words))
    return (
        *sorted(past, key=lambda event: event.at or page.claim.submitted_at),
        *_open(page, words),
        *_next(page, words),
    )


def _submission(page: ClaimPage) -> Event:
    claim = page.claim
    name = _name(page, claim.submitter)
    if claim.round == 1:
        return Event(claim.submitted_at, Message("{name} submitted it", name=name))
    again = Message("{name} submitted it again, round {round}", name=name, round=claim.round)
    return Event(claim.submitted_at, again)


def _decisions(page: ClaimPage, words: Words) -> Iterator[Event]:
    """What the OA's record says of tasks in this round; what only we know: earlier rounds, and what is on its way."""
    known = {
        each.task_id: each
        for each in page.decisions
        if each.round == page.claim.round and each.state in (DecisionState.WAITING, DecisionState.SENT)
    }
    ended = [task for task in page.claim.tasks if task.at is not None]
    for task in ended:
        made = known.pop(task.id, None)
        said = Message(
            "{name} · {step}: {what}",
            name=_name(page, task.assignee),
            step=_step_name(page.claim, task.node_id) or task.node_name,
            what=words.TASK_WORDS[task.status],
        )
        yield Event(task.at, said, page.reasons.get(made.reason_code) if made else None, task.comment)
    for made in (*known.values(), *(each for each in page.decisions if _is_past(each, page.claim))):
        yield Event(made.at, _made(page, made), page.reasons.get(made.reason_code), made.words)


def _is_past(decision: Decision, claim: Claim) -> bool:
    return decision.round < claim.round and decision.state is DecisionState.SENT


def _made(page: ClaimPage, decision: Decision) -> Message:
    name, did = _name(page, decision.by), DONE_WORDS[decision.verdict]
    if decision.state is DecisionState.WAITING:
        return Message("{name} {did}, in effect from {time}", name=name, did=did, time=decision.effective_at)
    return Message("{name} {did}", name=name, did=did)


def _open(page: ClaimPage, words: Words) -> Iterator[Event]:
    claim = page.claim
    if claim.state is not ClaimState.PENDING:
        yield Event(None, words.CLAIM_WORDS[claim.state])
        return
    waiting = {each.task_id for each in page.decisions if each.state is DecisionState.WAITING}
    for node_id in dict.fromkeys(task.node_id for task in claim.open_tasks() if task.id not in waiting):
        names = tuple(_name(page, task.assignee) for task in claim.open_tasks() if task.node_id == node_id)
        step = _step_name(claim, node_id) or node_id
        yield Event(None, Message("Waiting for {names} ({step})", names=names, step=step))


def _next(page: ClaimPage, words: Words) -> Iterator[Event]:
    claim = page.claim
    if claim.state is not ClaimState.PENDING:
        return
    reached = {task.node_id for task in claim.tasks}
    places = [place for place, step in enumerate(claim.plan.steps) if step.id in reached]
    for step in claim.plan.steps[max(places, default=-1) + 1 :]:
        yield Event(None, Message("Then {step}", step=words.step_words(step, page.names)))


def _step_name(claim: Claim, node_id: str) -> Message | None:
    return next((step.name for step in claim.plan.steps if step.id == node_id), None)


def _name(page: ClaimPage, person: PersonId) -> str:
    return page.names.get(person, person)
