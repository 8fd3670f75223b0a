"""What a person does in the chat client, and what Slack then sends to the bot."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import Any

from sandbox.slack import inputs
from sandbox.slack.answering import Answering
from sandbox.slack.delivery import Answer
from sandbox.slack.happenings import Happenings
from sandbox.slack.inputs import NotOnScreen
from sandbox.slack.methods.calling import Refused
from sandbox.slack.methods.views import checked_view, push_upon, view_as_slack
from sandbox.slack.sight import Sight
from sandbox.slack.workspace import Channel, File, Json, Message, Person, Values, View

LINK = re.compile(r"https?://[^\s<>]+")
PRESSED = {"button", "workflow_button", "icon_button", "feedback_buttons"}
DID_NOT_WORK = {
    "click": ("这次操作没有成功，请重试。", "That didn't work. Please try again."),
    "submit": (
        "提交没有成功：应用没有及时回应。内容还在，请重试。",
        "The app did not respond in time. Your input is kept; please try again.",
    ),
    "command": ("命令没有成功：应用没有及时回应。", "The command failed because the app did not respond in time."),
}


@dataclass(frozen=True)
class Outcome:
    """What the person saw at once: `error` in their language, or `errors` per block of a form."""

    error: str | None = None
    errors: dict[str, str] | None = None

    def as_json(self) -> Json:
        """For the person API."""
        return {"ok": not self.error and not self.errors, "error": self.error, "errors": self.errors or {}}


class Acting(Sight):
    """One person at a time doing one thing."""

    def __init__(self, slack: Happenings) -> None:
        super().__init__(slack)
        self.answering = Answering(slack)

    def say(
        self, person: Person, channel_id: str | None, text: str, thread_ts: str | None, files: list[File]
    ) -> Message:
        """Send a message, with or without files. Raises NotOnScreen."""
        channel = self.channel(person, channel_id)
        if thread_ts:
            _, parent = self.message(person, channel.id, thread_ts)
            thread_ts = parent.thread_ts or parent.ts
        if not text.strip() and not files:
            raise NotOnScreen("an empty message cannot be sent")
        written = Message(self.slack.workspace.new_ts(), channel.id, person.id, self._as_typed(text, named=False))
        written.thread_ts, written.files = thread_ts, [file.id for file in files]
        written.subtype = "file_share" if files else None
        return self.slack.post(channel, written)

    def rewrite(self, person: Person, channel_id: str, ts: str, text: str) -> None:
        """Edit one's own message. Raises NotOnScreen."""
        channel, message = self._own(person, channel_id, ts)
        before = self.slack.message_as_slack(message)
        message.text, message.edited = self._as_typed(text, named=False), self.slack.workspace.new_ts()
        self.slack.changed(channel, message, before)

    def remove(self, person: Person, channel_id: str, ts: str) -> None:
        """Delete one's own message. Raises NotOnScreen."""
        self.slack.removed(*self._own(person, channel_id, ts))

    def _own(self, person: Person, channel_id: str, ts: str) -> tuple[Channel, Message]:
        channel, message = self.message(person, channel_id, ts)
        if message.user != person.id:
            raise NotOnScreen("only one's own messages can be changed")
        return channel, message

    async def command(self, person: Person, channel_id: str | None, line: str) -> Outcome:
        """A slash command such as "/invoice help". Raises NotOnScreen."""
        channel = self.channel(person, channel_id)
        command, _, text = line.strip().partition(" ")
        if command not in {known["command"] for known in self.slack.workspace.app["commands"]}:
            return Outcome(f"{command} 不是有效的命令。" if _chinese(person) else f"{command} is not a valid command.")
        names = {"im": "directmessage", "group": "privategroup"}
        form = {
            "token": "sandbox",
            "team_id": self.slack.workspace.team["id"],
            "team_domain": self.slack.workspace.team["domain"],
            "channel_id": channel.id,
            "channel_name": names.get(channel.kind, channel.name),
            "user_id": person.id,
            "user_name": person.name,
            "command": command,
            "text": self._as_typed(text.strip(), named=True),
            "api_app_id": self.slack.workspace.app["id"],
            "is_enterprise_install": "false",
            "response_url": self.answering.new_url(person, channel, None, None),
            "trigger_id": self._trigger(person),
        }
        answer = await self.slack.delivering.command(form)
        if not answer.accepted:
            return self._failed(person, "command")
        return self._command_answered(person, channel, answer)

    def _command_answered(self, person: Person, channel: Channel, answer: Answer) -> Outcome:
        if not answer.text.strip():
            return Outcome()
        try:
            said = json.loads(answer.text)
        except ValueError:
            said = {"text": answer.text}
        try:
            self.answering.answer(channel, person.id, None, said if isinstance(said, dict) else {"text": answer.text})
        except Refused as refused:
            return self._failed(person, "command", refused)
        return Outcome()

    async def click(self, person: Person, where: Json, block_id: str, action_id: str, value: Any) -> Outcome:
        """Press a button or choose something. `where`: {channel, ts} or {view_id}. Raises NotOnScreen."""
        blocks, typed = self._form(person, where)
        self._take(person, blocks, typed, where.get("values") or {})
        block, element = inputs.find(blocks, block_id, action_id)
        action = self._action(block, element, value) | {"action_ts": self.slack.workspace.new_ts()}
        if element["type"] in inputs.STATEFUL:
            typed.setdefault(block_id, {})[action_id] = value
        place = self._in_view(person, where["view_id"]) if where.get("view_id") else self._in_message(person, where)
        payload = self._interaction(person, "block_actions") | place | {"actions": [action]}
        answer = await self.slack.delivering.interaction(payload)
        return Outcome() if answer.accepted else self._failed(person, "click")

    def _form(self, person: Person, where: Json) -> tuple[list[Json], Values]:
        """The blocks at that place and what this person typed in them."""
        if where.get("view_id"):
            view = self.view(person, where["view_id"])
            return view.payload["blocks"], view.typed
        _, message = self.message(person, where.get("channel"), str(where.get("ts")))
        return message.blocks or [], message.typed.setdefault(person.id, {})

    def _in_view(self, person: Person, view_id: str) -> Json:
        view = self.view(person, view_id)
        shown = view_as_slack(self.slack, view)
        container = {"type": "view", "view_id": view.id}
        return {"container": container, "view": shown, "trigger_id": self._trigger(person, view.id)}

    def _in_message(self, person: Person, where: Json) -> Json:
        channel, message = self.message(person, where.get("channel"), str(where.get("ts")))
        ephemeral = message.only_for is not None
        container = {"type": "message", "message_ts": message.ts, "channel_id": channel.id, "is_ephemeral": ephemeral}
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        blocks, typed = self._form(person, where)
        shown = {} if ephemeral else {"message": self.slack.message_as_slack(message, with_metadata=True)}
        return shown | {
            "container": container,
            "channel": _channel_named(channel),
            "state": {"values": inputs.state_values(blocks, typed, self.slack.workspace.offered)},
            "response_url": self.answering.new_url(person, channel, message.ts, message.thread_ts),
            "trigger_id": self._trigger(person),
        }

    def _action(self, block: Json, element: Json, value: Any) -> Json:
        kind = element["type"]
        action: Json = {"type": kind, "action_id": element["action_id"], "block_id": block["block_id"]}
        if kind == "feedback_buttons":
            sides = [element["positive_button"], element["negative_button"]]
            chosen = next((side for side in sides if side["value"] == value), None)
            if chosen is None:
                raise NotOnScreen(f"no such feedback: {value!r}")
            return action | {"value": value, "text": chosen["text"]}
        if kind in PRESSED:
            carried = {key: element[key] for key in ("text", "value", "style") if key in element}
            return action | carried
        state = inputs.state_of(element, value, self.slack.workspace.offered.get(element["action_id"]))
        return action | state | ({"placeholder": element["placeholder"]} if "placeholder" in element else {})

    async def submit(self, person: Person, view_id: str, values: Values) -> Outcome:
        """Press the modal's submit button with what is typed. Raises NotOnScreen."""
        view = self.view(person, view_id)
        blocks = view.payload["blocks"]
        self._take(person, blocks, view.typed, values)
        errors = inputs.refusals(blocks, view.typed, chinese=_chinese(person))
        if errors:
            return Outcome(errors=errors)
        payload = self._interaction(person, "view_submission")
        payload["view"] = view_as_slack(self.slack, view)
        payload |= {"trigger_id": self._trigger(person, view.id), "response_urls": []}
        answer = await self.slack.delivering.interaction(payload)
        if not answer.accepted:
            return self._failed(person, "submit")
        try:
            return await self._submitted(person, view, answer.text)
        except Refused as refused:
            return self._failed(person, "submit", refused)

    async def _submitted(self, person: Person, view: View, text: str) -> Outcome:
        said = _object(text)
        action = said.get("response_action")
        stack = self.slack.workspace.modals.get(person.id, [])
        if action == "errors":
            return self._errors_of(person, view, said.get("errors"))
        if action == "update":
            self.slack.replace_view(view, checked_view(self.slack, said.get("view"), "modal", besides=view))
        elif action == "push":
            push_upon(self.slack, stack, checked_view(self.slack, said.get("view"), "modal"))
        elif action == "clear":
            await self._closed(person, list(reversed(stack)), cleared=True, but=view)
            stack.clear()
        elif action is None:
            stack[:] = [shown for shown in stack if shown is not view]
        else:
            raise Refused("invalid_response_action", f"[ERROR] unknown response_action {action!r}")
        self.slack.show_modals(person.id)
        return Outcome()

    def _errors_of(self, person: Person, view: View, errors: Any) -> Outcome:
        asked = {block["block_id"] for block in view.payload["blocks"] if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not set(errors) <= asked:
            raise Refused("invalid_errors", f"[ERROR] errors must name input blocks of the view, got {errors!r}")
        return Outcome(errors={block: str(sentence) for block, sentence in errors.items()})

    async def close(self, person: Person, view_id: str) -> Outcome:
        """Close the modal on top (all of them when it says clear_on_close). Raises NotOnScreen."""
        view = self.view(person, view_id)
        stack = self.slack.workspace.modals[person.id]
        cleared = bool(view.payload.get("clear_on_close"))
        going = list(reversed(stack)) if cleared else [view]
        stack[:] = [] if cleared else stack[:-1]
        self.slack.show_modals(person.id)
        await self._closed(person, going, cleared=cleared, but=None)
        return Outcome()

    async def _closed(self, person: Person, views: list[View], *, cleared: bool, but: View | None) -> None:
        for view in views:
            if view.payload.get("notify_on_close") and view is not but:
                payload = self._interaction(person, "view_closed")
                payload |= {"view": view_as_slack(self.slack, view), "is_cleared": cleared}
                await self.slack.delivering.interaction(payload)

    async def shortcut(self, person: Person, channel_id: str, ts: str, callback_id: str) -> Outcome:
        """Choose a message shortcut. Raises NotOnScreen."""
        channel, message = self.message(person, channel_id, ts)
        if callback_id not in {known["callback_id"] for known in self.slack.workspace.app["shortcuts"]}:
            raise NotOnScreen(f"no shortcut {callback_id!r}")
        payload = self._interaction(person, "message_action") | {
            "callback_id": callback_id,
            "trigger_id": self._trigger(person),
            "message_ts": message.ts,
            "message": self.slack.message_as_slack(message),
            "channel": _channel_named(channel),
            "action_ts": self.slack.workspace.new_ts(),
            "response_url": self.answering.new_url(person, channel, message.ts, message.thread_ts),
        }
        answer = await self.slack.delivering.interaction(payload)
        return Outcome() if answer.accepted else self._failed(person, "click")

    async def options(self, person: Person, where: Json, block_id: str, action_id: str, query: str) -> list[Json]:
        """What an external select offers for a query. Raises NotOnScreen."""
        payload = self._interaction(person, "block_suggestion")
        if where.get("view_id"):
            view = self.view(person, where["view_id"])
            payload |= {"view": view_as_slack(self.slack, view), "container": {"type": "view", "view_id": view.id}}
            blocks = view.payload["blocks"]
        else:
            channel, message = self.message(person, where.get("channel"), str(where.get("ts")))
            payload |= {"channel": _channel_named(channel), "message": self.slack.message_as_slack(message)}
            blocks = message.blocks or []
        inputs.find(blocks, block_id, action_id)
        answer = await self.slack.delivering.interaction(
            payload | {"block_id": block_id, "action_id": action_id, "value": query}
        )
        said = _object(answer.text) if answer.accepted else {}
        grouped = [option for group in said.get("option_groups", []) for option in group["options"]]
        self.slack.workspace.offered[action_id] = [*said.get("options", []), *grouped]
        return self.slack.workspace.offered[action_id]

    def open_home(self, person: Person, tab: str) -> None:
        """Look at the app's Home (or Messages) tab."""
        event = {"type": "app_home_opened", "user": person.id, "tab": tab}
        event["channel"] = self.slack.workspace.dm_of(person.id).id
        home = self.slack.workspace.homes.get(person.id)
        more: Json = {"view": view_as_slack(self.slack, home)} if home and tab == "home" else {}
        self.slack.tell({**event, **more, "event_ts": self.slack.workspace.new_ts()})

    # Inside

    def _interaction(self, person: Person, kind: str) -> Json:
        team = self.slack.workspace.team
        user = {"id": person.id, "username": person.name, "name": person.name, "team_id": person.team_id}
        return {
            "type": kind,
            "token": "sandbox",
            "api_app_id": self.slack.workspace.app["id"],
            "team": {"id": team["id"], "domain": team["domain"]},
            "user": user,
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _take(self, person: Person, blocks: list[Json], typed: Values, values: Values) -> None:
        """Merge what is typed; a file input holds ids of uploaded files and becomes file objects."""
        for block_id, actions in values.items():
            for action_id, value in actions.items():
                _, element = inputs.find(blocks, block_id, action_id)
                taken = self._handed_over(person, value) if element["type"] == "file_input" else value
                inputs.state_of(element, taken, self.slack.workspace.offered.get(action_id))
                typed.setdefault(block_id, {})[action_id] = taken

    def _handed_over(self, person: Person, file_ids: Any) -> list[Json]:
        files = [self.file(person, str(one["id"] if isinstance(one, dict) else one)) for one in file_ids or []]
        for file in files:
            file.handed_to_bot = True
        return [self.slack.file_as_slack(file) for file in files]

    def _trigger(self, person: Person, view_id: str | None = None) -> str:
        return self.slack.workspace.new_trigger(person.id, self.slack.settings.trigger_lifetime, view_id)

    def _failed(self, person: Person, what: str, refused: Refused | None = None) -> Outcome:
        sentence = DID_NOT_WORK[what][0 if _chinese(person) else 1]
        if refused:
            sentence += f" ({json.dumps(refused.answer, ensure_ascii=False)})"
        self.slack.notice(person.id, sentence)
        return Outcome(sentence)

    def _as_typed(self, text: str, *, named: bool) -> str:
        """Typed text as Slack passes it on: escaped, with links and mentions marked."""
        escaped = LINK.sub(lambda link: f"<{link[0]}>", html.escape(text, quote=False))
        people = sorted(self.slack.workspace.people.values(), key=lambda p: -len(p.real_name))
        for person in people:
            mark = f"<@{person.id}|{person.name}>" if named else f"<@{person.id}>"
            escaped = escaped.replace(f"@{person.real_name}", mark)
        return re.sub(r"&lt;(@U\w+|#C\w+)&gt;", r"<\1>", escaped)


def _channel_named(channel: Channel) -> Json:
    names = {"im": "directmessage", "group": "privategroup"}
    return {"id": channel.id, "name": names.get(channel.kind, channel.name)}


def _chinese(person: Person) -> bool:
    return person.locale.startswith("zh")


def _object(text: str) -> Json:
    try:
        said = json.loads(text) if text.strip() else {}
    except ValueError:
        raise Refused("invalid_answer", f"[ERROR] the answer is not JSON: {text[:200]}") from None
    return said if isinstance(said, dict) else {}
