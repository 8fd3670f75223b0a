"""Forged, stale, replayed and foreign requests: none has an effect, and each is counted."""

import hashlib
import hmac
import json
import re
import sqlite3
import time
from collections import Counter
from urllib.parse import urlencode

import httpx
import pytest

from tests.journeys.people import HANMEI, LILEI, WANGFANG, ZHAOMIN, drops, paper, reference_in, submits
from tests.journeys.site import SECRET
from tests.journeys.site import site as open_site
from tests.journeys.test_decisions import first_reason, value_of


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("turned_away")
    with open_site(f"sqlite:///{folder / 'site.db'}", folder) as site:
        yield site


def pressing(user, action, value, *, team="T0MORNSTAR", of_team="T0MORNSTAR"):
    """The body of a press, as Slack would send it."""
    payload = {
        "type": "block_actions",
        "team": {"id": team},
        "user": {"id": user, "team_id": of_team},
        "api_app_id": "A0PIAOBOT",
        "trigger_id": f"{time.time()}.2.3",
        **({} if team != "T0MORNSTAR" else {"response_url": ""}),  # Bolt would answer there
        "container": {"type": "message"},
        "actions": [{"type": "button", "block_id": "b", "action_id": action, "value": value, "action_ts": "1.0"}],
    }
    return urlencode({"payload": json.dumps(payload)})


class Recorded:
    """A signed request that can be sent again as it was."""

    def __init__(self, site, body, content_type="application/x-www-form-urlencoded"):
        at = str(int(time.time()))
        signature = "v0=" + hmac.new(SECRET.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
        self._headers = {
            "content-type": content_type,
            "x-slack-request-timestamp": at,
            "x-slack-signature": signature,
        }
        self._url, self._body = f"{site.bot}/slack/events", body

    def send(self):
        return httpx.post(self._url, content=self._body, headers=self._headers, trust_env=False, timeout=10).status_code


def turned_away(site):
    found = httpx.get(f"{site.bot}/metrics", trust_env=False).text
    counted = re.findall(r'^piaobot_turned_away_total\{reason="([^"]+)"\} ([0-9.]+)$', found, re.MULTILINE)
    return Counter({reason: int(float(number)) for reason, number in counted})


def written(site):
    """Everything that ever happened is in the audit log, so its length tells whether something did."""
    path = site.environment["PIAOBOT_DATABASE_URL"].removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        return connection.execute("SELECT max(seq) FROM audit_entries").fetchone()[0]


def settled(site, user, text):
    site.person(user).wait_for(text)
    before = -1
    while (now := written(site)) != before:
        before = now
        time.sleep(0.5)
    return now


def test_each_is_counted_and_none_has_an_effect(site):
    mine = submits(site.person(LILEI), paper())
    other = submits(site.person(HANMEI), paper())
    card = site.person(WANGFANG).wait_for(mine)
    target = value_of(card, "同意")
    theirs = value_of(site.person(WANGFANG).wait_for(other), "同意")
    mixed = theirs.split("|")[0] + "|" + "|".join(target.split("|")[1:])
    before = settled(site, WANGFANG, other)

    bad = [
        ("forged", lambda: site.press(WANGFANG, "approve", target, secret="another").status_code, 401, "http_401"),
        ("stale", lambda: site.press(WANGFANG, "approve", target, age=600).status_code, 401, "http_401"),
        ("another app's action", lambda: sends(site, pressing(WANGFANG, "of_another_app", target)), 404, "http_404"),
        (
            "another team",
            lambda: sends(site, pressing(WANGFANG, "approve", target, team="T0OTHER")),
            200,
            "foreign_team",
        ),
        (
            "a person of another team",
            lambda: sends(site, pressing(WANGFANG, "approve", target, of_team="T0OTHER")),
            200,
            "E-NOT-WELCOME",
        ),
        ("a guest", lambda: sends(site, pressing("U0GUEST", "approve", target)), 200, "E-NOT-WELCOME"),
        ("a stranger", lambda: sends(site, pressing("U0STRANGER", "approve", target)), 200, "E-NOT-WELCOME"),
        ("nobody we know", lambda: sends(site, pressing("U0NOBODY", "approve", target)), 200, "E-NOT-LISTED"),
        ("a reviewer before their turn", lambda: sends(site, pressing(ZHAOMIN, "approve", target)), 200, "E-NOT-YOURS"),
        ("their own claim", lambda: sends(site, pressing(LILEI, "approve", target)), 200, "E-OWN-CLAIM"),
        ("another claim's value", lambda: sends(site, pressing(WANGFANG, "approve", mixed)), 200, "E-STALE"),
        ("a claim that is none", lambda: sends(site, pressing(WANGFANG, "approve", "x|y|1")), 200, "E-NOT-YOURS"),
        ("a decision that is none", lambda: sends(site, pressing(WANGFANG, "undo", "x")), 200, "E-NO-DECISION"),
    ]
    for what, send, status, reason in bad:
        counted = turned_away(site)
        assert send() == status, what
        assert turned_away(site) - counted == {reason: 1}, what
    assert settled(site, WANGFANG, mine) == before
    assert any(label.startswith("同意") for label in card.again().buttons)


def test_a_replayed_press_is_not_pressed_again(site):
    """Sent back to its owner, the draft can be submitted again: by its owner, not by who recorded the first press."""
    lilei, wangfang = site.person(LILEI), site.person(WANGFANG)
    invoice = paper()
    draft = drops(lilei, invoice)
    recorded = Recorded(site, pressing(LILEI, "submit", value_of(draft, "提交")))
    assert recorded.send() == 200
    reference = reference_in(draft.wait_for("CL-"))
    wangfang.wait_for(reference).click("退回修改")
    modal = wangfang.wait_for_modal("退回修改")
    modal.fill(reason=first_reason(modal)).submit()
    lilei.wait_until(lambda: [b for b in draft.again().buttons if b.startswith("提交")] or None, "the draft again")
    before, counted = settled(site, LILEI, invoice.number), turned_away(site)

    assert recorded.send() == 409
    assert (turned_away(site) - counted)["replayed"] == 1
    assert settled(site, LILEI, invoice.number) == before
    draft.again().click("提交")
    draft.wait_for("等")


def test_a_replayed_event_changes_nothing(site):
    lilei = site.person(LILEI)
    invoice = paper()
    drops(lilei, invoice)
    sent = [each for each in site.control().deliveries("event") if each["body"]["event"].get("subtype") == "file_share"]
    time.sleep(1)  # within the second in which the sandbox sent it, it would be signed as the original was
    recorded = Recorded(site, json.dumps(sent[-1]["body"]), "application/json")
    before, counted = settled(site, LILEI, invoice.number), turned_away(site)
    assert [recorded.send(), recorded.send()] == [200, 200]
    assert (turned_away(site) - counted)["replayed"] == 1
    assert settled(site, LILEI, invoice.number) == before
    assert len([each for each in lilei.messages() if invoice.number in each.text_all()]) == 1


def sends(site, body):
    return site.send(body).status_code
