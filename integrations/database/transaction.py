"""Units of work in the database."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.ports import (
    AuditEntry,
    Batches,
    Cards,
    Claims,
    Decisions,
    Documents,
    Findings,
    Inbox,
    Invoices,
    Job,
    Reminders,
    Transaction,
)
from integrations.database import audit
from integrations.database.batches import SqlBatches
from integrations.database.cards import SqlCards
from integrations.database.claims import SqlClaims
from integrations.database.decisions import SqlDecisions
from integrations.database.documents import SqlDocuments
from integrations.database.engine import for_reading
from integrations.database.inbox import SqlInbox
from integrations.database.invoices import SqlFindings, SqlInvoices
from integrations.database.reminders import SqlReminders


class SqlTransaction:
    """Keeps the promises of core.ports.Transaction over one session."""

    def __init__(self, session: Session, enqueue: Callable[[Session, Job], None], *, writing: bool) -> None:
        self._session = session
        self._enqueue = enqueue
        self._entries: list[AuditEntry] = []
        self.documents: Documents = SqlDocuments(session)
        self.batches: Batches = SqlBatches(session)
        self.invoices: Invoices = SqlInvoices(session)
        self.claims: Claims = SqlClaims(session, lock=writing)
        self.decisions: Decisions = SqlDecisions(session, lock=writing)
        self._cards = SqlCards(session, self.enqueue)
        self.cards: Cards = self._cards
        self.inbox: Inbox = SqlInbox(session)
        self.findings: Findings = SqlFindings(session)
        self.reminders: Reminders = SqlReminders(session)

    def enqueue(self, job: Job) -> None:
        self._enqueue(self._session, job)

    def audit(self, entry: AuditEntry) -> None:
        self._entries.append(entry)

    def finish(self) -> None:
        """What everybody writes to comes last, so that others wait for as short as can be."""
        self._cards.finish()
        audit.append(self._session, self._entries)


class SqlTransactions:
    """Keeps the promises of core.ports.Transactions.

    `enqueue` writes a job through the session it is given, so that it commits with the rows.
    """

    def __init__(self, engine: Engine, enqueue: Callable[[Session, Job], None]) -> None:
        self._engine = engine
        self._reading = for_reading(engine)
        self._enqueue = enqueue

    def write(self) -> AbstractContextManager[Transaction]:
        return self._open(self._engine, writing=True)

    def read(self) -> AbstractContextManager[Transaction]:
        return self._open(self._reading, writing=False)

    @contextmanager
    def _open(self, engine: Engine, *, writing: bool) -> Iterator[Transaction]:
        with Session(engine, autoflush=False) as session, session.begin():
            tx = SqlTransaction(session, self._enqueue, writing=writing)
            yield tx
            tx.finish()
