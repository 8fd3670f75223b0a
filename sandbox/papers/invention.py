"""Invoices out of a seed: the same seed and wishes always give the same paper."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sandbox.papers.companies import BUYER_NAME, OWN_ENTITIES, SELLERS, Goods, Seller, rate_of
from sandbox.papers.model import DIGITAL_KINDS, Item, Paper

RECENT = date(2026, 10, 30)
"""Where the dates of invented papers end when nobody says which day it is."""

_CODE_ENDS = {
    "vat_e_ordinary": "11",
    "vat_e_toll": "12",
    "vat_e_special": "13",
    "vat_paper_ordinary": "04",
    "digital_paper_ordinary": "04",
}  # the last two of a twelve-digit 发票代码
_TEN_DIGITS = ("vat_paper_special", "digital_paper_special")
_WITHOUT_CHECK_CODE = (*_TEN_DIGITS, "vat_e_special", "digital_paper_ordinary")
_PEOPLE = ("林知秋", "周晓岚", "陈一鸣", "许静文", "高远", "沈嘉禾", "何其川")
_CENT = Decimal("0.01")


def invent(
    seed: int | str,
    kind: str = "digital_ordinary",
    *,
    category: str | None = None,
    seller: Seller | None = None,
    total: Decimal | None = None,
    today: date = RECENT,
    **changes: Any,
) -> Paper:
    """Draw up an invoice.

    Args:
        seed: the same seed gives the same paper.
        kind: one of KINDS.
        category: a key of SELLERS; any of them if absent.
        seller: who issued it; one of the category if absent.
        total: with tax, in yuan; leaves one line that comes to exactly this.
        today: the paper is dated within the forty days before.
        changes: any field of Paper, taken as it is, contradictions included. A changed date is followed by
            number and code, a buyer name by the buyer's tax id, unless these are given too.
    """
    random = Random(f"{kind} {seed}")
    seller = seller or random.choice(SELLERS[category or random.choice(sorted(SELLERS))])
    issued = changes.get("date", today - timedelta(days=random.randrange(1, 40)))
    fields: dict[str, Any] = {
        "kind": kind,
        "date": issued,
        "buyer_name": BUYER_NAME,
        "seller_name": seller.name,
        "seller_tax_id": seller.tax_id,
        "seller_address": seller.address,
        "seller_bank": seller.bank,
        "region": seller.region.name,
        "bureau": seller.region.bureau,
        "items": _items(random, seller, total),
        "remark": "样例",
        "issuer": random.choice(_PEOPLE),
        "payee": random.choice(_PEOPLE),
        "reviewer": random.choice(_PEOPLE),
        **_numbers(random, kind, seller, issued),
        **changes,
    }
    fields.setdefault("buyer_tax_id", OWN_ENTITIES.get(fields["buyer_name"], ""))
    return Paper(**fields)


def _numbers(random: Random, kind: str, seller: Seller, issued: date) -> dict[str, Any]:
    """The number, and what only the older kinds have: code, check code, machine number, cipher area."""
    twenty = f"{issued:%y}{seller.region.in_number}2{_digits(random, 15)}"
    if kind in DIGITAL_KINDS:
        return {"number": twenty}
    numbers: dict[str, Any] = {
        "code": _code(random, kind, seller, issued),
        "number": _digits(random, 8),
        "check_code": None if kind in _WITHOUT_CHECK_CODE else _digits(random, 20),
        "machine_number": "66" + _digits(random, 10),
        "cipher": tuple("".join(random.choices("0123456789+-*/<>", k=27)) for _ in range(4)),
        "buyer_address": "北京市海淀区星河路1号 010-62001000",
        "buyer_bank": "燕园银行中关村支行 1101000000010001",
    }
    if kind.startswith("digital_paper"):
        return numbers | {"digital_number": twenty, "cipher": (f"数电发票号码：{twenty}",)}
    if kind == "blockchain":
        shown = "".join(random.choices("0123456789abcdef", k=5))
        address = f"https://blockchain.invalid/verify?code={numbers['code']}&number={numbers['number']}&hash={shown}"
        return numbers | {"check_code": shown, "qr": address, "cipher": ()}
    return numbers


def _code(random: Random, kind: str, seller: Seller, issued: date) -> str:
    """The 发票代码. Source: domain table, 2.1, 2.2 and 3.7."""
    if kind in _TEN_DIGITS:
        return f"{seller.region.in_code}{issued:%y}{random.randrange(1, 5)}130"
    if kind == "blockchain":
        return f"1{seller.region.in_code}{issued:%y}09{_digits(random, 3)}"
    return f"0{seller.region.in_code}{issued:%y}00{random.randrange(1, 6)}{_CODE_ENDS[kind]}"


def _digits(random: Random, count: int) -> str:
    return "".join(random.choices("0123456789", k=count))


def _items(random: Random, seller: Seller, total: Decimal | None) -> tuple[Item, ...]:
    if total is not None:
        return (_item(random.choice(seller.goods), Decimal(1), total, seller.rate),)
    chosen = random.sample(seller.goods, k=random.randint(1, len(seller.goods)))
    return tuple(_random_item(random, goods, seller.rate) for goods in chosen)


def _random_item(random: Random, goods: Goods, rate: str) -> Item:
    quantity = Decimal(random.randint(1, goods.most))
    price = Decimal(random.randint(goods.lowest * 10, goods.highest * 10)) / 10
    return _item(goods, quantity, quantity * price, rate)


def _item(goods: Goods, quantity: Decimal, gross: Decimal, rate: str) -> Item:
    """A line whose net and tax come to gross, yuan with tax."""
    amount = (gross / (1 + rate_of(rate))).quantize(_CENT)
    return Item(
        name=goods.name,
        spec=goods.spec,
        unit=goods.unit,
        quantity=quantity,
        unit_price=(amount / quantity).quantize(Decimal("0.000001")).normalize(),
        amount=amount,
        rate=rate,
        tax=gross.quantize(_CENT) - amount,
    )
