"""Open the approval in the OA, and follow what the OA says of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from core.approval import ApprovalDraft, ApprovalNode, OASnapshot, OAStatus, OAUnavailable, TaskStatus
from core.audit import entry
from core.claim import Claim, ClaimState
from core.ids import ClaimId
from core.invoice import InvoiceState
from core.messages import Language
from core.ports import OfficeAutomation, Subject, Transaction, Transactions

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
    now: Callable[[], datetime]

    def __call__(self, claim_id: ClaimId) -> None:
        """An unavailable OA leaves the claim SUBMITTED; the scan of claims not opened tries again."""
        with self.transactions.read() as tx:
            claim = tx.claims.get(claim_id)
        if claim.state is not ClaimState.SUBMITTED:
            return
        draft = approval_draft(claim, self.company_language)
        try:
            ref = self.oa.find_by_key(draft.idempotency_key) or self.oa.create(draft)
            snapshot = self.oa.get(ref)
        except OAUnavailable:
            return
        with self.transactions.write() as tx:
            apply_snapshot(tx, claim_id, claim.round, snapshot, self.now())


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


def apply_snapshot(tx: Transaction, claim_id: ClaimId, round_: int, snapshot: OASnapshot, now: datetime) -> Claim:
    """Follow the OA: an older snapshot, or one of an earlier round, changes nothing."""
    claim = tx.claims.get(claim_id)
    if claim.round != round_ or snapshot.version <= claim.oa_version:
        return claim
    to = STATE_OF.get(snapshot.status, claim.state)
    claim = replace(claim, oa=snapshot.ref, oa_version=snapshot.version, tasks=snapshot.tasks)
    if claim.state is ClaimState.SUBMITTED and to not in (ClaimState.PENDING, ClaimState.APPROVED):
        claim = claim.move(ClaimState.PENDING)
    claim = _followed(claim, to)
    tx.claims.save(claim)
    _settle_invoices(tx, claim)
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
    if to is claim.state:
        return claim
    returned_by = [task.node_id for task in claim.tasks if task.status is TaskStatus.RETURNED]
    return claim.move(to, resume_at=returned_by[-1] if to is ClaimState.RETURNED and returned_by else claim.resume_at)


def _settle_invoices(tx: Transaction, claim: Claim) -> None:
    """Drafts again after a return or withdrawal; the number is free again after a rejection or withdrawal."""
    for line in claim.lines:
        invoice = tx.invoices.get(line.invoice_id)
        if claim.state in (ClaimState.REJECTED, ClaimState.WITHDRAWN):
            tx.invoices.release(invoice.id)
        if claim.state is ClaimState.RETURNED and invoice.state is InvoiceState.CLAIMED:
            tx.invoices.save(invoice.move(InvoiceState.DRAFT))
        if claim.state is ClaimState.WITHDRAWN and invoice.state is InvoiceState.CLAIMED:
            tx.invoices.save(invoice.move(InvoiceState.DRAFT, claim_id=None))
        tx.cards.changed(Subject(f"document:{invoice.document_id}"))
