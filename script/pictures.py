"""Makes docs/pictures/*.png: a site of invented people and invoices, used in a browser as people use it.

The invoices are the same each time; only the days and hours are today's. Takes about three minutes, one of them the
minute in which a decision can still be undone.
"""

import sys
import tempfile
from base64 import b64encode
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402  the program is found only after the line above
from playwright.sync_api import Browser, Locator, Page, expect  # noqa: E402

from sandbox.papers import SELLERS, Paper, invent, not_an_invoice, password_pdf, photograph, to_pdf, to_picture  # noqa: E402
from tests.journeys.people import DAVID, EMMA, HANMEI, LILEI, WANGFANG, ZHAOMIN  # noqa: E402
from tests.journeys.site import Site, site  # noqa: E402
from tests.journeys.test_bad_input import without_code  # noqa: E402
from tests.journeys.windows import SOON, Windows, card, chromium, close_thread, drop, reply  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
CHANNEL = "C0INTAKE"
DESK = {"width": 1064, "height": 900}
PHONE = {"width": 390, "height": 844}
PANEL = {"width": 430, "height": 960}
SCALE = 2
COLOURS = 256
WIDEST, HEAVIEST = 1600, 400_000
UNDO_SECONDS = 60
READ = 120_000
"""Milliseconds a photo may take on a busy machine."""


def main() -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        work = Path(folder)
        with site(f"sqlite:///{work / 'site.db'}", work, PIAOBOT_UNDO_SECONDS=str(UNDO_SECONDS)) as opened:
            windows = Windows(browser, opened.chat, scale=SCALE)
            take_many(windows, opened)
            journey = take_all(windows)
            windows.close()
        save("journey", strip(browser, journey))
    return 0


def take_all(windows: Windows) -> list[tuple[str, str, bytes]]:
    """Every picture but the strip; returns the strip's parts: caption in both languages, PNG."""
    stationery = invent("云帆文具", seller=SELLERS["office"][0], total=Decimal("475.80"), date=days_ago(6))
    ride = invent("鹏程出行", seller=SELLERS["transport"][0], total=Decimal("286.50"), date=days_ago(3))
    hotel = invent(
        "海棠酒店",
        "digital_special",
        seller=SELLERS["lodging"][0],
        total=Decimal("1320.00"),
        date=days_ago(9),
        buyer_name="晨星科技（上海）有限公司",
    )
    meal = invent("松间小馆", seller=SELLERS["meals"][0], total=Decimal("268.00"), date=days_ago(4))

    emma = windows.open(EMMA, viewport=PANEL)
    drop(emma, "IMG_2041.jpg", photo(hotel, seed=3))
    english = draft_of(emma, hotel, "purpose Visit to the Shanghai customer")
    save("draft-en", around(emma, english))
    first = calm(emma).screenshot()

    lilei = windows.open(LILEI, viewport=DESK)
    drop(lilei, "IMG_0871.jpg", photo(stationery, seed=5))
    chinese = draft_of(lilei, stationery, "事由 季度打印耗材")
    save("draft-zh", around(lilei, lilei.locator("#panel .message", has=lilei.locator(".file-picture")).last, chinese))
    submit(chinese, "提交")
    submit(english, "Submit")

    david, wangfang = windows.open(DAVID, viewport=PHONE), windows.open(WANGFANG, viewport=PHONE)
    for page, words, name in ((david, "¥1,320.00", "approver-en-390"), (wangfang, "¥475.80", "approver-zh-390")):
        expect(button(card(page, words), "¥")).to_be_visible(timeout=SOON)
        save(name, calm(page).screenshot())
    resize(david, PANEL)
    second = calm(david).screenshot()
    press(card(david, "¥1,320.00"), "Approve", "Approved")

    take_channel(windows, meal)
    submit(draft_of(lilei, meal, "事由 团队加班餐"), "提交")
    expect(button(card(wangfang, "¥268.00"), "¥")).to_be_visible(timeout=SOON)

    drop(lilei, "IMG_0872.jpg", photo(ride, without=True, seed=5, blur=1.8, dark=0.3, noise=6))
    asked = draft_of(lilei, ride)
    expect(asked.locator("img.block-picture").first).to_be_visible(timeout=SOON)
    save("draft-question-zh", around(lilei, asked))
    button(asked, "编辑").click()
    form = lilei.get_by_role("dialog")
    expect(form).to_be_visible()
    save("edit-form-zh", around(lilei, form))
    form.get_by_role("button", name="取消").click()
    expect(form).to_have_count(0)

    take_web(wangfang, card(wangfang, "¥475.80"))
    resize(wangfang, DESK)
    stamped = press(card(wangfang, "¥475.80"), "同意", "撤销")
    save("decided-zh", around(wangfang, stamped))

    zhaomin = windows.open(ZHAOMIN, viewport=PANEL)
    later = (UNDO_SECONDS + 60) * 1000
    expect(card(zhaomin, "¥475.80")).to_be_visible(timeout=later)
    press(card(zhaomin, "¥1,320.00"), "同意", "已同意")
    third = calm(zhaomin).screenshot()
    return [
        ("Emma sends a photo and checks the draft", "员工发照片，核对草稿", first),
        ("David, her manager, decides on a card", "经理在卡片上审批", second),
        ("赵敏 in finance approved, in her language", "财务已复核，各用各的语言", third),
    ]


