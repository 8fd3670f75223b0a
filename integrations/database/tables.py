"""Every table of ours. What is searched stands as a column; the rest is kept as a core value, encrypted where personal.

Foreign keys are checked at commit, so that a use case may save in the order it thinks.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from core.approval import OATask, Verdict
from core.claim import ClaimLine, ClaimState, Means, Plan
from core.decision import DecisionState
from core.document import DocumentState, Problem
from core.ids import BatchId, ClaimId, DecisionId, DocumentId, InvoiceId, PersonId
from core.invoice import Finding, InvoiceState, Kind, ReadInvoice, Severity
from core.messages import Message
from core.ports import Posted, Subject
from integrations.database.base import Base
from integrations.database.types import Encrypted, Json, word


def _to(column: str) -> ForeignKey:
    return ForeignKey(column, deferrable=True, initially="DEFERRED")


class VersionedRow(Base):
    """A row that people race for: saving it over another version than was loaded fails."""

    __abstract__ = True

    id: Mapped[Any]
    version: Mapped[int] = mapped_column(sort_order=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805, SQLAlchemy calls it with the class
        return {"version_id_col": cls.version}


class DocumentRow(VersionedRow):
    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("chat_file", "place"), Index(None, "owner", "original"))

    id: Mapped[DocumentId] = mapped_column(primary_key=True)
    owner: Mapped[PersonId] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(Encrypted("documents.name"))
    chat_file: Mapped[str]
    place: Mapped[str] = mapped_column(index=True)
    received_at: Mapped[datetime]
    state: Mapped[DocumentState] = mapped_column(word(DocumentState))
    size: Mapped[int]
    sha256: Mapped[str | None] = mapped_column(index=True)
    original: Mapped[str | None]
    previews: Mapped[Mapping[int, str]] = mapped_column(Json(Mapping[int, str]))
    problem: Mapped[Message | None] = mapped_column(Encrypted("documents.problem", Message))
    problem_code: Mapped[str | None]
    problems: Mapped[tuple[Problem, ...] | None] = mapped_column(Encrypted("documents.problems", tuple[Problem, ...]))
    practice: Mapped[bool]
    position: Mapped[int] = mapped_column(server_default="0")
    same_as: Mapped[DocumentId | None] = mapped_column(_to("documents.id"), index=True)


class BatchRow(VersionedRow):
    """A message with files, by the place it came in."""

    __tablename__ = "batches"

    id: Mapped[BatchId] = mapped_column(primary_key=True)
    owner: Mapped[PersonId]
    left_out: Mapped[tuple[str, ...]] = mapped_column(Encrypted("batches.left_out", tuple[str, ...]))
    opened: Mapped[bool]


class InvoiceRow(VersionedRow):
    """`kind` to `issued_on` repeat what the reading says, for searching and reports. `position` counts in the document.

    `told_at` is when its owner was told that it is left unattended.
    In practice they are empty, so that no search and no figure finds it, and there is no claim.
    """

    __tablename__ = "invoices"
    __table_args__ = (
        Index(None, "owner", "state"),
        Index(None, "seller_tax_id", "issued_on"),
        CheckConstraint("NOT practice OR (claim_id IS NULL AND identity IS NULL)", name="practice_is_no_claim"),
        Index(None, "state", "told_at", "since"),
    )

    id: Mapped[InvoiceId] = mapped_column(primary_key=True)
    document_id: Mapped[DocumentId] = mapped_column(_to("documents.id"), index=True)
    owner: Mapped[PersonId]
    state: Mapped[InvoiceState] = mapped_column(word(InvoiceState))
    claim_id: Mapped[ClaimId | None] = mapped_column(_to("claims.id"), index=True)
    category: Mapped[str | None]
    purpose: Mapped[str] = mapped_column(Encrypted("invoices.purpose"))
    same_as: Mapped[InvoiceId | None] = mapped_column(_to("invoices.id"))
    since: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    reading: Mapped[ReadInvoice] = mapped_column(Encrypted("invoices.reading", ReadInvoice))
    position: Mapped[int]
    kind: Mapped[Kind] = mapped_column(word(Kind))
    identity: Mapped[str | None] = mapped_column(index=True)
    number: Mapped[str | None] = mapped_column(index=True)
    seller_tax_id: Mapped[str | None]
    total: Mapped[Decimal | None]
    issued_on: Mapped[date | None]
    practice: Mapped[bool]


class PretendedRow(Base):
    """A practice invoice that waits for its pretend approver."""

    __tablename__ = "pretended"

    invoice_id: Mapped[InvoiceId] = mapped_column(_to("invoices.id"), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(index=True)


class ReservationRow(Base):
    """Who holds an invoice's identity: the company pays an invoice once."""

    __tablename__ = "reservations"

    identity: Mapped[str] = mapped_column(primary_key=True)
    invoice_id: Mapped[InvoiceId] = mapped_column(_to("invoices.id"), index=True)


