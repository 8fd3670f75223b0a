"""What people corrected comes out as labelled documents, on both databases, and nothing of anybody else does."""

import json
import stat
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import text

from bot.corrections import export_corrections
from bot.settings import Settings
from core.document import DocumentState
from core.errors import Refused
from core.invoice import Box, Candidate, Field, FieldName, FieldState, InvoiceState, Source
from core.messages import Message
from integrations.database.audit import verify
from integrations.database.engine import create_engine
from integrations.database.transaction import SqlTransactions
from integrations.jobs.engine import JobEngine
from integrations.storage.files import FileStorage
from integrations.storage.keys import load_keyring
from sandbox.papers import invent, to_pdf, to_picture
from tests.bot.test_command_line import piaobot
from tests.integrations.database.samples import a_document, a_reading, an_invoice

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
PLACE = Box(0.6, 0.6, 0.8, 0.65)
ALL_FIELDS = {name.value for name in FieldName}


def a_misread_invoice(id_="i1", **changes):
    """The total was read as 457.80 by one reader; the date by one only, the tax by none."""
    readers = (Candidate("457.80", Source.RAPIDOCR, 0.9, PLACE), Candidate("475.80", Source.TESSERACT, None, PLACE))
    fields = {
        FieldName.TOTAL: Field("457.80", FieldState.READ, readers, Message("Two readers disagree")),
        FieldName.DATE: Field("2026-11-03", FieldState.READ, readers[:1]),
    }
    reading = a_reading()
    return an_invoice(id_, owner="lilei", reading=replace(reading, fields={**reading.fields, **fields}), **changes)


def corrected(invoice, value="475.80"):
    return invoice.enter(FieldName.TOTAL, value, "lilei")


class Installation:
    """A data folder, a database, and a way to put things into both."""

    def __init__(self, folder, url):
        self.settings = Settings(data_dir=folder, database_url=url, _env_file=None)
        self.keyring = load_keyring(folder, None)
        self.storage = FileStorage(folder / "originals", self.keyring)
        self.said = []

    @contextmanager
    def write(self):
        engine, jobs = create_engine(self.settings.database_url, self.keyring), JobEngine(self.url, "test", {})
        try:
            with SqlTransactions(engine, jobs.enqueue).write() as tx:
                yield tx
        finally:
            jobs.stop()
            engine.dispose()

    @property
    def url(self):
        return self.settings.database_url

    def has(self, *invoices, content, page=None, id_="d1", **changes):
        """One document of these invoices."""
        previews = {1: self.storage.put(page)} if page else {}
        kept = {"original": self.storage.put(content), "previews": previews, "state": DocumentState.READ}
        with self.write() as tx:
            tx.documents.add(a_document(id_, **{"owner": "lilei", **kept, **changes}))
            for invoice in invoices:
                tx.invoices.add(replace(invoice, document_id=id_))

    def export(self, folder):
        self.said.clear()
        return export_corrections(self.settings, folder, lambda: NOW, lambda said: self.said.append(said.text))

    def exports(self):
        """The audit entries of exports, their facts."""
        engine = create_engine(self.url)
        with engine.connect() as connection:
            found = connection.scalars(text("SELECT facts FROM audit_entries WHERE action = 'corrections exported'"))
            facts = [json.loads(each) for each in found]
        assert verify(engine) is None
        engine.dispose()
        return facts


@pytest.fixture
def installation(tmp_path, database_url):
    return Installation(tmp_path / "data", database_url)


@pytest.fixture(scope="module")
def photo():
    return to_picture(invent("corrected"), dpi=80, format="JPEG")


def labels_in(folder):
    return json.loads((folder / "labels.json").read_text())


def test_a_correction_becomes_a_labelled_document_with_its_crop(installation, photo, tmp_path):
    invoice = corrected(a_misread_invoice()).enter(FieldName.DATE, "2026-11-03", "lilei")
    installation.has(invoice, content=photo, page=photo)
    assert installation.export(tmp_path / "out") == 1
    assert (tmp_path / "out" / "d1.jpg").read_bytes() == photo
    label = labels_in(tmp_path / "out")["d1.jpg"]
    assert set(label) == ALL_FIELDS | {"kind", "page", "confirmed", "unsure", "corrections"}
    assert (label["kind"], label["number"], label["total"]) == ("digital_ordinary", "26317000000000000001", "475.80")
    assert (label["confirmed"], label["unsure"]) == (["date"], ["buyer_name", "tax"])
    assert (label["date"], label["buyer_name"], label["tax"]) == ("2026-11-03", None, None)
    assert label["corrections"] == {
        "total": {
            "read": "457.80",
            "final": "475.80",
            "crop": "crops/d1-1-total.png",
            "seen": [
                {"value": "457.80", "source": "rapidocr"},
                {"value": "475.80", "source": "tesseract"},
            ],
        }
    }
    with (
        Image.open(BytesIO(photo)) as page,
        Image.open(tmp_path / "out" / "crops" / "d1-1-total.png") as crop,
    ):
        assert crop.width >= 640
        assert crop.height / crop.width < page.height / page.width / 2


def test_it_can_be_read_by_its_owner_alone(installation, photo, tmp_path):
    installation.has(corrected(a_misread_invoice()), content=photo, page=photo)
    (tmp_path / "out").mkdir(mode=0o755)
    installation.export(tmp_path / "out")
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out", *(tmp_path / "out").rglob("*"))}
    assert set(modes.values()) == {0o700, 0o600}
    assert all((mode == 0o700) == path.is_dir() for path, mode in modes.items())
    assert sorted(path.name for path in modes) == sorted(["out", "crops", "d1-1-total.png", "d1.jpg", "labels.json"])


