"""A person corrects, confirms or discards a draft of theirs."""

import pytest

from core.actions import Input
from core.approval import Verdict
from core.errors import NotUnderstood, Refused
from core.ids import InvoiceId
from core.invoice import FieldName, FieldState, InvoiceState, Severity, Source
from tests.core.office import NUMBER, a_reading, quick, was_read

TOTAL, NUMBER_FIELD, TAX = FieldName.TOTAL, FieldName.NUMBER, FieldName.TAX


def refusal(call, *arguments):
    with pytest.raises(Refused) as caught:
        call(*arguments)
    return caught.value


def shown(office):
    """How often the cards of the draft were asked to follow."""
    return len(office.jobs_named("show"))


@quick
class TestWhose:
    @pytest.mark.parametrize(
        "use",
        [
            lambda edit, invoice, by: edit(invoice, by, {TOTAL: "1.00"}),
            lambda edit, invoice, by: edit.confirm(invoice, by, TOTAL),
            lambda edit, invoice, by: edit.discard(invoice, by),
        ],
        ids=["edit", "confirm", "discard"],
    )
    def test_anothers_draft_looks_like_none(self, office, use):
        office.draft(reading=a_reading(total=was_read("475.80")))
        before = office.invoice()

        anothers = refusal(use, office.edit, "i1", "li")
        none = refusal(use, office.edit, "i404", "li")

        assert (anothers.code, anothers.message) == (none.code, none.message)
        assert none.code == "E-NOT-YOURS"
        assert office.invoice() == before

    def test_a_submitted_invoice_is_no_draft_any_more(self, office):
        office.submit(office.draft(), "wang")
        assert refusal(office.edit, "i1", "wang", {TOTAL: "1.00"}).code == "E-NO-DRAFT"
        assert refusal(office.edit.discard, "i1", "wang").code == "E-NO-DRAFT"


@quick
class TestTyping:
    def test_what_was_read_stands_beside_what_was_typed(self, office):
        office.draft(reading=a_reading(total=was_read("475.30")))

        changes = office.edit("i1", "wang", {TOTAL: "￥475.8"})

        field = office.field(TOTAL)
        assert (field.value, field.read_value, field.entered_by) == ("475.80", "475.30", "wang")
        assert field.state is FieldState.ENTERED
        assert [change.values["before"] for change in changes] == ["475.30"]
        assert shown(office) == 1

    def test_typed_twice_the_first_reading_is_remembered(self, office):
        office.draft(reading=a_reading(total=was_read("475.30")))
        office.edit("i1", "wang", {TOTAL: "475.00"})
        office.edit("i1", "wang", {TOTAL: "475.80"})
        assert (office.field(TOTAL).value, office.field(TOTAL).read_value) == ("475.80", "475.30")

    def test_a_form_that_says_what_is_there_changes_nothing(self, office):
        office.draft(reading=a_reading(tax=was_read("26.93"), code=None))
        before = office.invoice()
        typed = {name: field.value for name, field in before.reading.fields.items()}

        assert office.edit("i1", "wang", {**typed, FieldName.CODE: " ", Input.PURPOSE: "客户晚餐"}) == ()

        assert office.invoice() == before
        assert shown(office) == 0

    def test_a_missing_value_is_filled_in(self, office):
        office.draft(reading=a_reading(tax=was_read(None)))
        assert office.invoice().questions() == (TAX,)
        office.edit("i1", "wang", {TAX: "26.93"})
        assert office.field(TAX).value == "26.93"
        assert office.invoice().questions() == ()

    @pytest.mark.parametrize("source", [Source.QR, Source.XML, Source.OFD])
    @pytest.mark.parametrize("state", [FieldState.VERIFIED, FieldState.READ])
    def test_exact_values_cannot_be_typed_over(self, office, source, state):
        seen = was_read("475.80", Source.RAPIDOCR, source)
        office.draft(reading=a_reading(total=seen.__class__(seen.value, state, seen.candidates)))
        before = office.invoice()

        refused = refusal(office.edit, "i1", "wang", {TOTAL: "475.81", Input.PURPOSE: "别的"})

        assert refused.code == "E-EXACT-VALUE"
        assert refused.message.values["value"] == "475.80"
        assert office.invoice() == before

    def test_an_exact_value_stays_exact_once_it_is_confirmed(self, office):
        office.draft(reading=a_reading(total=was_read("475.80", Source.QR)))
        office.edit.confirm("i1", "wang", TOTAL)
        assert refusal(office.edit, "i1", "wang", {TOTAL: "475.81"}).code == "E-EXACT-VALUE"

    def test_the_text_of_a_pdf_can_be_typed_over(self, office):
        office.draft(reading=a_reading(total=was_read("475.30", Source.PDF_TEXT)))
        office.edit("i1", "wang", {TOTAL: "475.80"})
        assert office.field(TOTAL).value == "475.80"

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            (TOTAL, "viel"),
            (TOTAL, "0"),
            (TOTAL, ""),
            (FieldName.DATE, "2026-02-30"),
            (NUMBER_FIELD, "123"),
            (Input.CATEGORY, "geheim"),
            (Input.PURPOSE, "x" * 201),
        ],
    )
    def test_what_cannot_be_read_names_its_field_and_saves_nothing(self, office, name, text):
        office.draft()
        before = office.invoice()
        with pytest.raises(NotUnderstood) as caught:
            office.edit("i1", "wang", {FieldName.TAX: "30.00", name: text})
        assert caught.value.field == name
        assert office.invoice() == before

    def test_every_field_of_a_form_that_cannot_be_read_is_told_at_once(self, office):
        office.draft()
        typed = {TOTAL: "viel", FieldName.DATE: "gestern", Input.CATEGORY: "geheim", TAX: "1.00", FieldName.CODE: ""}
        assert set(office.edit.problems(InvoiceId("i1"), typed)) == {TOTAL, FieldName.DATE, Input.CATEGORY}

    def test_category_and_purpose(self, office):
        office.draft()
        changes = office.edit("i1", "wang", {Input.CATEGORY: "差旅", Input.PURPOSE: " 去客户处 "})
        assert (office.invoice().category, office.invoice().purpose) == ("travel", "去客户处")
        assert len(changes) == 2


