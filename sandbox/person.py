"""A person in the sandbox, for tests and demonstrations: drops files, reads, clicks, fills in modals.

    lilei = Person("http://127.0.0.1:8600", "U0LILEI")
    lilei.drop("taxi.jpg")
    card = lilei.wait_for("可提交")
    card.click("提交")

What was expected and never shows raises NotShown with everything that was on the screen.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from sandbox.screen import Json, elements, options_of, readable, visible

POLL = 0.05
PRESSED = {"button", "workflow_button", "icon_button"}
Paper = str | Path | tuple[str, bytes]
Found = TypeVar("Found")


class NotShown(AssertionError):
    """Something expected was not on the person's screen; the message shows the screen."""


class DidNotWork(AssertionError):
    """Slack told the person that a click, modal or command failed, because the bot refused or was late."""


class Person:
    """One person's chat client. Durations are seconds; channels are ids, None is the DM with the bot."""

    def __init__(self, base_url: str, person_id: str, *, within: float = 10.0) -> None:
        self.id = person_id
        self.within = within
        self._http = _client(base_url)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection to the sandbox."""
        self._http.close()

    # Writing

    def say(self, text: str, *, channel: str | None = None, thread: Message | str | None = None) -> Message:
        """Send a text, in a thread when a message of it is given."""
        said = {"text": text, "channel": channel or _channel_of(thread), "thread_ts": _ts_of(thread)}
        return self._message(self._post("messages", said)["message"])

    def drop(
        self, *papers: Paper, channel: str | None = None, text: str = "", thread: Message | str | None = None
    ) -> Message:
        """Drop files: paths or (name, bytes)."""
        files = [("files", _named(paper)) for paper in papers]
        said = {"text": text, "channel": channel or _channel_of(thread) or "", "thread_ts": _ts_of(thread) or ""}
        answer = self._checked(self._http.post(self._path("messages"), data=said, files=files))
        return self._message(answer["message"])

    def drop_sample(self, *names: str, channel: str | None = None) -> Message:
        """Drop sample invoices of the tray by name; all of them are in samples()."""
        return self._message(self._post("messages", {"samples": list(names), "channel": channel})["message"])

    def samples(self) -> list[str]:
        """Names of the sample invoices."""
        return [sample["name"] for sample in self._http.get("/sandbox/samples").json()]

    def edit(self, message: Message, text: str) -> None:
        """Change one's own message."""
        self._checked(self._http.patch(self._path(f"messages/{message.channel}/{message.ts}"), json={"text": text}))

    def delete(self, message: Message) -> None:
        """Delete one's own message."""
        self._checked(self._http.delete(self._path(f"messages/{message.channel}/{message.ts}")))

    def delete_file(self, file_id: str) -> None:
        """Delete one's own file everywhere."""
        self._checked(self._http.delete(self._path(f"files/{file_id}")))

    def read_file(self, file_id: str) -> bytes:
        """The content of a file this person may see."""
        return self._http.get(self._path(f"files/{file_id}")).raise_for_status().content

    def command(self, line: str, *, channel: str | None = None) -> None:
        """A slash command, such as "/invoice help". Raises DidNotWork."""
        self._worked(self._post("commands", {"text": line, "channel": channel}))

    def shortcut(self, message: Message, callback_id: str = "submit_invoice") -> None:
        """Choose a shortcut from a message's menu. Raises DidNotWork."""
        self._worked(
            self._post("shortcuts", {"channel": message.channel, "ts": message.ts, "callback_id": callback_id})
        )

    # Reading

    def screen(self) -> Json:
        """Everything this person sees, as JSON."""
        return self._checked(self._http.get(self._path("screen")))

    def messages(self, channel: str | None = None) -> list[Message]:
        """Messages of a conversation oldest first, replies and ephemerals included."""
        return [self._message(message) for message in self._conversation(self.screen(), channel)["messages"]]

    def everything(self) -> list[Message]:
        """Messages of all conversations, oldest first."""
        found = [self._message(m) for place in self.screen()["conversations"] for m in place["messages"]]
        return sorted(found, key=lambda message: message.ts)

    def ephemerals(self, channel: str | None = None) -> list[Message]:
        """What only this person sees; of all conversations when none is given."""
        found = self.messages(channel) if channel else self.everything()
        return [message for message in found if message.ephemeral]

    def notices(self) -> list[str]:
        """What Slack itself told this person, such as that a click failed."""
        return [notice["text"] for notice in self.screen()["notices"]]

    def wait_for(
        self,
        text: str,
        within: float | None = None,
        *,
        channel: str | None = None,
        after: Message | str | None = None,
        thread: Message | str | None = None,
    ) -> Message:
        """The newest message of somebody else that shows `text`, in any conversation or the one given.

        Names of files count as text. `after`: only later ones; `thread`: only replies under that one. Raises NotShown.
        """

        def look() -> Message | None:
            found = self.messages(channel) if channel else self.everything()
            after_ts, thread_ts = _ts_of(after) or "", _ts_of(thread)
            return next(
                (
                    message
                    for message in reversed(found)
                    if message.user != self.id
                    and text in message.text_all()
                    and message.ts > after_ts
                    and (thread_ts is None or message.thread_ts == thread_ts != message.ts)
                ),
                None,
            )

        return self._wait(look, f"no message shows {text!r}", within)

    def wait_until(self, true: Callable[[], Found | None], what: str, within: float | None = None) -> Found:
        """Whatever `true` finds, once it finds something. Raises NotShown with `what`."""
        return self._wait(true, what, within)

    def wait_until_gone(self, text: str, within: float | None = None) -> None:
        """Until no message shows `text` any more. Raises NotShown."""
        gone = lambda: None if any(text in m.text_all() for m in self.everything()) else True  # noqa: E731
        self._wait(gone, f"{text!r} is still shown", within)

    @property
    def modal(self) -> Modal | None:
        """The modal on top, if one is open."""
        stack = self.screen()["modals"]
        return Modal(self, stack[-1]) if stack else None

    def wait_for_modal(self, text: str = "", within: float | None = None) -> Modal:
        """The modal on top once it shows `text` (title included). Raises NotShown."""

        def look() -> Modal | None:
            modal = self.modal
            return modal if modal and text in modal.text_all() else None

        return self._wait(look, f"no modal shows {text!r}", within)

    def open_home(self, tab: str = "home") -> None:
        """Look at the app's Home tab; the bot hears app_home_opened."""
        self._post("home", {"tab": tab})

    @property
    def home(self) -> Home | None:
        """The Home tab, once it was published."""
        view = self.screen()["home"]
        return Home(self, view) if view else None

    def wait_for_home(self, text: str = "", within: float | None = None) -> Home:
        """The Home tab once it shows `text`. Raises NotShown."""

        def look() -> Home | None:
            home = self.home
            return home if home and text in home.text_all() else None

        return self._wait(look, f"no Home tab shows {text!r}", within)

    def on_screen(self) -> str:
        """The whole screen as text, for people who look for what went wrong."""
        seen = self.screen()
        lines = [f"--- screen of {seen['person']['real_name']} ({self.id}) ---"]
        for place in seen["conversations"]:
            lines += [f"[{place['name']}] {self._message(message)}" for message in place["messages"]]
        lines += [f"[modal] {Modal(self, view).text_all()}" for view in seen["modals"]]
        lines += [f"[home] {Home(self, seen['home']).text_all()}"] if seen["home"] else []
        lines += [f"[notice] {notice['text']}" for notice in seen["notices"]]
        return "\n".join(lines)

    # Inside

    def act_on(self, where: Json, block: Json, element: Json, value: Any) -> None:
        """Press or choose an element of a message or view. Raises DidNotWork."""
        what = {"block_id": block["block_id"], "action_id": element["action_id"], "value": value}
        self._worked(self._post("clicks", {**where, **what}))

    def post(self, path: str, said: Json) -> Json:
        """One call of the person API."""
        return self._post(path, said)

    def upload(self, *papers: Paper) -> list[str]:
        """Upload files without sharing them, for a modal's file input; gives their ids."""
        files = [("files", _named(paper)) for paper in papers]
        return [file["id"] for file in self._checked(self._http.post(self._path("files"), files=files))["files"]]

    def _wait(self, look: Callable[[], Found | None], what: str, within: float | None) -> Found:
        patience = self.within if within is None else within
        deadline = time.monotonic() + patience
        while True:
            found = look()
            if found is not None:
                return found
            if time.monotonic() > deadline:
                raise NotShown(f"{what} within {patience} s\n{self.on_screen()}")
            time.sleep(POLL)

    def _conversation(self, screen: Json, channel: str | None) -> Json:
        for place in screen["conversations"]:
            if place["id"] == channel or (channel is None and place["kind"] == "im"):
                return dict(place)
        raise NotShown(f"{self.id} has no conversation {channel!r}")

    def _message(self, message: Json) -> Message:
        return Message(self, message)

    def _path(self, path: str) -> str:
        return f"/sandbox/people/{self.id}/{path}"

    def _post(self, path: str, said: Json) -> Json:
        return self._checked(self._http.post(self._path(path), json=said))

    def _checked(self, reply: httpx.Response) -> Json:
        if reply.status_code == httpx.codes.CONFLICT:
            raise NotShown(f"{reply.json()['error']}\n{self.on_screen()}")
        found: Json = reply.raise_for_status().json()
        return found

    def _worked(self, outcome: Json) -> None:
        if not outcome["ok"]:
            raise DidNotWork(f"{outcome['error']}\n{self.on_screen()}")


