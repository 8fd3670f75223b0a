"""A backup taken while invoices are on their way, and the machine lost: what is made from it finishes all of them once.

The bot is killed as soon as the backup is there. What it did between the backup's moment and its end stands in the
workspace already, as it would; nobody presses anything in that time, since such a press is lost (people press again).
"""

import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.backup import back_up
from bot.settings import Settings
from integrations.database.audit import verify
from integrations.database.copying import count_rows
from integrations.database.engine import create_engine
from integrations.database.tables import AuditEntryRow, ClaimRow, DocumentRow
from integrations.storage.files import FileStorage
from integrations.storage.keys import load_keyring
from sandbox.papers import to_pdf
from sandbox.person import DidNotWork, NotShown
from tests.faults.desk import Desk, check_everything_is_there_once
from tests.faults.mortal import Mortal, mortal_site
from tests.journeys.people import LILEI, WANGFANG, paper
from tests.journeys.site import ROOT

PROCESSES = {
    "sqlite": {"server": {"PIAOBOT_EXECUTOR_ID": "one"}},
    "postgresql": {"web": {}, "worker": {"PIAOBOT_EXECUTOR_ID": "one"}},
}


@pytest.mark.parametrize("onto", ["same", "other"])
def test_restored_elsewhere_it_finishes_what_was_in_flight(database_url, empty_database, tmp_path, thorough, onto):
    kind = database_url.partition(":")[0]
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[kind] if onto == "other" else kind
    count = (100 if onto == "same" else 40) if thorough else 20
    invoices = [paper() for _ in range(count)]
    here, there = tmp_path / "data", tmp_path / "elsewhere"
    new_url = empty_database(other)
    with mortal_site(database_url, tmp_path, PROCESSES[kind]) as (site, bots):
        drop(site, invoices[: count // 2])
        some_work(site, count)
        drop(site, invoices[count // 2 :])
        until(lambda: rows(database_url, "inbox") == count, "all events to be answered")
        back_up(
            Settings(data_dir=here, database_url=database_url, _env_file=None), tmp_path / "b", datetime.now(UTC), print
        )
        for bot in bots.values():
            bot.kill()

        there.mkdir()
        shutil.copy2(here / "keys.json", there)
        environment = {**site.environment, "PIAOBOT_DATA_DIR": str(there), "PIAOBOT_DATABASE_URL": new_url}
        back = piaobot("restore", tmp_path / "b", environment)
        assert back.returncode == 0, back.stderr
        in_flight = compare(database_url, here, new_url, there)
        assert in_flight > 0, "all was done when the backup was taken"
        print(f"{in_flight} of {count} documents had not been read")

        shutil.rmtree(here)
        for name, own in PROCESSES[other].items():
            process = Mortal(
                name,
                {**environment, **own},
                tmp_path / f"new-{name}.log",
                None if name == "worker" else f"{site.bot}/healthz",
            )
            site.stack.callback(process.end)
            process.start()
        desk = Desk(site, count)
        desk.work_until_done()
        assert site.control().idle(60)
        check_everything_is_there_once(site, desk, invoices)
        assert piaobot("audit", "verify", environment).returncode == 0
        assert piaobot("jobs", "failed", environment).stdout == ""


def drop(site, invoices):
    lilei = site.person(LILEI)
    for invoice in invoices:
        lilei.drop((f"{invoice.number}.pdf", to_pdf(invoice)))


def rows(url, table):
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return count_rows(connection, table)[0]
    finally:
        engine.dispose()


def some_work(site, count):
    """A few of the first invoices are submitted, and a few of those approved by the manager."""
    lilei, wangfang = site.person(LILEI), site.person(WANGFANG)
    done = {LILEI: 0, WANGFANG: 0}

    def enough():
        done[LILEI] += press(lilei, "提交", most=count // 5 - done[LILEI])
        done[WANGFANG] += press(wangfang, "同意", most=count // 20 - done[WANGFANG])
        return done == {LILEI: count // 5, WANGFANG: count // 20}

    until(enough, "a few claims")


def until(true, what, seconds=90):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)


def press(person, label, most):
    pressed = 0
    for card in person.messages():
        button = next((each for each in card.buttons if each.startswith(label)), None)
        if button is not None and pressed < most:
            try:
                card.click(button)
            except (DidNotWork, NotShown):
                continue
            pressed += 1
    return pressed


def piaobot(*words):
    *said, environment = words
    return subprocess.run(
        [sys.executable, "-m", "bot", *map(str, said)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def compare(old_url, old_folder, new_url, new_folder):
    """What was restored is what was there, up to the backup's moment; how many documents were not read by then."""
    old, new = (
        create_engine(url, load_keyring(folder, None)) for url, folder in ((old_url, old_folder), (new_url, new_folder))
    )
    before, after = (
        FileStorage(folder / "originals", load_keyring(folder, None)) for folder in (old_folder, new_folder)
    )
    try:
        assert verify(new) is None
        with old.connect() as was, new.connect() as now:
            chain = [tuple(row) for row in now.execute(select(AuditEntryRow.__table__).order_by(AuditEntryRow.seq))]
            longer = [tuple(row) for row in was.execute(select(AuditEntryRow.__table__).order_by(AuditEntryRow.seq))]
            assert chain[-1][3] == "restored"
            assert chain[:-1] == longer[: len(chain) - 1]
            fixed = (
                ClaimRow.id,
                ClaimRow.reference,
                ClaimRow.submitter,
                ClaimRow.claimed,
                ClaimRow.lines,
                ClaimRow.plan,
            )
            claims = {tuple(map(repr, row)) for row in now.execute(select(*fixed))}
            assert claims
            assert claims <= {tuple(map(repr, row)) for row in was.execute(select(*fixed))}
            documents = now.execute(select(DocumentRow.original, DocumentRow.state)).all()
        kept = [original for original, _ in documents if original]
        assert kept
        assert [after.get(key) for key in kept] == [before.get(key) for key in kept]
        return sum(state.value == "received" for _, state in documents)
    finally:
        old.dispose()
        new.dispose()
