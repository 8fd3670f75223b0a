"""What the workspace holds: people, conversations, messages, files and views. In memory; one event loop owns it."""

from __future__ import annotations

import itertools
import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

Json = dict[str, Any]
Values = dict[str, dict[str, Any]]
"""What a person typed or chose: block id -> action id -> plain value (text, option value, list of them, ...)."""

PEOPLE_FILE = Path(__file__).parent.parent / "people.yaml"
MODAL_DEPTH = 3


@dataclass
class Person:
    """A member of the workspace, a guest, somebody of another workspace, or the bot."""

    id: str
    name: str
    real_name: str
    team_id: str
    email: str = ""
    title: str = ""
    locale: str = "en-US"
    tz: str = "UTC"
    is_admin: bool = False
    is_restricted: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    deleted: bool = False
    status_text: str = ""
    status_emoji: str = ""
    dnd: Json = field(default_factory=dict)
    updated: int = 0

    def as_slack(self, *, include_locale: bool = False) -> Json:
        """The `user` object of users.info; people of other workspaces show neither e-mail nor locale."""
        offset = datetime.now(ZoneInfo(self.tz)).utcoffset()
        profile = {
            "real_name": self.real_name,
            "display_name": self.real_name,
            "title": self.title,
            "status_text": self.status_text,
            "status_emoji": self.status_emoji,
            "team": self.team_id,
        }
        user: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": self.deleted,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "profile": profile,
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "is_stranger": self.is_stranger,
            "updated": self.updated,
        }
        if not self.is_stranger:
            profile["email"] = self.email
            if include_locale:
                user["locale"] = self.locale
        return user


@dataclass
class Message:
    """One message of a conversation; `only_for` makes it ephemeral."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] | None = None
    thread_ts: str | None = None
    files: list[str] = field(default_factory=list)
    metadata: Json | None = None
    subtype: str | None = None
    only_for: str | None = None
    edited: str | None = None
    typed: dict[str, Values] = field(default_factory=dict)
    """Person id -> what they chose in this message's inputs."""


@dataclass
class Channel:
    """A conversation: `kind` is channel (public), group (private) or im (one person and the bot)."""

    id: str
    name: str
    kind: str
    members: list[str]
    topic: str = ""
    ext_shared: bool = False
    messages: list[Message] = field(default_factory=list)

    def message(self, ts: str) -> Message | None:
        """The message of that time stamp, ephemerals included."""
        return next((message for message in self.messages if message.ts == ts), None)


@dataclass
class File:
    """An uploaded file; `shares` says where it was shared: channel id -> time stamps of messages."""

    id: str
    name: str
    owner: str
    content: bytes | None
    mimetype: str = "application/octet-stream"
    filetype: str = "binary"
    title: str = ""
    alt_text: str = ""
    size_of_image: tuple[int, int] | None = None
    created: int = 0
    shares: dict[str, list[str]] = field(default_factory=dict)
    deleted: bool = False
    expected_length: int | None = None
    """Bytes announced to files.getUploadURLExternal, until the upload is completed."""
    handed_to_bot: bool = False
    """Put into a modal's file input."""


@dataclass
class View:
    """A modal on somebody's screen, or their Home tab."""

    id: str
    user: str
    payload: Json
    """What the app sent: type, title, blocks, callback_id, private_metadata, ..."""
    hash: str
    root_id: str
    previous_id: str | None = None
    typed: Values = field(default_factory=dict)


@dataclass
class Trigger:
    """A trigger_id: opens or pushes one modal within its lifetime."""

    user: str
    expires: float
    """Monotonic seconds."""
    view_id: str | None = None
    used: bool = False


@dataclass
class ResponseUrl:
    """Where the bot may answer a click or command."""

    user: str
    channel: str
    message_ts: str | None
    thread_ts: str | None
    expires: float
    uses_left: int


