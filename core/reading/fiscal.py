"""财政电子票据: a voucher, not a tax invoice. Source: domain table, 2.5 and 4.2."""

import re

from core.invoice import FieldName
from core.reading import layout
from core.reading.amounts import money_in
from core.reading.dates import date_in
from core.reading.labelled import digits, labelled, name_after, nearest
from core.reading.layout import Page
from core.reading.numerals import numerals_in
from core.reading.sighting import Sighting
from core.reading.tax_ids import tax_id_in


def read_fiscal(page: Page) -> Sighting:
    """Payer and payee stand where buyer and seller stand on invoices."""
    seen = {
        FieldName.CODE: labelled(page, layout.CODE, digits(8)),
        FieldName.NUMBER: labelled(page, layout.NUMBER, digits(10)),
        FieldName.CHECK_CODE: labelled(page, layout.CHECK_CODE, _check_code),
        FieldName.DATE: labelled(page, layout.DATE, date_in),
        FieldName.BUYER_NAME: name_after(page, layout.BUYER_NAME),
        FieldName.BUYER_TAX_ID: labelled(page, layout.PAYER_ID, tax_id_in),
        FieldName.SELLER_NAME: name_after(page, layout.ISSUER),
        FieldName.TOTAL: nearest(page, page.first(layout.IN_FIGURES), money_in),
        FieldName.TOTAL_CN: nearest(page, page.first(layout.IN_WORDS), numerals_in),
    }
    label = page.first(layout.PAYER_ID)
    blank = label is not None and seen[FieldName.BUYER_TAX_ID] is None
    empty = {FieldName.BUYER_TAX_ID: page.on_page(layout.beyond(label))} if label and blank else {}
    return Sighting({name: found for name, found in seen.items() if found}, empty)


def _check_code(text: str) -> str | None:
    plain = text.replace(" ", "")
    return plain.lower() if re.fullmatch(r"[0-9A-Za-z]{6}", plain) else None
