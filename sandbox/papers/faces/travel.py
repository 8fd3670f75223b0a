"""Tickets of rail, air, coach and ship."""

from datetime import timedelta
from decimal import Decimal
from random import Random

from reportlab.lib.colors import HexColor, black

from sandbox.papers.faces import facts
from sandbox.papers.faces.face import BROWN, GREY, Face, heads, labels, pairs, values
from sandbox.papers.sheet import Sheet

_RAIL_BLUE, _RAIL_FOOT = HexColor(0xDDF1F7), HexColor(0xA3DEE9)
_RED = HexColor(0xD8343A)


def rail_eticket(random: Random) -> Face:
    """铁路电子客票: a fare; every fourth is a fee for a refund, with net and tax. Source: domain table, 3.3."""
    issued = facts.day(random)
    travel = issued - timedelta(days=random.randrange(0, 60))
    _, region = random.choice(facts.CITIES)
    number = facts.digital_number(random, region, issued, channel="9")
    (start, start_latin), (end, end_latin) = facts.two(random, facts.STATIONS)
    train = f"{random.choice('GDCZ')}{random.randrange(1, 9999)}"
    buyer = facts.buyer(random, persons=0.3)
    refund = random.random() < 0.25
    total = facts.money(random, 2, 90) if refund else facts.money(random, 20, 1200)
    net = (total / Decimal("1.06")).quantize(facts.CENT)
    written = f"{issued:%Y年%m月%d日}" if random.random() < 0.7 else issued.isoformat()
    carriage = f"{random.randrange(1, 17):02d}车{random.randrange(1, 20):02d}{random.choice('ABCDF')}号"
    level = random.choice(("二等座", "一等座", "商务座", "硬卧", "无座"))
    passenger, identity = random.choice(facts.PEOPLE), facts.id_number(random)
    ticket = facts.digits(random, 9) + "0" + facts.digits(random, 11)
    departs = f"{random.randrange(6, 23):02d}:{random.randrange(60):02d}开"
    qr = facts.qr("51", "", number, total, issued)

    def draw(sheet: Sheet) -> None:
        sheet.fill(0, 0, 210, 105, _RAIL_BLUE)
        sheet.fill(0, 105, 210, 140, _RAIL_FOOT)
        sheet.label(105, 11, "电子发票（铁路电子客票）", size=18, align="centre")
        sheet.bureau_seal(105, 12, region.bureau)
        pairs(sheet, ((9, 20, "发票号码:", number), (156, 20, "开票日期:", written)), size=11)
        for x, station, latin in ((48, start, start_latin), (155, end, end_latin)):
            sheet.print(x, 35, station, size=19, align="centre")
            sheet.print(x, 42, latin, size=9, align="centre")
            sheet.label(x + 1 + 3.4 * len(station), 35, "站", size=10)
        sheet.print(102, 34, train, size=12, align="centre")
        sheet.line(91, 37, 112, 37)
        sheet.print(9, 51, f"{travel:%Y年%m月%d日}", size=11)
        sheet.print(45, 51, departs, size=11)
        sheet.print(75, 51, carriage, size=11)
        sheet.pair(9, 63, "退票费:" if refund else "票价:", f"¥{total:.2f}", size=13)
        sheet.print(75, 63, level, size=11)
        if refund:
            pairs(
                sheet,
                ((9, 72, "金额:", f"¥{net:.2f}"), (75, 72, "税率:", "6%"), (105, 72, "税额:", f"¥{total - net:.2f}")),
                size=10,
            )
        sheet.print(9, 82, identity, size=11)
        sheet.print(75, 82, passenger, size=11)
        sheet.pair(9, 101, "电子客票号:", ticket, size=11)
        if refund:
            sheet.print(90, 101, "退票", size=12)
        sheet.pair(9, 110, "购买方名称:", buyer.name, size=10)
        sheet.pair(118, 110, "统一社会信用代码:", buyer.tax_id, size=10)
        sheet.frame(10, 119, 200, 133)
        sheet.label(105, 125, "买票请到12306 发货请到95306", size=9, align="centre")
        sheet.label(105, 130, "中国铁路祝您旅途愉快", size=9, align="centre")
        sheet.qr(165, 57, 26, qr)

    label = labels(
        "rail_eticket", number=number, date=issued.isoformat(), buyer_name=buyer.name, buyer_tax_id=buyer.tax_id or None,
        amount_ex_tax=net if refund else None, tax=total - net if refund else None, total=total, qr=qr,
    )  # fmt: skip
    ridden = (total / Decimal("1.09")).quantize(facts.CENT)
    implied = {} if refund else {"amount_ex_tax": f"{ridden:.2f}", "tax": f"{total - ridden:.2f}"}
    return Face(
        size=(210, 140), labels=label, draw=draw, electronic=True, ink=black, implied={"currency": "CNY", **implied}
    )