def take_many(windows: Windows, opened: Site) -> None:
    """Many files in one message, in both languages, the second on a phone; and what the Home tab says then."""
    for person, size, done, name in (
        (HANMEI, PANEL, "共 6 张", "many-zh"),
        (EMMA, PHONE, "6 invoices", "many-en-390"),
    ):
        bills = [
            invent(f"{person} {n}", seller=seller[0], date=days_ago(n + 2)) for n, seller in enumerate(SELLERS.values())
        ]
        files = [(f"{bill.number[-6:]}.pdf", to_pdf(bill)) for bill in bills[:3]]
        others = [("again.pdf", files[0][1]), ("IMG_0001.png", not_an_invoice()), ("locked.pdf", password_pdf())]
        opened.person(person).drop(*files, *others)
        page = windows.open(person, viewport=size)
        told = card(page, done)
        expect(told).to_be_visible(timeout=READ)
        save(name, around(page, told))
        page.context.close()


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def photo(invoice: Paper, *, without: bool = False, **how: float) -> bytes:
    """A telephone's photo of it, or one whose code cannot be read."""
    picture = to_picture(invoice, dpi=200)
    return photograph(without_code(picture) if without else picture, **how)  # type: ignore[arg-type]


def draft_of(page: Page, invoice: Paper, correction: str = "") -> Locator:
    """The draft card, after a correction in its thread."""
    draft = card(page, invoice.number)
    expect(draft).to_be_visible(timeout=READ)
    if correction:
        reply(page, draft, correction)
        expect(draft).to_contain_text(correction.partition(" ")[2], timeout=SOON)
        expect(page.locator("#thread-messages .message")).to_have_count(3, timeout=SOON)
        close_thread(page)
    return draft


def submit(draft: Locator, label: str) -> None:
    button(draft, label).click()
    expect(draft).to_contain_text("CL-", timeout=SOON)


def press(message: Locator, label: str, then: str) -> Locator:
    button(message, label).first.click()
    expect(message).to_contain_text(then, timeout=SOON)
    return message


def button(message: Locator, label: str) -> Locator:
    return message.locator(".actions button", has_text=label)


def take_web(page: Page, asked: Locator) -> None:
    """The built-in OA's pages, entered by the link that only the approver sees."""
    asked.locator(".menu-opener").click()
    page.get_by_role("menuitem", name="在 OA 打开").click()
    link = page.locator(".message.ephemeral a, .message.ephemeral button").last
    expect(link).to_be_visible(timeout=SOON)
    with page.context.expect_page() as opening:
        link.click()
    web = opening.value
    web.set_viewport_size({"width": 1100, "height": 900})
    web.get_by_role("button").last.click()
    web.wait_for_url("**/web/claims/*")
    web.locator(".picture img").evaluate("image => image.decode()")
    save("web-claim-zh", web.screenshot())
    web.locator(".brand").click()
    web.wait_for_url("**/web")
    save("web-list-zh", web.screenshot(clip={"x": 0, "y": 0, "width": 1100, "height": 470}))
    web.close()