class _Surface:
    """What messages, modals and Home have in common: blocks that can be read and used."""

    def __init__(self, person: Person, blocks: list[Json], where: Json) -> None:
        self._person = person
        self.blocks = blocks
        self._where = where

    @property
    def buttons(self) -> list[str]:
        """Labels of what can be pressed, menus' options included."""
        found = []
        for _, element in elements(self.blocks):
            if element["type"] in PRESSED:
                found.append(element["text"]["text"])
            elif element["type"] == "overflow":
                found += [option["text"]["text"] for option in element["options"]]
        return found

    def text_all(self) -> str:
        """All visible text."""
        return visible(self.blocks)

    def click(self, label: str, *, confirm: bool = True) -> None:
        """Press the button or menu entry with that label (a part of it, when that names one only).

        `confirm=False` declines the confirmation dialog, if there is one, so that nothing is sent.
        Raises NotShown, DidNotWork.
        """
        offered = [
            (option["text"]["text"], block, element, option.get("value"))
            for block, element in elements(self.blocks)
            for option in ([element] if element["type"] in PRESSED else options_of(element))
            if element["type"] in PRESSED or element["type"] == "overflow"
        ]
        exact = [one for one in offered if one[0] == label] or [one for one in offered if label in one[0]]
        if len(exact) != 1:
            raise NotShown(f"{len(exact)} buttons named {label!r} among {self.buttons}\n{self._person.on_screen()}")
        _, block, element, value = exact[0]
        if confirm or "confirm" not in element:
            self._person.act_on(self._where, block, element, value)

    def choose(self, name: str, choice: Any) -> None:
        """Choose in a select, date picker, radio group or checkboxes named by action id, block id or placeholder.

        `choice`: an option's label or value (a list of them where several may be chosen), an ISO date, an id.
        Raises NotShown, DidNotWork.
        """
        block, element = self._named(name)
        self._person.act_on(self._where, block, element, _plain(element, choice))

    def _named(self, name: str) -> tuple[Json, Json]:
        for block, element in elements(self.blocks):
            label = block.get("label", {}).get("text")
            placeholder = element.get("placeholder", {}).get("text")
            if name in {label, block.get("block_id"), element["action_id"], placeholder}:
                return block, element
        raise NotShown(f"nothing named {name!r}\n{self._person.on_screen()}")


