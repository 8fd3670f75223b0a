"""One document in, its invoices out. Runs inside the reader process."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.document import Reading
from core.errors import Unreadable
from core.invoice import Box, FieldName, ItemLine, Kind, ReadInvoice, Source
from core.messages import Message
from core.reading import evidence as rules
from core.reading.evidence import Evidence
from core.reading.faces import Face, faces_of
from core.reading.families import read_face
from core.reading.kinds import is_list_page, kind_of
from core.reading.layout import page as page_of
from core.reading.sighting import Sighting
from core.reading.vat import lines_on
from integrations.reading import ocr, pdf, qr
from integrations.reading.image import read_picture
from integrations.reading.pages import Pixels, open_picture, preview, refuse_if_illegible


def warm_up() -> None:
    """Load the models before the first document waits for them."""
    ocr.warm_up()


def read_document(content: bytes, media: str) -> Reading:
    """Read a JPEG, PNG or PDF.

    Args:    media: "image/jpeg", "image/png" or "application/pdf".
    Returns: at least one invoice, perhaps of kind NOT_INVOICE, and a preview of each page that holds one.
    Raises:  Unreadable: E-NOT-AN-INVOICE (nothing at all is on it), E-BLURRED, E-TOO-SMALL, E-DARK, E-PDF-LOCKED,
             E-PDF-BROKEN, E-IMAGE-BROKEN.
    """
    reading = read_pages(content) if media == "application/pdf" else _read_single(open_picture(content))
    if not reading.invoices:
        raise Unreadable(
            Message(
                "Nothing is written on this file. The original is kept (24 hours). Please check that it is the invoice and send it again."
            ),
            code="E-NOT-AN-INVOICE",
        )
    return reading


def _read_single(picture: Pixels) -> Reading:
    upright, invoices = read_picture(picture, 1)
    if all(invoice.kind is Kind.NOT_INVOICE for invoice in invoices):
        refuse_if_illegible(picture)
    return Reading(invoices, {1: preview(upright)} if invoices else {})


def read_pages(content: bytes) -> Reading:
    """A PDF: text where it has text, OCR where it is a scan. Pages that go on with an invoice belong to it."""
    invoices: list[ReadInvoice] = []
    previews: dict[int, bytes] = {}
    pending: list[_TextFace] = []
    for number, page in enumerate(pdf.pages_of(content), 1):
        if not page.words:
            invoices += _invoice(pending)
            pending = []
            upright, found = read_picture(page.picture, number)
            lists = [line for scan in found if scan.kind is Kind.NOT_INVOICE for line in scan.lines]
            if lists and invoices:
                invoices[-1] = replace(invoices[-1], lines=tuple(lists))
            elif found:
                invoices += found
                previews[number] = preview(upright)
            continue
        for face in _text_faces(number, page):
            if pending and face.goes_on(pending[0]):
                pending.append(face)
                continue
            invoices += _invoice(pending)
            pending = [face]
            previews[number] = preview(page.picture)
    return Reading((*invoices, *_invoice(pending)), previews)


@dataclass(frozen=True)
class _TextFace:
    """An invoice's part of a PDF page with exact text, read by itself."""

    number: int
    evidence: Evidence
    sighting: Sighting
    place: Box | None = None
    is_list: bool = False

    def goes_on(self, first: "_TextFace") -> bool:
        """Whether this page belongs to the invoice that began on `first`: its list of goods, or the same number."""
        return self.is_list or (self.invoice_number is not None and self.invoice_number == first.invoice_number)

    @property
    def invoice_number(self) -> str | None:
        return next((seen.value for seen in self.evidence.candidates(FieldName.NUMBER)), None)


def _text_faces(number: int, pdf_page: pdf.PdfPage) -> list[_TextFace]:
    """The invoices on one page of text, or the one list of goods."""
    page = page_of(pdf_page.words, Source.PDF_TEXT)
    if is_list_page(page):
        nothing = Evidence(Kind.NOT_INVOICE, {})
        return [_TextFace(number, nothing, Sighting({}, lines=lines_on(page)), is_list=True)]
    faces = faces_of(pdf_page.words, Source.PDF_TEXT, qr.codes_on(pdf_page.picture))
    return [_text_face(number, face, face.page.region if len(faces) > 1 else None) for face in faces]


def _text_face(number: int, face: Face, place: Box | None) -> _TextFace:
    kind = kind_of(face.page, face.payload)
    sighting = read_face(face.page, kind)
    seen = {name: (candidate,) for name, candidate in sighting.fields.items()}
    evidence = Evidence(kind, seen, face.payload, frozenset(sighting.empty), face.crowded)
    return _TextFace(number, evidence, sighting, place)


def _invoice(pages: list[_TextFace]) -> Iterable[ReadInvoice]:
    """The one invoice that stands on these pages; a value on a later page counts where the first page has none."""
    if not pages:
        return
    first, *others = pages
    evidence = first.evidence
    for page in others:
        elsewhere = {
            name: tuple(replace(seen, box=None) for seen in found)
            for name, found in page.evidence.seen.items()
            if name not in evidence.seen
        }
        evidence = replace(evidence, seen={**evidence.seen, **elsewhere}, qr=evidence.qr or page.evidence.qr)
    fields, findings = rules.weigh(evidence)
    yield ReadInvoice(first.number, evidence.kind, fields, _lines(pages), findings, first.place)


def _lines(pages: list[_TextFace]) -> tuple[ItemLine, ...]:
    """The lines of all pages; those of a list stand for the one line "see the list" on the face."""
    listed = [line for page in pages if page.is_list for line in page.sighting.lines]
    return tuple(listed or [line for page in pages for line in page.sighting.lines])
