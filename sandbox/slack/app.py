"""Puts the sandbox together: one FastAPI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Body, FastAPI
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from sandbox.settings import Settings
from sandbox.slack.acting import Acting
from sandbox.slack.control_api import ControlApi, unknown_fault
from sandbox.slack.delivery import Delivering
from sandbox.slack.faults import Faults, UnknownFault
from sandbox.slack.files_http import FilesHttp
from sandbox.slack.happenings import Happenings
from sandbox.slack.inputs import NotOnScreen
from sandbox.slack.methods.calling import Refused
from sandbox.slack.people_api import PeopleApi, not_on_screen
from sandbox.slack.samples import Samples
from sandbox.slack.streams import Streams
from sandbox.slack.web_api import Calls, WebApi
from sandbox.slack.workspace import Json, Workspace

PAGE = Path(__file__).parent / "page"
HOSTS = ["127.0.0.1", "localhost"]
"""Names the sandbox answers to; another name would be a web page of somebody else reaching in (DNS rebinding)."""
POLICY = "default-src 'self'; img-src 'self' https: data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
"""The page runs its own scripts only, whatever a message contains."""


@dataclass(frozen=True)
class Sandbox:
    """The application and its streams, which a stop must end."""

    app: FastAPI
    streams: Streams


def build(settings: Settings) -> Sandbox:
    """The whole sandbox, with an empty workspace."""
    faults, streams, calls, samples = Faults(), Streams(), Calls(), Samples()
    delivering = Delivering(settings, faults)
    slack = Happenings(settings, Workspace(), streams, delivering)
    acting = Acting(slack)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await delivering.close()

    app = FastAPI(title="Piaobot sandbox", lifespan=lifespan, docs_url="/sandbox/docs", redoc_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)
    app.add_exception_handler(NotOnScreen, not_on_screen)
    app.add_exception_handler(UnknownFault, unknown_fault)
    for part in (
        WebApi(slack, faults, calls),
        FilesHttp(slack, faults),
        PeopleApi(slack, acting, samples),
        ControlApi(slack, faults, calls, samples),
    ):
        app.include_router(part.router())

    @app.post("/actions/{key}")
    async def response_url(key: str, said: Annotated[Json, Body()]) -> Response:
        try:
            error = acting.answering.through(key, said)
        except Refused as refused:
            return JSONResponse(refused.answer, 400)
        return JSONResponse({"ok": False, "error": error}, 404) if error else JSONResponse({"ok": True})

    @app.get("/archives/{channel}/{anchor}")
    async def permalink(channel: str, anchor: str) -> Response:
        return RedirectResponse(f"/?channel={channel}#{anchor}")

    @app.get("/")
    async def page() -> Response:
        return FileResponse(
            PAGE / "index.html", headers={"cache-control": "no-cache", "content-security-policy": POLICY}
        )

    app.mount("/page", StaticFiles(directory=PAGE), name="page")
    return Sandbox(app, streams)
