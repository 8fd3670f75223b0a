"""What people ask with /invoice: where a claim is, what is theirs, what can be found, what they can do."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.claim import Claim
from core.command import Ask, Asked, asked, fits, reference_from
from core.decision import DecisionState
from core.directory import Directory, Person, Role
from core.errors import Refused
from core.ids import ClaimId, InvoiceId, PersonId
from core.invoice import Invoice
from core.messages import Message
from core.policy import Policy
from core.ports import Transaction, Transactions
from core.use_cases.check_invoice import COMPANY_ZONE
from core.use_cases.see_claims import FINANCE, may_see
from core.views import HelpView, ListView, Row, StatusForm, StatusView, View

ROWS = 8
"""Rows of a page: about what a phone shows before one has to scroll for long."""
SEARCHED = 5000
"""Invoices looked through, newest first."""


@dataclass(frozen=True)
class LookUp:
    """Reads only. The directory is asked each time, so that a leaver sees nothing at once."""

    transactions: Transactions
    directory: Callable[[], Directory]
    policy: Policy
    now: Callable[[], datetime]

    def __call__(self, viewer: PersonId, line: str, page: int = 1) -> View:
        """The answer to what was typed after the command, `page` of it where it is a list. Raises Refused."""
        request = asked(line, self.now().astimezone(COMPANY_ZONE).year)
        match request.what:
            case Ask.STATUS:
                return self._status(viewer, lambda tx: tx.claims.with_reference(request.words), request.words)
            case Ask.MINE:
                return self._mine(viewer, max(page, request.page))
            case Ask.FIND:
                return self._found(viewer, request, page)
        return self._help(viewer, request.words or None)

    def form(self, viewer: PersonId, claim_id: ClaimId) -> StatusForm:
        """The status of a claim in a list. Raises Refused."""
        return StatusForm(self._status(viewer, lambda tx: tx.claims.some([claim_id]).get(claim_id), "–"))

    def _status(self, viewer: PersonId, get: Callable[[Transaction], Claim | None], asked_for: str) -> StatusView:
        """Raises Refused, in the same words whether there is no such claim or it is not for their eyes."""
        person = self.directory().people.get(viewer)
        with self.transactions.read() as tx:
            claim = get(tx)
            decisions = tx.decisions.of_claim(claim.id) if claim else ()
            if person is None or claim is None or not may_see(person, claim, {each.by for each in decisions}):
                raise Refused(
                    Message(
                        "There is no claim {reference}, or it is not one you can see. /invoice mine lists your own.",
                        reference=asked_for,
                    ),
                    code="E-NO-CLAIM",
                )
            (row,) = rows_of(tx, [claim])
        stands = (DecisionState.WAITING, DecisionState.SENT)
        return StatusView(
            row=row,
            decisions=tuple(each for each in decisions if each.state in stands),
            names=self.directory().names(),
            category_name=self.policy.category_name(claim.category),
            reasons=self.policy.reasons,
        )

    def _mine(self, viewer: PersonId, page: int) -> ListView:
        with self.transactions.read() as tx:
            count = tx.claims.count_of_submitter(viewer) + tx.invoices.count_drafts_of(viewer)
            page, pages, shown = _paged(count, page)
            newest: list[tuple[datetime, Claim | Invoice]] = [
                *((claim.submitted_at, claim) for claim in tx.claims.of_submitter(viewer, limit=shown.stop)),
                *tx.invoices.drafts_of(viewer, limit=shown.stop),
            ]
            newest.sort(key=lambda each: each[0], reverse=True)
            rows = _rows(tx, [thing for _, thing in newest[shown]])
        return ListView(viewer, "mine", None, rows, count, page, pages, self.directory().names())

    def _found(self, viewer: PersonId, request: Asked, page: int) -> ListView:
        """Own drafts and claims; finance finds everybody's claims, though nobody's drafts but their own."""
        person = self.directory().people[viewer]
        with self.transactions.read() as tx:
            kept = tx.invoices.findable(viewer, everybody=bool(person.roles & FINANCE), limit=SEARCHED + 1)
            found: dict[ClaimId | InvoiceId, None] = dict.fromkeys(
                each.claim_id or each.invoice_id
                for each in kept[:SEARCHED]
                if fits(request.words, seller=each.seller, texts=(each.number, each.reference), total=each.total)
            )
            # A claim that was withdrawn has no invoices any more, and can still be found by its reference.
            reference = reference_from(request.words, None)
            named = tx.claims.with_reference(reference) if reference else None
            if named and may_see(person, named, ()):
                found[named.id] = None
            page, pages, shown = _paged(len(found), page)
            ids = list(found)[shown]
            claims, drafts = tx.claims.some(map(ClaimId, ids)), tx.invoices.some(map(InvoiceId, ids))
            rows = _rows(tx, [claims.get(ClaimId(id_)) or drafts[InvoiceId(id_)] for id_ in ids])
        return ListView(
            viewer,
            f"find {request.words}",
            request.words,
            rows,
            len(found),
            page,
            pages,
            self.directory().names(),
            everything=len(kept) <= SEARCHED,
        )

    def _help(self, viewer: PersonId, unclear: str | None) -> HelpView:
        directory = self.directory()
        person = directory.people[viewer]
        return HelpView(
            approves=decides(directory, person),
            finance=bool(person.roles & FINANCE),
            admin=Role.ADMIN in person.roles,
            unclear=unclear,
        )


def decides(directory: Directory, person: Person) -> bool:
    """Whether claims may come to this person: a manager of somebody, or a reviewer."""
    manages = any(other.manager == person.id for other in directory.people.values() if other.active)
    return manages or Role.REVIEWER in person.roles


def rows_of(tx: Transaction, claims: Sequence[Claim]) -> tuple[Row, ...]:
    """These claims as rows, their invoices in one query."""
    invoices = tx.invoices.some(line.invoice_id for claim in claims for line in claim.lines)
    return tuple(Row(claim, tuple(invoices[line.invoice_id] for line in claim.lines)) for claim in claims)


def _rows(tx: Transaction, things: Iterable[Claim | Invoice]) -> tuple[Row, ...]:
    things = list(things)
    claims = iter(rows_of(tx, [thing for thing in things if isinstance(thing, Claim)]))
    return tuple(next(claims) if isinstance(thing, Claim) else Row(None, (thing,)) for thing in things)


def _paged(count: int, page: int) -> tuple[int, int, slice]:
    """The page there is, how many there are, and its rows; beyond the last page is the last."""
    pages = max(1, -(-count // ROWS))
    page = min(max(page, 1), pages)
    return page, pages, slice((page - 1) * ROWS, page * ROWS)
