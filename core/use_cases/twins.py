"""The same file, or the same invoice, sent again by the same person: which was first, and what is said of the later."""

from collections.abc import Sequence

from core.claim import ClaimState
from core.document import Document, DocumentState
from core.invoice import Invoice, InvoiceState
from core.messages import Message
from core.ports import Transaction
from core.reading.merging import contradictions

_COME_TO_NOTHING = frozenset({ClaimState.REJECTED, ClaimState.REVOKED})


def earlier_file(tx: Transaction, document: Document, original: str) -> Document | None:
    """The owner's document with the same bytes whose result still stands, or that is being read just now."""
    if document.practice:
        return None
    for each in tx.documents.with_original(document.owner, original):
        if each.id == document.id or each.same_as is not None or each.practice:
            continue
        if each.state is DocumentState.RECEIVED or any(_stands(tx, one) for one in tx.invoices.of_document(each.id)):
            return each
    return None


def earlier_invoice(tx: Transaction, invoice: Invoice) -> Invoice | None:
    """The owner's own invoice that has the same number and still stands."""
    identity = invoice.identity()
    if identity is None or invoice.practice:
        return None
    theirs = tx.invoices.with_identity(invoice.owner, identity)
    found = (each for each in theirs if each.state is not InvoiceState.DUPLICATE and _stands(tx, each))
    return next((each for each in found if each.id != invoice.id), None)


def _stands(tx: Transaction, invoice: Invoice) -> bool:
    """Whether sending it again would bring nothing new: not discarded, voided or rejected."""
    if invoice.state is InvoiceState.DUPLICATE and invoice.same_as is not None:
        first = tx.invoices.get(invoice.same_as)
        # A number corrected since then makes them two.
        return first.identity() == invoice.identity() and _stands(tx, first)
    if invoice.state in (InvoiceState.CLAIMED, InvoiceState.SETTLED):
        return invoice.claim_id is None or tx.claims.get(invoice.claim_id).state not in _COME_TO_NOTHING
    return invoice.state in (InvoiceState.DRAFT, InvoiceState.ATTACHMENT)


def same_file(tx: Transaction, document: Document) -> Message | None:
    """What is said of a file that was sent before; None for one that was not."""
    if document.same_as is None:
        return None
    first = tx.documents.get(document.same_as)
    if first.place == document.place:
        return Message("The same file as {file} in this message.", file=first.name)
    invoices = tx.invoices.of_document(first.id)
    return Message(
        "You sent this file before, on {time}. {where}", time=first.received_at, where=_whereabouts(tx, first, invoices)
    )


def same_invoice(tx: Transaction, invoice: Invoice) -> Message | None:
    """What is said of a duplicate; None for any other invoice."""
    if invoice.same_as is None:
        return None
    first = tx.invoices.get(invoice.same_as)
    document = tx.documents.get(first.document_id)
    if differing := contradictions(first.reading, invoice.reading):
        return Message(
            "It has the number of {file}, but is another: {first} there, {second} here. One of the two was changed. "
            "It is kept and cannot be submitted; please ask the seller which is right.",
            file=document.name,
            first=differing[0].evidence["first"],
            second=differing[0].evidence["second"],
        )
    if document.place == tx.documents.get(invoice.document_id).place:
        return Message("The same invoice as {file}; kept as another original of it.", file=document.name)
    return Message(
        "The same invoice as {file}; kept as another original of it. {where}",
        file=document.name,
        where=_whereabouts(tx, document, (first,)),
    )


def _whereabouts(tx: Transaction, document: Document, invoices: Sequence[Invoice]) -> Message:
    """Where the first one is now."""
    if document.state is DocumentState.RECEIVED:
        return Message("It is being read.")
    if document.state is DocumentState.UNREADABLE:
        return Message("It could not be read then.")
    claimed = [each for each in invoices if each.claim_id is not None and each.state is not InvoiceState.DRAFT]
    if claimed and claimed[0].claim_id is not None:
        claim = tx.claims.get(claimed[0].claim_id)
        return Message("It is in {reference}, submitted {time}.", reference=claim.reference, time=claim.submitted_at)
    if any(each.state is InvoiceState.DRAFT for each in invoices):
        return Message("Its draft still waits for you.")
    first = next((tx.invoices.get(each.same_as) for each in invoices if each.same_as is not None), None)
    if first is not None:
        return _whereabouts(tx, tx.documents.get(first.document_id), (first,))
    if any(each.state is InvoiceState.ATTACHMENT for each in invoices):
        return Message("It is no invoice.")
    return Message("Its draft was discarded.")
