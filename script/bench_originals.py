"""How exactly and how fast structured originals are read: `script/bench originals`, without any OCR.

Takes the labelled documents of the folder PIAOBOT_INVOICES, or ../shared/invoices beside the project. They belong to
other people: only counts and names of fields are printed. Files are read from their bytes alone, under no name.

Beside each set the library that reads the same format is timed on the same files in the same run: ofdkit on OFD; the
standard XML parser on Chinese XML, which no library reads; factur-x (data out of the PDF, then its schema check) on the
rest, its import aside. Processor time, so that what else runs here does not count. Ends with 1 when a labelled field is not right, a question is asked, a broken file is read or a
valid one refused, or reading takes 20 ms longer than the library in the median; with 2 when the documents are not there.
"""

import json
import logging
import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import fromstring

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import facturx  # noqa: E402  the program is found only after the line above
import ofdkit  # noqa: E402

from core.errors import Unreadable  # noqa: E402
from core.invoice import FieldName, FieldState, Kind, ReadInvoice, Source, questions  # noqa: E402
from integrations.reading import attached, opening  # noqa: E402
from integrations.reading.limits import ReadingLimits  # noqa: E402
from integrations.reading.sniff import PDF, media_of  # noqa: E402

MOST_MORE = 0.020
"""Seconds that reading may take beyond the library."""

# Of zugferd, by the README of the documents: broken indeed, though some of their neighbours under fail/ are valid.
BROKEN = frozenset(
    {
        "fail1.pdf", "Avoir_FR_type380_MINIMUM.pdf", "Avoir_FR_type381_MINIMUM.pdf",
        "MustangGnuaccountingBeispielRE-20171118_506.pdf", "MustangGnuaccountingBeispielRE-20190610_507b.pdf",
        "factur-x-invalid-xml-encoding-attribute.pdf",
    }
)  # fmt: skip
_FOREIGN = {
    "number": "number", "date": "date", "seller_name": "seller_name", "seller_vat": "seller_tax_id",
    "buyer_name": "buyer_name", "buyer_vat": "buyer_tax_id", "currency": "currency", "net": "amount_ex_tax", "tax": "tax",
    "total": "total",
}  # fmt: skip


@dataclass
class Score:
    """Counts over one set; the seconds have one entry a file."""

    right: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    wrong_but_verified: int = 0
    kinds_wrong: int = 0
    asked: int = 0
    unlabelled: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    refused_wrongly: int = 0
    read_wrongly: int = 0
    ours: list[float] = field(default_factory=list)
    library: list[float] = field(default_factory=list)


def main() -> int:
    folder = Path(os.environ.get("PIAOBOT_INVOICES", ROOT.parent / "shared" / "invoices"))
    if not is_there(folder):
        print("No documents to measure on. Set PIAOBOT_INVOICES to their folder.")
        return 2
    failures = run(folder)
    for failure in failures:
        print(f"FAILED {failure}")
    return 1 if failures else 0


def is_there(folder: Path) -> bool:
    return (folder / "fapiao_xml" / "labels.json").is_file()


def run(folder: Path) -> list[str]:
    """Measure and print all sets; what is missed."""
    logging.disable(logging.CRITICAL)
    zugferd = json.loads((folder / "zugferd" / "labels.json").read_text())
    foreign = {str(folder / name): _canonical(label) for name, label in zugferd.items()}
    failures = []
    for name, library in (
        ("fapiao_xml", fromstring),
        ("fapiao_ofd", _ofdkit),
        ("zugferd", _factur_x),
        ("facturx_fixtures", _factur_x),
        ("en16931_xml", _factur_x),
    ):
        own = folder / name / "labels.json"
        labels = foreign if name in ("zugferd", "facturx_fixtures") else {}
        if name.startswith("fapiao"):
            labels = {str(folder / name / file): label for file, label in json.loads(own.read_text()).items()}
        files = sorted(path for path in (folder / name).rglob("*") if path.suffix in {".xml", ".ofd", ".pdf"})
        score = measure(files, labels, library)
        show(name, score)
        failures += failing(name, score)
    logging.disable(logging.NOTSET)
    return failures


