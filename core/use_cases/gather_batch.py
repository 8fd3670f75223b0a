"""What became of a message's files, as the database says now. Called inside a use case's transaction."""

from core.batch import Batch, Found, Reconciliation, reconcile
from core.document import Document
from core.ids import BatchId
from core.messages import Message
from core.ports import Transaction
from core.use_cases.twins import same_file, same_invoice


def batch_of(tx: Transaction, document: Document) -> Batch:
    """The message a file came in. What came before messages were kept has its cards one by one."""
    batch_id = BatchId(document.place)
    return tx.batches.find(batch_id) or Batch(batch_id, document.owner, opened=True)


def came_alone(tx: Transaction, batch: Batch) -> bool:
    """Whether the message has one file only: then the file's own card tells of it."""
    return not batch.left_out and len(tx.documents.of_place(batch.id)) == 1


def gather(tx: Transaction, batch: Batch) -> Reconciliation:
    """The files of a message in their buckets."""
    return reconcile(batch, [_found(tx, document) for document in tx.documents.of_place(batch.id)])


def _found(tx: Transaction, document: Document) -> Found:
    invoices = tx.invoices.of_document(document.id)
    said: dict[str, Message | None] = {document.id: same_file(tx, document)}
    said |= {each.id: same_invoice(tx, each) for each in invoices}
    return Found(
        document,
        invoices,
        {each.id: tx.findings.of(each.id) for each in invoices},
        {id_: twin for id_, twin in said.items() if twin is not None},
    )
