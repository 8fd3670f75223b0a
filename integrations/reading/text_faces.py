"""Invoices on pages of exact text, a PDF's or an OFD's. Pages that go on with an invoice belong to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.invoice import Box, FieldName, ItemLine, Kind, ReadInvoice, Source
from core.reading import evidence as rules
from core.reading.evidence import Evidence
from core.reading.faces import Face, FoundCode, faces_of
from core.reading.families import read_face
from core.reading.kinds import is_list_page, kind_of
from core.reading.layout import Word
from core.reading.layout import page as page_of
from core.reading.sighting import Sighting
from core.reading.vat import lines_on


@dataclass(frozen=True)
class TextFace:
    """An invoice's part of a PDF page with exact text, read by itself."""

    number: int
    evidence: Evidence
    sighting: Sighting
    place: Box | None = None
    is_list: bool = False

    def goes_on(self, first: "TextFace") -> bool:
        """Whether this page belongs to the invoice that began on `first`: its list of goods, or the same number.

        Pages of one number whose codes or sellers differ are two invoices, one of which is not what it says.
        """
        if self.is_list:
            return True
        if self.invoice_number is None or self.invoice_number != first.invoice_number:
            return False
        codes = {face.evidence.qr.text for face in (self, first) if face.evidence.qr}
        sellers = {seen.value for face in (self, first) for seen in face.evidence.candidates(FieldName.SELLER_TAX_ID)}
        return len(codes) < 2 and len(sellers) < 2

    @property
    def invoice_number(self) -> str | None:
        return next((seen.value for seen in self.evidence.candidates(FieldName.NUMBER)), None)


def faces_on(number: int, words: Sequence[Word], source: Source, codes: Sequence[FoundCode]) -> list[TextFace]:
    """The invoices on one page of text, or the one list of goods."""
    page = page_of(words, source)
    if is_list_page(page):
        nothing = Evidence(Kind.NOT_INVOICE, {})
        return [TextFace(number, nothing, Sighting({}, lines=lines_on(page), details={"screen": "list"}), is_list=True)]
    faces = faces_of(words, source, codes)
    return [_text_face(number, face, face.page.region if len(faces) > 1 else None) for face in faces]


def _text_face(number: int, face: Face, place: Box | None) -> TextFace:
    kind = kind_of(face.page, face.payload)
    sighting = read_face(face.page, kind)
    seen = {name: (candidate,) for name, candidate in sighting.fields.items()}
    evidence = Evidence(
        kind, seen, face.payload, frozenset(sighting.empty), face.crowded,
        sighting.doubts, sighting.closings, sighting.confirmed,
    )  # fmt: skip
    return TextFace(number, evidence, sighting, place)


def invoice_on(pages: Sequence[TextFace]) -> Iterable[ReadInvoice]:
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
    details = {
        name: said
        for page in reversed(pages)
        if not page.is_list or page is first
        for name, said in page.sighting.details.items()
    }
    yield ReadInvoice(first.number, evidence.kind, fields, _lines(pages), findings, first.place, details)


def _lines(pages: Sequence[TextFace]) -> tuple[ItemLine, ...]:
    """The lines of all pages; those of a list stand for the one line "see the list" on the face."""
    listed = [line for page in pages if page.is_list for line in page.sighting.lines]
    return tuple(listed or [line for page in pages for line in page.sighting.lines])
