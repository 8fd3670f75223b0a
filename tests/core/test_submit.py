"""Submit, submit again after a return, and what the OA then says of the claim."""

from dataclasses import replace

import pytest

from core.approval import OAStatus, Verdict
from core.claim import ClaimState
from core.directory import Directory
from core.errors import Changed, Refused
from core.invoice import Field, FieldName, FieldState, InvoiceState, Kind, Severity, Source
from core.use_cases.open_approval import apply_snapshot, approval_draft
from core.use_cases.scan import PATIENCE, Scan
from tests.core.office import ENGLISH, NUMBER, OURS, PEOPLE, Office, a_field, a_reading, quick, was_read
from tests.integrations.database.samples import race

OTHER_NUMBER = "26432000000000000002"


def refusal(call, *arguments):
    with pytest.raises(Refused) as caught:
        call(*arguments)
    return caught.value


def typed(office, **fields):
    office.edit("i1", "wang", {FieldName(name): value for name, value in fields.items()})


def loose(**fields):
    """A photo with no sums to fit, of which a person confirmed these values and may type them again."""
    said = {name: a_field(value, Source.RAPIDOCR, state=FieldState.ENTERED) for name, value in fields.items()}
    return a_reading(**{"amount_ex_tax": None, "tax": None, "total_cn": None, "lines": (), **said})


class TestSubmit:
    def test_a_claim_is_opened(self, office):
        claim = office.submit(office.draft(), "wang")

        assert (claim.reference, claim.round, claim.state) == ("CL-2026-0001", 1, ClaimState.SUBMITTED)
        assert (claim.submitter, claim.beneficiary, claim.payee) == ("wang", "wang", "wang")
        assert (claim.paying_entity, claim.purpose, claim.category) == (OURS.id, "客户晚餐", "meals")
        assert str(claim.claimed) == "475.80 CNY"
        assert [step.id for step in claim.plan.steps] == ["manager", "review"]
        assert (office.invoice().state, office.invoice().claim_id) == (InvoiceState.CLAIMED, claim.id)
        assert office.holder_of() == "i1"
        assert office.jobs_named("open_approval") == [f"{claim.id}:1"]

    def test_the_oa_asks_the_first_step(self, office):
        assert office.waiting(office.pending()) == {("manager", "chen")}

    def test_a_receipt_from_elsewhere_is_a_claim_in_its_own_currency_with_a_second_approval(self, office):
        abroad = {"buyer_name": None, "buyer_tax_id": None, "seller_tax_id": None, "total_cn": None, "lines": ()}
        receipt = a_reading(
            Kind.FOREIGN_INVOICE, number="CS-42/7", seller_name="Blue Door Hardware", currency="MYR", **abroad
        )
        claim = office.submit(office.draft(reading=receipt), "wang")
        assert str(claim.claimed) == "475.80 MYR"
        assert [step.id for step in claim.plan.steps] == ["manager", "director", "review"]

    def test_a_currency_that_was_not_read_is_asked_and_can_be_typed(self, office):
        abroad = {"buyer_name": None, "buyer_tax_id": None, "seller_tax_id": None, "total_cn": None, "lines": ()}
        nothing = Field(None, FieldState.MISSING)
        invoice_id = office.draft(reading=a_reading(Kind.FOREIGN_INVOICE, number="CS-42/7", currency=nothing, **abroad))
        assert office.invoice().questions() == (FieldName.CURRENCY,)
        assert refusal(office.submit, invoice_id, "wang").code == "E-QUESTIONS"
        typed(office, currency="美元", number="CS-43/7")
        assert str(office.submit(invoice_id, "wang").claimed) == "475.80 USD"

    def test_references_count_up(self, office):
        office.submit(office.draft("i1"), "wang")
        second = office.submit(office.draft("i2", reading=a_reading(number=OTHER_NUMBER)), "wang")
        assert second.reference == "CL-2026-0002"

    def test_nobody_submits_anothers_draft(self, office):
        office.draft()
        assert refusal(office.submit, "i1", "li").code == "E-NOT-YOURS"
        assert refusal(office.submit, "i404", "wang").code == "E-NOT-YOURS"
        assert office.invoice().state is InvoiceState.DRAFT

    def test_twice_is_refused(self, office):
        office.submit(office.draft(), "wang")
        assert refusal(office.submit, "i1", "wang").code == "E-NO-DRAFT"
        assert len(office.jobs_named("open_approval")) == 1


