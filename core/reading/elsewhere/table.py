"""The lines of a receipt with the amounts on them, and the sums that close among them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise, product

from core.reading.elsewhere.amounts import Amount, amounts_in
from core.reading.elsewhere.dates import dates_in
from core.reading.elsewhere.roles import Role, role_of
from core.reading.layout import Page, Word, lines_of

_NOTHING = Decimal(0)
_MOST_PARTS = 4


@dataclass(frozen=True)
class Printed:
    """An amount in the run of text it was read in. `is_money`: with decimals or beside a currency sign."""

    value: Decimal
    word: Word
    is_money: bool


@dataclass(frozen=True)
class Line:
    """One line: its words, what it is about, and its amounts from left to right."""

    words: tuple[Word, ...]
    role: Role | None
    amounts: tuple[Printed, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True)
class Closing:
    """A sum that closes: `parts` make `total`. `tendered`: the parts are what was handed over, less the change."""

    total: Decimal
    parts: tuple[Decimal, ...]
    tendered: bool = False
    net: Decimal | None = None
    tax: Decimal | None = None
    extras: Decimal = _NOTHING

    @property
    def proves(self) -> bool:
        """Whether no part is the total itself: at least two parts are not zero."""
        return sum(part != 0 for part in self.parts) > 1


def table_of(page: Page) -> tuple[Line, ...]:
    """The lines from top to bottom; a label alone on its line takes the amount alone on the next."""
    lines = [_line(words) for words in lines_of(page.words)]
    for place, (line, following) in enumerate(pairwise(lines)):
        if line.role and not line.amounts and following.role is None and following.amounts and _is_bare(following):
            lines[place] = Line(line.words, line.role, following.amounts)
    return tuple(lines)


def of_role(lines: Iterable[Line], *roles: Role) -> list[Printed]:
    """The last amount of each line of these roles; money only where there is any."""
    return [line.amounts[-1] for line in lines if line.role in roles and line.amounts]


def closings(lines: Sequence[Line], total: Decimal) -> list[Closing]:
    """The sums that make this total exactly."""
    found = []
    change = [each.value for each in of_role(lines, Role.CHANGE)]
    for paid, back in product((each.value for each in of_role(lines, Role.TENDERED)), change):
        if paid - abs(back) == total and back:
            found.append(Closing(total, (paid, -abs(back)), tendered=True))
    nets = dict.fromkeys(each.value for each in of_role(lines, Role.NET, Role.SUBTOTAL))
    taxes = [each.value for each in of_role(lines, Role.TAX)]
    taxed = dict.fromkeys((*taxes, sum(taxes, _NOTHING), sum(dict.fromkeys(taxes), _NOTHING), _NOTHING))
    for net, tax in product(nets, taxed):
        found += [
            Closing(total, (net, tax, *extras), net=net, tax=tax, extras=sum(extras, _NOTHING))
            for extras in _extras(lines)
            if net + tax + sum(extras, _NOTHING) == total and (tax or extras)
        ]
    found += _rounded(lines, total)
    found += _discounted(lines, total)
    called = dict.fromkeys(each.value for each in of_role(lines, Role.DUE, Role.TOTAL))
    found += [Closing(total, (one, total - one)) for one in called if 0 < one < total - one and total - one in called]
    for line in lines:
        values = [each.value for each in line.amounts if each.is_money]
        for net, tax, gross in zip(values, values[1:], values[2:], strict=False):
            if gross == total and net + tax == gross and tax:
                found.append(Closing(total, (net, tax), net=net, tax=tax))
    return found


def _rounded(lines: Sequence[Line], total: Decimal) -> list[Closing]:
    """What stood above, and the rounding that stands between it and this total."""
    found = []
    for place, line in enumerate(lines):
        if line.role is not Role.ROUNDING or not line.amounts or not line.amounts[-1].value:
            continue
        by = line.amounts[-1].value
        above = of_role(lines[:place], Role.DUE, Role.TOTAL, Role.SUBTOTAL)
        below = of_role(lines[place:], Role.DUE, Role.TOTAL, Role.TENDERED)
        if any(each.value + by == total for each in above) and any(each.value == total for each in below):
            found.append(Closing(total, (total - by, by)))
    return found


def _discounted(lines: Sequence[Line], total: Decimal) -> list[Closing]:
    """What stood above and was called the total there, less the discount below it: 合计 174, 优惠 5, 实收 169."""
    found = []
    for place, line in enumerate(lines):
        if line.role is not Role.DISCOUNT or not line.amounts or not line.amounts[-1].value:
            continue
        off = abs(line.amounts[-1].value)
        above = of_role(lines[:place], Role.DUE, Role.TOTAL)
        below = of_role(lines[place:], Role.DUE, Role.TOTAL, Role.TENDERED)
        if any(each.value - off == total for each in above) and any(each.value == total for each in below):
            found.append(Closing(total, (total + off, -off)))
    return found


def _extras(lines: Sequence[Line]) -> list[tuple[Decimal, ...]]:
    """What may stand between subtotal and total: service, rounding, discount, each with its sign or without."""
    tips = [each.value for each in of_role(lines, Role.TIP)][:_MOST_PARTS]
    rounding = [each.value for each in of_role(lines, Role.ROUNDING)][:1]
    discounts = [-abs(each.value) for each in of_role(lines, Role.DISCOUNT)][:_MOST_PARTS]
    choices = []
    for some_tips, some_rounding, some_discounts in product(
        ((), tuple(tips)), ((), tuple(rounding)), ((), tuple(discounts))
    ):
        choices.append((*some_tips, *some_rounding, *some_discounts))
    return list(dict.fromkeys(choices))


def _line(words: Sequence[Word]) -> Line:
    printed = [(word, amount) for word in words for amount in amounts_in(_without_dates(word.text))]
    first = printed[0] if printed else None
    label = _label(words, first)
    amounts = tuple(Printed(amount.value, word, amount.is_money) for word, amount in printed)
    role = role_of(label)
    if role is Role.ROUNDING and amounts and abs(amounts[-1].value) >= 1:
        role = Role.DUE  # what it was rounded to
    money = tuple(each for each in amounts if each.is_money)
    if not money and role and printed and _ends_with(words, *printed[-1]):
        money = amounts  # a bare number beside a label: 合计 382, Total 110
    return Line(tuple(words), role, money)


def _ends_with(words: Sequence[Word], word: Word, amount: Amount) -> bool:
    return word is words[-1] and len(word.text) - amount.end < 3


def _label(words: Sequence[Word], first: tuple[Word, Amount] | None) -> str:
    """The words before the first amount; those after it where nothing stands before."""
    text = " ".join(word.text for word in words)
    if first is None:
        return text
    before = " ".join([word.text for word in words[: words.index(first[0])]] + [first[0].text[: first[1].start]])
    letters = re.sub(r"[^\w]|\d", "", before)
    return before if len(letters) > 1 or re.search(r"[\u4e00-\u9fff]", letters) else text


def _is_bare(line: Line) -> bool:
    return all(re.fullmatch(r"[^A-Za-z]*(?:[A-Z]{1,3}[$]?)?[^A-Za-z]*[A-Z]{0,2}", word.text) for word in line.words)


def _without_dates(text: str) -> str:
    """The text with its dates blanked: they are no amounts."""
    for seen in dates_in(text):
        text = text[: seen.start] + "/" * (seen.end - seen.start) + text[seen.end :]
    return text
