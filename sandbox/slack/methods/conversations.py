"""conversations.*: open a DM, who is there, what was said."""

from __future__ import annotations

from sandbox.slack.happenings import Happenings
from sandbox.slack.methods.calling import Arguments, Method, Refused, channel_of_bot, page_of, person_named
from sandbox.slack.workspace import Channel, Json, Message


def open_conversation(slack: Happenings, args: Arguments) -> Json:
    """The DM with one person; it always exists already."""
    if args.text("channel"):
        channel = channel_of_bot(slack, args.text("channel"))
    else:
        users = [user for user in args.text("users").split(",") if user]
        if not users:
            raise Refused("users_list_not_supplied")
        if len(users) > 1:
            raise Refused("too_many_users", "[ERROR] the sandbox has no group DMs")
        if users[0] == slack.workspace.bot:
            raise Refused("cannot_dm_bot")
        if person_named(slack, users[0]).deleted:
            raise Refused("user_disabled")
        channel = slack.workspace.dm_of(users[0])
    full = channel_as_slack(slack, channel) if args.flag("return_im") else {"id": channel.id}
    return {"no_op": True, "already_open": True, "channel": full}


def info(slack: Happenings, args: Arguments) -> Json:
    """One conversation."""
    channel = slack.workspace.channels.get(args.required("channel"))
    if channel is None or (channel.kind != "channel" and slack.workspace.bot not in channel.members):
        raise Refused("channel_not_found")
    found = channel_as_slack(slack, channel)
    return {"channel": found | ({"num_members": len(channel.members)} if args.flag("include_num_members") else {})}


def members(slack: Happenings, args: Arguments) -> Json:
    """Who is in a conversation."""
    page, more = page_of(channel_of_bot(slack, args.required("channel")).members, args)
    return {"members": page, "response_metadata": more["response_metadata"]}


def list_conversations(slack: Happenings, args: Arguments) -> Json:
    """The conversations the bot can know of."""
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im"}
    wanted = {kinds[kind] for kind in args.text("types", "public_channel").split(",") if kind in kinds}
    bot = slack.workspace.bot
    known = [
        c for c in slack.workspace.channels.values() if c.kind in wanted and (c.kind == "channel" or bot in c.members)
    ]
    page, more = page_of(known, args)
    found = [channel_as_slack(slack, channel) for channel in page]
    return {"channels": found, "response_metadata": more["response_metadata"]}


def conversations_of_bot(slack: Happenings, args: Arguments) -> Json:
    """The conversations the bot is in."""
    found = list_conversations(slack, args)
    return found | {"channels": [channel for channel in found["channels"] if channel["is_member"]]}


def history(slack: Happenings, args: Arguments) -> Json:
    """Messages newest first, without the replies of threads."""
    channel = channel_of_bot(slack, args.required("channel"))
    said = [m for m in channel.messages if m.only_for is None and (m.thread_ts is None or m.thread_ts == m.ts)]
    return _page_of_messages(slack, [m for m in reversed(said) if _within(m, args)], args)


def replies(slack: Happenings, args: Arguments) -> Json:
    """A thread, parent first."""
    channel = channel_of_bot(slack, args.required("channel"))
    stamp = args.required("ts")
    asked = channel.message(stamp)
    if asked is None or asked.only_for:
        raise Refused("thread_not_found")
    thread = slack.workspace.replies(channel, asked.thread_ts or asked.ts)
    return _page_of_messages(slack, [m for m in thread if m.thread_ts is None or _within(m, args)], args)


def channel_as_slack(slack: Happenings, channel: Channel) -> Json:
    """The conversation object."""
    bot = slack.workspace.bot
    found: Json = {
        "id": channel.id,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": channel.kind == "im",
        "is_mpim": False,
        "is_private": channel.kind != "channel",
        "is_archived": False,
        "is_member": bot in channel.members,
        "is_ext_shared": channel.ext_shared,
        "is_pending_ext_shared": False,
        "is_shared": channel.ext_shared,
        "is_org_shared": False,
        "context_team_id": slack.workspace.team["id"],
    }
    if channel.kind == "im":
        return found | {"user": next(person for person in channel.members if person != bot), "is_open": True}
    return found | {"name": channel.name, "name_normalized": channel.name, "topic": {"value": channel.topic}}


def _within(message: Message, args: Arguments) -> bool:
    oldest, latest = args.text("oldest", "0") or "0", args.text("latest")
    if args.flag("inclusive"):
        return float(oldest) <= float(message.ts) and (not latest or float(message.ts) <= float(latest))
    return float(oldest) < float(message.ts) and (not latest or float(message.ts) < float(latest))


def _page_of_messages(slack: Happenings, messages: list[Message], args: Arguments) -> Json:
    page, more = page_of(messages, args)
    metadata = args.flag("include_all_metadata")
    return {"messages": [slack.message_as_slack(m, with_metadata=metadata) for m in page], **more}


METHODS: dict[str, Method] = {
    "conversations.open": open_conversation,
    "conversations.info": info,
    "conversations.members": members,
    "conversations.list": list_conversations,
    "users.conversations": conversations_of_bot,
    "conversations.history": history,
    "conversations.replies": replies,
}
