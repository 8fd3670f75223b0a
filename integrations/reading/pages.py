"""Pages as pixels: opening pictures, judging them, cutting from them, showing them."""

from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import Unreadable
from core.invoice import Box
from core.messages import Message
from integrations.reading.refusals import broken_picture

Pixels = NDArray[np.uint8]
"""Height × width × 3, blue-green-red."""

PREVIEW_SIDE = 1600
_HARDLY_LONGER = 0.9
_SMALLEST = 500  # pixels of the long side: below it a line of an invoice is under 8 pixels high
_TALLEST = 8000  # pixels to which a picture is enlarged to be judged
_INK = 40  # grey levels below the ground at which something is written
_DARK = 50  # mean grey, of 255
_EVEN = 4  # grey levels: paper with nothing on it is not blurred
_BLURRED = 60.0  # variance of the Laplacian at 1000 pixels width


def open_picture(content: bytes) -> Pixels:
    """A JPEG or PNG as pixels, turned as its EXIF says, transparency on white. Raises Unreadable."""
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as opened:
            turned = ImageOps.exif_transpose(opened).convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise broken_picture(type(error).__name__) from error
    if max(turned.size) < _SMALLEST:
        raise Unreadable(
            Message(
                "This picture is too small to read ({width} × {height} pixels). The original is kept (24 hours). Please send the file itself, or a photo taken from closer.",
                width=turned.width,
                height=turned.height,
            ),
            code="E-TOO-SMALL",
        )
    white = Image.new("RGBA", turned.size, "white")
    white.alpha_composite(turned)
    return np.ascontiguousarray(np.asarray(white.convert("RGB"), dtype=np.uint8)[:, :, ::-1])


def refuse_if_illegible(picture: Pixels) -> None:
    """For a picture on which nothing could be read: say so if it is dark or blurred. Raises Unreadable."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    if grey.mean() < _DARK:
        raise Unreadable(
            Message(
                "This picture is too dark to read. The original is kept (24 hours). Please take the photo again in better light."
            ),
            code="E-DARK",
        )
    if grey.std() < _EVEN:
        return
    # A strip two pixels wide would become a picture of gigabytes.
    scale = min(1000 / grey.shape[1], max(1.0, _TALLEST / grey.shape[0]))
    even = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    if cv2.Laplacian(even, cv2.CV_64F).var() < _BLURRED:
        raise Unreadable(
            Message(
                "This picture is too blurred to read. The original is kept (24 hours). Please lay the invoice flat, avoid reflections and take the photo again."
            ),
            code="E-BLURRED",
        )


def cut(picture: Pixels, box: Box, *, margin: float = 0.15) -> Pixels:
    """The place on a page with a margin, in heights of the place, around it."""
    height, width = picture.shape[:2]
    around = margin * (box.y1 - box.y0) * height
    left, right = int(max(0, box.x0 * width - around)), int(min(width, box.x1 * width + around))
    top, bottom = int(max(0, box.y0 * height - around)), int(min(height, box.y1 * height + around))
    return picture[top : max(bottom, top + 1), left : max(right, left + 1)]


def is_paper(part: Pixels) -> bool:
    """Whether nothing is written on this part of a page: no pixel much darker than its ground.

    The lines of a form may cross it, so the outermost fifth does not count.
    """
    height, width = part.shape[:2]
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)[height // 5 : height - height // 5, width // 20 : width - width // 20]
    return grey.size > 0 and float(np.median(grey)) - float(np.percentile(grey, 1)) < _INK


def preview(picture: Pixels) -> bytes:
    """The page as JPEG, long side about 1600 pixels: what is hardly longer is left as it is."""
    scale = PREVIEW_SIDE / max(picture.shape)
    if scale < _HARDLY_LONGER:
        # Averaging areas takes ten times as long, and shows only when much is left out.
        how = cv2.INTER_AREA if scale < 0.6 else cv2.INTER_LINEAR
        size = (max(round(picture.shape[1] * scale), 1), max(round(picture.shape[0] * scale), 1))
        picture = np.asarray(cv2.resize(picture, size, interpolation=how), dtype=np.uint8)
    _, encoded = cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, 85))
    return encoded.tobytes()
