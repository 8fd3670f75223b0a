"""How well and how fast documents are read: `script/bench read`.

Takes the labelled documents of the folder PIAOBOT_INVOICES, or ../shared/invoices beside the project. They belong to
other people: only counts and names of fields are printed, never a value or a file name. Files are read from their
bytes alone, so that no name can help. The set `generated` is drawn here: invented documents of all kinds, as PDFs,
scans and photos; `script/bench soak` reads thousands of them.

Ends with 1 when a wrong value is called verified, an original asks a question or misses a field, photos ask more than
the product promises, or a figure beside a baseline is missed (bench_baselines.py); with 2 when the documents are not
there. The set `originals` is what `script/bench originals` measures.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

os.environ["OMP_THREAD_LIMIT"] = "1"
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import bench_baselines as baselines  # noqa: E402  the program is found only after the line above
import bench_originals  # noqa: E402
import cv2  # noqa: E402
import generated_set  # noqa: E402
import numpy as np  # noqa: E402
import pytesseract  # noqa: E402
import receipt_sets  # noqa: E402
from labels import Label, paired, plain  # noqa: E402
from rapidocr import RapidOCR  # noqa: E402

from core.errors import Unreadable  # noqa: E402
from core.invoice import FieldName, FieldState, Kind, ReadInvoice, questions  # noqa: E402
from integrations.reading import pdf  # noqa: E402
from integrations.reading.pages import Pixels, open_picture  # noqa: E402
from integrations.reading.read import read_document  # noqa: E402
from sandbox.papers.generated import generated  # noqa: E402

MEDIA = {".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
ORIGINALS, PHOTOS, HARD = "fapiao_pdf", "fapiao_img", "fapiao_img_degraded"
STRUCTURED = "originals"


@dataclass
class Score:
    """Counts over one set. `asked` and the seconds have one entry a file."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    wrong_but_verified: Counter[str] = field(default_factory=Counter)
    beyond: Counter[str] = field(default_factory=Counter)
    asked_about: Counter[str] = field(default_factory=Counter)
    verified: int = 0
    wrong_kinds: int = 0
    unreadable: int = 0
    asked: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    bare_rapidocr: list[float] = field(default_factory=list)
    bare_tesseract: list[float] = field(default_factory=list)
    pdf: list[tuple[float, float]] = field(default_factory=list)
    raw: dict[str, Counter[FieldName]] = field(default_factory=dict)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument(
        "--sets",
        nargs="+",
        default=[STRUCTURED, ORIGINALS, PHOTOS, HARD, *receipt_sets.SETS, generated_set.NAME],
    )
    options.add_argument(
        "--without-engines", action="store_true", help="skip the bare engines, which take most of the time"
    )
    options.add_argument("--count", type=int, default=generated_set.COUNT, help="how many generated documents")
    options.add_argument("--seed", type=int, default=1, help="of the generated documents")
    options.add_argument("--most", type=int, help="read at most so many receipts of a set")
    chosen = options.parse_args()
    folder = Path(os.environ.get("PIAOBOT_INVOICES", ROOT.parent / "shared" / "invoices"))
    missing = [name for name in chosen.sets if not is_there(folder, name)]
    if missing:
        print(f"No documents to measure on: {', '.join(missing)} not found. Set PIAOBOT_INVOICES to their folder.")
        return 2
    engine = None if chosen.without_engines else RapidOCR(params={"Global.log_level": "error"})
    print(f"{os.cpu_count()} cores; RapidOCR uses all of them, Tesseract one (psm 11, chi_sim)")
    failures = []
    scores: dict[str, Score] = {}
    for name in chosen.sets:
        if name == STRUCTURED:
            failures += bench_originals.run(folder)
            continue
        if name in receipt_sets.SETS:
            receipts = receipt_sets.measure(folder, name, bare_texts(engine), chosen.most)
            receipt_sets.show(name, receipts)
            sys.stdout.flush()
            failures += receipt_sets.failing(name, receipts)
            continue
        if name == generated_set.NAME:
            failures += measure_generated(chosen.seed, chosen.count, engine)
            continue
        scores[name] = score = measure(folder / name, engine)
        show(name, score)
        sys.stdout.flush()
        failures += failing(name, score)
    failures += beside_baselines(folder, scores)
    for failure in failures:
        print(f"FAILED {failure}")
    return 1 if failures else 0


def is_there(folder: Path, name: str) -> bool:
    if name == STRUCTURED:
        return bench_originals.is_there(folder)
    return name == generated_set.NAME or receipt_sets.is_there(folder, name)


def beside_baselines(folder: Path, scores: dict[str, Score]) -> list[str]:
    """Print what is promised of speed and memory, and of all photos together; what is missed."""
    print()
    failures = []
    photos = {name: scores[name] for name in (PHOTOS, HARD) if name in scores}
    for name, score in photos.items():
        most = baselines.MOST_OF_RAPIDOCR
        failures += baselines.compared(name, "bare RapidOCR", score.seconds, score.bare_rapidocr, most)
    if ORIGINALS in scores:
        ours, bare = zip(*scores[ORIGINALS].pdf, strict=True)
        failures += baselines.compared(ORIGINALS, "the bare calls", ours, bare, baselines.MOST_OF_BARE_PDF)
    if len(photos) == 2:
        right, labelled, raw = Counter[str](), Counter[str](), dict[str, Counter[FieldName]]()
        for score in photos.values():
            right += score.right
            labelled += score.right + score.wrong + score.missing
            raw = {engine: raw.get(engine, Counter()) + found for engine, found in score.raw.items()}
        failures += baselines.pooled(right, labelled, raw, tuple(photos))
    if photos:
        names = [
            folder / name / file for name in photos for file in json.loads((folder / name / "labels.json").read_text())
        ]
        failures += baselines.remembered(path.read_bytes() for path in names)
    return failures


