"""Files sent while nobody listened, as Slack remembers them."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from core.ports import ChatUnavailable
from integrations.slack.history import SlackHistory
from tests.integrations.slack.test_people import TEAM

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def history(slack):
    return SlackHistory(slack, TEAM, frozenset({"C0INTAKE"}))


def test_every_direct_message_and_the_intake_channel(history, lilei):
    mine = next(each["id"] for each in lilei.screen()["conversations"] if each["kind"] == "im")
    found = history.conversations()
    assert f"im/{mine}" in found
    assert found[-1] == "channel/C0INTAKE"


def test_files_of_people_as_events_oldest_first(history, slack, lilei):
    lilei.say("你好")
    first = lilei.drop(("a.pdf", b"%PDF-1"), ("b.pdf", b"%PDF-2"))
    second = lilei.drop(("c.pdf", b"%PDF-3"))
    slack.api.files_upload_v2(channel=first.channel, file=b"x", filename="ours.png", title="ours")
    found = history.files_sent(f"im/{first.channel}", LONG_AGO)
    assert [each.place for each in found] == [f"{first.channel}/{first.ts}", f"{first.channel}/{second.ts}"]
    assert [len(each.chat_files) for each in found] == [2, 1]
    body = json.loads(found[0].body)
    assert (body["team_id"], body["event_id"]) == (TEAM, found[0].key)
    assert (body["event"]["subtype"], body["event"]["channel_type"]) == ("file_share", "im")
    assert body["event"]["user"] == "U0LILEI"


def test_only_after_that_moment(history, lilei):
    sent = lilei.drop(("a.pdf", b"%PDF-1"))
    later = datetime.fromtimestamp(float(sent.ts), UTC) + timedelta(seconds=1)
    assert history.files_sent(f"im/{sent.channel}", later) == []


def test_more_than_a_page(history, lilei, monkeypatch):
    monkeypatch.setattr("integrations.slack.history._PAGE", 2)
    sent = [lilei.drop((f"{n}.pdf", b"%PDF" + bytes([n]))) for n in range(5)]
    assert len(history.files_sent(f"im/{sent[0].channel}", LONG_AGO)) == 5


def test_a_conversation_that_is_gone_is_no_trouble(history):
    assert history.files_sent("channel/C0GONE", LONG_AGO) == ()


def test_a_busy_slack_is_asked_later(history, control):
    control.fault("rate_limited", "users.conversations", times=1, retry_after=3)
    with pytest.raises(ChatUnavailable):
        history.conversations()
