"""What was sent while nobody could take it: the chat gives up telling us after a few minutes, but remembers.

Files only: whoever wrote words or pressed a button saw that nothing came of it, and does it again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.ports import ChatHistory, Job, Transactions
from core.use_cases.store_event import StoreEvent

SOURCE = "slack"
QUEUE = "history"
MARGIN = timedelta(minutes=10)
"""An event may be told a while after it happened."""
FARTHEST = timedelta(days=7)
EVERY_DAY = timedelta(hours=26)


@dataclass(frozen=True)
class LookBack:
    """One job lists the conversations, one job for each reads what was said there; what is known changes nothing."""

    transactions: Transactions
    history: ChatHistory
    store: StoreEvent
    now: Callable[[], datetime]

    def after_an_absence(self) -> None:
        """At the start, before anything new is taken: since the last event that was stored. A new site has none."""
        with self.transactions.read() as tx:
            last = tx.inbox.last_stored(SOURCE)
        if last is not None:
            self._begin(max(last - MARGIN, self.now() - FARTHEST))

    def over_the_last_day(self) -> None:
        """Once a day: we were here, but perhaps could not be reached."""
        self._begin(self.now() - EVERY_DAY)

    def _begin(self, since: datetime) -> None:
        with self.transactions.write() as tx:
            ids = {"since": since.isoformat()}
            tx.enqueue(Job("look_back", f"{self.now():%Y-%m-%dT%H}:{since:%Y-%m-%dT%H}", ids, queue=QUEUE))

    def everywhere(self, since: datetime) -> None:
        """A job. Raises ChatUnavailable."""
        conversations = self.history.conversations()
        with self.transactions.write() as tx:
            for conversation in conversations:
                ids = {"since": since.isoformat(), "conversation": conversation}
                tx.enqueue(Job("look_back_in", f"{conversation}:{since.isoformat()}", ids, queue=QUEUE))

    def within(self, conversation: str, since: datetime) -> None:
        """A job. Raises ChatUnavailable."""
        for sent in self.history.files_sent(conversation, since):
            with self.transactions.read() as tx:
                known = all(tx.documents.find_by_chat_file(file, sent.place) for file in sent.chat_files)
            if not known:
                self.store(SOURCE, sent.key, sent.body)
