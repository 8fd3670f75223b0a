"""How transactions begin, wait and end."""

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from integrations.database.engine import create_engine
from tests.integrations.database.samples import a_document


def test_a_reader_waits_for_no_writer(transactions):
    with transactions.write() as writing:
        writing.documents.add(a_document())
        with transactions.read() as reading:
            assert reading.documents.find_by_chat_file("F1", "C1/d1") is None


def test_a_writer_is_waited_for_from_its_first_look(transactions):
    """Who has looked in order to decide is alone with that row until the end."""
    with transactions.write() as tx:
        tx.documents.add(a_document())
    looked, decided = threading.Event(), []

    def second():
        looked.wait()
        with transactions.write() as tx:
            tx.documents.save(tx.documents.get("d1"))
            decided.append(tx.claims.next_reference(2026))

    other = threading.Thread(target=second)
    other.start()
    with transactions.write() as tx:
        tx.claims.next_reference(2026)
        looked.set()
        decided.append(tx.claims.next_reference(2026))
    other.join()
    assert decided == ["CL-2026-0002", "CL-2026-0003"]


def test_a_failed_transaction_gives_its_connection_back_fit_for_use(transactions, engine):
    for _ in range(100):
        with pytest.raises(KeyError), transactions.write() as tx:
            tx.documents.get("no")
        with pytest.raises(DBAPIError), transactions.read() as tx:
            tx.documents.add(a_document())
    with transactions.write() as tx:
        tx.documents.add(a_document())
    assert engine.pool.checkedout() == 0


def test_a_file_of_sqlite_is_patient_and_keeps_its_references(migrated_sqlite):
    engine = create_engine(f"sqlite:///{migrated_sqlite}")
    with engine.connect() as connection:
        settings = {
            name: connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "busy_timeout", "foreign_keys")
        }
    engine.dispose()
    assert settings == {"journal_mode": "wal", "busy_timeout": 30000, "foreign_keys": 1}


@pytest.mark.postgres
def test_a_server_of_postgresql_is_patient_and_tells_utc(postgres_server):
    engine = create_engine(postgres_server.format("migrated"))
    with engine.connect() as connection:
        settings = {name: connection.scalar(text(f"SHOW {name}")) for name in ("timezone", "lock_timeout")}
    engine.dispose()
    assert settings == {"timezone": "UTC", "lock_timeout": "30s"}
