"""Browser windows in which people use the workspace's page."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SOON = 20_000
"""Milliseconds for what a job has to do first; a photo is read in a few seconds on an idle machine."""


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


class Windows:
    """Open windows; each person has a browser of their own. What goes wrong in their consoles is kept in `wrong`."""

    def __init__(self, browser: Browser, chat: str, *, scale: float = 1) -> None:
        self.browser = browser
        self.chat = chat
        self.scale = scale
        self.wrong: list[str] = []
        self.contexts: list[BrowserContext] = []

    def open(self, person: str, *, channel: str = "", viewport: dict[str, int] = DESK) -> Page:
        """The person's window, live; a channel's name opens it, otherwise the conversation with the bot."""
        context = self.browser.new_context(viewport=viewport, device_scale_factor=self.scale)  # type: ignore[arg-type]
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(SOON)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", self._heard)
        page.goto(f"{self.chat}/?as={person}&channel={channel or 'D0' + person.removeprefix('U0')}")
        expect(page.locator("html[data-live=true]")).to_have_count(1, timeout=SOON)
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.wrong.append(message.text)


def drop(page: Page, name: str, content: bytes) -> None:
    """Let go of a file over the open conversation."""
    transfer = page.evaluate_handle(
        """([name, content]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name));
            return transfer;
        }""",
        [name, b64encode(content).decode()],
    )
    page.dispatch_event("#conversation", "drop", {"dataTransfer": transfer})


def card(page: Page, words: str) -> Locator:
    """The newest message with these words, wherever it stands in the open conversation."""
    return page.locator("#panel .message", has_text=words).last


def reply(page: Page, message: Locator, *lines: str) -> None:
    """Answer under a message, in its thread, which stays open."""
    message.hover()
    message.locator(".tools button").first.click()
    box = page.locator("#thread-text")
    for line in lines:
        box.fill(line)
        box.press("Enter")


def close_thread(page: Page) -> None:
    page.locator("#thread header button").click()
