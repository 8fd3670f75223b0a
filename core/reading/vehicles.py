"""机动车 and 二手车销售统一发票, on paper, 数电 and 数电 on paper. Source: domain table, 3.5."""

from dataclasses import replace

from core.invoice import FieldName
from core.reading.dates import date_in
from core.reading.forms import (
    CODE,
    PLATE,
    Asked,
    Form,
    Party,
    differing,
    matching,
    parted,
    read_form,
    text_in,
    told,
    two_decimals_in,
)
from core.reading.labelled import digits
from core.reading.layout import Page
from core.reading.numerals import numerals_in
from core.reading.sighting import Sighting
from core.reading.vin import vin_in

_IDS = (
    "纳税人识别号/统一社会信用代码/身份证明号码", "纳税人识别号/统一社会信用代码", "统一社会信用代码/纳税人识别号",
    "统一社会信用代码/纳税人识别号/身份证明号码", "身份证号码/组织机构代码", "身份证号码/组织机构代码/纳税人识别号",
    "纳税人识别号", "统一社会信用代码", "身份证明号码", "身份证号码", "单位代码/身份证号码", "单位代码/身份证明号码",
    "单位代码/身份证号", "身份证号", "组织机构代码", "纳税人识别号/", "统一社会信用代码/", "身份证号码/",
)  # fmt: skip
_HEAD = {
    FieldName.CODE: CODE,
    FieldName.NUMBER: Asked(("发票号码", "号码"), digits(20, 8)),
    FieldName.DATE: Asked(("开票日期", "日期"), date_in),
}
_VIN = Asked(
    (
        "车辆识别代号/车架号码", "车辆识别代号", "车架号/车辆识别代码", "车架号/车辆识别代号", "车辆识别代码/车架号码", "车架号码", "车架号",
        "车辆识别代码", "识别代号",
    ),
    vin_in,
    row=True,
)  # fmt: skip
_PRINTER = (
    "机打代码", "机打号码", "机器编号", "税控码", "车辆类型", "厂牌型号", "产地", "合格证号", "进口证明书号", "商检单号",
    "发动机号码", "发动机号", "电话", "账号", "地址", "开户银行", "开户银行、账号", "主管税务机关及代码", "主管税务机关", "完税凭证号码", "吨位",
    "限乘人数", "小写", "(小写)", "大写", "开票人", "备注", "销货单位盖章", "销货单位(章)", "登记证号", "转入地车辆管理所名称",
    "转入地车管所", "住址", "开票单位(盖章)", "增值税税率或征收率", "税率", "数电发票号码", "全电发票号码", "数电票号码",
)  # fmt: skip

_MOTOR = Form(
    {
        **_HEAD,
        FieldName.TOTAL: Asked(("价税合计(小写)", "价税合计(大写)", "价税合计"), two_decimals_in, row=True),
        FieldName.TOTAL_CN: Asked(("价税合计(大写)", "价税合计"), numerals_in, row=True),
        FieldName.TAX: Asked(("增值税税额", "税额"), two_decimals_in),
        FieldName.AMOUNT_EX_TAX: Asked(("不含税价(小写)", "不含税价", "不含税价格"), two_decimals_in, row=True),
    },
    {"VIN": _VIN, "Model": Asked(("厂牌型号",), text_in), "VehicleType": Asked(("车辆类型",), text_in)},
    (
        Party(("购买方名称", "购货单位(人)", "购货单位", "购买方"), FieldName.BUYER_NAME, FieldName.BUYER_TAX_ID),
        Party(
            ("销货单位名称", "销售方名称", "销货单位", "销售单位名称"), FieldName.SELLER_NAME, FieldName.SELLER_TAX_ID
        ),
    ),
    _IDS,
    _PRINTER,
)
_USED = Form(
    {
        **_HEAD,
        FieldName.TOTAL: Asked(("车价合计(小写)", "车价合计(大写)", "车价合计"), two_decimals_in, row=True),
        FieldName.TOTAL_CN: Asked(("车价合计(大写)", "车价合计"), numerals_in, row=True),
    },
    {
        "VIN": _VIN,
        "PlateNumber": Asked(("车牌照号", "车牌号"), matching(PLATE)),
        "Model": Asked(("厂牌型号",), text_in),
    },
    (
        Party(("买方单位/个人", "买方单位(个人)", "买方单位", "买方"), FieldName.BUYER_NAME, FieldName.BUYER_TAX_ID),
        Party(("卖方单位/个人", "卖方单位(个人)", "卖方单位", "卖方"), FieldName.SELLER_NAME, FieldName.SELLER_TAX_ID),
        Party(("经营、拍卖单位", "经营拍卖单位", "经营、拍卖单位名称")),
        Party(("二手车市场", "二手车市场名称")),
    ),
    _IDS,
    (*_PRINTER, "买方单位/个人住址", "卖方单位/个人住址"),
)
_PRINTED_AGAIN = Asked(("机打号码",), digits(8))
_DIGITAL_NUMBER = Asked(("数电发票号码", "全电发票号码", "数电票号码", "发票号码"), digits(20))


def read_motor_vehicle(page: Page) -> Sighting:
    """A new vehicle: net, tax and total, and the two parties."""
    return _read(page, _MOTOR)


def read_used_vehicle(page: Page) -> Sighting:
    """A used vehicle: its price, buyer and seller; market and auctioneer are named below and are neither."""
    return _read(page, _USED)


def read_any_vehicle(page: Page) -> Sighting:
    """On digital paper one kind is both: a used vehicle's price is called 车价."""
    used = "二手车" in page.text or "车价合计" in page.text
    return read_used_vehicle(page) if used else read_motor_vehicle(page)


def _read(page: Page, form: Form) -> Sighting:
    """The form; the number printed by form and by printer must be the same, and one on digital paper has twenty digits, too."""
    parts = parted(page, form)
    sighting = read_form(page, form)
    fields, details, doubts = dict(sighting.fields), dict(sighting.details), {}
    eight = told(parts, form, Asked(("发票号码", "号码"), digits(8)))
    if eight and FieldName.CODE in fields:
        fields[FieldName.NUMBER] = eight
        if twenty := told(parts, form, _DIGITAL_NUMBER):
            details["DigitalNumber"] = twenty.value
        if doubt := differing(eight, told(parts, form, _PRINTED_AGAIN)):
            doubts[FieldName.NUMBER] = doubt
    return replace(sighting, fields=fields, details=details, doubts=doubts)
