"""An approver decides; for a while it can be undone; then the OA is told."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.approval import OAConflict, OANotFound, OARef, OAResultUnknown, OATask, OAUnavailable, TaskStatus, Verdict
from core.audit import entry
from core.claim import Claim, ClaimState, StepRule
from core.decision import Decision, DecisionState
from core.directory import Directory
from core.errors import NotUnderstood, Refused
from core.ids import ClaimId, DecisionId, PersonId
from core.messages import Message
from core.ports import Job, OfficeAutomation, Subject, Transaction, Transactions
from core.use_cases.open_approval import apply_snapshot
from core.words import DONE_WORDS

LONGEST_WORDS = 1000


@dataclass(frozen=True)
class RecordDecision:
    """A press of Approve, Send back or Reject: re-read who may decide now, then one transaction."""

    transactions: Transactions
    directory: Directory
    undo_window: timedelta
    new_id: Callable[[], str]
    now: Callable[[], datetime]

    def __call__(
        self,
        claim_id: ClaimId,
        task_id: str,
        round: int,  # noqa: A002, the word of the field
        by: PersonId,
        verdict: Verdict,
        reason_code: str = "",
        words: str = "",
        where: str = "chat",
    ) -> Decision:
        """The decision, recorded or recorded before by the same person alike. Raises Refused and says who was faster."""
        with self.transactions.write() as tx:
            claim = self._claim(tx, claim_id)
            task = self._task(tx, claim, task_id, round, by, verdict)
            if isinstance(task, Decision):
                return task
            _words_given(verdict, reason_code, words)
            now = self.now()
            decision = Decision(
                id=DecisionId(self.new_id()),
                claim_id=claim_id,
                round=round,
                task_id=task_id,
                node_id=task.node_id,
                by=by,
                verdict=verdict,
                at=now,
                effective_at=now + self.undo_window,
                reason_code=reason_code,
                words=words,
                where=where,
            )
            holder = tx.decisions.add(decision, slot_of(claim, task))
            if holder is not None:
                raise self._too_late(holder)
            if not self.undo_window:
                tx.enqueue(Job("apply_decision", decision.id, {"decision": decision.id}))
            tx.cards.changed(Subject(f"claim:{claim_id}"))
            tx.audit(
                entry(
                    now,
                    by,
                    "decided",
                    f"claim:{claim_id}",
                    decision=decision.id,
                    verdict=verdict.value,
                    task=task_id,
                    round=round,
                    reason=reason_code or None,
                    where=where,
                    effective_at=decision.effective_at.isoformat(),
                )
            )
            return decision

    def may_decide(self, claim_id: ClaimId, task_id: str, round: int, by: PersonId) -> None:  # noqa: A002
        """Asked before a form for a reason is opened. Raises Refused."""
        with self.transactions.read() as tx:
            self._task(tx, self._claim(tx, claim_id), task_id, round, by, None)

    def undo(self, decision_id: DecisionId, by: PersonId) -> None:
        """Take it back while the window is open. Undoing twice is undoing once. Raises Refused."""
        with self.transactions.write() as tx:
            try:
                decision = tx.decisions.get(decision_id)
            except KeyError:
                raise Refused(Message("There is no such decision."), code="E-NO-DECISION") from None
            if decision.by != by:
                raise Refused(Message("Only the one who decided can undo it. Nothing was changed."), code="E-NOT-YOURS")
            if decision.state is DecisionState.UNDONE:
                return
            if decision.state is not DecisionState.WAITING or self.now() >= decision.effective_at:
                raise Refused(
                    Message("It took effect at {time} and can no longer be undone here.", time=decision.effective_at),
                    code="E-TOO-LATE",
                )
            tx.decisions.save(replace(decision, state=DecisionState.UNDONE))
            tx.cards.changed(Subject(f"claim:{decision.claim_id}"))
            tx.audit(entry(self.now(), by, "undone", f"claim:{decision.claim_id}", decision=decision_id))

    def _claim(self, tx: Transaction, claim_id: ClaimId) -> Claim:
        try:
            return tx.claims.get(claim_id)
        except KeyError:
            raise _not_yours() from None

    def _task(
        self, tx: Transaction, claim: Claim, task_id: str, round_: int, by: PersonId, verdict: Verdict | None
    ) -> OATask | Decision:
        """The task if this person may decide it now, or their own same decision of before."""
        standing = [
            decision
            for decision in tx.decisions.of_claim(claim.id)
            if decision.round == round_ and decision.state in (DecisionState.WAITING, DecisionState.SENT)
        ]
        mine = [decision for decision in standing if decision.task_id == task_id and decision.by == by]
        if mine and mine[0].verdict is verdict:
            return mine[0]
        task = next((task for task in claim.tasks if task.id == task_id), None) if claim.round == round_ else None
        if by in (claim.submitter, claim.beneficiary, claim.payee):
            raise Refused(Message("Nobody decides a claim of their own. Nothing was changed."), code="E-OWN-CLAIM")
        if task is not None and task.assignee != by:
            raise _not_yours()
        if task is None or task.status is not TaskStatus.PENDING or claim.state is not ClaimState.PENDING:
            raise self._stale(claim, task, standing)
        if by not in self.directory.people or not self.directory.person(by).active:
            raise _not_yours()
        return task

    def _stale(self, claim: Claim, task: OATask | None, standing: list[Decision]) -> Refused:
        same_step = [decision for decision in standing if task is None or decision.node_id == task.node_id]
        if same_step:
            return self._too_late(same_step[-1])
        return Refused(
            Message(
                "{reference} has moved on since this card was shown; you need do nothing.", reference=claim.reference
            ),
            code="E-STALE",
        )

    def _too_late(self, decision: Decision) -> Refused:
        known = self.directory.people.get(decision.by)
        return Refused(
            Message(
                "{name} {did} at {time}; you need do nothing.",
                name=known.name if known else decision.by,
                did=DONE_WORDS[decision.verdict],
                time=decision.at,
            ),
            code="E-DECIDED",
        )


def slot_of(claim: Claim, task: OATask) -> str:
    """What only one standing decision may hold: the step where any one decides, else the task."""
    step = next((step for step in claim.plan.steps if step.id == task.node_id), None)
    held = task.node_id if step is not None and step.rule is StepRule.ANY else task.id
    return f"{claim.id}:{claim.round}:{held}"


def _words_given(verdict: Verdict, reason_code: str, words: str) -> None:
    if len(words) > LONGEST_WORDS:
        raise NotUnderstood("words", Message("At most {most} characters, please.", most=LONGEST_WORDS))
    if verdict is not Verdict.APPROVE and not reason_code:
        raise NotUnderstood("reason", Message("Choose a reason; the employee will see it."))


def _not_yours() -> Refused:
    return Refused(Message("This is not waiting for your decision. Nothing was changed."), code="E-NOT-YOURS")


@dataclass(frozen=True)
class ApplyDecision:
    """A job, after the undo window: tell the OA, then follow what it says."""

    transactions: Transactions
    oa: OfficeAutomation
    remind_after: timedelta
    now: Callable[[], datetime]

    def __call__(self, decision_id: DecisionId) -> None:
        """An unavailable OA, or one whose answer got lost, leaves the decision waiting; the scan gives it out again."""
        # Writing waits for an undo that began in time; whoever begins one after this look at the clock is too late.
        with self.transactions.write() as tx:
            decision = tx.decisions.get(decision_id)
            if decision.state is not DecisionState.WAITING or self.now() < decision.effective_at:
                return
        with self.transactions.read() as tx:
            claim = tx.claims.get(decision.claim_id)
        if claim.oa is None or claim.round != decision.round:
            self._refused(decision)
            return
        try:
            state = self._told(claim.oa, decision)
            snapshot = self.oa.get(claim.oa)
        except (OAUnavailable, OAResultUnknown):
            return
        except OANotFound:
            self._refused(decision)
            return
        with self.transactions.write() as tx:
            apply_snapshot(tx, claim.id, claim.round, snapshot, self.now(), self.remind_after)
            self._ended(tx, decision, state)

    def _told(self, ref: OARef, decision: Decision) -> DecisionState:
        try:
            self.oa.act(ref, decision.task_id, decision.by, decision.verdict, decision.words)
        except (OAConflict, OANotFound):
            return DecisionState.REFUSED
        return DecisionState.SENT

    def _refused(self, decision: Decision) -> None:
        with self.transactions.write() as tx:
            tx.claims.get(decision.claim_id)
            self._ended(tx, decision, DecisionState.REFUSED)

    def _ended(self, tx: Transaction, decision: Decision, state: DecisionState) -> None:
        """Once, though the job may run twice. The claim is loaded before: who decides locks it first too."""
        if tx.decisions.get(decision.id).state is not DecisionState.WAITING:
            return
        tx.decisions.save(replace(decision, state=state))
        tx.cards.changed(Subject(f"claim:{decision.claim_id}"))
        tx.audit(
            entry(self.now(), "bot", f"decision {state.value}", f"claim:{decision.claim_id}", decision=decision.id)
        )
