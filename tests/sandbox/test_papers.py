"""The sample invoices are what they claim to be: read back here with libraries that did not draw them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from cn2an import cn2an
from PIL import Image, UnidentifiedImageError
from stdnum.cn import uscc

from sandbox import papers
from sandbox.papers import Item, Paper, fonts, invent, photograph, to_pdf, to_picture
from sandbox.papers.samples import CHINA

SEEDS = range(6)
TODAY = date(2026, 11, 24)


def read_text(pdf: bytes, *, page: int = 0) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return str(document[page].get_textpage().get_text_bounded())
    finally:
        document.close()


def read_qr(picture: bytes) -> list[str]:
    with Image.open(BytesIO(picture)) as image:
        return [barcode.text for barcode in zxingcpp.read_barcodes(image.convert("RGB"))]


def page_count(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def position_of(pdf: bytes, text: str) -> tuple[float, float]:
    """Left edge and baseline side of the first character of text, as parts of the page from its top left."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        textpage = page.get_textpage()
        found = textpage.search(text).get_next()
        assert found is not None
        left, bottom, _, _ = textpage.get_charbox(found[0])
        width, height = page.get_size()
        return left / width, 1 - bottom / height
    finally:
        document.close()


def many_items(count: int) -> tuple[Item, ...]:
    return tuple(
        Item(name=f"*文具*便签本{number}号", amount=Decimal("10.00"), rate="13%", tax=Decimal("1.30"))
        for number in range(1, count + 1)
    )


@pytest.mark.parametrize("kind", papers.KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_text_of_a_pdf_holds_every_label(kind: str, seed: int) -> None:
    paper = invent(seed, kind)
    labels = paper.labels()

    text = read_text(to_pdf(paper))

    for field in ("code", "number", "buyer_name", "buyer_tax_id", "seller_name", "seller_tax_id", "total_cn"):
        assert (labels[field] or "") in text, field
    for field in ("amount_ex_tax", "tax", "total"):
        assert f"¥{labels[field]}" in text, field
    assert f"{paper.date:%Y年%m月%d日}" in text
    assert (labels["check_code"] or "") in text.replace(" ", "")
    unbroken = text.replace("\r\n", "")  # long names take two lines
    assert all(item.name in unbroken for item in paper.items)
    assert "样例" in text


@pytest.mark.parametrize("kind", papers.KINDS)
def test_the_qr_code_of_a_picture_reads_and_its_checksum_closes(kind: str) -> None:
    paper = invent("qr", kind)

    (text,) = read_qr(to_picture(paper))

    assert text == paper.qr_text
    payload, checksum = text.rstrip(",").rsplit(",", 1)
    assert int(checksum, 16) == papers.crc16_buypass(f"{payload},".encode())
    fields = text.split(",")
    assert fields[:4] == ["01", papers.QR_TYPES[kind], paper.code or "", paper.number]
    assert Decimal(fields[4]) == (paper.total if paper.is_digital else paper.amount_ex_tax)


def test_the_checksum_is_the_one_on_real_invoices() -> None:
    assert papers.crc16_buypass(b"123456789") == 0xFEE8  # the catalogued check value of CRC-16/BUYPASS (UMTS)


def test_tax_ids_are_valid_and_each_company_has_its_own() -> None:
    sellers = [seller for group in papers.SELLERS.values() for seller in group]
    tax_ids = [*papers.OWN_ENTITIES.values(), *(seller.tax_id for seller in sellers)]

    assert all(uscc.is_valid(tax_id) for tax_id in tax_ids)
    assert len(set(tax_ids)) == len(tax_ids)
    assert papers.OWN_ENTITIES[papers.BUYER_NAME] == papers.BUYER_TAX_ID
    assert [papers.tax_id(tax_id[2:8], name) for name, tax_id in papers.OWN_ENTITIES.items()] == [
        *papers.OWN_ENTITIES.values()
    ]


@pytest.mark.parametrize("kind", papers.KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_sums_close(kind: str, seed: int) -> None:
    paper = invent(seed, kind)

    assert paper.total == paper.amount_ex_tax + paper.tax > 0
    for item in paper.items:
        rate = Decimal(item.rate.removesuffix("%")) / 100
        assert abs(item.amount * rate - item.tax) <= Decimal("0.01")
        assert item.quantity is not None
        assert item.unit_price is not None
        assert abs(item.quantity * item.unit_price - item.amount) < Decimal("0.01")
    words = paper.total_cn.removesuffix("整").replace("圆", "元")
    assert Decimal(str(cn2an(words, "smart"))) == paper.total


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("475.80", "肆佰柒拾伍圆捌角整"),
        ("234.05", "贰佰叁拾肆圆零伍分"),
        ("10.00", "壹拾圆整"),
        ("1076.90", "壹仟零柒拾陆圆玖角整"),
        ("105000.00", "壹拾万伍仟圆整"),
        ("-500.00", "（负数）伍佰圆整"),
    ],
)
def test_capitals_are_written_as_on_invoices(amount: str, words: str) -> None:
    assert papers.capitals(Decimal(amount)) == words