class Message(_Surface):
    """A message as the person sees it."""

    def __init__(self, person: Person, seen: Json) -> None:
        super().__init__(person, seen.get("blocks") or [], {"channel": seen["channel"], "ts": seen["ts"]})
        self.seen = seen
        self.ts: str = seen["ts"]
        self.channel: str = seen["channel"]
        self.user: str = seen["user"]
        self.text: str = readable(seen["text"])
        """The top-level text: what a notification or screen reader says."""
        self.thread_ts: str | None = seen.get("thread_ts")
        self.ephemeral: bool = seen["ephemeral"]
        self.files: list[Json] = seen["files"]

    def text_all(self) -> str:
        """All visible text: the blocks, or the text when there are none; then the names of files."""
        shown = visible(self.blocks) if self.blocks else self.text
        return "\n".join([shown, *(file["title"] if not file["deleted"] else "" for file in self.files)])

    def again(self) -> Message:
        """The same message as it stands now. Raises NotShown when it is gone."""
        for message in self._person.messages(self.channel):
            if message.ts == self.ts:
                return message
        raise NotShown(f"the message {self.ts} is gone\n{self._person.on_screen()}")

    def wait_for(self, text: str, within: float | None = None) -> Message:
        """This message once it shows `text`. Raises NotShown."""

        def look() -> Message | None:
            now = self.again()
            return now if text in now.text_all() else None

        return self._person.wait_until(look, f"message {self.ts} does not show {text!r}", within)

    def replies(self) -> list[Message]:
        """The thread under it, without the message itself."""
        return [m for m in self._person.messages(self.channel) if m.thread_ts == self.ts and m.ts != self.ts]

    def __str__(self) -> str:
        marks = " (only you)" if self.ephemeral else ""
        buttons = f" {self.buttons}" if self.buttons else ""
        return f"{self.user}{marks}: {self.text_all()}{buttons}"


