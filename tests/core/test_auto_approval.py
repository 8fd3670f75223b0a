"""What policy approves at once: the conditions one by one, the month's sum under two submits at once, the sample."""

from dataclasses import replace
from decimal import Decimal
from functools import partial

import pytest

from core.auto_approval import AutoFacts, auto_approval, is_sampled
from core.claim import ClaimState
from core.invoice import FieldState, Finding, Invoice, Severity
from core.messages import Message
from core.money import Money
from core.policy import AutoApproval
from core.use_cases.open_approval import POLICY as BY_POLICY
from tests.core.office import POLICY, Office, a_field, a_reading, was_read
from tests.integrations.database.samples import race

RULES = AutoApproval()
NUMBERS = [f"2643200000000000{n:04}" for n in range(1, 200)]


def small(total="150.00", number=NUMBERS[0], **fields):
    """A reading that every check passes, of a small sum without tax."""
    sums = {"amount_ex_tax": None, "tax": None, "total_cn": None, "lines": ()}
    return a_reading(**{"total": total, "number": number, **sums, **fields})


def invoice(reading, id_="i1"):
    return Invoice(id_, "d1", "wang", reading)


def a_finding(severity):
    return Finding("X", severity, Message("X"))


def facts(*readings, **changes):
    invoices = tuple(invoice(reading, f"i{n}") for n, reading in enumerate(readings or (small(),)))
    total = sum((Decimal(each.reading.value("total") or 0) for each in invoices), Decimal(0))
    return replace(AutoFacts(invoices, (), Money(total), Decimal(0)), **changes)


@pytest.mark.parametrize(
    ("given", "obstacles"),
    [
        (facts(), ()),
        (facts(small("200.00")), ()),
        (facts(small("100.00"), small("100.00", NUMBERS[1])), ()),
        (facts(findings=(a_finding(Severity.NOTE),)), ()),
        (facts(spent=Decimal(850)), ()),
        (facts(small(code=None)), ()),
        (facts(spent=Decimal("850.01")), ("with the {spent} of this month it would pass {cap}",)),
        (facts(findings=(a_finding(Severity.WARN),)), ("a check warns",)),
        (facts(findings=(a_finding(Severity.BLOCK),)), ("a check warns",)),
        (facts(sent_back=True), ("a person sent it back before",)),
        (facts(small(date=was_read("2026-11-03"))), ("not everything that decides was read surely",)),
        (facts(small(date=None)), ("not everything that decides was read surely",)),
        (facts(small(number=None)), ("it has no invoice number",)),
        (
            facts(small(total=a_field("150.00", state=FieldState.ENTERED))),
            ("a value was typed or confirmed by hand",),
        ),
        (
            facts(small(seller_name=a_field("某店", state=FieldState.ENTERED))),
            ("a value was typed or confirmed by hand",),
        ),
        (facts(small("100.00"), small("100.00", number=None)), ("it has no invoice number",)),
        (
            facts(sent_back=True, spent=Decimal(1000)),
            ("a person sent it back before", "with the {spent} of this month it would pass {cap}"),
        ),
    ],
)
def test_small_claims_and_what_keeps_them(given, obstacles):
    answer = auto_approval(given, RULES)
    told = answer.reason.values.get("reasons", ())
    assert (answer.approved, tuple(each.text for each in told)) == (not obstacles, obstacles)


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        (facts(small("200.01")), RULES),
        (facts(small("150.00"), small("50.01", NUMBERS[1])), RULES),
        (facts(total=Money(Decimal(10), "USD")), RULES),
        (facts(small("0.01")), replace(RULES, up_to=Decimal(0))),
    ],
)
def test_larger_claims_are_not_thought_of(given, rules):
    answer = auto_approval(given, rules)
    assert (answer.approved, answer.reason) == (False, None)


def test_above_the_waiver_the_tax_bureau_has_to_be_asked():
    answer = auto_approval(facts(small("200.00")), replace(RULES, waive_verification_up_to=Decimal(100)))
    assert not answer.approved
    assert "tax bureau" in answer.reason.values["reasons"][0].text


def submitted(office, id_, number, total="150.00"):
    return office.submit(office.draft(id_, reading=small(total, number)), "wang")


class TestSubmit:
    def test_the_oa_keeps_the_record_and_says_why(self, office):
        claim = submitted(office, "i1", NUMBERS[0])
        assert claim.plan.steps == ()
        office.open(claim.id)
        office.open(claim.id)
        kept = office.claim(claim.id)
        assert (kept.state, kept.tasks) == (ClaimState.APPROVED, ())
        (said,) = office.oa.get(kept.oa).comments
        assert said.by == BY_POLICY
        assert said.words.startswith("Approved by policy 1: it is at most")

    def test_the_month_has_a_cap_that_what_came_to_nothing_leaves_free(self, office):
        claims = [submitted(office, f"i{n}", NUMBERS[n], "200.00") for n in range(6)]
        assert [bool(claim.plan.steps) for claim in claims] == [False] * 5 + [True]
        assert claims[5].plan.reason is not None
        with office.transactions.write() as tx:
            tx.claims.save(tx.claims.get(claims[0].id).move(ClaimState.WITHDRAWN))
        assert not submitted(office, "i9", NUMBERS[9], "200.00").plan.steps

    def test_two_at_once_never_pass_the_cap(self, engine):
        """Eight of 200 at once under a cap of 1000: five, whoever is first."""
        office = Office(engine)
        for n in range(8):
            office.draft(f"i{n}", reading=small("200.00", NUMBERS[n]))
        claims = race(*(partial(office.submit, f"i{n}", "wang") for n in range(8)))
        assert sum(not claim.plan.steps for claim in claims) == 5

    def test_a_sampled_claim_is_approved_all_the_same_and_shown_to_finance(self, engine):
        everything = replace(POLICY, auto_approve=replace(RULES, audit_sample_percent=100))
        office = Office(engine, policy=everything)
        claim = submitted(office, "i1", NUMBERS[0])
        assert claim.plan.steps == ()
        assert f"audit:{claim.id}:1" in office.jobs_named("show")


class TestSample:
    def test_is_about_its_share(self):
        drawn = sum(is_sampled(b"secret", [invoice(small(number=n))], 20) for n in NUMBERS)
        assert 20 <= drawn <= 60

    def test_is_the_same_for_the_same_invoice_however_it_is_submitted(self):
        drawn = next(n for n in NUMBERS if is_sampled(b"secret", [invoice(small(number=n))], 5))
        again = invoice(small("1.00", drawn), "another id")
        other = next(n for n in NUMBERS if not is_sampled(b"secret", [invoice(small(number=n))], 5))
        assert is_sampled(b"secret", [again], 5)
        assert is_sampled(b"secret", [invoice(small(number=other)), again], 5)

    def test_cannot_be_known_without_the_secret(self):
        one, two = (
            {n for n in NUMBERS if is_sampled(secret, [invoice(small(number=n))], 20)} for secret in (b"one", b"two")
        )
        assert one != two

    @pytest.mark.parametrize(("percent", "expected"), [(0, False), (100, True)])
    def test_none_and_all(self, percent, expected):
        assert {is_sampled(b"s", [invoice(small(number=n))], percent) for n in NUMBERS} == {expected}
