"""The company's rules for invoices, as the rules file says them. Pure; integrations/configuration.py reads the file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.invoice import MISSING, Field, FieldName, ItemLine, Severity
from core.messages import Message

_CLASS = re.compile(r"\*([^*]+)\*")


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

    def category_name(self, key: str | None) -> Message:
        """A category's name; "No category" for none."""
        return next((each.name for each in self.categories if each.key == key), Message("No category"))

    def severity(self, code: str, otherwise: Severity) -> Severity:
        """What the rules say of a check, else what the check says itself."""
        return self.severities.get(code, otherwise)


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
