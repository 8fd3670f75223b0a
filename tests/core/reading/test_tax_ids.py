"""Tax identifiers: check digits, and what they cannot see."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.reading.tax_ids import Closing, closing, repaired, tax_id_in
from sandbox.papers import tax_id

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
IDS = st.builds(tax_id, st.sampled_from(["110108", "310115", "440305", "510107"]), st.text(min_size=1, max_size=8))


@given(IDS)
def test_an_id_closes_twice(value):
    assert closing(value) is Closing.TWICE


@given(IDS, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_single_misread_character_is_seen(value, place, other):
    assume(value[place] != other)
    assert closing(value[:place] + other + value[place + 1 :]) is Closing.NO


@given(IDS, st.integers(2, 17))
def test_letters_the_alphabet_lacks_are_the_digits_they_look_like(value, place):
    alike = {"0": "O", "1": "I", "2": "Z", "5": "S"}
    assume(value[place] in alike)
    assert tax_id_in(value[:place] + alike[value[place]] + value[place + 1 :]) == value


def test_a_repair_is_offered_only_when_it_is_the_only_one():
    value = tax_id("110108", "北京")
    assert "8" in value
    broken = value.replace("8", "B", 1)
    assert repaired(broken) in (value, None)
    assert repaired("91" + "0" * 16) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("440101732976324", "440101732976324"),
        (" 9111 0108 MA01 ", None),
        ("91110108ma0000000x", "91110108MA0000000X"),
        ("地址、电话", None),
        ("661545422738", None),
        ("ABCDEFGHIJKLMNOPQR", None),
    ],
)
def test_shapes(text, value):
    assert tax_id_in(text) == value


def test_other_shapes_have_no_check_digit():
    assert closing("440101732976324") is Closing.UNKNOWN


def test_a_persons_id_closes_once():
    assert closing("11010519491231002X") is Closing.ONCE  # the example of GB 11643


@given(st.one_of(st.text(max_size=24), st.text(ALPHABET + "OIZSV", min_size=14, max_size=21), IDS))
def test_any_run_is_an_id_of_a_known_length_or_none(text):
    value = tax_id_in(text)
    if value is not None:
        assert len(value) in (15, 17, 18, 20)
        assert value.isascii()
        assert value.isalnum()
        assert tax_id_in(value) == value
        assert repaired(value) is None or closing(repaired(value)) is Closing.TWICE


@given(IDS)
def test_an_id_is_read_back(value):
    assert tax_id_in(f" {value[:6]} {value[6:].lower()} ") == value
