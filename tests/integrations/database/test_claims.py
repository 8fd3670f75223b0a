"""Claims, and the decisions on them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from core.approval import TaskStatus
from core.claim import ClaimState
from core.decision import DecisionState
from core.errors import Changed
from tests.integrations.database.samples import (
    LATER,
    NOON,
    a_claim,
    a_decision,
    a_task,
    by_policy,
    pending,
    race,
)


def add(transactions, *claims):
    with transactions.write() as tx:
        for claim in claims:
            tx.claims.add(claim)


class TestClaims:
    def test_a_claim_comes_back_as_it_was_saved(self, transactions):
        claim = replace(pending(a_claim(), a_task(), a_task("t2", "liu")), resume_at="manager", outcome="退回", round=2)
        add(transactions, claim)
        with transactions.read() as tx:
            assert tx.claims.get("c1") == replace(claim, version=1)

    def test_a_claim_the_oa_does_not_know_yet_has_no_reference_there(self, transactions):
        add(transactions, a_claim("c1"), a_claim("c2"))
        with transactions.read() as tx:
            assert tx.claims.get("c2").oa is None

    def test_a_stale_claim_is_not_saved(self, transactions):
        add(transactions, a_claim())
        with transactions.read() as tx:
            seen = tx.claims.get("c1")
        with transactions.write() as tx:
            tx.claims.save(seen.move(ClaimState.PENDING))
        with pytest.raises(Changed), transactions.write() as tx:
            tx.claims.save(seen.move(ClaimState.WITHDRAWN))

    def test_who_loads_a_claim_holds_it_until_the_end(self, transactions):
        """Ten who each count rounds up by one make ten: nobody loads it while another is at it."""
        add(transactions, a_claim())

        def again():
            with transactions.write() as tx:
                claim = tx.claims.get("c1")
                tx.claims.save(replace(claim, round=claim.round + 1))

        race(*[again] * 10)
        with transactions.read() as tx:
            assert tx.claims.get("c1").round == 11

    def test_references_count_up_within_their_year(self, transactions):
        with transactions.write() as tx:
            given = [tx.claims.next_reference(year) for year in (2026, 2026, 2027, 2026)]
        assert given == ["CL-2026-0001", "CL-2026-0002", "CL-2027-0001", "CL-2026-0003"]

    def test_a_reference_is_neither_repeated_nor_skipped(self, transactions):
        def take(fails):
            try:
                with transactions.write() as tx:
                    reference = tx.claims.next_reference(2026)
                    tx.claims.get("no" if fails else "c0")
            except KeyError:
                return None
            return reference

        add(transactions, a_claim("c0"))

        given = [reference for reference in race(*[lambda n=n: take(n % 3 == 0) for n in range(24)]) if reference]
        assert sorted(given) == [f"CL-2026-{n:04}" for n in range(1, 17)]

    def test_open_for_lists_claims_with_a_pending_task_oldest_first(self, transactions):
        add(
            transactions,
            pending(a_claim("c1", submitted_at=LATER), a_task()),
            pending(a_claim("c2"), a_task(), a_task("t2", "liu")),
            pending(a_claim("c3"), a_task(status=TaskStatus.DONE), a_task("t2", "liu")),
        )
        with transactions.read() as tx:
            assert [claim.id for claim in tx.claims.open_for("chen")] == ["c2", "c1"]
            assert [claim.id for claim in tx.claims.open_for("liu")] == ["c2", "c3"]
            assert tx.claims.open_for("wang") == []

    def test_a_task_that_is_done_is_open_no_more(self, transactions):
        add(transactions, pending(a_claim(), a_task()))
        with transactions.write() as tx:
            tx.claims.save(
                replace(tx.claims.get("c1"), tasks=(a_task(status=TaskStatus.APPROVED), a_task("t2", "liu")))
            )
        with transactions.read() as tx:
            assert tx.claims.open_for("chen") == []
            assert [claim.id for claim in tx.claims.open_for("liu")] == ["c1"]

    def test_of_submitter_lists_the_newest_first(self, transactions):
        add(transactions, a_claim("c1"), a_claim("c2", submitted_at=LATER), a_claim("c3", submitter="liu"))
        with transactions.read() as tx:
            assert [claim.id for claim in tx.claims.of_submitter("wang")] == ["c2", "c1"]
            assert [claim.id for claim in tx.claims.of_submitter("wang", limit=1)] == ["c2"]

    def test_not_opened_lists_what_the_oa_was_not_told(self, transactions):
        add(transactions, a_claim("c1"), a_claim("c2", submitted_at=LATER), pending(a_claim("c3"), a_task()))
        with transactions.read() as tx:
            assert tx.claims.not_opened(NOON) == []
            assert tx.claims.not_opened(NOON + timedelta(seconds=1)) == ["c1"]
            assert tx.claims.not_opened(LATER + timedelta(seconds=1), limit=1) == ["c1"]


class TestTheMonthlyBudget:
    def test_what_policy_approved_is_summed_exactly(self, transactions):
        add(transactions, by_policy("c1", "0.10"), by_policy("c2", "0.20"))
        with transactions.read() as tx:
            assert tx.claims.monthly_auto_approved("wang", 2026, 11) == Decimal("0.30")
            assert tx.claims.monthly_auto_approved("wang", 2026, 10) == 0
            assert tx.claims.monthly_auto_approved("liu", 2026, 11) == 0

    def test_what_people_approve_and_what_came_to_nothing_does_not_count(self, transactions):
        add(transactions, a_claim("c1"), by_policy("c2", "10.00"), by_policy("c3", "5.00", state=ClaimState.APPROVED))
        with transactions.write() as tx:
            tx.claims.save(tx.claims.get("c2").move(ClaimState.WITHDRAWN))
            assert tx.claims.monthly_auto_approved("wang", 2026, 11) == Decimal("5.00")

    def test_the_month_is_the_month_in_china(self, transactions):
        add(
            transactions,
            by_policy("c1", "1.00", submitted_at=datetime(2026, 11, 30, 15, 59, tzinfo=UTC)),
            by_policy("c2", "2.00", submitted_at=datetime(2026, 11, 30, 16, 0, tzinfo=UTC)),
            by_policy("c3", "4.00", submitted_at=datetime(2026, 12, 31, 16, 0, tzinfo=UTC)),
        )
        with transactions.read() as tx:
            assert tx.claims.monthly_auto_approved("wang", 2026, 11) == 1
            assert tx.claims.monthly_auto_approved("wang", 2026, 12) == 2
            assert tx.claims.monthly_auto_approved("wang", 2027, 1) == 4

    def test_racing_claims_never_spend_more_than_there_is(self, transactions):
        def submit(n):
            with transactions.write() as tx:
                if tx.claims.monthly_auto_approved("wang", 2026, 11) >= 5:
                    return False
                tx.claims.add(by_policy(f"c{n}", "1.00"))
                return True

        assert sum(race(*[lambda n=n: submit(n) for n in range(20)])) == 5


class TestDecisions:
    @pytest.fixture(autouse=True)
    def _claim(self, transactions):
        add(transactions, a_claim(), a_claim("c2"))

    def test_a_decision_comes_back_as_it_was_made(self, transactions):
        with transactions.write() as tx:
            assert tx.decisions.add(a_decision(), "c1:1:manager") is None
            assert tx.decisions.get("x1") == a_decision()
            with pytest.raises(KeyError):
                tx.decisions.get("no")

    def test_a_taken_slot_tells_who_was_faster(self, transactions):
        with transactions.write() as tx:
            tx.decisions.add(a_decision(), "c1:1:manager")
        with transactions.write() as tx:
            assert tx.decisions.add(a_decision("x2", by="liu"), "c1:1:manager") == a_decision()
        with transactions.read() as tx:
            assert tx.decisions.of_claim("c1") == [a_decision()]

    @pytest.mark.parametrize("end", [DecisionState.UNDONE, DecisionState.REFUSED])
    def test_undone_or_refused_it_frees_its_slot(self, transactions, end):
        with transactions.write() as tx:
            tx.decisions.add(a_decision(), "slot")
        with transactions.write() as tx:
            tx.decisions.save(replace(tx.decisions.get("x1"), state=end))
        with transactions.write() as tx:
            assert tx.decisions.add(a_decision("x2", at=LATER), "slot") is None
            assert [decision.state for decision in tx.decisions.of_claim("c1")] == [end, DecisionState.WAITING]

    def test_sent_it_keeps_its_slot(self, transactions):
        with transactions.write() as tx:
            tx.decisions.add(a_decision(), "slot")
            tx.decisions.save(a_decision(state=DecisionState.SENT))
            assert tx.decisions.add(a_decision("x2"), "slot") == a_decision(state=DecisionState.SENT)

    def test_of_claim_lists_the_oldest_first(self, transactions):
        with transactions.write() as tx:
            tx.decisions.add(a_decision("x1", at=LATER), "1")
            tx.decisions.add(a_decision("x2"), "2")
            tx.decisions.add(a_decision("x3", claim_id="c2"), "3")
            assert [decision.id for decision in tx.decisions.of_claim("c1")] == ["x2", "x1"]

    def test_of_ten_who_decide_at_once_one_does_and_nine_are_told_who(self, transactions):
        def decide(n):
            with transactions.write() as tx:
                return tx.decisions.add(a_decision(f"x{n}"), "slot")

        told = race(*[lambda n=n: decide(n) for n in range(10)])
        with transactions.read() as tx:
            (winner,) = tx.decisions.of_claim("c1")
        assert [f"x{n}" for n, holder in enumerate(told) if holder is None] == [winner.id]
        assert told.count(winner) == 9

    def test_due_decisions_are_given_out_once_a_minute(self, transactions):
        due = NOON + timedelta(minutes=1)
        with transactions.write() as tx:
            tx.decisions.add(a_decision("x1"), "1")
            tx.decisions.add(a_decision("x2", effective_at=LATER), "2")
            tx.decisions.add(a_decision("x3", state=DecisionState.UNDONE), "3")

        def take(now):
            with transactions.write() as tx:
                return list(tx.decisions.take_due(now))

        assert take(due - timedelta(seconds=1)) == []
        assert take(due) == ["x1"]
        assert take(due + timedelta(seconds=59)) == []
        assert take(due + timedelta(seconds=60)) == ["x1"]
        with transactions.write() as tx:
            tx.decisions.save(replace(tx.decisions.get("x1"), state=DecisionState.SENT))
        assert take(LATER) == ["x2"]

    def test_instances_that_scan_at_once_share_what_is_due(self, transactions):
        with transactions.write() as tx:
            for n in range(30):
                tx.decisions.add(a_decision(f"x{n}"), f"slot {n}")

        def take():
            taken = []
            while True:
                with transactions.write() as tx:
                    some = tx.decisions.take_due(LATER, limit=4)
                if not some:
                    return taken
                taken += some

        taken = [id_ for part in race(*[take] * 6) for id_ in part]
        # Where one holds rows another passes over them, so a scan may end early, but nothing is given out twice.
        assert sorted(taken) == sorted(set(taken))
        assert set(taken) | set(take()) == {f"x{n}" for n in range(30)}
