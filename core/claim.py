"""A claim (报销单): one or more invoices sent for approval together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from core.approval import OARef, OATask, TaskStatus
from core.errors import Refused
from core.ids import ClaimId, InvoiceId, PersonId
from core.messages import Message
from core.money import Money


class ClaimState(StrEnum):
    """States of a claim; `MOVES` says which may follow which."""

    SUBMITTED = "submitted"
    PENDING = "pending"
    APPROVED = "approved"
    PAYMENT_REQUESTED = "payment_requested"
    PAID = "paid"
    REJECTED = "rejected"
    RETURNED = "returned"
    WITHDRAWING = "withdrawing"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    NEEDS_REVIEW = "needs_review"


MOVES: Mapping[ClaimState, frozenset[ClaimState]] = {
    ClaimState.SUBMITTED: frozenset(
        {ClaimState.PENDING, ClaimState.APPROVED, ClaimState.WITHDRAWN, ClaimState.NEEDS_REVIEW}
    ),
    ClaimState.PENDING: frozenset(
        {
            ClaimState.APPROVED,
            ClaimState.REJECTED,
            ClaimState.RETURNED,
            ClaimState.WITHDRAWING,
            ClaimState.WITHDRAWN,
            ClaimState.NEEDS_REVIEW,
        }
    ),
    ClaimState.WITHDRAWING: frozenset(
        {
            ClaimState.PENDING,
            ClaimState.APPROVED,
            ClaimState.REJECTED,
            ClaimState.RETURNED,
            ClaimState.WITHDRAWN,
            ClaimState.NEEDS_REVIEW,
        }
    ),
    ClaimState.RETURNED: frozenset({ClaimState.SUBMITTED, ClaimState.WITHDRAWN}),
    ClaimState.APPROVED: frozenset({ClaimState.PAYMENT_REQUESTED, ClaimState.REVOKED, ClaimState.NEEDS_REVIEW}),
    ClaimState.PAYMENT_REQUESTED: frozenset({ClaimState.PAID, ClaimState.REVOKED}),
    ClaimState.NEEDS_REVIEW: frozenset(
        {ClaimState.PENDING, ClaimState.APPROVED, ClaimState.REJECTED, ClaimState.WITHDRAWN}
    ),
}
"""The one table of claim states."""

UNDER_WAY = frozenset(ClaimState) - {
    ClaimState.APPROVED,
    ClaimState.PAYMENT_REQUESTED,
    ClaimState.PAID,
    ClaimState.REJECTED,
    ClaimState.RETURNED,
    ClaimState.WITHDRAWN,
    ClaimState.REVOKED,
}
"""The claim is with the approvers, the OA or somebody who looks after it: nothing has come of it yet."""


class Means(StrEnum):
    """Who paid the seller."""

    OWN_MONEY = "own_money"
    COMPANY_CARD = "company_card"
    COMPANY_ACCOUNT = "company_account"
    ADVANCE = "advance"


class StepRule(StrEnum):
    """或签 (any one), 会签 (all), 依次 (in order)."""

    ANY = "any"
    ALL = "all"
    IN_ORDER = "in_order"


@dataclass(frozen=True)
class Step:
    """One step of the route. `name` is shown ("Manager", "Finance review"); `reason` says why it is there."""

    id: str
    name: Message
    approvers: tuple[PersonId, ...]
    rule: StepRule
    reason: Message


@dataclass(frozen=True)
class Plan:
    """The whole route of a claim. No steps: approved by policy, and `reason` says why.

    With steps, `reason` says what kept policy from approving a small claim at once.
    """

    steps: tuple[Step, ...]
    reason: Message | None = None


@dataclass(frozen=True)
class ClaimLine:
    """One invoice in a claim: its total, and what is claimed of it (never more; less needs a reason)."""

    invoice_id: InvoiceId
    total: Money
    claimed: Money
    reason: str = ""


@dataclass(frozen=True)
class Claim:
    """A claim and where it stands.

    `round` counts submissions from 1: a returned claim that is sent again is the next round of the same claim.
    `tasks` is the OA's last snapshot, assignees as people of ours. `oa_version` is that snapshot's;
    `resume_at` is the step that returned it.
    """

    id: ClaimId
    reference: str
    submitter: PersonId
    beneficiary: PersonId
    payee: PersonId
    paying_entity: str
    means: Means
    lines: tuple[ClaimLine, ...]
    plan: Plan
    policy_version: str
    submitted_at: datetime
    state: ClaimState = ClaimState.SUBMITTED
    purpose: str = ""
    category: str | None = None
    round: int = 1
    resume_at: str | None = None
    outcome: str = ""
    oa: OARef | None = None
    oa_version: int = 0
    tasks: tuple[OATask, ...] = ()
    version: int = 0

    @property
    def claimed(self) -> Money:
        """The sum of what is claimed."""
        total = Money(Decimal(0), self.lines[0].claimed.currency)
        for line in self.lines:
            total += line.claimed
        return total

    def move(self, to: ClaimState, **changes: Any) -> "Claim":
        """Change state if MOVES allows it. Raises Refused."""
        if to not in MOVES.get(self.state, frozenset()):
            raise Refused(
                Message("{reference} has already moved on; nothing was changed.", reference=self.reference),
                code="E-CLAIM-STATE",
                detail=f"{self.state} -> {to}",
            )
        return replace(self, state=to, **changes)

    def open_tasks(self) -> tuple[OATask, ...]:
        """What waits for somebody now."""
        return tuple(task for task in self.tasks if task.status is TaskStatus.PENDING)

    def waits_since(self) -> datetime:
        """When whoever has it now got it: as the last step before ended, else when it was submitted."""
        ended = (task.at for task in self.tasks if task.at and task.status is not TaskStatus.PENDING)
        return max(ended, default=self.submitted_at)
