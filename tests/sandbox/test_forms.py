"""Every kind of input: what a person enters, what Slack's state says of it, what is refused at once."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt import Ack
from slack_sdk import WebClient

from sandbox.person import Control, NotShown, Person
from sandbox.slack.blocks import faults_of_message, faults_of_view
from sandbox.slack.inputs import NotOnScreen, refusals, state_of, still_fitting
from tests.sandbox.echo_bot import EchoBot, asks, text

Json = dict[str, Any]
RICH = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "hi"}]}]}


def option(value: str) -> Json:
    return {"text": text(value.title()), "value": value}


OPTIONS = [option("travel"), option("meals")]
GROUPS = [{"label": text("All"), "options": OPTIONS}]

KINDS = [
    # (element, plain value, key of the state, what the state says)
    ({"type": "plain_text_input"}, "x", "value", "x"),
    ({"type": "email_text_input"}, "a@b.cn", "value", "a@b.cn"),
    ({"type": "url_text_input"}, "https://b.cn", "value", "https://b.cn"),
    ({"type": "number_input", "is_decimal_allowed": True}, "1.50", "value", "1.50"),
    ({"type": "rich_text_input"}, RICH, "rich_text_value", RICH),
    ({"type": "datepicker"}, "2026-11-24", "selected_date", "2026-11-24"),
    ({"type": "timepicker"}, "09:30", "selected_time", "09:30"),
    ({"type": "datetimepicker"}, 1795478400, "selected_date_time", 1795478400),
    ({"type": "users_select"}, "U0EMMA", "selected_user", "U0EMMA"),
    ({"type": "channels_select"}, "C0INTAKE", "selected_channel", "C0INTAKE"),
    ({"type": "conversations_select"}, "C0INTAKE", "selected_conversation", "C0INTAKE"),
    ({"type": "multi_users_select"}, ["U0EMMA"], "selected_users", ["U0EMMA"]),
    ({"type": "multi_channels_select"}, ["C0INTAKE"], "selected_channels", ["C0INTAKE"]),
    ({"type": "multi_conversations_select"}, ["C0INTAKE"], "selected_conversations", ["C0INTAKE"]),
    ({"type": "static_select", "options": OPTIONS}, "meals", "selected_option", OPTIONS[1]),
    ({"type": "static_select", "option_groups": GROUPS}, "meals", "selected_option", OPTIONS[1]),
    ({"type": "radio_buttons", "options": OPTIONS}, "travel", "selected_option", OPTIONS[0]),
    ({"type": "multi_static_select", "options": OPTIONS}, ["meals", "travel"], "selected_options", OPTIONS[::-1]),
    ({"type": "checkboxes", "options": OPTIONS}, ["meals"], "selected_options", [OPTIONS[1]]),
]


def all_kinds() -> Json:
    blocks = [asks(f"b{n}", f"Field {n}", {**kind[0], "action_id": "a"}, optional=True) for n, kind in enumerate(KINDS)]
    file_input = {"type": "file_input", "action_id": "a", "max_files": 2}
    external = {"type": "external_select", "action_id": "found", "min_query_length": 1}
    more = [asks("files", "Files", file_input, optional=True), asks("seller", "Seller", external, optional=True)]
    return {
        "type": "modal",
        "callback_id": "all",
        "title": text("All"),
        "submit": text("Send"),
        "blocks": [*blocks, *more],
    }


@pytest.fixture
def submitted(bot: EchoBot) -> list[Json]:
    """What the bot heard of the modal that the command `/invoice form` opens."""
    bot.modal = all_kinds()
    return bot.submitted


@pytest.mark.parametrize(
    ("element", "value", "key", "said"), KINDS, ids=[f"{n}-{kind[0]['type']}" for n, kind in enumerate(KINDS)]
)
def test_the_state_of_each_kind(element: Json, value: Any, key: str, said: Any):
    assert state_of(element, value) == {"type": element["type"], key: said}


def test_an_option_that_is_not_offered_is_not_on_the_screen():
    with pytest.raises(NotOnScreen):
        state_of({"type": "static_select", "options": OPTIONS, "action_id": "a"}, "gifts")


def test_a_modal_of_all_kinds_reaches_the_bot(lilei: Person, submitted: list[Json]):
    lilei.command("/invoice form")
    modal = lilei.wait_for_modal("All")

    modal.fill({f"Field {n}": kind[1] for n, kind in enumerate(KINDS)}).fill(Files=[("a.txt", b"abc")]).submit()

    for number, (element, _, key, said) in enumerate(KINDS):
        assert submitted[0][f"b{number}"]["a"] == {"type": element["type"], key: said}
    assert submitted[0]["files"]["a"]["files"][0]["name"] == "a.txt"
    assert submitted[0]["seller"]["found"]["selected_option"] is None


def test_nothing_entered_is_null_or_empty(lilei: Person, submitted: list[Json]):
    lilei.command("/invoice form")

    lilei.wait_for_modal("All").submit()

    assert submitted[0]["b0"]["a"] == {"type": "plain_text_input", "value": None}
    assert submitted[0]["b18"]["a"] == {"type": "checkboxes", "selected_options": []}


def test_an_external_select_asks_the_bot(lilei: Person, submitted: list[Json], control: Control):
    lilei.command("/invoice form")
    modal = lilei.wait_for_modal("All")
    where = {"view_id": modal.id, "block_id": "seller", "action_id": "found", "query": "yun"}
    assert lilei.post("options", where)["options"] == [{"text": text("Seller yun"), "value": "yun"}]

    lilei.post(f"views/{modal.id}/submit", {"values": {"seller": {"found": "yun"}}})

    assert submitted[0]["seller"]["found"]["selected_option"]["value"] == "yun"


@pytest.mark.parametrize(
    ("element", "value", "said"),
    [
        ({"type": "plain_text_input", "min_length": 3}, "ab", "at least 3"),
        ({"type": "plain_text_input", "max_length": 3}, "abcd", "at most 3"),
        ({"type": "email_text_input"}, "nobody", "valid email"),
        ({"type": "url_text_input"}, "b.cn", "valid URL"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "whole number"),
        ({"type": "number_input", "is_decimal_allowed": True}, "much", "a number"),
        ({"type": "number_input", "is_decimal_allowed": True, "min_value": "1"}, "0", "at least 1"),
        ({"type": "number_input", "is_decimal_allowed": True, "max_value": "9"}, "10", "at most 9"),
    ],
)
def test_what_the_client_refuses(element: Json, value: str, said: str):
    blocks = [asks("b", "B", {**element, "action_id": "a"})]

    assert said in refusals(blocks, {"b": {"a": value}}, chinese=False)["b"]
    assert refusals(blocks, {"b": {"a": value}}, chinese=True)["b"] != ""


def test_typed_values_that_no_longer_fit_are_dropped():
    blocks = [asks("b", "B", {"type": "static_select", "options": OPTIONS, "action_id": "a"})]

    assert still_fitting(blocks, {"b": {"a": "meals"}}, {}) == {"b": {"a": "meals"}}
    assert still_fitting(blocks, {"b": {"a": "gifts"}, "gone": {"a": "x"}}, {}) == {}


def test_a_view_of_all_kinds_is_valid():
    assert faults_of_view(all_kinds()) == []


def test_reasons_inside_unions_name_the_element():
    select = {"type": "static_select", "action_id": "a", "options": [{"text": {"type": "mrkdwn", "text": "x"}}]}
    faults = faults_of_message([{"type": "actions", "elements": [select]}])

    assert faults == ["[ERROR] 'plain_text' was expected [json-pointer:/blocks/0/elements/0/options/0/text/type]"]


def test_a_card_keeps_what_was_chosen_in_it(lilei: Person, bot: EchoBot, base_url: str):
    heard: list[Json] = []

    @bot.app.action("pick")
    def picked(ack: Ack, body: Json) -> None:
        heard.append(body)
        ack()

    select = {"type": "static_select", "action_id": "pick", "placeholder": text("Category"), "options": OPTIONS}
    bot.client.chat_postMessage(
        channel="D0LILEI", text="x", blocks=[{"type": "actions", "block_id": "row", "elements": [select]}]
    )

    lilei.messages()[-1].choose("Category", "Meals")

    assert heard[0]["actions"][0]["selected_option"]["value"] == "meals"
    assert heard[0]["state"]["values"]["row"]["pick"]["selected_option"]["value"] == "meals"
    with pytest.raises(NotShown):
        lilei.messages()[-1].choose("Category", "Gifts")


def test_do_not_disturb_and_membership_can_be_set(base_url: str, bot: EchoBot, control: Control):
    client: WebClient = bot.client
    control.change_person("U0EMMA", dnd={"dnd_enabled": True, "next_dnd_start_ts": 1, "next_dnd_end_ts": 9})
    control.change_channel("C0GENERAL", add=["U0PIAOBOT"])

    assert client.dnd_info(user="U0EMMA")["next_dnd_end_ts"] == 9
    assert client.chat_postMessage(channel="C0GENERAL", text="the month")["ok"]
