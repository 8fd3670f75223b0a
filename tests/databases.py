"""Real databases for tests: a file of SQLite, and a PostgreSQL server that lives as long as the test session.

Import the fixtures into a conftest.py: `from tests.databases import *  # noqa: F403`.
"""

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from integrations.database.engine import create_engine
from integrations.database.schema import upgrade
from integrations.jobs.engine import prepare
from integrations.storage.keys import Key, Keyring

__all__ = ["database_url", "empty_database", "engine", "keyring", "migrated_sqlite", "postgres_server"]

_TEMPLATE = "migrated"
_ROOM = 2 * 1024**3
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def migrated_sqlite() -> Iterator[Path]:
    """A file with all tables, to be copied."""
    with _quick_folder() as folder:
        path = folder / "migrated.db"
        _migrate(f"sqlite:///{path}")
        yield path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a server without its database name, at `{}`; its database `migrated` has all tables."""
    programs = _postgres_programs()
    if programs is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL is not installed, and CI must test on it")
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql): NOT tested on PostgreSQL")
    with postgres(programs) as address:
        _administer(address, f"CREATE DATABASE {_TEMPLATE}")
        _migrate(address.format(_TEMPLATE))
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh database with all tables, ours and the job engine's: on SQLite, then on PostgreSQL."""
    if request.param == "sqlite":
        migrated: Path = request.getfixturevalue("migrated_sqlite")
        path = migrated.with_name(f"test_{next(_numbers)}.db")
        shutil.copy(migrated, path)
        yield f"sqlite:///{path}"
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()
        return
    address = request.getfixturevalue("postgres_server")
    name = f"test_{next(_numbers)}"
    # Copying files takes 40 ms; the default writes every page to the log and takes 230.
    _administer(address, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY file_copy")
    yield address.format(name)
    _administer(address, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_database(request: pytest.FixtureRequest) -> Iterator[Callable[[str], str]]:
    """Gives the address of a new database without any tables, "sqlite" or "postgresql"; the former has no file yet."""
    made: list[str] = []

    def make(kind: str) -> str:
        name = f"empty_{next(_numbers)}"
        if kind == "sqlite":
            return f"sqlite:///{folder / name}.db"
        _administer(request.getfixturevalue("postgres_server"), f"CREATE DATABASE {name}")
        made.append(name)
        return str(request.getfixturevalue("postgres_server")).format(name)

    with _quick_folder() as folder:
        yield make
    for name in made:
        _administer(request.getfixturevalue("postgres_server"), f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    return Keyring([Key("test", bytes(range(32)))])


@pytest.fixture
def engine(database_url: str, keyring: Keyring) -> Iterator[Engine]:
    engine = create_engine(database_url, keyring)
    yield engine
    engine.dispose()


@contextmanager
def postgres(programs: Path | None = None) -> Iterator[str]:
    """A server of our own until the block ends; its address without the database name, at `{}`."""
    found = programs or _postgres_programs()
    if found is None:
        raise FileNotFoundError("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with _quick_folder() as folder, _running(found, folder) as address:
        yield address


@contextmanager
def _quick_folder() -> Iterator[Path]:
    """In memory where there is room for it: on a busy disk the tests take six times as long.

    Not below pytest's own folder, which the user who runs PostgreSQL may not enter.
    """
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > _ROOM
    with tempfile.TemporaryDirectory(prefix="piaobot-", dir=memory if roomy else None) as folder:
        yield Path(folder)


@contextmanager
def _running(programs: Path, folder: Path) -> Iterator[str]:
    """A server that keeps its data in this folder and is stopped at the end; its address."""
    as_user: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig=INT"]
    data = str(folder / "data")
    initdb = [
        str(programs / "initdb"),
        "--pgdata",
        data,
        "--username=piaobot",
        "--auth=trust",
        "--no-sync",
        "--locale=C.UTF-8",
    ]
    subprocess.run([*as_user, *initdb], check=True, cwd=folder, stdout=subprocess.DEVNULL)
    hasty = {
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": "200",
        "autovacuum": "off",
    }
    quiet = {"listen_addresses": "", "unix_socket_directories": str(folder), "log_min_messages": "fatal"}
    settings = [word for name, value in (hasty | quiet).items() for word in ("-c", f"{name}={value}")]
    server = subprocess.Popen(
        [*as_user, str(programs / "postgres"), "-D", data, *settings], cwd=folder, stderr=subprocess.DEVNULL
    )
    address = f"postgresql://piaobot@/{{}}?host={folder}"
    try:
        _wait_for(address.format("postgres"), server)
        yield address
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nothing in it is needed
        server.wait()


def _migrate(url: str) -> None:
    upgrade(url)
    prepare(url)


def _postgres_programs() -> Path | None:
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    found = packaged[-1:] or [Path(path) for path in [shutil.which("postgres")] if path]
    return found[0].parent if found else None


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _administer(address: str, statement: str) -> None:
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        connection.execute(statement)