class TestChecks:
    def test_a_typed_value_is_checked_at_once(self, office):
        office.draft(reading=a_reading(date=was_read("2026-11-03")))
        office.edit("i1", "wang", {FieldName.DATE: "2025-11-03"})
        assert office.findings()["N2"] is Severity.BLOCK
        office.edit("i1", "wang", {FieldName.DATE: "2026-11-03"})
        assert "N2" not in office.findings()

    def test_confirming_makes_a_doubt_certain(self, office):
        """A camera's misreading only warns; once a person stands by it, it blocks."""
        office.draft(reading=a_reading(total=was_read("475.30")))
        office.edit("i1", "wang", {Input.PURPOSE: "别的"})
        assert office.findings()["A1"] is Severity.WARN
        office.edit.confirm("i1", "wang", TOTAL)
        assert office.findings()["A1"] is Severity.BLOCK

    def test_a_number_that_another_submitted_is_told_at_once(self, office):
        claim = office.submit(office.draft("theirs", owner="li"), "li")
        office.draft(reading=a_reading(number=was_read("26432000000000000002")))

        office.edit("i1", "wang", {NUMBER_FIELD: NUMBER})

        with office.transactions.read() as tx:
            told = next(finding for finding in tx.findings.of("i1") if finding.code == "U1")
        assert told.severity is Severity.BLOCK
        assert told.message.values == {"reference": claim.reference}


class TestConfirming:
    def test_the_value_is_now_a_persons_word(self, office):
        office.draft(reading=a_reading(total=was_read("475.80")))
        office.edit.confirm("i1", "wang", TOTAL)
        field = office.field(TOTAL)
        assert (field.state, field.value, field.entered_by) == (FieldState.ENTERED, "475.80", "wang")
        assert office.invoice().questions() == ()
        assert shown(office) == 1

    def test_twice_is_once(self, office):
        office.draft(reading=a_reading(total=was_read("475.80")))
        office.edit.confirm("i1", "wang", TOTAL)
        once = office.invoice()
        office.edit.confirm("i1", "wang", TOTAL)
        assert office.invoice() == once

    def test_a_qr_code_that_proves_nothing_alone_can_be_confirmed(self, office):
        office.draft(reading=a_reading(total=was_read("475.80", Source.QR)))
        office.edit.confirm("i1", "wang", TOTAL)
        assert office.invoice().questions() == ()

    @quick
    @pytest.mark.parametrize("name", [TAX, FieldName.CODE, NUMBER_FIELD], ids=["missing", "not of it", "verified"])
    def test_where_nothing_is_asked_nothing_is_confirmed(self, office, name):
        office.draft(reading=a_reading(tax=was_read(None)))
        before = office.invoice()
        office.edit.confirm("i1", "wang", name)
        assert office.invoice() == before


@quick
class TestReplies:
    @pytest.mark.parametrize(
        ("reply", "answer"),
        [
            ("金额 475.80", "Changed: {changes}"),
            ("total 475.30", "Confirmed: {field}."),
            ("total viel", "{problem} Nothing was changed."),
            ("谢谢", "I did not understand that as a correction."),
        ],
    )
    def test_the_answer_says_what_became_of_it(self, office, reply, answer):
        office.draft(reading=a_reading(total=was_read("475.30")))
        assert office.edit.by_reply("i1", "wang", reply).text.startswith(answer)
        assert office.field(TOTAL).value == ("475.80" if answer.startswith("Changed") else "475.30")

    def test_a_refusal_is_the_answer(self, office):
        office.draft(reading=a_reading(total=was_read("475.80", Source.QR)))
        assert "cannot be typed over" in office.edit.by_reply("i1", "wang", "total 475.81").text
        assert office.edit.by_reply("i1", "li", "total 475.81").text.startswith("There is no such draft of yours")


class TestDiscarding:
    def test_it_is_gone(self, office):
        office.draft()
        office.edit.discard("i1", "wang")
        assert office.invoice().state is InvoiceState.DISCARDED
        assert shown(office) == 1

    def test_what_belongs_to_a_claim_is_kept(self, office):
        office.decide(office.pending(), "chen", Verdict.RETURN)
        assert refusal(office.edit.discard, "i1", "wang").code == "E-IN-CLAIM"
        assert office.invoice().state is InvoiceState.DRAFT