def air_itinerary(random: Random) -> Face:
    """航空运输电子客票行程单: fare, fuel, tax and fund make the total. Source: domain table, 3.4."""
    issued = facts.day(random)
    flown = issued - timedelta(days=random.randrange(0, 50))
    carrier = facts.company(random, "航空", form="股份有限公司")
    number = facts.digital_number(random, carrier.region, issued, channel=random.choice("78"))
    buyer = facts.buyer(random)
    fare, fuel, fund = facts.money(random, 300, 2600), Decimal(random.choice((0, 10, 20, 40, 60))), Decimal(50)
    tax = ((fare + fuel) * Decimal("0.09")).quantize(facts.CENT)
    total = fare + fuel + tax + fund
    places = random.sample(facts.AIRPORTS, random.choice((2, 2, 3)))
    flights = [f"{random.choice(('XN', 'YQ', 'QH'))}{random.randrange(1000, 9999)}" for _ in places[1:]]
    passenger, identity = random.choice(facts.PEOPLE), facts.id_number(random)
    ticket, check = f"{random.randrange(700, 999)}{facts.digits(random, 10)}", facts.digits(random, 4)
    leaves = f"{random.randrange(6, 23):02d}:{random.randrange(60):02d}"
    office = f"{places[0][0]}{facts.digits(random, 3)}/{facts.digits(random, 8)}"
    qr = facts.qr("61", "", number, total, issued)
    sums = ((72, fare), (90, fuel), (126, tax), (146, fund), (166, Decimal(0)), (190, total))

    def draw(sheet: Sheet) -> None:
        sheet.label(98, 14, "电子发票（航空运输电子客票行程单）", size=13, align="centre")
        sheet.bureau_seal(98, 14, carrier.region.bureau)
        sheet.qr(140, 12, 14, qr)
        pairs(
            sheet,
            ((10, 20, "国内国际标识：", "国内"), (157, 18, "开具状态：", "正常"), (157, 25, "发票号码：", number)),
            size=8,
        )
        sheet.grid((8, 202), (28, 37, 43, 76, 84, 92, 100, 108))
        for x, top, bottom in ((54, 28, 37), (118, 28, 37), (50, 37, 84), (63, 37, 76), (78, 37, 76), (92, 37, 76),
                               (108, 37, 76), (122, 37, 76), (156, 37, 76), (172, 37, 76), (188, 37, 76),
                               (80, 76, 84), (98, 76, 84), (116, 76, 84), (136, 76, 84), (156, 76, 84), (176, 76, 92)):  # fmt: skip
            sheet.line(x, top, x, bottom)
        pairs(sheet, ((9, 31.5, "旅客姓名", ""), (55, 31.5, "有效身份证件号码", ""), (119, 31.5, "签注", "")), size=7)
        sheet.print(10, 35.5, passenger)
        sheet.print(56, 35.5, identity)
        sheet.print(120, 35.5, "不得签转", size=8)
        heads(sheet, 41, ((56.5, "承运人"), (70.5, "航班号"), (85, "座位等级"), (100, "日期"), (115, "时间"),
                          (139, "客票级别/客票类别"), (164, "客票生效日期"), (180, "有效截止日期"), (195, "免费行李")), size=6)  # fmt: skip
        for place, (letters, city) in enumerate(places):
            y = 48 + 6.5 * place
            sheet.label(9, y, "自：" if place == 0 else "至：", size=8)
            sheet.print(16, y, f"{letters} {city}")
            if place < len(flights):
                values(sheet, y, ((56.5, carrier.city), (70.5, flights[place]), (85, "Y"), (100, flown.isoformat()),
                                  (115, leaves), (139, "Y"), (195, "20K")), size=7)  # fmt: skip
        for x, word in (
            (51, "票价"),
            (81, "燃油附加费"),
            (99, "增值税税率"),
            (117, "增值税税额"),
            (137, "民航发展基金"),
            (157, "其他税费"),
            (177, "合计"),
        ):
            sheet.label(x, 79, word, size=6.5)
        for right, amount in sums:
            at = {72: 79, 90: 97, 126: 135, 146: 155, 166: 175, 190: 201}[right]
            sheet.print(at, 83, f"CNY {amount:.2f}", size=7.5, align="right")
        sheet.print(115, 83, "9%", size=7.5, align="right")
        pairs(sheet, ((9, 89, "电子客票号码：", ticket), (70, 89, "验证码：", check), (100, 89, "提示信息：", ""), (177, 89, "保险费：", "0.00"),
                      (9, 97, "销售网点代号：", office), (70, 97, "填开单位：", carrier.name), (158, 97, "填开日期：", issued.isoformat()),
                      (9, 105, "购买方名称：", buyer.name), (104, 105, "统一社会信用代码/纳税人识别号：", buyer.tax_id)), size=8)  # fmt: skip

    label = labels(
        "air_itinerary", number=number, date=issued.isoformat(), buyer_name=buyer.name, buyer_tax_id=buyer.tax_id or None,
        seller_name=carrier.name, tax=tax, total=total, qr=qr,
    )  # fmt: skip
    implied = {"currency": "CNY", "amount_ex_tax": f"{fare + fuel:.2f}"}
    return Face(size=(210, 116), labels=label, draw=draw, electronic=True, ink=BROWN, implied=implied)


