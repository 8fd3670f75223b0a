"""The older electronic invoices' `<eInvoice>` (edrm 2019), alone or inside an OFD. Source: domain table, 11."""

from xml.etree.ElementTree import Element

from core.invoice import FieldName, Kind
from core.reading.originals.tree import every, local, one, text
from core.reading.originals.written import Written, line
from core.reading.qr_payload import payload_of

_BY_CODE = {"11": Kind.VAT_E_ORDINARY, "12": Kind.VAT_E_TOLL, "13": Kind.VAT_E_SPECIAL}


def read_older(root: Element) -> Written | None:
    """The same names stand in the tags of an OFD, there under one more element."""
    if local(root) == "e-invoice" and (inner := one(root, "eInvoice")) is not None:
        root = inner
    number = text(root, "InvoiceNo")
    if local(root) != "eInvoice" or not number:
        return None
    code, qr = text(root, "InvoiceCode"), text(root, "GraphCode")
    texts = {
        FieldName.CODE: code,
        FieldName.NUMBER: number,
        FieldName.DATE: text(root, "IssueDate"),
        FieldName.CHECK_CODE: text(root, "InvoiceCheckCode"),
        FieldName.BUYER_NAME: text(root, "Buyer", "BuyerName"),
        FieldName.BUYER_TAX_ID: text(root, "Buyer", "BuyerTaxID"),
        FieldName.SELLER_NAME: text(root, "Seller", "SellerName"),
        FieldName.SELLER_TAX_ID: text(root, "Seller", "SellerTaxID"),
        FieldName.AMOUNT_EX_TAX: text(root, "TaxExclusiveTotalAmount"),
        FieldName.TAX: text(root, "TaxTotalAmount"),
        FieldName.TOTAL: text(root, "TaxInclusiveTotalAmount"),
        FieldName.TOTAL_CN: text(root, "TaxInclusiveTotalAmountWithWords"),
    }
    lines = tuple(
        line(text(item, "Item"), text(item, "Amount"), text(item, "TaxScheme"), text(item, "TaxAmount"))
        for item in every(root, "GoodsInfos", "GoodsInfo")
    )
    note = text(root, "Note")
    payload = payload_of(qr)
    by_code = Kind.DIGITAL_ORDINARY if len(number) == 20 else _BY_CODE.get(code[-2:], Kind.VAT_E_ORDINARY)
    kind = (payload.kind if payload else None) or by_code
    return Written(kind, texts, lines, qr, {"remark": note} if note else {})
