"""货物运输业增值税专用发票, issued until 2016. Source: domain table, 1.2."""

from core.invoice import Candidate, FieldName
from core.reading.dates import date_in
from core.reading.forms import Asked, Form, Party, matching, read_form, text_in, two_decimals_in
from core.reading.layout import Page
from core.reading.numerals import numerals_in
from core.reading.sighting import Sighting
from core.reading.vat import code_on, serial_on, sums_on

_FORM = Form(
    {
        FieldName.DATE: Asked(("开票日期",), date_in),
        FieldName.AMOUNT_EX_TAX: Asked(("合计金额",), two_decimals_in),
        FieldName.TAX: Asked(("税额",), two_decimals_in),
        FieldName.TOTAL: Asked(("价税合计(小写)", "价税合计(大写)", "价税合计"), two_decimals_in, row=True),
        FieldName.TOTAL_CN: Asked(("价税合计(大写)", "价税合计"), numerals_in, row=True),
    },
    {
        "Route": Asked(("起运地、经由、到达地", "起运地经由到达地"), text_in),
        "PlateNumber": Asked(("车种车号",), matching(r"\S+")),
    },
    (
        Party(("承运人及纳税人识别号", "承运人名称", "承运人"), FieldName.SELLER_NAME, FieldName.SELLER_TAX_ID),
        Party(("实际受票方及纳税人识别号", "实际受票方名称", "实际受票方"), FieldName.BUYER_NAME, FieldName.BUYER_TAX_ID),
        Party(("收货人及纳税人识别号", "收货人名称", "收货人")),
        Party(("发货人及纳税人识别号", "发货人名称", "发货人")),
    ),
    ("纳税人识别号", "统一社会信用代码/纳税人识别号"),
    (
        "密码区", "税率", "机器编号", "车船吨位", "主管税务机关及代码", "备注", "费用项目及金额", "运输货物信息", "收款人", "复核人", "开票人",
        "小写", "(小写)", "大写",
    ),
)  # fmt: skip


def read_freight(page: Page) -> Sighting:
    """The carrier is the seller, who is billed the buyer; consignee and consignor are neither."""
    sighting = read_form(page, _FORM)
    others: dict[FieldName, Candidate | None] = {
        FieldName.CODE: code_on(page), FieldName.NUMBER: serial_on(page), **sums_on(page)
    }  # fmt: skip
    found = {name: seen for name, seen in others.items() if seen}
    return Sighting({**found, **sighting.fields}, sighting.empty, details=sighting.details)
