"""N1–N5."""

import pytest

from core.checks import numbers
from core.invoice import Kind
from tests.core.checks.samples import OLD, PERSON_ID, facts, outcome

E_ORDINARY = {"kind": Kind.VAT_E_ORDINARY, **OLD}
SPECIAL = {"kind": Kind.VAT_PAPER_SPECIAL, "code": "4300171130", "number": "02550485", "date": "2018-01-15"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "passed"),
        ({"number": "2611200000001234567"}, "N1 warn"),
        ({"number": "2611200000001234567O"}, "N1 warn"),
        ({"code": "033002000211"}, "N1 warn"),
        (E_ORDINARY, "passed"),
        (E_ORDINARY | {"number": "4875996"}, "N1 warn"),
        (E_ORDINARY | {"code": "0330020002"}, "N1 warn"),
        (SPECIAL, "passed"),
        (SPECIAL | {"code": "430017113012"}, "N1 warn"),
        ({"kind": Kind.DIGITAL_PAPER_ORDINARY}, "passed"),
        ({"kind": Kind.DIGITAL_PAPER_ORDINARY, "number": "12345678", "code": "033002000211"}, "passed"),
        ({"kind": Kind.FISCAL, "code": "00010126", "number": "0010925600"}, "passed"),
        ({"kind": Kind.FISCAL, "number": "00109256"}, "N1 warn"),
        ({"kind": Kind.TRAIN_PAPER, "number": "K051971"}, "skipped"),
        ({"kind": Kind.TILL_SLIP, "number": "17"}, "skipped"),
        ({"number": None}, "skipped"),
    ],
)
def test_n1_length(given, expected):
    assert outcome(numbers.lengths, facts(**given)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "passed"),
        ({"date": "2025-08-14"}, "N2 block"),
        ({"date": "2025-08-14", "unsure": ("date",)}, "N2 warn"),
        ({"date": None}, "skipped"),
        (OLD, "skipped"),
    ],
)
def test_n2_year_of_number(given, expected):
    assert outcome(numbers.year_of_number, facts(**given)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "passed"),
        ({"number": "26772000000012345678"}, "N3 warn"),
        ({"number": "26312000000012345678"}, "N3 note"),
        ({"number": "26952000000012345678", "seller_tax_id": "91440305MA4F7UPC51"}, "passed"),
        ({"number": "26442000000012345678", "seller_tax_id": "91440305MA4F7UPC51"}, "passed"),
        ({"number": "26922000000012345678", "seller_tax_id": "91440305MA4F7UPC51"}, "N3 note"),
        ({"number": "26312000000012345678", "seller_tax_id": "911000007109250324"}, "passed"),
        ({"number": "26312000000012345678", "seller_tax_id": PERSON_ID}, "passed"),
        ({"seller_tax_id": None}, "passed"),
        (OLD, "skipped"),
        ({"number": None}, "skipped"),
    ],
)
def test_n3_region_of_number(given, expected):
    assert outcome(numbers.region_of_number, facts(**given)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (E_ORDINARY, "passed"),
        (E_ORDINARY | {"code": "033002000205"}, "N4 warn"),
        (SPECIAL, "passed"),
        (SPECIAL | {"kind": Kind.VAT_PAPER_ORDINARY}, "N4 warn"),
        (SPECIAL | {"kind": Kind.VAT_PAPER_ORDINARY, "code": "3502182130"}, "N4 warn"),
        ({"kind": Kind.TAXI, "code": "111001681011", "number": "12345678"}, "skipped"),
        ({}, "skipped"),
    ],
)
def test_n4_kind_of_code(given, expected):
    assert outcome(numbers.kind_of_code, facts(**given)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (E_ORDINARY, "passed"),
        (E_ORDINARY | {"date": "2024-03-01"}, "passed"),
        (E_ORDINARY | {"date": "2019-12-31"}, "N5 warn"),
        (SPECIAL | {"date": "2016-12-31"}, "N5 warn"),
        (E_ORDINARY | {"code": "1234"}, "skipped"),
        (E_ORDINARY | {"code": "03300ZZ00211"}, "skipped"),
        ({"kind": Kind.FISCAL, "code": "00010126"}, "skipped"),
        ({}, "skipped"),
    ],
)
def test_n5_year_of_code(given, expected):
    assert outcome(numbers.year_of_code, facts(**given)) == expected
