"""Small paper invoices that machines or presses made, and the slip of a till."""

from decimal import Decimal
from random import Random

from reportlab.lib.colors import HexColor, black

from sandbox.papers.faces import facts
from sandbox.papers.faces.face import BROWN, GREY, Face, labels, pairs
from sandbox.papers.model import capitals
from sandbox.papers.sheet import Sheet

_DISHES = (("鲜虾云吞面", 32), ("清炒时蔬", 26), ("桂花糖藕", 22), ("手冲咖啡", 30), ("米饭", 3), ("酸梅汤", 12))


def quota(random: Random) -> Face:
    """定额发票: its face value in words and figures, no date, no buyer. Source: domain table, 3.6."""
    printed = facts.day(random, within=700)
    _, region = random.choice(facts.CITIES)
    code, number = facts.local_code(random, region, printed, "0"), facts.digits(random, 8)
    value = Decimal(random.choice((1, 2, 5, 10, 20, 50, 100)))
    shop = facts.company(random, "停车服务")
    words = capitals(value)
    figures = random.choice((f"¥{value:.2f}", f"¥{value}元", f"{value}元"))
    ink = HexColor(random.choice((0x7A5230, 0x2F6B4F, 0x4A3B78)))

    def draw(sheet: Sheet) -> None:
        sheet.label(45, 10, f"{region.name}通用定额发票", size=13, align="centre")
        sheet.label(45, 16, "发 票 联", size=9, align="centre")
        sheet.bureau_seal(45, 12, region.bureau, size=(24, 16))
        pairs(sheet, ((8, 25, "发票代码：", code), (8, 31, "发票号码：", number)), size=10)
        sheet.label(45, 42, words.removesuffix("整") + "整", size=17, align="centre")
        sheet.label(45, 49, figures, size=12, align="centre")
        sheet.label(8, 56, "密码：", size=8)
        sheet.fill(18, 52.5, 48, 57.5, HexColor(0xB9BDBF))
        sheet.seller_seal(70, 48, shop.name, shop.tax_id, size=(30, 21))

    label = labels("quota", code=code, number=number, total=value, total_cn=words)
    return Face(size=(90, 60), labels=label, draw=draw, ink=ink, value_ink=HexColor(0xB02A2A), slip=0.3)


def general_machine(random: Random) -> Face:
    """通用机打发票. Source: domain table, 3.6."""
    issued = facts.day(random)
    shop = facts.company(random, random.choice(("餐饮管理", "停车服务", "洗染服务")))
    code, number = facts.local_code(random, shop.region, issued, "3"), facts.digits(random, 8)
    buyer = facts.buyer(random)
    lines = [
        (name, facts.money(random, 20, 400))
        for name in random.sample(("餐费", "停车费", "服务费", "洗涤费"), random.randrange(1, 3))
    ]
    total = sum((amount for _, amount in lines), Decimal(0))
    serial, clerk = facts.digits(random, 12), random.choice(facts.PEOPLE)

    def draw(sheet: Sheet) -> None:
        sheet.label(95, 10, f"{shop.region.name}通用机打发票", size=15, align="centre")
        sheet.label(95, 16, "发 票 联", size=9, align="centre")
        sheet.bureau_seal(95, 12, shop.region.bureau)
        pairs(sheet, ((10, 24, "开票日期：", issued.isoformat()), (70, 24, "行业分类：", "服务业"), (125, 18, "发票代码：", code),
                      (125, 24, "发票号码：", number)))  # fmt: skip
        sheet.grid((8, 182), (28, 38, 68, 76, 92))
        pairs(sheet, ((10, 32, "付款方名称：", buyer.name), (10, 36.5, "付款方识别号：", buyer.tax_id), (110, 32, "机打号码：", number),
                      (110, 36.5, "机器编号：", serial)), size=8)  # fmt: skip
        for x, word in ((10, "项目"), (90, "数量"), (150, "金额")):
            sheet.label(x, 43, word)
        for place, (name, amount) in enumerate(lines):
            sheet.print(10, 50 + 6 * place, name)
            sheet.print(92, 50 + 6 * place, "1")
            sheet.print(170, 50 + 6 * place, f"{amount:.2f}", align="right")
        sheet.pair(10, 73.5, "合计金额（大写）：", capitals(total))
        sheet.pair(120, 73.5, "（小写）：", f"¥{total:.2f}")
        pairs(
            sheet,
            (
                (10, 82, "收款方名称：", shop.name),
                (10, 88.5, "收款方识别号：", shop.tax_id),
                (120, 88.5, "开票人：", clerk),
            ),
            size=8,
        )
        sheet.seller_seal(155, 86, shop.name, shop.tax_id)

    label = labels(
        "general_machine", code=code, number=number, date=issued.isoformat(), buyer_name=buyer.name, buyer_tax_id=buyer.tax_id or None,
        seller_name=shop.name, seller_tax_id=shop.tax_id, total=total, total_cn=capitals(total),
    )  # fmt: skip
    return Face(size=(190, 101), labels=label, draw=draw, ink=GREY, slip=0.8)