class Home(_Surface):
    """The Home tab."""

    def __init__(self, person: Person, view: Json) -> None:
        super().__init__(person, view["blocks"], {"view_id": view["id"]})
        self.view = view


class Modal(_Surface):
    """The modal on top of the screen. What is filled in is sent by submit()."""

    def __init__(self, person: Person, view: Json) -> None:
        self._typed: dict[str, dict[str, Any]] = {}
        super().__init__(person, view["blocks"], {"view_id": view["id"], "values": self._typed})
        self.view = view
        self.id: str = view["id"]
        self.title: str = view["title"]["text"]
        self.errors: dict[str, str] = {}
        """After submit(): what was refused, by the field's label and by its block id."""

    def text_all(self) -> str:
        """Title and all visible text."""
        return f"{self.title}\n{visible(self.blocks)}"

    @property
    def labels(self) -> list[str]:
        """Labels of the fields, in order."""
        return [block["label"]["text"] for block in self.blocks if block["type"] == "input"]

    def fill(self, fields: dict[str, Any] | None = None, /, **more: Any) -> Self:
        """Type and choose, by label, block id or action id: text, option label or value, list, ISO date, files.

        Raises NotShown.
        """
        for name, choice in {**(fields or {}), **more}.items():
            block, element = self._named(name)
            value = self._person.upload(*choice) if element["type"] == "file_input" else _plain(element, choice)
            self._typed.setdefault(block["block_id"], {})[element["action_id"]] = value
        return self

    def submit(self, *, expect_errors: bool = False) -> dict[str, str]:
        """Press submit. Gives the refused fields when they are expected, else raises NotShown with them.

        Raises DidNotWork when the bot was late or refused.
        """
        outcome = self._person.post(f"views/{self.id}/submit", {"values": self._typed})
        if outcome["error"]:
            raise DidNotWork(f"{outcome['error']}\n{self._person.on_screen()}")
        labels = {block["block_id"]: block["label"]["text"] for block in self.blocks if block["type"] == "input"}
        self.errors = {**outcome["errors"], **{labels[block]: said for block, said in outcome["errors"].items()}}
        if bool(self.errors) != expect_errors:
            raise NotShown(f"submit of {self.title!r} was refused: {self.errors}\n{self._person.on_screen()}")
        return self.errors

    def close(self) -> None:
        """Close it without submitting."""
        self._person.post(f"views/{self.id}/close", {})


