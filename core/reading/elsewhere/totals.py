"""Which of a receipt's amounts is its total."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from core.reading.elsewhere.roles import Role, names_a_tax
from core.reading.elsewhere.table import Closing, Line, Printed, closings, of_role

_WEIGHT = {Role.DUE: 3.0, Role.TOTAL: 2.5, Role.AMOUNT: 0.8, Role.TENDERED: 0.6, Role.SUBTOTAL: 0.4}
_CLOSES, _TENDERED, _PAID, _AGAIN, _LOWER = 2.0, 2.0, 1.5, 0.3, 0.3


@dataclass(frozen=True)
class Total:
    """The total with the sums that close on it; `rival` is another amount that is called the total as well.

    `plain`: a label calls it the total, or what was paid less the change makes it; and it has decimals where others do.
    """

    printed: Printed
    closings: tuple[Closing, ...]
    plain: bool
    rival: Decimal | None = None


def total_of(lines: Sequence[Line]) -> Total | None:
    """The amount that its label, its repetition and the sums around it speak for; None when no label names one."""
    best: tuple[float, Total] | None = None
    seen = Counter(each.value for line in lines for each in line.amounts)
    paid = {each.value for each in of_role(lines, Role.TENDERED)}
    for place, line in enumerate(lines):
        if line.role not in _WEIGHT or not line.amounts:
            continue
        printed = line.amounts[-1]
        if printed.value <= 0:
            continue
        found = closings(lines, printed.value)
        score = (
            _WEIGHT[line.role]
            + _CLOSES * any(each.proves and not each.tendered for each in found)
            + _TENDERED * any(each.tendered for each in found)
            + _PAID * (printed.value in paid and line.role is not Role.TENDERED)
            + _AGAIN * min(seen[printed.value] - 1, 3)
            + _LOWER * place / len(lines)
        )
        if best is None or score > best[0]:
            proofs = tuple(each for each in found if each.proves)
            named = line.role in (Role.DUE, Role.TOTAL) or any(each.tendered for each in proofs)
            whole = printed.is_money or not any(each.is_money for other in lines for each in other.amounts)
            best = score, Total(printed, proofs, plain=named and whole)
    return replace(best[1], rival=_rival(lines, best[1])) if best else None


def _rival(lines: Sequence[Line], total: Total) -> Decimal | None:
    """A single amount called the total that is another one, and that nothing explains: it is no part of a sum and no
    tax inside the total.
    """
    value = total.printed.value
    explained = {value, *(part for each in total.closings for part in each.parts)}
    called = [line for line in lines if line.role in (Role.DUE, Role.TOTAL) and len(line.amounts) == 1]
    others = {line.amounts[0].value: line for line in called if line.amounts[0].value not in explained}
    return next(
        (other for other, line in others.items() if not other < value / 4 or not names_a_tax(line.text)),
        None,
    )


@dataclass(frozen=True)
class Parts:
    """What a total is made of, where that is known; `others` is what is neither net nor tax."""

    net: Printed | None
    tax: Printed | None
    others: Decimal


def parts_of(total: Total, lines: Sequence[Line]) -> Parts:
    """The amount before tax and the tax where a sum shows which they are; else the only tax that is named."""
    closing = next((each for each in total.closings if each.net is not None and each.tax), None)
    if closing:
        return Parts(_printed(lines, closing.net), _printed(lines, closing.tax), closing.extras)
    taxes = of_role(lines, Role.TAX)
    alone = len({each.value for each in taxes}) == 1 and 0 < taxes[0].value < total.printed.value / 2
    return Parts(None, taxes[0] if alone else None, Decimal(0))


def _printed(lines: Sequence[Line], value: Decimal | None) -> Printed | None:
    return next((each for line in lines for each in line.amounts if each.value == value), None)
