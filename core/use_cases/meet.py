"""The first meeting: somebody opens the conversation or writes, and is told once, ever, what to do here."""

from dataclasses import dataclass

from core.ids import PersonId
from core.ports import Subject, Transactions


@dataclass(frozen=True)
class Meet:
    """Whoever has sent a file knows already."""

    transactions: Transactions

    def __call__(self, person: PersonId) -> bool:
        """Whether this is the first meeting, whose words are on their way."""
        subject = Subject(f"meeting:{person}")
        with self.transactions.read() as tx:
            if tx.cards.get(subject) is not None or tx.documents.has_sent(person):
                return False
        with self.transactions.write() as tx:
            tx.cards.changed(subject)
        return True