def vat_roll(random: Random) -> Face:
    """卷票: narrow, its amounts with tax; the net is in the QR code alone. Source: domain table, 3.6 and 4.1."""
    issued = facts.day(random)
    shop = facts.company(random, random.choice(("餐饮管理", "便利商贸")))
    code = f"0{shop.region.in_code}{issued:%y}00{random.randrange(1, 6)}07"
    number, check_code = facts.digits(random, 8), facts.digits(random, 20)
    buyer = facts.buyer(random)
    with_buyer = random.random() < 0.6
    lines = [
        (name, random.randrange(1, 4), Decimal(price)) for name, price in random.sample(_DISHES, random.randrange(1, 5))
    ]
    total = sum((count * price for _, count, price in lines), Decimal(0)).quantize(facts.CENT)
    net = (total / Decimal("1.06")).quantize(facts.CENT)
    machine, clerk = f"66{facts.digits(random, 10)}", random.choice(facts.PEOPLE)
    grouped = " ".join(check_code[start : start + 5] for start in range(0, 20, 5))
    qr = facts.qr("11", code, number, net, issued, check_code)
    height = 120.0 + 6 * len(lines)

    def draw(sheet: Sheet) -> None:
        sheet.label(38, 9, f"{shop.region.name}增值税普通发票（卷票）", size=11, align="centre")
        sheet.label(38, 14, "发 票 联", size=9, align="centre")
        sheet.bureau_seal(38, 12, shop.region.bureau, size=(24, 16))
        pairs(sheet, (
            (5, 23, "发票代码：", code), (5, 28.5, "发票号码：", number), (5, 34, "机打号码：", number), (5, 39.5, "机器编号：", machine),
            (5, 45, "销售方名称：", shop.name), (5, 50.5, "纳税人识别号：", shop.tax_id), (5, 56, "开票日期：", issued.isoformat()),
            (5, 61.5, "收款员：", clerk),
        ), size=8)  # fmt: skip
        if with_buyer:
            pairs(sheet, ((5, 67, "购买方名称：", buyer.name), (5, 72.5, "纳税人识别号：", buyer.tax_id)), size=8)
        for x, word in ((5, "项目"), (34, "单价"), (48, "数量"), (62, "金额")):
            sheet.label(x, 79, word, size=8)
        for place, (name, count, price) in enumerate(lines):
            y = 85 + 6 * place
            sheet.print(5, y, f"*餐饮服务*{name}"[:10], size=8)
            sheet.print(41, y, f"{price:.2f}", size=8, align="right")
            sheet.print(51, y, str(count), size=8, align="centre")
            sheet.print(71, y, f"{count * price:.2f}", size=8, align="right")
        y = 86 + 6 * len(lines)
        pairs(sheet, ((5, y, "合计金额（小写）：", f"¥{total:.2f}"), (5, y + 5.5, "合计金额（大写）：", capitals(total)),
                      (5, y + 11, "校验码：", grouped)), size=8)  # fmt: skip
        sheet.qr(5, y + 13.5, 18, qr)
        sheet.seller_seal(50, y + 24, shop.name, shop.tax_id, size=(32, 22))

    label = labels(
        "vat_roll", code=code, number=number, date=issued.isoformat(), seller_name=shop.name, seller_tax_id=shop.tax_id,
        buyer_name=buyer.name if with_buyer else None, buyer_tax_id=(buyer.tax_id or None) if with_buyer else None,
        total=total, total_cn=capitals(total), check_code=check_code, qr=qr,
    )  # fmt: skip
    return Face(
        size=(76, height), labels=label, draw=draw, ink=BROWN, slip=0.7,
        implied={"currency": "CNY", "amount_ex_tax": f"{net:.2f}", "tax": f"{total - net:.2f}"},
    )  # fmt: skip


