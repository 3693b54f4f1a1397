"""The panel about a customer at the desk, in a real browser: what it shows, edits, conflicts and deletion."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.browser import Agent, Screens, accessibility_problems

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]


def panel_of(agent: Agent) -> Locator:
    """The panel beside the conversation."""
    return agent.page.get_by_role("complementary", name="About this customer")


def test_agents_name_a_customer_and_keep_their_entries_in_a_conflict(screens: Screens) -> None:
    customer, agent, other = screens.customer(), screens.agent(), screens.agent("agent-two@example.com")
    customer.ask_for_a_human()
    agent.accept(customer.called)
    panel = panel_of(agent)
    expect(panel).to_contain_text("Not known yet")
    expect(panel.get_by_role("region", name="Identities")).to_contain_text("Verified by their chat session")
    expect(panel.get_by_role("button", name="Delete customer")).to_have_count(0)
    assert accessibility_problems(agent.page) == []

    other.page.goto(agent.page.url)
    theirs = panel_of(other)
    theirs.get_by_role("button", name="Edit name and language").click()
    theirs.get_by_role("textbox", name="Name").fill("Grace")

    panel.get_by_role("button", name="Edit name and language").press("Enter")
    expect(panel.get_by_role("textbox", name="Name")).to_be_focused()
    agent.page.keyboard.type("Ada Test")
    agent.page.keyboard.press("Enter")
    yours = agent.page.get_by_role("region", name="Yours").get_by_role("listitem")
    expect(yours.filter(has_text="Ada Test")).to_have_count(1)
    expect(panel.get_by_role("button", name="Edit name and language")).to_be_focused()

    theirs.get_by_role("button", name="Save").click()
    expect(theirs.get_by_role("alert")).to_contain_text("Someone else changed this")
    expect(theirs).to_contain_text("Saved by someone else: Ada Test")
    expect(theirs.get_by_role("textbox", name="Name")).to_have_value("Grace")
    assert accessibility_problems(other.page) == []
    theirs.get_by_role("button", name="Save").click()
    expect(theirs.get_by_role("region", name="Customer")).to_contain_text("Grace")

    panel.get_by_role("button", name="Edit subject and priority").click()
    panel.get_by_role("textbox", name="Subject").fill("A lost parcel")
    panel.get_by_role("combobox", name="Priority").select_option("Urgent")
    panel.get_by_role("button", name="Save").click()
    expect(yours.filter(has_text="A lost parcel")).to_contain_text("Urgent priority")
    expect(theirs.get_by_role("region", name="Conversation details")).to_contain_text("Urgent")


def test_an_agent_blocks_a_customer_and_an_admin_deletes_them(screens: Screens) -> None:
    customer, agent = screens.customer(), screens.agent()
    customer.ask_for_a_human()
    agent.accept(customer.called)
    panel = panel_of(agent)
    panel.get_by_role("button", name="Block customer").click()
    expect(panel.get_by_role("button", name="Unblock customer")).to_be_focused()
    panel.get_by_role("button", name="Unblock customer").press("Enter")
    expect(panel.get_by_role("button", name="Block customer", exact=True)).to_be_focused()
    agent.page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(agent.talk.get_by_role("button", name="About this customer")).to_be_focused()

    admin = screens.agent("admin@example.com")
    admin.page.goto(agent.page.url)
    panel = panel_of(admin)
    panel.get_by_role("button", name="Delete customer").click()
    dialog = admin.page.get_by_role("dialog")
    expect(dialog).to_contain_text("every message, note and file")
    expect(dialog.get_by_role("button", name="Keep customer")).to_be_focused()
    assert accessibility_problems(admin.page) == []
    dialog.get_by_role("button", name="Delete for good").click()
    expect(panel).to_contain_text("1 customer record, 1 conversation")
    expect(panel).to_contain_text("Everything is erased.")
