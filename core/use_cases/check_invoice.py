"""Check a draft with what the database knows, and keep what was found. Called inside a use case's transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core import practice
from core.checks import CheckFacts, CheckResult, run_checks
from core.directory import Directory
from core.invoice import Invoice
from core.policy import Policy
from core.ports import Transaction

COMPANY_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class CheckInvoice:
    """Gather facts, run the checks, replace the findings."""

    directory: Directory
    policy: Policy
    now: Callable[[], datetime]

    def __call__(self, tx: Transaction, invoice: Invoice) -> CheckResult:
        result = self.look(tx, invoice)
        tx.findings.replace(invoice.id, result.findings)
        return result

    def look(self, tx: Transaction, invoice: Invoice) -> CheckResult:
        """The same without keeping the findings."""
        if invoice.practice:
            return run_checks(_practice_facts(invoice), self.policy)
        owner = self.directory.people.get(invoice.owner)
        facts = CheckFacts(
            reading=invoice.reading,
            entities=tuple(self.directory.entities.values()),
            paying_entity=owner.entity if owner else None,
            today=self.now().astimezone(COMPANY_ZONE).date(),
            original=invoice.reading.is_original(),
            seen_elsewhere=self._held_by_another(tx, invoice),
        )
        return run_checks(facts, self.policy)

    def _held_by_another(self, tx: Transaction, invoice: Invoice) -> str | None:
        """The reference finance can open, when another invoice holds this one's identity."""
        identity = invoice.identity()
        holder = tx.invoices.holder_of(identity) if identity else None
        if holder is None or holder == invoice.id:
            return None
        claim_id = tx.invoices.get(holder).claim_id
        return tx.claims.get(claim_id).reference if claim_id else holder


def _practice_facts(invoice: Invoice) -> CheckFacts:
    """The sample looks right for ever, to the company it is billed to."""
    return CheckFacts(
        reading=invoice.reading,
        entities=(practice.BUYER,),
        paying_entity=practice.BUYER.id,
        today=practice.TODAY,
        original=invoice.reading.is_original(),
        seen_elsewhere=None,
        practice=True,
    )
