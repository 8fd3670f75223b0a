"""Submit: the invoice is reserved across the company, a claim is opened or sent again, and the OA will be told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.audit import entry
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
from core.use_cases.check_invoice import CheckInvoice
from core.use_cases.edit_draft import own_draft


@dataclass(frozen=True)
class SubmitClaim:
    """Gather, check once more, choose the route, save."""

    transactions: Transactions
    check: CheckInvoice
    directory: Directory
    policy: Policy
    new_id: Callable[[], str]
    now: Callable[[], datetime]

    def __call__(self, invoice_id: InvoiceId, by: PersonId) -> Claim:
        """The claim. Raises Refused with the sentence of what stands in the way; then at most the findings are saved."""
        with self.transactions.write() as tx:
            invoice = own_draft(tx, invoice_id, by)
            findings = self.check.look(tx, invoice).findings
            refusal = self._refusal(tx, invoice, findings)
            if refusal is None:
                claim = self._submit(tx, invoice, findings)
            # After the draft was saved: of two presses at once the later one has ended there.
            tx.findings.replace(invoice.id, findings)
            tx.cards.changed(Subject(f"document:{invoice.document_id}"))
        if refusal is not None:
            raise refusal
        return claim

    def _refusal(self, tx: Transaction, invoice: Invoice, findings: tuple[Finding, ...]) -> Refused | None:
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
        identity = invoice.identity()
        if identity and tx.invoices.reserve(identity, invoice.id) is not None:
            return Refused(
                Message("This invoice has just been submitted by somebody else. Nothing was submitted."), code="E-U1"
            )
        return None

    def _submit(self, tx: Transaction, invoice: Invoice, findings: tuple[Finding, ...]) -> Claim:
        now = self.now()
        plan = route_of(invoice, findings, self.policy, self.directory)
        total = total_of(invoice)
        lines = (ClaimLine(invoice.id, total=total, claimed=total),)
        if invoice.claim_id is None:
            claim = Claim(
                id=ClaimId(self.new_id()),
                reference=tx.claims.next_reference(now.year),
                submitter=invoice.owner,
                beneficiary=invoice.owner,
                payee=invoice.owner,
                paying_entity=self.directory.person(invoice.owner).entity,
                means=Means.OWN_MONEY,
                lines=lines,
                plan=plan,
                policy_version=self.policy.version,
                submitted_at=now,
                purpose=invoice.purpose,
                category=invoice.category,
            )
            tx.claims.add(claim)
        else:
            claim = self._again(tx, tx.claims.get(invoice.claim_id), lines, plan, invoice)
        tx.invoices.save(invoice.move(InvoiceState.CLAIMED, claim_id=claim.id))
        tx.enqueue(Job("open_approval", f"{claim.id}:{claim.round}", {"claim": claim.id}))
        tx.audit(
            entry(
                now,
                invoice.owner,
                "submitted",
                f"claim:{claim.id}",
                round=claim.round,
                reference=claim.reference,
                invoice=invoice.id,
                policy=claim.policy_version,
                claimed=str(claim.claimed),
                steps=" ".join(step.id for step in claim.plan.steps),
            )
        )
        return claim

    def _again(
        self, tx: Transaction, claim: Claim, lines: tuple[ClaimLine, ...], plan: Plan, invoice: Invoice
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
            purpose=invoice.purpose,
            category=invoice.category,
            resume_at=None if raised else claim.resume_at,
            oa=None,
            oa_version=0,
            tasks=(),
        )
        tx.claims.save(again)
        tx.cards.changed(Subject(f"claim:{claim.id}"))
        return again


def total_of(invoice: Invoice) -> Money:
    """The invoice's total; Refused when there is none."""
    total = invoice.reading.amount(FieldName.TOTAL)
    if total is None:
        raise Refused(Message("The total is missing. Nothing was submitted."), code="E-NO-TOTAL")
    return Money(total)


def route_of(invoice: Invoice, findings: tuple[Finding, ...], policy: Policy, directory: Directory) -> Plan:
    """The route this invoice would take alone. Raises Refused when nobody may decide."""
    owner = directory.people.get(invoice.owner)
    return choose_route(
        RouteFacts(
            submitter=invoice.owner,
            beneficiary=invoice.owner,
            payee=invoice.owner,
            total=total_of(invoice),
            entity=owner.entity if owner else "",
            category=invoice.category,
            cost_centre=owner.cost_centre if owner else None,
            has_entered_fields=any(seen.state is FieldState.ENTERED for seen in invoice.reading.fields.values()),
            warnings=sum(finding.severity is not Severity.NOTE for finding in findings),
        ),
        policy,
        directory,
    )
