"""Files that are no invoice, or no longer one: what people send by mistake, and what attackers send on purpose."""

import struct
import zlib
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from math import sin

from PIL import Image, ImageDraw

from sandbox.papers.fonts import pillow_font
from sandbox.papers.invention import invent
from sandbox.papers.render import to_pdf

PASSWORD = "chenxing"  # noqa: S105 - it protects nothing
"""What opens the PDF of password_pdf()."""

_BOMB_SIDE = 30_000  # pixels; 900 million of them


def truncated_pdf() -> bytes:
    """The first half of a PDF, as from a broken download."""
    whole = to_pdf(invent("truncated"))
    return whole[: len(whole) // 2]


def password_pdf() -> bytes:
    """A PDF that opens with PASSWORD only."""
    return to_pdf(invent("password"), password=PASSWORD)


def text_renamed_jpg() -> bytes:
    """Plain text, for a file whose name says .jpg."""
    return "这是一段文字，不是图片。\n".encode() * 20


def empty() -> bytes:
    """A file of no bytes."""
    return b""


@cache
def decompression_bomb() -> bytes:
    """A valid PNG of about 110 kB that unpacks to 30,000 by 30,000 pixels."""
    header = struct.pack(">IIBBBBB", _BOMB_SIDE, _BOMB_SIDE, 1, 0, 0, 0, 0)  # one bit a pixel, greyscale
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in ((b"IHDR", header), (b"IDAT", b"".join(_squeezed_zeros())), (b"IEND", b""))
    )


def not_an_invoice() -> bytes:
    """A holiday picture (PNG): sky, sun, hills, a lake."""
    width, height = 1200, 800
    image = Image.linear_gradient("L").resize((width, height))
    image = Image.merge(
        "RGB",
        (image.point(lambda v: 120 + v // 3), image.point(lambda v: 170 + v // 4), image.point(lambda v: 225 + v // 9)),
    )
    image = Image.blend(image, Image.new("RGB", (width, height), (236, 244, 252)), 0.35)
    pen = ImageDraw.Draw(image)
    pen.ellipse((860, 90, 990, 220), fill=(255, 214, 92))
    for base, rise, stretch, colour in ((470, 120, 190, (126, 152, 176)), (560, 90, 140, (88, 126, 112))):
        ridge = [(x, base - rise * (0.6 + 0.4 * sin(x / stretch)) - 14 * sin(x / 37)) for x in range(0, width + 8, 8)]
        pen.polygon([(0, height), *ridge, (width, height)], fill=colour)
    pen.rectangle((0, 620, width, height), fill=(94, 148, 178))
    for row in range(16):
        pen.line(
            (90 + row * 61 % 700, 640 + row * 10, 190 + row * 61 % 900, 640 + row * 10), fill=(170, 206, 222), width=2
        )
    return _png(image)


def team_note() -> bytes:
    """A photo-sized note to the team (PNG): text, a date and an amount, and still no invoice."""
    image = Image.new("RGB", (1000, 700), (255, 250, 214))
    pen = ImageDraw.Draw(image)
    for place, line in enumerate(
        ("周五团建提醒", "时间：下午三点，公司门口集合", "每人带一份小点心", "预算 200 元以内，谢谢大家！")
    ):
        pen.text((80, 90 + 120 * place), line, font=pillow_font(58 if place == 0 else 42), fill=(54, 62, 80))
    return _png(image)


def _png(image: Image.Image) -> bytes:
    output = BytesIO()
    image.save(output, format="PNG")
    return output.getvalue()


def _squeezed_zeros() -> Iterator[bytes]:
    """The compressed rows of an all black picture, made without ever holding them unpacked."""
    squeeze = zlib.compressobj(9)
    row = bytes(1 + _BOMB_SIDE // 8)
    for _ in range(_BOMB_SIDE // 100):
        yield squeeze.compress(row * 100)
    yield squeeze.flush()
