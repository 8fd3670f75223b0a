"""The built-in OA: keeps the official record in tables of our own, for companies without another system."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import Engine, ScalarResult, select
from sqlalchemy.orm import Session

from core.approval import (
    ApprovalDraft,
    ApprovalNode,
    OAComment,
    OAConflict,
    OANotFound,
    OARef,
    OASnapshot,
    OAStatus,
    OATask,
    TaskStatus,
    Verdict,
)
from core.claim import StepRule
from core.ids import PersonId
from integrations.database.engine import for_reading
from integrations.database.rows import insert
from integrations.oa.builtin_tables import ApprovalCommentRow, ApprovalRow, ApprovalTaskRow

_APPROVALS = UUID("6a2e1a3c-8d0f-4a47-9c53-1f5f0c7b9e21")
_TASK_AFTER = {
    Verdict.APPROVE: TaskStatus.APPROVED,
    Verdict.RETURN: TaskStatus.RETURNED,
    Verdict.REJECT: TaskStatus.REJECTED,
}
_END_AFTER = {Verdict.RETURN: OAStatus.RETURNED, Verdict.REJECT: OAStatus.REJECTED}


class BuiltinOA:
    """Keeps the promises of core.ports.OfficeAutomation. Every call is a transaction of its own.

    `public_url` is where a browser reaches our pages, without a slash at the end.
    """

    system = "builtin"

    def __init__(self, engine: Engine, public_url: str, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._public_url = public_url
        self._now = now

    def create(self, draft: ApprovalDraft) -> OARef:
        """Raises ValueError for a node without approvers or with a rule we do not know: it could never end."""
        for node in draft.nodes:
            if not node.approvers or node.rule not in tuple(StepRule):
                raise ValueError(f"node {node.id} ({node.rule}) cannot be decided by {len(node.approvers)} approvers")
        with self._writing() as session:
            new = insert(session, ApprovalRow).values(
                # Made again from a backup it is the same approval, and its tasks' cards are found again.
                id=uuid5(_APPROVALS, draft.idempotency_key).hex,
                idempotency_key=draft.idempotency_key,
                draft=draft,
                status=OAStatus.PENDING,
                node=0,
                version=1,
            )
            created = session.scalars(new.on_conflict_do_nothing().returning(ApprovalRow.id)).one_or_none()
            if created is not None:
                _ask_next(session.get_one(ApprovalRow, created))
            return _ref(_by_key(session, draft.idempotency_key).one())

    def find_by_key(self, idempotency_key: str) -> OARef | None:
        with Session(for_reading(self._engine)) as session:
            found = _by_key(session, idempotency_key).one_or_none()
            return None if found is None else _ref(found)

    def get(self, ref: OARef) -> OASnapshot:
        with Session(for_reading(self._engine)) as session:
            approval = session.get(ApprovalRow, ref.native_id)
            if approval is None:
                raise OANotFound(ref.native_id)
            return _snapshot(approval, self._now())

    def act(self, ref: OARef, task_id: str, actor: PersonId, verdict: Verdict, words: str) -> None:
        with self._changing(ref) as approval:
            task = next((task for task in approval.tasks if _task_id(task) == task_id), None)
            if task is None:
                raise OANotFound(task_id)
            if task.assignee != actor:
                raise OAConflict(f"task {task_id} is not {actor}'s")
            if task.status is _TASK_AFTER[verdict]:
                return
            if task.status is not TaskStatus.PENDING:
                raise OAConflict(f"task {task_id} is {task.status}")
            task.status, task.comment, task.at = _TASK_AFTER[verdict], words, self._now()
            if verdict is Verdict.APPROVE:
                _ask_next(approval)
            else:
                _end(approval, _END_AFTER[verdict])
            approval.version += 1

    def withdraw(self, ref: OARef, actor: PersonId, words: str) -> None:
        """Withdrawing what is withdrawn changes nothing."""
        with self._changing(ref) as approval:
            if approval.draft.initiator != actor:
                raise OAConflict(f"{approval.id} was not asked for by {actor}")
            if approval.status is OAStatus.WITHDRAWN:
                return
            if approval.status is not OAStatus.PENDING:
                raise OAConflict(f"{approval.id} is {approval.status}")
            _end(approval, OAStatus.WITHDRAWN)
            self._say(approval, actor, words)
            approval.version += 1

    def comment(self, ref: OARef, actor: PersonId, words: str) -> None:
        with self._changing(ref) as approval:
            self._say(approval, actor, words)
            approval.version += 1

    def deep_link(self, ref: OARef) -> str:
        claim_id, _, _ = ref.aux["key"].rpartition(":")
        return f"{self._public_url}/web/claims/{claim_id}"

    def _say(self, approval: ApprovalRow, by: PersonId, words: str) -> None:
        if words:
            said = ApprovalCommentRow(position=len(approval.comments), by=by, words=words, at=self._now())
            approval.comments.append(said)

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with Session(self._engine) as session, session.begin():
            yield session

    @contextmanager
    def _changing(self, ref: OARef) -> Iterator[ApprovalRow]:
        """The approval, locked: of two who decide at once the second sees what the first did. Raises OANotFound."""
        with self._writing() as session:
            approval = session.get(ApprovalRow, ref.native_id, with_for_update=True)
            if approval is None:
                raise OANotFound(ref.native_id)
            yield approval


def _by_key(session: Session, idempotency_key: str) -> ScalarResult[ApprovalRow]:
    return session.scalars(select(ApprovalRow).where(ApprovalRow.idempotency_key == idempotency_key))


def _ask_next(approval: ApprovalRow) -> None:
    """Ask whoever is to decide now, node after node; nobody is left to ask: approved."""
    nodes = approval.draft.nodes
    while approval.node < len(nodes):
        asked = [task for task in approval.tasks if task.node == approval.node]
        if nodes[approval.node].rule == StepRule.ANY and any(task.status is TaskStatus.APPROVED for task in asked):
            _cancel(asked)
        for approver in _to_ask(nodes[approval.node], asked):
            position = len(approval.tasks)
            approval.tasks.append(
                ApprovalTaskRow(
                    position=position, node=approval.node, assignee=approver, status=TaskStatus.PENDING, comment=""
                )
            )
        if any(task.status is TaskStatus.PENDING for task in approval.tasks):
            return
        approval.node += 1
    approval.status = OAStatus.APPROVED


def _to_ask(node: ApprovalNode, asked: Sequence[ApprovalTaskRow]) -> tuple[PersonId, ...]:
    """Who of the node's approvers gets a task now, given the tasks it has."""
    if node.rule == StepRule.IN_ORDER:
        return node.approvers[len(asked) : len(asked) + 1]
    return () if asked else node.approvers


def _end(approval: ApprovalRow, status: OAStatus) -> None:
    _cancel(approval.tasks)
    approval.status = status


def _cancel(tasks: Sequence[ApprovalTaskRow]) -> None:
    for task in tasks:
        if task.status is TaskStatus.PENDING:
            task.status = TaskStatus.CANCELLED


def _ref(approval: ApprovalRow) -> OARef:
    return OARef(BuiltinOA.system, approval.id, aux={"key": approval.idempotency_key})


def _task_id(task: ApprovalTaskRow) -> str:
    return f"{task.approval_id}-{task.position}"


def _snapshot(approval: ApprovalRow, now: datetime) -> OASnapshot:
    nodes = approval.draft.nodes
    return OASnapshot(
        ref=_ref(approval),
        status=approval.status,
        native_status=approval.status.value,
        tasks=tuple(
            OATask(
                id=_task_id(task),
                node_id=nodes[task.node].id,
                node_name=nodes[task.node].name,
                assignee=task.assignee,
                status=task.status,
                comment=task.comment,
                at=task.at,
            )
            for task in approval.tasks
        ),
        observed_at=now,
        version=approval.version,
        comments=tuple(OAComment(said.by, said.words, said.at) for said in approval.comments),
    )
