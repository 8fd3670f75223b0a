from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from core.approval import OAConflict, OAStatus, Verdict
from integrations.oa.builtin import BuiltinOA
from tests.integrations.oa.contract import *  # noqa: F403, every promise of the port
from tests.integrations.oa.contract import MANAGER, SUBMITTER, a_draft, decide, node

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@pytest.fixture
def oa(engine):
    return BuiltinOA(engine, "https://piaobot.example.com", now=lambda: NOON)


def test_its_link_leads_to_the_claim(oa):
    ref = oa.create(a_draft(idempotency_key="c7:2"))
    assert oa.deep_link(ref) == "https://piaobot.example.com/web/claims/c7"


def test_only_the_initiator_withdraws_and_twice_is_once(oa):
    ref = oa.create(a_draft(node("manager", MANAGER)))
    with pytest.raises(OAConflict):
        oa.withdraw(ref, MANAGER, "")

    oa.withdraw(ref, SUBMITTER, "金额有误")
    oa.withdraw(ref, SUBMITTER, "金额有误")

    assert oa.get(ref).status is OAStatus.WITHDRAWN
    assert [said.words for said in oa.get(ref).comments] == ["金额有误"]


def test_decided_tasks_say_when_and_the_snapshot_when_it_was_seen(oa):
    ref = oa.create(a_draft(node("manager", MANAGER)))
    decide(oa, ref, MANAGER, Verdict.APPROVE)
    assert (oa.get(ref).tasks[0].at, oa.get(ref).observed_at) == (NOON, NOON)


@pytest.mark.parametrize("endless", [node("nobody"), node("manager", MANAGER, rule="majority")])
def test_a_node_that_could_never_end_is_not_opened(oa, endless):
    draft = a_draft(endless)
    with pytest.raises(ValueError, match="cannot be decided"):
        oa.create(draft)
    assert oa.find_by_key(draft.idempotency_key) is None


def test_what_people_wrote_cannot_be_read_in_the_database(oa, engine):
    ref = oa.create(a_draft(node("manager", MANAGER)))
    oa.comment(ref, MANAGER, "为什么不走集采？")
    decide(oa, ref, MANAGER, words="下次走集采")

    with engine.connect() as connection:
        for table in ("oa_approvals", "oa_tasks", "oa_comments"):
            for row in connection.execute(text(f"SELECT * FROM {table}")):
                kept = b" ".join(
                    bytes(each) if isinstance(each, bytes | memoryview) else str(each).encode() for each in row
                )
                assert not any(words.encode() in kept for words in ("集采", "475.80", "打印"))
