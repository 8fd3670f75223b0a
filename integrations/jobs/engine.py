"""Jobs that commit with the rows they belong to, and run again after a crash: DBOS behind one class."""

import fcntl
import json
import logging
import os
import signal
import sqlite3
import sys
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import IO, Protocol

from dbos import DBOS, DBOSClient, EnqueueOptions, WorkflowSerializationFormat

# Its tables are documented; only this class of theirs knows their names. The lock pins the minor version.
from dbos._schemas import SCHEMA_PLACEHOLDER
from dbos._schemas.system_database import SystemSchema
from sqlalchemy import Connection, NullPool, create_engine, func, inspect, make_url, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from structlog.contextvars import bound_contextvars, get_contextvars

from core.errors import Expected
from core.messages import Message
from core.ports import Job
from integrations.metrics import JOB_SECONDS, JOBS

Handler = Callable[[Mapping[str, str]], None]
"""Does a job, given ids only. It may run twice after a crash, so the second time changes nothing."""

_APPLICATION = "piaobot"
# Pinned: by default it is a hash of the code, and a crashed job would wait for ever for the code it began with.
_APPLICATION_VERSION = "1"
_TRACE = "trace"
"""The argument that carries the id of what started it all; added and removed here."""
_LONGEST_WAIT_FOR_ID_SECONDS = 2.0
_LEASE_SECONDS = 20
"""PostgreSQL ends the session of a process not heard of for so long: stopped, cut off, or its machine without power."""
_BEAT_SECONDS = 4
_REFUSALS_BEFORE_THE_END = 3
"""Others hold our id for a moment while they take over our jobs; who holds it longer is another process."""
# A job that kills its process is tried this often, then it is set aside as failed. Files are read in processes of their
# own, so it is nearly always the machine that dies: 6 kills in a row cost a waiting job 4 of its tries.
_MOST_RECOVERIES = 20
# JSON: what lies in the database is never unpickled.
_AS_JSON = WorkflowSerializationFormat.PORTABLE

log = logging.getLogger(__name__)


class JobsUnusable(Expected):
    """The job engine cannot start here. For whoever runs the program."""

    code = "E-JOBS"


class LeaseLost(Exception):
    """This process was not heard of for so long that others may be doing its jobs."""


class JobFailed(Exception):
    """What is kept of a handler's exception: its type and the line, never its text, which may name people."""


@dataclass(frozen=True)
class FailedJob:
    """A job that ended in an error and waits for somebody to retry it. `at` is when it ended."""

    id: str
    problem: str
    at: datetime


@dataclass(frozen=True)
class UnfinishedJob:
    """A job that has not succeeded yet: it waits, runs, or failed. `arguments` are ids."""

    id: str
    name: str
    queue: str
    arguments: Mapping[str, str]


TABLES = frozenset({*(table.name for table in SystemSchema.metadata_obj.tables.values()), "dbos_migrations"})
"""The engine's own, which lie among ours on SQLite."""


def unfinished(connection: Connection) -> Iterator[UnfinishedJob]:
    """All of them in the caller's transaction, so that they fit the rows that are read in it."""
    jobs, inputs = SystemSchema.workflow_status, SystemSchema.workflow_input
    schema = None if connection.dialect.name == "sqlite" else "dbos"
    if not inspect(connection).has_table(jobs.name, schema):
        return
    found = (
        select(jobs.c.workflow_uuid, jobs.c.name, jobs.c.queue_name, func.coalesce(inputs.c.inputs, jobs.c.inputs))
        .join(inputs, inputs.c.workflow_uuid == jobs.c.workflow_uuid, isouter=True)
        .where(jobs.c.status.not_in(["SUCCESS", "CANCELLED"]))
        .order_by(jobs.c.created_at)
    )
    options = {"schema_translate_map": {SCHEMA_PLACEHOLDER: schema}, "yield_per": 500}
    for id_, name, queue, given in connection.execute(found, execution_options=options):
        yield UnfinishedJob(id_, name, queue, json.loads(given)["positionalArgs"][0])


def prepare(database_url: str) -> None:
    """Create or upgrade the engine's own tables. Doing it again changes nothing. Raises JobsUnusable."""
    can_run_on(database_url)
    DBOS.migrate(database_url)


