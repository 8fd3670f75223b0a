"""What fuzzing begins with: invented papers as the files and texts that the parsers read, and the words they look for."""

from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from sandbox.papers import KINDS, Paper, invent, to_ofd, to_older_xml, to_pdf, to_picture, to_xml, to_zip
from tests.originals import AIR, OLDER_VAT, cii, rail, ubl

DAY = date(2026, 11, 2)
DIGITAL, OLDER = "digital_ordinary", "vat_e_ordinary"

QR_TEXTS = (
    "01,32,,26312000000123456789,475.80,20261102,,1A2B",
    "01,10,031002600111,00000123,420.18,20261102,69995434391259060960,3F0C",
    "01,51,26329000000000000123,109.00,20260305,,",
    "CZ-EI-01,11010126,0000000123,a1b2c3,20261102,88.00,0000",
    "https://example.com/pay?order=1",
)
DATES = (
    "开票日期:2026年11月02日", "2026-11-02 18:30", "20261102", "2 Nov 2026", "Nov. 2, '26", "02/11/2026", "115年11月2日",
    "26-11-02", "2.11.2026 12:00", "1er janvier 2026", "2026 11 02",
)  # fmt: skip
AMOUNTS = (
    "¥ 1,067.50", "-35.36", "***", "免税", "1.234,56 €", "1 234,56 kr", "1'234.56 CHF", "Rp 1.200.000", "US$ 12.00-", "(4.50)",
    "Total HK$1,200", "12,- Kč", "人民币 12 元", "NT$ 1,200", "0.5", ".50",
)  # fmt: skip
NUMERALS = ("肆佰柒拾伍元捌角", "壹万零伍拾圆整", "负叁佰元零伍分", "⊗ 壹亿贰仟万元整", "(负数)伍角", "零元整")
TAX_IDS = (
    "91110108MA0000000A",
    "440300000000015",
    "92330100MA2B0000X1",
    "1101081988010100130",
    "税号:9111 0108 MA00 0000 0A",
)
REPLIES = (
    "金额 128.50",
    "total: 1,234.5",
    "日期改为2026年11月2日",
    "buyer tax id is 91110108MA0000000A",
    "币种 港币",
    "事由 团队午餐",
    "号码 26312000000123456789",
)
ANSWERS = (
    ('{"invoices":[{"page":1,"kind":"digital_ordinary","fields":{"total":{"value":"113.00","state":"verified","seen":[]}},"lines":[],'
    '"findings":[]}],"previews":{"1":10},"problems":[],"refusal":null,"crashed":null,"resident":1000}'),
    '{"refusal":{"message":{"text":"Too dark {share}.","values":{"share":1}},"code":"E-DARK","detail":""},"resident":1}',
)  # fmt: skip
RECEIPT = (
    "EXAMPLE CAFE LTD", "12 High Street, London", "VAT No GB 123 4567 89", "Invoice No: A-10023", "Date 02/11/2026 13:05", "2 Latte 7.00",
    "Service 10% 0.70", "Subtotal 7.00", "VAT 20% 1.28", "Tip", "TOTAL GBP £7.70", "Cash 10.00", "Change 2.30", "Rounding -0.02", "合计 382 元", "找零 18.00",
    "Grand Total 7.70", "滴滴出行行程单 申请日期:2026-11-02", "支付成功 账单详情",
)  # fmt: skip


@cache
def papers() -> tuple[Paper, ...]:
    """One of each kind that the sandbox draws, and one of two pages' worth of lines is left to the drawers."""
    return tuple(invent("fuzz", kind, today=DAY) for kind in KINDS)


def paper(kind: str) -> Paper:
    return next(each for each in papers() if each.kind == kind)


def xml_files() -> dict[str, tuple[bytes, ...]]:
    """Structured originals by the reader they are for."""
    return {
        "digital": tuple(to_xml(each) for each in papers() if each.is_digital),
        "older": tuple(to_older_xml(each) for each in papers() if not each.is_digital),
        "xbrl": (rail(), AIR, OLDER_VAT),
        "cii": (cii(), cii(type_code="381")),
        "ubl": (ubl(), ubl("CreditNote")),
    }


