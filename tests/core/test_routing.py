"""Who decides a claim."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.claim import Plan, StepRule
from core.directory import Directory, Person, Role
from core.errors import Refused
from core.ids import PersonId
from core.money import Money
from core.policy import Policy
from core.routing import DIRECTOR, MANAGER, REVIEW, RouteFacts, choose_route

POLICY = Policy(version="test", categories=(), reasons={}, second_approval_above=Decimal(5000))
EMPLOYEE = frozenset({Role.EMPLOYEE})
REVIEWER = EMPLOYEE | {Role.REVIEWER}


def a_person(name, manager=None, roles=EMPLOYEE, *, active=True):
    return Person(
        id=PersonId(name),
        name=name.title(),
        email=f"{name}@morningstar.example",
        entity="beijing",
        manager=PersonId(manager) if manager else None,
        roles=frozenset(roles),
        active=active,
    )


STAFF = {
    each.id: each
    for each in (
        a_person("sunli"),
        a_person("wangfang", "sunli"),
        a_person("lilei", "wangfang"),
        a_person("zhaomin", "sunli", REVIEWER),
        a_person("qianfeng", "sunli", REVIEWER),
        a_person("zhoujie", "sunli", EMPLOYEE | {Role.ADMIN}),
    )
}


def staff(**changes):
    """The same people with some of them changed: `wangfang=dict(active=False)`."""
    people = {name: replace(person, **changes.get(name, {})) for name, person in STAFF.items()}
    return Directory("T0TEST", people.values(), ())


def a_claim(by="lilei", total="100", **others):
    person = PersonId(by)
    return RouteFacts(
        **{
            "submitter": person,
            "beneficiary": person,
            "payee": person,
            "total": Money(Decimal(total)),
            "entity": "beijing",
            **others,
        }
    )


def route(facts, directory=None):
    """[("manager", ["wangfang"]), …]"""
    return [(step.id, list(step.approvers)) for step in choose_route(facts, POLICY, directory or staff()).steps]


FINANCE = (REVIEW, ["zhaomin", "qianfeng"])


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (a_claim(), [(MANAGER, ["wangfang"]), FINANCE]),
        (a_claim(total="5000.00"), [(MANAGER, ["wangfang"]), FINANCE]),
        (a_claim(total="5000.01"), [(MANAGER, ["wangfang"]), (DIRECTOR, ["sunli"]), FINANCE]),
        (a_claim(total=Decimal(1), by="wangfang"), [(MANAGER, ["sunli"]), FINANCE]),
        (a_claim(by="wangfang", total="9000"), [(MANAGER, ["sunli"]), FINANCE]),
        (a_claim(by="sunli"), [FINANCE]),
        (a_claim(by="zhaomin"), [(MANAGER, ["sunli"]), (REVIEW, ["qianfeng"])]),
        (a_claim(beneficiary=PersonId("wangfang")), [(MANAGER, ["sunli"]), FINANCE]),
        (a_claim(payee=PersonId("wangfang")), [(MANAGER, ["sunli"]), FINANCE]),
        (a_claim(travellers=frozenset({PersonId("wangfang")})), [(MANAGER, ["sunli"]), FINANCE]),
        (a_claim(travellers=frozenset({PersonId("qianfeng")})), [(MANAGER, ["wangfang"]), (REVIEW, ["zhaomin"])]),
        (
            a_claim(by="wangfang", beneficiary=PersonId("lilei")),
            [(MANAGER, ["sunli"]), FINANCE],
        ),
    ],
)
def test_the_usual_routes(facts, expected):
    assert route(facts) == expected


def test_an_amount_in_another_currency_counts_as_a_large_one():
    facts = a_claim(total="10")
    foreign = replace(facts, total=Money(Decimal(10), "EUR"))
    assert [step for step, _ in route(foreign)] == [MANAGER, DIRECTOR, REVIEW]


def test_a_vacancy_goes_to_the_next_one_up_and_is_said():
    plan = choose_route(a_claim(), POLICY, staff(wangfang={"active": False}))
    assert plan.steps[0].approvers == ("sunli",)
    assert plan.steps[0].reason.values == {"nearest": "Wangfang", "name": "Sunli"}


def test_the_usual_manager_is_named():
    assert choose_route(a_claim(), POLICY, staff()).steps[0].reason.text == "{name} is the manager"


def test_that_finance_decides_alone_is_said():
    assert "alone" in choose_route(a_claim(by="sunli"), POLICY, staff()).steps[0].reason.text


def test_administrators_and_auditors_decide_nothing():
    led_by_admin = staff(lilei={"manager": PersonId("zhoujie")})
    assert route(a_claim(), led_by_admin)[0] == (MANAGER, ["sunli"])
    auditing = staff(qianfeng={"roles": REVIEWER | {Role.AUDITOR}})
    assert route(a_claim(), auditing)[-1] == (REVIEW, ["zhaomin"])


def test_a_reviewer_who_is_the_manager_leaves_the_review_to_the_other():
    directory = staff(lilei={"manager": PersonId("zhaomin")})
    assert route(a_claim(), directory) == [(MANAGER, ["zhaomin"]), (REVIEW, ["qianfeng"])]


def test_the_only_reviewer_stays_with_the_review():
    directory = staff(lilei={"manager": PersonId("zhaomin")}, qianfeng={"active": False})
    assert route(a_claim(), directory) == [(MANAGER, ["sunli"]), (REVIEW, ["zhaomin"])]


def test_without_a_reviewer_an_administrator_is_told_what_to_do():
    with pytest.raises(Refused) as refused:
        choose_route(a_claim(by="zhaomin"), POLICY, staff(qianfeng={"active": False}))
    assert refused.value.code == "E-NO-REVIEWER"
    assert "people.yaml" in refused.value.message.text


@pytest.mark.parametrize("directory", [staff(lilei={"active": False}), Directory("T0TEST", [STAFF["zhaomin"]], ())])
def test_who_has_left_is_refused(directory):
    with pytest.raises(Refused) as refused:
        choose_route(a_claim(), POLICY, directory)
    assert refused.value.code == "E-NOT-IN-DIRECTORY"


NAMES = [f"p{number}" for number in range(7)]
people = st.lists(
    st.tuples(
        st.none() | st.sampled_from(NAMES),
        st.sets(st.sampled_from([Role.REVIEWER, Role.ADMIN, Role.AUDITOR, Role.CASHIER])),
        st.booleans(),
    ),
    min_size=len(NAMES),
    max_size=len(NAMES),
)
who = st.sampled_from([PersonId(name) for name in NAMES])


@st.composite
def situations(draw):
    """Any directory (managers in loops too) and any claim in it."""
    directory = Directory(
        "T0TEST",
        [
            a_person(name, manager, EMPLOYEE | roles, active=active)
            for name, (manager, roles, active) in zip(NAMES, draw(people), strict=True)
        ],
        (),
    )
    facts = RouteFacts(
        submitter=draw(who),
        beneficiary=draw(who),
        payee=draw(who),
        total=Money(draw(st.sampled_from([Decimal(1), Decimal(5000), Decimal("5000.01")]))),
        entity="beijing",
        travellers=frozenset(draw(st.sets(who, max_size=2))),
    )
    return facts, directory


def planned(situation):
    facts, directory = situation
    try:
        return choose_route(facts, POLICY, directory)
    except Refused:
        return None


@given(situations())
def test_every_plan_is_decided_by_others_and_ends_in_finance_review(situation):
    facts, directory = situation
    plan = planned(situation)
    if plan is None:
        return
    approvers = [person for step in plan.steps for person in step.approvers]
    assert not facts.concerned & set(approvers)
    assert len(approvers) == len(set(approvers)), "nobody stands in two steps"
    assert all(directory.person(each).active for each in approvers)
    assert all(directory.person(each).roles.isdisjoint({Role.ADMIN, Role.AUDITOR}) for each in approvers)
    last = plan.steps[-1]
    assert (last.id, last.rule) == (REVIEW, StepRule.ANY)
    assert last.approvers
    assert all(Role.REVIEWER in directory.person(each).roles for each in last.approvers)
    assert [step.id for step in plan.steps] in ([REVIEW], [MANAGER, REVIEW], [MANAGER, DIRECTOR, REVIEW])
    assert (DIRECTOR in [step.id for step in plan.steps]) <= (facts.total.amount > 5000)


@given(situations())
def test_a_route_is_the_same_each_time_it_is_asked_for(situation):
    first, second = planned(situation), planned(situation)
    assert first == second
    assert first is None or isinstance(first, Plan)


@given(situations())
def test_a_route_is_refused_only_for_want_of_a_reviewer_or_a_beneficiary(situation):
    facts, directory = situation
    able = [
        person
        for person in directory.holders(Role.REVIEWER)
        if person.id not in facts.concerned and person.roles.isdisjoint({Role.ADMIN, Role.AUDITOR})
    ]
    refused = planned(situation) is None
    assert refused == (not able or not directory.person(facts.beneficiary).active)
