"""The files that lie ready on the sandbox page, for dropping into the chat."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from sandbox.papers.companies import SELLERS
from sandbox.papers.invention import invent
from sandbox.papers.originals import to_ofd, to_xml, to_zip
from sandbox.papers.photos import photograph, too_blurred
from sandbox.papers.render import pdf_to_picture, to_pdf, to_picture
from sandbox.papers.spoilt import not_an_invoice

CHINA = ZoneInfo("Asia/Shanghai")


def samples(today: date | None = None) -> list[tuple[str, bytes]]:
    """Name and content of each sample, dated some days before today (China's day if absent).

    The same day gives the same files; they are drawn once in a process.
    """
    return list(_samples(datetime.now(CHINA).date() if today is None else today))


@cache
def _samples(today: date) -> tuple[tuple[str, bytes], ...]:
    def days_ago(days: int) -> date:
        return today - timedelta(days=days)

    stationery = to_pdf(invent("云帆文具", seller=SELLERS["office"][0], total=Decimal("475.80"), date=days_ago(6)))
    hotel = invent("海棠酒店", "digital_special", seller=SELLERS["lodging"][0], date=days_ago(12))
    meal = invent("松间小馆", "vat_e_ordinary", seller=SELLERS["meals"][0], total=Decimal("268.00"), date=days_ago(9))
    chairs = invent("青禾办公", "vat_e_ordinary", seller=SELLERS["office"][1], date=days_ago(20))
    ride = invent("鹏程出行", seller=SELLERS["transport"][0], total=Decimal("86.50"), date=days_ago(3))
    stay = invent("海棠商旅", "digital_special", seller=SELLERS["lodging"][0], date=days_ago(8))
    print_shop = invent("青禾图文", seller=SELLERS["office"][1], date=days_ago(15))
    return (
        ("云帆文具-数电普票.pdf", stationery),
        ("云帆文具-数电普票.png", pdf_to_picture(stationery, dpi=200)),
        ("海棠酒店-数电专票-照片.jpg", photograph(to_picture(hotel, dpi=200), seed=3)),
        ("松间小馆-电子普票.pdf", to_pdf(meal)),
        ("青禾办公-电子普票-照片.jpg", photograph(to_picture(chairs, dpi=200), seed=5, rotate=-3, dark=0.1)),
        ("鹏程出行-模糊照片.jpg", too_blurred(to_picture(ride))),
        ("不是发票-风景.png", not_an_invoice()),
        ("青禾办公-数电普票.xml", to_xml(print_shop)),
        ("海棠酒店-数电专票.zip", to_zip((("海棠酒店.ofd", to_ofd(stay)), ("海棠酒店.xml", to_xml(stay))))),
    )
