"""Cards follow state: whatever changed, its cards are drawn again from what the database says now."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from core.ids import BatchId, ClaimId, DocumentId, PersonId
from core.invoice import InvoiceState
from core.ports import CardRow, ChatPeople, ChatRefused, ChatUnavailable, Forgotten, Screens, Subject, Transactions
from core.use_cases.build_views import BuildViews, DocumentCards
from core.use_cases.look_back import FARTHEST
from core.use_cases.practise import practice_outcome
from core.views import InvoiceView, MeetingView, NoticeView, View

AGAIN_AFTER = timedelta(seconds=5)
EVER = datetime.fromtimestamp(0, UTC)
FOUND_BY_THEN = FARTHEST + timedelta(days=1)
"""After a restore, whatever had been posted is wanted again: undecided cards at once, files when looking back finds them."""
BETWEEN_EDITS = timedelta(seconds=3)
"""A batch's card shows progress; edits of it are at least this far apart, since Slack's limit is the workspace's."""


@dataclass(frozen=True)
class Wanted:
    """A card that should be there: which, for whom, showing what. `once`: said once, never edited."""

    key: str
    to: PersonId
    view: View
    once: bool = False


@dataclass(frozen=True)
class Show:
    """A job: under a lease, draw a subject's cards until nothing about it has changed meanwhile.

    After a restore, cards may be there that no row tells of.
    """

    transactions: Transactions
    screens: Screens
    people: ChatPeople
    views: BuildViews
    new_id: Callable[[], str]
    now: Callable[[], datetime]
    forgotten: Forgotten | None = None

    def __call__(self, subject: Subject) -> tuple[str, ...]:
        """The keys of cards the chat refused for good, for the log. A busy chat leaves the subject behind; a scan
        shows it again.
        """
        holder = self.new_id()
        with self.transactions.write() as tx:
            version = tx.cards.take(subject, holder, self.now())
        while version is not None:
            try:
                wanted, batch = self.wanted(subject)
                refused = tuple(self._draw(subject, holder, each) for each in wanted)
            except ChatUnavailable as busy:
                with self.transactions.write() as tx:
                    tx.cards.give_back(subject, holder, self.now() + timedelta(seconds=busy.retry_after))
                return ()
            except Exception:
                # Whatever it was, the next scan may try at once: a lease nobody draws under would hide the cards.
                with self.transactions.write() as tx:
                    tx.cards.give_back(subject, holder, self.now() + AGAIN_AFTER)
                raise
            paced = self.now() + BETWEEN_EDITS if subject.startswith("batch:") else None
            with self.transactions.write() as tx:
                if batch is not None:
                    tx.cards.changed(Subject(f"batch:{batch}"))
                if tx.cards.shown(subject, holder, version, paced):
                    return tuple(key for key in refused if key)
                if paced is not None:
                    tx.cards.give_back(subject, holder, paced)
                    return tuple(key for key in refused if key)
                version = tx.cards.take(subject, holder, self.now())
                if version is None:  # the lease ran out, so that what is old may have been drawn over what is new
                    tx.cards.changed(subject)
        return ()

    def _draw(self, subject: Subject, holder: str, wanted: Wanted) -> str | None:
        member = self.people.member_of(wanted.to)
        if member is None:
            return wanted.key
        with self.transactions.write() as tx:
            if tx.cards.take(subject, holder, self.now()) is None:  # each card lengthens the lease
                return None
            row = tx.cards.get(wanted.key)
            if row is None:
                row = CardRow(wanted.key, subject, wanted.to, first_try=self._perhaps_posted_since())
                tx.cards.put(row)
        if row.posted is not None and wanted.once:
            return None
        try:
            posted = self.screens.show(
                member, wanted.view, key=wanted.key, tried=row.first_try or EVER, posted=row.posted
            )
        except ChatRefused:
            return wanted.key
        if posted != row.posted:
            with self.transactions.write() as tx:
                tx.cards.put(replace(row, posted=posted))
        return None

    def _perhaps_posted_since(self) -> datetime:
        """When a card that has no row can have been posted first."""
        now, forgotten = self.now(), self.forgotten
        return forgotten.since if forgotten and now < forgotten.restored_at + FOUND_BY_THEN else now

    def wanted(self, subject: Subject) -> tuple[tuple[Wanted, ...], BatchId | None]:
        """Every card of a subject, as it should look now, and the batch whose card has to follow."""
        kind, _, id_ = subject.partition(":")
        match kind:
            case "document":
                found = self.views.document(DocumentId(id_))
                return tuple(self._of_document(found)), found.batch
            case "batch":
                return tuple(self._of_batch(BatchId(id_))), None
            case "claim":
                return tuple(self._of_claim(ClaimId(id_))), None
            case "audit":
                view, finance = self.views.sampled(ClaimId(id_))
                return tuple(Wanted(f"{subject}:{person}", person, view, once=True) for person in finance), None
            case "meeting":
                return (Wanted(subject, PersonId(id_), MeetingView(), once=True),), None
        return (), None

    def _of_document(self, found: DocumentCards) -> Iterator[Wanted]:
        for key, view in found.cards:
            yield Wanted(key, found.owner, view)
            if isinstance(view, InvoiceView) and view.invoice.practice and view.invoice.state is InvoiceState.SETTLED:
                said = NoticeView(practice_outcome(view.invoice))
                yield Wanted(f"outcome:{view.invoice.id}", found.owner, said, once=True)

    def _of_batch(self, batch_id: BatchId) -> Iterator[Wanted]:
        owner, views = self.views.batch(batch_id)
        for place, view in enumerate(views):
            yield Wanted(f"batch:{batch_id}" if place == 0 else f"batch:{batch_id}:more:{place}", owner, view)

    def _of_claim(self, claim_id: ClaimId) -> Iterator[Wanted]:
        claim, views = self.views.claim(claim_id)
        for view in views:
            task = next(task for task in claim.tasks if task.id == view.task_id)
            yield Wanted(f"task:{claim.id}:{claim.round}:{task.id}", task.assignee, view)
        said = self.views.outcome(claim)
        if said is not None:
            yield Wanted(
                f"outcome:{claim.id}:{claim.round}:{claim.state.value}", claim.submitter, NoticeView(said), once=True
            )


def invoice_place(key: str) -> tuple[DocumentId, int | None] | None:
    """Which invoice of which document a card shows (None: the one invoice it has); None for other cards."""
    kind, document_id, place = [*key.split(":"), "", ""][:3]
    if kind != "document" or not (place == "" or place.isdigit()):
        return None
    return DocumentId(document_id), int(place) if place else None
