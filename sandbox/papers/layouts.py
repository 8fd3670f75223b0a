"""The faces of invoices, placed as on real ones: 210 by 140 mm, positions in millimetres from the top left."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reportlab.lib.colors import HexColor

from sandbox.papers.model import Item, Paper
from sandbox.papers.sheet import Sheet, wrapped

WIDTH, HEIGHT = 210, 140
MARGIN = 15  # on each side of a paper form, for the feed holes
LEFT, RIGHT = 4.5, 205.6

DIGITAL_INK = HexColor(0x800000)
VAT_INK = HexColor(0x9A4A1B)
PRINTER_INK = HexColor(0x2F4FB5)

LINES_ON_A_FACE = 8


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Where the columns of the items stand: `_at` is a left edge or a middle, `_to` a right edge."""

    name_at: float
    name_width: float
    spec_at: float
    spec_width: float
    unit_at: float
    quantity_to: float
    price_to: float
    amount_to: float
    rate_at: float
    tax_to: float

    @property
    def middles(self) -> tuple[float, ...]:
        """Where spec, unit, quantity and unit price have their middles."""
        return (self.spec_at + 5, self.unit_at, self.quantity_to - 5, self.price_to - 5)


DIGITAL_COLUMNS = Columns(
    name_at=5.5,
    name_width=37,
    spec_at=43.5,
    spec_width=22,
    unit_at=71.8,
    quantity_to=102.5,
    price_to=127.8,
    amount_to=153,
    rate_at=166.5,
    tax_to=204.5,
)
VAT_COLUMNS = Columns(
    name_at=5.5,
    name_width=50,
    spec_at=57.5,
    spec_width=24,
    unit_at=88.5,
    quantity_to=113.6,
    price_to=133.8,
    amount_to=163.8,
    rate_at=170.1,
    tax_to=204.8,
)

_LEADING = 4.4
_DIGITAL_TITLES = {
    "digital_ordinary": "电子发票（普通发票）",
    "digital_special": "电子发票（增值税专用发票）",
}
_VAT_TITLES = {
    "vat_e_ordinary": "增值税电子普通发票",
    "vat_paper_ordinary": "增值税普通发票",
    "vat_e_special": "增值税电子专用发票",
    "vat_e_toll": "增值税电子普通发票",
    "vat_paper_special": "增值税专用发票",
    "digital_paper_special": "增值税专用发票",
    "digital_paper_ordinary": "增值税普通发票",
    "blockchain": "区块链电子普通发票",
}
_TOLL_HEADS = ("项目名称", "车牌号", "类 型", "通行日期起", "通行日期止", "金 额", "税 率", "税 额")
"""Of invoices with the tag 通行费, in place of the usual heads."""


def draw_digital(sheet: Sheet, paper: Paper, items: Sequence[Item], page: int, pages: int) -> None:
    """A 数电票; of several pages only the last carries the totals."""
    sheet.qr(6.5, 4.5, 19, paper.qr_text)
    _title(sheet, paper, _DIGITAL_TITLES[paper.kind])
    _labelled(sheet, (155, 12.5), "发票号码：", 171, paper.number)
    _labelled(sheet, (155, 18.5), "开票日期：", 171, f"{paper.date:%Y年%m月%d日}")
    if pages > 1:
        sheet.label(171, 24, f"共{pages}页 第{page}页", size=8)
    sheet.frame(LEFT, 28, RIGHT, 126)
    for y in (47, 97, 105):
        sheet.line(LEFT, y, RIGHT, y)
    for x in (10.7, 105.2, 111.3):
        sheet.line(x, 28, x, 47)
    _digital_party(sheet, LEFT, "购买方信息", paper.buyer_name, paper.buyer_tax_id)
    _digital_party(sheet, 105.1, "销售方信息", paper.seller_name, paper.seller_tax_id)
    headings = ("项目名称", "规格型号", "单 位", "数 量", "单 价", "金 额", "税率/征收率", "税 额")
    if paper.tag:
        sheet.label(29, 9, paper.tag)
        headings = _TOLL_HEADS
    for x, heading in zip((22.5, 48.5, 71.8, 97.8, 123, 148.5, 166.5, 199), headings, strict=True):
        sheet.label(x, 51, heading, align="centre")
    _rows(sheet, items, 55.5, DIGITAL_COLUMNS)
    _sums(sheet, paper, None if page == pages else items, 94.8, DIGITAL_COLUMNS)
    sheet.line(56.5, 97, 56.5, 105)
    if page == pages:
        _total(sheet, paper, 102, circle_at=60.5, words_at=63.5, figure_at=158)
    else:
        sheet.label(17, 102, "价税合计（大写）")
        sheet.label(144, 102, "（小写）")
    sheet.line(10.7, 105, 10.7, 126)
    sheet.column(7.6, 107, 124, "备注")
    sheet.paragraph(11.8, 109.5, paper.remark, 190)
    _labelled(sheet, (19.5, 132), "开票人：", 32, paper.issuer)


