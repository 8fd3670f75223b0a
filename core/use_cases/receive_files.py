"""Files came in: each becomes a document that is read by a job, and its owner sees that it is being read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.audit import entry
from core.document import Document
from core.ids import DocumentId, PersonId
from core.ports import Job, Subject, Transactions


@dataclass(frozen=True)
class IncomingFile:
    """A file as the chat announces it; `size` in bytes as the chat says."""

    chat_file: str
    name: str
    size: int


@dataclass(frozen=True)
class ReceiveFiles:
    """Store what came, before anything is downloaded. The same file of the same message again changes nothing."""

    transactions: Transactions
    new_id: Callable[[], str]
    now: Callable[[], datetime]

    def __call__(self, owner: PersonId, place: str, files: Sequence[IncomingFile]) -> None:
        with self.transactions.write() as tx:
            for file in files:
                if tx.documents.find_by_chat_file(file.chat_file, place):
                    continue
                document = Document(
                    id=DocumentId(self.new_id()),
                    owner=owner,
                    name=file.name,
                    chat_file=file.chat_file,
                    place=place,
                    received_at=self.now(),
                    size=file.size,
                )
                tx.documents.add(document)
                tx.enqueue(Job("read_document", document.id, {"document": document.id}, queue="reading"))
                tx.cards.changed(Subject(f"document:{document.id}"))
                tx.audit(entry(self.now(), owner, "received", f"document:{document.id}", size=file.size))
