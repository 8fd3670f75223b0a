"""Taxi, toll, and the itinerary of a ride."""

from datetime import timedelta
from decimal import Decimal
from random import Random

from reportlab.lib.colors import HexColor, black

from sandbox.papers.faces import facts
from sandbox.papers.faces.face import BLUE_PRINT, BROWN, GREY, Face, heads, labels, pairs, values
from sandbox.papers.model import capitals
from sandbox.papers.sheet import Sheet


def taxi(random: Random) -> Face:
    """出租车发票: a narrow slip; the surcharge for fuel stands apart in some places. Source: domain table, 3.6."""
    ridden = facts.day(random)
    city, region = random.choice(facts.CITIES)
    code, number = facts.local_code(random, region, ridden, "0"), facts.digits(random, 8)
    up = random.randrange(6 * 60, 23 * 60)
    minutes = random.randrange(6, 70)
    kilometres = Decimal(random.randrange(15, 420)) / 10
    fare = facts.money(random, 12, 180).quantize(Decimal("0.1"))
    surcharge = Decimal(random.choice((0, 0, 1, 2)))
    total = fare + surcharge
    car, driver = facts.plate(random), facts.digits(random, 6)
    written = ridden.isoformat() if random.random() < 0.6 else f"{ridden:%Y年%m月%d日}"
    phone = facts.digits(random, 8)
    rows = (
        ("电话", phone), ("车号", car), ("证号", driver), ("日期", written), ("上车", f"{up // 60:02d}:{up % 60:02d}"),
        ("下车", f"{(up + minutes) // 60 % 24:02d}:{(up + minutes) % 60:02d}"), ("单价", f"{random.choice(('2.30', '2.40', '2.70'))}元"),
        ("里程", f"{kilometres}km"), ("等候", f"00:{random.randrange(10):02d}:{random.randrange(60):02d}"), ("状态", "0"),
        ("金额", f"¥{total:.2f}元" if random.random() < 0.5 else f"{total:.2f}元"),
        *((("其中燃油附加费", f"{surcharge:.2f}元"),) if surcharge else ()),
    )  # fmt: skip

    def draw(sheet: Sheet) -> None:
        sheet.label(24, 9, f"{city}市出租汽车", size=10, align="centre")
        sheet.label(24, 14, "专用发票", size=10, align="centre")
        sheet.label(24, 19, "发 票 联", size=9, align="centre")
        sheet.bureau_seal(24, 12, region.bureau, size=(21, 14))
        pairs(sheet, ((4, 27, "发票代码", code), (4, 32, "发票号码", number)), size=9, gap=2)
        sheet.line(3, 34, 45, 34)
        for place, (word, value) in enumerate(rows):
            y = 40 + 5.6 * place
            sheet.label(4, y, word, size=9)
            sheet.print(44, y, value, size=9.5, align="right")
        sheet.label(4, 110, "手写无效", size=8)
        sheet.label(44, 110, "感谢乘坐", size=8, align="right")

    label = labels("taxi", code=code, number=number, date=ridden.isoformat(), total=total)
    return Face(
        size=(48, 114),
        labels=label,
        draw=draw,
        ink=GREY,
        value_ink=BLUE_PRINT if random.random() < 0.4 else black,
        slip=0.9,
        ground=HexColor(0xFBFAF2),
    )


def toll_paper(random: Random) -> Face:
    """过路费 on paper, printed at the booth. Source: domain table, 3.6."""
    passed = facts.day(random)
    road = facts.company(random, "高速公路")
    region = road.region
    code, number = facts.local_code(random, region, passed, "4"), facts.digits(random, 8)
    (entry, _), (leave, _) = facts.two(random, tuple((name, "") for name, _ in facts.STATIONS))
    total = Decimal(random.randrange(5, 380))
    at = f"{random.randrange(24):02d}:{random.randrange(60):02d}:{random.randrange(60):02d}"
    figures = f"{total:.2f}元" if random.random() < 0.5 else f"{total}元"
    collector = facts.digits(random, 6)

    def draw(sheet: Sheet) -> None:
        sheet.label(35, 9, f"{region.name}车辆通行费发票", size=12, align="centre")
        sheet.label(35, 14, "发 票 联", size=8, align="centre")
        sheet.bureau_seal(35, 11, region.bureau, size=(24, 16))
        pairs(sheet, (
            (6, 22, "发票代码：", code), (6, 27.5, "发票号码：", number), (6, 34, "入口：", f"{entry}站"), (6, 39.5, "出口：", f"{leave}站"),
            (6, 45, "车型：", "1型客车"), (36, 45, "车道：", f"{random_lane}"), (6, 50.5, "收费金额：", figures),
            (6, 56, "日期：", passed.isoformat()), (6, 61.5, "时间：", at), (6, 67, "收费员：", collector),
        ))  # fmt: skip
        sheet.label(6, 73, road.name, size=7)
        sheet.seller_seal(52, 65, road.name, road.tax_id, size=(30, 21))

    random_lane = random.randrange(1, 12)
    label = labels("toll_paper", code=code, number=number, date=passed.isoformat(), total=total, seller_name=road.name)
    return Face(size=(70, 78), labels=label, draw=draw, ink=GREY, slip=0.8)


