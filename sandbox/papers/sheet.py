"""A page measured in millimetres from its top left corner, and the marks that every invoice carries."""

from collections.abc import Sequence
from functools import cache
from math import cos, radians, sin

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw
from reportlab.lib.colors import Color, black, grey, lightgrey
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from sandbox.papers.fonts import pillow_font, register_font

SEAL_RED = (224, 32, 36, 255)
_SEAL_DOTS = 12  # per millimetre, about 300 dpi
_SEAL_STROKE = 0.6  # dots added to each stroke: the font is a light one


class Sheet:
    """One page of a canvas; positions are millimetres from the top left, y is where the text stands."""

    def __init__(
        self,
        canvas: Canvas,
        height: float,
        ink: Color,
        *,
        value_ink: Color = black,
        margin: float = 0,
        slip: tuple[float, float] = (0, 0),
        font: str = "",
        figures: str = "",
    ) -> None:
        """Take a page.

        Args:
            canvas: draws on its current page.
            height: of the page, millimetres.
            ink: the colour of the form.
            value_ink: the colour of what is filled in.
            margin: where x begins, millimetres from the page's edge.
            slip: how far right and down of its place all that is filled in stands, as from a hand-fed printer.
            font: as register_font names it; the usual one if empty.
            figures: one of the fonts every PDF reader has ("Courier"), for values without Chinese characters; if empty,
                they are set as all else.
        """
        self.canvas = canvas
        self.height = height
        self.ink = ink
        self.value_ink = value_ink
        self.margin = margin
        self.slip = slip
        self.font = font or register_font()
        self.figures = figures or self.font

    def print(self, x: float, y: float, text: str, *, size: float = 9, align: str = "left", stretch: float = 0) -> None:
        """Write a value. align is "left", "centre" or "right" of x; stretch is the width to fill, millimetres, if any."""
        right, down = self.slip
        self._write(x + right, y + down, text, size=size, align=align, stretch=stretch, colour=self.value_ink)

    def label(self, x: float, y: float, text: str, *, size: float = 9, align: str = "left") -> None:
        """Write a word of the form itself, in the colour of the form."""
        self._write(x, y, text, size=size, align=align, stretch=0, colour=self.ink)

    def spread(self, x: float, y: float, text: str, width: float, *, size: float = 9) -> None:
        """Write a word of the form so that its characters fill width, each placed on its own."""
        last = width - stringWidth(text[-1], self.font, size) / mm
        for place, character in enumerate(text):
            self.label(x + last * place / (len(text) - 1), y, character, size=size)

    def column(self, x: float, top: float, bottom: float, text: str, *, size: float = 9) -> None:
        """Write a word of the form downwards, one character a line, evenly between top and bottom."""
        step = (bottom - top) / len(text)
        for place, character in enumerate(text):
            self.label(x, top + step * (place + 0.5) + size * 0.13, character, size=size, align="centre")

    def paragraph(self, x: float, y: float, text: str, width: float, *, size: float = 9, leading: float = 4.4) -> int:
        """Write a value in as many lines as width asks for; returns how many."""
        lines = wrapped(text, width, size)
        for place, line in enumerate(lines):
            self.print(x, y + leading * place, line, size=size)
        return len(lines)

    def pair(self, x: float, y: float, label: str, value: str, *, size: float = 9, gap: float = 1) -> None:
        """Write a word of the form and right behind it its value, gap millimetres apart."""
        self.label(x, y, label, size=size)
        self.print(x + stringWidth(label, self.font, size) / mm + gap, y, value, size=size)

    def fill(self, x0: float, y0: float, x1: float, y1: float, colour: Color) -> None:
        """Colour a part of the page."""
        self.canvas.setFillColor(colour)
        self.canvas.rect(self._across(x0), self._up(y1), (x1 - x0) * mm, (y1 - y0) * mm, stroke=0, fill=1)

    def grid(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        """Rule lines at all of these places, each as long as the others reach."""
        for x in xs:
            self.line(x, ys[0], x, ys[-1])
        for y in ys:
            self.line(xs[0], y, xs[-1], y)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.canvas.setStrokeColor(self.ink)
        self.canvas.setLineWidth(0.7)
        self.canvas.line(self._across(x0), self._up(y0), self._across(x1), self._up(y1))

    def frame(self, x0: float, y0: float, x1: float, y1: float) -> None:
        for ends in ((x0, y0, x1, y0), (x1, y0, x1, y1), (x1, y1, x0, y1), (x0, y1, x0, y0)):
            self.line(*ends)

    def crossed_circle(self, x: float, y: float, radius: float) -> None:
        """The ⊗ before a total in words, which keeps anything from being written in front of it."""
        self.canvas.setStrokeColor(self.value_ink)
        self.canvas.setLineWidth(0.8)
        self.canvas.circle(self._across(x), self._up(y), radius * mm)
        arm = radius * cos(radians(45))
        for rise in (arm, -arm):
            self.canvas.line(self._across(x - arm), self._up(y - rise), self._across(x + arm), self._up(y + rise))

    def qr(self, x: float, y: float, size: float, text: str) -> None:
        """Draw a QR code as filled squares, its top left at x, y."""
        modules = _qr_modules(text)
        step = size / len(modules)
        self.canvas.setFillColor(self.value_ink)
        path = self.canvas.beginPath()
        for row, column in np.argwhere(modules):
            path.rect(self._across(x + column * step), self._up(y + (row + 1) * step), step * mm, step * mm)
        self.canvas.drawPath(path, stroke=0, fill=1)

    def hole(self, x: float, y: float, radius: float) -> None:
        """A feed hole in the margin of a paper form."""
        self.canvas.setStrokeColor(grey)
        self.canvas.setFillColor(lightgrey)
        self.canvas.circle(self._across(x), self._up(y), radius * mm, fill=1)

    def bureau_seal(self, x: float, y: float, bureau: str, *, size: tuple[int, int] = (30, 20)) -> None:
        """Stamp the oval 监制章 of a tax bureau around x, y; size in millimetres, less on a slip."""
        self.seal(x, y, ("全国统一发票监制章", "国家税务总局", bureau), size=size)

    def seller_seal(self, x: float, y: float, seller: str, tax_id: str, *, size: tuple[int, int] = (38, 27)) -> None:
        """Stamp the seller's 发票专用章 around x, y; size in millimetres."""
        self.seal(x, y, (seller, tax_id, "发票专用章"), size=size)

    def seal(self, x: float, y: float, words: tuple[str, str, str], *, size: tuple[int, int]) -> None:
        """Stamp an oval around x, y: words along its top, across it, below that; size in millimetres."""
        width, height = size
        self.canvas.drawImage(
            ImageReader(_seal(size, words)),
            self._across(x - width / 2),
            self._up(y + height / 2),
            width * mm,
            height * mm,
            mask="auto",
        )

    def _write(self, x: float, y: float, text: str, *, size: float, align: str, stretch: float, colour: Color) -> None:
        font = self.figures if text.replace("¥", "").isascii() else self.font
        width = stringWidth(text, font, size) / mm
        start = x - {"left": 0.0, "centre": width / 2, "right": width}[align]
        run = self.canvas.beginText(self._across(start), self._up(y))
        run.setFont(font, size)
        run.setFillColor(colour)
        run.setCharSpace((stretch - width) * mm / (len(text) - 1) if stretch else 0)
        run.textOut(text)
        self.canvas.drawText(run)

    def _across(self, x: float) -> float:
        return float((self.margin + x) * mm)

    def _up(self, y: float) -> float:
        return float((self.height - y) * mm)


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Break text into lines of at most width millimetres, anywhere, as tax software does."""
    font, lines = register_font(), [""]
    for character in text:
        if character == "\n" or stringWidth(lines[-1] + character, font, size) > width * mm:
            lines.append("")
        lines[-1] += character.strip("\n")
    return lines


def _qr_modules(text: str) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """The squares of a QR code; True is dark."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    picture = zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False)
    return np.asarray(np.asarray(picture) == 0, np.bool_)


@cache
def _seal(size: tuple[int, int], words: tuple[str, str, str]) -> Image.Image:
    """An oval seal, size in millimetres: words along its top, across it, below that.

    A picture, so that its words stay out of the page's text, as on real ones.
    """
    top, middle, bottom = words
    width, height = (side * _SEAL_DOTS for side in size)
    seal = Image.new("RGBA", (width, height), (255, 255, 255, 0))
    pen = ImageDraw.Draw(seal)
    pen.ellipse((3, 3, width - 4, height - 4), outline=SEAL_RED, width=11)
    pen.ellipse((17, 17, width - 18, height - 18), outline=SEAL_RED, width=2)
    for words_across, down, font in ((middle, 0.5, pillow_font(width // 12)), (bottom, 0.76, pillow_font(width // 13))):
        at = (width / 2, height * down)
        pen.text(at, words_across, font=font, fill=SEAL_RED, stroke_width=_SEAL_STROKE, anchor="mm")
    _write_around(seal, top, size=width // 12)
    return seal


def _write_around(seal: Image.Image, text: str, *, size: int) -> None:
    """Write text along the inside of the top of the oval; size in dots."""
    width, height = seal.size
    font = pillow_font(size)
    for place, character in enumerate(text):
        angle = -160 + 140 * place / (len(text) - 1)  # degrees, clockwise from the right
        across, down = (width / 2 - 44) * cos(radians(angle)), (height / 2 - 40) * sin(radians(angle))
        glyph = Image.new("RGBA", (size * 2, size * 2), (255, 255, 255, 0))
        pen = ImageDraw.Draw(glyph)
        pen.text((size, size), character, font=font, fill=SEAL_RED, stroke_width=_SEAL_STROKE, anchor="mm")
        turned = glyph.rotate(-(angle + 90) * 0.55, resample=Image.Resampling.BICUBIC)  # flatter than a circle
        seal.alpha_composite(turned, (int(width / 2 + across) - size, int(height / 2 + down) - size))
