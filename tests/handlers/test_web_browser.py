"""The pages in a real browser: by keyboard alone, on a phone, and as a screen reader finds them."""

import re
import shutil
from itertools import pairwise

import pytest
from playwright.sync_api import expect, sync_playwright

from core.claim import ClaimState
from integrations.database.engine import create_engine
from tests.handlers.desk import EMMA, LILEI, WANGFANG, ZHAOMIN, serving

pytestmark = pytest.mark.browser
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
THUMB = 44
"""Pixels a thumb needs; WCAG 2.5.5."""
expect.set_options(timeout=15000)


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--no-first-run"]
        )
        yield browser
        browser.close()


@pytest.fixture
def desk(migrated_sqlite, keyring, tmp_path):
    path = shutil.copy(migrated_sqlite, tmp_path / "desk.db")
    engine = create_engine(f"sqlite:///{path}", keyring)
    with serving(engine, keyring, tmp_path) as desk:
        desk.submits()
        yield desk
    engine.dispose()


@pytest.fixture
def opened(chromium, desk):
    """A page of somebody who has just come by a link; what goes wrong in its console fails the test."""
    contexts, wrong = [], []

    def opened(person, path="/web", viewport=DESKTOP):
        context = chromium.new_context(viewport=viewport)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15000)
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.goto(desk.links.make(person, path))
        page.locator("main button").press("Enter")
        expect(page.locator("header nav")).to_be_visible()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def tab_to(page, target):
    """Press Tab until this has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"Tab never reaches {target}")


def test_from_the_list_to_an_approval_by_keyboard_alone(opened, desk):
    page = opened(WANGFANG)
    tab_to(page, page.get_by_role("link", name=re.compile("CL-2026-0001")))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("CL-2026-0001")

    tab_to(page, page.get_by_role("link", name="跳到审批"))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    approve = page.get_by_role("button", name="同意 ¥411.90")
    expect(approve).to_be_focused()
    assert approve.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("12:01 前可以撤销")
    assert [decision.by for decision in desk.decisions()] == [WANGFANG]


def test_sent_back_by_keyboard_alone(opened, desk):
    page = opened(WANGFANG, "/web/claims/c1")
    tab_to(page, page.locator("summary", has_text="退回修改"))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("原因").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("请写明客户名称")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("退回修改")
    desk.undo_time_is_over()
    assert desk.claim().state is ClaimState.RETURNED


@pytest.mark.parametrize(
    ("person", "path"), [(WANGFANG, "/web"), (WANGFANG, "/web/claims/c1"), (ZHAOMIN, "/web"), (LILEI, "/web/claims/c1")]
)
def test_on_a_phone_nothing_is_cut_off_and_thumbs_hit(opened, person, path):
    page = opened(person, path, PHONE)
    page.locator("summary").evaluate_all("all => all.forEach(one => one.parentElement.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for target in page.locator("button:visible, .others summary:visible, .claims a:visible, select:visible").all():
        assert target.bounding_box()["height"] >= THUMB


def test_on_a_phone_the_decision_is_always_at_hand(opened):
    page = opened(WANGFANG, "/web/claims/c1", PHONE)
    approve = page.get_by_role("button", name="同意 ¥411.90")
    for there in ("0", "document.body.scrollHeight / 2", "document.body.scrollHeight"):
        page.evaluate(f"scrollTo({{top: {there}, behavior: 'instant'}})")
        box = approve.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= PHONE["height"]


def test_a_screen_reader_finds_its_way(opened):
    page = opened(WANGFANG, "/web/claims/c1")
    for landmark in ("banner", "navigation", "main"):
        expect(page.get_by_role(landmark)).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    levels = [int(tag[1]) for tag in page.locator("h1, h2, h3").evaluate_all("all => all.map(one => one.tagName)")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    expect(page.get_by_role("table", name="数电普票")).to_be_visible()
    expect(page.get_by_role("columnheader")).to_have_count(2)
    expect(page.get_by_role("img", name=re.compile("的发票"))).to_be_visible()
    expect(page.get_by_role("region", name="你的审批")).to_be_visible()
    unnamed = page.locator("input:not([type=hidden]), select, textarea").evaluate_all(
        "all => all.filter(one => !one.labels.length).length"
    )
    assert unnamed == 0


def test_text_stands_out_from_what_is_behind_it(opened):
    """WCAG AA: 4.5 to 1, 3 to 1 for large text."""
    for person, path in ((WANGFANG, "/web/claims/c1"), (ZHAOMIN, "/web"), (EMMA, "/web"), (LILEI, "/web/claims/c1")):
        page = opened(person, path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate(CONTRAST) == []


CONTRAST = """() => {
    const parsed = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b].map(part => part / 255)
        .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
    const behind = element => {
        for (let one = element; one; one = one.parentElement) {
            const colour = parsed(getComputedStyle(one).backgroundColor);
            if (colour.length === 3 || colour[3] === 1) return colour;
        }
        return [255, 255, 255];
    };
    const wrong = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let seen = 0;
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.textContent.trim() || !element.checkVisibility()) continue;
        seen += 1;
        const style = getComputedStyle(element);
        const [a, b] = [light(parsed(style.color)), light(behind(element))].sort((x, y) => y - x);
        const large = parseFloat(style.fontSize) >= 24;
        if ((a + 0.05) / (b + 0.05) < (large ? 3 : 4.5)) wrong.push(walker.currentNode.textContent.trim());
    }
    return seen ? wrong : ["nothing was measured"];
}"""
