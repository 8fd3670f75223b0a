"""Receipts with labels, and how they are scored: for `script/bench read`.

Only counts are printed. A company counts as right when it is as similar as 0.9 after normalising (the target of SROIE);
currencies of SROIE are ringgit. The bare engines are scored by their raw text: is the value anywhere in it?
"""

import json
import re
import statistics
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from core.errors import Unreadable
from core.invoice import FieldName, FieldState, ReadInvoice, questions
from core.reading.elsewhere.amounts import amounts_in
from core.reading.elsewhere.dates import Order, dates_in
from integrations.reading import pdf
from integrations.reading.pages import Pixels, open_picture
from integrations.reading.read import read_document

SROIE, ABROAD, CHINESE = "sroie", "receipts_intl_cc0", "receipts_cn_cc0"
SETS = (SROIE, ABROAD, CHINESE)
TARGETS: Mapping[str, Mapping[FieldName, float]] = {
    SROIE: {FieldName.DATE: 0.95, FieldName.TOTAL: 0.90, FieldName.SELLER_NAME: 0.80},
    ABROAD: dict.fromkeys((FieldName.DATE, FieldName.TOTAL, FieldName.CURRENCY), 0.80),
    CHINESE: dict.fromkeys((FieldName.DATE, FieldName.TOTAL, FieldName.CURRENCY), 0.80),
}
_SIMILAR = 0.9
_KEYS = {
    "merchant": FieldName.SELLER_NAME,
    "date": FieldName.DATE,
    "total": FieldName.TOTAL,
    "tax": FieldName.TAX,
    "currency": FieldName.CURRENCY,
}
_DISPUTED = {"173.jpg": FieldName.TOTAL}
"""The picture was looked at: subtotal 60.60, coupon 27.60, grand total 33.00, paid 50.00, change 17.00. The key says 60.60."""

Wanted = Mapping[FieldName, str]
TextOf = Callable[[Pixels], str]


@dataclass
class Score:
    """Counts by field over one set; `asked` and `seconds` have one entry a file, `raw` one counter an engine."""

    right: Counter[FieldName] = field(default_factory=Counter)
    wrong: Counter[FieldName] = field(default_factory=Counter)
    missing: Counter[FieldName] = field(default_factory=Counter)
    verified: Counter[FieldName] = field(default_factory=Counter)
    wrong_but_verified: Counter[FieldName] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    raw: dict[str, Counter[FieldName]] = field(default_factory=dict)
    asked: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def share(self, name: FieldName) -> float:
        count = self.right[name] + self.wrong[name] + self.missing[name]
        return self.right[name] / count if count else 1.0


def labelled(folder: Path, name: str) -> Iterator[tuple[Path, Wanted]]:
    """The labelled files of a set with the values on their faces."""
    if name == SROIE:
        for key in sorted((folder / SROIE / "key").glob("*.json")):
            held = json.loads(key.read_text())
            printed = dates_in(held["date"])[0].day(Order.DMY)
            picture = folder / SROIE / "img" / f"{key.stem}.jpg"
            wanted = {
                FieldName.SELLER_NAME: held["company"],
                FieldName.DATE: printed.isoformat() if printed else "",
                FieldName.TOTAL: f"{amounts_in(held['total'])[-1].value:.2f}",
                FieldName.CURRENCY: "MYR",
            }
            yield picture, {each: said for each, said in wanted.items() if _DISPUTED.get(picture.name) is not each}
        return
    for file, held in sorted(json.loads((folder / name / "labels.json").read_text()).items()):
        yield folder / name / file, {ours: held[theirs] for theirs, ours in _KEYS.items() if held.get(theirs)}


def is_there(folder: Path, name: str) -> bool:
    return (folder / name / ("key" if name == SROIE else "labels.json")).exists()


def measure(folder: Path, name: str, engines: Mapping[str, TextOf], limit: int | None = None) -> Score:
    """Read the files of a set, at most `limit` of them, and have the bare engines read them as well."""
    score = Score(raw={engine: Counter() for engine in engines})
    for place, (path, wanted) in enumerate(labelled(folder, name)):
        if place == limit:
            break
        content = path.read_bytes()
        media = "application/pdf" if path.suffix == ".pdf" else "image/jpeg"
        started = time.perf_counter()
        try:
            found = read_document(content, media).invoices
        except Unreadable:
            found = ()
        score.seconds.append(time.perf_counter() - started)
        score.asked.append(len(questions(found[0])) if found else 0)
        score.kinds[found[0].kind.value if found else "unreadable"] += 1
        _compare(score, wanted, found[0] if found else None)
        for engine, text_of in engines.items():
            pages = (
                [page.picture for page in pdf.pages_of(content)] if path.suffix == ".pdf" else [open_picture(content)]
            )
            text = "\n".join(text_of(page) for page in pages)
            score.raw[engine].update(each for each, said in wanted.items() if _is_in(each, said, text))
    return score


def _compare(score: Score, wanted: Wanted, invoice: ReadInvoice | None) -> None:
    for name, said in wanted.items():
        seen = invoice.fields.get(name) if invoice else None
        verified = seen is not None and seen.state is FieldState.VERIFIED
        score.verified[name] += verified
        if seen is None or seen.value is None:
            score.missing[name] += 1
        elif seen.value == said or (name is FieldName.SELLER_NAME and _alike(seen.value, said) >= _SIMILAR):
            score.right[name] += 1
        else:
            score.wrong[name] += 1
            score.wrong_but_verified[name] += verified


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, _plain(one), _plain(other)).ratio()


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).casefold()


def _is_in(name: FieldName, said: str, text: str) -> bool:
    match name:
        case FieldName.DATE:
            return any(said == day.isoformat() for printed in dates_in(text) for day in printed.days)
        case FieldName.TOTAL | FieldName.TAX:
            return any(f"{found.value:.2f}" == said for found in amounts_in(text))
    return _plain(said) in _plain(text)


def show(name: str, score: Score) -> None:
    print(f"\n{name}: {len(score.seconds)} files; kinds {dict(score.kinds)}")
    for each in _KEYS.values():
        count = score.right[each] + score.wrong[each] + score.missing[each]
        if count:
            raw = "".join(f", in the raw text of {engine} {hits[each]}" for engine, hits in score.raw.items())
            print(
                f"  {each.value}: right {score.right[each]} of {count}, wrong {score.wrong[each]}, missing {score.missing[each]}, "
                f"verified {score.verified[each]}, wrong but verified {score.wrong_but_verified[each]}{raw}"
            )
    asked = sorted(score.asked)
    print(
        f"  questions a file: median {statistics.median(asked):g}, p90 {asked[-(-len(asked) * 9 // 10) - 1]}, max {asked[-1]}; "
        f"seconds a file: median {statistics.median(score.seconds):.2f}, max {max(score.seconds):.2f}"
    )


def failing(name: str, score: Score) -> list[str]:
    """What the product promises of receipts and this run did not keep."""
    failures = [f"{name}: a wrong value is called verified"] if score.wrong_but_verified.total() else []
    failures += [
        f"{name}: {each.value} right in {score.share(each):.0%}, promised {least:.0%}"
        for each, least in TARGETS[name].items()
        if score.share(each) < least
    ]
    return failures
