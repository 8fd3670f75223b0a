"""Documents, invoices, the identities they hold, and findings."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.document import DocumentState, Problem
from core.errors import Changed
from core.invoice import InvoiceState
from core.messages import Message
from core.ports import Job
from tests.integrations.database.samples import NOON, a_document, a_finding, a_reading, an_invoice, race


def test_a_document_comes_back_as_it_was_saved(transactions):
    unreadable = a_document(
        state=DocumentState.UNREADABLE,
        sha256="ab",
        original="key",
        problem=Message("It has {n} pages.", n=99),
        problem_code="E-PAGES",
    )
    with transactions.write() as tx:
        tx.documents.add(unreadable)
    with transactions.read() as tx:
        assert tx.documents.get("d1") == replace(unreadable, version=1)


def test_the_files_of_an_archive_that_could_not_be_read_come_back(transactions, engine):
    problems = (
        Problem("张三的发票.txt", Message("It is no invoice."), "E-TYPE"),
        Problem("b.zip", Message("B"), "E-X"),
    )
    with transactions.write() as tx:
        tx.documents.add(a_document(problems=problems))
        tx.documents.add(a_document("d2"))
    with transactions.read() as tx:
        assert tx.documents.get("d1").problems == problems
        assert tx.documents.get("d2").problems == ()
    with engine.connect() as connection:
        kept = bytes(connection.scalar(text("SELECT problems FROM documents WHERE id = 'd1'")))
    assert "张三" not in kept.decode(errors="ignore")


def test_a_document_is_found_by_its_chat_file_and_place(transactions):
    with transactions.write() as tx:
        tx.documents.add(a_document())
        tx.documents.add(a_document("d2", place="C2/9"))
    with transactions.read() as tx:
        assert tx.documents.find_by_chat_file("F1", "C2/9").id == "d2"
        assert tx.documents.find_by_chat_file("F1", "C3/9") is None


def test_the_same_chat_file_of_the_same_place_is_kept_once(transactions):
    with transactions.write() as tx:
        tx.documents.add(a_document())
    with pytest.raises(Changed), transactions.write() as tx:
        tx.documents.add(a_document("d2", place="C1/d1"))


@pytest.mark.parametrize(
    "get", [lambda tx: tx.documents.get("no"), lambda tx: tx.invoices.get("no"), lambda tx: tx.claims.get("no")]
)
@pytest.mark.parametrize("way", ["read", "write"])
def test_what_is_not_there_is_a_key_error(transactions, get, way):
    with pytest.raises(KeyError), getattr(transactions, way)() as tx:
        get(tx)


def test_an_invoice_comes_back_as_it_was_saved(transactions):
    with transactions.write() as tx:
        tx.documents.add(a_document())
        tx.invoices.add(an_invoice(category="meals"))
    with transactions.read() as tx:
        assert tx.invoices.get("i1") == an_invoice(category="meals", version=1)


def test_a_documents_invoices_keep_the_order_they_were_added_in(transactions):
    with transactions.write() as tx:
        tx.documents.add(a_document())
        for id_ in ("z", "a", "m"):
            tx.invoices.add(an_invoice(id_))
    with transactions.write() as tx:
        tx.invoices.save(replace(tx.invoices.get("z"), purpose="changed"))
        tx.invoices.add(an_invoice("b"))
    with transactions.read() as tx:
        assert [invoice.id for invoice in tx.invoices.of_document("d1")] == ["z", "a", "m", "b"]
        assert tx.invoices.of_document("d2") == []


def test_personal_texts_are_encrypted_and_searched_columns_are_not(transactions, engine):
    with transactions.write() as tx:
        tx.documents.add(a_document())
        tx.invoices.add(an_invoice())
        tx.findings.replace("i1", [a_finding()])
    with engine.connect() as connection:
        number, total = connection.execute(text("SELECT number, total FROM invoices")).one()
        kept = [
            bytes(connection.scalar(text(f"SELECT {column} FROM {table}")))
            for table, column in [
                ("documents", "name"),
                ("invoices", "reading"),
                ("invoices", "purpose"),
                ("findings", "finding"),
            ]
        ]
    assert (number, total) == ("26317000000000000001", 4758000)
    for body in kept:
        assert not any(plain.encode() in body for plain in ("出租车", "26317000000000000001", "客户", "475.80", "1.10"))


class TestTheVersionSaved:
    """Of two people who saw the same, the first to save wins and the other is told."""

    @pytest.fixture
    def seen(self, transactions):
        with transactions.write() as tx:
            tx.documents.add(a_document())
            tx.invoices.add(an_invoice())
        with transactions.read() as tx:
            return tx.invoices.get("i1")

    def test_a_stale_invoice_is_not_saved(self, transactions, seen):
        with transactions.write() as tx:
            tx.invoices.save(replace(seen, purpose="first"))
        with pytest.raises(Changed) as told, transactions.write() as tx:
            tx.invoices.save(replace(seen, purpose="second"))
        assert "nothing was done" in told.value.message.text
        with transactions.read() as tx:
            assert tx.invoices.get("i1").purpose == "first"

    def test_loading_it_again_before_saving_makes_a_stale_one_no_fresher(self, transactions, seen):
        with transactions.write() as tx:
            tx.invoices.save(replace(seen, purpose="first"))
        with transactions.write() as tx:
            tx.invoices.get("i1")
            with pytest.raises(Changed):
                tx.invoices.save(replace(seen, purpose="second"))

    def test_one_use_case_may_save_the_same_thing_twice(self, transactions, seen):
        with transactions.write() as tx:
            tx.invoices.save(replace(seen, purpose="first"))
            tx.invoices.save(replace(seen, purpose="second"))
            tx.invoices.save(replace(tx.invoices.get("i1"), category="meals"))
        with transactions.read() as tx:
            assert (tx.invoices.get("i1").purpose, tx.invoices.get("i1").category) == ("second", "meals")

    def test_what_was_just_added_can_be_saved(self, transactions):
        with transactions.write() as tx:
            tx.documents.add(a_document("d2"))
            tx.documents.save(a_document("d2", size=9))
        with transactions.read() as tx:
            assert tx.documents.get("d2").size == 9

    def test_of_ten_who_save_at_once_one_wins(self, transactions, seen):
        def save(purpose):
            try:
                with transactions.write() as tx:
                    tx.invoices.save(replace(seen, purpose=purpose))
            except Changed:
                return None
            return purpose

        winners = [won for won in race(*[lambda n=n: save(f"by {n}") for n in range(10)]) if won]
        with transactions.read() as tx:
            assert winners == [tx.invoices.get("i1").purpose]


class TestReservations:
    @pytest.fixture(autouse=True)
    def _invoices(self, transactions):
        with transactions.write() as tx:
            tx.documents.add(a_document())
            for n in range(10):
                tx.invoices.add(an_invoice(f"i{n}"))

    def test_an_identity_is_held_by_the_first(self, transactions):
        with transactions.write() as tx:
            assert tx.invoices.reserve("n-1", "i1") is None
            assert tx.invoices.reserve("n-1", "i1") is None
        with transactions.write() as tx:
            assert tx.invoices.reserve("n-1", "i2") == "i1"
        with transactions.read() as tx:
            assert tx.invoices.holder_of("n-1") == "i1"
            assert tx.invoices.holder_of("n-2") is None

    def test_released_it_is_free_for_another(self, transactions):
        with transactions.write() as tx:
            tx.invoices.reserve("n-1", "i1")
        with transactions.write() as tx:
            tx.invoices.release("i1")
            tx.invoices.release("i3")
            assert tx.invoices.reserve("n-1", "i2") is None

    def test_a_corrected_number_frees_the_wrong_one(self, transactions):
        with transactions.write() as tx:
            tx.invoices.reserve("wrong", "i1")
            tx.invoices.reserve("right", "i1")
        with transactions.read() as tx:
            assert (tx.invoices.holder_of("wrong"), tx.invoices.holder_of("right")) == (None, "i1")

    def test_an_identity_that_another_holds_leaves_the_own_one_held(self, transactions):
        with transactions.write() as tx:
            tx.invoices.reserve("mine", "i1")
            tx.invoices.reserve("theirs", "i2")
            assert tx.invoices.reserve("theirs", "i1") == "i2"
            assert tx.invoices.holder_of("mine") == "i1"

    def test_of_ten_at_once_one_gets_it_and_nine_are_told_who(self, transactions):
        def reserve(invoice_id):
            with transactions.write() as tx:
                return tx.invoices.reserve("n-1", invoice_id)

        answers = race(*[lambda n=n: reserve(f"i{n}") for n in range(10)])
        with transactions.read() as tx:
            holder = tx.invoices.holder_of("n-1")
        assert [f"i{n}" for n, answer in enumerate(answers) if answer is None] == [holder]
        assert answers.count(holder) == 9


def test_findings_are_replaced_as_a_whole_and_keep_their_order(transactions):
    with transactions.write() as tx:
        tx.documents.add(a_document())
        tx.invoices.add(an_invoice())
        tx.findings.replace("i1", [a_finding("U1"), a_finding("A1"), a_finding("A1")])
    with transactions.read() as tx:
        assert tx.findings.of("i1") == (a_finding("U1"), a_finding("A1"), a_finding("A1"))
    with transactions.write() as tx:
        tx.findings.replace("i1", [a_finding("Q3")])
    with transactions.read() as tx:
        assert tx.findings.of("i1") == (a_finding("Q3"),)
    with transactions.write() as tx:
        tx.findings.replace("i1", [])
        assert tx.findings.of("i1") == ()


class TestAUnitOfWork:
    def test_a_failure_leaves_nothing_behind(self, transactions, enqueued):
        def use_case():
            with transactions.write() as tx:
                tx.documents.add(a_document())
                tx.invoices.add(an_invoice())
                tx.inbox.add("chat", "E1", "{}")
                tx.enqueue(Job("read_document", "d1", {"document": "d1"}))
                tx.cards.changed("document:d1")
                raise RuntimeError("on purpose")

        with pytest.raises(RuntimeError, match="on purpose"):
            use_case()
        with transactions.write() as tx:
            assert tx.documents.find_by_chat_file("F1", "C1/d1") is None
            assert tx.inbox.add("chat", "E1", "{}")
            assert tx.cards.behind(NOON) == []
        assert enqueued() == []

    def test_a_missing_parent_is_found_at_commit_whatever_the_order(self, transactions):
        with transactions.write() as tx:
            tx.invoices.add(an_invoice())
            tx.documents.add(a_document())
        with pytest.raises(DBAPIError), transactions.write() as tx:
            tx.invoices.add(an_invoice("i2", document_id="nowhere"))

    @pytest.mark.parametrize(
        "save",
        [
            lambda tx: tx.documents.add(a_document("d2")),
            lambda tx: tx.invoices.reserve("n-1", "i1"),
            lambda tx: tx.cards.changed("claim:c1"),
            lambda tx: tx.enqueue(Job("show", "k", {})),
            lambda tx: tx.inbox.add("chat", "E1", "{}"),
        ],
    )
    def test_reading_saves_nothing(self, transactions, save):
        with pytest.raises(DBAPIError), transactions.read() as tx:
            save(tx)
        with transactions.write() as tx:
            tx.documents.add(a_document())

    def test_reading_sees_one_moment(self, transactions):
        with transactions.write() as tx:
            tx.documents.add(a_document())
        with transactions.read() as reading:
            assert reading.invoices.of_document("d1") == []
            with transactions.write() as tx:
                tx.invoices.add(an_invoice())
            assert reading.invoices.of_document("d1") == []
        with transactions.read() as reading:
            assert len(reading.invoices.of_document("d1")) == 1

    def test_what_is_decided_rests_on_what_was_read(self, transactions):
        """Gather, decide, save: of ten who each see the draft free, only one claims it."""
        with transactions.write() as tx:
            tx.documents.add(a_document())
            tx.invoices.add(an_invoice())

        def discard():
            try:
                with transactions.write() as tx:
                    invoice = tx.invoices.get("i1")
                    if invoice.state is not InvoiceState.DRAFT:
                        return False
                    tx.invoices.save(invoice.move(InvoiceState.DISCARDED))
            except Changed:
                return False
            return True

        assert sum(race(*[discard] * 10)) == 1


def test_a_reading_with_every_kind_of_value_survives(transactions):
    odd = replace(a_reading("12345678", "-0.01"), place=None, lines=(), findings=())
    with transactions.write() as tx:
        tx.documents.add(a_document())
        tx.invoices.add(an_invoice(reading=odd))
    with transactions.read() as tx:
        assert tx.invoices.get("i1").reading == odd
