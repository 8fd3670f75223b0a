"""Submit: the invoices are reserved across the company, a claim is opened or sent again, and the OA will be told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from core.audit import entry
from core.auto_approval import AutoFacts, auto_approval, is_sampled
from core.claim import Claim, ClaimLine, ClaimState, Means, Plan
from core.directory import Directory
from core.errors import Refused
from core.ids import ClaimId, InvoiceId, PersonId
from core.invoice import FieldName, FieldState, Finding, Invoice, InvoiceState, Severity
from core.messages import Message
from core.money import Money
from core.policy import Policy
from core.ports import Job, Subject, Transaction, Transactions
from core.routing import RouteFacts, choose_route
from core.use_cases.check_invoice import COMPANY_ZONE, CheckInvoice
from core.use_cases.edit_draft import own_draft


@dataclass(frozen=True)
class SubmitClaim:
    """Gather, check once more, choose the route, save. `secret` draws the sample for audit."""

    transactions: Transactions
    check: CheckInvoice
    directory: Directory
    policy: Policy
    secret: bytes
    new_id: Callable[[], str]
    now: Callable[[], datetime]

    def __call__(self, invoice_id: InvoiceId, by: PersonId) -> Claim:
        """The claim of one draft; any draft of a claim that was sent back sends the whole claim again.

        Raises Refused with the sentence of what stands in the way; then at most the findings are saved.
        """
        return self._submitted(lambda tx: with_its_claim(tx, own_draft(tx, invoice_id, by)))

    def together(self, invoice_ids: Iterable[InvoiceId], by: PersonId, purpose: str = "") -> Claim:
        """One new claim with a line for each draft, in this order. A purpose becomes every draft's. Raises Refused."""
        return self._submitted(lambda tx: [_loose_draft(tx, each, by, purpose) for each in dict.fromkeys(invoice_ids)])

    def _submitted(self, gather: Callable[[Transaction], Sequence[Invoice]]) -> Claim:
        with self.transactions.write() as tx:
            invoices = gather(tx)
            findings = {each.id: self.check.look(tx, each).findings for each in invoices}
            refusal = _refusal(tx, invoices, findings)
            if refusal is None:
                claim = self._submit(tx, invoices, [each for found in findings.values() for each in found])
            # After the drafts were saved: of two presses at once the later one has ended there.
            for invoice in _in_order(invoices):
                tx.findings.replace(invoice.id, findings[invoice.id])
                tx.cards.changed(Subject(f"document:{invoice.document_id}"))
        if refusal is not None:
            raise refusal
        return claim

    def _submit(self, tx: Transaction, invoices: Sequence[Invoice], findings: Sequence[Finding]) -> Claim:
        now = self.now()
        owner, claim_id = invoices[0].owner, invoices[0].claim_id
        plan = plan_of(tx, invoices, findings, self.policy, self.directory, now)
        lines = tuple(ClaimLine(each.id, total=total_of(each), claimed=total_of(each)) for each in invoices)
        if claim_id is None:
            claim = Claim(
                id=ClaimId(self.new_id()),
                reference=tx.claims.next_reference(now.year),
                submitter=owner,
                beneficiary=owner,
                payee=owner,
                paying_entity=self.directory.person(owner).entity,
                means=Means.OWN_MONEY,
                lines=lines,
                plan=plan,
                policy_version=self.policy.version,
                submitted_at=now,
                purpose=purpose_of(invoices),
                category=category_of(invoices),
            )
            tx.claims.add(claim)
        else:
            claim = self._again(tx, tx.claims.get(claim_id), lines, plan, invoices)
        for invoice in _in_order(invoices):
            tx.invoices.save(invoice.move(InvoiceState.CLAIMED, claim_id=claim.id))
        tx.enqueue(Job("open_approval", f"{claim.id}:{claim.round}", {"claim": claim.id}))
        if not plan.steps:
            self._approved_by_policy(tx, claim, invoices)
        tx.audit(
            entry(
                now,
                owner,
                "submitted",
                f"claim:{claim.id}",
                round=claim.round,
                reference=claim.reference,
                invoice=" ".join(line.invoice_id for line in claim.lines),
                policy=claim.policy_version,
                claimed=str(claim.claimed),
                steps=" ".join(step.id for step in claim.plan.steps),
            )
        )
        return claim

    def _approved_by_policy(self, tx: Transaction, claim: Claim, invoices: Sequence[Invoice]) -> None:
        """Part of the month's sum is spent, which other drafts tell of; some claims are shown to finance afterwards."""
        for _, draft in tx.invoices.drafts_of(claim.submitter):
            tx.cards.changed(Subject(f"document:{draft.document_id}"))
        sampled = is_sampled(self.secret, invoices, self.policy.auto_approve.audit_sample_percent)
        if sampled:
            tx.cards.changed(Subject(f"audit:{claim.id}"))
        facts = {"policy": claim.policy_version, "sampled": str(sampled).lower()}
        tx.audit(entry(self.now(), "policy", "approved", f"claim:{claim.id}", **facts))

    def _again(
        self, tx: Transaction, claim: Claim, lines: tuple[ClaimLine, ...], plan: Plan, invoices: Sequence[Invoice]
    ) -> Claim:
        """The next round; it resumes at the step that returned it unless more money is asked for."""
        raised = sum((line.claimed.amount for line in lines), Decimal(0)) > claim.claimed.amount
        again = claim.move(
            ClaimState.SUBMITTED,
            round=claim.round + 1,
            lines=lines,
            plan=plan,
            policy_version=self.policy.version,
            submitted_at=self.now(),
            purpose=purpose_of(invoices),
            category=category_of(invoices),
            resume_at=None if raised else claim.resume_at,
            oa=None,
            oa_version=0,
            tasks=(),
        )
        tx.claims.save(again)
        tx.cards.changed(Subject(f"claim:{claim.id}"))
        return again


