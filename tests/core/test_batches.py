"""Many files in one message: the figures, the same file and the same invoice again, one claim, drafts left alone."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.actions import Input
from core.approval import OAStatus, Verdict
from core.batch import MOST_FILES, Batch, Bucket, Found, reconcile
from core.claim import ClaimState
from core.directory import Member
from core.document import Document, DocumentState, Problem, Reading
from core.errors import NotUnderstood, Refused, Unreadable
from core.invoice import FieldName, FieldState, Finding, Invoice, InvoiceState, Kind, Severity, Source
from core.messages import Message
from core.ports import Posted
from core.use_cases.build_views import BuildViews
from core.use_cases.put_together import PutTogether
from core.use_cases.read_document import ReadDocument
from core.use_cases.receive_files import IncomingFile, ReceiveFiles
from core.use_cases.scan import Scan
from core.use_cases.show import BETWEEN_EDITS, Show
from core.use_cases.unattended import TellUnattended
from core.views import BatchView, DocumentView, InvoiceView, MoreOfBatch, NoticeView
from tests.core.office import DIRECTORY, NOON, POLICY, Office, a_field, a_reading, quick, was_read
from tests.integrations.database.samples import race

SAID = Message("It is no invoice.")


class Chat:
    """The chat, its files, the storage and the reader of one office, in memory."""

    def __init__(self):
        self.papers = {}
        self.kept = {}
        self.shown = []

    def paper(self, name, content, reading):
        """A file whose bytes the reader understands so."""
        self.papers[content] = reading
        return IncomingFile(f"F-{name}-{content.decode()}", name, len(content))

    def download(self, chat_file):
        _, name, content = chat_file.split("-", 2)
        return name, content.encode()

    def read(self, content, name):
        found = self.papers[content]
        if isinstance(found, Unreadable):
            raise found
        return found if isinstance(found, Reading) else Reading(tuple(found), {})

    def put(self, content):
        key = hashlib.sha256(content).hexdigest()
        self.kept[key] = content
        return key

    def get(self, key):
        return self.kept[key]

    def member_of(self, person):
        return Member("T1", f"U{person}", person, person, "en-US", "Asia/Shanghai")

    def show(self, to, view, *, key, posted=None, tried=None):
        self.shown.append((to.person, key, view))
        return posted or Posted(f"D-{to.person}/{len(self.shown)}")

    def newest(self):
        """Person and card key → what it shows now."""
        return {(person, key): view for person, key, view in self.shown}


class Desk(Office):
    """An office to which people send files."""

    def __init__(self, engine):
        super().__init__(engine)
        self.chat = Chat()
        new_id = self.submit.new_id
        chat, check = self.chat, self.submit.check
        self.receive = ReceiveFiles(self.transactions, self.clock)
        self.read = ReadDocument(self.transactions, chat, chat, chat, check, POLICY, new_id, self.clock)
        self.views = BuildViews(self.transactions, check, DIRECTORY, POLICY, chat, None, self.oa)
        self.show = Show(self.transactions, chat, chat, self.views, new_id, self.clock)
        self.together = PutTogether(self.submit)

    def sends(self, place, *files, by="wang", read=True):
        """The documents of a message, read one after the other."""
        self.receive(by, place, files)
        documents = self.documents(place)
        if read:
            for document in documents:
                self.read(document.id)
        return documents

    def documents(self, place):
        with self.transactions.read() as tx:
            return list(tx.documents.of_place(place))

    def invoices(self, document):
        with self.transactions.read() as tx:
            return list(tx.invoices.of_document(document.id))

    def shows(self):
        """Every subject that is behind, until none is; the clock goes on as it must."""
        while True:
            with self.transactions.read() as tx:
                behind = tx.cards.behind(self.now)
            for subject, _ in behind:
                self.show(subject)
            if not behind:
                self.now += BETWEEN_EDITS
                with self.transactions.read() as tx:
                    if not tx.cards.behind(self.now):
                        return

    def card(self, place, by="wang"):
        return self.views.batch(place)[1][0].reconciliation

    def counts(self, place):
        found = self.card(place)
        return {bucket.value: len(found.of(bucket)) for bucket in Bucket if found.of(bucket)}


@pytest.fixture
def desk(engine):
    return Desk(engine)


def numbered(place, **fields):
    return a_reading(number=f"264320000000000001{place:02}", **fields)


def a_zip(*readings):
    """Of an archive in which two files could not be read."""
    problems = (Problem("坏.pdf", Message("It is broken."), "E-PDF-BROKEN"), Problem("说明.txt", SAID, "E-TYPE"))
    return Reading(tuple(replace(each, part=f"{place}.xml") for place, each in enumerate(readings)), {}, problems)


def many(desk, count):
    return [desk.chat.paper(f"{place}.pdf", b"paper %d" % place, [numbered(place)]) for place in range(count)]


class TestFigures:
    stops = st.lists(
        st.sampled_from([Finding(code, weight, SAID) for code in ("U1", "A1", "K1") for weight in Severity]), max_size=3
    )

    @st.composite
    @staticmethod
    def files(draw):
        """A file as it may stand at any moment, with whatever in it."""
        state = draw(st.sampled_from(DocumentState))
        again = draw(st.sampled_from([None, "d0"]))
        document = Document("d", "wang", "a.pdf", "F", "C/1", NOON, state, same_as=again)
        if state is DocumentState.READ and again is None:
            problems = (Problem(f"{place}.txt", SAID, "E-TYPE") for place in range(draw(st.integers(0, 3))))
            document = replace(document, problems=tuple(problems))
        invoices, findings, twins = [], {}, {"d": SAID}
        for place in range(draw(st.integers(0, 4)) if state is DocumentState.READ else 0):
            invoice = Invoice(f"i{place}", "d", "wang", a_reading(), draw(st.sampled_from(InvoiceState)))
            invoices.append(invoice)
            findings[invoice.id] = draw(TestFigures.stops)
            twins[invoice.id] = SAID
        return Found(document, invoices, findings, twins)

    @given(st.lists(files(), max_size=8))
    def test_they_always_sum_and_nothing_is_in_two_buckets(self, found):
        done = reconcile(Batch("C/1", "wang"), found)
        buckets = [done.of(bucket) for bucket in Bucket]
        assert sum(map(len, buckets)) == len(done.items)
        assert done.read == sum(each.document.state is not DocumentState.RECEIVED for each in found)
        expected = sum(
            1
            if each.document.state is DocumentState.UNREADABLE or each.document.same_as
            else len(each.invoices) + len(each.document.problems)
            for each in found
            if each.document.state is not DocumentState.RECEIVED
        )
        assert len(done.items) == expected
        for item in done.items:
            assert (item.bucket is Bucket.READY) == (item.said is None) or item.bucket is Bucket.PROBLEM
            assert item.file == "a.pdf"
        told = [item for item in done.of(Bucket.PROBLEM) if item.part]
        assert [item.part for item in told] == [problem.name for each in found for problem in each.document.problems]
        assert all((item.said, item.code, item.invoice) == (SAID, "E-TYPE", None) for item in told)
        assert {each.id for each in done.ready} <= {item.invoice.id for item in done.of(Bucket.READY)}

    @quick
    @pytest.mark.parametrize(
        ("reading", "bucket"),
        [
            (a_reading(), "ready"),
            (a_reading(total=was_read("475.80")), "ready"),
            (a_reading(total="575.80"), "problem"),
            (a_reading(Kind.RIDE_ITINERARY), "attachment"),
            (a_reading(Kind.TILL_SLIP), "attachment"),
            (a_reading(Kind.NOT_INVOICE), "attachment"),
        ],
        ids=["clean", "question", "blocked", "itinerary", "slip", "nothing"],
    )
    def test_where_an_invoice_belongs(self, desk, reading, bucket):
        desk.sends("C1/1", desk.chat.paper("a", b"a", [reading]))
        assert desk.counts("C1/1") == {bucket: 1}

    def test_unreadable_and_still_to_be_read(self, desk):
        broken = Unreadable(Message("It is being read."), code="E-X")
        files = [desk.chat.paper("a", b"a", broken), desk.chat.paper("b", b"b", [a_reading()])]
        first, _ = desk.sends("C1/1", *files, read=False)
        desk.read(first.id)
        found = desk.card("C1/1")
        assert (found.read, found.files, found.done) == (1, 2, False)
        (item,) = found.items
        assert (item.bucket, item.code) == (Bucket.PROBLEM, "E-X")

    def test_files_of_an_archive_that_cannot_be_read_count_and_are_named(self, desk):
        files = [desk.chat.paper("月.zip", b"z", a_zip(numbered(1), numbered(2, total="575.80")))]
        desk.sends("C1/1", *files, desk.chat.paper("b", b"b", [numbered(3)]))
        assert desk.counts("C1/1") == {"ready": 2, "problem": 3}
        told = [(item.file, item.part, item.page, item.code) for item in desk.card("C1/1").not_ready]
        assert told[0][:3] == ("月.zip", "1.xml", None)
        assert told[1:] == [("月.zip", "坏.pdf", None, "E-PDF-BROKEN"), ("月.zip", "说明.txt", None, "E-TYPE")]
        form = desk.together.form("C1/1", "wang")
        assert (len(form.invoices), len(form.left_out)) == (2, 1)

    def test_no_more_than_thirty_are_read_and_the_others_named(self, desk):
        documents = desk.sends("C1/1", *many(desk, MOST_FILES + 2), read=False)
        assert len(documents) == MOST_FILES
        assert desk.card("C1/1").batch.left_out == ("30.pdf", "31.pdf")
        desk.receive("wang", "C1/1", many(desk, MOST_FILES + 2))
        assert len(desk.documents("C1/1")) == MOST_FILES


class TestTheSameFile:
    def test_its_owner_gets_the_first_result(self, desk):
        file = desk.chat.paper("a", b"a", [a_reading()])
        (first,) = desk.sends("C1/1", file)
        (again,) = desk.sends("C1/2", file)
        assert (again.id != first.id, desk.invoices(again)) == (True, [])
        assert desk.documents("C1/2")[0].same_as == first.id
        desk.shows()
        cards = desk.chat.newest()
        (invoice,) = desk.invoices(first)
        said = cards["wang", f"document:{again.id}"]
        assert isinstance(said, DocumentView)
        assert said.said.values["where"].text == "Its draft still waits for you."
        copy = cards["wang", f"document:{first.id}:0:again:{again.id}"]
        assert (copy.invoice.id, len(cards)) == (invoice.id, 3)
        desk.submit(invoice.id, "wang")
        desk.shows()
        assert all(view.claim for view in desk.chat.newest().values() if isinstance(view, InvoiceView))
        assert desk.views.document(again.id).cards[0][1].said.values["where"].text.startswith("It is in {reference}")

    def test_anybody_else_has_it_read_anew_and_is_told_what_the_checks_say(self, desk):
        file = desk.chat.paper("a", b"a", [a_reading()])
        (first,) = desk.sends("C1/1", file)
        claim = desk.submit(desk.invoices(first)[0].id, "wang")
        other = desk.chat.paper("b", b"b", [numbered(2)])
        desk.sends("C1/2", file, other, by="li")
        assert desk.counts("C1/2") == {"ready": 1, "duplicate": 1}
        (item,) = desk.card("C1/2").of(Bucket.DUPLICATE)
        assert item.said.values == {"reference": claim.reference}

    @quick
    @pytest.mark.parametrize("end", ["discarded", "rejected"])
    def test_what_came_to_nothing_is_read_anew(self, desk, end):
        file = desk.chat.paper("a", b"a", [a_reading()])
        (first,) = desk.sends("C1/1", file)
        (invoice,) = desk.invoices(first)
        if end == "discarded":
            desk.edit.discard(invoice.id, "wang")
        else:
            claim = desk.submit(invoice.id, "wang")
            desk.open(claim.id)
            desk.decide(claim.id, "chen", Verdict.REJECT)
            assert desk.claim(claim.id).state is ClaimState.REJECTED
        (again,) = desk.sends("C1/2", file)
        assert desk.invoices(again)[0].state is InvoiceState.DRAFT

    def test_twice_in_one_message_even_at_once(self, desk):
        files = [desk.chat.paper(name, b"a", [a_reading()]) for name in ("a", "b")]
        documents = desk.sends("C1/1", *files, read=False)
        race(*[lambda each=each: desk.read(each.id) for each in documents])
        assert desk.counts("C1/1") == {"ready": 1, "duplicate": 1}
        (item,) = desk.card("C1/1").of(Bucket.DUPLICATE)
        assert item.said.text == "The same file as {file} in this message."


class TestTheSameInvoice:
    photo, original = b"photo", b"original"

    def unsure(self, number):
        return was_read(number, Source.RAPIDOCR)

    def test_a_second_original_is_kept_as_such(self, desk):
        documents = desk.sends(
            "C1/1",
            desk.chat.paper("a.pdf", self.original, [a_reading()]),
            desk.chat.paper("a.jpg", self.photo, [a_reading()]),
        )
        assert desk.counts("C1/1") == {"ready": 1, "duplicate": 1}
        (first,), (second,) = (desk.invoices(each) for each in documents)
        assert (second.state, second.same_as) == (InvoiceState.DUPLICATE, first.id)
        (item,) = desk.card("C1/1").of(Bucket.DUPLICATE)
        assert item.said.values == {"file": "a.pdf"}

    def test_at_once_one_is_the_record(self, desk):
        files = [desk.chat.paper(name, name.encode(), [a_reading()]) for name in ("a", "b", "c", "d")]
        documents = desk.sends("C1/1", *files, read=False)
        race(*[lambda each=each: desk.read(each.id) for each in documents])
        assert desk.counts("C1/1") == {"ready": 1, "duplicate": 3}

    def test_across_time_and_messages(self, desk):
        (first,) = desk.sends("C1/1", desk.chat.paper("a.jpg", self.photo, [a_reading()]))
        claim = desk.submit(desk.invoices(first)[0].id, "wang")
        (later,) = desk.sends("C1/2", desk.chat.paper("a.pdf", self.original, [a_reading()]))
        (view,) = (view for _, view in desk.views.document(later.id).cards)
        assert view.invoice.state is InvoiceState.DUPLICATE
        assert view.notice.values["where"].values["reference"] == claim.reference

    @quick
    @pytest.mark.parametrize("answered", [True, False], ids=["answers", "asks-too"])
    def test_an_original_that_answers_the_questions_replaces_the_reading(self, desk, answered):
        (first,) = desk.sends("C1/1", desk.chat.paper("a.jpg", self.photo, [a_reading(total=was_read("475.80"))]))
        total = a_field("475.80", Source.XML) if answered else was_read("475.80", Source.PDF_TEXT)
        desk.sends("C1/2", desk.chat.paper("a.xml", self.original, [a_reading(total=total)]))
        (invoice,) = desk.invoices(first)
        state = FieldState.VERIFIED if answered else FieldState.READ
        assert invoice.reading.fields[FieldName.TOTAL].state is state
        assert desk.submit(invoice.id, "wang") if answered else invoice.questions()

    def test_what_a_claim_holds_is_never_replaced(self, desk):
        (first,) = desk.sends("C1/1", desk.chat.paper("a.jpg", self.photo, [a_reading()]))
        (invoice,) = desk.invoices(first)
        desk.submit(invoice.id, "wang")
        held = desk.invoice(invoice.id).reading
        desk.sends("C1/2", desk.chat.paper("a.xml", self.original, [a_reading(date="2026-11-04")]))
        assert desk.invoice(invoice.id).reading == held

    def test_a_number_corrected_since_makes_them_two(self, desk):
        """Both were read with the same wrong number; the first one's owner has corrected it."""
        wrong = was_read(a_reading().value(FieldName.NUMBER))
        (first,) = desk.sends("C1/1", desk.chat.paper("a.jpg", self.photo, [a_reading(number=wrong)]))
        file = desk.chat.paper("b.jpg", self.original, [a_reading(number=wrong)])
        desk.sends("C1/2", file)
        (invoice,) = desk.invoices(first)
        desk.edit(invoice.id, "wang", {FieldName.NUMBER: "26432000000000000099"})
        (again,) = desk.sends("C1/3", file)
        assert desk.invoices(again)[0].state is InvoiceState.DRAFT


