"""One parser under atheris: `python script/fuzz_targets.py TARGET FINDINGS [libFuzzer's options] CORPUS`.

Started by `script/bench fuzz`, one process a target. An exception that the parser does not promise is written down with
its input and the run goes on, so that one fault hides no other; what hangs or eats memory ends the run (libFuzzer). Run
again with only a saved input as CORPUS to see the exception itself: set FUZZ_RAISE=1.
"""

import os
import sys
import traceback
import warnings
from collections.abc import Callable, Mapping
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import atheris  # noqa: E402  the program is found only after the line above

# One path through many turns: watched, it would take most of the time and show nothing.
import core.reading.crc  # noqa: E402, F401

with atheris.instrument_imports(include=["core", "integrations"]):
    from core.entered import entered
    from core.errors import NotUnderstood, Unreadable
    from core.invoice import Box, FieldName, Source
    from core.money import amount_from
    from core.reading.amounts import money_in, tax_in
    from core.reading.dates import date_in
    from core.reading.elsewhere.amounts import amounts_in, signs_in
    from core.reading.elsewhere.dates import dates_in, shared_order
    from core.reading.faces import FoundCode
    from core.reading.layout import Word, word
    from core.reading.numerals import capitals_of, numerals_in, says
    from core.reading.originals import written_in
    from core.reading.qr_payload import payload_of
    from core.reading.tax_ids import Closing, closing, repaired, tax_id_in
    from core.reply import correction_from
    from integrations.reading import frames
    from integrations.reading.archive import open_archive
    from integrations.reading.limits import ReadingLimits
    from integrations.reading.ofd import read_ofd
    from integrations.reading.sniff import media_of
    from integrations.reading.text_faces import faces_on, invoice_on
    from integrations.reading.xml_file import read_xml
    from integrations.wire import to_json

import fuzz_seeds as seeds  # noqa: E402  after what is instrumented

from integrations.reading import pdf  # noqa: E402

Target = Callable[[bytes], None]

LIMITS = ReadingLimits(bytes=1_000_000, unpacked_bytes=2_000_000, entries=50, pages=10)
MONEY = "-?[0-9]+\\.[0-9]{2}"
NASTY = (
    "", " ", "0", "-0.00", "1e9", "NaN", "9" * 40, "٣٤٥.٠٠", "²", "2026-02-30", "20261102", "¥", "***", "元", "\ud7ff", "\u200b", "<", "A" * 300,
    "26312000000123456789", "100.00", "113.00", "13.00", "壹佰壹拾叁元整", "91110108MA0000000A", *seeds.QR_TEXTS,
)  # fmt: skip


def qr_payload(data: bytes) -> None:
    payload = payload_of(text_of(data))
    for name, value in payload.values.items() if payload else ():
        assert value
        assert len(value) < len(data) + 8, name


def dates(data: bytes) -> None:
    text = text_of(data)
    day = date_in(text)
    assert day is None or len(day) == len("2026-11-02")
    found = dates_in(text)
    assert all(printed.days and text[printed.start : printed.end] for printed in found)
    shared_order(found)


def amounts(data: bytes) -> None:
    text = text_of(data)
    for value in (money_in(text), tax_in(text)):
        assert value is None or Decimal(value) == Decimal(value).quantize(Decimal("0.01"))
    for amount in amounts_in(text):
        assert amount.value.is_finite()
        assert text[amount.start : amount.end]
    signs_in(text)
    numerals = numerals_in(text)
    if numerals and len(data) > 2:
        says(numerals, Decimal(int.from_bytes(data[:5])) / 100)
    some = Decimal(int.from_bytes(data[:7])) / 100
    if some:
        assert says(capitals_of(some), some)
        assert not says(capitals_of(some), some + Decimal("0.01"))


def tax_ids(data: bytes) -> None:
    value = tax_id_in(text_of(data))
    if value is None:
        return
    better = repaired(value)
    if closing(value) is Closing.TWICE:
        assert value.isascii()
    assert better is None or closing(better) is Closing.TWICE


def typed(data: bytes) -> None:
    text = text_of(data)
    correction = correction_from(text)
    amount_from(text)
    for name in FieldName:
        for abroad in (False, True):
            said = correction.text if correction else text
            try:
                value = entered(name, said, abroad=abroad)
            except NotUnderstood:
                continue
            assert value


def xml(data: bytes) -> None:
    for invoice in read_xml(data):
        to_json(invoice)


def sniff(data: bytes) -> None:
    media_of(data, LIMITS)


def zip_container(data: bytes) -> None:
    archive = open_archive(data, LIMITS)
    for name in archive.entries:
        try:
            read = archive.read(name)
        except Unreadable:
            continue
        assert len(read) <= archive.entries[name].file_size


def answers(data: bytes) -> None:
    """What a reading child says to the program."""
    try:
        if len(data) >= frames.HEAD_BYTES:
            frames.lengths(data[: frames.HEAD_BYTES])
        frames.unpack(data, frames.Answer)
    except frames.BadFrame:
        return


