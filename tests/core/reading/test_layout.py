"""Words, lines and labels: how values are found by position."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.invoice import Box, FieldName, Kind, Source
from core.reading import layout
from core.reading.faces import FoundCode, faces_of
from core.reading.families import read_face
from core.reading.kinds import kind_of
from core.reading.layout import Page, Word, page, word, worded
from core.reading.qr_payload import payload_of
from sandbox.papers import invent

UNIT = st.floats(0.0, 1.0)


def at(text: str, x: float, y: float, *, width: float | None = None, height: float = 0.03) -> Word:
    return word(text, Box(x, y, x + (width or 0.012 * len(text)), y + height), 0.99)


def seen(*words: Word) -> Page:
    return page(words, Source.RAPIDOCR)


def texts(found: list[Word]) -> list[str]:
    return [one.text for one in found]


@pytest.mark.parametrize(
    "run", ["发票号码：87654321", "发 票 号 码 : 87654321", "发票号码87654321", "发粟号码:87654321"]
)
def test_a_label_is_parted_from_its_value(run):
    face = seen(at(run, 0.7, 0.05, width=0.2))
    (label,) = face.labels(layout.NUMBER)
    assert texts(face.after(label)) == ["87654321"]
    assert 0.7 < face.after(label)[0].box.x0 < 0.9


def test_another_number_is_not_the_invoices_own():
    assert seen(at("原发票号码：22119230000000000010", 0.5, 0.7)).labels(layout.NUMBER) == []


def test_a_value_ends_where_the_next_label_begins():
    face = seen(at("名称：", 0.05, 0.2), at("甲有限公司", 0.15, 0.2), at("密码区", 0.56, 0.2), at("3>>+>9", 0.62, 0.2))
    assert texts(face.after(face.labels(layout.NAME)[0])) == ["甲有限公司"]


def test_what_is_set_downwards_is_on_no_line_but_its_middle():
    tall = at("购买方信息", 0.02, 0.1, width=0.02, height=0.3)
    assert not at("名称：", 0.05, 0.12).beside(tall)


@given(st.lists(st.tuples(UNIT, UNIT), max_size=30))
def test_lines_lose_no_word_and_run_from_left_to_right(places):
    words = [word("字", Box(x, y, x + 0.01, y + 0.02)) for x, y in places]
    lines = layout.lines_of(words)
    assert sorted(map(id, (one for line in lines for one in line))) == sorted(map(id, words))
    assert all(line == sorted(line, key=lambda one: one.box.x0) for line in lines)


@given(UNIT, UNIT)
def test_a_place_on_a_face_is_found_again_on_its_page(x, y):
    face = page([at("字", 0.5, 0.6)], Source.RAPIDOCR, Box(0.4, 0.5, 0.8, 0.9))
    there = face.on_page(face.words[0].box)
    assert (there.x0, there.y0) == pytest.approx((0.5, 0.6))


@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY.-¥", max_size=20))
def test_putting_labels_right_never_touches_a_value(value):
    assert worded(value) == value


def test_a_wording_between_two_labels_is_left_alone():
    assert worded("发票号马:1") == "发票号码:1"
    assert worded("发票某码:1") == "发票某码:1"  # 号码 or 代码


def vat_face(top: float, number: str, total: str) -> list[Word]:
    """A small electronic invoice whose face takes 0.4 of the page from `top` down."""

    def line(text: str, x: float, y: float) -> Word:
        return at(text, x, top + 0.4 * y, height=0.012)

    return [
        line("北京增值税电子普通发票", 0.35, 0.0),
        line("发票代码：011002100611", 0.7, 0.0),
        line(f"发票号码：{number}", 0.7, 0.05),
        line("项目名称", 0.05, 0.35), line("金额", 0.7, 0.35), line("税率", 0.8, 0.35), line("税额", 0.9, 0.35),
        line("合", 0.1, 0.7), line("计", 0.15, 0.7), line(f"¥{total}", 0.7, 0.7), line("***", 0.92, 0.7),
        line("价税合计（大写）", 0.1, 0.8), line("（小写）", 0.7, 0.8), line(f"¥{total}", 0.8, 0.8),
        line("销售方", 0.02, 0.9),
    ]  # fmt: skip


def test_two_invoices_below_each_other_are_two_faces():
    words = [*vat_face(0.02, "11111111", "10.00"), *vat_face(0.55, "22222222", "20.00")]
    faces = faces_of(words, Source.RAPIDOCR, [])
    sightings = [read_face(face.page, kind_of(face.page, None)) for face in faces]
    assert [
        (
            sighting.fields[FieldName.NUMBER].value,
            sighting.fields[FieldName.TOTAL].value,
            sighting.fields[FieldName.TAX].value,
        )
        for sighting in sightings
    ] == [("11111111", "10.00", "0.00"), ("22222222", "20.00", "0.00")]
    assert not any(face.crowded for face in faces)


def test_two_invoices_that_cannot_be_parted_are_a_crowd():
    words = [*vat_face(0.02, "11111111", "10.00"), at("发票号码：22222222", 0.3, 0.3)]
    assert [face.crowded for face in faces_of(words, Source.RAPIDOCR, [])] == [True]
    codes = [payload_of(invent(seed).qr_text) for seed in (1, 2)]
    found = [
        FoundCode(code, Box(0.1 * place, 0.0, 0.1 * place + 0.05, 0.1)) for place, code in enumerate(codes) if code
    ]
    assert [face.crowded for face in faces_of(vat_face(0.0, "11111111", "10.00"), Source.RAPIDOCR, found)] == [True]


def test_a_torn_row_of_sums_gives_no_net():
    words = [one for one in vat_face(0.0, "11111111", "10.00") if "价税" not in one.text and "小写" not in one.text]
    sighting = read_face(seen(*words), Kind.VAT_E_ORDINARY)
    assert FieldName.AMOUNT_EX_TAX not in sighting.fields


def test_without_the_columns_no_party_is_guessed():
    alone = seen(at("统一社会信用代码/纳税人识别号：91110108MAJTF2GC56", 0.1, 0.3))
    assert read_face(alone, Kind.DIGITAL_ORDINARY).fields == {}


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("电子发票（增值税专用发票）", Kind.DIGITAL_SPECIAL),
        ("电子发票（普通发票）", Kind.DIGITAL_ORDINARY),
        ("电子发票（铁路电子客票）", Kind.RAIL_ETICKET),
        ("电子发票（航空运输电子客票行程单）", Kind.AIR_ITINERARY),
        ("北京增值税电子普通发票", Kind.VAT_E_ORDINARY),
        ("厦门增值税专用发票", Kind.VAT_PAPER_SPECIAL),
        ("上海增值税电子专用发票", Kind.VAT_E_SPECIAL),
        ("中央非税收入统一票据（电子）", Kind.FISCAL),
        ("二手车销售统一发票", Kind.USED_VEHICLE),
        ("机动车销售统一发票", Kind.MOTOR_VEHICLE),
        ("通用定额发票", Kind.QUOTA),
        ("会议纪要", Kind.NOT_INVOICE),
    ],
)
def test_the_title_says_the_kind(title, kind):
    assert kind_of(seen(at(title, 0.3, 0.05)), None) is kind


def test_without_its_title_the_qr_code_says_the_kind():
    assert (
        kind_of(seen(at("发票号码：1", 0.7, 0.1)), payload_of(invent(1, "digital_special").qr_text))
        is Kind.DIGITAL_SPECIAL
    )


def test_a_face_that_is_one_word_without_width_is_a_page():
    (face,) = faces_of([Word("发票号码", Box(0.3, 0.2, 0.3, 0.2))], Source.PDF_TEXT, [])
    assert texts(face.page.labels(layout.NUMBER)) == ["发票号码"]
    assert face.page.on_page(face.page.words[0].box) == Box(0.3, 0.2, 0.3, 0.2)


def small_face(top, number, title="浙江省通行费定额发票"):
    def line(text, x, y):
        return at(text, x, top + y * 0.9)

    return [
        line(title, 0.3, 0.0), line("发票代码：", 0.2, 0.03), line("133002604331", 0.4, 0.03), line("发票号码：", 0.2, 0.06),
        line(number, 0.4, 0.06), line("日期：", 0.2, 0.09), line("2026-03-16", 0.4, 0.09), line("收费金额：112元", 0.2, 0.12),
    ]  # fmt: skip


def test_papers_without_capitals_are_parted_by_their_numbers():
    words = [*small_face(0.02, "10020063"), *small_face(0.3, "85825047"), *vat_face(0.55, "22222222", "20.00")]
    faces = faces_of(words, Source.RAPIDOCR, [])
    assert [read_face(face.page, kind_of(face.page, None)).fields[FieldName.NUMBER].value for face in faces] == [
        "10020063",
        "85825047",
        "22222222",
    ]
    assert not any(face.crowded for face in faces)


def test_a_number_in_a_remark_begins_no_invoice():
    words = [*vat_face(0.02, "11111111", "10.00"), at("被红冲蓝字发票号码：", 0.5, 0.44), at("22222222", 0.75, 0.44)]
    assert len(faces_of(words, Source.RAPIDOCR, [])) == 1
