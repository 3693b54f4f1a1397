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
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Frame, Locator, Page, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

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
    "--use-fake-device-for-media-stream",
]
PATIENCE_MS = 60_000
OPEN_ROOTS = """(() => {
  const { attachShadow } = Element.prototype;
  Element.prototype.attachShadow = function (init) { return attachShadow.call(this, { ...init, mode: "open" }); };
})()"""
"""Opens the launcher's shadow root to the tests: Playwright finds nothing in a closed one."""
WAITS = re.compile("You're in the queue|No agent is online right now")
"""The first words of the chat for a customer who waits for a human: whether an agent is online decides."""
NETWORK = re.compile(r"net::ERR_|Failed to load resource|Frontdesk: the chat's frame shows nothing")


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

    def page(
        self, path: str, *, dark: bool = False, width: int = 1280, height: int = 820, locale: str = "en-GB", touch: bool = False
    ) -> Page:
        """Opens a page of the gateway, or of another origin by its whole address; with an empty path none yet."""
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale=locale,
            has_touch=touch,
            is_mobile=touch,
        )
        return self._page(context, path)

    def page_of_profile(self, profile: Path, path: str) -> Page:
        """Opens a page in a browser of its own, with the settings of a profile's folder."""
        kind = self._browser.browser_type
        return self._page(kind.launch_persistent_context(profile, executable_path=program(), args=ARGUMENTS), path)

    def _page(self, context: BrowserContext, path: str) -> Page:
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        context.add_init_script(OPEN_ROOTS)
        page = context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        if path:
            page.goto(path if "://" in path else self.gateway + path)
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

    def seen(self) -> Iterator[tuple[str, str]]:
        """Each page and frame: its address, and what a screen reader would find there. For a test that failed."""
        for frame in (frame for context in self._contexts for page in context.pages for frame in page.frames):
            try:
                yield frame.url, frame.locator("body").aria_snapshot(timeout=5_000)
            except PlaywrightError as error:
                yield frame.url, str(error)

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
    """The chat on a business's page: the launcher, and the panel in its frame."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.launcher = page.locator("frontdesk-chat button")
        self.window = page.locator("frontdesk-chat iframe")
        self.panel = self.window.content_frame.get_by_role("main")
        self.log = self.panel.get_by_role("log")
        self.conversations = self.panel.get_by_role("navigation", name="Your conversations")
        self.field = self.panel.get_by_label("Your message")

    def open_chat(self) -> None:
        """Opens the panel and waits for the greeting."""
        self.page.get_by_role("button", name=re.compile("Open the chat")).click()
        expect(self.log).to_contain_text("welcome to Quillmere")

    @property
    def inside(self) -> Frame:
        """The frame, to evaluate something in."""
        return next(frame for frame in self.page.frames if "/chat/" in frame.url)

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
        expect(self.panel.get_by_text(WAITS)).to_be_visible()

    @property
    def called(self) -> str:
        """The name that agents see while the customer has none. The first act opens a session: this waits for it."""
        kept = self.page.wait_for_function("localStorage.getItem('frontdesk:organizations/demo/channels/webchat')").json_value()
        customer: str = json.loads(kept)["customer"]
        return f"Customer {customer[-4:]}"


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
        expect(self.talk.get_by_label(re.compile("^(Reply|Note)$"))).to_have_value("")  # after a note the reply is back


WATCH_GROWTH = """() => {
  window.growth = [];
  new MutationObserver(() => {
    const length = document.querySelector("[data-live]")?.textContent.length;
    if (length !== undefined && window.growth.at(-1) !== length) window.growth.push(length);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
"""Notes the length of the answer each time it grows on the screen, in `window.growth`."""

AXE = REPOSITORY / "web" / "node_modules" / "axe-core" / "axe.min.js"


def accessibility_problems(page: Page | Frame) -> list[str]:
    """The violations of WCAG 2.2 A and AA that axe finds in a page or frame as it is now: roles, names, contrast, order."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """async () => {
          const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
          const { violations } = await axe.run(document, { runOnly: { type: "tag", values: tags }, iframes: false });
          return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
        }"""
    )
    return [str(problem) for problem in found]
