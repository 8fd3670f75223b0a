"""Cards on a real workspace's Web API: once posted, edited in place, never twice, never lost over a picture."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from core.directory import Member
from core.ids import PersonId
from core.messages import Message
from core.ports import ChatRefused, ChatUnavailable, Posted
from core.views import NoticeView
from integrations.language import Languages
from integrations.slack.client import Slack
from integrations.slack.messenger import Place, SlackScreens
from sandbox.person import DidNotWork, Person
from tests.integrations.slack.conftest import TOKEN
from tests.integrations.slack.samples import APPROVAL, DRAFT, FORMS, VIEWS, png

LANGUAGES = Languages(Path(__file__).parents[3] / "locales")
LILEI = Member("T0MORNSTAR", "U0LILEI", PersonId("p-lilei"), "李雷", "zh-CN", "Asia/Shanghai")
EMMA = Member("T0MORNSTAR", "U0EMMA", PersonId("p-emma"), "Emma", "en-US", "Europe/London")


ASKED = VIEWS["draft-question"]
JUST_NOW = datetime.now(UTC)


@pytest.fixture
def screens(slack) -> SlackScreens:
    return SlackScreens(slack, LANGUAGES, pause=lambda _: None)


def posts(control) -> list[dict]:
    return control.calls("chat.postMessage")


def test_a_card_is_posted_once_and_then_edited(screens, control, lilei):
    posted = screens.show(LILEI, DRAFT, key="document:d1", tried=JUST_NOW)
    again = screens.show(LILEI, VIEWS["claim-waiting"], key="document:d1", tried=JUST_NOW, posted=posted)

    assert again == posted
    assert lilei.wait_for("CL-2026-0213 已提交").ts == Place.of(posted).ts
    assert len(posts(control)) == 1
    assert control.counts()["chat.update"] == 1


def test_where_a_card_is_starts_with_channel_and_timestamp(screens, lilei):
    posted = screens.show(LILEI, ASKED, key="document:d1", tried=JUST_NOW)
    message = lilei.wait_for("请核对")

    where, _, pictures = posted.partition(" ")
    assert where == f"{message.channel}/{message.ts}"
    assert "crop:i1:total" in pictures


def test_a_post_whose_answer_was_lost_is_found_by_its_key(screens, control, lilei):
    control.fault("answer_lost", "chat.postMessage", status=503)
    with pytest.raises(ChatUnavailable):
        screens.show(LILEI, DRAFT, key="document:d1", tried=JUST_NOW)

    posted = screens.show(LILEI, VIEWS["claim-waiting"], key="document:d1", tried=JUST_NOW)

    assert len(posts(control)) == 1
    assert lilei.wait_for("CL-2026-0213 已提交").ts == Place.of(posted).ts


def test_a_post_is_found_behind_everything_said_since(screens, slack, control, lilei):
    """A bot that is back from an absence posts a great deal before it tries the last card again."""
    began = datetime.now(UTC)
    control.fault("answer_lost", "chat.postMessage", status=503)
    with pytest.raises(ChatUnavailable):
        screens.show(LILEI, DRAFT, key="document:d1", tried=JUST_NOW)
    for n in range(250):
        lilei.say(f"{n}")

    posted = screens.show(LILEI, VIEWS["claim-waiting"], key="document:d1", tried=began)

    assert len(posts(control)) == 1
    assert lilei.wait_for("CL-2026-0213 已提交").ts == Place.of(posted).ts
    assert control.counts()["conversations.history"] == 1 + 3


def test_another_key_is_another_card(screens, control):
    first = screens.show(LILEI, DRAFT, key="document:d1", tried=JUST_NOW)
    assert screens.show(LILEI, DRAFT, key="document:d1:1", tried=JUST_NOW) != first
    assert len(posts(control)) == 2


def test_metadata_holds_the_key_alone(screens, control):
    screens.show(LILEI, DRAFT, key="document:d1", tried=JUST_NOW)
    assert posts(control)[0]["args"]["metadata"] == {
        "event_type": "piaobot_card",
        "event_payload": {"key": "document:d1"},
    }


@pytest.mark.parametrize("error", ["message_not_found", "cant_update_message", "edit_window_closed"])
def test_a_card_that_cannot_be_edited_is_posted_anew(screens, control, lilei, error):
    old = screens.show(LILEI, DRAFT, key="document:d1", tried=JUST_NOW)
    control.fault("slack_error", "chat.update", error=error)

    new = screens.show(LILEI, VIEWS["claim-waiting"], key="document:d1", tried=JUST_NOW, posted=old)

    assert Place.of(new).ts > Place.of(old).ts
    assert lilei.wait_for("已提交").ts == Place.of(new).ts


def test_a_card_posted_anew_is_not_posted_a_third_time_when_the_answer_is_lost(screens, control):
    old = screens.show(LILEI, DRAFT, key="document:d1", tried=JUST_NOW)
    control.fault("slack_error", "chat.update", error="message_not_found")
    control.fault("answer_lost", "chat.postMessage", status=500)
    with pytest.raises(ChatUnavailable):
        screens.show(LILEI, DRAFT, key="document:d1", tried=JUST_NOW, posted=old)

    control.fault("slack_error", "chat.update", error="message_not_found")
    screens.show(LILEI, DRAFT, key="document:d1", tried=JUST_NOW, posted=old)

    assert len(posts(control)) == 2


def test_a_picture_is_sent_once_and_shown(screens, control, lilei):
    posted = screens.show(LILEI, ASKED, key="document:d1", tried=JUST_NOW)
    screens.show(LILEI, ASKED, key="document:d1", tried=JUST_NOW, posted=posted)

    assert control.counts()["files.getUploadURLExternal"] == 1
    images = [block for block in lilei.wait_for("请核对").blocks if block["type"] == "image"]
    assert [image["slack_file"]["id"] for image in images] == list(Place.of(posted).files.values())


def test_a_picture_that_cannot_be_sent_is_said_in_words_and_tried_again(screens, control, lilei):
    control.fault("http_error", "files.getUploadURLExternal", status=500)
    posted = screens.show(LILEI, ASKED, key="document:d1", tried=JUST_NOW)
    assert "图片：请看你发来的文件。" in lilei.wait_for("请核对").text_all()

    screens.show(LILEI, ASKED, key="document:d1", tried=JUST_NOW, posted=posted)
    assert any(block["type"] == "image" for block in lilei.wait_for("请核对").blocks)


def test_a_picture_slack_refuses_costs_the_picture_and_not_the_card(screens, control, lilei):
    gone = Posted(
        f'{Place.of(screens.show(LILEI, DRAFT, key="k", tried=JUST_NOW)).posted()} {{"crop:i1:total": "F00000GONE"}}'
    )
    posted = screens.show(LILEI, ASKED, key="k", tried=JUST_NOW, posted=gone)

    assert Place.of(posted).files == {}
    assert "图片：请看你发来的文件。" in lilei.wait_for("请核对").text_all()


def test_a_busy_chat_says_when_to_try_again(screens, control):
    control.fault("rate_limited", "chat.postMessage", retry_after=7)
    with pytest.raises(ChatUnavailable) as busy:
        screens.show(LILEI, DRAFT, key="document:d1", tried=JUST_NOW)
    assert busy.value.retry_after == 7.0


@pytest.mark.parametrize(("kind", "more"), [("http_error", {"status": 502}), ("timeout", {"seconds": 2.5})])
def test_a_chat_that_does_not_answer_is_unavailable(screens, control, lilei, kind, more):
    control.fault(kind, "chat.postMessage", **more)
    with pytest.raises(ChatUnavailable):
        screens.show(LILEI, DRAFT, key="document:d1", tried=JUST_NOW)
    lilei.wait_until(lambda: posts(control) or None, "the late call is still under way")


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived"])
def test_what_slack_will_never_take_is_refused_by_name(screens, control, error):
    control.fault("slack_error", "chat.postMessage", error=error)
    with pytest.raises(ChatRefused) as refused:
        screens.show(LILEI, DRAFT, key="document:d1", tried=JUST_NOW)
    assert str(refused.value) == error


def test_nobody_there_is_refused(screens):
    with pytest.raises(ChatRefused, match="user_not_found"):
        screens.show(replace(LILEI, user_id="U0NOSUCH"), DRAFT, key="document:d1", tried=JUST_NOW)


def test_everybody_reads_their_own_language(screens, workspace, lilei, control):
    screens.show(LILEI, DRAFT, key="k1", tried=JUST_NOW)
    screens.show(EMMA, DRAFT, key="k2", tried=JUST_NOW)
    with Person(workspace, "U0EMMA", within=2) as emma:
        assert "Submit" in emma.wait_for("云帆文具").buttons
    assert "提交" in lilei.wait_for("云帆文具").buttons


def test_every_view_is_taken_by_slack(screens, control):
    for name, view in VIEWS.items():
        screens.show(LILEI, view, key=name, tried=JUST_NOW)
    assert {call["answer"]["ok"] for call in posts(control)} == {True}
    assert len(posts(control)) == len(VIEWS)


def trigger(control, lilei) -> dict:
    """What the bot would have heard of a press; nobody listens, so Slack says that it did not work."""
    with pytest.raises(DidNotWork):
        lilei.wait_for("云帆文具").click("编辑")
    return control.deliveries("block_actions")[-1]["body"]


@pytest.mark.parametrize("name", FORMS)
def test_modals_open(screens, control, lilei, name):
    screens.show(LILEI, DRAFT, key="k", tried=JUST_NOW)
    screens.open(trigger(control, lilei)["trigger_id"], LILEI, FORMS[name])
    assert lilei.wait_for_modal().text_all()


def test_a_trigger_that_has_gone_is_refused(screens):
    with pytest.raises(ChatRefused, match="trigger"):
        screens.open("1.2.gone", LILEI, FORMS["edit"])


def test_an_answer_is_seen_where_it_was_pressed_by_that_person_alone(screens, control, lilei):
    screens.show(LILEI, DRAFT, key="k", tried=JUST_NOW)
    screens.answer(trigger(control, lilei)["response_url"], LILEI, Message("Fully approved"))
    assert [message.text_all() for message in lilei.ephemerals()] == ["已通过"]


def test_without_a_reply_address_the_answer_comes_by_direct_message(screens, control, lilei, workspace):
    screens.answer("", LILEI, Message("Fully approved"))
    lilei.wait_for("已通过")
    screens.answer(f"{workspace}/response/used-up", LILEI, Message("Rejected"))
    lilei.wait_for("已拒绝")


def test_an_answer_never_leaves_for_another_host(screens, lilei):
    screens.answer("http://169.254.169.254/latest", LILEI, Message("Fully approved"))
    lilei.wait_for("已通过")


def test_a_reply_stands_in_the_cards_thread_once(screens, control, lilei):
    posted = screens.show(LILEI, DRAFT, key="k", tried=JUST_NOW)
    for _ in range(2):
        screens.reply(LILEI, Message("Fully approved"), posted=posted, key="k:reply:1")
    assert lilei.wait_for("已通过").thread_ts == Place.of(posted).ts
    assert len(posts(control)) == 2


def test_a_channel_hears_a_count_in_the_uploads_thread_once(screens, control, lilei):
    upload = lilei.drop(("a.png", png()), ("b.png", png()), channel="C0INTAKE")
    for _ in range(2):
        screens.count_in_channel("C0INTAKE", upload.ts, files=2, locale="zh-CN", key="count:1")
    said = lilei.wait_for("2 个文件已收到，结果在私信。", channel="C0INTAKE")
    assert said.thread_ts == upload.ts
    assert len(posts(control)) == 1


def test_hostile_words_reach_nobody(screens, control, lilei):
    said = Message("{name}: {problem}", name="<!channel>", problem="<@U0WANGFANG> *b*")
    screens.show(LILEI, NoticeView(said), key="k", tried=JUST_NOW)
    assert "<!channel>" in lilei.wait_for("<!channel>").text_all()
    assert "&lt;!channel&gt;" in posts(control)[0]["args"]["text"]
    assert not {"<", ">"} & set(posts(control)[0]["args"]["text"])


def test_the_first_post_of_a_card_takes_three_calls(screens, control):
    screens.show(LILEI, DRAFT, key="k1", tried=JUST_NOW)
    assert control.counts() == {"conversations.open": 1, "conversations.history": 1, "chat.postMessage": 1}
    screens.show(LILEI, DRAFT, key="k2", tried=JUST_NOW)
    assert control.counts() == {"conversations.open": 1, "conversations.history": 2, "chat.postMessage": 2}


def test_an_approvers_picture_is_a_file_of_its_own(screens, control):
    one = screens.show(LILEI, APPROVAL, key="k1", tried=JUST_NOW)
    other = screens.show(EMMA, APPROVAL, key="k2", tried=JUST_NOW)
    assert Place.of(one).files != Place.of(other).files


def test_of_two_that_posted_the_same_card_the_later_takes_its_own_away(workspace, control, slack, screens, lilei):
    """A process that was stopped between looking and posting wakes when another has done its work."""
    times = iter([0.0, 60.0])
    stopped = SlackScreens(Slack(TOKEN, base_url=f"{workspace}/api/"), LANGUAGES, clock=lambda: next(times))
    control.fault("timeout", "chat.postMessage", seconds=2)
    with ThreadPoolExecutor(1) as thread:
        late = thread.submit(stopped.show, LILEI, DRAFT, key="document:d1", tried=JUST_NOW)
        while not control.calls("conversations.history"):
            time.sleep(0.01)
        while not any(fault["struck"] for fault in active(workspace)):
            time.sleep(0.01)
        first = screens.show(LILEI, DRAFT, key="document:d1", tried=JUST_NOW)
        assert late.result() == first
    assert [message.ts for message in lilei.messages()] == [Place.of(first).ts]
    assert len(posts(control)) == 2


def active(workspace):
    return httpx.get(f"{workspace}/sandbox/faults", trust_env=False).json()["active"]
