"""kill -9 at random moments, from the upload to the last stamp: nothing is lost and nothing happens twice.

Counted in the workspace, as people see it. Slack sends events again; a press that failed is pressed again by the person.
"""

import random
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest

from sandbox.papers import to_pdf
from sandbox.person import DidNotWork, NotShown
from tests.faults.mortal import cards_held, mortal_site
from tests.journeys.people import LILEI, QIANFENG, WANGFANG, ZHAOMIN, paper, reference_in
from tests.journeys.site import ROOT

PATIENCE = 90
"""Seconds without any progress after which something counts as lost."""
PROCESSES = {
    "sqlite": {"server": {"PIAOBOT_EXECUTOR_ID": "one"}},
    "postgresql": {"web": {}, "worker": {"PIAOBOT_EXECUTOR_ID": "one"}},
}


@pytest.fixture
def processes(database_url):
    """One process on SQLite; on PostgreSQL web and worker, each killed by itself."""
    return PROCESSES[database_url.partition(":")[0]]


def test_killed_from_upload_to_decision(database_url, processes, tmp_path, thorough):
    kills, count = (30, 200) if thorough else (6, 12)
    dice = random.Random(20261124)
    invoices = [paper() for _ in range(count)]
    with mortal_site(database_url, tmp_path, processes) as (site, bots):
        killer = Killer(bots, dice, kills)
        lilei = site.person(LILEI)
        killer.start()
        for invoice in invoices:
            lilei.drop((f"{invoice.number}.pdf", to_pdf(invoice)))
            time.sleep(dice.uniform(0, 0.5))
        desk = Desk(site, len(invoices))
        desk.work_until_done(killer)
        killer.join()
        assert site.control().idle(60)

        assert Counter(seen_once(lilei, [each.number for each in invoices])) == {1: count}, lilei.on_screen()
        references = sorted(set(desk.outcomes()))
        assert len(references) == count
        for user in (WANGFANG, ZHAOMIN, QIANFENG):
            assert Counter(seen_once(site.person(user), references)) == {1: count}, site.person(user).on_screen()
        assert Counter(Counter(desk.outcomes()).values()) == {1: count}, lilei.on_screen()
        held = cards_held(site, LILEI, WANGFANG, ZHAOMIN, QIANFENG)
        assert set(held.values()) == {1}, held.most_common(5)
        # For each invoice the draft, three tasks (one manager, two reviewers) and the outcome.
        assert Counter(key.partition(":")[0] for key in held) == {
            "document": count,
            "task": 3 * count,
            "outcome": count,
        }
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


def seen_once(person, texts):
    """For each text, how many messages of the bot in this person's direct messages show it."""
    shown = [message.text_all() for message in person.messages() if message.user != person.id]
    return [sum(text in each for each in shown) for text in texts]


class Killer(threading.Thread):
    """Kills one of the processes, starts it again, and so on."""

    def __init__(self, bots, dice, kills):
        super().__init__(daemon=True)
        self._bots = list(bots.values())
        self._dice = dice
        self.left = kills

    def run(self):
        while self.left:
            time.sleep(self._dice.uniform(0.2, 4))
            victim = self._dice.choice(self._bots)
            victim.kill()
            time.sleep(self._dice.uniform(0, 0.5))
            victim.start()
            self.left -= 1


class Desk:
    """Everybody's presses: the submitter's, the manager's, and one reviewer's for each claim."""

    def __init__(self, site, count):
        self._people = {user: site.person(user) for user in (LILEI, WANGFANG, ZHAOMIN, QIANFENG)}
        self._count = count

    def outcomes(self):
        """The references in the sentences that told the submitter of an approval."""
        first_lines = [m.text_all().partition("\n")[0] for m in self._people[LILEI].messages() if m.user != LILEI]
        return [line[:12] for line in first_lines if line[12:].startswith(" 已批准")]

    def stamped(self):
        """How many drafts say that they were approved, and approvers' cards that they were decided."""
        drafts = [m for m in self._people[LILEI].messages() if " 已通过" in m.text_all()]
        cards = [m for user in (WANGFANG, ZHAOMIN, QIANFENG) for m in self._people[user].messages()]
        return len(drafts) + len([m for m in cards if m.text_all().startswith("已同意")])

    def work_until_done(self, killer):
        """Until all is approved and nobody kills any more. Raises AssertionError when nothing moves for too long."""
        before, since = None, time.monotonic()
        while True:
            pressed = sum(self._press_all(user) for user in self._people)
            now = (len(self.outcomes()), self.stamped(), killer.left, pressed)
            if now[:3] == (self._count, 4 * self._count, 0):
                return
            if now != before:
                before, since = now, time.monotonic()
            assert killer.is_alive() or not killer.left, "a killed process did not start again"
            assert time.monotonic() < since + PATIENCE, self._stuck()
            time.sleep(0.1)

    def _press_all(self, user):
        pressed = 0
        for card in self._people[user].messages():
            label = self._label(user, card)
            if label is not None:
                try:
                    card.click(label)
                except (DidNotWork, NotShown):  # the bot was dead, or the card has changed since
                    continue
                pressed += 1
        return pressed

    @staticmethod
    def _label(user, card):
        wanted = "提交" if user == LILEI else "同意"
        label = next((each for each in card.buttons if each.startswith(wanted)), None)
        if label is None or user not in (ZHAOMIN, QIANFENG):
            return label
        own = (ZHAOMIN, QIANFENG)[int(reference_in(card)[-1]) % 2]
        return label if user == own else None

    def _stuck(self):
        return self._people[LILEI].on_screen()