def tree(reader: str) -> Target:
    """Trees of one format with elements moved, taken away, renamed and filled with what does not belong there."""
    files = seeds.xml_files()[reader]

    def target(data: bytes) -> None:
        decisions = atheris.FuzzedDataProvider(data)
        root = fromstring(files[decisions.ConsumeIntInRange(0, len(files) - 1)])
        change_tree(root, decisions)
        written = written_in(root)
        if written:
            written.invoice(Source.XML)

    return target


def change_tree(root: Element, decisions: atheris.FuzzedDataProvider) -> None:
    for _ in range(decisions.ConsumeIntInRange(0, 12)):
        elements = list(root.iter())
        element, other = pick(decisions, elements), pick(decisions, elements)
        match decisions.ConsumeIntInRange(0, 6):
            case 0:
                element.text = pick(decisions, NASTY)
            case 1:
                element.text = decisions.ConsumeUnicodeNoSurrogates(40)
            case 2:
                element.clear()
            case 3 if element not in set(other.iter()) | set(element.iter()) - {element} and len(elements) < 300:
                element.append(other)
            case 4:
                element.tag = other.tag
            case 5 if len(element):
                element.remove(pick(decisions, list(element)))
            case _:
                element.attrib.clear()


def ofd(data: bytes) -> None:
    """An OFD whose parts were exchanged, cut, or overwritten in places."""
    decisions = atheris.FuzzedDataProvider(data)
    parts = dict(pick(decisions, OFD_PARTS))
    for _ in range(decisions.ConsumeIntInRange(0, 8)):
        name, other = pick(decisions, sorted(parts)), pick(decisions, sorted(parts))
        content = parts[name]
        match decisions.ConsumeIntInRange(0, 6):
            case 0 if len(parts) > 1:
                del parts[name]
            case 1:
                parts[name] = parts[other]
            case 2:
                start = decisions.ConsumeIntInRange(0, len(content))
                parts[name] = (
                    content[:start] + pick(decisions, OFD_WORDS) + content[start + decisions.ConsumeIntInRange(0, 40) :]
                )
            case 3:
                parts[name] = content[: decisions.ConsumeIntInRange(0, len(content))]
            case 4:
                start = decisions.ConsumeIntInRange(0, len(content))
                parts[name] = content[:start] + decisions.ConsumeBytes(20) + content[start:]
            case 5:
                old, new = pick(decisions, OFD_WORDS), pick(decisions, OFD_WORDS)
                parts[name] = content.replace(old or b"ID", new)
            case _:
                parts[name.upper() if decisions.ConsumeBool() else f"/{name}"] = parts.pop(name)
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    read_ofd(packed.getvalue(), LIMITS)


OFD_WORDS = (
    b"", b"ofd:", b"<", b"/>", b"&amp;", b"0 0 0 0", b"10 -10 1e9 5", b"999999 0 0 0", b"1", b"2", b"ObjectRef", b"TextObject", b"CustomTag",
    b'PageRef="1"', b"../../", b"Doc_0/", b'"', b"ID", b"<a><a><a><a><a><a><a><a><a><a>", b"xmlns", b"\xff",
)  # fmt: skip


def faces(data: bytes) -> None:
    """Pages of our own papers with words moved, torn, exchanged; random words among them."""
    decisions = atheris.FuzzedDataProvider(data)
    words = list(pick(decisions, PAGES))
    if decisions.ConsumeIntInRange(0, 63):  # whole pages are slow, and most of what goes wrong needs few words
        start = decisions.ConsumeIntInRange(0, len(words))
        words = words[start : start + decisions.ConsumeIntInRange(0, 12)]
    vocabulary = PAGES[decisions.ConsumeIntInRange(0, len(PAGES) - 1)]
    for _ in range(decisions.ConsumeIntInRange(0, 8)):
        change_words(words, vocabulary, decisions)
    codes = [
        FoundCode(pick(decisions, PAYLOADS), some_box(decisions)) for _ in range(decisions.ConsumeIntInRange(0, 2))
    ]
    if decisions.ConsumeBool():
        words = [word(each.text, each.box, decisions.ConsumeProbability()) for each in words]
        source = Source.RAPIDOCR
    else:
        source = Source.PDF_TEXT
    list(invoice_on(faces_on(1, words, source, codes)))


