"""Where the invoices of one page are: a page may hold several, printed or photographed below each other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.invoice import Box, Source
from core.reading import layout
from core.reading.layout import Page, Word
from core.reading.qr_payload import QrPayload

_TITLE = re.compile(r".*(?:增值税.*发票|电子发票|电子客票|行程单|定额发票|统一发票|票据\(电子\)).*")
_LARGE_SERIAL = re.compile(r"N[o0O°º.]{1,2}\s*\d{8}")


@dataclass(frozen=True)
class FoundCode:
    """An invoice's QR code with its place on the page."""

    payload: QrPayload
    box: Box


@dataclass(frozen=True)
class Face:
    """One invoice's part of a page, and the code that stands in it.

    `crowded` says that more than one invoice seems to stand here and could not be parted: nothing read from such a
    face is proved, as one invoice's number may have come with another's total.
    """

    page: Page
    payload: QrPayload | None
    crowded: bool


def faces_of(words: Sequence[Word], source: Source, codes: Sequence[FoundCode]) -> list[Face]:
    """The invoices on a page from top to bottom; one face when nothing speaks for more."""
    whole = layout.page(words, source)
    borders = [0.0, *_borders(whole, codes), 1.0]
    faces = []
    for top, bottom in pairwise(borders):
        inside = [word for word in words if top <= word.middle < bottom]
        own = [code for code in codes if top <= (code.box.y0 + code.box.y1) / 2 < bottom]
        if not inside and not own:
            continue
        region = layout.hull([*(word.box for word in inside), *(code.box for code in own)])
        page = layout.page(inside, source, region)
        faces.append(Face(page, own[0].payload if own else None, _crowded(page, own)))
    return faces


def _borders(page: Page, codes: Sequence[FoundCode]) -> list[float]:
    """Between the row of one total and that of the next, above whatever heads the lower invoice."""
    totals = page.labels(layout.IN_WORDS)
    borders = []
    for upper, lower in pairwise(totals):
        heads = [
            *(word.box.y0 for word in page.words if upper.box.y1 < word.middle < lower.box.y0 and _heads(word)),
            *(code.box.y0 for code in codes if upper.box.y1 < code.box.y0 < lower.box.y0),
        ]
        if heads:
            top = min(heads)
            above = max(word.box.y1 for word in page.words if word.middle < top)
            borders.append(min((top + above) / 2, top))
    return borders


def _heads(word: Word) -> bool:
    """Whether this stands in the head of an invoice and nowhere else."""
    label = any(pattern.fullmatch(word.text) for pattern in (layout.NUMBER, layout.CODE))
    return label or _TITLE.fullmatch(word.text) is not None or _LARGE_SERIAL.fullmatch(word.text) is not None


def _crowded(page: Page, codes: Sequence[FoundCode]) -> bool:
    numbers = {
        "".join(filter(str.isdigit, word.text))
        for label in page.labels(layout.NUMBER)
        for word in page.after(label)[:1]
        if len(word.text) >= 8
    }
    return len(codes) > 1 or len(numbers) > 1 or len(page.labels(layout.IN_WORDS)) > 1