def test_what_nobody_may_keep_or_nobody_corrected_stays_where_it_is(installation, photo, tmp_path):
    pdf = to_pdf(invent("of the practice"))
    installation.has(a_misread_invoice(), content=photo)
    confirmed = a_misread_invoice("i2").enter(FieldName.TOTAL, "457.80", "lilei")
    installation.has(confirmed, content=photo, id_="d2")
    installation.has(corrected(a_misread_invoice("i3", practice=True)), content=pdf, id_="d3", practice=True)
    installation.has(corrected(a_misread_invoice("i4", state=InvoiceState.DISCARDED)), content=photo, id_="d4")
    installation.has(replace(corrected(a_misread_invoice("i5")), owner="gone"), content=photo, id_="d5", owner="gone")
    assert installation.export(tmp_path / "out") == 0
    assert not (tmp_path / "out").exists()
    assert installation.exports() == []
    assert "no longer in people.yaml" in installation.said[0]
    assert "Nobody has corrected anything" in installation.said[1]


def test_an_original_that_is_gone_or_damaged_is_left_out_and_counted(installation, photo, tmp_path):
    installation.has(corrected(a_misread_invoice()), content=photo, page=photo)
    installation.has(corrected(a_misread_invoice("i2")), content=b"%PDF-1.7", id_="d2", original=None)
    installation.has(corrected(a_misread_invoice("i3")), content=b"%PDF-1.6", id_="d3")
    key = installation.storage.put(b"%PDF-1.6")
    path = installation.settings.data_dir / "originals" / key[:2] / key
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    assert installation.export(tmp_path / "out") == 1
    assert list(labels_in(tmp_path / "out")) == ["d1.jpg"]
    assert any("no longer kept or cannot be opened" in said for said in installation.said)


def test_all_invoices_of_a_document_are_labelled_when_one_was_corrected(installation, photo, tmp_path):
    first, second = corrected(a_misread_invoice()), a_misread_invoice("i2")
    installation.has(first, second, content=photo, page=photo)
    installation.export(tmp_path / "out")
    label = labels_in(tmp_path / "out")["d1.jpg"]
    assert label["kind"] == "multiple"
    assert [sorted(each["corrections"]) for each in label["invoices"]] == [["total"], []]
    assert [each["total"] for each in label["invoices"]] == ["475.80", None]


def test_what_was_not_read_at_all_has_no_crop(installation, photo, tmp_path):
    installation.has(a_misread_invoice().enter(FieldName.TAX, "26.93", "lilei"), content=photo, page=photo)
    installation.export(tmp_path / "out")
    correction = labels_in(tmp_path / "out")["d1.jpg"]["corrections"]["tax"]
    assert correction == {"read": None, "final": "26.93", "crop": None, "seen": []}


def test_documents_come_in_the_order_they_were_sent(installation, photo, tmp_path):
    for day in (3, 1, 2):
        other = to_pdf(invent(f"sent on {day}"))
        sent = NOW + timedelta(days=day)
        installation.has(corrected(a_misread_invoice(f"i{day}")), content=other, id_=f"d{day}", received_at=sent)
    assert installation.export(tmp_path / "out") == 3
    assert list(labels_in(tmp_path / "out")) == ["d1.pdf", "d2.pdf", "d3.pdf"]


def test_the_export_stands_in_the_audit_log(installation, photo, tmp_path):
    installation.has(corrected(a_misread_invoice()), content=photo, page=photo)
    installation.export(tmp_path / "out")
    (facts,) = installation.exports()
    assert facts.keys() == {"documents", "corrections", "account"}
    assert (facts["documents"], facts["corrections"]) == ("1", "1")


def test_nothing_is_mixed_with_what_is_there(installation, photo, tmp_path):
    installation.has(corrected(a_misread_invoice()), content=photo)
    full, file = tmp_path / "full", tmp_path / "file"
    full.mkdir()
    (full / "mine.txt").write_text("mine")
    file.write_text("mine")
    for taken in (full, file):
        with pytest.raises(Refused) as caught:
            installation.export(taken)
        assert caught.value.code == "E-CORRECTIONS"
    with pytest.raises(Refused, match="It could not be done"):
        installation.export(tmp_path / "no" / "such" / "folder")
    assert [path.name for path in full.iterdir()] == ["mine.txt"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "file", "full"]


@pytest.mark.parametrize(
    ("locale", "holds", "warns"), [("zh_CN.UTF-8", "更正", "没有加密"), ("C", "corrections", "not encrypted")]
)
def test_the_command_says_what_it_wrote_and_that_it_is_personal(installation, photo, tmp_path, locale, holds, warns):
    installation.has(corrected(a_misread_invoice()), content=photo, page=photo)
    place = {
        "PIAOBOT_DATA_DIR": str(installation.settings.data_dir),
        "PIAOBOT_DATABASE_URL": installation.url,
        "LC_ALL": locale,
    }
    done = piaobot("corrections", "export", tmp_path / "out", **place)
    assert done.returncode == 0, done.stderr
    assert holds in done.stdout
    assert warns in done.stdout
    again = piaobot("corrections", "export", tmp_path / "out", **place)
    assert again.returncode == 1
    assert str(tmp_path / "out") in again.stderr


def test_without_an_installation_it_says_so_and_makes_none(tmp_path):
    done = piaobot("corrections", "export", tmp_path / "out", PIAOBOT_DATA_DIR=str(tmp_path / "data"), LC_ALL="C")
    assert done.returncode == 1
    assert "no installation here" in done.stderr
    assert list(tmp_path.iterdir()) == []
