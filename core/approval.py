"""The words of the port to an OA system (office automation): references, drafts, snapshots, events, errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.ids import PersonId


@dataclass(frozen=True)
class OARef:
    """Where an approval lives. Ids are text always; `aux` holds what else the system wants to find it again."""

    system: str
    native_id: str
    tenant: str = ""
    aux: Mapping[str, str] = field(default_factory=dict)


class OAStatus(StrEnum):
    """Statuses every system is mapped to. What cannot be mapped is UNKNOWN, never APPROVED."""

    DRAFT = "draft"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    REVOKED_AFTER_APPROVAL = "revoked_after_approval"
    TERMINATED = "terminated"
    DELETED = "deleted"
    UNKNOWN = "unknown"


class TaskStatus(StrEnum):
    """Where one approver's step stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"
    TRANSFERRED = "transferred"
    CANCELLED = "cancelled"
    DONE = "done"


class Verdict(StrEnum):
    """What an approver can decide."""

    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"


@dataclass(frozen=True)
class OATask:
    """One approver's step. `node_id` is the plan's step id where we named the approvers."""

    id: str
    node_id: str
    node_name: str
    assignee: PersonId
    status: TaskStatus
    comment: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class OAComment:
    """Something said on the approval's record."""

    by: PersonId
    words: str
    at: datetime


@dataclass(frozen=True)
class OASnapshot:
    """An approval as the OA tells it now. `version` changes whenever status or tasks do and never runs back."""

    ref: OARef
    status: OAStatus
    native_status: str
    tasks: tuple[OATask, ...]
    observed_at: datetime
    version: int
    comments: tuple[OAComment, ...] = ()


@dataclass(frozen=True)
class ApprovalNode:
    """One step of an approval we route ourselves. `rule`: any | all | in_order."""

    id: str
    name: str
    approvers: tuple[PersonId, ...]
    rule: str


@dataclass(frozen=True)
class ApprovalDraft:
    """What is asked of the OA. `idempotency_key` makes a repeat harmless; `fields` are name → text, as shown."""

    idempotency_key: str
    title: str
    initiator: PersonId
    fields: Mapping[str, str]
    nodes: tuple[ApprovalNode, ...]


class OAError(Exception):
    """Something went wrong between us and the OA."""


class OAUnavailable(OAError):
    """Nothing was done; it is safe to try again later."""


class OAResultUnknown(OAError):
    """A write may or may not have happened: search before trying again, never repeat blindly."""


class OAConflict(OAError):
    """The OA says no because of the state it is in (already decided, withdrawn, …). Read it again."""


class OANotFound(OAError):
    """No such approval or task."""


class OAUnsupported(OAError):
    """This system cannot do that by API."""
