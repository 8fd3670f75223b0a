"""PDF pages: their text as words with places, and their picture."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from pypdfium2 import raw

from core.invoice import Box
from core.reading.layout import Word, word
from integrations.reading.refusals import broken_pdf, locked_pdf

DPI = 200
_LONGEST = 4000  # pixels of a rendered side; a wall-sized page is shown smaller
_TEXT_ENOUGH = 20  # characters below which a page counts as a picture
_WIDE_GAP = 0.9  # of the character's height: a gap that parts two words


@dataclass(frozen=True)
class PdfPage:
    """One page: its picture (blue-green-red), and the words of its text; no words when it is a scan."""

    picture: NDArray[np.uint8]
    words: tuple[Word, ...]


def pages_of(content: bytes) -> Iterator[PdfPage]:
    """The pages of a PDF, one by one. Raises Unreadable (E-PDF-LOCKED, E-PDF-BROKEN)."""
    with opened(content) as document:
        for number in range(len(document)):
            try:
                yield _page(document[number])
            except pypdfium2.PdfiumError as error:
                raise broken_pdf(f"page {number + 1}") from error


def first_picture(content: bytes, longest: int) -> NDArray[np.uint8]:
    """The first page as a picture of this long side, for showing only. Raises as pages_of."""
    with opened(content) as document:
        try:
            return _picture(document[0], longest / max(*document[0].get_size(), 1))
        except pypdfium2.PdfiumError as error:
            raise broken_pdf("page 1") from error


@contextmanager
def opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise locked_pdf() from error
        raise broken_pdf(f"PDFium {error.err_code}") from error
    try:
        if len(document) == 0:
            raise broken_pdf("no page")
        yield document
    finally:
        document.close()


def _page(page: pypdfium2.PdfPage) -> PdfPage:
    width, height = page.get_size()
    scale = min(DPI / 72, _LONGEST / max(width, height, 1))
    text_page = page.get_textpage()
    words = () if _is_scan(page, text_page) else tuple(_words(page, text_page))
    return PdfPage(_picture(page, scale), words)


def _picture(page: pypdfium2.PdfPage, scale: float) -> NDArray[np.uint8]:
    drawn = np.asarray(page.render(scale=scale, rev_byteorder=False).to_numpy()[:, :, :3], dtype=np.uint8)
    return np.ascontiguousarray(drawn)


def _is_scan(page: pypdfium2.PdfPage, text_page: pypdfium2.PdfTextPage) -> bool:
    """Too little text to be an invoice's, or text laid invisibly over a picture: that is somebody else's OCR."""
    if text_page.count_chars() < _TEXT_ENOUGH:
        return True
    texts = list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]))
    hidden = [text for text in texts if raw.FPDFTextObj_GetTextRenderMode(text) == raw.FPDF_TEXTRENDERMODE_INVISIBLE]
    return 2 * len(hidden) > len(texts)


@dataclass
class _Run:
    """Characters in a row; places in points from the bottom left of the unturned page."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    def takes(self, left: float, bottom: float, right: float, top: float) -> bool:
        height = max(self.top - self.bottom, top - bottom)
        level = abs((self.top + self.bottom) - (top + bottom)) / 2 < 0.6 * height
        return level and -0.5 * height < left - self.right < _WIDE_GAP * height


def _words(page: pypdfium2.PdfPage, text_page: pypdfium2.PdfTextPage) -> Iterator[Word]:
    """The text as words: characters that follow each other on one line without a wide gap."""
    left0, bottom0, right0, top0 = page.get_bbox()
    turned = page.get_rotation()
    for run in _runs(text_page):
        box = Box(
            (run.left - left0) / (right0 - left0), (top0 - run.top) / (top0 - bottom0),
            (run.right - left0) / (right0 - left0), (top0 - run.bottom) / (top0 - bottom0),
        )  # fmt: skip
        yield word(run.text, _turned(box, turned))


def _runs(text_page: pypdfium2.PdfTextPage) -> Iterator[_Run]:
    run: _Run | None = None
    text = text_page.get_text_range(0, -1)
    count = text_page.count_chars()
    characters = text if len(text) == count else [text_page.get_text_range(index, 1) for index in range(count)]
    for index, character in enumerate(characters):
        if not character.strip() or raw.FPDFText_IsGenerated(text_page, index) == 1:
            if run and character == " ":
                run.text += " "
            continue
        left, bottom, right, top = text_page.get_charbox(index, loose=False)
        if run and run.takes(left, bottom, right, top):
            run.text += character
            run.left, run.bottom = min(run.left, left), min(run.bottom, bottom)
            run.right, run.top = max(run.right, right), max(run.top, top)
            continue
        if run:
            yield run
        run = _Run(character, left, bottom, right, top)
    if run:
        yield run


def _turned(box: Box, degrees: int) -> Box:
    """The place on the page as it is shown, when the page is shown turned clockwise."""
    match degrees:
        case 90:
            return Box(1 - box.y1, box.x0, 1 - box.y0, box.x1)
        case 180:
            return Box(1 - box.x1, 1 - box.y1, 1 - box.x0, 1 - box.y0)
        case 270:
            return Box(box.y0, 1 - box.x1, box.y1, 1 - box.x0)
    return box
