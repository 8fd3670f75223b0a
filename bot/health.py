"""Whether this process can serve, and what it counts."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

OLDEST_JOB_SECONDS = 300
"""A job that has waited for longer says that nobody works."""


@dataclass(frozen=True)
class Health:
    """`waiting` as JobEngine.waiting; `readers` says whether the reader processes are there (None: not ours)."""

    database: Engine
    waiting: Callable[[], Mapping[str, tuple[int, float]]]
    readers: Callable[[], bool] | None

    def check(self) -> Mapping[str, str]:
        """Part → "ok", or what is wrong with it in a few words."""
        found = {"database": self._database()}
        if found["database"] == "ok":
            oldest = max((age for _, age in self.waiting().values()), default=0.0)
            found["queue"] = "ok" if oldest < OLDEST_JOB_SECONDS else f"the oldest job has waited {oldest:.0f} s"
        if self.readers is not None:
            found["reader"] = "ok" if self.readers() else "no reader process"
        return found

    def _database(self) -> str:
        try:
            with self.database.connect() as connection:
                connection.execute(text("select 1"))
        except SQLAlchemyError as problem:
            return type(problem).__name__
        return "ok"


class Queues(Collector):
    """Queue depth and age, looked up when they are asked for."""

    def __init__(self, waiting: Callable[[], Mapping[str, tuple[int, float]]]) -> None:
        self._waiting = waiting

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing is looked up before the first scrape."""
        yield from ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One sample per queue."""
        depth = GaugeMetricFamily("piaobot_queue_jobs", "Jobs that wait to begin.", labels=["queue"])
        oldest = GaugeMetricFamily("piaobot_queue_age_seconds", "How long the oldest has waited.", labels=["queue"])
        for queue, (count, age) in self._waiting().items():
            depth.add_metric([queue], count)
            oldest.add_metric([queue], age)
        yield depth
        yield oldest


def metrics() -> tuple[bytes, str]:
    """All that was counted, as text for Prometheus, and its content type."""
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST


def clock() -> float:
    """Seconds of a clock that never jumps."""
    return time.perf_counter()
