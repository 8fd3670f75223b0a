"""The wide faces (增值税发票 and 数电票) as Faces: Paper and its layouts draw them."""

from dataclasses import replace
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from sandbox.papers import layouts
from sandbox.papers.faces import facts
from sandbox.papers.faces.face import FIELDS, Face
from sandbox.papers.invention import invent
from sandbox.papers.model import Item, Paper
from sandbox.papers.sheet import Sheet


def wide(kind: str, random: Random) -> Face:
    """A paper of a kind of model.KINDS, its buyer one of several."""
    return face_of(_paper(random, kind))


def digital_toll(random: Random) -> Face:
    """A 数电票 with the tag 通行费: plate and days of passage instead of quantities. Source: domain table, 1.3."""
    return face_of(_paper(random, "digital_ordinary", tag="通行费", **_passages(random)))


def vat_e_toll(random: Random) -> Face:
    return face_of(_paper(random, "vat_e_toll", tag="通行费", **_passages(random)))


def face_of(paper: Paper) -> Face:
    """The first page of a paper."""
    if paper.is_digital:
        draw = partial(layouts.draw_digital, paper=paper, items=paper.items, page=1, pages=1)
    else:
        draw = partial(layouts.draw_vat, paper=paper)
    label = dict.fromkeys(FIELDS) | paper.labels()
    margin = layouts.MARGIN if paper.is_on_paper else 0

    def draw_on(sheet: Sheet) -> None:
        draw(sheet)

    return Face(
        size=(layouts.WIDTH + 2 * margin, layouts.HEIGHT),
        labels=label,
        draw=draw_on,
        electronic=not paper.is_on_paper,
        ink=layouts.DIGITAL_INK if paper.is_digital else layouts.VAT_INK,
        value_ink=layouts.PRINTER_INK if paper.is_on_paper else facts.BLACK,
        margin=margin,
        slip=0.9 if paper.is_on_paper else 0,
    )


def _paper(random: Random, kind: str, **changes: Any) -> Paper:
    buyer = facts.buyer(random, persons=0 if kind.endswith("special") else 0.15)
    paper = invent(
        random.getrandbits(40),
        kind,
        date=facts.day(random),
        buyer_name=buyer.name,
        buyer_tax_id=buyer.tax_id,
        **changes,
    )
    discount = _discounted(paper) if not changes and random.random() < 0.1 else paper.items
    return replace(paper, items=discount)


def _discounted(paper: Paper) -> tuple[Item, ...]:
    """A tenth of the first line taken off in a line of its own."""
    first = paper.items[0]
    off, less = (-(part / 10).quantize(facts.CENT) for part in (first.amount, first.tax))
    return (first, Item(name=first.name, amount=off, rate=first.rate, tax=less), *paper.items[1:])


def _passages(random: Random) -> dict[str, Any]:
    road, car = facts.company(random, "高速公路"), facts.plate(random)
    items = []
    for _ in range(random.randrange(1, 4)):
        gross, first = facts.money(random, 4, 160), facts.day(random)
        net = (gross / Decimal("1.03")).quantize(facts.CENT)
        columns = (car, "客车", f"{first:%Y%m%d}", f"{first:%Y%m%d}")
        items.append(Item(name="*经营租赁*通行费", amount=net, rate="3%", tax=gross - net, columns=columns))
    return {
        "items": tuple(items), "seller_name": road.name, "seller_tax_id": road.tax_id, "seller_address": f"{road.address} {road.phone}",
        "seller_bank": road.bank, "region": road.region.name, "bureau": road.region.bureau,
    }  # fmt: skip
