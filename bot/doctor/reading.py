"""The reader: Tesseract, fonts, a reading process, what confines it."""

import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import zxingcpp
from PIL import Image, ImageFont

from bot.doctor.found import Found, broken, good, look
from bot.doctor.place import Place
from core.errors import Unreadable
from core.invoice import FieldName
from core.messages import Message
from integrations.reading.confinement import forbidden_by, try_out
from integrations.reading.pool import ReaderPool
from integrations.reading.process import ReaderNotStarted

LANGUAGES = {"chi_sim": "tesseract-ocr-chi-sim", "eng": "tesseract-ocr-eng"}
"""Tesseract's language → its Debian package."""
READER_SECONDS = 50
"""A busy small machine loads the models of the reader in 20 s; on an idle one it takes 3."""
_NUMBER = "24000000000000000001"
_FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")


def tesseract(_: Place) -> Found:
    """The second reader and its languages."""
    if shutil.which("tesseract") is None:
        return broken(
            Message("Tesseract, the second reader, is not installed."),
            Message("Run as root: apt-get install tesseract-ocr {packages}", packages=" ".join(LANGUAGES.values())),
        )
    told = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, timeout=8, check=False)
    there = set(told.stdout.split())
    lacking = [language for language in LANGUAGES if language not in there]
    if lacking:
        return broken(
            Message("Tesseract lacks these languages: {languages}.", languages=tuple(lacking)),
            Message(
                "Run as root: apt-get install {packages}. If they are installed, TESSDATA_PREFIX points elsewhere: unset it.",
                packages=" ".join(LANGUAGES[language] for language in lacking),
            ),
        )
    return good(Message("Tesseract has its languages: {languages}.", languages=tuple(LANGUAGES)))


def fonts(_: Place) -> Found:
    """PDFs that do not bring their Chinese font along are drawn with one of this machine."""
    found = next((path for path in _fonts() if _writes_chinese(path)), None)
    if found is None:
        return look(
            Message("This machine has no Chinese font: PDFs that do not bring their own are shown with empty boxes."),
            Message("Run as root: apt-get install fonts-arphic-uming"),
        )
    return good(Message("There is a Chinese font: {name}.", name=found.name))


def _fonts() -> Iterator[Path]:
    for folder in _FONT_FOLDERS:
        yield from (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in {".ttf", ".ttc", ".otf"})


def _writes_chinese(path: Path) -> bool:
    """Whether 票 looks other than a character no font has."""
    try:
        font = ImageFont.truetype(str(path), 20)
        return bytes(font.getmask("票")) != bytes(font.getmask("\U0010fffd"))
    except OSError:
        return False


def reader(_: Place) -> Found:
    """A reading process starts, and reads an invoice's QR code on a small picture."""
    mend = Message(
        "A reading process needs 2 GB of memory: free some, and lift limits (ulimit -d, LimitDATA, the container's). "
        "Then run script/bootstrap, which installs what the reader is made of."
    )
    try:
        with ReaderPool(1, start_seconds=READER_SECONDS) as pool:
            read = pool.read(_small_invoice(), "doctor.png")
    except (ReaderNotStarted, OSError) as problem:
        last = str(problem).strip().splitlines()[-1:] or [type(problem).__name__]
        return broken(Message("The reading process does not start: {problem}.", problem=last[0].rstrip(".: ")), mend)
    except Unreadable as problem:
        return broken(Message("The reading process could not read its test picture ({code}).", code=problem.code), mend)
    numbers = {
        field.value for invoice in read.invoices for name, field in invoice.fields.items() if name is FieldName.NUMBER
    }
    if _NUMBER not in numbers:
        return broken(Message("The reading process read its test picture wrongly."), mend)
    return good(Message("A reading process starts and reads its test picture."))


def _small_invoice() -> bytes:
    """A PNG of 800×500 with the QR code of an invented invoice."""
    barcode = zxingcpp.create_barcode(f"01,32,,{_NUMBER},100.00,20240102,,", zxingcpp.BarcodeFormat.QRCode)
    code = Image.fromarray(zxingcpp.write_barcode_to_image(barcode, scale=8))
    page = Image.new("L", (800, 500), "white")
    page.paste(code, (40, 40))
    file = BytesIO()
    page.save(file, "PNG")
    return file.getvalue()


def confinement(_: Place) -> Found:
    """Whether the kernel lets a reading process close its own network."""
    try:
        got = try_out()
    except (OSError, subprocess.SubprocessError) as problem:
        return look(
            Message(
                "What confines a reading process could not be tried out: {problem}.", problem=type(problem).__name__
            ),
            Message("Run this on the machine, and as the user, that runs Piaobot."),
        )
    if got.network and got.users:
        return good(Message("A reading process has no network and sees no other process."))
    cause = forbidden_by()
    why = (
        Message("the system forbids it by {setting}", setting=cause[0]) if cause else Message("this container may not")
    )
    if got.network:
        return look(
            Message("A reading process has no network, but the same rights as Piaobot: {why}.", why=why),
            Message("It works. Stricter: run Piaobot as a user of its own that is not root."),
        )
    said = Message("The kernel does not close the network for a reading process: {why}. Python alone does.", why=why)
    if cause:
        return look(
            said,
            Message(
                "It works with one wall less against hostile files. Run as root: sysctl -w {setting}", setting=cause[1]
            ),
        )
    return look(
        said,
        Message(
            "It works with one wall less against hostile files. In Docker, start the worker with a seccomp profile that "
            "allows unshare, or give it a network that reaches only Slack and the database."
        ),
    )
