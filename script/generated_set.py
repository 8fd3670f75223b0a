"""Generated documents, read and scored: for `script/bench read` and `script/bench soak`.

All of them are invented, so values may be printed. A document is named by its seed and place, and can be drawn again.
"""

import statistics
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labels import Label, paired, plain

from core.errors import Unreadable
from core.invoice import FieldName, FieldState, Kind, ReadInvoice, questions
from integrations.reading.read import read_document
from sandbox.papers.faces import DRAWN
from sandbox.papers.generated import Condition, Generated

NAME = "generated"
COUNT = 300
READABLE = (Condition.SCAN, Condition.PHOTO)


@dataclass(frozen=True)
class Miss:
    """A field that was not read as printed. wanted is None for what is not on the face."""

    field: str
    wanted: str | None
    read: str | None
    verified: bool


@dataclass(frozen=True)
class Result:
    """One document's score; `asked` has one entry a labelled invoice, or one read where there was none."""

    seed: int
    place: int
    name: str
    condition: str
    seconds: float
    right: int
    labelled: int
    asked: tuple[int, ...]
    wrong_kinds: tuple[str, ...]
    misses: tuple[Miss, ...]
    unreadable: str | None = None

    @property
    def wrong(self) -> list[Miss]:
        return [miss for miss in self.misses if miss.read is not None and miss.wanted is not None]

    @property
    def wrong_but_verified(self) -> list[Miss]:
        return [miss for miss in self.misses if miss.verified]


def result_from(held: Mapping[str, Any]) -> Result:
    """A result that was written as JSON."""
    lists = {name: tuple(held[name]) for name in ("asked", "wrong_kinds")}
    return Result(**{**held, **lists, "misses": tuple(Miss(**miss) for miss in held["misses"])})


def measure(document: Generated) -> Result:
    """Read a document and compare."""
    started = time.perf_counter()
    unreadable = None
    try:
        found: tuple[ReadInvoice, ...] = read_document(document.content, document.media).invoices
    except Unreadable as problem:
        found, unreadable = (), problem.code
    return score(document, found, seconds=time.perf_counter() - started, unreadable=unreadable)


def score(
    document: Generated, found: Sequence[ReadInvoice], *, seconds: float, unreadable: str | None = None
) -> Result:
    """What was found beside what is printed."""
    right, asked, kinds, misses = 0, [], [], []
    pairs = paired(document.labels, found)
    implied = [*document.implied, *({} for _ in pairs)]
    for (label, invoice), known in zip(pairs, implied, strict=False):
        asked.append(len(questions(invoice)) if invoice else 0)
        if invoice is None or invoice.kind is not Kind.__members__.get((label["kind"] or "").upper()):
            kinds.append(f"{label['kind']} as {invoice.kind.value if invoice else None}")
        missed = [miss for name in FieldName if (miss := _compare(name, label, known, invoice))]
        misses += missed
        right += _labelled(label) - sum(miss.wanted is not None for miss in missed)
    return Result(
        document.seed, document.place, document.name, document.condition.value, round(seconds, 3), right,
        sum(map(_labelled, document.labels)), tuple(asked), tuple(kinds), tuple(misses), unreadable,
    )  # fmt: skip


def _labelled(label: Label) -> int:
    return sum(bool(label.get(name.value)) for name in FieldName)


def _compare(name: FieldName, label: Label, implied: Mapping[str, str], invoice: ReadInvoice | None) -> Miss | None:
    """None when it was read as printed. What is not on the face may be read when it is true; else it must not be verified."""
    wanted, seen = label.get(name.value), invoice.fields.get(name) if invoice else None
    value = seen.value if seen else None
    verified = seen is not None and bool(value) and seen.state is FieldState.VERIFIED
    also = [wanted, label.get("digital_number")] if name is FieldName.NUMBER else [wanted]
    if plain(value) in map(plain, also):
        return None
    if wanted is None and (not verified or value == implied.get(name.value)):
        return None
    return Miss(name.value, wanted, value, verified)