@pytest.mark.parametrize("seed", SEEDS)
def test_a_digital_number_names_its_year_and_the_sellers_region(seed: int) -> None:
    paper = invent(seed, date=date(2025, 3, 9))

    region = {"4403": "95"}.get(paper.seller_tax_id[2:6], paper.seller_tax_id[2:4])
    assert paper.number.startswith(f"25{region}2")
    assert len(paper.number) == 20


@pytest.mark.parametrize(("kind", "ending"), [("vat_e_ordinary", "11"), ("vat_paper_ordinary", "04")])
def test_a_code_names_its_kind_and_year(kind: str, ending: str) -> None:
    paper = invent(1, kind, date=date(2024, 5, 6))

    assert paper.code is not None
    assert len(paper.code) == 12
    assert (paper.code[5:7], paper.code[-2:]) == ("24", ending)
    assert paper.check_code is not None
    assert len(paper.check_code) == 20


def test_the_same_seed_gives_the_same_paper_and_the_same_file() -> None:
    assert invent(4) == invent(4)
    assert invent(4).labels() != invent(5).labels()
    assert to_pdf(invent(4)) == to_pdf(invent(4))


def test_wishes_are_followed() -> None:
    buyer = "晨星软件（深圳）有限公司"

    paper = invent(1, category="meals", total=Decimal("88.00"), today=TODAY, buyer_name=buyer)

    assert paper.total == Decimal("88.00")
    assert paper.buyer_tax_id == papers.OWN_ENTITIES[buyer]
    assert "餐" in paper.items[0].name
    assert TODAY - timedelta(days=40) <= paper.date < TODAY
    assert invent(1, buyer_name="李四").labels()["buyer_tax_id"] is None


def test_a_planted_fault_stands_in_the_print_and_nowhere_else() -> None:
    honest = invent(1, total=Decimal("100.00"))
    forged = replace(honest, printed_total=Decimal("900.00"))

    text = read_text(to_pdf(forged))

    assert "¥900.00" in text
    assert "壹佰圆整" in text
    assert forged.labels()["total"] == "900.00"
    assert read_qr(to_picture(forged)) == [honest.qr_text]
    assert read_qr(to_picture(replace(honest, qr=invent(2).qr_text))) == [invent(2).qr_text]
    assert "玖佰圆整" in read_text(to_pdf(replace(forged, printed_total_cn="玖佰圆整")))


def test_buyer_and_seller_stand_where_their_kind_puts_them() -> None:
    digital, older = invent(1), invent(1, "vat_e_ordinary")

    buyer, seller = (position_of(to_pdf(digital), name) for name in (digital.buyer_name, digital.seller_name))
    assert buyer[0] < 0.5 < seller[0]
    assert buyer[1] == pytest.approx(seller[1], abs=0.01)
    buyer, seller = (position_of(to_pdf(older), name) for name in (older.buyer_name, older.seller_name))
    assert buyer[0] == pytest.approx(seller[0], abs=0.01)
    assert seller[1] - buyer[1] > 0.4
    number = position_of(to_pdf(digital), digital.number)
    assert number[0] > 0.7
    assert number[1] < 0.15


def test_more_lines_than_a_face_holds_take_more_pages() -> None:
    paper = invent(1, items=many_items(12))

    pdf = to_pdf(paper)

    assert page_count(pdf) == 2
    first, second = (read_text(pdf, page=page) for page in range(2))
    assert "便签本1号" in first
    assert "便签本12号" not in first
    assert "¥135.60" not in first
    assert "便签本12号" in second
    assert "¥135.60" in second
    assert "共2页 第1页" in first
    assert page_count(to_pdf(invent(1), pages=3)) == 3


def test_an_older_invoice_with_many_lines_carries_a_list() -> None:
    pdf = to_pdf(invent(1, "vat_e_ordinary", items=many_items(12)))

    assert page_count(pdf) == 3
    assert "详见销货清单" in read_text(pdf)
    assert "¥135.60" in read_text(pdf)
    assert "便签本12号" in read_text(pdf, page=2)


