"""Crops and thumbnails of pages."""

from io import BytesIO

from PIL import Image

from core.invoice import Box
from integrations.reading.pictures import PillowPictures


def page() -> bytes:
    """White, with a black bar where a field would stand."""
    sheet = Image.new("RGB", (1600, 1000), "white")
    sheet.paste("black", (1200, 100, 1400, 120))
    output = BytesIO()
    sheet.save(output, format="JPEG", quality=95)
    return output.getvalue()


def opened(picture: bytes) -> Image.Image:
    return Image.open(BytesIO(picture))


def test_a_crop_shows_the_place_with_a_margin_and_wide_enough_for_a_phone():
    crop = opened(PillowPictures().crop(page(), Box(1200 / 1600, 0.10, 1400 / 1600, 0.12)))
    assert crop.format == "PNG"
    assert crop.width >= 640
    grey = crop.convert("L")
    assert grey.getpixel((crop.width // 2, crop.height // 2)) < 60
    assert grey.getpixel((2, 2)) > 200


def test_a_crop_at_the_edge_stays_on_the_page():
    assert opened(PillowPictures().crop(page(), Box(0.98, 0.98, 1.0, 1.0))).width >= 640


def test_a_thumbnail_is_800_pixels_long():
    thumbnail = opened(PillowPictures().thumbnail(page()))
    assert thumbnail.format == "PNG"
    assert thumbnail.size == (800, 500)
