"""机动车 and 二手车销售统一发票: on paper, as 数电票, and as 数电纸质发票. Source: domain table, 3.5."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from random import Random

from reportlab.lib.colors import HexColor

from sandbox.papers.faces import facts
from sandbox.papers.faces.face import BLUE_PRINT, BROWN, Face, labels, pairs
from sandbox.papers.model import capitals
from sandbox.papers.sheet import Sheet

_DIGITAL_INK = HexColor(0x800000)
_CARS = (
    ("轿车", "星驰牌XC7150"),
    ("多用途乘用车", "云岭牌YL6480"),
    ("纯电动轿车", "晨曦牌CX7000BEV"),
    ("轻型厢式货车", "远山牌YS5030"),
)


def motor_vehicle(random: Random) -> Face:
    return _new_car(random, "motor_vehicle")


def digital_motor_vehicle(random: Random) -> Face:
    return _new_car(random, "digital_motor_vehicle")


def digital_paper_vehicle(random: Random) -> Face:
    """数电纸质发票 for a new vehicle: code, number and the twenty digits."""
    return _new_car(random, "digital_paper_vehicle")


def used_vehicle(random: Random) -> Face:
    return _used_car(random, "used_vehicle")


def digital_used_vehicle(random: Random) -> Face:
    return _used_car(random, "digital_used_vehicle")


def _new_car(random: Random, kind: str) -> Face:
    issued = facts.day(random)
    dealer = facts.company(random, "汽车销售服务")
    buyer = facts.buyer(random)
    total = Decimal(random.randrange(58_000, 420_000)).quantize(facts.CENT)
    net = (total / Decimal("1.13")).quantize(facts.CENT)
    sort, model = random.choice(_CARS)
    digital = kind == "digital_motor_vehicle"
    twenty = facts.digital_number(random, dealer.region, issued)
    code = None if digital else f"1{dealer.region.in_code}{issued:%y}2{facts.digits(random, 4)}"
    number = twenty if digital else facts.digits(random, 8)
    machine, engine, frame = f"66{facts.digits(random, 10)}", facts.digits(random, 8), facts.vin(random)
    certificate = f"WAB{facts.digits(random, 12)}"
    qr = (
        facts.qr("83", "", number, total, issued) if digital
        else facts.qr("87" if kind == "digital_paper_vehicle" else "03", code or "", number, net, issued)
    )  # fmt: skip
    person = random.choice(facts.PEOPLE)
    office = f"{dealer.region.bureau}第一税务分局"

    def draw(sheet: Sheet) -> None:
        _head(sheet, "机动车销售统一发票", dealer, qr, number, code, issued)
        if kind == "digital_paper_vehicle":
            sheet.pair(55, 29, "数电发票号码：", twenty, size=8)
        sheet.grid((5, 205), (32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120))
        pairs(sheet, (
            (7, 37.5, "机打代码：" if code else "特定业务：", code or "机动车"), (75, 37.5, "机打号码：" if code else "", number if code else ""), (135, 37.5, "机器编号：", machine),
            (7, 45.5, "购买方名称：", buyer.name), (108, 45.5, "纳税人识别号：", buyer.tax_id),
            (7, 53.5, "车辆类型：", sort), (75, 53.5, "厂牌型号：", model), (145, 53.5, "产地：", "中国"),
            (7, 61.5, "合格证号：", certificate), (75, 61.5, "进口证明书号：", ""), (145, 61.5, "商检单号：", ""),
            (7, 69.5, "发动机号码：", engine), (75, 69.5, "车辆识别代号/车架号码：", frame),
            (7, 77.5, "价税合计（大写）：", capitals(total)), (140, 77.5, "（小写）：", f"¥{total:.2f}"),
            (7, 85.5, "销货单位名称：", dealer.name), (128, 85.5, "电话：", dealer.phone),
            (7, 93.5, "纳税人识别号：", dealer.tax_id), (100, 93.5, "账号：", dealer.bank),
            (7, 101.5, "地址：", dealer.address),
            (7, 109.5, "增值税税率：", "13%"), (45, 109.5, "增值税税额：", f"¥{total - net:.2f}"), (115, 109.5, "主管税务机关：", office),
            (7, 117.5, "不含税价：", f"¥{net:.2f}"), (75, 117.5, "完税凭证号码：", ""), (130, 117.5, "吨位：", ""), (160, 117.5, "限乘人数：", "5"),
        ), size=8.5)  # fmt: skip
        sheet.pair(100, 127, "开票人：", person)
        if not digital:
            sheet.label(150, 127, "销货单位盖章")
            sheet.seller_seal(175, 122, dealer.name, dealer.tax_id)

    label = labels(
        kind, code=code, number=number, date=issued.isoformat(), buyer_name=buyer.name, buyer_tax_id=buyer.tax_id or None,
        seller_name=dealer.name, seller_tax_id=dealer.tax_id, amount_ex_tax=net, tax=total - net, total=total,
        total_cn=capitals(total), qr=qr,
    )  # fmt: skip
    if kind == "digital_paper_vehicle":
        label["digital_number"] = twenty
    return _face(label, draw, digital=digital)


def _used_car(random: Random, kind: str) -> Face:
    issued = facts.day(random)
    market = facts.company(random, "二手车交易市场")
    buyer, seller = facts.buyer(random, persons=0.4), facts.company(random, "商务咨询")
    total = Decimal(random.randrange(8_000, 160_000)).quantize(facts.CENT)
    sort, model = random.choice(_CARS)
    digital = kind == "digital_used_vehicle"
    code = None if digital else f"0{market.region.in_code}{issued:%y}00{random.randrange(1, 6)}17"
    number = facts.digital_number(random, market.region, issued) if digital else facts.digits(random, 8)
    qr = facts.qr("84", "", number, total, issued) if digital else facts.qr("15", code or "", number, total, issued)
    car, frame, register = facts.plate(random), facts.vin(random), facts.digits(random, 12)
    buyer_id = buyer.tax_id or facts.id_number(random)

    def draw(sheet: Sheet) -> None:
        _head(sheet, "二手车销售统一发票", market, qr, number, code, issued)
        sheet.grid((5, 205), (32, 41, 50, 59, 68, 77, 86, 95, 104, 113, 122))
        pairs(sheet, (
            (7, 38, "买方单位/个人：", buyer.name), (108, 38, "单位代码/身份证号码：", buyer_id),
            (7, 47, "买方单位/个人住址：", "样例路1号"), (140, 47, "电话：", ""),
            (7, 56, "卖方单位/个人：", seller.name), (108, 56, "单位代码/身份证号码：", seller.tax_id),
            (7, 65, "卖方单位/个人住址：", seller.address), (140, 65, "电话：", seller.phone),
            (7, 74, "车牌照号：", car), (75, 74, "登记证号：", register), (145, 74, "车辆类型：", sort),
            (7, 83, "车架号/车辆识别代码：", frame), (100, 83, "厂牌型号：", model),
            (7, 92, "转入地车辆管理所名称：", f"{market.city}市车辆管理所"),
            (7, 101, "车价合计（大写）：", capitals(total)), (140, 101, "小写：", f"¥{total:.2f}"),
            (7, 110, "二手车市场：", market.name), (108, 110, "纳税人识别号：", market.tax_id),
            (7, 119, "地址：", market.address), (140, 119, "电话：", market.phone),
        ), size=8.5)  # fmt: skip
        if not digital:
            sheet.seller_seal(178, 124, market.name, market.tax_id)

    label = labels(
        kind, code=code, number=number, date=issued.isoformat(), buyer_name=buyer.name, buyer_tax_id=buyer.tax_id or None,
        seller_name=seller.name, seller_tax_id=seller.tax_id, total=total, total_cn=capitals(total), qr=qr,
    )  # fmt: skip
    return _face(label, draw, digital=digital)


def _face(label: dict[str, str | None], draw: Callable[[Sheet], None], *, digital: bool) -> Face:
    if digital:
        return Face(size=(210, 140), labels=label, draw=draw, electronic=True, ink=_DIGITAL_INK)
    return Face(size=(210, 140), labels=label, draw=draw, ink=BROWN, value_ink=BLUE_PRINT, slip=0.8)


def _head(
    sheet: Sheet, title: str, issuer: facts.Company, qr: str, number: str, code: str | None, issued: date
) -> None:
    """Title, seal, QR code, number and date; without a code it is the 数电 form."""
    sheet.label(105, 13, title if code else f"电子发票（{title}）", size=17, align="centre")
    sheet.bureau_seal(105, 16, issuer.region.bureau)
    sheet.qr(8, 4, 19, qr)
    if code is None:
        pairs(sheet, ((148, 13, "发票号码：", number), (148, 19, "开票日期：", f"{issued:%Y年%m月%d日}")))
        return
    sheet.label(105, 24, "发 票 联", size=10, align="centre")
    pairs(
        sheet,
        ((6, 29, "开票日期：", issued.isoformat()), (148, 23, "发票代码：", code), (148, 29, "发票号码：", number)),
    )
