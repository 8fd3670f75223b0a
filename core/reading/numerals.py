"""大写: amounts in capital numerals. They are generated from the figure and compared, never parsed."""

import re
from decimal import Decimal

from cn2an import an2cn

_PUT_RIGHT = str.maketrans(
    {
        seen: numeral
        for numeral, wrong in {
            "零": "〇雷", "壹": "壶壺", "贰": "貳弍式貮", "叁": "参叄參", "肆": "肄", "伍": "五", "陆": "睦陸", "柒": "染漆",
            "捌": "别別", "玖": "玫", "拾": "捨抬给恰", "佰": "百", "仟": "千", "圆": "园图囿国固圈围面圓", "角": "甬", "整": "墊",
        }.items()
        for seen in wrong
    }
)  # fmt: skip
"""Characters that are no numerals, read for the numeral they look like. No numeral is ever made another."""

_IGNORED = re.compile(r"[\s⊗ⓧⓍ○×xX©®@*¥￥]")
_SHAPE = re.compile(r"(?:\(负数\)|负)?[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正]+")
LARGEST = Decimal("9999999999999999.99")


def capitals_of(amount: Decimal) -> str:
    """The numerals of an amount in one spelling: 元, no 整, no 零 before 角. 475.80 is 肆佰柒拾伍元捌角."""
    figure = plain(str(an2cn(f"{abs(amount):.2f}", "rmb")))
    return f"负{figure}" if amount < 0 else figure


def plain(printed: str) -> str:
    """Printed numerals in that same spelling, misread look-alikes that are no numerals put right."""
    text = _IGNORED.sub("", printed).translate(_PUT_RIGHT).replace("圆", "元")
    text = re.sub(r"[(（]?负数[)）]?", "负", text)
    text = text.removesuffix("整").removesuffix("正")
    return re.sub(r"(?<=元)零(?=[壹贰叁肆伍陆柒捌玖]角)", "", text)


def numerals_in(text: str) -> str | None:
    """The numerals in a run, without the sign before them, as printed (look-alikes put right); None when it is none."""
    printed = _IGNORED.sub("", text).translate(_PUT_RIGHT)
    if not _SHAPE.fullmatch(printed) or not re.search("[元圆角分]", printed):
        return None
    return printed.replace("(", "（").replace(")", "）")  # as they are printed


def says(printed: str, amount: Decimal) -> bool:
    """Whether the numerals are those of the amount."""
    return abs(amount) <= LARGEST and plain(printed) == capitals_of(amount)
