"""One document in, its invoices out. Runs inside the reader process."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.document import Reading
from core.errors import Unreadable
from core.invoice import FieldName, ItemLine, Kind, ReadInvoice, Source
from core.messages import Message
from core.reading import evidence as rules
from core.reading.evidence import Evidence
from core.reading.families import read_face
from core.reading.kinds import is_list_page, kind_of
from core.reading.layout import Page
from core.reading.layout import page as page_of
from core.reading.sighting import Sighting
from core.reading.vat import lines_on
from integrations.reading import pdf, qr
from integrations.reading.image import read_picture
from integrations.reading.pages import Pixels, open_picture, preview, refuse_if_illegible


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
                "Nothing could be read on this file: it looks empty. The file is kept. "
                "Please check that it is the invoice and send it again."
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
    pending: list[_TextPage] = []
    for number, page in enumerate(pdf.pages_of(content), 1):
        if not page.words:
            upright, found = read_picture(page.picture, number)
            invoices += found
            if found:
                previews[number] = preview(upright)
            continue
        text = _text_page(number, page)
        if pending and text.goes_on(pending[0]):
            pending.append(text)
            continue
        invoices += _invoice(pending)
        pending = [text]
        previews[number] = preview(page.picture)
    return Reading((*invoices, *_invoice(pending)), previews)


@dataclass(frozen=True)
class _TextPage:
    """A PDF page with exact text, read by itself."""

    number: int
    kind: Kind
    evidence: Evidence
    sighting: Sighting
    is_list: bool

    def goes_on(self, first: "_TextPage") -> bool:
        """Whether this page belongs to the invoice that began on `first`: its list of goods, or the same number."""
        own, others = self._number(), first._number()
        return self.is_list or (own is not None and own == others)

    def _number(self) -> str | None:
        return next((seen.value for seen in self.evidence.candidates(FieldName.NUMBER)), None)


def _text_page(number: int, pdf_page: pdf.PdfPage) -> _TextPage:
    page = page_of(pdf_page.words, Source.PDF_TEXT)
    if is_list_page(page):
        return _TextPage(number, Kind.NOT_INVOICE, Evidence(Kind.NOT_INVOICE, {}), Sighting({}, lines=lines_on(page)), is_list=True)
    codes = qr.codes_on(pdf_page.picture)
    payload = codes[0].payload if codes else None
    kind = kind_of(page, payload)
    sighting = read_face(page, kind)
    seen = {name: (candidate,) for name, candidate in sighting.fields.items()}
    return _TextPage(number, kind, Evidence(kind, seen, payload, frozenset(sighting.empty)), sighting, is_list=False)


def _invoice(pages: list[_TextPage]) -> Iterable[ReadInvoice]:
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
    yield ReadInvoice(first.number, first.kind, fields, _lines(pages), findings)


def _lines(pages: list[_TextPage]) -> tuple[ItemLine, ...]:
    """The lines of all pages; those of a list stand for the one line "see the list" on the face."""
    listed = [line for page in pages if page.is_list for line in page.sighting.lines]
    return tuple(listed or [line for page in pages for line in page.sighting.lines])
