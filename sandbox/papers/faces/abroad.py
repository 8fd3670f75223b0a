"""A receipt and an invoice from elsewhere. Both are of kind foreign_invoice. Source: domain table, 16."""

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import NamedTuple

from reportlab.lib.colors import black

from sandbox.papers.faces import facts
from sandbox.papers.faces.face import Face, labels
from sandbox.papers.sheet import Sheet


class _Place(NamedTuple):
    """How receipts look somewhere: the currency, its sign, how days are written, the tax and its words, an address."""

    currency: str
    sign: str
    day: str
    tax: str
    rate: Decimal
    address: str


_PLACES: Mapping[str, _Place] = {
    "US": _Place("USD", "$", "%m/%d/%Y", "Sales Tax", Decimal("0.08875"), "120 Willow St, New York, NY 10012"),
    "GB": _Place("GBP", "£", "%d/%m/%Y", "VAT 20%", Decimal("0.20"), "14 Larch Lane, London N1 7AB, United Kingdom"),
    "SG": _Place("SGD", "S$", "%d %b %Y", "GST 9%", Decimal("0.09"), "5 Orchid Walk, Singapore 238801"),
}
_SHOPS = ("Blue Heron Cafe", "Maple Street Deli", "Northwind Stationery", "Harbour Lights Hotel")
_GOODS = (
    ("Flat white", "4.50"),
    ("Notebook A5", "7.95"),
    ("Sandwich", "9.80"),
    ("Sparkling water", "3.20"),
    ("Soup of the day", "8.40"),
)


def foreign_receipt(random: Random) -> Face:
    """A till receipt: subtotal, tax, total, and what was tendered."""
    place = _PLACES[random.choice(sorted(_PLACES))]
    paid, shop = facts.day(random), random.choice(_SHOPS)
    lines, net, tax, total = _bought(random, place)
    clock = f"{random.randrange(8, 22):02d}:{random.randrange(60):02d}"
    cash, number = (total // 10 + 1) * 10, facts.digits(random, 6)
    height = 92.0 + 6 * len(lines)

    def draw(sheet: Sheet) -> None:
        sheet.print(37, 10, shop, size=13, align="centre")
        street, town = place.address.split(", ", 1)
        sheet.print(37, 16, street, size=8, align="centre")
        sheet.print(37, 20.5, town, size=8, align="centre")
        sheet.print(4, 28, f"Date: {paid.strftime(place.day)}  {clock}")
        sheet.print(4, 33, f"Receipt no. {number}")
        sheet.line(3, 36, 71, 36)
        for row, (name, amount) in enumerate(lines):
            sheet.print(4, 42 + 6 * row, name)
            sheet.print(70, 42 + 6 * row, f"{amount:.2f}", align="right")
        y = 44 + 6 * len(lines)
        sheet.line(3, y - 3, 71, y - 3)
        rows = (("Subtotal", net), (place.tax, tax), ("TOTAL", total), ("Cash", cash), ("Change", cash - total))
        for row, (word, amount) in enumerate(rows):
            size = 13 if word == "TOTAL" else 9
            sheet.print(4, y + 3 + 6.5 * row, word, size=size)
            sheet.print(70, y + 3 + 6.5 * row, f"{place.sign}{amount:.2f}", size=size, align="right")
        sheet.print(37, height - 7, "Thank you, please come again", size=9, align="centre")

    label = labels(
        "foreign_invoice",
        number=number,
        date=paid.isoformat(),
        seller_name=shop,
        tax=tax,
        total=total,
        amount_ex_tax=net,
        currency=place.currency,
    )
    return Face(size=(74, height), labels=label, draw=draw, ink=black, slip=0.3, implied={})


def foreign_invoice(random: Random) -> Face:
    """An invoice for services on a letter page, in euro or dollars."""
    place = _PLACES[random.choice(sorted(_PLACES))]
    issued = facts.day(random)
    seller = f"{random.choice(('Alder', 'Birch', 'Cedar', 'Rowan'))} {random.choice(('Research', 'Software', 'Studios'))} {'Inc.' if place.currency == 'USD' else 'Ltd'}"
    number = f"INV-{issued:%Y}-{random.randrange(100, 9999):04d}"
    lines, net, tax, total = _bought(random, place, times=37)

    def draw(sheet: Sheet) -> None:
        sheet.print(18, 22, seller, size=16)
        sheet.print(18, 28, place.address)
        sheet.print(192, 22, "INVOICE", size=20, align="right")
        for row, (word, value) in enumerate(
            (("Invoice number:", number), ("Invoice date:", issued.strftime("%d %B %Y")), ("Currency:", place.currency))
        ):
            sheet.print(130, 38 + 6 * row, word)
            sheet.print(192, 38 + 6 * row, value, align="right")
        sheet.print(18, 44, "Bill to:")
        sheet.print(18, 50, "Morningstar Technology (Beijing) Co., Ltd.")
        sheet.line(18, 66, 192, 66)
        sheet.print(18, 72, "Description", size=10)
        sheet.print(192, 72, "Amount", size=10, align="right")
        sheet.line(18, 75, 192, 75)
        for row, (name, amount) in enumerate(lines):
            sheet.print(18, 82 + 7 * row, name, size=10)
            sheet.print(192, 82 + 7 * row, f"{place.sign}{amount:,.2f}", size=10, align="right")
        y = 88 + 7 * len(lines)
        sheet.line(118, y - 3, 192, y - 3)
        for row, (word, amount) in enumerate((("Subtotal", net), (place.tax, tax), ("Total due", total))):
            sheet.print(120, y + 4 + 7 * row, word, size=11)
            sheet.print(192, y + 4 + 7 * row, f"{place.sign}{amount:,.2f}", size=11, align="right")
        sheet.print(18, 190, "Please pay within 30 days. Thank you for your business.")

    label = labels(
        "foreign_invoice", number=number, date=issued.isoformat(), buyer_name="Morningstar Technology (Beijing) Co., Ltd.",
        seller_name=seller, amount_ex_tax=net, tax=tax, total=total, currency=place.currency,
    )  # fmt: skip
    return Face(size=(210, 200), labels=label, draw=draw, electronic=True, ink=black, implied={})


def _bought(
    random: Random, place: _Place, times: int = 1
) -> tuple[list[tuple[str, Decimal]], Decimal, Decimal, Decimal]:
    """Lines, net, tax and total."""
    words = ("Consulting, per day", "Cloud hosting, monthly", "Design review", "Annual licence")
    chosen = random.sample(_GOODS, random.randrange(1, 5))
    names = random.sample(words, len(chosen)) if times > 1 else [name for name, _ in chosen]
    lines = [(name, Decimal(price) * times) for name, (_, price) in zip(names, chosen, strict=True)]
    net = sum((amount for _, amount in lines), Decimal(0))
    tax = (net * place.rate).quantize(facts.CENT)
    return lines, net, tax, net + tax
