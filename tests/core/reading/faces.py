"""Faces as readers see them: rows of words at places, drawn by nobody."""

from core.invoice import Box, Source
from core.reading.layout import Page, page, word


def rows(*lines: str, source: Source = Source.RAPIDOCR, height: float = 0.03) -> Page:
    """A page of one line a row; runs are parted by two blanks or more and placed where they stand in the line.

    A blank is half as wide as a Chinese character.
    """
    words = []
    for number, line in enumerate(lines):
        x, run, began = 0, "", 0
        for character in [*line, " ", " "]:
            if (character == " " and run.endswith(" ")) or (character == " " and not run):
                if run.strip():
                    words.append((run.strip(), began, x, number))
                run, began = "", 0
            else:
                began = began if run else x
                run += character
            x += 1 if ord(character) < 0x2E80 else 2
    return page(
        [
            word(
                text,
                Box(0.02 + begins * 0.012, 0.03 + row * 0.05, 0.02 + ends * 0.012, 0.03 + row * 0.05 + height),
                0.99,
            )
            for text, begins, ends, row in words
        ],
        source,
    )
