from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from core.errors import Refused
from core.use_cases.sign_in import LINK_LIFE, SESSION_LIFE, Entry, LinkMaker, Sessions
from integrations.database.transaction import SqlTransactions
from tests.integrations.database.samples import race

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
SECRET = b"a secret of the tests"


class Clock:
    def __init__(self):
        self.time = NOON

    def __call__(self):
        return self.time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def links(engine, clock):
    return LinkMaker(SECRET, "https://piaobot.example.com", SqlTransactions(engine, lambda *_: None), clock)


def token_of(url):
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "piaobot.example.com", "/web/enter")
    return parse_qs(parts.query)["token"][0]


def code_of(call):
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


def test_a_link_lets_its_person_in_to_its_page(links):
    token = token_of(links.make("wangfang", "/web/claims/c1"))
    assert links.use(token) == Entry("wangfang", "/web/claims/c1")


def test_a_link_works_once(links):
    token = token_of(links.make("wangfang", "/web"))
    links.use(token)
    assert code_of(lambda: links.use(token)) == "E-LINK-USED"


def test_of_many_who_use_a_link_at_once_one_gets_in(links):
    token = token_of(links.make("wangfang", "/web"))

    def attempt():
        try:
            return links.use(token).person
        except Refused as problem:
            return problem.code

    assert sorted(race(*[attempt] * 4)) == ["E-LINK-USED"] * 3 + ["wangfang"]


def test_a_link_is_good_for_five_minutes(links, clock):
    in_time, too_late = (token_of(links.make("wangfang", "/web")) for _ in range(2))
    clock.time += LINK_LIFE - timedelta(seconds=1)
    assert links.use(in_time).person == "wangfang"
    clock.time += timedelta(seconds=1)
    assert code_of(lambda: links.use(too_late)) == "E-LINK-EXPIRED"


def test_one_changed_character_anywhere_breaks_it(links):
    token = token_of(links.make("wangfang", "/web"))
    for place, character in enumerate(token):
        forged = token[:place] + ("A" if character != "A" else "B") + token[place + 1 :]
        assert code_of(lambda forged=forged: links.use(forged)) == "E-LINK-BROKEN"


@pytest.mark.parametrize("token", ["", ".", "王", "a.b.c", "null.null"])
def test_what_is_no_token_is_refused(links, token):
    assert code_of(lambda: links.use(token)) == "E-LINK-BROKEN"


def test_another_secret_makes_no_link(links, clock):
    other = LinkMaker(b"another", "https://piaobot.example.com", None, clock)
    assert code_of(lambda: links.use(token_of(other.make("wangfang", "/web")))) == "E-LINK-BROKEN"


@pytest.mark.parametrize("path", ["https://elsewhere.example", "//elsewhere.example", "/webelsewhere", "/", ""])
def test_a_link_leads_nowhere_else(links, path):
    with pytest.raises(ValueError, match="not a page of ours"):
        links.make("wangfang", path)


def test_a_session_lasts_half_an_hour(clock):
    sessions = Sessions(SECRET, clock)
    cookie = sessions.start("wangfang")
    clock.time += SESSION_LIFE - timedelta(seconds=1)
    assert sessions.person(cookie) == "wangfang"
    clock.time += timedelta(seconds=1)
    assert sessions.person(cookie) is None


def test_a_link_is_no_session_and_a_session_no_link(links, clock):
    sessions = Sessions(SECRET, clock)
    assert sessions.person(token_of(links.make("wangfang", "/web"))) is None
    assert code_of(lambda: links.use(sessions.start("wangfang"))) == "E-LINK-BROKEN"


def test_a_form_belongs_to_its_session(clock):
    sessions = Sessions(SECRET, clock)
    mine, other = sessions.start("wangfang"), sessions.start("wangfang")
    assert sessions.is_own_form(mine, sessions.form_token(mine))
    assert not sessions.is_own_form(other, sessions.form_token(mine))
    assert not sessions.is_own_form(mine, "")
