"""The Ministry of Finance's XBRL instances, in OFD and PDF and alone. Source: domain table, 12.3.

They are read by local name; only elements in the ministry's own namespaces count, whatever else stands among them.
"""

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from core.invoice import FieldName, ItemLine, Kind
from core.reading.originals.tree import local, namespace
from core.reading.originals.written import Written, line

_OURS = ("http://xbrl.mof.gov.cn/taxonomy/", "https://xbrl.mof.gov.cn/taxonomy/")
_F = FieldName
_SUFFIX = "TaxpayerIdentificationNumberUnifiedSocialCreditCodeOf"

Facts = Mapping[str, str]


def read_xbrl(root: Element) -> Written | None:
    """An invoice, a rail or an air ticket; None for the ministry's other vouchers (bank slips, certificates)."""
    if local(root) != "xbrl":
        return None
    elements = [element for element in root.iter() if namespace(element).startswith(_OURS)]
    # The first of a name is the document's own: details repeat names further down.
    facts: dict[str, str] = {}
    for element in elements:
        said = (element.text or "").strip()
        if said and not len(element):
            facts.setdefault(local(element), said)
    for number, read in (
        ("ElectronicInvoiceRailwayETicketNumber", _rail),
        ("ElectronicInvoiceAirTransportReceiptNumber", _air),
        ("NumberOfInvoice", _vat),
        ("InvoiceNumber", _receiver),
    ):
        if number in facts:
            return read(facts, elements)
    return None


def _rail(facts: Facts, _: list[Element]) -> Written:
    """A ride's fare with the split that no face shows. A refund's own fee stands in Fare, too."""
    texts = {
        _F.NUMBER: facts["ElectronicInvoiceRailwayETicketNumber"],
        _F.DATE: facts.get("DateOfIssue", ""),
        _F.BUYER_NAME: facts.get("NameOfPurchaser", ""),
        _F.BUYER_TAX_ID: facts.get("UnifiedSocialCreditCodeOfPurchaser", ""),
        _F.SELLER_NAME: facts.get("IssueParty", ""),
        _F.AMOUNT_EX_TAX: facts.get("TotalAmountExcludingTax", ""),
        _F.TAX: facts.get("TaxAmount", ""),
        _F.TOTAL: facts.get("Fare", ""),
    }
    details = (
        "TypeOfBusiness", "DepartureStation", "DestinationStation", "TrainNumber", "TravelDate", "DepartureTime",
        "SeatLevel", "Name", "ETicketNumber", "NumberOfOriginalInvoice", "AmountRefunded", "Remarks",
    )  # fmt: skip
    lines = (line("*运输服务*铁路客运", texts[_F.AMOUNT_EX_TAX], facts.get("TaxRate", ""), texts[_F.TAX]),)
    return Written(Kind.RAIL_ETICKET, texts, lines, details=_chosen(facts, details))


def _air(facts: Facts, _: list[Element]) -> Written:
    """The net of tax is fare and fuel alone; the development fund is outside VAT, so net and tax do not make the total."""
    texts = {
        _F.NUMBER: facts["ElectronicInvoiceAirTransportReceiptNumber"],
        _F.DATE: facts.get("IssueDate", ""),
        _F.BUYER_NAME: facts.get("NameOfPurchaser", ""),
        _F.BUYER_TAX_ID: facts.get("UnifiedSocialCreditCodeOfPurchaser", ""),
        _F.SELLER_NAME: facts.get("NameOfSeller", "") or facts.get("IssueParty", ""),
        _F.SELLER_TAX_ID: facts.get("UnifiedSocialCreditCodeOfSeller", ""),
        _F.TAX: facts.get("VatTaxAmount", ""),
        _F.TOTAL: facts.get("TotalAmount", ""),
    }
    details = (
        "PassengerName", "ETicketNumber", "Flight", "CarrierDate", "Carrier", "DepartureStation", "DestinationStation",
        "Fare", "FuelSurcharge", "VatRate", "CivilAviationDevelopmentFund", "OtherTaxes", "Insurance",
        "MarkingOfDomesticOrInternational", "IssuingStatus", "VerificationCode",
    )  # fmt: skip
    return Written(Kind.AIR_ITINERARY, texts, qr=facts.get("QrCode", ""), details=_chosen(facts, details))


