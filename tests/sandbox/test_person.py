"""What a person can do in the sandbox, and what the bot hears of it: real HTTP with a bot on Slack's own libraries."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from sandbox.person import Control, DidNotWork, NotShown, Person
from tests.sandbox.echo_bot import EchoBot


def picture(width: int = 800, height: int = 500) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(made, "PNG")
    return made.getvalue()


def test_a_text_is_answered(lilei: Person):
    lilei.say("a < b & c")

    assert lilei.wait_for("echo: a < b & c").user == "U0PIAOBOT"


def test_what_is_typed_reaches_the_bot_escaped_with_marked_links_and_mentions(lilei: Person, bot: EchoBot):
    lilei.say("<b> @王芳 https://example.com")

    lilei.wait_for("echo:")
    assert bot.events[0]["text"] == "&lt;b&gt; <@U0WANGFANG> <https://example.com>"
    assert bot.events[0]["channel_type"] == "im"


def test_a_file_can_be_downloaded_with_the_token(lilei: Person, bot: EchoBot):
    content = picture()
    sent = lilei.drop(("taxi.png", content), text="from today")

    answer = lilei.wait_for("bytes of image/png")
    assert answer.text == f"got {len(content)} bytes of image/png"
    assert answer.thread_ts == sent.ts
    event = next(e for e in bot.events if e.get("subtype") == "file_share")
    assert event["files"][0]["thumb_360_w"] == 360
    lilei.wait_until(lambda: [e for e in bot.events if e["type"] == "file_shared"] or None, "no file_shared")


def test_without_the_scope_downloads_are_a_login_page(lilei: Person, control: Control):
    control.fault("no_files_read")

    lilei.drop(("taxi.png", picture()))

    assert "text/html" in lilei.wait_for("bytes of").text


def test_a_button_changes_the_card_for_everybody(lilei: Person, wangfang: Person):
    lilei.say("card", channel="C0INTAKE")
    seen_by_other = wangfang.wait_for("¥ 475.80")

    seen_by_other.click("Approve")

    assert lilei.wait_for("Approved by U0WANGFANG").buttons == []


def test_a_click_can_be_answered_to_one_person_only(lilei: Person, wangfang: Person):
    lilei.say("card", channel="C0INTAKE")

    wangfang.wait_for("Taxi").click("Whisper")

    assert wangfang.wait_for("only for you").ephemeral
    assert lilei.ephemerals() == []


def test_a_menu_entry_can_replace_the_card(lilei: Person):
    lilei.say("card")

    card = lilei.wait_for("Taxi")
    card.click("Transfer")

    assert card.wait_for("chose transfer").buttons == []


def test_dms_of_others_are_not_seen(lilei: Person, wangfang: Person):
    lilei.say("private words")
    lilei.wait_for("echo: private words")

    assert not any("private words" in message.text_all() for message in wangfang.everything())
    with pytest.raises(NotShown):
        wangfang.messages("D0LILEI")


def test_a_click_that_fails_is_told_and_not_repeated(lilei: Person, bot: EchoBot, control: Control):
    lilei.say("card")
    card = lilei.wait_for("Taxi")
    bot.answers[:] = [500]

    with pytest.raises(DidNotWork, match="没有成功"):
        card.click("Approve")

    assert len(control.deliveries("block_actions")[0]["attempts"]) == 1
    assert "没有成功" in lilei.notices()[0]


def test_a_late_click_is_told(lilei: Person, bot: EchoBot, control: Control):
    lilei.say("card")
    card = lilei.wait_for("Taxi")
    bot.pause.clear()

    with pytest.raises(DidNotWork):
        card.click("Approve")
    bot.pause.set()

    assert control.deliveries("block_actions")[0]["attempts"][0]["reason"] == "http_timeout"


def test_a_modal_is_filled_in_and_saved(lilei: Person):
    lilei.say("card")
    lilei.wait_for("Taxi").click("Edit")
    modal = lilei.wait_for_modal("Edit")
    assert modal.labels == ["Amount", "Category"]

    modal.fill(Amount="12.00", Category="Meals").submit()

    lilei.wait_for("saved 12.00 as meals")
    assert lilei.modal is None


def test_a_modal_refuses_what_is_missing_before_the_bot_hears_of_it(lilei: Person, control: Control):
    lilei.say("card")
    lilei.wait_for("Taxi").click("Edit")

    errors = lilei.wait_for_modal().submit(expect_errors=True)

    assert errors["Category"] == "请填写此项"
    assert control.deliveries("view_submission") == []


def test_a_modal_shows_the_errors_of_the_bot(lilei: Person):
    lilei.say("card")
    lilei.wait_for("Taxi").click("Edit")

    modal = lilei.wait_for_modal().fill(Amount="much", Category="Travel")

    assert modal.submit(expect_errors=True)["Amount"] == "Must be above 0, such as 475.80"
    assert lilei.modal is not None


@pytest.mark.parametrize(("amount", "title", "left"), [("update", "Changed", 1), ("push", "Second", 2)])
def test_a_modal_can_change_or_open_another(lilei: Person, amount: str, title: str, left: int):
    lilei.say("card")
    lilei.wait_for("Taxi").click("Edit")

    lilei.wait_for_modal().fill(Amount=amount, Category="Travel").submit()

    lilei.wait_for_modal(title)
    assert len(lilei.screen()["modals"]) == left


def test_three_modals_are_the_most_and_clear_closes_all(lilei: Person, bot: EchoBot):
    lilei.say("card")
    lilei.wait_for("Taxi").click("Edit")
    lilei.wait_for_modal().fill(Amount="push", Category="Travel").submit()
    lilei.wait_for_modal("Second").fill(Amount="push", Category="Travel").submit()
    with pytest.raises(DidNotWork, match="push_limit_reached"):
        lilei.wait_for_modal("Second").fill(Amount="push", Category="Travel").submit()

    lilei.wait_for_modal("Second").fill(Amount="clear", Category="Travel").submit()

    assert lilei.modal is None
    lilei.wait_until(lambda: len(bot.closed) == 2 or None, "the two below were not told")


def test_what_is_typed_survives_an_update_of_the_modal(lilei: Person):
    lilei.say("card")
    lilei.wait_for("Taxi").click("Edit")

    lilei.wait_for_modal().fill(Amount="99", Category="Meals").click("Recount")
    lilei.wait_for_modal("Recounted").submit()

    lilei.wait_for("saved 99 as meals")


def test_closing_a_modal_is_told(lilei: Person, bot: EchoBot):
    lilei.say("card")
    lilei.wait_for("Taxi").click("Edit")

    lilei.wait_for_modal().close()

    assert lilei.modal is None
    assert bot.closed[0]["view"]["private_metadata"] == "m1"


def test_a_command_is_answered_to_the_asker(lilei: Person):
    lilei.command("/invoice find @王芳", channel="C0INTAKE")

    assert lilei.wait_for(
        "you said find <@U0WANGFANG|wangfang> in privategroup".replace("<@U0WANGFANG|wangfang>", "wangfang")
    ).ephemeral


def test_an_unknown_command_is_refused_by_the_client(lilei: Person, control: Control):
    with pytest.raises(DidNotWork, match="不是有效的命令"):
        lilei.command("/nothing")
    assert control.deliveries("command") == []


def test_the_home_tab_is_shown(lilei: Person):
    lilei.open_home()

    lilei.wait_for_home("Nothing waits for you")


def test_a_shortcut_takes_a_message(lilei: Person):
    message = lilei.say("look at this")

    lilei.shortcut(message)

    assert lilei.wait_for(f"took {message.ts}").ephemeral


def test_a_deleted_file_is_gone(lilei: Person, wangfang: Person, bot: EchoBot):
    sent = lilei.drop(("taxi.png", picture()), channel="C0INTAKE")
    wangfang.wait_for("taxi.png")

    lilei.delete_file(sent.files[0]["id"])

    wangfang.wait_until_gone("taxi.png")
    lilei.wait_until(lambda: [e for e in bot.events if e["type"] == "file_deleted"] or None, "no file_deleted")


def test_a_changed_person_is_told(lilei: Person, bot: EchoBot, control: Control):
    control.change_person("U0DAVID", deleted=True)

    changed = lilei.wait_until(lambda: next((e for e in bot.events if e["type"] == "user_change"), None), "no event")
    assert changed["user"]["deleted"] is True


def test_what_never_shows_fails_with_the_screen(lilei: Person):
    lilei.say("hello")
    lilei.wait_for("echo: hello")

    with pytest.raises(NotShown, match="echo: hello"):
        lilei.wait_for("never", within=0.1)
