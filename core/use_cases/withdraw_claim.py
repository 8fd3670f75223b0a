"""The submitter takes a claim back: nobody decides it any more, the OA is told, the drafts come back."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.approval import OAConflict, OANotFound, OARef, OAResultUnknown, OASnapshot, OAUnavailable
from core.audit import entry
from core.claim import Claim, ClaimState
from core.decision import DecisionState
from core.errors import Refused
from core.ids import ClaimId, PersonId
from core.messages import Message
from core.ports import ChatPeople, Job, OfficeAutomation, Screens, Subject, Transaction, Transactions
from core.use_cases.open_approval import apply_snapshot, settle_invoices
from core.views import NoticeView


@dataclass(frozen=True)
class WithdrawClaim:
    """A press of Withdraw. What somebody has decided already stands: a decision that waits is not overtaken."""

    transactions: Transactions
    now: Callable[[], datetime]

    def __call__(self, claim_id: ClaimId, by: PersonId) -> Claim:
        """The claim, withdrawn or on its way to be. Withdrawing twice is withdrawing once. Raises Refused."""
        with self.transactions.write() as tx:
            claim = _own(tx, claim_id, by)
            if claim.state in (ClaimState.WITHDRAWING, ClaimState.WITHDRAWN):
                return claim
            if claim.state is ClaimState.RETURNED:  # nobody has it; in the OA that round is over
                claim = claim.move(ClaimState.WITHDRAWN)
                settle_invoices(tx, claim, self.now())
            else:
                _refuse_if_just_decided(tx, claim)
                claim = claim.move(ClaimState.WITHDRAWING)
                tx.reminders.keep(claim.id, (), self.now())
                tx.enqueue(Job("withdraw", f"{claim.id}:{claim.version}", {"claim": claim.id}))
            tx.claims.save(claim)
            changed(tx, claim)
            tx.audit(entry(self.now(), by, "withdrew", f"claim:{claim.id}", round=claim.round, state=claim.state.value))
            return claim


def _own(tx: Transaction, claim_id: ClaimId, by: PersonId) -> Claim:
    try:
        claim = tx.claims.get(claim_id)
    except KeyError:
        claim = None
    if claim is None or claim.submitter != by:
        raise Refused(
            Message("Only the one who submitted a claim can withdraw it. Nothing was changed."), code="E-NOT-YOURS"
        )
    return claim


def _refuse_if_just_decided(tx: Transaction, claim: Claim) -> None:
    for decision in tx.decisions.of_claim(claim.id):
        if decision.state is DecisionState.WAITING and decision.round == claim.round:
            raise Refused(
                Message(
                    "{reference} has just been decided; that takes effect at {time}. Nothing was changed. "
                    "If somebody else still has to decide then, you can withdraw it.",
                    reference=claim.reference,
                    time=decision.effective_at,
                ),
                code="E-JUST-DECIDED",
            )


def changed(tx: Transaction, claim: Claim) -> None:
    """Its approvers' cards, and its owner's."""
    tx.cards.changed(Subject(f"claim:{claim.id}"))
    for line in claim.lines:
        tx.cards.changed(Subject(f"document:{tx.invoices.get(line.invoice_id).document_id}"))


@dataclass(frozen=True)
class TellWithdrawal:
    """A job: withdraw the approval in the OA, then follow what it says."""

    transactions: Transactions
    oa: OfficeAutomation
    screens: Screens
    people: ChatPeople
    remind_after: timedelta
    now: Callable[[], datetime]

    def __call__(self, claim_id: ClaimId) -> None:
        """An unavailable OA, or one whose answer got lost, leaves the claim WITHDRAWING; the scan tries again."""
        with self.transactions.read() as tx:
            claim = tx.claims.get(claim_id)
        if claim.state is not ClaimState.WITHDRAWING or claim.oa is None:
            return
        try:
            snapshot = self._withdrawn(claim.oa, claim.submitter)
        except (OAUnavailable, OAResultUnknown):
            return
        except OANotFound:
            self._ends(claim, ClaimState.NEEDS_REVIEW)
            return
        with self.transactions.write() as tx:
            claim = apply_snapshot(tx, claim_id, claim.round, snapshot, self.now(), self.remind_after)
        if claim.state is ClaimState.WITHDRAWING:
            self._say_refused(claim)
            self._ends(claim, ClaimState.PENDING)

    def _withdrawn(self, ref: OARef, submitter: PersonId) -> OASnapshot:
        """The approval after the attempt, whether the OA allowed it or not."""
        with suppress(OAConflict):
            self.oa.withdraw(ref, submitter, "")
        return self.oa.get(ref)

    def _say_refused(self, claim: Claim) -> None:
        member = self.people.member_of(claim.submitter)
        if member is not None:
            said = Message(
                "The OA did not allow {reference} to be withdrawn; it goes on as before. You can ask an approver to "
                "send it back.",
                reference=claim.reference,
            )
            key = f"not-withdrawn:{claim.id}:{claim.version}"
            self.screens.show(member, NoticeView(said), key=key, tried=claim.submitted_at)

    def _ends(self, seen: Claim, to: ClaimState) -> None:
        """The attempt came to nothing: the claim waits for its approvers again, or for somebody to look at it."""
        with self.transactions.write() as tx:
            claim = tx.claims.get(seen.id)
            if claim.state is not ClaimState.WITHDRAWING:
                return
            claim = claim.move(to)
            tx.claims.save(claim)
            pending = claim.open_tasks() if to is ClaimState.PENDING else ()
            tx.reminders.keep(claim.id, [task.id for task in pending], self.now() + self.remind_after)
            changed(tx, claim)
            tx.audit(entry(self.now(), "bot", "not withdrawn", f"claim:{claim.id}", round=claim.round, state=to.value))
