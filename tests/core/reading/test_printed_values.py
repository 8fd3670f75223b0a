"""Amounts, dates, numerals: what is printed, in canonical form."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reading.amounts import money_in, tax_in
from core.reading.dates import date_in
from core.reading.kinds import plausible_code
from core.reading.labelled import digits
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


PRINTED = st.text("0123456789１２٣.,-/:年月日 ¥￥元圆角分整零壹贰叁拾佰仟万负*%（）()CNY免税", max_size=24)


@given(PRINTED)
def test_a_date_is_one_that_stands_there_or_none(text):
    day = date_in(text)
    if day is not None:
        assert date.fromisoformat(day).isoformat() == day
        assert int(day[:4]) in {int(each) for each in re.findall(r"(?=([0-9]{4}))", text)}
        assert date_in(day) == day


@given(PRINTED)
def test_money_has_two_decimals_and_the_digits_that_stand_there(text):
    money = money_in(text)
    if money is not None:
        assert re.fullmatch(r"-?[0-9]+\.[0-9]{2}", money)
        printed = "".join(re.findall("[0-9]", text)).lstrip("0")
        assert "".join(re.findall("[0-9]", money)).lstrip("0") in (printed, printed + "0")
        assert money_in(money) == money


@given(PRINTED)
def test_numerals_are_one_amount_at_most(text):
    words = numerals_in(text)
    if words is not None:
        assert numerals_in(words) == words
        assert not (says(words, Decimal(10)) and says(words, Decimal(100)))


@given(st.text(max_size=24), st.sampled_from([8, 10, 12, 20]))
def test_codes_and_numbers_are_so_many_digits_and_nothing_else(text, count):
    value = digits(count)(text)
    assert value is None or re.fullmatch(rf"[0-9]{{{count}}}", value)


@given(st.text("0123456789", min_size=8, max_size=20), st.sampled_from(["", " "]))
def test_a_number_is_read_with_its_gaps_or_not_at_all(number, gap):
    spread = gap.join(number[start : start + 5] for start in range(0, len(number), 5))
    assert digits(8, 10, 12, 20)(spread) == (number if len(number) in (8, 10, 12, 20) else None)


@given(st.text(max_size=20))
def test_a_code_names_a_province_and_a_year(text):
    if plausible_code(text):
        assert re.fullmatch(r"[0-9]{10}|[012][0-9]{11}", text)


def test_numerals_are_told_from_other_runs():
    assert numerals_in("⊗ 肆拾肆圆叁角") == "肆拾肆圆叁角"
    assert numerals_in("(小写)") is None
    assert numerals_in("贰") is None
