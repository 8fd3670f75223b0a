"""A page measured in millimetres from its top left corner, and the marks that every invoice carries."""

from functools import cache
from math import cos, radians, sin

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw
from reportlab.lib.colors import Color, black
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from sandbox.papers.fonts import pillow_font, register_font

SEAL_RED = (224, 32, 36, 255)
_SEAL_DOTS = 12  # per millimetre, about 300 dpi
_SEAL_SIZE = (30, 20)  # millimetres


class Sheet:
    """One page of a canvas; positions are millimetres from the top left, y is where the text stands."""

    def __init__(self, canvas: Canvas, height: float, ink: Color) -> None:
        self.canvas = canvas
        self.height = height
        self.ink = ink
        self.font = register_font()

    def print(self, x: float, y: float, text: str, *, size: float = 9, align: str = "left", spacing: float = 0) -> None:
        """Write a value in black. align is "left", "centre" or "right" of x; spacing in points between characters."""
        self._write(x, y, text, size=size, align=align, spacing=spacing, colour=black)

    def label(self, x: float, y: float, text: str, *, size: float = 9, align: str = "left") -> None:
        """Write a word of the form itself, in the colour of the form."""
        self._write(x, y, text, size=size, align=align, spacing=0, colour=self.ink)

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

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.canvas.setStrokeColor(self.ink)
        self.canvas.setLineWidth(0.7)
        self.canvas.line(x0 * mm, self._up(y0), x1 * mm, self._up(y1))

    def frame(self, x0: float, y0: float, x1: float, y1: float) -> None:
        for ends in ((x0, y0, x1, y0), (x1, y0, x1, y1), (x1, y1, x0, y1), (x0, y1, x0, y0)):
            self.line(*ends)

    def crossed_circle(self, x: float, y: float, radius: float) -> None:
        """The ⊗ before a total in words, which keeps anything from being written in front of it."""
        self.canvas.setStrokeColor(black)
        self.canvas.setLineWidth(0.8)
        self.canvas.circle(x * mm, self._up(y), radius * mm)
        arm = radius * cos(radians(45))
        for rise in (arm, -arm):
            self.canvas.line((x - arm) * mm, self._up(y - rise), (x + arm) * mm, self._up(y + rise))

    def qr(self, x: float, y: float, size: float, text: str) -> None:
        """Draw a QR code as filled squares, its top left at x, y."""
        modules = _qr_modules(text)
        step = size / len(modules)
        self.canvas.setFillColor(black)
        path = self.canvas.beginPath()
        for row, column in np.argwhere(modules):
            path.rect((x + column * step) * mm, self._up(y + (row + 1) * step), step * mm, step * mm)
        self.canvas.drawPath(path, stroke=0, fill=1)

    def seal(self, x: float, y: float, bureau: str) -> None:
        """Stamp the oval 监制章 around x, y."""
        width, height = _SEAL_SIZE
        self.canvas.drawImage(
            ImageReader(_seal(bureau)),
            (x - width / 2) * mm,
            self._up(y + height / 2),
            width * mm,
            height * mm,
            mask="auto",
        )

    def _write(self, x: float, y: float, text: str, *, size: float, align: str, spacing: float, colour: Color) -> None:
        width = stringWidth(text, self.font, size) / mm
        start = x - {"left": 0.0, "centre": width / 2, "right": width}[align]
        run = self.canvas.beginText(start * mm, self._up(y))
        run.setFont(self.font, size)
        run.setFillColor(colour)
        run.setCharSpace(spacing)
        run.textOut(text)
        self.canvas.drawText(run)

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
def _seal(bureau: str) -> Image.Image:
    """The seal as a picture, so that its words stay out of the page's text, as on real ones."""
    width, height = (side * _SEAL_DOTS for side in _SEAL_SIZE)
    seal = Image.new("RGBA", (width, height), (255, 255, 255, 0))
    pen = ImageDraw.Draw(seal)
    pen.ellipse((3, 3, width - 4, height - 4), outline=SEAL_RED, width=11)
    pen.ellipse((17, 17, width - 18, height - 18), outline=SEAL_RED, width=2)
    pen.text(
        (width / 2, height / 2), "国家税务总局", font=pillow_font(26), fill=SEAL_RED, stroke_width=0.6, anchor="mm"
    )
    _write_around(seal, "全国统一发票监制章", first=-160, last=-20, size=30)
    _write_around(seal, bureau, first=132, last=48, size=26)
    return seal


def _write_around(seal: Image.Image, text: str, *, first: float, last: float, size: int) -> None:
    """Write text along the inside of the oval, from one angle to another; degrees, clockwise from the right."""
    width, height = seal.size
    font = pillow_font(size)
    for place, character in enumerate(text):
        angle = first + (last - first) * place / (len(text) - 1)
        across, down = (width / 2 - 44) * cos(radians(angle)), (height / 2 - 40) * sin(radians(angle))
        glyph = Image.new("RGBA", (size * 2, size * 2), (255, 255, 255, 0))
        ImageDraw.Draw(glyph).text((size, size), character, font=font, fill=SEAL_RED, stroke_width=0.6, anchor="mm")
        lean = -(angle + 90) * 0.55 if angle < 0 else (90 - angle) * 0.55
        turned = glyph.rotate(lean, resample=Image.Resampling.BICUBIC)
        seal.alpha_composite(turned, (int(width / 2 + across) - size, int(height / 2 + down) - size))
