"""The Home tab: what needs its reader, what is under way, what has ended; for finance the queue."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.claim import UNDER_WAY, Claim, ClaimState
from core.directory import Directory
from core.ids import PersonId
from core.messages import Message
from core.money import Money
from core.ports import Transaction, Transactions
from core.use_cases.look_up import rows_of
from core.use_cases.see_claims import FINANCE, to_decide
from core.views import HomeView, Part, Row, Stage, ToDecide

MOST = 8
"""Rows of a part; the rest is counted, and listed by /invoice mine."""
ENDED = 5
_ENDED = frozenset(ClaimState) - UNDER_WAY - {ClaimState.RETURNED}
_ON_ITS_WAY = Message("On the way to the OA")
_BY_HAND = Message("To be checked by hand")
_WITH_SOMEBODY = Message("With the approvers")


@dataclass(frozen=True)
class SeeHome:
    """Reads only."""

    transactions: Transactions
    directory: Callable[[], Directory]
    now: Callable[[], datetime]

    def __call__(self, viewer: PersonId) -> HomeView:
        """Everything of one person, and the company's queue for finance."""
        person = self.directory().people[viewer]
        with self.transactions.read() as tx:
            waiting = to_decide(tx, viewer)
            asked = zip(rows_of(tx, [claim for claim, _ in waiting[:MOST]]), waiting, strict=False)
            still_open = tx.claims.still_open() if person.roles & FINANCE else None
            return HomeView(
                at=self.now(),
                to_decide=tuple(ToDecide(row, task.id) for row, (_, task) in asked),
                to_decide_count=len(waiting),
                needs_me=_needs(tx, viewer),
                under_way=_claims(tx, viewer, UNDER_WAY, MOST),
                ended=_claims(tx, viewer, _ENDED, ENDED),
                queue=None if still_open is None else _stages(still_open),
                longest=Part(rows_of(tx, (still_open or ())[:MOST]), len(still_open or ())),
                names=self.directory().names(),
            )


def _needs(tx: Transaction, viewer: PersonId) -> Part:
    """Claims that came back, then drafts."""
    returned = _claims(tx, viewer, {ClaimState.RETURNED}, MOST)
    drafts = tx.invoices.drafts_of(viewer, limit=MOST)
    rows = (*returned.rows, *(Row(None, (draft,)) for _, draft in drafts))
    return Part(rows[:MOST], returned.count + tx.invoices.count_drafts_of(viewer))


def _claims(tx: Transaction, viewer: PersonId, states: frozenset[ClaimState] | set[ClaimState], most: int) -> Part:
    claims = tx.claims.of_submitter(viewer, limit=most, states=states)
    return Part(rows_of(tx, claims), tx.claims.count_of_submitter(viewer, states))


def _stages(claims: Sequence[Claim]) -> tuple[Stage, ...]:
    """Claims by the step they wait at, in the order of the oldest."""
    groups: dict[Message, list[Claim]] = {}
    for claim in claims:
        groups.setdefault(_stage_of(claim), []).append(claim)
    return tuple(
        Stage(name, len(group), tuple(_totals(group).values()), min(claim.waits_since() for claim in group))
        for name, group in groups.items()
    )


def _stage_of(claim: Claim) -> Message:
    if claim.state is ClaimState.SUBMITTED:
        return _ON_ITS_WAY
    if claim.state is ClaimState.NEEDS_REVIEW:
        return _BY_HAND
    steps = {step.id: step.name for step in claim.plan.steps}
    return next((steps[task.node_id] for task in claim.open_tasks() if task.node_id in steps), _WITH_SOMEBODY)


def _totals(claims: Sequence[Claim]) -> Mapping[str, Money]:
    totals: dict[str, Money] = {}
    for claim in claims:
        before = totals.get(claim.claimed.currency)
        totals[claim.claimed.currency] = before + claim.claimed if before else claim.claimed
    return totals
