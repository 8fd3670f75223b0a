"""All checks together: order, counting, and what the rules may change."""

from dataclasses import replace

import pytest

from core.checks import CHECKS, run_checks
from core.invoice import Finding, Kind, Severity
from core.messages import Message
from core.policy import SEVERITIES
from tests.core.checks.samples import POLICY, facts


def ruled(**severities):
    return replace(POLICY, severities={code: Severity(severity) for code, severity in severities.items()})


def told(result):
    return [f"{each.code} {each.severity}" for each in result.findings]


def test_a_sound_invoice_has_no_findings_and_counts_what_passed():
    result = run_checks(facts(date="2026-11-02"), POLICY)
    assert result.findings == ()
    skipped = {"A2", "A3", "A4", "A6", "N4", "N5", "D4", "K4"}
    assert result.passed == len(CHECKS) - len(skipped)


def test_the_weightiest_comes_first():
    result = run_checks(facts(total="475.81", seller_tax_id="110108717079385", original=False), POLICY)
    assert told(result) == ["A1 block", "A5 block", "T2 warn", "K2 note"]


def test_what_reading_found_is_passed_on():
    seen = Finding(
        "Q3", Severity.BLOCK, Message("The QR code says {qr}, the print says {printed}.", qr="1", printed="2")
    )
    assert run_checks(facts(findings=(seen,)), POLICY).findings == (seen,)
    assert told(run_checks(facts(findings=(seen,)), ruled(Q3="warn"))) == ["Q3 warn"]


def test_the_rules_say_how_much_a_finding_weighs():
    assert told(run_checks(facts(original=False), ruled(K2="block"))) == ["K2 block"]
    assert told(run_checks(facts(date="2025-11-02", number="25112000000012345678"), ruled(D2="block"))) == [
        "D2 block",
        "D3 warn",
    ]


def test_the_rules_cannot_make_a_perhaps_into_a_block():
    aged = facts(date="2026-08-01")
    assert told(run_checks(aged, ruled(D2="block"))) == ["D2 note"]
    misread = facts(total="475.81", unsure=("total",), total_cn=None)
    assert told(run_checks(misread, ruled(A1="block"))) == ["A1 warn"]
    assert told(run_checks(misread, ruled(A1="note"))) == ["A1 note"]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("original", [True, False])
def test_every_kind_can_be_checked_even_when_nothing_was_read(kind, original):
    nothing = dict.fromkeys(
        (
            "number",
            "date",
            "buyer_name",
            "buyer_tax_id",
            "seller_name",
            "seller_tax_id",
            "amount_ex_tax",
            "tax",
            "total",
            "total_cn",
        )
    )
    found = run_checks(facts(kind=kind, original=original, **nothing), POLICY).findings
    assert {each.code for each in found} <= {"K1", "K2", "K4", "CK1"}


def test_every_code_a_check_uses_has_its_weight():
    """A code without one could not be named in the rules file."""
    import ast
    from pathlib import Path

    import core.checks

    used = {
        call.args[0].value
        for path in Path(core.checks.__file__).parent.glob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "found"
    }
    assert len(used) >= 24
    assert used <= set(SEVERITIES)
