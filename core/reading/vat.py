"""The wide VAT face, old and 数电: two parties, lines, net, tax and total. Source: domain table, 3.1 and 3.2."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.invoice import Box, Candidate, FieldName, ItemLine, Kind
from core.reading import layout
from core.reading.amounts import money_in, tax_in
from core.reading.dates import date_in
from core.reading.forms import PLATE, matching
from core.reading.kinds import DIGITAL, DIGITAL_NUMBER, plausible_code
from core.reading.labelled import ValueIn, digits, labelled, name_of, nearest, run, shaped, under
from core.reading.layout import Page, Word, joined, spaced
from core.reading.numerals import numerals_in
from core.reading.sighting import Sighting
from core.reading.tax_ids import tax_id_in

_SUM = spaced("合计", "计")
_SUB_SUM = spaced("小计", "小")
_ITEM_HEAD = spaced("项目名称", "货物或应税劳务、服务名称", "货物或应税劳务名称", "货物(劳务)名称")
_SPEC_HEAD = spaced("规格型号")
_AMOUNT_HEAD = spaced("金额", "金")
_RATE_HEAD = spaced("税率/征收率", "税率")
_TAX_HEAD = spaced("税额")
_QUANTITY_HEAD = spaced("数量")
_RATE = re.compile(r"\d{1,2}(?:\.\d)?%|免税|不征税|\*{2,3}|出口零税率")
_FREE = ("免税", "不征税")
_AMOUNT_AND_RATE = re.compile(rf"(-?[\d,]+\.\d\d)\s*({_RATE.pattern})")
_SERIAL = re.compile(r"(?:N[o0O°º.]{1,2})?\s*(\d{8})")


_PASSAGE: Mapping[str, tuple[tuple[str, ...], ValueIn]] = {
    "PlateNumber": (("车牌号",), matching(PLATE)),
    "PassageFrom": (("通行日期起",), date_in),
    "PassageTo": (("通行日期止",), date_in),
}


def read_vat(page: Page, kind: Kind) -> Sighting:
    """What stands on the face. `page` is one face, or the words of several faces of one invoice are read one by one."""
    digital = kind in DIGITAL
    seen: dict[FieldName, Candidate | None] = {
        FieldName.NUMBER: _digital_number(page) if digital else serial_on(page),
        FieldName.CODE: None if digital else code_on(page),
        FieldName.DATE: _date(page),
        FieldName.CHECK_CODE: None if digital else _check_code(page, kind),
        **sums_on(page),
    }
    lines = lines_on(page)
    seen[FieldName.TAX] = seen[FieldName.TAX] or _freed_of_tax(page, lines)
    empty = _empty_tax(page, seen)
    for party in _parties(page, digital=digital):
        seen |= party.fields
        empty |= party.empty
    return Sighting({name: found for name, found in seen.items() if found}, empty, lines, details=_details(page, kind))


def lines_on(page: Page) -> tuple[ItemLine, ...]:
    """The lines of goods between the heads of the columns and the sums."""
    heads = [page.first(pattern) for pattern in (_ITEM_HEAD, _SPEC_HEAD, _AMOUNT_HEAD, _RATE_HEAD)]
    item, spec, amount, rate = heads
    if item is None or amount is None or rate is None:
        return ()
    foot = _foot(page, below=amount.middle)
    names_to = spec.box.x0 if spec else amount.box.x0 / 2
    rows: list[tuple[list[str], dict[str, str]]] = []
    words = [part for word in page.within(0, amount.box.y1, 1, foot) for part in _amount_and_rate(word)]
    for line in layout.lines_of(words):
        cells = _cells(line, names_to, amount, rate)
        name = "".join(word.text for word in line if word.box.x0 < names_to - 0.01 and not layout.is_label(word.text))
        if "amount" in cells:
            rows.append(([name], cells))
        elif rows and name:
            rows[-1][0].append(name)
    return tuple(
        ItemLine("".join(name), cells.get("amount"), cells.get("rate"), cells.get("tax"))
        for name, cells in rows
        if "".join(name)
    )


def _amount_and_rate(whole: Word) -> tuple[Word, ...]:
    """Narrow columns run together: "45.30 免税" is two words."""
    found = _AMOUNT_AND_RATE.fullmatch(whole.text)
    if not found:
        return (whole,)
    return layout.split_at(whole, found.end(1))


def _cells(line: Sequence[Word], names_to: float, amount: Word, rate: Word) -> dict[str, str]:
    """Amount, rate and tax of one printed line, by column."""
    cells: dict[str, str] = {}
    for word in line:
        if word.box.x0 < names_to:
            continue
        if _RATE.fullmatch(word.text) and "rate" not in cells and abs(word.centre - rate.centre) < 0.06:
            cells["rate"] = word.text
        elif word.centre > rate.centre and (tax := tax_in(word.text)):
            cells["tax"] = tax
        elif word.centre < rate.centre and (money := money_in(word.text)) and word.box.x1 > amount.box.x0 - 0.02:
            cells["amount"] = money
    return cells


def _foot(page: Page, *, below: float) -> float:
    """Where the lines end: the row of the sums, or of the total, or the bottom of the page."""
    marks = [*page.labels(_SUM), *page.labels(_SUB_SUM), *page.labels(spaced("合")), *page.labels(layout.IN_WORDS)]
    return min((word.box.y0 for word in marks if word.middle > below), default=1.0)


def _digital_number(page: Page) -> Candidate | None:
    return labelled(page, layout.NUMBER, digits(20)) or shaped(page, r"\d{20}", above=0.4)


def serial_on(page: Page) -> Candidate | None:
    """The 8 digits: beside their label on electronic ones, the large "No 12345678" at the top right on paper."""
    by_label = labelled(page, layout.NUMBER, digits(8))
    if by_label:
        return by_label
    top = [word for word in page.above(0.4) if _SERIAL.fullmatch(word.text) and word.box.x0 > 0.5]
    large = max(top, key=lambda word: word.height, default=None)
    return page.sees(large, re.sub(r"\D", "", large.text)) if large else None


def code_on(page: Page) -> Candidate | None:
    by_label = labelled(page, layout.CODE, digits(10, 12))
    if by_label:
        return by_label
    machine = {word for label in page.labels(layout.MACHINE) for word in page.after(label)}
    top = [
        word
        for word in page.above(0.4)
        if word not in machine and re.fullmatch(r"\d{10}|\d{12}", word.text) and plausible_code(word.text)
    ]
    large = max(top, key=lambda word: word.height, default=None)
    return page.sees(large, large.text) if large else None


def _date(page: Page) -> Candidate | None:
    return labelled(page, layout.DATE, date_in)


def _check_code(page: Page, kind: Kind) -> Candidate | None:
    """Twenty digits; of a blockchain's hash the five characters that are shown."""
    if kind is Kind.BLOCKCHAIN and (short := labelled(page, layout.CHECK_CODE, _five_characters)):
        return short
    return labelled(page, layout.CHECK_CODE, digits(20))