def _vat(facts: Facts, elements: list[Element]) -> Written:
    """The issuer's view of a 增值税电子普通 or 专用发票 (inv)."""
    texts = {
        _F.CODE: facts.get("CodeOfInvoice", ""),
        _F.NUMBER: facts["NumberOfInvoice"],
        _F.DATE: facts.get("DateOfIssue", ""),
        _F.CHECK_CODE: facts.get("IdentifyingCode", ""),
        _F.BUYER_NAME: facts.get("NameOfPurchaser", ""),
        _F.BUYER_TAX_ID: facts.get(f"{_SUFFIX}Purchaser", "") or facts.get("UnifiedSocialCreditCodeOfPurchaser", ""),
        _F.SELLER_NAME: facts.get("NameOfSeller", ""),
        _F.SELLER_TAX_ID: facts.get(f"{_SUFFIX}Seller", "") or facts.get("UnifiedSocialCreditCodeOfSeller", ""),
        _F.AMOUNT_EX_TAX: facts.get("TotalAmountExcludingTax", ""),
        _F.TAX: facts.get("TotalTaxAmount", ""),
        _F.TOTAL: facts.get("TaxIncludedAmountInFigures", ""),
        _F.TOTAL_CN: facts.get("TaxIncludedAmountInWords", ""),
    }
    rows = [element for element in elements if local(element) == "InformationOfTaxableGoodsOrServicesDetailItemsTuple"]
    return Written(_vat_kind(facts), texts, tuple(_line(row) for row in rows), details=_chosen(facts, ("Remarks",)))


def _vat_kind(facts: Facts) -> Kind:
    special = "专用" in facts.get("TypeOfInvoice", "")
    if len(facts["NumberOfInvoice"]) == 20:
        return Kind.DIGITAL_SPECIAL if special else Kind.DIGITAL_ORDINARY
    if special or facts.get("CodeOfInvoice", "")[-2:] == "13":
        return Kind.VAT_E_SPECIAL
    return Kind.VAT_E_TOLL if facts.get("CodeOfInvoice", "")[-2:] == "12" else Kind.VAT_E_ORDINARY


def _line(row: Element) -> ItemLine:
    said = {local(element): (element.text or "").strip() for element in row}
    return line(
        said.get("NameOfTaxableGoodsOrServices", ""),
        said.get("AmountExcludingTax", ""),
        said.get("TaxRate", ""),
        said.get("TaxAmount", ""),
    )


def _receiver(facts: Facts, elements: list[Element]) -> Written:
    """The bookkeeping view of a 数电票 (einv): what the buyer's books know of it, who is the accounting entity.

    Its entry point names the kind; what the buyer deducts is a special one.
    """
    entry = " ".join(
        [namespace(element) for element in elements[:1]] + [facts.get("UsageConfirmation", "")] + sorted(facts)
    )
    special = "抵扣" in entry or "SpecialVatInvoice" in entry
    texts = {
        _F.NUMBER: facts["InvoiceNumber"],
        _F.DATE: facts.get("RequestTime", ""),
        _F.BUYER_NAME: facts.get("BuyerName", "") or facts.get("NameOfAccountingEntity", ""),
        _F.BUYER_TAX_ID: facts.get("BuyerIdNum", "") or facts.get("UnifiedSocialCreditCodeOfAccountingEntity", ""),
        _F.SELLER_NAME: facts.get("SellerName", ""),
        _F.SELLER_TAX_ID: facts.get("SellerIdNum", ""),
        _F.AMOUNT_EX_TAX: facts.get("TotalAmWithoutTax", ""),
        _F.TAX: facts.get("TotalTaxAm", ""),
        _F.TOTAL: facts.get("TotalTax-includedAmount", ""),
        _F.TOTAL_CN: facts.get("TotalTax-includedAmountInChinese", ""),
    }
    return Written(Kind.DIGITAL_SPECIAL if special else Kind.DIGITAL_ORDINARY, texts)


def _chosen(facts: Facts, names: tuple[str, ...]) -> dict[str, str]:
    return {name: facts[name] for name in names if name in facts}
