"""铁路电子客票, and the paper train ticket before it. Source: domain table, 3.3."""

import re

from core.invoice import FieldName
from core.reading import layout
from core.reading.amounts import money_in
from core.reading.dates import date_in
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
    return Sighting({name: found for name, found in seen.items() if found}, empty)


def read_train_paper(page: Page) -> Sighting:
    """The red number at the top left, the day of travel, the fare."""
    fare = next((page.sees(*found) for word in page.words if (found := _price_of(word))), None)
    travel = next((page.sees(*found) for word in page.words if (found := _day_of(word))), None)
    seen = {
        FieldName.NUMBER: shaped(page, r"[A-Z]\d{6}", above=0.5),
        FieldName.DATE: travel,
        FieldName.TOTAL: fare,
    }
    return Sighting({name: found for name, found in seen.items() if found})


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