def train_paper(random: Random) -> Face:
    """火车票 on paper, blue or pink; ended in September 2025. Source: domain table, 3.6."""
    travel = facts.day(random, within=700) - timedelta(days=420)
    red = f"{random.choice('ABCDEFKZ')}{facts.digits(random, 6)}"
    (start, start_latin), (end, end_latin) = facts.two(random, facts.STATIONS)
    train = f"{random.choice('GDCZTK')}{random.randrange(1, 9999)}"
    fare = facts.money(random, 15, 900).quantize(Decimal("0.1"))
    ground = HexColor(random.choice((0xDDEEF4, 0xF7E3E4)))
    passenger, identity = random.choice(facts.PEOPLE), facts.id_number(random)
    seat = f"{random.randrange(1, 17):02d}车{random.randrange(1, 20):02d}{random.choice('ABCDF')}号"
    level = random.choice(("二等座", "一等座", "硬座", "硬卧", "软卧"))
    departs = f"{random.randrange(6, 23):02d}:{random.randrange(60):02d}开"
    serial, gate = facts.digits(random, 14), random.choice(("候车：一层候车室", "检票：B12"))
    qr = facts.digits(random, 144)

    def draw(sheet: Sheet) -> None:
        sheet.fill(0, 47, 86, 54, HexColor(0xA9D6E6))
        sheet.canvas.saveState()
        sheet.value_ink = _RED
        sheet.print(5, 7, red, size=13)
        sheet.value_ink = black
        sheet.canvas.restoreState()
        sheet.print(81, 7, gate, size=9, align="right")
        for x, station, latin in ((17, start, start_latin), (68, end, end_latin)):
            sheet.print(x, 14, station, size=13, align="centre")
            sheet.print(x, 18, latin, size=7, align="centre")
            sheet.label(x + 2 + 2.4 * len(station), 14, "站", size=8)
        sheet.print(43, 14, train, size=14, align="centre")
        sheet.line(34, 15.5, 52, 15.5)
        sheet.print(5, 23, f"{travel:%Y年%m月%d日}{departs}", size=10)
        sheet.print(60, 23, seat, size=10)
        sheet.print(5, 28, f"¥{fare:.1f}元", size=10)
        sheet.print(40, 28, "网", size=10)
        sheet.print(63, 28, level, size=10)
        sheet.print(5, 33, "限乘当日当次车", size=9)
        sheet.print(5, 38, f"{identity} {passenger}", size=9)
        sheet.frame(8, 40.5, 58, 46.5)
        sheet.label(33, 43.2, "买票请到12306 发货请到95306", size=6.5, align="centre")
        sheet.label(33, 45.9, "中国铁路祝您旅途愉快", size=6.5, align="centre")
        sheet.print(5, 51.5, f"{serial}{red} {start}售", size=8)
        sheet.qr(63, 29, 18, qr)

    label = labels("train_paper", number=red, date=travel.isoformat(), total=fare, qr=qr)
    return Face(size=(86, 54), labels=label, draw=draw, ink=black, ground=ground, slip=0.6)


