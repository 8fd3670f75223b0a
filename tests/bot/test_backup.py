"""One file out, and the same installation from it: on the same kind of database, or on the other."""

import json
import os
import shutil
import sqlite3
import threading
import time
from datetime import UTC, datetime
from itertools import count

import pytest
from sqlalchemy import text

import bot.backup
from bot.backup import BackupFailed, back_up, restore
from bot.settings import Settings
from core.audit import entry
from core.decision import DecisionState
from core.document import DocumentState
from core.ports import CardRow, Job
from integrations.backup.seal import BackupUnusable
from integrations.database.audit import verify
from integrations.database.copying import tables_of
from integrations.database.engine import create_engine
from integrations.database.schema import check, upgrade
from integrations.database.transaction import SqlTransactions
from integrations.jobs.engine import TABLES, JobEngine, unfinished
from integrations.storage.files import FileStorage
from integrations.storage.keys import load_keyring
from tests.bot.test_command_line import piaobot
from tests.integrations.database.samples import a_claim, a_decision, a_document, an_invoice, pending

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


class Place:
    """An installation: a folder and a database."""

    def __init__(self, folder, url):
        self.settings = Settings(data_dir=folder, database_url=url, _env_file=None)
        self.folder, self.url = folder, url
        self.engine = None

    def open(self):
        self.keyring = load_keyring(self.folder, None)
        self.engine = create_engine(self.url, self.keyring)
        self.jobs = JobEngine(self.url, "test", dict.fromkeys(("event", "read_document", "show"), print))
        self.transactions = SqlTransactions(self.engine, self.jobs.enqueue)
        self.storage = FileStorage(self.folder / "originals", self.keyring)
        return self

    def close(self):
        if self.engine is not None:
            self.jobs.stop()
            self.engine.dispose()

    def rows(self):
        """Table → its rows as they lie there, but for what a restore adds."""
        engine = create_engine(self.url)
        try:
            with engine.connect() as connection:
                tables = tables_of(connection, TABLES).sorted_tables
                return {
                    each.name: sorted(map(repr, _plain(connection, each))) for each in tables if each.name != "subjects"
                }
        finally:
            engine.dispose()

    def waiting(self):
        with self.engine.connect() as connection:
            return {job.id: (job.name, job.queue, dict(job.arguments)) for job in unfinished(connection)}


def count_of(place, table):
    with place.engine.connect() as connection:
        return connection.scalar(text(f"SELECT count(*) FROM {table}"))


def _plain(connection, table):
    for row in connection.execute(table.select()):
        yield [value.replace(tzinfo=UTC) if isinstance(value, datetime) else value for value in row]


@pytest.fixture
def place(database_url, tmp_path):
    here = Place(tmp_path / "here", database_url).open()
    yield here
    here.close()


@pytest.fixture
def elsewhere(tmp_path, empty_database, place):
    """An empty place that has the keys."""
    made = []

    def make(kind="sqlite", name="there"):
        folder = tmp_path / name
        folder.mkdir()
        shutil.copy2(place.folder / "keys.json", folder)
        made.append(Place(folder, empty_database(kind)))
        return made[-1]

    yield make
    for each in made:
        each.close()


