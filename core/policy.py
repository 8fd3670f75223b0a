"""The company's rules for invoices, as the rules file says them. Pure; integrations/configuration.py reads the file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.invoice import MISSING, Field, FieldName, ItemLine, Severity
from core.messages import Message

_CLASS = re.compile(r"\*([^*]+)\*")

SEVERITIES: Mapping[str, Severity] = {
    **dict.fromkeys(("N2", "A1", "A5", "A7", "Q1", "Q2", "Q3", "T1", "B1", "D1", "U1", "K1"), Severity.BLOCK),
    **dict.fromkeys(
        (
            "CK1",
            "N1",
            "N3",
            "N4",
            "N5",
            "A2",
            "A3",
            "A4",
            "A6",
            "Q4",
            "Q5",
            "T2",
            "B2",
            "B3",
            "B4",
            "B5",
            "D2",
            "D3",
            "D4",
        ),
        Severity.WARN,
    ),
    **dict.fromkeys(("T1b", "K2", "K4"), Severity.NOTE),
}
"""How much a finding weighs at most, by code. Source: domain rules, with two differences.

K1 blocks, because what is no invoice cannot be claimed; K2 is a note, because the payment waits by itself.
"""
_WEIGHT = (Severity.NOTE, Severity.WARN, Severity.BLOCK)


@dataclass(frozen=True)
class Category:
    """One kind of expense. `words` are what people and invoices call it, in any language."""

    key: str
    name: Message
    words: tuple[str, ...] = ()

    def answers_to(self, text: str) -> bool:
        """Whether a person means this category."""
        plain = text.strip().casefold()
        return plain in {self.key.casefold(), *(word.casefold() for word in self.words)}


@dataclass(frozen=True)
class AutoApproval:
    """When policy approves a claim at once. Amounts in CNY, all of them inclusive; `up_to` 0 turns it off.

    `monthly_cap` is for one submitter and month. Of what is approved, `audit_sample_percent` are shown to finance.
    Up to `waive_verification_up_to` the tax bureau's check is not needed.
    """

    up_to: Decimal = Decimal(200)
    monthly_cap: Decimal = Decimal(1000)
    audit_sample_percent: int = 5
    waive_verification_up_to: Decimal = Decimal(200)


@dataclass(frozen=True)
class Policy:
    """One version of the rules. Amounts in CNY, ages in days.

    `version` names the file's content. `severities` overrides a check's own severity by its code.
    `reasons` are the coded reasons of Send back and Reject, in the order of the file.
    """

    version: str
    categories: tuple[Category, ...]
    reasons: Mapping[str, Message]
    second_approval_above: Decimal = Decimal(5000)
    note_age: int = 90
    most_age: int = 365
    severities: Mapping[str, Severity] = field(default_factory=dict)
    auto_approve: AutoApproval = AutoApproval()

    def category_name(self, key: str | None) -> Message:
        """A category's name; "No category" for none."""
        return next((each.name for each in self.categories if each.key == key), Message("No category"))

    def severity(self, code: str, otherwise: Severity) -> Severity:
        """What a finding weighs when the check itself says `otherwise`.

        A rule replaces the check's full severity. Where the check was lenient (a value that may be misread, an age
        between two limits) the rule can only make it weigh less.
        """
        ruled = self.severities.get(code)
        if ruled is None or otherwise is SEVERITIES.get(code, otherwise):
            return ruled or otherwise
        return min(ruled, otherwise, key=_WEIGHT.index)


def guess_category(lines: Sequence[ItemLine], fields: Mapping[FieldName, Field], policy: Policy) -> str | None:
    """The category whose words stand in most items (the tax class between asterisks counts twice), else in the seller's
    name; None when nothing fits. Ties go to the earlier category.
    """
    classes = " ".join(found for line in lines for found in _CLASS.findall(line.name))
    items = " ".join(line.name for line in lines)
    scores = {
        each.key: sum(2 * (word in classes) + (word in items) for word in each.words) for each in policy.categories
    }
    best = max(scores, key=lambda key: scores[key], default=None)
    if best is not None and scores[best]:
        return best
    seller = fields.get(FieldName.SELLER_NAME, MISSING).value or ""
    return next((each.key for each in policy.categories if any(word in seller for word in each.words)), None)
