"""Which kind of document a page is: its title words, helped by the QR code and the code's own digits."""

import re
from collections.abc import Mapping

from core.invoice import FieldName, Kind
from core.reading.elsewhere.receipt import origin_of
from core.reading.layout import CHECK_CODE, CODE, Page
from core.reading.qr_payload import QrPayload

_TITLES: tuple[tuple[str, Kind], ...] = (
    (r"铁路电子客票|电子发票.{0,3}铁路", Kind.RAIL_ETICKET),
    (r"航空运输电子客票|航空运输.{0,6}行程单|民航发展基金", Kind.AIR_ITINERARY),
    (r"区块链.{0,8}发票|电子普通发票.{0,4}区块链", Kind.BLOCKCHAIN),
    (r"[二一]?手车销售统.?发票|买方单位.{0,120}卖方单位|转入地车辆管理所", Kind.USED_VEHICLE),
    (r"机动车销售统.?发票|合格证号.{0,200}发动机号", Kind.MOTOR_VEHICLE),
    (r"货物运输.{0,6}专用?发票|承运人及?.{0,300}实际受票", Kind.FREIGHT_SPECIAL),
    (r"电子发票.{0,3}(?:.{0,2}税)?专用发票", Kind.DIGITAL_SPECIAL),
    (r"电子发票.{0,3}普通发票", Kind.DIGITAL_ORDINARY),
    (r"增值税电子专用发票", Kind.VAT_E_SPECIAL),
    (r"通行费.{0,4}增值税电子普通发票", Kind.VAT_E_TOLL),
    (r"增值税电子普通发票", Kind.VAT_E_ORDINARY),
    (r"增值税专用发票", Kind.VAT_PAPER_SPECIAL),
    (r"增值税普通发票.{0,3}卷", Kind.VAT_ROLL),
    (r"增值税普通发票", Kind.VAT_PAPER_ORDINARY),
    (r"(?:财政|非税收入|医疗).{0,8}票据|收费票据|捐赠.{0,4}票据", Kind.FISCAL),
    (r"出租.{0,8}发票|上车.{0,80}下车.{0,80}(?:里程|单价)", Kind.TAXI),
    (r"定额(?:专用)?发票", Kind.QUOTA),
    (r"(?:过路|通行费|车辆通行).{0,8}(?:电子)?发票.{0,30}电子|通用\(电子\)发票", Kind.TOLL_LOCAL_E),
    (r"(?:过路|过桥|通行费).{0,8}(?:发票|票据|收据)|车辆通行费", Kind.TOLL_PAPER),
    (r"船票|轮渡|(?:水路|客轮|水上).{0,6}客|客船|旅客船|船名.{0,60}航次", Kind.SHIP),
    (r"(?:公路|道路|汽车|长途).{0,6}客运|客运.{0,8}(?:车票|发票|客票)|汽车(?:客)?票", Kind.BUS),
    (
        r"限乘当日当次车|仅供报销使用|中国铁路祝您旅途愉快|[GDCZTK]\d{1,4}.{0,200}(?:二等座|一等座|硬座|硬卧|软卧|商务座)",
        Kind.TRAIN_PAPER,
    ),
    (r"通用机打发票|机打发票|通用发票", Kind.GENERAL_MACHINE),
    (r"行程单|行程报销单|TRIPTABLE", Kind.RIDE_ITINERARY),
)
_SLIP = re.compile(r"收银|小票|找零|实收|应收|收据|流水号|结账单|结帐单|消费单|售卡凭证|服务员|桌号|台号")
_SCREENS: tuple[tuple[str, str], ...] = (
    ("payment", r"(?:支付|付款|交易|转账)成功|账单详情|交易单号|商户单号|转账单号|付款方式.{0,80}(?:收款方|商品)"),
    ("order", r"订单(?:详情|编号|信息|号).{0,300}(?:实付|合计|收货|下单|商品总)|实付款.{0,200}订单|确认收货|下单时间"),
)
"""What screenshots of shops and wallets say of themselves. A till slip may carry an order's number too, but no address."""
_LIST_PAGE = re.compile(
    r"(?:销售货物或者?提供应税劳务.{0,4}|发票)清单|发票明细清单|应税劳务、服务清单|所属.{0,20}发票代码"
)

DIGITAL = frozenset(
    {
        Kind.DIGITAL_SPECIAL, Kind.DIGITAL_ORDINARY, Kind.RAIL_ETICKET, Kind.AIR_ITINERARY,
        Kind.DIGITAL_MOTOR_VEHICLE, Kind.DIGITAL_USED_VEHICLE,
    }
)  # fmt: skip
"""The kinds with a 20-digit number and no code."""

