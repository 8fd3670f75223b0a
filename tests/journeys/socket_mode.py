"""Slack's side of Socket Mode before the sandbox: what the sandbox sends by HTTP goes to the bot through its websocket.

Source of the protocol: docs.slack.dev/apis/events-api/using-socket-mode. `apps.connections.open` gives a single-use
address; each request is an envelope with an id, which the bot acknowledges within three seconds, with an answer or none.
All other calls are handed on to the sandbox.
"""

import asyncio
import itertools
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs

from aiohttp import ClientSession, WSMsgType, web

APP_TOKEN = "xapp-1-of-the-tests"
ACK_SECONDS = 3


class SocketMode:
    """One app's connections. `on_ack` is told the payload of each acknowledged envelope, before anything else is."""

    def __init__(self, chat: str, on_ack: Callable[[dict[str, Any]], None]) -> None:
        self.chat = chat
        self.address = ""
        self.on_ack = on_ack
        self.acknowledged: list[str] = []
        """Types of the envelopes."""
        self.opened = 0
        self.links: list[web.WebSocketResponse] = []
        self._tickets: set[str] = set()
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._numbers = itertools.count(1)
        self._loop = asyncio.new_event_loop()
        self._ready, self._end = Event(), asyncio.Event()

    def drop(self) -> None:
        """Cut the connection, as Slack does every few hours without a warning."""
        asyncio.run_coroutine_threadsafe(self._drop(), self._loop).result(10)

    async def _drop(self) -> None:
        for link in list(self.links):
            await link.close()

    def say_refresh(self) -> None:
        """Ask the bot for a new connection, as Slack does some seconds before it ends the old one."""
        refresh = json.dumps({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})
        asyncio.run_coroutine_threadsafe(self.links[-1].send_str(refresh), self._loop).result(10)

    async def open_connection(self, request: web.Request) -> web.Response:
        if request.headers.get("authorization") != f"Bearer {APP_TOKEN}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return web.json_response({"ok": True, "url": f"{self.address.replace('http', 'ws')}/link?ticket={ticket}"})

    async def link(self, request: web.Request) -> web.WebSocketResponse:
        if request.query["ticket"] not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.remove(request.query["ticket"])
        link = web.WebSocketResponse()
        await link.prepare(request)
        await link.send_str(json.dumps({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0"}}))
        self.links.append(link)
        self.opened += 1
        async for message in link:
            if message.type is WSMsgType.TEXT:
                answer = json.loads(message.data)
                waiting = self._waiting.pop(answer["envelope_id"], None)
                if waiting:
                    waiting.set_result(answer.get("payload") or {})
        self.links.remove(link)
        return link

    async def deliver(self, request: web.Request) -> web.Response:
        """A delivery of the sandbox's, as an envelope; its answer is the bot's acknowledgement."""
        body = (await request.text()).replace(self.chat, self.address)
        if request.content_type == "application/json":
            kind, payload = "events_api", json.loads(body)
        else:
            form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
            kind, payload = (
                ("interactive", json.loads(form["payload"])) if "payload" in form else ("slash_commands", form)
            )
        if not self.links:
            return web.Response(status=503)
        number = f"envelope-{next(self._numbers)}"
        envelope = {
            "envelope_id": number,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            retries = int(request.headers.get("x-slack-retry-num", "0"))
            envelope |= {"retry_attempt": retries, "retry_reason": request.headers.get("x-slack-retry-reason", "")}
        self._waiting[number] = self._loop.create_future()
        await self.links[-1].send_str(json.dumps(envelope))
        try:
            answer = await asyncio.wait_for(self._waiting[number], ACK_SECONDS)
        except TimeoutError:
            return web.Response(status=504)
        self.on_ack(payload)
        self.acknowledged.append(kind)
        return web.json_response(answer) if answer else web.Response()

    async def hand_on(self, request: web.Request) -> web.Response:
        """To the sandbox and back; its own addresses become ours."""
        headers = {
            name: value for name, value in request.headers.items() if name.lower() in {"authorization", "content-type"}
        }
        async with (
            ClientSession() as session,
            session.request(
                request.method, self.chat + request.path_qs, data=await request.read(), headers=headers
            ) as got,
        ):
            content = await got.read()
            if got.content_type == "application/json":
                content = content.replace(self.chat.encode(), self.address.encode())
            kept = {
                name: got.headers[name] for name in ("x-oauth-scopes", "date", "content-type") if name in got.headers
            }
            return web.Response(body=content, status=got.status, headers=kept)

    async def _serve(self, port: int) -> None:
        app = web.Application(client_max_size=100 * 1024**2)
        app.router.add_post("/api/apps.connections.open", self.open_connection)
        app.router.add_get("/link", self.link)
        app.router.add_post("/slack/events", self.deliver)
        app.router.add_route("*", "/{rest:.*}", self.hand_on)
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        self._ready.set()
        await self._end.wait()
        await self._drop()
        await runner.cleanup()

    @contextmanager
    def running(self, port: int) -> Iterator[None]:
        self.address = f"http://127.0.0.1:{port}"
        thread = Thread(target=lambda: self._loop.run_until_complete(self._serve(port)), daemon=True)
        thread.start()
        assert self._ready.wait(10)
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(self._end.set)
            thread.join(10)
            self._loop.close()
