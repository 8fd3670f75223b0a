"""What every OfficeAutomation keeps. `from tests.integrations.oa.contract import *` beside a fixture `oa`.

The fixture gives the adapter, connected to an OA that knows the people below and routes as the draft says.
"""

import itertools
from dataclasses import replace

import pytest

from core.approval import (
    ApprovalDraft,
    ApprovalNode,
    OAConflict,
    OANotFound,
    OAStatus,
    TaskStatus,
    Verdict,
)
from tests.integrations.database.samples import race

_keys = (f"claim-{number}:1" for number in itertools.count(1))
SUBMITTER, MANAGER, COLLEAGUE, REVIEWER = "lilei", "wangfang", "zhaomin", "zhoujie"


def node(id_, *approvers, rule="any"):
    return ApprovalNode(id_, id_.title(), approvers, rule)


def a_draft(*nodes, **changes):
    draft = ApprovalDraft(
        idempotency_key=next(_keys),
        title="CL-2026-0001 475.80 CNY",
        initiator=SUBMITTER,
        fields={"total": "475.80 CNY", "purpose": "季度打印耗材"},
        nodes=nodes,
    )
    return replace(draft, **changes)


def tasks(oa, ref):
    """(assignee, status) of every task, in order."""
    return [(task.assignee, task.status) for task in oa.get(ref).tasks]


def decide(oa, ref, person, verdict=Verdict.APPROVE, words=""):
    """Decide the pending task of a person."""
    (task,) = [task for task in oa.get(ref).tasks if task.assignee == person and task.status is TaskStatus.PENDING]
    oa.act(ref, task.id, person, verdict, words)
    return task.id


def test_a_new_approval_waits_for_its_first_node(oa):
    ref = oa.create(a_draft(node("manager", MANAGER), node("finance", REVIEWER)))

    seen = oa.get(ref)

    assert (seen.ref, seen.status) == (ref, OAStatus.PENDING)
    assert tasks(oa, ref) == [(MANAGER, TaskStatus.PENDING)]
    assert (seen.tasks[0].node_id, seen.tasks[0].node_name) == ("manager", "Manager")


def test_the_same_key_gives_the_same_approval(oa):
    draft = a_draft(node("manager", MANAGER))

    ref = oa.create(draft)

    assert oa.create(draft) == ref
    assert oa.find_by_key(draft.idempotency_key) == ref
    assert tasks(oa, ref) == [(MANAGER, TaskStatus.PENDING)]


def test_a_key_nobody_used_is_not_found(oa):
    assert oa.find_by_key("never:1") is None


def test_creating_with_one_key_at_once_gives_one_approval(oa):
    draft = a_draft(node("manager", MANAGER))

    refs = race(*[lambda: oa.create(draft)] * 4)

    assert refs == [refs[0]] * 4
    assert tasks(oa, refs[0]) == [(MANAGER, TaskStatus.PENDING)]


def test_nodes_come_one_after_the_other_and_the_last_approves(oa):
    ref = oa.create(a_draft(node("manager", MANAGER), node("finance", REVIEWER)))

    decide(oa, ref, MANAGER, words="同意")
    assert oa.get(ref).status is OAStatus.PENDING
    decide(oa, ref, REVIEWER)

    assert oa.get(ref).status is OAStatus.APPROVED
    assert tasks(oa, ref) == [(MANAGER, TaskStatus.APPROVED), (REVIEWER, TaskStatus.APPROVED)]
    assert oa.get(ref).tasks[0].comment == "同意"
    assert oa.get(ref).tasks[0].at.tzinfo is not None


def test_without_nodes_it_is_approved_at_once(oa):
    assert oa.get(oa.create(a_draft())).status is OAStatus.APPROVED


def test_of_any_the_first_decides_and_the_others_are_asked_no_more(oa):
    ref = oa.create(a_draft(node("finance", MANAGER, COLLEAGUE)))

    decide(oa, ref, COLLEAGUE)

    assert tasks(oa, ref) == [(MANAGER, TaskStatus.CANCELLED), (COLLEAGUE, TaskStatus.APPROVED)]
    assert oa.get(ref).status is OAStatus.APPROVED


