"""The web pages for all users: with the keyboard alone, with a screen reader, on a small screen, right to left."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.e2e.browser import Screens, accessibility_problems

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

QUESTION = "How long is a gift card valid?"
SMALL = 360


def wider_than_the_screen(page: Page | Frame) -> bool:
    """Whether one would have to scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_the_shop_and_its_chat(screens: Screens, dark: bool) -> None:
    customer = screens.customer(dark=dark, open_chat=False)
    assert accessibility_problems(customer.page) == []
    customer.open_chat()
    answer = customer.ask(QUESTION)
    answer.get_by_role("button", name=re.compile("^Source 1: ")).first.click()
    customer.field.fill("x" * 3990)
    for part in (customer.page, customer.inside):
        assert accessibility_problems(part) == []
    customer.ask_for_a_human()
    assert accessibility_problems(customer.inside) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_on_the_agents_page(screens: Screens, dark: bool) -> None:
    form = screens.page("/agent/", dark=dark)
    assert accessibility_problems(form) == []
    customer = screens.customer()
    customer.ask(QUESTION)
    customer.ask_for_a_human()
    agent = screens.agent(dark=dark)
    expect(agent.accept_button(customer.called)).to_be_visible()
    assert accessibility_problems(agent.page) == []
    agent.accept(customer.called)
    agent.reply("Hello")
    agent.note("A note")
    expect(agent.log).to_contain_text("A note")
    assert accessibility_problems(agent.page) == []


def test_everything_in_the_chat_works_with_the_keyboard_alone(screens: Screens) -> None:
    customer = screens.customer(open_chat=False)
    page, keys = customer.page, customer.page.keyboard
    launcher = page.get_by_role("button", name="Open the chat")
    expect(launcher).to_be_visible()
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    launcher.focus()
    keys.press("Enter")
    expect(customer.field).to_be_focused()
    expect(customer.log).to_contain_text("welcome to Quillmere")

    keys.press("Enter")
    keys.type("   ")
    keys.press("Enter")
    expect(customer.log.locator(".message")).to_have_count(0)
    customer.field.fill("")
    keys.type("How do I return")
    keys.press("Shift+Enter")
    keys.type("something?")
    expect(customer.field).to_have_value("How do I return\nsomething?")
    keys.press("Enter")
    expect(customer.field).to_have_value("")
    expect(customer.messages("assistant")).to_be_visible()

    source = customer.messages("assistant").get_by_role("list", name="Sources").get_by_role("button").first
    for _ in range(12):
        keys.press("Shift+Tab")
        if source.evaluate("(button) => button === document.activeElement"):
            break
    expect(source).to_be_focused()
    keys.press("Enter")
    expect(customer.log.get_by_role("region", name="Source 1")).to_be_visible()

    keys.press("Escape")
    expect(customer.window).to_be_hidden()
    expect(launcher).to_be_focused()


def test_a_screen_reader_hears_whole_messages_and_changes(screens: Screens) -> None:
    customer = screens.customer()
    expect(customer.log).to_have_attribute("aria-live", "off")
    status = customer.panel.locator("p[role=status]")
    customer.ask(QUESTION)
    expect(status).to_have_text(re.compile(r"^Assistant: .*Five years", re.S))
    customer.ask_for_a_human()
    expect(status).to_have_text("Waiting for an agent.")


def test_a_message_that_is_too_long_is_counted_and_cannot_be_sent(screens: Screens) -> None:
    customer = screens.customer()
    send = customer.panel.get_by_role("button", name="Send", exact=True)
    expect(send).to_be_disabled()
    customer.field.fill("é" * 3990)
    expect(customer.panel.get_by_text("10 characters left")).to_be_visible()
    expect(send).to_be_enabled()
    customer.field.fill("🏕" * 4003)
    expect(customer.panel.get_by_text("3 characters too many")).to_be_visible()
    expect(send).to_be_disabled()
    customer.field.press("Enter")
    expect(customer.log.locator(".message")).to_have_count(0)


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_small_screen_shows_all_of_it_without_scrolling_sideways(screens: Screens, direction: str) -> None:
    customer = screens.customer(width=SMALL, height=700, open_chat=False)
    customer.page.evaluate("(direction) => { document.documentElement.dir = direction }", direction)
    assert not wider_than_the_screen(customer.page)
    customer.open_chat()
    box = customer.panel.bounding_box()
    assert box == {"x": 0, "y": 0, "width": SMALL, "height": 700}
    expect(customer.page.locator("body")).to_have_attribute("inert", "")
    customer.ask("How long does standard shipping to Germany take?")
    assert not wider_than_the_screen(customer.page)
    assert not wider_than_the_screen(customer.inside)
    customer.panel.get_by_role("button", name="Close the chat").click()
    expect(customer.page.locator("body")).not_to_have_attribute("inert", "")
    expect(customer.page.get_by_role("button", name=re.compile("Open the chat"))).to_be_focused()


def test_the_agents_page_works_on_a_small_screen(screens: Screens) -> None:
    customer, agent = screens.customer(), screens.agent(width=SMALL)
    customer.ask_for_a_human()
    agent.accept(customer.called)
    agent.reply("Hello from a telephone")
    expect(customer.messages("agent")).to_contain_text("Hello from a telephone")
    assert not wider_than_the_screen(agent.page)
    agent.page.get_by_role("button", name="Back to the list").click()
    expect(agent.page.get_by_role("heading", name="Waiting")).to_be_visible()
    assert not wider_than_the_screen(agent.page)


@pytest.mark.parametrize("width", [SMALL, 1280])
def test_axe_finds_nothing_at_the_desk_of_any_width(screens: Screens, width: int) -> None:
    customer, agent = screens.customer(), screens.agent(width=width)
    assert accessibility_problems(agent.page) == []
    customer.ask_for_a_human()
    expect(agent.accept_button(customer.called)).to_be_visible()
    assert accessibility_problems(agent.page) == []
    agent.accept(customer.called)
    assert accessibility_problems(agent.page) == []


def test_after_signing_in_the_first_waiting_customer_has_the_focus(screens: Screens) -> None:
    customer = screens.customer()
    customer.ask_for_a_human()
    agent = screens.agent()
    first = agent.page.get_by_role("region", name="Waiting").get_by_role("listitem").first.get_by_role("button").first
    expect(first).to_be_focused()


def test_text_from_right_to_left_reads_from_right_to_left(screens: Screens) -> None:
    customer, agent = screens.customer(), screens.agent()
    direction = "(element) => getComputedStyle(element).direction"
    arabic = "مرحبا، هل يمكنني إرجاع الطلب 4711؟"
    customer.field.fill(arabic)
    assert customer.field.evaluate(direction) == "rtl"
    customer.field.press("Enter")
    said = customer.messages("customer").get_by_text(arabic)
    expect(said).to_be_visible()
    assert said.evaluate(direction) == "rtl"
    customer.ask_for_a_human()
    preview = agent.page.get_by_role("region", name="Waiting").get_by_text(arabic)
    expect(preview).to_be_visible()
    assert preview.evaluate(direction) == "rtl"
    agent.accept(customer.called)
    assert agent.log.get_by_text(arabic).evaluate(direction) == "rtl"
    assert agent.log.get_by_text("Today").evaluate(direction) == "ltr"
