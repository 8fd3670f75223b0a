"""/sandbox/people/…: act as a person. The page and the Python client speak this."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.datastructures import UploadFile

from sandbox.slack.acting import Acting
from sandbox.slack.files_http import thumbnail
from sandbox.slack.happenings import Happenings
from sandbox.slack.inputs import NotOnScreen
from sandbox.slack.samples import Samples
from sandbox.slack.workspace import Json

KEEP_ALIVE = 15.0
"""Seconds between comments in a silent stream, so that nothing between closes it."""
CHANGEABLE = {
    "deleted",
    "locale",
    "tz",
    "title",
    "status_text",
    "status_emoji",
    "dnd",
    "is_restricted",
    "is_admin",
    "email",
    "real_name",
}
Said = Annotated[Json, Body()]


def router(slack: Happenings, acting: Acting, samples: Samples) -> APIRouter:
    """The person API."""
    api = APIRouter(prefix="/sandbox/people")

    @api.get("")
    async def everybody() -> list[Json]:
        people = slack.workspace.people
        return [people[person].as_slack(include_locale=True) | {"locale": people[person].locale} for person in people]

    @api.get("/{person_id}/screen")
    async def screen(person_id: str) -> Json:
        return acting.screen(acting.person(person_id))

    @api.get("/{person_id}/stream")
    async def stream(person_id: str) -> StreamingResponse:
        acting.person(person_id)
        return StreamingResponse(_events(slack, person_id), media_type="text/event-stream")

    @api.patch("/{person_id}")
    async def change(person_id: str, said: Said) -> Json:
        person = acting.person(person_id)
        if not set(said) <= CHANGEABLE:
            raise NotOnScreen(f"only these can change: {sorted(CHANGEABLE)}")
        for key, value in said.items():
            setattr(person, key, value)
        slack.person_changed(person)
        return person.as_slack(include_locale=True)

    @api.post("/{person_id}/messages")
    async def say(person_id: str, request: Request) -> Json:
        """JSON or a form: channel, text, thread_ts; files as form files; sample names as `samples`."""
        person = acting.person(person_id)
        said, uploads = await _said(request)
        for name in said.get("samples") or []:
            uploads.append((name, await samples.content(name)))
        acting.channel(person, said.get("channel"))
        files = [slack.store_file(person.id, name, content) for name, content in uploads]
        thread = said.get("thread_ts") or None
        message = acting.say(person, said.get("channel"), said.get("text") or "", thread, files)
        return {"ok": True, "message": slack.message_as_seen(message, person.id)}

    @api.patch("/{person_id}/messages/{channel}/{ts}")
    async def rewrite(person_id: str, channel: str, ts: str, said: Said) -> Json:
        acting.rewrite(acting.person(person_id), channel, ts, str(said.get("text") or ""))
        return {"ok": True}

    @api.delete("/{person_id}/messages/{channel}/{ts}")
    async def remove(person_id: str, channel: str, ts: str) -> Json:
        acting.remove(acting.person(person_id), channel, ts)
        return {"ok": True}

    @api.post("/{person_id}/commands")
    async def command(person_id: str, said: Said) -> Json:
        outcome = await acting.command(acting.person(person_id), said.get("channel"), str(said.get("text")))
        return outcome.as_json()

    @api.post("/{person_id}/clicks")
    async def click(person_id: str, said: Said) -> Json:
        """{channel, ts} or {view_id}; block_id, action_id, value; values: what else is typed there."""
        person = acting.person(person_id)
        outcome = await acting.click(
            person, said, str(said.get("block_id")), str(said.get("action_id")), said.get("value")
        )
        return outcome.as_json()

    @api.post("/{person_id}/options")
    async def options(person_id: str, said: Said) -> Json:
        person, block, action = acting.person(person_id), str(said.get("block_id")), str(said.get("action_id"))
        return {"ok": True, "options": await acting.options(person, said, block, action, str(said.get("query") or ""))}

    @api.post("/{person_id}/views/{view_id}/submit")
    async def submit(person_id: str, view_id: str, said: Said) -> Json:
        return (await acting.submit(acting.person(person_id), view_id, said.get("values") or {})).as_json()

    @api.post("/{person_id}/views/{view_id}/close")
    async def close(person_id: str, view_id: str) -> Json:
        return (await acting.close(acting.person(person_id), view_id)).as_json()

    @api.post("/{person_id}/shortcuts")
    async def shortcut(person_id: str, said: Said) -> Json:
        person = acting.person(person_id)
        outcome = await acting.shortcut(person, said["channel"], said["ts"], said["callback_id"])
        return outcome.as_json()

    @api.post("/{person_id}/home")
    async def home(person_id: str, said: Said) -> Json:
        acting.open_home(acting.person(person_id), str(said.get("tab") or "home"))
        return {"ok": True}

    @api.post("/{person_id}/files")
    async def upload(person_id: str, request: Request) -> Json:
        """Upload without sharing, for a modal's file input."""
        person = acting.person(person_id)
        _, uploads = await _said(request)
        files = [slack.store_file(person.id, name, content) for name, content in uploads]
        return {"ok": True, "files": [slack.file_as_seen(file) for file in files]}

    @api.get("/{person_id}/files/{file_id}")
    async def read(person_id: str, file_id: str, side: int | None = None) -> Response:
        """The file, or its thumbnail with `?side=360`."""
        file = acting.file(acting.person(person_id), file_id)
        content = file.content or b""
        if side and file.size_of_image:
            return Response(await asyncio.to_thread(thumbnail, content, side), media_type="image/png")
        # Never text/html from a file: the page's own origin would run it.
        shown = (
            file.mimetype if file.mimetype.startswith("image/") or file.mimetype == "application/pdf" else "text/plain"
        )
        shown = "text/plain" if file.mimetype == "image/svg+xml" else shown
        return Response(content, media_type=shown, headers={"x-content-type-options": "nosniff"})

    @api.delete("/{person_id}/files/{file_id}")
    async def delete(person_id: str, file_id: str) -> Json:
        person = acting.person(person_id)
        file = acting.file(person, file_id)
        if file.owner != person.id:
            raise NotOnScreen("only one's own files can be deleted")
        slack.delete_file(file)
        return {"ok": True}

    return api


def not_on_screen(_: Request, refused: Exception) -> JSONResponse:
    """409: the person did something their screen does not offer."""
    return JSONResponse({"ok": False, "error": str(refused)}, 409)


async def _said(request: Request) -> tuple[Json, list[tuple[str, bytes]]]:
    """What was said and the files with it, from JSON or a form."""
    if request.headers.get("content-type", "").startswith("application/json"):
        return dict(await request.json()), []
    async with request.form() as form:
        uploads = [(v.filename or "file", await v.read()) for v in form.getlist("files") if isinstance(v, UploadFile)]
        return {key: value for key, value in form.items() if isinstance(value, str)}, uploads


async def _events(slack: Happenings, person: str) -> AsyncIterator[str]:
    queue = slack.streams.subscribe(person)
    try:
        yield ": listening\n\n"
        while True:
            try:
                what: Any = await asyncio.wait_for(queue.get(), KEEP_ALIVE)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if what is None:
                return
            yield f"data: {json.dumps(what, ensure_ascii=False)}\n\n"
    finally:
        slack.streams.unsubscribe(person, queue)
