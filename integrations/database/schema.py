"""Our tables, brought to what this version of the program needs."""

from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from integrations.database.engine import create_engine

_ROOT = Path(__file__).parents[2]


def upgrade(database_url: str, to: str = "head") -> None:
    """Run the migrations that are missing. Doing it again changes nothing."""
    command.upgrade(_config(database_url), to)


def check(database_url: str) -> None:
    """Raises alembic's CommandError when the tables are not what the code says."""
    command.check(_config(database_url))


class Tables(StrEnum):
    """How the tables there are stand to this version of the program. NEWER: of a version it does not know."""

    OLDER = "older"
    RIGHT = "right"
    NEWER = "newer"


def tables(database_url: str) -> Tables:
    """Which migrations have run. Raises SQLAlchemyError."""
    scripts = ScriptDirectory.from_config(_config(database_url))
    engine = create_engine(database_url)
    try:
        with engine.connect() as connection:
            there = set(MigrationContext.configure(connection).get_current_heads())
    finally:
        engine.dispose()
    if there == set(scripts.get_heads()):
        return Tables.RIGHT
    return Tables.OLDER if there <= {script.revision for script in scripts.walk_revisions()} else Tables.NEWER


def up_to_date(database_url: str) -> bool:
    """Whether the migrations of this version, and no others, have run."""
    return tables(database_url) is Tables.RIGHT


def revision_of(connection: Connection) -> str | None:
    """Which migration ran last; None: there are no tables."""
    return MigrationContext.configure(connection).get_current_revision()


def knows(revision: str) -> bool:
    """Whether this version of the program has that migration."""
    return revision in {script.revision for script in ScriptDirectory.from_config(_config("")).walk_revisions()}


def _config(database_url: str) -> Config:
    return Config(
        toml_file=_ROOT / "pyproject.toml",
        attributes={"url": database_url},
    )