def toll_local_e(random: Random) -> Face:
    """A local electronic bill for the road; its QR code is not that of the tax bureau. Source: domain table, 4.2."""
    issued = facts.day(random)
    road = facts.company(random, "通行科技")
    code, number = facts.local_code(random, road.region, issued, "0"), facts.digits(random, 8)
    buyer = facts.buyer(random, persons=0)
    total = facts.money(random, 5, 300)
    qr = f"{code},{number},{total:.2f},{issued.isoformat()},{buyer.name}"
    car = facts.plate(random)

    def draw(sheet: Sheet) -> None:
        sheet.label(90, 12, f"{road.region.name}通用（电子）发票", size=16, align="centre")
        sheet.label(90, 18, "车辆通行费", size=10, align="centre")
        sheet.bureau_seal(90, 14, road.region.bureau)
        sheet.qr(8, 6, 20, qr)
        pairs(
            sheet,
            (
                (122, 14, "发票代码：", code),
                (122, 20, "发票号码：", number),
                (122, 26, "开票日期：", issued.isoformat()),
            ),
        )
        sheet.grid((6, 174), (32, 42, 52, 62, 72, 82))
        pairs(sheet, (
            (8, 38, "付款方名称：", buyer.name), (98, 38, "纳税人识别号：", buyer.tax_id), (8, 48, "收款方名称：", road.name),
            (98, 48, "纳税人识别号：", road.tax_id), (8, 58, "项目：", "车辆通行费"), (98, 58, "车牌号：", car),
            (8, 68, "合计金额（大写）：", capitals(total)), (98, 68, "（小写）：", f"¥{total:.2f}"), (8, 78, "备注：", "样例"),
        ))  # fmt: skip

    label = labels(
        "toll_local_e", code=code, number=number, date=issued.isoformat(), buyer_name=buyer.name, buyer_tax_id=buyer.tax_id,
        seller_name=road.name, seller_tax_id=road.tax_id, total=total, total_cn=capitals(total), qr=qr,
    )  # fmt: skip
    return Face(size=(180, 92), labels=label, draw=draw, electronic=True, ink=BROWN)


def ride_itinerary(random: Random) -> Face:
    """行程单 of a ride-hailing platform: goes with an invoice, is none."""
    asked = facts.day(random)
    platform = random.choice(("鹏程出行", "云舟出行", "远山打车"))
    rides = []
    for number in range(1, random.randrange(2, 7)):
        began = asked - timedelta(days=random.randrange(1, 28))
        clock = f"{random.randrange(6, 23):02d}:{random.randrange(60):02d}"
        amount, far = facts.money(random, 9, 160), Decimal(random.randrange(12, 400)) / 10
        rides.append((number, began, clock, amount, far))
    total = sum((amount for *_, amount, _ in rides), Decimal(0))
    city = random.choice(facts.CITIES)[0]
    phone = f"13{facts.digits(random, 1)}****{facts.digits(random, 4)}"
    first, last = min(began for _, began, *_ in rides), max(began for _, began, *_ in rides)

    def draw(sheet: Sheet) -> None:
        sheet.label(105, 18, f"{platform}行程单", size=18, align="centre")
        sheet.label(105, 25, "TRIP TABLE", size=10, align="centre")
        sheet.print(14, 36, f"申请日期：{asked.isoformat()}")
        sheet.print(110, 36, f"行程起止日期：{first.isoformat()} 至 {last.isoformat()}")
        sheet.print(14, 43, f"行程人手机号：{phone}")
        sheet.print(14, 50, f"共{len(rides)}笔行程，合计{total:.2f}元")
        columns = (19, 40, 68, 92, 122, 154, 178, 192)
        sheet.grid((14, 24, 54, 82, 102, 138, 168, 184, 200), [54 + 8 * place for place in range(len(rides) + 2)])
        heads(
            sheet,
            59.5,
            tuple(
                zip(
                    columns, ("序号", "车型", "上车时间", "城市", "起点", "终点", "里程[公里]", "金额[元]"), strict=True
                )
            ),
        )
        for place, (number, began, clock, amount, far) in enumerate(rides):
            cells = (
                str(number),
                "快车",
                f"{began:%m-%d} {clock}",
                f"{city}市",
                "星河路1号",
                "高铁站",
                str(far),
                f"{amount:.2f}",
            )
            values(sheet, 67.5 + 8 * place, tuple(zip(columns, cells, strict=True)))
        sheet.label(14, 70 + 8 * (len(rides) + 1), "说明：本行程单不作为报销凭证，仅供核对行程。", size=8)

    label = labels("ride_itinerary", date=asked.isoformat(), total=total)
    return Face(size=(210, 148), labels=label, draw=draw, electronic=True, ink=black)
