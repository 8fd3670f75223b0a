"""Words with their places on a page, and how a reader walks over them: by position, never by reading order."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

from core.invoice import Box, Candidate, Source

Pattern = re.Pattern[str]
WHOLE = Box(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class Word:
    """A run of text on one line. `box` is in fractions of the upright page; `confidence` is None where text is exact.

    `text` is NFKC (half-width digits, brackets and colons) without space at its ends.
    """

    text: str
    box: Box
    confidence: float | None = None

    @property
    def middle(self) -> float:
        return (self.box.y0 + self.box.y1) / 2

    @property
    def centre(self) -> float:
        return (self.box.x0 + self.box.x1) / 2

    @property
    def height(self) -> float:
        return self.box.y1 - self.box.y0

    def beside(self, other: "Word", reach: float = 0.6) -> bool:
        """On the same line: the middles differ by less than `reach` of a line's height.

        A word set downwards is many lines high; it counts as little higher than its neighbour.
        """
        own, its = self.box, other.box  # asked a thousand times a page
        one, another = own.y1 - own.y0, its.y1 - its.y0
        line = min(one, 1.5 * another) if one > another else min(another, 1.5 * one)
        return abs(own.y0 + own.y1 - its.y0 - its.y1) < 2 * reach * line


def word(text: str, box: Box, confidence: float | None = None) -> Word:
    """A word with its text normalised; a colon that came away from its label is dropped."""
    return Word(unicodedata.normalize("NFKC", text).strip().lstrip(":; "), box, confidence)


@cache
def spaced(*labels: str) -> Pattern:
    """A pattern for any of the labels, printed with or without gaps between the characters, and what follows it.

    The colon after the label and the gap are left out of the group "rest".
    """
    alternatives = "|".join(r"\s*".join(map(re.escape, label)) for label in labels)
    return re.compile(rf"(?:{alternatives})\s*[:;]?\s*(?P<rest>.*)")


NUMBER = spaced("发票号码", "票据号码")
CODE = spaced("发票代码", "票据代码")
DATE = spaced("开票日期", "填开日期")
CHECK_CODE = spaced("校验码")
NAME = spaced("名称", "称")
TAX_ID = spaced(
    "统一社会信用代码/纳税人识别号", "统一社会信用代码/", "统一社会信用代码", "纳税人识别号", "信用代码/纳税人识别号"
)
ADDRESS = spaced("地址、电话", "地址")
BANK = spaced("开户行及账号", "开户行及帐号", "开户行")
MACHINE = spaced("机器编号", "机打号码")
IN_WORDS = spaced("价税合计(大写)", "价税合计", "金额合计(大写)", "合计金额(大写)", "车价合计(大写)", "车价合计")
IN_FIGURES = spaced("(小写)", "(小写", "小写)", "小写")
PAYER_ID = spaced("交款人统一社会信用代码", "交款人纳税人识别号")
BUYER_NAME = spaced("购买方名称", "购货方名称", "交款人")
ISSUER = spaced("填开单位", "收款单位(章)", "收款单位")
FARE = spaced("票价", "退票费", "改签费", "变更到站费", "改签差价", "退差价", "差价")
NET, TAX = spaced("金额"), spaced("税额")
OTHERS = spaced("代码", "号码", "日期", "时间", "合计", "合计金额", "实收金额", "总金额", "收费金额", "面值", "税率")
PEOPLE = spaced("收款人", "复核人", "复核", "开票人", "销售方:(章)", "销售方(章)", "销货单位:(章)")

LABELS = (
    NUMBER, CODE, DATE, CHECK_CODE, PAYER_ID, BUYER_NAME, ISSUER, TAX_ID, NAME, ADDRESS, BANK, MACHINE, IN_WORDS, IN_FIGURES, PEOPLE,
    FARE, NET, TAX, OTHERS,
)  # fmt: skip
_ANY_LABEL = re.compile("|".join(label.pattern.removesuffix("(?P<rest>.*)") for label in LABELS))
"""How every label begins: what does not match this needs no look at each of them."""
_WORDING = (
    "发票号码", "发票代码", "开票日期", "校验码", "统一社会信用代码/纳税人识别号", "统一社会信用代码", "纳税人识别号", "信用代码/纳税人识别号",
    "地址、电话", "开户行及账号", "机器编号", "价税合计(大写)", "价税合计", "购买方名称", "项目名称", "货物或应税劳务、服务名称",
    "规格型号", "税率/征收率", "货物或应税劳务名称", "票据号码", "票据代码", "填开日期", "填开单位",
)  # fmt: skip
"""What the form itself says: words in which one misread character in four or more can be put right."""

_NEEDS_COLON = frozenset({NAME, FARE, NET, TAX, OTHERS})
"""Words that also begin other words: they are labels of what follows only with a colon."""
_SINGLE = re.compile(r"[购买方销售货单位密码区备注名信息]{1,5}")


@dataclass(frozen=True)
class Page:
    """What one reader saw of one face: a page, or the part of it that one invoice takes.

    `words` have labels and values apart, even where the reader saw "发票号码：12345678" as one run; their places are
    fractions of the face. `region` is the face's own place on the upright page.
    """

    words: tuple[Word, ...]
    source: Source
    region: Box = WHOLE

    def sees(self, word: Word, value: str) -> Candidate:
        """The opinion that a field's value stands in this word, with the word's place on the whole page."""
        return Candidate(value, self.source, word.confidence, self.on_page(word.box))

    def on_page(self, box: Box) -> Box:
        """A place on the face as a place on the page."""
        across, down = self.region.x1 - self.region.x0, self.region.y1 - self.region.y0
        return Box(
            self.region.x0 + box.x0 * across, self.region.y0 + box.y0 * down,
            self.region.x0 + box.x1 * across, self.region.y0 + box.y1 * down,
        )  # fmt: skip

    def find(self, pattern: Pattern) -> list[Word]:
        """The words that are wholly this label or this shape, top to bottom, then left to right."""
        return sorted(
            (word for word in self.words if pattern.fullmatch(word.text)), key=lambda word: (word.middle, word.box.x0)
        )

    def labels(self, label: Pattern) -> list[Word]:
        """The words that are this label and nothing more."""
        return [word for word in self.find(label) if _rest(label, word.text) == ""]

    def first(self, *patterns: Pattern) -> Word | None:
        """The topmost label of the first pattern that stands anywhere."""
        return next((found[0] for pattern in patterns if (found := self.labels(pattern))), None)

    def after(self, label: Word, *, until: float = 1.0, reach: float = 0.6) -> list[Word]:
        """The words on the label's line to its right, as far as the next label or the place `until`."""
        right = sorted(
            (
                word
                for word in self.words
                if word is not label
                and word.beside(label, reach)
                and label.box.x1 - label.height < word.box.x0 < until
                and word.centre > label.box.x1
            ),
            key=lambda word: word.box.x0,
        )
        return list(_up_to_label(right))

    def within(self, x0: float, y0: float, x1: float, y1: float) -> list[Word]:
        """The words whose middle lies inside, line by line."""
        inside = [word for word in self.words if x0 <= word.centre <= x1 and y0 <= word.middle <= y1]
        return [word for line in lines_of(inside) for word in line]

    def above(self, place: float) -> list[Word]:
        return self.within(0, 0, 1, place)

    @cached_property
    def text(self) -> str:
        """All of it, line by line, without spaces: for words of a title, not for values."""
        return "\n".join("".join(word.text.replace(" ", "") for word in line) for line in lines_of(self.words))


