"""What is typed after /invoice: understood in both languages, or not at all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.command import LONGEST, Ask, Asked, asked, fits, reference_from

YEAR = 2027


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("", Asked(Ask.HELP)),
        ("   ", Asked(Ask.HELP)),
        ("help", Asked(Ask.HELP)),
        ("帮助", Asked(Ask.HELP)),
        ("？", Asked(Ask.HELP)),
        ("ｈｅｌｐ", Asked(Ask.HELP)),
        ("status CL-2026-0001", Asked(Ask.STATUS, "CL-2026-0001")),
        ("Status cl 2026 0001", Asked(Ask.STATUS, "CL-2026-0001")),
        ("状态CL-2026-0001", Asked(Ask.STATUS, "CL-2026-0001")),
        ("进度：ＣＬ－２０２６－０００１", Asked(Ask.STATUS, "CL-2026-0001")),
        ("状态 ２０２６—０００１", Asked(Ask.STATUS, "CL-2026-0001")),
        ("status 20260001", Asked(Ask.STATUS, "CL-2026-0001")),
        ("status 213", Asked(Ask.STATUS, "CL-2027-0213")),
        ("status CL-2026-12345", Asked(Ask.STATUS, "CL-2026-12345")),
        ("CL-2026-0001", Asked(Ask.STATUS, "CL-2026-0001")),
        ("2026-0001", Asked(Ask.STATUS, "CL-2026-0001")),
        ("mine", Asked(Ask.MINE)),
        ("我的", Asked(Ask.MINE)),
        ("mine 3", Asked(Ask.MINE, page=3)),
        ("我的第２页", Asked(Ask.MINE, page=2)),
        ("mine page 2", Asked(Ask.MINE, page=2)),
        ("find 云帆 文具", Asked(Ask.FIND, "云帆 文具")),
        ("查找云帆", Asked(Ask.FIND, "云帆")),
        ("搜索：４７５．８０", Asked(Ask.FIND, "475.80")),
        ("find help", Asked(Ask.FIND, "help")),
    ],
)
def test_understood(text, request_):
    assert asked(text, YEAR) == request_


@pytest.mark.parametrize(
    "text",
    [
        *("status", "status tomorrow", "状态 CL-2026", "status 26112000000012345678", "status 1234567"),
        *("213", "mine two", "我的报销", "mine -1", "helpme", "mines", "finder", "find", "查找", "approve 1", "CL"),
        *("help me", "statusCL", "find " + "x" * (LONGEST + 1), "CL-2026-0001 CL-2026-0002", "<!channel>"),
    ],
)
def test_nothing_is_guessed(text):
    assert asked(text, YEAR).what is Ask.UNCLEAR


@given(st.text(max_size=300))
def test_whatever_is_typed_is_understood_or_given_back(text):
    request = asked(text, YEAR)
    assert request.what is not Ask.UNCLEAR or request.words
    assert request.page >= 0
    if request.what is Ask.STATUS:
        assert reference_from(request.words, None) == request.words


@given(st.integers(2000, 2099), st.integers(1, 9_999_999), st.sampled_from("-－—– "), st.booleans())
def test_every_reference_is_read_however_it_is_written(year, number, dash, is_small):
    written = f"CL{dash}{year}{dash}{number:04}"
    assert reference_from(written.lower() if is_small else written, None) == f"CL-{year}-{number:04}"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("云帆", True),
        ("帆文具", True),
        ("YunFan", True),
        ("ＹＵＮ", True),
        ("云帆 475.80", True),
        ("475.8", True),
        ("￥475.80元", True),
        ("12345678", True),
        ("cl-2026-0213", True),
        ("0213", True),
        ("云帆 475.81", False),
        ("213", False),  # fewer than four digits stand in too many numbers
        ("475", False),
        ("cl-", False),
        ("%", False),
        ("云_", False),
    ],
)
def test_words_fit_an_invoice(words, found):
    texts = ("26112000000012345678", "CL-2026-0213")
    assert fits(words, seller="杭州云帆文具 YunFan", texts=texts, total=Decimal("475.80")) is found


def test_an_invoice_of_which_nothing_was_read_fits_nothing():
    assert not fits("云帆", seller=None, texts=(None, None), total=None)