def ofd_files() -> tuple[bytes, ...]:
    """With tags, with an attachment, and with an attached XBRL."""
    return (to_ofd(paper(DIGITAL)), to_ofd(paper(OLDER)), to_ofd(paper(DIGITAL), attachment=rail()))


def zip_files() -> tuple[bytes, ...]:
    """Containers: stored, packed, Chinese names, folders, one inside another."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("发票/一.xml", xml_files()["digital"][0])
        archive.writestr("__MACOSX/._x", b"x")
        archive.writestr("inner.zip", to_zip([("a.txt", b"a" * 100)]))
    return (to_zip([("a.xml", b"<a/>"), ("b/c.txt", b"c" * 50)]), packed.getvalue(), ofd_files()[0])


def small_papers() -> tuple[tuple[str, bytes], ...]:
    """Papers for the reader process: (media, bytes), small so that ten thousand are read in an evening."""
    drawn = [(("application/pdf"), to_pdf(each)) for each in (paper(DIGITAL), paper(OLDER))]
    return (*drawn, ("image/png", to_picture(paper(DIGITAL), dpi=72)))


def starts() -> dict[str, tuple[bytes, ...]]:
    """The first inputs of each target that reads bytes or text; the others build theirs from random decisions."""

    def encoded(texts: tuple[str, ...]) -> tuple[bytes, ...]:
        return tuple(text.encode() for text in texts)

    everything = tuple(content for files in xml_files().values() for content in files)
    return {
        "qr_payload": encoded((*QR_TEXTS, *(each.qr for each in papers() if each.qr))),
        "dates": encoded(DATES),
        "amounts": encoded((*AMOUNTS, *NUMERALS)),
        "tax_ids": encoded(TAX_IDS),
        "typed": encoded((*REPLIES, *DATES, *AMOUNTS, *TAX_IDS)),
        "answers": encoded(ANSWERS),
        "xml": everything,
        "zip": zip_files(),
        "sniff": (
            *zip_files(),
            everything[0],
            b"%PDF-1.7",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff",
            b"<html>",
            b"BM",
            b"\0\0\0\x18ftypheic",
        ),
    }


def tokens(target: str) -> tuple[str, ...]:
    """Words worth inserting, for libFuzzer's dictionary."""
    texts = {
        "qr_payload": ("01,32,,", "CZ-EI-", ",,", "1e9", "NaN", "Infinity", "20261102", "-0.00"),
        "dates": ("年", "月", "日", "2026", "Sept", "février", "'26", "115年", "/", "-", "."),
        "amounts": ("¥", "元", "整", "零", "亿", "负", "kr", "€", "HK$", "免税", "(负数)", "¼", "٣", "²"),
        "tax_ids": ("91", "MA", "X", "税号", "O0", "I1"),
        "typed": ("金额", "total", "is", "改为", "日期", "税号", "币种", "=", "：", "人民币", "1e400"),
        "xml": ("<!DOCTYPE", "<!ENTITY", "&#0;", "xmlns:", 'encoding="GBK"', "]]>", "<![CDATA[", "InvoiceNumber", "&#xD800;"),
        "sniff": ("PK", "OFD.xml", "<?xml", "<html", "<svg", "%PDF-", "RIFF", "WEBP"),
    }  # fmt: skip
    return texts.get(target, ("\xff",))


def lay_out(folder: Path, target: str) -> None:
    """Write a target's first inputs and its dictionary."""
    corpus = folder / target
    corpus.mkdir(parents=True)
    for place, content in enumerate(starts().get(target, (b"\0" * 64,))):
        (corpus / f"{place:03}").write_bytes(content)
    quoted = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in tokens(target))
    (folder / f"{target}.dict").write_text("".join(f'"{word}"\n' for word in quoted), encoding="ascii")
