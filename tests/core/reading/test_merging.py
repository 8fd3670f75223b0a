"""One invoice from several files is one record; what its files do not agree on is said."""

from dataclasses import replace
from decimal import Decimal
from xml.etree.ElementTree import fromstring

from hypothesis import given
from hypothesis import strategies as st

from core.invoice import Candidate, Field, FieldName, FieldState, Kind, ReadInvoice, Severity, Source
from core.reading.merging import merged
from core.reading.originals import written_in
from sandbox.papers import invent, to_xml


def read_as(source, page=1, **changes):
    return written_in(fromstring(to_xml(invent(41, "digital_special", **changes)).decode())).invoice(source, page)


def test_the_strongest_leads_and_the_others_are_its_further_evidence():
    ofd, xml = read_as(Source.OFD, 1), replace(read_as(Source.XML, 2), part="a.xml")
    (one,) = merged((ofd, xml))
    assert one.part == "a.xml"
    assert one.fields[FieldName.TOTAL].sources == (Source.XML, Source.OFD)
    assert one.findings == ()


def test_the_picture_of_a_pdf_is_shown_with_the_data_of_the_xml():
    (one,) = merged((read_as(Source.XML, 1), read_as(Source.PDF_TEXT, 2)), {2: b""})
    assert one.page == 2


def test_files_that_differ_block():
    (one,) = merged((read_as(Source.XML), read_as(Source.OFD, printed_total=Decimal("9.00"))))
    assert [(found.code, found.severity, found.evidence["field"]) for found in one.findings] == [
        ("X1", Severity.BLOCK, "total")
    ]


def test_a_misreading_of_a_photo_is_no_difference():
    (one,) = merged((read_as(Source.XML), read_as(Source.RAPIDOCR, printed_total=Decimal("9.00"))))
    assert one.findings == ()


def test_what_a_leading_photo_misread_beside_its_qr_code_is_no_difference():
    """Its QR code makes it stronger than the text of a PDF, not the name that OCR read on it."""
    photo, text = read_as(Source.QR), read_as(Source.PDF_TEXT)
    name = FieldName.SELLER_NAME
    misread = Field("杭州云凡文具", FieldState.READ, (Candidate("杭州云凡文具", Source.RAPIDOCR),))
    (one,) = merged((replace(photo, fields={**photo.fields, name: misread}), text))
    assert one.findings == ()
    (two,) = merged((photo, read_as(Source.PDF_TEXT, printed_total=Decimal("9.00"))))
    assert [found.evidence["field"] for found in two.findings] == ["total"]


def test_what_only_the_weaker_file_has_is_taken_when_it_is_verified():
    strong, weak = read_as(Source.XML), read_as(Source.OFD)
    without = replace(strong, fields={name: held for name, held in strong.fields.items() if name is not FieldName.TAX})
    unsure = replace(weak, fields={**weak.fields, FieldName.TAX: Field("1.00", FieldState.READ)})
    assert merged((without, weak))[0].value(FieldName.TAX) == strong.value(FieldName.TAX)
    assert merged((without, unsure))[0].value(FieldName.TAX) is None


def test_invoices_without_a_number_stay_apart():
    nothing = ReadInvoice(1, Kind.NOT_INVOICE, {})
    assert len(merged((nothing, nothing, read_as(Source.XML)))) == 3


def test_numbers_from_elsewhere_are_their_sellers_own():
    def foreign(seller):
        fields = {FieldName.NUMBER: "7", FieldName.SELLER_NAME: seller}
        held = {name: Field(said, FieldState.VERIFIED, (Candidate(said, Source.XML),)) for name, said in fields.items()}
        return ReadInvoice(1, Kind.FOREIGN_INVOICE, held)

    assert len(merged((foreign("A GmbH"), foreign("B GmbH"), foreign("a gmbh")))) == 2


@given(st.permutations([Source.XML, Source.OFD, Source.PDF_TEXT, Source.RAPIDOCR]))
def test_the_order_files_come_in_changes_nothing(order):
    (one,) = merged([read_as(source) for source in order])
    assert one.fields[FieldName.DATE].sources[0] is Source.XML
    assert len(one.fields[FieldName.DATE].candidates) == 4