def take_channel(windows: Windows, invoice: Paper) -> None:
    """What a colleague sees in the channel where others drop their invoices."""
    size = {"width": 1240, "height": 560}
    hanmei, sender = windows.open(HANMEI, channel=CHANNEL, viewport=size), windows.open(LILEI, channel=CHANNEL)
    drop(sender, "invoice.pdf", to_pdf(invoice))
    sent = card(hanmei, "invoice.pdf")
    sent.locator(".replies").click()
    expect(hanmei.locator("#thread-messages")).to_contain_text("已收到", timeout=SOON)
    save("intake-channel", calm(hanmei).screenshot())


def calm(page: Page) -> Page:
    """Nothing hovered or focused, all pictures there, the newest message in view."""
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement?.blur()")
    page.evaluate(
        "Promise.all([...document.images].map((image) => { image.loading = 'eager'; return image.decode(); }))"
    )
    page.evaluate("for (const list of document.querySelectorAll('.messages')) list.scrollTop = list.scrollHeight")
    return page


def around(page: Page, *shown: Locator) -> bytes:
    """The part of the page where these stand, as a PNG."""
    before = page.viewport_size or DESK
    resize(page, {**before, "height": 2400})
    calm(page)
    boxes = [box for box in (one.bounding_box() for one in shown) if box]
    left, top = min(box["x"] for box in boxes), min(box["y"] for box in boxes)
    right, bottom = max(box["x"] + box["width"] for box in boxes), max(box["y"] + box["height"] for box in boxes)
    taken = page.screenshot(clip={"x": left, "y": top, "width": right - left, "height": bottom - top})
    resize(page, before)
    return taken


def resize(page: Page, size: Mapping[str, int]) -> None:
    page.set_viewport_size({"width": size["width"], "height": size["height"]})


def strip(browser: Browser, parts: list[tuple[str, str, bytes]]) -> bytes:
    """Windows side by side, numbered, each under its caption."""
    page = browser.new_page(viewport={"width": STRIP_WIDTH, "height": 1000}, device_scale_factor=WIDEST / STRIP_WIDTH)
    figures = "".join(
        f"<figure><figcaption><b>{number}</b><span>{english}<br>{chinese}</span></figcaption>"
        f'<img src="data:image/png;base64,{b64encode(shot).decode()}"></figure>'
        for number, (english, chinese, shot) in enumerate(parts, 1)
    )
    page.set_content(f"<!doctype html><html lang=zh-CN><style>{STRIP_STYLE}</style><main>{figures}</main>")
    page.locator("img").last.evaluate("image => image.decode()")
    return page.locator("main").screenshot()


STRIP_WIDTH = 3 * 430 + 4 * 30
STRIP_STYLE = """
body { margin: 0; background: #fff; font: 17px/1.35 "Noto Sans CJK SC", sans-serif; color: #1d2530; }
main { display: grid; grid-template-columns: repeat(3, 430px); gap: 30px; padding: 20px 30px 28px; background: #e9edf1; }
figure { margin: 0; }
figcaption { display: flex; gap: 12px; align-items: center; margin-bottom: 12px; }
b { display: grid; place-items: center; width: 34px; height: 34px; border-radius: 50%; background: #0f6f61; color: #fff; flex: none; }
img { display: block; width: 430px; border-radius: 14px; box-shadow: 0 6px 24px #1c2b3f33; }
"""


def save(name: str, shot: bytes) -> None:
    """As a PNG of few colours, no wider and heavier than a page should load."""
    with Image.open(BytesIO(shot)) as opened:
        picture = opened.convert("RGB")
    if picture.width > WIDEST:
        picture = picture.resize((WIDEST, round(picture.height * WIDEST / picture.width)), Image.Resampling.LANCZOS)
    path = PICTURES / f"{name}.png"
    picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)
    weight = path.stat().st_size
    print(f"{path.relative_to(ROOT)}  {picture.width} × {picture.height}  {weight // 1000} kB")
    if weight > HEAVIEST:
        raise SystemExit(f"{path} is heavier than {HEAVIEST // 1000} kB.")


if __name__ == "__main__":
    sys.exit(main())