def _five_characters(text: str) -> str | None:
    plain = text.replace(" ", "")
    return plain.lower() if re.fullmatch(r"[0-9A-Za-z]{5}", plain) else None


def _details(page: Page, kind: Kind) -> dict[str, str]:
    """The twenty digits beside the code of a 数电 invoice on paper; the vehicle and the days of a passage."""
    passage = {name: under(page, page.first(spaced(*heads)), value_in) for name, (heads, value_in) in _PASSAGE.items()}
    details = {name: found.value for name, found in passage.items() if found}
    if kind not in (Kind.DIGITAL_PAPER_SPECIAL, Kind.DIGITAL_PAPER_ORDINARY):
        return details
    check_codes = {word for label in page.labels(layout.CHECK_CODE) for word in page.after(label)}
    found = (re.search(r"(?<!\d)\d{20}(?!\d)", word.text) for word in page.words if word not in check_codes)
    number = next((each[0] for each in found if each and DIGITAL_NUMBER.fullmatch(each[0])), None)
    return {**details, "DigitalNumber": number} if number else details


def sums_on(page: Page) -> dict[FieldName, Candidate | None]:
    """Net and tax in the row 合计, the total in figures and in words in the row below it."""
    words_label = page.first(layout.IN_WORDS)
    figures_label = page.first(layout.IN_FIGURES)
    total_row = words_label or figures_label
    net, tax = _net_and_tax(page, above=total_row.middle) if total_row else (None, None)
    return {
        FieldName.AMOUNT_EX_TAX: net,
        FieldName.TAX: tax,
        FieldName.TOTAL: nearest(page, figures_label, money_in),
        FieldName.TOTAL_CN: nearest(page, words_label, numerals_in),
    }


