"""What a file is, whatever it is called, and why it cannot be read, in words."""

import random
import struct
import zlib
from io import BytesIO

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from core.errors import Unreadable
from core.messages import Message
from integrations.reading.examine import examine
from integrations.reading.limits import ReadingLimits
from integrations.reading.pool import ReaderPool
from integrations.reading.sniff import JPEG, OFD, PDF, PNG, XML, ZIP, media_of
from tests.integrations.reading.readers import file_that


def a_pdf(pages=1, **options):
    written = BytesIO()
    canvas = Canvas(written, **options)
    for page in range(pages):
        canvas.drawString(100, 700, f"page {page}")
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def a_picture(kind, size=(40, 30)):
    written = BytesIO()
    Image.new("RGB", size, "white").save(written, kind)
    return written.getvalue()


def a_png_bomb(width, height):
    """A picture of width x height in as few bytes as deflate takes: black, one bit a pixel."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + (width + 7) // 8)) for _ in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def many_pages(count):
    document = pypdfium2.PdfDocument.new()
    for _ in range(count):
        document.new_page(100, 100)
    written = BytesIO()
    document.save(written)
    document.close()
    return written.getvalue()


def code_of(content, limits=None):
    with pytest.raises(Unreadable) as caught:
        media_of(content, limits)
    return caught.value.code


def examined(content, limits=None):
    limits = limits or ReadingLimits()
    with pytest.raises(Unreadable) as caught:
        examine(content, media_of(content, limits), limits)
    return caught.value


@pytest.mark.parametrize(("content", "media"), [(a_picture("JPEG"), JPEG), (a_picture("PNG"), PNG), (a_pdf(), PDF)])
def test_each_supported_type_is_known_and_passes(content, media):
    assert media_of(content) == media
    examine(content, media, ReadingLimits())


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n", b"\n \n"])
def test_blanks_before_a_pdf_are_no_matter(before):
    content = before + a_pdf()
    assert media_of(content) == PDF
    examine(content, PDF, ReadingLimits())


def test_a_polyglot_is_what_it_starts_as():
    assert media_of(a_picture("JPEG") + a_pdf()) == JPEG
    assert media_of(a_picture("PNG") + b"PK\x03\x04" + a_pdf()) == PNG
    assert media_of(a_pdf() + a_picture("JPEG") + b"<html><script>") == PDF
    assert code_of(b"GIF89a/*" + a_pdf()) == "E-TYPE"
    assert media_of(b"PK\x03\x04" + a_pdf()) == ZIP
    examine(a_picture("JPEG") + a_pdf(), JPEG, ReadingLimits())
    examine(a_pdf() + b"\x00" * 5000 + a_picture("JPEG"), PDF, ReadingLimits())


def test_an_empty_file():
    assert code_of(b"") == "E-EMPTY"


def test_the_size_limit_is_the_last_size_that_passes():
    limits = ReadingLimits(bytes=3 * 1024**2)
    png = a_picture("PNG")
    assert media_of(png.ljust(limits.bytes, b"\0"), limits) == PNG
    with pytest.raises(Unreadable) as caught:
        media_of(png.ljust(limits.bytes + 1, b"\0"), limits)
    assert caught.value.code == "E-TOO-LARGE"
    assert caught.value.message.values == {"limit": 3}


@pytest.mark.parametrize(
    "page",
    [
        b"<!DOCTYPE html><html><head><title>Sign in | Slack</title>",
        b"\r\n  <html lang='en'>",
        b"\xef\xbb\xbf<!doctype HTML>",
        b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>",
        b"<!-- saved --><html>",
        b"<!DOCTYPE html>%PDF-1.7",
    ],
)
def test_a_web_page_in_place_of_the_file_names_the_permission(page):
    with pytest.raises(Unreadable) as caught:
        media_of(page)
    assert caught.value.code == "E-HTML"
    assert "files:read" in caught.value.message.text


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"hello, I am a text that was called invoice.jpg", "plain text"),
        ("发票".encode(), "plain text"),
        ("发票".encode("gb18030"), "plain text"),
        (("发" * 2000).encode(), "plain text"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG picture"),
        (b"PK\x03\x04".ljust(30, b"\0") + b"[Content_Types].xml", "an Office file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file"),
        (b"\x00\x00\x00\x18ftypheic\x00", "a HEIC picture"),
        (b"\x00\x00\x00\x18ftypmp42\x00", "a video"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a WebP picture"),
        (a_picture("GIF"), "a GIF picture"),
        (a_picture("BMP"), "a BMP picture"),
        (a_picture("TIFF"), "a TIFF picture"),
        (b"\x01\x02\x03", "of a type that is not known here"),
        (b"\xff\xd8", "of a type that is not known here"),
    ],
)
def test_other_types_are_named_with_what_can_be_read(content, kind):
    with pytest.raises(Unreadable) as caught:
        media_of(content)
    assert caught.value.code == "E-TYPE"
    assert caught.value.message.values == {"kind": Message(kind)}
    assert "JPEG, PNG, PDF, OFD, XML and ZIP" in caught.value.message.text


@given(st.binary(max_size=200))
def test_any_bytes_are_known_or_refused(content):
    try:
        outcome = media_of(content)
    except Unreadable as refused:
        outcome = refused.code
    assert outcome in (JPEG, PNG, PDF, XML, OFD, ZIP, "E-EMPTY", "E-HTML", "E-TYPE")


def test_a_pdf_with_a_password():
    locked = a_pdf(encrypt=StandardEncryption("open sesame", "owner", strength=128))
    refused = examined(locked)
    assert refused.code == "E-PDF-LOCKED"
    assert "password" in refused.message.text


def test_a_pdf_that_only_forbids_printing_can_be_read():
    content = a_pdf(encrypt=StandardEncryption("", "owner", canPrint=0, strength=128))
    examine(content, media_of(content), ReadingLimits())


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_a_pdf_that_stops_half_way(share):
    whole = a_pdf(pages=5)
    assert examined(whole[: int(len(whole) * share)]).code == "E-PDF-BROKEN"


def test_a_linearized_pdf_that_stops_half_way():
    """It has an end mark near its start, and says its length."""
    whole = a_pdf(pages=3)
    said = b"%PDF-1.4\n9 0 obj\n<< /Linearized 1 /L 99999 /H [ 1 2 ] >>\nendobj\n%%EOF\n" + whole[9:]
    assert examined(said).code == "E-PDF-BROKEN"


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n%%EOF", b"%PDF-", b"%PDF-1.7\n" + bytes(1000) + b"%%EOF", many_pages(0)]
)
def test_a_pdf_with_nothing_in_it(content):
    assert examined(content).code == "E-PDF-BROKEN"


def test_a_pdf_of_ten_thousand_pages():
    content = many_pages(10_000)
    refused = examined(content)
    assert refused.code == "E-PAGES"
    assert refused.message.values == {"pages": 10_000, "limit": 50}


def test_fifty_pages_pass_and_fifty_one_do_not():
    examine(many_pages(50), PDF, ReadingLimits())
    assert examined(many_pages(51)).code == "E-PAGES"


@pytest.mark.parametrize(("width", "height"), [(60_001, 1000), (8000, 7501), (20_000, 20_000), (1, 2**31 - 1)])
def test_a_picture_of_too_many_pixels_is_refused_by_its_header(width, height):
    header = a_png_bomb(width, 1)
    content = header[:20] + struct.pack(">I", height) + header[24:29]
    content += struct.pack(">I", zlib.crc32(content[12:29])) + header[33:]
    assert examined(content).code == "E-PIXELS"


def test_sixty_megapixels_pass():
    examine(a_png_bomb(10_000, 6000), PNG, ReadingLimits())


def test_a_bomb_of_a_gigapixel_reaches_no_decoder():
    """Through a real child with too little memory to decode it."""
    bomb = a_png_bomb(32_000, 32_000)
    assert len(bomb) < 200_000
    limits = ReadingLimits(memory_bytes=400 * 1024**2, seconds=30)
    with ReaderPool(1, limits, reader="tests.integrations.reading.readers:obey") as pool:
        with pytest.raises(Unreadable) as caught:
            pool.read(bomb, "invoice.png")
        assert caught.value.code == "E-PIXELS"
        assert pool.read(file_that("say", "next"), "").previews == {1: b"next"}


@pytest.mark.parametrize(
    "content", [b"\xff\xd8\xff", b"\xff\xd8\xff\xe0" + bytes(50), b"\x89PNG\r\n\x1a\n", a_picture("PNG")[:20]]
)
def test_a_picture_without_a_header(content):
    assert examined(content).code == "E-IMAGE-BROKEN"


def test_a_png_with_a_bomb_of_text():
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    png = a_picture("PNG")
    bomb = chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(200 * 1024**2), 9))
    content = png[:33] + bomb + png[33:]
    assert examined(content).code == "E-IMAGE-BROKEN"


def test_flipped_bytes_are_read_or_refused_and_crash_nothing():
    dice, outcomes = random.Random(7), set()
    for whole in (a_pdf(pages=2), a_picture("PNG"), a_picture("JPEG")):
        for _ in range(150):
            content = bytearray(whole)
            for _ in range(dice.randint(1, 20)):
                content[dice.randrange(8, len(content))] = dice.randrange(256)
            try:
                examine(bytes(content), media_of(bytes(content)), ReadingLimits())
                outcomes.add("passed")
            except Unreadable as refused:
                outcomes.add(refused.code)
    assert {"passed", "E-PDF-BROKEN", "E-IMAGE-BROKEN"} <= outcomes
    assert outcomes <= {"passed", "E-PDF-BROKEN", "E-PDF-LOCKED", "E-IMAGE-BROKEN", "E-PIXELS", "E-PAGES"}


def test_errors_of_pdfium_mean_what_we_think():
    with pytest.raises(pypdfium2.PdfiumError) as caught:
        pypdfium2.PdfDocument(a_pdf(encrypt=StandardEncryption("a", "b", strength=128)))
    assert caught.value.err_code == pdfium.FPDF_ERR_PASSWORD
