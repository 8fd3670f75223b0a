"""Fetch an original, keep it, read it, check what was found."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from core.audit import entry
from core.document import Document, DocumentState, Reading
from core.errors import Unreadable
from core.ids import DocumentId, InvoiceId
from core.invoice import Invoice, InvoiceState, Kind, ReadInvoice
from core.policy import Policy, guess_category
from core.ports import ChatFiles, DocumentReader, Storage, Subject, Transactions
from core.use_cases.check_invoice import CheckInvoice

ATTACHMENTS = frozenset({Kind.NOT_INVOICE, Kind.RIDE_ITINERARY, Kind.TILL_SLIP})


@dataclass(frozen=True)
class ReadDocument:
    """Three parts: fetch and keep the original, read it in another process, save all of it at once."""

    transactions: Transactions
    files: ChatFiles
    storage: Storage
    reader: DocumentReader
    check: CheckInvoice
    policy: Policy
    new_id: Callable[[], str]
    now: Callable[[], datetime]

    def __call__(self, document_id: DocumentId) -> None:
        with self.transactions.read() as tx:
            document = tx.documents.get(document_id)
        if document.state is not DocumentState.RECEIVED:
            return
        try:
            document, content = self._original(document)
            reading = self.reader.read(content, document.name)
        except Unreadable as problem:
            self._give_up(document, problem)
        else:
            self._save(document, reading)

    def _original(self, document: Document) -> tuple[Document, bytes]:
        if document.original:
            return document, self.storage.get(document.original)
        name, content = self.files.download(document.chat_file)
        key = self.storage.put(content)
        with self.transactions.write() as tx:
            kept = replace(tx.documents.get(document.id), name=name, size=len(content), original=key)
            tx.documents.save(kept)
            return tx.documents.get(document.id), content

    def _give_up(self, document: Document, problem: Unreadable) -> None:
        with self.transactions.write() as tx:
            ended = tx.documents.get(document.id).finish(
                DocumentState.UNREADABLE, problem=problem.message, problem_code=problem.code
            )
            tx.documents.save(ended)
            tx.cards.changed(Subject(f"document:{document.id}"))
            tx.audit(entry(self.now(), "bot", "unreadable", f"document:{document.id}", code=problem.code))

    def _save(self, document: Document, reading: Reading) -> None:
        previews = {page: self.storage.put(picture) for page, picture in reading.previews.items()}
        with self.transactions.write() as tx:
            tx.documents.save(tx.documents.get(document.id).finish(DocumentState.READ, previews=previews))
            for found in reading.invoices:
                invoice = self._invoice(document, found)
                tx.invoices.add(invoice)
                result = self.check(tx, invoice)
                tx.audit(
                    entry(
                        self.now(),
                        "bot",
                        "read",
                        f"invoice:{invoice.id}",
                        document=document.id,
                        kind=found.kind.value,
                        questions=len(invoice.questions()),
                        findings=" ".join(finding.code for finding in result.findings),
                    )
                )
            tx.cards.changed(Subject(f"document:{document.id}"))

    def _invoice(self, document: Document, found: ReadInvoice) -> Invoice:
        return Invoice(
            id=InvoiceId(self.new_id()),
            document_id=document.id,
            owner=document.owner,
            reading=found,
            state=InvoiceState.ATTACHMENT if found.kind in ATTACHMENTS else InvoiceState.DRAFT,
            category=guess_category(found.lines, found.fields, self.policy),
            practice=document.practice,
        )