VAT = frozenset(
    {
        Kind.VAT_PAPER_SPECIAL, Kind.VAT_PAPER_ORDINARY, Kind.VAT_E_ORDINARY, Kind.VAT_E_SPECIAL, Kind.VAT_E_TOLL,
        Kind.BLOCKCHAIN, Kind.DIGITAL_SPECIAL, Kind.DIGITAL_ORDINARY, Kind.DIGITAL_PAPER_SPECIAL,
        Kind.DIGITAL_PAPER_ORDINARY,
    }
)  # fmt: skip
"""The kinds with the wide face: two parties, lines, net, tax and total."""

WITH_SUMS = VAT | {Kind.MOTOR_VEHICLE, Kind.DIGITAL_MOTOR_VEHICLE, Kind.FREIGHT_SPECIAL}
"""The kinds on whose face 金额 + 税额 = 价税合计 stands."""

VEHICLES = frozenset(
    {
        Kind.MOTOR_VEHICLE, Kind.USED_VEHICLE, Kind.DIGITAL_MOTOR_VEHICLE, Kind.DIGITAL_USED_VEHICLE,
        Kind.DIGITAL_PAPER_VEHICLE,
    }
)  # fmt: skip

_WITH_CHECK_CODE = frozenset(
    {Kind.VAT_PAPER_ORDINARY, Kind.VAT_E_ORDINARY, Kind.VAT_ROLL, Kind.VAT_E_TOLL, Kind.BLOCKCHAIN, Kind.FISCAL}
)

_F = FieldName
_PARTIES = (_F.BUYER_NAME, _F.BUYER_TAX_ID, _F.SELLER_NAME, _F.SELLER_TAX_ID)
_SUMS = (_F.AMOUNT_EX_TAX, _F.TAX, _F.TOTAL)
_HEAD = (_F.CODE, _F.NUMBER, _F.DATE)
_OTHERS: Mapping[Kind, tuple[FieldName, ...]] = {
    Kind.VAT_ROLL: (*_HEAD, _F.SELLER_NAME, _F.SELLER_TAX_ID, _F.TOTAL),
    Kind.RAIL_ETICKET: (_F.NUMBER, _F.DATE, _F.BUYER_NAME, _F.BUYER_TAX_ID, _F.TOTAL),
    Kind.AIR_ITINERARY: (_F.NUMBER, _F.DATE, _F.BUYER_NAME, _F.BUYER_TAX_ID, _F.SELLER_NAME, _F.TAX, _F.TOTAL),
    Kind.FISCAL: (*_HEAD, _F.BUYER_NAME, _F.BUYER_TAX_ID, _F.SELLER_NAME, _F.TOTAL, _F.TOTAL_CN),
    Kind.TRAIN_PAPER: (_F.NUMBER, _F.DATE, _F.TOTAL),
    Kind.QUOTA: (_F.CODE, _F.NUMBER, _F.TOTAL, _F.TOTAL_CN),
    Kind.MOTOR_VEHICLE: (*_HEAD, *_PARTIES, *_SUMS, _F.TOTAL_CN),
    Kind.DIGITAL_MOTOR_VEHICLE: (_F.NUMBER, _F.DATE, *_PARTIES, *_SUMS, _F.TOTAL_CN),
    Kind.USED_VEHICLE: (*_HEAD, *_PARTIES, _F.TOTAL, _F.TOTAL_CN),
    Kind.DIGITAL_USED_VEHICLE: (_F.NUMBER, _F.DATE, *_PARTIES, _F.TOTAL, _F.TOTAL_CN),
    Kind.DIGITAL_PAPER_VEHICLE: (*_HEAD, *_PARTIES, _F.TOTAL, _F.TOTAL_CN),
    Kind.FREIGHT_SPECIAL: (*_HEAD, *_PARTIES, *_SUMS, _F.TOTAL_CN),
    Kind.FOREIGN_INVOICE: (_F.DATE, _F.SELLER_NAME, _F.TOTAL, _F.CURRENCY),
    **dict.fromkeys((Kind.TAXI, Kind.GENERAL_MACHINE, Kind.TOLL_PAPER, Kind.TOLL_LOCAL_E, Kind.BUS, Kind.SHIP),
                    (*_HEAD, _F.TOTAL)),
    **dict.fromkeys((Kind.TILL_SLIP, Kind.RIDE_ITINERARY, Kind.NOT_INVOICE), ()),
}  # fmt: skip


