"""The Web API as the bot meets it: Slack's answers, refusals and faults, through Slack's own client."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.person import Control, Person
from tests.sandbox.conftest import TOKEN, TRIGGER_LIFETIME
from tests.sandbox.echo_bot import EchoBot, button, card, form, text

Json = dict[str, Any]


@pytest.fixture
def slack(base_url: str, bot: EchoBot) -> WebClient:
    return WebClient(token=TOKEN, base_url=f"{base_url}/api/")


def refused(call: Any, *args: Any, **more: Any) -> Json:
    with pytest.raises(SlackApiError) as caught:
        call(*args, **more)
    answer: Json = caught.value.response.data
    return answer


def test_who_the_bot_is(slack: WebClient):
    assert slack.auth_test()["user_id"] == "U0PIAOBOT"


@pytest.mark.parametrize(("token", "error"), [("", "not_authed"), ("xoxb-wrong", "invalid_auth")])
def test_a_token_is_needed(base_url: str, bot: EchoBot, token: str, error: str):
    headers = {"authorization": f"Bearer {token}"} if token else {}
    assert httpx.post(f"{base_url}/api/auth.test", headers=headers).json() == {"ok": False, "error": error}


def test_an_unknown_method_is_named(slack: WebClient):
    assert refused(slack.api_call, "chat.shout")["error"] == "unknown_method"


def test_people_have_locale_and_zone_and_strangers_have_neither_mail_nor_locale(slack: WebClient):
    emma = slack.users_info(user="U0EMMA", include_locale=True)["user"]
    stranger = slack.users_info(user="U0STRANGER", include_locale=True)["user"]

    assert (emma["locale"], emma["tz"], emma["profile"]["email"]) == (
        "en-US",
        "Europe/London",
        "emma@morningstar.example",
    )
    assert stranger["is_stranger"]
    assert "locale" not in stranger
    assert "email" not in stranger["profile"]
    assert slack.users_lookupByEmail(email="LILEI@morningstar.example")["user"]["id"] == "U0LILEI"
    assert refused(slack.users_lookupByEmail, email="sam@other.example")["error"] == "users_not_found"
    assert refused(slack.users_info, user="U0")["error"] == "user_not_found"


@pytest.mark.parametrize(
    ("channel", "error"),
    [("C0NOWHERE", "channel_not_found"), ("C0GENERAL", "not_in_channel"), ("报销发票", "channel_not_found")],
)
def test_where_the_bot_may_not_post(slack: WebClient, channel: str, error: str):
    assert refused(slack.chat_postMessage, channel=channel, text="hi")["error"] == error


def test_metadata_is_read_back(slack: WebClient, lilei: Person):
    key = {"event_type": "claim", "event_payload": {"id": "CL-1"}}
    posted = slack.chat_postMessage(channel="D0LILEI", text="hi", metadata=key)
    slack.chat_update(channel="D0LILEI", ts=posted["ts"], text="hi again")

    found = slack.conversations_history(channel="D0LILEI", include_all_metadata=True)["messages"][0]
    assert (found["text"], found["metadata"]) == ("hi again", key)
    assert "metadata" not in slack.conversations_history(channel="D0LILEI")["messages"][0]


def test_update_without_blocks_removes_them(slack: WebClient):
    posted = slack.chat_postMessage(channel="D0LILEI", text="card", blocks=card("Taxi"))

    slack.chat_update(channel="D0LILEI", ts=posted["ts"], text="plain")

    assert "blocks" not in slack.conversations_history(channel="D0LILEI")["messages"][0]


def test_only_own_messages_can_be_changed(slack: WebClient, lilei: Person):
    said = lilei.say("mine")

    assert refused(slack.chat_update, channel="D0LILEI", ts=said.ts, text="x")["error"] == "cant_update_message"
    assert refused(slack.chat_delete, channel="D0LILEI", ts=said.ts)["error"] == "cant_delete_message"
    assert refused(slack.chat_update, channel="D0LILEI", ts="1.0", text="x")["error"] == "message_not_found"


def test_lengths_of_text(slack: WebClient):
    posted = slack.chat_postMessage(channel="D0LILEI", text="x" * 40_001)

    assert len(posted["message"]["text"]) == 40_000
    assert refused(slack.chat_update, channel="D0LILEI", ts=posted["ts"], text="x" * 4_001)["error"] == "msg_too_long"
    assert refused(slack.api_call, "chat.postMessage", json={"channel": "D0LILEI"})["error"] == "no_text"


def test_an_ephemeral_cannot_be_updated(slack: WebClient):
    posted = slack.chat_postEphemeral(channel="C0INTAKE", user="U0LILEI", text="psst")

    assert (
        refused(slack.chat_update, channel="C0INTAKE", ts=posted["message_ts"], text="x")["error"]
        == "message_not_found"
    )
    assert slack.conversations_history(channel="C0INTAKE")["messages"] == []
    wrong = refused(slack.chat_postEphemeral, channel="C0INTAKE", user="U0GUEST", text="psst")
    assert wrong["error"] == "user_not_in_channel"


def test_threads_and_pages(slack: WebClient):
    parent = slack.chat_postMessage(channel="D0LILEI", text="parent")["ts"]
    for number in range(5):
        slack.chat_postMessage(channel="D0LILEI", text=f"reply {number}", thread_ts=parent)

    thread = slack.conversations_replies(channel="D0LILEI", ts=parent, limit=2)
    assert [m["text"] for m in thread["messages"]] == ["parent", "reply 0"]
    following = slack.conversations_replies(
        channel="D0LILEI", ts=parent, limit=10, cursor=thread["response_metadata"]["next_cursor"]
    )
    assert [m["text"] for m in following["messages"]] == ["reply 1", "reply 2", "reply 3", "reply 4"]
    assert slack.conversations_history(channel="D0LILEI")["messages"][0]["reply_count"] == 5


def test_conversations_open_gives_the_dm(slack: WebClient):
    assert slack.conversations_open(users="U0EMMA")["channel"]["id"] == "D0EMMA"
    assert refused(slack.conversations_open, users="U0WHO")["error"] == "user_not_found"
    assert slack.conversations_info(channel="C0INTAKE")["channel"]["is_private"]


def test_upload_version_2_and_a_picture_of_it_in_a_card(slack: WebClient, lilei: Person, png: bytes):
    done = slack.files_upload_v2(filename="crop.png", content=png, title="Crop")
    file_id = done["files"][0]["id"]
    shown = {"type": "image", "slack_file": {"id": file_id}, "alt_text": "the amount"}

    slack.chat_postMessage(channel="D0LILEI", text="look", blocks=[shown])

    assert slack.files_info(file=file_id)["file"]["original_w"] == 40
    lilei.wait_for("the amount")
    assert lilei.read_file(file_id) == png


def test_a_picture_that_is_none_is_refused(slack: WebClient):
    done = slack.files_upload_v2(filename="list.csv", content="a,b", title="List", channel="D0LILEI")
    shown = {"type": "image", "slack_file": {"id": done["files"][0]["id"]}, "alt_text": "x"}

    answer = refused(slack.chat_postMessage, channel="D0LILEI", text="look", blocks=[shown])
    assert "invalid slack file" in answer["response_metadata"]["messages"][0]


WRONG_BLOCKS = [
    ([{"type": "section"}], "text or fields"),
    ([{"type": "header", "text": text("x" * 151)}], "between 1 and 150 characters"),
    ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "/blocks/0/text/type"),
    ([{"type": "sektion"}], "unsupported type: sektion"),
    ([{"type": "actions", "elements": [button("a", "same"), button("b", "same")]}], "'same' is used 2 times"),
    ([{"type": "divider", "block_id": "b"}, {"type": "divider", "block_id": "b"}], "'b' is used 2 times"),
    ([{"type": "divider"}] * 51, "no more than 50"),
    ([{"type": "actions", "elements": [button("x" * 76, "a")]}], "between 1 and 75"),
    ([{"type": "actions", "elements": [button("x", "a", value="v" * 2001)]}], "between 1 and 2000"),
    (
        [{"type": "actions", "elements": [{**button("x", "a"), "text": {"type": "mrkdwn", "text": "x"}}]}],
        "elements/0/text/type",
    ),
    ([{"type": "actions", "elements": [{"type": "overflow", "action_id": "o", "options": []}]}], "between 1 and 5"),
    ([{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]}], "between 1 and 20 items"),
    ([{"type": "image", "alt_text": "x"}], "/blocks/0"),
    ([{"type": "section", "text": text("x"), "colour": "red"}], "'colour' was unexpected"),
    ("nonsense", "not valid JSON"),
]


@pytest.mark.parametrize(("blocks", "reason"), WRONG_BLOCKS, ids=[reason for _, reason in WRONG_BLOCKS])
def test_wrong_blocks_are_refused_with_the_reason(slack: WebClient, blocks: Any, reason: str):
    answer = refused(
        slack.api_call,
        "chat.postMessage",
        params={"channel": "D0LILEI", "text": "x", "blocks": json.dumps(blocks) if blocks != "nonsense" else blocks},
    )

    assert answer["error"] in {"invalid_blocks", "invalid_arguments"}
    assert any(reason in message for message in answer["response_metadata"]["messages"]), answer


def test_all_kinds_of_blocks_are_taken(slack: WebClient):
    rows = [[{"type": "raw_text", "text": "Seller"}], [{"type": "raw_text", "text": "云帆"}]]
    blocks = [
        {"type": "alert", "text": {"type": "mrkdwn", "text": "look"}, "level": "warning"},
        {"type": "markdown", "text": "**bold**"},
        {"type": "data_table", "caption": "List", "rows": rows, "page_size": 5, "row_header_column_index": 0},
        {"type": "table", "rows": rows},
        {"type": "container", "title": text("More"), "child_blocks": [{"type": "divider"}], "is_collapsible": True},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "small"}]},
    ]

    assert slack.chat_postMessage(channel="D0LILEI", text="all", blocks=blocks)["ok"]


def test_views_are_checked(slack: WebClient, lilei: Person):
    view = {**form(), "title": text("x" * 25)}
    answer = refused(slack.views_open, trigger_id="t", view=view)
    assert answer["error"] == "invalid_arguments"
    assert "between 1 and 24" in answer["response_metadata"]["messages"][0]
    without_submit = {key: value for key, value in form().items() if key != "submit"}
    assert (
        "submit is required"
        in refused(slack.views_open, trigger_id="t", view=without_submit)["response_metadata"]["messages"][0]
    )
    assert refused(slack.views_open, trigger_id="t", view=form())["error"] == "invalid_trigger_id"


def test_a_trigger_opens_one_modal_and_soon(slack: WebClient, lilei: Person, bot: EchoBot, control: Control):
    lilei.say("card")
    lilei.wait_for("Taxi").click("Edit")
    trigger = control.deliveries("block_actions")[0]["body"]["trigger_id"]
    assert refused(slack.views_open, trigger_id=trigger, view=form())["error"] == "exchanged_trigger_id"

    lilei.wait_for("Taxi").click("Whisper")
    trigger = control.deliveries("block_actions")[1]["body"]["trigger_id"]
    time.sleep(TRIGGER_LIFETIME)
    assert refused(slack.views_open, trigger_id=trigger, view=form())["error"] == "expired_trigger_id"


def test_hash_guards_a_home(slack: WebClient):
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first = slack.views_publish(user_id="U0LILEI", view=home)["view"]["hash"]
    slack.views_publish(user_id="U0LILEI", view=home)

    assert refused(slack.views_publish, user_id="U0LILEI", view=home, hash=first)["error"] == "hash_conflict"


def test_429_names_the_wait(slack: WebClient, control: Control):
    control.fault("rate_limited", "chat.postMessage", retry_after=7)

    with pytest.raises(SlackApiError) as caught:
        slack.chat_postMessage(channel="D0LILEI", text="hi")

    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["retry-after"] == "7"
    assert slack.chat_postMessage(channel="D0LILEI", text="hi")["ok"]


def test_an_answer_can_be_lost_after_the_post(slack: WebClient, control: Control):
    control.fault("answer_lost", "chat.postMessage", status=503)

    with pytest.raises(SlackApiError):
        slack.chat_postMessage(channel="D0LILEI", text="hi")

    assert len(slack.conversations_history(channel="D0LILEI")["messages"]) == 1


def test_a_revoked_token(slack: WebClient, control: Control):
    control.fault("token_revoked", times=None)

    assert refused(slack.auth_test)["error"] == "token_revoked"


def test_calls_are_remembered(slack: WebClient, control: Control):
    slack.chat_postMessage(channel="D0LILEI", text="hi")

    call = control.calls("chat.postMessage")[0]
    assert (call["args"]["text"], call["answer"]["ok"]) == ("hi", True)
    assert control.counts() == {"chat.postMessage": 1}
    assert "token" not in call["args"]


def test_a_download_needs_the_token(lilei: Person, slack: WebClient, png: bytes):
    sent = lilei.drop(("a.png", png))
    file = slack.files_info(file=sent.files[0]["id"])["file"]

    assert "text/html" in httpx.get(file["url_private"]).headers["content-type"]
    mine = {"authorization": f"Bearer {TOKEN}"}
    assert httpx.get(file["url_private"], headers=mine).content == png
    assert httpx.get(file["thumb_64"], headers=mine).headers["content-type"] == "image/png"
    lilei.delete_file(file["id"])
    assert httpx.get(file["url_private"], headers=mine).status_code == 404
    assert refused(slack.files_info, file=file["id"])["error"] == "file_deleted"
