"""What people type, in forms and in replies."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.actions import Input
from core.entered import entered
from core.errors import NotUnderstood
from core.invoice import FieldName
from core.money import amount_from
from core.reply import Correction, correction_from


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("128.50", "128.50"),
        ("１２８．５０元", "128.50"),
        ("¥ 1,234.5", "1234.50"),
        ("￥475.80", "475.80"),
        ("475。80", "475.80"),
        ("人民币 12 元", "12.00"),
        ("0.01", "0.01"),
    ],
)
def test_amounts_people_type_are_understood(typed, amount):
    assert amount_from(typed) == Decimal(amount)


@pytest.mark.parametrize(
    "typed", ["", "abc", "1e400", "1.2.3", "12,34.5", "1.005", "∞", "NaN", "9" * 40, "12 34", "=1+1"]
)
def test_nonsense_is_no_amount(typed):
    assert amount_from(typed) is None


@given(st.decimals(min_value=0, max_value=Decimal("999999999.99"), places=2))
def test_every_amount_we_print_is_understood_again(amount):
    assert amount_from(f"¥{amount:,.2f}") == amount


@given(st.text())
def test_no_text_breaks_the_reading_of_amounts(text):
    amount = amount_from(text)
    assert amount is None or amount == amount.quantize(Decimal("0.01"))


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        (FieldName.TOTAL, "１２８．５０元", "128.50"),
        (FieldName.DATE, "2026年8月14日", "2026-08-14"),
        (FieldName.DATE, "20260814", "2026-08-14"),
        (FieldName.DATE, "2026/8/4", "2026-08-04"),
        (FieldName.NUMBER, "2611 2000 0000 1234 5678", "26112000000012345678"),
        (FieldName.BUYER_TAX_ID, "91350200664711147g", "91350200664711147G"),
    ],
)
def test_a_typed_field_is_kept_in_canonical_form(field, typed, value):
    assert entered(field, typed) == value


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (FieldName.TOTAL, "很多"),
        (FieldName.TOTAL, "0"),
        (FieldName.TOTAL, "-5"),
        (FieldName.TAX, "1e400"),
        (FieldName.DATE, "2026-13-40"),
        (FieldName.DATE, "明天"),
        (FieldName.NUMBER, "123"),
        (FieldName.CODE, "abcdefghij"),
        (FieldName.SELLER_TAX_ID, "91"),
        (FieldName.SELLER_NAME, " "),
        (FieldName.SELLER_NAME, "x" * 3000),
    ],
)
def test_nonsense_in_a_field_is_refused_by_name(field, typed):
    with pytest.raises(NotUnderstood) as caught:
        entered(field, typed)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("reply", "correction"),
    [
        ("金额 128.50", Correction(FieldName.TOTAL, "128.50")),
        ("金额128.50", Correction(FieldName.TOTAL, "128.50")),
        ("金额：128.50元", Correction(FieldName.TOTAL, "128.50元")),
        ("total 128.50", Correction(FieldName.TOTAL, "128.50")),
        ("Total: 128.50", Correction(FieldName.TOTAL, "128.50")),
        ("日期 2026-11-03", Correction(FieldName.DATE, "2026-11-03")),
        ("date 2026-08-14", Correction(FieldName.DATE, "2026-08-14")),
        ("类别 差旅", Correction(Input.CATEGORY, "差旅")),
        ("不含税金额 100", Correction(FieldName.AMOUNT_EX_TAX, "100")),
        ("buyer tax id 91350200664711147G", Correction(FieldName.BUYER_TAX_ID, "91350200664711147G")),
        ("金额是 128.50", Correction(FieldName.TOTAL, "128.50")),
    ],
)
def test_a_reply_corrects_a_field(reply, correction):
    assert correction_from(reply) == correction


@pytest.mark.parametrize("reply", ["", "谢谢", "好的", "这张不对", "totally 5", "128.50", "金额"])
def test_other_replies_correct_nothing(reply):
    assert correction_from(reply) is None


@given(st.text())
def test_no_reply_breaks_the_reader(reply):
    correction_from(reply)


@pytest.mark.parametrize(("typed", "code"), [("eur", "EUR"), ("美元", "USD"), ("RM", "MYR"), ("人民币", "CNY")])
def test_currencies_people_type(typed, code):
    assert entered(FieldName.CURRENCY, typed) == code


def test_what_is_no_currency():
    with pytest.raises(NotUnderstood):
        entered(FieldName.CURRENCY, "ABC")


def test_numbers_from_elsewhere_have_any_form():
    assert entered(FieldName.NUMBER, "inv-100/7", abroad=True) == "INV-100/7"
    with pytest.raises(NotUnderstood):
        entered(FieldName.NUMBER, "inv-100/7")
