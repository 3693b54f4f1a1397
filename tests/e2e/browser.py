"""A customer's and an agent's screen in a real Chromium, as the browser tests use them."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect, sync_playwright

import demo
from stack.home import REPOSITORY

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 60_000
NETWORK = re.compile(r"net::ERR_|Failed to load resource")


def program() -> str | None:
    """The path of the system's Chromium."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium. Where there is none the tests are skipped, but not in CI."""
    if program() is None:
        missing = "The browser tests need Chromium: apt-get install -y chromium"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=ARGUMENTS)
        yield browser
        browser.close()


class Screens:
    """Opens screens, each in a browser profile of its own, and collects their consoles' complaints."""

    def __init__(self, browser: Browser, gateway: str) -> None:
        self.gateway = gateway
        self.complaints: list[str] = []
        self.network_may_fail = False
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def page(self, path: str, *, dark: bool = False, width: int = 1280, height: int = 820) -> Page:
        """Opens a page of the gateway; with an empty path none yet."""
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-GB",
        )
        return self._page(context, path)

    def page_of_profile(self, profile: Path, path: str) -> Page:
        """Opens a page in a browser of its own, with the settings of a profile's folder."""
        kind = self._browser.browser_type
        return self._page(kind.launch_persistent_context(profile, executable_path=program(), args=ARGUMENTS), path)

    def _page(self, context: BrowserContext, path: str) -> Page:
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        if path:
            page.goto(self.gateway + path)
        return page

    def customer(self, *, dark: bool = False, width: int = 1280, height: int = 820, open_chat: bool = True) -> Customer:
        """A new customer on the shop's page."""
        customer = Customer(self.page("/", dark=dark, width=width, height=height))
        if open_chat:
            customer.open_chat()
        return customer

    def agent(self, email: str = "agent@example.com", *, dark: bool = False, width: int = 1280) -> Agent:
        """A demo agent, signed in."""
        agent = Agent(self.page("/agent/", dark=dark, width=width))
        agent.sign_in(email, demo.DEMO_PASSWORD)
        expect(agent.page.get_by_role("heading", name="Waiting")).to_be_visible()
        return agent

    def close(self) -> None:
        """Closes all of them."""
        for context in self._contexts:
            context.close()

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if not (self.network_may_fail and NETWORK.search(message.text)):
            self.complaints.append(message.text)


def attach(screen: Locator, name: str, media_type: str, content: bytes, ready: bool = True) -> None:
    """Chooses a file in a screen's composer, and waits until it is uploaded if it can be."""
    screen.locator("input[type=file]").set_input_files({"name": name, "mimeType": media_type, "buffer": content})
    if ready:
        expect(screen.get_by_role("list", name="Files to send")).to_contain_text("Ready")


class Customer:
    """The chat on the shop's page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.panel = page.get_by_role("dialog", name="Chat with Quillmere")
        self.log = self.panel.get_by_role("log")
        self.conversations = self.panel.get_by_role("navigation", name="Your conversations")
        self.field = self.panel.get_by_label("Your message")

    def open_chat(self) -> None:
        """Opens the panel and waits for the greeting."""
        self.page.get_by_role("button", name=re.compile("Open the chat")).click()
        expect(self.log).to_contain_text("welcome to Quillmere")

    def say(self, text: str) -> None:
        """Writes a message and sends it with Enter."""
        self.field.fill(text)
        self.field.press("Enter")

    def messages(self, role: str) -> Locator:
        """The messages of `customer`, `assistant` or `agent` that are in the history."""
        return self.log.locator(f".message[data-role={role}]")

    def ask(self, question: str) -> Locator:
        """Asks, and returns the answer once it is complete."""
        before = self.messages("assistant").count()
        self.say(question)
        answer = self.messages("assistant").nth(before)
        expect(answer).to_be_visible()
        return answer

    def ask_for_a_human(self) -> None:
        """Presses the button and waits until the chat confirms it."""
        self.panel.get_by_role("button", name="Talk to a human").click()
        expect(self.panel.get_by_text("You're in the queue")).to_be_visible()

    @property
    def called(self) -> str:
        """The agents' name for this customer, who has given none."""
        kept = self.page.evaluate("localStorage.getItem('frontdesk:organizations/demo/channels/webchat')")
        conversation: str = json.loads(kept)["conversation"]
        return f"Customer {conversation[-4:]}"


class Agent:
    """The agents' page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.talk = page.get_by_role("region", name="Conversation", exact=True)
        self.log = self.talk.get_by_role("log")

    def sign_in(self, email: str, password: str) -> None:
        """Fills in the form; the organization is there already."""
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()

    def accept_button(self, customer: str) -> Locator:
        """The button beside a waiting customer."""
        return self.page.get_by_role("button", name=f"Accept {customer}")

    def accept(self, customer: str) -> None:
        """Takes a customer's conversation from the queue."""
        self.accept_button(customer).click()
        expect(self.talk.get_by_text("You have this conversation")).to_be_visible()

    def reply(self, text: str) -> None:
        """Answers the customer."""
        self.talk.get_by_role("button", name="Reply to the customer").click()
        self._write("Reply", text)

    def note(self, text: str) -> None:
        """Leaves a note for other agents."""
        self.talk.get_by_role("button", name="Note, for agents only").click()
        self._write("Note", text)

    def _write(self, label: str, text: str) -> None:
        field = self.talk.get_by_label(label, exact=True)
        field.fill(text)
        field.press("Enter")
        expect(field).to_have_value("")


WATCH_GROWTH = """() => {
  window.growth = [];
  new MutationObserver(() => {
    const length = document.querySelector("[data-live]")?.textContent.length;
    if (length !== undefined && window.growth.at(-1) !== length) window.growth.push(length);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
"""Notes the length of the answer each time it grows on the screen, in `window.growth`."""

AXE = REPOSITORY / "web" / "node_modules" / "axe-core" / "axe.min.js"


def accessibility_problems(page: Page) -> list[str]:
    """The violations of WCAG 2.2 A and AA that axe finds on the present page: roles, names, contrast, order."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """async () => {
          const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
          const { violations } = await axe.run(document, { runOnly: { type: "tag", values: tags } });
          return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
        }"""
    )
    return [str(problem) for problem in found]