def expected(kind: Kind) -> tuple[FieldName, ...]:
    """The fields a document of this kind has on its face."""
    own = () if kind in DIGITAL else (_F.CODE,)
    fields = (*own, _F.NUMBER, _F.DATE, *_PARTIES, *_SUMS, _F.TOTAL_CN) if kind in VAT else _OTHERS[kind]
    return (*fields, _F.CHECK_CODE) if kind in _WITH_CHECK_CODE else fields


def is_list_page(page: Page) -> bool:
    """Whether this is a 销货清单: more lines of the invoice before it, no invoice of its own."""
    return _LIST_PAGE.search(page.text.replace("\n", "")) is not None


def kind_of(page: Page, qr: QrPayload | None) -> Kind:
    """The kind by its title; else by the QR code, by the digits of the code, by what a receipt says; else NOT_INVOICE."""
    text = page.text.replace("\n", "")
    title = next((kind for pattern, kind in _TITLES if _is_title(pattern, text)), None)
    coded = qr.kind if qr else None
    if title in _SMALL and "价税合计" in text:  # words of its lines or its tag, while the title lies under a seal
        title = coded or _by_code(page) or title
    if title is None or (coded and title in _SMALL):
        return _digital_form(page, coded or _by_code(page) or _by_labels(text) or _of_a_till(page))
    if title is Kind.VAT_E_ORDINARY and (coded is Kind.VAT_E_TOLL or _is_toll(page)):
        return Kind.VAT_E_TOLL
    return _digital_form(page, title)


_SMALL = frozenset(
    {
        Kind.TRAIN_PAPER, Kind.TAXI, Kind.RIDE_ITINERARY, Kind.TOLL_PAPER, Kind.BUS, Kind.SHIP, Kind.GENERAL_MACHINE,
        Kind.QUOTA,
    }
)  # fmt: skip
"""Kinds whose titles are words that stand on other invoices, too."""


def _is_toll(page: Page) -> bool:
    """Whether the code ends like that of a toll invoice, or the tag 通行费 stands above the title."""
    codes = (re.search(r"(?<!\d)0\d{11}(?!\d)", word.text) for word in page.above(0.45))
    return any(word.text == "通行费" for word in page.above(0.2)) or any(
        code[0].endswith("12") and plausible_code(code[0]) for code in codes if code
    )


_DIGITAL_FORM = {Kind.MOTOR_VEHICLE: Kind.DIGITAL_MOTOR_VEHICLE, Kind.USED_VEHICLE: Kind.DIGITAL_USED_VEHICLE}
_DIGITAL_PAPER_FORM = {
    Kind.VAT_PAPER_SPECIAL: Kind.DIGITAL_PAPER_SPECIAL,
    Kind.VAT_PAPER_ORDINARY: Kind.DIGITAL_PAPER_ORDINARY,
    Kind.MOTOR_VEHICLE: Kind.DIGITAL_PAPER_VEHICLE,
    Kind.USED_VEHICLE: Kind.DIGITAL_PAPER_VEHICLE,
}
DIGITAL_NUMBER = re.compile(r"(?:2[1-9]|[3-9]\d)(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|9[1-5])\d{16}")
"""The shape of a 20-digit number. Source: domain table, 2.4."""


def _digital_form(page: Page, kind: Kind) -> Kind:
    """The 数电 form of a kind whose title stands on paper, too: without a code, or with twenty digits beside the code."""
    if kind not in _DIGITAL_PAPER_FORM or not has_digital_number(page):
        return kind
    runs = (re.findall(r"(?<!\d)\d{10}(?:\d\d)?(?!\d)", word.text) for word in page.above(0.45))
    labelled = kind not in _DIGITAL_FORM or bool(page.labels(CODE))  # of twelve digits a vehicle has several
    with_code = labelled and any(plausible_code(code) for codes in runs for code in codes)
    return _DIGITAL_PAPER_FORM[kind] if with_code or kind not in _DIGITAL_FORM else _DIGITAL_FORM[kind]


def has_digital_number(page: Page) -> bool:
    """Whether a 20-digit number stands on the face: named so, or by its shape where it is no check code."""
    if re.search(r"(?:数电|全电)(?:票|发票)?号码", page.text):
        return True
    check_codes = {word for label in page.labels(CHECK_CODE) for word in page.after(label)}
    runs = (re.findall(r"(?<!\d)\d{20}(?!\d)", word.text) for word in page.above(0.45) if word not in check_codes)
    return any(DIGITAL_NUMBER.fullmatch(number) for numbers in runs for number in numbers)


