"""The data folder, the keys, the database, the jobs."""

import os
import re
import shutil
from pathlib import Path

from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot.doctor.found import Found, broken, good, look
from bot.doctor.place import Place
from core.messages import Message
from integrations.database.engine import create_engine, for_reading, is_postgres
from integrations.database.schema import Tables, tables
from integrations.jobs.engine import JobsUnusable, can_run_on, is_free
from integrations.storage.files import FileStorage, first_key
from integrations.storage.keys import Keyring, KeysUnusable, NotDecrypted, load_keyring

GIGABYTE = 1024**3
OLDEST_POSTGRES = 14
"""The server ends the session of a process that is gone only from this version on."""


def folder(place: Place) -> Found:
    """Written to, as the program will."""
    data = place.settings.data_dir.absolute()
    there = nearest(data)
    mend = Message(
        "Give the user who runs Piaobot this folder: chown -R USER {folder}. Or choose another with PIAOBOT_DATA_DIR.",
        folder=str(data),
    )
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return broken(Message("The data folder {folder} cannot be written to.", folder=str(data)), mend)
    if there != data:
        return good(Message("The first start makes the data folder {folder}.", folder=str(data)))
    trial = data / ".doctor"
    try:
        trial.write_bytes(b"written by piaobot doctor")
        trial.unlink()
    except OSError as problem:
        said = Message(
            "The data folder {folder} cannot be written to: {problem}.",
            folder=str(data),
            problem=problem.strerror or "",
        )
        return broken(said, mend)
    if data.stat().st_uid != os.geteuid():
        return look(
            Message("The data folder {folder} belongs to another user than the one who runs this.", folder=str(data)),
            Message("Run doctor as the user who runs Piaobot, else some lines here are not true for that user."),
        )
    if data.stat().st_mode & 0o077:
        return look(
            Message("Other users of this machine can look into the data folder {folder}.", folder=str(data)),
            Message("Run: chmod 700 {folder}", folder=str(data)),
        )
    return good(Message("The data folder {folder} can be written to.", folder=str(data)))


def space(place: Place) -> Found:
    """Room for originals and the database."""
    least = place.settings.least_free_gb
    free = shutil.disk_usage(nearest(place.settings.data_dir.absolute())).free / GIGABYTE
    said = Message("{free} GB are free for the data folder.", free=f"{free:.1f}")
    mend = Message(
        "Make room: at least {least} GB, since a full disk keeps nothing that people send. Or move PIAOBOT_DATA_DIR to a larger disk.",
        least=f"{least:g}",
    )
    if free < least:
        return broken(said, mend)
    if free < 2 * least:
        return look(said, mend)
    return good(said)


def keys(place: Place) -> Found:
    """The encryption keys: there, private, and the ones that open what is kept."""
    given = place.settings.encryption_keys.get_secret_value()
    path = place.settings.data_dir / "keys.json"
    restore = Message(
        "Bring keys.json (or PIAOBOT_ENCRYPTION_KEYS) back from the backup. Without it what is kept stays closed for good."
    )
    originals = place.settings.data_dir / "originals"
    kept = first_key(originals)
    if not given and not path.exists():
        if kept:
            return broken(Message("{path} is missing, but encrypted files are here.", path=str(path)), restore)
        return good(Message("The first start makes the encryption keys in {path}. Back them up.", path=str(path)))
    if not given and path.stat().st_mode & 0o077:
        return broken(
            Message("Other users of this machine can read the encryption keys in {path}.", path=str(path)),
            Message("Run: chmod 600 {path}", path=str(path)),
        )
    try:
        keyring = load_keyring(place.settings.data_dir, given or None)
    except KeysUnusable as problem:
        return broken(problem.message, restore)
    except OSError:
        return broken(
            Message("The encryption keys in {path} cannot be read.", path=str(path)),
            Message("Give the file to the user who runs Piaobot: chown USER {path}", path=str(path)),
        )
    if kept and not _opens(originals, kept, keyring):
        return broken(Message("The encryption keys do not open the files that are kept."), restore)
    where = Message("PIAOBOT_ENCRYPTION_KEYS") if given else Message("{path}", path=str(path))
    return good(Message("The encryption keys in {where} are there and private.", where=where))


