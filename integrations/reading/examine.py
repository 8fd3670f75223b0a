"""A look at a file's headers before anything is decoded. Parsers run here, so only the reading child calls it."""

import re
import warnings
from io import BytesIO

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, UnidentifiedImageError

from core.errors import Unreadable
from core.messages import Message
from integrations.reading.limits import ReadingLimits
from integrations.reading.refusals import broken_pdf, broken_picture, locked_pdf
from integrations.reading.sniff import JPEG, PDF, PNG

# A linearized PDF says its own length in its first object.
_LINEARIZED = re.compile(rb"/Linearized\b.{0,200}?/L\s+(\d+)", re.DOTALL)


def examine(content: bytes, media: str, limits: ReadingLimits) -> None:
    """What has headers is looked at; XML and archives are by those who open them.

    Raises: Unreadable: E-PDF-LOCKED, E-PDF-BROKEN, E-PAGES, E-IMAGE-BROKEN, E-PIXELS.
    """
    if media == PDF:
        _examine_pdf(content, limits)
    elif media in (JPEG, PNG):
        _examine_picture(content, media, limits)


def _examine_pdf(content: bytes, limits: ReadingLimits) -> None:
    said = _LINEARIZED.search(content[:2048])
    # PDFium repairs what it can; a file that stopped half-way would be read without its last pages or its amounts.
    if b"%%EOF" not in content or (said and int(said[1]) > len(content)):
        raise broken_pdf("truncated")
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as problem:
        if problem.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise locked_pdf() from problem
        raise broken_pdf(f"PDFium {problem.err_code}") from problem
    try:
        pages = len(document)
    finally:
        document.close()
    if pages < 1:
        raise broken_pdf("no page")
    if pages > limits.pages:
        raise Unreadable(
            Message(
                "This PDF has {pages} pages; at most {limit} are read. The original is kept (24 hours). Please send only the pages with invoices.",
                pages=pages,
                limit=limits.pages,
            ),
            code="E-PAGES",
        )


def _examine_picture(content: bytes, media: str, limits: ReadingLimits) -> None:
    try:
        with warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning):
            picture = Image.open(BytesIO(content), formats=["JPEG" if media == JPEG else "PNG"])
    except Image.DecompressionBombError as problem:
        raise _too_many_pixels(limits, str(problem)) from problem
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as problem:
        raise broken_picture(type(problem).__name__) from problem
    with picture:
        width, height = picture.size
    if width * height > limits.pixels:
        raise _too_many_pixels(limits, f"{width} x {height}")


def _too_many_pixels(limits: ReadingLimits, detail: str) -> Unreadable:
    return Unreadable(
        Message(
            "This picture has more than {limit} megapixels. The original is kept (24 hours). Please send a smaller picture.",
            limit=limits.pixels // 1_000_000,
        ),
        code="E-PIXELS",
        detail=detail,
    )