def measure(folder: Path, engine: RapidOCR | None) -> Score:
    score = Score()
    labels = json.loads((folder / "labels.json").read_text())
    for name, label in sorted(labels.items()):
        content, media = (folder / name).read_bytes(), MEDIA[Path(name).suffix.lower()]
        started = time.perf_counter()
        try:
            found = read_document(content, media).invoices
        except Unreadable:
            found = ()
            score.unreadable += 1
        score.seconds.append(time.perf_counter() - started)
        wanted = label.get("invoices", [label])
        score.asked.append(sum(len(questions(invoice)) for invoice in found))
        for invoice in found:
            score.asked_about.update(questions(invoice))
        for want, held in paired(wanted, found):
            compare(score, want, held)
        if media == MEDIA[".pdf"]:
            score.pdf.append(baselines.times_of_pdf(content))
        if engine:
            for each, text in time_engines(score, content, media, engine).items():
                score.raw[each] = score.raw.get(each, Counter()) + baselines.printed(wanted, text)
    return score


def measure_generated(seed: int, count: int, engine: RapidOCR | None) -> list[str]:
    """Documents of our own drawing; the bare engines read every tenth of their pictures. Returns what failed."""
    engines, results = Score(), []
    for place in range(count):
        document = generated(seed, place)
        results.append(generated_set.measure(document))
        if engine and place % 10 == 0:
            time_engines(engines, document.content, document.media, engine)
    generated_set.show(results)
    show_engines(engines)
    sys.stdout.flush()
    return generated_set.failing(results)


def compare(score: Score, want: Label, invoice: ReadInvoice | None) -> None:
    if invoice is None or invoice.kind is not Kind.__members__.get((want["kind"] or "").upper()):
        score.wrong_kinds += 1
    for name in FieldName:
        label = plain(want.get(name.value))
        seen = invoice.fields.get(name) if invoice else None
        value = plain(seen.value) if seen else None
        verified = seen is not None and seen.state is FieldState.VERIFIED
        score.verified += verified
        if label is None:
            score.beyond.update([name.value] if value else [])
        elif value is None:
            score.missing[name.value] += 1
        elif value == label:
            score.right[name.value] += 1
        else:
            score.wrong[name.value] += 1
            score.wrong_but_verified.update([name.value] if verified else [])


def time_engines(score: Score, content: bytes, media: str, engine: RapidOCR) -> dict[str, str]:
    """The bare engines on the same pages, in the same run; what they read."""
    pages = [page.picture for page in pdf.pages_of(content)] if media == MEDIA[".pdf"] else [open_picture(content)]
    started = time.perf_counter()
    texts = ["\n".join(engine(page).txts or ()) for page in pages]
    between = time.perf_counter()
    others = [str(pytesseract.image_to_string(grey(page), lang="chi_sim", config="--psm 11")) for page in pages]
    score.bare_rapidocr.append(between - started)
    score.bare_tesseract.append(time.perf_counter() - between)
    return {"RapidOCR": "\n".join(texts), "Tesseract": "\n".join(others)}


def bare_texts(engine: RapidOCR | None) -> dict[str, receipt_sets.TextOf]:
    """What the bare engines make of a page, as text."""
    if engine is None:
        return {}
    return {
        "RapidOCR": lambda page: "\n".join(engine(page).txts or ()),
        "Tesseract": lambda page: str(pytesseract.image_to_string(grey(page), lang="eng", config="--psm 6")),
    }


def grey(page: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def show(name: str, score: Score) -> None:
    fields = sum(map(Counter.total, (score.right, score.wrong, score.missing)))
    print(f"\n{name}: {len(score.seconds)} files, {fields} labelled fields")
    print(f"  right {score.right.total()}, verified {score.verified}, beyond the labels {listed(score.beyond)}")
    print(
        f"  wrong {listed(score.wrong)}; missing {listed(score.missing)}; kinds wrong {score.wrong_kinds}; unreadable {score.unreadable}"
    )
    print(f"  wrong but verified {listed(score.wrong_but_verified)}")
    print(
        f"  questions a file: median {statistics.median(score.asked):g}, p90 {percentile(score.asked, 90):g}, "
        f"max {max(score.asked)}, in all {listed(score.asked_about)}"
    )
    show_engines(score)


def show_engines(score: Score) -> None:
    for what, seconds in (
        ("ours", score.seconds),
        ("bare RapidOCR", score.bare_rapidocr),
        ("bare Tesseract", score.bare_tesseract),
    ):
        if seconds:
            print(f"  seconds a file, {what}: median {statistics.median(seconds):.2f}, max {max(seconds):.2f}")


def listed(counts: Counter[str]) -> str:
    names = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    return f"{counts.total()} ({names})" if names else "0"


def percentile(values: list[int], share: int) -> float:
    """The smallest value that at least `share` % do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def failing(name: str, score: Score) -> list[str]:
    """What the product promises (RD3) and this run did not keep."""
    failures = []
    if score.wrong_but_verified:
        failures.append(f"{name}: a wrong value is called verified")
    if name == ORIGINALS and (sum(score.asked) or score.missing or score.wrong or score.wrong_kinds):
        failures.append(f"{name}: an original is not read wholly and without questions")
    if name == PHOTOS and (statistics.median(score.asked) > 1 or percentile(score.asked, 90) > 3):
        failures.append(f"{name}: more questions than promised")
    return failures


if __name__ == "__main__":
    sys.exit(main())
