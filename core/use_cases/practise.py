"""Practice: the sample is really read, checked and corrected; who approves it is pretended, and the OA hears nothing.

There is no claim in it. Lists, figures, searches and reminders are about claims, and so is the OA.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core import practice
from core.audit import entry
from core.document import Document
from core.errors import Refused
from core.ids import DocumentId, InvoiceId, PersonId
from core.invoice import Invoice, InvoiceState
from core.messages import Message
from core.ports import Job, Storage, Subject, Transaction, Transactions
from core.use_cases.check_invoice import CheckInvoice
from core.use_cases.edit_draft import own_draft
from core.use_cases.submit_claim import in_the_way, total_of


@dataclass(frozen=True)
class StartPractice:
    """The sample comes in as if this person had sent it."""

    transactions: Transactions
    storage: Storage
    sample: bytes
    new_id: Callable[[], str]
    now: Callable[[], datetime]

    def __call__(self, by: PersonId) -> None:
        """One practice at a time, as often as one likes. Raises Refused."""
        original = self.storage.put(self.sample)
        with self.transactions.write() as tx:
            if tx.documents.is_practising(by):
                raise Refused(
                    Message("You are practising already: finish or discard the practice invoice that is there."),
                    code="E-PRACTISING",
                )
            document = Document(
                id=DocumentId(self.new_id()),
                owner=by,
                name=practice.NAME,
                chat_file="practice",
                place=f"practice/{self.new_id()}",
                received_at=self.now(),
                size=len(self.sample),
                original=original,
                practice=True,
            )
            tx.documents.add(document)
            tx.enqueue(Job("read_document", document.id, {"document": document.id}, queue="reading"))
            tx.cards.changed(Subject(f"document:{document.id}"))
            tx.audit(entry(self.now(), by, "practised", f"document:{document.id}"))


@dataclass(frozen=True)
class SubmitPractice:
    """Submit of a practice invoice: a pretend approver gets it."""

    transactions: Transactions
    check: CheckInvoice
    now: Callable[[], datetime]

    def __call__(self, invoice_id: InvoiceId, by: PersonId) -> None:
        """Raises Refused as a real one would be."""
        with self.transactions.write() as tx:
            invoice = own_draft(tx, invoice_id, by)
            if not invoice.practice:
                raise Refused(Message("This is no practice; press Submit on its draft."), code="E-NO-PRACTICE")
            obstacle = in_the_way(invoice, self.check.look(tx, invoice).findings)
            if obstacle is not None:
                raise obstacle
            tx.invoices.pretend_at(invoice_id, self.now() + practice.PRETEND_AFTER)
            _moved(tx, invoice, InvoiceState.CLAIMED)


@dataclass(frozen=True)
class PretendDecision:
    """A job: the pretend approver approves."""

    transactions: Transactions

    def __call__(self, invoice_id: InvoiceId) -> None:
        """Twice is once."""
        with self.transactions.write() as tx:
            invoice = tx.invoices.get(invoice_id)
            if invoice.practice and invoice.state is InvoiceState.CLAIMED:
                _moved(tx, invoice, InvoiceState.SETTLED)


def practice_outcome(invoice: Invoice) -> Message:
    """How practice ended, with what would have come of it."""
    return Message(
        "Practice: the sample invoice is approved, {total}, by a pretend approver. A real one would go to payment now. "
        "Nothing reached the OA, and nobody was asked. Now send a real invoice.",
        total=total_of(invoice),
    )


def _moved(tx: Transaction, invoice: Invoice, to: InvoiceState) -> None:
    tx.invoices.save(invoice.move(to))
    tx.cards.changed(Subject(f"document:{invoice.document_id}"))
