"""Which draft a reply or a button is about."""

from dataclasses import dataclass

from core.ids import InvoiceId, PersonId
from core.invoice import FieldName
from core.ports import Posted, Transactions
from core.use_cases.build_views import BuildViews
from core.use_cases.edit_draft import own_draft
from core.use_cases.show import invoice_place
from core.views import EditForm


@dataclass(frozen=True)
class FindDraft:
    """Reads only."""

    transactions: Transactions
    views: BuildViews

    def form(self, invoice_id: InvoiceId, by: PersonId, *, focus: FieldName | None) -> EditForm:
        """The edit form of one's own draft. Raises Refused."""
        with self.transactions.read() as tx:
            invoice = own_draft(tx, invoice_id, by)
        return self.views.edit_form(invoice, focus)

    def under(self, place: str) -> tuple[InvoiceId, Posted] | None:
        """The invoice whose card stands at "channel/timestamp", None when no invoice's card does."""
        with self.transactions.read() as tx:
            row = tx.cards.find(place)
            shown = invoice_place(row.key) if row else None
            if row is None or row.posted is None or shown is None:
                return None
            invoices = tx.invoices.of_document(shown[0])
            if shown[1] is None and len(invoices) > 1:  # the summary of a file with several
                return None
            which = shown[1] or 0
            return (invoices[which].id, row.posted) if which < len(invoices) else None
