"""What is due: taken from the database and enqueued as jobs. Any number of instances may scan at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.ports import Job, Transactions

PATIENCE = timedelta(seconds=30)
WEEK = timedelta(days=7)
"""A draft nobody has worked on for so long is said once."""
ALONG = timedelta(days=6)
"""With it goes what is nearly as old, so that a pile is one sentence and not one for each."""


@dataclass(frozen=True)
class Scan:
    """Decisions whose undo window has ended, pretended ones, reminders, drafts left alone, cards that are behind, what the
    OA has not been told of.
    """

    transactions: Transactions
    now: Callable[[], datetime]

    def __call__(self) -> None:
        now = self.now()
        attempt = int(now.timestamp())
        with self.transactions.write() as tx:
            for decision_id in tx.decisions.take_due(now):
                tx.enqueue(Job("apply_decision", f"{decision_id}:{attempt}", {"decision": decision_id}))
            for invoice_id in tx.invoices.take_pretended(now):
                tx.enqueue(Job("pretend_decision", invoice_id, {"invoice": invoice_id}))
            for due in tx.reminders.take_due(now):
                ids = {"claim": due.claim_id, "task": due.task_id}
                tx.enqueue(Job("remind", f"{due.claim_id}:{due.task_id}", ids))
            for person in tx.invoices.take_unattended(now, now - WEEK, now - ALONG):
                tx.enqueue(Job("unattended", f"{person}:{now.isoformat()}", {"person": person, "at": now.isoformat()}))
            for subject, free_at in tx.cards.behind(now):
                # Once for each attempt that was given back, and once in half a minute for what waits in a long queue:
                # more would only make the queue longer.
                given_back = int(free_at.timestamp()) if free_at else 0
                key = f"{subject}:again:{given_back}:{attempt // 30}"
                tx.enqueue(Job("show", key, {"subject": subject}))
            for claim_id in tx.claims.not_opened(now - PATIENCE):
                tx.enqueue(Job("open_approval", f"{claim_id}:again:{attempt // 30}", {"claim": claim_id}))
            for claim_id in tx.claims.withdrawing():
                tx.enqueue(Job("withdraw", f"{claim_id}:again:{attempt // 30}", {"claim": claim_id}))
