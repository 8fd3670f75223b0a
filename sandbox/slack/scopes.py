"""Which scope a bot token needs for which method. Source: the pages of docs.slack.dev/reference/methods."""

from __future__ import annotations

from sandbox.slack.methods.calling import Refused
from sandbox.slack.workspace import Json, Workspace

GRANTED = (
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "im:history",
    "im:read",
    "im:write",
    "channels:history",
    "groups:history",
    "users:read",
    "users:read.email",
)
"""What the app of this workspace was installed with."""
_NEEDED = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "conversations.open": "im:write",
    "files.info": "files:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "users.conversations": "im:read",
    "users.info": "users:read",
    "users.list": "users:read",
    "users.lookupByEmail": "users:read.email",
}
_BY_CONVERSATION = {"conversations.history", "conversations.replies"}
_FAMILIES = {"channel": "channels", "group": "groups", "im": "im"}


def needed(method: str, arguments: Json, workspace: Workspace) -> str | None:
    """The scope; None for methods that need none, or that only other apps call."""
    if method in _BY_CONVERSATION:
        channel = workspace.channels.get(str(arguments.get("channel", "")))
        return f"{_FAMILIES[channel.kind]}:history" if channel else None
    return _NEEDED.get(method)


def refuse_without(scope: str | None, granted: list[str]) -> None:
    """Refused with missing_scope, as Slack says it."""
    if scope is not None and scope not in granted:
        raise Refused("missing_scope", needed=scope, provided=",".join(granted))
