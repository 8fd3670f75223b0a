"""kill -9 at random moments, from the upload to the last stamp: nothing is lost and nothing happens twice.

Counted in the workspace, as people see it. Slack sends events again; a press that failed is pressed again by the person.
"""

import random
import subprocess
import sys
import threading
import time

import pytest

from sandbox.papers import to_pdf
from tests.faults.desk import Desk, check_everything_is_there_once
from tests.faults.mortal import mortal_site
from tests.journeys.people import LILEI, paper
from tests.journeys.site import ROOT

PROCESSES = {
    "sqlite": {"server": {"PIAOBOT_EXECUTOR_ID": "one"}},
    "postgresql": {"web": {}, "worker": {"PIAOBOT_EXECUTOR_ID": "one"}},
}


@pytest.fixture
def processes(database_url):
    """One process on SQLite; on PostgreSQL web and worker, each killed by itself."""
    return PROCESSES[database_url.partition(":")[0]]


def test_killed_from_upload_to_decision(database_url, processes, tmp_path, thorough):
    kills, count, longest_life = (30, 200, 16) if thorough else (4, 8, 4)
    dice = random.Random(20261124)
    invoices = [paper() for _ in range(count)]
    with mortal_site(database_url, tmp_path, processes) as (site, bots):
        killer = Killer(bots, dice, kills, longest_life)
        lilei = site.person(LILEI)
        killer.start()
        for invoice in invoices:
            lilei.drop((f"{invoice.number}.pdf", to_pdf(invoice)))
            time.sleep(dice.uniform(0, 0.5))
        desk = Desk(site, len(invoices))
        desk.work_until_done(killer.done)
        assert site.control().idle(60)
        check_everything_is_there_once(site, desk, invoices)
        checked = subprocess.run(
            [sys.executable, "-m", "bot", "audit", "verify"], cwd=ROOT, env=site.environment, check=False
        )
        assert checked.returncode == 0
        failed = subprocess.run(
            [sys.executable, "-m", "bot", "jobs", "failed"],
            cwd=ROOT,
            env=site.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        assert failed.stdout == ""


class Killer(threading.Thread):
    """Kills one of the processes, starts it again, and so on."""

    def __init__(self, bots, dice, kills, longest_life):
        super().__init__(daemon=True)
        self._bots = list(bots.values())
        self._dice = dice
        self.left = kills
        self._longest_life = longest_life

    def done(self):
        assert self.is_alive() or not self.left, "a killed process did not start again"
        return not self.left

    def run(self):
        while self.left:
            time.sleep(self._dice.uniform(0.2, self._longest_life))
            victim = self._dice.choice(self._bots)
            victim.kill()
            time.sleep(self._dice.uniform(0, 0.5))
            victim.start()
            self.left -= 1
