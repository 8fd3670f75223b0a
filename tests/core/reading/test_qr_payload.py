"""The payload of the QR code: deviations that occur, and its checksum."""

import re
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.invoice import FieldName, Kind
from core.reading.crc import crc16_arc, crc16_buypass, crc16_modbus
from core.reading.qr_payload import Checksum, payload_of
from sandbox.papers import KINDS, invent


@settings(deadline=None)
@given(st.integers(0, 500), st.sampled_from(KINDS))
def test_an_issued_code_says_what_the_invoice_says(seed, kind):
    paper = invent(seed, kind)
    payload = payload_of(paper.qr_text)
    labels = paper.labels()
    assert payload is not None
    assert payload.checksum is Checksum.CLOSES
    assert payload.kind is Kind(kind)
    assert {name: labels[name.value] for name in payload.values} == payload.values


@settings(deadline=None)  # drawing a paper takes a while on a busy machine
@given(st.integers(0, 200), st.data())
def test_a_changed_digit_breaks_the_checksum(seed, data):
    text = invent(seed).qr_text
    place = data.draw(st.sampled_from([at for at, character in enumerate(text[:-5]) if character.isdigit() and at > 5]))
    other = data.draw(st.sampled_from("0123456789"))
    assume(text[place] != other)
    payload = payload_of(text[:place] + other + text[place + 1 :])
    assert payload is None or payload.checksum is Checksum.DIFFERS


@pytest.mark.parametrize("type_", ["01", "04", "10"])
def test_older_types_carry_the_net(type_):
    payload = payload_of(f"01,{type_},033002000211,83089647,510.68,20200723,16197833567414507415,0000,")
    assert payload
    assert payload.values[FieldName.AMOUNT_EX_TAX] == "510.68"
    assert FieldName.TOTAL not in payload.values


@pytest.mark.parametrize("type_", ["31", "32", "51", "61"])
def test_newer_types_carry_the_total(type_):
    payload = payload_of(f"01,{type_},,24112000000000000001,57,20240602,,")
    assert payload
    assert payload.values[FieldName.TOTAL] == "57.00"
    assert FieldName.AMOUNT_EX_TAX not in payload.values


@pytest.mark.parametrize("type_", ["02", "03", "08", "11", "14", "15", "83", "84", "85", "86"])
def test_types_of_which_no_real_code_was_seen_leave_open_what_their_amount_is(type_):
    payload = payload_of(f"01,{type_},033002000211,83089647,510.68,20200723,,")
    assert payload
    assert payload.unproven == {FieldName.AMOUNT_EX_TAX, FieldName.TOTAL}
    assert {payload.values[name] for name in payload.unproven} == {"510.68"}


def test_a_provinces_own_toll_invoice_has_its_own_grammar():
    payload = payload_of("132052300111,03223884,28.00,2025-10-24,91110108MA0000000X")
    assert payload
    assert payload.kind is Kind.TOLL_LOCAL_E
    assert payload.values == {
        FieldName.CODE: "132052300111",
        FieldName.NUMBER: "03223884",
        FieldName.TOTAL: "28.00",
        FieldName.DATE: "2025-10-24",
    }
    assert payload.checksum is Checksum.ABSENT


def test_a_reprint_has_dashes_in_its_date_and_no_checksum():
    payload = payload_of("01,32,,25127000000000000001,742.93,2025-12-29,,")
    assert payload
    assert payload.values[FieldName.DATE] == "2025-12-29"
    assert payload.checksum is Checksum.ABSENT


def test_blanks_nul_and_short_lower_case_checksums_are_read():
    before = "01,32, ,24127000000000000001,37.73,20240603, ,"
    checksum = f"{crc16_arc(before.encode()):x}"
    payload = payload_of(f"{before}{checksum}\0")
    assert payload
    assert payload.checksum is Checksum.CLOSES
    assert FieldName.CODE not in payload.values


