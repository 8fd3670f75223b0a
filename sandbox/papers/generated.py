"""Any number of documents of all kinds, as people send them: PDFs, scans and photos. For benches and tests.

    document = generated(seed=1, place=42)
    document.content, document.media          # the file
    document.labels                           # what a reader should find, one label an invoice

The same seed and place give the same bytes on one machine (which fonts are installed matters).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from random import Random

from PIL import Image, ImageChops, ImageDraw

from sandbox.papers.faces import DRAWN, Face, invent_face
from sandbox.papers.faces.drawing import any_hand, face_to_pdf
from sandbox.papers.fonts import pillow_font
from sandbox.papers.photos import photograph
from sandbox.papers.render import pdf_to_picture

MM = 25.4
_TOGETHER = 0.08
"""The share of photos that show two documents."""
_STAMPED = 0.25
_WORDS = ("现金付讫", "已审核", "报销专用", "财务已收")
_INKS = ((206, 44, 44), (48, 72, 176), (150, 40, 120))


class Condition(StrEnum):
    """What a document has been through; HARD is at the edge of what a person can read."""

    ORIGINAL = "original"
    SCAN = "scan"
    PHOTO = "photo"
    HARD = "hard"


_ELECTRONIC = ((Condition.ORIGINAL, 45), (Condition.SCAN, 13), (Condition.PHOTO, 32), (Condition.HARD, 10))
_ON_PAPER = ((Condition.SCAN, 20), (Condition.PHOTO, 68), (Condition.HARD, 12))


@dataclass(frozen=True)
class Generated:
    """A file and what is on it. `name` is the key of DRAWN; `implied` as Face has it, one mapping a label."""

    seed: int
    place: int
    name: str
    condition: Condition
    content: bytes
    media: str
    labels: tuple[Mapping[str, str | None], ...]
    implied: tuple[Mapping[str, str], ...]


def planned(seed: int, place: int) -> tuple[str, Condition, list[Face], Random]:
    """What the document at a place will be, before it is drawn: its name, condition, faces, and the chance that goes on."""
    random = Random(f"{seed} {place}")
    name = list(DRAWN)[place % len(DRAWN)]
    faces = [invent_face(f"{seed} {place}", name)]
    names, weights = zip(*(_ELECTRONIC if faces[0].electronic else _ON_PAPER), strict=True)
    (condition,) = random.choices(names, weights)
    if condition is Condition.PHOTO and random.random() < _TOGETHER:
        faces.append(invent_face(f"{seed} {place} too", random.choice(list(DRAWN))))
    return name, condition, faces, random


def generated(seed: int, place: int) -> Generated:
    """The document at a place of an endless row, in which all kinds take turns."""
    name, condition, faces, random = planned(seed, place)
    if condition is Condition.ORIGINAL:
        content, media = face_to_pdf(faces[0], any_hand(random)), "application/pdf"
    elif condition is Condition.SCAN:
        content, media = _scan(faces[0], random), "image/png"
    else:
        content, media = _photo(faces, random, hard=condition is Condition.HARD), "image/jpeg"
    return Generated(
        seed, place, name, condition, content, media,
        tuple(each.labels for each in faces), tuple(each.implied for each in faces),
    )  # fmt: skip


def _scan(face: Face, random: Random) -> bytes:
    """A rendering or a scan: flat, clean, upright, perhaps grey."""
    picture = _drawn(face, random, dpi=random.randrange(150, 260))
    if random.random() < 0.3:
        picture = picture.convert("L")
    output = BytesIO()
    picture.save(output, format="PNG")
    return output.getvalue()


def _photo(faces: Sequence[Face], random: Random, *, hard: bool) -> bytes:
    small = max(faces[0].size) < 130
    dpi = random.randrange(240, 330) if small else random.randrange(180, 250)
    pages = [_drawn(face, random, dpi=dpi) for face in faces]
    if random.random() < _STAMPED:
        pages[0] = _stamped(pages[0], random, dpi)
    output = BytesIO()
    _below_each_other(pages, dpi).save(output, format="PNG", compress_level=1)
    turn = random.choices((0, 90, 180, 270), (76, 8, 8, 8))[0] + random.uniform(-4, 4)
    if hard:
        return photograph(
            output.getvalue(), seed=random.getrandbits(32), rotate=turn, blur=random.uniform(1.6, 2.8),
            dark=random.uniform(0.4, 0.65), shadow=random.uniform(0.3, 0.6), perspective=random.uniform(0.05, 0.1),
            noise=random.uniform(8, 16), quality=random.randrange(25, 50),
        )  # fmt: skip
    return photograph(
        output.getvalue(), seed=random.getrandbits(32), rotate=turn, blur=random.choice((0, 0.4, 0.7, 0.9)),
        dark=random.uniform(0, 0.3), shadow=random.choice((0, 0, 0.2, 0.4)), perspective=random.uniform(0.005, 0.04),
        noise=random.uniform(1, 6), quality=random.randrange(60, 93),
    )  # fmt: skip


def _drawn(face: Face, random: Random, *, dpi: int) -> Image.Image:
    with Image.open(BytesIO(pdf_to_picture(face_to_pdf(face, any_hand(random)), dpi=dpi))) as picture:
        return picture.convert("RGB")


def _below_each_other(pages: Sequence[Image.Image], dpi: int) -> Image.Image:
    """One picture of all, on a sheet of paper when there are several."""
    if len(pages) == 1:
        return pages[0]
    gap = round(6 / MM * dpi)
    width = max(page.width for page in pages) + 2 * gap
    sheet = Image.new("RGB", (width, sum(page.height + gap for page in pages) + gap), (244, 243, 240))
    top = gap
    for page in pages:
        sheet.paste(page, ((width - page.width) // 2, top))
        top += page.height + gap
    return sheet


def _stamped(page: Image.Image, random: Random, dpi: int) -> Image.Image:
    """The page with a rubber stamp on it, somewhere, whose ink lets the print through."""
    size = round(6.5 / MM * dpi)
    words, ink = random.choice(_WORDS), random.choice(_INKS)
    width, height = size * (len(words) + 1), size * 2
    stamp = Image.new("RGB", (width, height), (255, 255, 255))
    pen = ImageDraw.Draw(stamp)
    pen.rectangle((3, 3, width - 4, height - 4), outline=ink, width=max(3, size // 10))
    pen.text((width / 2, height / 2), words, font=pillow_font(size), fill=ink, anchor="mm", stroke_width=1)
    turned = stamp.rotate(
        random.uniform(-25, 25), expand=True, fillcolor=(255, 255, 255), resample=Image.Resampling.BICUBIC
    )
    faded = Image.blend(turned, Image.new("RGB", turned.size, (255, 255, 255)), random.uniform(0.2, 0.5))
    layer = Image.new("RGB", page.size, (255, 255, 255))
    layer.paste(
        faded,
        (random.randrange(max(1, page.width - faded.width)), random.randrange(max(1, page.height - faded.height))),
    )
    return ImageChops.multiply(page, layer)
