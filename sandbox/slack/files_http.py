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


class FilesHttp:
    """Uploads and downloads of the bot."""

    def __init__(self, slack: Happenings, faults: Faults) -> None:
        self.slack = slack
        self.faults = faults

    def router(self) -> APIRouter:
        """The routes."""
        api = APIRouter()
        api.add_api_route("/upload/v1/{file_id}", self.upload, methods=["POST"], response_model=None)
        for path in ("/files-pri/{named}/download/{name:path}", "/files-pri/{named}/{name:path}"):
            api.add_api_route(path, self.download, methods=["GET"], response_model=None)
        api.add_api_route("/files-tmb/{named}/{side}.png", self.thumb, methods=["GET"], response_model=None)
        return api

    async def upload(self, file_id: str, request: Request) -> Response:
        """The bytes of files.getUploadURLExternal, raw or as a form file."""
        file = self.slack.workspace.files.get(file_id)
        if file is None or file.expected_length is None:
            return PlainTextResponse("no such upload", 404)
        content = await _posted(request)
        if len(content) != file.expected_length:
            return PlainTextResponse(f"expected {file.expected_length} bytes, got {len(content)}", 400)
        self.slack.fill_file(file, content)
        return PlainTextResponse(f"OK - {len(content)}")

    async def download(self, named: str, request: Request) -> Response:
        """url_private and url_private_download."""
        found = self._found(named, request)
        return found if isinstance(found, Response) else Response(found.content, media_type=found.mimetype)

    async def thumb(self, named: str, side: int, request: Request) -> Response:
        """thumb_360 and its like."""
        found = self._found(named, request)
        if isinstance(found, Response):
            return found
        if side not in THUMBS or found.size_of_image is None:
            return PlainTextResponse("not found", 404)
        return Response(await asyncio.to_thread(thumbnail, found.content or b"", side), media_type="image/png")

    def _found(self, named: str, request: Request) -> File | Response:
        """The file; whoever has no right to it gets Slack's login page, with status 200."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token != self.slack.settings.token or self.faults.strike(OF_FILES, "files:read"):
            return HTMLResponse(LOGIN_PAGE)
        file = self.slack.workspace.files.get(named.rpartition("-")[2])
        if file is None or file.content is None:
            return PlainTextResponse("file_not_found", 404)
        return file if self.slack.workspace.may_see_file(file, self.slack.workspace.bot) else HTMLResponse(LOGIN_PAGE)


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