class TestCards:
    def test_no_draft_has_a_card_until_they_are_looked_at(self, desk):
        desk.sends("C1/1", *many(desk, 3))
        desk.shows()
        assert {key for _, key in desk.chat.newest()} == {"batch:C1/1"}
        desk.together.look_one_by_one("C1/1", "wang")
        desk.together.look_one_by_one("C1/1", "wang")
        desk.shows()
        drafts = [key for _, key, view in desk.chat.shown if isinstance(view, InvoiceView)]
        assert len(drafts) == 3

    def test_progress_is_edited_every_three_seconds_at_most(self, desk):
        documents = desk.sends("C1/1", *many(desk, 12), read=False)
        times = []
        for place in range(60):
            if place < len(documents):
                desk.read(documents[place].id)
            before = len(desk.chat.shown)
            with desk.transactions.read() as tx:
                behind = tx.cards.behind(desk.now)
            for subject, _ in behind:
                desk.show(subject)
            if len(desk.chat.shown) > before:
                times.append(desk.now)
            desk.now += timedelta(seconds=0.5)
        assert all(later - earlier >= BETWEEN_EDITS for earlier, later in pairwise(times))
        views = [view.reconciliation for _, _, view in desk.chat.shown]
        assert [view.done for view in views] == [False] * (len(views) - 1) + [True]
        assert len(views) >= 3

    def test_a_file_with_several_gets_the_summary_in_place_of_its_progress(self, desk):
        (document,) = desk.sends("C1/1", desk.chat.paper("a", b"a", [numbered(1), numbered(2)]), read=False)
        desk.shows()
        desk.read(document.id)
        desk.shows()
        cards = desk.chat.newest()
        assert list(cards) == [("wang", f"document:{document.id}")]
        assert isinstance(cards["wang", f"document:{document.id}"], BatchView)

    def test_an_archive_partly_read_gets_the_summary_and_its_one_draft_at_once(self, desk):
        (document,) = desk.sends("C1/1", desk.chat.paper("z", b"z", a_zip(numbered(1))))
        desk.shows()
        cards = desk.chat.newest()
        assert list(cards) == [("wang", f"document:{document.id}"), ("wang", f"document:{document.id}:0")]
        summary, draft = cards.values()
        assert [item.code for item in summary.told] == ["E-PDF-BROKEN", "E-TYPE"]
        assert (len(summary.reconciliation.items), summary.reconciliation.batch.opened) == (3, True)
        (invoice,) = desk.invoices(document)
        assert draft.invoice.id == invoice.id
        desk.submit(invoice.id, "wang")
        desk.shows()
        cards = desk.chat.newest()
        assert len(cards) == 2
        assert cards["wang", f"document:{document.id}:0"].claim is not None
        assert [each.submitter for each in cards["wang", f"document:{document.id}"].claims] == ["wang"]

    def test_more_than_a_card_holds_goes_on_in_another(self, desk):
        readings = [numbered(place, total="575.80") for place in range(95)]
        (document,) = desk.sends("C1/1", desk.chat.paper("a", b"a", readings))
        first, *others = (view for _, view in desk.views.document(document.id).cards)
        assert all(isinstance(each, MoreOfBatch) for each in others)
        told = [*first.told, *(item for each in others for item in each.items)]
        assert told == list(first.reconciliation.not_ready)
        assert len(told) == 95


