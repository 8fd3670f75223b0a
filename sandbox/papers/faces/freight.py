"""货物运输业增值税专用发票, issued until June 2016: in archives only. Source: domain table, 1.2."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from sandbox.papers.faces import facts
from sandbox.papers.faces.face import BLUE_PRINT, BROWN, Face, labels, pairs
from sandbox.papers.model import capitals
from sandbox.papers.sheet import Sheet

_LAST = date(2016, 6, 30)


def freight_special(random: Random) -> Face:
    """Four parties, each with its tax id below its name; the carrier sells, 实际受票方 buys."""
    issued = _LAST - timedelta(days=random.randrange(600))
    carrier, sender, taker = (facts.company(random, trade) for trade in ("货物运输", "机械设备", "商贸"))
    buyer = facts.buyer(random, persons=0)
    code = f"{carrier.region.in_code}{issued:%y}{random.randrange(1, 5)}{random.choice('27')}30"
    number = facts.digits(random, 8)
    net = facts.money(random, 300, 9000)
    tax = (net * Decimal("0.11")).quantize(facts.CENT)
    total = net + tax
    cipher = ["".join(random.choices("0123456789+-*/<>", k=27)) for _ in range(4)]
    machine, car = f"89{facts.digits(random, 10)}", facts.plate(random)
    start, end = random.sample([city for city, _ in facts.CITIES], 2)
    people = random.sample(facts.PEOPLE, 3)

    def draw(sheet: Sheet) -> None:
        sheet.label(105, 12, f"{carrier.region.name}货物运输业增值税专用发票", size=15, align="centre")
        sheet.label(105, 20, "发 票 联", size=10, align="centre")
        sheet.bureau_seal(105, 14, carrier.region.bureau)
        sheet.label(12, 14, code, size=15)
        sheet.label(160, 14, "№", size=15)
        sheet.print(167, 14, number, size=15)
        sheet.pair(150, 24, "开票日期：", f"{issued:%Y年%m月%d日}")
        sheet.grid((5, 205), (28, 41, 54, 67, 74, 96, 103, 110, 118, 127))
        for x, top, bottom in ((40, 28, 67), (105, 28, 67), (112, 28, 54), (140, 54, 67), (105, 74, 96)):
            sheet.line(x, top, x, bottom)
        parties = (
            (7, 28, "承运人及", "纳税人识别号", carrier.name, carrier.tax_id),
            (7, 41, "实际受票方及", "纳税人识别号", buyer.name, buyer.tax_id),
            (7, 54, "收货人及", "纳税人识别号", taker.name, taker.tax_id),
            (107, 54, "发货人及", "纳税人识别号", sender.name, sender.tax_id),
        )
        for x, top, word, below, name, tax_id in parties:
            sheet.label(x, top + 5, word, size=8)
            sheet.label(x, top + 10.5, below, size=8)
            sheet.print(x + 35, top + 5, name, size=8)
            sheet.print(x + 35, top + 10.5, tax_id)
        sheet.column(108.5, 29, 53, "密码区")
        for place, line in enumerate(cipher):
            sheet.print(115, 33 + 6 * place, line, stretch=85)
        sheet.pair(7, 72, "起运地、经由、到达地", f"{start} - {end}", gap=4)
        sheet.label(7, 79, "费用项目及金额")
        sheet.print(40, 79, "运费")
        sheet.print(90, 79, f"{net:.2f}", align="right")
        sheet.label(107, 79, "运输货物信息")
        sheet.print(140, 79, "设备配件 2件")
        pairs(sheet, (
            (7, 101, "合计金额", f"¥{net:.2f}"), (65, 101, "税率", "11%"), (95, 101, "税额", f"¥{tax:.2f}"), (145, 101, "机器编号", machine),
            (7, 108, "价税合计（大写）", capitals(total)), (140, 108, "（小写）", f"¥{total:.2f}"),
            (7, 115.5, "车种车号", car), (75, 115.5, "车船吨位", "5"), (107, 115.5, "备注", "样例"),
            (7, 124, "主管税务机关及代码", f"{carrier.region.bureau} 1{carrier.region.district}00"),
            (7, 132, "收款人：", people[0]), (60, 132, "复核人：", people[1]), (107, 132, "开票人：", people[2]),
        ), gap=3)  # fmt: skip
        sheet.seller_seal(178, 124, carrier.name, carrier.tax_id)

    label = labels(
        "freight_special", code=code, number=number, date=issued.isoformat(), buyer_name=buyer.name, buyer_tax_id=buyer.tax_id,
        seller_name=carrier.name, seller_tax_id=carrier.tax_id, amount_ex_tax=net, tax=tax, total=total, total_cn=capitals(total),
    )  # fmt: skip
    return Face(size=(210, 138), labels=label, draw=draw, ink=BROWN, value_ink=BLUE_PRINT, slip=0.6)
