"""The checks: facts in, findings out. One function per rule, grouped by what they look at."""

from dataclasses import dataclass, replace

from core.checks import days, documents, numbers, parties, sums
from core.checks.facts import Answer, Check, CheckFacts
from core.invoice import Finding, Severity
from core.policy import Policy

__all__ = ["CHECKS", "CheckFacts", "CheckResult", "run_checks"]

CHECKS: tuple[Check, ...] = (
    documents.is_an_invoice,
    documents.is_a_tax_invoice,
    documents.is_not_the_sample,
    documents.is_complete,
    documents.not_seen_before,
    numbers.lengths,
    numbers.year_of_number,
    numbers.region_of_number,
    numbers.kind_of_code,
    numbers.year_of_code,
    sums.parts_make_the_total,
    sums.lines_make_the_sums,
    sums.line_tax_fits,
    sums.rate_is_lawful,
    sums.words_say_the_total,
    sums.rail_tax_fits,
    sums.not_red,
    parties.seller_id_closes,
    parties.seller_is_a_company,
    parties.seller_id_is_of_its_time,
    parties.buyer_is_ours,
    parties.buyer_name_is_ours,
    parties.buyer_id_is_there,
    parties.buyer_is_not_seller,
    parties.buyer_pays,
    days.not_in_the_future,
    days.not_too_old,
    days.in_its_year,
    days.of_its_time,
    documents.is_the_original,
)
_WEIGHT = (Severity.BLOCK, Severity.WARN, Severity.NOTE)


@dataclass(frozen=True)
class CheckResult:
    """Findings, the weightiest first, and how many checks passed."""

    findings: tuple[Finding, ...]
    passed: int


def run_checks(facts: CheckFacts, policy: Policy) -> CheckResult:
    """All checks, and what reading itself found; severities as the rules say."""
    answers = [check(facts, policy) for check in CHECKS]
    findings = [*facts.reading.findings, *(answer for answer in answers if isinstance(answer, Finding))]
    weighed = [replace(each, severity=policy.severity(each.code, each.severity)) for each in findings]
    return CheckResult(
        findings=tuple(sorted(weighed, key=lambda each: _WEIGHT.index(each.severity))),
        passed=answers.count(Answer.PASSED),
    )
