"""D1–D4."""

from datetime import date

import pytest

from core.checks import days
from core.invoice import Kind
from tests.core.checks.samples import facts, outcome


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"date": "2026-11-24"}, "passed"),
        ({"date": "2026-11-25"}, "passed"),
        ({"date": "2026-11-26"}, "D1 block"),
        ({"date": "2026-11-26", "unsure": ("date",)}, "D1 warn"),
        ({"date": None}, "skipped"),
    ],
)
def test_d1_not_in_the_future(given, expected):
    assert outcome(days.not_in_the_future, facts(**given)) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-24", "passed"),
        ("2026-08-26", "passed"),
        ("2026-08-25", "D2 note"),
        ("2025-11-24", "D2 note"),
        ("2025-11-23", "D2 warn"),
        (None, "skipped"),
    ],
)
def test_d2_age(day, expected):
    assert outcome(days.not_too_old, facts(date=day)) == expected


@pytest.mark.parametrize(
    ("day", "today", "expected"),
    [
        ("2026-01-01", date(2026, 12, 31), "passed"),
        ("2025-12-31", date(2026, 2, 1), "D3 note"),
        ("2025-12-31", date(2026, 5, 31), "D3 note"),
        ("2025-12-31", date(2026, 6, 1), "D3 warn"),
        ("2024-12-31", date(2026, 2, 1), "D3 warn"),
        ("2027-01-01", date(2026, 12, 31), "skipped"),
        (None, date(2026, 2, 1), "skipped"),
    ],
)
def test_d3_its_year(day, today, expected):
    assert outcome(days.in_its_year, facts(date=day, today=today)) == expected


@pytest.mark.parametrize(
    ("kind", "day", "expected"),
    [
        (Kind.TRAIN_PAPER, "2025-09-30", "passed"),
        (Kind.TRAIN_PAPER, "2025-11-01", "D4 warn"),
        (Kind.VAT_E_ORDINARY, "2025-12-31", "passed"),
        (Kind.VAT_E_ORDINARY, "2026-01-01", "D4 warn"),
        (Kind.FREIGHT_SPECIAL, "2018-01-01", "D4 warn"),
        (Kind.DIGITAL_ORDINARY, "2026-01-01", "skipped"),
        (Kind.TRAIN_PAPER, None, "skipped"),
    ],
)
def test_d4_kinds_that_ended(kind, day, expected):
    assert outcome(days.of_its_time, facts(kind=kind, date=day)) == expected
