"""Repository of what came in from outside."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from integrations.database.rows import insert
from integrations.database.tables import InboxRow


class SqlInbox:
    """Keeps the promises of core.ports.Inbox."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, source: str, key: str, body: str) -> bool:
        new = insert(self._session, InboxRow).values(source=source, key=key, body=body).on_conflict_do_nothing()
        return self._session.scalars(new.returning(InboxRow.key)).one_or_none() is not None

    def get(self, source: str, key: str) -> str:
        body = self._session.scalar(select(InboxRow.body).where(InboxRow.source == source, InboxRow.key == key))
        if body is None:
            raise KeyError(key)
        return body

    def last_stored(self, source: str) -> datetime | None:
        return self._session.scalar(select(func.max(InboxRow.received_at)).where(InboxRow.source == source))
