"""What is shown, before anybody decides how it looks. Screens draw these."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.batch import Item, Reconciliation
from core.claim import Claim, Plan
from core.decision import Decision
from core.ids import DocumentId, PersonId
from core.invoice import FieldName, Finding, Invoice
from core.messages import Message
from core.money import Money


@dataclass(frozen=True)
class Picture:
    """A picture on a card. `key` is the same for the same picture, so that it is sent to the chat once."""

    key: str
    content: bytes
    alt: Message


@dataclass(frozen=True)
class DocumentView:
    """A file that is being read, could not be (`problem`), or was sent before (`said`)."""

    document_id: DocumentId
    name: str
    problem: Message | None = None
    problem_code: str | None = None
    practice: bool = False
    said: Message | None = None


@dataclass(frozen=True)
class Question:
    """A field asked about: its crop, and the value to confirm (None: nothing was read, it must be typed)."""

    field: FieldName
    value: str | None
    reason: Message | None
    crop: Picture | None


@dataclass(frozen=True)
class InvoiceView:
    """An invoice's card for its owner: the draft, or what became of it.

    `questions` are the first unsure fields; `unsure` counts them all. `plan` None: cannot be submitted yet.
    `passed` counts the checks without a finding. `names` has every person mentioned.
    `outcome` tells how its claim ended or why it came back, reason and words as given. `verification` is what the
    tax bureau's check said; None: not set up.
    """

    invoice: Invoice
    findings: tuple[Finding, ...]
    passed: int
    entity_name: str | None
    plan: Plan | None
    questions: tuple[Question, ...] = ()
    unsure: int = 0
    claim: Claim | None = None
    decision: Decision | None = None
    history: tuple[Decision, ...] = ()
    notice: Message | None = None
    names: Mapping[PersonId, str] = field(default_factory=dict)
    category_name: Message | None = None
    picture: Picture | None = None
    outcome: Message | None = None
    verification: Message | None = None

    @property
    def blocked(self) -> bool:
        return any(finding.severity == "block" for finding in self.findings)


@dataclass(frozen=True)
class ApprovalView:
    """One approver's card for one task: open, decided (stamp, perhaps still to be undone), or over.

    `decision` is the decision that closed this task's step, whoever made it; None while open.
    `claim` may be decided in the OA itself: then its tasks say by whom. `undo_until` is set for the decider only.
    `reason` is the decision's coded reason in words. `verification` as in InvoiceView.
    """

    claim: Claim
    task_id: str
    step_name: Message
    next_step: Message | None
    invoices: tuple[Invoice, ...]
    findings: tuple[Finding, ...]
    names: Mapping[PersonId, str]
    category_name: Message | None = None
    picture: Picture | None = None
    decision: Decision | None = None
    undo_until: datetime | None = None
    link: str | None = None
    reason: Message | None = None
    verification: Message | None = None


@dataclass(frozen=True)
class NoticeView:
    """A sentence to one person, perhaps about a claim."""

    message: Message


@dataclass(frozen=True)
class SampledView:
    """A claim that policy approved and the sample drew, for finance to look at afterwards. `name` is the submitter's."""

    claim: Claim
    name: str
    category_name: Message


@dataclass(frozen=True)
class MeetingView:
    """The first words to somebody, with the offer to practise."""


@dataclass(frozen=True)
class Row:
    """A claim, or an invoice that is in none yet, in a list. `invoices` are the claim's, or that one."""

    claim: Claim | None
    invoices: tuple[Invoice, ...]


@dataclass(frozen=True)
class StatusView:
    """Where a claim is, who has it since when, and how it came there. `decisions` are those that stand, oldest first.

    `reasons` are the words of coded reasons.
    """

    row: Row
    decisions: tuple[Decision, ...]
    names: Mapping[PersonId, str]
    category_name: Message
    reasons: Mapping[str, Message] = field(default_factory=dict)

    @property
    def claim(self) -> Claim:
        assert self.row.claim is not None
        return self.row.claim


@dataclass(frozen=True)
class ListView:
    """One page of what `viewer` asked for. `words` None: all of their own. `page` counts from 1 to `pages`.

    `line` is the command that gives this list. `everything`: all that is kept was searched, not only the newest.
    """

    viewer: PersonId
    line: str
    words: str | None
    rows: tuple[Row, ...]
    count: int
    page: int
    pages: int
    names: Mapping[PersonId, str]
    everything: bool = True


@dataclass(frozen=True)
class HelpView:
    """What this person can try. `unclear` is what they typed that was not understood."""

    approves: bool
    finance: bool
    admin: bool
    unclear: str | None = None


@dataclass(frozen=True)
class BatchView:
    """A message with files: how far reading is, then what became of them.

    `told` is what is not ready and stands on this card; `claims` are those its invoices are in now.
    """

    reconciliation: Reconciliation
    told: tuple[Item, ...] = ()
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class MoreOfBatch:
    """What is not ready and has no room on the first card."""

    items: tuple[Item, ...]


View = (
    DocumentView
    | InvoiceView
    | ApprovalView
    | NoticeView
    | BatchView
    | MoreOfBatch
    | StatusView
    | ListView
    | HelpView
    | MeetingView
    | SampledView
)


@dataclass(frozen=True)
class Part:
    """The first rows of a part of the Home tab, and how many there are in all."""

    rows: tuple[Row, ...]
    count: int


@dataclass(frozen=True)
class ToDecide:
    """A claim whose task waits for the reader."""

    row: Row
    task_id: str


@dataclass(frozen=True)
class Stage:
    """Claims that are at the same point: how many, how much (by currency), waiting since when at the longest."""

    name: Message
    count: int
    totals: tuple[Money, ...]
    since: datetime


@dataclass(frozen=True)
class HomeView:
    """The Home tab as of `at`. `queue` is for finance; None for everybody else."""

    at: datetime
    to_decide: tuple[ToDecide, ...]
    to_decide_count: int
    needs_me: Part
    under_way: Part
    ended: Part
    queue: tuple[Stage, ...] | None
    longest: Part
    names: Mapping[PersonId, str]


@dataclass(frozen=True)
class EditForm:
    """The edit modal of a draft. `categories` are (key, name) in the order of policy."""

    invoice: Invoice
    categories: tuple[tuple[str, Message], ...]
    focus: FieldName | None = None


@dataclass(frozen=True)
class ReasonForm:
    """The modal of Send back and Reject: a coded reason and words. `target` comes back with the form."""

    claim: Claim
    target: str
    verdict: str
    reasons: tuple[tuple[str, Message], ...]


@dataclass(frozen=True)
class DetailsForm:
    """Everything behind Details: the view of the approver's card, all fields, all findings with evidence."""

    view: ApprovalView


@dataclass(frozen=True)
class StatusForm:
    """The status of a claim in a modal."""

    view: StatusView


@dataclass(frozen=True)
class TogetherForm:
    """The modal that puts a batch's ready invoices into one claim.

    `left_out` says of each draft that stays behind why. `target` comes back with the form. `plan` None: it cannot be
    submitted, and `notice` says why.
    """

    target: str
    invoices: tuple[Invoice, ...]
    left_out: tuple[Message, ...]
    total: Money | None
    plan: Plan | None
    names: Mapping[PersonId, str]
    purpose: str = ""
    warnings: int = 0
    notice: Message | None = None


Form = EditForm | ReasonForm | DetailsForm | StatusForm | TogetherForm