@quick
class TestWhatStandsInTheWay:
    def test_open_questions(self, office):
        office.draft(reading=a_reading(total=was_read("475.80"), date=was_read("2026-11-03")))
        refused = refusal(office.submit, "i1", "wang")
        assert (refused.code, refused.message.values["count"]) == ("E-QUESTIONS", 2)
        assert office.invoice().state is InvoiceState.DRAFT
        assert office.holder_of() is None

    def test_a_finding_that_blocks_is_told_and_kept(self, office):
        office.draft(reading=a_reading(total="575.80"))
        refused = refusal(office.submit, "i1", "wang")
        assert refused.code == "E-A1"
        assert refused.message.values["reason"].text.startswith("Amount {net} and tax {tax}")
        assert office.findings()["A1"] is Severity.BLOCK
        assert office.invoice().state is InvoiceState.DRAFT
        assert (office.holder_of(), office.jobs_named("open_approval")) == (None, [])

    def test_time_that_has_passed_counts(self, office):
        """The draft was checked when it was read; it is checked again when it is submitted."""
        office.draft(reading=a_reading(date="2026-11-26"))
        assert refusal(office.submit, "i1", "wang").code == "E-D1"
        office.now = office.now.replace(day=26)
        assert office.submit("i1", "wang").state is ClaimState.SUBMITTED

    def test_warnings_do_not_block(self, office):
        office.draft(reading=a_reading(buyer_name=was_read("别的公司"), buyer_tax_id=None))
        claim = office.submit("i1", "wang")
        assert office.findings()["B2"] is Severity.WARN
        assert claim.plan.steps

    def test_no_reviewer_leaves_the_draft_as_it_was(self, engine):
        nobody = Directory("T1", [person for person in PEOPLE if person.id not in ("zhao", "qian")], [OURS])
        office = Office(engine, nobody)
        office.draft()
        assert refusal(office.submit, "i1", "wang").code == "E-NO-REVIEWER"
        assert office.invoice().state is InvoiceState.DRAFT
        assert office.holder_of() is None

    def test_who_has_left_the_directory_is_told_so(self, office):
        office.draft(owner="gone")
        assert refusal(office.submit, "i1", "gone").code == "E-NOT-IN-DIRECTORY"
        assert office.holder_of() is None


class TestTheSameInvoiceTwice:
    def test_the_second_is_told_the_reference_and_not_the_person(self, office):
        claim = office.submit(office.draft("i1"), "wang")
        refused = refusal(office.submit, office.draft("i2", owner="li"), "li")
        assert refused.code == "E-U1"
        assert refused.message.values["reason"].values == {"reference": claim.reference}
        assert office.findings("i2")["U1"] is Severity.BLOCK

    def test_a_code_makes_another_identity(self, office):
        face = {"number": "00000001", "buyer_tax_id": None, "lines": ()}
        for id_, code in (("i1", "043002600104"), ("i2", "043002600105")):
            office.submit(office.draft(id_, reading=a_reading("vat_paper_ordinary", code=code, **face)), "wang")
        assert (office.holder_of("043002600104-00000001"), office.holder_of("043002600105-00000001")) == ("i1", "i2")

    def test_of_many_who_submit_it_at_once_one_does(self, office):
        people = ["wang", "li", "chen", "boss"]
        for by in people:
            office.draft(f"of-{by}", owner=by)

        def submit(by):
            try:
                return office.submit(f"of-{by}", by)
            except Refused as refused:
                return refused.code

        results = race(*[lambda by=by: submit(by) for by in people])

        claims = [result for result in results if not isinstance(result, str)]
        assert [result for result in results if isinstance(result, str)] == ["E-U1"] * 3
        assert len(claims) == 1
        assert office.holder_of() == claims[0].lines[0].invoice_id
        assert claims[0].reference == "CL-2026-0001"

    def test_a_double_press_is_one_claim(self, office):
        office.draft()

        def submit():
            try:
                return office.submit("i1", "wang").id
            except (Refused, Changed) as refused:
                return refused.code

        results = race(submit, submit)
        assert len([result for result in results if result.startswith("n")]) == 1
        assert [result for result in results if result.startswith("E-")] in (["E-NO-DRAFT"], ["E-CHANGED"])
        with office.transactions.read() as tx:
            assert len(tx.claims.of_submitter("wang")) == 1