def fill(place):
    """An employee's morning: read, being read, submitted, decided; jobs that wait."""
    kept = [place.storage.put(b"original %d" % n) for n in range(3)]
    with place.transactions.write() as tx:
        tx.documents.add(a_document("d0", original=kept[0], previews={1: kept[1]}, state=DocumentState.READ))
        tx.invoices.add(an_invoice("i0", document_id="d0"))
        tx.documents.add(a_document("d1", original=kept[2], previews={}))
        claim = pending(a_claim("c0"))
        tx.claims.add(claim)
        tx.decisions.add(a_decision(claim_id="c0"), "c0:1:manager")
        tx.cards.put(CardRow("document:d0", "document:d0", "wang", "C1/1.2"))
        tx.cards.changed("document:d0")
        tx.cards.changed("document:d1")
        tx.cards.changed("claim:c0")
        tx.inbox.add("slack", "Ev1", json.dumps({"words": "你好 \\ \n"}))
        tx.enqueue(Job("event", "slack:Ev1", {"source": "slack", "key": "Ev1"}))
        tx.enqueue(Job("read_document", "d1", {"document": "d1"}, queue="reading"))
        for n in range(5):
            tx.audit(entry(NOW, "wang", "received", f"document:d{n}", size=n))
    return kept


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_rows_jobs_and_originals(place, elsewhere, kind, tmp_path):
    kept = fill(place)
    written = back_up(place.settings, tmp_path / "b", NOW, print)
    there = elsewhere(kind)
    restored = restore(there.settings, tmp_path / "b", NOW, print)
    assert (written.claims, written.invoices, written.originals, written.entries, written.lost) == (1, 1, 3, 5, 0)
    assert (restored.claims, restored.invoices, restored.originals, restored.entries) == (1, 1, 3, 5)
    there.open()
    before, after = place.rows(), there.rows()
    *chain, last = sorted(after.pop("audit_entries"))
    assert chain == sorted(before.pop("audit_entries"))
    assert "restored" in last
    del before["audit_head"], after["audit_head"]
    assert before == after
    assert verify(there.engine) is None
    assert restored.broken is None
    assert [there.storage.put_at(key) for key in kept] == [place.storage.put_at(key) for key in kept]
    assert [there.storage.get(key) for key in kept] == [b"original %d" % n for n in range(3)]
    check(there.url)
    # The two documents are open still and the claim undecided, so what people hold of them is drawn again.
    again = {
        f"show:{subject}:2": ("show", "io", {"subject": subject})
        for subject in ("document:d0", "document:d1", "claim:c0")
    }
    assert there.waiting() == place.waiting() | again
    with there.transactions.read() as tx:
        assert tx.claims.get("c0").plan == a_claim("c0").plan
        assert tx.decisions.get(a_decision().id).state is DecisionState.WAITING
        assert sorted(each.subject for each in tx.cards.behind(NOW)) == ["claim:c0", "document:d0", "document:d1"]


def test_what_has_ended_is_not_done_again(place, elsewhere, tmp_path):
    fill(place)
    with place.engine.begin() as connection:
        schema = "" if connection.dialect.name == "sqlite" else "dbos."
        connection.execute(text(f"UPDATE {schema}workflow_status SET status='SUCCESS' WHERE name='event'"))
        connection.execute(text(f"UPDATE {schema}workflow_status SET status='PENDING' WHERE name='read_document'"))
        connection.execute(
            text(f"UPDATE {schema}workflow_status SET status='ERROR' WHERE workflow_uuid='show:claim:c0:1'")
        )
    back_up(place.settings, tmp_path / "b", NOW, print)
    there = elsewhere()
    restore(there.settings, tmp_path / "b", NOW, print)
    there.open()
    copied = {id_ for id_ in there.waiting() if not id_.endswith(":2")}
    assert copied == {"read_document:d1", "show:document:d0:1", "show:document:d1:1", "show:claim:c0:1"}
    with there.engine.connect() as connection:
        assert set(connection.scalars(text("SELECT status FROM workflow_status"))) == {"ENQUEUED"}