def page(words: Iterable[Word], source: Source, region: Box = WHOLE) -> Page:
    """A face whose labels are split from the values they were read together with.

    `words` have places on the whole page; those whose middle lies outside the region are left out.
    """
    # The hull of a single word without width, or of one upright stroke, has no extent.
    across, down = region.x1 - region.x0 or 1.0, region.y1 - region.y0 or 1.0
    inside = [
        word
        for word in words
        if word.text and region.x0 <= word.centre <= region.x1 and region.y0 <= word.middle <= region.y1
    ]
    moved = [
        replace(
            word,
            text=word.text if word.confidence is None else worded(word.text),
            box=Box(
                (word.box.x0 - region.x0) / across, (word.box.y0 - region.y0) / down,
                (word.box.x1 - region.x0) / across, (word.box.y1 - region.y0) / down,
            ),
        )
        for word in inside
    ]  # fmt: skip
    return Page(tuple(part for word in moved for part in _split(word)), source, region)


def worded(text: str) -> str:
    """A run with the form's own words put right at its beginning, where only one wording is that near.

    At most one character in four differs. Values are not touched: they do not begin with the form's words.
    """
    near = {
        (sum(map(str.__ne__, text, wording)), wording)
        for wording in _WORDING
        if len(text) >= len(wording) and sum(map(str.__ne__, text, wording)) <= max(1, len(wording) // 5)
    }
    if not near:
        return text
    fewest = min(count for count, _ in near)
    best = sorted((wording for count, wording in near if count == fewest), key=len)
    if len(best) > 1 and len(best[-1]) == len(best[-2]):
        return text
    return best[-1] + text[len(best[-1]) :]


def lines_of(words: Iterable[Word]) -> list[list[Word]]:
    """Words as lines from top to bottom, each from left to right. Two words share a line when their middles agree."""
    lines: list[list[Word]] = []
    for current in sorted(words, key=lambda word: word.middle):
        if lines and current.beside(lines[-1][-1], 0.5):
            lines[-1].append(current)
        else:
            lines.append([current])
    return [sorted(line, key=lambda word: word.box.x0) for line in lines]


def joined(words: Sequence[Word]) -> Word | None:
    """Several words as one: their text in the given order, the box around them, the lowest confidence."""
    if not words:
        return None
    sure = [word.confidence for word in words if word.confidence is not None]
    return Word(" ".join(word.text for word in words), around(words), min(sure, default=None))


def around(words: Sequence[Word]) -> Box:
    """The box around some words."""
    return hull([word.box for word in words])


def hull(boxes: Sequence[Box]) -> Box:
    """The box around some boxes."""
    return Box(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


def beyond(label: Word, until: float = 1.0) -> Box:
    """Where the value of a label would stand."""
    return Box(min(label.box.x1, until), label.box.y0, min(label.box.x1 + 0.25, until), label.box.y1)


def is_label(text: str) -> bool:
    """Whether this is a word of the form, not a value."""
    labelled = _ANY_LABEL.match(text) is not None and any(_rest(label, text) == "" for label in LABELS)
    return labelled or _SINGLE.fullmatch(text) is not None


def _rest(label: Pattern, text: str) -> str | None:
    found = label.fullmatch(text)
    return found["rest"] if found else None


def _up_to_label(words: Sequence[Word]) -> Iterator[Word]:
    for current in words:
        if is_label(current.text):
            return
        yield current


def _split(whole: Word) -> tuple[Word, ...]:
    """The label and the value of one run."""
    if not _ANY_LABEL.match(whole.text):
        return (whole,)
    for label in LABELS:
        rest = _rest(label, whole.text)
        if rest is None or (rest and label in _NEEDS_COLON and ":" not in whole.text.removesuffix(rest)):
            continue
        if rest == "":
            break
        return split_at(whole, len(whole.text) - len(rest))
    return (whole,)


def split_at(whole: Word, place: int) -> tuple[Word, Word]:
    """A word as two; the border is guessed from the widths of the characters."""
    head, tail = whole.text[:place], whole.text[place:]
    border = whole.box.x0 + (whole.box.x1 - whole.box.x0) * _width(head) / _width(whole.text)
    return (
        replace(whole, text=head.strip(), box=replace(whole.box, x1=border)),
        replace(whole, text=tail.strip(), box=replace(whole.box, x0=border)),
    )


def _width(text: str) -> float:
    """In half-widths: Chinese characters are twice as wide as digits."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
