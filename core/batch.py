"""Many files in one message: what became of each invoice in them, in four buckets that always sum."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from core.document import Document, DocumentState
from core.ids import BatchId, InvoiceId, PersonId
from core.invoice import Finding, Invoice, InvoiceState, Severity
from core.messages import Message

MOST_FILES = 30
"""Files of one message that are read; the others are named."""


@dataclass(frozen=True)
class Batch:
    """A message with files. Its id is the place it came in.

    `left_out` names the files beyond MOST_FILES. `opened`: its owner wants the draft cards one by one.
    """

    id: BatchId
    owner: PersonId
    left_out: tuple[str, ...] = ()
    opened: bool = False
    version: int = 0


class Bucket(StrEnum):
    """What a thing in a file turned out to be. READY is a draft that can be submitted, perhaps after a question."""

    READY = "ready"
    DUPLICATE = "duplicate"
    ATTACHMENT = "attachment"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Found:
    """A file and what was found in it.

    `findings` are the checks', by invoice. `twins` say of a duplicate, by the id of its document or invoice, where the
    first is.
    """

    document: Document
    invoices: Sequence[Invoice] = ()
    findings: Mapping[InvoiceId, Sequence[Finding]] = field(default_factory=dict)
    twins: Mapping[str, Message] = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """One invoice, or one file in which none was found. `said`: what happened and what to do, unless it is ready.

    `part` is the file inside an archive.
    """

    file: str
    bucket: Bucket
    said: Message | None = None
    code: str | None = None
    page: int | None = None
    part: str = ""
    invoice: Invoice | None = None

    @property
    def loose(self) -> bool:
        """A draft that still waits for its owner and belongs to no claim."""
        return self.invoice is not None and self.invoice.state is InvoiceState.DRAFT and self.invoice.claim_id is None

    @property
    def to_confirm(self) -> bool:
        """Whether something has to be confirmed first."""
        return self.loose and self.invoice is not None and bool(self.invoice.questions())


@dataclass(frozen=True)
class Reconciliation:
    """What became of a message's files: `read` of `files` so far."""

    batch: Batch
    files: int
    read: int
    items: tuple[Item, ...]

    @property
    def done(self) -> bool:
        return self.read == self.files

    def of(self, bucket: Bucket) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.bucket is bucket)

    @property
    def not_ready(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.bucket is not Bucket.READY)

    @property
    def ready(self) -> tuple[Invoice, ...]:
        """The drafts that can be put into a claim, perhaps after a question."""
        return tuple(item.invoice for item in self.of(Bucket.READY) if item.loose and item.invoice is not None)


def reconcile(batch: Batch, found: Sequence[Found]) -> Reconciliation:
    """Every invoice, and every file without one, in exactly one bucket. Pure."""
    return Reconciliation(
        batch=batch,
        files=len(found),
        read=sum(each.document.state is not DocumentState.RECEIVED for each in found),
        items=tuple(item for each in found for item in _items(each)),
    )


def _items(found: Found) -> Iterator[Item]:
    document = found.document
    if document.state is DocumentState.RECEIVED:
        return
    if document.state is DocumentState.UNREADABLE:
        yield Item(document.name, Bucket.PROBLEM, document.problem, document.problem_code)
    elif document.same_as is not None:
        yield Item(document.name, Bucket.DUPLICATE, found.twins[document.id])
    else:
        several = len(found.invoices) > 1
        for invoice in found.invoices:
            bucket, said = _bucket(invoice, found)
            # The pages of an archive are counted through all its files, which says nothing to people.
            page = invoice.reading.page if several and not invoice.reading.part else None
            yield Item(document.name, bucket, said, page=page, part=invoice.reading.part, invoice=invoice)
        for problem in document.problems:
            yield Item(document.name, Bucket.PROBLEM, problem.message, problem.code, part=problem.name)


def _bucket(invoice: Invoice, found: Found) -> tuple[Bucket, Message | None]:
    """A draft that blocks is a problem; one whose number somebody else holds is a duplicate."""
    stops = [each for each in found.findings.get(invoice.id, ()) if each.severity is Severity.BLOCK]
    if invoice.state is InvoiceState.DUPLICATE:
        return Bucket.DUPLICATE, found.twins[invoice.id]
    if invoice.state is InvoiceState.ATTACHMENT:
        named = [each.message for each in found.findings.get(invoice.id, ()) if each.code == "K1"]
        return Bucket.ATTACHMENT, named[0] if named else Message(
            "This is not an invoice. Please send the invoice itself."
        )
    if invoice.state is not InvoiceState.DRAFT or not stops:
        return Bucket.READY, None
    twice = [each for each in stops if each.code == "U1"]
    return (Bucket.DUPLICATE, twice[0].message) if twice else (Bucket.PROBLEM, stops[0].message)
