"""The fields of a receipt or invoice from elsewhere, or of a till slip."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.invoice import Candidate, FieldName
from core.messages import Message
from core.reading.elsewhere.dates import Order, PrintedDate, dates_in, folded, shared_order
from core.reading.elsewhere.merchant import merchant_of
from core.reading.elsewhere.places import Place, place_of
from core.reading.elsewhere.roles import Role
from core.reading.elsewhere.table import Line, table_of
from core.reading.elsewhere.totals import Total, parts_of, total_of
from core.reading.labelled import name_of
from core.reading.layout import Page, Word, joined
from core.reading.sighting import Sighting

_OTHER_DAYS = re.compile(
    r"due|valid|expir|\bexp\b|until|birth|deliver|arriv|depart|check.?(?:in|out)|start|leistung|liefer|fallig|echeance|vencim|verval|gultig|"
    r"order.?date|bestel|commande|period|有效|到期|since|est\b|copyright|offer|return|before|service"
)
_DAY_LABEL = re.compile(
    r"date|datum|fecha|\bdata\b|dato|datum|paivays|日期|时间|時間|日付|\bday\b|issued|faktura|rechnung|facture|emision"
)
_TIME = re.compile(r"\d{1,2}[:.]\d\d(?::\d\d)?\s*(?:am|pm|uhr|h)?")
_NUMBER = re.compile(
    r"(?:tax\s?)?(?:invoice|inv|receipt|rcpt|rechnungs?|beleg|facture|factura|faktura|factuur|fattura|bon|bill|check|chk|doc(?:ument)?|ticket|"
    r"单|小票|帐单|账单|訂單|单据)\s*[-.]?\s*(?:number|num|no|nr|n[°ºo]|nummer|numero|id|#|号|號|码)[\s.:#°º]*(?P<value>[A-Z0-9][A-Z0-9/\-]{2,24})",
    re.IGNORECASE,
)
_NUMBER_HASH = re.compile(
    r"(?:invoice|receipt|check|chk|bill|inv)\s*[#:]\s*(?P<value>[A-Z0-9/\-]{3,24})", re.IGNORECASE
)


@dataclass(frozen=True)
class _Day:
    """A date with its place on the page and how much speaks for its being the receipt's own."""

    printed: PrintedDate
    word: Word
    weight: float


def read_receipt(page: Page) -> Sighting:
    """Merchant, date, net, tax, total, currency and number; each only where something on the page names it.

    What no reader can know is said in `doubts`: a date whose order is open, a sign that several currencies share, a tip
    that a hand may have added. `closings` are the sums that close on the total.
    """
    lines = table_of(page)
    place = place_of([line.text for line in lines])
    total = total_of(lines)
    amounts, others = _amounts(page, total, lines)
    seen = {**amounts, **_names(page, lines)}
    doubts = _doubts(total, lines)
    day = _day(lines)
    if day:
        value, doubt = _resolved(day, lines, place)
        seen[FieldName.DATE] = page.sees(day.word, value)
        doubts.update({FieldName.DATE: doubt} if doubt else {})
    if place.currency:
        seen[FieldName.CURRENCY] = page.sees(total.printed.word if total else lines[0].words[0], place.currency)
    return Sighting(
        seen,
        doubts=doubts,
        closings=total.closings if total else (),
        confirmed=frozenset({FieldName.CURRENCY} if place.confirmed else ()),
        details={"other_charges": f"{others:.2f}"} if others else {},
    )


def origin_of(page: Page) -> tuple[str | None, bool]:
    """The country a page is from, where it names one, and whether a total with a date or a currency stands on it."""
    lines = table_of(page)
    place = place_of([line.text for line in lines])
    whole = total_of(lines) is not None and (place.currency is not None or _day(lines) is not None)
    return place.country, whole


def _names(page: Page, lines: Sequence[Line]) -> dict[FieldName, Candidate]:
    merchant, number = merchant_of(lines), _number(lines)
    seen = {FieldName.SELLER_NAME: page.sees(_head(lines, merchant), name_of(merchant))} if merchant else {}
    return {**seen, **({FieldName.NUMBER: page.sees(*number)} if number else {})}


