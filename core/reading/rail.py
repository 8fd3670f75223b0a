"""铁路电子客票, and the paper train ticket before it. Source: domain table, 3.3."""

import re

from core.invoice import FieldName
from core.reading import layout
from core.reading.amounts import money_in
from core.reading.dates import date_in
from core.reading.forms import masked
from core.reading.labelled import digits, labelled, name_after, shaped
from core.reading.layout import Page, Word
from core.reading.sighting import Sighting
from core.reading.tax_ids import tax_id_in

_PRICE = re.compile(r"[¥￥]\s*\d+\.\d{1,2}(?=\s*元?$)")


def read_rail(page: Page) -> Sighting:
    """A ride shows its fare only; a fee for a refund shows net and tax beside it."""
    seen = {
        FieldName.NUMBER: labelled(page, layout.NUMBER, digits(20)),
        FieldName.DATE: labelled(page, layout.DATE, date_in),
        FieldName.BUYER_NAME: name_after(page, layout.BUYER_NAME),
        FieldName.BUYER_TAX_ID: labelled(page, layout.TAX_ID, tax_id_in),
        FieldName.TOTAL: labelled(page, layout.FARE, money_in),
        FieldName.AMOUNT_EX_TAX: labelled(page, layout.NET, money_in),
        FieldName.TAX: labelled(page, layout.TAX, money_in),
    }
    empty = {
        field: page.on_page(layout.beyond(label))
        for field, pattern in ((FieldName.BUYER_NAME, layout.BUYER_NAME), (FieldName.BUYER_TAX_ID, layout.TAX_ID))
        if seen[field] is None and (label := page.first(pattern))
    }
    return Sighting({name: found for name, found in seen.items() if found}, empty, details=_journey(page))


_STATION = re.compile(r"([\u4e00-\u9fff]{2,7})站?")
_TRAIN = re.compile(r"[GDCZTKYLSP]\d{1,4}|\d{4}")
_DAY_AND_TIME = re.compile(r"(\d{4}年\d{1,2}月\d{1,2}日)(\d{1,2}:\d\d)开?")
_SEAT = re.compile(
    r"(?:新空调)?(?:商务座|特等座|优选一等座|一等座|二等座|无座|硬座|软座|硬卧|软卧|高级软卧|动卧|二等卧|一等卧)"
)
_PASSENGER = re.compile(r"\d{4,10}\*+[0-9X]{3,4}\s*([\u4e00-\u9fff·]{2,8}|[A-Z][A-Z ]+)")


def _journey(page: Page) -> dict[str, str]:
    """The ride: the stations on both sides of the train's number, day and time, seat, and the passenger, masked."""
    said: dict[str, str] = {}
    train = next((word for word in page.above(0.7) if _TRAIN.fullmatch(word.text)), None)
    if train:
        said["TrainNumber"] = train.text
        row = [word for word in page.words if word is not train and word.beside(train, 1.2)]
        stations = {
            "DepartureStation": [word for word in row if word.centre < train.box.x0],
            "DestinationStation": [word for word in row if word.centre > train.box.x1],
        }
        for name, words in stations.items():
            found = next((each for word in words if (each := _STATION.fullmatch(word.text.replace(" ", "")))), None)
            if found:
                said[name] = found[1].removesuffix("站")
    text = page.text
    if moment := _DAY_AND_TIME.search(text):
        said |= {"TravelDate": date_in(moment[1]) or "", "DepartureTime": moment[2]}
    if seat := _SEAT.search(text):
        said["SeatLevel"] = seat[0]
    if ticket := re.search(r"电子客票号[:;]?([0-9A-Z]{15,24})", text):
        said["ETicketNumber"] = ticket[1]
    if passenger := _PASSENGER.search(text):
        said["Name"] = masked(passenger[1].strip())
    return {name: value for name, value in said.items() if value}


def read_train_paper(page: Page) -> Sighting:
    """The red number at the top left, the day of travel, the fare."""
    fare = next((page.sees(*found) for word in page.words if (found := _price_of(word))), None)
    travel = next((page.sees(*found) for word in page.words if (found := _day_of(word))), None)
    seen = {
        FieldName.NUMBER: shaped(page, r"[A-Z]\d{6}", above=0.5),
        FieldName.DATE: travel,
        FieldName.TOTAL: fare,
    }
    return Sighting({name: found for name, found in seen.items() if found}, details=_journey(page))


def _day_of(word: Word) -> tuple[Word, str] | None:
    """The day in "2017年12月26日16:33开", and the part of the word that says it."""
    found = re.match(r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日", word.text)
    day = date_in(found[0]) if found else None
    return (layout.split_at(word, found.end())[0], day) if found and day else None


def _price_of(word: Word) -> tuple[Word, str] | None:
    """The fare in "¥81.0元", and the part of the word that says it."""
    found = _PRICE.match(word.text)
    fare = money_in(found[0]) if found else None
    return (layout.split_at(word, found.end())[0], fare) if found and fare else None