def bus(random: Random) -> Face:
    """公路客运 on a local form. Source: domain table, 3.6."""
    return _passage(random, "bus", "道路旅客运输客票", ("车次", "座号"), ("汽车客运站", "客运中心"))


def ship(random: Random) -> Face:
    """船票 on a local form."""
    return _passage(random, "ship", "水路旅客运输船票", ("航次", "舱位"), ("客运码头", "轮渡码头"))


def _passage(random: Random, kind: str, title: str, words: tuple[str, str], ends: tuple[str, str]) -> Face:
    travel = facts.day(random)
    city, region = random.choice(facts.CITIES)
    code, number = facts.local_code(random, region, travel, "5"), facts.digits(random, 8)
    (start, _), (end, _) = facts.two(random, tuple((name, "") for name, _ in facts.CITIES))
    fare = facts.money(random, 8, 260)
    passenger, identity = random.choice(facts.PEOPLE), facts.id_number(random)
    trip = f"{random.choice('ABK')}{facts.digits(random, 4)}"
    leaves = f"{random.randrange(6, 22):02d}:{random.randrange(60):02d}"
    seat = f"{random.randrange(1, 60)}"
    with_person = random.random() < 0.6

    def draw(sheet: Sheet) -> None:
        sheet.label(55, 8, f"{region.name}{title}", size=14, align="centre")
        sheet.label(55, 13, "发 票 联", size=9, align="centre")
        sheet.bureau_seal(55, 9, region.bureau, size=(24, 16))
        pairs(sheet, ((6, 19, "发票代码：", code), (64, 19, "发票号码：", number)), size=10)
        sheet.grid((5, 105), (22, 30, 38, 46, 54))
        start_at, end_at = f"{start}{ends[0]}", f"{end}{ends[1]}"
        pairs(sheet, (
            (7, 27.5, "始发站：", start_at), (58, 27.5, "到达站：", end_at),
            (7, 35.5, "乘车日期：" if kind == "bus" else "乘船日期：", travel.isoformat()), (58, 35.5, "开车时间：" if kind == "bus" else "开航时间：", leaves),
            (7, 43.5, f"{words[0]}：", trip), (40, 43.5, f"{words[1]}：", seat), (68, 43.5, "票种：", "全票"),
            (7, 51.5, "票价：", f"¥{fare:.2f}"), (58, 51.5, "检票口：", "3"),
        ))  # fmt: skip
        if with_person:
            pairs(sheet, ((7, 59, "旅客姓名：", passenger), (50, 59, "证件号码：", identity)), size=8)
        sheet.label(7, 65, "当日当班次有效 遗失不补", size=7)
        sheet.seller_seal(84, 57, f"{city}某客运有限公司", "发票专用", size=(30, 21))

    label = labels(kind, code=code, number=number, date=travel.isoformat(), total=fare)
    return Face(size=(110, 70), labels=label, draw=draw, ink=GREY, slip=0.8)
