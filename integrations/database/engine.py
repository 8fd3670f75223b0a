"""Connections to the database: SQLite in a file, or PostgreSQL. Both keep a unit of work atomic."""

from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Engine, event, make_url

from integrations.database.types import keep_keys
from integrations.storage.keys import Keyring

PATIENCE_SECONDS = 30
"""How long a statement waits for another transaction's lock before it fails."""


def create_engine(url: str, keyring: Keyring | None = None, *, foreign_keys: bool = True) -> Engine:
    """The engine of `sqlite:///path` or `postgresql://user@host/name`.

    `keyring` serves the Encrypted columns; without it they can be neither written nor read.
    `foreign_keys=False` is for migrations: SQLite rebuilds tables, and a rebuilt parent would delete its children.
    """
    engine = _sqlite(url, foreign_keys=foreign_keys) if make_url(url).get_backend_name() == "sqlite" else _postgres(url)
    if keyring is not None:
        keep_keys(engine, keyring)
    return engine


def for_reading(engine: Engine) -> Engine:
    """The same connections, whose transactions see one snapshot and can save nothing."""
    if is_postgres(engine):
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine.execution_options(read_only=True)


def is_postgres(engine: Engine) -> bool:
    return engine.dialect.name == "postgresql"


def _sqlite(url: str, *, foreign_keys: bool) -> Engine:
    engine = sqlalchemy.create_engine(url, pool_size=32, max_overflow=32, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        # The driver would begin before writes only, and leave what was read before outside of the transaction.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {PATIENCE_SECONDS * 1000}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get("read_only", False)
        connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _postgres(url: str) -> Engine:
    settings = {"timezone": "UTC", "lock_timeout": f"{PATIENCE_SECONDS}s", "idle_in_transaction_session_timeout": "60s"}
    return sqlalchemy.create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=10,
        max_overflow=20,
        pool_pre_ping=True,
        hide_parameters=True,  # errors are logged, parameters name people
        connect_args={"options": " ".join(f"-c {name}={value}" for name, value in settings.items())},
    )
