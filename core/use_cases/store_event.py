"""What came in from outside is stored before it is answered, and handled by a job."""

from dataclasses import dataclass

from core.ports import Job, Transactions


@dataclass(frozen=True)
class StoreEvent:
    """The same key again changes nothing: the job's key is the event's."""

    transactions: Transactions

    def __call__(self, source: str, key: str, body: str) -> None:
        """Returns when it is committed; an exception means it was not stored and must be sent again."""
        with self.transactions.write() as tx:
            if tx.inbox.add(source, key, body):
                tx.enqueue(Job("event", f"{source}:{key}", {"source": source, "key": key}))

    def body(self, source: str, key: str) -> str:
        """What was stored. Raises KeyError."""
        with self.transactions.read() as tx:
            return tx.inbox.get(source, key)
