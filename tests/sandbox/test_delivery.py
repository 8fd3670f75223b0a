"""How events reach the bot: signed, retried, and broken on demand."""

from __future__ import annotations

import httpx
import pytest
from slack_sdk.signature import SignatureVerifier

from sandbox.person import Control, Person
from tests.sandbox.conftest import SECRET
from tests.sandbox.echo_bot import EchoBot


def test_the_handshake(bot: EchoBot, control: Control):
    assert control.verify()


def test_requests_are_signed(lilei: Person, bot: EchoBot):
    lilei.say("hi")
    lilei.wait_for("echo: hi")

    headers, body = bot.requests[0]
    assert SignatureVerifier(SECRET).is_valid_request(body, headers)


def test_an_event_is_retried_with_its_number_and_reason(lilei: Person, bot: EchoBot, control: Control):
    bot.answers[:] = [500, 500]

    lilei.say("hi")

    lilei.wait_for("echo: hi")
    seen = [(h.get("x-slack-retry-num"), h.get("x-slack-retry-reason")) for h, _ in bot.requests[:3]]
    assert seen == [(None, None), ("1", "http_error"), ("2", "http_error")]
    assert len({body for _, body in bot.requests[:3]}) == 1


def test_an_event_is_given_up_after_three_retries(lilei: Person, bot: EchoBot, control: Control):
    bot.answers[:] = [500] * 4

    lilei.say("hi")

    assert control.idle(5)
    delivery = control.deliveries("message")[0]
    assert (delivery["state"], len(delivery["attempts"])) == ("failed", 4)


def test_a_late_answer_is_retried_as_a_timeout(lilei: Person, bot: EchoBot, control: Control):
    bot.pause.clear()
    lilei.say("hi")
    lilei.wait_until(lambda: control.deliveries("message")[0]["attempts"] or None, "no attempt ends")
    bot.pause.set()

    assert control.idle(5)
    attempts = control.deliveries("message")[0]["attempts"]
    assert attempts[0]["reason"] == "http_timeout"
    assert attempts[-1]["status"] == 200


@pytest.mark.parametrize("fault", ["forged_signature", "old_signature", "unsigned"])
def test_a_wrong_signature_is_refused_by_the_bot_and_retried_rightly(
    lilei: Person, bot: EchoBot, control: Control, fault: str
):
    control.fault(fault, "message")

    lilei.say("hi")

    lilei.wait_for("echo: hi")
    assert control.deliveries("message")[0]["attempts"][0]["status"] == 401


def test_an_event_can_come_twice(lilei: Person, bot: EchoBot, control: Control):
    control.fault("duplicate_delivery", "message")

    lilei.say("hi")
    control.idle(5)
    delivery = control.deliveries("message")[0]
    control.deliver_again(delivery["id"])
    control.idle(5)

    assert len([m for m in lilei.messages() if m.text == "echo: hi"]) == 3


def test_an_event_can_come_late(lilei: Person, bot: EchoBot, control: Control):
    control.fault("delayed_delivery", "message", seconds=0.3)
    lilei.say("first")
    lilei.say("second")

    lilei.wait_for("echo: first")
    assert [m.text for m in lilei.messages() if m.text.startswith("echo")] == ["echo: second", "echo: first"]


def test_the_bots_own_posts_and_edits_come_back_as_events(lilei: Person, bot: EchoBot, control: Control):
    lilei.say("card")
    lilei.wait_for("Taxi").click("Approve")

    control.idle(5)
    subtypes = [one["body"]["event"].get("subtype") for one in control.deliveries("message")]
    assert subtypes == [None, None, "message_changed"]


def test_a_response_url_is_used_up_after_five_answers(lilei: Person, bot: EchoBot, control: Control):
    lilei.command("/invoice help")
    url = control.deliveries("command")[0]["body"]["response_url"]

    answers = [httpx.post(url, json={"text": f"more {n}"}).json() for n in range(6)]

    assert [answer.get("error") for answer in answers] == [None] * 5 + ["used_url"]
    assert lilei.wait_for("more 4").ephemeral


def test_a_live_stream_tells_of_new_messages(lilei: Person, base_url: str):
    with httpx.stream("GET", f"{base_url}/sandbox/people/U0LILEI/stream", timeout=5) as stream:
        lines = stream.iter_lines()
        assert next(lines) == ": listening"
        lilei.say("hello stream")
        assert "hello stream" in next(line for line in lines if line.startswith("data: "))


def test_a_foreign_host_name_is_turned_away(base_url: str):
    assert httpx.get(f"{base_url}/sandbox/people", headers={"host": "evil.example"}).status_code == 400
