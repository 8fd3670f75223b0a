"""What stands on an invoice, and what follows from it: sums, capital numerals, the text of the QR code."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cn2an import an2cn

from sandbox.papers.identity import crc16_buypass

QR_TYPES = {
    "vat_paper_special": "01",
    "vat_paper_ordinary": "04",
    "vat_e_ordinary": "10",
    "vat_e_special": "08",
    "vat_e_toll": "14",
    "digital_paper_special": "85",
    "digital_paper_ordinary": "86",
    "digital_special": "31",
    "digital_ordinary": "32",
}
DIGITAL_KINDS = ("digital_ordinary", "digital_special")
PAPER_KINDS = ("vat_paper_special", "vat_paper_ordinary", "digital_paper_special", "digital_paper_ordinary")
KINDS = ("vat_paper_special", "vat_paper_ordinary", "vat_e_ordinary", "digital_special", "digital_ordinary")
"""The kinds met most often. Those of QR_TYPES and blockchain, whose code is an address, have the same wide face."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One line of an invoice.

    rate is the text in the 税率 column ("13%", "免税"); amount is without tax, in yuan with two decimals;
    a discount line has negative amounts and neither quantity nor unit price. `columns` stand in place of spec, unit,
    quantity and unit price on an invoice with a tag of special business.
    """

    name: str
    amount: Decimal
    rate: str
    tax: Decimal
    spec: str = ""
    unit: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Paper:
    """An invoice as issued.

    The `printed_` fields and `qr` replace what the face would truthfully show, one place at a time: an edited
    figure in the print leaves the QR code and the capital numerals as they were issued. `tag` is the special business
    ("通行费"), `digital_number` the twenty digits that a 数电纸质发票 has beside its code and number.
    """

    kind: str
    number: str
    date: date
    buyer_name: str
    buyer_tax_id: str
    seller_name: str
    seller_tax_id: str
    items: tuple[Item, ...]
    code: str | None = None
    check_code: str | None = None
    remark: str = ""
    issuer: str = ""
    payee: str = ""
    reviewer: str = ""
    buyer_address: str = ""
    buyer_bank: str = ""
    seller_address: str = ""
    seller_bank: str = ""
    machine_number: str = ""
    cipher: tuple[str, ...] = ()
    region: str = "北京"
    bureau: str = "北京市税务局"
    printed_amount_ex_tax: Decimal | None = None
    printed_tax: Decimal | None = None
    printed_total: Decimal | None = None
    printed_total_cn: str | None = None
    qr: str | None = None
    tag: str = ""
    digital_number: str | None = None

    @property
    def is_digital(self) -> bool:
        """Whether this is a 数电票: no code, no check code, twenty digits."""
        return self.kind in DIGITAL_KINDS

    @property
    def is_on_paper(self) -> bool:
        """Whether this was printed by the seller on a form from the tax bureau."""
        return self.kind in PAPER_KINDS

    @property
    def amount_ex_tax(self) -> Decimal:
        return sum((item.amount for item in self.items), Decimal("0.00"))

    @property
    def tax(self) -> Decimal:
        return sum((item.tax for item in self.items), Decimal("0.00"))

    @property
    def total(self) -> Decimal:
        return self.amount_ex_tax + self.tax

    @property
    def total_cn(self) -> str:
        return capitals(self.total)

    @property
    def qr_text(self) -> str:
        """The text of the QR code, with its checksum; digital kinds carry the total in it, older ones the net."""
        if self.qr is not None:
            return self.qr
        amount = self.total if self.is_digital else self.amount_ex_tax
        fields = ("01", QR_TYPES[self.kind], self.code or "", self.number, f"{amount:.2f}", f"{self.date:%Y%m%d}")
        payload = ",".join((*fields, self.check_code or "", ""))
        checksum = f"{crc16_buypass(payload.encode()):04X}"
        return payload + checksum if self.is_digital else payload + checksum + ","

    def labels(self) -> dict[str, str | None]:
        """What a reader should find on the face, field by field: dates ISO, money with two decimals, None for absent."""
        money = "{:.2f}".format
        return {
            "kind": self.kind,
            "code": self.code,
            "number": self.number,
            "date": self.date.isoformat(),
            "buyer_name": self.buyer_name or None,
            "buyer_tax_id": self.buyer_tax_id or None,
            "seller_name": self.seller_name,
            "seller_tax_id": self.seller_tax_id,
            "amount_ex_tax": money(self.face_amount_ex_tax),
            "tax": money(self.face_tax),
            "total": money(self.face_total),
            "total_cn": self.face_total_cn,
            "check_code": self.check_code,
            "currency": None,
            "qr": self.qr_text,
            **({"digital_number": self.digital_number} if self.digital_number else {}),
        }

    @property
    def face_amount_ex_tax(self) -> Decimal:
        return self.amount_ex_tax if self.printed_amount_ex_tax is None else self.printed_amount_ex_tax

    @property
    def face_tax(self) -> Decimal:
        return self.tax if self.printed_tax is None else self.printed_tax

    @property
    def face_total(self) -> Decimal:
        return self.total if self.printed_total is None else self.printed_total

    @property
    def face_total_cn(self) -> str:
        return self.total_cn if self.printed_total_cn is None else self.printed_total_cn


def capitals(amount: Decimal) -> str:
    """The 大写 of an amount in yuan, as invoices write it: 475.80 is 肆佰柒拾伍圆捌角整."""
    if amount < 0:
        return "（负数）" + capitals(-amount)
    text = str(an2cn(f"{amount:.2f}", "rmb")).replace("元", "圆")
    return text if text.endswith(("整", "分")) else text + "整"
