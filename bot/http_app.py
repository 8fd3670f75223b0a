"""The doors: /slack/events, /web, /healthz, /readyz, /metrics."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient
from structlog.contextvars import bound_contextvars

from bot.health import Health, clock, metrics
from handlers.metrics import ACK_SECONDS, TURNED_AWAY
from integrations.http import on_this_machine

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


class SlackSocket(AsyncSocketModeHandler):
    """Socket Mode: Slack's requests come through a connection that we open, for sites that nothing outside can reach.

    An envelope is acknowledged once its listener is done; what failed is not, and Slack sends events again.
    """

    def __init__(self, bolt: AsyncApp, app_token: str, api_url: str) -> None:
        """Needs a running event loop. Connects to nothing yet."""
        web = AsyncWebClient(base_url=api_url)
        super().__init__(bolt, app_token, web_client=web)
        if on_this_machine(urlsplit(api_url)):
            web.proxy = self.client.proxy = None

    async def connect(self) -> None:
        """Until it is connected; it then stays so by itself."""
        await self.connect_async()  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        await self.close_async()  # type: ignore[no-untyped-call]

    @property
    def connected(self) -> bool:
        session = self.client.current_session
        return session is not None and not session.closed

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """As at SlackDoor, every log line and job that follows carries the trace that begins here."""
        started = clock()
        with bound_contextvars(trace=uuid.uuid4().hex[:16]):
            await super().handle(client, req)
        ACK_SECONDS.labels("event" if req.type == "events_api" else "interaction").observe(clock() - started)


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
    socket_of: Callable[[], SlackSocket] | None,
    *,
    signed: bool,
) -> FastAPI:
    """`start` and `stop` bring the worker and the scheduler of this process up and down; both may block.

    `socket_of` makes the Socket Mode connection, if there is to be one. Without `signed`, no secret proves what comes by
    HTTP, and that door stays closed.
    """
    sockets: list[SlackSocket] = []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with ThreadPoolExecutor(THREADS, thread_name_prefix="use-case") as threads:
            asyncio.get_running_loop().set_default_executor(threads)
            await asyncio.to_thread(start)
            sockets.extend([socket_of()] if socket_of else [])
            # Aside: while Slack does not answer, it is tried again and again, and the other doors are open.
            connecting = [asyncio.create_task(socket.connect()) for socket in sockets]
            try:
                yield
            finally:
                for task, socket in zip(connecting, sockets, strict=True):
                    task.cancel()
                    await socket.close()
                await asyncio.to_thread(stop)

    app = FastAPI(title="Piaobot", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)

    if signed:
        app.add_api_route("/slack/events", SlackDoor(AsyncSlackRequestHandler(slack)).answer, methods=["POST"])

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        """The process is there."""
        return {"status": "ok"}

    @app.get("/readyz")
    def readyz() -> JSONResponse:
        """It can serve: 200, else 503 and what is wrong."""
        parts = dict(health.check())
        for socket in sockets:
            parts["socket mode"] = "ok" if socket.connected else "not connected"
        return JSONResponse(parts, status_code=200 if set(parts.values()) == {"ok"} else 503)

    @app.get("/metrics")
    def scrape() -> Response:
        content, media_type = metrics()
        return Response(content, media_type=media_type)

    app.include_router(web)
    return app
