"""Files came in: each becomes a document that is read by a job, and its owner sees that it is being read."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.audit import entry
from core.batch import MOST_FILES, Batch
from core.document import Document
from core.ids import BatchId, DocumentId, PersonId
from core.ports import Job, Subject, Transactions

_IDS = uuid.UUID("5e0a4c2e-6a55-4c0e-8d4f-3f2f4f6d3a61")


@dataclass(frozen=True)
class IncomingFile:
    """A file as the chat announces it; `size` in bytes as the chat says."""

    chat_file: str
    name: str
    size: int


@dataclass(frozen=True)
class ReceiveFiles:
    """Store what came, before anything is downloaded. The same file of the same message again changes nothing.

    Files beyond MOST_FILES are not read; their names are kept, so that their owner is told. A document's id is made of
    where its file came: received once more after a restore, it is the document whose cards were posted before.
    """

    transactions: Transactions
    now: Callable[[], datetime]

    def __call__(self, owner: PersonId, place: str, files: Sequence[IncomingFile]) -> None:
        read, left_out = files[:MOST_FILES], files[MOST_FILES:]
        batch = Batch(BatchId(place), owner, tuple(file.name for file in left_out))
        with self.transactions.write() as tx:
            if tx.batches.find(batch.id) is None:
                tx.batches.add(batch)
                if left_out:
                    tx.audit(entry(self.now(), owner, "left out", f"batch:{batch.id}", files=len(left_out)))
            if len(files) > 1:
                tx.cards.changed(Subject(f"batch:{batch.id}"))
            for position, file in enumerate(read):
                if tx.documents.find_by_chat_file(file.chat_file, place):
                    continue
                document = Document(
                    id=DocumentId(uuid.uuid5(_IDS, f"{place} {file.chat_file}").hex),
                    owner=owner,
                    name=file.name,
                    chat_file=file.chat_file,
                    place=place,
                    received_at=self.now(),
                    size=file.size,
                    position=position,
                )
                tx.documents.add(document)
                tx.enqueue(Job("read_document", document.id, {"document": document.id}, queue=_queue(file.name)))
                if len(files) == 1:
                    tx.cards.changed(Subject(f"document:{document.id}"))
                tx.audit(entry(self.now(), owner, "received", f"document:{document.id}", size=file.size))


def _queue(name: str) -> str:
    """Whose turn it waits for. What a file is, its content says later; a name that lies costs its own file some waiting."""
    return "opening" if name.lower().endswith((".xml", ".ofd")) else "reading"
