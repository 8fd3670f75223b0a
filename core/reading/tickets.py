"""Small invoices and tickets: taxi, fixed amount, tolls, coaches, ships, machine-printed, rolls. Source: domain table, 3.6.

No form is the same in two provinces, so values are found by their labels or by a shape nothing else has. Where two
amounts or two numbers could be meant, the value is proposed with that doubt, and no second reader takes it away.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from core.invoice import Candidate, FieldName
from core.messages import Message
from core.reading.dates import date_in
from core.reading.forms import (
    CODE,
    NUMBER,
    PLATE,
    TIME,
    Asked,
    Form,
    Party,
    amount_in,
    matching,
    moved,
    name_in,
    parted,
    person_in,
    read_form,
    shifted,
    text_in,
    told,
)
from core.reading.kinds import plausible_code
from core.reading.labelled import digits
from core.reading.layout import Page, Word
from core.reading.numerals import numerals_in, says
from core.reading.sighting import Sighting

_DAY = Asked(("开票日期", "填开日期", "日期", "时间", "年月日"), date_in)
_COMMON = (
    "电话", "监督电话", "投诉电话", "查询电话", "证号", "机号", "单价", "里程", "等候", "等时", "状态", "上车", "下车", "上车时间", "下车时间",
    "车号", "流水号", "机打号码", "机打代码", "机器编号", "税控码", "密码", "收费员", "收款员", "工号", "车型", "车类", "车次", "座号", "座位",
    "座位号", "检票口", "身份证号", "身份证", "证件号", "证件号码", "姓名", "旅客姓名", "乘客姓名", "车道", "票种", "开车时间", "发车时间",
    "入口", "出口", "入口站", "出口站", "备注", "品名", "项目", "数量", "税号", "合计", "小写", "大写", "单位", "始发站", "到达站", "上车站", "下车站",
)  # fmt: skip
_SHAPED_NUMBER = re.compile(r"(?P<sign>N[oO0º°.]{1,2}\s*)?(?P<number>\d{8})")
_OTHER_NUMBERS = re.compile(r".*(?:电话|证号|工号|机号|流水|编号|密码|校验|服务|热线)[^0-9]*")


@dataclass(frozen=True)
class Ticket:
    """One kind of ticket: its form, the labels of its amount and of its day."""

    amount: Sequence[str]
    day: Sequence[str] = ()
    fields: Mapping[FieldName, Asked] = field(default_factory=dict)
    details: Mapping[str, Asked] = field(default_factory=dict)
    parties: tuple[Party, ...] = ()
    ids: tuple[str, ...] = ()

    @property
    def form(self) -> Form:
        fields = {
            FieldName.CODE: CODE,
            FieldName.NUMBER: NUMBER,
            FieldName.DATE: Asked((*self.day, *_DAY.labels), date_in),
            FieldName.TOTAL: Asked(tuple(self.amount), amount_in),
            **self.fields,
        }
        return Form(fields, self.details, self.parties, self.ids, _COMMON)


_CAPITALS = Asked(
    (
        "合计金额(大写)",
        "金额合计(大写)",
        "合计(大写)",
        "大写金额",
        "金额大写",
        "合计大写",
        "金额(大写)",
        "价税合计(大写)",
        "大写",
        "(大写)",
    ),
    numerals_in,
    row=True,
)
_FIGURES = (
    "合计金额(小写)", "金额合计(小写)", "合计(小写)", "小写金额", "金额小写", "合计小写", "金额(小写)", "小写", "(小写)", "(小写", "合计金额",
    "金额合计", "总金额", "合计", "实收金额", "总计",
)  # fmt: skip
_SURCHARGE = Asked(
    ("燃油附加费", "燃油附加", "燃油费", "附加费", "叫车服务费", "预约叫车服务费", "电召费", "其他费用"), amount_in
)
_SUMS = ("实收金额", "应收金额", "总金额", "合计金额", "金额合计", "合计", "总计", "总额", "应付金额")

TAXI = Ticket(
    (*_SUMS, "金额", "车费", "运价金额"),
    ("乘车日期",),
    details={
        "PlateNumber": Asked(("车号", "车牌号", "车牌"), matching(PLATE)),
        "DepartureTime": Asked(("上车时间", "上车"), matching(TIME)),
        "ArrivalTime": Asked(("下车时间", "下车"), matching(TIME)),
        "Distance": Asked(("里程", "计程", "公里数"), matching(r"\d+\.\d+|\d+(?=\s*(?:公里|km|KM))")),
        "FuelSurcharge": _SURCHARGE,
    },
)
TOLL = Ticket(
    (
        "实收金额",
        "收费金额",
        "通行费金额",
        "金额合计",
        "合计金额",
        "总金额",
        "金额",
        "通行费",
        "收费额",
        "合计",
        "应收金额",
    ),
    ("通行日期", "收费时间", "出口时间", "出口日期", "通行时间"),
    fields={FieldName.TOTAL_CN: _CAPITALS},
    details={
        "Entry": Asked(("入口站名", "入口站", "入口收费站", "入口"), name_in),
        "Exit": Asked(("出口站名", "出口站", "出口收费站", "出口"), name_in),
        "VehicleClass": Asked(("车型", "车类", "车种"), text_in),
        "PlateNumber": Asked(("车牌号", "车牌号码", "车牌", "车号"), matching(PLATE)),
    },
    parties=(
        Party(("购买方名称", "付款方名称", "付款单位", "付款方"), FieldName.BUYER_NAME, FieldName.BUYER_TAX_ID),
        Party(("销售方名称", "收款方名称", "收款单位", "收款方"), FieldName.SELLER_NAME, FieldName.SELLER_TAX_ID),
    ),
    ids=("纳税人识别号", "统一社会信用代码", "税号", "付款方税号", "收款方税号", "统一社会信用代码/纳税人识别号"),
)
_JOURNEY = {
    "Name": Asked(("旅客姓名", "乘客姓名", "乘车人", "姓名", "旅客"), person_in),
    "SeatNumber": Asked(("座位号", "座号", "座位", "铺位"), text_in),
    "DepartureTime": Asked(("开车时间", "发车时间", "开船时间", "开航时间", "乘车时间", "发航时间"), matching(TIME)),
}
COACH = Ticket(
    ("票价金额", "票价", "全价", "票款", "实收金额", "总金额", "金额", "合计"),
    ("乘车日期", "发车日期", "开车日期", "乘车时间", "发车时间", "开车时间"),
    details={
        **_JOURNEY,
        "DepartureStation": Asked(
            ("乘车站", "上车站", "始发站", "起点站", "发站", "出发站", "起点", "出发地"), name_in
        ),
        "DestinationStation": Asked(("到达站", "下车站", "终点站", "到站", "终点", "目的地"), name_in),
        "Number": Asked(("车次", "班次"), text_in),
    },
)
SHIP = Ticket(
    ("票价金额", "票价", "全价", "票款", "实收金额", "总金额", "金额", "合计"),
    ("开航日期", "乘船日期", "开船日期", "航班日期", "开航时间", "开船时间", "发航时间", "航期"),
    details={
        **_JOURNEY,
        "DepartureStation": Asked(
            ("出发港", "始发港", "始发站", "上船站", "起运港", "起航港", "出发地", "上船港", "始发地", "起点"), name_in
        ),
        "DestinationStation": Asked(
            ("到达港", "目的港", "到达站", "下船站", "抵达港", "目的地", "下船港", "终点"), name_in
        ),
        "Ship": Asked(("船名", "船舶名称", "船名航次"), text_in),
        "Number": Asked(("航次", "航班"), text_in),
    },
)
_BOTH = (
    Party(
        ("销售方名称", "销货方名称", "收款方名称", "收款单位名称", "收款单位", "开票单位", "收款方", "销方名称"),
        FieldName.SELLER_NAME,
        FieldName.SELLER_TAX_ID,
    ),
    Party(
        (
            "购买方名称",
            "购货方名称",
            "购方名称",
            "付款方名称",
            "付款单位名称",
            "付款单位",
            "付款方",
            "客户名称",
            "付款单位(个人)",
        ),
        FieldName.BUYER_NAME,
        FieldName.BUYER_TAX_ID,
    ),
)
_IDS = (
    "纳税人识别号", "统一社会信用代码", "税号", "销售方税号", "购买方税号", "收款方税号", "付款方税号", "销售方纳税人识别号", "购买方纳税人识别号",
    "统一社会信用代码/纳税人识别号", "收款单位税号", "付款单位税号", "收款方识别号", "付款方识别号", "销方税号", "购方税号",
)  # fmt: skip
MACHINE = Ticket(_FIGURES, fields={FieldName.TOTAL_CN: _CAPITALS}, parties=_BOTH, ids=_IDS)
ROLL = Ticket(
    _FIGURES,
    fields={FieldName.TOTAL_CN: _CAPITALS, FieldName.CHECK_CODE: Asked(("校验码",), digits(20))},
    parties=_BOTH,
    ids=_IDS,
)
RIDE = Ticket(("合计金额", "合计", "总金额", "总计", "订单总金额"), ("申请日期", "申请时间", "开具日期", "开票日期"))
QUOTA = Ticket(("面值", "面额", "金额"))


def read_taxi(page: Page) -> Sighting:
    """The fare with its surcharges. A surcharge that no sum takes in is added, and a person asked whether that is paid."""
    sighting = _read(page, TAXI)
    fields, doubts = dict(sighting.fields), dict(sighting.doubts)
    parts = parted(page, TAXI.form)
    fare, extra = fields.get(FieldName.TOTAL), sighting.details.get("FuelSurcharge")
    if fare and extra and Decimal(extra) > 0 and told(parts, TAXI.form, Asked(_SUMS, amount_in)) is None:
        total = f"{Decimal(fare.value) + Decimal(extra):.2f}"
        fields[FieldName.TOTAL] = replace(fare, value=total)
        doubts[FieldName.TOTAL] = Message(
            "Fare {fare} and surcharge {extra} are printed apart; together they are {total}. Please confirm what was paid.",
            fare=fare.value,
            extra=extra,
            total=total,
        )
    return replace(sighting, fields=fields, doubts=doubts)


def read_toll(page: Page) -> Sighting:
    """A motorway's or bridge's receipt, on paper or electronic."""
    return _read(page, TOLL)


def read_coach(page: Page) -> Sighting:
    """A coach ticket: the day of travel, not that of sale."""
    return _read(page, COACH)


def read_ship(page: Page) -> Sighting:
    """A ship or ferry ticket: the day of sailing."""
    return _read(page, SHIP)


def read_machine(page: Page) -> Sighting:
    """通用机打发票: a sum in figures and often in words."""
    return _read(page, MACHINE)


def read_roll(page: Page) -> Sighting:
    """The narrow VAT invoice from a roll: its amounts are with tax."""
    return _read(page, ROLL)


def read_ride_itinerary(page: Page) -> Sighting:
    """The day it was asked for and the sum of its rides, to be compared with the invoice it goes with."""
    found = read_form(page, RIDE.form).fields
    return Sighting({name: found[name] for name in (FieldName.DATE, FieldName.TOTAL) if name in found})


def read_quota(page: Page) -> Sighting:
    """The face value, printed in words and often in figures; the date is stamped or missing.

    Where there are only words, the amount they say is proposed; then nothing confirms it.
    """
    sighting = _read(page, QUOTA)
    fields = dict(sighting.fields)
    words = [(word, found) for word in page.words if (found := _words_in(word.text))]
    figures = [page.sees(word, found) for word in page.words if (found := _marked_amount(word.text))]
    fields.pop(FieldName.TOTAL_CN, None)
    spelt = words[0] if len({found for _, found in words}) == 1 else None
    if len({seen.value for seen in figures}) == 1:
        fields.setdefault(FieldName.TOTAL, figures[0])
    if spelt and FieldName.TOTAL in fields:
        fields[FieldName.TOTAL_CN] = page.sees(*spelt)
    elif spelt and (value := _face_value(spelt[1])):
        fields[FieldName.TOTAL] = page.sees(spelt[0], value)
    return replace(sighting, fields=fields)


_FACE_VALUES = (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000)


def _face_value(words: str) -> str | None:
    """The usual face value that these words are; they are generated and compared, never parsed."""
    return next((f"{value}.00" for value in _FACE_VALUES if says(words, Decimal(value))), None)


def _words_in(text: str) -> str | None:
    return numerals_in(re.sub(r"^(?:人民币|面值|面额|金额|票面金额)\s*[:(]?\s*(?:大写)?\)?:?", "", text))


def _marked_amount(text: str) -> str | None:
    """An amount that says it is one: with ¥ or 元."""
    plain = re.sub(r"^(?:人民币|面值|面额|金额)\s*:?", "", text)
    return amount_in(plain) if re.search(r"[¥￥元]", plain) else None


def _read(page: Page, ticket: Ticket) -> Sighting:
    """A ticket's form, where the printer wrote it, and what has an unmistakable shape."""
    form = ticket.form
    day = form.fields[FieldName.DATE]
    by = shifted(page, form, day)
    sighting = read_form(moved(page, form, by) if by else page, form)
    fields, doubts = dict(sighting.fields), dict(sighting.doubts)
    if by and FieldName.TOTAL in fields:
        doubts[FieldName.TOTAL] = Message("The printer wrote above or below the lines of the form; please compare.")
    if FieldName.CODE not in fields and (code := _code(page)):
        fields[FieldName.CODE] = code
    if FieldName.NUMBER not in fields and (number := _number(page)):
        fields[FieldName.NUMBER], sole = number
        if not sole:
            doubts[FieldName.NUMBER] = Message("Several numbers on it have eight digits; please compare.")
    if FieldName.DATE not in fields and (date := _only_date(page)):
        fields[FieldName.DATE] = date
    return replace(sighting, fields=fields, doubts=doubts)


