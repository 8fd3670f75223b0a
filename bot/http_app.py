"""The doors: /slack/events, /web, /healthz, /readyz, /metrics."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from structlog.contextvars import bound_contextvars

from bot.health import Health, clock, metrics
from handlers.metrics import ACK_SECONDS, TURNED_AWAY

SIGNED_SECONDS = 2 * 5 * 60
"""A timestamp may be five minutes off, either way."""
THREADS = 64
"""Use cases run in threads; asyncio's default of 6 on two cores let slow modals hold up events for 12 s."""


class Accepted:
    """Signatures of requests this process accepted while their timestamps are good (Slack: five minutes).

    A press that was recorded on its way could otherwise be made once more, when its button means something again.
    """

    def __init__(self) -> None:
        self._at: dict[str, float] = {}

    def before(self, signature: str, now: float) -> bool:
        """`now` in seconds of a clock that never jumps."""
        while self._at and next(iter(self._at.values())) < now - SIGNED_SECONDS:
            del self._at[next(iter(self._at))]
        return signature in self._at

    def add(self, signature: str, now: float) -> None:
        self._at[signature] = now


class SlackDoor:
    """/slack/events: what is signed goes to Bolt, and a press goes there once."""

    def __init__(self, bolt: AsyncSlackRequestHandler) -> None:
        self._bolt = bolt
        self._accepted = Accepted()

    async def answer(self, request: Request) -> Response:
        """Every log line and job that follows carries the trace that begins here."""
        started = clock()
        kind = "event" if request.headers.get("content-type", "").startswith("application/json") else "interaction"
        signature = request.headers.get("x-slack-signature", "")
        if self._accepted.before(signature, started):
            TURNED_AWAY.labels("replayed").inc()
            if kind == "interaction":  # Slack sends only events again, and the same event changes nothing
                return Response(status_code=409)
        with bound_contextvars(trace=uuid.uuid4().hex[:16]):
            response = await self._bolt.handle(request)
        if response.status_code < 300:
            self._accepted.add(signature, started)
        ACK_SECONDS.labels(kind).observe(clock() - started)
        if response.status_code >= 400:
            TURNED_AWAY.labels(f"http_{response.status_code}").inc()
        return response


def slack_app(signing_secret: str, token: str, team_id: str) -> AsyncApp:
    """Bolt, answering only once the listener is done, and only our own workspace; it never calls Slack by itself."""

    async def our_team_only(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        if team_id != ours:
            TURNED_AWAY.labels("foreign_team").inc()
            return None
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token, bot_id="", bot_user_id="")

    ours = team_id
    authorize: Any = our_team_only  # slack-bolt types it as never None, and documents None as "not installed here"
    return AsyncApp(signing_secret=signing_secret, authorize=authorize, process_before_response=True)


def http_app(
    slack: AsyncApp,
    web: APIRouter,
    health: Health,
    start: Callable[[], None],
    stop: Callable[[], None],
    app_token: str = "",
) -> FastAPI:
    """`start` and `stop` bring the worker and the scheduler of this process up and down; both may block.

    With `app_token` events and clicks come through Socket Mode too, for sites that nothing outside can reach.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with ThreadPoolExecutor(THREADS, thread_name_prefix="use-case") as threads:
            asyncio.get_running_loop().set_default_executor(threads)
            await asyncio.to_thread(start)
            socket: Any = AsyncSocketModeHandler(slack, app_token) if app_token else None
            if socket:
                await socket.connect_async()
            try:
                yield
            finally:
                if socket:
                    await socket.close_async()
                await asyncio.to_thread(stop)

    app = FastAPI(title="Piaobot", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)

    app.add_api_route("/slack/events", SlackDoor(AsyncSlackRequestHandler(slack)).answer, methods=["POST"])

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        """The process is there."""
        return {"status": "ok"}

    @app.get("/readyz")
    def readyz() -> JSONResponse:
        """It can serve: 200, else 503 and what is wrong."""
        parts = health.check()
        return JSONResponse(parts, status_code=200 if set(parts.values()) == {"ok"} else 503)

    @app.get("/metrics")
    def scrape() -> Response:
        content, media_type = metrics()
        return Response(content, media_type=media_type)

    app.include_router(web)
    return app
