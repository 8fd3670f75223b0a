"""One uploaded original."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.errors import Refused
from core.ids import DocumentId, PersonId
from core.invoice import ReadInvoice
from core.messages import Message


class DocumentState(StrEnum):
    """received → reading → read | unreadable."""

    RECEIVED = "received"
    READ = "read"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Problem:
    """A file inside an archive that gave no invoice, and why."""

    name: str
    message: Message
    code: str


@dataclass(frozen=True)
class Document:
    """An original as it was sent.

    `chat_file` is the chat's own id of the file; `place` the channel and message it came in (opaque to the core).
    `original` and `previews` are storage keys; previews are the upright pages as JPEG, one per page that holds an invoice.
    `position` counts the files of one message. `problem` and `problem_code` are set when it is unreadable.
    `problems` are the files of an archive that could not be read, while others could.
    `same_as` is an earlier document of the same owner with the same bytes: then this one was not read.
    `practice`: the sample, nobody's real document.
    """

    id: DocumentId
    owner: PersonId
    name: str
    chat_file: str
    place: str
    received_at: datetime
    state: DocumentState = DocumentState.RECEIVED
    size: int = 0
    sha256: str | None = None
    original: str | None = None
    previews: Mapping[int, str] = field(default_factory=dict)
    problem: Message | None = None
    problem_code: str | None = None
    problems: tuple[Problem, ...] = ()
    practice: bool = False
    position: int = 0
    same_as: DocumentId | None = None
    version: int = 0

    def finish(self, state: DocumentState, **changes: Any) -> "Document":
        """Reading ends once. Raises Refused when it has ended before."""
        if self.state is not DocumentState.RECEIVED:
            raise Refused(Message("This file has been read already."), detail=f"{self.state} -> {state}")
        return replace(self, state=state, **changes)


@dataclass(frozen=True)
class Reading:
    """What a reader gives for one document: its invoices and the upright pages as JPEG (page number → bytes).

    `problems` as in Document.
    """

    invoices: tuple[ReadInvoice, ...]
    previews: Mapping[int, bytes]
    problems: tuple[Problem, ...] = ()
