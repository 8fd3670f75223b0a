"""/sandbox/people/…: act as a person. The page and the Python client speak this."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Body, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.datastructures import UploadFile

from sandbox.slack.acting import Acting
from sandbox.slack.files_http import thumbnail
from sandbox.slack.happenings import Happenings
from sandbox.slack.inputs import NotOnScreen
from sandbox.slack.samples import Samples
from sandbox.slack.streams import server_sent
from sandbox.slack.workspace import Json

Said = Annotated[Json, Body()]
CHANGEABLE = {
    *("deleted", "locale", "tz", "title", "status_text", "status_emoji", "dnd"),
    *("is_restricted", "is_admin", "email", "real_name"),
}


class PeopleApi:
    """One method per thing a person does; `/sandbox/docs` lists them all."""

    def __init__(self, slack: Happenings, acting: Acting, samples: Samples) -> None:
        self.slack = slack
        self.acting = acting
        self.samples = samples

    def router(self) -> APIRouter:
        """The routes."""
        api = APIRouter(prefix="/sandbox/people")
        for method, path, endpoint in (
            ("GET", "", self.everybody),
            ("PATCH", "/{person_id}", self.change),
            ("GET", "/{person_id}/screen", self.screen),
            ("GET", "/{person_id}/stream", self.stream),
            ("POST", "/{person_id}/messages", self.say),
            ("PATCH", "/{person_id}/messages/{channel}/{ts}", self.rewrite),
            ("DELETE", "/{person_id}/messages/{channel}/{ts}", self.remove),
            ("POST", "/{person_id}/commands", self.command),
            ("POST", "/{person_id}/clicks", self.click),
            ("POST", "/{person_id}/options", self.options),
            ("POST", "/{person_id}/views/{view_id}/submit", self.submit),
            ("POST", "/{person_id}/views/{view_id}/close", self.close),
            ("POST", "/{person_id}/shortcuts", self.shortcut),
            ("POST", "/{person_id}/home", self.open_home),
            ("POST", "/{person_id}/files", self.upload),
            ("GET", "/{person_id}/files/{file_id}", self.read_file),
            ("DELETE", "/{person_id}/files/{file_id}", self.delete_file),
        ):
            api.add_api_route(path, endpoint, methods=[method], response_model=None)
        return api

    async def everybody(self) -> list[Json]:
        """All people and the bot."""
        people = self.slack.workspace.people.values()
        return [person.as_slack(include_locale=True) | {"locale": person.locale} for person in people]

    async def change(self, person_id: str, said: Said) -> Json:
        """Profile, locale, deleted, dnd, …; the bot hears user_change."""
        person = self.acting.person(person_id)
        if not set(said) <= CHANGEABLE:
            raise NotOnScreen(f"only these can change: {sorted(CHANGEABLE)}")
        for key, value in said.items():
            setattr(person, key, value)
        self.slack.person_changed(person)
        return person.as_slack(include_locale=True)

    async def screen(self, person_id: str) -> Json:
        """Everything this person sees."""
        return self.acting.screen(self.acting.person(person_id))

    async def stream(self, person_id: str) -> StreamingResponse:
        """What happens to this person from now on, as server-sent events."""
        self.acting.person(person_id)
        return server_sent(self.slack.streams, person_id)

    async def say(self, person_id: str, request: Request) -> Json:
        """JSON or a form: channel, text, thread_ts; files as form files; names of samples as `samples`."""
        person = self.acting.person(person_id)
        said, uploads = await _said(request)
        uploads += [(name, await self.samples.content(name)) for name in said.get("samples") or []]
        self.acting.channel(person, said.get("channel"))
        files = [self.slack.store_file(person.id, name, content) for name, content in uploads]
        thread = said.get("thread_ts") or None
        message = self.acting.say(person, said.get("channel"), said.get("text") or "", thread, files)
        return {"ok": True, "message": self.slack.message_as_seen(message, person.id)}

    async def rewrite(self, person_id: str, channel: str, ts: str, said: Said) -> Json:
        """{text}: edit one's own message."""
        self.acting.rewrite(self.acting.person(person_id), channel, ts, str(said.get("text") or ""))
        return {"ok": True}

    async def remove(self, person_id: str, channel: str, ts: str) -> Json:
        """Delete one's own message."""
        self.acting.remove(self.acting.person(person_id), channel, ts)
        return {"ok": True}

    async def command(self, person_id: str, said: Said) -> Json:
        """{text: "/invoice help", channel}."""
        outcome = await self.acting.command(self.acting.person(person_id), said.get("channel"), str(said.get("text")))
        return outcome.as_json()

    async def click(self, person_id: str, said: Said) -> Json:
        """{channel, ts} or {view_id}; block_id, action_id, value; values: what else is typed there."""
        person, block, action = self.acting.person(person_id), str(said.get("block_id")), str(said.get("action_id"))
        return (await self.acting.click(person, said, block, action, said.get("value"))).as_json()

    async def options(self, person_id: str, said: Said) -> Json:
        """{view_id} or {channel, ts}; block_id, action_id, query: what an external select offers."""
        person, block, action = self.acting.person(person_id), str(said.get("block_id")), str(said.get("action_id"))
        found = await self.acting.options(person, said, block, action, str(said.get("query") or ""))
        return {"ok": True, "options": found}

    async def submit(self, person_id: str, view_id: str, said: Said) -> Json:
        """{values: {block_id: {action_id: plain value}}}; answers {ok, error, errors}."""
        person = self.acting.person(person_id)
        return (await self.acting.submit(person, view_id, said.get("values") or {})).as_json()

    async def close(self, person_id: str, view_id: str) -> Json:
        """Close the modal without submitting."""
        return (await self.acting.close(self.acting.person(person_id), view_id)).as_json()

    async def shortcut(self, person_id: str, said: Said) -> Json:
        """{channel, ts, callback_id}: a message shortcut."""
        person, channel = self.acting.person(person_id), str(said.get("channel"))
        return (
            await self.acting.shortcut(person, channel, str(said.get("ts")), str(said.get("callback_id")))
        ).as_json()

    async def open_home(self, person_id: str, said: Said) -> Json:
        """{tab: home | messages}; the bot hears app_home_opened."""
        self.acting.open_home(self.acting.person(person_id), str(said.get("tab") or "home"))
        return {"ok": True}

    async def upload(self, person_id: str, request: Request) -> Json:
        """Upload form files without sharing them, for a modal's file input."""
        person = self.acting.person(person_id)
        _, uploads = await _said(request)
        files = [self.slack.store_file(person.id, name, content) for name, content in uploads]
        return {"ok": True, "files": [self.slack.file_as_seen(file) for file in files]}

    async def read_file(self, person_id: str, file_id: str, side: int | None = None) -> Response:
        """The file, or its thumbnail with `?side=360`."""
        file = self.acting.file(self.acting.person(person_id), file_id)
        content = file.content or b""
        if side and file.size_of_image:
            return Response(await asyncio.to_thread(thumbnail, content, side), media_type="image/png")
        # Never text/html or SVG from a file: the page's own origin would run it.
        safe = file.mimetype in {"image/png", "image/jpeg", "image/gif", "application/pdf"}
        shown = file.mimetype if safe else "text/plain"
        return Response(content, media_type=shown, headers={"x-content-type-options": "nosniff"})

    async def delete_file(self, person_id: str, file_id: str) -> Json:
        """Delete one's own file everywhere; the bot hears file_deleted."""
        person = self.acting.person(person_id)
        file = self.acting.file(person, file_id)
        if file.owner != person.id:
            raise NotOnScreen("only one's own files can be deleted")
        self.slack.delete_file(file)
        return {"ok": True}


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
