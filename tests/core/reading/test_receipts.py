"""Receipts and invoices from elsewhere: dates, amounts, labels, places, and whole slips of invented shops."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.invoice import Box, FieldName, FieldState, Kind, ReadInvoice, Source, questions
from core.reading.elsewhere.amounts import amounts_in
from core.reading.elsewhere.dates import Order, dates_in, shared_order
from core.reading.elsewhere.places import place_of
from core.reading.elsewhere.receipt import read_receipt
from core.reading.elsewhere.roles import Role, role_of
from core.reading.evidence import Evidence, weigh
from core.reading.families import read_face
from core.reading.kinds import kind_of, screen_of
from core.reading.layout import Page, page, word

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
AMOUNTS = st.decimals(Decimal("0.01"), Decimal("9999999.99"), places=2)


def slip(text: str, source: Source = Source.RAPIDOCR) -> Page:
    """A page as an engine sees it: one run of words at the left, one at the right after two spaces or more."""
    words = []
    lines = [line.strip() for line in text.strip().splitlines()]
    for row, line in enumerate(lines):
        top, bottom = row / len(lines), (row + 0.8) / len(lines)
        left, _, right = line.partition("  ")
        words.append(word(left, Box(0.05, top, 0.55, bottom), 0.99))
        if right.strip():
            words.append(word(right, Box(0.7, top, 0.95, bottom), 0.99))
    return page(words, source)


def read(text: str) -> dict[str, str]:
    return {name.value: seen.value for name, seen in read_receipt(slip(text)).fields.items()}


def weighed(text: str, *, second: dict[FieldName, str] | None = None) -> ReadInvoice:
    """The slip with what a second engine saw."""
    face = slip(text)
    kind = kind_of(face, None)
    sighting = read_face(face, kind)
    seen = {
        name: (first, *([type(first)(second[name], Source.TESSERACT)] if second and name in second else []))
        for name, first in sighting.fields.items()
    }
    evidence = Evidence(kind, seen, doubts=sighting.doubts, closings=sighting.closings, confirmed=sighting.confirmed)
    return ReadInvoice(1, kind, *_fields(evidence), details=sighting.details)


def _fields(evidence: Evidence):
    fields, findings = weigh(evidence)
    return fields, (), findings


# Dates


@given(DAYS)
def test_a_day_written_in_any_order_is_among_its_readings(day):
    for written, order in (
        (f"{day:%d/%m/%Y}", Order.DMY),
        (f"{day:%m/%d/%Y}", Order.MDY),
        (f"{day:%Y-%m-%d}", Order.YMD),
    ):
        (printed,) = dates_in(f"DATE : {written} 14:03")
        assert printed.day(order) == day


@given(DAYS)
def test_a_day_that_two_orders_make_different_days_of_has_no_day_without_one(day):
    (printed,) = dates_in(f"{day:%d/%m/%Y}")
    open_order = day.day <= 12 and day.day != day.month
    assert (printed.day(None) is None) == open_order


@given(DAYS, st.sampled_from(["%d %b %Y", "%d%b%y", "%B %d, %Y", "%b-%d-%Y", "%d. %B %Y"]))
def test_a_month_by_name_leaves_nothing_open(day, written):
    (printed,) = dates_in(day.strftime(written))
    assert printed.days == (day,)


@given(st.text(max_size=60))
def test_any_text_gives_dates_that_exist_inside_it(text):
    for printed in dates_in(text):
        assert 0 <= printed.start < printed.end <= len(text)
        assert all(2000 <= day.year < 2100 for day in printed.days)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("22/12/201714:03", "2017-12-22"),
        ("5. März 2024", "2024-03-05"),
        ("JEUDI 21 MARS 2024 19:52", "2024-03-21"),
        ("21 de mayo de 2022", "2022-05-21"),
        ("14 Dec'23 17:33", "2023-12-14"),
        ("107年03月05日", "2018-03-05"),
        ("2018年3月5日", "2018-03-05"),
    ],
)
def test_dates_as_they_are_printed(text, day):
    (printed,) = dates_in(text)
    assert printed.days == (date.fromisoformat(day),)


@pytest.mark.parametrize("text", ["Tel 01.45.67.02.27", "03-55423213", "4111 1111 1111 1111", "12.50", "31/02/2024"])
def test_what_is_no_date(text):
    assert dates_in(text) == ()


def test_a_date_that_reads_one_way_shows_the_order_of_the_others():
    assert shared_order(dates_in("12/25/2019")) is Order.MDY
    assert shared_order(dates_in("25/12/2019 12/25/2019")) is None
    assert shared_order(dates_in("2019-12-25")) is None


# Amounts


@given(AMOUNTS)
def test_an_amount_is_the_same_in_every_writing(amount):
    english = f"{amount:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    for written in (
        english,
        german,
        german.replace(".", " "),
        english.replace(",", "'"),
        f"RM{english}",
        f"{german} €",
    ):
        (found,) = amounts_in(written)
        assert (found.value, found.cents) == (amount, True)


@given(st.integers(1, 9_999_999))
def test_yen_have_no_decimals(amount):
    (found,) = amounts_in(f"¥{amount:,}")
    assert (found.value, found.cents, found.sign) == (amount, False, "¥")


@given(st.text(max_size=60))
def test_any_text_gives_amounts_inside_it(text):
    for found in amounts_in(text):
        assert 0 <= found.start < found.end <= len(text)
        assert found.value == found.value.copy_abs() or found.value < 0


@pytest.mark.parametrize("text", ["14:03", "22/12/2017", "6%", "#12", "20.10.2018"])
def test_what_is_no_amount(text):
    assert amounts_in(text) == ()


def test_one_decimal_is_not_trusted_as_money():
    (found,) = amounts_in("51.4")
    assert not found.is_money


# Labels and places


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("TOTAL", Role.TOTAL), ("Grand Total", Role.DUE), ("Summe", Role.TOTAL), ("zu zahlen", Role.DUE), ("Total TTC", Role.DUE),
        ("SUB-TOTAL", Role.SUBTOTAL), ("Zwischensumme", Role.SUBTOTAL), ("Total (Excluding GST)", Role.NET), ("Total HT", Role.NET),
        ("Sales Tax", Role.TAX), ("inkl. MwSt", Role.TAX), ("TVA 10,00%", Role.TAX), ("Total Qty", Role.COUNT), ("CHANGE DUE", Role.CHANGE),
        ("Rückgeld", Role.CHANGE), ("CASH", Role.TENDERED), ("VISA", Role.TENDERED), ("Rounding Adj", Role.ROUNDING),
        ("Total amt rounded", Role.DUE), ("Gratuity", Role.TIP), ("10% Service Charge", Role.TIP), ("Discount", Role.DISCOUNT), ("合计", Role.TOTAL),
        ("找零", Role.CHANGE), ("应付", Role.DUE), ("Customer", None), ("TAXI to airport", None), ("Coffee", None),
    ],
)  # fmt: skip
def test_labels(label, role):
    assert role_of(label) is role


@pytest.mark.parametrize(
    ("lines", "country", "currency", "order"),
    [
        (["Blue Door Sdn Bhd", "Jalan Bulan 3, Selangor", "TOTAL RM 12.00"], "MY", "MYR", Order.DMY),
        (["Blue Door Diner", "12 Elm St, Reno, NV 89501", "Sales Tax $1.00", "Total $9.00"], "US", "USD", Order.MDY),
        (["Blue Door", "Vancouver, BC V6B 1A1", "GST/HST 1", "Total $9.00"], "CA", "CAD", None),
        (["Blaue Tür GmbH", "10115 Berlin", "Summe 9,00 €", "MwSt"], "DE", "EUR", Order.DMY),
        (["Porte Bleue", "75011 Paris", "Total TTC 9,00 €", "TVA"], "FR", "EUR", Order.DMY),
        (["Blå dörren AB", "Stockholm", "Totalt 90,00 kr", "moms"], "SE", "SEK", Order.DMY),
        (["蓝门餐厅", "欢迎光临", "应收: 90.00", "谢谢惠顾"], "CN", "CNY", None),
        (["藍門餐廳", "香港九龍彌敦道", "Total HK$90.00"], "HK", "HKD", Order.DMY),
        (["Total $9.00"], None, None, None),
    ],
)
def test_where_a_receipt_is_from(lines, country, currency, order):
    place = place_of(lines)
    assert (place.country, place.currency, place.order(short=False)) == (country, currency, order)


# Whole slips

MALAYSIAN = """
BLUE DOOR HARDWARE SDN BHD (123456-X)
NO. 3, JALAN BULAN, SELANGOR
TAX INVOICE
INVOICE NO : CS00042
DATE : 09/02/2018 14:03
PADLOCK  24.00
SUBTOTAL  22.64
GST 6%  1.36
TOTAL RM  24.00
CASH  50.00
CHANGE  26.00
"""
AMERICAN = """
Blue Door Diner
12 Elm St, Reno, NV 89501
10/09/2019 8:56 AM
Pancakes  43.23
Subtotal  $43.23
Sales Tax  $3.57
Gratuity  $9.35
Total  $56.15
"""


def test_cash_and_change_are_not_the_total():
    assert read(MALAYSIAN) == {
        "seller_name": "BLUE DOOR HARDWARE SDN BHD", "number": "CS00042", "date": "2018-02-09", "currency": "MYR",
        "amount_ex_tax": "22.64", "tax": "1.36", "total": "24.00",
    }  # fmt: skip


def test_a_tip_stands_between_tax_and_total_and_dates_in_america_begin_with_the_month():
    found = read(AMERICAN)
    assert (found["date"], found["total"], found["tax"], found["currency"]) == ("2019-10-09", "56.15", "3.57", "USD")
    assert read_receipt(slip(AMERICAN)).details == {"other_charges": "9.35"}


def test_what_was_rounded_is_the_total():
    found = read(
        "Kedai Bulan Sdn Bhd\nSelangor\nTOTAL INCL GST  42.48\nROUNDING ADJ  0.02\nTOTAL RM  42.50\nCASH  42.50"
    )
    assert found["total"] == "42.50"


def test_discounts_and_commas():
    found = read(
        "Blaue Tür GmbH\n10115 Berlin\nDatum 05.03.2024\nZwischensumme  1.250,00 €\nRabatt  -50,00 €\nSumme  1.200,00 €"
    )
    assert (found["total"], found["date"], found["currency"]) == ("1200.00", "2024-03-05", "EUR")


def test_a_receipt_whose_sum_closes_asks_only_what_is_open():
    reading = weighed(MALAYSIAN)
    assert reading.kind is Kind.FOREIGN_INVOICE
    assert questions(reading) == (FieldName.DATE,)
    assert questions(weighed(MALAYSIAN, second={FieldName.DATE: "2018-02-09"})) == ()


def test_a_sum_proves_nothing_when_the_second_reader_sees_another_total():
    reading = weighed(MALAYSIAN, second={FieldName.TOTAL: "24.80"})
    assert reading.fields[FieldName.TOTAL].state is FieldState.READ


def test_a_date_of_unknown_order_is_asked_whoever_reads_it():
    text = "Blue Door\n12/11/2019 10:00\nTotal  $9.00"
    reading = weighed(text, second={FieldName.DATE: "2019-11-12", FieldName.TOTAL: "9.00"})
    assert reading.fields[FieldName.DATE].state is FieldState.READ
    assert reading.fields[FieldName.DATE].reason is not None
    assert "order of day and month" in reading.fields[FieldName.DATE].reason.text


def test_another_date_of_the_page_can_show_the_order():
    text = "Blue Door\n12/11/2019 10:00\nTotal  $9.00\nOffer ends 12/25/2019"
    assert read(text)["date"] == "2019-12-11"


def test_room_for_a_tip_is_asked_about():
    text = AMERICAN.replace("Gratuity  $9.35", "Tip").replace("56.15", "46.80")
    reading = weighed(text, second={FieldName.TOTAL: "46.80"})
    assert reading.fields[FieldName.TOTAL].state is FieldState.READ


def test_two_amounts_called_the_total_are_asked_about():
    reading = weighed("Blue Door\nReno, NV 89501\nTotal  $9.00\nTotal  $7.00", second={FieldName.TOTAL: "9.00"})
    assert reading.fields[FieldName.TOTAL].state is FieldState.READ


@pytest.mark.parametrize(
    "named", ["Base imponible  5.73", "Subtotal  9.00", "VISA  9.00", "Amount  9.00", "Coffee  3.50\nTotal  9"]
)
def test_what_is_not_plainly_the_total_is_verified_by_nobody(named):
    reading = weighed(f"Blue Door\nReno, NV 89501\n{named}", second={FieldName.TOTAL: "9.00"})
    field = reading.fields.get(FieldName.TOTAL)
    assert field is None or field.state is not FieldState.VERIFIED


def test_a_shared_sign_without_a_country_names_no_currency():
    reading = weighed("Blue Door\n12 Dec 2019\nTotal  $9.00", second={FieldName.TOTAL: "9.00"})
    assert reading.fields[FieldName.CURRENCY].state is FieldState.MISSING
    assert FieldName.CURRENCY in questions(reading)


# What it is


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (MALAYSIAN, Kind.FOREIGN_INVOICE),
        ("蓝门餐厅朝外店\n桌号:7\n收银员:甲\n2018-10-06 12:30\n合计:116.00\n现金:200.00\n找零:84.00", Kind.TILL_SLIP),
        ("蓝门便利店\n收银小票\n扫码开具增值税电子普通发票\n实收 12.00", Kind.TILL_SLIP),
        (
            "滴滴出行-行程单\n申请日期:2024-03-01\n行程起止日期:2024-02-01至2024-02-28\n共3笔行程,合计120.00元",
            Kind.RIDE_ITINERARY,
        ),
        ("支付成功\n¥35.00\n收款方 蓝门便利店\n交易单号 4200001", Kind.NOT_INVOICE),
        ("订单详情\n订单编号 123456\n商品总额 ¥35.00\n实付款 ¥35.00\n收货地址", Kind.NOT_INVOICE),
        ("Dear team\nplease meet at 10\nbring 12.50 for lunch", Kind.NOT_INVOICE),
        ("中央非税收入统一票据\n票据代码:00010124\n票据号码:0010925600", Kind.FISCAL),
    ],
)
def test_every_page_is_named_as_what_it_is(text, kind):
    assert kind_of(slip(text), None) is kind


def test_screens_are_told_apart():
    assert screen_of(slip("支付成功\n¥35.00")) == "payment"
    assert screen_of(slip("订单编号 123456\n实付款 ¥35.00")) == "order"
    assert screen_of(slip(MALAYSIAN)) is None


def test_a_till_slip_is_read_and_asks_nothing():
    reading = weighed("蓝门餐厅朝外店\n收银员:甲\n2018-10-06 12:30\n合计:116.00\n现金:200.00\n找零:84.00")
    assert {name: reading.value(name) for name in (FieldName.DATE, FieldName.TOTAL, FieldName.CURRENCY)} == {
        FieldName.DATE: "2018-10-06",
        FieldName.TOTAL: "116.00",
        FieldName.CURRENCY: "CNY",
    }
    assert questions(reading) == ()


@given(st.lists(st.text(max_size=20), min_size=1, max_size=12))
def test_any_page_is_read_without_a_fault(lines):
    sighting = read_receipt(slip("\n".join(lines) or "x"))
    for name in (FieldName.TOTAL, FieldName.TAX, FieldName.AMOUNT_EX_TAX):
        if name in sighting.fields:
            assert Decimal(sighting.fields[name].value) >= 0
    if FieldName.DATE in sighting.fields:
        assert date.fromisoformat(sighting.fields[FieldName.DATE].value) > date(1999, 12, 31) + timedelta()


# What generated documents showed


def test_a_discount_below_the_total_makes_what_was_paid_the_total():
    slip_ = """
        松间小馆（杭州店）
        结账单
        日期：2026-05-14 20:09:53
        桂花藕片  174.00
        合计：  174.00
        优惠：  -5.00
        实收：  169.00
        现金：  169.00
    """
    assert read(slip_)["total"] == "169.00"
    assert weighed(slip_, second={FieldName.TOTAL: "174.00"}).fields[FieldName.TOTAL].state is not FieldState.VERIFIED


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Maple Street Deli\n120 Willow St\nNew York, NY 10012\nTotal  $18.00", "Maple Street Deli"),
        ("Oxford Street\nHeron Cafe\nTotal  £18.00", "Heron Cafe"),
        (
            "Rowan Research Ltd  INVOICE\n9 Example Wharf, Singapore\nBill to:\nMorningstar Co., Ltd.\nTotal due  S$18.00",
            "Rowan Research Ltd",
        ),
    ],
)
def test_the_merchant_is_neither_a_street_nor_who_pays(text, name):
    assert read(text)["seller_name"] == name