def measure(files: list[Path], labels: Mapping[str, Mapping[str, str]], library: Callable[[bytes], object]) -> Score:
    score = Score()
    for path in files:
        content = path.read_bytes()
        read(content)  # schemas are read once in a process
        started = time.process_time()
        found = read(content)
        between = time.process_time()
        try:
            library(content)
        except Exception:  # noqa: BLE001 - how a library fails is its own affair; only its time counts
            between = 0.0
        if between:
            score.library.append(time.process_time() - between)
            score.ours.append(between - started)
        if isinstance(found, str):
            score.refused[found] += 1
            score.refused_wrongly += path.name not in BROKEN
        elif path.name in BROKEN:
            score.read_wrongly += 1
        else:
            compare(score, labels.get(str(path)), found)
    return score


def read(content: bytes) -> ReadInvoice | str:
    """The one invoice, without the pages of a PDF; or the code of what refuses it."""
    limits = ReadingLimits()
    try:
        media = media_of(content, limits)
        if media != PDF:
            return opening.read_document(content, media, limits).invoices[0]
        written = attached.written_in_pdf(content)
        return written.invoice(Source.XML) if written else "E-NOTHING-ATTACHED"
    except Unreadable as problem:
        return problem.code


def compare(score: Score, label: Mapping[str, str] | None, invoice: ReadInvoice) -> None:
    score.asked += len(questions(invoice))
    if label is None:
        score.unlabelled += 1
        return
    score.kinds_wrong += "kind" in label and invoice.kind is not Kind(label["kind"])
    for name in set(FieldName) & label.keys():
        said, held = label[name] or None, invoice.fields.get(FieldName(name))
        value = held.value if held else None
        if said == value:
            score.right += 1
        else:
            score.wrong[name] += 1
            score.wrong_but_verified += bool(value) and held is not None and held.state is FieldState.VERIFIED


def _canonical(label: Mapping[str, str | None]) -> Mapping[str, str]:
    """The label of a foreign invoice under our names; amounts with two decimals, dates with dashes, blanks single."""
    found = {ours: " ".join((label.get(theirs) or "").split()) for theirs, ours in _FOREIGN.items()}
    day = found["date"]
    found["date"] = f"{day[:4]}-{day[4:6]}-{day[6:]}" if day else ""
    for name in ("amount_ex_tax", "tax", "total"):
        found[name] = f"{float(found[name]):.2f}" if found[name] else ""
    for name in ("seller_tax_id", "buyer_tax_id"):
        found[name] = found[name].replace(" ", "")
    return found


def _ofdkit(content: bytes) -> object:
    with ofdkit.open(content) as document:
        return document.invoice() if callable(document.invoice) else document.invoice


def _factur_x(content: bytes) -> object:
    data = facturx.get_facturx_xml_from_pdf(content, check_xsd=False)[1] if content.startswith(b"%PDF") else content
    return facturx.xml_check_xsd(data)


def show(name: str, score: Score) -> None:
    print(f"{name}: {len(score.ours) + score.refused.total()} files")
    print(
        f"  labelled fields right {score.right}, wrong {dict(score.wrong)}, wrong but verified {score.wrong_but_verified}"
    )
    print(
        f"  kinds wrong {score.kinds_wrong}; questions {score.asked}; read without a label {score.unlabelled}; refused "
        f"{dict(score.refused)}, of valid ones {score.refused_wrongly}; broken ones read {score.read_wrongly}"
    )
    ours, library = (1000 * statistics.median(seconds) for seconds in (score.ours, score.library))
    print(f"  ms a file, median: ours {ours:.1f}, the library {library:.1f}; our longest {1000 * max(score.ours):.0f}")
    sys.stdout.flush()


def failing(name: str, score: Score) -> list[str]:
    failures = []
    if score.wrong or score.kinds_wrong or score.asked:
        failures.append(f"{name}: not every field is right without a question")
    if score.refused_wrongly or score.read_wrongly:
        failures.append(f"{name}: a valid file refused, or a broken one read")
    if statistics.median(score.ours) > statistics.median(score.library) + MOST_MORE:
        failures.append(f"{name}: more than 20 ms beyond the library")
    return failures


if __name__ == "__main__":
    sys.exit(main())