def _is_title(pattern: str, text: str) -> bool:
    """Whether the words stand there as a title; slips tell how to get an invoice with the same words."""
    found = re.search(pattern, text)
    return found is not None and not _PROMISED.search(text[max(0, found.start() - 12) : found.start()])


_PROMISED = re.compile(r"开具|索取|申请|换取|获取|领取|提取|扫码|不作为|非|自助|打印")


def screen_of(page: Page) -> str | None:
    """Whether it is the screenshot of a "payment" or an "order", or the "list" of goods of an invoice; None for all else."""
    if is_list_page(page):
        return "list"
    text = page.text.replace("\n", "")
    return next((name for name, pattern in _SCREENS if re.search(pattern, text)), None)


def _of_a_till(page: Page) -> Kind:
    """A till slip in China, a receipt or invoice elsewhere; neither without a total or a word that says so."""
    if screen_of(page):
        return Kind.NOT_INVOICE
    country, has_total = origin_of(page)
    if country is None and len(_HAN.findall(page.text)) > _CHINESE * len(page.text):
        country = "CN"
    if country == "CN":
        return Kind.TILL_SLIP if has_total or _SLIP.search(page.text) else Kind.NOT_INVOICE
    return Kind.FOREIGN_INVOICE if has_total else Kind.NOT_INVOICE


_HAN = re.compile(r"[\u4e00-\u9fff]")
_CHINESE = 0.2


def _by_code(page: Page) -> Kind | None:
    """A title under a seal: the kind from the code's own digits. Source: domain table, 2.1 and 2.2."""
    form = ("价税合计", "纳税人识别号", "开票日期", "密码区")
    if sum(word in page.text for word in form) < 2:
        return None
    for word in page.above(0.45):
        code = re.sub(r"\D", "", word.text) if re.fullmatch(r"[\d ]+", word.text) else ""
        if len(code) == 10 and plausible_code(code):
            return {"1": Kind.VAT_PAPER_SPECIAL, "5": Kind.VAT_PAPER_SPECIAL, "3": Kind.VAT_PAPER_ORDINARY,
                    "6": Kind.VAT_PAPER_ORDINARY}.get(code[7])  # fmt: skip
        if len(code) == 12 and code[0] == "0" and plausible_code(code):  # others end as their province likes
            return {"04": Kind.VAT_PAPER_ORDINARY, "05": Kind.VAT_PAPER_ORDINARY, "06": Kind.VAT_ROLL, "07": Kind.VAT_ROLL,
                    "11": Kind.VAT_E_ORDINARY, "12": Kind.VAT_E_TOLL, "13": Kind.VAT_E_SPECIAL}.get(code[-2:])  # fmt: skip
        if len(code) == 20:
            # Ordinary claims less: nothing is deducted from it until its code, original or 查验 says special.
            return Kind.DIGITAL_SPECIAL if "专用" in page.text else Kind.DIGITAL_ORDINARY
    return None


_TICKETS: tuple[tuple[str, Kind], ...] = (
    (r"机打号码.{0,400}(?:校验码|纳税人识别号.{0,200}合计金额\(小写\))", Kind.VAT_ROLL),
    (r"上车.{0,60}下车|里程.{0,60}等候", Kind.TAXI),
    (r"航次|船名|开航|乘船", Kind.SHIP),
    (r"入口.{0,60}出口|收费站|收费金额|通行费|车道", Kind.TOLL_PAPER),
    (r"检票|座号|乘车日期|发车时间|始发站", Kind.BUS),
    (r"机打(?:号码|代码)|行业分类|税控码", Kind.GENERAL_MACHINE),
)


def _by_labels(text: str) -> Kind | None:
    """A small paper whose title lies under a seal: it has a code and a number, and words of its kind. Never a till slip."""
    if "发票代码" not in text or "发票号码" not in text:
        return None
    told = next((kind for pattern, kind in _TICKETS if re.search(pattern, text)), None)
    return told or (Kind.GENERAL_MACHINE if re.search(r"日期|付款|项目", text) else Kind.QUOTA)


def plausible_code(code: str) -> bool:
    """Whether the digits are built like a 发票代码: 10 or 12, naming a province and a year, not any other number."""
    province = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]")
    if re.fullmatch(r"[0-9]{10}", code):
        return province.match(code[:2]) is not None and code[4:6] <= "35"
    return (
        re.fullmatch(r"[012][0-9]{11}", code) is not None
        and province.match(code[1:3]) is not None
        and code[5:7] <= "35"
    )