class TestAgain:
    def returned_by_finance(self, office, reading=None):
        claim_id = office.pending(reading=reading or loose(total="475.80"))
        office.decide(claim_id, "chen")
        office.decide(claim_id, "zhao", Verdict.RETURN)
        return claim_id

    def test_a_return_makes_it_a_draft_that_keeps_its_number(self, office):
        claim_id = self.returned_by_finance(office)
        assert (office.claim(claim_id).state, office.claim(claim_id).resume_at) == (ClaimState.RETURNED, "review")
        assert (office.invoice().state, office.invoice().claim_id) == (InvoiceState.DRAFT, claim_id)
        assert office.holder_of() == "i1"

    def test_it_keeps_its_reference_and_resumes_where_it_was_returned(self, office):
        claim_id = self.returned_by_finance(office)
        before = office.claim(claim_id)
        office.now += PATIENCE

        again = office.submit("i1", "wang")

        assert (again.id, again.reference, again.round) == (claim_id, before.reference, 2)
        assert (again.oa, again.oa_version, again.tasks) == (None, 0, ())
        assert again.submitted_at == office.now
        assert office.jobs_named("open_approval") == [f"{claim_id}:1", f"{claim_id}:2"]
        office.open(claim_id)
        assert office.waiting(claim_id) == {("review", "zhao"), ("review", "qian")}

    @quick
    @pytest.mark.parametrize(
        ("total", "asked"), [("475.79", {"zhao", "qian"}), ("475.80", {"zhao", "qian"}), ("475.81", {"chen"})]
    )
    def test_more_money_begins_at_the_beginning(self, office, total, asked):
        claim_id = self.returned_by_finance(office)
        typed(office, total=total)
        office.submit("i1", "wang")
        office.open(claim_id)
        assert {person for _, person in office.waiting(claim_id)} == asked
        assert str(office.claim(claim_id).claimed.amount) == total

    def test_a_higher_sum_gets_its_second_manager(self, office):
        claim_id = self.returned_by_finance(office)
        typed(office, total="5000.01")
        office.submit("i1", "wang")
        assert [step.id for step in office.claim(claim_id).plan.steps] == ["manager", "director", "review"]

    def test_a_step_that_is_no_longer_there_begins_at_the_beginning(self, office):
        claim_id = office.pending(reading=loose(total="6000.00"))
        office.decide(claim_id, "chen")
        office.decide(claim_id, "boss", Verdict.RETURN)
        typed(office, total="600.00")
        office.submit("i1", "wang")
        office.open(claim_id)
        assert office.waiting(claim_id) == {("manager", "chen")}

    def test_a_number_that_was_corrected_frees_the_wrong_one(self, office):
        office.decide(office.pending(reading=loose(total="475.80", number=NUMBER)), "chen", Verdict.RETURN)
        typed(office, number=OTHER_NUMBER)
        office.submit("i1", "wang")
        assert (office.holder_of(NUMBER), office.holder_of(OTHER_NUMBER)) == (None, "i1")

    def test_what_blocks_now_is_refused_and_the_claim_waits(self, office):
        claim_id = self.returned_by_finance(office, loose(total="475.80", date="2026-11-03"))
        typed(office, date="2026-12-03")
        assert refusal(office.submit, "i1", "wang").code == "E-D1"
        assert office.claim(claim_id).state is ClaimState.RETURNED


