"""Repository of cards and of the subjects they show."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from core.ports import Behind, CardRow, Job, Subject
from integrations.database.rows import insert
from integrations.database.tables import PostedRow, SubjectRow


class SqlCards:
    """Keeps the promises of core.ports.Cards."""

    def __init__(self, session: Session, enqueue: Callable[[Job], None]) -> None:
        self._session = session
        self._enqueue = enqueue
        self._changed: set[Subject] = set()

    def changed(self, subject: Subject) -> None:
        self._changed.add(subject)

    def finish(self) -> None:
        """Write what has changed, at the end and in one order.

        Two transactions that touch the same two subjects would otherwise wait for each other for ever.
        """
        for subject in sorted(self._changed):
            first = insert(self._session, SubjectRow).values(subject=subject, wanted=1, shown=0)
            raised = first.on_conflict_do_update(index_elements=["subject"], set_={"wanted": SubjectRow.wanted + 1})
            wanted = self._session.scalars(raised.returning(SubjectRow.wanted)).one()
            self._enqueue(Job("show", f"{subject}:{wanted}", {"subject": subject}))
        self._changed.clear()

    def take(self, subject: Subject, holder: str, now: datetime, lease_seconds: int = 60) -> int | None:
        lease = (
            update(SubjectRow)
            .where(
                SubjectRow.subject == subject,
                SubjectRow.shown < SubjectRow.wanted,
                or_(_free(now), SubjectRow.holder == holder),
            )
            .values(holder=holder, free_at=now + timedelta(seconds=lease_seconds))
            .returning(SubjectRow.wanted)
        )
        return self._session.scalars(lease).one_or_none()

    def shown(self, subject: Subject, holder: str, version: int, not_before: datetime | None = None) -> bool:
        mine = (SubjectRow.subject == subject, SubjectRow.holder == holder, SubjectRow.wanted == version)
        done = update(SubjectRow).where(*mine).values(shown=version, holder=None, free_at=not_before)
        return self._session.scalars(done.returning(SubjectRow.subject)).one_or_none() is not None

    def give_back(self, subject: Subject, holder: str, not_before: datetime | None = None) -> None:
        mine = (SubjectRow.subject == subject, SubjectRow.holder == holder)
        self._session.execute(update(SubjectRow).where(*mine).values(holder=None, free_at=not_before))

    def behind(self, now: datetime, limit: int = 50) -> Sequence[Behind]:
        lagging = select(SubjectRow.subject, SubjectRow.free_at).where(SubjectRow.shown < SubjectRow.wanted, _free(now))
        found = self._session.execute(lagging.order_by(SubjectRow.subject).limit(limit))
        return [Behind(subject, free_at) for subject, free_at in found]

    def rows(self, subject: Subject) -> Sequence[CardRow]:
        cards = select(PostedRow).where(PostedRow.subject == subject).order_by(PostedRow.key)
        return [_card(row) for row in self._session.scalars(cards)]

    def get(self, key: str) -> CardRow | None:
        row = self._session.get(PostedRow, key, populate_existing=True)
        return None if row is None else _card(row)

    def put(self, row: CardRow) -> None:
        place = row.posted and row.posted.partition(" ")[0]
        values = {
            "subject": row.subject, "to": row.to, "posted": row.posted, "place": place, "first_try": row.first_try,
        }  # fmt: skip
        new = insert(self._session, PostedRow).values(key=row.key, **values)
        self._session.execute(new.on_conflict_do_update(index_elements=["key"], set_=values))

    def find(self, place: str) -> CardRow | None:
        row = self._session.scalars(select(PostedRow).where(PostedRow.place == place)).first()
        return None if row is None else _card(row)


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(SubjectRow.free_at.is_(None), SubjectRow.free_at <= now)


def _card(row: PostedRow) -> CardRow:
    return CardRow(row.key, row.subject, row.to, row.posted, row.first_try)
