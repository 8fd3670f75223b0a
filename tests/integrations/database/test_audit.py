"""The audit log shows every change that was made to it."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from sqlalchemy import text

from core.ports import AuditEntry
from integrations.database.audit import verify
from tests.integrations.database.samples import NOON, race

ENTRY = AuditEntry(NOON, "wang", "submitted", "claim:c1", {"total": "475.80", "reason": "标准内"})


def write(transactions, *entries):
    with transactions.write() as tx:
        for entry in entries:
            tx.audit(entry)


def execute(engine, statement):
    with engine.begin() as connection:
        return connection.execute(text(statement))


@pytest.fixture
def five(transactions):
    write(transactions, ENTRY, replace(ENTRY, action="decided"))
    write(transactions, *[replace(ENTRY, subject=f"claim:c{n}", facts={}) for n in (2, 3, 4)])


def test_entries_stand_in_the_order_they_were_made(engine, transactions, five):
    rows = execute(engine, "SELECT seq, action, subject FROM audit_entries ORDER BY seq").all()
    assert rows == [
        (1, "submitted", "claim:c1"),
        (2, "decided", "claim:c1"),
        (3, "submitted", "claim:c2"),
        (4, "submitted", "claim:c3"),
        (5, "submitted", "claim:c4"),
    ]
    assert verify(engine) is None


def test_an_empty_log_is_whole(engine):
    assert verify(engine) is None


def test_a_use_case_that_fails_writes_no_entry(engine, transactions, five):
    def use_case():
        with transactions.write() as tx:
            tx.audit(ENTRY)
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        use_case()
    assert execute(engine, "SELECT max(seq) FROM audit_entries").scalar() == 5
    assert verify(engine) is None


def test_the_moment_is_kept_in_utc(engine, transactions):
    write(transactions, replace(ENTRY, at=NOON.astimezone(timezone(timedelta(hours=8)))))
    assert execute(engine, "SELECT at FROM audit_entries").scalar() == "2026-11-24T04:00:00.000000+00:00"


@pytest.mark.parametrize("column", ["at", "actor", "action", "subject", "facts", "previous_hash", "hash"])
def test_one_changed_character_is_found(engine, five, column):
    execute(engine, f"UPDATE audit_entries SET {column} = replace({column}, substr({column}, 2, 1), '#') WHERE seq = 3")
    assert verify(engine).seq == 3


def test_a_blank_added_to_the_facts_is_found(engine, five):
    execute(engine, "UPDATE audit_entries SET facts = facts || ' ' WHERE seq = 1")
    assert (verify(engine).seq, verify(engine).problem.text) == (1, "Its contents are not what was written.")


@pytest.mark.parametrize("seq", [1, 3, 5])
def test_a_removed_entry_is_found_even_at_the_end(engine, five, seq):
    execute(engine, f"DELETE FROM audit_entries WHERE seq = {seq}")
    assert (verify(engine).seq, verify(engine).problem.text) == (seq, "The entry is missing.")


def test_a_renumbered_entry_is_found(engine, five):
    execute(engine, "UPDATE audit_entries SET seq = 9 WHERE seq = 5")
    assert verify(engine).seq == 5


def test_two_entries_that_changed_places_are_found(engine, five):
    execute(engine, "UPDATE audit_entries SET seq = 99 WHERE seq = 4")
    execute(engine, "UPDATE audit_entries SET seq = 4 WHERE seq = 3")
    execute(engine, "UPDATE audit_entries SET seq = 3 WHERE seq = 99")
    assert verify(engine).seq == 3


def test_a_changed_or_removed_record_of_the_end_is_found(engine, five):
    execute(engine, "UPDATE audit_head SET hash = replace(hash, substr(hash, 1, 1), '#')")
    assert verify(engine).seq == 5
    execute(engine, "DELETE FROM audit_head")
    assert verify(engine).seq == 5


def test_an_entry_with_a_hash_of_its_own_making_is_found_by_the_next(engine, transactions, five):
    """Somebody who knows how the hash is made changes an entry and its hash, but not what follows."""
    write(transactions, replace(ENTRY, actor="mallory"))
    forged = execute(engine, "SELECT hash FROM audit_entries WHERE seq = 6").scalar()
    execute(engine, f"UPDATE audit_entries SET hash = '{forged}' WHERE seq = 4")
    assert verify(engine).seq == 4


def test_two_hundred_writers_at_once_leave_one_whole_chain(engine, transactions):
    def ten():
        for n in range(10):
            write(transactions, *[replace(ENTRY, facts={"n": str(n)})] * (1 + n % 2))

    race(*[ten] * 20)
    assert execute(engine, "SELECT count(*) FROM audit_entries").scalar() == 300
    assert verify(engine) is None
