"""The first meeting, and practice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp

from core.actions import Action
from core.messages import Languages
from core.ports import Screens
from core.use_cases.meet import Meet
from core.use_cases.practise import StartPractice, SubmitPractice
from handlers.callers import Callers
from handlers.draft import pressed
from handlers.failures import Body, reports_failures


@dataclass(frozen=True)
class Practice:
    """Whoever opens the conversation is greeted once; the sample can be tried at any time."""

    meet: Meet
    start: StartPractice
    submit: SubmitPractice
    callers: Callers
    screens: Screens
    languages: Languages

    def register(self, app: AsyncApp) -> None:
        app.action(Action.PRACTISE.value)(self.on_practise)
        app.action(Action.SUBMIT_PRACTICE.value)(self.on_submit)

    @reports_failures
    def on_practise(self, body: Body) -> None:
        self.start(self.callers.of(body).person)

    @reports_failures
    def on_submit(self, body: Body) -> None:
        invoice_id, _ = pressed(body)
        self.submit(invoice_id, self.callers.of(body).person)

    def on_opened(self, team_id: str, event: Mapping[str, Any], event_id: str) -> None:
        """app_home_opened, whichever tab. Whoever may not send anything is not spoken to for looking."""
        member = self.callers.member(team_id, event["user"])
        if member.welcome and member.person is not None:
            self.meet(member.person)
