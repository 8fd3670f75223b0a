"""The audit log: a chain in which every entry's hash covers the entry before, so that no past entry can be changed."""

import hashlib
import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from core.messages import Message
from core.ports import AuditEntry, Forgotten
from integrations.database.engine import for_reading
from integrations.database.rows import insert
from integrations.database.tables import AuditEntryRow, AuditHeadRow

_BEFORE_THE_FIRST = "0" * 64
_HEAD = 1
RESTORED, DATABASE = "restored", "database"


def append(session: Session, entries: Sequence[AuditEntry]) -> None:
    """Append in order. Call it last: other writers wait from here to the commit."""
    if not entries:
        return
    first = insert(session, AuditHeadRow).values(id=_HEAD, seq=len(entries), hash=_BEFORE_THE_FIRST)
    raised = first.on_conflict_do_update(index_elements=["id"], set_={"seq": AuditHeadRow.seq + len(entries)})
    last, previous = session.execute(raised.returning(AuditHeadRow.seq, AuditHeadRow.hash)).one()
    for seq, entry in enumerate(entries, last - len(entries) + 1):
        row = AuditEntryRow(
            seq=seq,
            at=entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            actor=entry.actor,
            action=entry.action,
            subject=entry.subject,
            facts=json.dumps(dict(entry.facts), ensure_ascii=False, sort_keys=True),
            previous_hash=previous,
        )
        row.hash = previous = _hash(row)
        session.add(row)
    session.flush()
    session.execute(update(AuditHeadRow).where(AuditHeadRow.id == _HEAD).values(hash=previous))


def _hash(row: AuditEntryRow) -> str:
    covered = [row.seq, row.at, row.actor, row.action, row.subject, row.facts, row.previous_hash]
    return hashlib.sha256(json.dumps(covered, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Broken:
    """The first entry, counted from 1, that is not as it was written, and what is wrong with it."""

    seq: int
    problem: Message


def verify(engine: Engine) -> Broken | None:
    """Walk the whole chain; None when it is as it was written."""
    seq, previous = 0, _BEFORE_THE_FIRST
    with Session(for_reading(engine)) as session:
        entries = select(AuditEntryRow).order_by(AuditEntryRow.seq).execution_options(yield_per=500)
        with closing(session.scalars(entries)) as rows:
            for row in rows:
                seq += 1
                problem = _problem(row, seq, previous)
                if problem is not None:
                    return Broken(seq, problem)
                previous = row.hash
        head = session.get(AuditHeadRow, _HEAD) or AuditHeadRow(seq=0, hash=_BEFORE_THE_FIRST)
    if head.seq > seq:
        return Broken(seq + 1, _MISSING)
    if (head.seq, head.hash) != (seq, previous):
        return Broken(seq, Message("It is not the entry that was recorded as the last."))
    return None


def last_restore(engine: Engine) -> Forgotten | None:
    """None when nothing was ever restored."""
    # By its subject, which has an index: this is asked at each start, and the log grows for ever.
    ours = (AuditEntryRow.subject == DATABASE, AuditEntryRow.action == RESTORED)
    restored = select(AuditEntryRow).where(*ours).order_by(AuditEntryRow.seq.desc()).limit(1)
    with Session(for_reading(engine)) as session:
        row = session.scalars(restored).one_or_none()
        if row is None:
            return None
        return Forgotten(datetime.fromisoformat(json.loads(row.facts)["taken_at"]), datetime.fromisoformat(row.at))


_MISSING = Message("The entry is missing.")


def _problem(row: AuditEntryRow, seq: int, previous: str) -> Message | None:
    if row.seq != seq:
        return _MISSING
    if row.previous_hash != previous:
        return Message("It does not follow the entry before: one of the two was changed.")
    return None if row.hash == _hash(row) else Message("Its contents are not what was written.")
