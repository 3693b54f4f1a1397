"""From zero to a chat on one's own site, as docs/fifteen-minutes.md tells it: by clicks and typing at a person's speed.

Nothing here calls the API on its own, or runs a command after `frontdesk up`. With `FRONTDESK_SCREENS=docs/screens` it also
makes the pictures in docs/screens, light and dark.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from stack.testing_stack import TestStack
from tests.e2e.browser import Customer, Screens, accessibility_problems
from tests.e2e.model import Model, running_model
from tests.e2e.sites import page as site
from tests.e2e.sites import serving
from tests.e2e.test_browser_admin import totp

pytestmark = [pytest.mark.servers, pytest.mark.timeout(600)]

KEY_MS = 60
"""Between two keys: about the speed of a fast typist."""
LIMIT_SECONDS = 15 * 60
EMAIL = "owner@bulb.example"
PASSWORD = "lantern moss quiet river"
COLLEAGUES_PASSWORD = "gravel tulip seven ponds"
DELIVERY = """# Delivery

We deliver bulbs within three working days. Delivery costs 4.90 euros, and nothing above 50 euros.
"""
RETURNS = """# Returns

Send plants back within 14 days. We pay the parcel. The refund comes within five working days.
"""
SHOP = "<h1>Our garden shop</h1><p>The garden shop in the old mill opens from Tuesday to Saturday.</p>"
HELP_CENTRE = {"delivery.md": DELIVERY, "returns.md": RETURNS, "shop.html": SHOP}
ANSWER = "Delivery costs 4.90 euros, and nothing above 50 euros [1]."
"""The model's answer to every question."""


@pytest.fixture
def model() -> Iterator[Model]:
    """The model that the business connects."""
    with running_model() as running:
        running.says = ANSWER
        yield running


@pytest.fixture
def started() -> Iterator[TestStack]:
    """A Frontdesk that was just started, without the demo."""
    stack = TestStack({"FRONTDESK_DEMO": "false", "FRONTDESK_FETCH_ALLOW": "127.0.0.1/32"})
    yield stack.wait()
    stack.close()


def write(field: Locator, text: str) -> None:
    """Types a text as a person does."""
    field.click()
    field.press_sequentially(text, delay=KEY_MS)


def picture(page: Page, name: str) -> None:
    """Keeps a picture of a screen, light and dark, if pictures are wanted."""
    folder = os.environ.get("FRONTDESK_SCREENS")
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.screenshot(path=Path(folder) / f"{name}-{scheme}.png")


def save_draft(page: Page) -> None:
    """Saves a setting's draft, and waits until it is there."""
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("button", name="Save draft")).to_have_count(0)


def step(page: Page, title: str) -> Locator:
    """A step of the list on the first page."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Get started").click()
    return page.get_by_role("listitem").filter(has_text=title)


def test_from_zero_to_ones_own_site(started: TestStack, browser: Browser, model: Model, tmp_path: Path) -> None:
    screens, began = Screens(browser, started.gateway), time.monotonic()
    link = re.search(r"https?://\S+#setup=\S+", started.output.read_text())
    assert link, started.output.read_text()
    a_wrong_link_says_so(screens)
    page = screens.page(link[0], width=1280, height=800)

    create_the_organization(page)
    load_the_help_centre(page, tmp_path)
    name_the_assistant_and_connect_a_model(page, model)
    line = set_up_the_chat(page)
    with serving(site(line)) as origin:
        customer = Customer(screens.page(origin))
        ask_on_the_own_site(customer)
        colleague = invite_a_colleague(page, screens)
        talk_to_the_colleague(customer, colleague)
    read_what_customers_ask(page)
    took = time.monotonic() - began
    print(f"\nFrom the set-up link to reading what customers ask: {took:.0f} s at {KEY_MS} ms a key")
    assert took < LIMIT_SECONDS
    require_a_second_factor(page)
    screens.close()
    assert screens.complaints == []


def a_wrong_link_says_so(screens: Screens) -> None:
    """Someone lost a part of the link."""
    screens.network_may_fail = True
    page = screens.page(f"{screens.gateway}/admin/#setup={'x' * 43}")
    expect(page.get_by_role("heading", level=1)).to_have_text("This link doesn't work")
    page.get_by_role("button", name="Go to sign-in").click()
    expect(page.get_by_label("Password")).to_be_visible()
    page.close()


def create_the_organization(page: Page) -> None:
    """Step 1: the link that `make up` prints, opened on a phone."""
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome to Frontdesk")
    assert "#" not in page.url, "the link stays in the address bar"
    assert accessibility_problems(page) == []
    write(page.get_by_label("Name of your organization"), "Bulb & Barrow")
    expect(page.get_by_label("Its id")).to_have_value("bulb-barrow")
    write(page.get_by_label("Your name"), "Owner")
    write(page.get_by_label("Your e-mail"), EMAIL)
    write(page.get_by_label("A password"), "password12")
    page.get_by_role("button", name="Create organization").click()
    expect(page.get_by_role("alert")).to_contain_text("easy to guess")
    page.get_by_label("A password").clear()
    write(page.get_by_label("A password"), PASSWORD)
    page.get_by_role("button", name="Create organization").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Get started")
    expect(page.get_by_role("listitem").filter(has_text="Load your knowledge")).to_contain_text("to do")
    assert accessibility_problems(page) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    picture(page, "get-started")


def load_the_help_centre(page: Page, folder: Path) -> None:
    """Step 2: files, and a text."""
    files = [folder / name for name in HELP_CENTRE]
    for file in files:
        file.write_text(HELP_CENTRE[file.name])
    step(page, "Load your knowledge").get_by_role("link").click()
    page.get_by_label("Files to upload").set_input_files(files)
    expect(page.get_by_role("row").filter(has_text="Ready")).to_have_count(len(files))
    picture(page, "knowledge")
    page.get_by_role("button", name="Write text").click()
    dialog = page.get_by_role("dialog")
    write(dialog.get_by_label("Title"), "Watering")
    write(dialog.get_by_label("Text", exact=True), "Water tulips twice a week until they flower.")
    dialog.get_by_role("button", name="Add", exact=False).last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Watering")
    expect(page.get_by_text("Ready", exact=True).first).to_be_visible()


def name_the_assistant_and_connect_a_model(page: Page, model: Model) -> None:
    """Step 3: a name, a model with its key, a test, a try, and publishing."""
    step(page, "Set up the assistant").get_by_role("link").click()
    write(page.get_by_label("Name", exact=True), "Fern")
    save_draft(page)
    page.get_by_role("link", name="Models and keys").click()
    page.get_by_role("button", name="Add model").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("A model on your own machines").click()
    write(dialog.get_by_label("Base URL"), model.url)
    write(dialog.get_by_label("Model", exact=True), "small-model")
    dialog.get_by_role("button", name="Test", exact=True).click()
    expect(dialog.get_by_role("status")).to_contain_text("It works")
    dialog.get_by_role("button", name="Add model").click()
    save_draft(page)
    write(page.get_by_label("Question"), "What does delivery cost?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("paragraph").filter(has_text="nothing above 50 euros").first).to_be_visible()
    picture(page, "assistant")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published", exact=False).first).to_be_visible()


def set_up_the_chat(page: Page) -> str:
    """Step 4: a web chat with a greeting; the line for the site."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Channels").click()
    page.get_by_role("button", name="Add channel").first.click()
    dialog = page.get_by_role("dialog")
    write(dialog.get_by_label("Name"), "Bulb chat")
    dialog.get_by_role("button", name="Add channel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bulb chat")
    write(page.get_by_label("Greeting"), "Ask us anything about bulbs.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved").first).to_be_visible()
    picture(page, "channel")
    return page.get_by_label("Line for your site", exact=True).inner_text().strip()