def can_run_on(database_url: str) -> None:
    """Raises JobsUnusable where Python and SQLite do not go together."""
    if _is_sqlite(database_url) and sys.version_info >= (3, 12) and sqlite3.sqlite_version_info < (3, 42):
        raise JobsUnusable(
            Message(
                "With this Python, SQLite must be 3.42 or newer; here it is {version}. Use PostgreSQL or a newer SQLite.",
                version=sqlite3.sqlite_version,
            )
        )


def is_free(database_url: str, executor_id: str) -> bool:
    """Whether no process runs jobs under this id. Makes no file. Raises DBAPIError, OSError."""
    if _is_sqlite(database_url) and not _lock_file(database_url, executor_id).exists():
        return True
    with _hold(database_url, executor_id) as gained:
        return gained


def default_queues(database_url: str) -> dict[str, int]:
    """Jobs of each queue that run at once in one process.

    More than 4 writers on SQLite wait for each other (16 slots: the slowest answer took 2.65 s instead of 0.14 s).
    """
    cores = os.cpu_count() or 1
    return {"io": 4 if _is_sqlite(database_url) else 16, "reading": cores, "opening": cores, "history": 1}


# How often a queue is looked at. Each look is three queries: every queue ten times a second took 16 % of a core.
_LOOK_SECONDS: Mapping[str, float] = {"io": 0.1, "history": 2.0}
# Slack answers a method about 50 times a minute for the whole workspace; cards need some of them.
_PER_MINUTE: Mapping[str, int] = {"history": 30}


