"""One document in, its invoices out. Runs inside the reader process."""

import time
from dataclasses import replace

from core.document import Problem, Reading
from core.errors import Unreadable
from core.invoice import FieldName, Kind, ReadInvoice, Source
from core.messages import Message
from core.reading.evidence import WITHOUT_CODE
from core.reading.merging import merged
from integrations.reading import attached, ocr, opening, pdf, qr
from integrations.reading.archive import Archive, open_archive
from integrations.reading.examine import examine
from integrations.reading.image import confirmed_abroad, confirmed_by_ink, read_picture
from integrations.reading.limits import ReadingLimits
from integrations.reading.ocr import shown_as
from integrations.reading.pages import PREVIEW_SIDE, Pixels, open_picture, preview, refuse_if_illegible
from integrations.reading.sniff import PDF, WITHOUT_OCR, ZIP, media_of
from integrations.reading.text_faces import TextFace, faces_on, invoice_on

_SHARE_OF_TIME = 0.8
"""Of an archive's time: then no further entry is begun, so that those which were read are not lost."""


def warm_up() -> None:
    """Load the models before the first document waits for them."""
    ocr.warm_up()


def read_document(content: bytes, media: str, limits: ReadingLimits | None = None) -> Reading:
    """Read a file that was examined.

    Args:    media: as sniff.media_of says.
    Returns: at least one invoice, perhaps of kind NOT_INVOICE, and a preview of each page that holds one; of an archive
             also what became of the entries that could not be read.
    Raises:  Unreadable: E-NOT-AN-INVOICE, E-BLURRED, E-TOO-SMALL, E-DARK, E-PDF-…, E-IMAGE-BROKEN, E-XML-…, E-OFD-…,
             E-ZIP-…, E-EINVOICE-INVALID.
    """
    limits = limits or ReadingLimits()
    if media == ZIP:
        return _Unpacking(limits).read(content)
    reading = _read(content, media, limits)
    if not reading.invoices:
        raise Unreadable(
            Message(
                "Nothing is written on this file. The original is kept (24 hours). Please check that it is the invoice and send it again."
            ),
            code="E-NOT-AN-INVOICE",
        )
    return reading


def _read(content: bytes, media: str, limits: ReadingLimits) -> Reading:
    if media == PDF:
        return read_pdf(content)
    if media in WITHOUT_OCR:
        return opening.read_document(content, media, limits)
    return _read_single(open_picture(content))


def _read_single(picture: Pixels) -> Reading:
    upright, invoices = read_picture(picture, 1)
    if all(invoice.kind is Kind.NOT_INVOICE for invoice in invoices):
        refuse_if_illegible(picture)
    return Reading(invoices, {1: preview(upright)} if invoices else {})


def read_pdf(content: bytes) -> Reading:
    """A PDF: the data attached to it where there are any, else and beside them its pages."""
    written = attached.written_in_pdf(content)
    if written is None:
        return read_pages(content)
    invoice = written.invoice(Source.XML)
    if attached.is_leading(written):
        return Reading((invoice,), {1: preview(pdf.first_picture(content, PREVIEW_SIDE))})
    pages = read_pages(content, scans=False)
    found = [each for each in pages.invoices if each.value(FieldName.NUMBER) is not None]
    return Reading(merged((invoice, *found), pages.previews), pages.previews)