def _amounts(page: Page, total: Total | None, lines: Sequence[Line]) -> tuple[dict[FieldName, Candidate], Decimal]:
    if total is None:
        return {}, Decimal(0)
    parts = parts_of(total, lines)
    found = {FieldName.TOTAL: total.printed, FieldName.TAX: parts.tax, FieldName.AMOUNT_EX_TAX: parts.net}
    return {name: page.sees(each.word, f"{each.value:.2f}") for name, each in found.items() if each}, parts.others


def _doubts(total: Total | None, lines: Sequence[Line]) -> dict[FieldName, Message]:
    if _tip_is_open(lines):
        return {FieldName.TOTAL: Message("There is room for a tip on it; a hand may have made the total larger.")}
    if total and not total.plain:
        return {FieldName.TOTAL: Message("Nothing on it is plainly called the total; this amount may be another.")}
    if total and total.rival is not None:
        first, second = f"{total.printed.value:.2f}", f"{total.rival:.2f}"
        return {
            FieldName.TOTAL: Message(
                "Two amounts are called the total: {first} and {second}.", first=first, second=second
            )
        }
    return {}


def _head(lines: Sequence[Line], name: str) -> Word:
    """The line on which the name ends."""
    whole = [joined(line.words) for line in lines]
    return next(
        (word for word in whole if word and word.text.rstrip(" .)")[-6:] in name), whole[0] or lines[0].words[0]
    )


def _day(lines: Sequence[Line]) -> _Day | None:
    days = list(_days(lines))
    return max(days, key=lambda day: day.weight) if days else None


def _days(lines: Sequence[Line]) -> Iterator[_Day]:
    for place, line in enumerate(lines):
        for printed, word in _dates_on(line):
            plain = folded(line.text)
            above = folded(lines[place - 1].text) if place else ""
            weight = 1 - place / len(lines)
            weight += 3 * bool(_DAY_LABEL.search(plain)) + 1 * bool(_DAY_LABEL.search(above))
            weight += 2 * bool(_TIME.search(plain[: printed.start] + plain[printed.end :]))
            weight -= 6 * bool(_OTHER_DAYS.search(plain)) + 2 * bool(_OTHER_DAYS.search(above))
            yield _Day(printed, word, weight)


def _dates_on(line: Line) -> Iterator[tuple[PrintedDate, Word]]:
    """The dates of each run; where runs were torn apart, those of the whole line."""
    found = [(printed, word) for word in line.words for printed in dates_in(word.text)]
    whole = joined(line.words)
    yield from found or ([(printed, whole) for printed in dates_in(line.text)] if whole else [])


def _resolved(day: _Day, lines: Sequence[Line], place: Place) -> tuple[str, Message | None]:
    """The day in ISO form, and why it is not sure."""
    printed = day.printed
    others = [seen for line in lines for seen, _ in _dates_on(line)]
    order = shared_order(others) or place.order(short=Order.YMD in printed.readings)
    known = printed.day(order)
    if known is None and order is None and len(printed.days) > 1:
        elsewhere = {seen.days[0] for seen in others if len(seen.days) == 1}
        known = next((one for one in printed.days if one in elsewhere), None)
    if known:
        return known.isoformat(), None
    days = dict.fromkeys((printed.readings.get(place.likely(), printed.days[0]), *printed.days))
    first, *rest = days
    return first.isoformat(), Message(
        "The order of day and month is not known here: it may be {first} or {second}.",
        first=first,
        second=rest[0] if rest else first,
    )


def _tip_is_open(lines: Sequence[Line]) -> bool:
    """A line for the tip with nothing printed on it."""
    return any(
        line.role is Role.TIP and not line.amounts and re.search(r"^\W*tip|gratuity\W*$", folded(line.text))
        for line in lines
    )


def _number(lines: Sequence[Line]) -> tuple[Word, str] | None:
    for line in lines:
        found = _NUMBER.search(line.text) or _NUMBER_HASH.search(line.text)
        if found and re.search(r"\d", found["value"]) and not dates_in(found["value"]):
            whole = next((word for word in line.words if found["value"] in word.text), None)
            if whole:
                return whole, found["value"].upper()
    return None
