"""Where the invoices of one page are: a page may hold several, printed or photographed below each other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from core.invoice import Box, Source
from core.reading import layout
from core.reading.layout import Page, Word
from core.reading.qr_payload import QrPayload

_TITLE = re.compile(
    r".*(?:增值税?.*发票|电子发票|电子客票(?!号)|行程单|定额发票|统一发票|机打发票|客运.*[发车客]票|票据\(电子\)).*"
)
_MONEY = re.compile(r"[¥¥]\s*\d|\d\.\d\d(?!\d)|[圆元]整|\d元")
_HEAD_LINES = 9
"""How far above its number a face begins at most, in heights of the number's line."""
_APART = 6
"""So many heights of the usual line lie at least between the numbers of two faces."""
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
    """Between the row of one total and that of the next, above whatever heads the lower invoice; and where a number
    stands far below another, with money above and below it and a head of its own.
    """
    borders = []
    for upper, lower in pairwise(page.labels(layout.IN_WORDS)):
        heads = _heads_between(page, codes, upper.box.y1, lower.box.y0)
        if heads:
            borders.append(_above(page, min(heads)))
    numbers = _numbers(page)
    for place, (upper, lower) in enumerate(pairwise(numbers)):
        end = numbers[place + 2].box.y0 if place + 2 < len(numbers) else 1.0
        if any(upper.middle < border <= lower.middle for border in borders):
            continue
        if _has_money(page, upper.box.y1, lower.box.y0) and _has_money(page, lower.box.y1, end):
            reach = max(upper.box.y1, lower.box.y0 - _HEAD_LINES * lower.height)
            heads = _heads_between(page, codes, reach, lower.box.y1)
            if len(heads) > 1:
                borders.append(_above(page, min(heads)))
    return sorted(borders)


def _heads_between(page: Page, codes: Sequence[FoundCode], top: float, bottom: float) -> list[float]:
    return [
        *(word.box.y0 for word in page.words if top < word.middle < bottom and _heads(word)),
        *(code.box.y0 for code in codes if top < code.box.y0 < bottom),
    ]


def _above(page: Page, top: float) -> float:
    """The middle of the gap above what begins here."""
    above = max(word.box.y1 for word in page.words if word.middle < top)
    return min((top + above) / 2, top)


def _numbers(page: Page) -> list[Word]:
    """Where the numbers of invoices stand that lie far below each other, the topmost of each."""
    found = [(word, value[0]) for label in page.labels(layout.NUMBER) for word in page.after(label)[:1]
             if (value := re.match(r"\d{8,20}(?!\d)", word.text))]  # fmt: skip
    found += [(word, word.text[-8:]) for word in page.words if _LARGE_SERIAL.fullmatch(word.text)]
    line = median(word.height for word in page.words) if page.words else 0.0
    kept: list[tuple[Word, str]] = []
    for word, number in sorted(found, key=lambda each: each[0].middle):
        if not kept or (number not in {one for _, one in kept} and word.middle - kept[-1][0].middle > _APART * line):
            kept.append((word, number))
    return [word for word, _ in kept]


def _has_money(page: Page, top: float, bottom: float) -> bool:
    return any(top <= word.middle <= bottom and _MONEY.search(word.text) for word in page.words)


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
