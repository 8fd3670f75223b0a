"""CK1, K1, K2, U1."""

from dataclasses import replace

import pytest

from core.checks import documents
from core.invoice import Finding, Kind
from tests.core.checks.samples import BLANK, POLICY, facts, outcome


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "passed"),
        ({"seller_name": None}, "CK1 warn"),
        ({"seller_name": None, "original": False}, "CK1 note"),
        ({"seller_name": BLANK}, "CK1 warn"),
        ({"total_cn": None}, "passed"),
        ({"date": None}, "passed"),
        ({"buyer_tax_id": BLANK}, "passed"),
        ({"buyer_tax_id": BLANK, "kind": Kind.DIGITAL_SPECIAL}, "CK1 warn"),
        ({"buyer_tax_id": BLANK, "buyer_name": BLANK, "kind": Kind.RAIL_ETICKET}, "passed"),
        ({"seller_name": BLANK, "kind": Kind.NOT_INVOICE}, "skipped"),
    ],
)
def test_ck1_complete(given, expected):
    assert outcome(documents.is_complete, facts(**given)) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.DIGITAL_ORDINARY, "passed"),
        (Kind.FISCAL, "passed"),
        (Kind.RIDE_ITINERARY, "K1 block"),
        (Kind.TILL_SLIP, "K1 block"),
        (Kind.NOT_INVOICE, "K1 block"),
    ],
)
def test_k1_an_invoice_at_all(kind, expected):
    assert outcome(documents.is_an_invoice, facts(kind=kind)) == expected


@pytest.mark.parametrize(
    ("kind", "original", "expected"),
    [
        (Kind.DIGITAL_ORDINARY, True, "passed"),
        (Kind.DIGITAL_ORDINARY, False, "K2 note"),
        (Kind.VAT_E_ORDINARY, False, "K2 note"),
        (Kind.VAT_PAPER_SPECIAL, False, "skipped"),
        (Kind.DIGITAL_PAPER_SPECIAL, False, "skipped"),
        (Kind.TAXI, False, "skipped"),
    ],
)
def test_k2_picture_of_an_electronic_invoice(kind, original, expected):
    assert outcome(documents.is_the_original, facts(kind=kind, original=original)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [({}, "passed"), ({"seen_elsewhere": "CL-2026-0187"}, "U1 block"), ({"number": None}, "skipped")],
)
def test_u1_seen_before(given, expected):
    assert outcome(documents.not_seen_before, facts(**given)) == expected


def test_u1_tells_the_reference_and_nothing_else():
    found = documents.not_seen_before(facts(seen_elsewhere="CL-2026-0187"), POLICY)
    assert isinstance(found, Finding)
    assert dict(found.message.values) == dict(found.evidence) == {"reference": "CL-2026-0187"}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.FISCAL, "K4 note"),
        (Kind.FOREIGN_INVOICE, "K4 note"),
        (Kind.DIGITAL_ORDINARY, "skipped"),
        (Kind.TILL_SLIP, "skipped"),
    ],
)
def test_k4_vouchers_that_are_no_tax_invoice(kind, expected):
    assert outcome(documents.is_a_tax_invoice, facts(kind=kind)) == expected


@pytest.mark.parametrize(
    ("screen", "word"), [("payment", "payment"), ("order", "order"), ("list", "list of goods"), ("", "not an invoice")]
)
def test_k1_names_a_screenshot(screen, word):
    given = facts(kind=Kind.NOT_INVOICE)
    shown = replace(given, reading=replace(given.reading, details={"screen": screen}))
    found = documents.is_an_invoice(shown, POLICY)
    assert isinstance(found, Finding)
    assert word in found.message.text
