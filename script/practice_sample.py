"""Draws bot/practice/sample.pdf, the invoice of practice, from what core/practice.py says. Usage: python script/practice_sample.py

Its QR code leaves the date out and has no checksum, so that reading asks exactly one question: the date.
"""

import sys
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.practice import BUYER, DAY, NUMBER, SELLER  # noqa: E402  the program is found only after the line above
from sandbox.papers import Item, Paper, to_pdf  # noqa: E402

SAMPLE = ROOT / "bot" / "practice" / "sample.pdf"


def sample() -> bytes:
    """The sample as a PDF; always the same bytes."""
    return to_pdf(
        Paper(
            kind="digital_ordinary",
            number=NUMBER,
            date=DAY,
            buyer_name=BUYER.name,
            buyer_tax_id=BUYER.tax_id,
            seller_name=SELLER.name,
            seller_tax_id=SELLER.tax_id,
            items=(
                Item(
                    name="*纸制品*A4复印纸",
                    spec="70g 500张",
                    unit="包",
                    quantity=Decimal(5),
                    unit_price=Decimal("22.123894"),
                    amount=Decimal("110.62"),
                    rate="13%",
                    tax=Decimal("14.38"),
                ),
            ),
            remark="练习用样票，不是发票，不能报销。Practice sample: not an invoice, never reimbursed.",
            issuer="练习",
            qr=f"01,32,,{NUMBER},125.00,,,",
        )
    )


if __name__ == "__main__":
    SAMPLE.write_bytes(sample())
