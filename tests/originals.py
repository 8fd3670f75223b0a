"""Structured originals of formats the sandbox does not issue: XBRL, Factur-X, UBL. Invented companies."""

from io import BytesIO

import pypdfium2

XBRL = "http://www.xbrl.org/2003/instance"
MOF = "http://xbrl.mof.gov.cn/taxonomy/"


def xbrl(taxonomy, facts, *, rest="", prefix="t"):
    """An instance document; `facts` by local name, `rest` is more XML."""
    inner = "".join(f'<{prefix}:{name} contextRef="c">{said}</{prefix}:{name}>' for name, said in facts)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><xbrli:xbrl xmlns:xbrli="{XBRL}" xmlns:{prefix}="{MOF}{taxonomy}">'
        f'<xbrli:context id="c"><xbrli:entity><xbrli:identifier scheme="x">0</xbrli:identifier></xbrli:entity></xbrli:context>'
        f"{inner}{rest}</xbrli:xbrl>"
    ).encode()


RAIL = (
    ("TypeOfVoucher", "电子发票（铁路电子客票）"),
    ("ElectronicInvoiceRailwayETicketNumber", "26329000000000000123"),
    ("DateOfIssue", "2026-03-05"),
    ("TypeOfBusiness", "售"),
    ("DepartureStation", "示例东站"),
    ("DestinationStation", "示例南站"),
    ("TrainNumber", "G7001"),
    ("TravelDate", "2026-03-01"),
    ("Fare", "109.00"),
    ("IdNumber", "110101********0013"),
    ("Name", "林知秋"),
    ("TotalAmountExcludingTax", "100.00"),
    ("TaxRate", "0.09"),
    ("TaxAmount", "9.00"),
    ("NameOfPurchaser", "星河示例科技有限公司"),
    ("UnifiedSocialCreditCodeOfPurchaser", "91110108MA0000000A"),
)


def rail(**changes):
    return xbrl("2021-11-30/rai", [(name, changes.get(name, said)) for name, said in RAIL])


AIR = xbrl(
    "2021-11-30/atr",
    (
        ("ElectronicInvoiceAirTransportReceiptNumber", "26448000000000000321"),
        ("IssueDate", "2026-04-02"),
        ("PassengerName", "林知秋"),
        ("ValidIdNumber", "110101********0013"),
        ("Fare", "900.00"),
        ("FuelSurcharge", "17.43"),
        ("VatRate", "0.09"),
        ("VatTaxAmount", "82.57"),
        ("CivilAviationDevelopmentFund", "50.00"),
        ("OtherTaxes", "0.00"),
        ("TotalAmount", "1050.00"),
        ("NameOfSeller", "示例航空有限公司"),
        ("NameOfPurchaser", "星河示例科技有限公司"),
    ),
)

OLDER_VAT = xbrl(
    "2021-09-30/inv",
    (
        ("TypeOfInvoice", "增值税电子普通发票"),
        ("CodeOfInvoice", "011002600111"),
        ("NumberOfInvoice", "00000123"),
        ("DateOfIssue", "2025-09-26"),
        ("IdentifyingCode", "69995434391259060960"),
        ("NameOfSeller", "示例后勤服务有限公司"),
        ("TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfSeller", "91110108MA0000000A"),
        ("NameOfPurchaser", "星河示例科技有限公司"),
        ("TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfPurchaser", "91110108MA0000001X"),
        ("TotalAmountExcludingTax", "9849.06"),
        ("TotalTaxAmount", "590.94"),
        ("TaxIncludedAmountInFigures", "10440.00"),
        ("TaxIncludedAmountInWords", "壹万零肆佰肆拾圆整"),
    ),
    rest=(
        "<t:InformationOfTaxableGoodsOrServicesDetailItemsTuple>"
        "<t:NameOfTaxableGoodsOrServices>*现代服务*后勤服务</t:NameOfTaxableGoodsOrServices>"
        "<t:AmountExcludingTax>9849.06</t:AmountExcludingTax><t:TaxRate>6.00%</t:TaxRate><t:TaxAmount>590.94</t:TaxAmount>"
        "</t:InformationOfTaxableGoodsOrServicesDetailItemsTuple>"
    ),
)