def draw_vat(sheet: Sheet, paper: Paper) -> None:
    """An older 增值税发票, electronic or on paper: code and number, check code, cipher area, four lines a party."""
    sheet.qr(8.4, 3.4, 19, paper.qr_text)
    _title(sheet, paper, paper.region + _VAT_TITLES[paper.kind])
    _vat_corner(sheet, paper)
    sheet.frame(LEFT, 30, RIGHT, 124)
    for y in (52, 96, 104):
        sheet.line(LEFT, y, RIGHT, y)
    for x in (12.5, 119.5, 124.6):
        sheet.line(x, 30, x, 52)
        sheet.line(x, 104, x, 124)
    for x in (56.5, 82.5, 94.5, 114.6, 134.6, 164.6, 175.6):
        sheet.line(x, 52, x, 96)
    sheet.line(56.5, 96, 56.5, 104)
    sheet.column(8.5, 31.5, 51, "购买方")
    _vat_party(sheet, 33.8, (paper.buyer_name, paper.buyer_tax_id, paper.buyer_address, paper.buyer_bank))
    sheet.column(122, 31.5, 51, "密码区")
    for place, line in enumerate(paper.cipher):
        sheet.print(126.5, 35 + 5 * place, line, size=11, stretch=75)
    headings = ("货物或应税劳务、服务名称", "规格型号", "单位", "数 量", "单 价", "金 额", "税率", "税 额")
    if paper.tag:
        sheet.label(29, 9, paper.tag)
        headings = _TOLL_HEADS
    for x, heading in zip((30.5, 69.5, 88.5, 104.5, 124.6, 149.6, 170.1, 190.5), headings, strict=True):
        sheet.label(x, 55.7, heading, align="centre")
    shown = paper.items if _lines(paper.items) <= LINES_ON_A_FACE else [_see_list(paper)]
    _rows(sheet, shown, 59.8, VAT_COLUMNS)
    _sums(sheet, paper, None, 94.4, VAT_COLUMNS)
    _total(sheet, paper, 101.2, circle_at=60, words_at=63, figure_at=168)
    sheet.column(8.5, 105.5, 123, "销售方")
    _vat_party(sheet, 107.8, (paper.seller_name, paper.seller_tax_id, paper.seller_address, paper.seller_bank))
    sheet.column(122, 106, 122, "备注")
    sheet.paragraph(126, 108.5, paper.remark, 76)
    for x, label, value in (
        (7, "收 款 人：", paper.payee),
        (64, "复 核：", paper.reviewer),
        (106, "开 票 人：", paper.issuer),
    ):
        sheet.label(x, 128.2, label)
        sheet.print(x + 16, 128.2, value)
    sheet.label(154, 128.2, "销 售 方：（章）")
    sheet.seller_seal(178, 120, paper.seller_name, paper.seller_tax_id)
    if paper.is_on_paper:
        _form_edges(sheet, paper)


