"""Repository of reminders."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session

from core.ids import ClaimId
from core.ports import DueReminder
from integrations.database.rows import insert
from integrations.database.tables import ReminderRow


class SqlReminders:
    """Keeps the promises of core.ports.Reminders."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, claim_id: ClaimId, tasks: Iterable[str], due: datetime) -> None:
        pending = list(tasks)
        gone = delete(ReminderRow).where(ReminderRow.claim_id == claim_id, ReminderRow.task_id.not_in(pending))
        self._session.execute(gone, execution_options={"synchronize_session": False})
        if pending:
            new = [{"claim_id": claim_id, "task_id": task, "due_at": due, "taken_at": None} for task in pending]
            self._session.execute(insert(self._session, ReminderRow).values(new).on_conflict_do_nothing())

    def take_due(self, now: datetime, limit: int = 100) -> Sequence[DueReminder]:
        key = tuple_(ReminderRow.claim_id, ReminderRow.task_id)
        due = (
            select(ReminderRow.claim_id, ReminderRow.task_id)
            .where(ReminderRow.taken_at.is_(None), ReminderRow.due_at <= now)
            .order_by(ReminderRow.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        taken = update(ReminderRow).where(key.in_(due)).values(taken_at=now)
        rows = self._session.execute(
            taken.returning(ReminderRow.claim_id, ReminderRow.task_id), execution_options={"synchronize_session": False}
        )
        return [DueReminder(claim_id, task_id) for claim_id, task_id in rows]
