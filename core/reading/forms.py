"""Forms: values beside the labels of one kind of paper, for kinds whose labels no other kind has.

Labels and values come in one run or in several, with or without colons, and a row may hold several pairs. So every
run is first cut at the labels of its form; then a value is what stands right of its label, as far as the next label.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from core.invoice import Box, Candidate, FieldName
from core.messages import Message
from core.reading import layout
from core.reading.amounts import money_in
from core.reading.dates import date_in
from core.reading.labelled import ValueIn, digits, name_of, run
from core.reading.layout import Page, Word, joined, split_at
from core.reading.sighting import Sighting
from core.reading.tax_ids import tax_id_in

_HAN = r"[\u4e00-\u9fff]"
_GAP = r"\s*"
_SHORT = 3
"""Labels up to this length also begin longer words: they count only before a colon, a gap or what is no Chinese."""
_CODE_LABELS = ("发票代码", "代码")
_NUMBER_LABELS = ("发票号码", "号码")


@dataclass(frozen=True)
class Asked:
    """What one label's value is: the labels, the preferred ones first. `row`: it may stand behind other labels of its row."""

    labels: tuple[str, ...]
    value_in: ValueIn
    row: bool = False


@dataclass(frozen=True)
class Party:
    """A party of a form: its head, and the fields of its name and of the id in its rows; None: others' business."""

    heads: tuple[str, ...]
    name: FieldName | None = None
    tax_id: FieldName | None = None


@dataclass(frozen=True)
class Form:
    """The labels of one kind. `others` are labels whose values nobody asks for, where the value before them ends.

    `ids` are the labels of tax ids, which belong to the party they follow.
    """

    fields: Mapping[FieldName, Asked]
    details: Mapping[str, Asked] = field(default_factory=dict)
    parties: tuple[Party, ...] = ()
    ids: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @cached_property
    def label(self) -> re.Pattern[str]:
        """Any label of the form with the colon behind it, where it is not a part of a longer word."""
        known = {
            *self.others, *self.ids,
            *(label for asked in (*self.fields.values(), *self.details.values()) for label in asked.labels),
            *(head for party in self.parties for head in party.heads),
        }  # fmt: skip
        return _any_of(known)


CODE = Asked(_CODE_LABELS, digits(10, 12))
NUMBER = Asked(_NUMBER_LABELS, digits(8))


def read_form(page: Page, form: Form) -> Sighting:
    """The fields and details of a form whose labels stand on the page; a party's label alone is an empty field."""
    parts = parted(page, form)
    seen = {name: found for name, asked in form.fields.items() if (found := told(parts, form, asked))}
    empty: dict[FieldName, Box] = {}
    for party_field, place, found in _parties(parts, form):
        if found:
            seen.setdefault(party_field, found)
            empty.pop(party_field, None)
        elif party_field not in seen:
            empty.setdefault(party_field, place)
    details = {name: found.value for name, asked in form.details.items() if (found := told(parts, form, asked))}
    return Sighting(seen, empty, details=details)


def parted(page: Page, form: Form) -> Page:
    """The page with every run cut before and behind each label of the form."""
    return replace(page, words=tuple(part for word in page.words for part in _cut(word, form.label)))


def told(page: Page, form: Form, asked: Asked) -> Candidate | None:
    """The value of the first label that has one, on a page that was parted."""
    for label in asked.labels:
        for found in _labels(page, (label,)):
            words = _right_of(page, form, found, stops=not asked.row)
            if candidate := _first(page, words, asked.value_in):
                return candidate
    return None


def shifted(page: Page, form: Form, day: Asked) -> float:
    """By how much of the page the printer wrote above (-) or below its form, told by the date; 0.0 when in its place.

    A date is unmistakable; where it is not beside its label but within two lines of it, everything else was shifted, too.
    """
    parts = parted(page, form)
    labels = [label for name in day.labels for label in _labels(parts, (name,))]
    days = [word for word in parts.words if date_in(word.text)]
    if not labels or len(days) != 1:
        return 0.0
    label = min(labels, key=lambda word: abs(word.middle - days[0].middle))
    distance = days[0].middle - label.middle
    return distance if 0.5 * label.height < abs(distance) < 2 * label.height else 0.0


def moved(page: Page, form: Form, by: float) -> Page:
    """The page with the labels of its form where the printer took them to be."""
    parts = parted(page, form)
    words = [
        replace(word, box=replace(word.box, y0=word.box.y0 + by, y1=word.box.y1 + by))
        if form.label.fullmatch(word.text)
        else word
        for word in parts.words
    ]
    return replace(parts, words=tuple(words))


def amount_in(text: str) -> str | None:
    """As other money, and whole yuan where the run says yuan: "12元", "¥12"."""
    whole = re.fullmatch(r"[¥￥]\s*(\d{1,6})\s*元?|(\d{1,6})\s*元", text.strip())
    return f"{whole[1] or whole[2]}.00" if whole else money_in(text)


def two_decimals_in(text: str) -> str | None:
    """Money with both its decimals: a weight or a rate on the same row has fewer."""
    return money_in(text) if re.search(r"\.\d\d\s*元?$", text.strip()) else None


