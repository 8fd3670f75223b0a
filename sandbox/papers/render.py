"""Papers as files: a PDF whose text can be read out, and a picture of its first page."""

from functools import partial
from io import BytesIO

import pypdfium2
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from sandbox.papers import layouts
from sandbox.papers.model import Paper
from sandbox.papers.sheet import Sheet


def to_pdf(paper: Paper, *, password: str | None = None, pages: int = 1) -> bytes:
    """Draw the paper as a PDF with embedded fonts; the same paper gives the same bytes.

    Args:
        paper: as issued, faults and all.
        password: asked for on opening, if given.
        pages: at least this many; more lines than fit a face take more pages anyway.
    Raises: FontMissing.
    """
    output = BytesIO()
    canvas = Canvas(
        output,
        pagesize=((layouts.WIDTH + 2 * _margin(paper)) * mm, layouts.HEIGHT * mm),
        invariant=1,
        pageCompression=1,
        encrypt=password,
    )
    canvas.setTitle(paper.number)
    for draw in _faces(paper, pages):
        draw(_sheet(canvas, paper))
        canvas.showPage()
    canvas.save()
    return output.getvalue()


def to_picture(paper: Paper, *, dpi: int = 150, format: str = "PNG") -> bytes:  # noqa: A002 - Pillow's own word
    """The first page as a picture of the named Pillow format ("PNG", "JPEG")."""
    return pdf_to_picture(to_pdf(paper), dpi=dpi, format=format)


def pdf_to_picture(pdf: bytes, *, dpi: int = 150, format: str = "PNG") -> bytes:  # noqa: A002 - Pillow's own word
    """The first page of any PDF as a picture."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        image = document[0].render(scale=dpi / 72).to_pil()
    finally:
        document.close()
    output = BytesIO()
    image.convert("RGB").save(output, format=format, dpi=(dpi, dpi))
    return output.getvalue()


def _sheet(canvas: Canvas, paper: Paper) -> Sheet:
    if paper.is_on_paper:
        return Sheet(
            canvas,
            layouts.HEIGHT,
            layouts.VAT_INK,
            value_ink=layouts.PRINTER_INK,
            margin=_margin(paper),
            slip=(0.7, 0.4),
        )
    return Sheet(canvas, layouts.HEIGHT, layouts.DIGITAL_INK if paper.is_digital else layouts.VAT_INK)


def _margin(paper: Paper) -> int:
    return layouts.MARGIN if paper.is_on_paper else 0


def _faces(paper: Paper, pages: int) -> list[partial[None]]:
    """How to draw each page, in order."""
    faces = layouts.paginate(paper.items, pages)
    if paper.is_digital:
        draw, drawn = layouts.draw_digital, list(faces)
    else:
        draw, drawn = layouts.draw_list, list(faces) if len(faces) > 1 else []
    numbered = [
        partial(draw, paper=paper, items=items, page=page, pages=len(drawn)) for page, items in enumerate(drawn, 1)
    ]
    return numbered if paper.is_digital else [partial(layouts.draw_vat, paper=paper), *numbered]
