"""The Home tab: drawn whenever it is opened, and again when asked to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp

from core.actions import Action
from core.directory import Member
from core.errors import Refused
from core.messages import Languages
from core.ports import Screens
from core.use_cases.see_home import SeeHome
from core.views import NoticeView
from handlers.callers import Callers
from handlers.failures import Body, reports_failures
from handlers.metrics import TURNED_AWAY


@dataclass(frozen=True)
class Home:
    """Everybody's Home is their own."""

    see: SeeHome
    callers: Callers
    screens: Screens
    languages: Languages

    def register(self, app: AsyncApp) -> None:
        app.action(Action.REFRESH.value)(self.on_refresh)

    def on_opened(self, team_id: str, event: Mapping[str, Any], event_id: str) -> None:
        """app_home_opened, handed over by a job."""
        self._publish(self.callers.member(team_id, event["user"]))

    @reports_failures
    def on_refresh(self, body: Body) -> None:
        self._publish(self.callers.pressing(body))

    def _publish(self, member: Member) -> None:
        try:
            self.screens.home(member, self.see(self.callers.known(member).person))
        except Refused as problem:
            TURNED_AWAY.labels(problem.code).inc()
            self.screens.home(member, NoticeView(problem.message))
