"""Jobs a second, and how long a job waits to begin, on both databases.

The baseline in the same run: the same job function called by a plain thread pool of as many threads, without a
database. Ends with 1 when a job is lost or done twice.
"""

import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
from sqlalchemy.orm import Session

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.ports import Job  # noqa: E402  found only after the line above
from integrations.database.engine import create_engine  # noqa: E402
from integrations.database.schema import upgrade  # noqa: E402
from integrations.jobs.engine import JobEngine, default_queues, prepare  # noqa: E402
from tests.databases import postgres  # noqa: E402

JOBS = 500


class Counted:
    """Notes when each job began; `all_done` once as many as expected have."""

    def __init__(self) -> None:
        self.began: dict[str, list[float]] = {}
        self.all_done = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, arguments: object) -> None:
        number = arguments["number"] if isinstance(arguments, dict) else str(arguments)
        with self._lock:
            self.began.setdefault(number, []).append(time.perf_counter())
            if len(self.began) == JOBS:
                self.all_done.set()


def row(name: str, seconds: float, waits: list[float]) -> str:
    ordered = sorted(waits)
    p99 = ordered[int(len(ordered) * 0.99) - 1]
    return f"{name:<26} {JOBS / seconds:10.0f} {statistics.median(ordered) * 1000:12.0f} {p99 * 1000:12.0f}"


def measured(name: str, url: str) -> None:
    upgrade(url)
    prepare(url)
    counted = Counted()
    engine, database = JobEngine(url, "bench", {"count": counted}), create_engine(url)
    engine.start()
    enqueued: dict[str, float] = {}
    started = time.perf_counter()
    try:
        for number in map(str, range(JOBS)):
            with Session(database) as session, session.begin():
                engine.enqueue(session, Job("count", number, {"number": number}))
            enqueued[number] = time.perf_counter()
        if not counted.all_done.wait(120):
            raise SystemExit(f"{name}: {JOBS - len(counted.began)} jobs were lost")
        seconds = time.perf_counter() - started
        time.sleep(1)
    finally:
        engine.stop()
        database.dispose()
    if any(len(times) > 1 for times in counted.began.values()):
        raise SystemExit(f"{name}: a job was done twice")
    print(row(name, seconds, [max(0.0, counted.began[number][0] - at) for number, at in enqueued.items()]))


def baseline(name: str, threads: int) -> None:
    counted = Counted()
    started = time.perf_counter()
    enqueued: dict[str, float] = {}
    with ThreadPoolExecutor(threads) as pool:
        for number in map(str, range(JOBS)):
            enqueued[number] = time.perf_counter()
            pool.submit(counted, {"number": number})
    seconds = time.perf_counter() - started
    print(row(name, seconds, [counted.began[number][0] - at for number, at in enqueued.items()]))


def main() -> None:
    print(f"{JOBS} jobs, one transaction each      jobs/s  start p50 ms start p99 ms")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        measured("SQLite", url)
        baseline("  threads alone", default_queues(url)["io"])
    with postgres() as server:
        with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE bench")
        measured("PostgreSQL", server.format("bench"))
        baseline("  threads alone", default_queues(server.format("bench"))["io"])


if __name__ == "__main__":
    main()
