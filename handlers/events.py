"""Slack's events: stored before they are answered, then handed to whoever they concern by a job."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp

from core.use_cases.store_event import StoreEvent
from handlers.draft import Draft
from handlers.home import Home
from handlers.practice import Practice
from handlers.upload import Upload

Handler = Callable[[str, Mapping[str, Any], str], None]


@dataclass(frozen=True)
class Events:
    """One listener for all events; `handler_of` is the table of which are for us."""

    store: StoreEvent
    upload: Upload
    draft: Draft
    home: Home
    practice: Practice
    forget_member: Callable[[str, str], None]

    def register(self, app: AsyncApp) -> None:
        app.event(re.compile("."))(self.on_event)

    async def on_event(self, body: Mapping[str, Any]) -> None:
        """An exception here answers 500, and Slack sends the event again."""
        if self.handler_of(body["event"]) is not None:
            await asyncio.to_thread(self.store, "slack", body["event_id"], json.dumps(body, ensure_ascii=False))

    def handle(self, source: str, key: str) -> None:
        """The job: the stored event to its handler."""
        body = json.loads(self.store.body(source, key))
        handler = self.handler_of(body["event"])
        if handler is not None:
            handler(body["team_id"], body["event"], key)

    def handler_of(self, event: Mapping[str, Any]) -> Handler | None:
        """None for events that are not for us; our own messages are not."""
        if event.get("bot_id"):
            return None
        match (event["type"], event.get("subtype", "")):
            case ("message", "file_share"):
                return self.upload.on_files
            case ("message", "") if event.get("thread_ts") and event.get("channel_type") == "im":
                return self.draft.on_reply
            case ("message", "") if event.get("channel_type") == "im":
                return self.upload.on_text
            case ("app_home_opened", ""):
                return self.on_opened
            case ("user_change", ""):
                return self.on_user_change
        return None

    def on_opened(self, team_id: str, event: Mapping[str, Any], event_id: str) -> None:
        """Somebody came to our conversation, on whichever tab."""
        self.practice.on_opened(team_id, event, event_id)
        if event.get("tab") == "home":
            self.home.on_opened(team_id, event, event_id)

    def on_user_change(self, team_id: str, event: Mapping[str, Any], event_id: str) -> None:
        """Somebody's locale, time zone or standing changed: look them up again next time."""
        user = event["user"]
        self.forget_member(user.get("team_id") or team_id, user["id"])
