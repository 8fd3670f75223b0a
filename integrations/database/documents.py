"""Repository of documents."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import ColumnElement, Text, or_, select, text, type_coerce
from sqlalchemy.orm import Session

from core.document import Document, DocumentState
from core.ids import DocumentId, PersonId
from core.invoice import InvoiceState
from integrations.database.rows import Rows
from integrations.database.tables import DocumentRow, InvoiceRow

_COLUMNS = [field.name for field in fields(Document) if field.name != "version"]


class SqlDocuments:
    """Keeps the promises of core.ports.Documents."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._rows = Rows(session, DocumentRow)

    def add(self, document: Document) -> None:
        self._rows.add(document, _columns(document))

    def get(self, document_id: DocumentId) -> Document:
        return _document(self._rows.get(document_id))

    def save(self, document: Document) -> None:
        self._rows.save(document, _columns(document))

    def find_by_chat_file(self, chat_file: str, place: str) -> Document | None:
        where = (DocumentRow.chat_file == chat_file, DocumentRow.place == place)
        row = self._session.scalars(select(DocumentRow).where(*where)).one_or_none()
        return None if row is None else _document(row)

    def unreadable_before(self, before: datetime, limit: int = 100) -> Sequence[DocumentId]:
        due = (DocumentRow.state == DocumentState.UNREADABLE, DocumentRow.received_at < before)
        kept = select(DocumentRow.id).where(*due, DocumentRow.original.is_not(None))
        return self._session.scalars(kept.order_by(DocumentRow.received_at).limit(limit)).all()

    def others_keep(self, key: str, document_id: DocumentId) -> bool:
        names_it = or_(DocumentRow.original == key, type_coerce(DocumentRow.previews, Text).contains(key))
        found = select(DocumentRow.id).where(DocumentRow.id != document_id, names_it).limit(1)
        return self._session.scalar(found) is not None

    def has_sent(self, person: PersonId) -> bool:
        sent = select(DocumentRow.id).where(DocumentRow.owner == person, ~DocumentRow.practice).limit(1)
        return self._session.scalar(sent) is not None

    def is_practising(self, person: PersonId) -> bool:
        under_way = or_(
            DocumentRow.state == DocumentState.RECEIVED,
            InvoiceRow.state.in_((InvoiceState.DRAFT, InvoiceState.CLAIMED)),
        )
        found = (
            select(DocumentRow.id)
            .outerjoin(InvoiceRow, InvoiceRow.document_id == DocumentRow.id)
            .where(DocumentRow.owner == person, DocumentRow.practice, under_way)
            .limit(1)
        )
        return self._session.scalar(found) is not None

    def of_place(self, place: str) -> Sequence[Document]:
        return self._where(DocumentRow.place == place)

    def with_original(self, owner: PersonId, original: str) -> Sequence[Document]:
        return self._where(DocumentRow.owner == owner, DocumentRow.original == original)

    def same_as(self, document_id: DocumentId) -> Sequence[Document]:
        return self._where(DocumentRow.same_as == document_id)

    def hold(self, owner: PersonId) -> None:
        # SQLite has one writer at a time anyway.
        if self._session.get_bind().dialect.name == "postgresql":
            wait = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
            self._session.execute(wait, {"name": f"documents of {owner}"})

    def _where(self, *conditions: ColumnElement[bool]) -> Sequence[Document]:
        rows = select(DocumentRow).where(*conditions)
        in_order = rows.order_by(DocumentRow.received_at, DocumentRow.position, DocumentRow.id)
        return [_document(row) for row in self._session.scalars(in_order)]


def _columns(document: Document) -> dict[str, object]:
    return {name: getattr(document, name) for name in _COLUMNS} | {"problems": document.problems or None}


def _document(row: DocumentRow) -> Document:
    held = {name: getattr(row, name) for name in _COLUMNS} | {"problems": row.problems or ()}
    return Document(version=row.version, **held)
