"""Repository of decisions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from core.decision import Decision, DecisionState
from core.ids import ClaimId, DecisionId
from integrations.database.rows import insert
from integrations.database.tables import DecisionRow

_FREE = frozenset({DecisionState.UNDONE, DecisionState.REFUSED})
_AGAIN = timedelta(minutes=1)
_COLUMNS = [field.name for field in fields(Decision)]


class SqlDecisions:
    """Keeps the promises of core.ports.Decisions. `lock`: what is loaded is locked until the transaction ends."""

    def __init__(self, session: Session, *, lock: bool) -> None:
        self._session = session
        self._lock = lock

    def add(self, decision: Decision, slot: str) -> Decision | None:
        # The update that changes nothing locks the row and tells whose slot it is, in one statement.
        values = {name: getattr(decision, name) for name in _COLUMNS} | {"slot": slot}
        asked = insert(self._session, DecisionRow).values(values)
        holder = self._session.scalars(
            asked.on_conflict_do_update(index_elements=["slot"], set_={"slot": slot}).returning(DecisionRow.id)
        ).one()
        return None if holder == decision.id else self.get(holder)

    def get(self, decision_id: DecisionId) -> Decision:
        row = self._session.get(
            DecisionRow, decision_id, populate_existing=True, with_for_update=True if self._lock else None
        )
        if row is None:
            raise KeyError(decision_id)
        return _decision(row)

    def save(self, decision: Decision) -> None:
        changed: dict[str, object] = {"state": decision.state}
        if decision.state in _FREE:
            changed["slot"] = None
        self._session.execute(update(DecisionRow).where(DecisionRow.id == decision.id).values(changed))

    def of_claim(self, claim_id: ClaimId) -> Sequence[Decision]:
        return self.of_claims([claim_id])[claim_id]

    def of_claims(self, claim_ids: Collection[ClaimId]) -> Mapping[ClaimId, Sequence[Decision]]:
        rows = select(DecisionRow).where(DecisionRow.claim_id.in_(claim_ids)).order_by(DecisionRow.at, DecisionRow.id)
        found: dict[ClaimId, list[Decision]] = {claim_id: [] for claim_id in claim_ids}
        for row in self._session.scalars(rows, execution_options={"populate_existing": True}):
            found[row.claim_id].append(_decision(row))
        return found

    def take_due(self, now: datetime, limit: int = 50) -> Sequence[DecisionId]:
        due = (
            select(DecisionRow.id)
            .where(
                DecisionRow.state == DecisionState.WAITING,
                DecisionRow.effective_at <= now,
                or_(DecisionRow.taken_at.is_(None), DecisionRow.taken_at <= now - _AGAIN),
            )
            .order_by(DecisionRow.effective_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        taken = update(DecisionRow).where(DecisionRow.id.in_(due)).values(taken_at=now).returning(DecisionRow.id)
        return self._session.scalars(taken, execution_options={"synchronize_session": False}).all()


def _decision(row: DecisionRow) -> Decision:
    return Decision(**{name: getattr(row, name) for name in _COLUMNS})
