"""Where one claim is: who has it, since when, and how it came there."""

from collections.abc import Iterator
from datetime import datetime

from core.approval import TaskStatus
from core.claim import ClaimState
from core.decision import DecisionState
from core.messages import Message
from core.views import StatusView
from integrations.language import Language
from integrations.slack.cards.listing import claim_line, standing
from integrations.slack.cards.paper import Card, Paper, dotted
from integrations.slack.cards.stamp import decision_line, quoted, task_line
from integrations.slack.cards.words import CLAIM_WORDS, MEANS_WORDS, step_words

_LINES = 20
"""The last lines of the timeline that are drawn."""
_DECIDED = frozenset({TaskStatus.APPROVED, TaskStatus.REJECTED, TaskStatus.RETURNED})


def status_card(view: StatusView, language: Language) -> Card:
    """The answer to /invoice status."""
    paper = Paper(language)
    draw_status(view, paper)
    return paper.card(
        Message(
            "{reference}, {total}: {standing}",
            reference=view.claim.reference,
            total=view.claim.claimed,
            standing=standing(view.claim, view.names),
        )
    )


def draw_status(view: StatusView, paper: Paper) -> None:
    """State, who has it, the timeline, what it is about."""
    claim = view.claim
    paper.header(
        paper.say(Message("{reference} {verdict}", reference=claim.reference, verdict=CLAIM_WORDS[claim.state])),
        paper.show(claim.claimed),
    )
    said = standing(claim, view.names)
    paper.lines(paper.say(said) if said != CLAIM_WORDS[claim.state] else None)
    lines = [line for _, line in sorted(_past(view, paper), key=lambda each: each[0])]
    paper.lines(*("• " + paper.clip(line, 400) for line in lines[-_LINES:]), *_to_come(view, paper))
    paper.small(
        claim_line(view.row, claim, view.names, paper, named=True),
        dotted(
            paper.say(view.category_name),
            paper.say(MEANS_WORDS[claim.means]),
            quoted(paper.clip(claim.purpose, 200), paper),
        ),
    )


def _past(view: StatusView, paper: Paper) -> Iterator[tuple[datetime, str]]:
    """What happened, with its time: in our own words where a decision was made here, else as the OA tells it."""
    claim = view.claim
    submitted = Message("Submitted") if claim.round == 1 else Message("Submitted again")
    who = paper.foreign(view.names.get(claim.submitter, claim.submitter), 40)
    yield claim.submitted_at, dotted(paper.say(submitted), who, paper.show(claim.submitted_at))
    for decision in view.decisions:
        reason = view.reasons.get(decision.reason_code)
        line = dotted(
            decision_line(decision, view.names, paper, words=False),
            paper.say(reason) if reason else None,
            quoted(decision.words, paper),
        )
        if decision.state is DecisionState.WAITING:
            line = dotted(line, paper.say(Message("Takes effect at {time}", time=decision.effective_at)))
        yield decision.at, line
    here = {decision.task_id for decision in view.decisions}
    for task in claim.tasks:
        if task.status in _DECIDED and task.id not in here:
            yield task.at or claim.submitted_at, task_line(task, view.names, paper)


def _to_come(view: StatusView, paper: Paper) -> Iterator[str]:
    """The steps that are open or still ahead."""
    claim = view.claim
    if claim.state not in (ClaimState.SUBMITTED, ClaimState.PENDING):
        return
    done = {task.node_id for task in claim.tasks if task.status is not TaskStatus.PENDING}
    open_now = {task.node_id for task in claim.open_tasks()}
    steps = [step.id for step in claim.plan.steps]
    # A claim that came back resumes at the step that returned it: those before it are not asked again.
    first = steps.index(claim.resume_at) if claim.resume_at in steps else 0
    for step in claim.plan.steps[first:]:
        if step.id in open_now:
            yield "→ " + paper.say(Message("Now: {step}", step=step_words(step, view.names)))
        elif step.id not in done:
            yield "→ " + paper.say(Message("Then: {step}", step=step_words(step, view.names)))
