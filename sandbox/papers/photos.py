"""What a telephone's camera makes of a paper on a desk."""

from io import BytesIO
from typing import Any

import cv2
import numpy as np
from PIL import Image

Floats = np.ndarray[Any, np.dtype[np.float32]]
Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]

_DESKS = ((92, 118, 150), (70, 92, 120), (168, 172, 176), (60, 66, 74))  # blue, green, red: oak, walnut, grey, slate


def photograph(
    picture: bytes,
    *,
    seed: int,
    blur: float = 0,
    dark: float = 0,
    shadow: float = 0,
    perspective: float = 0.04,
    rotate: float = 2,
    noise: float = 4,
    quality: int = 82,
) -> bytes:
    """Photograph a picture lying on a desk.

    Args:
        picture: any picture file Pillow reads.
        seed: the same seed gives the same photo.
        blur: radius of the blur in pixels of the photo; 0 is sharp, 2 is soft, 6 is unreadable.
        dark: 0 is daylight, 1 is night.
        shadow: how much of the light a hand or the telephone keeps from one side, 0 to 1; its edge is soft.
        perspective: how far each corner may stray, as a part of the picture's sides.
        rotate: degrees clockwise; 90, 180 and 270 lie sideways or upside down.
        noise: standard deviation of the sensor's noise, of 255.
        quality: of the JPEG, 1 to 95.
    Returns: a JPEG file somewhat larger than the picture, desk included.
    """
    random = np.random.default_rng(seed)
    page = _load(picture)
    corners, size = _lay_down(page, random, perspective=perspective, rotate=rotate)
    photo = _on_desk(page, corners, size, random).astype(np.float32)
    photo *= _light(size, random, dark)[:, :, None]
    if shadow:
        photo *= _shade(size, random, shadow)[:, :, None]
    if blur:
        photo = np.asarray(cv2.GaussianBlur(photo, (0, 0), blur), np.float32)
    photo += noise * random.standard_normal(photo.shape[:2], np.float32)[:, :, None]
    return _save(np.clip(photo, 0, 255).astype(np.uint8), quality)


def too_blurred(picture: bytes, *, seed: int = 7) -> bytes:
    """A photo that nobody can read, neither its text nor its QR code: the hand shook, in poor light."""
    page = _load(picture)
    smeared = cv2.blur(cv2.GaussianBlur(page, (0, 0), page.shape[1] / 220), (max(3, page.shape[1] // 45), 3))
    return photograph(_save(np.asarray(smeared, np.uint8), 90), seed=seed, blur=3, dark=0.35, rotate=4)


def _lay_down(
    page: Pixels, random: np.random.Generator, *, perspective: float, rotate: float
) -> tuple[Floats, tuple[int, int]]:
    """Where the page's corners come to lie, and the width and height of a photo with room around them."""
    height, width = page.shape[:2]
    corners = np.array([(-width, -height), (width, -height), (width, height), (-width, height)]) / 2
    corners += random.uniform(-perspective, perspective, (4, 2)) * (width, height)
    angle = np.radians(rotate)
    corners = corners @ np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
    margin = 0.06 * width
    corners += margin - corners.min(axis=0)
    across, down = np.ceil(corners.max(axis=0) + margin).astype(int)
    return corners.astype(np.float32), (int(across), int(down))


def _on_desk(
    page: Pixels,
    corners: Floats,
    size: tuple[int, int],
    random: np.random.Generator,
) -> Pixels:
    height, width = page.shape[:2]
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    lens = cv2.getPerspectiveTransform(flat, corners)
    laid = cv2.warpPerspective(page, lens, size, flags=cv2.INTER_AREA)
    cover = cv2.warpPerspective(np.full((height, width), 255, np.uint8), lens, size)
    reach = width / 120
    shadow = cv2.GaussianBlur(np.roll(cover, (int(reach), int(reach)), (0, 1)), (0, 0), reach)
    desk = _desk(size, random) * (1 - shadow[:, :, None] * np.float32(0.45 / 255))
    share = cover[:, :, None] * np.float32(1 / 255)
    return np.asarray(desk + (laid - desk) * share, np.uint8)


def _desk(size: tuple[int, int], random: np.random.Generator) -> Floats:
    """A table top with a grain along its length; blue, green, red."""
    width, height = size
    grain = random.normal(0, 1, (height, 1)).cumsum(axis=0)
    grain = (grain - grain.mean()) / (grain.std() + 1e-6) * 7
    fibre = cv2.blur(random.standard_normal((height, width), np.float32), (81, 1)) * 50
    colour = np.array(_DESKS[int(random.integers(len(_DESKS)))], np.float32)
    return np.asarray(np.clip(colour + (grain + fibre)[:, :, None], 0, 255), np.float32)


def _light(size: tuple[int, int], random: np.random.Generator, dark: float) -> Floats:
    """How much light falls on each pixel: a lamp on one side, less the darker it is."""
    width, height = size
    lamp_x, lamp_y = random.uniform(0, width), random.uniform(-0.3, 0.3) * height
    across = np.arange(width, dtype=np.float32) - np.float32(lamp_x)
    down = np.arange(height, dtype=np.float32)[:, None] - np.float32(lamp_y)
    distance = np.hypot(across, down) / np.float32(np.hypot(width, height))
    return np.asarray((1 - 0.85 * dark) * (1.02 - 0.28 * distance), np.float32)


def _shade(size: tuple[int, int], random: np.random.Generator, shadow: float) -> Floats:
    """What a shadow leaves of the light: it lies on one side of a line across the picture."""
    width, height = size
    angle = random.uniform(0, 2 * np.pi)
    across = np.arange(width, dtype=np.float32) / np.float32(width) - np.float32(0.5)
    down = np.arange(height, dtype=np.float32)[:, None] / np.float32(height) - np.float32(0.5)
    beyond = (
        across * np.float32(np.cos(angle)) + down * np.float32(np.sin(angle)) - np.float32(random.uniform(-0.2, 0.2))
    )
    edge = 1 / (1 + np.exp(np.clip(-beyond * np.float32(random.uniform(15, 50)), -40, 40)))
    return np.asarray(1 - shadow * edge, np.float32)


def _load(picture: bytes) -> Pixels:
    """A picture file as rows of blue, green, red."""
    with Image.open(BytesIO(picture)) as image:
        return np.ascontiguousarray(np.asarray(image.convert("RGB"), np.uint8)[:, :, ::-1])


def _save(pixels: Pixels, quality: int) -> bytes:
    output = BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels[:, :, ::-1])).save(output, format="JPEG", quality=quality)
    return output.getvalue()
