"""What the core needs from outside, as Protocols. Adapters in integrations/ keep these promises."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, NewType, Protocol

from core.approval import ApprovalDraft, OARef, OASnapshot, Verdict
from core.batch import Batch
from core.claim import Claim, ClaimState
from core.decision import Decision
from core.directory import Member
from core.document import Document, Reading
from core.ids import BatchId, ClaimId, DecisionId, DocumentId, InvoiceId, PersonId
from core.invoice import Box, Finding, Invoice
from core.messages import Message
from core.views import Form, HomeView, NoticeView, View

Posted = NewType("Posted", str)
"""Where a card was posted: "channel/timestamp", then perhaps a blank and whatever the messenger wants to keep."""

Subject = NewType("Subject", str)
"""What a set of cards shows: "document:ID" (its owner's cards), "batch:ID" (a message with several files), "claim:ID"
(its approvers' cards and the outcome), "meeting:PERSON" (the first words to somebody) or "audit:CLAIM" (finance's cards
of a sampled claim)."""


class Forgotten(NamedTuple):
    """The last restore: what was done from the backup's moment to the restore stands in no row."""

    since: datetime
    restored_at: datetime


class ChatUnavailable(Exception):
    """The chat did not take it; nothing was shown. Try again at `retry_after` seconds or later."""

    def __init__(self, detail: str, *, retry_after: float = 5.0) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class ChatRefused(Exception):
    """The chat will never take this (person gone, channel gone, invalid card). `detail` is its own error name."""


class Screens(Protocol):
    """Everything people see in the chat. Blocking; one implementation per messenger."""

    def show(self, to: Member, view: View, *, key: str, tried: datetime, posted: Posted | None = None) -> Posted:
        """Post a card to somebody's direct messages, or edit the one that was posted.

        `tried`: since when it may have been posted without our knowing.
        `key` names this card for ever: before a first post it is looked up in what was posted since `tried`, so that a
        repeat never posts twice.
        A card that can no longer be edited is posted anew. Raises ChatUnavailable, ChatRefused.
        """

    def open(self, trigger: str, to: Member, form: Form) -> None:
        """Open a modal within the 3 s of a trigger. Raises ChatUnavailable, ChatRefused."""

    def answer(self, place: str, to: Member, said: Message | View, *, instead: bool = False) -> None:
        """Show what only this person sees, where they just pressed or asked. `place` is the chat's reply address.

        `instead`: in the place of the message that was pressed. Raises ChatUnavailable, ChatRefused.
        """

    def home(self, to: Member, view: HomeView | NoticeView) -> None:
        """Publish somebody's Home tab. Raises ChatUnavailable, ChatRefused."""

    def reply(self, to: Member, message: Message, *, posted: Posted, key: str) -> None:
        """Say a sentence in the thread under a card."""

    def count_in_channel(self, channel: str, thread: str, *, files: int, locale: str, key: str) -> None:
        """In an intake channel only the count is said, in the thread of the upload."""


class ChatFiles(Protocol):
    """Files people sent in the chat."""

    def download(self, chat_file: str) -> tuple[str, bytes]:
        """(name, content). Raises Unreadable (too large, deleted, no permission) and ChatUnavailable."""


@dataclass(frozen=True)
class SentFiles:
    """A message with files as the chat remembers it. `key` and `body`: an event of the chat's own that tells of it."""

    place: str
    chat_files: tuple[str, ...]
    key: str
    body: str


class ChatHistory(Protocol):
    """What the chat remembers."""

    def conversations(self) -> Sequence[str]:
        """Where people can send us files. Raises ChatUnavailable."""

    def files_sent(self, conversation: str, since: datetime) -> Sequence[SentFiles]:
        """By people, after this moment, oldest first. Raises ChatUnavailable."""


class ChatPeople(Protocol):
    """Who a chat user is."""

    def member(self, team_id: str, user_id: str) -> Member:
        """Looked up and cached. Raises ChatUnavailable; a user the chat does not know is not welcome."""

    def member_of(self, person: PersonId) -> Member | None:
        """The chat's member for a person of ours, None when they are not in the chat."""


class DocumentReader(Protocol):
    """Reads originals in a separate, killable process."""

    def read(self, content: bytes, name: str) -> Reading:
        """At least one invoice (perhaps of kind NOT_INVOICE), or Unreadable with the sentence for the sender."""


class Pictures(Protocol):
    """Small pictures cut from pages we made ourselves."""

    def crop(self, page: bytes, box: Box) -> bytes:
        """The place with a margin, as PNG, wide enough to read on a phone."""

    def thumbnail(self, page: bytes) -> bytes:
        """The page as PNG, long side 800 px."""


class Storage(Protocol):
    """Originals and previews, encrypted at rest, addressed by content."""

    def put(self, content: bytes) -> str:
        """The key. The same bytes give the same key."""

    def get(self, key: str) -> bytes:
        """Raises KeyError when there is no such key."""

    def delete(self, key: str, *, unless_put_since: datetime) -> bool:
        """Delete what was last put before this moment; False when it was put since. What is gone already is deleted."""


class OfficeAutomation(Protocol):
    """The company's OA system, keeper of the official approval record."""

    system: str

    def create(self, draft: ApprovalDraft) -> OARef:
        """Open an approval; the same idempotency_key gives the same approval. Raises OAUnavailable, OAResultUnknown."""

    def find_by_key(self, idempotency_key: str) -> OARef | None:
        """The approval opened with this key, or None."""

    def get(self, ref: OARef) -> OASnapshot:
        """The approval as it is now. Raises OANotFound, OAUnavailable."""

    def act(self, ref: OARef, task_id: str, actor: PersonId, verdict: Verdict, words: str) -> None:
        """Decide a task; the same decision twice is once. Raises OAConflict, OANotFound, OAUnavailable, OAResultUnknown."""

    def withdraw(self, ref: OARef, actor: PersonId, words: str) -> None:
        """Take the approval back while it is pending. Raises OAConflict, OANotFound, OAUnavailable."""

    def comment(self, ref: OARef, actor: PersonId, words: str) -> None:
        """Write on the approval's record. Raises OANotFound, OAUnavailable."""

    def deep_link(self, ref: OARef) -> str | None:
        """Where a person opens it in a browser."""


@dataclass(frozen=True)
class Job:
    """A job by name with the ids it needs. The same (name, key) is enqueued once, ever."""

    name: str
    key: str
    arguments: Mapping[str, str]
    queue: str = "io"


@dataclass(frozen=True)
class AuditEntry:
    """One line of the audit log. `facts` holds ids, codes and numbers; never names or file contents."""

    at: datetime
    actor: str
    action: str
    subject: str
    facts: Mapping[str, str]


@dataclass(frozen=True)
class CardRow:
    """One card that was or is being posted: for whom, which, where. `posted` None: not yet known to be posted.

    `first_try` is the earliest moment at which it can have been posted; None on rows of earlier versions.
    """

    key: str
    subject: Subject
    to: PersonId
    posted: Posted | None = None
    first_try: datetime | None = None


@dataclass(frozen=True)
class Findable:
    """What an invoice can be found by."""

    invoice_id: InvoiceId
    claim_id: ClaimId | None
    seller: str | None
    number: str | None
    total: Decimal | None
    reference: str | None


class Corrected(NamedTuple):
    """An invoice with so many values that a person typed in place of what was read."""

    document_id: DocumentId
    owner: PersonId
    values: int


class Documents(Protocol):
    """Repository of documents."""

    def add(self, document: Document) -> None: ...
    def get(self, document_id: DocumentId) -> Document:
        """Raises KeyError."""

    def save(self, document: Document) -> None:
        """Raises Changed when somebody saved it since it was loaded."""

    def find_by_chat_file(self, chat_file: str, place: str) -> Document | None: ...
    def unreadable_before(self, before: datetime, limit: int = 100) -> Sequence[DocumentId]:
        """Documents that came before this moment, could not be read and still have their original, oldest first."""

    def others_keep(self, key: str, document_id: DocumentId) -> bool:
        """Whether another document has this storage key as its original or as a preview."""

    def has_sent(self, person: PersonId) -> bool:
        """Whether this person ever sent a file."""

    def is_practising(self, person: PersonId) -> bool:
        """Whether a practice of theirs is under way: the sample is being read, is a draft, or waits."""

    def of_place(self, place: str) -> Sequence[Document]:
        """The files of one message, in its order."""

    def with_original(self, owner: PersonId, original: str) -> Sequence[Document]:
        """This person's documents with these bytes, oldest first."""

    def same_as(self, document_id: DocumentId) -> Sequence[Document]:
        """Later documents of the same owner that are the same file, oldest first."""

    def hold(self, owner: PersonId) -> None:
        """Whoever else holds the same person's documents waits for the end of this transaction.

        What this person has not sent before cannot come in between looking for it and saving.
        """


class Batches(Protocol):
    """Repository of messages with files."""

    def add(self, batch: Batch) -> None: ...
    def find(self, batch_id: BatchId) -> Batch | None: ...
    def save(self, batch: Batch) -> None:
        """Raises Changed."""


class Invoices(Protocol):
    """Repository of invoices."""

    def add(self, invoice: Invoice) -> None: ...
    def get(self, invoice_id: InvoiceId) -> Invoice:
        """Raises KeyError."""

    def save(self, invoice: Invoice) -> None:
        """Raises Changed."""

    def of_document(self, document_id: DocumentId) -> Sequence[Invoice]: ...
    def some(self, invoice_ids: Iterable[InvoiceId]) -> Mapping[InvoiceId, Invoice]:
        """Those of them that exist."""

    def drafts_of(self, person: PersonId, limit: int = 50) -> Sequence[tuple[datetime, Invoice]]:
        """Drafts in no claim, with the time their file came; newest first."""

    def count_drafts_of(self, person: PersonId) -> int: ...
    def findable(self, person: PersonId, *, everybody: bool, limit: int) -> Sequence[Findable]:
        """This person's drafts and claimed invoices, with `everybody` all claimed invoices too; newest first."""

    def corrected(self) -> Sequence[Corrected]:
        """Every invoice with corrections in the order their files came, but practice and what its owner discarded."""

    def with_identity(self, owner: PersonId, identity: str) -> Sequence[Invoice]:
        """This person's invoices with this identity, oldest first."""

    def take_unattended(self, now: datetime, since: datetime, along: datetime) -> Sequence[PersonId]:
        """People with drafts nobody has worked on since before `since`, each draft given out once, ever.

        A person's drafts left since before `along` are taken along, so that one sentence tells of all of them.
        """

    def unattended(self, owner: PersonId, told_at: datetime) -> Sequence[Invoice]:
        """Those that were given out at this moment and are still loose drafts."""

    def reserve(self, identity: str, invoice_id: InvoiceId) -> InvoiceId | None:
        """Reserve an invoice's identity across the company: None when it is ours now (or was), else who holds it."""

    def release(self, invoice_id: InvoiceId) -> None:
        """Free the identity this invoice holds, if any."""

    def holder_of(self, identity: str) -> InvoiceId | None: ...
    def pretend_at(self, invoice_id: InvoiceId, due: datetime) -> None:
        """When the pretend approver decides this practice invoice."""

    def take_pretended(self, now: datetime, limit: int = 50) -> Sequence[InvoiceId]:
        """Practice invoices whose time has come; each is given out once, ever."""


class Claims(Protocol):
    """Repository of claims with their lines and tasks."""

    def add(self, claim: Claim) -> None: ...
    def get(self, claim_id: ClaimId) -> Claim:
        """Loads and locks the row until the transaction ends. Raises KeyError."""

    def save(self, claim: Claim) -> None:
        """Raises Changed."""

    def next_reference(self, year: int) -> str:
        """CL-2026-0001 and on, without a repeat."""

    def open_for(self, person: PersonId) -> Sequence[Claim]:
        """Claims with a pending task for this person, oldest first."""

    def of_submitter(
        self, person: PersonId, limit: int = 50, states: Collection[ClaimState] = frozenset(ClaimState)
    ) -> Sequence[Claim]:
        """Newest first."""

    def count_of_submitter(self, person: PersonId, states: Collection[ClaimState] = frozenset(ClaimState)) -> int: ...
    def some(self, claim_ids: Iterable[ClaimId]) -> Mapping[ClaimId, Claim]:
        """Those of them that exist."""

    def with_reference(self, reference: str) -> Claim | None: ...
    def still_open(self) -> Sequence[Claim]:
        """All that are UNDER_WAY, oldest first."""

    def not_opened(self, before: datetime, limit: int = 50) -> Sequence[ClaimId]:
        """Claims still SUBMITTED that were submitted before this moment: the OA has not been told yet."""

    def withdrawing(self, limit: int = 50) -> Sequence[ClaimId]:
        """Claims that are being withdrawn, oldest first."""

    def monthly_auto_approved(self, person: PersonId, year: int, month: int) -> Decimal:
        """What policy approved for this submitter in the month, in CNY."""


class Decisions(Protocol):
    """Repository of decisions. One that is not undone holds its slot (claim, round, task or step)."""

    def add(self, decision: Decision, slot: str) -> Decision | None:
        """None when it is recorded, else the decision that holds the slot already."""

    def get(self, decision_id: DecisionId) -> Decision:
        """Loads and locks. Raises KeyError."""

    def save(self, decision: Decision) -> None:
        """Saves the state; UNDONE and REFUSED free the slot."""

    def of_claim(self, claim_id: ClaimId) -> Sequence[Decision]:
        """All of them, oldest first."""

    def of_claims(self, claim_ids: Collection[ClaimId]) -> Mapping[ClaimId, Sequence[Decision]]:
        """The same for each of these claims."""

    def take_due(self, now: datetime, limit: int = 50) -> Sequence[DecisionId]:
        """Waiting decisions whose time has come and that nobody took yet; each is given out once per minute."""


class Behind(NamedTuple):
    """A subject that is not shown as it is, and since when it may be taken (None: nobody has tried yet)."""

    subject: Subject
    free_at: datetime | None


class Cards(Protocol):
    """Which cards exist, and which subjects have changed since they were last shown."""

    def changed(self, subject: Subject) -> None:
        """What this subject's cards show has changed: raises its wanted version and enqueues job `show`."""

    def take(self, subject: Subject, holder: str, now: datetime, lease_seconds: int = 60) -> int | None:
        """Lease the subject to show it; the wanted version, or None when another holder has it or has shown it."""

    def shown(self, subject: Subject, holder: str, version: int, not_before: datetime | None = None) -> bool:
        """Give the lease back; False when the subject changed meanwhile and must be shown again (lease kept).

        What changes from now on is not shown before `not_before`.
        """

    def give_back(self, subject: Subject, holder: str, not_before: datetime | None = None) -> None:
        """Give the lease back without having shown it; nobody takes it before `not_before`."""

    def behind(self, now: datetime, limit: int = 50) -> Sequence[Behind]:
        """Subjects whose shown version is behind and that nobody holds."""

    def rows(self, subject: Subject) -> Sequence[CardRow]: ...
    def get(self, key: str) -> CardRow | None: ...
    def put(self, row: CardRow) -> None:
        """Insert or replace by key."""

    def find(self, place: str) -> CardRow | None:
        """The card posted at this place ("channel/timestamp", the first word of its Posted), for replies under it."""


class Inbox(Protocol):
    """What came in from outside, stored before it is answered."""

    def add(self, source: str, key: str, body: str) -> bool:
        """False when this key was stored before."""

    def get(self, source: str, key: str) -> str:
        """Raises KeyError."""

    def last_stored(self, source: str) -> datetime | None:
        """When something was last stored; None when nothing ever was."""


class Findings(Protocol):
    """What the checks found for an invoice at the time it was last checked."""

    def replace(self, invoice_id: InvoiceId, findings: Iterable[Finding]) -> None: ...
    def of(self, invoice_id: InvoiceId) -> tuple[Finding, ...]: ...


@dataclass(frozen=True)
class DueReminder:
    """A pending task whose time has come."""

    claim_id: ClaimId
    task_id: str


class Reminders(Protocol):
    """Repository of what has to be said to whom, and when, while a task is pending."""

    def keep(self, claim_id: ClaimId, tasks: Iterable[str], due: datetime) -> None:
        """Exactly these tasks of the claim are pending: new ones are due at `due`, the others are dropped."""

    def take_due(self, now: datetime, limit: int = 100) -> Sequence[DueReminder]:
        """Each reminder is given out once, ever, to one of any number of callers."""


class Transaction(Protocol):
    """One use case's unit of work: all of it is saved, or nothing is."""

    documents: Documents
    batches: Batches
    invoices: Invoices
    claims: Claims
    decisions: Decisions
    cards: Cards
    inbox: Inbox
    findings: Findings
    reminders: Reminders

    def enqueue(self, job: Job) -> None:
        """Runs after commit; commits with the rows."""

    def audit(self, entry: AuditEntry) -> None:
        """Appended to the chain at commit, in order."""


class Transactions(Protocol):
    """Opens units of work."""

    def write(self) -> AbstractContextManager[Transaction]:
        """Commits when the block ends well, else rolls back."""

    def read(self) -> AbstractContextManager[Transaction]:
        """A snapshot; nothing can be saved."""
