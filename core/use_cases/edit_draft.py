"""A person corrects, confirms or discards a draft of theirs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from core.actions import Input
from core.audit import entry
from core.entered import entered
from core.errors import NotUnderstood, Refused
from core.ids import InvoiceId, PersonId
from core.invoice import FieldName, FieldState, Invoice, InvoiceState, Kind
from core.messages import Message
from core.policy import Policy
from core.ports import Subject, Transaction, Transactions
from core.reply import correction_from
from core.use_cases.check_invoice import CheckInvoice
from core.words import FIELD_WORDS

LONGEST_PURPOSE = 200


def own_draft(tx: Transaction, invoice_id: InvoiceId, by: PersonId) -> Invoice:
    """The draft, if it is this person's and still a draft. Raises Refused; another's looks like none at all."""
    try:
        invoice = tx.invoices.get(invoice_id)
    except KeyError:
        invoice = None
    if invoice is None or invoice.owner != by:
        raise Refused(Message("There is no such draft of yours. Nothing was changed."), code="E-NOT-YOURS")
    if invoice.state is not InvoiceState.DRAFT:
        raise Refused(
            Message("This invoice is no longer a draft, so it cannot be changed here. Nothing was changed."),
            code="E-NO-DRAFT",
        )
    return invoice


@dataclass(frozen=True)
class EditDraft:
    """Fields typed in the modal or in a reply, category and purpose. Only what differs from the draft is entered."""

    transactions: Transactions
    check: CheckInvoice
    policy: Policy
    now: Callable[[], datetime]

    def __call__(
        self, invoice_id: InvoiceId, by: PersonId, typed: Mapping[FieldName | Input, str]
    ) -> tuple[Message, ...]:
        """What changed, as sentences. Raises NotUnderstood (first field that cannot be read), Refused."""
        with self.transactions.write() as tx:
            before = own_draft(tx, invoice_id, by)
            invoice = before
            for name, text in typed.items():
                invoice = self._typed(invoice, name, text, by)
            if invoice == before:
                return ()
            tx.invoices.save(replace(invoice, since=self.now()))
            document = tx.documents.get(invoice.document_id)
            self.check(tx, invoice)
            tx.cards.changed(Subject(f"document:{document.id}"))
            changes = _changes(before, invoice, self.policy)
            tx.audit(
                entry(
                    self.now(),
                    by,
                    "entered",
                    f"invoice:{invoice_id}",
                    fields=" ".join(name.value for name in FieldName if _differs(before, invoice, name)),
                )
            )
            return changes

    def problems(
        self, invoice_id: InvoiceId, typed: Mapping[FieldName | Input, str]
    ) -> Mapping[FieldName | Input, Message]:
        """What in a filled form cannot be read, by field; empty when all of it can."""
        with self.transactions.read() as tx:
            abroad = tx.invoices.get(invoice_id).reading.kind is Kind.FOREIGN_INVOICE
        found: dict[FieldName | Input, Message] = {}
        for name, text in typed.items():
            try:
                if name is Input.CATEGORY:
                    self._category(text)
                elif isinstance(name, FieldName) and text.strip():
                    entered(name, text, abroad=abroad)
            except NotUnderstood as problem:
                found[name] = problem.message
        return found

    def confirm(self, invoice_id: InvoiceId, by: PersonId, name: FieldName) -> bool:
        """The value that was read is right, says the person. Confirming twice is confirming once: False then."""
        with self.transactions.write() as tx:
            invoice = own_draft(tx, invoice_id, by)
            seen = invoice.reading.fields.get(name)
            if seen is None or seen.value is None or seen.state is not FieldState.READ:
                return False
            tx.invoices.save(replace(invoice.enter(name, seen.value, by), since=self.now()))
            self._rechecked(tx, tx.invoices.get(invoice_id))
            tx.audit(entry(self.now(), by, "confirmed", f"invoice:{invoice_id}", field=name.value))
            return True

    def discard(self, invoice_id: InvoiceId, by: PersonId) -> None:
        """Thrown away by its owner; the original is kept as long as retention says."""
        with self.transactions.write() as tx:
            invoice = own_draft(tx, invoice_id, by)
            if invoice.claim_id is not None:
                raise Refused(
                    Message("This invoice belongs to a claim that was sent back. Correct it and submit it again."),
                    code="E-IN-CLAIM",
                )
            tx.invoices.save(invoice.move(InvoiceState.DISCARDED))
            tx.cards.changed(Subject(f"document:{invoice.document_id}"))
            tx.audit(entry(self.now(), by, "discarded", f"invoice:{invoice_id}"))

    def by_reply(self, invoice_id: InvoiceId, by: PersonId, reply: str) -> Message:
        """A reply in the thread under the draft. The answer says what changed, or how to say it."""
        correction = correction_from(reply)
        if correction is None:
            return Message(
                "I did not understand that as a correction. Write the field and its value, for example: "
                "total 128.50, date 2026-11-03, category travel. Nothing was changed."
            )
        try:
            changes = self(invoice_id, by, {correction.name: correction.text})
        except NotUnderstood as problem:
            return Message("{problem} Nothing was changed.", problem=problem.message)
        except Refused as problem:
            return problem.message
        if changes:
            return Message("Changed: {changes}", changes=changes)
        if isinstance(correction.name, FieldName) and self.confirm(invoice_id, by, correction.name):
            return Message("Confirmed: {field}.", field=FIELD_WORDS[correction.name])
        return Message("It already says so; nothing was changed.")

    def _typed(self, invoice: Invoice, name: FieldName | Input, text: str, by: PersonId) -> Invoice:
        if name is Input.CATEGORY:
            return replace(invoice, category=self._category(text))
        if name is Input.PURPOSE:
            if len(text) > LONGEST_PURPOSE:
                raise NotUnderstood(
                    name, Message("The purpose can have at most {most} characters.", most=LONGEST_PURPOSE)
                )
            return replace(invoice, purpose=text.strip())
        if not isinstance(name, FieldName) or (not text.strip() and invoice.reading.value(name) is None):
            return invoice
        value = entered(name, text, abroad=invoice.reading.kind is Kind.FOREIGN_INVOICE)
        return invoice if value == invoice.reading.value(name) else invoice.enter(name, value, by)

    def _category(self, text: str) -> str:
        for category in self.policy.categories:
            if category.answers_to(text):
                return category.key
        raise NotUnderstood(
            Input.CATEGORY,
            Message(
                "There is no category “{text}”. There are: {all}.",
                text=text,
                all=tuple(c.name for c in self.policy.categories),
            ),
        )

    def _rechecked(self, tx: Transaction, invoice: Invoice) -> None:
        self.check(tx, invoice)
        tx.cards.changed(Subject(f"document:{invoice.document_id}"))


def _differs(before: Invoice, after: Invoice, name: FieldName) -> bool:
    return before.reading.value(name) != after.reading.value(name)


def _changes(before: Invoice, after: Invoice, policy: Policy) -> tuple[Message, ...]:
    changes = [
        Message(
            "{field} is now {value} (was {before})",
            field=FIELD_WORDS[name],
            value=_shown(after, name),
            before=_shown(before, name),
        )
        for name in FieldName
        if _differs(before, after, name)
    ]
    if before.category != after.category:
        changes.append(Message("category is now {name}", name=policy.category_name(after.category)))
    if before.purpose != after.purpose:
        changes.append(Message("purpose is now “{purpose}”", purpose=after.purpose))
    return tuple(changes)


def _shown(invoice: Invoice, name: FieldName) -> str:
    return invoice.reading.value(name) or "–"
