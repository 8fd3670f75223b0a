"""What people do and see in the workspace's page, in a real browser, each in a window of their own."""

import re
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from sandbox.papers import SELLERS, invent, photograph, to_pdf, to_picture
from tests.journeys.people import DAVID, EMMA, HANMEI, LILEI, WANGFANG, ZHAOMIN
from tests.journeys.test_bad_input import without_code
from tests.journeys.windows import PHONE, SOON, card, close_thread, drop, reply

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("site", ["sqlite"], indirect=True, scope="module")]
READ = 90_000
"""Milliseconds a photo may take on a machine that is busy with other tests."""
THUMB = 44
"""Pixels a target has to be high for a thumb: WCAG 2.2, 2.5.5."""


def unsure_photo(invoice: Any) -> bytes:
    """A soft photo in poor light, without a code: what one reader sees, the other does not confirm."""
    return photograph(without_code(to_picture(invoice, dpi=200)), seed=3, blur=2, dark=0.3, noise=6)


def read(page: Page, invoice: Any) -> Locator:
    """The draft card, once there is one."""
    draft = card(page, invoice.number)
    expect(draft).to_be_visible(timeout=READ)
    return draft


def reference_of(claim: Locator) -> str:
    found = re.search(r"CL-\d{4}-\d{4}", claim.inner_text())
    assert found, claim.inner_text()
    return found.group()


def says(message: Locator, *words: str) -> None:
    for word in words:
        expect(message).to_contain_text(word, timeout=SOON)


def button(message: Locator, label: str) -> Locator:
    """By what stands on it: its name may say more."""
    return message.locator(".actions button", has_text=label)


def submits(page: Page, invoice: Any, label: str, waiting: str) -> str:
    draft = read(page, invoice)
    button(draft, label).click()
    says(draft, waiting)
    return reference_of(draft)


def test_a_photo_is_questioned_corrected_submitted_and_approved_in_three_windows(site, windows):
    lilei, wangfang, zhaomin = windows.open(LILEI), windows.open(WANGFANG), windows.open(ZHAOMIN)
    invoice = invent("browser", seller=SELLERS["office"][0], total=Decimal("475.80"))
    drop(lilei, "发票.jpg", unsure_photo(invoice))
    draft = read(lilei, invoice)

    says(draft, "请核对", "核对完就可以提交")
    assert (
        draft.locator("img.block-picture").first.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    )
    expect(button(draft, "提交")).to_have_count(0)
    answer_every_question(draft)
    reply(lilei, draft, "类别 差旅")
    says(lilei.locator("#thread-messages"), "已修改", "差旅")
    says(draft.locator(".block-header"), "杭州云帆文具有限公司", "差旅", "¥475.80")
    close_thread(lilei)
    reference = submits(lilei, invoice, "提交", "等 王芳")

    asked = card(wangfang, reference)
    says(asked, "¥475.80", "李雷", "差旅", "杭州云帆文具有限公司")
    button(asked, "同意 ¥475.80").click()
    says(asked, "已同意", "王芳")
    expect(button(asked, "同意")).to_have_count(0)
    says(draft, "已同意 · 王芳")

    review = card(zhaomin, reference)
    says(review, "¥475.80", "李雷")
    button(review, "同意").click()
    says(review, "已同意", "赵敏")
    says(draft, "已通过", "已同意 · 王芳", "已同意 · 赵敏")
    says(asked, "已同意", "王芳")


def answer_every_question(draft: Locator) -> None:
    """Yes to each: what was read is what is printed."""
    yes = button(draft, "是").first
    expect(yes).to_be_visible()
    for _ in range(10):
        asked = draft.inner_text()
        yes.click()
        expect(draft).not_to_have_text(asked, use_inner_text=True, timeout=SOON)
        if button(draft, "提交").count():
            return
    raise AssertionError(draft.inner_text())