def read_pages(content: bytes, *, scans: bool = True) -> Reading:
    """The pages of a PDF: text where it has text, OCR where it is a scan (`scans`; else its picture is shown only)."""
    invoices: list[ReadInvoice] = []
    previews: dict[int, bytes] = {}
    pending: list[TextFace] = []
    for number, page in enumerate(pdf.pages_of(content), 1):
        if not page.words and not scans:
            previews[number] = preview(page.picture)
        elif not page.words:
            invoices += invoice_on(pending)
            pending = []
            upright, found = read_picture(page.picture, number)
            lists = [line for scan in found if scan.kind is Kind.NOT_INVOICE for line in scan.lines]
            if lists and invoices:
                invoices[-1] = replace(invoices[-1], lines=tuple(lists))
            elif found:
                invoices += found
                previews[number] = preview(upright)
        else:
            for face in faces_on(number, page.words, Source.PDF_TEXT, qr.codes_on(page.picture, drawn=True)):
                if face.evidence.kind is Kind.FOREIGN_INVOICE:
                    face = replace(face, evidence=confirmed_abroad(shown_as(page.picture), face.evidence))  # noqa: PLW2901
                elif face.evidence.kind in WITHOUT_CODE:
                    face = replace(face, evidence=confirmed_by_ink(shown_as(page.picture), face.evidence))  # noqa: PLW2901
                if pending and face.goes_on(pending[0]):
                    pending.append(face)
                    continue
                invoices += invoice_on(pending)
                pending = [face]
                previews[number] = preview(page.picture)
    return Reading((*invoices, *invoice_on(pending)), previews)


class _Unpacking:
    """The entries of an archive, each read as a file of its own; archives inside it down to the depth of the limits."""

    def __init__(self, limits: ReadingLimits) -> None:
        self._limits = limits
        self._until = time.monotonic() + _SHARE_OF_TIME * limits.seconds_of_archive
        self._entries = limits.entries
        self._bytes = limits.unpacked_bytes
        self._pages = 0
        self._invoices: list[ReadInvoice] = []
        self._previews: dict[int, bytes] = {}
        self._problems: list[Problem] = []

    def read(self, content: bytes) -> Reading:
        """All of it. Raises Unreadable when no entry could be read."""
        self._read_archive(content, "", 1)
        if not self._invoices:
            raise self._nothing()
        return Reading(merged(self._invoices, self._previews), self._previews, tuple(self._problems))

    def _read_archive(self, content: bytes, inside: str, depth: int) -> None:
        archive = open_archive(content, replace(self._limits, entries=self._entries, unpacked_bytes=self._bytes))
        self._entries -= len(archive.entries)
        self._bytes -= archive.unpacked_bytes
        for name in archive.entries:
            try:
                self._read_entry(archive, name, f"{inside}{name}", depth)
            except Unreadable as problem:
                self._problems.append(Problem(f"{inside}{name}", problem.message, problem.code))

    def _read_entry(self, archive: Archive, name: str, shown: str, depth: int) -> None:
        if time.monotonic() > self._until:
            raise Unreadable(
                Message("There was no time left to read this file of the archive. Please send it by itself."),
                code="E-TIMEOUT",
            )
        content = archive.read(name)
        media = media_of(content, self._limits)
        if media == ZIP and depth >= self._limits.depth:
            raise Unreadable(
                Message(
                    "This archive lies too deep inside other archives, so it was not unpacked. Please send it by itself."
                ),
                code="E-ZIP-DEPTH",
            )
        examine(content, media, self._limits)
        if media == ZIP:
            self._read_archive(content, f"{shown} › ", depth + 1)
            return
        reading = read_document(content, media, self._limits)
        before, pages = self._pages, [0, *reading.previews, *(invoice.page for invoice in reading.invoices)]
        self._invoices += [replace(each, page=before + each.page, part=shown) for each in reading.invoices]
        self._previews |= {before + page: picture for page, picture in reading.previews.items()}
        self._pages += max(pages)

    def _nothing(self) -> Unreadable:
        if not self._problems:
            return Unreadable(
                Message("This archive is empty. Please send the invoices themselves."), code="E-ZIP-EMPTY"
            )
        told = tuple(
            Message("{name}: {said}", name=problem.name, said=problem.message) for problem in self._problems[:5]
        )
        return Unreadable(
            Message(
                "No file in this archive could be read. The original is kept (24 hours). {problems}", problems=told
            ),
            code=self._problems[0].code if len(self._problems) == 1 else "E-ZIP-NOTHING",
        )
