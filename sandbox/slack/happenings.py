"""What happens in the workspace: each change is made here, shown to the people it concerns and told to the bot."""

from __future__ import annotations

import io
import mimetypes
import time
from collections.abc import Iterable
from pathlib import PurePath
from urllib.parse import quote

from PIL import Image, UnidentifiedImageError

from sandbox.settings import Settings
from sandbox.slack.delivery import Delivering
from sandbox.slack.inputs import still_fitting
from sandbox.slack.streams import Streams
from sandbox.slack.workspace import Channel, File, Json, Message, Person, View, Workspace

THUMBS = (64, 80, 160, 360, 480, 720, 960, 1024)
CHANNEL_TYPES = {"channel": "channel", "group": "group", "im": "im"}
PICTURES = {"image/png", "image/jpeg", "image/gif"}


class Happenings:
    """The one door for changes: both the Web API and the people go through it."""

    def __init__(self, settings: Settings, workspace: Workspace, streams: Streams, delivering: Delivering) -> None:
        self.settings = settings
        self.workspace = workspace
        self.streams = streams
        self.delivering = delivering
        delivering.on_change = self._presence_changed

    # Messages

    def post(self, channel: Channel, message: Message) -> Message:
        """A new message stands in a conversation."""
        fill_ids(self.workspace, message.blocks)
        channel.messages.append(message)
        for file_id in message.files:
            self.workspace.files[file_id].shares.setdefault(channel.id, []).append(message.ts)
        self._show(channel, message)
        if message.only_for is None:
            self._tell_of_message(channel, self.event_of(message))
        for file_id in message.files:
            self._tell_of_file("file_shared", file_id, message.user, channel.id)
        return message

    def changed(self, channel: Channel, message: Message, before: Json) -> None:
        """A message was edited."""
        fill_ids(self.workspace, message.blocks)
        for person, typed in message.typed.items():
            message.typed[person] = still_fitting(message.blocks or [], typed, self.workspace.offered)
        self._show(channel, message)
        if message.only_for is not None:
            return  # nobody but its reader knows of an ephemeral message
        event = {
            "type": "message",
            "subtype": "message_changed",
            "hidden": True,
            "message": self.message_as_slack(message),
            "previous_message": before,
            "ts": self.workspace.new_ts(),
        }
        self._tell_of_message(channel, event)

    def removed(self, channel: Channel, message: Message) -> None:
        """A message is gone for everybody who saw it."""
        before = self.message_as_slack(message)
        channel.messages.remove(message)
        seen_by = [message.only_for] if message.only_for else channel.members
        self.streams.publish(seen_by, {"kind": "gone", "channel": channel.id, "ts": message.ts})
        if message.only_for is None:
            event = {"type": "message", "subtype": "message_deleted", "hidden": True, "deleted_ts": message.ts}
            self._tell_of_message(channel, {**event, "previous_message": before, "ts": self.workspace.new_ts()})

    def message_as_slack(self, message: Message, *, with_metadata: bool = False) -> Json:
        """The message object of the Web API and of events."""
        found: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
        found["team"] = self.workspace.people[message.user].team_id
        if message.user == self.workspace.bot:
            found |= {"bot_id": self.workspace.app["bot_id"], "app_id": self.workspace.app["id"]}
        if message.subtype:
            found["subtype"] = message.subtype
        if message.blocks:
            found["blocks"] = message.blocks
        if message.files:
            found["files"] = [self.file_as_slack(self.workspace.files[file_id]) for file_id in message.files]
        if message.edited:
            found["edited"] = {"user": message.user, "ts": message.edited}
        if with_metadata and message.metadata:
            found["metadata"] = message.metadata
        return found | self._thread_facts(message)

    def event_of(self, message: Message) -> Json:
        """The `message` event's inner object, before the conversation is added."""
        return {**self.message_as_slack(message, with_metadata=True), "event_ts": message.ts}

    def _thread_facts(self, message: Message) -> Json:
        if message.only_for:
            return {"thread_ts": message.thread_ts} if message.thread_ts else {}
        answers = [
            m for m in self.workspace.channels[message.channel].messages if m.thread_ts == message.ts and not m.only_for
        ]
        if answers:
            people = list(dict.fromkeys(answer.user for answer in answers))
            counts: Json = {"reply_count": len(answers), "reply_users": people, "latest_reply": answers[-1].ts}
            return {"thread_ts": message.ts, **counts}
        if message.thread_ts:
            parent = self.workspace.channels[message.channel].message(message.thread_ts)
            return {"thread_ts": message.thread_ts, **({"parent_user_id": parent.user} if parent else {})}
        return {}

    def _show(self, channel: Channel, message: Message) -> None:
        for person in [message.only_for] if message.only_for else channel.members:
            seen = self.message_as_seen(message, person)
            self.streams.publish([person], {"kind": "message", "channel": channel.id, "message": seen})

    def message_as_seen(self, message: Message, person: str) -> Json:
        """The message as it stands on one person's screen."""
        seen = self.message_as_slack(message, with_metadata=False)
        files = [self.file_as_seen(self.workspace.files[file_id]) for file_id in message.files]
        mine = {"channel": message.channel, "ephemeral": message.only_for is not None, "files": files}
        return seen | mine | {"typed": message.typed.get(person, {})}

    def _tell_of_message(self, channel: Channel, event: Json) -> None:
        if self.workspace.bot in channel.members:
            place = {"channel": channel.id, "channel_type": CHANNEL_TYPES[channel.kind]}
            self.tell({"event_ts": event.get("ts"), **event, **place}, ext_shared=channel.ext_shared)

    # Files

    def store_file(self, owner: str, name: str, content: bytes, title: str = "") -> File:
        """A file was uploaded; nobody but its owner sees it until it is shared."""
        file = File(self.workspace.new_id("F"), name, owner, None, title=title or name, created=int(time.time()))
        self.workspace.files[file.id] = file
        self.fill_file(file, content)
        return file

    def fill_file(self, file: File, content: bytes) -> None:
        """The bytes arrived: find out what they are, as Slack does."""
        file.content = content
        file.mimetype = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        file.filetype = PurePath(file.name).suffix.lower().removeprefix(".").replace("jpeg", "jpg") or "binary"
        if file.mimetype in PICTURES:
            try:
                with Image.open(io.BytesIO(content)) as picture:
                    file.size_of_image = picture.size
            except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
                file.size_of_image = None  # a broken picture has no thumbs; the bot must cope

    def delete_file(self, file: File) -> None:
        """The owner deleted it: messages keep a tombstone."""
        file.deleted, file.content = True, None
        for channel_id, stamps in file.shares.items():
            channel = self.workspace.channels[channel_id]
            for message in channel.messages:
                if message.ts in stamps:
                    self._show(channel, message)
        self.tell({"type": "file_deleted", "file_id": file.id, "event_ts": self.workspace.new_ts()})

    def file_as_slack(self, file: File) -> Json:
        """The file object of files.info and of events."""
        if file.deleted:
            return {"id": file.id, "mode": "tombstone"}
        base, name = self.settings.base_url, f"{self.workspace.team['id']}-{file.id}"
        path = quote(file.name, safe="")
        shares: Json = {"public": {}, "private": {}}
        for channel_id, stamps in file.shares.items():
            side = "public" if self.workspace.channels[channel_id].kind == "channel" else "private"
            shares[side][channel_id] = [{"ts": stamp} for stamp in stamps]
        kinds = {kind: [c for c in file.shares if self.workspace.channels[c].kind == kind] for kind in CHANNEL_TYPES}
        found: Json = {
            "id": file.id,
            "created": file.created,
            "timestamp": file.created,
            "name": file.name,
            "title": file.title,
            "mimetype": file.mimetype,
            "filetype": file.filetype,
            "pretty_type": file.filetype.upper(),
            "user": file.owner,
            "size": len(file.content or b""),
            "mode": "hosted",
            "is_external": False,
            "is_public": bool(shares["public"]),
            "editable": False,
            "url_private": f"{base}/files-pri/{name}/{path}",
            "url_private_download": f"{base}/files-pri/{name}/download/{path}",
            "permalink": f"{base}/files/{file.owner}/{file.id}/{path}",
            "channels": kinds["channel"],
            "groups": kinds["group"],
            "ims": kinds["im"],
            "shares": {side: places for side, places in shares.items() if places},
            "file_access": "visible",
        }
        return found | self._picture_facts(file, name)

    def _picture_facts(self, file: File, name: str) -> Json:
        if file.size_of_image is None:
            return {}
        width, height = file.size_of_image
        found: Json = {"original_w": width, "original_h": height}
        for side in THUMBS:
            if side <= max(width, height) or side <= THUMBS[3]:
                scale = min(1.0, side / max(width, height))
                found[f"thumb_{side}"] = f"{self.settings.base_url}/files-tmb/{name}/{side}.png"
                found |= {f"thumb_{side}_w": round(width * scale), f"thumb_{side}_h": round(height * scale)}
        return found

    def file_as_seen(self, file: File) -> Json:
        """The file as the page shows it."""
        if file.deleted:
            return {"id": file.id, "deleted": True, "name": file.name}
        facts = {"id": file.id, "name": file.name, "title": file.title, "mimetype": file.mimetype, "owner": file.owner}
        return facts | {"size": len(file.content or b""), "picture": file.size_of_image is not None, "deleted": False}

    def _tell_of_file(self, kind: str, file_id: str, user: str, channel_id: str) -> None:
        if self.workspace.bot in self.workspace.channels[channel_id].members:
            event = {
                "type": kind,
                "file_id": file_id,
                "user_id": user,
                "file": {"id": file_id},
                "channel_id": channel_id,
            }
            self.tell({**event, "event_ts": self.workspace.new_ts()})

    # Views

    def show_modals(self, person: str) -> None:
        """The person's stack of modals changed."""
        stack = [view_as_seen(view) for view in self.workspace.modals.get(person, [])]
        self.streams.publish([person], {"kind": "modals", "stack": stack})

    def show_home(self, view: View) -> None:
        """The person's Home tab changed."""
        self.streams.publish([view.user], {"kind": "home", "view": view_as_seen(view)})

    def new_view(self, person: str, payload: Json, parent: View | None = None) -> View:
        """A view with its ids; where it is shown is the caller's business."""
        fill_ids(self.workspace, payload["blocks"])
        view_id = self.workspace.new_id("V")
        root = parent.root_id if parent else view_id
        return View(view_id, person, payload, self.new_hash(), root, parent.id if parent else None)

    def new_hash(self) -> str:
        """A new version of a view."""
        return f"{int(time.time())}.{self.workspace.new_id('')}"

    def replace_view(self, view: View, payload: Json) -> None:
        """The app sent a view anew; what was typed stays where block_id and action_id stay."""
        fill_ids(self.workspace, payload["blocks"])
        view.payload, view.hash = payload, self.new_hash()
        view.typed = still_fitting(payload["blocks"], view.typed, self.workspace.offered)
        if payload["type"] == "home":
            self.show_home(view)
        else:
            self.show_modals(view.user)

    # People

    def person_changed(self, person: Person) -> None:
        """Profile, locale, membership: the bot hears user_change."""
        person.updated = int(time.time())
        user = person.as_slack(include_locale=True)
        self.tell({"type": "user_change", "user": user, "event_ts": self.workspace.new_ts()})
        self.streams.publish(self.workspace.humans(), {"kind": "people"})

    def notice(self, person: str, text: str) -> None:
        """Slack itself says something on this person's screen, such as that a click failed."""
        said = {"ts": self.workspace.new_ts(), "text": text}
        self.workspace.notices.setdefault(person, []).append(said)
        self.streams.publish([person], {"kind": "notice", **said})

    # The bot

    def _presence_changed(self, answers: bool) -> None:
        self.streams.publish(self.workspace.humans(), {"kind": "presence", "bot_answers": answers})

    def tell(self, event: Json, *, ext_shared: bool = False) -> None:
        """Send an event to the bot."""
        app, team = self.workspace.app, self.workspace.team["id"]
        authorization = {"enterprise_id": None, "team_id": team, "user_id": app["user_id"], "is_bot": True}
        body = {
            "token": "sandbox",
            "team_id": team,
            "context_team_id": team,
            "api_app_id": app["id"],
            "event": event,
            "type": "event_callback",
            "event_id": self.workspace.new_id("Ev"),
            "event_time": int(time.time()),
            "authorizations": [{**authorization, "is_enterprise_install": False}],
            "is_ext_shared_channel": ext_shared,
        }
        self.delivering.event(body)


def view_as_seen(view: View) -> Json:
    """A view as it stands on a person's screen."""
    return {
        **view.payload,
        "id": view.id,
        "hash": view.hash,
        "typed": view.typed,
        "external_id": view.payload.get("external_id", ""),
    }


def fill_ids(workspace: Workspace, blocks: Iterable[Json] | None) -> None:
    """Give every block and interactive element without an id one, as Slack does."""
    for block in blocks or ():
        block.setdefault("block_id", workspace.new_id("b"))
        inside = [block.get("element"), block.get("accessory"), *block.get("elements", []), *block.get("actions", [])]
        for element in inside:
            if isinstance(element, dict) and _takes_input(element):
                element.setdefault("action_id", workspace.new_id("a"))
        fill_ids(workspace, [*block.get("child_blocks", []), *_cards(block)])


def _cards(block: Json) -> list[Json]:
    return list(block["elements"]) if block["type"] == "carousel" else []


def _takes_input(element: Json) -> bool:
    kind = str(element.get("type", ""))
    pressed = {
        "button",
        "workflow_button",
        "icon_button",
        "feedback_buttons",
        "overflow",
        "checkboxes",
        "radio_buttons",
    }
    return kind in pressed or kind.endswith(("_select", "picker", "_input"))
