"""Rows out of one database and into another, of the same kind or not: as they lie there, nothing is decrypted.

Tables are taken as the database itself describes them, so that a copy of any version's tables can be made and read.
"""

import base64
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    inspect,
    literal,
    or_,
    select,
    table,
    update,
)
from sqlalchemy.types import TypeEngine

from core.claim import ClaimState
from core.document import DocumentState
from core.invoice import InvoiceState
from core.ports import Subject
from integrations.database.engine import is_postgres
from integrations.database.tables import ClaimRow, DocumentRow, InvoiceRow, SubjectRow

_BLOCK_BYTES = 512 * 1024
_ROWS_AT_ONCE = 200
_REVISIONS = "alembic_version"
_DECIDED = (
    ClaimState.APPROVED,
    ClaimState.PAYMENT_REQUESTED,
    ClaimState.PAID,
    ClaimState.REJECTED,
    ClaimState.WITHDRAWN,
    ClaimState.REVOKED,
)
"""People can do no more to it in the chat."""


@dataclass(frozen=True)
class Block:
    """Some rows of a table, one JSON list a line. `columns`: name → what it is: plain, bytes, moment or date."""

    table: str
    columns: Mapping[str, str]
    rows: bytes


def tables_of(connection: Connection, foreign: Collection[str]) -> MetaData:
    """All tables but the `foreign` ones and the note of which revision they are."""
    tables = MetaData()
    tables.reflect(connection, only=lambda name, _: name not in foreign and name != _REVISIONS)
    return tables


def copy_out(connection: Connection, tables: MetaData) -> Iterator[Block]:
    """Every row, parents before children; of one moment when the transaction sees one snapshot."""
    for each in tables.sorted_tables:
        columns = {column.name: _kind(column.type) for column in each.columns}
        lines, size = [], 0
        for row in connection.execute(select(each), execution_options={"yield_per": _ROWS_AT_ONCE}):
            lines.append(json.dumps([_out(value) for value in row]).encode())
            size += len(lines[-1])
            if size > _BLOCK_BYTES:
                yield Block(each.name, columns, b"\n".join(lines))
                lines, size = [], 0
        if lines:
            yield Block(each.name, columns, b"\n".join(lines))


def copy_in(connection: Connection, tables: MetaData, block: Block) -> None:
    """Into tables of the revision it was copied from. After the last block: check_whole."""
    inward = [_INWARD[kind] for kind in block.columns.values()]
    rows = [
        {name: read(value) for name, read, value in zip(block.columns, inward, json.loads(line), strict=True)}
        for line in block.rows.splitlines()
    ]
    connection.execute(insert(tables.tables[block.table]), rows)


def check_whole(connection: Connection) -> None:
    """Every row has the row it belongs to. PostgreSQL looks by itself. Raises ValueError."""
    if not is_postgres(connection.engine) and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise ValueError("rows lack the row they belong to")


def has_rows(connection: Connection, tables: MetaData) -> bool:
    """Whether any of them holds anything."""
    return any(connection.scalar(select(literal(1)).select_from(each).limit(1)) for each in tables.tables.values())


def drop_tables(connection: Connection, tables: MetaData) -> None:
    """With the note of which revision they were."""
    tables.drop_all(connection)
    if inspect(connection).has_table(_REVISIONS):
        Table(_REVISIONS, MetaData(), autoload_with=connection).drop(connection)


def count_rows(connection: Connection, *tables: str) -> list[int]:
    """How many rows each has."""
    return [connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in tables]


def undecided(connection: Connection) -> list[Subject]:
    """What people may have acted on since the copy was made: its cards can show more than the copy knows."""
    claims = select(ClaimRow.id).where(ClaimRow.state.not_in(_DECIDED))
    documents = select(DocumentRow.id).where(
        or_(
            DocumentRow.state == DocumentState.RECEIVED,
            DocumentRow.id.in_(
                select(InvoiceRow.document_id).where(
                    or_(InvoiceRow.state == InvoiceState.DRAFT, InvoiceRow.claim_id.in_(claims))
                )
            ),
        )
    )
    return [
        *(Subject(f"document:{id_}") for id_ in connection.scalars(documents)),
        *(Subject(f"claim:{id_}") for id_ in connection.scalars(claims)),
    ]


def forget_leases(connection: Connection) -> None:
    """Nobody of the copied installation draws cards here."""
    connection.execute(update(SubjectRow).values(holder=None, free_at=None))


def _kind(of: TypeEngine[Any]) -> str:
    for kind, family in (("bytes", LargeBinary), ("moment", DateTime), ("date", Date)):
        if isinstance(of, family):
            return kind
    return "plain"


def _out(value: Any) -> str | int | None:
    """What JSON has not is made text. Raises TypeError for what we never store, such as floating point numbers."""
    match value:
        case None | str() | int():
            return value
        case bytes():
            return base64.b64encode(value).decode()
        case datetime():  # SQLite has no zones, and all of ours are UTC
            return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
    raise TypeError(f"a column holds {type(value).__name__}")


def _in(read: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


_INWARD: Mapping[str, Callable[[Any], Any]] = {
    "plain": lambda value: value,
    "bytes": _in(base64.b64decode),
    "moment": _in(datetime.fromisoformat),
    "date": _in(date.fromisoformat),
}
