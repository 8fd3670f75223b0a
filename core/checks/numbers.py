"""Numbers and codes: their lengths, and what their digits say. Source: domain rules N1–N5."""

from core.checks.facts import DIGITAL_PAPER, NO_INVOICE, Answer, CheckFacts, after_re_read, found, is_person
from core.invoice import FieldName, Finding, Kind, Severity
from core.messages import Message
from core.policy import Policy
from core.reading.kinds import DIGITAL

_PROVINCES = frozenset(
    (
        "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
        "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "91", "92", "93", "94", "95",
    )
)  # fmt: skip
_FREELY_NUMBERED = frozenset({Kind.TRAIN_PAPER, Kind.FOREIGN_INVOICE})
_WHOLE_COUNTRY = "10"  # registered with the central authority, at home in no province
_PLAN_CITIES = {"91": "2102", "92": "3702", "93": "3302", "94": "3502", "95": "4403"}
_CODE_ENDS = {
    Kind.VAT_PAPER_ORDINARY: ("04", "05"),
    Kind.VAT_ROLL: ("06", "07"),
    Kind.VAT_E_ORDINARY: ("11",),
    Kind.VAT_E_TOLL: ("12",),
    Kind.VAT_E_SPECIAL: ("13",),
}
_CODE_EIGHTH = {Kind.VAT_PAPER_SPECIAL: "15", Kind.VAT_PAPER_ORDINARY: "36", Kind.FREIGHT_SPECIAL: "27"}
_CODE_LENGTHS = {Kind.VAT_PAPER_SPECIAL: (10,), Kind.VAT_PAPER_ORDINARY: (10, 12), Kind.FREIGHT_SPECIAL: (10,)}


def lengths(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """N1: 20 digits and no code for the digital kinds, 8 digits and a code of 10 or 12 for the others."""
    number, code = facts.text(FieldName.NUMBER), facts.text(FieldName.CODE)
    if number is None or facts.kind in _FREELY_NUMBERED or facts.kind in NO_INVOICE:
        return Answer.SKIPPED
    if facts.kind in DIGITAL:
        right = len(number) == 20 and code is None
    elif facts.kind is Kind.FISCAL:
        right = len(number) == 10 and (code is None or len(code) == 8)
    elif facts.kind in DIGITAL_PAPER:
        right = len(number) in (8, 20) and (code is None or len(code) in (10, 12))
    else:
        right = len(number) == 8 and (code is None or len(code) in _CODE_LENGTHS.get(facts.kind, (12,)))
    if right and _digits(number + (code or "")):
        return Answer.PASSED
    return found(
        "N1",
        Severity.WARN,
        Message("The number or code has an unusual length: {number}. Please compare it with the paper.", number=number),
        {"number": number, "code": code},
    )


def year_of_number(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """N2: the first two digits of a 20-digit number are the year of issue."""
    number, day = facts.text(FieldName.NUMBER), facts.reading.day()
    if number is None or day is None or len(number) != 20 or not _digits(number) or facts.kind in _FREELY_NUMBERED:
        return Answer.SKIPPED
    if number[:2] == f"{day:%y}":
        return Answer.PASSED
    return found(
        "N2",
        after_re_read(facts, FieldName.NUMBER, FieldName.DATE),
        Message(
            "The number belongs to the year 20{year}, but the date is {day}. Please check both.",
            year=number[:2],
            day=day,
        ),
        {"number": number, "date": day.isoformat()},
    )


def region_of_number(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """N3: the region in a 20-digit number exists, and is the seller's."""
    number, seller = facts.text(FieldName.NUMBER), facts.text(FieldName.SELLER_TAX_ID)
    if number is None or len(number) != 20 or facts.kind in _FREELY_NUMBERED:
        return Answer.SKIPPED
    region = number[2:4]
    if region not in _PROVINCES:
        return found(
            "N3",
            Severity.WARN,
            Message("The number names a region that does not exist: {region}.", region=region),
            {"number": number},
        )
    if seller is None or len(seller) != 18 or seller[2:4] == _WHOLE_COUNTRY or is_person(seller):
        return Answer.PASSED
    at_home = seller[2:6] == _PLAN_CITIES[region] if region in _PLAN_CITIES else seller[2:4] == region
    if at_home:
        return Answer.PASSED
    return found(
        "N3",
        Severity.NOTE,
        Message("The number is of another region than the seller's tax id."),
        {"number": number, "seller_tax_id": seller},
    )


def kind_of_code(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """N4: the digits of a code say what kind of invoice it is."""
    code = facts.text(FieldName.CODE)
    if code is None:
        return Answer.SKIPPED
    if len(code) == 12 and code[0] == "0" and facts.kind in _CODE_ENDS:
        right = code[10:] in _CODE_ENDS[facts.kind]
    elif len(code) == 10 and facts.kind in _CODE_EIGHTH:
        right = code[7] in _CODE_EIGHTH[facts.kind]
    else:
        return Answer.SKIPPED
    if right:
        return Answer.PASSED
    return found(
        "N4",
        Severity.WARN,
        Message("The invoice code belongs to another kind of invoice: {code}.", code=code),
        {"code": code, "kind": facts.kind.value},
    )


def year_of_code(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """N5: a code is allotted before it is used."""
    code, day = facts.text(FieldName.CODE), facts.reading.day()
    if code is None or day is None or len(code) not in (10, 12) or not _digits(code):
        return Answer.SKIPPED
    year = code[4:6] if len(code) == 10 else code[5:7]
    if int(year) <= day.year % 100:
        return Answer.PASSED
    return found(
        "N5",
        Severity.WARN,
        Message("The invoice code was allotted in 20{year}, after the date {day}.", year=year, day=day),
        {"code": code, "date": day.isoformat()},
    )


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
