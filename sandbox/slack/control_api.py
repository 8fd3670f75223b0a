"""/sandbox/…: for tests and the curious: faults, what was received and sent, channels, a fresh start."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Body, Request
from fastapi.responses import JSONResponse, StreamingResponse

from sandbox.slack.faults import KINDS, Faults
from sandbox.slack.happenings import Happenings
from sandbox.slack.inputs import NotOnScreen
from sandbox.slack.samples import Samples
from sandbox.slack.streams import EVERYBODY, server_sent
from sandbox.slack.web_api import Calls
from sandbox.slack.workspace import Json, Workspace

Said = Annotated[Json, Body()]


class ControlApi:
    """What tests set and read; `/sandbox/docs` lists it."""

    def __init__(self, slack: Happenings, faults: Faults, calls: Calls, samples: Samples) -> None:
        self.slack = slack
        self.faults = faults
        self.calls = calls
        self.samples = samples

    def router(self) -> APIRouter:
        """The routes."""
        api = APIRouter(prefix="/sandbox")
        for method, path, endpoint in (
            ("GET", "/healthz", self.healthz),
            ("GET", "/workspace", self.workspace),
            ("GET", "/stream", self.stream),
            ("GET", "/samples", self.list_samples),
            ("GET", "/faults", self.list_faults),
            ("POST", "/faults", self.switch_on),
            ("DELETE", "/faults", self.switch_off),
            ("GET", "/calls", self.received),
            ("GET", "/calls/counts", self.counts),
            ("DELETE", "/calls", self.forget_calls),
            ("GET", "/deliveries", self.sent),
            ("POST", "/deliveries/{event_id}/again", self.again),
            ("GET", "/idle", self.idle),
            ("POST", "/verify", self.verify),
            ("POST", "/events", self.tell),
            ("PATCH", "/channels/{channel_id}", self.change_channel),
            ("POST", "/reset", self.reset),
        ):
            api.add_api_route(path, endpoint, methods=[method], response_model=None)
        return api

    async def healthz(self) -> Json:
        """The sandbox is up."""
        return {"ok": True, "bot_url": self.slack.settings.bot_url}

    async def workspace(self) -> Json:
        """Team, app and channels; `bot_answers` is null until something was sent to the bot."""
        known = self.slack.workspace
        channels = [{"id": c.id, "name": c.name, "kind": c.kind, "members": c.members} for c in known.channels.values()]
        answers = self.slack.delivering.bot_answers
        return {"team": known.team, "app": known.app, "channels": channels, "bot_answers": answers}

    async def stream(self) -> StreamingResponse:
        """What happens to everybody; `to` says to whom."""
        return server_sent(self.slack.streams, EVERYBODY)

    async def list_samples(self) -> list[Json]:
        """Sample invoices: name and size."""
        return [{"name": name, "size": len(content)} for name, content in (await self.samples.all()).items()]

    async def list_faults(self) -> Json:
        """The kinds there are and what is switched on."""
        return {"kinds": KINDS, "active": self.faults.as_json()}

    async def switch_on(self, said: Said) -> Json:
        """{kind, method, times, retry_after, status, seconds, error, scope}; times null: until cleared."""
        fault = self.faults.add(said)
        if fault.kind == "token_revoked":
            tokens = {"oauth": [], "bot": [self.slack.workspace.bot]}
            self.slack.tell({"type": "tokens_revoked", "tokens": tokens, "event_ts": self.slack.workspace.new_ts()})
        return {"ok": True, "id": fault.id}

    async def switch_off(self) -> Json:
        """Clear all faults."""
        self.faults.clear()
        return {"ok": True}

    async def received(self, method: str | None = None) -> list[Json]:
        """Web API calls, oldest first."""
        return self.calls.as_json(method)

    async def counts(self) -> Json:
        """Web API calls per method."""
        return dict(Counter(call.method for call in self.calls.log))

    async def forget_calls(self) -> Json:
        """Empty the log of calls."""
        self.calls.log.clear()
        return {"ok": True}

    async def sent(self, type: str | None = None) -> list[Json]:  # noqa: A002  the query's own word
        """Events, interactions and commands sent to the bot, with their attempts."""
        return [one for one in self.slack.delivering.as_json() if type in {None, one["type"], one["kind"]}]

    async def again(self, event_id: str) -> Json:
        """Deliver an event once more."""
        if not self.slack.delivering.again(event_id):
            raise NotOnScreen(f"no event {event_id!r}")
        return {"ok": True}

    async def idle(self, within: float = 10.0) -> Json:
        """Wait until no event is on its way."""
        return {"ok": await self.slack.delivering.idle(within)}

    async def verify(self) -> Json:
        """The url_verification handshake."""
        answer = await self.slack.delivering.challenge("is-anybody-there")
        return {"ok": answer.accepted and "is-anybody-there" in answer.text, "status": answer.status}

    async def tell(self, said: Said) -> Json:
        """Send any event of one's own making."""
        self.slack.tell({"event_ts": self.slack.workspace.new_ts(), **said})
        return {"ok": True}

    async def change_channel(self, channel_id: str, said: Said) -> Json:
        """{add: [ids], remove: [ids], ext_shared: bool}."""
        channel = self.slack.workspace.channels.get(channel_id)
        if channel is None:
            raise NotOnScreen(f"no channel {channel_id!r}")
        channel.members = [m for m in channel.members if m not in said.get("remove", [])]
        channel.members += [m for m in said.get("add", []) if m not in channel.members]
        channel.ext_shared = bool(said.get("ext_shared", channel.ext_shared))
        self.slack.streams.publish(self.slack.workspace.humans(), {"kind": "people"})
        return {"ok": True, "members": channel.members}

    async def reset(self) -> Json:
        """An empty workspace again; logs and faults too."""
        self.slack.delivering.forget()
        self.slack.workspace = Workspace()
        self.faults.clear()
        self.calls.log.clear()
        self.slack.streams.publish(self.slack.workspace.humans(), {"kind": "people"})
        return {"ok": True}


def unknown_fault(_: Request, refused: Exception) -> JSONResponse:
    """400 with the reason."""
    return JSONResponse({"ok": False, "error": str(refused)}, 400)
