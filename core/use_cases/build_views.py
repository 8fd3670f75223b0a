"""From what the database says to what is shown."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from core.approval import OATask, Verdict
from core.batch import Batch
from core.claim import Claim, ClaimState, Plan
from core.decision import Decision, DecisionState
from core.directory import Directory, Role
from core.document import Document
from core.errors import Refused
from core.ids import BatchId, ClaimId, DocumentId, PersonId
from core.invoice import FieldName, Invoice, InvoiceState
from core.messages import Message
from core.policy import Policy
from core.ports import OfficeAutomation, Pictures, Storage, Subject, Transaction, Transactions
from core.use_cases.check_invoice import CheckInvoice
from core.use_cases.gather_batch import batch_of, came_alone, gather
from core.use_cases.submit_claim import plan_of, with_its_claim
from core.use_cases.twins import same_file, same_invoice
from core.views import (
    ApprovalView,
    BatchView,
    DetailsForm,
    DocumentView,
    EditForm,
    InvoiceView,
    MoreOfBatch,
    Picture,
    Question,
    ReasonForm,
    SampledView,
    View,
)
from core.words import FIELD_WORDS, outcome_words

LINES_ON_A_CARD = 40
"""Things of a batch that are not ready and are told on one card; the others are told on further cards."""
QUESTIONS_ON_A_CARD = 4
"""Each has a picture of its own. Readable photos ask at most 3."""


@dataclass(frozen=True)
class DocumentCards:
    """The owner's cards of a document, by key, and the batch whose card tells of it too (None: it came alone)."""

    owner: PersonId
    cards: tuple[tuple[str, View], ...]
    batch: BatchId | None


