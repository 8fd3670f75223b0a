"""A1–A7."""

import pytest

from core.checks import sums
from core.invoice import ItemLine, Kind
from tests.core.checks.samples import facts, outcome

PICTURE = {"original": False}


def lines(*rows):
    return tuple(ItemLine("*文具*中性笔", amount, rate, tax) for amount, rate, tax in rows)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "passed"),
        ({"amount_ex_tax": "510.68", "tax": "15.32", "total": "526.00"}, "passed"),
        ({"amount_ex_tax": "510.68", "tax": "15.32", "total": "536.00"}, "A1 block"),
        ({"total": "475.81"}, "A1 block"),
        ({"total": "475.81", "unsure": ("total",)}, "A1 warn"),
        ({"total": "475.81", "unsure": ("amount_ex_tax",)}, "A1 warn"),
        ({"amount_ex_tax": "-448.87", "tax": "-26.93", "total": "-475.80"}, "passed"),
        ({"kind": Kind.AIR_ITINERARY}, "skipped"),
        ({"tax": None}, "skipped"),
    ],
)
def test_a1_parts_make_the_total(given, expected):
    assert outcome(sums.parts_make_the_total, facts(**given)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"lines": lines(("400.00", "6%", "24.00"), ("48.87", "6%", "2.93"))}, "passed"),
        ({"lines": lines(("500.00", "6%", "30.00"), ("-51.13", "6%", "-3.07"))}, "passed"),
        ({"lines": lines(("400.01", "6%", "24.00"), ("48.87", "6%", "2.93"))}, "passed"),
        ({"lines": lines(("400.03", "6%", "24.00"), ("48.87", "6%", "2.93"))}, "A2 warn"),
        ({"lines": lines(*[("44.88", "6%", "2.70")] * 10)}, "A2 warn"),
        ({"lines": lines(("448.87", "6%", "27.93"))}, "A2 warn"),
        ({"lines": lines(("448.87", "免税", None))}, "passed"),
        ({"lines": lines(("448.87", None, None), (None, None, None))}, "skipped"),
        ({"lines": lines(("400.00", "6%", "24.00")), **PICTURE}, "skipped"),
        ({"lines": lines(("NaN", "6%", "Infinity"))}, "skipped"),
        ({"lines": ()}, "skipped"),
    ],
)
def test_a2_lines_make_the_sums(given, expected):
    assert outcome(sums.lines_make_the_sums, facts(**given)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"lines": lines(("100.00", "6%", "6.00"))}, "passed"),
        ({"lines": lines(("8211.50", "13%", "1067.50"))}, "passed"),
        ({"lines": lines(("100.00", "6%", "6.06"))}, "passed"),
        ({"lines": lines(("100.00", "6%", "6.50"))}, "A3 warn"),
        ({"lines": lines(("100.00", "6%", "6.00"), ("10.00", "13%", "6.00"))}, "A3 warn"),
        ({"lines": lines(("198.04", "***", "1.96"))}, "skipped"),
        ({"lines": lines(("100.00", "6%", "6.50")), **PICTURE}, "skipped"),
        ({"lines": ()}, "skipped"),
    ],
)
def test_a3_line_tax_fits(given, expected):
    assert outcome(sums.line_tax_fits, facts(**given)) == expected


@pytest.mark.parametrize(
    ("day", "rate", "expected"),
    [
        ("2026-08-14", "13%", "passed"),
        ("2026-08-14", "6%", "passed"),
        ("2026-08-14", "8%", "A4 warn"),
        ("2026-08-14", "17%", "A4 warn"),
        ("2026-08-14", "1%", "passed"),
        ("2027-12-31", "1%", "passed"),
        ("2028-01-01", "1%", "A4 warn"),
        ("2020-02-29", "1%", "A4 warn"),
        ("2020-03-01", "1%", "passed"),
        ("2026-08-14", "1.5%", "passed"),
        ("2019-03-31", "16%", "passed"),
        ("2019-04-01", "16%", "A4 warn"),
        ("2019-03-31", "13%", "A4 warn"),
        ("2018-04-30", "17%", "passed"),
        ("2018-05-01", "17%", "A4 warn"),
        ("2017-06-30", "13%", "passed"),
        ("2017-07-01", "13%", "A4 warn"),
        ("2017-07-01", "11%", "passed"),
        ("2026-08-14", "0%", "skipped"),
        ("2026-08-14", "免税", "skipped"),
        (None, "13%", "skipped"),
    ],
)
def test_a4_rate_is_lawful(day, rate, expected):
    assert outcome(sums.rate_is_lawful, facts(date=day, lines=lines(("100.00", rate, None)))) == expected


def test_a4_believes_a_camera_only_where_the_tax_confirms_the_rate():
    misread = facts(lines=lines(("100.00", "8%", "6.00")), **PICTURE)
    confirmed = facts(lines=lines(("100.00", "8%", "8.00")), **PICTURE)
    assert outcome(sums.rate_is_lawful, misread) == "skipped"
    assert outcome(sums.rate_is_lawful, confirmed) == "A4 warn"


@pytest.mark.parametrize(
    ("words", "total", "expected"),
    [
        ("肆佰柒拾伍圆捌角整", "475.80", "passed"),
        ("⊗肆拾肆圆叁角", "44.30", "passed"),
        ("贰佰叁拾肆圆零伍分", "234.05", "passed"),
        ("壹仟零柒拾陆元玖角整", "1076.90", "passed"),
        ("壹拾圆整", "10.00", "passed"),
        ("壹拾万柒仟元整", "107000.00", "passed"),
        ("（负数）伍佰圆整", "-500.00", "passed"),
        ("肆佰柒拾伍园捌角整", "475.80", "passed"),
        ("肆佰柒拾伍圆捌角整", "478.50", "A5 block"),
        ("壹佰圆整", "1000.00", "A5 block"),
        ("壹佰圆整", "99999999999999999.99", "A5 block"),
        (None, "475.80", "skipped"),
        ("壹佰圆整", None, "skipped"),
    ],
)
def test_a5_words_say_the_total(words, total, expected):
    assert outcome(sums.words_say_the_total, facts(total_cn=words, total=total)) == expected


@pytest.mark.parametrize("unsure", [("total",), ("total_cn",), ("total", "total_cn")])
def test_a5_may_be_a_misreading_of_a_picture(unsure):
    given = facts(total_cn="壹佰圆整", total="1000.00", unsure=unsure)
    assert outcome(sums.words_say_the_total, given) == "A5 warn"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"total": "14.00", "tax": "1.16"}, "passed"),
        ({"total": "10.00", "tax": "0.57"}, "passed"),
        ({"total": "14.00", "tax": "1.26"}, "A6 warn"),
        ({"total": "14.00", "tax": None}, "skipped"),
        ({"total": "14.00", "tax": "1.26", "kind": Kind.DIGITAL_ORDINARY}, "skipped"),
    ],
)
def test_a6_rail_tax_fits(given, expected):
    assert outcome(sums.rail_tax_fits, facts(**{"kind": Kind.RAIL_ETICKET} | given)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "passed"),
        ({"total": "0.00"}, "passed"),
        ({"total": "-475.80"}, "A7 block"),
        ({"total": "-475.80", "unsure": ("total",)}, "A7 warn"),
        ({"total": None}, "skipped"),
    ],
)
def test_a7_red_invoices_are_not_claimed(given, expected):
    assert outcome(sums.not_red, facts(**given)) == expected
