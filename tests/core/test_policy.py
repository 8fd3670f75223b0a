"""The rules: weights of findings, names and guesses of categories."""

from dataclasses import replace

import pytest

from core.invoice import MISSING, Field, FieldName, FieldState, ItemLine, Severity
from core.messages import Message
from core.policy import Category, Policy, guess_category

OFFICE = Category("office", Message("Office supplies"), ("文具", "办公用品"))
TRAVEL = Category("travel", Message("Travel"), ("运输服务", "客运"))
MEALS = Category("meals", Message("Meals"), ("餐饮", "饭店"))
OTHER = Category("services", Message("Other"), ("服务费",))
POLICY = Policy(version="test", categories=(OFFICE, TRAVEL, MEALS, OTHER), reasons={})


def guessed(*items, seller=None):
    name = Field(seller, FieldState.READ) if seller else MISSING
    return guess_category([ItemLine(item) for item in items], {FieldName.SELLER_NAME: name}, POLICY)


@pytest.mark.parametrize(
    ("items", "seller", "expected"),
    [
        (["*餐饮服务*餐费"], None, "meals"),
        (["*运输服务*客运服务费"], None, "travel"),
        (["*信息技术服务*维护服务费"], None, "services"),
        (["*文具*中性笔", "*文具*笔记本", "*餐饮服务*盒饭"], None, "office"),
        (["*餐饮服务*饭店用文具"], None, "meals"),
        (["*其他*杂项"], "北京某某饭店", "meals"),
        (["*文具*中性笔"], "北京某某饭店", "office"),
        ([], "杭州云帆文具有限公司", "office"),
        ([], None, None),
        (["*其他*杂项"], "某某公司", None),
    ],
)
def test_a_category_is_guessed_from_the_items_then_from_the_seller(items, seller, expected):
    assert guessed(*items, seller=seller) == expected


def test_without_categories_nothing_is_guessed():
    assert guess_category([ItemLine("*文具*笔")], {}, replace(POLICY, categories=())) is None


def test_a_category_has_a_name_or_says_that_there_is_none():
    assert POLICY.category_name("meals") == Message("Meals")
    assert POLICY.category_name(None) == POLICY.category_name("gone") == Message("No category")


def test_people_call_a_category_by_its_key_or_its_words():
    assert OFFICE.answers_to(" Office ")
    assert OFFICE.answers_to("文具")
    assert not OFFICE.answers_to("差旅")


@pytest.mark.parametrize(
    ("ruled", "code", "otherwise", "expected"),
    [
        (None, "A1", Severity.BLOCK, Severity.BLOCK),
        (Severity.NOTE, "A1", Severity.BLOCK, Severity.NOTE),
        (Severity.BLOCK, "A1", Severity.WARN, Severity.WARN),
        (Severity.NOTE, "A1", Severity.WARN, Severity.NOTE),
        (Severity.BLOCK, "K2", Severity.NOTE, Severity.BLOCK),
        (Severity.BLOCK, "X9", Severity.NOTE, Severity.BLOCK),
    ],
)
def test_the_rules_replace_a_full_severity_and_only_soften_a_lenient_one(ruled, code, otherwise, expected):
    policy = replace(POLICY, severities={code: ruled} if ruled else {})
    assert policy.severity(code, otherwise) is expected
