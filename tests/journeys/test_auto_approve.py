"""Small claims that policy approves at once, and what keeps it from doing so; the card says which before Submit."""

import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.databases import database_url, migrated_sqlite, postgres_server
from tests.journeys.people import EMMA, LILEI, QIANFENG, WANGFANG, ZHAOMIN, approves, drops, paper, reference_in
from tests.journeys.site import ROOT
from tests.journeys.site import site as open_site

__all__ = ["database_url", "migrated_sqlite", "postgres_server"]

AT_ONCE = "按制度直接通过"
NOT_AT_ONCE = "不能直接通过"


@pytest.fixture
def strict(database_url, tmp_path):
    """A site with a month's cap of 300.00 whose every auto-approved claim is shown to finance."""
    config = tmp_path / "config"
    shutil.copytree(ROOT / "config", config)
    rules = config / "policy.yaml"
    text = rules.read_text(encoding="utf-8")
    for before, after in (
        ("monthly_cap: 1000.00", "monthly_cap: 300.00"),
        ("audit_sample_percent: 5", "audit_sample_percent: 100"),
    ):
        assert before in text
        text = text.replace(before, after)
    rules.write_text(text, encoding="utf-8")
    with open_site(database_url, tmp_path, PIAOBOT_CONFIG_DIR=str(config)) as site:
        yield site


def test_within_over_and_beside_the_limit(strict):
    lilei, zhaomin, wangfang = strict.person(LILEI), strict.person(ZHAOMIN), strict.person(WANGFANG)
    other = drops(lilei, paper(total=Decimal("150.01")))
    other.wait_for(AT_ONCE)
    first = drops(lilei, paper(total=Decimal("150.00")))
    first = first.wait_for(AT_ONCE)
    first.click("提交")
    reference = reference_in(first.wait_for("CL-"))
    lilei.wait_for(f"{reference} 已通过")

    for finance in (zhaomin, strict.person(QIANFENG)):
        assert reference in finance.wait_for("抽查").text_all()
    sampled = zhaomin.wait_for("抽查")
    sampled.click("查看")
    assert "/web/enter" in str(zhaomin.wait_for("五分钟内有效").blocks)
    assert not any(label.startswith("同意") for label in sampled.again().buttons)

    # What another draft says follows what the month has left.
    other = other.wait_for(NOT_AT_ONCE)
    assert "本月已直接通过的 ¥150.00 会超过 ¥300.00" in other.text_all()
    other.click("提交")
    approves(wangfang, reference_in(other.wait_for("等 王芳")))

    over = drops(lilei, paper(total=Decimal("200.01"))).wait_for("直属经理")
    assert AT_ONCE not in over.text_all()
    assert NOT_AT_ONCE not in over.text_all()

    unsure = paper(total=Decimal("20.00"))
    typed = drops(lilei, replace(unsure, qr=f"01,32,,{unsure.number},20.00,,,"))
    typed.wait_for("没有核实").click("是")
    typed.wait_for("有手工填写或确认的内容")

    old = drops(lilei, paper(total=Decimal("20.00"), date=date(2025, 10, 1)))
    assert "检查有警告" in old.wait_for(NOT_AT_ONCE).text_all()
    assert not [each for each in wangfang.everything() if reference in each.text_all()]


def test_the_same_in_english(strict):
    emma = strict.person(EMMA)
    draft = drops(emma, paper(total=Decimal("88.00"), buyer_name="晨星科技（上海）有限公司"))
    draft.wait_for("approved at once, by policy")
    draft.click("Submit")
    draft.wait_for("Approved by policy")
    emma.wait_for("is approved")
    kept = drops(emma, paper(total=Decimal("88.00"), buyer_name="晨星科技（上海）有限公司", date=date(2025, 10, 1)))
    assert "a check warns" in kept.wait_for("Not approved at once").text_all()