def till_slip(random: Random) -> Face:
    """小票 of a restaurant: no tax invoice. Some have a discount, some a QR code that leads to the invoice."""
    paid = facts.day(random, within=90)
    shop = f"{random.choice(('松间小馆', '鹿鸣谷茶室', '拾光里咖啡', '望潮海鲜酒家'))}（{random.choice(facts.CITIES)[0]}店）"
    lines = [
        (name, random.randrange(1, 4), Decimal(price)) for name, price in random.sample(_DISHES, random.randrange(2, 6))
    ]
    gross = sum((count * price for _, count, price in lines), Decimal(0))
    off = Decimal(random.choice((0, 0, 5, 10))) if gross > 40 else Decimal(0)
    total = (gross - off).quantize(facts.CENT)
    table, bill = random.randrange(1, 40), f"{paid:%Y%m%d}{facts.digits(random, 6)}"
    clock = f"{random.randrange(10, 22):02d}:{random.randrange(60):02d}:{random.randrange(60):02d}"
    paid_by = random.choice(("微信支付", "支付宝", "现金"))
    height = 96.0 + 6 * len(lines) + (6 if off else 0)
    mark = random.choice(("¥", ""))

    def draw(sheet: Sheet) -> None:
        sheet.print(36, 9, shop, size=12, align="centre")
        sheet.print(36, 15, "结账单", size=11, align="centre")
        for y, line in (
            (23, f"桌号：{table}  人数：{table % 5 + 1}"),
            (28.5, f"流水号：{bill}"),
            (34, f"日期：{paid.isoformat()} {clock}"),
            (39.5, "收银员：01"),
        ):
            sheet.print(4, y, line, size=8.5)
        sheet.line(3, 42, 69, 42)
        for x, word in ((4, "品名"), (38, "数量"), (56, "金额")):
            sheet.print(x, 47, word, size=8.5)
        for place, (name, count, price) in enumerate(lines):
            y = 53 + 6 * place
            sheet.print(4, y, name, size=8.5)
            sheet.print(42, y, str(count), size=8.5, align="centre")
            sheet.print(68, y, f"{count * price:.2f}", size=8.5, align="right")
        y = 54 + 6 * len(lines)
        sheet.line(3, y - 3, 69, y - 3)
        rows = [
            ("合计", f"{gross:.2f}"),
            *([("优惠", f"-{off:.2f}")] if off else []),
            ("实收", f"{mark}{total:.2f}"),
            (paid_by, f"{total:.2f}"),
        ]
        for place, (word, value) in enumerate(rows):
            sheet.print(4, y + 3 + 6 * place, f"{word}：", size=10)
            sheet.print(68, y + 3 + 6 * place, value, size=10, align="right")
        sheet.print(36, height - 14, "谢谢惠顾，欢迎再次光临", size=8.5, align="centre")
        sheet.print(36, height - 8, "如需发票请在当日扫码开具", size=8, align="centre")

    label = labels("till_slip", date=paid.isoformat(), total=total, seller_name=shop)
    return Face(
        size=(72, height),
        labels=label,
        draw=draw,
        ink=black,
        ground=HexColor(random.choice((0xFFFFFF, 0xFAFAF7))),
        slip=0.4,
    )