def with_its_claim(tx: Transaction, draft: Invoice) -> tuple[Invoice, ...]:
    """The drafts that are submitted together with this one: all lines of a claim that was sent back, else it alone."""
    if draft.claim_id is None:
        return (draft,)
    lines = tx.claims.get(draft.claim_id).lines
    return tuple(own_draft(tx, line.invoice_id, draft.owner) for line in lines)


def _loose_draft(tx: Transaction, invoice_id: InvoiceId, by: PersonId, purpose: str) -> Invoice:
    invoice = own_draft(tx, invoice_id, by)
    if invoice.claim_id is not None:
        raise Refused(
            Message("One of these came back with another claim and is sent again with it. Nothing was submitted."),
            code="E-IN-CLAIM",
        )
    return replace(invoice, purpose=purpose or invoice.purpose)


def _refusal(
    tx: Transaction, invoices: Sequence[Invoice], findings: Mapping[InvoiceId, tuple[Finding, ...]]
) -> Refused | None:
    """What stands in the way, of several invoices with the one it is about; else their identities are reserved."""
    if any(each.practice for each in invoices):
        return Refused(Message("This is practice, so there is nothing to claim."), code="E-PRACTICE")
    for invoice in invoices:
        refusal = in_the_way(invoice, findings[invoice.id])
        if refusal is not None:
            return _about(invoice, refusal, alone=len(invoices) == 1)
    reserved: list[Invoice] = []
    # In one order, so that two who submit the same invoices never wait for each other.
    for invoice in sorted(invoices, key=lambda each: each.identity() or ""):
        identity = invoice.identity()
        holder = tx.invoices.reserve(identity, invoice.id) if identity else None
        if holder is None:
            reserved.append(invoice)
            continue
        for each in reserved:
            if each.claim_id is None:
                tx.invoices.release(each.id)
        reason = _TWICE if holder in findings else _FASTER
        return _about(invoice, Refused(reason, code="E-U1"), alone=len(invoices) == 1)
    return None


_TWICE = Message("This invoice is among them twice. Discard one of the two drafts. Nothing was submitted.")
_FASTER = Message("This invoice has just been submitted by somebody else. Nothing was submitted.")


