"""When to look: APScheduler triggers in every instance, the database decides what is due."""

from collections.abc import Callable
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

log = structlog.get_logger()


class Scheduler:
    """Runs one scan every few seconds, never two at once in this process."""

    def __init__(self, scan: Callable[[], None], every_seconds: float) -> None:
        self._scan = scan
        self._scheduler: Any = BackgroundScheduler(timezone="UTC")
        self._scheduler.add_job(self._guarded, "interval", seconds=every_seconds, max_instances=1, coalesce=True)

    def start(self) -> None:
        """Returns at once."""
        self._scheduler.start()

    def stop(self) -> None:
        """Waits for a running scan."""
        self._scheduler.shutdown(wait=True)

    def _guarded(self) -> None:
        try:
            self._scan()
        except Exception:
            # The next scan looks again; nothing is lost, since what is due stands in the database.
            log.exception("scan failed")