def test_of_all_everybody_has_to_approve(oa):
    ref = oa.create(a_draft(node("managers", MANAGER, COLLEAGUE, rule="all"), node("finance", REVIEWER)))

    decide(oa, ref, COLLEAGUE)
    assert tasks(oa, ref) == [(MANAGER, TaskStatus.PENDING), (COLLEAGUE, TaskStatus.APPROVED)]
    decide(oa, ref, MANAGER)

    assert tasks(oa, ref)[2:] == [(REVIEWER, TaskStatus.PENDING)]


def test_in_order_one_is_asked_after_the_other(oa):
    ref = oa.create(a_draft(node("managers", MANAGER, COLLEAGUE, rule="in_order")))

    assert tasks(oa, ref) == [(MANAGER, TaskStatus.PENDING)]
    decide(oa, ref, MANAGER)
    assert tasks(oa, ref) == [(MANAGER, TaskStatus.APPROVED), (COLLEAGUE, TaskStatus.PENDING)]
    decide(oa, ref, COLLEAGUE)

    assert oa.get(ref).status is OAStatus.APPROVED


@pytest.mark.parametrize("rule", ["any", "all"])
@pytest.mark.parametrize(
    ("verdict", "task_status", "status"),
    [
        (Verdict.REJECT, TaskStatus.REJECTED, OAStatus.REJECTED),
        (Verdict.RETURN, TaskStatus.RETURNED, OAStatus.RETURNED),
    ],
)
def test_one_no_ends_it_for_all(oa, rule, verdict, task_status, status):
    ref = oa.create(a_draft(node("managers", MANAGER, COLLEAGUE, rule=rule), node("finance", REVIEWER)))

    decide(oa, ref, MANAGER, verdict, "缺少审批单")

    assert oa.get(ref).status is status
    assert tasks(oa, ref) == [(MANAGER, task_status), (COLLEAGUE, TaskStatus.CANCELLED)]
    assert oa.get(ref).tasks[0].comment == "缺少审批单"


def test_the_same_decision_twice_is_once(oa):
    ref = oa.create(a_draft(node("manager", MANAGER), node("finance", REVIEWER)))
    task_id = decide(oa, ref, MANAGER)
    before = oa.get(ref)

    oa.act(ref, task_id, MANAGER, Verdict.APPROVE, "")

    after = oa.get(ref)
    assert (after.tasks, after.version) == (before.tasks, before.version)


def test_another_decision_on_the_same_task_is_refused(oa):
    ref = oa.create(a_draft(node("manager", MANAGER)))
    task_id = decide(oa, ref, MANAGER)

    with pytest.raises(OAConflict):
        oa.act(ref, task_id, MANAGER, Verdict.REJECT, "")

    assert oa.get(ref).status is OAStatus.APPROVED


def test_whoever_comes_second_in_an_any_node_is_refused(oa):
    ref = oa.create(a_draft(node("finance", MANAGER, COLLEAGUE)))
    late = oa.get(ref).tasks[1].id
    decide(oa, ref, MANAGER)

    with pytest.raises(OAConflict):
        oa.act(ref, late, COLLEAGUE, Verdict.APPROVE, "")


def test_nobody_decides_for_another(oa):
    ref = oa.create(a_draft(node("manager", MANAGER)))

    with pytest.raises(OAConflict):
        oa.act(ref, oa.get(ref).tasks[0].id, SUBMITTER, Verdict.APPROVE, "")

    assert tasks(oa, ref) == [(MANAGER, TaskStatus.PENDING)]


