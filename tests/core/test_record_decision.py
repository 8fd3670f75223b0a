"""An approver decides, may undo for a while, and the OA is told once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.approval import OAStatus, TaskStatus, Verdict
from core.claim import ClaimState, StepRule
from core.decision import DecisionState
from core.directory import Directory
from core.errors import NotUnderstood, Refused
from core.invoice import InvoiceState
from core.use_cases.record_decision import slot_of
from core.use_cases.scan import Scan
from tests.core.office import NOON, OURS, PEOPLE, WINDOW, quick
from tests.integrations.database.samples import race

APPROVE, RETURN, REJECT = Verdict.APPROVE, Verdict.RETURN, Verdict.REJECT


def refusal(call, *arguments, **named):
    with pytest.raises(Refused) as caught:
        call(*arguments, **named)
    return caught.value


def refused_code(call, *arguments):
    """What the call gave, or why it was refused."""
    try:
        return call(*arguments)
    except Refused as refused:
        return refused.code


def task_of(office, claim_id, person):
    return next(task.id for task in office.claim(claim_id).tasks if task.assignee == person)


@pytest.fixture
def at_finance(office):
    """A claim at its finance review, which either of two may do."""
    claim_id = office.pending()
    office.decide(claim_id, "chen")
    return claim_id


class TestDeciding:
    def test_it_waits_for_the_window_then_takes_effect(self, office):
        claim_id = office.pending()
        decision = office.press(claim_id, "chen")
        assert (decision.state, decision.verdict, decision.node_id) == (DecisionState.WAITING, APPROVE, "manager")
        assert (decision.at, decision.effective_at) == (NOON, NOON + WINDOW)

        office.now += WINDOW - timedelta(seconds=1)
        office.apply(decision.id)
        assert office.waiting(claim_id) == {("manager", "chen")}

        office.now += timedelta(seconds=1)
        office.apply(decision.id)
        assert office.waiting(claim_id) == {("review", "zhao"), ("review", "qian")}
        assert office.decision(decision.id).state is DecisionState.SENT

    def test_finance_approves_last(self, office, at_finance):
        office.decide(at_finance, "qian")
        claim = office.claim(at_finance)
        assert claim.state is ClaimState.APPROVED
        assert {task.assignee: task.status for task in claim.tasks}["zhao"] is TaskStatus.CANCELLED

    @pytest.mark.parametrize(
        ("verdict", "state", "invoice"),
        [(RETURN, ClaimState.RETURNED, InvoiceState.DRAFT), (REJECT, ClaimState.REJECTED, InvoiceState.CLAIMED)],
    )
    def test_no_is_no(self, office, verdict, state, invoice):
        claim_id = office.pending()
        office.decide(claim_id, "chen", verdict, words="请补充事由")
        assert office.claim(claim_id).state is state
        assert office.claim(claim_id).tasks[0].comment == "请补充事由"
        assert office.invoice().state is invoice

    def test_a_return_and_a_second_round(self, office):
        claim_id = office.pending()
        office.decide(claim_id, "chen", RETURN)
        office.submit("i1", "wang")
        office.open(claim_id)
        office.decide(claim_id, "chen")
        office.decide(claim_id, "zhao")
        assert (office.claim(claim_id).state, office.claim(claim_id).round) == (ClaimState.APPROVED, 2)

    def test_without_a_window_it_is_told_at_once(self, office):
        claim_id = office.pending()
        office.record = replace(office.record, undo_window=timedelta(0))
        decision = office.press(claim_id, "chen")
        assert decision.effective_at == decision.at
        assert office.jobs_named("apply_decision") == [decision.id]
        office.apply(decision.id)
        assert office.decision(decision.id).state is DecisionState.SENT

    def test_what_is_due_is_given_out(self, office):
        decision = office.press(office.pending(), "chen")
        scan = Scan(office.transactions, office.clock)
        scan()
        assert office.jobs_named("apply_decision") == []
        office.now += WINDOW
        scan()
        scan()
        assert office.jobs_named("apply_decision") == [f"{decision.id}:{int(office.now.timestamp())}"]


@quick
class TestRefusals:
    """Nothing is recorded, and the sentence fits the one who pressed."""

    @pytest.fixture
    def claim_id(self, office):
        return office.pending()

    @pytest.fixture(autouse=True)
    def nothing_is_recorded(self, office, claim_id):
        yield
        with office.transactions.read() as tx:
            assert tx.decisions.of_claim(claim_id) == []

    def press(self, office, claim_id, by, verdict=APPROVE, *, task=None, round_=1, **said):
        return office.record(claim_id, task or task_of(office, claim_id, "chen"), round_, by, verdict, **said)

    @pytest.mark.parametrize("by", ["li", "boss", "zhao", "nobody"])
    def test_another_persons_task(self, office, claim_id, by):
        assert refusal(self.press, office, claim_id, by).code == "E-NOT-YOURS"
        assert (
            refusal(office.record.may_decide, claim_id, task_of(office, claim_id, "chen"), 1, by).code == "E-NOT-YOURS"
        )

    def test_no_such_claim_sounds_like_another_persons(self, office, claim_id):
        none = refusal(office.record, "c404", "t404", 1, "li", APPROVE)
        assert (none.code, none.message) == ("E-NOT-YOURS", refusal(self.press, office, claim_id, "li").message)

    def test_ones_own_claim(self, office, claim_id):
        """Even where the OA gave the submitter the task."""
        tasks = tuple(replace(task, assignee="wang") for task in office.claim(claim_id).tasks)
        office.tell(claim_id, tasks=tasks)
        refused = refusal(office.record, claim_id, tasks[0].id, 1, "wang", APPROVE)
        assert refused.code == "E-OWN-CLAIM"

    def test_no_such_task(self, office, claim_id):
        assert refusal(self.press, office, claim_id, "chen", task="t404").code == "E-STALE"

    @pytest.mark.parametrize("round_", [0, 2])
    def test_a_card_of_another_round(self, office, claim_id, round_):
        refused = refusal(self.press, office, claim_id, "chen", round_=round_)
        assert (refused.code, refused.message.values) == ("E-STALE", {"reference": "CL-2026-0001"})

    @pytest.mark.parametrize("status", [OAStatus.WITHDRAWN, OAStatus.APPROVED, OAStatus.REJECTED, OAStatus.UNKNOWN])
    def test_a_claim_that_has_moved_on(self, office, claim_id, status):
        """Whatever its tasks still say."""
        office.tell(claim_id, status=status)
        assert refusal(self.press, office, claim_id, "chen").code == "E-STALE"

    def test_a_task_that_is_done(self, office, claim_id):
        tasks = tuple(replace(task, status=TaskStatus.TRANSFERRED) for task in office.claim(claim_id).tasks)
        office.tell(claim_id, tasks=tasks)
        assert refusal(self.press, office, claim_id, "chen").code == "E-STALE"

    @pytest.mark.parametrize("verdict", [RETURN, REJECT])
    def test_no_without_a_reason(self, office, claim_id, verdict):
        with pytest.raises(NotUnderstood) as caught:
            self.press(office, claim_id, "chen", verdict, words="不行")
        assert caught.value.field == "reason"

    def test_too_many_words(self, office, claim_id):
        with pytest.raises(NotUnderstood) as caught:
            self.press(office, claim_id, "chen", words="字" * 1001)
        assert caught.value.field == "words"

    def test_who_has_left_decides_nothing(self, office, claim_id):
        left = Directory("T1", [replace(each, active=each.id != "chen") for each in PEOPLE], [OURS])
        office.record = replace(office.record, directory=left)
        assert refusal(self.press, office, claim_id, "chen").code == "E-NOT-YOURS"


class TestTwice:
    def test_a_double_press_is_one(self, office):
        claim_id = office.pending()
        first = office.press(claim_id, "chen")
        office.now += timedelta(seconds=1)
        assert office.press(claim_id, "chen") == first

    def test_even_after_it_took_effect(self, office):
        claim_id = office.pending()
        task = task_of(office, claim_id, "chen")
        decided = office.decide(claim_id, "chen")
        assert office.record(claim_id, task, 1, "chen", APPROVE).id == decided

    def test_two_presses_at_once_are_one(self, office):
        claim_id = office.pending()
        press = lambda: office.press(claim_id, "chen")  # noqa: E731
        first, second = race(press, press)
        assert first == second

    def test_another_verdict_needs_an_undo_first(self, office):
        claim_id = office.pending()
        office.press(claim_id, "chen")
        refused = refusal(office.press, claim_id, "chen", REJECT)
        assert (refused.code, refused.message.values["name"]) == ("E-DECIDED", "Chen")

    def test_who_comes_second_is_told_who_was_faster(self, office, at_finance):
        office.press(at_finance, "zhao", REJECT)
        for ask in (
            lambda: office.press(at_finance, "qian"),
            lambda: office.record(at_finance, task_of(office, at_finance, "qian"), 1, "qian", APPROVE),
        ):
            refused = refusal(ask)
            assert refused.code == "E-DECIDED"
            assert (refused.message.values["name"], refused.message.values["did"].text) == ("Zhao", "rejected it")

    def test_and_so_is_who_presses_an_old_card(self, office, at_finance):
        task = task_of(office, at_finance, "qian")
        office.decide(at_finance, "zhao")
        assert refusal(office.record, at_finance, task, 1, "qian", APPROVE).message.values["name"] == "Zhao"

    def test_the_faster_one_may_have_left_since(self, office, at_finance):
        office.press(at_finance, "zhao")
        left = Directory("T1", [each for each in PEOPLE if each.id != "zhao"], [OURS])
        office.record = replace(office.record, directory=left)
        assert refusal(office.press, at_finance, "qian").message.values["name"] == "zhao"

    def test_of_two_at_once_one_decides(self, office, at_finance):
        results = race(
            lambda: refused_code(office.press, at_finance, "zhao"),
            lambda: refused_code(office.press, at_finance, "qian", REJECT),
        )
        assert [result for result in results if isinstance(result, str)] == ["E-DECIDED"]
        with office.transactions.read() as tx:
            assert len([each for each in tx.decisions.of_claim(at_finance) if each.node_id == "review"]) == 1

    @pytest.mark.parametrize(
        ("rule", "same"), [(StepRule.ANY, True), (StepRule.ALL, False), (StepRule.IN_ORDER, False)]
    )
    @quick
    def test_where_all_decide_each_has_a_slot(self, office, at_finance, rule, same):
        claim = office.claim(at_finance)
        steps = tuple(replace(step, rule=rule) for step in claim.plan.steps)
        claim = replace(claim, plan=replace(claim.plan, steps=steps))
        zhao, qian = (slot_of(claim, task) for task in claim.open_tasks())
        assert (zhao == qian) is same


class TestUndo:
    def test_within_the_window_it_waits_again(self, office):
        claim_id = office.pending()
        decision = office.press(claim_id, "chen", REJECT)
        office.now += WINDOW - timedelta(microseconds=1)

        office.record.undo(decision.id, "chen")
        office.record.undo(decision.id, "chen")

        office.now += WINDOW
        office.apply(decision.id)
        assert office.decision(decision.id).state is DecisionState.UNDONE
        assert office.waiting(claim_id) == {("manager", "chen")}
        assert office.press(claim_id, "chen").id != decision.id

    def test_after_the_window_it_is_too_late(self, office):
        decision = office.press(office.pending(), "chen")
        office.now += WINDOW
        refused = refusal(office.record.undo, decision.id, "chen")
        assert (refused.code, refused.message.values["time"]) == ("E-TOO-LATE", decision.effective_at)
        office.apply(decision.id)
        office.now = NOON
        assert refusal(office.record.undo, decision.id, "chen").code == "E-TOO-LATE"

    @pytest.mark.parametrize("by", ["wang", "zhao", "boss"])
    @quick
    def test_nobody_undoes_anothers(self, office, by):
        decision = office.press(office.pending(), "chen")
        assert refusal(office.record.undo, decision.id, by).code == "E-NOT-YOURS"
        assert office.decision(decision.id).state is DecisionState.WAITING

    def test_what_was_never_decided(self, office):
        assert refusal(office.record.undo, "x404", "chen").code == "E-NO-DECISION"

    def test_a_colleague_decides_after_an_undo(self, office, at_finance):
        office.record.undo(office.press(at_finance, "zhao", REJECT).id, "zhao")
        office.decide(at_finance, "qian")
        assert office.claim(at_finance).state is ClaimState.APPROVED


class TestTellingTheOA:
    def test_a_job_that_runs_twice_tells_it_once(self, office):
        claim_id = office.pending()
        decision = office.decide(claim_id, "chen")
        before, shown = office.claim(claim_id), len(office.jobs)
        office.apply(decision)
        assert office.claim(claim_id) == before
        assert len(office.jobs) == shown

    def test_two_jobs_at_once_tell_it_once(self, office):
        claim_id = office.pending()
        decision = office.press(claim_id, "chen")
        office.now += WINDOW
        race(*[lambda: office.apply(decision.id)] * 3)
        assert office.decision(decision.id).state is DecisionState.SENT
        assert office.waiting(claim_id) == {("review", "zhao"), ("review", "qian")}

    def test_a_crash_after_telling_it_is_made_good(self, office):
        claim_id = office.pending()
        decision = office.press(claim_id, "chen")
        office.oa.act(office.claim(claim_id).oa, decision.task_id, "chen", APPROVE, "")
        office.now += WINDOW
        office.apply(decision.id)
        assert office.decision(decision.id).state is DecisionState.SENT
        assert office.waiting(claim_id) == {("review", "zhao"), ("review", "qian")}

    def test_what_the_oa_decided_otherwise_meanwhile_stands(self, office):
        claim_id = office.pending()
        decision = office.press(claim_id, "chen")
        office.oa.withdraw(office.claim(claim_id).oa, "wang", "")
        office.now += WINDOW
        office.apply(decision.id)
        assert office.decision(decision.id).state is DecisionState.REFUSED
        assert office.claim(claim_id).state is ClaimState.WITHDRAWN

    def test_an_approval_that_is_gone_ends_the_decision(self, office):
        claim_id = office.pending()
        decision = office.press(claim_id, "chen")
        with office.transactions.write() as tx:
            claim = tx.claims.get(claim_id)
            tx.claims.save(replace(claim, oa=replace(claim.oa, native_id="gone")))
        office.now += WINDOW
        office.apply(decision.id)
        assert office.decision(decision.id).state is DecisionState.REFUSED

    def test_a_decision_of_an_earlier_round_is_not_told(self, office):
        claim_id = office.pending()
        decision = office.press(claim_id, "chen")
        office.tell(claim_id, status=OAStatus.RETURNED)
        office.submit("i1", "wang")
        office.open(claim_id)
        office.now += WINDOW
        office.apply(decision.id)
        assert office.decision(decision.id).state is DecisionState.REFUSED
        assert office.waiting(claim_id) == {("manager", "chen")}
