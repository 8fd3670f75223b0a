"""数电票: the tax bureau's `<EInvoice>`. Source: domain table, 12.1."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from core.invoice import FieldName, ItemLine, Kind
from core.reading.originals.tree import every, local, one, text
from core.reading.originals.written import Written, line

_BY_LABEL = (
    ("铁路", Kind.RAIL_ETICKET),
    ("航空", Kind.AIR_ITINERARY),
    ("二手车", Kind.DIGITAL_USED_VEHICLE),
    ("机动车", Kind.DIGITAL_MOTOR_VEHICLE),
    ("专用", Kind.DIGITAL_SPECIAL),
    ("普通", Kind.DIGITAL_ORDINARY),
)
_BY_CODE = {"01": Kind.DIGITAL_SPECIAL, "02": Kind.DIGITAL_ORDINARY}
_PERSONAL = ("IdNum", "IDNum", "IdNo", "Certificate", "Phone", "Tel")
"""Parts of names whose values are about a person's identity: the original has them, a record does not need them."""


def read_digital(root: Element) -> Written | None:
    """Header, parties, sums and lines; the special business' own fields as details."""
    if local(root) != "EInvoice":
        return None
    data, bureau = one(root, "EInvoiceData"), one(root, "TaxSupervisionInfo")
    basic = one(data, "BasicInformation")
    texts = {
        FieldName.NUMBER: text(bureau, "InvoiceNumber") or text(root, "Header", "EIid"),
        FieldName.DATE: text(bureau, "IssueTime") or text(basic, "RequestTime"),
        FieldName.BUYER_NAME: text(data, "BuyerInformation", "BuyerName"),
        FieldName.BUYER_TAX_ID: text(data, "BuyerInformation", "BuyerIdNum"),
        FieldName.SELLER_NAME: text(data, "SellerInformation", "SellerName"),
        FieldName.SELLER_TAX_ID: text(data, "SellerInformation", "SellerIdNum"),
        FieldName.AMOUNT_EX_TAX: text(basic, "TotalAmWithoutTax"),
        FieldName.TAX: text(basic, "TotalTaxAm"),
        FieldName.TOTAL: text(basic, "TotalTax-includedAmount"),
        FieldName.TOTAL_CN: text(basic, "TotalTax-includedAmountInChinese"),
    }
    if not texts[FieldName.NUMBER]:
        return None
    remark = text(data, "AdditionalInformation", "Remark")
    details = dict(_details(one(data, "SpecificInformation"))) | ({"remark": remark} if remark else {})
    return Written(_kind(root), texts, tuple(_lines(data)), details=details)


def _kind(root: Element) -> Kind:
    """By the labels' words, where a rail or vehicle label stands beside 普通; by code when they have none."""
    labels = one(root, "Header", "InherentLabel")
    words = (
        " ".join(text(label) for label in labels.iter() if local(label) == "LabelName") if labels is not None else ""
    )
    by_label = next((kind for word, kind in _BY_LABEL if word in words), None)
    by_code = _BY_CODE.get(text(labels, "GeneralOrSpecialVAT", "LabelCode"))
    # Ordinary claims less: nothing is deducted from it until something says special.
    return by_label or by_code or Kind.DIGITAL_ORDINARY


def _lines(data: Element | None) -> Iterator[ItemLine]:
    for item in every(data, "IssuItemInformation"):
        yield line(text(item, "ItemName"), text(item, "Amount"), text(item, "TaxRate"), text(item, "ComTaxAm"))


def _details(special: Element | None) -> Iterator[tuple[str, str]]:
    """The leaves of SpecificInformation by their own names; a name that comes again is numbered: Date, Date 2."""
    counts: dict[str, int] = {}
    for leaf in special.iter() if special is not None else ():
        name, said = local(leaf), text(leaf)
        if len(leaf) or not said or any(part in name for part in _PERSONAL):
            continue
        counts[name] = counts.get(name, 0) + 1
        yield (name if counts[name] == 1 else f"{name} {counts[name]}"), said