def _opens(originals: Path, key: str, keyring: Keyring) -> bool:
    try:
        FileStorage(originals, keyring).get(key)
    except NotDecrypted:
        return False
    return True


def database(place: Place) -> Found:
    """Reachable, and of a version that works."""
    try:
        url = make_url(place.settings.url_of_database())
    except ArgumentError:
        return broken(
            Message("PIAOBOT_DATABASE_URL is no address of a database."),
            Message("Write it as postgresql://USER:PASSWORD@HOST/NAME, or leave it out to use a file."),
        )
    shown = url.render_as_string(hide_password=True)
    try:
        can_run_on(place.settings.url_of_database())
    except JobsUnusable as problem:
        return broken(problem.message, Message("Install a newer Python or SQLite, or use PostgreSQL."))
    if not _has_file(place):
        return good(Message("The first start makes the database {url}.", url=shown))
    try:
        engine = engine_of(place)
        with for_reading(engine).connect() as connection:
            version = str(
                connection.scalar(text("SHOW server_version" if is_postgres(engine) else "SELECT sqlite_version()"))
            )
        engine.dispose()
    except (SQLAlchemyError, OSError) as problem:
        return broken(
            Message("The database {url} cannot be opened: {problem}.", url=shown, problem=_reason(problem)),
            Message(
                "See that the database runs and that this machine may reach it; compare user, password and name in "
                "PIAOBOT_DATABASE_URL."
            ),
        )
    kind = "PostgreSQL" if is_postgres(engine) else "SQLite"
    if is_postgres(engine) and int(re.split(r"\D", version, maxsplit=1)[0]) < OLDEST_POSTGRES:
        return broken(
            Message("The database is PostgreSQL {version}; 14 is the oldest that works.", version=version),
            Message("Upgrade the PostgreSQL server."),
        )
    return good(Message("The database answers: {kind} {version}.", kind=kind, version=version))


def migrations(place: Place) -> Found:
    """The tables are those of this version."""
    if not _has_file(place):
        return good(Message("The first start makes the tables."))
    try:
        found = tables(place.settings.url_of_database())
    except (SQLAlchemyError, OSError) as problem:
        return look(
            Message("The tables could not be looked at: {problem}.", problem=_reason(problem)),
            Message("First mend what is said of the database; then run this again."),
        )
    match found:
        case Tables.OLDER:
            return broken(
                Message("The database's tables are not yet those of this version."),
                Message("Run: script/piaobot migrate"),
            )
        case Tables.NEWER:
            return broken(
                Message("The database was used by a newer version of Piaobot."),
                Message(
                    "Start the newer version again. To stay with this one, restore the backup made before the upgrade."
                ),
            )
    return good(Message("The tables are those of this version."))


def executor(place: Place) -> Found:
    """No other process runs jobs under our id."""
    if not _has_file(place):
        return good(Message("The worker name {id} is free.", id=place.settings.executor_id))
    try:
        free = is_free(place.settings.url_of_database(), place.settings.executor_id)
    except (SQLAlchemyError, OSError) as problem:
        return look(
            Message("Whether the worker name is free could not be found out: {problem}.", problem=_reason(problem)),
            Message("First mend what is said of the database; then run this again."),
        )
    if not free:
        return look(
            Message("A process works as {id} on this database just now.", id=place.settings.executor_id),
            Message("Right if Piaobot is running. To start one more worker, give it a PIAOBOT_EXECUTOR_ID of its own."),
        )
    return good(Message("The worker name {id} is free.", id=place.settings.executor_id))


def engine_of(place: Place) -> Engine:
    """Raises SQLAlchemyError for an address that is none. Nothing connects yet; no file may be made by connecting."""
    if not _has_file(place):
        raise SQLAlchemyError("no file")
    return create_engine(place.settings.url_of_database())


def _has_file(place: Place) -> bool:
    """False for SQLite without its file, which connecting would make."""
    try:
        url = make_url(place.settings.url_of_database())
    except ArgumentError:
        return True
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


def _reason(problem: Exception) -> str:
    """The driver's own words, first line, without the password that may stand in them."""
    said = str(getattr(problem, "orig", None) or problem).strip().splitlines()
    return said[0].rstrip(".") if said else type(problem).__name__


def nearest(path: Path) -> Path:
    """The path itself, or the nearest folder above it that is there."""
    return next(each for each in (path, *path.parents) if each.exists())
