"""Invented invoices as files: drawn, photographed, spoilt. For the sandbox and for tests.

    paper = invent(1, "vat_e_ordinary", category="meals")
    to_pdf(paper)                                          # a PDF whose text can be read out
    photograph(to_picture(paper, dpi=200), seed=1)         # a telephone's photo of it
    paper.labels()                                         # what a reader should find

No company, person or invoice in here exists.
"""

from sandbox.papers.companies import BUYER_NAME, BUYER_TAX_ID, OWN_ENTITIES, SELLERS, Goods, Seller
from sandbox.papers.fonts import FontMissing
from sandbox.papers.identity import Region, crc16_buypass, tax_id, uscc_check
from sandbox.papers.invention import RECENT, invent
from sandbox.papers.model import KINDS, QR_TYPES, Item, Paper, capitals
from sandbox.papers.originals import to_ofd, to_older_xml, to_xml, to_zip
from sandbox.papers.photos import photograph, too_blurred
from sandbox.papers.render import pdf_to_picture, to_pdf, to_picture
from sandbox.papers.samples import samples
from sandbox.papers.spoilt import (
    PASSWORD,
    decompression_bomb,
    empty,
    not_an_invoice,
    password_pdf,
    team_note,
    text_renamed_jpg,
    truncated_pdf,
)

__all__ = [
    "BUYER_NAME",
    "BUYER_TAX_ID",
    "KINDS",
    "OWN_ENTITIES",
    "PASSWORD",
    "QR_TYPES",
    "RECENT",
    "SELLERS",
    "FontMissing",
    "Goods",
    "Item",
    "Paper",
    "Region",
    "Seller",
    "capitals",
    "crc16_buypass",
    "decompression_bomb",
    "empty",
    "invent",
    "not_an_invoice",
    "password_pdf",
    "pdf_to_picture",
    "photograph",
    "samples",
    "tax_id",
    "team_note",
    "text_renamed_jpg",
    "to_ofd",
    "to_older_xml",
    "to_pdf",
    "to_picture",
    "to_xml",
    "to_zip",
    "too_blurred",
    "truncated_pdf",
    "uscc_check",
]
