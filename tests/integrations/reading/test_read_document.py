"""Whole documents, as people send them: invented invoices drawn as PDF, as picture, as photo."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from core import practice
from core.document import Reading
from core.errors import Unreadable
from core.invoice import FieldName, FieldState, Kind, ReadInvoice, Severity, Source, questions
from integrations.reading import qr
from integrations.reading.pages import refuse_if_illegible
from integrations.reading.read import read_document
from sandbox.papers import (
    KINDS,
    Paper,
    invent,
    not_an_invoice,
    password_pdf,
    photograph,
    to_pdf,
    to_picture,
    too_blurred,
)

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"


def only(reading: Reading) -> ReadInvoice:
    (invoice,) = reading.invoices
    return invoice


def plain(value: str | None) -> str | None:
    return value and value.replace("元", "圆").removesuffix("整")


def wrongly_verified(invoice: ReadInvoice, paper: Paper) -> list[FieldName]:
    labels = paper.labels()
    return [
        name
        for name, field in invoice.fields.items()
        if field.state is FieldState.VERIFIED and plain(field.value) != plain(labels[name.value])
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("buyer", [{}, {"buyer_name": "个人", "buyer_tax_id": ""}])
def test_a_pdf_is_read_wholly_and_asks_nothing(kind, buyer):
    paper = invent(11, kind, **buyer)
    invoice = only(read_document(to_pdf(paper), PDF))
    labels = paper.labels()
    assert invoice.kind is Kind(kind)
    assert questions(invoice) == ()
    assert {name.value: plain(field.value) for name, field in invoice.fields.items()} == {
        name: plain(value) for name, value in labels.items() if value and name in set(FieldName)
    }
    assert {field.state for field in invoice.fields.values()} == {FieldState.VERIFIED}
    assert [(line.amount, line.tax) for line in invoice.lines] == [
        (f"{item.amount:.2f}", f"{item.tax:.2f}") for item in paper.items
    ]


@pytest.mark.parametrize("kind", ["digital_special", "vat_e_ordinary"])
def test_a_picture_asks_nothing_either(kind):
    paper = invent(12, kind)
    reading = read_document(to_picture(paper), PNG)
    invoice = only(reading)
    assert questions(invoice) == ()
    assert wrongly_verified(invoice, paper) == []
    assert invoice.findings == ()
    with Image.open(BytesIO(reading.previews[1])) as preview:
        assert preview.format == "JPEG"
        assert max(preview.size) < 1800


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_photo_lying_on_its_side_is_read_and_shown_upright(turn):
    paper = invent(13, "digital_ordinary")
    reading = read_document(photograph(to_picture(paper, dpi=150), seed=turn, rotate=turn), JPEG)
    invoice = only(reading)
    assert invoice.value(FieldName.NUMBER) == paper.number
    assert wrongly_verified(invoice, paper) == []
    box = invoice.fields[FieldName.DATE].box
    assert box is not None
    assert box.y1 < 0.4 < box.x0  # the date stands at the top right


def test_the_exif_turn_is_obeyed():
    paper = invent(14)
    with Image.open(BytesIO(to_picture(paper))) as upright:
        turned = upright.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn me a quarter clockwise to see me right"
    output = BytesIO()
    turned.save(output, format="JPEG", exif=exif, quality=90)
    assert only(read_document(output.getvalue(), JPEG)).value(FieldName.NUMBER) == paper.number


def test_without_a_qr_code_two_engines_verify_number_and_date():
    paper = invent(15, "digital_special", qr="https://example.com/")
    invoice = only(read_document(to_picture(paper, dpi=200), PNG))
    number = invoice.fields[FieldName.NUMBER]
    assert number.state is FieldState.VERIFIED
    assert set(number.sources) == {Source.RAPIDOCR, Source.TESSERACT}
    assert wrongly_verified(invoice, paper) == []


@pytest.mark.parametrize("kind", ["digital_special", "vat_e_ordinary"])
def test_an_edited_pdf_is_found_at_once(kind):
    paper = invent(16, kind)
    figure = "printed_total" if paper.is_digital else "printed_amount_ex_tax"
    truth = paper.total if paper.is_digital else paper.amount_ex_tax
    edited = invent(16, kind, **{figure: truth + Decimal("1000.00")})
    invoice = only(read_document(to_pdf(edited), PDF))
    assert [(found.code, found.severity) for found in invoice.findings] == [("Q3", Severity.BLOCK)]
    name = FieldName.TOTAL if paper.is_digital else FieldName.AMOUNT_EX_TAX
    assert invoice.fields[name].state is FieldState.READ
    assert invoice.value(name) == f"{truth:.2f}"
    assert wrongly_verified(invoice, paper) == []


def test_an_edited_figure_in_a_picture_is_found_after_a_second_look():
    paper = invent(17, "digital_special", printed_total=Decimal("9999.00"))
    invoice = only(read_document(to_picture(paper, dpi=200), PNG))
    assert [found.code for found in invoice.findings] == ["Q3"]
    assert invoice.fields[FieldName.TOTAL].state is FieldState.READ


def test_a_qr_code_of_another_invoice_is_found():
    paper = invent(18, qr=invent(19).qr_text)
    codes = {found.code for found in only(read_document(to_pdf(paper), PDF)).findings}
    assert {"Q1", "Q3"} <= codes


@pytest.mark.parametrize("kind", ["digital_special", "vat_e_ordinary"])
def test_pages_that_go_on_are_one_invoice_with_all_its_lines(kind):
    items = tuple(item for seed in range(6) for item in invent(seed, kind, category="meals").items) * 2
    paper = invent(20, kind, items=items)
    invoice = only(read_document(to_pdf(paper, pages=3), PDF))
    assert questions(invoice) == ()
    assert wrongly_verified(invoice, paper) == []
    assert sum(Decimal(line.amount or 0) for line in invoice.lines) == paper.amount_ex_tax


def test_two_invoices_in_one_pdf_are_two():
    papers = [invent(21), invent(22, "vat_e_ordinary")]
    reading = read_document(joined([to_pdf(paper) for paper in papers]), PDF)
    assert [invoice.value(FieldName.NUMBER) for invoice in reading.invoices] == [paper.number for paper in papers]
    assert [invoice.page for invoice in reading.invoices] == [1, 2]
    assert reading.previews.keys() == {1, 2}


def test_two_invoices_in_one_pdf_that_share_a_number_are_two():
    """The second is no further page of the first: its code and its seller are others."""
    first = invent(21)
    second = replace(invent(22), number=first.number)
    found = read_document(joined([to_pdf(first), to_pdf(second)]), PDF).invoices
    assert [invoice.value(FieldName.TOTAL) for invoice in found] == [f"{each.total:.2f}" for each in (first, second)]
    (again,) = read_document(joined([to_pdf(first), to_pdf(first)]), PDF).invoices
    assert again.value(FieldName.NUMBER) == first.number


def test_two_invoices_on_one_picture_are_two_and_nothing_is_mixed():
    papers = [invent(23, "vat_e_ordinary"), invent(24, "digital_special")]
    invoices = read_document(stacked([to_picture(paper) for paper in papers]), PNG).invoices
    assert [invoice.value(FieldName.NUMBER) for invoice in invoices] == [paper.number for paper in papers]
    for invoice, paper in zip(invoices, papers, strict=True):
        assert wrongly_verified(invoice, paper) == []
        assert invoice.place is not None


def test_a_scanned_pdf_is_read_by_ocr():
    paper = invent(25)
    invoice = only(read_document(scanned(to_picture(paper, dpi=200)), PDF))
    assert Source.RAPIDOCR in invoice.fields[FieldName.NUMBER].sources
    assert Source.PDF_TEXT not in {seen.source for field in invoice.fields.values() for seen in field.candidates}
    assert questions(invoice) == ()


def test_negative_amounts_of_a_red_invoice_are_read():
    paper = invent(26, total=Decimal("-106.00"), date=date(2026, 10, 1))
    invoice = only(read_document(to_pdf(paper), PDF))
    assert invoice.value(FieldName.TOTAL) == "-106.00"
    assert wrongly_verified(invoice, paper) == []


def test_what_is_no_invoice_says_so():
    assert only(read_document(not_an_invoice(), JPEG)).kind is Kind.NOT_INVOICE


@pytest.mark.parametrize(
    ("content", "media", "code"),
    [
        (lambda: too_blurred(to_picture(invent(27))), JPEG, "E-BLURRED"),
        (lambda: at_night(to_picture(invent(27))), PNG, "E-DARK"),
        (lambda: picture_of((200, 100)), PNG, "E-TOO-SMALL"),
        (lambda: picture_of((1200, 800)), PNG, "E-NOT-AN-INVOICE"),
        (lambda: to_picture(invent(27))[:3000], PNG, "E-IMAGE-BROKEN"),
        (password_pdf, PDF, "E-PDF-LOCKED"),
        (lambda: b"%PDF-1.7 and then nothing", PDF, "E-PDF-BROKEN"),
    ],
)
def test_what_cannot_be_read_says_why(content, media, code):
    with pytest.raises(Unreadable) as caught:
        read_document(content(), media)
    assert caught.value.code == code


def joined(documents: list[bytes]) -> bytes:
    whole = pypdfium2.PdfDocument.new()
    for document in documents:
        whole.import_pages(pypdfium2.PdfDocument(document))
    output = BytesIO()
    whole.save(output)
    return output.getvalue()


def stacked(pictures: list[bytes]) -> bytes:
    opened = [Image.open(BytesIO(picture)).convert("RGB") for picture in pictures]
    sheet = Image.new("RGB", (opened[0].width, sum(picture.height for picture in opened)), "white")
    place = 0
    for picture in opened:
        sheet.paste(picture, (0, place))
        place += picture.height
    output = BytesIO()
    sheet.save(output, format="PNG")
    return output.getvalue()


def scanned(picture: bytes) -> bytes:
    output = BytesIO()
    Image.open(BytesIO(picture)).convert("RGB").save(output, format="PDF", resolution=200)
    return output.getvalue()


def at_night(picture: bytes) -> bytes:
    """So dark that its few grey levels hold no letters."""
    output = BytesIO()
    Image.open(BytesIO(picture)).convert("L").point(lambda level: level // 100 * 4).save(output, format="PNG")
    return output.getvalue()


def picture_of(size: tuple[int, int]) -> bytes:
    output = BytesIO()
    Image.new("RGB", size, "white").save(output, format="PNG")
    return output.getvalue()


def test_the_sample_of_practice_is_read_whole_and_asks_for_its_date_only():
    sample = Path(__file__).parents[3] / "bot" / "practice" / "sample.pdf"
    invoice = only(read_document(sample.read_bytes(), PDF))
    assert questions(invoice) == (FieldName.DATE,)
    found = {name: invoice.value(name) for name in (FieldName.NUMBER, FieldName.DATE, FieldName.SELLER_TAX_ID)}
    assert found == {
        FieldName.NUMBER: practice.NUMBER,
        FieldName.DATE: practice.DAY.isoformat(),
        FieldName.SELLER_TAX_ID: practice.SELLER.tax_id,
    }
    assert invoice.value(FieldName.BUYER_TAX_ID) == practice.BUYER.tax_id
    assert invoice.fields[FieldName.DATE].box is not None
    assert invoice.findings == ()


def test_a_strip_two_pixels_wide_is_judged_without_gigabytes():
    strip = np.random.default_rng(1).integers(0, 256, (30_000, 2, 3), dtype=np.uint8)
    refuse_if_illegible(strip)


@pytest.mark.parametrize("shape", [(1, 544), (544, 1), (2, 2), (30, 600)])
def test_no_code_is_looked_for_on_a_strip(shape):
    assert qr.codes_on(np.full(shape, 255, dtype=np.uint8)) == []