def _net_and_tax(page: Page, *, above: float) -> tuple[Candidate | None, Candidate | None]:
    """The two figures of the row 合计: they stand beside each other, the net left of the rates, the tax right."""
    border, label = _tax_border(page), _sum_label(page, above)
    if label is None or border is None:
        return None, None
    near = [
        word for word in page.words if word.box.x0 > label.box.x1 and word.beside(label, 0.9) and word.middle < above
    ]
    nets = [word for word in near if word.box.x0 < border and money_in(word.text)]
    nets = [word for word in nets if word.text[0] in "¥￥"] or nets
    net = min(nets, key=lambda word: abs(word.middle - label.middle), default=None)
    row = net or label
    taxes = [word for word in near if word.box.x0 > border and word.beside(row, 0.6) and tax_in(word.text)]
    tax = min(taxes, key=lambda word: abs(word.middle - row.middle), default=None)
    return (
        page.sees(net, money_in(net.text) or "") if net else None,
        page.sees(tax, tax_in(tax.text) or "") if tax else None,
    )


def _freed_of_tax(page: Page, lines: Sequence[ItemLine]) -> Candidate | None:
    """No tax where the rate of every line says so; the stars in the column of the tax are often overlooked."""
    if not lines or not all(line.rate in _FREE for line in lines):
        return None
    told = page.find(re.compile("|".join(_FREE)))
    return page.sees(told[0], "0.00") if told else None


def _empty_tax(page: Page, seen: Mapping[FieldName, Candidate | None]) -> dict[FieldName, Box]:
    """Where the tax would stand: on the line of the net, right of the rates. Faint stars are often overlooked there."""
    net, border = seen[FieldName.AMOUNT_EX_TAX], _tax_border(page)
    if seen[FieldName.TAX] or net is None or net.box is None or border is None:
        return {}
    right = page.on_page(Box(border + 0.04, 0.0, 1.0, 1.0))
    return {FieldName.TAX: replace(net.box, x0=right.x0, x1=right.x1)}


def _tax_border(page: Page) -> float | None:
    """Between the columns of net and tax: the middle of the rates, or of the two heads beside them."""
    rate, net, tax = (page.first(head) for head in (_RATE_HEAD, _AMOUNT_HEAD, _TAX_HEAD))
    if rate:
        return rate.centre
    return (net.box.x1 + tax.box.x0) / 2 if net and tax and net.beside(tax, 1.0) else None


def _sum_label(page: Page, above: float) -> Word | None:
    """The word 合计, or what is left of it, lowest above the total; never that of a 小计."""
    sub_sums = page.labels(_SUB_SUM)
    for pattern in (spaced("合计", "合"), spaced("计", "计计")):
        labels = [word for word in page.labels(pattern) if word.middle < above and word.centre < 0.4]
        labels = [word for word in labels if not any(small.beside(word) for small in sub_sums)]
        if labels:
            return labels[-1]
    return None