@pytest.mark.parametrize("second", [Verdict.APPROVE, Verdict.REJECT])
def test_two_approvers_at_once_one_wins(oa, second):
    ref = oa.create(a_draft(node("finance", MANAGER, COLLEAGUE)))
    first_task, second_task = oa.get(ref).tasks

    def act(task, verdict):
        try:
            oa.act(ref, task.id, task.assignee, verdict, "")
        except OAConflict:
            return None
        return verdict

    results = race(lambda: act(first_task, Verdict.APPROVE), lambda: act(second_task, second))

    (won,) = [verdict for verdict in results if verdict is not None]
    assert oa.get(ref).status is (OAStatus.APPROVED if won is Verdict.APPROVE else OAStatus.REJECTED)
    assert sorted(status == TaskStatus.CANCELLED for _, status in tasks(oa, ref)) == [False, True]


def test_two_of_all_at_once_both_count(oa):
    ref = oa.create(a_draft(node("managers", MANAGER, COLLEAGUE, rule="all"), node("finance", REVIEWER)))
    both = oa.get(ref).tasks

    race(*[lambda task=task: oa.act(ref, task.id, task.assignee, Verdict.APPROVE, "") for task in both])

    assert tasks(oa, ref) == [
        (MANAGER, TaskStatus.APPROVED),
        (COLLEAGUE, TaskStatus.APPROVED),
        (REVIEWER, TaskStatus.PENDING),
    ]


def test_withdrawn_while_pending(oa):
    ref = oa.create(a_draft(node("manager", MANAGER, COLLEAGUE)))

    oa.withdraw(ref, SUBMITTER, "金额有误")

    assert oa.get(ref).status is OAStatus.WITHDRAWN
    assert {status for _, status in tasks(oa, ref)} == {TaskStatus.CANCELLED}


def test_too_late_to_withdraw(oa):
    ref = oa.create(a_draft(node("manager", MANAGER)))
    decide(oa, ref, MANAGER)

    with pytest.raises(OAConflict):
        oa.withdraw(ref, SUBMITTER, "")

    assert oa.get(ref).status is OAStatus.APPROVED


def test_a_withdrawal_and_an_approval_at_once_one_wins(oa):
    ref = oa.create(a_draft(node("manager", MANAGER)))
    task_id = oa.get(ref).tasks[0].id

    def attempt(call):
        try:
            call()
        except OAConflict:
            return False
        return True

    approved, withdrawn = race(
        lambda: attempt(lambda: oa.act(ref, task_id, MANAGER, Verdict.APPROVE, "")),
        lambda: attempt(lambda: oa.withdraw(ref, SUBMITTER, "")),
    )

    assert approved is not withdrawn
    assert oa.get(ref).status is (OAStatus.APPROVED if approved else OAStatus.WITHDRAWN)


def test_what_is_said_stands_on_the_record(oa):
    ref = oa.create(a_draft(node("manager", MANAGER)))

    oa.comment(ref, MANAGER, "为什么不走集采？")

    (said,) = oa.get(ref).comments
    assert (said.by, said.words) == (MANAGER, "为什么不走集采？")
    assert oa.get(ref).status is OAStatus.PENDING


def test_the_version_grows_with_every_change(oa):
    ref = oa.create(a_draft(node("manager", MANAGER), node("finance", REVIEWER)))
    versions = [oa.get(ref).version]

    for change in (
        lambda: decide(oa, ref, MANAGER),
        lambda: oa.comment(ref, REVIEWER, "看过了"),
        lambda: decide(oa, ref, REVIEWER),
    ):
        change()
        versions.append(oa.get(ref).version)

    assert versions == sorted(set(versions))
    assert versions[0] > 0
    assert oa.get(ref).version == versions[-1]


def test_what_does_not_exist_is_not_found(oa):
    ref = oa.create(a_draft(node("manager", MANAGER)))
    other = replace(ref, native_id="404")

    for call in (
        lambda: oa.get(other),
        lambda: oa.act(other, "1", MANAGER, Verdict.APPROVE, ""),
        lambda: oa.act(ref, "404", MANAGER, Verdict.APPROVE, ""),
        lambda: oa.withdraw(other, SUBMITTER, ""),
        lambda: oa.comment(other, MANAGER, "?"),
    ):
        with pytest.raises(OANotFound):
            call()
