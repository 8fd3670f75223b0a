"""The one metadata all tables of ours share, and which column type a Python type becomes."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import MetaData, String
from sqlalchemy.orm import DeclarativeBase

from core.ids import BatchId, ClaimId, DecisionId, DocumentId, InvoiceId, PersonId
from core.ports import Posted, Subject
from integrations.database.types import Amount, Moment


class Base(DeclarativeBase):
    """Parent of every table. The naming convention lets migrations find constraints by name on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        Decimal: Amount(),
        datetime: Moment(),
        **{kind: String() for kind in (PersonId, DocumentId, InvoiceId, ClaimId, DecisionId, BatchId, Posted, Subject)},
    }
