"""Amounts, dates, numerals: what is printed, in canonical form."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reading.amounts import money_in, tax_in
from core.reading.dates import date_in
from core.reading.numerals import capitals_of, numerals_in, plain, says

AMOUNTS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("99999999.99"), places=2)


@given(AMOUNTS, st.sampled_from(["{:.2f}", "¥{:.2f}", "￥ {:,.2f}", "CNY {:.2f}", "{:,.2f}元"]))
def test_money_is_read_however_it_is_printed(amount, printed):
    assert money_in(printed.format(amount)) == f"{amount:.2f}"


@pytest.mark.parametrize("text", ["", "13%", "12345678", "2024-03-19", "1.2.3", "1,23.45", "¥", "肆拾", "12.345"])
def test_other_runs_are_no_money(text):
    assert money_in(text) is None


@pytest.mark.parametrize("stars", ["***", "**", "**k", "免税", "不征税"])
def test_stars_and_words_mean_no_tax(stars):
    assert tax_in(stars) == "0.00"


@given(
    st.dates(min_value=date(1994, 1, 1), max_value=date(2099, 12, 31)),
    st.sampled_from(["%Y年%m月%d日", "%Y-%m-%d", "%Y %m %d", "%Y%m%d", "%Y/%m/%d", "%Y 年 %m 月 %d 日", "%Y.%m.%d"]),
)
def test_dates_are_read_however_they_are_printed(day, printed):
    assert date_in(day.strftime(printed)) == day.isoformat()


@pytest.mark.parametrize(
    "text", ["2024年13月01日", "20240230", "24117000000965100088", "2024年3月", "2024-01-02 2024-01-03"]
)
def test_what_is_no_date_is_not_guessed(text):
    assert date_in(text) is None


@given(AMOUNTS)
def test_numerals_say_their_amount_in_every_spelling(amount):
    words = capitals_of(amount)
    for spelling in (words, words.replace("元", "圆"), words + "整", "⊗" + words):
        assert says(spelling, amount)


@given(AMOUNTS, AMOUNTS)
def test_numerals_never_say_another_amount(amount, other):
    assert says(capitals_of(amount), other) == (amount == other)


@pytest.mark.parametrize(
    ("printed", "amount"),
    [
        ("肆拾肆圆叁角", "44.30"),
        ("壹仟零柒拾陆元玖角整", "1076.90"),
        ("贰佰叁拾肆圆零伍分", "234.05"),
        ("壹拾圆整", "10.00"),
        ("参万图整", "30000.00"),
        ("（负数）伍佰圆整", "-500.00"),
        ("负伍佰圆整", "-500.00"),
        ("壹仟零叁拾陆万元整", "10360000.00"),
    ],
)
def test_numerals_as_seen_on_faces(printed, amount):
    assert says(printed, Decimal(amount))


def test_a_misread_numeral_is_not_made_to_fit():
    assert not says("贰佰叁拾肆圆零伍分", Decimal("234.50"))
    assert plain("伍仟") != plain("任仟")


def test_numerals_are_told_from_other_runs():
    assert numerals_in("⊗ 肆拾肆圆叁角") == "肆拾肆圆叁角"
    assert numerals_in("(小写)") is None
    assert numerals_in("贰") is None
