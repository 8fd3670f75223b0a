"""/api/{method}: authorises, applies faults, calls the method, remembers the call."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import asdict, dataclass, field
from email.utils import formatdate
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from sandbox.slack import scopes
from sandbox.slack.faults import OF_CALLS, OF_CLOCK, OF_SCOPES, OF_TOKENS, Fault, Faults
from sandbox.slack.happenings import Happenings
from sandbox.slack.methods import METHODS
from sandbox.slack.methods.calling import Arguments, Method, Refused
from sandbox.slack.workspace import Json, utc_now

KEPT = 5000
WITHOUT_TOKEN = {"api.test"}
OF_STRANGERS = {"not_authed", "invalid_auth", "token_revoked"}
"""Refusals of a token; the answer tells no scopes."""


@dataclass(frozen=True)
class Call:
    """One Web API call as it came in and was answered."""

    at: str
    method: str
    args: Json
    status: int
    answer: Json
    milliseconds: int


@dataclass
class Calls:
    """The calls the server received, oldest first."""

    log: list[Call] = field(default_factory=list)

    def remember(self, call: Call) -> None:
        """Keep it; the oldest fall out."""
        self.log.append(call)
        del self.log[:-KEPT]

    def as_json(self, method: str | None = None) -> list[Json]:
        """For people and tests to read."""
        return [asdict(call) for call in self.log if method in {None, call.method}]


class WebApi:
    """The Web API."""

    def __init__(self, slack: Happenings, faults: Faults, calls: Calls) -> None:
        self.slack = slack
        self.faults = faults
        self.calls = calls

    def router(self) -> APIRouter:
        """The one route of all methods."""
        api = APIRouter()
        api.add_api_route("/api/{method}", self.call, methods=["GET", "POST"], response_model=None)
        return api

    async def call(self, method: str, request: Request) -> Response:
        """Answer one call, or strike it with a fault."""
        began = time.monotonic()
        try:
            raw = await _arguments(request)
        except ValueError:
            return JSONResponse({"ok": False, "error": "invalid_json"})
        token = _bearer(request) or str(raw.pop("token", ""))
        raw.pop("token", None)  # tokens never stand in the log
        fault = self.faults.strike(OF_CALLS, method)
        if fault and fault.kind == "timeout":
            await asyncio.sleep(fault.seconds)
        status, answer = self._answer(method, raw, token, fault)
        spent = round((time.monotonic() - began) * 1000)
        self.calls.remember(Call(utc_now(), method, raw, status, answer, spent))
        if status >= 500:
            return PlainTextResponse("upstream error", status, {"date": self._date(method)})
        headers = {"date": self._date(method)}
        if answer.get("error") not in OF_STRANGERS:
            headers["x-oauth-scopes"] = ",".join(self._granted(method))
        if status == 429 and fault:
            headers["retry-after"] = str(fault.retry_after)
        return JSONResponse(answer, status, headers)

    def _answer(self, method: str, raw: Json, token: str, fault: Fault | None) -> tuple[int, Json]:
        kind = fault.kind if fault else ""
        if fault and kind == "rate_limited":
            return 429, {"ok": False, "error": "ratelimited"}
        if fault and kind == "http_error":
            return fault.status, {"ok": False, "error": f"HTTP {fault.status}"}
        if fault and kind == "slack_error":
            return 200, {"ok": False, "error": fault.error}
        try:
            self._authorise(method, token)
            scopes.refuse_without(scopes.needed(method, raw, self.slack.workspace), self._granted(method))
            answer = {"ok": True, **_method(method)(self.slack, Arguments(raw))}
        except Refused as refused:
            answer = refused.answer
        return fault.status if fault and kind == "answer_lost" else 200, answer

    def _granted(self, method: str) -> list[str]:
        lacking = self.faults.strike(OF_SCOPES, method)
        return [scope for scope in scopes.GRANTED if lacking is None or scope != lacking.scope]

    def _date(self, method: str) -> str:
        wrong = self.faults.strike(OF_CLOCK, method)
        return formatdate(time.time() + (wrong.seconds if wrong else 0), usegmt=True)

    def _authorise(self, method: str, token: str) -> None:
        if method in WITHOUT_TOKEN:
            return
        if not token:
            raise Refused("not_authed")
        if token != self.slack.settings.token:
            raise Refused("invalid_auth")
        if self.faults.strike(OF_TOKENS, method):
            raise Refused("token_revoked")


def _method(name: str) -> Method:
    if name not in METHODS:
        raise Refused("unknown_method", req_method=name)
    return METHODS[name]


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def _arguments(request: Request) -> Json:
    found: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        content = await request.body()  # a call without arguments sends no JSON at all
        body = json.loads(content) if content else {}
        found |= body if isinstance(body, dict) else {}
    elif request.method == "POST":
        async with request.form() as form:
            found |= {key: value for key, value in form.items() if isinstance(value, str)}
    return found
