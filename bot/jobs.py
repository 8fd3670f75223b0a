"""Looking after jobs: those of processes that are gone, and those that failed for a reason that passes."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from integrations.jobs.engine import JobEngine

log = structlog.get_logger()

PASSING = (
    "ChatUnavailable",
    "InternalError",  # the database ended a transaction that had waited for too long
    "LeaseLost",
    "OAUnavailable",
    "OperationalError",
    "ReaderNotStarted",
    "ReaderPoolClosed",
)
"""Failures of something outside; the same job may well succeed later."""
KEPT = timedelta(days=7)


@dataclass
class JobCare:
    """Scans of one process. `told` holds the failures that were logged, so that each is logged once."""

    engine: JobEngine
    now: Callable[[], datetime]
    told: set[str]

    def mend(self) -> None:
        """Take over what dead processes were doing; try again what failed for a passing reason; log the rest once."""
        with self.engine.alone() as alone:
            if not alone:
                return
            self.engine.rescue()
            for job in self.engine.failed():
                if job.problem.startswith(PASSING):
                    with suppress(KeyError):  # somebody was faster
                        self.engine.retry(job.id)
                elif job.id not in self.told:
                    self.told.add(job.id)
                    log.error("job failed for good", job=job.id, problem=job.problem)

    def forget(self) -> None:
        """Remove what ended long ago from the engine's tables."""
        while self.engine.forget(self.now() - KEPT):
            pass
