"""How Alembic sees the database. The address: `-x url=…`, else the environment's PIAOBOT_DATABASE_URL."""

import importlib.util
import os
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, Enum, String, TypeDecorator
from sqlalchemy.types import TypeEngine

from integrations.database.base import Base
from integrations.database.engine import create_engine, is_postgres

for tables in ("integrations.database.tables", "integrations.oa.builtin_tables"):
    if importlib.util.find_spec(tables):
        importlib.import_module(tables)


def ours(name: str | None, kind: str, _: Any) -> bool:
    """The job engine keeps tables of its own in the same file."""
    return kind != "table" or name in Base.metadata.tables


def plain(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """A migration names the type the database has, so that it never depends on what our code says later."""
    if kind != "type" or not isinstance(item, TypeEngine):
        return False
    if isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return f"sa.{String(item.length)!r}" if isinstance(item, Enum) else False


def migrate(connection: Connection) -> None:
    """All or nothing, and one process at a time: SQLite begins by taking the lock, PostgreSQL is asked for one."""
    if is_postgres(connection.engine):
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('piaobot migrations'))")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=ours,
        render_item=plain,
        render_as_batch=True,
    )
    context.run_migrations()
    if not is_postgres(connection.engine):
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise SystemExit(f"Nothing was migrated: rows would lack the row they belong to, {broken[:10]}")


def address() -> str:
    given: str | None = context.get_x_argument(as_dictionary=True).get("url") or os.environ.get("PIAOBOT_DATABASE_URL")
    if not given:
        raise SystemExit("Which database? Set PIAOBOT_DATABASE_URL or pass -x url=…")
    return given


engine = create_engine(context.config.attributes.get("url") or address(), foreign_keys=False)
try:
    with engine.begin() as connection:
        migrate(connection)
finally:
    engine.dispose()
