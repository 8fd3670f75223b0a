"""What the repositories share: rows that people race for, and inserts that settle a race."""

from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core.errors import Changed
from core.messages import Message
from integrations.database.base import Base
from integrations.database.tables import VersionedRow

Row = TypeVar("Row", bound=VersionedRow)


class Versioned(Protocol):
    """A core object that knows which version of its row it was loaded from."""

    @property
    def id(self) -> str: ...
    @property
    def version(self) -> int: ...


class Rows(Generic[Row]):
    """The rows of one table in one transaction. An object is saved over the version it was loaded from, or not at all.

    The object itself carries that version: a session holds rows weakly, and a row loaded again before saving would
    always be the newest. Within one transaction the same object may be saved more than once.
    """

    def __init__(self, session: Session, table: type[Row]) -> None:
        self._session = session
        self._table = table
        self._saved_from: dict[str, int] = {}

    def get(self, id_: str, *, lock: bool = False) -> Row:
        """Raises KeyError."""
        row = self._session.get(self._table, id_, with_for_update=True if lock else None)
        if row is None:
            raise KeyError(id_)
        return row

    def add(self, thing: Versioned, columns: dict[str, Any]) -> None:
        """Raises Changed when somebody else has just added the same."""
        self._session.add(self._table(**columns))
        self._saved_from[thing.id] = thing.version
        self._flush()

    def save(self, thing: Versioned, columns: dict[str, Any]) -> None:
        """Raises Changed, KeyError."""
        row = self.get(thing.id)
        if thing.version not in (row.version, self._saved_from.get(thing.id)):
            raise _changed()
        self._saved_from[thing.id] = thing.version
        for name, value in columns.items():
            setattr(row, name, value)
        self._flush()

    def _flush(self) -> None:
        try:
            self._session.flush()
        except (StaleDataError, IntegrityError) as problem:
            raise _changed() from problem


def _changed() -> Changed:
    return Changed(Message("Somebody else has just changed this, so nothing was done. Look at it again and repeat."))


def insert(session: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say ON CONFLICT, which both databases write alike and SQLAlchemy keeps in two places."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