@dataclass(frozen=True)
class BuildViews:
    """Reads only."""

    transactions: Transactions
    check: CheckInvoice
    directory: Directory
    policy: Policy
    storage: Storage
    pictures: Pictures
    oa: OfficeAutomation

    def document(self, document_id: DocumentId) -> DocumentCards:
        """What became of a file that came alone, and a card for each invoice that its owner is to see by itself."""
        with self.transactions.read() as tx:
            document = tx.documents.get(document_id)
            batch = batch_of(tx, document)
            alone = came_alone(tx, batch)
            if alone and len(tx.invoices.of_document(document.id)) == 1:
                batch = replace(batch, opened=True)  # there is nothing to choose from
            cards = (*(self._of_file(tx, batch, document) if alone else ()), *self._of_invoices(tx, batch, document))
            return DocumentCards(document.owner, cards, None if alone else batch.id)

    def batch(self, batch_id: BatchId) -> tuple[PersonId, tuple[View, ...]]:
        """The card of a message with several files, and more cards for what has no room on it."""
        with self.transactions.read() as tx:
            batch = tx.batches.find(batch_id)
            if batch is None:
                raise KeyError(batch_id)
            return batch.owner, tuple(self._of_batch(tx, batch))

    def claim(self, claim_id: ClaimId) -> tuple[Claim, tuple[ApprovalView, ...]]:
        """The claim and one view per task of its OA's last snapshot."""
        with self.transactions.read() as tx:
            claim = tx.claims.get(claim_id)
            return claim, tuple(self._task(tx, claim, task) for task in claim.tasks)

    def sampled(self, claim_id: ClaimId) -> tuple[SampledView, tuple[PersonId, ...]]:
        """What finance is shown of a claim that policy approved and the sample drew, and who of finance is."""
        with self.transactions.read() as tx:
            claim = tx.claims.get(claim_id)
        who = (*self.directory.holders(Role.REVIEWER), *self.directory.holders(Role.AUDITOR))
        concerned = {claim.submitter, claim.beneficiary, claim.payee}
        view = SampledView(claim, self._name(claim.submitter), self.policy.category_name(claim.category))
        return view, tuple(person.id for person in who if person.id not in concerned)

    def approval(self, claim_id: ClaimId, task_id: str) -> ApprovalView:
        """One task's view. Raises Refused when there is none."""
        claim, views = self.claim(claim_id)
        for view in views:
            if view.task_id == task_id:
                return view
        raise Refused(
            Message("{reference} has moved on since this card was shown.", reference=claim.reference), code="E-STALE"
        )

    def outcome(self, claim: Claim) -> Message | None:
        """The sentence that tells the submitter how it ended, with the decider's reason and words exactly as given."""
        with self.transactions.read() as tx:
            return self._outcome(tx, claim)

    def edit_form(self, invoice: Invoice, focus: FieldName | None = None) -> EditForm:
        return EditForm(invoice, tuple((each.key, each.name) for each in self.policy.categories), focus)

    def reason_form(self, claim_id: ClaimId, target: str, verdict: Verdict) -> ReasonForm:
        """The modal of Send back or Reject."""
        with self.transactions.read() as tx:
            claim = tx.claims.get(claim_id)
        return ReasonForm(claim, target, verdict.value, tuple(self.policy.reasons.items()))

    def details_form(self, claim_id: ClaimId, task_id: str, viewer: PersonId) -> DetailsForm:
        """Everything about a claim, for the one whose task it is or was. Raises Refused."""
        view = self.approval(claim_id, task_id)
        if all(task.assignee != viewer for task in view.claim.tasks if task.id == task_id):
            raise Refused(Message("This is not waiting for your decision."), code="E-NOT-YOURS")
        return DetailsForm(view)

    def _of_file(self, tx: Transaction, batch: Batch, document: Document) -> Iterator[tuple[str, View]]:
        """The card that said it was being read. One invoice and nothing else skips the summary."""
        invoices = tx.invoices.of_document(document.id)
        key = f"document:{document.id}"
        if len(invoices) == 1 and not document.problems:
            yield key, self._invoice(tx, document, invoices[0])
        elif invoices:
            for place, view in enumerate(self._of_batch(tx, batch)):
                yield key if place == 0 else f"{key}:more:{place}", view
        else:
            said = same_file(tx, document)
            problem, code = document.problem, document.problem_code
            yield key, DocumentView(document.id, document.name, problem, code, document.practice, said)

    def _of_batch(self, tx: Transaction, batch: Batch) -> Iterator[View]:
        found = gather(tx, batch)
        claims = dict.fromkeys(item.invoice.claim_id for item in found.items if item.invoice and item.invoice.claim_id)
        told = found.not_ready
        yield BatchView(
            found, told[:LINES_ON_A_CARD], tuple(tx.claims.get(claim_id) for claim_id in claims if claim_id)
        )
        for start in range(LINES_ON_A_CARD, len(told), LINES_ON_A_CARD):
            yield MoreOfBatch(told[start : start + LINES_ON_A_CARD])

    def _of_invoices(self, tx: Transaction, batch: Batch, document: Document) -> Iterator[tuple[str, View]]:
        """Drafts that are looked at one by one, those that came back with a claim, and one card for each claim.

        A file sent again has its drafts shown again, so that they are found where the conversation is now.
        """
        invoices = tx.invoices.of_document(document.id)
        posted = {row.key for row in tx.cards.rows(Subject(f"document:{document.id}"))}
        alone = len(invoices) == 1 and not document.problems and came_alone(tx, batch)
        for place, invoice in enumerate(invoices):
            key = f"document:{document.id}:{place}"
            if not alone and (key in posted or _is_looked_at(tx, batch, invoice)):
                yield key, self._invoice(tx, document, invoice)
            for again in tx.documents.same_as(document.id):
                copy = f"{key}:again:{again.id}"
                if copy in posted or (invoice.state is InvoiceState.DRAFT and _repeats(tx, document, again)):
                    yield copy, self._invoice(tx, document, invoice)

    def _invoice(self, tx: Transaction, document: Document, invoice: Invoice) -> InvoiceView:
        result = self.check.look(tx, invoice)
        findings = result.findings if invoice.state is InvoiceState.DRAFT else tx.findings.of(invoice.id)
        claim = tx.claims.get(invoice.claim_id) if invoice.claim_id else None
        decisions = tuple(tx.decisions.of_claim(claim.id)) if claim else ()
        sent = tuple(each for each in decisions if each.state is DecisionState.SENT)
        view = InvoiceView(
            invoice=invoice,
            findings=findings,
            passed=result.passed,
            entity_name=self._entity_name(invoice),
            plan=None,
            claim=claim,
            history=sent,
            outcome=self._outcome(tx, claim) if claim and claim.state is not ClaimState.APPROVED else None,
            unsure=len(invoice.questions()),
            names=self.directory.names(),
            category_name=self.policy.category_name(invoice.category),
            notice=same_invoice(tx, invoice),
        )
        if invoice.state is not InvoiceState.DRAFT:
            return view
        return replace(self._with_route(tx, view), questions=self._questions(document, invoice))

    def _outcome(self, tx: Transaction, claim: Claim) -> Message | None:
        sent = [
            each
            for each in tx.decisions.of_claim(claim.id)
            if each.round == claim.round and each.state is DecisionState.SENT
        ]
        if not sent:
            return outcome_words(claim, "OA", "–")
        return outcome_words(claim, self._name(sent[-1].by), self._reason(sent[-1]))

    def _with_route(self, tx: Transaction, view: InvoiceView) -> InvoiceView:
        """The route it takes, together with the other drafts of its claim when it came back with them."""
        if view.invoice.practice:
            return replace(view, plan=Plan(()))
        try:
            together = with_its_claim(tx, view.invoice)
            others = (each for each in together if each.id != view.invoice.id)
            findings = (*view.findings, *(found for each in others for found in self.check.look(tx, each).findings))
            plan = plan_of(tx, together, findings, self.policy, self.directory, self.check.now())
        except Refused as problem:
            return replace(view, notice=problem.message)
        return replace(view, plan=plan, notice=_sent_with(view, len(together)))

    def _questions(self, document: Document, invoice: Invoice) -> tuple[Question, ...]:
        asked = invoice.questions()[:QUESTIONS_ON_A_CARD]
        key = document.previews.get(invoice.reading.page)
        page = None if key is None or not asked else self.storage.get(key)
        return tuple(self._question(invoice, name, page) for name in asked)

    def _question(self, invoice: Invoice, name: FieldName, page: bytes | None) -> Question:
        seen = invoice.reading.fields[name]
        crop = None
        if page is not None and seen.box is not None:
            crop = Picture(
                key=f"crop:{invoice.id}:{name.value}",
                content=self.pictures.crop(page, seen.box),
                alt=Message("Crop of the invoice: {field}", field=FIELD_WORDS[name]),
            )
        return Question(name, seen.value, seen.reason, crop)

    def _task(self, tx: Transaction, claim: Claim, task: OATask) -> ApprovalView:
        invoices = tuple(tx.invoices.get(line.invoice_id) for line in claim.lines)
        standing = [
            each
            for each in tx.decisions.of_claim(claim.id)
            if each.round == claim.round
            and each.node_id == task.node_id
            and each.state in (DecisionState.WAITING, DecisionState.SENT)
        ]
        mine = [each for each in standing if each.task_id == task.id]
        decision = next(iter(mine or standing), None)
        steps = [step.id for step in claim.plan.steps]
        after = claim.plan.steps[steps.index(task.node_id) + 1 :] if task.node_id in steps else ()
        return ApprovalView(
            claim=claim,
            task_id=task.id,
            step_name=next((step.name for step in claim.plan.steps if step.id == task.node_id), Message("Approval")),
            next_step=after[0].name if after else None,
            invoices=invoices,
            findings=tuple(finding for each in invoices for finding in tx.findings.of(each.id)),
            names=self.directory.names(),
            category_name=self.policy.category_name(claim.category),
            picture=self._thumbnail(tx, invoices[0]),
            decision=decision,
            reason=self.policy.reasons.get(decision.reason_code) if decision else None,
            undo_until=_undo_until(decision, task.assignee),
            link=self.oa.deep_link(claim.oa) if claim.oa else None,
        )

    def _thumbnail(self, tx: Transaction, invoice: Invoice) -> Picture | None:
        page = tx.documents.get(invoice.document_id).previews.get(invoice.reading.page)
        if page is None:
            return None
        seller = invoice.reading.value(FieldName.SELLER_NAME) or "–"
        return Picture(
            f"page:{page}",
            self.pictures.thumbnail(self.storage.get(page)),
            Message("Invoice of {seller}", seller=seller),
        )

    def _entity_name(self, invoice: Invoice) -> str | None:
        tax_id = invoice.reading.value(FieldName.BUYER_TAX_ID)
        return next((each.name for each in self.directory.entities.values() if each.tax_id == tax_id), None)

    def _name(self, person: PersonId) -> str:
        known = self.directory.people.get(person)
        return known.name if known else person

    def _reason(self, decision: Decision) -> Message | str:
        coded = self.policy.reasons.get(decision.reason_code)
        if coded is None:
            return decision.words or "–"
        return Message("{reason} – “{words}”", reason=coded, words=decision.words) if decision.words else coded


def _is_looked_at(tx: Transaction, batch: Batch, invoice: Invoice) -> bool:
    """Whether an invoice of a batch has a card: a draft when its owner wants them or it came back with its claim.

    A claim stands on the card of its first invoice.
    """
    if invoice.state is InvoiceState.DRAFT:
        return batch.opened or invoice.claim_id is not None
    return invoice.claim_id is not None and tx.claims.get(invoice.claim_id).lines[0].invoice_id == invoice.id


def _repeats(tx: Transaction, first: Document, again: Document) -> bool:
    """Whether a file sent again brings the first one's drafts along: alone at once, in a batch when it is opened."""
    if again.place == first.place:
        return False
    batch = batch_of(tx, again)
    return batch.opened or came_alone(tx, batch)


def _sent_with(view: InvoiceView, count: int) -> Message | None:
    if view.claim is None or count == 1:
        return None
    return Message(
        "This is one of {count} invoices of {reference}; Submit sends all of them again.",
        count=count,
        reference=view.claim.reference,
    )


def _undo_until(decision: Decision | None, viewer: PersonId) -> datetime | None:
    if decision is None or decision.by != viewer or decision.state is not DecisionState.WAITING:
        return None
    if decision.effective_at == decision.at:
        return None
    return decision.effective_at
