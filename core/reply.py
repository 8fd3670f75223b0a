"""A reply under a draft: "金额 128.50", "total 128.50", "日期 2026-11-03", "类别 差旅"."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from core.actions import Input
from core.invoice import FieldName

_WORDS: Mapping[str, FieldName | Input] = {
    "金额": FieldName.TOTAL,
    "总额": FieldName.TOTAL,
    "合计": FieldName.TOTAL,
    "价税合计": FieldName.TOTAL,
    "total": FieldName.TOTAL,
    "amount": FieldName.TOTAL,
    "不含税金额": FieldName.AMOUNT_EX_TAX,
    "不含税": FieldName.AMOUNT_EX_TAX,
    "net": FieldName.AMOUNT_EX_TAX,
    "税额": FieldName.TAX,
    "tax": FieldName.TAX,
    "日期": FieldName.DATE,
    "开票日期": FieldName.DATE,
    "date": FieldName.DATE,
    "号码": FieldName.NUMBER,
    "发票号码": FieldName.NUMBER,
    "number": FieldName.NUMBER,
    "代码": FieldName.CODE,
    "发票代码": FieldName.CODE,
    "code": FieldName.CODE,
    "抬头": FieldName.BUYER_NAME,
    "购买方": FieldName.BUYER_NAME,
    "buyer": FieldName.BUYER_NAME,
    "bill-to": FieldName.BUYER_NAME,
    "税号": FieldName.BUYER_TAX_ID,
    "购买方税号": FieldName.BUYER_TAX_ID,
    "buyer tax id": FieldName.BUYER_TAX_ID,
    "销售方": FieldName.SELLER_NAME,
    "商家": FieldName.SELLER_NAME,
    "seller": FieldName.SELLER_NAME,
    "销售方税号": FieldName.SELLER_TAX_ID,
    "seller tax id": FieldName.SELLER_TAX_ID,
    "币种": FieldName.CURRENCY,
    "货币": FieldName.CURRENCY,
    "currency": FieldName.CURRENCY,
    "类别": Input.CATEGORY,
    "category": Input.CATEGORY,
    "事由": Input.PURPOSE,
    "用途": Input.PURPOSE,
    "purpose": Input.PURPOSE,
}
_LONGEST_FIRST = sorted(_WORDS, key=len, reverse=True)
_REPLY = re.compile(
    rf"({'|'.join(map(re.escape, _LONGEST_FIRST))})\s*(?:[:：=]|\s|是|为|改为|应为|is)\s*(.+)", re.IGNORECASE
)


@dataclass(frozen=True)
class Correction:
    """Which field or input, and what was typed for it."""

    name: FieldName | Input
    text: str


def correction_from(reply: str) -> Correction | None:
    """What a reply under a draft corrects, or None when it says no field and value we know."""
    plain = unicodedata.normalize("NFKC", reply).strip()
    found = _REPLY.fullmatch(plain) or re.fullmatch(
        rf"({'|'.join(map(re.escape, _LONGEST_FIRST))})([\d¥￥].*)", plain, re.IGNORECASE
    )
    return Correction(_WORDS[found[1].casefold()], found[2].strip()) if found else None