def test_it_is_of_one_moment_while_others_write(place, elsewhere, tmp_path):
    """Each write adds a row, a job and an audit entry: a copy that mixed two moments would hold them in different numbers."""
    ending, numbers = threading.Event(), count()

    def write():
        while not ending.is_set():
            n = next(numbers)
            original = place.storage.put(b"%d" % n)
            with place.transactions.write() as tx:
                tx.documents.add(a_document(f"n{n}", chat_file=f"F{n}", original=original, previews={}))
                tx.enqueue(Job("read_document", f"n{n}", {"document": f"n{n}"}, queue="reading"))
                tx.audit(entry(NOW, "wang", "received", f"document:n{n}"))

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    try:
        until = time.monotonic() + 120
        while count_of(place, "documents") < 50:
            assert time.monotonic() < until
        back_up(place.settings, tmp_path / "b", NOW, print)
    finally:
        ending.set()
        for writer in writers:
            writer.join()
    there = elsewhere()
    restored = restore(there.settings, tmp_path / "b", NOW, print)
    there.open()
    documents = {line.split("'")[1] for line in there.rows()["documents"]}
    assert 50 <= len(documents) < count_of(place, "documents")
    assert {id_.partition(":")[2] for id_ in there.waiting() if id_.startswith("read")} == documents
    assert restored.entries == len(documents)
    assert restored.broken is None
    assert restored.lost == 0


def test_a_backup_of_older_tables_is_brought_up_to_date(elsewhere, tmp_path, empty_database, place):
    old = elsewhere(name="old")
    upgrade(old.url, "0001")
    with sqlite3.connect(old.url.removeprefix("sqlite:///")) as database:
        database.execute("CREATE TABLE workflow_status (workflow_uuid, name, queue_name, inputs, status, created_at)")
        database.execute("CREATE TABLE workflow_input (workflow_uuid, inputs)")
        database.execute("INSERT INTO counters VALUES ('claims', 7)")
    database.close()
    back_up(old.settings, tmp_path / "b", NOW, print)
    there = elsewhere()
    restore(there.settings, tmp_path / "b", NOW, print)
    check(there.url)
    assert there.rows()["counters"] == ["['claims', 7]"]


def nothing_changed(there):
    assert sorted(path.name for path in there.folder.iterdir()) == ["keys.json"]


@pytest.fixture
def a_backup(place, tmp_path):
    fill(place)
    back_up(place.settings, tmp_path / "b", NOW, print)
    return tmp_path / "b"


def test_a_damaged_backup_changes_nothing(a_backup, elsewhere):
    content = bytearray(a_backup.read_bytes())
    content[-20] ^= 1
    a_backup.write_bytes(content)
    there = elsewhere()
    with pytest.raises(BackupUnusable, match="damaged"):
        restore(there.settings, a_backup, NOW, print)
    nothing_changed(there)
    a_backup.write_bytes(content[:-30])
    with pytest.raises(BackupUnusable, match="damaged"):
        restore(there.settings, a_backup, NOW, print)
    nothing_changed(there)


def test_other_keys_change_nothing(a_backup, elsewhere):
    there = elsewhere()
    (there.folder / "keys.json").unlink()
    load_keyring(there.folder, None)
    with pytest.raises(BackupUnusable, match="sealed with the keys"):
        restore(there.settings, a_backup, NOW, print)
    nothing_changed(there)


def test_without_keys_none_are_made(a_backup, elsewhere):
    there = elsewhere()
    (there.folder / "keys.json").unlink()
    with pytest.raises(BackupFailed, match="keys of the backed-up installation are missing"):
        restore(there.settings, a_backup, NOW, print)
    assert list(there.folder.iterdir()) == []


def test_tables_of_a_newer_version_are_named(place, elsewhere, tmp_path):
    with place.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    back_up(place.settings, tmp_path / "b", NOW, print)
    there = elsewhere()
    with pytest.raises(BackupUnusable, match="newer version"):
        restore(there.settings, tmp_path / "b", NOW, print)
    nothing_changed(there)


