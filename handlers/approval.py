"""An approver's buttons and the form for a reason."""

from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp

from core.actions import Action, Input, Modal
from core.approval import Verdict
from core.ids import ClaimId, DecisionId
from core.messages import Languages, Message
from core.ports import Screens
from core.use_cases.build_views import BuildViews
from core.use_cases.record_decision import RecordDecision
from core.use_cases.sign_in import LinkMaker
from handlers.callers import Callers
from handlers.failures import Body, reports_failures
from handlers.forms import typed_in


@dataclass(frozen=True)
class Target:
    """What a button of an approver's card points at; a pointer, never trusted."""

    claim_id: ClaimId
    task_id: str
    round: int

    @classmethod
    def of(cls, value: str) -> "Target":
        parts = value.split("|")
        if len(parts) != 3 or not parts[2].isdecimal():
            return cls(ClaimId(""), "", 0)
        return cls(ClaimId(parts[0]), parts[1], int(parts[2]))


@dataclass(frozen=True)
class Approval:
    """Approve at once; Send back and Reject ask for a reason first."""

    record: RecordDecision
    views: BuildViews
    links: LinkMaker
    callers: Callers
    screens: Screens
    languages: Languages

    def register(self, app: AsyncApp) -> None:
        app.action(Action.APPROVE.value)(self.on_approve)
        app.action(Action.RETURN.value)(self.on_return)
        app.action(Action.MORE.value)(self.on_more)
        app.action(Action.DETAILS.value)(self.on_details)
        app.action(Action.OPEN_LINK.value)(self.on_open)
        app.action(Action.UNDO.value)(self.on_undo)
        app.action(Action.REJECT.value)(self.on_reject)
        app.view(Modal.DECIDE.value)(self.on_reason)

    @reports_failures
    def on_approve(self, body: Body) -> None:
        target = Target.of(body["actions"][0]["value"])
        caller = self.callers.of(body)
        self.record(target.claim_id, target.task_id, target.round, caller.person, Verdict.APPROVE)

    @reports_failures
    def on_return(self, body: Body) -> None:
        self._ask_reason(body, body["actions"][0]["value"], Verdict.RETURN)

    @reports_failures
    def on_reject(self, body: Body) -> None:
        self._ask_reason(body, body["actions"][0]["value"], Verdict.REJECT)

    @reports_failures
    def on_more(self, body: Body) -> None:
        chosen, _, target = body["actions"][0]["selected_option"]["value"].partition("|")
        if chosen == Action.OPEN_LINK:
            self._send_link(body, target)
        else:
            self._ask_reason(body, target, Verdict(chosen))

    @reports_failures
    def on_open(self, body: Body) -> None:
        self._send_link(body, body["actions"][0]["value"])

    def _ask_reason(self, body: Body, value: str, verdict: Verdict) -> None:
        caller, target = self.callers.of(body), Target.of(value)
        self.record.may_decide(target.claim_id, target.task_id, target.round, caller.person)
        self.screens.open(body["trigger_id"], caller.member, self.views.reason_form(target.claim_id, value, verdict))

    @reports_failures
    def on_reason(self, body: Body) -> None:
        value, _, verdict = body["view"]["private_metadata"].rpartition("|")
        target, typed = Target.of(value), typed_in(body)
        self.record(
            target.claim_id,
            target.task_id,
            target.round,
            self.callers.of(body).person,
            Verdict(verdict),
            reason_code=typed[Input.REASON],
            words=typed.get(Input.WORDS, ""),
        )

    @reports_failures
    def on_details(self, body: Body) -> None:
        caller, target = self.callers.of(body), Target.of(body["actions"][0]["value"])
        self.screens.open(
            body["trigger_id"], caller.member, self.views.details_form(target.claim_id, target.task_id, caller.person)
        )

    @reports_failures
    def on_undo(self, body: Body) -> None:
        self.record.undo(DecisionId(body["actions"][0]["value"]), self.callers.of(body).person)

    def _send_link(self, body: Body, value: str) -> None:
        caller, target = self.callers.of(body), Target.of(value)
        url = self.links.make(caller.person, f"/web/claims/{target.claim_id}")
        self.screens.answer(
            body["response_url"], caller.member, Message("Your link, good for five minutes and one use: {url}", url=url)
        )
