"""Whoever a claim waits for is reminded once, unless it was decided meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.approval import TaskStatus
from core.audit import entry
from core.claim import ClaimState
from core.decision import DecisionState
from core.directory import Directory
from core.ids import ClaimId
from core.messages import Message
from core.ports import ChatPeople, Screens, Transactions
from core.views import NoticeView


@dataclass(frozen=True)
class Remind:
    """A job: look once more whether it still waits, then say so by direct message."""

    transactions: Transactions
    screens: Screens
    people: ChatPeople
    directory: Directory
    now: Callable[[], datetime]

    def __call__(self, claim_id: ClaimId, task_id: str) -> None:
        """Silent when decided anywhere. Raises ChatUnavailable; said once however often it is called."""
        with self.transactions.read() as tx:
            claim = tx.claims.get(claim_id)
            decided = {
                each.node_id
                for each in tx.decisions.of_claim(claim_id)
                if each.round == claim.round and each.state in (DecisionState.WAITING, DecisionState.SENT)
            }
        task = next((each for each in claim.tasks if each.id == task_id), None)
        if claim.state is not ClaimState.PENDING or task is None or task.status is not TaskStatus.PENDING:
            return
        member = self.people.member_of(task.assignee)
        if task.node_id in decided or member is None:
            return
        said = Message(
            "{reference} of {name}, {total}, still waits for you. Its card is further up.",
            reference=claim.reference,
            name=self.directory.person(claim.submitter).name,
            total=claim.claimed,
        )
        self.screens.show(member, NoticeView(said), key=f"reminder:{claim_id}:{task_id}", tried=claim.submitted_at)
        with self.transactions.write() as tx:
            tx.audit(entry(self.now(), "bot", "reminded", f"claim:{claim_id}", task=task_id))
