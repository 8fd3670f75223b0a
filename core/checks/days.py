"""Dates. Source: domain rules D1–D4."""

from datetime import date, timedelta

from core.checks.facts import Answer, CheckFacts, after_re_read, found
from core.invoice import FieldName, Finding, Kind, Severity
from core.messages import Message
from core.policy import Policy

_ENDED = {
    Kind.FREIGHT_SPECIAL: date(2016, 7, 1),
    Kind.TRAIN_PAPER: date(2025, 10, 1),
    Kind.VAT_E_ORDINARY: date(2026, 1, 1),
    Kind.VAT_E_SPECIAL: date(2026, 1, 1),
}


def not_in_the_future(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """D1: a day of grace for time zones."""
    day = facts.reading.day()
    if day is None:
        return Answer.SKIPPED
    if day <= facts.today + timedelta(days=1):
        return Answer.PASSED
    return found(
        "D1",
        after_re_read(facts, FieldName.DATE),
        Message("The date {day} lies in the future. Please check it.", day=day),
        {"date": day.isoformat()},
    )


def not_too_old(facts: CheckFacts, policy: Policy) -> Finding | Answer:
    """D2: a note from the rules' first age on, a warning from the second."""
    day = facts.reading.day()
    if day is None:
        return Answer.SKIPPED
    age = (facts.today - day).days
    if age <= policy.note_age:
        return Answer.PASSED
    if age > policy.most_age:
        severity, limit = Severity.WARN, policy.most_age
    else:
        severity, limit = Severity.NOTE, policy.note_age
    return found(
        "D2",
        severity,
        Message("The invoice is older than {limit} days; finance will see it.", limit=limit),
        {"date": day.isoformat(), "age": str(age)},
    )


def in_its_year(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """D3: a cost of one year needs its invoice by 31 May of the next."""
    day = facts.reading.day()
    if day is None or day.year > facts.today.year:
        return Answer.SKIPPED
    if day.year == facts.today.year:
        return Answer.PASSED
    in_time = day.year == facts.today.year - 1 and (facts.today.month, facts.today.day) <= (5, 31)
    if in_time:
        severity, message = (
            Severity.NOTE,
            Message("The invoice is of {year}: please submit it before 31 May.", year=str(day.year)),
        )
    else:
        severity, message = (
            Severity.WARN,
            Message("The invoice is of {year}, whose accounts are closed; finance decides.", year=str(day.year)),
        )
    return found("D3", severity, message, {"date": day.isoformat()})


def of_its_time(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """D4: kinds that ended are no longer issued."""
    day, end = facts.reading.day(), _ENDED.get(facts.kind)
    if day is None or end is None:
        return Answer.SKIPPED
    if day < end:
        return Answer.PASSED
    return found(
        "D4",
        Severity.WARN,
        Message("This kind of invoice was no longer issued on {day}.", day=day),
        {"date": day.isoformat(), "kind": facts.kind.value},
    )