def name_in(text: str) -> str | None:
    """The name of somebody: at least two letters or Chinese characters."""
    name = name_of(text)
    return name if len(re.findall(rf"{_HAN}|[A-Za-z]", name)) > 1 else None


def text_in(text: str) -> str | None:
    """Whatever stands there."""
    return text.strip() or None


def matching(shape: str) -> ValueIn:
    """Reads the first part of a run that has this shape; its group 1 if there is one."""
    pattern = re.compile(shape)

    def value_in(text: str) -> str | None:
        found = pattern.search(text)
        return found[pattern.groups and 1] if found else None

    return value_in


PLATE = r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·.]?[A-Z0-9]{5,6}"
TIME = r"\d{1,2}:\d\d(?::\d\d)?"


def masked(name: str) -> str:
    """A person's name as others may see it: 张*三, 李*, Z***."""
    if not re.match(_HAN, name):
        return f"{name[:1]}***"
    return name[0] + "*" * max(1, len(name) - 2) + name[2:][-1:]


def person_in(text: str) -> str | None:
    """A person's name, masked: two to four Chinese characters, or Latin letters as air tickets print them."""
    found = re.match(rf"{_HAN}{{2,4}}(?!{_HAN})|[A-Z]+/[A-Z ]+", text.strip())
    return masked(found[0].strip()) if found else None


def differing(first: Candidate | None, second: Candidate | None) -> Message | None:
    """The doubt about a value that is printed twice and not alike; None when nothing speaks against it."""
    if first is None or second is None or first.value == second.value:
        return None
    return Message("It is printed twice, and not alike: {first} and {second}.", first=first.value, second=second.value)


def _any_of(labels: Iterable[str]) -> re.Pattern[str]:
    ends = {label: rf"(?={_GAP}[:;]|{_GAP}$|[^\u4e00-\u9fff])" if len(label) <= _SHORT else "" for label in labels}
    each = (_GAP.join(map(re.escape, label)) + ends[label] for label in sorted(ends, key=len, reverse=True))
    return re.compile(rf"(?<!{_HAN})(?:{'|'.join(each)}){_GAP}[:;]*")


def _cut(whole: Word, label: re.Pattern[str]) -> Iterator[Word]:
    """One run as labels and values; the places are guessed from the widths of the characters."""
    rest = whole
    for found in reversed(list(label.finditer(whole.text))):
        for place in (found.end(), found.start()):
            if 0 < place < len(rest.text):
                rest, tail = split_at(rest, place)
                if tail.text:
                    yield tail
    if rest.text:
        yield rest


def _labels(page: Page, names: Sequence[str]) -> list[Word]:
    """The words that are one of the labels and nothing more, top to bottom."""
    exact = re.compile("|".join(_GAP.join(map(re.escape, name)) + rf"{_GAP}[:;]*" for name in names))
    return page.find(exact)


def _right_of(page: Page, form: Form, label: Word, *, stops: bool) -> list[Word]:
    """What stands right of a label on its line, as far as the next label (`stops`) or to the end of the row."""
    right = sorted(
        (
            word
            for word in page.words
            if word is not label
            and word.beside(label, 0.7)
            and word.centre > label.box.x1
            and word.box.x0 > label.box.x1 - label.height
        ),
        key=lambda word: word.box.x0,
    )
    if not stops:
        return [word for word in right if not form.label.fullmatch(word.text)]
    near: list[Word] = []
    for word in right:
        if form.label.fullmatch(word.text) or layout.is_label(word.text):
            break
        near.append(word)
    return run(near)


def _first(page: Page, words: Sequence[Word], value_in: ValueIn) -> Candidate | None:
    """The value the words make together, or as many of them as make one, or one by itself."""
    for count in range(len(words), 0, -1):
        whole = joined(words[:count])
        if whole and (value := value_in(whole.text)):
            return page.sees(whole, value)
    return next((page.sees(word, value) for word in words if (value := value_in(word.text))), None)


def _parties(page: Page, form: Form) -> Iterator[tuple[FieldName, Box, Candidate | None]]:
    """Names beside the heads of the parties; each tax id belongs to the party whose head is the last before it."""
    heads = [(head, party) for party in form.parties for head in _labels(page, party.heads)]
    for head, party in heads:
        beside = _right_of(page, form, head, stops=True)
        ids = [word for word in beside if tax_id_in(word.text)]
        if party.name:
            found = _first(page, [word for word in beside if word not in ids], name_in)
            yield party.name, page.on_page(layout.beyond(head)), found
        if party.tax_id and ids:
            yield party.tax_id, page.on_page(layout.beyond(head)), _first(page, ids, tax_id_in)
    for label in _labels(page, form.ids) if form.ids else ():
        above = [
            (head.middle, head.box.x0, party)
            for head, party in heads
            if head.middle < label.middle + 0.6 * label.height
        ]
        owner = max(above, key=lambda each: each[:2], default=None)
        if owner and (field_name := owner[2].tax_id):
            found = _first(page, _right_of(page, form, label, stops=True), tax_id_in)
            yield field_name, page.on_page(layout.beyond(label)), found


Reader = Callable[[Page], Sighting]
