"""One invoice read from several files: its XML, OFD, PDF and photo are one record, the strongest of them leading."""

import re
import unicodedata
from collections.abc import Container, Sequence
from dataclasses import replace

from core.invoice import (
    EXACT,
    MISSING,
    Field,
    FieldName,
    FieldState,
    Finding,
    ReadInvoice,
    Severity,
    Source,
    identity_of,
)
from core.messages import Message

_COMPARED = (
    FieldName.CODE, FieldName.DATE, FieldName.AMOUNT_EX_TAX, FieldName.TAX, FieldName.TOTAL, FieldName.BUYER_TAX_ID,
    FieldName.SELLER_TAX_ID, FieldName.BUYER_NAME, FieldName.SELLER_NAME, FieldName.CURRENCY,
)  # fmt: skip
_NEVER_MISREAD = EXACT | {Source.PDF_TEXT}


def merged(invoices: Sequence[ReadInvoice], shown: Container[int] = ()) -> tuple[ReadInvoice, ...]:
    """Each invoice once, in the order they were found. `shown` are the pages that have a picture."""
    groups: dict[str, list[ReadInvoice]] = {}
    for place, invoice in enumerate(invoices):
        groups.setdefault(identity_of(invoice) or f"? {place}", []).append(invoice)
    return tuple(_one(group, shown) for group in groups.values())


def contradictions(first: ReadInvoice, second: ReadInvoice) -> tuple[Finding, ...]:
    """What two readings of one number, both from sources that cannot be misread, say differently."""
    compared = ((name, first.fields.get(name, MISSING), second.fields.get(name, MISSING)) for name in _COMPARED)
    return tuple(_finding(name, a.value or "", b.value or "") for name, a, b in compared if _differ(a, b))


def _one(group: Sequence[ReadInvoice], shown: Container[int]) -> ReadInvoice:
    leading, *others = sorted(group, key=_strength)
    if not others:
        return leading
    fields = {name: _with_candidates(name, held, others) for name, held in leading.fields.items()}
    for other in others:
        for name, held in other.fields.items():
            if held.state is FieldState.VERIFIED and fields.get(name, MISSING).value is None:
                fields[name] = held
    pictured = next((each for each in (leading, *others) if each.page in shown), leading)
    lines = next((each.lines for each in (leading, *others) if each.lines), ())
    return replace(
        leading,
        page=pictured.page,
        place=pictured.place,
        part=leading.part,
        fields=fields,
        lines=lines,
        findings=tuple(_findings(leading, others)),
    )


def _strength(invoice: ReadInvoice) -> tuple[int, int]:
    """Smaller is stronger: by the strongest source, then by how many fields it has."""
    seen = {candidate.source for held in invoice.fields.values() for candidate in held.candidates}
    order = list(Source)
    return min((order.index(source) for source in seen), default=len(order)), -len(invoice.fields)


def _with_candidates(name: FieldName, held: Field, others: Sequence[ReadInvoice]) -> Field:
    more = [seen for other in others for seen in other.fields.get(name, MISSING).candidates]
    return replace(held, candidates=(*held.candidates, *(seen for seen in more if seen not in held.candidates)))


def _findings(leading: ReadInvoice, others: Sequence[ReadInvoice]) -> list[Finding]:
    found = list(leading.findings)
    for other in others:
        found += [each for each in other.findings if each.code not in {known.code for known in found}]
        told = {each.evidence.get("field") for each in found}
        found += [each for each in contradictions(leading, other) if each.evidence["field"] not in told]
    return found


def _differ(first: Field, second: Field) -> bool:
    """Whether both are said by sources that cannot be misread, and are not the same but for blanks and brackets."""
    if first.value is None or second.value is None:
        return False
    if not all(set(each.sources) & _NEVER_MISREAD for each in (first, second)):
        return False
    return _plain(first.value) != _plain(second.value)


def _finding(name: FieldName, first: str, second: str) -> Finding:
    return Finding(
        "X1",
        Severity.BLOCK,
        Message(
            "Two originals of this invoice say different things: {first} and {second}. One of them was changed; "
            "please download the invoice again.",
            first=first,
            second=second,
        ),
        {"field": name.value, "first": first, "second": second},
    )


def _plain(value: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", value)).casefold()
