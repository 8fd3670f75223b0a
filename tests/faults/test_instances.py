"""Three workers on PostgreSQL: one is killed for good, one is stopped and wakes much later. Nothing twice, nothing lost."""

import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from integrations.database.engine import create_engine
from integrations.database.transaction import SqlTransactions
from integrations.storage.keys import load_keyring
from tests.faults.mortal import cards_held, mortal_site
from tests.integrations.database.samples import a_claim, a_document, a_task, an_invoice, pending
from tests.journeys.people import DAVID, LILEI, WANGFANG, ZHAOMIN

REMINDERS = 300
APPROVERS = {"wangfang": WANGFANG, "david": DAVID, "zhaomin": ZHAOMIN}
PATIENCE = 150

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", [pytest.param("postgresql")], indirect=True),
]


def test_reminders_are_sent_once_each(database_url, tmp_path):
    workers = {f"worker-{n}": {"PIAOBOT_EXECUTOR_ID": f"worker-{n}"} for n in (1, 2, 3)}
    with mortal_site(database_url, tmp_path, workers) as (site, bots):
        control = site.control()
        until(lambda: executors(database_url) == 3, "three workers")
        expected = due_reminders(database_url, tmp_path / "data", REMINDERS)
        until(lambda: posts(control) >= 30, "the first reminders")
        bots["worker-1"].kill()
        bots["worker-2"].send(signal.SIGSTOP)
        at_the_stop = posts(control)
        until(lambda: posts(control) >= REMINDERS, "as many posts as reminders")
        until(lambda: len(reminders(site)) == REMINDERS, "all reminders")
        until(lambda: unfinished(database_url) == 0, "the end of all jobs")
        bots["worker-2"].send(signal.SIGCONT)
        until(lambda: executors(database_url) == 2, "the stopped worker to be back")
        # What it was about to do it does now, or finds done.
        more = due_reminders(database_url, tmp_path / "data", 20, first=REMINDERS)
        until(lambda: len(reminders(site)) == REMINDERS + 20, "reminders after it woke")
        until(lambda: unfinished(database_url) == 0, "the end of all jobs")
        time.sleep(3)
        assert at_the_stop < REMINDERS, "the workers were stopped too late to prove anything"
        held = reminders(site)
        assert set(held) == expected | more
        assert set(held.values()) == {1}, held.most_common(5)


def due_reminders(database_url: str, data: Path, count: int, first: int = 0) -> set[str]:
    """Pending claims whose approvers have to be reminded now; the keys of the cards that do it."""
    engine = create_engine(database_url, load_keyring(data, None))
    now = datetime.now(UTC)
    numbers = range(first, first + count)
    with SqlTransactions(engine, lambda *_: None).write() as tx:
        for n in numbers:
            tx.documents.add(a_document(f"d{n}", owner="lilei"))
            tx.invoices.add(an_invoice(f"i{n}", document_id=f"d{n}", owner="lilei"))
            claim = a_claim(f"c{n}", submitter="lilei", beneficiary="lilei", payee="lilei", reference=f"CL-2026-{n:04}")
            claim = pending(claim, a_task(f"t{n}", assignee=list(APPROVERS)[n % len(APPROVERS)]))
            tx.claims.add(claim)
            tx.reminders.keep(claim.id, [f"t{n}"], now)
    engine.dispose()
    return {f"reminder:c{n}:t{n}" for n in numbers}


def reminders(site):
    return cards_held(site, LILEI, *APPROVERS.values())


def posts(control):
    return control.counts().get("chat.postMessage", 0)


def executors(database_url):
    """How many processes hold an executor id."""
    asked = (
        "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) "
        "WHERE locktype = 'advisory' AND objid <> hashtext('care')::oid AND datname = current_database()"
    )
    with psycopg.connect(database_url) as connection:
        return connection.execute(asked).fetchone()[0]


def unfinished(database_url):
    with psycopg.connect(database_url) as connection:
        asked = "SELECT count(*) FROM dbos.workflow_status WHERE status IN ('ENQUEUED', 'PENDING')"
        return connection.execute(asked).fetchone()[0]


def until(true, what):
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.3)
