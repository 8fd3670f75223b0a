"""A draft's buttons, its edit form, replies under it; and taking back what was submitted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp

from core.actions import Action, Input, Modal
from core.ids import ClaimId, InvoiceId
from core.invoice import FieldName
from core.messages import Languages, Message
from core.ports import Screens
from core.use_cases.edit_draft import EditDraft
from core.use_cases.find_draft import FindDraft
from core.use_cases.submit_claim import SubmitClaim
from core.use_cases.withdraw_claim import WithdrawClaim
from handlers.callers import Callers
from handlers.failures import Body, Errors, reports_failures
from handlers.forms import typed_in


@dataclass(frozen=True)
class Draft:
    """Each listener: who, which invoice, one use case."""

    submit: SubmitClaim
    withdraw: WithdrawClaim
    edit: EditDraft
    find: FindDraft
    callers: Callers
    screens: Screens
    languages: Languages

    def register(self, app: AsyncApp) -> None:
        app.action(Action.SUBMIT.value)(self.on_submit)
        app.action(Action.EDIT.value)(self.on_edit)
        app.action(Action.DISCARD.value)(self.on_discard)
        app.action(Action.WITHDRAW.value)(self.on_withdraw)
        app.action(Action.CONFIRM_FIELD.value)(self.on_confirm)
        app.action(Action.CORRECT_FIELD.value)(self.on_edit)
        app.view(Modal.EDIT.value)(self.on_form)

    @reports_failures
    def on_submit(self, body: Body) -> None:
        invoice_id, _ = pressed(body)
        self.submit(invoice_id, self.callers.of(body).person)

    @reports_failures
    def on_edit(self, body: Body) -> None:
        caller = self.callers.of(body)
        invoice_id, field = pressed(body)
        self.screens.open(body["trigger_id"], caller.member, self.find.form(invoice_id, caller.person, focus=field))

    @reports_failures
    def on_discard(self, body: Body) -> None:
        invoice_id, _ = pressed(body)
        self.edit.discard(invoice_id, self.callers.of(body).person)

    @reports_failures
    def on_withdraw(self, body: Body) -> None:
        caller = self.callers.of(body)
        claim = self.withdraw(ClaimId(body["actions"][0]["value"]), caller.person)
        said = Message(
            "{reference} is taken back; nobody has to decide it. Its draft is here again.", reference=claim.reference
        )
        self.screens.answer(body["response_url"], caller.member, said)

    @reports_failures
    def on_confirm(self, body: Body) -> None:
        invoice_id, field = pressed(body)
        if field is not None:
            self.edit.confirm(invoice_id, self.callers.of(body).person, field)

    @reports_failures
    def on_form(self, body: Body) -> Errors:
        caller = self.callers.of(body)
        typed: dict[FieldName | Input, str] = {name_of(block): text for block, text in typed_in(body).items()}
        invoice_id = InvoiceId(body["view"]["private_metadata"])
        problems = self.edit.problems(invoice_id, typed)
        if not problems:
            self.edit(invoice_id, caller.person, typed)
        language = self.languages.for_locale(caller.member.locale, caller.member.time_zone)
        return {name.value: language.say(problem) for name, problem in problems.items()}

    def on_reply(self, team_id: str, event: Mapping[str, Any], event_id: str) -> None:
        """A reply under a card, handed over by a job: under a draft it corrects, under anything else it is left alone."""
        found = self.find.under(f"{event['channel']}/{event['thread_ts']}")
        if event.get("bot_id") or found is None:
            return
        invoice_id, posted = found
        caller = self.callers.known(
            self.callers.member(event.get("user_team") or event.get("team") or team_id, event["user"])
        )
        answer = self.edit.by_reply(invoice_id, caller.person, event.get("text", ""))
        self.screens.reply(caller.member, answer, posted=posted, key=f"reply:{event_id}")


def pressed(body: Body) -> tuple[InvoiceId, FieldName | None]:
    """The invoice, and perhaps the field, that a button's value points at. The value is a pointer, never trusted."""
    invoice_id, _, field = body["actions"][0]["value"].partition("|")
    return InvoiceId(invoice_id), FieldName(field) if field else None


def name_of(block: str) -> FieldName | Input:
    """The field or input a form's block stands for."""
    return FieldName(block) if block in set(FieldName) else Input(block)
