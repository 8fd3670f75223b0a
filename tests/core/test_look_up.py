"""Whom /invoice and the Home tab tell what, on both databases."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from core.approval import Verdict
from core.claim import UNDER_WAY, ClaimState
from core.directory import Directory, Role
from core.errors import Refused
from core.money import Money
from core.use_cases import look_up as module
from core.use_cases.look_up import LookUp
from core.use_cases.see_home import SeeHome
from core.views import HelpView, ListView, StatusView
from tests.core.office import DIRECTORY, NOON, OURS, PEOPLE, POLICY, a_person, a_reading
from tests.integrations.database.counting import statements


@pytest.fixture
def people():
    return {person.id: person for person in (*PEOPLE, a_person("adm", Role.ADMIN))}


@pytest.fixture
def look(office, people):
    return LookUp(office.transactions, lambda: Directory("T1", people.values(), [OURS]), POLICY, office.clock)


@pytest.fixture
def home(office):
    return SeeHome(office.transactions, lambda: DIRECTORY, office.clock)


def numbered(number, **fields):
    return a_reading(number=f"2643200000000000{number:04}", **fields)


def references(view):
    return [row.claim.reference for row in view.rows if row.claim]


def drafts(view):
    return [row.invoices[0].id for row in view.rows if row.claim is None]


def refusal(call):
    with pytest.raises(Refused) as caught:
        call()
    return caught.value


def test_a_claim_for_other_eyes_sounds_like_none(office, look, people):
    reference = office.claim(office.pending()).reference
    for viewer in ("wang", "chen", "zhao"):
        assert isinstance(look(viewer, f"status {reference}"), StatusView)
    absent = refusal(lambda: look("li", "status CL-2026-0404"))
    for viewer in ("li", "adm", "boss"):
        hidden = refusal(lambda viewer=viewer: look(viewer, f"status {reference}"))
        assert (hidden.code, hidden.message.text) == (absent.code, absent.message.text)
        assert refusal(lambda viewer=viewer: look.form(viewer, "n1")).message.text == absent.message.text
    people["chen"] = replace(people["chen"], active=False)
    assert refusal(lambda: look("chen", f"status {reference}")).code == "E-NO-CLAIM"


def test_who_has_it_since_when(office, look):
    claim_id = office.pending()
    reference = office.claim(claim_id).reference
    assert look("wang", reference).claim.waits_since() == NOON
    office.now = NOON + timedelta(hours=3)
    office.decide(claim_id, "chen")
    view = look("wang", reference)
    assert [decision.by for decision in view.decisions] == ["chen"]
    assert {task.assignee for task in view.claim.open_tasks()} == {"zhao", "qian"}
    assert view.claim.waits_since() == office.now


def test_what_was_undone_is_not_told(office, look):
    claim_id = office.pending()
    decision = office.press(claim_id, "chen")
    assert [each.id for each in look("wang", "status 1").decisions] == [decision.id]
    office.record.undo(decision.id, "chen")
    assert look("wang", "status 1").decisions == ()


def test_mine_has_drafts_and_claims_newest_first(office, look):
    office.draft("d1", reading=numbered(1))
    office.now += timedelta(hours=1)
    office.pending("c1", reading=numbered(2))
    office.draft("other", owner="li", reading=numbered(3))
    view = look("wang", "mine")
    assert isinstance(view, ListView)
    assert (view.count, view.page, view.pages) == (2, 1, 1)
    assert [row.claim is None for row in view.rows] == [False, True]
    assert drafts(view) == ["d1"]
    assert [each.id for each in view.rows[0].invoices] == ["c1"]
    assert look("boss", "mine").rows == ()


def test_the_drafts_of_a_returned_claim_stand_in_the_claim(office, look):
    claim_id = office.pending()
    office.decide(claim_id, "chen", Verdict.RETURN)
    view = look("wang", "mine")
    assert (references(view), drafts(view)) == (["CL-2026-0001"], [])


def test_pages_cut_a_list_without_loss_or_repeat(office, look, monkeypatch):
    monkeypatch.setattr(module, "ROWS", 2)
    for number in range(5):
        office.now += timedelta(minutes=1)
        (office.draft if number % 2 else office.pending)(f"i{number}", reading=numbered(number))
    office.now += timedelta(minutes=1)
    everything = [look("wang", f"mine {page}") for page in (1, 2, 3)]
    assert [len(view.rows) for view in everything] == [2, 2, 1]
    assert len({row.invoices[0].id for view in everything for row in view.rows}) == 5
    assert (look("wang", "mine 99").page, look("wang", "mine 0").page) == (3, 1)
    found = [look("wang", "find 虚构餐饮", page) for page in (1, 2, 3, 9)]
    assert [view.page for view in found] == [1, 2, 3, 3]
    assert {(view.count, view.line) for view in found} == {(5, "find 虚构餐饮")}
    assert len({row.invoices[0].id for view in found for row in view.rows}) == 5


def test_everybody_finds_their_own_and_finance_every_claim(office, look):
    office.pending("c1", reading=numbered(1, seller_name="云帆文具", total="475.80"))
    office.draft("d1", reading=numbered(2, seller_name="云帆文具"))
    for words in ("云帆", "475.80", "26432000000000000001", "CL-2026-0001", "0001"):
        assert references(look("wang", f"find {words}")) == ["CL-2026-0001"], words
        assert references(look("zhao", f"find {words}")) == ["CL-2026-0001"], words
        for other in ("chen", "li", "adm"):
            assert look(other, f"find {words}").count == (1 if (other, words) == ("chen", "CL-2026-0001") else 0)
    assert drafts(look("wang", "find 云帆")) == ["d1"]
    assert drafts(look("zhao", "find 云帆")) == []
    assert look("wang", "find 没有的").rows == ()


def test_a_claim_of_several_invoices_is_found_once(office, look):
    ids = [office.draft(f"i{number}", reading=numbered(number, seller_name="云帆文具")) for number in (1, 2)]
    office.submit.together(ids, "wang")
    view = look("wang", "find 云帆")
    assert view.count == 1
    assert [each.id for each in view.rows[0].invoices] == ids


def test_when_not_everything_was_searched_it_says_so(office, look, monkeypatch):
    monkeypatch.setattr(module, "SEARCHED", 1)
    office.draft("old", reading=numbered(1))
    assert look("wang", "find 虚构").everything
    office.now += timedelta(hours=1)
    office.draft("new", reading=numbered(2))
    view = look("wang", "find 虚构")
    assert not view.everything
    assert view.count == 1


def test_help_is_by_role(look):
    assert look("wang", "") == HelpView(approves=False, finance=False, admin=False)
    assert look("chen", "help") == HelpView(approves=True, finance=False, admin=False)
    assert look("zhao", "帮助") == HelpView(approves=True, finance=True, admin=False)
    assert look("adm", "超标三") == HelpView(approves=False, finance=False, admin=True, unclear="超标三")


def test_home_of_an_employee(office, home):
    returned = office.pending("c1", reading=numbered(1))
    office.decide(returned, "chen", Verdict.RETURN)
    office.decide(office.pending("c2", reading=numbered(2)), "chen", Verdict.REJECT)
    office.pending("c3", reading=numbered(3))
    office.draft("d1", reading=numbered(4))
    view = home("wang")
    assert (references(view.needs_me), drafts(view.needs_me)) == (["CL-2026-0001"], ["d1"])
    assert references(view.under_way) == ["CL-2026-0003"]
    assert references(view.ended) == ["CL-2026-0002"]
    assert (view.to_decide, view.queue) == ((), None)


def test_home_of_an_approver_is_oldest_first_without_what_is_decided(office, home):
    for number in (1, 2, 3):
        office.pending(f"c{number}", reading=numbered(number))
        office.now += timedelta(minutes=1)
    office.press("n2", "chen")
    view = home("chen")
    assert [each.row.claim.reference for each in view.to_decide] == ["CL-2026-0001", "CL-2026-0003"]
    assert view.to_decide_count == 2
    assert view.queue is None


def test_home_of_finance_counts_by_stage(office, home):
    for number in (1, 2):
        office.pending(f"c{number}", reading=numbered(number))
    office.decide(office.pending("c3", reading=numbered(3)), "chen")
    office.submit(office.draft("c4", reading=numbered(4)), "wang")
    view = home("zhao")
    assert {stage.name.text: (stage.count, stage.totals) for stage in view.queue} == {
        "Manager": (2, (Money(Decimal("951.60")),)),
        "Finance review": (1, (Money(Decimal("475.80")),)),
        "On the way to the OA": (1, (Money(Decimal("475.80")),)),
    }
    assert view.longest.count == 4
    assert [each.row.claim.reference for each in view.to_decide] == ["CL-2026-0003"]


def test_every_state_is_under_way_or_not():
    assert ClaimState.PENDING in UNDER_WAY
    assert ClaimState.SUBMITTED in UNDER_WAY
    assert not {ClaimState.APPROVED, ClaimState.RETURNED, ClaimState.WITHDRAWN} & UNDER_WAY


@pytest.mark.parametrize("ask", ["mine", "find 虚构", "home"])
def test_more_claims_are_no_more_queries(office, look, home, engine, ask):
    """What is asked of the database does not grow with what is found."""

    def asked():
        with statements(engine) as made:
            home("zhao") if ask == "home" else look("wang", ask)
        assert made
        return len(made)

    for number in (1, 2):
        office.decide(office.pending(f"c{number}", reading=numbered(number)), "chen")
    few = asked()
    for number in range(3, 8):
        office.decide(office.pending(f"c{number}", reading=numbered(number)), "chen")
    assert asked() == few