def ask_on_the_own_site(customer: Customer) -> None:
    """Step 5: the line is on the site, and a visitor asks."""
    customer.launcher.click()
    expect(customer.log).to_contain_text("Ask us anything about bulbs.")
    write(customer.field, "What does delivery cost?")
    customer.field.press("Enter")
    answer = customer.messages("assistant").first
    expect(answer).to_contain_text("nothing above 50 euros")
    expect(answer).to_contain_text("Fern")
    expect(answer.get_by_role("list", name="Sources")).to_contain_text("Delivery")
    picture(customer.page, "chat")


def invite_a_colleague(page: Page, screens: Screens) -> Page:
    """Step 6: a link for a colleague, who joins and goes to the desk."""
    step(page, "Invite a colleague").get_by_role("link").click()
    dialog = page.get_by_role("dialog")
    write(dialog.get_by_label("E-mail"), "colleague@bulb.example")
    dialog.get_by_role("button", name="Invite", exact=True).click()
    link = dialog.get_by_label("Link", exact=True).inner_text().strip()
    dialog.get_by_role("button", name="Done").click()
    colleague = screens.page(link)
    write(colleague.get_by_label("Your name"), "Colleague")
    write(colleague.get_by_label("A password"), COLLEAGUES_PASSWORD)
    colleague.get_by_role("button", name="Join").click()
    colleague.get_by_role("link", name="Answer customers").click()
    return colleague


def talk_to_the_colleague(customer: Customer, colleague: Page) -> None:
    """Step 7: the visitor asks for a human, and the colleague answers."""
    if colleague.get_by_label("Organization").count():
        write(colleague.get_by_label("E-mail"), "colleague@bulb.example")
        write(colleague.get_by_label("Password"), COLLEAGUES_PASSWORD)
        colleague.get_by_role("button", name="Sign in").click()
    colleague.get_by_role("radio", name="Online").check(force=True)
    customer.ask_for_a_human()
    colleague.get_by_role("button", name=re.compile("^Accept ")).click()
    write(colleague.get_by_label("Reply", exact=True), "Hello, I am a person.")
    colleague.get_by_label("Reply", exact=True).press("Enter")
    expect(customer.messages("agent")).to_contain_text("Hello, I am a person.")
    picture(colleague, "desk")


def read_what_customers_ask(page: Page) -> None:
    """Step 8: the owner reads the conversation."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Conversations").click()
    row = page.get_by_role("row").filter(has_text=re.compile("person|delivery", re.I)).first
    row.get_by_role("link").click()
    expect(page.get_by_role("log").or_(page.get_by_role("main")).first).to_contain_text("What does delivery cost?")
    picture(page, "conversation")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Overview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    picture(page, "overview")


def require_a_second_factor(page: Page) -> None:
    """Later: the owner asks everyone for a second factor, and is the first to set one up, on a phone."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Sign-in").click()
    page.get_by_text("Require a second factor", exact=True).click()
    save_draft(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    with page.expect_response("**/PublishSetting"):
        page.get_by_role("dialog").get_by_role("button", name="Publish").click()

    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()  # the session has ended
    expect(page.get_by_label("Organization")).to_have_value("bulb-barrow")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    assert accessibility_problems(page) == []
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    page.get_by_label("Code", exact=True).fill(totp(page.locator("code").inner_text()))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("list", name="Recovery codes").get_by_role("listitem")).to_have_count(10)
    assert accessibility_problems(page) == []
    page.get_by_role("button", name="I have kept them").click()
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name=re.compile("Profile and sign-out")).click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_label("Organization")).to_have_value("bulb-barrow")