class JobEngine:
    """Enqueues in the caller's transaction; after `start` it also runs jobs. One started engine per process."""

    def __init__(
        self,
        database_url: str,
        executor_id: str,
        handlers: Mapping[str, Handler],
        queues: Mapping[str, int] | None = None,
    ) -> None:
        """Connects to nothing yet.

        Args:
            database_url: as for integrations.database.engine.create_engine; the tables are there (`prepare`).
            executor_id: this process's name, the same after a restart and no other's: its interrupted jobs are ours.
            handlers: what does each job, by job name.
            queues: queue name → jobs at once; `default_queues` unless given.
        """
        self._url = database_url
        self._executor_id = executor_id
        self._handlers = handlers
        self._queues = queues or default_queues(database_url)
        self._client = DBOSClient(system_database_url=database_url, application_name=_APPLICATION, lazy=True)
        self._lock = _lock(database_url, executor_id)
        self._heard_of = 0.0
        self._ending = Event()
        self._started = False

    def enqueue(self, transaction: Connection | Session, job: Job) -> None:
        """Write the job in this transaction, to run after its commit. The same (name, key) is enqueued once, ever."""
        if job.name not in self._handlers or job.queue not in self._queues:
            raise ValueError(f"nobody does job {job.name!r} of queue {job.queue!r}")
        trace = get_contextvars().get("trace")
        traced = {_TRACE: trace} if isinstance(trace, str) else {}
        arguments = {**job.arguments, **traced}
        self.enqueue_copied(transaction, UnfinishedJob(f"{job.name}:{job.key}", job.name, job.queue, arguments))

    def enqueue_copied(self, transaction: Connection | Session, job: UnfinishedJob) -> None:
        """Write a job as it was elsewhere. Whether anybody here does it shows when the worker starts."""
        options: EnqueueOptions = {
            "workflow_name": job.name,
            "queue_name": job.queue,
            "workflow_id": job.id,
            "serialization_type": _AS_JSON,
        }
        self._client.enqueue_in_transaction(transaction, options, dict(job.arguments))

    def start(self) -> None:
        """Run jobs from now on, first those this process was interrupted in. Raises JobsUnusable."""
        can_run_on(self._url)
        # In a thread: inside a running event loop DBOS refuses to register queues, and would run jobs on that loop.
        with ThreadPoolExecutor(max_workers=1) as aside:
            aside.submit(self._start).result()

    def _start(self) -> None:
        if not _taken(self._lock, _LONGEST_WAIT_FOR_ID_SECONDS):
            self._lock.close()
            raise JobsUnusable(
                Message(
                    "Another process already runs jobs as {id}. Give each its own executor id.", id=self._executor_id
                )
            )
        self._started, self._heard_of = True, time.monotonic()
        Thread(target=self._beat, name="executor-id", daemon=True).start()
        # With a handler of ours DBOS adds none of its own and lets its log reach the program's.
        logging.getLogger("dbos").addHandler(logging.NullHandler())
        DBOS(
            config={
                "name": _APPLICATION,
                "system_database_url": _patient(self._url),
                "application_version": _APPLICATION_VERSION,
                "executor_id": self._executor_id,
                "run_migrations": False,
                "log_level": "WARNING",
            }
        )
        for name, handler in self._handlers.items():
            _register(name, handler, self._check_lease)
        DBOS.launch()
        for name, at_once in self._queues.items():
            DBOS.register_queue(
                name,
                worker_concurrency=at_once,
                polling_interval_sec=_LOOK_SECONDS.get(name, 0.25),
                limiter={"limit": _PER_MINUTE[name], "period": 60.0} if name in _PER_MINUTE else None,
            )
        for job in self._client.list_workflows(status=["ENQUEUED", "PENDING"], load_input=False, load_output=False):
            if job.name not in self._handlers:
                log.warning("job %s is of a kind this version does not know; it stays", job.workflow_id)

    def stop(self, wait_seconds: int = 10) -> None:
        """Begin no more jobs, give running ones time to end, disconnect. Jobs cut short run again at the next start."""
        if self._started:
            DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=wait_seconds)
        self._client.destroy()
        self._ending.set()
        self._lock.close()

    def _check_lease(self) -> None:
        """Raises LeaseLost. The clock runs on while a process is stopped, so it knows as soon as it wakes."""
        if time.monotonic() - self._heard_of > _LEASE_SECONDS - _BEAT_SECONDS:
            raise LeaseLost

    def _beat(self) -> None:
        """Keep the executor id ours; when it was lost, take it again, and end the process if another has it."""
        refusals = 0
        while refusals < _REFUSALS_BEFORE_THE_END and not self._ending.wait(_BEAT_SECONDS):
            began = time.monotonic()
            try:
                held = self._lock.kept() or self._lock.take()
            except DBAPIError as problem:
                log.warning("the database does not answer for the executor id: %s", type(problem).__name__)
                continue
            refusals = 0 if held else refusals + 1
            if held:
                self._heard_of = began
        if not self._ending.is_set():
            log.critical("another process runs jobs as %s; this one ends", self._executor_id)
            os.kill(os.getpid(), signal.SIGTERM)

    def failed(self) -> list[FailedJob]:
        """Jobs that ended in an error, newest first."""
        ended = ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
        return [
            FailedJob(
                job.workflow_id,
                str(job.error) if job.error else "the process ended each time it ran",
                datetime.fromtimestamp((job.completed_at or job.updated_at or 0) / 1000, UTC),
            )
            for job in self._client.list_workflows(status=ended, load_input=False, sort_desc=True)
        ]

    def waiting(self) -> Mapping[str, tuple[int, float]]:
        """Jobs that wait to begin, by queue: how many, and for how many seconds the oldest."""
        now, waits = time.time(), dict.fromkeys(self._queues, (0, 0.0))
        for job in self._client.list_workflows(status="ENQUEUED", load_input=False, load_output=False):
            count, oldest = waits.get(job.queue_name or "", (0, 0.0))
            age = now - (job.created_at or now * 1000) / 1000
            waits[job.queue_name or ""] = (count + 1, max(oldest, age))
        return waits

    def retry(self, job_id: str) -> None:
        """Enqueue a failed job again, on the queue it was on. Raises KeyError when there is no such failed job."""
        failed = [
            job
            for job in self._client.list_workflows(workflow_ids=[job_id], load_input=False, load_output=False)
            if job.status in ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
        ]
        if not failed:
            raise KeyError(job_id)
        self._client.rewind_workflow(job_id, queue_name=failed[0].queue_name)

    def forget(self, before: datetime, limit: int = 1000) -> int:
        """Delete jobs that succeeded before this moment, at most `limit`; how many. Their keys can then be used again."""
        old = self._client.list_workflows(
            status="SUCCESS", completed_before=before.isoformat(), limit=limit, load_input=False, load_output=False
        )
        self._client.delete_workflows([job.workflow_id for job in old])
        return len(old)

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether no other process is in such a block just now."""
        with _hold(self._url, "care") as gained:
            yield gained

    def rescue(self) -> list[str]:
        """Enqueue again what processes that are gone were doing; the ids of those jobs. A scan calls this."""
        of_executor = defaultdict(list)
        for job in self._client.list_workflows(status="PENDING", load_input=False, load_output=False):
            if job.executor_id and job.executor_id != self._executor_id:
                of_executor[job.executor_id].append(job)
        rescued: list[str] = []
        for executor_id, jobs in of_executor.items():
            with _hold(self._url, executor_id) as gone:
                for job in jobs if gone else []:
                    self._client.resume_workflow(job.workflow_id, queue_name=job.queue_name)
                    rescued.append(job.workflow_id)
        return rescued


def _register(name: str, handler: Handler, check_lease: Callable[[], None]) -> None:
    # No step: a step's recorded error would come back at each retry, and its recorded success saves nothing here.
    @DBOS.workflow(name=name, max_recovery_attempts=_MOST_RECOVERIES, serialization_type=_AS_JSON)
    def run(arguments: dict[str, str]) -> None:
        ids = {key: value for key, value in arguments.items() if key != _TRACE}
        trace = arguments.get(_TRACE) or DBOS.workflow_id
        with bound_contextvars(trace=trace, job=DBOS.workflow_id), JOB_SECONDS.labels(name).time():
            try:
                check_lease()  # the engine drops what we say of a job that another process has taken over
                handler(ids)
            except Exception as problem:  # noqa: BLE001, told to the engine without the text that may name people
                place = traceback.extract_tb(problem.__traceback__)[-1]
                failed = f"{type(problem).__name__} at {Path(place.filename).name}:{place.lineno}"
                JOBS.labels(name, "failed").inc()
                log.error("job %s failed: %s", DBOS.workflow_id, failed)  # noqa: TRY400, a traceback holds that text
                raise JobFailed(failed) from None
            JOBS.labels(name, "done").inc()
            log.info("job done")


class _Lock(Protocol):
    """On an executor id: one process has it at a time."""

    def take(self) -> bool:
        """Whether it is ours now. Raises DBAPIError."""

    def kept(self) -> bool:
        """Say that we are there; False when it is no longer ours."""

    def close(self) -> None:
        """Give it back."""


def _lock(database_url: str, executor_id: str) -> _Lock:
    return (_FileLock if _is_sqlite(database_url) else _ServerLock)(database_url, executor_id)


def _taken(lock: _Lock, wait_seconds: float) -> bool:
    until = time.monotonic() + wait_seconds
    while not (gained := lock.take()) and time.monotonic() < until:
        time.sleep(0.1)
    return gained


@contextmanager
def _hold(database_url: str, executor_id: str) -> Iterator[bool]:
    """Whether the executor id could be made ours; it is held until the block ends."""
    lock = _lock(database_url, executor_id)
    try:
        yield lock.take()
    finally:
        lock.close()


def _lock_file(database_url: str, executor_id: str) -> Path:
    return Path(f"{make_url(database_url).database}.{executor_id}.lock")


class _FileLock:
    """On one machine: gone with the process, and only then."""

    def __init__(self, database_url: str, executor_id: str) -> None:
        self._path = _lock_file(database_url, executor_id)
        self._file: IO[str] | None = None

    def take(self) -> bool:
        self._file = self._file or self._path.open("w")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def kept(self) -> bool:
        return self._file is not None

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class _ServerLock:
    """An advisory lock of a session that the server ends unless it hears of it: needs PostgreSQL 14."""

    def __init__(self, database_url: str, executor_id: str) -> None:
        address = make_url(database_url).set(drivername="postgresql+psycopg")
        self._engine = create_engine(
            address,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"options": f"-c idle_session_timeout={_LEASE_SECONDS}s"},
        )
        self._id = executor_id
        self._session: Connection | None = None

    def take(self) -> bool:
        if self._session is None:
            self._session = self._engine.connect()
        ask = text("SELECT pg_try_advisory_lock(hashtext(:application), hashtext(:id))")
        return bool(self._session.scalar(ask, {"application": _APPLICATION, "id": self._id}))

    def kept(self) -> bool:
        if self._session is None:
            return False
        try:
            self._session.execute(text("SELECT 1"))
        except DBAPIError:
            self.close()
            return False
        return True

    def close(self) -> None:
        if self._session is not None:
            self._session.invalidate()
            self._session.close()
            self._session = None


def _patient(database_url: str) -> str:
    """The server ends a transaction of the engine's that nobody goes on with: a stopped process would hold its rows."""
    if _is_sqlite(database_url):
        return database_url
    options = f"-c idle_in_transaction_session_timeout={_LEASE_SECONDS}s"
    return make_url(database_url).update_query_dict({"options": options}).render_as_string(hide_password=False)


def _is_sqlite(database_url: str) -> bool:
    return make_url(database_url).get_backend_name() == "sqlite"
