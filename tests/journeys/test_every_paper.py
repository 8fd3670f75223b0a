"""What people really send, by the whole way: several invoices in one file, upside down, from elsewhere, and no invoice.

On SQLite only: what is read is the same for both databases.
"""

import re
from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from reportlab.lib.colors import black

from sandbox.papers import photograph, to_pdf, to_picture
from sandbox.papers.faces import Face, invent_face
from sandbox.papers.faces.drawing import face_to_pdf
from sandbox.papers.faces.face import labels
from sandbox.papers.render import pdf_to_picture
from tests.journeys.people import EMMA, LILEI, drops, paper
from tests.journeys.site import site as open_site
from tests.journeys.test_bad_input import without_code

PATIENCE = 120


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("papers")
    with open_site(f"sqlite:///{folder / 'site.db'}", folder) as opened:
        yield opened


def pictures_on(card):
    """The files of the pictures a card shows."""
    return [block["slack_file"]["id"] for block in card.blocks if block["type"] == "image"]


def below_each_other(*pictures):
    pages = [Image.open(BytesIO(picture)).convert("RGB") for picture in pictures]
    gap = 60
    sheet = Image.new("RGB", (max(page.width for page in pages), sum(page.height + gap for page in pages)), "white")
    top = 0
    for page in pages:
        sheet.paste(page, (0, top))
        top += page.height + gap
    out = BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def bound(*pdfs):
    """One PDF of the pages of several."""
    whole, out = pypdfium2.PdfDocument.new(), BytesIO()
    for pdf in pdfs:
        whole.import_pages(pypdfium2.PdfDocument(pdf))
    whole.save(out)
    return out.getvalue()


def test_a_photo_of_two_invoices_is_two_drafts_each_with_its_own_crops(site):
    """Their sellers' tax ids are misprinted, so that each asks."""
    lilei, papers = site.person(LILEI), [replace(each, seller_tax_id=misprinted(each)) for each in (paper(), paper())]
    two = below_each_other(*(without_code(to_picture(each, dpi=150)) for each in papers))
    sent = lilei.drop(("IMG_2041.jpg", photograph(two, seed=2, perspective=0.01, rotate=1)))
    lilei.wait_for("共 2 张", after=sent, within=PATIENCE).click("逐张查看")
    cards = [lilei.wait_for(each.number, after=sent, within=PATIENCE) for each in papers]
    crops = [set(pictures_on(card)) for card in cards]
    assert all(crops)
    assert not crops[0] & crops[1]
    for card, its, other in zip(cards, papers, reversed(papers), strict=True):
        assert f"{its.total:,.2f}" in card.text_all()
        assert other.number not in card.text_all()
        assert "请核对：销售方税号" in card.text_all()


def misprinted(invoice):
    """The seller's tax id with another check character."""
    body, check = invoice.seller_tax_id[:-1], invoice.seller_tax_id[-1]
    return body + ("5" if check != "5" else "6")


def test_twelve_pages_of_one_invoice_are_one_draft(site):
    lilei, invoice = site.person(LILEI), paper()
    sent = lilei.drop(("十二页.pdf", to_pdf(invoice, pages=12)))
    draft = lilei.wait_for(invoice.number, after=sent, within=PATIENCE)
    assert "提交" in draft.buttons
    assert [each.ts for each in lilei.messages() if each.ts > sent.ts] == [draft.ts]


def test_twelve_invoices_of_one_pdf_are_twelve(site):
    emma, papers = site.person(EMMA), [paper() for _ in range(12)]
    sent = emma.drop(("november.pdf", bound(*map(to_pdf, papers))))
    summary = emma.wait_for("12 invoices in all: 12 ready", after=sent, within=PATIENCE)
    summary.click("Look one by one")
    for each in papers:
        assert "Submit" in emma.wait_for(each.number, after=sent, within=PATIENCE).buttons


def test_a_photo_taken_upside_down_is_read(site):
    lilei, invoice = site.person(LILEI), paper()
    sent = lilei.drop(("IMG_2042.jpg", photograph(without_code(to_picture(invoice, dpi=150)), seed=4, rotate=181)))
    draft = lilei.wait_for(invoice.number, after=sent, within=PATIENCE)
    assert invoice.seller_name in draft.text_all()


def to_photo(face, seed):
    return photograph(pdf_to_picture(face_to_pdf(face), dpi=200), seed=seed, perspective=0.01, rotate=1)


@pytest.mark.parametrize(
    ("name", "kind", "make", "chinese", "english"),
    [
        ("slip.jpg", "till_slip", lambda face: to_photo(face, 5), "小票可作附件", "ask the seller for the invoice"),
        ("trips.pdf", "ride_itinerary", face_to_pdf, "行程单", "can go with the ride's invoice"),
    ],
    ids=["slip", "trips"],
)
def test_what_is_no_invoice_is_named_with_what_it_can_be_used_for(site, name, kind, make, chinese, english):
    content = make(invent_face("journey", kind))
    for user, attached, use in ((LILEI, "附件", chinese), (EMMA, "Kept as an attachment", english)):
        person = site.person(user)
        sent = person.drop((name, content))
        said = person.wait_for(attached, after=sent, within=PATIENCE)
        assert use in said.text_all()
        assert not said.buttons


