"""Reminders: one per pending task, given out once."""

from datetime import timedelta
from threading import Thread

from core.ports import DueReminder
from tests.integrations.database.samples import NOON, a_claim


def test_pending_tasks_are_kept_and_others_dropped(transactions):
    with transactions.write() as tx:
        claim = a_claim()
        tx.claims.add(claim)
        tx.reminders.keep(claim.id, ["a", "b"], NOON)
        tx.reminders.keep(claim.id, ["b", "c"], NOON + timedelta(hours=1))
    with transactions.write() as tx:
        assert tx.reminders.take_due(NOON - timedelta(seconds=1)) == []
        assert tx.reminders.take_due(NOON) == [DueReminder(claim.id, "b")]
        assert tx.reminders.take_due(NOON) == []
        assert tx.reminders.take_due(NOON + timedelta(hours=1)) == [DueReminder(claim.id, "c")]
        tx.reminders.keep(claim.id, [], NOON)
        assert tx.reminders.take_due(NOON + timedelta(days=9)) == []


def test_a_hundred_due_reminders_are_each_given_out_once_among_four(transactions):
    with transactions.write() as tx:
        claim = a_claim()
        tx.claims.add(claim)
        tx.reminders.keep(claim.id, [f"t{number}" for number in range(100)], NOON)
    given = []

    def scan():
        while True:
            with transactions.write() as tx:
                due = tx.reminders.take_due(NOON, limit=7)
            if not due:
                return
            given.extend(each.task_id for each in due)

    scans = [Thread(target=scan) for _ in range(4)]
    for each in scans:
        each.start()
    for each in scans:
        each.join()
    assert sorted(given) == sorted(f"t{number}" for number in range(100))
