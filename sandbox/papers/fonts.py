"""A TrueType font with Chinese characters; reportlab cannot embed the CFF outlines of Noto CJK."""

from functools import cache
from pathlib import Path

from PIL import ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

CANDIDATES = (
    Path("/usr/share/fonts/truetype/arphic/uming.ttc"),  # a Song face, as invoices have: fonts-arphic-uming
    Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"),  # fonts-wqy-zenhei
    Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"),  # fonts-wqy-microhei
)
FONT = "papers"


class FontMissing(RuntimeError):
    """No Chinese TrueType font is installed."""


@cache
def font_path() -> Path:
    """Where the font is. Raises FontMissing, naming the Debian package to install."""
    for path in CANDIDATES:
        if path.exists():
            return path
    raise FontMissing(
        "Drawing sample invoices needs a Chinese TrueType font: install the Debian package fonts-arphic-uming "
        "or fonts-wqy-zenhei."
    )


@cache
def register_font(path: Path | None = None) -> str:
    """Make a font known to reportlab, once; returns its name there. The usual one if no path is given."""
    name = FONT if path is None else f"{FONT}-{path.stem}"
    pdfmetrics.registerFont(TTFont(name, str(path or font_path()), subfontIndex=0))
    return name


def installed() -> tuple[Path, ...]:
    """All the fonts of this machine that papers may be set in. Raises FontMissing when there is none."""
    return tuple(path for path in CANDIDATES if path.exists()) or (font_path(),)


def pillow_font(size: int) -> ImageFont.FreeTypeFont:
    """The same font for drawing on pictures; size in pixels."""
    return ImageFont.truetype(str(font_path()), size=size, index=0)
