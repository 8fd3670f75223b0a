"""航空运输电子客票行程单. Source: domain table, 3.4."""

from collections.abc import Mapping
from decimal import Decimal

from core.invoice import Candidate, FieldName
from core.reading import layout
from core.reading.amounts import money_in
from core.reading.dates import date_in
from core.reading.elsewhere.table import Closing
from core.reading.forms import Asked, Form, matching, person_in, read_form
from core.reading.labelled import digits, labelled, name_after, shaped, under
from core.reading.layout import Page, spaced
from core.reading.sighting import Sighting
from core.reading.tax_ids import tax_id_in


def read_air(page: Page) -> Sighting:
    """Figures stand under their heads; the issuer (填开单位) is the seller. The parts make the total, or are not all seen."""
    parts = {name: under(page, page.first(spaced(*heads)), _part_in) for name, heads in _PARTS.items()}
    seen = {
        FieldName.NUMBER: labelled(page, layout.NUMBER, digits(20)),
        FieldName.DATE: labelled(page, layout.DATE, date_in),
        FieldName.BUYER_NAME: name_after(page, layout.BUYER_NAME),
        FieldName.BUYER_TAX_ID: labelled(page, layout.TAX_ID, tax_id_in),
        FieldName.SELLER_NAME: name_after(page, layout.ISSUER),
        FieldName.TAX: under(page, page.first(spaced("增值税税额")), money_in),
        FieldName.TOTAL: under(page, page.first(spaced("合计")), money_in),
    }
    empty = {
        field: page.on_page(layout.beyond(label))
        for field, pattern in ((FieldName.BUYER_NAME, layout.BUYER_NAME), (FieldName.BUYER_TAX_ID, layout.TAX_ID))
        if seen[field] is None and (label := page.first(pattern))
    }
    details = {
        "PassengerName": under(page, page.first(spaced("旅客姓名")), person_in),
        "Flight": shaped(page, r"(?:[A-Z]{2}|[A-Z]\d|\d[A-Z])\d{3,4}"),
        **parts,
    }
    return Sighting(
        {name: found for name, found in seen.items() if found},
        empty,
        closings=_closing(parts, seen[FieldName.TAX]),
        details={**read_form(page, _FORM).details, **{name: found.value for name, found in details.items() if found}},
    )


_FORM = Form(
    {},
    {
        "PassengerName": Asked(("旅客姓名",), person_in),
        "ETicketNumber": Asked(("电子客票号码", "电子客票号"), matching(r"\d{3}-?\d{10}")),
        "Insurance": Asked(("保险费",), money_in),
    },
    others=("有效身份证件号码", "签注", "验证码", "提示信息", "销售网点代号", "填开单位", "填开日期"),
)
_PARTS = {
    "Fare": ("票价",),
    "FuelSurcharge": ("燃油附加费",),
    "CivilAviationDevelopmentFund": ("民航发展基金",),
    "OtherTaxes": ("其他税费",),
}


def _part_in(text: str) -> str | None:
    """A figure under its head; a dash and EXEMPT are none."""
    return "0.00" if text.strip() in {"-", "--", "EXEMPT", "免征"} else money_in(text)


def _closing(parts: Mapping[str, Candidate | None], tax: Candidate | None) -> tuple[Closing, ...]:
    """What fare, fuel, tax, fund and other taxes make; an empty column of other taxes is none of them."""
    amounts = [Decimal(part.value) for part in (*parts.values(), tax) if part]
    if tax is None or parts["Fare"] is None or parts["CivilAviationDevelopmentFund"] is None:
        return ()
    return (Closing(sum(amounts, Decimal(0)), tuple(amounts), tax=Decimal(tax.value)),)
