"""chat.*: post, edit, delete, ephemeral, permalink."""

from __future__ import annotations

import re
from typing import Any

from sandbox.slack import limits
from sandbox.slack.happenings import Happenings
from sandbox.slack.methods.calling import Arguments, Method, Refused, channel_of_bot, checked_blocks
from sandbox.slack.workspace import Channel, Json, Message

EVENT_TYPE = re.compile(r"^[A-Za-z0-9_-]{1,255}$")
METADATA_BYTES = 16_384


def post_message(slack: Happenings, args: Arguments) -> Json:
    """Post as the bot."""
    channel = channel_of_bot(slack, args.required("channel"))
    blocks = checked_blocks(slack, args.json("blocks"))
    text = args.text("text")
    if not text and not blocks:
        raise Refused("no_text")
    thread = _thread(channel, args)
    kept, cut = text[: limits.MESSAGE_TEXT_KEPT], len(text) > limits.MESSAGE_TEXT_KEPT
    stamp = slack.workspace.new_ts()
    message = Message(
        stamp, channel.id, slack.workspace.bot, kept, blocks, thread, metadata=_metadata(args.json("metadata"))
    )
    slack.post(channel, message)
    answer: Json = {"channel": channel.id, "ts": stamp, "message": slack.message_as_slack(message, with_metadata=True)}
    return answer | ({"warning": "message_truncated"} if cut else {})


def update(slack: Happenings, args: Arguments) -> Json:
    """Edit one of the bot's own messages. Text alone removes the blocks; `blocks: []` clears them."""
    channel = channel_of_bot(slack, args.required("channel"))
    message = _own(slack, channel, args.required("ts"), "cant_update_message")
    text = args.text("text", message.text)
    if not args.given("text") and not args.given("blocks"):
        raise Refused("no_text")
    if len(text) > limits.UPDATE_TEXT:
        raise Refused("msg_too_long")
    blocks = checked_blocks(slack, args.json("blocks"))
    if not text and not blocks:
        raise Refused("no_text")
    before = slack.message_as_slack(message)
    message.text, message.blocks = text, blocks
    if args.json("metadata") is not None:
        message.metadata = _metadata(args.json("metadata"))
    message.edited = slack.workspace.new_ts()
    slack.changed(channel, message, before)
    shown = slack.message_as_slack(message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": text, "message": shown}


def delete(slack: Happenings, args: Arguments) -> Json:
    """Remove one of the bot's own messages."""
    channel = channel_of_bot(slack, args.required("channel"))
    message = _own(slack, channel, args.required("ts"), "cant_delete_message")
    slack.removed(channel, message)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(slack: Happenings, args: Arguments) -> Json:
    """Say something to one person of a conversation only."""
    channel = channel_of_bot(slack, args.required("channel"))
    user = args.required("user")
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    blocks = checked_blocks(slack, args.json("blocks"))
    text = args.text("text")
    if not text and not blocks:
        raise Refused("no_text")
    stamp = slack.workspace.new_ts()
    message = Message(stamp, channel.id, slack.workspace.bot, text, blocks, _thread(channel, args), only_for=user)
    slack.post(channel, message)
    return {"message_ts": stamp}


def get_permalink(slack: Happenings, args: Arguments) -> Json:
    """A link that opens the message in the sandbox's page."""
    channel = channel_of_bot(slack, args.required("channel"))
    stamp = args.required("message_ts")
    message = channel.message(stamp)
    if message is None or message.only_for:
        raise Refused("message_not_found")
    anchor = f"p{stamp.replace('.', '')}"
    return {"channel": channel.id, "permalink": f"{slack.settings.base_url}/archives/{channel.id}/{anchor}"}


def _own(slack: Happenings, channel: Channel, stamp: str, refusal: str) -> Message:
    message = channel.message(stamp)
    if message is None or message.only_for:
        raise Refused("message_not_found")
    if message.user != slack.workspace.bot:
        raise Refused(refusal)
    return message


def _thread(channel: Channel, args: Arguments) -> str | None:
    stamp = args.text("thread_ts")
    if not stamp:
        return None
    parent = channel.message(stamp)
    if parent is None:
        raise Refused("thread_not_found")
    return parent.thread_ts or parent.ts


def _metadata(metadata: Any) -> Json | None:
    if metadata is None:
        return None
    shape = isinstance(metadata, dict) and set(metadata) <= {"event_type", "event_payload", "entities"}
    if not shape or not EVENT_TYPE.match(str(metadata.get("event_type", ""))):
        raise Refused("invalid_metadata_format", "[ERROR] event_type takes letters, digits, _ and - only")
    if not isinstance(metadata.get("event_payload"), dict):
        raise Refused("invalid_metadata_schema", "[ERROR] event_payload must be an object")
    if len(repr(metadata)) > METADATA_BYTES:
        raise Refused("metadata_too_large")
    return dict(metadata)


METHODS: dict[str, Method] = {
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.getPermalink": get_permalink,
}
