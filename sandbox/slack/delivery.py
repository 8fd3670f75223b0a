"""From the sandbox to the bot: v0-signed requests, the deadline, retries of events (and of events only)."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Coroutine
from dataclasses import asdict, dataclass, field
from typing import Literal
from urllib.parse import urlencode

import httpx

from sandbox.settings import Settings
from sandbox.slack.faults import OF_DELIVERIES, Fault, Faults
from sandbox.slack.workspace import Json, utc_now

KEPT = 5000
"""Deliveries kept for reading; older ones are forgotten."""


@dataclass
class Attempt:
    """One request to the bot and what came of it: `reason` is Slack's word, None when it was accepted."""

    at: str
    milliseconds: int
    status: int | None
    reason: str | None


@dataclass
class Delivery:
    """Something sent to the bot: an event, an interaction or a command."""

    kind: Literal["event", "interaction", "command"]
    type: str
    id: str
    body: Json
    attempts: list[Attempt] = field(default_factory=list)
    state: Literal["sending", "delivered", "failed"] = "sending"


@dataclass(frozen=True)
class Answer:
    """What the bot answered: status None when nothing came in time."""

    status: int | None
    text: str
    reason: str | None
    headers: httpx.Headers

    @property
    def accepted(self) -> bool:
        """A 2xx came in time."""
        return self.reason is None


class Delivering:
    """Sends to the bot and remembers what it sent."""

    def __init__(self, settings: Settings, faults: Faults) -> None:
        self.settings = settings
        self.faults = faults
        self.sent: list[Delivery] = []
        self.bot_answers: bool | None = None
        """Whether the bot answered the last request at all; None before the first."""
        self.on_change: Callable[[bool], None] = lambda _: None
        self._tasks: set[asyncio.Task[None]] = set()
        # trust_env off: a proxy variable of the machine must not catch loopback calls.
        self._client = httpx.AsyncClient(
            timeout=settings.deadline, trust_env=False, limits=httpx.Limits(max_connections=None)
        )

    def event(self, body: Json) -> None:
        """Deliver an event in the background, with retries."""
        kind = body["event"]["type"]
        delivery = self._remember(Delivery("event", kind, body["event_id"], body))
        self._in_background(self._deliver(delivery))
        if self.faults.strike({"duplicate_delivery": ""}, kind):
            self._in_background(self._deliver(delivery))

    def again(self, event_id: str) -> bool:
        """Deliver an event once more; False when there is no such event."""
        found = next((one for one in self.sent if one.id == event_id and one.kind == "event"), None)
        if found:
            self._in_background(self._deliver(found))
        return found is not None

    async def interaction(self, payload: Json) -> Answer:
        """A click, a modal or a shortcut: one try within the deadline, never retried."""
        identity = str(payload.get("trigger_id") or payload.get("view", {}).get("id") or payload["type"])
        delivery = self._remember(Delivery("interaction", payload["type"], identity, payload))
        return await self._once(delivery, urlencode({"payload": json.dumps(payload)}))

    async def command(self, form: dict[str, str]) -> Answer:
        """A slash command: one try within the deadline, never retried."""
        delivery = self._remember(Delivery("command", form["command"], form["trigger_id"], dict(form)))
        return await self._once(delivery, urlencode(form))

    async def challenge(self, challenge: str) -> Answer:
        """The url_verification handshake."""
        body = {"token": "sandbox", "challenge": challenge, "type": "url_verification"}
        return await self._send(json.dumps(body).encode(), "application/json", {}, None)

    async def idle(self, within: float) -> bool:
        """Wait until nothing is under way; False when it still was after `within` seconds."""
        deadline = time.monotonic() + within
        while self._tasks and time.monotonic() < deadline:  # what the bot answers to one event makes the next
            await asyncio.wait(set(self._tasks), timeout=deadline - time.monotonic())
        return not self._tasks

    async def close(self) -> None:
        """Give up what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    def forget(self) -> None:
        """Give up what is under way and forget what was sent."""
        for task in self._tasks:
            task.cancel()
        self.sent.clear()

    def as_json(self) -> list[Json]:
        """For people and tests to read."""
        return [asdict(delivery) for delivery in self.sent]

    def _remember(self, delivery: Delivery) -> Delivery:
        self.sent.append(delivery)
        del self.sent[:-KEPT]
        return delivery

    def _in_background(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _once(self, delivery: Delivery, form: str) -> Answer:
        fault = self.faults.strike({k: v for k, v in OF_DELIVERIES.items() if k != "duplicate_delivery"}, delivery.type)
        answer = await self._attempt(delivery, form.encode(), "application/x-www-form-urlencoded", {}, fault)
        delivery.state = "delivered" if answer.accepted else "failed"
        return answer

    async def _deliver(self, delivery: Delivery) -> None:
        content = json.dumps(delivery.body, ensure_ascii=False).encode()
        headers: dict[str, str] = {}
        kinds = {k: v for k, v in OF_DELIVERIES.items() if k != "duplicate_delivery"}
        for number, delay in enumerate((0.0, *self.settings.retry_delays)):
            await asyncio.sleep(delay)
            if number:
                headers["x-slack-retry-num"] = str(number)
            answer = await self._attempt(
                delivery, content, "application/json", headers, self.faults.strike(kinds, delivery.type)
            )
            if answer.accepted or answer.headers.get("x-slack-no-retry") == "1":
                break
            headers["x-slack-retry-reason"] = str(answer.reason)
        delivery.state = "delivered" if answer.accepted else "failed"

    async def _attempt(
        self, delivery: Delivery, content: bytes, content_type: str, headers: dict[str, str], fault: Fault | None
    ) -> Answer:
        if fault and fault.kind == "delayed_delivery":
            await asyncio.sleep(fault.seconds)
        began = time.monotonic()
        answer = await self._send(content, content_type, headers, fault)
        spent = round((time.monotonic() - began) * 1000)
        delivery.attempts.append(Attempt(utc_now(), spent, answer.status, answer.reason))
        answered = answer.status is not None
        if answered is not self.bot_answers:
            self.bot_answers = answered
            self.on_change(answered)
        return answer

    async def _send(self, content: bytes, content_type: str, headers: dict[str, str], fault: Fault | None) -> Answer:
        every = {"content-type": content_type, "user-agent": "Slackbot 1.0 (sandbox)"}
        signed = {**every, **headers, **self._signature(content, fault)}
        try:
            async with asyncio.timeout(self.settings.deadline):
                reply = await self._client.post(self.settings.events_url, content=content, headers=signed)
        except (TimeoutError, httpx.TimeoutException):
            return Answer(None, "", "http_timeout", httpx.Headers())
        except httpx.TransportError:
            return Answer(None, "", "connection_failed", httpx.Headers())
        reason = None if reply.is_success else "http_error"
        return Answer(reply.status_code, reply.text, reason, reply.headers)

    def _signature(self, content: bytes, fault: Fault | None) -> dict[str, str]:
        kind = fault.kind if fault else ""
        if kind == "unsigned":
            return {}
        secret = "somebody-else" if kind == "forged_signature" else self.settings.signing_secret
        seconds = int(time.time()) - (600 if kind == "old_signature" else 0)
        digest = hmac.new(secret.encode(), f"v0:{seconds}:".encode() + content, hashlib.sha256).hexdigest()
        return {"x-slack-request-timestamp": str(seconds), "x-slack-signature": f"v0={digest}"}
