"""What the program needs Slack to allow. deploy/slack-manifest.yaml asks for it; `piaobot doctor` compares."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException

from slack_sdk.errors import SlackApiError, SlackRequestError

from core.messages import Message
from core.ports import ChatUnavailable
from integrations.slack.client import Slack, SlackRefused, asking
from integrations.slack.people import UNWELCOME

SCOPES: Mapping[str, Message] = {
    "chat:write": Message("cards and answers cannot be sent"),
    "commands": Message("the command /invoice is not there"),
    "files:read": Message("invoices cannot be fetched"),
    "files:write": Message("cards come without pictures"),
    "im:history": Message("direct messages do not arrive"),
    "im:read": Message("files sent while the bot was away are not found"),
    "im:write": Message("direct messages cannot be opened"),
    "users:read": Message("nobody is recognised"),
    "users:read.email": Message("nobody is found by e-mail address"),
    "channels:history": Message("files in public intake channels do not arrive"),
    "groups:history": Message("files in private intake channels do not arrive"),
}
"""Scope of the bot token → what does not work without it."""
OF_CHANNELS = frozenset({"channels:history", "groups:history"})
"""Needed only by whoever has intake channels of that kind."""

METHODS: Mapping[str, str] = {
    "auth.test": "",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.history": "im:history",
    "conversations.open": "im:write",
    "conversations.replies": "im:history",
    "files.completeUploadExternal": "files:write",
    "files.getUploadURLExternal": "files:write",
    "files.info": "files:read",
    "users.conversations": "im:read",
    "users.info": "users:read",
    "users.list": "users:read",
    "users.lookupByEmail": "users:read.email",
    "views.open": "",
    "views.publish": "",
    "views.push": "",
    "views.update": "",
}
"""Web API method → the scope it needs in a direct message ("": none). Source: docs.slack.dev/reference/methods."""
EVENTS: Mapping[str, str] = {
    "app_home_opened": "",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "user_change": "users:read",
}
"""Event → the scope it needs. Source: docs.slack.dev/reference/events."""
COMMANDS = ("/invoice",)


@dataclass(frozen=True)
class Greeting:
    """What auth.test says. `error` is Slack's word, "" when the token works; the rest is "" where it does not.

    `ahead`: seconds Slack's clock is ahead of ours, to about one second; None when it was not said.
    """

    error: str
    team_id: str
    team: str
    user: str
    scopes: frozenset[str]
    ahead: float | None


def greet(slack: Slack, now: Callable[[], datetime]) -> Greeting:
    """Whose token this is and what it may do. Raises ChatUnavailable when Slack does not answer as Slack."""
    before = now()
    try:
        response = slack.api.auth_test()
    except SlackApiError as refused:
        response = refused.response
    except (SlackRequestError, HTTPException, OSError) as broken:
        raise ChatUnavailable(str(getattr(broken, "reason", None) or broken) or type(broken).__name__) from None
    middle = before + (now() - before) / 2
    if response.status_code != 200 or not isinstance(response.data, dict):
        raise ChatUnavailable(f"HTTP {response.status_code}")
    headers = {name.lower(): str(value) for name, value in response.headers.items()}
    said = {name: str(response.get(name) or "") for name in ("error", "team_id", "team", "user")}
    scopes = frozenset(each.strip() for each in headers.get("x-oauth-scopes", "").split(",") if each.strip())
    date = headers.get("date")
    ahead = (parsedate_to_datetime(date) - middle).total_seconds() if date else None
    return Greeting(**said, scopes=scopes, ahead=ahead)


def may_connect(slack: Slack, app_token: str) -> str:
    """Slack's word against Socket Mode with this app token; "" when it may. Raises ChatUnavailable."""
    try:
        with asking():
            slack.api.apps_connections_open(app_token=app_token)
    except SlackRefused as refused:
        return refused.error
    return ""


def is_in(slack: Slack, channel: str) -> str:
    """Slack's word against reading a channel; "" when the bot is in it. Raises ChatUnavailable."""
    try:
        with asking():
            slack.api.conversations_history(channel=channel, limit=1)
    except SlackRefused as refused:
        return refused.error
    return ""


@dataclass(frozen=True)
class Profile:
    """A member of the workspace, as users.list tells."""

    user_id: str
    email: str
    welcome: bool


def everybody(slack: Slack) -> list[Profile]:
    """All members, a thousand a call. Raises ChatUnavailable, SlackRefused."""
    found: list[Profile] = []
    cursor = ""
    while True:
        with asking():
            page = slack.api.users_list(limit=1000, cursor=cursor or None)
        for user in page["members"]:
            email = str((user.get("profile") or {}).get("email") or "")
            welcome = not any(user.get(mark) for mark in UNWELCOME)
            found.append(Profile(user["id"], email.casefold(), welcome))
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return found
