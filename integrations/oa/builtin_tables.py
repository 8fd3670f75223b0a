"""The tables of the built-in OA. It reads nobody else's tables, and nobody else reads these."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.approval import ApprovalDraft, OAStatus, TaskStatus
from core.ids import PersonId
from integrations.database.base import Base
from integrations.database.types import Encrypted, word


class ApprovalTaskRow(Base):
    """One approver's task. `node` is the place of its node in the draft."""

    __tablename__ = "oa_tasks"

    approval_id: Mapped[str] = mapped_column(ForeignKey("oa_approvals.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    node: Mapped[int]
    assignee: Mapped[PersonId]
    status: Mapped[TaskStatus] = mapped_column(word(TaskStatus))
    comment: Mapped[str] = mapped_column(Encrypted("oa_tasks.comment"))
    at: Mapped[datetime | None]


class ApprovalCommentRow(Base):
    __tablename__ = "oa_comments"

    approval_id: Mapped[str] = mapped_column(ForeignKey("oa_approvals.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    by: Mapped[PersonId]
    words: Mapped[str] = mapped_column(Encrypted("oa_comments.words"))
    at: Mapped[datetime]


class ApprovalRow(Base):
    """An approval as it was asked for, and how far it has come. `node` is the one being decided."""

    __tablename__ = "oa_approvals"

    id: Mapped[str] = mapped_column(primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    draft: Mapped[ApprovalDraft] = mapped_column(Encrypted("oa_approvals.draft", ApprovalDraft))
    status: Mapped[OAStatus] = mapped_column(word(OAStatus))
    node: Mapped[int]
    version: Mapped[int] = mapped_column(BigInteger)
    tasks: Mapped[list[ApprovalTaskRow]] = relationship(order_by=ApprovalTaskRow.position)
    comments: Mapped[list[ApprovalCommentRow]] = relationship(order_by=ApprovalCommentRow.position)
