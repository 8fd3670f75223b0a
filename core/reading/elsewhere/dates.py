"""Dates as receipts of the world print them. A date whose order is open has several readings; nothing is guessed here."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Order(StrEnum):
    """Which of day, month and year comes first, second and third."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


@dataclass(frozen=True)
class PrintedDate:
    """A date in a text from `start` to `end`, with what it means in each order that makes a real day of it."""

    start: int
    end: int
    readings: Mapping[Order, date]

    @property
    def days(self) -> tuple[date, ...]:
        """The different days it may mean."""
        return tuple(dict.fromkeys(self.readings.values()))

    def day(self, order: Order | None) -> date | None:
        """The day it means; None while that is open."""
        if len(self.days) == 1:
            return self.days[0]
        return self.readings.get(order) if order else None


_MONTHS: tuple[tuple[str, ...], ...] = (
    ("jan", "janv", "ene", "gen", "led", "sty", "tam"),
    ("feb", "fev", "fevr", "uno", "lut", "helmi"),
    ("mar", "maerz", "marz", "mars", "mrt", "maart", "brez", "marzec", "maalis"),
    ("apr", "avr", "abr", "dub", "kwi", "huhti"),
    ("may", "mai", "maj", "mei", "mag", "kve", "touko"),
    ("jun", "juin", "giu", "cerven", "cze", "kesa"),
    ("jul", "juil", "lug", "cervenec", "lip", "heina"),
    ("aug", "aout", "ago", "srp", "sie", "elo"),
    ("sep", "sept", "set", "zari", "wrz", "syys"),
    ("oct", "okt", "ott", "out", "rij", "paz", "loka"),
    ("nov", "lis", "marras"),
    ("dec", "dez", "dic", "des", "pro", "gru", "joulu"),
)
"""How the months begin, without accents, in English, German, French, Spanish, Italian, Portuguese, Dutch, the Nordic
languages, Czech and Polish; the longest beginning that fits decides."""

_YEAR = r"(?:20\d\d|['’]?\d\d)"
_END = r"(?!\d)(?![./-]\d)|(?=\d{1,2}:\d\d)"
_START = r"(?<![\d])(?<!\d[./-])"
_YEAR_FIRST = re.compile(
    rf"{_START}(?P<y>20\d\d)(?P<s>\s?[./-]\s?|\s|年\s?)(?P<m>\d{{1,2}})(?:(?P=s)|[./-]|\s?月\s?)(?P<d>\d{{1,2}})(?:{_END})"
)
_YEAR_LAST = re.compile(
    rf"{_START}(?P<a>\d{{1,2}})\s?(?P<s>[./-])\s?(?P<b>\d{{1,2}})\s?(?P=s)\s?['’]?(?P<y>20\d\d)(?:{_END})"
)
_SHORT = re.compile(rf"{_START}(?P<a>\d\d?)(?P<s>[./-])(?P<b>\d\d?)(?P=s)['’]?(?P<c>\d\d)(?:{_END})")
_COMPACT = re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)")
_REPUBLIC = re.compile(r"(?<!\d)(?P<y>1\d\d)\s?年\s?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})(?!\d)")
"""A year of the Republic of China on Taiwan, which began in 1912."""
_NAME = r"[a-z]{3,10}"
_DAY_NAME = re.compile(
    rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?[\s./-]*(?:de\s+)?(?P<n>{_NAME})[\s.,/-]*(?:del?\s+)?(?P<y>{_YEAR})(?:{_END})"
)
_NAME_DAY = re.compile(
    rf"(?<![a-z])(?P<n>{_NAME})[\s./-]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:[\s.,/-]+|(?=['’]))(?P<y>{_YEAR})(?:{_END})"
)


def dates_in(text: str) -> tuple[PrintedDate, ...]:
    """Every date in a run, in the order they stand. Years are 2000 to 2099."""
    plain = folded(text)
    found: list[PrintedDate] = []
    for seen in _seen(plain):
        if seen.readings and not any(seen.start < other.end and other.start < seen.end for other in found):
            found.append(seen)
    return tuple(sorted(found, key=lambda seen: seen.start))


def shared_order(printed: Iterable[PrintedDate]) -> Order | None:
    """The order that the dates of a page which can only be read in one way show; None when there is none or several.

    A year that comes first says nothing of the others.
    """
    orders = {order for seen in printed if len(seen.readings) == 1 for order in seen.readings if order is not Order.YMD}
    return orders.pop() if len(orders) == 1 else None


def folded(text: str) -> str:
    """Lower case without accents, as many characters as before."""
    plain = "".join(unicodedata.normalize("NFD", character)[0] for character in text).lower()
    return plain if len(plain) == len(text) else text.lower()


def _seen(plain: str) -> Iterator[PrintedDate]:
    for pattern in (_YEAR_FIRST, _COMPACT, _REPUBLIC):
        for found in pattern.finditer(plain):
            year = int(found["y"]) + (1911 if pattern is _REPUBLIC else 0)
            yield _printed(found, {Order.YMD: (year, found["m"], found["d"])})
    for found in _YEAR_LAST.finditer(plain):
        yield _printed(
            found, {Order.DMY: (found["y"], found["b"], found["a"]), Order.MDY: (found["y"], found["a"], found["b"])}
        )
    for pattern in (_DAY_NAME, _NAME_DAY):
        for found in pattern.finditer(plain):
            month = _month(found["n"])
            if month:
                yield _printed(found, {Order.YMD: (found["y"], str(month), found["d"])})
    for found in _SHORT.finditer(plain):
        first, second, third = found["a"], found["b"], found["c"]
        orders = {Order.DMY: (third, second, first), Order.MDY: (third, first, second)}
        if len(first) == 2 and found["s"] != ".":
            orders[Order.YMD] = (first, second, third)
        yield _printed(found, orders)


def _month(name: str) -> int | None:
    fits = [
        (len(start), number) for number, starts in enumerate(_MONTHS, 1) for start in starts if name.startswith(start)
    ]
    return max(fits)[1] if fits else None


def _printed(found: re.Match[str], parts: Mapping[Order, tuple[int | str, str, str]]) -> PrintedDate:
    readings = {order: day for order, (year, month, number) in parts.items() if (day := _day(year, month, number))}
    return PrintedDate(found.start(), found.end(), readings)


def _day(year: int | str, month: str, number: str) -> date | None:
    full = year if isinstance(year, int) else int(year.lstrip("'’"))
    try:
        day = date(full + 2000 if full < 100 else full, int(month), int(number))
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None
