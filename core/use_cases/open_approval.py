"""Open the approval in the OA, and follow what the OA says of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.approval import ApprovalDraft, ApprovalNode, OAResultUnknown, OASnapshot, OAStatus, OAUnavailable, TaskStatus
from core.audit import entry
from core.claim import MOVES, Claim, ClaimState
from core.ids import ClaimId, PersonId
from core.invoice import InvoiceState
from core.messages import Language, Message
from core.ports import OfficeAutomation, Subject, Transaction, Transactions

POLICY = PersonId("policy")
"""Who speaks on the OA's record where no person does."""

STATE_OF = {
    OAStatus.PENDING: ClaimState.PENDING,
    OAStatus.APPROVED: ClaimState.APPROVED,
    OAStatus.REJECTED: ClaimState.REJECTED,
    OAStatus.TERMINATED: ClaimState.REJECTED,
    OAStatus.RETURNED: ClaimState.RETURNED,
    OAStatus.WITHDRAWN: ClaimState.WITHDRAWN,
    OAStatus.REVOKED_AFTER_APPROVAL: ClaimState.REVOKED,
    OAStatus.DELETED: ClaimState.NEEDS_REVIEW,
    OAStatus.UNKNOWN: ClaimState.NEEDS_REVIEW,
}
"""What an OA status makes of a claim; DRAFT is no news."""


@dataclass(frozen=True)
class OpenApproval:
    """A job: find or create the approval of a submitted claim, then take its first snapshot."""

    transactions: Transactions
    oa: OfficeAutomation
    company_language: Language
    remind_after: timedelta
    now: Callable[[], datetime]

    def __call__(self, claim_id: ClaimId) -> None:
        """An OA that is away, or whose answer got lost, leaves the claim SUBMITTED; the scan tries again, looking first."""
        with self.transactions.read() as tx:
            claim = tx.claims.get(claim_id)
        if claim.state is not ClaimState.SUBMITTED:
            return
        draft = approval_draft(claim, self.company_language)
        try:
            ref = self.oa.find_by_key(draft.idempotency_key) or self.oa.create(draft)
            snapshot = self._explained(claim, self.oa.get(ref))
        except (OAUnavailable, OAResultUnknown):
            return
        with self.transactions.write() as tx:
            apply_snapshot(tx, claim_id, claim.round, snapshot, self.now(), self.remind_after)

    def _explained(self, claim: Claim, snapshot: OASnapshot) -> OASnapshot:
        """What no person decided says on the OA's record why; once, though the job may run again."""
        if claim.plan.steps or claim.plan.reason is None or any(said.by == POLICY for said in snapshot.comments):
            return snapshot
        said = Message("Approved by policy {version}: {reason}", version=claim.policy_version, reason=claim.plan.reason)
        self.oa.comment(snapshot.ref, POLICY, self.company_language.say(said))
        return self.oa.get(snapshot.ref)


def approval_draft(claim: Claim, language: Language) -> ApprovalDraft:
    """The approval as the OA gets it: from the step that returned it on, when it was returned."""
    steps = claim.plan.steps
    ids = [step.id for step in steps]
    if claim.resume_at in ids:
        steps = steps[ids.index(claim.resume_at) :]
    return ApprovalDraft(
        idempotency_key=f"{claim.id}:{claim.round}",
        title=f"{claim.reference} {claim.claimed}",
        initiator=claim.submitter,
        fields={"reference": claim.reference, "total": str(claim.claimed), "purpose": claim.purpose},
        nodes=tuple(ApprovalNode(step.id, language.say(step.name), step.approvers, step.rule.value) for step in steps),
    )


def apply_snapshot(
    tx: Transaction,
    claim_id: ClaimId,
    round_: int,
    snapshot: OASnapshot,
    now: datetime,
    remind_after: timedelta = timedelta(hours=24),
) -> Claim:
    """Follow the OA: an older snapshot, or one of an earlier round, changes nothing.

    Whoever has a pending task is reminded once, `remind_after` from now.
    """
    claim = tx.claims.get(claim_id)
    if claim.round != round_ or snapshot.version <= claim.oa_version:
        return claim
    claim = replace(claim, oa=snapshot.ref, oa_version=snapshot.version, tasks=snapshot.tasks)
    claim = _followed(claim, STATE_OF.get(snapshot.status, claim.state))
    tx.claims.save(claim)
    settle_invoices(tx, claim, now)
    pending = claim.open_tasks() if claim.state is ClaimState.PENDING else ()
    tx.reminders.keep(claim.id, [task.id for task in pending], now + remind_after)
    tx.cards.changed(Subject(f"claim:{claim.id}"))
    tx.audit(
        entry(
            now,
            snapshot.ref.system,
            "snapshot",
            f"claim:{claim.id}",
            round=claim.round,
            status=snapshot.status.value,
            state=claim.state.value,
            oa_version=snapshot.version,
        )
    )
    return claim


def _followed(claim: Claim, to: ClaimState) -> Claim:
    """What the table of states does not foresee is for a person to look at; what has ended stays ended."""
    if claim.state is ClaimState.SUBMITTED and to is not claim.state:
        claim = claim.move(ClaimState.PENDING)  # it is in the OA
    if to is claim.state or (claim.state is ClaimState.WITHDRAWING and to is ClaimState.PENDING):
        return claim
    allowed = MOVES.get(claim.state, frozenset())
    if to not in allowed:
        to = ClaimState.NEEDS_REVIEW
    if to not in allowed:
        return claim
    returned_by = [task.node_id for task in claim.tasks if task.status is TaskStatus.RETURNED]
    return claim.move(to, resume_at=returned_by[-1] if to is ClaimState.RETURNED and returned_by else claim.resume_at)


def settle_invoices(tx: Transaction, claim: Claim, now: datetime) -> None:
    """Drafts again after a return or withdrawal; the number is free again after a rejection or withdrawal.

    An invoice that has gone on to another claim since is left alone.
    """
    for line in claim.lines:
        invoice = tx.invoices.get(line.invoice_id)
        if invoice.claim_id != claim.id:
            continue
        if claim.state in (ClaimState.REJECTED, ClaimState.WITHDRAWN):
            tx.invoices.release(invoice.id)
        if claim.state is ClaimState.RETURNED and invoice.state is InvoiceState.CLAIMED:
            tx.invoices.save(invoice.move(InvoiceState.DRAFT, since=now))
        if claim.state is ClaimState.WITHDRAWN:
            draft = invoice if invoice.state is InvoiceState.DRAFT else invoice.move(InvoiceState.DRAFT)
            tx.invoices.save(replace(draft, claim_id=None, since=now))
        tx.cards.changed(Subject(f"document:{invoice.document_id}"))
