"""UN/CEFACT Cross Industry Invoice: Factur-X, ZUGFeRD 1 and 2, XRechnung. Source: EN 16931, CEN/TS 16931-3-3."""

from xml.etree.ElementTree import Element

from core.invoice import FieldName, ItemLine
from core.reading.originals.foreign import foreign
from core.reading.originals.tree import every, local, one, text
from core.reading.originals.written import Written, line


def read_cii(root: Element) -> Written | None:
    """ZUGFeRD 1 has the same content under older names."""
    match local(root):
        case "CrossIndustryInvoice":
            document, trade = one(root, "ExchangedDocument"), one(root, "SupplyChainTradeTransaction")
            agreement, settlement = (
                one(trade, "ApplicableHeaderTradeAgreement"),
                one(trade, "ApplicableHeaderTradeSettlement"),
            )
            sums = one(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation")
        case "CrossIndustryDocument":
            document = one(root, "HeaderExchangedDocument")
            trade = one(root, "SpecifiedSupplyChainTradeTransaction")
            agreement = one(trade, "ApplicableSupplyChainTradeAgreement")
            settlement = one(trade, "ApplicableSupplyChainTradeSettlement")
            sums = one(settlement, "SpecifiedTradeSettlementMonetarySummation")
        case _:
            return None
    currency = text(settlement, "InvoiceCurrencyCode")
    texts = {
        FieldName.NUMBER: text(document, "ID"),
        FieldName.DATE: text(document, "IssueDateTime", "DateTimeString"),
        FieldName.SELLER_NAME: text(agreement, "SellerTradeParty", "Name"),
        FieldName.SELLER_TAX_ID: _vat_id(one(agreement, "SellerTradeParty")),
        FieldName.BUYER_NAME: text(agreement, "BuyerTradeParty", "Name"),
        FieldName.BUYER_TAX_ID: _vat_id(one(agreement, "BuyerTradeParty")),
        FieldName.AMOUNT_EX_TAX: text(sums, "TaxBasisTotalAmount"),
        FieldName.TAX: _tax(sums, currency),
        FieldName.TOTAL: text(sums, "GrandTotalAmount"),
        FieldName.CURRENCY: currency,
    }
    lines = tuple(found for item in every(trade, "IncludedSupplyChainTradeLineItem") if (found := _line(item)).amount)
    return foreign(texts, lines, text(document, "TypeCode"), {"due": text(sums, "DuePayableAmount")})


def _tax(sums: Element | None, currency: str) -> str:
    """The tax in the invoice's own currency; it may stand there in the seller's, too."""
    amounts = list(every(sums, "TaxTotalAmount"))
    own = [text(amount) for amount in amounts if amount.get("currencyID", currency) == currency]
    return (own or [text(amount) for amount in amounts[:1]] or [""])[0]


def _vat_id(party: Element | None) -> str:
    ids = {number.get("schemeID", ""): text(number) for number in every(party, "SpecifiedTaxRegistration", "ID")}
    return ids.get("VA", "")


def _line(item: Element) -> ItemLine:
    settled = one(item, "SpecifiedLineTradeSettlement")
    if settled is None:
        settled = one(item, "SpecifiedSupplyChainTradeSettlement")
    tax = one(settled, "ApplicableTradeTax")
    percent = text(tax, "RateApplicablePercent") or text(tax, "ApplicablePercent")
    sums = one(settled, "SpecifiedTradeSettlementLineMonetarySummation")
    if sums is None:
        sums = one(settled, "SpecifiedTradeSettlementMonetarySummation")
    return line(
        text(item, "SpecifiedTradeProduct", "Name"), text(sums, "LineTotalAmount"), f"{percent}%" if percent else "", ""
    )
