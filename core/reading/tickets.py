"""Small paper invoices: taxi, fixed amount, tolls, coaches, machine-printed. Source: domain table, 3.6."""

import re

from core.invoice import Candidate, FieldName
from core.reading.amounts import money_in
from core.reading.dates import date_in
from core.reading.labelled import digits, labelled, shaped
from core.reading.layout import Page, spaced
from core.reading.sighting import Sighting

_CODE = spaced("发票代码", "代码")
_NUMBER = spaced("发票号码", "号码")
_DATE = spaced("开票日期", "填开日期", "乘车日期", "日期", "时间")
_TOTAL = spaced("合计金额", "金额", "票价", "实收金额", "合计", "总金额", "收费金额", "面值")


def read_ticket(page: Page) -> Sighting:
    """Code, number, date and amount, where they stand beside their labels or have an unmistakable shape."""
    seen = {
        FieldName.CODE: labelled(page, _CODE, digits(10, 12)) or shaped(page, r"\d{12}", above=0.6),
        FieldName.NUMBER: labelled(page, _NUMBER, digits(8))
        or shaped(page, r"(?:N[oO0º°.]{1,2}\s*)?(\d{8})", above=0.7),
        FieldName.DATE: labelled(page, _DATE, date_in) or _only_date(page),
        FieldName.TOTAL: labelled(page, _TOTAL, _amount),
    }
    return Sighting({name: found for name, found in seen.items() if found})


def _only_date(page: Page) -> Candidate | None:
    """The date of a page on which just one stands."""
    found = [(word, day) for word in page.words if (day := date_in(word.text))]
    return page.sees(*found[0]) if len({day for _, day in found}) == 1 else None


def _amount(text: str) -> str | None:
    """As other money, and "12元" or "伍拾元整" is left to a person."""
    whole = re.fullmatch(r"[¥￥]?\s*(\d+)\s*元", text)
    return f"{whole[1]}.00" if whole else money_in(text)
