"""What Slack remembers of the conversations we are in."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from slack_sdk.web import SlackResponse

from core.ports import SentFiles
from integrations.slack.client import Slack, SlackRefused, asking

_PAGE = 200
_NOT_OURS = frozenset({"channel_not_found", "not_in_channel", "is_archived"})


class SlackHistory:
    """Keeps the promises of core.ports.ChatHistory for direct messages and the intake channels of one workspace.

    A conversation is its kind, as events name it, and its id: "im/D024BE91L".
    """

    def __init__(self, slack: Slack, team_id: str, intake_channels: frozenset[str]) -> None:
        self._slack = slack
        self._team_id = team_id
        self._intake_channels = intake_channels

    def conversations(self) -> Sequence[str]:
        direct = [
            f"im/{each['id']}"
            for page in _pages(self._slack.api.users_conversations, types="im", limit=_PAGE)
            for each in page["channels"]
        ]
        return [*direct, *(f"channel/{each}" for each in sorted(self._intake_channels))]

    def files_sent(self, conversation: str, since: datetime) -> Sequence[SentFiles]:
        kind, _, channel = conversation.partition("/")
        asked = {"channel": channel, "oldest": f"{since.timestamp():.6f}", "limit": _PAGE}
        try:
            pages = list(_pages(self._slack.api.conversations_history, **asked))
        except SlackRefused as refused:
            if refused.error in _NOT_OURS:
                return ()
            raise
        messages = [each for page in pages for each in page["messages"]]
        return [
            self._as_event(message, channel, kind)
            for message in reversed(messages)
            if message.get("files") and message.get("user") and not message.get("bot_id")
        ]

    def _as_event(self, message: Mapping[str, Any], channel: str, kind: str) -> SentFiles:
        key = f"missed:{channel}/{message['ts']}"
        event = {**message, "subtype": "file_share", "channel": channel, "channel_type": kind}
        body = {"team_id": self._team_id, "event_id": key, "event": event}
        return SentFiles(
            place=f"{channel}/{message['ts']}",
            chat_files=tuple(str(file["id"]) for file in message["files"]),
            key=key,
            body=json.dumps(body, ensure_ascii=False),
        )


def _pages(method: Callable[..., SlackResponse], **asked: Any) -> Iterator[Mapping[str, Any]]:
    cursor = ""
    while True:
        with asking():
            answer: Any = method(**asked, cursor=cursor) if cursor else method(**asked)
        yield answer
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return
