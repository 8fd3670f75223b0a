"""The web page in a real browser: two people in two windows, files, a modal, commands, a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from sandbox.person import Control, Person
from tests.sandbox.echo_bot import EchoBot
from tests.sandbox.test_forms import Json, submitted

pytestmark = pytest.mark.browser
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
__all__ = ["submitted"]  # a fixture
PHONE = {"width": 390, "height": 844}
expect.set_options(timeout=15000)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


class Windows:
    """Browser windows of people; what goes wrong in their consoles is kept."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self.browser = browser
        self.base_url = base_url
        self.wrong: list[str] = []
        self.contexts: list[BrowserContext] = []

    def open(self, person: str, query: str = "", viewport: dict[str, int] | None = None) -> Page:
        context = self.browser.new_context(viewport=viewport or {"width": 1280, "height": 800})  # type: ignore[arg-type]
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15000)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", self._heard)
        page.goto(f"{self.base_url}/?as={person}{query}")
        expect(page.locator("html[data-live=true]")).to_have_count(1)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.wrong.append(message.text)


@pytest.fixture
def windows(chromium: Browser, base_url: str, bot: EchoBot) -> Iterator[Windows]:
    windows = Windows(chromium, base_url)
    yield windows
    for context in windows.contexts:
        context.close()
    assert windows.wrong == []


def test_two_windows_see_one_card_change(windows: Windows):
    lilei = windows.open("U0LILEI", "&channel=C0INTAKE")
    wangfang = windows.open("U0WANGFANG", "&channel=C0INTAKE")
    lilei.get_by_placeholder("发消息给 报销发票").fill("card")
    lilei.keyboard.press("Enter")

    wangfang.get_by_role("button", name="Approve").click()

    expect(lilei.locator(".message").last).to_contain_text("Approved by U0WANGFANG")
    expect(lilei.get_by_role("button", name="Approve")).to_have_count(0)
    expect(lilei.locator("#live")).to_contain_text("card", ignore_case=True)


def test_what_bots_and_people_write_never_becomes_markup(windows: Windows):
    page = windows.open("U0LILEI")
    page.get_by_label("发消息给 票宝 Piaobot").fill("<img src=x onerror=alert(1)> *bold* <script>")
    page.keyboard.press("Enter")

    expect(page.locator(".message strong", has_text="bold").first).to_be_visible()
    expect(page.locator(".message").first).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator(".message-body img, .message-body script").count() == 0


def test_a_file_is_picked_sent_and_shown(windows: Windows, png: bytes):
    page = windows.open("U0LILEI")
    page.locator(".composer input[type=file]").set_input_files(
        {"name": "出租车.png", "mimeType": "image/png", "buffer": png}
    )
    expect(page.locator(".chips")).to_contain_text("出租车.png")

    page.get_by_role("button", name="发送").click()

    expect(page.locator(".file-picture img")).to_be_visible()
    page.get_by_role("button", name="1 条回复").click()
    expect(page.locator("#thread-messages")).to_contain_text(f"got {len(png)} bytes of image/png")


def test_a_file_is_dropped(windows: Windows):
    page = windows.open("U0LILEI")
    data = page.evaluate_handle(
        "() => { const d = new DataTransfer(); d.items.add(new File(['<xml/>'], '发票.xml')); return d; }"
    )
    page.dispatch_event("#conversation", "dragenter", {"dataTransfer": data})
    expect(page.get_by_text("松手即可发送到 票宝 Piaobot")).to_be_visible()

    page.dispatch_event("#conversation", "drop", {"dataTransfer": data})

    expect(page.locator(".file-card")).to_contain_text("发票.xml")


def test_a_modal_is_used_with_the_keyboard_alone(windows: Windows, lilei: Person):
    lilei.say("card")
    page = windows.open("U0LILEI")
    page.get_by_role("button", name="Edit").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Edit")
    expect(dialog.get_by_label("Amount")).to_be_focused()

    page.keyboard.press("Control+A")
    page.keyboard.type("much")
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Category")).to_be_focused()
    expect(dialog).to_contain_text("请填写此项")
    page.keyboard.type("Meals")
    dialog.get_by_role("button", name="Save").press("Enter")
    expect(dialog).to_contain_text("Must be above 0")
    dialog.get_by_label("Amount").fill("12.5")
    dialog.get_by_role("button", name="Save").press("Enter")

    expect(page.locator(".message").last).to_contain_text("saved 12.5 as meals")
    expect(dialog).to_have_count(0)


