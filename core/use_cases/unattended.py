"""Drafts nobody has worked on for a week are said once, all of a person's in one sentence."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.audit import entry
from core.ids import PersonId
from core.invoice import FieldName
from core.messages import Message
from core.money import Money
from core.ports import ChatPeople, Screens, Transactions
from core.views import NoticeView


@dataclass(frozen=True)
class TellUnattended:
    """A job: look once more what still waits, then say so by direct message."""

    transactions: Transactions
    screens: Screens
    people: ChatPeople
    now: Callable[[], datetime]

    def __call__(self, person: PersonId, taken_at: datetime) -> None:
        """Silent when nothing is left. Raises ChatUnavailable; said once however often it is called."""
        with self.transactions.read() as tx:
            drafts = tx.invoices.unattended(person, taken_at)
        member = self.people.member_of(person)
        if not drafts or member is None:
            return
        totals = [each.reading.amount(FieldName.TOTAL) for each in drafts]
        total = Money(sum((each for each in totals if each is not None), start=Decimal(0)))
        said = Message(
            "1 draft of yours has been waiting for about a week: {total}. Submit or discard it; it is further up in this conversation.",
            total=total,
        )
        if len(drafts) > 1:
            said = Message(
                "{count} drafts of yours have been waiting for about a week: {total} in all. Submit or discard them; "
                "they are further up in this conversation.",
                count=len(drafts),
                total=total,
            )
        self.screens.show(member, NoticeView(said), key=f"unattended:{person}:{taken_at.isoformat()}", tried=taken_at)
        with self.transactions.write() as tx:
            tx.audit(entry(self.now(), "bot", "told of drafts", f"person:{person}", drafts=len(drafts)))
