"""Which of a receipt's amounts is its total."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.reading.elsewhere.roles import Role
from core.reading.elsewhere.table import Closing, Line, Printed, closings, of_role

_WEIGHT = {Role.DUE: 3.0, Role.TOTAL: 2.5, Role.AMOUNT: 0.8, Role.TENDERED: 0.6, Role.SUBTOTAL: 0.4, Role.NET: 0.2}
_CLOSES, _TENDERED, _PAID, _AGAIN, _LOWER = 2.0, 2.0, 1.5, 0.3, 0.3


@dataclass(frozen=True)
class Total:
    """The total with the sums that close on it; `rivals` are other values that were labelled as it is."""

    printed: Printed
    closings: tuple[Closing, ...]
    role: Role


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
            best = score, Total(printed, tuple(found), line.role)
    return best[1] if best else None


def net_and_tax(total: Total, lines: Sequence[Line]) -> tuple[Printed | None, Printed | None]:
    """The amount before tax and the tax where a sum shows which they are; else the only tax that is named."""
    for closing in total.closings:
        if closing.tendered or not closing.tax:
            continue
        return _printed(lines, closing.net), _printed(lines, closing.tax)
    taxes = of_role(lines, Role.TAX)
    one = {each.value for each in taxes}
    return None, taxes[0] if len(one) == 1 and Decimal(0) < taxes[0].value < total.printed.value / 2 else None


def _printed(lines: Sequence[Line], value: Decimal | None) -> Printed | None:
    return next((each for line in lines for each in line.amounts if each.value == value), None)
