"""财政电子票据: vouchers of public bodies, no tax invoices. Source: domain table, 1.2, 2.5 and 4.2."""

from decimal import Decimal
from random import Random

from reportlab.lib.colors import HexColor

from sandbox.papers.faces import facts
from sandbox.papers.faces.face import Face, heads, labels, pairs
from sandbox.papers.model import capitals
from sandbox.papers.sheet import Sheet

_TITLES = ("非税收入统一票据（电子）", "医疗门诊收费票据（电子）", "公益事业捐赠统一票据（电子）")
_BODIES = ("星河学院", "云舟门诊部", "晨星公益基金会")
_ITEMS = ("考试费", "检查费", "捐赠款")


def fiscal(random: Random) -> Face:
    issued = facts.day(random)
    city, region = random.choice(facts.CITIES)
    sort = random.randrange(3)
    body = f"{city}{_BODIES[sort]}"
    code = f"{region.district[:2]}0{random.randrange(1, 9)}01{issued:%y}"
    number = f"00{facts.digits(random, 8)}"
    check = "".join(random.choices("0123456789abcdef", k=6))
    payer = facts.buyer(random, persons=0.5)
    total = facts.money(random, 20, 2400)
    central = random.random() < 0.6
    qr = (
        f"CZ-EI-00,1.1.0,{code},{number},{check},{issued:%Y%m%d},{total:.2f}"
        if central
        else f"https://fiscal.invalid/bill?code={code}&number={number}&check={check}"
    )
    clerk, reviewer = random.choice(facts.PEOPLE), random.choice(facts.PEOPLE)

    def draw(sheet: Sheet) -> None:
        sheet.label(100, 11, f"{region.name}{_TITLES[sort]}", size=15, align="centre")
        sheet.seal(100, 11, ("财政票据监制章", region.name, "财政部监制"), size=(30, 20))
        sheet.qr(170, 5, 20, qr)
        pairs(sheet, (
            (8, 20, "票据代码：", code), (122, 20, "票据号码：", number), (8, 25.5, "交款人统一社会信用代码：", payer.tax_id),
            (122, 25.5, "校验码：", check), (8, 31, "交款人：", payer.name), (122, 31, "开票日期：", issued.isoformat()),
        ), size=10)  # fmt: skip
        sheet.grid((7, 193), (34, 41, 80, 88, 116))
        columns = (14, 45, 83, 101, 118, 142, 175)
        heads(
            sheet,
            39,
            tuple(zip(columns, ("项目编码", "项目名称", "单位", "数量", "标准", "金额（元）", "备注"), strict=True)),
        )
        for x in (22, 72, 92, 108, 128, 156):
            sheet.line(x, 34, x, 80)
        sheet.print(14, 46, facts.digits(Random(number), 6), size=8, align="centre")
        sheet.print(24, 46, _ITEMS[sort], size=8)
        sheet.print(83, 46, "项", size=8, align="centre")
        sheet.print(101, 46, "1", size=8, align="centre")
        sheet.print(127, 46, f"{total:.2f}", size=8, align="right")
        sheet.print(155, 46, f"{total:.2f}", size=8, align="right")
        pairs(
            sheet,
            (
                (10, 85.5, "金额合计（大写）", capitals(total)),
                (110, 85.5, "（小写）", f"{total:.2f}"),
                (10, 94, "其他信息", "样例"),
            ),
        )
        pairs(
            sheet,
            ((8, 122, "收款单位（章）：", body), (100, 122, "复核人：", reviewer), (145, 122, "收款人：", clerk)),
            size=10,
        )
        sheet.seal(40, 113, (body, "财务收费", "专用章"), size=(26, 26))

    label = labels(
        "fiscal", code=code, number=number, date=issued.isoformat(), buyer_name=payer.name, buyer_tax_id=payer.tax_id or None,
        seller_name=body, total=Decimal(total), total_cn=capitals(total), check_code=check, qr=qr,
    )  # fmt: skip
    return Face(size=(200, 128), labels=label, draw=draw, electronic=True, ink=HexColor(0xC0602B))