class TestTogether:
    def test_all_that_is_ready_becomes_one_claim(self, desk):
        files = [
            *many(desk, 3),
            desk.chat.paper("q", b"q", [numbered(50, total=was_read("475.80"))]),
            desk.chat.paper("s", b"s", [numbered(51, total="575.80")]),
            desk.chat.paper("k", b"k", [a_reading(Kind.TILL_SLIP)]),
        ]
        desk.sends("C1/1", *files)
        form = desk.together.form("C1/1", "wang")
        assert (len(form.invoices), str(form.total)) == (3, "1,427.40 CNY")
        assert [step.id for step in form.plan.steps] == ["manager", "review"]
        assert len(form.left_out) == 2
        claim = desk.together(form.target, "wang", "  季度  ")
        assert (len(claim.lines), claim.purpose) == (3, "季度")
        desk.shows()
        view = desk.chat.newest()["wang", "batch:C1/1"]
        assert [each.reference for each in view.claims] == [claim.reference]
        cards = [view for view in desk.chat.newest().values() if isinstance(view, InvoiceView)]
        assert [each.invoice.id for each in cards] == [claim.lines[0].invoice_id]

    def test_sent_back_every_draft_has_its_card(self, desk):
        desk.sends("C1/1", *many(desk, 3))
        claim = desk.together(desk.together.form("C1/1", "wang").target, "wang", "")
        desk.open(claim.id)
        desk.decide(claim.id, "chen", Verdict.RETURN)
        desk.shows()
        cards = [view for view in desk.chat.newest().values() if isinstance(view, InvoiceView)]
        assert [(each.invoice.state, each.notice.values["count"]) for each in cards] == [(InvoiceState.DRAFT, 3)] * 3

    def test_only_what_was_shown_is_submitted(self, desk):
        documents = desk.sends("C1/1", *many(desk, 2))
        form = desk.together.form("C1/1", "wang")
        desk.edit.discard(desk.invoices(documents[0])[0].id, "wang")
        with pytest.raises(NotUnderstood):
            desk.together(form.target, "wang", "")

    def test_nothing_ready_cannot_be_submitted(self, desk):
        desk.sends("C1/1", desk.chat.paper("s", b"s", [numbered(1, total="575.80")]))
        form = desk.together.form("C1/1", "wang")
        assert (form.plan, form.total, len(form.left_out)) == (None, None, 1)
        with pytest.raises(NotUnderstood):
            desk.together(form.target, "wang", "")

    def test_another_persons_batch_looks_like_none(self, desk):
        desk.sends("C1/1", *many(desk, 2))
        for call in (desk.together.form, desk.together.look_one_by_one):
            for batch in ("C1/1", "C1/404"):
                with pytest.raises(Refused) as caught:
                    call(batch, "li")
                assert caught.value.code == "E-NOT-YOURS"