@dataclass
class _Row:
    """Counts of one kind; `asked` of the readable pictures and originals alone."""

    files: int = 0
    right: int = 0
    labelled: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    verified: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    unreadable: int = 0
    asked: list[int] = field(default_factory=list)

    def add(self, result: Result) -> None:
        self.files += 1
        self.right += result.right
        self.labelled += result.labelled
        self.wrong.update(miss.field for miss in result.wrong)
        self.missing.update(miss.field for miss in result.misses if miss.read is None)
        self.verified.update(miss.field for miss in result.wrong_but_verified)
        self.kinds.update(result.wrong_kinds)
        self.unreadable += result.unreadable is not None
        if result.condition != Condition.HARD:
            self.asked += result.asked


def show(results: Sequence[Result]) -> None:
    """A row for each condition and each kind, then every wrong value called verified."""
    print(f"\n{NAME}: {len(results)} files of seed {', '.join(sorted({str(each.seed) for each in results}))}")
    for condition in Condition:
        of_it = [each for each in results if each.condition == condition]
        if of_it:
            row, asked = _row(of_it), sorted(count for each in of_it for count in each.asked)
            print(
                f"  {condition.value}: {row.files} files, right {row.right} of {row.labelled}, wrong {row.wrong.total()}, missing "
                f"{row.missing.total()}, wrong but verified {row.verified.total()}, kinds wrong {row.kinds.total()}, unreadable "
                f"{row.unreadable}, questions an invoice: median {statistics.median(asked):g}, p90 {_p90(asked)}, max {asked[-1]}"
            )
    print(
        f"  {'':22} files right/labelled wrong verified-wrong kinds-wrong questions(median, without hard)  most missed"
    )
    for name in DRAWN:
        of_it = [each for each in results if each.name == name]
        if of_it:
            row = _row(of_it)
            questions_of_it = f"{statistics.median(row.asked):g}" if row.asked else "-"
            missed = ", ".join(f"{each} {count}" for each, count in (row.missing + row.wrong).most_common(3))
            print(
                f"  {name:22} {row.files:5} {row.right:5}/{row.labelled:<8} {row.wrong.total():5} {row.verified.total():14} "
                f"{row.kinds.total():11} {questions_of_it:>9}  {missed}"
            )
    seconds = [each.seconds for each in results if each.condition != Condition.ORIGINAL]
    if seconds:
        print(f"  seconds a picture, ours: median {statistics.median(seconds):.2f}, max {max(seconds):.2f}")
    for each in results:
        show_wrong(each)


def show_wrong(result: Result) -> None:
    """Every wrong value that was called verified, with what is needed to draw the document again."""
    for miss in result.wrong_but_verified:
        print(
            f"  WRONG BUT VERIFIED {result.name} ({result.condition}) seed {result.seed} place {result.place} {miss.field}: "
            f"printed {miss.wanted!r}, read {miss.read!r}",
            flush=True,
        )


def failing(results: Sequence[Result]) -> list[str]:
    """What the product promises (RD3) and this run did not keep."""
    failures = []
    if any(each.wrong_but_verified for each in results):
        failures.append(f"{NAME}: a wrong value is called verified")
    if sum(sum(each.asked) for each in results if each.condition == Condition.ORIGINAL):
        failures.append(f"{NAME}: an original asks a question")
    for condition in READABLE:
        asked = sorted(count for each in results if each.condition == condition for count in each.asked)
        if asked and (statistics.median(asked) > 1 or _p90(asked) > 3):
            failures.append(f"{NAME}: more questions about a {condition.value} than promised")
    return failures


def _row(results: Iterable[Result]) -> _Row:
    row = _Row()
    for each in results:
        row.add(each)
    return row


def _p90(ordered: Sequence[int]) -> int:
    """The smallest value that at least nine in ten do not exceed."""
    return ordered[max(0, -(-len(ordered) * 9 // 10) - 1)]
