"""When to look: APScheduler triggers in every instance, the database decides what is due."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

log = structlog.get_logger()


class Scheduler:
    """Runs each scan every so many seconds, never the same one twice at once in this process."""

    def __init__(self, scans: Mapping[str, tuple[Callable[[], None], float]]) -> None:
        self._scheduler: Any = BackgroundScheduler(timezone="UTC")
        for name, (scan, every_seconds) in scans.items():
            self._scheduler.add_job(
                partial(_guarded, name, scan), "interval", seconds=every_seconds, max_instances=1, coalesce=True
            )

    def start(self) -> None:
        """Returns at once."""
        self._scheduler.start()

    def stop(self) -> None:
        """Waits for running scans."""
        self._scheduler.shutdown(wait=True)


def _guarded(name: str, scan: Callable[[], None]) -> None:
    try:
        scan()
    except Exception:
        # The next one looks again; nothing is lost, since what is due stands in the database.
        log.exception("scan failed", scan=name)
