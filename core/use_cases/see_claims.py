"""What the web pages show: who may see which claim, and what they see of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.approval import OATask
from core.claim import Claim, ClaimState
from core.decision import Decision, DecisionState
from core.directory import Directory, Person, Role
from core.errors import Refused
from core.ids import ClaimId, InvoiceId, PersonId
from core.invoice import Finding, Invoice
from core.messages import Message
from core.policy import Policy
from core.ports import Storage, Transaction, Transactions
from core.use_cases.record_decision import slot_of

FINANCE = frozenset({Role.REVIEWER, Role.ACCOUNTANT, Role.CASHIER, Role.AUDITOR})
_STANDING = frozenset({DecisionState.WAITING, DecisionState.SENT})


def may_see(person: Person, claim: Claim, decided: Collection[PersonId]) -> bool:
    """Row-level visibility: whom a claim is about, whoever has or had a task in it, and finance.

    `decided` are those who decided in any round; the claim itself knows the tasks of its last round only.
    """
    if not person.active:
        return False
    involved = {claim.submitter, claim.beneficiary, *decided, *(task.assignee for task in claim.tasks)}
    return person.id in involved or bool(person.roles & FINANCE)


@dataclass(frozen=True)
class ClaimLists:
    """What one person finds on the first page. `all_open` is None for those who are not finance."""

    waiting: Sequence[Claim]
    mine: Sequence[Claim]
    all_open: Sequence[Claim] | None
    names: Mapping[PersonId, str]


@dataclass(frozen=True)
class ClaimPage:
    """One claim as one person sees it.

    `task` is theirs to decide now, None when there is none. `undoable` is their decision that can still be undone. `findings` are by invoice. `pictured` are the invoices whose page can be shown.
    """

    claim: Claim
    invoices: tuple[Invoice, ...]
    findings: Mapping[InvoiceId, tuple[Finding, ...]]
    decisions: tuple[Decision, ...]
    names: Mapping[PersonId, str]
    category_name: Message
    reasons: Mapping[str, Message]
    pictured: frozenset[InvoiceId]
    task: OATask | None
    undoable: Decision | None


@dataclass(frozen=True)
class SeeClaims:
    """Reads only. The directory is asked at each look, so that a leaver sees nothing at once."""

    transactions: Transactions
    directory: Callable[[], Directory]
    policy: Policy
    storage: Storage
    now: Callable[[], datetime]

    def lists(self, viewer: PersonId) -> ClaimLists:
        person = self._person(viewer)
        with self.transactions.read() as tx:
            return ClaimLists(
                waiting=[claim for claim, _ in to_decide(tx, viewer)],
                mine=tx.claims.of_submitter(viewer),
                all_open=tx.claims.still_open() if person.roles & FINANCE else None,
                names=self.directory().names(),
            )

    def page(self, claim_id: ClaimId, viewer: PersonId) -> ClaimPage:
        """Raises Refused, in the same words whether there is no such claim or it is not for their eyes."""
        with self.transactions.read() as tx:
            claim, decisions = self._visible(tx, claim_id, viewer)
            invoices = tuple(tx.invoices.get(line.invoice_id) for line in claim.lines)
            return ClaimPage(
                claim=claim,
                invoices=invoices,
                findings={each.id: tx.findings.of(each.id) for each in invoices},
                decisions=decisions,
                names=self.directory().names(),
                category_name=self.policy.category_name(claim.category),
                reasons=self.policy.reasons,
                pictured=frozenset(each.id for each in invoices if _picture(tx, each) is not None),
                task=_open_task(claim, viewer, decisions),
                undoable=next((each for each in decisions if self._is_undoable(each, viewer)), None),
            )

    def picture(self, claim_id: ClaimId, invoice_id: InvoiceId, viewer: PersonId) -> bytes:
        """The page an invoice of the claim stands on, as JPEG. Raises Refused."""
        with self.transactions.read() as tx:
            claim, _ = self._visible(tx, claim_id, viewer)
            if all(line.invoice_id != invoice_id for line in claim.lines):
                raise _no_such_claim()
            key = _picture(tx, tx.invoices.get(invoice_id))
        if key is None:
            raise _no_such_claim()
        return self.storage.get(key)

    def _visible(self, tx: Transaction, claim_id: ClaimId, viewer: PersonId) -> tuple[Claim, tuple[Decision, ...]]:
        person = self._person(viewer)
        try:
            claim = tx.claims.get(claim_id)
        except KeyError:
            raise _no_such_claim() from None
        decisions = _decisions(tx, claim)
        if not may_see(person, claim, {each.by for each in decisions}):
            raise _no_such_claim()
        return claim, decisions

    def _is_undoable(self, decision: Decision, viewer: PersonId) -> bool:
        is_waiting = decision.state is DecisionState.WAITING and self.now() < decision.effective_at
        return decision.by == viewer and is_waiting

    def _person(self, viewer: PersonId) -> Person:
        person = self.directory().people.get(viewer)
        if person is None or not person.active:
            raise _no_such_claim()
        return person


def to_decide(tx: Transaction, viewer: PersonId) -> list[tuple[Claim, OATask]]:
    """The claims this person may decide now, with the task, oldest first."""
    claims = tx.claims.open_for(viewer)
    decisions = tx.decisions.of_claims([claim.id for claim in claims])
    tasks = ((claim, _open_task(claim, viewer, decisions[claim.id])) for claim in claims)
    return [(claim, task) for claim, task in tasks if task is not None]


def _open_task(claim: Claim, viewer: PersonId, decisions: Sequence[Decision]) -> OATask | None:
    """The task this person may decide now: theirs, open, no claim of their own, and nobody was faster."""
    if claim.state is not ClaimState.PENDING or viewer in (claim.submitter, claim.beneficiary, claim.payee):
        return None
    standing = {each.task_id for each in decisions if each.round == claim.round and each.state in _STANDING}
    taken = {slot_of(claim, task) for task in claim.tasks if task.id in standing}
    mine = (task for task in claim.open_tasks() if task.assignee == viewer and slot_of(claim, task) not in taken)
    return next(mine, None)


def _decisions(tx: Transaction, claim: Claim) -> tuple[Decision, ...]:
    return tuple(tx.decisions.of_claim(claim.id))


def _picture(tx: Transaction, invoice: Invoice) -> str | None:
    return tx.documents.get(invoice.document_id).previews.get(invoice.reading.page)


def _no_such_claim() -> Refused:
    return Refused(
        Message("There is no such claim, or it is not one you can see. Ask whoever sent you here."), code="E-NO-CLAIM"
    )
