"""A message's invoices: looked at one by one, or put into one claim."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.actions import Input
from core.audit import entry
from core.batch import Batch, Item
from core.claim import Claim
from core.errors import NotUnderstood, Refused
from core.ids import BatchId, PersonId
from core.invoice import FieldName, Finding, Invoice, Severity
from core.messages import Message
from core.ports import Subject, Transaction
from core.use_cases.edit_draft import LONGEST_PURPOSE
from core.use_cases.gather_batch import gather
from core.use_cases.submit_claim import SubmitClaim, plan_of, purpose_of, sum_of, total_of
from core.views import TogetherForm


@dataclass(frozen=True)
class PutTogether:
    """For the owner of a batch alone. `submit` does what Submit does on a draft."""

    submit: SubmitClaim

    def look_one_by_one(self, batch_id: BatchId, by: PersonId) -> None:
        """Each draft gets its card. Twice is once. Raises Refused."""
        with self.submit.transactions.write() as tx:
            batch = _own(tx, batch_id, by)
            if batch.opened:
                return
            tx.batches.save(replace(batch, opened=True))
            documents = tx.documents.of_place(batch_id)
            for document in documents:
                for shown in {document.id, document.same_as or document.id}:
                    tx.cards.changed(Subject(f"document:{shown}"))
            if len(documents) > 1:
                tx.cards.changed(Subject(f"batch:{batch_id}"))
            tx.audit(entry(self.submit.now(), by, "looked one by one", f"batch:{batch_id}"))

    def form(self, batch_id: BatchId, by: PersonId) -> TogetherForm:
        """The modal: what goes into the claim, what stays behind and why, and where it goes. Raises Refused."""
        with self.submit.transactions.read() as tx:
            taken, left_out, findings = self._chosen(tx, _own(tx, batch_id, by))
            form = TogetherForm(
                target=f"{batch_id}|{_seal(taken)}",
                invoices=taken,
                left_out=left_out,
                total=None,
                plan=None,
                names=self.submit.directory.names(),
                purpose=purpose_of(taken)[:LONGEST_PURPOSE],
                warnings=sum(finding.severity is Severity.WARN for finding in findings),
            )
            if not taken:
                return replace(form, notice=Message("None of these can be submitted yet."))
            form = replace(form, total=sum_of(taken))
            try:
                plan = plan_of(tx, taken, findings, self.submit.policy, self.submit.directory, self.submit.now())
                return replace(form, plan=plan)
            except Refused as problem:
                return replace(form, notice=problem.message)

    def __call__(self, target: str, by: PersonId, purpose: str) -> Claim:
        """The claim of exactly what the form showed. Raises Refused, NotUnderstood when something has changed since."""
        batch_id, _, seal = target.rpartition("|")
        if len(purpose) > LONGEST_PURPOSE:
            raise NotUnderstood(
                Input.PURPOSE, Message("The purpose can have at most {most} characters.", most=LONGEST_PURPOSE)
            )
        with self.submit.transactions.read() as tx:
            taken, _, _ = self._chosen(tx, _own(tx, BatchId(batch_id), by))
        if not taken or _seal(taken) != seal:
            raise NotUnderstood(
                Input.PURPOSE,
                Message("What is ready has changed since this form was opened. Close it and open it again."),
            )
        return self.submit.together([each.id for each in taken], by, purpose.strip())

    def _chosen(
        self, tx: Transaction, batch: Batch
    ) -> tuple[tuple[Invoice, ...], tuple[Message, ...], tuple[Finding, ...]]:
        """The drafts that can be submitted as they are, why the others cannot, and what the checks say of the first."""
        taken: list[Invoice] = []
        left_out: list[Message] = []
        findings: list[Finding] = []
        for item in gather(tx, batch).items:
            if not item.loose or item.invoice is None:
                continue
            found = self.submit.check.look(tx, item.invoice).findings
            why = _why_not(item.invoice, found, taken)
            if why is None:
                taken.append(item.invoice)
                findings += found
            else:
                left_out.append(Message("{file}: {reason}", file=_name(item), reason=why))
        return tuple(taken), tuple(left_out), tuple(findings)


def _own(tx: Transaction, batch_id: BatchId, by: PersonId) -> Batch:
    """The batch, if it is this person's; another's looks like none at all."""
    batch = tx.batches.find(batch_id)
    if batch is None or batch.owner != by:
        raise Refused(Message("There is no such message of yours. Nothing was changed."), code="E-NOT-YOURS")
    return batch


def _why_not(invoice: Invoice, findings: Iterable[Finding], taken: Iterable[Invoice]) -> Message | None:
    if invoice.questions():
        return Message("{count} fields have to be confirmed first.", count=len(invoice.questions()))
    stop = next((each for each in findings if each.severity is Severity.BLOCK), None)
    if stop is not None:
        return stop.message
    first = next(iter(taken), None)
    if first is not None and total_of(first).currency != total_of(invoice).currency:
        return Message("It is in another currency; submit it by itself.")
    return None


def _name(item: Item) -> Message | str:
    seller = item.invoice.reading.value(FieldName.SELLER_NAME) if item.invoice else None
    return Message("{file} ({seller})", file=item.file, seller=seller) if seller else item.file


def _seal(invoices: Iterable[Invoice]) -> str:
    """What the form showed, in few characters: which invoices, and how much of each."""
    shown = " ".join(f"{each.id} {total_of(each)}" for each in invoices)
    return hashlib.sha256(shown.encode()).hexdigest()[:16]