def _parties(page: Page, *, digital: bool) -> list[Sighting]:
    """Buyer and seller: left and right on 数电, above and below the lines on older ones."""
    ids, names = page.labels(layout.TAX_ID), page.labels(layout.NAME)
    both = (
        (FieldName.BUYER_NAME, FieldName.BUYER_TAX_ID),
        (FieldName.SELLER_NAME, FieldName.SELLER_TAX_ID),
    )
    if digital:
        border = _border_between(page, ids, names)
        if border is None:
            return []
        halves = [(0.0, border), (border, 1.0)]
        return [
            _party(
                page,
                [label for label in names if left <= label.box.x0 < right],
                [label for label in ids if left <= label.box.x0 < right],
                fields,
                until=right,
                wraps=True,
            )
            for fields, (left, right) in zip(both, halves, strict=True)
        ]
    middle = _middle(page)
    if middle is None:
        return []
    return [
        _party(page, _between(names, top, bottom), _between(ids, top, bottom), fields, until=0.6)
        for fields, (top, bottom) in zip(both, ((0.0, middle), (middle, 1.0)), strict=True)
    ]


def _middle(page: Page) -> float | None:
    """A height between buyer and seller: the heads of the columns or the sums; None when neither was seen.

    Without it the seller's id could be taken for the buyer's.
    """
    heads = [page.first(head) for head in (_ITEM_HEAD, _AMOUNT_HEAD, _TAX_HEAD, _RATE_HEAD)]
    head = next((head.box.y1 for head in heads if head), None)
    foot = _foot(page, below=head if head is not None else 0.4)
    return foot if foot < 1.0 else head


def _between(labels: Sequence[Word], top: float, bottom: float) -> list[Word]:
    return [label for label in labels if top <= label.middle < bottom]


def _border_between(page: Page, ids: Sequence[Word], names: Sequence[Word]) -> float | None:
    """Where the seller's half begins: at the right one of two labels side by side, or at the head of the quantities.

    None when neither was seen: a page cut off at the left would show the seller where the buyer belongs.
    """
    for labels in (ids, names):
        if len(labels) == 2 and labels[0].beside(labels[1], 1.0):
            return max(label.box.x0 for label in labels) - 0.01
    quantity = page.first(_QUANTITY_HEAD)
    return quantity.box.x0 if quantity else None


def _party(
    page: Page,
    names: Sequence[Word],
    ids: Sequence[Word],
    fields: tuple[FieldName, FieldName],
    *,
    until: float,
    wraps: bool = False,
) -> Sighting:
    name_field, id_field = fields
    seen: dict[FieldName, Candidate] = {}
    empty: dict[FieldName, Box] = {}
    if names:
        name = _name(page, names[0], ids[0] if ids and wraps else None, until)
        if name:
            seen[name_field] = page.sees(name, name.text)
        else:
            empty[name_field] = page.on_page(layout.beyond(names[0], until))
    if ids:
        near = [label for label in ids if label.middle - ids[0].middle < 2.5 * ids[0].height]  # one label on two lines
        words = [word for label in near for word in page.after(label, until=until)]
        tax_id = next(((word, value) for word in words if (value := tax_id_in(word.text))), None)
        if tax_id:
            seen[id_field] = page.sees(tax_id[0], tax_id[1])
        else:
            empty[id_field] = page.on_page(layout.beyond(ids[0], until))
    return Sighting(seen, empty)


def _name(page: Page, label: Word, below: Word | None, until: float) -> Word | None:
    """The name beside its label; on 数电 it may take two lines, as far down as the label of the tax id."""
    if below is None:
        words = run(page.after(label, until=until))
    else:
        top, bottom = label.box.y0 - label.height, min(below.box.y0, label.box.y1 + 2.5 * label.height)
        words = [
            word
            for word in page.within(label.box.x1, top, until, bottom)
            if not layout.is_label(word.text) and word.box.x0 < until - 0.01 and word.height < 2 * label.height
        ]
    whole = joined(words)
    return None if whole is None else Word(name_of(whole.text), whole.box, whole.confidence)