@pytest.mark.parametrize("kind", KINDS)
def test_only_an_empty_place_is_restored_into(a_backup, elsewhere, kind):
    there = elsewhere(kind)
    restore(there.settings, a_backup, NOW, print)
    before = there.rows()
    with pytest.raises(BackupFailed, match="holds originals already"):
        restore(there.settings, a_backup, NOW, print)
    shutil.rmtree(there.folder / "originals")
    with pytest.raises(BackupFailed, match="database is not empty"):
        restore(there.settings, a_backup, NOW, print)
    assert there.rows() == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_place_that_was_only_started_is_empty(a_backup, elsewhere, kind):
    there = elsewhere(kind)
    piaobot("migrate", PIAOBOT_DATA_DIR=str(there.folder), PIAOBOT_DATABASE_URL=there.url)
    FileStorage(there.folder / "originals", load_keyring(there.folder, None))
    assert restore(there.settings, a_backup, NOW, print).claims == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_failure_on_the_way_leaves_an_empty_place_and_the_next_try_works(a_backup, elsewhere, monkeypatch, kind):
    there = elsewhere(kind)
    monkeypatch.setattr(bot.backup, "check_whole", _disk_full)
    with pytest.raises(BackupFailed, match="could not be done"):
        restore(there.settings, a_backup, NOW, print)
    nothing_changed(there)
    monkeypatch.undo()
    assert restore(there.settings, a_backup, NOW, print).claims == 1


def _disk_full(_):
    raise OSError(28, os.strerror(28), "piaobot.db")


def test_a_backup_never_replaces_a_file(place, tmp_path):
    fill(place)
    (tmp_path / "b").write_text("the only photo of grandmother")
    with pytest.raises(BackupFailed, match="left as it is"):
        back_up(place.settings, tmp_path / "b", NOW, print)
    assert (tmp_path / "b").read_text() == "the only photo of grandmother"
    assert not (tmp_path / "b.part").exists()


def test_a_backup_that_cannot_be_written_leaves_nothing(place, tmp_path):
    with pytest.raises(BackupFailed, match="could not be done"):
        back_up(place.settings, tmp_path / "missing" / "b", NOW, print)
    assert not (tmp_path / "missing").exists()


def test_there_must_be_something_to_back_up(tmp_path):
    nowhere = Settings(data_dir=tmp_path / "nowhere", _env_file=None)
    with pytest.raises(BackupFailed, match="no installation here"):
        back_up(nowhere, tmp_path / "b", NOW, print)
    assert list(tmp_path.iterdir()) == []


def test_a_spoilt_original_is_counted_and_kept_as_it_is(place, elsewhere, tmp_path):
    key = fill(place)[0]
    path = place.folder / "originals" / key[:2] / key
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert back_up(place.settings, tmp_path / "b", NOW, print).lost == 1
    there = elsewhere()
    assert restore(there.settings, tmp_path / "b", NOW, print).lost == 1
    assert (there.folder / "originals" / key[:2] / key).read_bytes() == path.read_bytes()


def test_it_says_how_far_it_is(place, tmp_path, monkeypatch):
    fill(place)
    monkeypatch.setattr(bot.backup, "PROGRESS_SECONDS", -1.0)
    said = []
    back_up(place.settings, tmp_path / "b", NOW, said.append)
    assert said[-1].values == {"count": 3, "size": 0}


@pytest.mark.parametrize(("locale", "word"), [("zh_CN.UTF-8", "密钥"), ("en_GB.UTF-8", "encryption keys")])
def test_the_commands_tell_in_the_terminals_language(place, elsewhere, tmp_path, locale, word):
    fill(place)
    environment = {"PIAOBOT_DATA_DIR": str(place.folder), "PIAOBOT_DATABASE_URL": place.url, "LC_ALL": locale}
    done = piaobot("backup", tmp_path / "b", **environment)
    assert word in done.stdout, done.stderr
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o600
    there = elsewhere()
    back = piaobot(
        "restore",
        tmp_path / "b",
        **environment | {"PIAOBOT_DATA_DIR": str(there.folder), "PIAOBOT_DATABASE_URL": there.url},
    )
    assert back.returncode == 0, back.stderr
    assert "1" in back.stdout
    again = piaobot("backup", tmp_path / "b", **environment)
    assert again.returncode == 1
    assert again.stderr.count("\n") == 1
