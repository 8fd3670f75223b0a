"""The port Pictures with Pillow: crops and thumbnails of pages that reading made."""

from io import BytesIO

from PIL import Image

from core.invoice import Box

_THUMBNAIL = 800
_READABLE = 640  # pixels a crop is widened to: the width of a phone's chat window


class PillowPictures:
    """Small pictures cut from previews. Raises nothing of its own: the pages are ours."""

    def crop(self, page: bytes, box: Box) -> bytes:
        """The place with what stands before it on its line, as PNG."""
        with Image.open(BytesIO(page)) as opened:
            line = (box.y1 - box.y0) * opened.height
            before, around = max(5 * line, 40), max(0.4 * line, 6)
            left, top = box.x0 * opened.width - before, box.y0 * opened.height - around
            right, bottom = box.x1 * opened.width + 2 * around, box.y1 * opened.height + around
            part = opened.crop(
                (int(max(left, 0)), int(max(top, 0)), int(min(right, opened.width)), int(min(bottom, opened.height)))
            )
        scale = max(1.0, _READABLE / part.width)
        return _png(part.resize((round(part.width * scale), round(part.height * scale)), Image.Resampling.LANCZOS))

    def thumbnail(self, page: bytes) -> bytes:
        """The page as PNG, long side 800 pixels."""
        with Image.open(BytesIO(page)) as opened:
            opened.thumbnail((_THUMBNAIL, _THUMBNAIL))
            return _png(opened)


def _png(picture: Image.Image) -> bytes:
    output = BytesIO()
    picture.save(output, format="PNG", optimize=True)
    return output.getvalue()
