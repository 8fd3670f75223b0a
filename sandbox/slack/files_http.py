"""The bytes of files: upload URLs, downloads with the bearer token, thumbnails."""

from __future__ import annotations

import asyncio
import io

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from PIL import Image, ImageOps
from starlette.datastructures import UploadFile

from sandbox.slack.faults import OF_FILES, Faults
from sandbox.slack.happenings import THUMBS, Happenings
from sandbox.slack.workspace import File

LOGIN_PAGE = """<!DOCTYPE html><html lang="en"><head><title>Sign in to 晨星科技 | Slack</title></head>
<body><h1>Sign in to your workspace</h1><form><input name="email"></form></body></html>"""


def router(slack: Happenings, faults: Faults) -> APIRouter:
    """Uploads and downloads."""
    api = APIRouter()

    @api.post("/upload/v1/{file_id}")
    async def upload(file_id: str, request: Request) -> Response:
        file = slack.workspace.files.get(file_id)
        if file is None or file.expected_length is None:
            return PlainTextResponse("no such upload", 404)
        content = await _posted(request)
        if len(content) != file.expected_length:
            return PlainTextResponse(f"expected {file.expected_length} bytes, got {len(content)}", 400)
        slack.fill_file(file, content)
        return PlainTextResponse(f"OK - {len(content)}")

    @api.get("/files-pri/{named}/{name}")
    @api.get("/files-pri/{named}/download/{name}")
    async def download(named: str, name: str, request: Request) -> Response:
        file = _found(named)
        refused = _refused(file, request)
        if refused or file is None:
            return refused or PlainTextResponse("not found", 404)
        return Response(file.content, media_type=file.mimetype)

    @api.get("/files-tmb/{named}/{side}.png")
    async def thumb(named: str, side: int, request: Request) -> Response:
        file = _found(named)
        refused = _refused(file, request)
        if refused or file is None or file.content is None or side not in THUMBS:
            return refused or PlainTextResponse("not found", 404)
        return Response(await asyncio.to_thread(thumbnail, file.content, side), media_type="image/png")

    def _found(named: str) -> File | None:
        return slack.workspace.files.get(named.rpartition("-")[2])

    def _refused(file: File | None, request: Request) -> Response | None:
        """Slack sends whoever has no right to the file to its login page, with status 200."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token != slack.settings.token or faults.strike(OF_FILES, "files:read"):
            return HTMLResponse(LOGIN_PAGE)
        if file is None or file.content is None:
            return PlainTextResponse("file_not_found", 404)
        if not slack.workspace.may_see_file(file, slack.workspace.bot):
            return HTMLResponse(LOGIN_PAGE)
        return None

    return api


def thumbnail(content: bytes, side: int) -> bytes:
    """A PNG of the picture, upright, its long side at most `side` pixels."""
    with Image.open(io.BytesIO(content)) as picture:
        picture.draft("RGB", (side, side))  # a JPEG is decoded at the small size at once
        picture.thumbnail((side, side))
        made = io.BytesIO()
        ImageOps.exif_transpose(picture).convert("RGB").save(made, "PNG")
    return made.getvalue()


async def _posted(request: Request) -> bytes:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body()
    async with request.form() as form:
        files = [value for value in form.values() if isinstance(value, UploadFile)]
        return await files[0].read() if files else b""
