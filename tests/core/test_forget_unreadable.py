"""What could not be read is kept for a day and then deleted; what anything else still names stays."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from core.document import Document, DocumentState
from core.messages import Message
from core.use_cases.forget_unreadable import ForgetUnreadable
from integrations.database.audit import verify
from integrations.storage.files import FileStorage
from tests.core.office import NOON

CONTENT = b"not a picture at all"


@pytest.fixture
def storage(tmp_path, keyring):
    return FileStorage(tmp_path / "originals", keyring)


@pytest.fixture
def kept(office, storage, tmp_path):
    """Keep a document's original, put and received so many hours before noon; its key."""

    def keep(id_, content=CONTENT, *, hours, state=DocumentState.UNREADABLE, put_hours=None, **changes):
        key = storage.put(content)
        came, put = (
            office.now - timedelta(hours=since) for since in (hours, hours if put_hours is None else put_hours)
        )
        os.utime(tmp_path / "originals" / key[:2] / key, (put.timestamp(), put.timestamp()))
        problem = {"problem": Message("It is broken."), "problem_code": "E-IMAGE-BROKEN"}
        document = Document(id_, "li", "a.jpg", f"F-{id_}", "C1/1", came, state, original=key, **problem | changes)
        with office.transactions.write() as tx:
            tx.documents.add(document)
        return key

    return keep


@pytest.fixture
def forget(office, storage):
    return ForgetUnreadable(office.transactions, storage, office.clock)


def document(office, id_):
    with office.transactions.read() as tx:
        return tx.documents.get(id_)


def is_kept(storage, key):
    try:
        return storage.get(key) is not None
    except KeyError:
        return False


def test_an_original_goes_after_a_day_and_its_row_stays(office, storage, kept, forget, engine):
    old, young = kept("old", hours=25), kept("young", b"another", hours=23)
    forget()
    assert not is_kept(storage, old)
    assert is_kept(storage, young)
    assert (document(office, "old").original, document(office, "old").problem_code) == (None, "E-IMAGE-BROKEN")
    assert document(office, "young").original == young
    forget()
    with engine.connect() as connection:
        said = connection.exec_driver_sql("SELECT actor, action, subject FROM audit_entries").all()
    assert [tuple(row) for row in said] == [("bot", "original_deleted", "document:old")]
    assert verify(engine) is None


@pytest.mark.parametrize("state", [DocumentState.READ, DocumentState.RECEIVED])
def test_what_was_read_or_still_waits_is_never_touched(office, storage, kept, forget, state):
    key = kept("d1", hours=1000, state=state)
    forget()
    assert is_kept(storage, key)
    assert document(office, "d1").original == key


def test_the_same_content_stays_while_another_document_names_it(office, storage, kept, forget):
    kept("first", hours=30)
    key = kept("second", hours=20, put_hours=30)
    forget()
    assert is_kept(storage, key)
    assert document(office, "first").original is None
    office.now += timedelta(hours=5)
    forget()
    assert not is_kept(storage, key)


def test_a_page_that_is_shown_stays(storage, kept, forget):
    page = kept("d1", hours=30)
    kept("d2", b"an invoice", hours=30, state=DocumentState.READ, previews={1: page})
    forget()
    assert is_kept(storage, page)


def test_what_somebody_is_just_sending_again_stays_until_that_is_saved(office, storage, kept, forget):
    """Put, and named by no row yet. The file system's clock is the real one."""
    office.now = datetime.now(UTC)
    key = kept("d1", hours=30)
    storage.put(CONTENT)
    forget()
    assert is_kept(storage, key)
    assert document(office, "d1").original == key


def test_a_process_that_ended_between_file_and_row_is_made_good(office, storage, kept, forget):
    key = kept("d1", hours=30)
    assert storage.delete(key, unless_put_since=NOON)
    forget()
    assert document(office, "d1").original is None
