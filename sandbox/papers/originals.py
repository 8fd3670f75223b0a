"""Papers as the files the tax bureau issues: 数电票 XML, OFD, and a ZIP of several files."""

import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from xml.sax.saxutils import escape

from sandbox.papers.model import Item, Paper

_DAY = (2026, 1, 1, 0, 0, 0)  # of every file in an archive, so that the same paper gives the same bytes
_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def to_xml(paper: Paper) -> bytes:
    """The `<EInvoice>` of a digital paper."""
    special = "专用" if paper.kind == "digital_special" else "普通"
    code = "01" if paper.kind == "digital_special" else "02"
    lines = "".join(
        _tag("IssuItemInformation",
             ItemName=item.name, SpecMod=item.spec, MeaUnits=item.unit, Quantity=item.quantity, UnPrice=item.unit_price,
             Amount=item.amount, TaxRate=_fraction(item.rate), ComTaxAm=item.tax,
             TotaltaxIncludedAmount=item.amount + item.tax)
        for item in paper.items
    )  # fmt: skip
    sums = {
        "TotalAmWithoutTax": paper.face_amount_ex_tax,
        "TotalTaxAm": paper.face_tax,
        "TotalTax-includedAmount": paper.face_total,
        "TotalTax-includedAmountInChinese": paper.face_total_cn,
        "Drawer": paper.issuer,
    }
    return (
        '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<EInvoice><Header>'
        f"<EIid>{paper.number}</EIid><EInvoiceTag>SWEI3100</EInvoiceTag><Version>0.33</Version><InherentLabel>"
        "<InIssuType><LabelCode>Y</LabelCode><LabelName>是否蓝字发票标志</LabelName></InIssuType>"
        f"<GeneralOrSpecialVAT><LabelCode>{code}</LabelCode><LabelName>{special}发票</LabelName></GeneralOrSpecialVAT>"
        "</InherentLabel></Header><EInvoiceData>"
        + _tag("SellerInformation", SellerIdNum=paper.seller_tax_id, SellerName=paper.seller_name)
        + _tag("BuyerInformation", BuyerIdNum=paper.buyer_tax_id, BuyerName=paper.buyer_name)
        + f"<BasicInformation>{_leaves(sums, '')}</BasicInformation>"
        + lines
        + "<SpecificInformation/>"
        + _tag("AdditionalInformation", Remark=paper.remark)
        + "</EInvoiceData>"
        + _tag("TaxSupervisionInfo", InvoiceNumber=paper.number, IssueTime=paper.date.isoformat())
        + "</EInvoice>"
    ).encode()


def to_ofd(paper: Paper, *, attachment: bytes | None = None) -> bytes:
    """An OFD with the paper's data: tags that point at texts on its page, or the given attachment and no tags.

    Older kinds have their own `<eInvoice>` attached.
    """
    attached = attachment if attachment is not None else None if paper.is_digital else to_older_xml(paper)
    texts = _texts(paper)
    objects = "".join(
        f'<ofd:TextObject ID="{number}" Boundary="10 {8 * place + 10} 120 6"><ofd:TextCode X="0" Y="5">{escape(said)}</ofd:TextCode></ofd:TextObject>'
        for place, (number, said) in enumerate(texts.items())
    )
    parts = {
        "OFD.xml": f'<ofd:OFD {_OFD} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>{paper.number}</ofd:DocID></ofd:DocInfo>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_OFD}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 140</ofd:PhysicalBox></ofd:PageArea>"
        '</ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>'
        + ("<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>" if attached else "<ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags>")
        + "</ofd:Document>",
        "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page {_OFD}><ofd:Content><ofd:Layer ID="2">{objects}</ofd:Layer></ofd:Content></ofd:Page>',
    }  # fmt: skip
    if attached:
        parts["Doc_0/Attachs/Attachments.xml"] = (
            f'<ofd:Attachments {_OFD}><ofd:Attachment ID="3" Name="invoice" Format="xml">'
            "<ofd:FileLoc>original_invoice.xml</ofd:FileLoc></ofd:Attachment></ofd:Attachments>"
        )
        parts["Doc_0/Attachs/original_invoice.xml"] = attached.decode()
    else:
        parts["Doc_0/Tags/CustomTags.xml"] = (
            f'<ofd:CustomTags {_OFD}><ofd:CustomTag TypeID="EInvoice"><ofd:FileLoc>CustomTag.xml</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>'
        )
        parts["Doc_0/Tags/CustomTag.xml"] = _tags()
    return to_zip((name, part.encode()) for name, part in parts.items())


