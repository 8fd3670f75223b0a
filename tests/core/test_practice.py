"""Practice: real reading and checks, a pretended approver, and nothing that a claim would leave behind."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import practice
from core.errors import Changed
from core.invoice import InvoiceState
from core.ports import CardRow, Posted, Subject
from core.use_cases.meet import Meet
from core.use_cases.practise import PretendDecision, StartPractice, SubmitPractice
from core.use_cases.scan import Scan
from integrations.database.tables import InvoiceRow
from tests.core.office import NUMBER, a_reading, quick, was_read
from tests.core.test_submit import refusal

SAMPLE = {
    "number": practice.NUMBER,
    "date": practice.DAY.isoformat(),
    "buyer_name": practice.BUYER.name,
    "buyer_tax_id": practice.BUYER.tax_id,
    "seller_name": practice.SELLER.name,
    "seller_tax_id": practice.SELLER.tax_id,
}


class Originals:
    """Keeps files by content."""

    def __init__(self):
        self.held = {}

    def put(self, content):
        self.held[str(hash(content))] = content
        return str(hash(content))

    def get(self, key):
        return self.held[key]


def submit(office):
    return SubmitPractice(office.transactions, office.submit.check, office.clock)


def practised(office, id_="p1", owner="wang", **fields):
    """A practice draft as reading leaves it."""
    return office.draft(id_, owner, a_reading(**SAMPLE | fields), practice=True)


def decide(office):
    office.now += practice.PRETEND_AFTER
    Scan(office.transactions, office.clock)()
    for invoice_id in office.jobs_named("pretend_decision"):
        PretendDecision(office.transactions)(invoice_id)


def columns(engine, id_):
    with engine.connect() as connection:
        searched = (
            InvoiceRow.identity,
            InvoiceRow.number,
            InvoiceRow.seller_tax_id,
            InvoiceRow.total,
            InvoiceRow.issued_on,
        )
        return tuple(connection.execute(select(*searched).where(InvoiceRow.id == id_)).one())


class TestPractice:
    def test_starts_with_the_sample_one_at_a_time(self, office):
        start = StartPractice(office.transactions, Originals(), b"sample", iter("abcdefgh").__next__, office.clock)
        start("wang")
        assert refusal(start, "wang").code == "E-PRACTISING"
        start("li")
        with office.transactions.read() as tx:
            document = tx.documents.get("a")
            assert (document.owner, document.practice, document.name) == ("wang", True, practice.NAME)
            assert not tx.documents.has_sent("wang")

    def test_the_pretend_approver_decides_once_his_time_has_come(self, office):
        submit(office)(practised(office), "wang")
        Scan(office.transactions, office.clock)()
        assert (office.jobs_named("pretend_decision"), office.invoice("p1").state) == ([], InvoiceState.CLAIMED)
        with office.transactions.read() as tx:
            assert tx.documents.is_practising("wang")

        decide(office)
        decide(office)
        assert (office.jobs_named("pretend_decision"), office.invoice("p1").state) == (["p1"], InvoiceState.SETTLED)
        with office.transactions.read() as tx:
            assert not tx.documents.is_practising("wang")

    def test_several_may_hold_the_sample_at_once_and_no_search_finds_it(self, office, engine):
        for id_, owner in (("p1", "wang"), ("p2", "li"), ("p3", "wang")):
            submit(office)(practised(office, id_, owner), owner)
            assert columns(engine, id_) == (None,) * 5
        practised(office, "p4")
        with office.transactions.read() as tx:
            assert (list(tx.invoices.drafts_of("wang")), tx.invoices.count_drafts_of("wang")) == ([], 0)
            assert list(tx.invoices.findable("wang", everybody=True, limit=9)) == []
        assert office.holder_of(practice.NUMBER) is None
        assert office.jobs_named("open_approval") == []

    @pytest.mark.parametrize("days", [0, 400, 4000])
    def test_the_sample_never_grows_old(self, office, days):
        office.now += timedelta(days=days)
        submit(office)(practised(office), "wang")
        assert office.findings("p1") == {}

    def test_what_is_asked_or_blocks_stands_in_the_way_as_it_would(self, office):
        practised(office, date=was_read(practice.DAY.isoformat()))
        assert refusal(submit(office), "p1", "wang").code == "E-QUESTIONS"
        practised(office, "p2", total="999.00")
        assert refusal(submit(office), "p2", "wang").code == "E-A1"
        assert refusal(submit(office), "p2", "li").code == "E-NOT-YOURS"

    def test_neither_is_ever_taken_for_the_other(self, office):
        assert refusal(office.submit, practised(office), "wang").code == "E-PRACTICE"
        assert refusal(office.submit.together, [office.draft("i1"), "p1"], "wang").code == "E-PRACTICE"
        assert refusal(submit(office), "i1", "wang").code == "E-NO-PRACTICE"
        assert (office.invoice("p1").state, office.invoice("i1").state) == (InvoiceState.DRAFT, InvoiceState.DRAFT)
        assert office.holder_of(NUMBER) is None

    def test_the_database_lets_no_practice_into_a_claim(self, office):
        practised(office)
        claim = office.submit(office.draft("i1"), "wang")
        with pytest.raises((Changed, IntegrityError)), office.transactions.write() as tx:
            tx.invoices.save(tx.invoices.get("p1").move(InvoiceState.CLAIMED, claim_id=claim.id))


@quick
@pytest.mark.parametrize("known", ["number", "seller_tax_id"])
def test_the_sample_sent_as_a_real_invoice_is_refused(office, known):
    """By its number or its seller: a bad photo may lack one of them. No rule makes it weigh less."""
    ours = {name: value for name, value in SAMPLE.items() if name == known}
    assert refusal(office.submit, office.draft(reading=a_reading(**ours)), "wang").code == "E-K3"


class TestFirstMeeting:
    def test_is_said_until_it_was_said_then_never_again(self, office):
        meet = Meet(office.transactions)
        assert meet("wang")
        assert meet("wang")  # nothing is posted yet; the card has one key
        show(office, "wang")
        assert not meet("wang")
        assert meet("li")

    def test_whoever_sent_a_file_is_not_lectured(self, office):
        office.draft(owner="wang")
        practised(office, owner="li")
        assert not Meet(office.transactions)("wang")
        assert Meet(office.transactions)("li")


def show(office, person):
    with office.transactions.write() as tx:
        tx.cards.put(CardRow(f"meeting:{person}", Subject(f"meeting:{person}"), person, Posted("D1/1.0")))
