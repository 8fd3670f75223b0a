"""What every method needs: arguments as Slack reads them, and Slack's way of refusing."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any

from sandbox.slack import blocks as block_kit
from sandbox.slack.happenings import Happenings
from sandbox.slack.workspace import Channel, Json, Person

DECODED = {"blocks", "attachments", "metadata", "view", "files"}
"""Arguments that are JSON even in a form."""
PAGE = 100


class Refused(Exception):
    """Slack's `ok: false`: its error name, readable reasons, further keys."""

    def __init__(self, error: str, *messages: str, **more: Any) -> None:
        super().__init__(error)
        self.answer: Json = {"ok": False, "error": error, **more}
        if messages:
            self.answer["response_metadata"] = {"messages": list(messages)}


class Arguments:
    """The arguments of one call, from a query, a form or JSON."""

    def __init__(self, raw: Json) -> None:
        self.raw = {
            key: _decoded(value) if key in DECODED else value for key, value in raw.items() if value is not None
        }

    def given(self, name: str) -> bool:
        """Whether the caller sent it at all."""
        return name in self.raw

    def text(self, name: str, default: str = "") -> str:
        """As text."""
        return str(self.raw.get(name, default))

    def required(self, name: str) -> str:
        """As text. Refused when it is missing."""
        if not self.text(name):
            raise Refused("invalid_arguments", f"[ERROR] missing required field: {name}")
        return self.text(name)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """true, 1 or True."""
        return str(self.raw.get(name, default)).lower() in {"true", "1"}

    def number(self, name: str, default: int) -> int:
        """A whole number. Refused when it is none."""
        try:
            return int(self.raw.get(name, default))
        except (TypeError, ValueError):
            raise Refused("invalid_arguments", f"[ERROR] {name} must be an integer") from None

    def json(self, name: str) -> Any:
        """Decoded JSON, None when it was not given or is empty."""
        return self.raw.get(name)


Method = Callable[[Happenings, Arguments], Json]


def _decoded(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError:
        raise Refused("invalid_arguments", "[ERROR] not valid JSON") from None


def checked_blocks(slack: Happenings, blocks: Any) -> list[Json] | None:
    """Blocks fit to be posted. Refused with invalid_blocks and the reasons."""
    if not blocks:
        return None
    faults = block_kit.faults_of_message(blocks) or unreadable_files(slack, blocks, "/blocks")
    if faults:
        raise Refused("invalid_blocks", *faults, errors=faults)
    return list(blocks)


def unreadable_files(slack: Happenings, blocks: Any, path: str) -> list[str]:
    """Pictures named by slack_file that the bot's token cannot read, or that are no pictures."""
    found = []
    for key, value in block_kit.slack_file_ids(blocks):
        named = value if key == "id" else value.partition("-F")[2].partition("/")[0].join(("F", ""))
        file = slack.workspace.files.get(named)
        if file is None or file.deleted or file.size_of_image is None:
            found.append(f"[ERROR] invalid slack file {value}: not a readable png, jpg or gif [json-pointer:{path}]")
        elif not slack.workspace.may_see_file(file, slack.workspace.bot):
            found.append(f"[ERROR] invalid slack file {value}: the token cannot read it [json-pointer:{path}]")
    return found


def channel_of_bot(slack: Happenings, name: str) -> Channel:
    """A conversation the bot is in; a user id means the DM. Refused otherwise."""
    workspace = slack.workspace
    if name in workspace.people and name != workspace.bot:
        return workspace.dm_of(name)
    channel = workspace.channels.get(name)
    if channel is None or (channel.kind == "group" and workspace.bot not in channel.members):
        raise Refused("channel_not_found")
    if workspace.bot not in channel.members:
        raise Refused("not_in_channel")
    return channel


def person_named(slack: Happenings, user: str) -> Person:
    """A person by id. Refused with user_not_found."""
    person = slack.workspace.people.get(user)
    if person is None:
        raise Refused("user_not_found")
    return person


def page_of(items: list[Any], args: Arguments) -> tuple[list[Any], Json]:
    """One page of a list by `cursor` and `limit`, with has_more and next_cursor."""
    limit = min(max(args.number("limit", PAGE), 1), 1000)
    start = _position(args.text("cursor"))
    more = start + limit < len(items)
    cursor = base64.b64encode(f"next:{start + limit}".encode()).decode() if more else ""
    return items[start : start + limit], {"has_more": more, "response_metadata": {"next_cursor": cursor}}


def _position(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor).decode().removeprefix("next:"))
    except (binascii.Error, ValueError):
        raise Refused("invalid_cursor") from None