def test_escape_closes_a_modal_and_gives_the_focus_back(windows: Windows, lilei: Person, bot: EchoBot):
    lilei.say("card")
    page = windows.open("U0LILEI")
    page.get_by_role("button", name="Edit").click()
    expect(page.get_by_role("dialog")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Edit")).to_be_focused()
    lilei.wait_until(lambda: bot.closed or None, "nobody was told")
    assert [body["view"]["callback_id"] for body in bot.closed] == ["form"]


def test_a_command_is_suggested_and_answered_to_the_asker(windows: Windows):
    page = windows.open("U0EMMA")
    box = page.get_by_label("Message 票宝 Piaobot")
    box.fill("/inv")
    page.get_by_role("option", name="/invoice My claims").click()
    box.press_sequentially("help")
    box.press("Enter")

    expect(page.locator(".message.ephemeral")).to_contain_text("you said help")
    expect(page.locator(".message.ephemeral")).to_contain_text("Only visible to you")


def test_a_menu_answers_and_a_failed_click_is_told(windows: Windows, lilei: Person, bot: EchoBot, control: Control):
    lilei.say("card")
    page = windows.open("U0LILEI")
    approve = page.get_by_role("button", name="Approve")
    expect(approve).to_be_visible()
    control.idle(5)
    bot.answers[:] = [500]
    approve.click()
    expect(page.get_by_role("alert")).to_contain_text("这次操作没有成功")

    page.locator(".message").get_by_role("button", name="更多操作").click()
    page.get_by_role("menuitem", name="Transfer").click()

    expect(page.locator(".message").last).to_contain_text("chose transfer")


def test_the_home_tab_and_switching_people(windows: Windows):
    page = windows.open("U0LILEI")
    page.get_by_role("tab", name="主页").click()
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()

    page.get_by_role("button", name="当前身份").click()
    page.get_by_role("link", name="Emma Clarke Employee").click()

    expect(page.get_by_role("button", name="Acting as Emma Clarke")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en-US"


def test_a_phone_shows_one_pane_and_nothing_overflows(windows: Windows, lilei: Person):
    lilei.say("card")
    page = windows.open("U0LILEI", viewport=PHONE)
    expect(page.locator("#conversation")).to_be_hidden()
    page.get_by_role("button", name="票宝 Piaobot").click()

    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    expect(page.locator("#sidebar")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    for button in page.locator(".composer button, .message .button").all():
        box = button.bounding_box()
        assert box is None or box["height"] >= 44, button.inner_text()
    page.get_by_role("button", name="返回").click()
    expect(page.locator("#sidebar")).to_be_visible()


def test_eight_windows_of_one_browser_are_all_live(windows: Windows, wangfang: Person):
    first = windows.open("U0LILEI", "&channel=C0INTAKE")
    pages = [first]
    for person in ("U0HANMEI", "U0WANGFANG", "U0ZHAOMIN", "U0QIANFENG", "U0EMMA", "U0DAVID", "U0SUNLI"):
        page = first.context.new_page()
        page.goto(f"{windows.base_url}/?as={person}&channel=C0INTAKE")
        pages.append(page)

    wangfang.say("hello to all", channel="C0INTAKE")

    for page in pages:
        expect(page.locator(".message").first).to_contain_text("hello to all")


def test_every_kind_of_input_can_be_seen_and_sent(windows: Windows, submitted: list[Json]):
    page = windows.open("U0EMMA")
    page.get_by_label("Message 票宝 Piaobot").fill("/invoice form")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="All")
    dialog.get_by_label("Field 0 (optional)").fill("words")
    dialog.get_by_label("Field 5 (optional)").fill("2026-11-24")
    dialog.get_by_label("Field 14 (optional)").select_option("Meals")
    dialog.get_by_role("radio", name="Travel").check()
    dialog.get_by_label("Field 18 (optional)").get_by_label("Meals").check()
    dialog.get_by_label("Files (optional)").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"abc"}
    )
    expect(dialog.locator(".picked")).to_contain_text("a.txt")
    dialog.get_by_label("Type to search").fill("yun")
    dialog.get_by_label("Seller (optional)").select_option("Seller yun")

    dialog.get_by_role("button", name="Send").click()

    expect(dialog).to_have_count(0)
    state = submitted[0]
    assert state["b0"]["a"]["value"] == "words"
    assert state["b5"]["a"]["selected_date"] == "2026-11-24"
    assert state["b14"]["a"]["selected_option"]["value"] == "meals"
    assert state["b16"]["a"]["selected_option"]["value"] == "travel"
    assert [one["value"] for one in state["b18"]["a"]["selected_options"]] == ["meals"]
    assert state["files"]["a"]["files"][0]["size"] == 3
    assert state["seller"]["found"]["selected_option"]["value"] == "yun"


def test_a_bot_that_does_not_answer_is_marked(windows: Windows, lilei: Person, bot: EchoBot):
    page = windows.open("U0LILEI")
    bot.pause.clear()
    lilei.say("hello?")
    expect(page.locator("#sidebar")).to_contain_text("没有应答")

    bot.pause.set()

    expect(page.locator("#sidebar")).to_contain_text("在线")


def test_an_answer_only_for_me_in_a_closed_thread_is_pointed_out(windows: Windows, lilei: Person, bot: EchoBot):
    asked = lilei.say("hello")
    page = windows.open("U0LILEI")
    bot.client.chat_postEphemeral(channel="D0LILEI", user="U0LILEI", text="psst", thread_ts=asked.ts)

    page.get_by_role("alert").get_by_role("button", name="查看").click()

    expect(page.locator("#thread-messages")).to_contain_text("psst")
