"""Sums, rates, the total in words, and red letters. Source: domain rules A1–A7."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from core.checks.facts import Answer, CheckFacts, after_re_read, found
from core.invoice import FieldName, Finding, ItemLine, Kind, Severity
from core.messages import Message
from core.money import LARGEST
from core.policy import Policy
from core.reading.kinds import VAT
from core.reading.numerals import capitals_of, says
from core.words import FIELD_WORDS

_CENT = Decimal("0.01")
_NO_TAX = frozenset({"免税", "不征税", "***", "出口零税率", "0%", "0"})
_RATES = (
    (date(2017, 7, 1), (17, 13, 11, 6, 0)),
    (date(2018, 5, 1), (17, 11, 6, 0)),
    (date(2019, 4, 1), (16, 10, 6, 0)),
    (date.max, (13, 9, 6, 0)),
)
_LEVIES = (
    (date.min, date.max, "5"),
    (date.min, date.max, "3"),
    (date(2016, 5, 1), date.max, "1.5"),
    (date(2020, 3, 1), date(2027, 12, 31), "1"),
    (date(2020, 5, 1), date(2027, 12, 31), "0.5"),
)
"""Rates of the simple method: from, to, percent. Domain table 7.2; 0.5 is for dealers in used cars."""


def parts_make_the_total(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """A1: amount and tax are the total, exactly; on receipts with what else stands between, a tip or a rounding."""
    net, tax, total = (facts.amount(name) for name in (FieldName.AMOUNT_EX_TAX, FieldName.TAX, FieldName.TOTAL))
    if facts.kind not in VAT | {Kind.FOREIGN_INVOICE} or net is None or tax is None or total is None:
        return Answer.SKIPPED
    if net + tax + (_decimal(facts.reading.details.get("other_charges")) or 0) == total:
        return Answer.PASSED
    return found(
        "A1",
        after_re_read(facts, FieldName.AMOUNT_EX_TAX, FieldName.TAX, FieldName.TOTAL),
        Message(
            "Amount {net} and tax {tax} do not make the total {total}. Please check the three.",
            net=f"{net}",
            tax=f"{tax}",
            total=f"{total}",
        ),
        {"amount_ex_tax": f"{net}", "tax": f"{tax}", "total": f"{total}"},
    )


def lines_make_the_sums(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """A2: the lines make the amount and the tax, within a cent each and six in all. A camera may have lost a line."""
    if facts.kind not in VAT or not facts.original:
        return Answer.SKIPPED
    pairs = (
        (FieldName.AMOUNT_EX_TAX, [_decimal(line.amount) for line in facts.reading.lines]),
        (FieldName.TAX, [_decimal(line.tax) for line in facts.reading.lines]),
    )
    compared = False
    for name, parts in pairs:
        printed = facts.amount(name)
        known = [part for part in parts if part is not None]
        if printed is None or not known or len(known) != len(parts):
            continue
        compared = True
        if abs(sum(known, Decimal(0)) - printed) > min(_CENT * len(known), Decimal("0.06")):
            return found(
                "A2",
                Severity.WARN,
                Message(
                    "{field}: the lines make {sum}, the invoice says {printed}.",
                    field=FIELD_WORDS[name],
                    sum=f"{sum(known, Decimal(0))}",
                    printed=f"{printed}",
                ),
                {"field": name.value, "lines": f"{sum(known, Decimal(0))}", "printed": f"{printed}"},
            )
    return Answer.PASSED if compared else Answer.SKIPPED


def line_tax_fits(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """A3: per line, amount times rate is the tax, within six cents. A camera misreads lines too often to ask it."""
    checked = 0
    if facts.kind not in VAT or not facts.original:
        return Answer.SKIPPED
    for line, amount, rate, tax in _taxed(facts.reading.lines):
        checked += 1
        if not _fits(amount, rate, tax):
            return found(
                "A3",
                Severity.WARN,
                Message(
                    "The tax of “{line}” is {tax}, but {amount} at {rate} % makes {right}.",
                    line=line.name,
                    tax=f"{tax}",
                    amount=f"{amount}",
                    rate=f"{rate:f}",
                    right=f"{(amount * rate / 100).quantize(_CENT, ROUND_HALF_UP)}",
                ),
                {"amount": f"{amount}", "rate": f"{rate}", "tax": f"{tax}"},
            )
    return Answer.PASSED if checked else Answer.SKIPPED


def rate_is_lawful(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """A4: the rate is one of its day; an older rate on a late invoice is still lawful, so it warns.

    A rate that a camera saw counts when its line's tax confirms it.
    """
    day = facts.reading.day()
    if facts.original:
        rates = [rate for rate in map(_percent, (line.rate for line in facts.reading.lines)) if rate is not None]
    else:
        rates = [rate for _, amount, rate, tax in _taxed(facts.reading.lines) if _fits(amount, rate, tax)]
    if facts.kind not in VAT or day is None or not rates:
        return Answer.SKIPPED
    lawful = {Decimal(rate) for rate in next(rates for until, rates in _RATES if day < until)}
    lawful |= {Decimal(rate) for since, until, rate in _LEVIES if since <= day <= until}
    for rate in rates:
        if rate not in lawful:
            return found(
                "A4",
                Severity.WARN,
                Message("{rate} % was no tax rate on {day}.", rate=f"{rate:f}", day=day),
                {"rate": f"{rate}", "date": day.isoformat()},
            )
    return Answer.PASSED


def words_say_the_total(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """A5: the total in words is the total in digits."""
    words, total = facts.text(FieldName.TOTAL_CN), facts.amount(FieldName.TOTAL)
    if words is None or total is None:
        return Answer.SKIPPED
    if says(words, total):
        return Answer.PASSED
    return found(
        "A5",
        after_re_read(facts, FieldName.TOTAL, FieldName.TOTAL_CN),
        Message("The total in words, {words}, is not {total}.", words=words, total=f"{total}"),
        {"total_cn": words, "total": f"{total}", "expected": capitals_of(total) if abs(total) <= LARGEST else None},
    )


def rail_tax_fits(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """A6: a rail fare's tax is fare ÷ 1.09 × 9 %, within a cent."""
    total, tax = facts.amount(FieldName.TOTAL), facts.amount(FieldName.TAX)
    if facts.kind is not Kind.RAIL_ETICKET or total is None or tax is None:
        return Answer.SKIPPED
    for rate in (Decimal("0.09"), Decimal("0.06")):  # 6 % on refund fees
        if abs((total / (1 + rate) * rate).quantize(_CENT, ROUND_HALF_UP) - tax) <= _CENT:
            return Answer.PASSED
    return found(
        "A6",
        Severity.WARN,
        Message("The tax {tax} does not fit the fare {total}.", tax=f"{tax}", total=f"{total}"),
        {"tax": f"{tax}", "total": f"{total}"},
    )


