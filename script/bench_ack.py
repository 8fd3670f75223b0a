"""How fast Slack's events are answered: 50 a second while the readers keep the cores busy, on both databases.

Beside each run, at the same time and under the same load, a bare FastAPI route that only checks the signature.
Ends with 1 when an answer is not 200, or takes longer than Slack's 3 seconds.
"""

import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import httpx
import psycopg

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sandbox.papers import invent, photograph, to_picture  # noqa: E402  found only after the line above
from tests.databases import postgres  # noqa: E402
from tests.journeys.site import Site, free_port, running, signed, site  # noqa: E402

EVENTS, A_SECOND, DEADLINE = 500, 50, 3.0
NUMBERS = count()


def body() -> str:
    user = {"id": "U0LILEI", "team_id": "T0MORNSTAR"}
    event = {"type": "user_change", "user": user}
    return json.dumps(
        {"type": "event_callback", "team_id": "T0MORNSTAR", "event_id": f"EvBENCH{next(NUMBERS)}", "event": event}
    )


def answers(address: str) -> list[float]:
    """Seconds of each answer, sent at an even pace whatever the answers take."""
    client = httpx.Client(trust_env=False, timeout=10, limits=httpx.Limits(max_connections=64))

    def send(at: float) -> float:
        time.sleep(max(0.0, at - time.perf_counter()))
        content = body()
        started = time.perf_counter()
        reply = client.post(address, content=content, headers=signed(content, "application/json"))
        taken = time.perf_counter() - started
        if reply.status_code != 200:
            raise SystemExit(f"{address} answered {reply.status_code}")
        return taken

    begin = time.perf_counter() + 0.2
    with client, ThreadPoolExecutor(64) as threads:
        return list(threads.map(send, (begin + number / A_SECOND for number in range(EVENTS))))


@contextmanager
def reading(opened: Site, pictures: list[bytes]) -> Iterator[Callable[[], int]]:
    """Photos are dropped one after the other until the block ends; gives how many."""
    stop, sent = threading.Event(), count()
    lilei = opened.person("U0LILEI")

    def drop() -> None:
        for number in sent:
            lilei.drop((f"{number}.jpg", pictures[number % len(pictures)]))
            if stop.wait(1.0):
                return

    dropping = threading.Thread(target=drop)
    dropping.start()
    try:
        yield lambda: next(sent)
    finally:
        stop.set()
        dropping.join()


def row(name: str, taken: list[float]) -> str:
    ordered = sorted(taken)
    p50, p99 = statistics.median(ordered), ordered[int(len(ordered) * 0.99) - 1]
    return f"{name:<34} {p50 * 1000:8.1f} {p99 * 1000:8.1f} {ordered[-1] * 1000:8.1f}"


def measure(name: str, database_url: str, pictures: list[bytes]) -> float:
    with tempfile.TemporaryDirectory() as folder, site(database_url, Path(folder), PIAOBOT_READERS="2") as opened:
        port = free_port()
        bare = [
            "uvicorn",
            "--app-dir",
            str(ROOT / "script"),
            "bench_bare:app",
            "--port",
            str(port),
            "--log-level",
            "error",
        ]
        address = f"http://127.0.0.1:{port}/slack/events"
        with running(bare, opened.environment, address, Path(folder) / "bare.log"), reading(opened, pictures):
            time.sleep(5)
            base = answers(address)
            ours = answers(f"{opened.bot}/slack/events")
    print(row(f"{name}: verify, store, answer", ours))
    print(row(f"{name}: bare route, same load", base))
    return max(ours)


def main() -> None:
    pictures = [photograph(to_picture(invent(seed), dpi=200), seed=seed) for seed in range(4)]
    print(f"{EVENTS} events at {A_SECOND}/s while photos are read     p50 ms   p99 ms   max ms")
    with tempfile.TemporaryDirectory() as folder:
        slowest = measure("SQLite", f"sqlite:///{folder}/bench.db", pictures)
    with postgres() as server:
        with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE bench")
        slowest = max(slowest, measure("PostgreSQL", server.format("bench"), pictures))
    if slowest > DEADLINE:
        raise SystemExit(f"an answer took {slowest:.1f} s; Slack waits {DEADLINE} s")


if __name__ == "__main__":
    main()
