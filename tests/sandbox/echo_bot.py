"""A small bot of the tests' own, on Slack's official libraries, that uses everything the sandbox offers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
from slack_bolt import Ack, App, BoltRequest, Respond
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

Json = dict[str, Any]


def text(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def button(label: str, action: str, **more: Any) -> Json:
    return {"type": "button", "text": text(label), "action_id": action, "value": "v1", **more}


def card(title: str) -> list[Json]:
    menu = [{"text": text("Reject"), "value": "reject"}, {"text": text("Transfer"), "value": "transfer"}]
    return [
        {"type": "header", "text": text(title)},
        {"type": "section", "text": {"type": "mrkdwn", "text": "*¥ 475.80* &amp; more <https://example.com|rules>"}},
        {
            "type": "actions",
            "elements": [
                button("Approve", "approve", style="primary"),
                button("Edit", "edit"),
                button("Whisper", "whisper"),
                button("Fail", "fail"),
                {"type": "overflow", "action_id": "more", "options": menu},
            ],
        },
    ]


def form(title: str = "Edit") -> Json:
    names = [{"text": text(name), "value": name.lower()} for name in ("Travel", "Meals")]
    return {
        "type": "modal",
        "callback_id": "form",
        "title": text(title),
        "submit": text("Save"),
        "notify_on_close": True,
        "private_metadata": "m1",
        "blocks": [
            asks("amount", "Amount", {"type": "plain_text_input", "action_id": "typed", "initial_value": "475.80"}),
            asks("kind", "Category", {"type": "static_select", "action_id": "chosen", "options": names}),
            {"type": "actions", "block_id": "extra", "elements": [button("Recount", "recount")]},
        ],
    }


def asks(block_id: str, label: str, element: Json, *, optional: bool = False) -> Json:
    return {"type": "input", "block_id": block_id, "label": text(label), "element": element, "optional": optional}


class EchoBot:
    """Runs in a thread; `events` and `closed` say what it heard."""

    def __init__(self, sandbox: str, token: str, secret: str) -> None:
        self.client = WebClient(token=token, base_url=f"{sandbox}/api/")
        self.token = token
        self.events: list[Json] = []
        self.requests: list[tuple[dict[str, str], str]] = []
        self.closed: list[Json] = []
        self.modal = form()
        """What `/invoice form` opens."""
        self.submitted: list[Json] = []
        """`state.values` of each submitted modal with the callback id "all"."""
        self.answers: list[int] = []
        """Statuses to answer the next requests with, instead of handling them."""
        self.pause = threading.Event()
        self.pause.set()
        """Cleared: requests wait until it is set again."""
        self.app = App(
            signing_secret=secret, client=self.client, authorize=_always(token), process_before_response=True
        )
        self._listen(self.app)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.pause.set()
        self.server.shutdown()
        self.server.server_close()

    def _listen(self, app: App) -> None:  # noqa: C901  one bot's listeners, each its own function
        @app.event("message")
        def on_message(event: Json) -> None:
            self.events.append(event)
            if event.get("subtype") not in {None, "file_share"} or "bot_id" in event:
                return
            if event.get("files"):
                content = httpx.get(
                    event["files"][0]["url_private_download"], headers={"authorization": f"Bearer {self.token}"}
                )
                kind = content.headers["content-type"].partition(";")[0]
                said = f"got {len(content.content)} bytes of {kind}"
                self.client.chat_postMessage(channel=event["channel"], text=said, thread_ts=event["ts"])
            elif event["text"] == "card":
                self.client.chat_postMessage(channel=event["channel"], text="A card", blocks=card("Taxi"))
            else:
                self.client.chat_postMessage(channel=event["channel"], text=f"echo: {event['text']}")

        @app.event("app_home_opened")
        def on_home(event: Json) -> None:
            self.events.append(event)
            blocks = [{"type": "section", "text": text("Nothing waits for you")}]
            self.client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

        @app.event({"type": "user_change"})
        @app.event({"type": "file_deleted"})
        @app.event({"type": "file_shared"})
        @app.event({"type": "tokens_revoked"})
        def on_other(event: Json) -> None:
            self.events.append(event)

        @app.action("approve")
        def on_approve(ack: Ack, body: Json) -> None:
            done = [{"type": "section", "text": text(f"Approved by {body['user']['id']}")}]
            self.client.chat_update(
                channel=body["channel"]["id"], ts=body["message"]["ts"], text="Approved", blocks=done
            )
            ack()

        @app.action("whisper")
        def on_whisper(ack: Ack, respond: Respond) -> None:
            respond(text="only for you")
            ack()

        @app.action("more")
        def on_more(ack: Ack, action: Json, respond: Respond) -> None:
            respond(text=f"chose {action['selected_option']['value']}", replace_original=True)
            ack()

        @app.action("edit")
        def on_edit(ack: Ack, body: Json) -> None:
            self.client.views_open(trigger_id=body["trigger_id"], view=form())
            ack()

        @app.action("recount")
        def on_recount(ack: Ack, body: Json) -> None:
            view = form("Recounted")
            self.client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)
            ack()

        @app.view("form")
        def on_form(ack: Ack, view: Json, body: Json) -> None:
            amount = view["state"]["values"]["amount"]["typed"]["value"]
            kind = view["state"]["values"]["kind"]["chosen"]["selected_option"]["value"]
            if amount == "push":
                ack(response_action="push", view=form("Second"))
            elif amount == "update":
                ack(response_action="update", view=form("Changed"))
            elif amount == "clear":
                ack(response_action="clear")
            elif not amount.replace(".", "").isdigit():
                ack(response_action="errors", errors={"amount": "Must be above 0, such as 475.80"})
            else:
                self.client.chat_postMessage(channel=body["user"]["id"], text=f"saved {amount} as {kind}")
                ack()

        @app.view_closed("form")
        def on_closed(ack: Ack, body: Json) -> None:
            self.closed.append(body)
            ack()

        @app.command("/invoice")
        def on_command(ack: Ack, command: Json) -> None:
            if command["text"] != "form":
                ack(f"you said {command['text']} in {command['channel_name']}")
                return
            self.client.views_open(trigger_id=command["trigger_id"], view=self.modal)
            ack()

        @app.options("found")
        def on_search(ack: Ack, payload: Json) -> None:
            ack(options=[{"text": text(f"Seller {payload['value']}"), "value": payload["value"]}])

        @app.view("all")
        def on_all(ack: Ack, view: Json) -> None:
            self.submitted.append(view["state"]["values"])
            ack()

        @app.shortcut("submit_invoice")
        def on_shortcut(ack: Ack, body: Json) -> None:
            self.client.chat_postEphemeral(
                channel=body["channel"]["id"], user=body["user"]["id"], text=f"took {body['message']['ts']}"
            )
            ack()


def _always(token: str) -> Callable[..., AuthorizeResult]:
    def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id="T0MORNSTAR", bot_user_id="U0PIAOBOT", bot_id="B0PIAOBOT", bot_token=token
        )

    return authorize


def _handler(bot: EchoBot) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            bot.requests.append((dict(self.headers.items()), body))
            bot.pause.wait()
            if bot.answers:
                return self._answer(bot.answers.pop(0), "")
            reply = bot.app.dispatch(BoltRequest(body=body, headers={k: [v] for k, v in self.headers.items()}))
            return self._answer(reply.status, reply.body)

        def _answer(self, status: int, body: str) -> None:
            content = body.encode()
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            with suppress(ConnectionError):  # the sandbox hung up: too late
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """The tests' output stays readable."""

    return Handler
