"""Taking a claim back: who may, until when, and what the OA makes of it."""

import pytest

from core.approval import OAConflict, OANotFound, OAStatus, OAUnavailable, Verdict
from core.claim import ClaimState
from core.directory import Member
from core.errors import Refused
from core.invoice import InvoiceState
from core.use_cases.scan import Scan
from core.use_cases.withdraw_claim import TellWithdrawal
from integrations.database.audit import verify
from integrations.language import Languages
from integrations.oa.builtin import BuiltinOA
from integrations.slack.messenger import SlackScreens
from tests.core.office import WINDOW, quick
from tests.handlers.desk import LOCALES
from tests.integrations.slack.conftest import control, lilei, slack, workspace  # noqa: F401, fixtures


def refusal(call, *arguments):
    with pytest.raises(Refused) as caught:
        call(*arguments)
    return caught.value.code


class TestWhileItIsPending:
    def test_the_draft_comes_back_and_the_number_is_free(self, office, engine):
        claim_id = office.pending()
        assert office.withdraw(claim_id, "wang").state is ClaimState.WITHDRAWING
        office.tell_withdrawal(claim_id)

        claim = office.claim(claim_id)
        assert (claim.state, claim.open_tasks()) == (ClaimState.WITHDRAWN, ())
        assert office.oa.get(claim.oa).status is OAStatus.WITHDRAWN
        assert (office.invoice().state, office.invoice().claim_id) == (InvoiceState.DRAFT, None)
        assert office.holder_of() is None
        assert verify(engine) is None

    def test_it_can_be_submitted_anew(self, office):
        claim_id = office.pending()
        office.withdraw(claim_id, "wang")
        office.tell_withdrawal(claim_id)
        again = office.submit("i1", "wang")
        assert (again.reference, again.round) == ("CL-2026-0002", 1)

    def test_twice_is_once(self, office):
        claim_id = office.pending()
        office.withdraw(claim_id, "wang")
        office.withdraw(claim_id, "wang")
        office.tell_withdrawal(claim_id)
        office.tell_withdrawal(claim_id)
        assert office.withdraw(claim_id, "wang").state is ClaimState.WITHDRAWN
        assert len(office.jobs_named("withdraw")) == 1

    def test_nobody_decides_it_meanwhile(self, office):
        claim_id = office.pending()
        task = office.claim(claim_id).open_tasks()[0]
        office.withdraw(claim_id, "wang")
        assert refusal(office.record, claim_id, task.id, 1, "chen", Verdict.APPROVE) == "E-STALE"

    def test_after_the_first_of_two_steps(self, office):
        claim_id = office.pending()
        office.decide(claim_id, "chen")
        office.withdraw(claim_id, "wang")
        office.tell_withdrawal(claim_id)
        assert office.claim(claim_id).state is ClaimState.WITHDRAWN


class TestWhoMayNot:
    @pytest.mark.parametrize("who", ["chen", "li", "nobody"])
    def test_others(self, office, who):
        claim_id = office.pending()
        assert refusal(office.withdraw, claim_id, who) == "E-NOT-YOURS"
        assert refusal(office.withdraw, "c404", who) == "E-NOT-YOURS"
        assert office.claim(claim_id).state is ClaimState.PENDING

    def test_what_was_just_decided_stands(self, office):
        claim_id = office.pending()
        decision = office.press(claim_id, "chen")
        assert refusal(office.withdraw, claim_id, "wang") == "E-JUST-DECIDED"
        office.record.undo(decision.id, "chen")
        assert office.withdraw(claim_id, "wang").state is ClaimState.WITHDRAWING

    def test_what_has_ended(self, office):
        claim_id = office.pending()
        office.decide(claim_id, "chen", Verdict.REJECT)
        assert refusal(office.withdraw, claim_id, "wang") == "E-CLAIM-STATE"

    def test_what_the_oa_has_not_got_yet(self, office):
        claim = office.submit(office.draft(), "wang")
        assert refusal(office.withdraw, claim.id, "wang") == "E-CLAIM-STATE"


def test_what_was_sent_back_is_withdrawn_at_once(office):
    claim_id = office.pending()
    office.decide(claim_id, "chen", Verdict.RETURN)
    assert office.withdraw(claim_id, "wang").state is ClaimState.WITHDRAWN
    assert (office.invoice().state, office.invoice().claim_id) == (InvoiceState.DRAFT, None)
    assert office.holder_of() is None
    assert office.submit("i1", "wang").reference == "CL-2026-0002"


class Unwilling(BuiltinOA):
    """An OA that answers a withdrawal with `problem`."""

    problem: Exception

    def withdraw(self, ref, actor, words):
        raise self.problem


@pytest.fixture
def unwilling(office, engine):
    office.oa = Unwilling(engine, "https://example.com", office.clock)
    return office.oa


@quick
class TestWhenTheOAWillNot:
    def test_unavailable_is_tried_again(self, office, unwilling):
        claim_id = office.pending()
        office.withdraw(claim_id, "wang")
        unwilling.problem = OAUnavailable("down")
        telling(office)(claim_id)
        assert office.claim(claim_id).state is ClaimState.WITHDRAWING
        Scan(office.transactions, office.clock)()
        assert len(office.jobs_named("withdraw")) == 2
        office.tell_withdrawal(claim_id)
        assert office.claim(claim_id).state is ClaimState.WITHDRAWN

    def test_unknown_there_is_for_somebody_to_look_at(self, office, unwilling):
        claim_id = office.pending()
        office.withdraw(claim_id, "wang")
        unwilling.problem = OANotFound("gone")
        telling(office)(claim_id)
        assert office.claim(claim_id).state is ClaimState.NEEDS_REVIEW

    def test_decided_there_first_is_followed(self, office, unwilling):
        claim_id = office.pending()
        task = office.claim(claim_id).open_tasks()[0]
        office.withdraw(claim_id, "wang")
        unwilling.act(office.claim(claim_id).oa, task.id, "chen", Verdict.REJECT, "不同意")
        unwilling.problem = OAConflict("decided")
        telling(office)(claim_id)
        assert office.claim(claim_id).state is ClaimState.REJECTED

    def test_not_allowed_is_said_once_and_it_goes_on(self, office, unwilling, slack, lilei):  # noqa: F811
        claim_id = office.pending()
        office.withdraw(claim_id, "wang")
        unwilling.problem = OAConflict("this template cannot be withdrawn")
        telling(office, SlackScreens(slack, Languages(LOCALES)), Everybody())(claim_id)
        assert office.claim(claim_id).state is ClaimState.PENDING
        assert [m.text for m in lilei.messages() if "CL-2026-0001" in m.text] == [
            "OA 不允许撤回 CL-2026-0001，审批照常继续。可以请审批人退回。"
        ]
        office.decide(claim_id, "chen")
        assert office.waiting(claim_id) == {("review", "zhao"), ("review", "qian")}


class Everybody:
    """Whoever is looked for is Li Lei."""

    def member_of(self, person):
        return Member("T1", "U0LILEI", person, "李雷", "zh-CN", "Asia/Shanghai")


def telling(office, screens=None, people=None):
    return TellWithdrawal(office.transactions, office.oa, screens, people, WINDOW, office.clock)
