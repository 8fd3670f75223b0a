"""What `script/bench read` compares us with on the same files in the same run, and the figures that are promised beside it.

The bare calls of a PDF are what no reader of it can do without: its text, the places of the characters, the pictures of its
pages, one search for QR codes.
"""

import os
import re
import statistics
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pypdfium2
import zxingcpp

from core.errors import Unreadable
from core.invoice import MONEY_FIELDS, FieldName
from core.reading.elsewhere.amounts import amounts_in
from core.reading.elsewhere.dates import dates_in
from integrations.reading import pdf
from integrations.reading.pool import ReaderPool
from integrations.reading.read import read_pdf

MOST_OF_RAPIDOCR, MOST_OF_BARE_PDF = 1.0, 1.3
"""Times the median of the baseline."""
MOST_MEMORY = 800 * 1024**2
LEAST_RIGHT = 0.97
EIGHT = frozenset(
    {
        FieldName.NUMBER, FieldName.CODE, FieldName.DATE, FieldName.TOTAL, FieldName.TAX, FieldName.AMOUNT_EX_TAX,
        FieldName.BUYER_NAME, FieldName.SELLER_NAME, FieldName.BUYER_TAX_ID, FieldName.SELLER_TAX_ID,
    }
)  # fmt: skip
"""Number, code, date, the three sums, names, tax ids: what photos are measured by."""


def bare_pdf(content: bytes) -> None:
    """Text, places, pictures and codes by the same libraries, and nothing made of them."""
    document = pypdfium2.PdfDocument(content)
    for page in document:
        text = page.get_textpage()
        text.get_text_range(0, -1)
        for index in range(text.count_chars()):
            text.get_charbox(index, loose=False)
        picture = page.render(scale=pdf.DPI / 72).to_numpy()
        zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    document.close()


def times_of_pdf(content: bytes) -> tuple[float, float]:
    """Processor seconds of ours and of the bare calls, so that what else runs here does not count: the best of three."""
    rounds = [(_processor_time(read_pdf, content), _processor_time(bare_pdf, content)) for _ in range(3)]
    ours, bare = zip(*rounds, strict=True)
    return min(ours), min(bare)


def _processor_time(call: Callable[[bytes], object], content: bytes) -> float:
    started = time.process_time()
    call(content)
    return time.process_time() - started


def printed(labels: Sequence[Mapping[str, str | None]], text: str) -> Counter[FieldName]:
    """Of the eight, those whose printed value is anywhere in the raw text of an engine."""
    return Counter(
        name for label in labels for name in EIGHT if (said := label.get(name.value)) and _is_in(name, said, text)
    )


def _is_in(name: FieldName, said: str, text: str) -> bool:
    if name is FieldName.DATE:
        return any(said == day.isoformat() for found in dates_in(text) for day in found.days)
    if name in MONEY_FIELDS:
        return any(f"{found.value:.2f}" == said for found in amounts_in(text))
    return _plain(said) in _plain(text)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).upper()


def peak_of_a_reader(files: Iterable[bytes]) -> int:
    """The most memory, in bytes, that one reader process held over these files, as the kernel counts it."""
    most = 0
    with ReaderPool(1, retire_at_bytes=2**62) as pool:
        pool.hello()
        reader = _reader_below(os.getpid())
        for content in files:
            with suppress(Unreadable):
                pool.read(content, "")
            most = max(most, _peak(reader))
    return most


def _reader_below(parent: int) -> int:
    """The process at the end of the chain parent, guard, reader."""
    (guard,) = [child for child in _children(parent) if b"integrations.reading.child" in _command(child)]
    (reader,) = _children(guard)
    return reader


def _children(process: int) -> list[int]:
    return [
        int(child)
        for task in Path(f"/proc/{process}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


def _command(process: int) -> bytes:
    return Path(f"/proc/{process}/cmdline").read_bytes()


def _peak(process: int) -> int:
    told = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return 1024 * int(told[1]) if told else 0


def compared(name: str, what: str, ours: Sequence[float], baseline: Sequence[float], most: float) -> list[str]:
    """Print how many times the baseline's median ours is; what is missed."""
    if not baseline:
        return []
    times = statistics.median(ours) / statistics.median(baseline)
    print(f"{name}: {times:.2f} times {what} (median {statistics.median(ours):.3f} s; at most {most:g} promised)")
    return [f"{name}: slower than {most:g} times {what}"] if times > most else []


def pooled(
    right: Counter[str], labelled: Counter[str], raw: Mapping[str, Counter[FieldName]], names: Sequence[str]
) -> list[str]:
    """Print the share of the eight that is right over several sets, beside what is in the raw text of each engine."""
    names_of = [name.value for name in EIGHT]
    all_right, all_of_them = (sum(counts[name] for name in names_of) for counts in (right, labelled))
    share = all_right / all_of_them
    print(
        f"{' and '.join(names)}: {all_right} of {all_of_them} of the eight fields are right, {share:.1%} (at least {LEAST_RIGHT:.0%} promised)"
    )
    for engine, found in raw.items():
        print(f"  in the raw text of bare {engine}: {found.total()}, {found.total() / all_of_them:.1%}")
    return [f"{' and '.join(names)}: {share:.1%} of the eight fields are right"] if share < LEAST_RIGHT else []


def remembered(files: Iterable[bytes]) -> list[str]:
    """Print the peak memory of a reader process over these files; whether it is too much."""
    most = peak_of_a_reader(files)
    print(f"peak memory of a reader process: {most / 1024**2:.0f} MB (at most {MOST_MEMORY // 1024**2} promised)")
    return ["a reader process takes too much memory"] if most > MOST_MEMORY else []