class FindingRow(Base):
    __tablename__ = "findings"

    invoice_id: Mapped[InvoiceId] = mapped_column(_to("invoices.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(index=True)
    severity: Mapped[Severity] = mapped_column(word(Severity))
    finding: Mapped[Finding] = mapped_column(Encrypted("findings.finding", Finding))


class ClaimRow(VersionedRow):
    __tablename__ = "claims"
    __table_args__ = (
        Index(None, "submitter", "submitted_at"),
        Index(None, "state", "submitted_at"),
        UniqueConstraint("oa_system", "oa_tenant", "oa_native_id"),
    )

    id: Mapped[ClaimId] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    submitter: Mapped[PersonId]
    beneficiary: Mapped[PersonId]
    payee: Mapped[PersonId]
    paying_entity: Mapped[str]
    means: Mapped[Means] = mapped_column(word(Means))
    claimed: Mapped[Decimal]
    currency: Mapped[str]
    lines: Mapped[tuple[ClaimLine, ...]] = mapped_column(Encrypted("claims.lines", tuple[ClaimLine, ...]))
    plan: Mapped[Plan] = mapped_column(Encrypted("claims.plan", Plan))
    by_policy: Mapped[bool]
    policy_version: Mapped[str]
    submitted_at: Mapped[datetime]
    state: Mapped[ClaimState] = mapped_column(word(ClaimState))
    purpose: Mapped[str] = mapped_column(Encrypted("claims.purpose"))
    category: Mapped[str | None]
    round: Mapped[int]
    resume_at: Mapped[str | None]
    outcome: Mapped[str] = mapped_column(Encrypted("claims.outcome"))
    oa_system: Mapped[str | None]
    oa_tenant: Mapped[str | None]
    oa_native_id: Mapped[str | None]
    oa_aux: Mapped[Mapping[str, str] | None] = mapped_column(Json(Mapping[str, str]))
    oa_version: Mapped[int] = mapped_column(BigInteger)
    tasks: Mapped[tuple[OATask, ...]] = mapped_column(Encrypted("claims.tasks", tuple[OATask, ...]))


class ClaimAssigneeRow(Base):
    """For whom a claim has a pending task."""

    __tablename__ = "claim_assignees"

    claim_id: Mapped[ClaimId] = mapped_column(_to("claims.id"), primary_key=True)
    person: Mapped[PersonId] = mapped_column(primary_key=True, index=True)


class CounterRow(Base):
    """Numbers given out in order, by name."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class DecisionRow(Base):
    """`slot` is empty once undone or refused. `taken_at` is when it was last given out to be sent."""

    __tablename__ = "decisions"
    __table_args__ = (Index(None, "state", "effective_at"),)

    id: Mapped[DecisionId] = mapped_column(primary_key=True)
    claim_id: Mapped[ClaimId] = mapped_column(_to("claims.id"), index=True)
    round: Mapped[int]
    task_id: Mapped[str]
    node_id: Mapped[str]
    by: Mapped[PersonId]
    verdict: Mapped[Verdict] = mapped_column(word(Verdict))
    at: Mapped[datetime]
    effective_at: Mapped[datetime]
    reason_code: Mapped[str]
    words: Mapped[str] = mapped_column(Encrypted("decisions.words"))
    where: Mapped[str]
    state: Mapped[DecisionState] = mapped_column(word(DecisionState))
    slot: Mapped[str | None] = mapped_column(unique=True)
    taken_at: Mapped[datetime | None]


class ReminderRow(Base):
    """A pending task of a claim. `taken_at` is when its reminder was given out to be sent."""

    __tablename__ = "reminders"
    __table_args__ = (Index(None, "taken_at", "due_at"),)

    claim_id: Mapped[ClaimId] = mapped_column(_to("claims.id"), primary_key=True)
    task_id: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]


class SubjectRow(Base):
    """What cards show: the version wanted and the one shown, and who is showing it until when."""

    __tablename__ = "subjects"
    __table_args__ = (CheckConstraint("shown <= wanted", name="shown_follows"),)

    subject: Mapped[Subject] = mapped_column(primary_key=True)
    wanted: Mapped[int]
    shown: Mapped[int]
    holder: Mapped[str | None]
    free_at: Mapped[datetime | None]


Index(
    "ix_subjects_behind",
    SubjectRow.subject,
    sqlite_where=SubjectRow.shown < SubjectRow.wanted,
    postgresql_where=SubjectRow.shown < SubjectRow.wanted,
)


class PostedRow(Base):
    """A card. `place` is the first word of `posted`."""

    __tablename__ = "cards"

    key: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[Subject] = mapped_column(index=True)
    to: Mapped[PersonId]
    posted: Mapped[Posted | None]
    place: Mapped[str | None] = mapped_column(index=True)
    first_try: Mapped[datetime | None]


class InboxRow(Base):
    __tablename__ = "inbox"

    source: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Encrypted("inbox.body"))
    # The computer's clock, not the use case's: it serves only to delete what is old.
    received_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC), index=True)


class AuditEntryRow(Base):
    """The audit log: each entry's hash covers the one before. `at` and `facts` are text, so that every byte counts."""

    __tablename__ = "audit_entries"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[str]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    facts: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str]


class AuditHeadRow(Base):
    """The last entry's number and hash, one row: locking it puts concurrent writers in order."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str]


class MemberRow(Base):
    """Somebody as the chat knows them, as of `fetched_at`."""

    __tablename__ = "chat_members"

    team_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[PersonId | None] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(Encrypted("chat_members.name"))
    locale: Mapped[str]
    time_zone: Mapped[str]
    welcome: Mapped[bool]
    fetched_at: Mapped[datetime]
