"""/invoice typed into the workspace's page, and the Home tab, in a real browser: by keyboard and on a phone."""

from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sandbox.papers import invent
from tests.journeys.people import DAVID, EMMA, submits
from tests.journeys.test_browser import THUMB
from tests.journeys.windows import PHONE, SOON, card

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("site", ["sqlite"], indirect=True, scope="module")]


@pytest.fixture(scope="module")
def reference(site: Any) -> str:
    """Emma's claim, which waits for David."""
    return submits(site.person(EMMA), invent("commands in a browser", total=Decimal("312.00")), "Submit")


def has_focus(page: Page, label: str) -> bool:
    return bool(page.evaluate("label => document.activeElement?.textContent === label", label))


def test_a_command_is_chosen_and_its_answer_used_with_the_keyboard_alone(site, windows, reference):
    emma = windows.open(EMMA)
    box = emma.locator("#composer-text")
    box.focus()
    emma.keyboard.type("/inv")
    expect(emma.get_by_role("option").first).to_contain_text("/invoice")
    emma.keyboard.press("ArrowDown")
    emma.keyboard.press("Enter")
    expect(box).to_have_value("/invoice ")
    emma.keyboard.type("mine")
    emma.keyboard.press("Enter")
    answer = card(emma, "Your drafts and claims")
    expect(answer).to_contain_text("Only visible to you", timeout=SOON)
    expect(answer).to_contain_text(reference)
    expect(answer).to_contain_text("Waiting for David Miller since")
    look = answer.get_by_role("button", name=f"Look at {reference}")
    for _ in range(20):
        emma.keyboard.press("Shift+Tab")
        if look.evaluate("button => button === document.activeElement"):
            break
    emma.keyboard.press("Enter")
    status = emma.get_by_role("dialog")
    expect(status).to_contain_text("Submitted · Emma Clarke", timeout=SOON)
    emma.keyboard.press("Escape")
    expect(status).to_have_count(0)
    expect(look).to_be_focused()


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 900}], ids=["phone", "desk"])
def test_home_is_opened_refreshed_and_looked_into(site, windows, reference, viewport):
    david = windows.open(DAVID, viewport=viewport)
    david.get_by_role("tab", name="Home").press("Enter")
    home = david.get_by_role("tabpanel")
    expect(home).to_contain_text("Waiting for your decision", timeout=SOON)
    assert has_focus(david, "Home"), "who chose the tab stays at it"
    expect(home).to_contain_text(reference)
    assert david.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    # In one look: the tab is drawn once more when Slack has told of its opening.
    edges = home.evaluate(
        "panel => [...panel.querySelectorAll('button')].map(each => each.getBoundingClientRect().toJSON())"
    )
    assert len(edges) > 1
    for edge in edges:
        assert 0 <= edge["left"] < edge["right"] <= viewport["width"]
        assert edge["height"] >= (THUMB if viewport is PHONE else 30)

    refresh = home.get_by_role("button", name="Refresh")
    refresh.evaluate("button => { button.dataset.old = 'yes'; }")
    refresh.press("Enter")
    expect(home.locator("[data-old]")).to_have_count(0, timeout=SOON)
    assert has_focus(david, "Refresh"), "who presses Refresh stays at Refresh"

    home.get_by_role("button", name=f"Details of {reference}").click()
    details = david.get_by_role("dialog")
    expect(details).to_contain_text("Emma Clarke", timeout=SOON)
    assert details.evaluate("box => box.scrollWidth <= innerWidth")
    david.keyboard.press("Escape")
    expect(details).to_have_count(0)
