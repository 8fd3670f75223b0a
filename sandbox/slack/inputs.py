"""What stands in a form: from plain values (text, option values, ids) to Slack's `state.values`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.slack.workspace import Json, Values

PLAIN = {
    # element type -> (key in the state, key of its initial value)
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "file_input": ("files", ""),
}
ONE_OPTION = {"static_select", "external_select", "radio_buttons", "overflow"}
MANY_OPTIONS = {"multi_static_select", "multi_external_select", "checkboxes"}
LISTS = MANY_OPTIONS | {"file_input", *(kind for kind in PLAIN if kind.startswith("multi_"))}
STATEFUL = {*PLAIN, *ONE_OPTION, *MANY_OPTIONS} - {"overflow"}
MAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


class NotOnScreen(Exception):
    """The person did something the screen does not offer; a fault of the caller, told in words."""


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with the block it stands in."""
    for block in blocks:
        inside = [block.get("element"), block.get("accessory"), *block.get("elements", []), *block.get("actions", [])]
        for element in inside:
            if isinstance(element, dict) and element.get("action_id"):
                yield block, element
        for child in (*block.get("child_blocks", []), *_cards(block)):
            yield from elements([child])


def _cards(block: Json) -> list[Json]:
    return list(block.get("elements", [])) if block.get("type") == "carousel" else []


def find(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json]:
    """The element a person touches. Raises NotOnScreen."""
    for block, element in elements(blocks):
        if block.get("block_id") == block_id and element["action_id"] == action_id:
            return block, element
    raise NotOnScreen(f"no element {action_id!r} in block {block_id!r}")


def initial(element: Json) -> Any:
    """The plain value an untouched element holds."""
    kind = element["type"]
    if kind in ONE_OPTION:
        option = element.get("initial_option")
        return option.get("value") if option else None
    if kind in MANY_OPTIONS:
        return [option.get("value") for option in element.get("initial_options", [])]
    default: list[str] | None = [] if kind in LISTS else None
    return element.get(PLAIN[kind][1], default)


def state_of(element: Json, value: Any, loaded: list[Json] | None = None) -> Json:
    """Slack's state of one element. `loaded`: options an external select was offered. Raises NotOnScreen."""
    kind = element["type"]
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": None if value in (None, "") else option_of(element, value, loaded)}
    if kind in MANY_OPTIONS:
        return {"type": kind, "selected_options": [option_of(element, one, loaded) for one in value or []]}
    if kind == "number_input" and value is not None:
        value = str(value)
    return {"type": kind, PLAIN[kind][0]: None if value == "" else value}


def option_of(element: Json, value: Any, loaded: list[Json] | None = None) -> Json:
    """The whole option object with that value. Raises NotOnScreen."""
    groups = [option for group in element.get("option_groups", []) for option in group["options"]]
    first = [element["initial_option"]] if element.get("initial_option") else element.get("initial_options", [])
    for option in [*element.get("options", []), *groups, *(loaded or []), *first]:
        if option.get("value") == value:
            return dict(option)
    raise NotOnScreen(f"{element.get('action_id')} offers no option {value!r}")


def state_values(blocks: list[Json], typed: Values, loaded: dict[str, list[Json]] | None = None) -> Json:
    """`state.values` of a view or message with what the person typed over the initial values."""
    values: Json = {}
    for block, element in elements(blocks):
        if element["type"] not in STATEFUL:
            continue
        mine = typed.get(block["block_id"], {})
        value = mine.get(element["action_id"], initial(element))
        offered = (loaded or {}).get(element["action_id"])
        values.setdefault(block["block_id"], {})[element["action_id"]] = state_of(element, value, offered)
    return values


def still_fitting(blocks: list[Json], typed: Values, loaded: dict[str, list[Json]]) -> Values:
    """What stays typed when the app sends new blocks: what stands in the same place and is still offered."""
    kept: Values = {}
    for block, element in elements(blocks):
        mine = typed.get(block["block_id"], {})
        if element["action_id"] not in mine or element["type"] not in STATEFUL:
            continue
        try:
            state_of(element, mine[element["action_id"]], loaded.get(element["action_id"]))
        except NotOnScreen:
            continue
        kept.setdefault(block["block_id"], {})[element["action_id"]] = mine[element["action_id"]]
    return kept


def refusals(blocks: list[Json], typed: Values, *, chinese: bool) -> dict[str, str]:
    """What Slack's own client refuses before it sends a form: block id -> sentence in the person's language."""
    found: dict[str, str] = {}
    for block in blocks:
        if block.get("type") != "input":
            continue
        element = block["element"]
        value = typed.get(block["block_id"], {}).get(element["action_id"], initial(element))
        empty = value in (None, "", [])
        if empty and not block.get("optional"):
            found[block["block_id"]] = "请填写此项" if chinese else "Please complete this required field"
        elif not empty:
            reason = _wrong(element, value, chinese=chinese)
            if reason:
                found[block["block_id"]] = reason
    return found


def _wrong(element: Json, value: Any, *, chinese: bool) -> str | None:
    kind = element["type"]
    if kind == "plain_text_input" and len(value) < element.get("min_length", 0):
        return (
            f"至少 {element['min_length']} 个字" if chinese else f"Must be at least {element['min_length']} characters"
        )
    if kind == "plain_text_input" and len(value) > element.get("max_length", 3000):
        most = element.get("max_length", 3000)
        return f"最多 {most} 个字" if chinese else f"Must be at most {most} characters"
    if kind == "email_text_input" and not MAIL.match(value):
        return "请输入有效的邮箱地址" if chinese else "Must be a valid email address"
    if kind == "url_text_input" and not value.startswith(("http://", "https://")):
        return "请输入有效的网址" if chinese else "Must be a valid URL"
    return _wrong_number(element, value, chinese=chinese) if kind == "number_input" else None


def _wrong_number(element: Json, value: Any, *, chinese: bool) -> str | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return "请输入数字" if chinese else "Must be a number"
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "请输入整数" if chinese else "Must be a whole number"
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"不能小于 {element['min_value']}" if chinese else f"Must be at least {element['min_value']}"
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"不能大于 {element['max_value']}" if chinese else f"Must be at most {element['max_value']}"
    return None
