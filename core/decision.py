"""What an approver decided, and until when it can be undone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.approval import Verdict
from core.ids import ClaimId, DecisionId, PersonId


class DecisionState(StrEnum):
    """waiting (can be undone) → sent (in the OA); or undone; or refused by the OA."""

    WAITING = "waiting"
    UNDONE = "undone"
    SENT = "sent"
    REFUSED = "refused"


@dataclass(frozen=True)
class Decision:
    """One press of Approve, Send back or Reject. It takes effect at `effective_at` unless undone before."""

    id: DecisionId
    claim_id: ClaimId
    round: int
    task_id: str
    node_id: str
    by: PersonId
    verdict: Verdict
    at: datetime
    effective_at: datetime
    reason_code: str = ""
    words: str = ""
    where: str = "chat"
    state: DecisionState = DecisionState.WAITING