class TestSeveral:
    def drafts(self, office, count=3, **changes):
        numbers = [f"2643200000000000000{place}" for place in range(1, count + 1)]
        return [
            office.draft(f"i{place}", reading=a_reading(number=number, **changes))
            for place, number in enumerate(numbers, 1)
        ]

    def returned(self, office):
        claim_id = office.submit.together(self.drafts(office), "wang").id
        office.open(claim_id)
        office.decide(claim_id, "chen")
        office.decide(claim_id, "zhao", Verdict.RETURN)
        return claim_id

    def test_one_claim_with_a_line_each(self, office):
        claim = office.submit.together(self.drafts(office), "wang", "季度")
        assert [line.invoice_id for line in claim.lines] == ["i1", "i2", "i3"]
        assert (str(claim.claimed), claim.purpose, claim.category) == ("1,427.40 CNY", "季度", "meals")
        assert {office.invoice(id_).state for id_ in ("i1", "i2", "i3")} == {InvoiceState.CLAIMED}
        assert office.invoice("i3").purpose == "季度"
        assert office.holder_of("26432000000000000003") == "i3"
        assert office.jobs_named("open_approval") == [f"{claim.id}:1"]

    def test_the_sum_chooses_the_route(self, office):
        """Each alone is below the second manager's limit."""
        ids = self.drafts(office, 9, total="600.00", amount_ex_tax="566.04", tax="33.96", total_cn=None, lines=())
        claim = office.submit.together(ids, "wang")
        assert [step.id for step in claim.plan.steps] == ["manager", "director", "review"]

    def test_it_is_approved_and_settled_as_one(self, office):
        claim_id = office.submit.together(self.drafts(office), "wang").id
        office.open(claim_id)
        office.decide(claim_id, "chen")
        office.decide(claim_id, "zhao")
        assert office.claim(claim_id).state is ClaimState.APPROVED
        assert {office.invoice(id_).state for id_ in ("i1", "i2", "i3")} == {InvoiceState.CLAIMED}

    def test_a_rejection_frees_every_number(self, office):
        claim_id = office.submit.together(self.drafts(office), "wang").id
        office.open(claim_id)
        office.decide(claim_id, "chen", Verdict.REJECT)
        assert [office.holder_of(f"2643200000000000000{place}") for place in (1, 2, 3)] == [None] * 3

    def test_different_categories_and_purposes(self, office):
        office.draft("i1", purpose="晚餐")
        office.draft("i2", reading=a_reading(number=OTHER_NUMBER), purpose="车票", category="travel")
        claim = office.submit.together(["i1", "i2"], "wang")
        assert (claim.purpose, claim.category) == ("晚餐; 车票", None)

    @quick
    @pytest.mark.parametrize(
        ("second", "code"),
        [
            ({"number": OTHER_NUMBER, "total": was_read("475.80")}, "E-QUESTIONS"),
            ({"number": OTHER_NUMBER, "total": "575.80"}, "E-A1"),
            ({}, "E-U1"),
        ],
        ids=["question", "blocked", "twice"],
    )
    def test_one_that_cannot_go_keeps_all_of_them(self, office, second, code):
        office.draft("i1")
        office.draft("i2", reading=a_reading(**second))
        refused = refusal(office.submit.together, ["i1", "i2"], "wang")
        assert (refused.code, refused.message.text) == (code, "Invoice {number}: {reason}")
        assert {office.invoice(id_).state for id_ in ("i1", "i2")} == {InvoiceState.DRAFT}
        assert (office.holder_of(), office.holder_of(OTHER_NUMBER)) == (None, None)
        assert office.jobs_named("open_approval") == []

    def test_nobody_puts_anothers_draft_in(self, office):
        office.draft("i1")
        office.draft("i2", owner="li", reading=a_reading(number=OTHER_NUMBER))
        assert refusal(office.submit.together, ["i1", "i2"], "wang").code == "E-NOT-YOURS"
        assert office.holder_of() is None

    def test_of_a_claim_sent_back_any_draft_sends_all(self, office):
        claim_id = self.returned(office)
        assert {office.invoice(id_).state for id_ in ("i1", "i2", "i3")} == {InvoiceState.DRAFT}
        again = office.submit("i2", "wang")
        assert (again.id, again.round, len(again.lines)) == (claim_id, 2, 3)
        office.open(claim_id)
        assert office.waiting(claim_id) == {("review", "zhao"), ("review", "qian")}
        assert {office.invoice(id_).state for id_ in ("i1", "i2", "i3")} == {InvoiceState.CLAIMED}

    def test_what_came_back_goes_into_no_other_claim(self, office):
        self.returned(office)
        office.draft("i4", reading=a_reading(number="26432000000000000004"))
        assert refusal(office.submit.together, ["i1", "i4"], "wang").code == "E-IN-CLAIM"

    def test_of_two_claims_at_once_that_share_an_invoice_one_is_opened(self, office):
        ids = self.drafts(office)
        others = [office.draft(f"o{each}", owner="li", reading=office.invoice(each).reading) for each in reversed(ids)]

        def submit(chosen, by):
            try:
                return office.submit.together(chosen, by).id
            except (Refused, Changed) as refused:
                return refused.code

        results = race(lambda: submit(ids, "wang"), lambda: submit(others, "li"))
        assert sorted(result.startswith("n") for result in results) == [False, True]