def draw_list(sheet: Sheet, paper: Paper, items: Sequence[Item], page: int, pages: int) -> None:
    """The 销货清单 behind an older invoice with more lines than its face holds."""
    sheet.label(105, 12, "销售货物或者提供应税劳务、服务清单", size=15, align="centre")
    _labelled(sheet, (LEFT, 20), "购买方名称：", 25, paper.buyer_name)
    _labelled(sheet, (LEFT, 25), "销售方名称：", 25, paper.seller_name)
    _labelled(sheet, (110, 20), "发票代码：", 128, paper.code or "")
    _labelled(sheet, (110, 25), "发票号码：", 128, paper.number)
    sheet.label(170, 20, f"共{pages}页 第{page}页", size=8)
    sheet.frame(LEFT, 28, RIGHT, 132)
    headings = ("货物（劳务）名称", "规格型号", "单位", "数 量", "单 价", "金 额", "税率", "税 额")
    for x, heading in zip((30.5, 69.5, 88.5, 104.5, 124.6, 149.6, 170.1, 190.5), headings, strict=True):
        sheet.label(x, 32, heading, align="centre")
    _rows(sheet, items, 37, VAT_COLUMNS)


def paginate(items: Sequence[Item], pages: int) -> list[Sequence[Item]]:
    """Share items out over at least this many faces, in order, none holding more than fits."""
    most = max(1, -(-len(items) // pages))
    faces: list[list[Item]] = [[]]
    for item in items:
        if faces[-1] and (len(faces[-1]) >= most or _lines([*faces[-1], item]) > LINES_ON_A_FACE):
            faces.append([])
        faces[-1].append(item)
    return [*faces, *([] for _ in range(pages - len(faces)))]


def _lines(items: Sequence[Item]) -> int:
    return sum(len(wrapped(item.name, 37, 9)) for item in items)


def _see_list(paper: Paper) -> Item:
    return Item(name="（详见销货清单）", amount=paper.amount_ex_tax, rate=paper.items[0].rate, tax=paper.tax)


def _title(sheet: Sheet, paper: Paper, title: str) -> None:
    sheet.label(105, 13.2, title, size=19, align="centre")
    for y in (17.6, 18.5):
        sheet.line(66, y, 144, y)
    if paper.is_on_paper:
        sheet.label(105, 26.5, "发  票  联", size=13, align="centre")
    sheet.bureau_seal(105, 17.5, paper.bureau)


def _labelled(sheet: Sheet, at: tuple[float, float], label: str, value_at: float, value: str) -> None:
    sheet.label(*at, label)
    sheet.print(value_at, at[1], value)


def _form_edges(sheet: Sheet, paper: Paper) -> None:
    """Feed holes and the small print along the sides of a paper form."""
    for y in range(8, HEIGHT, 13):
        sheet.hole(-7.5, y, 1.9)
        sheet.hole(WIDTH + 7.5, y, 1.9)
    for x in (-3, WIDTH + 3):
        sheet.line(x, 0, x, HEIGHT)
    copy, use = ("第三联", "购买方记账凭证") if paper.kind.endswith("special") else ("第二联", "购买方记账凭证")
    sheet.column(RIGHT + 2.4, 50, 112, f"{copy}发票联{use}", size=8)


def _digital_party(sheet: Sheet, left: float, word: str, name: str, tax_id: str) -> None:
    x = left + 7.3
    sheet.column(left + 3.1, 28.8, 46.4, word, size=8)
    sheet.label(x, 34.5, "名称：")
    sheet.paragraph(x + 9, 34.5, name, 82)
    sheet.label(x, 43, "统一社会信用代码/纳税人识别号：", size=8)
    sheet.print(x + 43, 43, tax_id, size=11)


def _vat_corner(sheet: Sheet, paper: Paper) -> None:
    """Code, number, date and check code; paper kinds print code and number large."""
    written = f"{paper.date:%Y年%m月%d日}"
    if not paper.is_on_paper:
        sheet.label(5.8, 27.3, "机器编号：")
        sheet.print(22, 27.3, paper.machine_number)
        corner = [("发票代码：", paper.code or ""), ("发票号码：", paper.number), ("开票日期：", written)]
    else:
        sheet.label(29, 13, paper.code or "", size=18)
        sheet.label(146, 13, "№", size=18)
        sheet.print(154, 13, paper.number, size=18)
        sheet.print(186, 13, paper.code or "", size=8)
        sheet.print(188, 17, paper.number, size=9)
        sheet.print(29, 22.5, "机器编号：", size=8)
        sheet.print(29, 27, paper.machine_number, size=10)
        corner = [("开票日期：", written)]
    if paper.check_code:
        grouped = " ".join(paper.check_code[start : start + 5] for start in range(0, len(paper.check_code), 5))
        corner.append(("校 验 码：", grouped))
    for place, (label, value) in enumerate(corner):
        _labelled(sheet, (149, 27 - 5.6 * (len(corner) - 1 - place)), label, 165, value)


def _vat_party(sheet: Sheet, top: float, values: tuple[str, str, str, str]) -> None:
    labels = ("名称：", "纳税人识别号：", "地址、电话：", "开户行及账号：")
    for place, (label, value) in enumerate(zip(labels, values, strict=True)):
        y = top + 4.9 * place
        sheet.spread(13.8, y, label, 22.5)
        sheet.print(36.5, y, value, size=10 if place == 1 else 9 if place == 0 else 8)


def _rows(sheet: Sheet, items: Sequence[Item], top: float, columns: Columns) -> None:
    y = top
    for item in items:
        lines = sheet.paragraph(columns.name_at, y, item.name, columns.name_width, leading=_LEADING)
        for x, value in zip(columns.middles, item.columns, strict=False):
            sheet.print(x, y, value, size=8, align="centre")
        sheet.print(columns.spec_at, y, wrapped(item.spec, columns.spec_width, 9)[0])
        sheet.print(columns.unit_at, y, item.unit, align="centre")
        sheet.print(columns.quantity_to, y, _plain(item.quantity), align="right")
        sheet.print(columns.price_to, y, _plain(item.unit_price), align="right")
        sheet.print(columns.amount_to, y, f"{item.amount:.2f}", align="right")
        sheet.print(columns.rate_at, y, item.rate, align="centre")
        sheet.print(columns.tax_to, y, f"{item.tax:.2f}" if item.rate.endswith("%") else "***", align="right")
        y += _LEADING * lines


def _sums(sheet: Sheet, paper: Paper, items: Sequence[Item] | None, y: float, columns: Columns) -> None:
    """The 合计 row of the paper, or the 小计 of the given items of one page."""
    amount, tax = paper.face_amount_ex_tax, paper.face_tax
    if items is not None:
        amount = sum((item.amount for item in items), Decimal(0))
        tax = sum((item.tax for item in items), Decimal(0))
    sheet.label(22, y, "合" if items is None else "小")
    sheet.label(36, y, "计")
    sheet.print(columns.amount_to, y, f"¥{amount:.2f}", align="right")
    sheet.print(columns.tax_to, y, f"¥{tax:.2f}", align="right")


def _total(sheet: Sheet, paper: Paper, y: float, *, circle_at: float, words_at: float, figure_at: float) -> None:
    sheet.label(17, y, "价税合计（大写）")
    sheet.crossed_circle(circle_at, y - 1.2, 1.9)
    sheet.print(words_at, y, paper.face_total_cn)
    sheet.label(figure_at - 14, y, "（小写）")
    sheet.print(figure_at, y, f"¥{paper.face_total:.2f}", size=11)


def _plain(number: Decimal | None) -> str:
    return "" if number is None else format(number, "f")
