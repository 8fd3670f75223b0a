"""What UBL and CII have in common: an invoice from elsewhere, and the types that take money back."""

from collections.abc import Mapping

from core.invoice import FieldName, Finding, ItemLine, Kind, Severity
from core.messages import Message
from core.reading.originals.written import Written

CREDIT_NOTE = "381"
_TAKING_BACK = frozenset({"81", "83", "261", "262", "296", "308", CREDIT_NOTE, "396", "420", "458", "532"})
"""UNTDID 1001 codes of credit notes. Source: EN 16931 code lists, BT-3."""


def foreign(
    texts: Mapping[FieldName, str], lines: tuple[ItemLine, ...], type_code: str, details: Mapping[str, str]
) -> Written | None:
    """The invoice, or None without a number. A credit note's amounts are positive: that it takes money back is a finding."""
    if not texts[FieldName.NUMBER]:
        return None
    findings = (
        (
            Finding(
                "A7",
                Severity.BLOCK,
                Message("This is a credit note: it takes money back and cannot be claimed."),
                {"type": type_code},
            ),
        )
        if type_code in _TAKING_BACK
        else ()
    )
    held = {name: said for name, said in {"type": type_code, **details}.items() if said}
    return Written(Kind.FOREIGN_INVOICE, texts, lines, details=held, findings=findings)
