"""The slash command, and the buttons under its answers."""

import html
import re
from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp

from core.actions import Action
from core.ids import ClaimId
from core.messages import Languages
from core.ports import Screens
from core.use_cases.look_up import LookUp
from handlers.callers import Callers
from handlers.failures import Body, reports_failures

_MARKED = re.compile(r"<(?:[@#!]|mailto:)?([^<>|]+)(?:\|([^<>]*))?>")


@dataclass(frozen=True)
class Commands:
    """Whatever is asked is answered to the asker alone."""

    look_up: LookUp
    callers: Callers
    screens: Screens
    languages: Languages

    def register(self, app: AsyncApp) -> None:
        app.command(re.compile("/invoice"))(self.on_invoice)
        app.action(Action.LOOK.value)(self.on_look)
        app.action(Action.NEWER.value)(self.on_turn)
        app.action(Action.OLDER.value)(self.on_turn)

    @reports_failures
    def on_invoice(self, body: Body) -> None:
        caller = self.callers.of(body)
        # A command that the app has in Slack and the program has not is not understood, rather than left alone.
        line = as_typed(body.get("text", "")) if body["command"] == "/invoice" else body["command"]
        view = self.look_up(caller.person, line)
        self.screens.answer(body["response_url"], caller.member, view)

    @reports_failures
    def on_turn(self, body: Body) -> None:
        """Another page: the button's value is the page, a bar, and the command that gives the list."""
        caller = self.callers.of(body)
        page, _, line = body["actions"][0]["value"].partition("|")
        view = self.look_up(caller.person, line, int(page) if page.isdecimal() else 1)
        self.screens.answer(body.get("response_url", ""), caller.member, view, instead=True)

    @reports_failures
    def on_look(self, body: Body) -> None:
        caller = self.callers.of(body)
        form = self.look_up.form(caller.person, ClaimId(body["actions"][0]["value"]))
        self.screens.open(body["trigger_id"], caller.member, form)


def as_typed(text: str) -> str:
    """A command's words as the person typed them: Slack marks people, channels and links, and escapes three characters."""
    return html.unescape(_MARKED.sub(lambda mark: mark[2] or mark[1], text))
