"""Faces as files, in one of several hands: fonts, and how exactly the printer hit the form."""

from dataclasses import dataclass
from io import BytesIO
from random import Random

from reportlab.lib.colors import white
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from sandbox.papers import fonts
from sandbox.papers.faces.face import Face
from sandbox.papers.sheet import Sheet

_FIGURES = ("", "", "Courier", "Times-Roman", "Helvetica")


@dataclass(frozen=True)
class Hand:
    """How a face is set: the fonts as Sheet takes them, and where the filled-in stands, -1 to 1 of the face's slip."""

    font: str = ""
    figures: str = ""
    right: float = 0
    down: float = 0


def any_hand(random: Random) -> Hand:
    """One of the fonts of this machine."""
    font = fonts.register_font(random.choice(fonts.installed()))
    return Hand(font, random.choice(_FIGURES), random.uniform(-1, 1), random.uniform(-1, 1))


def face_to_pdf(face: Face, hand: Hand | None = None) -> bytes:
    """A PDF of one page, its text readable. Raises FontMissing."""
    hand = hand or Hand()
    width, height = face.size
    output = BytesIO()
    canvas = Canvas(output, pagesize=(width * mm, height * mm), invariant=1, pageCompression=1)
    canvas.setTitle(face.labels["number"] or face.kind)
    sheet = Sheet(
        canvas, height, face.ink, value_ink=face.value_ink, margin=face.margin,
        slip=(hand.right * face.slip, hand.down * face.slip), font=hand.font, figures=hand.figures,
    )  # fmt: skip
    if face.ground is not white:
        sheet.fill(-face.margin, 0, width - face.margin, height, face.ground)
    face.draw(sheet)
    canvas.showPage()
    canvas.save()
    return output.getvalue()
