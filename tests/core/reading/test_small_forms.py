"""Tickets, rolls, vehicles, freight: each kind is told by its face, and read by its own labels."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.invoice import FieldName, FieldState, Kind, Source
from core.reading.evidence import Evidence, weigh
from core.reading.families import read_face
from core.reading.forms import amount_in, masked, name_in, person_in, two_decimals_in
from core.reading.kinds import expected, kind_of
from core.reading.layout import Page
from core.reading.numerals import capitals_of
from core.reading.sighting import Sighting
from core.reading.vin import check_character, vin_in
from sandbox.papers import tax_id
from tests.core.reading.faces import rows

SELLER, BUYER = tax_id("310115", "卖"), tax_id("110108", "买")
VIN = "1M8GDM9AXKP042788"  # the worked example of the standard

TAXI = (
    "北京市出租汽车专用发票", "发票代码  111001881005", "发票号码  12345670", "电话  87654321", "车号：京B·12345", "日期  2024年03月05日",
    "上车  08:12", "下车  08:40", "单价  2.30元", "里程  12.5km", "等候  00:03:20",
)  # fmt: skip


def read(*lines: str, source: Source = Source.RAPIDOCR) -> tuple[Kind, Sighting]:
    page = rows(*lines, source=source)
    kind = kind_of(page, None)
    return kind, read_face(page, kind)


def values(sighting: Sighting) -> dict[str, str]:
    return {name.value: seen.value for name, seen in sighting.fields.items()}


def test_a_taxi_receipt_is_read_and_its_phone_is_no_number():
    kind, seen = read(*TAXI, "金额  38.00元")
    assert kind is Kind.TAXI
    assert values(seen) == {"code": "111001881005", "number": "12345670", "date": "2024-03-05", "total": "38.00"}
    assert seen.details == {
        "PlateNumber": "京B·12345", "DepartureTime": "08:12", "ArrivalTime": "08:40", "Distance": "12.5",
    }  # fmt: skip
    assert seen.doubts == {}


def test_a_surcharge_beside_the_fare_is_added_and_asked_about():
    _, seen = read(*TAXI, "金额  38.00元", "燃油附加费  1.00元")
    assert seen.fields[FieldName.TOTAL].value == "39.00"
    assert FieldName.TOTAL in seen.doubts


@pytest.mark.parametrize("row", ["其中燃油附加费  1.00元", "燃油附加费  0.00元"])
def test_a_surcharge_within_the_fare_or_of_nothing_is_not_added(row):
    _, seen = read(*TAXI, "金额  38.00元", row)
    assert (seen.fields[FieldName.TOTAL].value, seen.doubts) == ("38.00", {})


def test_a_sum_that_takes_the_surcharge_in_is_the_total():
    _, seen = read(*TAXI, "金额  38.00元", "燃油附加费  1.00元", "实收金额  39.00元")
    assert (seen.fields[FieldName.TOTAL].value, seen.doubts) == ("39.00", {})


def test_a_doubt_is_not_taken_away_by_a_second_reader():
    _, seen = read(*TAXI, "金额  38.00元", "燃油附加费  1.00元")
    total = seen.fields[FieldName.TOTAL]
    again = type(total)(total.value, Source.TESSERACT, 0.9)
    fields, _ = weigh(Evidence(Kind.TAXI, {FieldName.TOTAL: (total, again)}, doubts=seen.doubts))
    assert fields[FieldName.TOTAL].state is FieldState.READ
    assert fields[FieldName.TOTAL].reason == seen.doubts[FieldName.TOTAL]


def test_what_was_printed_off_its_lines_is_doubted():
    lines = [*TAXI[:5], "日期", "上车", "金额"]
    page = rows(*lines)
    printed = rows("2024年03月05日", "08:12", "38.00元")
    off = Page(
        (*page.words, *(_at(each, x=0.2, y=0.03 + (5 + row) * 0.05 + 0.028) for row, each in enumerate(printed.words))),
        Source.RAPIDOCR,
    )
    seen = read_face(off, Kind.TAXI)
    assert seen.fields[FieldName.TOTAL].value == "38.00"
    assert seen.fields[FieldName.DATE].value == "2024-03-05"
    assert FieldName.TOTAL in seen.doubts


def _at(word, *, x, y):
    box = type(word.box)(x, y, x + word.box.x1 - word.box.x0, y + word.height)
    return type(word)(word.text, box, word.confidence)


@pytest.mark.parametrize("figures", ["¥50.00", "50元", "￥50元"])
def test_a_fixed_amount_says_itself_twice(figures):
    kind, seen = read("上海市通用定额发票", "发票代码：131002060111", "发票号码：01234567", "伍拾元整", figures)
    assert kind is Kind.QUOTA
    assert values(seen) == {"code": "131002060111", "number": "01234567", "total": "50.00", "total_cn": "伍拾元整"}
    fields, _ = weigh(Evidence(kind, {name: (found,) for name, found in seen.fields.items()}))
    assert fields[FieldName.TOTAL].state is FieldState.VERIFIED


def test_a_fixed_amount_in_words_alone_is_proposed_and_proves_nothing():
    kind, seen = read("上海市通用定额发票", "发票代码：131002060111", "发票号码：01234567", "人民币伍拾元整")
    assert seen.fields[FieldName.TOTAL].value == "50.00"
    fields, _ = weigh(Evidence(kind, {name: (found,) for name, found in seen.fields.items()}))
    assert fields[FieldName.TOTAL].state is FieldState.READ


def test_two_writings_of_a_fixed_amount_that_differ_prove_nothing():
    kind, seen = read("上海市通用定额发票", "发票代码：131002060111", "伍拾元整", "¥100.00")
    fields, _ = weigh(Evidence(kind, {name: (found,) for name, found in seen.fields.items()}))
    assert fields[FieldName.TOTAL].state is FieldState.READ


@pytest.mark.parametrize(
    ("lines", "kind", "fields", "details"),
    [
        (
            ("江苏省车辆通行费发票", "发票代码：132002060111", "发票号码：01234567", "入口：苏州北站  出口：南京东站", "车型：1型客车",
             "收费金额：45元", "日期：2024-05-06", "时间：10:20:30"),
            Kind.TOLL_PAPER,
            {"code": "132002060111", "number": "01234567", "date": "2024-05-06", "total": "45.00"},
            {"Entry": "苏州北站", "Exit": "南京东站", "VehicleClass": "1型客车"},
        ),
        (
            ("浙江省道路客运发票", "发票代码：133002060111", "发票号码：01234567", "始发站：杭州客运中心  到达站：宁波南站",
             "乘车日期：2024-05-06  发车时间：10:20", "打印日期：2024-05-01", "车次：K123  座号：12", "票价：¥62.00", "姓名：张三丰"),
            Kind.BUS,
            {"code": "133002060111", "number": "01234567", "date": "2024-05-06", "total": "62.00"},
            {"DepartureStation": "杭州客运中心", "DestinationStation": "宁波南站", "DepartureTime": "10:20", "SeatNumber": "12",
             "Number": "K123", "Name": "张*丰"},
        ),
        (
            ("浙江省水路客运船票", "发票代码：133002060111", "发票号码：01234567", "船名：海天6号  航次：A12", "出发港：舟山港  到达港：宁波港",
             "开航日期：2024-05-06", "票价：35.00元"),
            Kind.SHIP,
            {"code": "133002060111", "number": "01234567", "date": "2024-05-06", "total": "35.00"},
            {"Ship": "海天6号", "Number": "A12", "DepartureStation": "舟山港", "DestinationStation": "宁波港"},
        ),
        (
            ("广东省通用机打发票", "开票日期：2024-05-06  发票代码：144002060111", "机打号码：01234567  发票号码：01234567",
             "付款方名称：甲有限公司  付款方识别号：" + BUYER, "项目  数量  金额", "停车费  1  20.00", "合计金额(大写)：贰拾元整  (小写)：¥20.00",
             "收款方名称：乙有限公司", "收款方识别号：" + SELLER),
            Kind.GENERAL_MACHINE,
            {"code": "144002060111", "number": "01234567", "date": "2024-05-06", "total": "20.00", "total_cn": "贰拾元整",
             "buyer_name": "甲有限公司", "buyer_tax_id": BUYER, "seller_name": "乙有限公司", "seller_tax_id": SELLER},
            {},
        ),
        (
            ("上海增值税普通发票(卷票)", "发票代码：031002400107", "发票号码：01234567", "机打号码：01234567", "机器编号：661234567890",
             "销售方名称：乙有限公司", "纳税人识别号：" + SELLER, "开票日期：2024-05-06", "购买方名称：甲有限公司", "纳税人识别号：" + BUYER,
             "项目  单价  数量  金额", "*餐饮服务*餐费  53.00  1  53.00", "合计金额(小写)：¥53.00", "合计金额(大写)：伍拾叁圆整",
             "校验码：12345 67890 12345 67890"),
            Kind.VAT_ROLL,
            {"code": "031002400107", "number": "01234567", "date": "2024-05-06", "total": "53.00", "total_cn": "伍拾叁圆整",
             "seller_name": "乙有限公司", "seller_tax_id": SELLER, "buyer_name": "甲有限公司", "buyer_tax_id": BUYER,
             "check_code": "12345678901234567890"},
            {},
        ),
    ],
)  # fmt: skip
def test_small_papers_are_told_and_read_by_their_labels(lines, kind, fields, details):
    found, seen = read(*lines)
    assert (found, values(seen), seen.details) == (kind, fields, details)
    assert set(expected(kind)) <= seen.fields.keys()


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("上车  08:12", "下车  08:40", "单价  2.30"), Kind.TAXI),
        (("入口：苏州北站", "出口：南京东站", "收费金额：45元", "流水号：12"), Kind.TOLL_PAPER),
        (("乘车日期：2024-05-06", "检票口：3"), Kind.BUS),
        (("航次：A12", "乘船日期：2024-05-06"), Kind.SHIP),
        (("行业分类：服务业", "机打号码：01234567", "项目  数量  金额", "合计  20.00"), Kind.GENERAL_MACHINE),
        (("伍拾元整", "¥50.00"), Kind.QUOTA),
    ],
)
def test_a_title_under_a_seal_does_not_make_a_till_slip_of_an_invoice(words, kind):
    assert read("国家税务总局", "发票代码：131002060111", "发票号码：01234567", *words)[0] is kind


def test_a_slip_that_tells_how_to_get_an_invoice_stays_a_slip():
    assert read("结账单", "流水号：12", "合计  20.00", "扫码开具发票")[0] is Kind.TILL_SLIP


MOTOR = (
    "开票日期：2024-05-06  发票代码：144032421234", "机打号码：01234567  发票号码：01234567", "购买方名称：甲有限公司  纳税人识别号：" + BUYER,
    "车辆类型：轿车  厂牌型号：星驰牌XC7150", "发动机号码：A1234567  车辆识别代号/车架号码：" + VIN,
    "价税合计(大写)：壹拾壹万叁仟元整  (小写)：¥113000.00", "销货单位名称：乙有限公司  电话：021-12345678", "纳税人识别号：" + SELLER,
    "增值税税率或征收率：13%  增值税税额：¥13000.00", "不含税价  小写 ¥100000.00  吨位：1.50  限乘人数：5",
)  # fmt: skip


def test_a_new_vehicle_has_both_parties_and_three_sums():
    kind, seen = read("机动车销售统一发票", *MOTOR)
    assert kind is Kind.MOTOR_VEHICLE
    assert values(seen) == {
        "code": "144032421234", "number": "01234567", "date": "2024-05-06", "buyer_name": "甲有限公司", "buyer_tax_id": BUYER,
        "seller_name": "乙有限公司", "seller_tax_id": SELLER, "amount_ex_tax": "100000.00", "tax": "13000.00",
        "total": "113000.00", "total_cn": "壹拾壹万叁仟元整",
    }  # fmt: skip
    assert seen.details == {"VIN": VIN, "Model": "星驰牌XC7150", "VehicleType": "轿车"}
    assert seen.doubts == {}


def test_a_number_that_printer_and_form_do_not_share_is_doubted():
    _, seen = read("机动车销售统一发票", *(line.replace("机打号码：01234567", "机打号码：01234561") for line in MOTOR))
    assert FieldName.NUMBER in seen.doubts


def test_a_vehicles_digital_forms_are_told_by_their_twenty_digits():
    digital = [line.replace("发票代码：144032421234", "").replace("机打号码：01234567  发票号码：01234567",
                                                             "发票号码：24442000000000000001") for line in MOTOR]  # fmt: skip
    kind, seen = read("电子发票(机动车销售统一发票)", *digital)
    assert (kind, seen.fields[FieldName.NUMBER].value) == (Kind.DIGITAL_MOTOR_VEHICLE, "24442000000000000001")
    assert FieldName.CODE not in expected(kind)
    kind, seen = read("机动车销售统一发票", "数电发票号码：24442000000000000001", *MOTOR)
    assert kind is Kind.DIGITAL_PAPER_VEHICLE
    assert seen.fields[FieldName.NUMBER].value == "01234567"
    assert seen.details["DigitalNumber"] == "24442000000000000001"


def test_a_used_vehicles_market_is_neither_buyer_nor_seller():
    kind, seen = read(
        "二手车销售统一发票", "开票日期：2024-05-06  发票代码：044002400117", "发票号码：01234567",
        "买方单位/个人：甲有限公司  单位代码/身份证号码：" + BUYER, "买方单位/个人住址：样例路1号  电话：123",
        "卖方单位/个人：乙有限公司  单位代码/身份证号码：" + SELLER, "车牌照号：粤B12345  登记证号：123456789012",
        "车架号/车辆识别代码：" + VIN, "车价合计(大写)：伍万元整  小写：¥50000.00",
        "二手车市场：丙市场有限公司  纳税人识别号：" + tax_id("440305", "丙"),
    )  # fmt: skip
    assert kind is Kind.USED_VEHICLE
    assert values(seen) == {
        "code": "044002400117", "number": "01234567", "date": "2024-05-06", "buyer_name": "甲有限公司", "buyer_tax_id": BUYER,
        "seller_name": "乙有限公司", "seller_tax_id": SELLER, "total": "50000.00", "total_cn": "伍万元整",
    }  # fmt: skip
    assert seen.details == {"VIN": VIN, "PlateNumber": "粤B12345"}


def test_freight_bills_the_one_it_was_carried_for():
    kind, seen = read(
        "货物运输业增值税专用发票", "1100154730    No 01234567", "开票日期：2015-05-06",
        "承运人及纳税人识别号  乙物流有限公司  " + SELLER, "实际受票方及纳税人识别号  甲有限公司  " + BUYER,
        "收货人及纳税人识别号  丁有限公司  " + tax_id("440305", "丁"),
        "合计金额  ¥100.00  税率  11%  税额  ¥11.00", "价税合计(大写)  壹佰壹拾壹圆整  (小写) ¥111.00",
    )  # fmt: skip
    assert kind is Kind.FREIGHT_SPECIAL
    assert values(seen) | {"code": "1100154730", "number": "01234567"} == {
        "code": "1100154730", "number": "01234567", "date": "2015-05-06", "buyer_name": "甲有限公司", "buyer_tax_id": BUYER,
        "seller_name": "乙物流有限公司", "seller_tax_id": SELLER, "amount_ex_tax": "100.00", "tax": "11.00", "total": "111.00",
        "total_cn": "壹佰壹拾壹圆整",
    }  # fmt: skip


@pytest.mark.parametrize("title", ["鹏程出行行程单", "TRIP TABLE", "高德打车行程报销单"])
def test_a_ride_itinerary_is_read_for_comparison(title):
    kind, seen = read(title, "申请日期：2024-05-06", "合计  45.00元")
    assert (kind, values(seen)) == (Kind.RIDE_ITINERARY, {"date": "2024-05-06", "total": "45.00"})


@given(st.text(max_size=40))
def test_any_run_is_a_value_or_is_not(text):
    for value_in in (amount_in, two_decimals_in, name_in, person_in, vin_in):
        value = value_in(text)
        assert value is None or value
    if money := amount_in(text):
        assert Decimal(money) == Decimal(money).quantize(Decimal("0.01"))


@given(st.lists(st.text(max_size=30), max_size=12), st.sampled_from(list(Kind)))
def test_no_face_breaks_a_reader(lines, kind):
    seen = read_face(rows(*lines), kind)
    for name in {FieldName.TOTAL, FieldName.TAX, FieldName.AMOUNT_EX_TAX} & seen.fields.keys():
        Decimal(seen.fields[name].value)
    if words := seen.fields.get(FieldName.TOTAL_CN):
        assert words.value


@given(st.integers(1, 9999))
def test_whole_yuan_need_their_sign(yuan):
    assert amount_in(f"{yuan}元") == amount_in(f"¥{yuan}") == f"{yuan}.00"
    assert amount_in(f"{yuan}") is None


@given(st.sampled_from("ABCDEFGHJKLMNPRSTUVWXYZ0123456789"), st.text("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", min_size=16, max_size=16), st.integers(0, 16))  # fmt: skip
def test_a_frame_number_counts_only_when_its_check_character_closes(other, characters, place):
    number = characters[:8] + "0" + characters[8:]
    number = number[:8] + check_character(number) + number[9:]
    assert vin_in(number) == number
    changed = number[:place] + other + number[place + 1 :]
    assert vin_in(changed) in (changed, None)
    assert vin_in(changed) is None or check_character(changed) == changed[8]


def test_the_standards_own_frame_number_closes():
    assert vin_in(VIN) == VIN
    assert vin_in(VIN[:-1] + "9") is None


def test_names_of_people_are_masked():
    assert [masked(name) for name in ("张三", "张三丰", "ZHANG/SAN")] == ["张*", "张*丰", "Z***"]


@pytest.mark.parametrize("amount", [1, 2, 5, 10, 20, 50, 100])
def test_face_values_are_known_by_their_words(amount):
    _, seen = read("通用定额发票", capitals_of(Decimal(amount)) + "整")
    assert seen.fields[FieldName.TOTAL].value == f"{amount}.00"
