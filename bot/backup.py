"""`piaobot backup` and `piaobot restore`: one file with the rows, the jobs that had not ended, and the originals.

The rows and the jobs are of one moment. Originals come after them: they are written before a row names them and never
change, so whatever the rows name is there, unless its time was over.
"""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, make_url, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.settings import Settings
from core.audit import entry
from core.errors import Expected
from core.messages import Message
from integrations.backup.entries import Entry, EntryReader, EntryWriter
from integrations.backup.seal import Opening, Sealing, too_new
from integrations.database.audit import DATABASE, RESTORED, Broken, verify
from integrations.database.copying import (
    Block,
    check_whole,
    copy_in,
    copy_out,
    count_rows,
    drop_tables,
    forget_leases,
    has_rows,
    tables_of,
    undecided,
)
from integrations.database.engine import create_engine, for_reading
from integrations.database.schema import knows, revision_of, upgrade
from integrations.database.tables import DocumentRow
from integrations.database.transaction import SqlTransactions
from integrations.jobs.engine import TABLES, JobEngine, UnfinishedJob, prepare, unfinished
from integrations.storage.files import FileStorage
from integrations.storage.keys import Keyring, has_keyring, load_keyring

Say = Callable[[Message], None]

PROGRESS_SECONDS = 2.0
_JOBS_AT_ONCE = 1000
_ROWS, _JOBS, _ORIGINAL = "rows", "jobs", "original"


class BackupFailed(Expected):
    """It could not be made or brought back here. For whoever runs the program."""

    code = "E-BACKUP"


@dataclass(frozen=True)
class Contents:
    """What is in a backup, or in what was made from one; `lost` originals are named by rows, or lie there, and open no more."""

    claims: int
    invoices: int
    originals: int
    entries: int
    lost: int
    broken: Broken | None = None


