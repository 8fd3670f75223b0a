"""Documents of every kind, drawn and degraded: what stands on them is what their labels say."""

import re
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from stdnum.cn import uscc

from sandbox.papers.faces import DRAWN, FIELDS, Face, invent_face
from sandbox.papers.faces.drawing import face_to_pdf
from sandbox.papers.generated import Condition, generated, planned
from sandbox.papers.identity import crc16_buypass, crc16_modbus
from sandbox.papers.render import pdf_to_picture

NAMES = tuple(DRAWN)
TWICE = range(2)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return str(document[0].get_textpage().get_text_bounded()).replace("\r\n", "\n")
    finally:
        document.close()


def codes_on(picture: bytes) -> list[str]:
    with Image.open(BytesIO(picture)) as image:
        return [found.text for found in zxingcpp.read_barcodes(image.convert("RGB"))]


def first(condition: Condition, *, together: bool = False) -> int:
    """Where the first document of seed 5 in that condition stands; small ones are drawn sooner, so they begin."""
    row = ((place, planned(5, place)) for place in range(5, 300))
    return next(place for place, (_, found, faces, _) in row if found is condition and (len(faces) > 1) is together)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", TWICE)
def test_every_label_stands_on_the_face(name: str, seed: int) -> None:
    face = invent_face(seed, name)
    label = face.labels

    text = text_of(face_to_pdf(face)).replace("\n", "")

    assert set(FIELDS) | {"kind", "qr"} <= label.keys()
    for field in ("code", "number", "buyer_name", "buyer_tax_id", "seller_name", "seller_tax_id"):
        assert (label[field] or "") in text, field
    assert (label["total_cn"] or "").removesuffix("整") in text
    assert (label["check_code"] or "") in text.replace(" ", "")
    plain = text.replace(",", "")
    for field in ("amount_ex_tax", "tax", "total"):
        said = label[field]
        assert said is None or said in plain or re.search(rf"(?<!\d){float(said):g}(?:\.0)?元", plain), field
    if label["date"]:
        assert label["date"][:4] in text


@pytest.mark.parametrize("name", NAMES)
def test_the_qr_code_reads_as_its_payload_and_its_checksum_closes(name: str) -> None:
    face = invent_face("qr", name)

    found = codes_on(pdf_to_picture(face_to_pdf(face), dpi=200))

    assert found == ([face.qr] if face.qr else [])
    if face.qr and face.qr.startswith("01,"):
        payload, checksum = face.qr.rstrip(",").rsplit(",", 1)
        algorithm = crc16_modbus if face.qr.split(",")[1] == "51" else crc16_buypass
        assert algorithm(f"{payload},".encode()) == int(checksum, 16)
        assert face.qr.split(",")[3] == face.labels["number"]


def test_the_checksum_of_rail_is_the_catalogued_one() -> None:
    assert crc16_modbus(b"123456789") == 0x4B37


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_valid_sums_close_and_numbers_have_their_length(name: str) -> None:
    for seed in range(8):
        label = invent_face(seed, name).labels
        for field in ("buyer_tax_id", "seller_tax_id"):
            assert label[field] is None or uscc.is_valid(label[field])
        if label["amount_ex_tax"] and label["tax"] and label["total"]:
            net, tax, total = (round(100 * float(label[each] or 0)) for each in ("amount_ex_tax", "tax", "total"))
            assert net + tax == total
        if label["code"]:
            assert len(label["code"]) in (8, 10, 12)
            assert len(label["number"] or "") in (8, 10)


def test_two_seeds_differ_and_one_repeats() -> None:
    for name in NAMES:
        one, again, other = (invent_face(seed, name) for seed in (1, 1, 2))
        assert one.labels == again.labels != other.labels
        assert face_to_pdf(one) == face_to_pdf(again)


def test_all_kinds_take_turns() -> None:
    assert [invent_face(1, name).kind for name in ("digital_toll", "foreign_receipt")] == [
        "digital_ordinary",
        "foreign_invoice",
    ]
    assert [planned(1, len(NAMES) + place)[0] for place in (5, 6)] == [NAMES[5], NAMES[6]]


def test_an_original_is_a_pdf_with_its_text() -> None:
    original = generated(5, first(Condition.ORIGINAL))

    assert original.media == "application/pdf"
    assert (original.labels[0]["date"] or "")[:4] in text_of(original.content)
    assert generated(5, original.place) == original


@pytest.mark.parametrize("condition", [Condition.SCAN, Condition.PHOTO, Condition.HARD])
def test_a_picture_repeats_with_its_seed(condition: Condition) -> None:
    picture = generated(5, first(condition))

    assert generated(picture.seed, picture.place) == picture
    with Image.open(BytesIO(picture.content)) as image:
        assert Image.MIME[image.format or ""] == picture.media
        assert max(image.size) > 600


def test_paper_never_is_an_original() -> None:
    on_paper = {name for name in NAMES if not invent_face(1, name).electronic}

    assert {"taxi", "quota", "train_paper", "vat_paper_special", "till_slip"} <= on_paper
    assert {"rail_eticket", "air_itinerary", "digital_ordinary", "fiscal"}.isdisjoint(on_paper)


def test_two_documents_lie_on_one_photo() -> None:
    photo = generated(5, first(Condition.PHOTO, together=True))

    assert len(photo.labels) == len(photo.implied) == 2


def test_a_face_says_what_is_true_without_being_printed() -> None:
    roll: Face = invent_face(1, "vat_roll")

    assert roll.labels["amount_ex_tax"] is None
    assert roll.implied["amount_ex_tax"] in (roll.qr or "")
