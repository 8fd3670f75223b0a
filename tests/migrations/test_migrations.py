import subprocess
import sys
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.util import CommandError
from sqlalchemy import Integer, inspect, text

from integrations.database import schema
from integrations.database.base import Base
from integrations.database.engine import create_engine

ROOT = Path(__file__).parents[2]


def alembic(url, *words):
    return subprocess.Popen(
        [sys.executable, "-m", "alembic", "-x", f"url={url}", *words], cwd=ROOT, stderr=subprocess.PIPE
    )


def run(engine, *statements):
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_the_migrations_make_the_tables_the_code_says(database_url, engine):
    schema.check(database_url)
    assert set(Base.metadata.tables) <= set(inspect(engine).get_table_names())


@pytest.mark.parametrize(
    "change",
    [
        "DROP INDEX ix_cards_place",
        "ALTER TABLE cards DROP COLUMN posted",
        "ALTER TABLE cards ADD COLUMN colour VARCHAR",
        "DROP TABLE findings",
    ],
)
def test_a_table_that_is_not_what_the_code_says_is_noticed(database_url, engine, change):
    run(engine, change)
    with pytest.raises(CommandError):
        schema.check(database_url)


def test_migrating_twice_changes_nothing(database_url, engine):
    run(engine, "INSERT INTO counters (name, value) VALUES ('claims 2026', 7)")
    schema.upgrade(database_url)
    schema.check(database_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT value FROM counters")) == 7


def test_the_job_engines_tables_are_left_alone(database_url, engine):
    back_and_forth = alembic(database_url, "downgrade", "base")
    assert back_and_forth.wait() == 0, back_and_forth.stderr.read()
    back_and_forth.stderr.close()
    names = set(inspect(engine).get_table_names())
    job_tables = inspect(engine).get_table_names("dbos") if engine.dialect.name == "postgresql" else names
    assert not set(Base.metadata.tables) & names
    assert "workflow_status" in job_tables
    schema.upgrade(database_url)
    schema.check(database_url)


def test_of_processes_that_migrate_at_once_one_does_and_the_others_find_it_done(database_url):
    first = alembic(database_url, "downgrade", "base")
    assert first.wait() == 0
    first.stderr.close()
    racing = [alembic(database_url, "upgrade", "head") for _ in range(3)]
    assert [(process.wait(), process.stderr.read()) for process in racing] == [(0, b"")] * 3
    for process in racing:
        process.stderr.close()
    schema.check(database_url)


class TestOnSqlite:
    """SQLite changes a table by building it anew."""

    @pytest.fixture
    def database_url(self, migrated_sqlite, tmp_path):
        path = tmp_path / "test.db"
        path.write_bytes(migrated_sqlite.read_bytes())
        return f"sqlite:///{path}"

    DOCUMENT = (
        "INSERT INTO documents (id, owner, name, chat_file, place, received_at, state, size, previews, version) "
        "VALUES ('d1', 'wang', x'00', 'F1', 'C1/1', '2026-11-24 04:00:00', 'received', 1, '{}', 1)"
    )
    FINDING = (
        "INSERT INTO findings (invoice_id, position, code, severity, finding) VALUES ('i1', 0, 'A1', 'warn', x'00')"
    )

    def test_a_rebuilt_parent_keeps_its_children(self, database_url, engine):
        run(
            engine,
            self.DOCUMENT,
            "INSERT INTO invoices (id, document_id, owner, state, purpose, reading, position, kind, version) "
            "VALUES ('i1', 'd1', 'wang', 'draft', x'00', x'00', 0, 'taxi', 1)",
            self.FINDING,
        )
        migrating = create_engine(database_url, foreign_keys=False)
        with migrating.begin() as connection:
            operations = Operations(MigrationContext.configure(connection))
            with operations.batch_alter_table("invoices", recreate="always") as invoices:
                invoices.alter_column("version", type_=Integer())
        migrating.dispose()
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM findings")) == 1

    def test_rows_without_the_row_they_belong_to_stop_a_migration(self, database_url):
        careless = create_engine(database_url, foreign_keys=False)
        run(careless, self.FINDING)
        careless.dispose()
        with pytest.raises(SystemExit, match="Nothing was migrated"):
            schema.upgrade(database_url)