def to_older_xml(paper: Paper) -> bytes:
    """The `<eInvoice>` of an older electronic paper."""
    inner = {
        "InvoiceCode": paper.code or "",
        "InvoiceNo": paper.number,
        "IssueDate": f"{paper.date:%Y年%m月%d日}",
        "InvoiceCheckCode": paper.check_code or "",
        "TaxInclusiveTotalAmount": paper.face_total,
        "TaxTotalAmount": paper.face_tax,
        "TaxExclusiveTotalAmount": paper.face_amount_ex_tax,
        "GraphCode": paper.qr_text,
    }
    buyer = _tag("Buyer", prefix="fp:", BuyerName=paper.buyer_name, BuyerTaxID=paper.buyer_tax_id)
    seller = _tag("Seller", prefix="fp:", SellerName=paper.seller_name, SellerTaxID=paper.seller_tax_id)
    goods = "".join(
        _tag("GoodsInfo", prefix="fp:", Item=item.name, Amount=item.amount, TaxScheme=item.rate, TaxAmount=item.tax)
        for item in paper.items
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<eInvoice xmlns:fp="http://www.edrm.org.cn/schema/e-invoice/2019" Version="1.0">'
        + _leaves(inner, "fp:")
        + buyer
        + seller
        + f"<fp:GoodsInfos>{goods}</fp:GoodsInfos></eInvoice>"
    ).encode()


def to_zip(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Name and content of each file as a ZIP."""
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, _DAY), content, zipfile.ZIP_DEFLATED)
    return output.getvalue()


def _texts(paper: Paper) -> dict[str, str]:
    """What stands on the page of an OFD, by the ids of its objects. The total's sign and figures are two."""
    special = "增值税专用" if paper.kind == "digital_special" else "普通"
    title = f"电子发票（{special}发票）" if paper.is_digital else f"{paper.region}增值税电子普通发票"
    first: Item = paper.items[0]
    said = (
        title, paper.number, f"{paper.date:%Y年%m月%d日}", paper.buyer_name, paper.buyer_tax_id, paper.seller_name,
        paper.seller_tax_id, f"¥{paper.face_amount_ex_tax:.2f}", f"¥{paper.face_tax:.2f}", paper.face_total_cn, "¥",
        f"{paper.face_total:.2f}", first.name, f"{first.amount:.2f}", first.rate, f"{first.tax:.2f}",
    )  # fmt: skip
    return {str(number): each for number, each in enumerate(said, 10)}


def _tags() -> str:
    """The tags of 数电 OFD, as portals write them: the total points at its sign alone."""

    def points_at(**numbers: int) -> str:
        return "".join(
            f'<{name.replace("__", "-")}><ofd:ObjectRef PageRef="1">{number}</ofd:ObjectRef></{name.replace("__", "-")}>'
            for name, number in numbers.items()
        )

    return (
        f"<EInvoice {_OFD}><EInvoiceData>"
        f"<SellerInformation>{points_at(SellerName=15, SellerIdNum=16)}</SellerInformation>"
        f"<BuyerInformation>{points_at(BuyerName=13, BuyerIdNum=14)}</BuyerInformation>"
        "<BasicInformation>"
        + points_at(
            TotalAmWithoutTax=17, TotalTaxAm=18, TotalTax__includedAmountInChinese=19, TotalTax__includedAmount=20
        )
        + "</BasicInformation>"
        f"<IssuItemInformation>{points_at(ItemName=22, Amount=23, TaxRate=24, ComTaxAm=25)}</IssuItemInformation>"
        "</EInvoiceData>"
        f"<TaxSupervisionInfo>{points_at(InvoiceNumber=11, IssueTime=12)}</TaxSupervisionInfo></EInvoice>"
    )


def _tag(name: str, *, prefix: str = "", **leaves: object) -> str:
    return f"<{prefix}{name}>{_leaves(leaves, prefix)}</{prefix}{name}>"


def _leaves(leaves: Mapping[str, object], prefix: str) -> str:
    return "".join(
        f"<{prefix}{name}>{'' if held is None else escape(str(held))}</{prefix}{name}>" for name, held in leaves.items()
    )


def _fraction(rate: str) -> str:
    """13% as the 0.13 that XML has; words stay."""
    return f"{int(rate[:-1]) / 100:g}" if rate[:-1].isdigit() and rate.endswith("%") else rate
