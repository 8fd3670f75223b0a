"""Repositories of invoices, of the identities they hold, and of what the checks found."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, type_coerce, update
from sqlalchemy.orm import Session

from core.ids import DocumentId, InvoiceId, PersonId
from core.invoice import FieldName, FieldState, Finding, Invoice, InvoiceState, ReadInvoice
from core.ports import Corrected, Findable
from integrations.database.rows import Rows, insert
from integrations.database.tables import (
    ClaimRow,
    DocumentRow,
    FindingRow,
    InvoiceRow,
    PretendedRow,
    ReservationRow,
)
from integrations.database.types import Encrypted
from integrations.wire import from_json

_READING = "invoices.reading"


class SqlInvoices:
    """Keeps the promises of core.ports.Invoices."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._rows = Rows(session, InvoiceRow)

    def add(self, invoice: Invoice) -> None:
        before = select(func.count()).where(InvoiceRow.document_id == invoice.document_id)
        self._rows.add(invoice, _columns(invoice) | {"position": self._session.scalars(before).one()})

    def get(self, invoice_id: InvoiceId) -> Invoice:
        return _invoice(self._rows.get(invoice_id))

    def save(self, invoice: Invoice) -> None:
        self._rows.save(invoice, _columns(invoice))

    def of_document(self, document_id: DocumentId) -> Sequence[Invoice]:
        """In the order they were added."""
        rows = select(InvoiceRow).where(InvoiceRow.document_id == document_id).order_by(InvoiceRow.position)
        return [_invoice(row) for row in self._session.scalars(rows)]

    def some(self, invoice_ids: Iterable[InvoiceId]) -> Mapping[InvoiceId, Invoice]:
        rows = select(InvoiceRow).where(InvoiceRow.id.in_(tuple(invoice_ids)))
        return {row.id: _invoice(row) for row in self._session.scalars(rows)}

    def drafts_of(self, person: PersonId, limit: int = 50) -> Sequence[tuple[datetime, Invoice]]:
        rows = (
            select(DocumentRow.received_at, InvoiceRow)
            .join(DocumentRow, DocumentRow.id == InvoiceRow.document_id)
            .where(*_loose_draft(person))
            .order_by(DocumentRow.received_at.desc(), InvoiceRow.position, InvoiceRow.id)
            .limit(limit)
        )
        return [(received_at, _invoice(row)) for received_at, row in self._session.execute(rows)]

    def count_drafts_of(self, person: PersonId) -> int:
        return self._session.scalars(select(func.count()).select_from(InvoiceRow).where(*_loose_draft(person))).one()

    def findable(self, person: PersonId, *, everybody: bool, limit: int) -> Sequence[Findable]:
        claimed = InvoiceRow.claim_id.is_not(None)
        mine = and_(InvoiceRow.owner == person, or_(claimed, and_(*_loose_draft(person))))
        rows = (
            select(
                InvoiceRow.id,
                InvoiceRow.claim_id,
                # Only the seller's name is needed of a reading: making all of it would take ten times as long.
                type_coerce(InvoiceRow.reading, Encrypted(_READING)),
                InvoiceRow.number,
                InvoiceRow.total,
                ClaimRow.reference,
            )
            .join(DocumentRow, DocumentRow.id == InvoiceRow.document_id)
            .outerjoin(ClaimRow, ClaimRow.id == InvoiceRow.claim_id)
            .where(or_(mine, claimed) if everybody else mine)
            .order_by(DocumentRow.received_at.desc(), InvoiceRow.position, InvoiceRow.id)
            .limit(limit)
        )
        return [
            Findable(id_, claim_id, _seller(reading), number, total, reference)
            for id_, claim_id, reading, number, total, reference in self._session.execute(rows)
        ]

    def corrected(self) -> Sequence[Corrected]:
        kept = (~InvoiceRow.practice, InvoiceRow.state != InvoiceState.DISCARDED)
        rows = (
            # As text: of ten thousand readings only some dozen are corrected.
            select(InvoiceRow.document_id, InvoiceRow.owner, type_coerce(InvoiceRow.reading, Encrypted(_READING)))
            .join(DocumentRow, DocumentRow.id == InvoiceRow.document_id)
            .where(*kept)
            .order_by(DocumentRow.received_at, DocumentRow.position, DocumentRow.id, InvoiceRow.position)
            .execution_options(yield_per=500)
        )
        found = (
            Corrected(document_id, owner, _corrections(reading))
            for document_id, owner, reading in self._session.execute(rows)
        )
        return [each for each in found if each.values]

    def with_identity(self, owner: PersonId, identity: str) -> Sequence[Invoice]:
        rows = (
            select(InvoiceRow)
            .join(DocumentRow, DocumentRow.id == InvoiceRow.document_id)
            .where(InvoiceRow.owner == owner, InvoiceRow.identity == identity)
            .order_by(DocumentRow.received_at, DocumentRow.position, InvoiceRow.position)
        )
        return [_invoice(row) for row in self._session.scalars(rows)]

    def take_unattended(self, now: datetime, since: datetime, along: datetime) -> Sequence[PersonId]:
        untold = (*_LOOSE, InvoiceRow.told_at.is_(None))
        due = select(InvoiceRow.owner).where(*untold, InvoiceRow.since <= since)
        drafts = (
            select(InvoiceRow.id)
            .where(*untold, InvoiceRow.since <= along, InvoiceRow.owner.in_(due))
            .order_by(InvoiceRow.id)
            .with_for_update()
        )
        # A scan waits for the other that has some of them: a pile shared out between two would be told twice.
        # Not through the rows: telling of a draft is no change of it, and its version stays.
        taken = update(InvoiceRow).where(InvoiceRow.id.in_(drafts)).values(told_at=now)
        owners = self._session.scalars(
            taken.returning(InvoiceRow.owner), execution_options={"synchronize_session": False}
        )
        return sorted(set(owners))

    def unattended(self, owner: PersonId, told_at: datetime) -> Sequence[Invoice]:
        rows = select(InvoiceRow).where(*_LOOSE, InvoiceRow.owner == owner, InvoiceRow.told_at == told_at)
        return [_invoice(row) for row in self._session.scalars(rows)]

    def reserve(self, identity: str, invoice_id: InvoiceId) -> InvoiceId | None:
        # The update that changes nothing locks the row and tells its holder, in one statement.
        asked = insert(self._session, ReservationRow).values(identity=identity, invoice_id=invoice_id)
        holder = self._session.scalars(
            asked.on_conflict_do_update(index_elements=["identity"], set_={"identity": identity}).returning(
                ReservationRow.invoice_id
            )
        ).one()
        if holder != invoice_id:
            return holder
        # A number corrected since the last reservation leaves the wrong one free.
        self._session.execute(
            delete(ReservationRow).where(ReservationRow.invoice_id == invoice_id, ReservationRow.identity != identity)
        )
        return None

    def release(self, invoice_id: InvoiceId) -> None:
        self._session.execute(delete(ReservationRow).where(ReservationRow.invoice_id == invoice_id))

    def holder_of(self, identity: str) -> InvoiceId | None:
        return self._session.scalar(select(ReservationRow.invoice_id).where(ReservationRow.identity == identity))

    def pretend_at(self, invoice_id: InvoiceId, due: datetime) -> None:
        self._session.execute(insert(self._session, PretendedRow).values(invoice_id=invoice_id, due_at=due))

    def take_pretended(self, now: datetime, limit: int = 50) -> Sequence[InvoiceId]:
        due = (
            select(PretendedRow.invoice_id)
            .where(PretendedRow.due_at <= now)
            .order_by(PretendedRow.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        taken = delete(PretendedRow).where(PretendedRow.invoice_id.in_(due)).returning(PretendedRow.invoice_id)
        return self._session.scalars(taken, execution_options={"synchronize_session": False}).all()


def _loose_draft(person: PersonId) -> tuple[ColumnElement[bool], ...]:
    """What somebody may still submit; practice is nothing of the kind."""
    return (
        InvoiceRow.owner == person,
        InvoiceRow.state == InvoiceState.DRAFT,
        InvoiceRow.claim_id.is_(None),
        ~InvoiceRow.practice,
    )


def _seller(reading: str) -> str | None:
    """The seller's name in a reading as it is kept."""
    field: dict[str, str | None] = json.loads(reading)["fields"].get(FieldName.SELLER_NAME.value, {})
    return field.get("value")


def _corrections(reading: str) -> int:
    """How many fields of a reading, as it is kept, a person corrected."""
    if f'"{FieldState.ENTERED}"' not in reading:
        return 0
    fields = from_json(reading, ReadInvoice).fields
    return sum(field.is_corrected() for field in fields.values())


_LOOSE = (InvoiceRow.state == InvoiceState.DRAFT, InvoiceRow.claim_id.is_(None), ~InvoiceRow.practice)


def _columns(invoice: Invoice) -> dict[str, object]:
    found = {
        "identity": invoice.identity(),
        "number": invoice.reading.value(FieldName.NUMBER),
        "seller_tax_id": invoice.reading.value(FieldName.SELLER_TAX_ID),
        "total": invoice.reading.amount(FieldName.TOTAL),
        "issued_on": invoice.reading.day(),
    }
    return {
        "id": invoice.id,
        "document_id": invoice.document_id,
        "owner": invoice.owner,
        "state": invoice.state,
        "claim_id": invoice.claim_id,
        "category": invoice.category,
        "purpose": invoice.purpose,
        "same_as": invoice.same_as,
        "since": invoice.since,
        "reading": invoice.reading,
        "kind": invoice.reading.kind,
        "practice": invoice.practice,
        **(dict.fromkeys(found) if invoice.practice else found),
    }


def _invoice(row: InvoiceRow) -> Invoice:
    return Invoice(
        id=row.id,
        document_id=row.document_id,
        owner=row.owner,
        reading=row.reading,
        state=row.state,
        claim_id=row.claim_id,
        category=row.category,
        purpose=row.purpose,
        practice=row.practice,
        same_as=row.same_as,
        since=row.since,
        version=row.version,
    )


class SqlFindings:
    """Keeps the promises of core.ports.Findings."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def replace(self, invoice_id: InvoiceId, findings: Iterable[Finding]) -> None:
        self._session.execute(delete(FindingRow).where(FindingRow.invoice_id == invoice_id))
        rows = [
            {
                "invoice_id": invoice_id,
                "position": position,
                "code": finding.code,
                "severity": finding.severity,
                "finding": finding,
            }
            for position, finding in enumerate(findings)
        ]
        if rows:
            new = insert(self._session, FindingRow).values(rows)
            # Two presses at once may both have found nothing to delete: the later findings stand.
            held = {name: new.excluded[name] for name in ("code", "severity", "finding")}
            self._session.execute(new.on_conflict_do_update(index_elements=["invoice_id", "position"], set_=held))

    def of(self, invoice_id: InvoiceId) -> tuple[Finding, ...]:
        found = select(FindingRow.finding).where(FindingRow.invoice_id == invoice_id).order_by(FindingRow.position)
        return tuple(self._session.scalars(found))
