"""Files changed at random, read as the program reads them: by reader processes that may be killed.

Every input follows from its number and the seed alone, so a run can go on where another ended, and any file can be made
again: `python script/fuzz_files.py SEED NUMBER FILE`.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import fuzz_seeds as seeds  # noqa: E402  the program is found only after the line above
import numpy as np  # noqa: E402
import zxingcpp  # noqa: E402
from PIL import Image, ImageDraw  # noqa: E402
from reportlab.lib.units import mm  # noqa: E402
from reportlab.lib.utils import ImageReader  # noqa: E402
from reportlab.pdfgen.canvas import Canvas  # noqa: E402

from core.errors import Unreadable  # noqa: E402
from integrations.reading.limits import ReadingLimits  # noqa: E402
from integrations.reading.pool import ReaderPool  # noqa: E402
from sandbox.papers.fonts import pillow_font, register_font  # noqa: E402

KINDS = ("PDF", "picture", "QR code")
SECONDS = 30.0
_CRASHED, _TIMEOUT = "E-READER-CRASHED", "E-TIMEOUT"
_FACE = (
    "电子发票（普通发票）", "发票号码：26312000000123456789", "开票日期：2026年11月02日", "名称：星河示例科技有限公司", "合计 ¥100.00 ¥13.00",
    "价税合计（大写） 壹佰壹拾叁元整 （小写）¥113.00",
)  # fmt: skip
_SIZE = (520, 330)  # pixels; anything shorter is refused as too small
_BYTES = (
    b"\0",
    b"\xff",
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\xff",
    b"0",
    b"-1",
    b"9" * 12,
    b"<<",
    b">>",
    b"endobj",
    b"stream",
    b"/Kids",
    b" 0 R",
)


@dataclass
class Tally:
    """Of one kind of input: how many files were read, refused (by code), or cost a reader process (by what it says)."""

    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    stopped: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    longest: float = 0.0

    @property
    def executions(self) -> int:
        return self.read + sum(map(Counter.total, (self.refused, self.stopped, self.failed)))


def run(first: int, count: int, seed: int, findings: Path) -> bool:
    """Read the inputs `first` to `first + count` and print what became of them. Whether the program failed over one."""
    os.environ["PIAOBOT_OCR_THREADS"] = "1"
    tallies = {kind: Tally() for kind in KINDS}
    at_once = os.cpu_count() or 1
    started = time.monotonic()
    with (
        ReaderPool(at_once, ReadingLimits(seconds=SECONDS), niceness=0) as pool,
        ThreadPoolExecutor(at_once) as threads,
    ):

        def read(number: int) -> tuple[int, str, float]:
            content = changed(seed, number)
            begun = time.monotonic()
            said = _said(pool, content)
            if said.startswith(("stopped", "failed")):
                (findings / f"file-{seed}-{number}").write_bytes(content)
            return number, said, time.monotonic() - begun

        for number, said, seconds in threads.map(read, range(first, first + count)):
            _count(tallies[KINDS[number % len(KINDS)]], said, seconds)
            if (number + 1) % 1000 == 0:
                print(f"  {number + 1 - first} files, {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
        alive = pool.alive()
    return _show(tallies, time.monotonic() - started, first + count, alive=alive)


def _said(pool: ReaderPool, content: bytes) -> str:
    """What became of a file: "read", "refused CODE", "stopped WHAT" (the reader was), "failed WHAT" (we did)."""
    try:
        pool.read(content, "file")
    except Unreadable as problem:
        if problem.code == _TIMEOUT:
            return "stopped timeout"
        if problem.code != _CRASHED:
            return f"refused {problem.code}"
        # An exit status is a library's death; an exception is a fault of ours that happened where it does no harm.
        return f"stopped {problem}" if "exit" in str(problem) else f"failed {problem}"
    except Exception as problem:  # noqa: BLE001 - that nothing else comes out is what is tried here
        return f"failed {type(problem).__name__} in the program"
    return "read"


def _count(tally: Tally, said: str, seconds: float) -> None:
    what, _, detail = said.partition(" ")
    if what == "read":
        tally.read += 1
    else:
        counts: Counter[str] = getattr(tally, what)
        counts[detail] += 1
    tally.seconds += seconds
    tally.longest = max(tally.longest, seconds)


def _show(tallies: dict[str, Tally], seconds: float, following: int, *, alive: bool) -> bool:
    print(
        f"\n{'through the reader process':<28} {'executions':>10} {'seconds':>8} {'longest':>8}  read, refused, stopped, failed"
    )
    for kind, tally in tallies.items():
        print(
            f"{kind:<28} {tally.executions:>10} {tally.seconds:>8.0f} {tally.longest:>8.1f}  {tally.read}, {dict(tally.refused)}, "
            f"{dict(tally.stopped)}, {dict(tally.failed)}"
        )
    executions = sum(tally.executions for tally in tallies.values())
    print(
        f"{executions} files in {seconds:.0f} s; the pool is {'alive' if alive else 'DEAD'}; go on with --first {following}"
    )
    hung = any(tally.longest > 4 * SECONDS for tally in tallies.values())
    return hung or not alive or any(tally.failed for tally in tallies.values())


def changed(seed: int, number: int) -> bytes:
    """The input of this number."""
    random = Random(f"{seed} {number}")
    match KINDS[number % len(KINDS)]:
        case "PDF":
            return _changed_bytes(random, random.choice(_pdfs()), header=8)
        case "picture":
            picture = _changed_pixels(random, _face(random.choice(seeds.QR_TEXTS), _some_lines(random)).copy())
            content = _encoded(random, picture)
            return content if random.random() < 0.5 else _changed_bytes(random, content, header=8)
    text = _changed_text(random, random.choice(seeds.QR_TEXTS))
    return _encoded(random, _face(text, _some_lines(random)))


def _some_lines(random: Random) -> tuple[str, ...]:
    """Mostly one or two: each costs a tenth of a second."""
    return _FACE if random.random() < 0.02 else tuple(random.sample(_FACE, random.choice((0, 0, 1, 1, 2))))


def _changed_bytes(random: Random, content: bytes, *, header: int) -> bytes:
    """Some bytes changed, taken out, put in or repeated; what says the type of the file stays."""
    changing = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 4, 16))):
        at = random.randrange(header, len(changing)) if len(changing) > header else header
        length = random.choice((1, 1, 2, 4, 16, 200))
        match random.randrange(5):
            case 0:
                changing[at : at + 1] = bytes([random.randrange(256)])
            case 1:
                word = random.choice(_BYTES)
                changing[at : at + len(word)] = word
            case 2:
                del changing[at : at + length]
            case 3:
                changing[at:at] = random.choice(
                    (changing[at : at + length], random.choice(_BYTES), random.randbytes(length))
                )
            case _:
                start = random.randrange(len(changing))
                changing[at : at + length] = changing[start : start + length]
    return bytes(changing)


def _changed_pixels(random: Random, picture: Image.Image) -> Image.Image:
    pen = ImageDraw.Draw(picture)
    for _ in range(random.randrange(4)):
        left, top = random.randrange(picture.width), random.randrange(picture.height)
        place = (left, top, left + random.randrange(1, 200), top + random.randrange(1, 60))
        match random.randrange(4):
            case 0:
                pen.rectangle(place, fill=random.randrange(256))
            case 1:
                pen.line(place, fill=random.randrange(256), width=random.randrange(1, 9))
            case 2:
                pen.text((left, top), _changed_text(random, random.choice(_FACE)), font=pillow_font(16), fill=0)
            case _:
                noise = np.frombuffer(random.randbytes(60 * 60), dtype=np.uint8).reshape(60, 60)
                picture.paste(Image.fromarray(noise), (left, top))
    match random.randrange(6):
        case 0:
            return picture.rotate(random.choice((90, 180, 270, random.randrange(360))), expand=True, fillcolor=200)
        case 1:
            return picture.resize((random.randrange(500, 700), random.randrange(1, 400)))
        case 2:
            return picture.point(lambda level: level * random.randrange(3) // 2)
    return picture


def _changed_text(random: Random, text: str) -> str:
    words = (
        *seeds.DATES,
        *seeds.AMOUNTS,
        *seeds.TAX_IDS,
        "1e999999",
        "NaN",
        "٣",
        ",",
        ",,,",
        "-",
        "\0",
        "𠮷",
        "9" * 60,
    )
    for _ in range(random.randrange(1, 4)):
        at = random.randrange(len(text) + 1)
        text = (
            text[:at]
            + random.choice(("", random.choice(words), chr(random.randrange(32, 0x9FFF))))
            + text[at + random.randrange(8) :]
        )
    return text or "0"


def _encoded(random: Random, picture: Image.Image) -> bytes:
    """As a PNG or JPEG, in one of the modes that such files have; a JPEG may say it lies on its side."""
    output = BytesIO()
    if random.random() < 0.4:
        exif = Image.Exif()
        exif[0x0112] = random.choice((1, 3, 6, 8, 0, 99))
        mode = random.choice(("L", "RGB", "CMYK"))
        picture.convert(mode).save(output, "JPEG", quality=random.randrange(5, 96), exif=exif)
    else:
        picture.convert(random.choice(("L", "RGB", "RGBA", "LA", "P", "1", "I;16"))).save(output, "PNG")
    return output.getvalue()


def _face(payload: str, lines: Sequence[str]) -> Image.Image:
    """A small grey invoice with its code and some of its lines."""
    picture = Image.new("L", _SIZE, 255)
    pen = ImageDraw.Draw(picture)
    for line, text in enumerate(lines):
        pen.text((130, 20 + 48 * line), text, font=pillow_font(15), fill=0)
    picture.paste(_code(payload), (5, 5))
    return picture


def _code(payload: str) -> Image.Image:
    barcode = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level="L")
    return Image.fromarray(np.asarray(zxingcpp.write_barcode_to_image(barcode, scale=3)))


@cache
def _pdfs() -> Sequence[bytes]:
    """Small pages of text, of a picture, and of both; nothing packed, so that what is changed is what is read."""
    width, height = 90 * mm, 60 * mm
    drawn = []
    for lines, pictures in ((_FACE, True), (_FACE, False), ((), True), (seeds.RECEIPT, False)):
        output = BytesIO()
        canvas = Canvas(output, pagesize=(width, height), pageCompression=0, invariant=1)
        canvas.setFont(register_font(), 6)
        for line, text in enumerate(lines):
            canvas.drawString(25 * mm, height - (6 + (50 / len(lines)) * line) * mm, text)
        if pictures:
            canvas.drawImage(ImageReader(_code(seeds.QR_TEXTS[0])), 2 * mm, height - 24 * mm, 20 * mm, 20 * mm)
        canvas.save()
        drawn.append(output.getvalue())
    return drawn


if __name__ == "__main__":
    Path(sys.argv[3]).write_bytes(changed(int(sys.argv[1]), int(sys.argv[2])))
