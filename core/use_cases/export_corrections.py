"""What people corrected, as labelled documents: a wrong reading becomes a test case."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.audit import entry
from core.directory import Directory
from core.document import Document
from core.ids import DocumentId
from core.invoice import Field, FieldName, FieldState, Invoice, ReadInvoice
from core.ports import Pictures, Storage, Transactions

SEVERAL = "multiple"
"""The kind of a document that holds several invoices, whose labels stand in `invoices`."""
_KNOWN = frozenset({FieldState.VERIFIED, FieldState.ENTERED})


@dataclass(frozen=True)
class Corrected:
    """The documents with corrections, oldest first; how many values were corrected in them.

    `left_out` counts documents whose sender is no longer in the directory.
    """

    documents: tuple[DocumentId, ...]
    corrections: int
    left_out: int


@dataclass(frozen=True)
class LabelledDocument:
    """An original as it was sent, what is known to stand on it, and the crops as PNG, by the names its label has."""

    id: DocumentId
    content: bytes
    label: Mapping[str, Any]
    crops: Mapping[str, bytes]
    corrections: int


@dataclass(frozen=True)
class ExportCorrections:
    """Reads, and records that it was done."""

    transactions: Transactions
    storage: Storage
    pictures: Pictures
    directory: Directory
    now: Callable[[], datetime]

    def find(self) -> Corrected:
        """What there is to export."""
        with self.transactions.read() as tx:
            found = tx.invoices.corrected()
        present = [each for each in found if each.owner in self.directory.people]
        absent = {each.document_id for each in found} - {each.document_id for each in present}
        documents = dict.fromkeys(each.document_id for each in present)
        return Corrected(tuple(documents), sum(each.values for each in present), len(absent))

    def record(self, corrected: Corrected, account: int) -> None:
        """Leave an entry in the audit log. Comes first: nothing leaves the encrypted store unrecorded.

        `account` is the number of the operating system's account that asked for it.
        """
        with self.transactions.write() as tx:
            facts = {"documents": len(corrected.documents), "corrections": corrected.corrections, "account": account}
            tx.audit(entry(self.now(), "command line", "corrections exported", "corrections", **facts))

    def document(self, document_id: DocumentId) -> LabelledDocument:
        """Raises KeyError when its original is no longer kept."""
        with self.transactions.read() as tx:
            document = tx.documents.get(document_id)
            invoices = tx.invoices.of_document(document_id)
        if document.original is None:
            raise KeyError(document_id)
        crops: dict[str, bytes] = {}
        labels = [self._label(document, invoices, place, crops) for place in range(len(invoices))]
        label = labels[0] if len(labels) == 1 else {"kind": SEVERAL, "invoices": labels}
        corrections = sum(len(each["corrections"]) for each in labels)
        return LabelledDocument(document_id, self.storage.get(document.original), label, crops, corrections)

    def _label(
        self, document: Document, invoices: Sequence[Invoice], place: int, crops: dict[str, bytes]
    ) -> dict[str, Any]:
        reading = invoices[place].reading
        page = document.previews.get(reading.page)
        corrections: dict[str, Any] = {}
        for name, field in reading.fields.items():
            if not field.is_corrected():
                continue
            crop = None
            if page is not None and field.box is not None:
                crop = f"crops/{document.id}-{place + 1}-{name.value}.png"
                crops[crop] = self.pictures.crop(self.storage.get(page), field.box)
            corrections[name.value] = _correction(field, crop)
        return {**label_of(reading), "corrections": corrections}


def label_of(reading: ReadInvoice) -> dict[str, Any]:
    """What is known to stand on an invoice: what was verified, and what a person typed or confirmed.

    None where its kind has no such field, or nobody vouches for what was read: those are named in `unsure`.
    """
    known = {name: field.value for name, field in reading.fields.items() if field.state in _KNOWN}
    return {
        "kind": reading.kind.value,
        "page": reading.page,
        **({"part": reading.part} if reading.part else {}),
        **{name.value: known.get(name) for name in FieldName},
        "confirmed": [
            name.value
            for name, field in reading.fields.items()
            if field.state is FieldState.ENTERED and not field.is_corrected()
        ],
        "unsure": [name.value for name, field in reading.fields.items() if name not in known],
    }


def _correction(field: Field, crop: str | None) -> dict[str, Any]:
    """What was read and by whom, and what it became. `crop` None: nothing of it was seen on the page."""
    return {
        "read": field.read_value,
        "final": field.value,
        "crop": crop,
        "seen": [{"value": seen.value, "source": seen.source.value} for seen in field.candidates],
    }