def not_red(facts: CheckFacts, _: Policy) -> Finding | Answer:
    """A7: a negative invoice takes another one back; it is never paid."""
    total = facts.amount(FieldName.TOTAL)
    if total is None:
        return Answer.SKIPPED
    if total >= 0:
        return Answer.PASSED
    return found(
        "A7",
        after_re_read(facts, FieldName.TOTAL),
        Message(
            "This is a red invoice ({total}): it takes another invoice back and cannot be claimed.", total=f"{total}"
        ),
        {"total": f"{total}"},
    )


def _taxed(lines: tuple[ItemLine, ...]) -> Iterator[tuple[ItemLine, Decimal, Decimal, Decimal]]:
    for line in lines:
        amount, rate, tax = _decimal(line.amount), _percent(line.rate), _decimal(line.tax)
        if amount is not None and rate is not None and tax is not None:
            yield line, amount, rate, tax


def _fits(amount: Decimal, rate: Decimal, tax: Decimal) -> bool:
    return abs(amount * rate / 100 - tax) <= Decimal("0.06")


def _percent(text: str | None) -> Decimal | None:
    plain = (text or "").strip()
    if plain in _NO_TAX or not re.fullmatch(r"\d{1,3}(\.\d{1,4})?%", plain):
        return None
    return Decimal(plain[:-1])


def _decimal(text: str | None) -> Decimal | None:
    """What a line says, if it can be an amount: files may say NaN, or more digits than there is money."""
    with suppress(InvalidOperation):
        amount = Decimal(text or "NaN")
        return amount if amount.is_finite() and abs(amount) <= LARGEST else None
    return None