def test_a_receipt_from_elsewhere_is_a_draft_in_its_own_currency(site):
    emma, face = site.person(EMMA), invent_face("journey", "foreign_receipt")
    sent = emma.drop(("IMG_2043.jpg", to_photo(face, 6)))
    draft = emma.wait_for(
        f"Total amount {face.labels['currency']}{face.labels['total']} ✓", after=sent, within=PATIENCE
    )
    assert face.labels["date"] in draft.text_all()
    assert "Heron Cafe" in draft.text_all()
    assert "cannot be compared with ¥5,000.00" in draft.text_all()
    assert "Submit" in draft.buttons


def a_receipt(day):
    """A receipt in euros; nothing on it tells the country."""

    def draw(sheet):
        sheet.print(37, 10, "Northwind Stationery", size=13, align="centre")
        sheet.print(4, 22, f"Date: {day}  12:41")
        for y, word, amount, size in (
            (32, "Notebook", "4.50", 9),
            (38, "Pencils", "9.80", 9),
            (50, "TOTAL EUR", "14.30", 13),
        ):
            sheet.print(4, y, word, size=size)
            sheet.print(70, y, amount, size=size, align="right")
        sheet.print(37, 66, "Thank you, please come again", align="centre")

    return to_photo(Face(size=(74, 76), labels=labels("foreign_invoice"), draw=draw, ink=black), 7)


def test_a_date_whose_order_nothing_tells_is_asked_with_both_days(site):
    lilei, emma = site.person(LILEI), site.person(EMMA)
    unclear, clear = (
        lilei.drop(("IMG_2044.jpg", a_receipt("03/04/2026"))),
        emma.drop(("IMG_2045.jpg", a_receipt("23/04/2026"))),
    )
    asked = lilei.wait_for("€14.30", after=unclear, within=PATIENCE)
    assert "请核对：开票日期" in asked.text_all()
    assert {"2026-04-03", "2026-03-04"} <= set(re.findall(r"2026-\d\d-\d\d", asked.text_all()))
    assert pictures_on(asked)
    assert "提交" not in asked.buttons
    known = emma.wait_for("€14.30", after=clear, within=PATIENCE)
    assert "2026-04-23 ✓" in known.text_all()
    assert "Please check. Date" not in known.text_all()


def two_that_share_a_number():
    first, second = paper(), paper()
    return first, replace(second, number=first.number)


@pytest.mark.parametrize(
    "together",
    [lambda *papers: bound(*map(to_pdf, papers)), lambda *papers: below_each_other(*map(to_picture, papers))],
)
def test_two_invoices_of_one_file_that_share_a_number_are_not_taken_for_one(site, together):
    emma, (first, second) = site.person(EMMA), two_that_share_a_number()
    sent = emma.drop(("both.bin", together(first, second)))
    summary = emma.wait_for("2 invoices in all", after=sent, within=PATIENCE).text_all()
    assert "1 duplicate" in summary
    assert "One of the two was changed" in summary
    emma.wait_for("2 invoices in all", after=sent).click("Look one by one")
    draft = emma.wait_for(first.number, after=sent, within=PATIENCE)
    assert "Blocking: Two originals of this invoice say different things" in draft.text_all()
    assert "Submit" not in draft.buttons


def test_two_messages_that_share_a_number_stop_the_draft_until_somebody_looked(site):
    lilei, (first, second) = site.person(LILEI), two_that_share_a_number()
    draft = drops(lilei, first)
    sent = lilei.drop(("again.pdf", to_pdf(second)))
    lilei.wait_for("其中一张被改过", after=sent, within=PATIENCE)
    draft.wait_for("两份原件内容不一致")
    assert "提交" not in draft.again().buttons


def test_a_picture_of_a_qr_code_alone_is_asked_for_the_rest(site):
    lilei, invoice = site.person(LILEI), paper()
    with Image.open(BytesIO(to_picture(invoice, dpi=200))) as opened:
        page = opened.convert("RGB")
    found = zxingcpp.read_barcodes(page)[0].position
    xs = [corner.x for corner in (found.top_left, found.bottom_right)]
    ys = [corner.y for corner in (found.top_left, found.bottom_right)]
    out = BytesIO()
    page.crop((min(xs) - 15, min(ys) - 15, max(xs) + 15, max(ys) + 15)).resize((600, 600)).save(out, "PNG")
    sent = lilei.drop(("code.png", out.getvalue()))
    draft = lilei.wait_for(invoice.number, after=sent, within=PATIENCE)
    assert "没有读出来" in draft.text_all()
    assert "提交" not in draft.buttons
