"""A picture of an invoice: QR code, OCR, and second looks where one reader is not enough."""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

import cv2
import numpy as np

from core.invoice import ASKED, Box, Candidate, FieldName, Kind, ReadInvoice, Source, questions
from core.reading import evidence as rules
from core.reading.amounts import tax_in
from core.reading.dates import date_in
from core.reading.evidence import Evidence
from core.reading.faces import Face, faces_of
from core.reading.families import read_face
from core.reading.kinds import is_list_page, kind_of
from core.reading.tax_ids import tax_id_in
from core.reading.vat import lines_on
from integrations.reading import ocr, qr, second_reader
from integrations.reading.ocr import ReadPage
from integrations.reading.pages import Pixels, is_paper

_SLIP = 1.9  # long side to short: longer than any sheet or photo of one
CLOSER = 1600
"""The second time a page is looked over at this size: small print shows that the first look passed over."""


def read_picture(picture: Pixels, number: int) -> tuple[Pixels, tuple[ReadInvoice, ...]]:
    """Read one page of pixels; look closer when the first look leaves more than two questions.

    Args:    number: of the page in its document, from 1.
    Returns: the upright page and what is on it; nothing when no word and no code was found. A list of goods that goes
             with an invoice is a NOT_INVOICE with lines.
    """
    longer = _longer(picture)
    upright, invoices = _read(picture, number, int(ocr.DETECTION_SIDE * longer))
    if max(picture.shape) <= ocr.DETECTION_SIDE * longer or _open_ends(invoices) <= 2:
        return upright, invoices
    calmer = np.asarray(cv2.medianBlur(picture, 3), dtype=np.uint8)
    again, others = _read(calmer, number, int(CLOSER * longer))
    return (again, others) if others and _open_ends(others) < _open_ends(invoices) else (upright, invoices)


def _longer(picture: Pixels) -> float:
    """How much longer the long side of a slip may be than that of a sheet, for as many pixels in all."""
    height, width = picture.shape[:2]
    shape = max(height, width) / min(height, width)
    return math.sqrt(shape / math.sqrt(2)) if shape > _SLIP else 1.0


def _open_ends(invoices: Sequence[ReadInvoice]) -> int:
    """What a person would still have to do: answer questions, or say what a page is that nothing was read from."""
    return sum(len(FieldName) if invoice.kind is Kind.NOT_INVOICE else len(questions(invoice)) for invoice in invoices)


def _read(picture: Pixels, number: int, side: int) -> tuple[Pixels, tuple[ReadInvoice, ...]]:
    page = ocr.read_page(picture, side=side)
    codes = qr.codes_on(page.picture)
    faces = faces_of(page.words, Source.RAPIDOCR, codes)
    return page.picture, tuple(_invoice(page, face, number, alone=len(faces) == 1) for face in faces)


def _invoice(page: ReadPage, face: Face, number: int, *, alone: bool) -> ReadInvoice:
    if is_list_page(face.page):
        return ReadInvoice(number, Kind.NOT_INVOICE, {}, lines_on(face.page), details={"screen": "list"})
    kind = kind_of(face.page, face.payload)
    sighting = read_face(face.page, kind)
    seen = {name: (candidate,) for name, candidate in sighting.fields.items()}
    evidence = Evidence(
        kind, seen, face.payload, crowded=face.crowded,
        doubts=sighting.doubts, closings=sighting.closings, confirmed=sighting.confirmed,
    )  # fmt: skip
    if not face.crowded:
        evidence = _fill(page, _look_again(page, evidence), sighting.empty)
    fields, findings = rules.weigh(evidence)
    place = None if alone else face.page.region
    return ReadInvoice(number, kind, fields, sighting.lines, findings, place, sighting.details)


def _look_again(page: ReadPage, evidence: Evidence) -> Evidence:
    """Show the doubtful places to the second reader, and to the first one larger where the QR code contradicts it."""
    if evidence.kind is Kind.FOREIGN_INVOICE:
        return confirmed_abroad(page, evidence)
    for name in rules.doubtful(evidence):
        first = evidence.printed(name)[0]
        if not second_reader.confirms(name) or first.box is None:
            continue
        again = second_reader.read_field(page, name, first.box, like=first.value)
        looks = (*evidence.printed(name), *((again,) if again else ()))
        if evidence.differs(name) and (reread := _reread(page, name, first.box)):
            looks = (*looks, reread)
        evidence = replace(evidence, seen={**evidence.seen, name: looks})
    return evidence


def confirmed_abroad(page: ReadPage, evidence: Evidence) -> Evidence:
    """The date and the total of a receipt, always shown to the second reader: their sums alone do not exclude a digit
    that the first one misreads twice.
    """
    for name in (FieldName.DATE, FieldName.TOTAL):
        for first in evidence.printed(name)[:1]:
            again = second_reader.read_abroad(page, name, first.box, like=first.value) if first.box else None
            if again:
                evidence = replace(evidence, seen={**evidence.seen, name: (*evidence.printed(name), again)})
    return evidence


def confirmed_by_ink(page: ReadPage, evidence: Evidence) -> Evidence:
    """What the text of a page says is shown to one engine and, where that sees something else, to the other one in the
    picture of it, where no QR code can confirm it: each of them stands apart from the text.
    """
    for name, first in ((name, seen[0]) for name, seen in evidence.seen.items() if name in ASKED):
        like = first.value
        again = second_reader.read_field(page, name, first.box, like=like) if first.box else None
        if first.box and (again is None or again.value != like):
            again = _reread(page, name, first.box) or again
        if again and evidence.qr_value(name) != like:
            evidence = replace(evidence, seen={**evidence.seen, name: (*evidence.printed(name), again)})
    return evidence


def _fill(page: ReadPage, evidence: Evidence, empty: Mapping[FieldName, Box]) -> Evidence:
    """Look where a label stands with nothing beside it: a value that was overlooked, or ink-free paper."""
    for name, box in empty.items():
        if evidence.candidates(name) or not second_reader.confirms(name):
            continue
        if is_paper(page.line(box)):
            evidence = replace(evidence, blank=evidence.blank | {name})
            continue
        looks = tuple(look for look in (_reread(page, name, box), second_reader.read_field(page, name, box)) if look)
        if looks:
            evidence = replace(evidence, seen={**evidence.seen, name: looks})
    return evidence


def _reread(page: ReadPage, name: FieldName, box: Box) -> Candidate | None:
    """The same place read again by RapidOCR, larger; None when it is no value of this field."""
    text, confidence = ocr.read_line(page.line(box, margin=0.05))
    value = value_in(name, text)
    return None if value is None else Candidate(value, Source.RAPIDOCR, confidence, box)


def value_in(name: FieldName, text: str) -> str | None:
    """The canonical value of a field in a run of text that holds it, perhaps after its label."""
    plain = unicodedata.normalize("NFKC", text).strip()
    match name:
        case FieldName.DATE:
            return date_in(plain)
        case FieldName.AMOUNT_EX_TAX | FieldName.TAX | FieldName.TOTAL:
            return tax_in(plain)
        case FieldName.BUYER_TAX_ID | FieldName.SELLER_TAX_ID:
            return tax_id_in(plain)
    digits = re.search(r"\d{20}|\d{12}|\d{10}|\d{8}", re.sub(r"\s", "", plain))
    return digits[0] if digits else None
