"""An agent's day at the desk, in a real browser: alerts, canned replies, tags, transfer, undo, and finding it all again."""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import Screens, accessibility_problems

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

RING = "() => { window.rings = 0; const start = OscillatorNode.prototype.start;" + (
    " OscillatorNode.prototype.start = function (...all) { window.rings += 1; return start.apply(this, all); }; }"
)
"""Counts tones in `window.rings`."""


def test_an_agent_notices_a_customer_answers_by_a_canned_reply_and_passes_them_on(screens: Screens) -> None:
    agent, other = screens.agent(), screens.agent("agent-two@example.com")
    agent.page.evaluate(RING)
    customer = screens.customer()
    customer.say("My parcel arrived broken, tracking 55 1234")
    customer.ask_for_a_human()
    name = customer.called

    expect(agent.accept_button(name)).to_be_visible()
    expect(agent.page).to_have_title(re.compile(r"^\(\d+\) "))
    assert agent.page.evaluate("window.rings") > 0
    agent.page.get_by_role("button", name="Alerts").click()
    expect(agent.page.get_by_role("checkbox", name="Play a sound")).to_be_checked()
    expect(agent.page.get_by_role("checkbox", name="Show a desktop notification")).to_be_visible()
    agent.page.keyboard.press("Escape")

    row = other.page.get_by_role("region", name="Waiting").get_by_role("listitem").filter(has_text=name)
    row.get_by_role("button").first.click()
    other.talk.get_by_role("button", name="Decline").click()
    expect(row).to_contain_text("You declined")
    expect(other.talk.get_by_role("button", name="Decline")).to_have_count(0)

    agent.accept(name)
    expect(agent.talk.get_by_role("heading", level=2)).to_contain_text(name)
    field = agent.talk.get_by_label("Reply", exact=True)
    expect(field).to_be_focused()
    field.press("Escape")
    agent.page.keyboard.press("?")
    shortcuts = agent.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(shortcuts).to_contain_text("Open the next conversation")
    assert accessibility_problems(agent.page) == []
    agent.page.keyboard.press("Escape")
    expect(shortcuts).to_have_count(0)
    agent.page.keyboard.press("n")
    expect(agent.talk.get_by_label("Note", exact=True)).to_be_focused()
    agent.talk.get_by_label("Note", exact=True).press("Escape")
    agent.page.keyboard.press("t")
    expect(agent.talk.get_by_role("region", name="Transfer")).to_be_visible()
    agent.page.keyboard.press("Escape")
    expect(agent.talk.get_by_role("button", name="Transfer", exact=True)).to_be_focused()
    agent.page.keyboard.press("r")
    expect(field).to_be_focused()
    field.fill("/")
    agent.talk.get_by_role("button", name="New canned reply").click()
    agent.talk.get_by_label("Shortcut").fill("broken-parcel")
    agent.talk.get_by_label("Text").fill("I am sorry {customer}. Please send us a picture of the parcel.")
    agent.talk.get_by_role("button", name="Save", exact=True).click()
    field.fill("/broken")
    expect(agent.talk.get_by_role("region", name="Canned replies")).to_contain_text("/broken-parcel")
    assert accessibility_problems(agent.page) == []
    field.press("Enter")
    expect(field).to_have_value("I am sorry. Please send us a picture of the parcel.")
    field.press("Enter")
    expect(customer.messages("agent")).to_contain_text("send us a picture")

    about = agent.page.get_by_role("complementary", name="About this customer")
    about.get_by_label("New tag").fill("broken")
    about.get_by_role("button", name="Add", exact=True).click()
    expect(about.get_by_role("region", name="Tags")).to_contain_text("broken")

    agent.talk.get_by_role("button", name="Transfer").click()
    assert accessibility_problems(agent.page) == []
    agent.talk.get_by_role("button", name="Transfer to Second Demo Agent").click()
    expect(agent.talk).to_contain_text("Second Demo Agent")
    expect(other.talk.get_by_text("You have this conversation")).to_be_visible()
    expect(other.page.get_by_role("region", name="Tags")).to_contain_text("broken")
    about.get_by_role("button", name="Close the panel").click()


def test_an_agent_undoes_a_resolve_resolves_and_finds_the_conversation_again(screens: Screens) -> None:
    agent, customer = screens.agent(), screens.customer()
    word = f"kettle{secrets.token_hex(2)}"
    customer.say(f"Where is my {word}?")
    customer.ask_for_a_human()
    agent.accept(customer.called)

    agent.talk.get_by_role("button", name="Resolve").click()
    expect(agent.page.get_by_role("status").filter(has_text="Resolved")).to_be_visible()
    agent.page.get_by_role("button", name="Undo").click()
    expect(agent.talk.get_by_text("You have this conversation")).to_be_visible()

    agent.talk.get_by_role("button", name="Resolve").click()
    customer.say("One more thing")
    expect(agent.page.get_by_text("The customer wrote again")).to_be_visible()
    agent.page.get_by_role("region", name="Yours").get_by_role("button").filter(has_text=customer.called).click()
    agent.talk.get_by_role("button", name="Resolve").click()
    expect(customer.log).to_contain_text("This conversation is closed")

    agent.page.get_by_role("button", name="All conversations").click()
    everything = agent.page.get_by_role("navigation", name="All conversations")
    everything.get_by_label("Search conversations").fill(f"my {word[:-2]}")  # the last word is still being typed
    found = everything.get_by_role("listitem").filter(has_text=customer.called)
    expect(found.locator("mark", has_text=word)).to_be_visible()
    everything.get_by_label("Search conversations").fill(word)
    expect(found).to_contain_text(word)
    expect(found).to_contain_text("Closed")
    everything.get_by_label("State").select_option("With an agent")
    expect(found).to_have_count(0)
    everything.get_by_label("State").select_option("Closed")
    assert accessibility_problems(agent.page) == []
    found.get_by_role("button").click()
    expect(agent.talk.get_by_role("button", name="Reopen")).to_be_visible()
    agent.talk.get_by_role("button", name="Take over").click()
    expect(agent.talk.get_by_text("You have this conversation")).to_be_visible()
    agent.reply("I am back with news.")
    expect(customer.messages("agent").last).to_contain_text("I am back with news.")
