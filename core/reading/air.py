"""航空运输电子客票行程单. Source: domain table, 3.4."""

from core.invoice import FieldName
from core.reading import layout
from core.reading.amounts import money_in
from core.reading.dates import date_in
from core.reading.labelled import digits, labelled, name_after, under
from core.reading.layout import Page, spaced
from core.reading.sighting import Sighting
from core.reading.tax_ids import tax_id_in


def read_air(page: Page) -> Sighting:
    """Figures stand under their heads; the issuer (填开单位) is the seller."""
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
    return Sighting({name: found for name, found in seen.items() if found}, empty)
