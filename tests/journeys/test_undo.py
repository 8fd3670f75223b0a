"""A decision can be taken back until the time printed on the card; then it takes effect by itself."""

import pytest

from sandbox.person import NotShown
from tests.journeys.people import LILEI, WANGFANG, ZHAOMIN, paper, submits
from tests.journeys.site import site as open_site


def test_undone_within_the_window(tmp_path):
    with open_site(f"sqlite:///{tmp_path / 'site.db'}", tmp_path, PIAOBOT_UNDO_SECONDS="60") as site:
        lilei, wangfang = site.person(LILEI), site.person(WANGFANG)
        reference = submits(lilei, paper())
        card = wangfang.wait_for(reference)
        card.click("同意")
        stamp = card.wait_for("已同意")
        stamp.click("撤销")
        card.wait_for("等待审批" if "等待审批" in card.again().text_all() else "直属经理")
        wangfang.wait_until(lambda: [b for b in card.again().buttons if b.startswith("同意")], "the buttons again")
        with pytest.raises(NotShown):
            site.person(ZHAOMIN).wait_for(reference, within=1)


def test_takes_effect_when_the_window_ends(tmp_path):
    with open_site(f"sqlite:///{tmp_path / 'site.db'}", tmp_path, PIAOBOT_UNDO_SECONDS="3") as site:
        lilei, wangfang = site.person(LILEI), site.person(WANGFANG)
        reference = submits(lilei, paper())
        card = wangfang.wait_for(reference)
        card.click("同意")
        stamp = card.wait_for("撤销")
        undo = next(
            element["value"]
            for block in stamp.blocks
            for element in block.get("elements", [])
            if element.get("action_id", "").startswith("undo")
        )
        site.person(ZHAOMIN).wait_for(reference)
        card.wait_for("已同意")
        assert not any(label.startswith("撤销") for label in card.again().buttons)
        assert site.press(WANGFANG, "undo", undo).status_code == 200
        wangfang.wait_for("不能再在这里撤销")
