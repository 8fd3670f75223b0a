"""Values found by their labels: what every family of invoice reads alike."""

import re
from collections.abc import Callable, Sequence

from core.invoice import Candidate
from core.reading.layout import Page, Pattern, Word, joined

ValueIn = Callable[[str], str | None]
"""The canonical value a printed run is, or None when it is anything else."""


def labelled(page: Page, label: Pattern, value_in: ValueIn) -> Candidate | None:
    """The value to the right of the topmost label that has one; it may be printed in several runs."""
    for found in page.labels(label):
        words = [word for word in run(page.after(found)) if word.height < 2 * found.height]
        for count in range(len(words), 0, -1):
            whole = joined(words[:count])
            if whole and (value := value_in(whole.text)):
                return page.sees(whole, value)
    return None


def nearest(page: Page, label: Word | None, value_in: ValueIn) -> Candidate | None:
    """The nearest run right of the label that is such a value; printed rows may stand a little off the form's."""
    if label is None:
        return None
    right = [word for word in page.words if word.centre > label.box.x1 and word.beside(label, 0.9)]
    for word in sorted(right, key=lambda word: (not word.beside(label, 0.5), word.box.x0)):
        if value := value_in(word.text):
            return page.sees(word, value)
    return None


def under(page: Page, label: Word | None, value_in: ValueIn) -> Candidate | None:
    """The first value below the label, within three of its heights and overlapping it across."""
    if label is None:
        return None
    below = [
        word
        for word in page.within(0, label.box.y1 - 0.3 * label.height, 1, label.box.y1 + 3 * label.height)
        if word.box.x0 < label.box.x1 + 0.06 and word.box.x1 > label.box.x0
    ]
    return next((page.sees(word, value) for word in below if (value := value_in(word.text))), None)


def shaped(page: Page, shape: str, *, above: float = 1.0) -> Candidate | None:
    """The topmost run that has this shape wholly; the value is its group 1 if there is one."""
    for word in page.above(above):
        if found := re.fullmatch(shape, word.text):
            return page.sees(word, found[found.re.groups])
    return None


def name_after(page: Page, label: Pattern) -> Candidate | None:
    """The name of a party to the right of its label, up to the first wide gap."""
    for found in page.labels(label):
        whole = joined(run(page.after(found)))
        if whole:
            return page.sees(whole, name_of(whole.text))
    return None


def run(words: Sequence[Word]) -> list[Word]:
    """The words up to the first wide gap."""
    near: list[Word] = []
    for word in words:
        if near and word.box.x0 - near[-1].box.x1 > 0.05:
            break
        near.append(word)
    return near


def name_of(text: str) -> str:
    """Gaps between Chinese characters are the printer's, those between Latin words belong to the name; so do brackets."""
    if re.search(r"[\u4e00-\u9fff]", text):
        text = text.replace("(", "（").replace(")", "）")
    return re.sub(r"(?<![A-Za-z0-9.,&])\s+|\s+(?![A-Za-z0-9.,&])", "", text)


def digits(*counts: int) -> ValueIn:
    """Reads a run that is nothing but so many digits and gaps."""
    shape = re.compile("|".join(rf"[0-9]{{{count}}}" for count in counts))

    def value_in(text: str) -> str | None:
        plain = re.sub(r"\s", "", text)
        return plain if shape.fullmatch(plain) else None

    return value_in