class TestUnattended:
    def tell(self, desk):
        """One scan and the jobs it brought; the sentences."""
        desk.jobs.clear()
        Scan(desk.transactions, desk.clock)()
        tell = TellUnattended(desk.transactions, desk.chat, desk.chat, desk.clock)
        before = len(desk.chat.shown)
        for job in [job for job in desk.jobs if job.name == "unattended"]:
            for _ in range(2):
                tell(job.arguments["person"], type(NOON).fromisoformat(job.arguments["at"]))
        return {key: (to, view.message) for to, key, view in desk.chat.shown[before:] if isinstance(view, NoticeView)}

    def test_a_week_later_it_is_said_once_for_all_of_them(self, desk):
        desk.sends("C1/1", *many(desk, 2))
        desk.sends("C1/2", desk.chat.paper("l", b"l", [numbered(30)]), by="li")
        desk.now += timedelta(hours=12)
        desk.sends("C1/3", desk.chat.paper("z", b"z", [numbered(31)]))
        desk.now = NOON + timedelta(days=7) - timedelta(seconds=1)
        assert self.tell(desk) == {}
        desk.now += timedelta(seconds=1)
        said = dict(self.tell(desk).values())
        assert {to: message.values.get("count") for to, message in said.items()} == {"wang": 3, "li": None}
        assert str(said["wang"].values["total"]) == "1,427.40 CNY"
        for _ in range(3):
            desk.now += timedelta(days=7)
            assert self.tell(desk) == {}

    def test_working_on_it_or_submitting_it_counts(self, desk):
        edited, submitted, discarded = desk.sends("C1/1", *many(desk, 3))
        desk.now += timedelta(days=5)
        desk.edit(desk.invoices(edited)[0].id, "wang", {Input.PURPOSE: "晚餐"})
        desk.submit(desk.invoices(submitted)[0].id, "wang")
        desk.edit.discard(desk.invoices(discarded)[0].id, "wang")
        desk.now += timedelta(days=6)
        assert self.tell(desk) == {}
        desk.now += timedelta(days=1)
        assert len(self.tell(desk)) == 1

    def test_a_claim_withdrawn_begins_anew(self, desk):
        (document,) = desk.sends("C1/1", *many(desk, 1))
        claim = desk.submit(desk.invoices(document)[0].id, "wang")
        desk.open(claim.id)
        desk.now += timedelta(days=8)
        desk.tell(claim.id, status=OAStatus.WITHDRAWN)
        assert self.tell(desk) == {}
        desk.now += timedelta(days=7)
        assert len(self.tell(desk)) == 1

    def test_among_many_scans_each_is_given_out_once(self, desk):
        desk.sends("C1/1", *many(desk, 8))
        desk.now += timedelta(days=8)
        desk.jobs.clear()
        race(*[Scan(desk.transactions, desk.clock) for _ in range(4)])
        assert len({job.key for job in desk.jobs if job.name == "unattended"}) == 1
        assert len([job for job in desk.jobs if job.name == "unattended"]) == 1