def test_rail_has_its_own_checksum_and_the_pilot_six_parts():
    before = "01,51,,25329166000000000001,14.00,20251226,,"
    payload = payload_of(f"{before}{crc16_modbus(before.encode()):04x}")
    assert payload
    assert payload.checksum is Checksum.CLOSES
    pilot = payload_of("01,10,22119230000000000011,45.28,20220317,6026")
    assert pilot
    assert pilot.values[FieldName.NUMBER] == "22119230000000000011"


def test_a_fiscal_code_is_read_without_a_checksum():
    payload = payload_of("CZ-EI-00,1.1.0,00010126,0010000000,b05e2a,20260609,90.00")
    assert payload
    assert payload.kind is Kind.FISCAL
    assert payload.values[FieldName.TOTAL] == "90.00"
    assert payload.checksum is Checksum.ABSENT


@pytest.mark.parametrize(
    "text", ["", "https://example.com/pay", "01,32", "030202211090020943", "01,32,,123,1.00,20240101,,",
     "01,10,12,83089647,1.00,20240101,,", "01,32,,２４117000000000000001,1.00,20240101,,", "132052300111,1234,1.00,2024-01-01",
     "CZ-EI-00,1.1.0,1,0010000000,b05e2a,20260609,90.00"]
)  # fmt: skip
def test_other_codes_are_passed_over(text):
    assert payload_of(text) is None


PARTS = st.one_of(
    st.text(max_size=22),
    st.text("0123456789", max_size=22),
    st.sampled_from(
        ["", "01", "10", "15", "32", "61", "033002000211", "83089647", "24112000000000000001", "510.68", "57", "1e5", "NaN", "-1",
         "0.001", "20200723", "2025-12-29", "20200231", "16197833567414507415", "CZ-EI-00", "1.1.0", "00010126", "0010000000", "b05e2a"]
    ),
)  # fmt: skip


@given(st.lists(PARTS, max_size=10).map(",".join))
def test_any_text_is_refused_or_says_valid_values_only(text):
    payload = payload_of(text)
    for name, value in payload.values.items() if payload else ():
        assert re.fullmatch(
            {
                FieldName.CODE: r"[0-9]{8}|[0-9]{10}|[0-9]{12}",
                FieldName.NUMBER: r"[0-9]{8}|[0-9]{10}|[0-9]{20}",
                FieldName.CHECK_CODE: r"[0-9]{20}|[0-9a-zA-Z]{5,6}",
                FieldName.TOTAL: r"-?[0-9]+\.[0-9]{2}",
                FieldName.AMOUNT_EX_TAX: r"-?[0-9]+\.[0-9]{2}",
                FieldName.DATE: r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
            }[name],
            value,
        )
        if name is FieldName.DATE:
            date.fromisoformat(value)
    assert payload is None or payload.unproven <= {FieldName.TOTAL, FieldName.AMOUNT_EX_TAX}


@pytest.mark.parametrize("amount", ["NaN", "1e5", "Infinity", "0.001", "１.00", " ", "1_0"])
def test_an_amount_that_is_none_is_left_out(amount):
    payload = payload_of(f"01,32,,24112000000000000001,{amount},20240602,,")
    assert payload
    assert payload.values.keys() == {FieldName.NUMBER, FieldName.DATE}


def test_the_published_check_value_of_each_algorithm():
    assert crc16_buypass(b"123456789") == 0xFEE8
    assert crc16_modbus(b"123456789") == 0x4B37
    assert crc16_arc(b"123456789") == 0xBB3D


@pytest.mark.parametrize("amount", ["1E9999999", "9e99", "NaN", "Infinity", "1" * 40, "12 34"])
def test_an_amount_that_is_not_plain_digits_is_left_out(amount):
    payload = payload_of(f"01,32,,26312000000123456789,{amount},20261102,,1A2B")
    assert FieldName.TOTAL not in payload.values
    assert payload.values[FieldName.NUMBER] == "26312000000123456789"
