"""Our tables, brought to what this version of the program needs."""

from pathlib import Path

from alembic import command
from alembic.config import Config

_ROOT = Path(__file__).parents[2]


def upgrade(database_url: str) -> None:
    """Run the migrations that are missing. Doing it again changes nothing."""
    command.upgrade(_config(database_url), "head")


def check(database_url: str) -> None:
    """Raises alembic's CommandError when the tables are not what the code says."""
    command.check(_config(database_url))


def _config(database_url: str) -> Config:
    return Config(
        toml_file=_ROOT / "pyproject.toml",
        attributes={"url": database_url},
    )
