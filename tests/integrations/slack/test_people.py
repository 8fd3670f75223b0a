"""Who a user is: welcome or not, whose person, and no longer than they are."""

from datetime import UTC, datetime, timedelta

import pytest

from core.directory import Directory, Member, Person
from core.ids import PersonId
from core.ports import ChatUnavailable
from integrations.slack.people import SlackPeople

TEAM = "T0MORNSTAR"
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
LILEI, EMMA, GUEST = (PersonId(name) for name in ("p-lilei", "p-emma", "p-guest"))
PEOPLE = (
    Person(LILEI, "李雷", "LiLei@morningstar.example", "e1"),
    Person(EMMA, "Emma", "elsewhere@morningstar.example", "e1", slack="U0EMMA"),
    Person(GUEST, "小吴", "xiaowu@partner.example", "e1"),
    Person(PersonId("p-absent"), "不在", "absent@morningstar.example", "e1"),
)


class Kept:
    """Members in memory."""

    def __init__(self):
        self.members: dict[tuple[str, str], tuple[Member, datetime]] = {}

    def get(self, team_id, user_id):
        return self.members.get((team_id, user_id))

    def put(self, member, now):
        self.members[member.team_id, member.user_id] = (member, now)

    def by_person(self, person):
        return next((member for member, _ in self.members.values() if member.person == person), None)

    def forget(self, team_id, user_id):
        self.members.pop((team_id, user_id), None)


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def company():
    """The directory in a box, so that a test can change it."""
    return [Directory(TEAM, PEOPLE, ())]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def people(slack, company, clock):
    return SlackPeople(slack, lambda: company[0], Kept(), now=clock)


def lookups(control) -> int:
    return control.counts().get("users.info", 0)


def test_somebody_of_ours_is_found_by_e_mail_with_their_language_and_zone(people):
    assert people.member(TEAM, "U0LILEI") == Member(TEAM, "U0LILEI", LILEI, "李雷", "zh-CN", "Asia/Shanghai")


def test_the_user_id_of_the_directory_goes_before_the_e_mail(people):
    member = people.member(TEAM, "U0EMMA")
    assert (member.person, member.locale, member.time_zone) == (EMMA, "en-US", "Europe/London")


@pytest.mark.parametrize("user", ["U0GUEST", "U0STRANGER", "U0PIAOBOT", "U0NOSUCH"])
def test_guests_strangers_bots_and_unknown_users_are_nobody(people, user):
    member = people.member(TEAM, user)
    assert not member.welcome
    assert member.person is None


def test_a_deactivated_user_is_not_welcome(people, control):
    control.change_person("U0LILEI", deleted=True)
    assert not people.member(TEAM, "U0LILEI").welcome
    assert people.member_of(LILEI) is None


def test_another_workspace_is_refused_without_asking(people, control):
    assert not people.member("T0OTHER", "U0LILEI").welcome
    assert lookups(control) == 0


def test_a_member_is_asked_for_once_an_hour(people, control, clock):
    for _ in range(3):
        people.member(TEAM, "U0LILEI")
    assert lookups(control) == 1
    clock.now += timedelta(hours=1)
    people.member(TEAM, "U0LILEI")
    assert lookups(control) == 2


def test_nobody_of_ours_is_asked_for_again_after_a_minute(people, control, company, clock):
    assert people.member(TEAM, "U0NOBODY").person is None
    company[0] = Directory(TEAM, (*PEOPLE, Person(PersonId("p-new"), "郑", "newcomer@morningstar.example", "e1")), ())
    clock.now += timedelta(minutes=1)
    assert people.member(TEAM, "U0NOBODY").person == "p-new"


def test_a_leaver_loses_every_right_at_once(people, company):
    people.member(TEAM, "U0LILEI")
    gone = tuple(Person(p.id, p.name, p.email, p.entity, active=p.id != LILEI) for p in PEOPLE)
    company[0] = Directory(TEAM, gone, ())
    assert people.member(TEAM, "U0LILEI").person is None
    assert people.member_of(LILEI) is None


def test_a_changed_profile_is_asked_for_again(people, control):
    people.member(TEAM, "U0LILEI")
    control.change_person("U0LILEI", locale="en-US")
    people.forget(TEAM, "U0LILEI")
    assert people.member(TEAM, "U0LILEI").locale == "en-US"


def test_a_person_is_found_in_the_chat_by_user_id_or_e_mail(people):
    found = [people.member_of(person) for person in (EMMA, LILEI)]
    assert [member.user_id for member in found if member] == ["U0EMMA", "U0LILEI"]


def test_a_person_who_is_not_in_the_chat_or_only_a_guest_there_is_none(people):
    assert people.member_of(PersonId("p-absent")) is None
    assert people.member_of(GUEST) is None
    assert people.member_of(PersonId("p-unheard-of")) is None


def test_when_slack_does_not_answer_nobody_is_let_in(people, control, clock):
    people.member(TEAM, "U0LILEI")
    clock.now += timedelta(hours=2)
    control.fault("http_error", "users.info", status=503)
    with pytest.raises(ChatUnavailable):
        people.member(TEAM, "U0LILEI")