def cii(*, type_code="380", number="INV-7", total="119.00", more=""):
    """Factur-X in its smallest profile."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" '
        'xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" '
        'xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">'
        "<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>"
        "<ram:ID>urn:factur-x.eu:1p0:minimum</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>"
        f"<rsm:ExchangedDocument><ram:ID>{number}</ram:ID><ram:TypeCode>{type_code}</ram:TypeCode>"
        '<ram:IssueDateTime><udt:DateTimeString format="102">20260305</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>'
        "<rsm:SupplyChainTradeTransaction><ram:ApplicableHeaderTradeAgreement>"
        "<ram:SellerTradeParty><ram:Name>Beispiel Handel GmbH</ram:Name>"
        "<ram:PostalTradeAddress><ram:CountryID>DE</ram:CountryID></ram:PostalTradeAddress>"
        '<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE123456789</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTradeParty>'
        "<ram:BuyerTradeParty><ram:Name>Xinghe Example Ltd</ram:Name></ram:BuyerTradeParty>"
        "</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeDelivery/>"
        "<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>"
        "<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:TaxBasisTotalAmount>100.00</ram:TaxBasisTotalAmount>"
        f'<ram:TaxTotalAmount currencyID="EUR">19.00</ram:TaxTotalAmount><ram:GrandTotalAmount>{total}</ram:GrandTotalAmount>'
        "<ram:DuePayableAmount>119.00</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        f"{more}</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"
    ).encode()


def ubl(kind="Invoice"):
    """A UBL invoice or credit note with its tax in two currencies."""
    line, quantity = (
        ("InvoiceLine", "InvoicedQuantity") if kind == "Invoice" else ("CreditNoteLine", "CreditedQuantity")
    )
    type_code = "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>" if kind == "Invoice" else ""
    party = "<cac:{0}><cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>{1}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:{0}>"
    money = '<cbc:{0} currencyID="{1}">{2}</cbc:{0}>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><{kind} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{kind}-2" '
        'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
        'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
        f"<cbc:ID>UBL-9</cbc:ID><cbc:IssueDate>2026-02-03</cbc:IssueDate>{type_code}"
        "<cbc:DocumentCurrencyCode>DKK</cbc:DocumentCurrencyCode><cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>"
        + party.format("AccountingSupplierParty", "Eksempel ApS")
        + party.format("AccountingCustomerParty", "Xinghe Example Ltd")
        + f"<cac:TaxTotal>{money.format('TaxAmount', 'EUR', '33.40')}</cac:TaxTotal>"
        + f"<cac:TaxTotal>{money.format('TaxAmount', 'DKK', '250')}</cac:TaxTotal><cac:LegalMonetaryTotal>"
        + money.format("TaxExclusiveAmount", "DKK", "1000.00")
        + money.format("TaxInclusiveAmount", "DKK", "1250.00")
        + money.format("PayableAmount", "DKK", "1250.00")
        + f"</cac:LegalMonetaryTotal><cac:{line}><cbc:ID>1</cbc:ID><cbc:{quantity}>1</cbc:{quantity}>"
        + money.format("LineExtensionAmount", "DKK", "1000.00")
        + "<cac:Item><cbc:Name>Consulting</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>25</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item>"
        f"</cac:{line}></{kind}>"
    ).encode()


def with_attachment(pdf, *attached):
    """A PDF with files attached: (name, content)."""
    document = pypdfium2.PdfDocument(pdf)
    for name, content in attached:
        document.new_attachment(name).set_data(content)
    output = BytesIO()
    document.save(output)
    document.close()
    return output.getvalue()