class Workspace:
    """All state of the sandbox and the questions one can ask about it."""

    def __init__(self) -> None:
        seed = yaml.safe_load(PEOPLE_FILE.read_text(encoding="utf-8"))
        self.team: Json = seed["team"]
        self.app: Json = seed["app"]
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.modals: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.notices: dict[str, list[Json]] = {}
        self.offered: dict[str, list[Json]] = {}
        """Options an external select was last offered, by action id."""
        self._numbers = itertools.count(1)
        self._last_ts = 0
        self._seed_people(seed["people"])
        self._seed_channels(seed["channels"])

    def _seed_people(self, people: list[Json]) -> None:
        for person in people:
            known = Person(**{"team_id": self.team["id"], **person})
            self.people[known.id] = known
        self.people[self.bot] = Person(
            id=self.bot,
            name=self.app["name"],
            real_name=self.app["real_name"],
            team_id=self.team["id"],
            is_bot=True,
        )

    def _seed_channels(self, channels: list[Json]) -> None:
        for channel in channels:
            members = [p for p in self.humans() if p not in channel["everyone_but"]]
            if channel["bot"]:
                members.append(self.bot)
            kind = "group" if channel["private"] else "channel"
            self.channels[channel["id"]] = Channel(channel["id"], channel["name"], kind, members, channel["topic"])
        for person in self.humans():
            dm = f"D0{person.removeprefix('U0')}"
            self.channels[dm] = Channel(dm, self.app["real_name"], "im", [person, self.bot])

    @property
    def bot(self) -> str:
        """The bot's user id."""
        return str(self.app["user_id"])

    def humans(self) -> list[str]:
        """Ids of everybody but the bot."""
        return [person.id for person in self.people.values() if not person.is_bot]

    def dm_of(self, person: str) -> Channel:
        """The conversation between this person and the bot."""
        return next(c for c in self.channels.values() if c.kind == "im" and person in c.members)

    def new_id(self, prefix: str) -> str:
        """A fresh id such as F0000000012; Slack's file ids match ^F[A-Z0-9]{8,}$."""
        return f"{prefix}{next(self._numbers):010d}"

    def new_ts(self) -> str:
        """A time stamp that no other message has and that sorts by time."""
        self._last_ts = max(self._last_ts + 1, time.time_ns() // 1000)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_trigger(self, user: str, lifetime: float, view_id: str | None = None) -> str:
        """A single-use trigger_id for a modal."""
        key = f"{next(self._numbers)}.{secrets.token_hex(8)}"
        self.triggers[key] = Trigger(user, time.monotonic() + lifetime, view_id)
        return key

    def visible_channels(self, person: str) -> list[Channel]:
        """What is in this person's sidebar."""
        return [channel for channel in self.channels.values() if person in channel.members]

    def visible_messages(self, channel: Channel, person: str) -> list[Message]:
        """What this person sees there; the ephemerals of others are not theirs to see."""
        return [message for message in channel.messages if message.only_for in {None, person}]

    def replies(self, channel: Channel, ts: str) -> list[Message]:
        """The thread under `ts`, parent first, without ephemerals."""
        return [m for m in channel.messages if m.only_for is None and ts in {m.ts, m.thread_ts}]

    def may_see_file(self, file: File, person: str) -> bool:
        """Whether it is theirs, shared with them, or a picture of the bot's shown in what they see."""
        if person == self.bot and file.handed_to_bot:
            return True
        if file.owner == person or any(person in self.channels[channel].members for channel in file.shares):
            return True
        return file.owner == self.bot and any(file.id in repr(shown) for shown in self._shown_to(person))

    def _shown_to(self, person: str) -> list[Any]:
        blocks: list[Any] = [
            message.blocks
            for channel in self.visible_channels(person)
            for message in self.visible_messages(channel, person)
            if message.blocks
        ]
        views = [*self.modals.get(person, []), *([self.homes[person]] if person in self.homes else [])]
        return blocks + [view.payload["blocks"] for view in views]

    def view(self, view_id: str) -> View | None:
        """An open modal or published Home by id."""
        everything = itertools.chain(self.homes.values(), *self.modals.values())
        return next((view for view in everything if view.id == view_id), None)

    def view_by_external_id(self, external_id: str) -> View | None:
        """An open modal or Home by the app's own id."""
        everything = itertools.chain(self.homes.values(), *self.modals.values())
        return next((view for view in everything if view.payload.get("external_id") == external_id), None)


def utc_now() -> str:
    """ISO time for logs."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
