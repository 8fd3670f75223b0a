"""/sandbox/…: for tests and the curious: faults, what was received and sent, channels, a fresh start."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Body, Request
from fastapi.responses import JSONResponse

from sandbox.slack.faults import KINDS, Faults
from sandbox.slack.happenings import Happenings
from sandbox.slack.inputs import NotOnScreen
from sandbox.slack.samples import Samples
from sandbox.slack.web_api import Calls
from sandbox.slack.workspace import Json, Workspace

Said = Annotated[Json, Body()]


def router(slack: Happenings, faults: Faults, calls: Calls, samples: Samples) -> APIRouter:
    """The control API."""
    api = APIRouter(prefix="/sandbox")

    @api.get("/healthz")
    async def healthz() -> Json:
        return {"ok": True, "bot_url": slack.settings.bot_url}

    @api.get("/workspace")
    async def workspace() -> Json:
        known = slack.workspace
        channels = [{"id": c.id, "name": c.name, "kind": c.kind, "members": c.members} for c in known.channels.values()]
        return {"team": known.team, "app": known.app, "channels": channels}

    @api.get("/faults")
    async def faults_on() -> Json:
        return {"kinds": KINDS, "active": faults.as_json()}

    @api.post("/faults")
    async def switch_on(said: Said) -> Json:
        """{kind, method, times, retry_after, status, seconds, error}; times null: until cleared."""
        fault = faults.add(said)
        if fault.kind == "token_revoked":
            tokens = {"oauth": [], "bot": [slack.workspace.bot]}
            slack.tell({"type": "tokens_revoked", "tokens": tokens, "event_ts": slack.workspace.new_ts()})
        return {"ok": True, "id": fault.id}

    @api.delete("/faults")
    async def switch_off() -> Json:
        faults.clear()
        return {"ok": True}

    @api.get("/calls")
    async def received(method: str | None = None) -> list[Json]:
        """Web API calls, oldest first."""
        return calls.as_json(method)

    @api.get("/calls/counts")
    async def counts() -> Json:
        return dict(Counter(call.method for call in calls.log))

    @api.delete("/calls")
    async def forget_calls() -> Json:
        calls.log.clear()
        return {"ok": True}

    @api.get("/deliveries")
    async def sent(type: str | None = None) -> list[Json]:  # noqa: A002  the query's own word
        """Events, interactions and commands sent to the bot, with their attempts."""
        return [one for one in slack.delivering.as_json() if type in {None, one["type"], one["kind"]}]

    @api.post("/deliveries/{event_id}/again")
    async def again(event_id: str) -> Json:
        if not slack.delivering.again(event_id):
            raise NotOnScreen(f"no event {event_id!r}")
        return {"ok": True}

    @api.get("/idle")
    async def idle(within: float = 10.0) -> Json:
        """Wait until no event is on its way."""
        return {"ok": await slack.delivering.idle(within)}

    @api.post("/verify")
    async def verify() -> Json:
        """The url_verification handshake."""
        answer = await slack.delivering.challenge("is-anybody-there")
        return {"ok": answer.accepted and "is-anybody-there" in answer.text, "status": answer.status}

    @api.post("/events")
    async def tell(said: Said) -> Json:
        """Send any event of one's own making."""
        slack.tell({"event_ts": slack.workspace.new_ts(), **said})
        return {"ok": True}

    @api.patch("/channels/{channel_id}")
    async def change(channel_id: str, said: Said) -> Json:
        """{add: [ids], remove: [ids], ext_shared: bool}."""
        channel = slack.workspace.channels.get(channel_id)
        if channel is None:
            raise NotOnScreen(f"no channel {channel_id!r}")
        channel.members = [m for m in channel.members if m not in said.get("remove", [])]
        channel.members += [m for m in said.get("add", []) if m not in channel.members]
        channel.ext_shared = bool(said.get("ext_shared", channel.ext_shared))
        slack.streams.publish(slack.workspace.humans(), {"kind": "people"})
        return {"ok": True, "members": channel.members}

    @api.post("/reset")
    async def reset() -> Json:
        """An empty workspace again; logs and faults too."""
        slack.delivering.forget()
        slack.workspace = Workspace()
        faults.clear()
        calls.log.clear()
        slack.streams.publish(slack.workspace.humans(), {"kind": "people"})
        return {"ok": True}

    @api.get("/samples")
    async def list_samples() -> list[Json]:
        return [{"name": name, "size": len(content)} for name, content in (await samples.all()).items()]

    return api


def unknown_fault(_: Request, refused: Exception) -> JSONResponse:
    """400 with the reason."""
    return JSONResponse({"ok": False, "error": str(refused)}, 400)
