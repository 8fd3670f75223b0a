"""UBL 2.1 Invoice and CreditNote. Source: EN 16931, CEN/TS 16931-3-2."""

from xml.etree.ElementTree import Element

from core.invoice import FieldName, ItemLine
from core.reading.originals.foreign import CREDIT_NOTE, foreign
from core.reading.originals.tree import every, local, namespace, one, text
from core.reading.originals.written import Written, line

_NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:"


def read_ubl(root: Element) -> Written | None:
    """An invoice or credit note; None for UBL's other documents."""
    if not namespace(root).startswith(_NAMESPACE) or local(root) not in ("Invoice", "CreditNote"):
        return None
    credit = local(root) == "CreditNote"
    currency, sums = text(root, "DocumentCurrencyCode"), one(root, "LegalMonetaryTotal")
    seller, buyer = one(root, "AccountingSupplierParty", "Party"), one(root, "AccountingCustomerParty", "Party")
    texts = {
        FieldName.NUMBER: text(root, "ID"),
        FieldName.DATE: text(root, "IssueDate"),
        FieldName.SELLER_NAME: _name(seller),
        FieldName.SELLER_TAX_ID: _vat_id(seller),
        FieldName.BUYER_NAME: _name(buyer),
        FieldName.BUYER_TAX_ID: _vat_id(buyer),
        FieldName.AMOUNT_EX_TAX: text(sums, "TaxExclusiveAmount"),
        FieldName.TAX: _tax(root, currency),
        FieldName.TOTAL: text(sums, "TaxInclusiveAmount"),
        FieldName.CURRENCY: currency,
    }
    rows = every(root, "CreditNoteLine" if credit else "InvoiceLine")
    type_code = CREDIT_NOTE if credit else text(root, "InvoiceTypeCode")
    return foreign(texts, tuple(_line(row) for row in rows), type_code, {"due": text(sums, "PayableAmount")})


def _name(party: Element | None) -> str:
    return text(party, "PartyLegalEntity", "RegistrationName") or text(party, "PartyName", "Name")


def _vat_id(party: Element | None) -> str:
    ids = {text(tax, "TaxScheme", "ID"): text(tax, "CompanyID") for tax in every(party, "PartyTaxScheme")}
    return ids.get("VAT", "")


def _tax(root: Element, currency: str) -> str:
    """The tax in the invoice's own currency; it may stand there in the seller's, too."""
    amounts = list(every(root, "TaxTotal", "TaxAmount"))
    own = [text(amount) for amount in amounts if amount.get("currencyID", currency) == currency]
    return (own or [""])[0]


def _line(row: Element) -> ItemLine:
    percent = text(row, "Item", "ClassifiedTaxCategory", "Percent")
    return line(text(row, "Item", "Name"), text(row, "LineExtensionAmount"), f"{percent}%" if percent else "", "")
