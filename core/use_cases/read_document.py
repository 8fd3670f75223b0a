"""Fetch an original, keep it, read it unless it was read before, check what was found."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from core.audit import entry
from core.document import Document, DocumentState, Reading
from core.errors import Unreadable
from core.ids import DocumentId, InvoiceId
from core.invoice import ATTACHED, Invoice, InvoiceState, ReadInvoice
from core.policy import Policy, guess_category
from core.ports import ChatFiles, DocumentReader, Storage, Subject, Transaction, Transactions
from core.reading.merging import contradictions
from core.use_cases.check_invoice import CheckInvoice
from core.use_cases.twins import earlier_file, earlier_invoice


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
            if document.state is not DocumentState.RECEIVED:
                return
            reading = self.reader.read(content, document.name)
        except Unreadable as problem:
            self._give_up(document, problem)
        else:
            self._save(document, reading)

    def _original(self, document: Document) -> tuple[Document, bytes]:
        """The document with its original kept; it ends here when its owner sent the same bytes before."""
        if document.original:
            return document, self.storage.get(document.original)
        name, content = self.files.download(document.chat_file)
        key = self.storage.put(content)
        with self.transactions.write() as tx:
            tx.documents.hold(document.owner)
            kept = replace(tx.documents.get(document.id), name=name, size=len(content), original=key)
            first = earlier_file(tx, kept, key)
            if first is not None:
                kept = kept.finish(DocumentState.READ, same_as=first.id)
                for subject in (document.id, first.id):
                    tx.cards.changed(Subject(f"document:{subject}"))
                tx.audit(entry(self.now(), "bot", "same file", f"document:{document.id}", first=first.id))
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
            tx.documents.hold(document.owner)
            ended = tx.documents.get(document.id).finish(
                DocumentState.READ, previews=previews, problems=reading.problems
            )
            tx.documents.save(ended)
            if reading.problems:
                codes = " ".join(problem.code for problem in reading.problems)
                tx.audit(entry(self.now(), "bot", "partly read", f"document:{document.id}", codes=codes))
            for found in reading.invoices:
                invoice = self._invoice(document, found)
                first = earlier_invoice(tx, invoice) if invoice.state is InvoiceState.DRAFT else None
                if first is not None:
                    invoice = invoice.move(InvoiceState.DUPLICATE, same_as=first.id)
                tx.invoices.add(invoice)
                if first is not None:
                    self._another_original(tx, first, invoice)
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
                        same_as=invoice.same_as,
                    )
                )
            tx.cards.changed(Subject(f"document:{document.id}"))

    def _invoice(self, document: Document, found: ReadInvoice) -> Invoice:
        return Invoice(
            id=InvoiceId(self.new_id()),
            document_id=document.id,
            owner=document.owner,
            reading=found,
            state=InvoiceState.ATTACHMENT if found.kind in ATTACHED else InvoiceState.DRAFT,
            category=guess_category(found.lines, found.fields, self.policy),
            practice=document.practice,
            since=self.now(),
        )

    def _replace(self, tx: Transaction, invoice: Invoice, reading: ReadInvoice) -> None:
        tx.invoices.save(replace(invoice, reading=reading, since=self.now()))
        self.check(tx, tx.invoices.get(invoice.id))

    def _another_original(self, tx: Transaction, first: Invoice, later: Invoice) -> None:
        """The first reading stays, unless it has open questions that this original answers all.

        What both say surely and differently is a finding of the first.
        """
        tx.cards.changed(Subject(f"document:{first.document_id}"))
        if first.state is not InvoiceState.DRAFT:
            return
        if differing := contradictions(first.reading, later.reading):
            new = [each for each in differing if each not in first.reading.findings]
            self._replace(tx, first, replace(first.reading, findings=(*first.reading.findings, *new)))
            return
        if not first.questions() or later.questions():
            return
        # Where it stands, for its picture, is said of the first original.
        reading = replace(later.reading, page=first.reading.page, place=first.reading.place)
        self._replace(tx, first, reading)
        tx.audit(
            entry(
                self.now(),
                "bot",
                "reading replaced",
                f"invoice:{first.id}",
                document=later.document_id,
                answered=" ".join(name.value for name in first.questions()),
            )
        )