class Control:
    """Faults, logs and a fresh start, for tests."""

    def __init__(self, base_url: str) -> None:
        self._http = _client(f"{base_url}/sandbox")

    def close(self) -> None:
        """Close the connection to the sandbox."""
        self._http.close()

    def reset(self) -> None:
        """An empty workspace again; logs and faults too."""
        self._http.post("/reset").raise_for_status()

    def fault(self, kind: str, method: str = "*", **more: Any) -> None:
        """Switch a fault on; `more`: times (None: until cleared), retry_after, status, seconds, error."""
        self._http.post("/faults", json={"kind": kind, "method": method, **more}).raise_for_status()

    def clear_faults(self) -> None:
        """Switch all faults off."""
        self._http.delete("/faults").raise_for_status()

    def calls(self, method: str | None = None) -> list[Json]:
        """Web API calls received: {at, method, args, status, answer, milliseconds}."""
        return self._list("/calls", {"method": method} if method else {})

    def counts(self) -> dict[str, int]:
        """Calls received per method."""
        found: dict[str, int] = self._http.get("/calls/counts").raise_for_status().json()
        return found

    def deliveries(self, kind: str | None = None) -> list[Json]:
        """What was sent to the bot; `kind`: event, interaction, command, or a type such as message."""
        return self._list("/deliveries", {"type": kind} if kind else {})

    def deliver_again(self, event_id: str) -> None:
        """Deliver an event once more."""
        self._http.post(f"/deliveries/{event_id}/again").raise_for_status()

    def idle(self, within: float = 10.0) -> bool:
        """Wait until no event is on its way; False when one still is."""
        return bool(self._http.get("/idle", params={"within": within}).raise_for_status().json()["ok"])

    def change_person(self, person_id: str, **changes: Any) -> None:
        """deleted, locale, tz, title, status_text, dnd, …; the bot hears user_change."""
        self._http.patch(f"/people/{person_id}", json=changes).raise_for_status()

    def change_channel(self, channel_id: str, **changes: Any) -> None:
        """add=[ids], remove=[ids], ext_shared=bool."""
        self._http.patch(f"/channels/{channel_id}", json=changes).raise_for_status()

    def send_event(self, event: Json) -> None:
        """Send any event to the bot."""
        self._http.post("/events", json=event).raise_for_status()

    def verify(self) -> bool:
        """The url_verification handshake: whether the bot echoed the challenge."""
        return bool(self._http.post("/verify").raise_for_status().json()["ok"])

    def _list(self, path: str, query: dict[str, str]) -> list[Json]:
        found: list[Json] = self._http.get(path, params=query).raise_for_status().json()
        return found


def _client(base_url: str) -> httpx.Client:
    """No connection is kept, so that a test may forget to close a person; no proxy of the machine catches loopback."""
    return httpx.Client(
        base_url=base_url, timeout=60, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
    )


@dataclass(frozen=True)
class _Choice:
    label: str
    value: Any


def _plain(element: Json, choice: Any) -> Any:
    """The element's value for what a person names: options by label or value, everything else as it is."""
    offered = [_Choice(option["text"]["text"], option.get("value")) for option in options_of(element)]
    if not offered:
        return choice if isinstance(choice, (list, dict, int)) else str(choice)
    if isinstance(choice, (list, tuple, set)):
        return [_value(offered, one) for one in choice]
    return _value(offered, choice)


def _value(offered: list[_Choice], choice: Any) -> Any:
    for one in offered:
        if choice in {one.label, one.value}:
            return one.value
    raise NotShown(f"no option {choice!r} among {[one.label for one in offered]}")


def _named(paper: Paper) -> tuple[str, bytes]:
    if isinstance(paper, tuple):
        return paper
    path = Path(paper)
    return path.name, path.read_bytes()


def _ts_of(message: Message | str | None) -> str | None:
    return message.ts if isinstance(message, Message) else message


def _channel_of(message: Message | str | None) -> str | None:
    return message.channel if isinstance(message, Message) else None
