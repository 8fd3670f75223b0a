"""Originals that could not be read are kept for a day, as their senders were told, and then deleted."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.audit import entry
from core.errors import Changed
from core.ids import DocumentId
from core.ports import Storage, Transactions

KEPT = timedelta(hours=24)


@dataclass(frozen=True)
class ForgetUnreadable:
    """A scan. The document's row stays, with what was wrong with it; its file goes when nothing else names it."""

    transactions: Transactions
    storage: Storage
    now: Callable[[], datetime]

    def __call__(self) -> None:
        since = self.now() - KEPT
        with self.transactions.read() as tx:
            due = tx.documents.unreadable_before(since)
        for document_id in due:
            with suppress(Changed):  # another instance was faster
                self._forget(document_id, since)

    def _forget(self, document_id: DocumentId, since: datetime) -> None:
        """The file goes before the row is saved: when the process ends between the two, the next scan goes on."""
        with self.transactions.write() as tx:
            document = tx.documents.get(document_id)
            key = document.original
            if key is None:
                return
            if not tx.documents.others_keep(key, document_id) and not self.storage.delete(key, unless_put_since=since):
                return
            tx.documents.save(replace(document, original=None))
            facts = {"code": document.problem_code}
            tx.audit(entry(self.now(), "bot", "original_deleted", f"document:{document_id}", **facts))