@dataclass
class Progress:
    """Says how far it is, every two seconds."""

    say: Say
    count: int = 0
    size: int = 0
    said_at: float = 0.0

    def __post_init__(self) -> None:
        self.said_at = time.monotonic()

    def add(self, one: Entry) -> None:
        self.count += one.kind == _ORIGINAL
        self.size += len(one.content)
        if time.monotonic() > self.said_at + PROGRESS_SECONDS:
            self.said_at = time.monotonic()
            self.say(Message("{count} originals, {size} MB so far", count=self.count, size=self.size // 1_000_000))


def back_up(settings: Settings, path: Path, now: datetime, say: Say) -> Contents:
    """Write the file and read it back; the program may run meanwhile. Raises BackupFailed, KeysUnusable."""
    if path.exists():
        raise BackupFailed(
            Message("{path} is there already and was left as it is. Choose another name.", path=str(path))
        )
    if not has_database(settings) or not has_keys(settings):
        raise BackupFailed(
            Message(
                "There is no installation here to back up: no database, or no keys, in {folder}. See PIAOBOT_DATA_DIR.",
                folder=str(settings.data_dir),
            )
        )
    keyring = load_keyring(settings.data_dir, settings.encryption_keys.get_secret_value() or None)
    part = path.with_name(f"{path.name}.part")
    with failures_said(), _engine(settings) as engine, _removed_on_failure(part):
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            contents, digest = _write(file, engine, keyring, _storage(settings, keyring), now, Progress(say))
            file.flush()
            os.fsync(file.fileno())
        if _digest(part, keyring, Progress(say)) != digest:
            raise BackupFailed(Message("What was written could not be read back. Nothing was kept; use another disk."))
        part.rename(path)
    return contents


def _write(
    file: IO[bytes], engine: Engine, keyring: Keyring, storage: FileStorage, now: datetime, progress: Progress
) -> tuple[Contents, str]:
    with for_reading(engine).connect() as connection, connection.begin():
        sealing = Sealing(file, keyring, {"taken_at": now.isoformat(), "revision": revision_of(connection) or ""})
        writer = EntryWriter(sealing)

        def add(one: Entry) -> None:
            writer.add(one)
            progress.add(one)

        for block in copy_out(connection, tables_of(connection, TABLES)):
            add(Entry(_ROWS, {"table": block.table, "columns": block.columns}, block.rows))
        for lines in _jobs(connection):
            add(Entry(_JOBS, {}, lines))
        counted = count_rows(connection, "claims", "invoices", "audit_entries")
    lost = 0
    for key in storage.stored():
        try:
            about, sealed = {"key": key, "put_at": storage.put_at(key)}, storage.sealed(key)
        except KeyError:  # its time was over, and it was deleted just now
            continue
        lost += not storage.opens(key, sealed)
        add(Entry(_ORIGINAL, about, sealed))
    claims, invoices, entries = counted
    return Contents(claims, invoices, progress.count, entries, lost), writer.close()


def _jobs(connection: Connection) -> Iterator[bytes]:
    lines: list[bytes] = []
    for job in unfinished(connection):
        lines.append(json.dumps(asdict(job)).encode())
        if len(lines) == _JOBS_AT_ONCE:
            yield b"\n".join(lines)
            lines = []
    if lines:
        yield b"\n".join(lines)


def _digest(path: Path, keyring: Keyring, progress: Progress) -> str | None:
    with path.open("rb") as file:
        reader = EntryReader(Opening(file, keyring))
        for one in reader:
            progress.add(one)
        return reader.digest


def restore(settings: Settings, path: Path, now: datetime, say: Say) -> Contents:
    """Make the installation of the file here, where there is none. Raises BackupFailed, BackupUnusable, KeysUnusable.

    The whole file is read before the database is touched; the rows are saved at once or not at all.
    """
    if not path.is_file():
        raise BackupFailed(Message("There is no file {path}.", path=str(path)))
    if not has_keys(settings):
        raise BackupFailed(
            Message(
                "The keys of the backed-up installation are missing. Nothing was changed. Put its keys.json into {folder} "
                "(readable by its owner alone) or set PIAOBOT_ENCRYPTION_KEYS, then restore again.",
                folder=str(settings.data_dir),
            )
        )
    keyring = load_keyring(settings.data_dir, settings.encryption_keys.get_secret_value() or None)
    with failures_said(), path.open("rb") as file:
        said = Opening(file, keyring).first.said
        if not knows(said["revision"]):
            raise too_new()
        _expect_nothing(settings)
        _take_in(settings, path, keyring, said["revision"], Progress(say))
        return _go_on(settings, keyring, now, said)


def _take_in(settings: Settings, path: Path, keyring: Keyring, revision: str, progress: Progress) -> None:
    """Originals while the file is being proved, then the rows."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    originals = _originals(settings)
    part = originals.with_name("originals.part")
    shutil.rmtree(part, ignore_errors=True)
    with _removed_on_failure(part):
        storage = FileStorage(part, keyring)
        with path.open("rb") as file:
            for one in EntryReader(Opening(file, keyring)):
                if one.kind == _ORIGINAL:
                    storage.put_sealed(one.about["key"], one.content, one.about["put_at"])
                progress.add(one)
        with _removed_on_failure(originals):
            if originals.exists():
                originals.rmdir()
            part.rename(originals)
            _fill_database(settings, path, keyring, revision)


def _fill_database(settings: Settings, path: Path, keyring: Keyring, revision: str) -> None:
    url = settings.url_of_database()
    with _engine(settings) as engine:
        with engine.begin() as connection:
            drop_tables(connection, tables_of(connection, TABLES))  # empty, but perhaps newer than the backup
        upgrade(url, revision)
        prepare(url)
        with _jobs_of(url) as jobs, path.open("rb") as file, engine.begin() as connection:
            tables = tables_of(connection, TABLES)
            for one in EntryReader(Opening(file, keyring)):
                if one.kind == _ROWS:
                    copy_in(connection, tables, Block(one.about["table"], one.about["columns"], one.content))
                elif one.kind == _JOBS:
                    for line in one.content.splitlines():
                        jobs.enqueue_copied(connection, UnfinishedJob(**json.loads(line)))
                else:
                    break
            check_whole(connection)


def _go_on(settings: Settings, keyring: Keyring, now: datetime, said: Mapping[str, str]) -> Contents:
    """Bring the tables to this version, and the cards people hold to what the rows say."""
    url = settings.url_of_database()
    upgrade(url)
    with _engine(settings, keyring) as engine, _jobs_of(url) as jobs:
        broken = verify(engine)
        with for_reading(engine).connect() as connection, connection.begin():
            claims, invoices, entries = count_rows(connection, "claims", "invoices", "audit_entries")
            subjects = undecided(connection)
        storage = _storage(settings, keyring)
        with engine.begin() as connection:
            forget_leases(connection)
        with SqlTransactions(engine, jobs.enqueue).write() as tx:
            for subject in subjects:
                tx.cards.changed(subject)
            tx.audit(entry(now, "bot", RESTORED, DATABASE, taken_at=said["taken_at"], revision=said["revision"]))
        return Contents(claims, invoices, sum(1 for _ in storage.stored()), entries, _lost(engine, storage), broken)


def _lost(engine: Engine, storage: FileStorage) -> int:
    """How many files rows name that cannot be opened."""
    with Session(for_reading(engine)) as session:
        named = {
            key
            for original, previews in session.execute(select(DocumentRow.original, DocumentRow.previews))
            for key in (original, *previews.values())
            if key
        }
    return sum(not storage.has(key) for key in named)


def has_keys(settings: Settings) -> bool:
    return has_keyring(settings.data_dir, settings.encryption_keys.get_secret_value())


def has_database(settings: Settings) -> bool:
    """Whether it has our tables. Looks without making the file."""
    file = make_url(settings.url_of_database())
    if file.get_backend_name() == "sqlite" and not Path(file.database or "").exists():
        return False
    with failures_said(), _engine(settings) as engine, engine.connect() as connection:
        return revision_of(connection) is not None


def _expect_nothing(settings: Settings) -> None:
    """Raises BackupFailed when anything is here that a restore would mix with."""
    occupied = _originals(settings)
    if any(occupied.glob("??/*")):
        raise BackupFailed(
            Message(
                "{folder} holds originals already. Nothing was changed. Restore into an empty data folder: move this one "
                "away, all but keys.json, or set PIAOBOT_DATA_DIR.",
                folder=str(occupied),
            )
        )
    if not has_database(settings):
        return
    with _engine(settings) as engine, for_reading(engine).connect() as connection, connection.begin():
        if has_rows(connection, tables_of(connection, TABLES)) or next(unfinished(connection), None):
            raise BackupFailed(
                Message(
                    "The database is not empty. Nothing was changed. Restore into an empty one: set PIAOBOT_DATABASE_URL, "
                    "or stop the program and move its database file away."
                )
            )


def _originals(settings: Settings) -> Path:
    return settings.data_dir / "originals"


def _storage(settings: Settings, keyring: Keyring) -> FileStorage:
    return FileStorage(_originals(settings), keyring)


@contextmanager
def _engine(settings: Settings, keyring: Keyring | None = None) -> Iterator[Engine]:
    """Foreign keys are looked at when all rows are there."""
    engine = create_engine(settings.url_of_database(), keyring, foreign_keys=False)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _jobs_of(url: str) -> Iterator[JobEngine]:
    jobs = JobEngine(url, "restore", {"show": lambda _: None})
    try:
        yield jobs
    finally:
        jobs.stop()


@contextmanager
def _removed_on_failure(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        raise


@contextmanager
def failures_said(said_as: Callable[[Message], Expected] = BackupFailed) -> Iterator[None]:
    """What the machine refuses, in words. What was begun is removed by then."""
    try:
        yield
    except OSError as problem:
        raise said_as(
            Message(
                "It could not be done: {reason} ({path}). What was begun was removed; nothing else was changed.",
                reason=problem.strerror or type(problem).__name__,
                path=str(problem.filename or "–"),
            )
        ) from problem
    except OperationalError as problem:
        raise BackupFailed(
            Message(
                "The database refused: {reason}. What was begun was removed; nothing else was changed.",
                reason=str(problem.orig).partition("\n")[0],
            )
        ) from problem