def _code(page: Page) -> Candidate | None:
    """The one run that is built like a code and stands behind no other label."""
    found = [word for word in _unlabelled(page) if re.fullmatch(r"\d{12}", word.text) and plausible_code(word.text)]
    return page.sees(found[0], found[0].text) if len({word.text for word in found}) == 1 else None


def _number(page: Page) -> tuple[Candidate, bool] | None:
    """The number behind "No", or the only run of eight digits; whether it is the only one."""
    found = [(match, word) for word in _unlabelled(page) if (match := _SHAPED_NUMBER.fullmatch(word.text))]
    signed = [(match, word) for match, word in found if match["sign"]] or found
    if not signed:
        return None
    match, word = signed[0]
    return page.sees(word, match["number"]), len({match["number"] for match, _ in signed}) == 1


def _unlabelled(page: Page) -> list[Word]:
    """The runs that do not stand behind a label of another number."""
    return [
        word
        for word in page.words
        if not any(
            label.box.x0 < word.box.x0 and label.beside(word) and _OTHER_NUMBERS.fullmatch(label.text)
            for label in page.words
        )
    ]


def _only_date(page: Page) -> Candidate | None:
    """The date of a page on which just one stands."""
    found = [(word, day) for word in page.words if (day := date_in(word.text))]
    return page.sees(*found[0]) if len({day for _, day in found}) == 1 else None