def test_the_same_in_english_with_a_phone(site, windows):
    emma, david, zhaomin = windows.open(EMMA), windows.open(DAVID, viewport=PHONE), windows.open(ZHAOMIN)
    invoice = invent("browser, in English", total=Decimal("268.00"), buyer_name="晨星科技（上海）有限公司")
    drop(emma, "invoice.png", to_picture(invoice))
    draft = read(emma, invoice)
    reply(emma, draft, "category training")
    says(emma.locator("#thread-messages"), "Training and books")
    says(draft.locator(".block-header"), "Training and books")
    close_thread(emma)
    reference = submits(emma, invoice, "Submit", "Waiting for David Miller")

    asked = card(david, reference)
    says(asked, "¥268.00", "Emma Clarke", "Training and books")
    fits_the_phone(david, asked)
    button(asked, "Details").click()
    details = david.get_by_role("dialog")
    says(details, invoice.seller_name)
    assert details.evaluate("box => box.scrollWidth <= innerWidth")
    details.get_by_role("button", name="Close").last.click()
    expect(details).to_have_count(0)
    button(asked, "Approve ¥268.00").click()
    says(asked, "Approved", "David Miller")
    fits_the_phone(david, asked)

    review = card(zhaomin, reference)
    button(review, "同意").click()
    says(review, "已同意", "赵敏")
    says(draft, "Approved", "David Miller", "赵敏")


def fits_the_phone(page: Page, message: Locator) -> None:
    """Nothing is wider than the screen, and every button can be seen whole and hit with a thumb."""
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert message.evaluate("box => box.scrollWidth <= box.clientWidth")
    for pressed in message.locator(".actions button:visible").all():
        pressed.scroll_into_view_if_needed()
        box = pressed.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
        assert box["height"] >= THUMB, pressed.inner_text()
    more = message.locator(".menu-opener")
    if more.count():
        more.click()
        for item in message.get_by_role("menuitem").all():
            box = item.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"]
            assert box["y"] + box["height"] <= PHONE["height"]
        page.keyboard.press("Escape")


def test_approving_with_the_keyboard_alone(site, windows):
    lilei, wangfang = windows.open(LILEI), windows.open(WANGFANG)
    invoice = invent("browser, keys")
    drop(lilei, "invoice.pdf", to_pdf(invoice))
    reference = submits(lilei, invoice, "提交", "等 王芳")
    asked = card(wangfang, reference)
    says(asked, invoice.seller_name)

    wangfang.keyboard.press("Tab")
    expect(wangfang.locator("#skip")).to_be_focused()
    wangfang.keyboard.press("Enter")
    expect(wangfang.locator("#composer-text")).to_be_focused()
    approve = button(asked, "同意")
    for _ in range(20):  # back from the box to the newest card: menu, details, send back, approve
        wangfang.keyboard.press("Shift+Tab")
        if approve.evaluate("button => button === document.activeElement"):
            break
    expect(approve).to_be_focused()
    assert approve.evaluate("button => getComputedStyle(button).outlineStyle") != "none"
    wangfang.keyboard.press("Enter")

    says(asked, "已同意", "王芳")
    assert wangfang.evaluate("document.activeElement !== document.body"), "the focus is not lost"


def test_onlookers_in_the_channel_see_counts_only(site, windows):
    lilei, hanmei = windows.open(LILEI, channel="C0INTAKE"), windows.open(HANMEI, channel="C0INTAKE")
    wangfang = windows.open(WANGFANG)
    invoice = invent("browser, channel", total=Decimal("1234.50"))
    drop(lilei, "only-a-name.pdf", to_pdf(invoice))
    lilei.locator("#sidebar .place", has_text="票宝").click()
    reference = submits(lilei, invoice, "提交", "等 王芳")
    says(card(wangfang, reference), "¥1,234.50")

    sent = card(hanmei, "only-a-name.pdf")
    sent.locator(".replies").click()
    thread = hanmei.locator("#thread-messages")
    says(thread, "1 个文件已收到")
    for place in (thread, hanmei.locator("#panel")):
        seen = place.inner_text()
        for secret in ("1,234.50", "1234.50", invoice.seller_name, invoice.number, reference):
            assert secret not in seen
    assert thread.locator(".message-body img, .file-picture, .actions").count() == 0
    hanmei.locator("#sidebar .place", has_text="票宝").click()
    expect(card(hanmei, invoice.number)).to_have_count(0)
