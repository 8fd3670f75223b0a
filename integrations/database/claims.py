"""Repository of claims."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from core.approval import OARef
from core.claim import UNDER_WAY, Claim, ClaimState
from core.ids import ClaimId, PersonId
from core.use_cases.check_invoice import COMPANY_ZONE
from integrations.database.rows import Rows, insert
from integrations.database.tables import ClaimAssigneeRow, ClaimRow, CounterRow

_COME_TO_NOTHING = (ClaimState.REJECTED, ClaimState.RETURNED, ClaimState.WITHDRAWN, ClaimState.REVOKED)
_COLUMNS = [field.name for field in fields(Claim) if field.name not in ("version", "oa")]


class SqlClaims:
    """Keeps the promises of core.ports.Claims. `lock`: what is loaded is locked until the transaction ends."""

    def __init__(self, session: Session, *, lock: bool) -> None:
        self._session = session
        self._lock = lock
        self._rows = Rows(session, ClaimRow)

    def add(self, claim: Claim) -> None:
        self._rows.add(claim, _columns(claim))
        self._assign(claim)

    def get(self, claim_id: ClaimId) -> Claim:
        return _claim(self._rows.get(claim_id, lock=self._lock))

    def save(self, claim: Claim) -> None:
        self._rows.save(claim, _columns(claim))
        self._assign(claim)

    def _assign(self, claim: Claim) -> None:
        self._session.execute(delete(ClaimAssigneeRow).where(ClaimAssigneeRow.claim_id == claim.id))
        people = sorted({task.assignee for task in claim.open_tasks()})
        if people:
            rows = [{"claim_id": claim.id, "person": person} for person in people]
            self._session.execute(insert(self._session, ClaimAssigneeRow), rows)

    def next_reference(self, year: int) -> str:
        """Writers of the same year wait for each other here, so that no number is skipped or given twice."""
        first = insert(self._session, CounterRow).values(name=f"claims {year}", value=1)
        counted = first.on_conflict_do_update(index_elements=["name"], set_={"value": CounterRow.value + 1})
        return f"CL-{year}-{self._session.scalars(counted.returning(CounterRow.value)).one():04}"

    def open_for(self, person: PersonId) -> Sequence[Claim]:
        mine = select(ClaimAssigneeRow.claim_id).where(ClaimAssigneeRow.person == person)
        rows = select(ClaimRow).where(ClaimRow.id.in_(mine)).order_by(ClaimRow.submitted_at, ClaimRow.reference)
        return [_claim(row) for row in self._session.scalars(rows)]

    def of_submitter(
        self, person: PersonId, limit: int = 50, states: Collection[ClaimState] = frozenset(ClaimState)
    ) -> Sequence[Claim]:
        newest = (ClaimRow.submitted_at.desc(), ClaimRow.reference.desc())
        mine = (ClaimRow.submitter == person, ClaimRow.state.in_(states))
        return [
            _claim(row) for row in self._session.scalars(select(ClaimRow).where(*mine).order_by(*newest).limit(limit))
        ]

    def count_of_submitter(self, person: PersonId, states: Collection[ClaimState] = frozenset(ClaimState)) -> int:
        mine = (ClaimRow.submitter == person, ClaimRow.state.in_(states))
        return self._session.scalars(select(func.count()).select_from(ClaimRow).where(*mine)).one()

    def some(self, claim_ids: Iterable[ClaimId]) -> Mapping[ClaimId, Claim]:
        rows = select(ClaimRow).where(ClaimRow.id.in_(tuple(claim_ids)))
        return {row.id: _claim(row) for row in self._session.scalars(rows)}

    def with_reference(self, reference: str) -> Claim | None:
        row = self._session.scalars(select(ClaimRow).where(ClaimRow.reference == reference)).one_or_none()
        return None if row is None else _claim(row)

    def still_open(self) -> Sequence[Claim]:
        rows = select(ClaimRow).where(ClaimRow.state.in_(UNDER_WAY)).order_by(ClaimRow.submitted_at, ClaimRow.reference)
        return [_claim(row) for row in self._session.scalars(rows)]

    def not_opened(self, before: datetime, limit: int = 50) -> Sequence[ClaimId]:
        waiting = (ClaimRow.state == ClaimState.SUBMITTED, ClaimRow.submitted_at < before)
        rows = select(ClaimRow.id).where(*waiting).order_by(ClaimRow.submitted_at).limit(limit)
        return self._session.scalars(rows).all()

    def withdrawing(self, limit: int = 50) -> Sequence[ClaimId]:
        rows = select(ClaimRow.id).where(ClaimRow.state == ClaimState.WITHDRAWING).order_by(ClaimRow.submitted_at)
        return self._session.scalars(rows.limit(limit)).all()

    def monthly_auto_approved(self, person: PersonId, year: int, month: int) -> Decimal:
        """What is still on its way counts.

        In a writing transaction others who ask for the same person and month wait for its end: two claims that each
        find the last of the budget unspent must not both get it.
        """
        if self._lock and self._session.get_bind().dialect.name == "postgresql":
            wait = text("SELECT pg_advisory_xact_lock(hashtextextended(:person, :month))")
            self._session.execute(wait, {"person": person, "month": year * 12 + month})
        begin = datetime(year, month, 1, tzinfo=COMPANY_ZONE)
        end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=COMPANY_ZONE)
        spent = select(func.sum(ClaimRow.claimed)).where(
            ClaimRow.submitter == person,
            ClaimRow.submitted_at >= begin,
            ClaimRow.submitted_at < end,
            ClaimRow.by_policy,
            ClaimRow.currency == "CNY",
            ClaimRow.state.not_in(_COME_TO_NOTHING),
        )
        return self._session.scalar(spent) or Decimal("0.00")


def _columns(claim: Claim) -> dict[str, object]:
    return {name: getattr(claim, name) for name in _COLUMNS} | {
        "claimed": claim.claimed.amount,
        "currency": claim.claimed.currency,
        "by_policy": not claim.plan.steps,
        "oa_system": claim.oa and claim.oa.system,
        "oa_tenant": claim.oa and claim.oa.tenant,
        "oa_native_id": claim.oa and claim.oa.native_id,
        "oa_aux": claim.oa and claim.oa.aux,
    }


def _claim(row: ClaimRow) -> Claim:
    oa = None
    if row.oa_system is not None and row.oa_native_id is not None:
        oa = OARef(row.oa_system, row.oa_native_id, row.oa_tenant or "", row.oa_aux or {})
    return Claim(version=row.version, oa=oa, **{name: getattr(row, name) for name in _COLUMNS})
