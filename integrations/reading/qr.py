"""The QR codes on a page. zxing-cpp decodes exactly or not at all."""

from collections.abc import Iterator, Sequence
from itertools import islice

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from core.invoice import Box
from core.reading.faces import FoundCode
from core.reading.qr_payload import payload_of

Grey = NDArray[np.uint8]

_SCALES = (1.0, 0.5, 1.5, 2.0, 3.0)
_SMALLEST = 21  # pixels: a code has at least as many modules each way
_LONGEST = 5000  # pixels; a larger picture finds no more and takes seconds


def codes_on(picture: NDArray[np.uint8], *, drawn: bool = False) -> list[FoundCode]:
    """The invoice codes on a page (any other code is passed over), at the first scale or crop that shows one.

    `drawn`: the page was drawn from a file, so a code is sharp or not there at all, and one look is enough.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) if picture.ndim == 3 else picture
    for part, left, top, scale in islice(_views(np.asarray(grey, dtype=np.uint8)), 1 if drawn else None):
        found = _decoded(part, left, top, scale, grey.shape, thorough=not drawn)
        if found:
            return found
    return []


def _views(grey: Grey) -> Iterator[tuple[Grey, float, float, float]]:
    """The page at several scales, then its corners, larger and with more contrast: (pixels, left, top, scale)."""
    height, width = grey.shape
    for scale in _SCALES:
        if max(height, width) * scale <= _LONGEST and min(height, width) * scale >= _SMALLEST:
            yield _scaled(grey, scale), 0, 0, scale
    if min(height, width) < 2 * _SMALLEST:
        return
    half_height, half_width = height * 5 // 10, width * 5 // 10
    for top in (0, height - half_height):
        for left in (0, width - half_width):
            corner = grey[top : top + half_height, left : left + half_width]
            clearer = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8)).apply(corner)
            for scale in (2.0, 3.0):
                if max(corner.shape) * scale <= _LONGEST:
                    yield _scaled(np.asarray(clearer, dtype=np.uint8), scale), left, top, scale
                    yield (
                        _scaled(np.asarray(cv2.GaussianBlur(corner, (3, 3), 0), dtype=np.uint8), scale),
                        left,
                        top,
                        scale,
                    )


def _scaled(grey: Grey, scale: float) -> Grey:
    if scale == 1.0:
        return grey
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=how), dtype=np.uint8)


def _decoded(
    part: Grey, left: float, top: float, scale: float, shape: Sequence[int], *, thorough: bool
) -> list[FoundCode]:
    height, width = shape[:2]
    found: dict[str, FoundCode] = {}
    codes = zxingcpp.read_barcodes(
        np.ascontiguousarray(part), formats=zxingcpp.BarcodeFormat.QRCode,
        try_rotate=thorough, try_downscale=thorough, try_invert=thorough,
    )  # fmt: skip
    for code in codes:
        payload = payload_of(code.text)
        if payload is None:
            continue
        corners = (
            code.position.top_left,
            code.position.top_right,
            code.position.bottom_right,
            code.position.bottom_left,
        )
        across = [(left + corner.x / scale) / width for corner in corners]
        down = [(top + corner.y / scale) / height for corner in corners]
        found[payload.text] = FoundCode(payload, Box(min(across), min(down), max(across), max(down)))
    return list(found.values())