@pytest.mark.parametrize("kind", papers.KINDS)
@pytest.mark.parametrize("rotate", [2, -3, 90, 180])
def test_a_mild_photo_still_gives_its_qr_code(kind: str, rotate: int) -> None:
    paper = invent(rotate, kind)

    photo = photograph(to_picture(paper, dpi=200), seed=1, rotate=rotate, dark=0.1, blur=0.6)

    assert paper.qr_text in read_qr(photo)


def test_a_photo_is_a_larger_jpeg_and_repeats_with_its_seed() -> None:
    picture = to_picture(invent(1))

    photo = photograph(picture, seed=3)

    with Image.open(BytesIO(photo)) as taken, Image.open(BytesIO(picture)) as flat:
        assert taken.format == "JPEG"
        assert taken.width > flat.width
        assert taken.height > flat.height
    assert photograph(picture, seed=3) == photo
    assert photograph(picture, seed=4) != photo


def test_a_dark_photo_is_darker() -> None:
    picture = to_picture(invent(1), dpi=60)

    def brightness(dark: float) -> float:
        with Image.open(BytesIO(photograph(picture, seed=1, dark=dark))) as image:
            return sum(value * count for value, count in enumerate(image.convert("L").histogram()))

    assert brightness(0.7) < brightness(0) / 2


def test_a_blurred_photo_gives_no_qr_code() -> None:
    assert read_qr(papers.too_blurred(to_picture(invent(1)))) == []


def test_spoilt_files_are_spoilt() -> None:
    assert papers.empty() == b""
    for picture in (papers.not_an_invoice(), papers.team_note()):
        assert read_qr(picture) == []
    with pytest.raises(UnidentifiedImageError):
        Image.open(BytesIO(papers.text_renamed_jpg()))
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(papers.truncated_pdf())
    with pytest.raises(pypdfium2.PdfiumError, match=r"[Pp]assword"):
        pypdfium2.PdfDocument(papers.password_pdf())
    opened = pypdfium2.PdfDocument(papers.password_pdf(), password=papers.PASSWORD)
    assert len(opened) == 1
    opened.close()


def test_the_bomb_is_small_and_declares_a_huge_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = papers.decompression_bomb()

    assert len(bomb) < 200_000
    with pytest.raises(Image.DecompressionBombError):
        Image.open(BytesIO(bomb))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    with Image.open(BytesIO(bomb)) as image:
        assert image.size == (30_000, 30_000)


def test_samples_are_dated_before_the_day_and_repeat() -> None:
    files = dict(papers.samples(TODAY))

    assert files == dict(papers.samples(TODAY))
    assert {Path(name).suffix for name in files} == {".pdf", ".png", ".jpg", ".xml", ".zip"}
    (qr,) = read_qr(files["云帆文具-数电普票.png"])
    assert "2026年11月18日" in read_text(files["云帆文具-数电普票.pdf"])
    assert qr.split(",")[4:6] == ["475.80", "20261118"]
    assert len(read_qr(files["海棠酒店-数电专票-照片.jpg"])) == 1
    assert len(read_qr(files["青禾办公-电子普票-照片.jpg"])) == 1
    assert read_qr(files["鹏程出行-模糊照片.jpg"]) == []
    assert read_qr(files["不是发票-风景.png"]) == []


def test_samples_default_to_the_real_day() -> None:
    before = datetime.now(CHINA).date()
    text = read_text(dict(papers.samples())["云帆文具-数电普票.pdf"])
    after = datetime.now(CHINA).date()  # another day if midnight passed meanwhile

    assert any(f"{day - timedelta(days=6):%Y年%m月%d日}" in text for day in (before, after))


def test_a_missing_font_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "CANDIDATES", (Path("/nowhere/no.ttc"),))

    with pytest.raises(papers.FontMissing, match="fonts-arphic-uming"):
        fonts.font_path.__wrapped__()


def test_a_paper_can_be_written_down_by_hand() -> None:
    paper = Paper(
        kind="digital_ordinary",
        number="26112000000000000001",
        date=TODAY,
        buyer_name=papers.BUYER_NAME,
        buyer_tax_id=papers.BUYER_TAX_ID,
        seller_name="北京试纸有限公司",
        seller_tax_id=papers.tax_id("110108", "北京试纸有限公司"),
        items=(Item(name="*印刷品*图书", amount=Decimal("42.35"), rate="免税", tax=Decimal("0.00")),),
    )

    text = read_text(to_pdf(paper))

    assert "免税" in text
    assert "***" in text
    assert "¥0.00" in text
    assert paper.labels()["total_cn"] == "肆拾贰圆叁角伍分"