class TestSnapshots:
    def test_a_repeated_job_opens_one_approval(self, office):
        claim_id = office.pending()
        before = office.claim(claim_id)
        office.open(claim_id)
        assert office.claim(claim_id) == before

    def test_what_the_oa_was_not_told_is_scanned_for(self, office):
        claim = office.submit(office.draft(), "wang")
        scan = Scan(office.transactions, office.clock)
        office.now += PATIENCE
        scan()
        assert len(office.jobs_named("open_approval")) == 1
        office.now += PATIENCE
        scan()
        assert office.jobs_named("open_approval")[1].startswith(f"{claim.id}:again:")

    @quick
    @pytest.mark.parametrize("step", [0, -1], ids=["same", "older"])
    def test_what_is_known_already_changes_nothing(self, office, step):
        claim_id = office.pending()
        before, shown = office.claim(claim_id), len(office.jobs_named("show"))
        office.tell(claim_id, status=OAStatus.REJECTED, version=before.oa_version + step)
        assert office.claim(claim_id) == before
        assert len(office.jobs_named("show")) == shown

    def test_news_of_an_earlier_round_change_nothing(self, office):
        claim_id = office.pending()
        old = office.oa.get(office.claim(claim_id).oa)
        office.decide(claim_id, "chen", Verdict.RETURN)
        office.submit("i1", "wang")
        before = office.claim(claim_id)
        with office.transactions.write() as tx:
            apply_snapshot(tx, claim_id, 1, replace(old, status=OAStatus.WITHDRAWN, version=999), office.now)
        assert office.claim(claim_id) == before
        assert office.holder_of() == "i1"

    @quick
    @pytest.mark.parametrize(
        ("status", "state", "invoice", "holder"),
        [
            (OAStatus.PENDING, ClaimState.PENDING, InvoiceState.CLAIMED, "i1"),
            (OAStatus.APPROVED, ClaimState.APPROVED, InvoiceState.CLAIMED, "i1"),
            (OAStatus.RETURNED, ClaimState.RETURNED, InvoiceState.DRAFT, "i1"),
            (OAStatus.REJECTED, ClaimState.REJECTED, InvoiceState.CLAIMED, None),
            (OAStatus.TERMINATED, ClaimState.REJECTED, InvoiceState.CLAIMED, None),
            (OAStatus.WITHDRAWN, ClaimState.WITHDRAWN, InvoiceState.DRAFT, None),
            (OAStatus.UNKNOWN, ClaimState.NEEDS_REVIEW, InvoiceState.CLAIMED, "i1"),
            (OAStatus.DELETED, ClaimState.NEEDS_REVIEW, InvoiceState.CLAIMED, "i1"),
            (OAStatus.DRAFT, ClaimState.PENDING, InvoiceState.CLAIMED, "i1"),
            # revoked though we never saw it approved: a person looks
            (OAStatus.REVOKED_AFTER_APPROVAL, ClaimState.NEEDS_REVIEW, InvoiceState.CLAIMED, "i1"),
        ],
    )
    def test_the_claim_follows(self, office, status, state, invoice, holder):
        claim_id = office.pending()
        office.tell(claim_id, status=status)
        assert office.claim(claim_id).state is state
        assert office.invoice().state is invoice
        assert office.holder_of() == holder

    @quick
    @pytest.mark.parametrize(
        ("status", "state"),
        [
            (OAStatus.REJECTED, ClaimState.REJECTED),
            (OAStatus.UNKNOWN, ClaimState.NEEDS_REVIEW),
            (OAStatus.APPROVED, ClaimState.APPROVED),
            (OAStatus.DRAFT, ClaimState.SUBMITTED),
        ],
    )
    def test_the_first_snapshot_may_say_anything(self, office, status, state):
        claim = office.submit(office.draft(), "wang")
        ref = office.oa.create(approval_draft(claim, ENGLISH))
        with office.transactions.write() as tx:
            apply_snapshot(tx, claim.id, 1, replace(office.oa.get(ref), status=status), office.now)
        assert office.claim(claim.id).state is state

    def test_what_has_ended_stays_ended(self, office):
        claim_id = office.pending()
        office.tell(claim_id, status=OAStatus.REJECTED)
        for status in (OAStatus.PENDING, OAStatus.DELETED, OAStatus.APPROVED):
            assert office.tell(claim_id, status=status).state is ClaimState.REJECTED

    def test_an_approval_taken_back_is_revoked(self, office):
        claim_id = office.pending()
        office.tell(claim_id, status=OAStatus.APPROVED)
        assert office.tell(claim_id, status=OAStatus.REVOKED_AFTER_APPROVAL).state is ClaimState.REVOKED

    def test_an_approved_claim_that_is_open_again_is_looked_at(self, office):
        claim_id = office.pending()
        office.tell(claim_id, status=OAStatus.APPROVED)
        assert office.tell(claim_id, status=OAStatus.PENDING).state is ClaimState.NEEDS_REVIEW

    def test_after_a_rejection_anybody_may_submit_the_number(self, office):
        office.tell(office.pending(), status=OAStatus.REJECTED)
        claim = office.submit(office.draft("i2", owner="li"), "li")
        assert claim.reference == "CL-2026-0002"
        assert office.holder_of() == "i2"

    def test_after_a_withdrawal_it_is_a_new_claim_that_old_news_leave_alone(self, office):
        first = office.pending()
        office.tell(first, status=OAStatus.WITHDRAWN)
        second = office.submit("i1", "wang")
        assert (second.reference, second.round) == ("CL-2026-0002", 1)

        office.tell(first, status=OAStatus.DELETED)

        assert (office.invoice().state, office.invoice().claim_id) == (InvoiceState.CLAIMED, second.id)
        assert office.holder_of() == "i1"

    def test_withdrawn_after_a_return_it_is_free_for_a_new_claim(self, office):
        first = office.pending()
        office.decide(first, "chen", Verdict.RETURN)
        office.tell(first, status=OAStatus.WITHDRAWN)
        assert office.invoice().claim_id is None
        assert office.holder_of() is None
        assert office.submit("i1", "wang").id != first
