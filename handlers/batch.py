"""The buttons under a message with many files, and the form that makes one claim of them."""

from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp

from core.actions import Action, Input, Modal
from core.ids import BatchId
from core.messages import Languages
from core.ports import Screens
from core.use_cases.put_together import PutTogether
from handlers.callers import Callers
from handlers.failures import Body, reports_failures
from handlers.forms import typed_in


@dataclass(frozen=True)
class BatchPresses:
    """Each listener: who, which batch, one use case."""

    together: PutTogether
    callers: Callers
    screens: Screens
    languages: Languages

    def register(self, app: AsyncApp) -> None:
        app.action(Action.TOGETHER.value)(self.on_together)
        app.action(Action.ONE_BY_ONE.value)(self.on_one_by_one)
        app.view(Modal.TOGETHER.value)(self.on_form)

    @reports_failures
    def on_one_by_one(self, body: Body) -> None:
        self.together.look_one_by_one(BatchId(body["actions"][0]["value"]), self.callers.of(body).person)

    @reports_failures
    def on_together(self, body: Body) -> None:
        caller = self.callers.of(body)
        form = self.together.form(BatchId(body["actions"][0]["value"]), caller.person)
        self.screens.open(body["trigger_id"], caller.member, form)

    @reports_failures
    def on_form(self, body: Body) -> None:
        purpose = typed_in(body).get(Input.PURPOSE, "")
        self.together(body["view"]["private_metadata"], self.callers.of(body).person, purpose)