def change_words(words: list[Word], vocabulary: tuple[Word, ...], decisions: atheris.FuzzedDataProvider) -> None:
    place = decisions.ConsumeIntInRange(0, len(words))
    held = words[place] if place < len(words) else None
    match decisions.ConsumeIntInRange(0, 6):
        case 0:
            words.insert(place, word(pick(decisions, vocabulary).text, some_box(decisions)))
        case 1:
            words.insert(place, word(pick(decisions, NASTY), held.box if held else some_box(decisions)))
        case 2 if held:
            words[place] = word(decisions.ConsumeUnicodeNoSurrogates(20), held.box)
        case 3 if held:
            del words[place]
        case 4 if held:
            words[place] = word(held.text, some_box(decisions))
        case 5 if held:
            cut = decisions.ConsumeIntInRange(0, len(held.text))
            words[place] = word(held.text[:cut] + pick(decisions, vocabulary).text + held.text[cut:], held.box)
        case _:
            words.insert(place, word(pick(decisions, LINES), some_box(decisions)))


def some_box(decisions: atheris.FuzzedDataProvider) -> Box:
    """A place on the page; now and then without width or height, or beyond the edge, as some PDFs have."""
    left, top = (decisions.ConsumeFloatInRange(-0.05, 1.0) for _ in range(2))
    across, down = decisions.ConsumeFloatInRange(0.0, 0.5), decisions.ConsumeFloatInRange(0.0, 0.05)
    return Box(left, top, left + across, top + down)


PAYLOADS = tuple(payload for text in seeds.QR_TEXTS if (payload := payload_of(text)))
LINES = (*seeds.RECEIPT, *seeds.DATES, *seeds.AMOUNTS, *seeds.NUMERALS, *seeds.TAX_IDS)


def receipts(data: bytes) -> None:
    """Till slips and receipts: lines from top to bottom, with words of every kind."""
    decisions = atheris.FuzzedDataProvider(data)
    words = []
    count = decisions.ConsumeIntInRange(1, 8)
    for line in range(count):
        texts = [pick(decisions, (*seeds.RECEIPT, *LINES)) for _ in range(decisions.ConsumeIntInRange(1, 2))]
        if decisions.ConsumeBool():
            texts.append(decisions.ConsumeUnicodeNoSurrogates(12))
        for place, text in enumerate(texts):
            left, top = place / 4, line / count
            words.append(word(text, Box(left, top, left + 0.24, top + 0.6 / count), 0.9))
    for face in faces_on(1, words, Source.RAPIDOCR, ()):
        list(invoice_on([face]))


def text_of(data: bytes) -> str:
    return data.decode("utf-8", errors="ignore")


def pick(decisions: atheris.FuzzedDataProvider, choices: object) -> object:
    return choices[decisions.ConsumeIntInRange(0, len(choices) - 1)]


OFD_PARTS: tuple[dict[str, bytes], ...] = ()
PAGES: tuple[tuple[Word, ...], ...] = ()
TARGETS: Mapping[str, Callable[[], Target]] = {
    "qr_payload": lambda: qr_payload,
    "dates": lambda: dates,
    "amounts": lambda: amounts,
    "tax_ids": lambda: tax_ids,
    "typed": lambda: typed,
    "xml": lambda: xml,
    "digital": lambda: tree("digital"),
    "older": lambda: tree("older"),
    "xbrl": lambda: tree("xbrl"),
    "cii": lambda: tree("cii"),
    "ubl": lambda: tree("ubl"),
    "ofd": lambda: ofd,
    "zip": lambda: zip_container,
    "sniff": lambda: sniff,
    "faces": lambda: faces,
    "receipts": lambda: receipts,
    "answers": lambda: answers,
}


class Watched:
    """A target whose unpromised exceptions are kept: one file for each place they come from."""

    def __init__(self, name: str, target: Target, findings: Path) -> None:
        self._name, self._target, self._findings = name, target, findings
        self._raise = "FUZZ_RAISE" in os.environ

    def __call__(self, data: bytes) -> None:
        try:
            self._target(data)
        except Unreadable:
            return
        except Exception as problem:
            if self._raise:
                raise
            ours = [at for at in traceback.extract_tb(problem.__traceback__) if at.filename.startswith(str(ROOT))]
            place = f"{Path(ours[-1].filename).stem}-{ours[-1].lineno}"
            kept = self._findings / f"{self._name}-{type(problem).__name__}-{place}"
            if not kept.exists():
                kept.write_bytes(data)


def main() -> None:
    global OFD_PARTS, PAGES  # noqa: PLW0603 - what takes seconds to draw is drawn for the targets that need it
    name, findings, *options = sys.argv[1:]
    warnings.simplefilter("ignore")
    if name == "ofd":
        OFD_PARTS = tuple(_parts(content) for content in seeds.ofd_files())
    if name in ("faces", "receipts"):
        drawn = [page.words for paper in seeds.papers() for page in pdf.pages_of(seeds.to_pdf(paper))]
        slips = [
            tuple(word(text, Box(0.1, line / 20, 0.9, (line + 0.7) / 20)) for line, text in enumerate(seeds.RECEIPT))
        ]
        PAGES = (*drawn, *slips)
    atheris.Setup([sys.argv[0], *options], Watched(name, TARGETS[name](), Path(findings)))
    atheris.Fuzz()


def _parts(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


if __name__ == "__main__":
    main()