def in_the_way(invoice: Invoice, findings: Iterable[Finding]) -> Refused | None:
    """What an invoice itself lacks to be submitted."""
    if invoice.questions():
        return Refused(
            Message(
                "{count} fields still have to be confirmed on the draft. Nothing was submitted.",
                count=len(invoice.questions()),
            ),
            code="E-QUESTIONS",
        )
    for finding in findings:
        if finding.severity is Severity.BLOCK:
            return Refused(Message("Not submitted: {reason}", reason=finding.message), code=f"E-{finding.code}")
    return None


def _about(invoice: Invoice, refusal: Refused, *, alone: bool) -> Refused:
    """The refusal; among several with the invoice's number before it."""
    if alone:
        return refusal
    number = invoice.reading.value(FieldName.NUMBER) or invoice.reading.value(FieldName.SELLER_NAME) or "–"
    return Refused(Message("Invoice {number}: {reason}", number=number, reason=refusal.message), code=refusal.code)


def _in_order(invoices: Iterable[Invoice]) -> list[Invoice]:
    """The order in which rows are locked, the same for everybody."""
    return sorted(invoices, key=lambda each: each.id)


def purpose_of(invoices: Iterable[Invoice]) -> str:
    """Every purpose once."""
    return "; ".join(dict.fromkeys(each.purpose for each in invoices if each.purpose))


def category_of(invoices: Iterable[Invoice]) -> str | None:
    """The one they share; None when they differ."""
    shared = {each.category for each in invoices}
    return shared.pop() if len(shared) == 1 else None


def total_of(invoice: Invoice) -> Money:
    """The invoice's total; Refused when there is none."""
    total = invoice.reading.amount(FieldName.TOTAL)
    if total is None:
        raise Refused(Message("The total is missing. Nothing was submitted."), code="E-NO-TOTAL")
    return Money(total, invoice.reading.currency())


def plan_of(
    tx: Transaction,
    invoices: Sequence[Invoice],
    findings: Iterable[Finding],
    policy: Policy,
    directory: Directory,
    now: datetime,
) -> Plan:
    """The route, or none where policy approves at once. Raises Refused when nobody may decide.

    When writing, others who would spend the same month's sum wait here until this transaction ends.
    """
    found = tuple(findings)
    route = route_of(invoices, found, policy, directory)
    month = now.astimezone(COMPANY_ZONE)
    answer = auto_approval(
        AutoFacts(
            invoices=tuple(invoices),
            findings=found,
            total=sum_of(invoices),
            spent=tx.claims.monthly_auto_approved(invoices[0].owner, month.year, month.month),
            sent_back=any(each.claim_id is not None for each in invoices),
        ),
        policy.auto_approve,
    )
    return Plan(() if answer.approved else route.steps, answer.reason)


def sum_of(invoices: Sequence[Invoice]) -> Money:
    """What they come to; Refused when a total is missing or they are in different currencies."""
    first, *others = [total_of(each) for each in invoices]
    if any(each.currency != first.currency for each in others):
        raise Refused(
            Message(
                "These invoices are in different currencies. Nothing was submitted; please submit each currency by itself."
            ),
            code="E-CURRENCIES",
        )
    return sum(others, start=first)


def route_of(invoices: Sequence[Invoice], findings: Iterable[Finding], policy: Policy, directory: Directory) -> Plan:
    """The route these invoices of one person take as one claim. Raises Refused when nobody may decide."""
    owner_id = invoices[0].owner
    owner = directory.people.get(owner_id)
    return choose_route(
        RouteFacts(
            submitter=owner_id,
            beneficiary=owner_id,
            payee=owner_id,
            total=sum_of(invoices),
            entity=owner.entity if owner else "",
            category=category_of(invoices),
            cost_centre=owner.cost_centre if owner else None,
            has_entered_fields=any(
                seen.state is FieldState.ENTERED for each in invoices for seen in each.reading.fields.values()
            ),
            warnings=sum(finding.severity is not Severity.NOTE for finding in findings),
        ),
        policy,
        directory,
    )
