"""The chat on businesses' own pages, in a real browser: other origins, strict policies, hostile pages, phones, languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jwt
import pytest
from playwright.sync_api import Page, expect

from stack.testing_stack import TestStack
from tests.e2e.browser import WAITS, Customer, Screens, accessibility_problems
from tests.e2e.rest import call, signed_in
from tests.e2e.sites import page, serving, snippet

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

QUESTION = "How long is a gift card valid?"
PHONE: dict[str, Any] = {"width": 390, "height": 844, "touch": True}
SECRET = "a secret that the shop shares with Frontdesk"


def strict(gateway: str) -> dict[str, str]:
    """The policy of docs/widget.md, with nothing else allowed."""
    policy = f"default-src 'none'; img-src data:; script-src {gateway}; frame-src {gateway}; base-uri 'none'"
    return {"content-security-policy": policy}


def channel(stack: TestStack, identifier: str, **settings: object) -> str:
    """Another web chat of the demo organization, with settings of its own; its resource name."""
    token = signed_in(stack, "admin@example.com")
    made = {"displayName": "Another shop", "kind": "CHANNEL_KIND_WEB_CHAT", "webChat": settings}
    path = f"organizations/demo/channels?channelId={identifier}&requestId={identifier}"
    return str(call(stack, "POST", path, made, token)["name"])


def opened(page: Page) -> Customer:
    """The chat of a page, opened by its launcher."""
    customer = Customer(page)
    customer.launcher.click()
    expect(customer.panel).to_be_visible()
    return customer


def small_targets(customer: Customer) -> list[str]:
    """The buttons on the screen that a finger could miss: what reacts is smaller than 44 pixels."""
    found = customer.inside.evaluate(
        """() => [...document.querySelectorAll("button")].filter((button) => button.offsetParent).map((button) => {
          const box = button.getBoundingClientRect();
          const more = getComputedStyle(button, "::after");
          const extra = more.content === "none" ? 0 : -2 * parseFloat(more.top);
          return [button.ariaLabel ?? button.textContent, box.width + extra, box.height + extra];
        }).filter(([, width, height]) => width < 44 || height < 44).map(String)"""
    )
    return [str(each) for each in found]


SHIFTS = """Promise.race([
  new Promise((done) => setTimeout(done, 50, 0)),
  new Promise((done) => {
    new PerformanceObserver((list) => done(list.getEntries().length)).observe({ type: "layout-shift", buffered: true });
  }),
])"""
"""How often the page's layout has shifted."""


def test_on_another_origin_under_a_strict_policy_on_a_phone(screens: Screens) -> None:
    with serving(page(snippet(screens.gateway)), strict(screens.gateway)) as origin:
        customer = Customer(screens.page(origin, **PHONE))
        expect(customer.panel).to_be_attached()
        customer.page.wait_for_load_state("networkidle")
        began = customer.page.evaluate("performance.now()")
        customer.launcher.tap()
        expect(customer.log).to_contain_text("welcome to Quillmere")
        took = customer.page.evaluate("performance.now()") - began
        assert took < 3_000, took  # a second on an idle machine
        assert customer.window.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
        expect(customer.page.locator("body")).to_have_attribute("inert", "")
        answer = customer.ask(QUESTION)
        answer.get_by_role("button", name=re.compile("^Source 1: ")).first.tap()
        expect(answer.get_by_role("region", name="Source 1")).to_be_visible()
        assert small_targets(customer) == []
        assert accessibility_problems(customer.inside) == []
        box = customer.field.bounding_box()
        assert box
        assert box["y"] + box["height"] <= 844
        assert customer.page.evaluate(SHIFTS) == 0

        customer.page.reload()
        expect(customer.messages("assistant")).to_have_count(1)
        customer.panel.get_by_role("button", name="Close the chat").tap()
        expect(customer.window).to_be_hidden()
        expect(customer.page.locator("body")).not_to_have_attribute("inert", "")
        expect(customer.launcher).to_be_focused()


HOSTILE_BEFORE = """<script>
  for (const name of ["push", "map", "forEach", "filter", "find", "includes", "indexOf", "join", "slice", "concat", "splice"])
    Array.prototype[name] = () => { throw new Error("patched " + name); };
  Array.prototype[Symbol.iterator] = () => { throw new Error("patched iterator"); };
  Element.prototype.attachShadow = () => { throw new Error("patched attachShadow"); };
  Element.prototype.setAttribute = () => { throw new Error("patched setAttribute"); };
  EventTarget.prototype.addEventListener = () => { throw new Error("patched addEventListener"); };
  JSON.parse = JSON.stringify = () => { throw new Error("patched JSON"); };
  Function.prototype.bind = Function.prototype.call = () => { throw new Error("patched call"); };
  Object.prototype.type = "close";
</script>
<style>
  * { all: unset !important; font: italic 40px cursive !important; color: red !important; transform: rotate(3deg) !important; }
  iframe, div, button { display: none !important; }
</style>"""
HOSTILE_AFTER = """<div style="position: fixed; inset: 0; z-index: 2147483647; background: white">On top</div><script>
  const waiting = setInterval(() => {
    if (!document.querySelector("frontdesk-chat")) return;
    clearInterval(waiting);
    Document.prototype.createElement = () => { throw new Error("patched createElement"); };
    Node.prototype.appendChild = () => { throw new Error("patched appendChild"); };
    window.postMessage = () => { throw new Error("patched postMessage"); };
    window.Frontdesk = Object.freeze(window.Frontdesk);
  }, 20);
</script>"""


def test_a_hostile_page_changes_neither_its_look_nor_its_work(screens: Screens) -> None:
    with serving(page(snippet(screens.gateway), HOSTILE_BEFORE, HOSTILE_AFTER)) as origin:
        customer = opened(screens.page(origin))
        box = customer.launcher.bounding_box()
        assert box == {"x": 1280 - 20 - 60, "y": 820 - 20 - 60, "width": 60, "height": 60}
        window = customer.window.bounding_box()
        assert window
        assert (window["width"], window["height"]) == (408, 672)
        expect(customer.launcher).to_have_css("border-radius", "50%")
        expect(customer.launcher).to_have_css("transform", "none")
        answer = customer.ask(QUESTION)
        expect(answer).to_contain_text("Five years")
        customer.field.press("Escape")
        expect(customer.window).to_be_hidden()
        expect(customer.launcher).to_be_focused()


def test_a_page_that_the_channel_refuses_shows_nothing_and_one_warning(screens: Screens, running_stack: TestStack) -> None:
    name = channel(running_stack, "refusing", allowedOrigins=["https://shop.example"])
    with serving(page(snippet(screens.gateway, name))) as origin:
        customer = Customer(screens.page(origin))
        expect(customer.launcher).to_be_hidden()
    own = [text for text in screens.complaints if text.startswith("Frontdesk: ")]
    assert len(own) == 1, screens.complaints
    assert "allowed origins" in own[0]
    assert all("frame-ancestors" in text or text in own for text in screens.complaints), screens.complaints
    screens.complaints.clear()


@pytest.mark.parametrize(
    ("attribute", "words"),
    [
        ("", "data-channel of its script tag"),
        ("demo/webchat", "data-channel"),
        ("organizations/demo/channels/nope", "the channel exists"),
    ],
)
def test_a_wrong_channel_is_one_warning_in_plain_words(screens: Screens, attribute: str, words: str) -> None:
    with serving(page(snippet(screens.gateway, attribute))) as origin:
        customer = Customer(screens.page(""))
        with customer.page.expect_console_message(lambda message: message.text.startswith("Frontdesk: ")) as warning:
            customer.page.goto(origin)
        assert words in warning.value.text
        expect(customer.launcher).to_be_hidden()
        own = [text for text in screens.complaints if text.startswith("Frontdesk: ")]
        assert len(own) == 1, screens.complaints
        screens.complaints.clear()


def test_arabic_reads_from_right_to_left_and_german_is_german(screens: Screens, tmp_path: Path) -> None:
    with serving(page(snippet(screens.gateway, attributes='data-language="ar"'), language="ar")) as origin:
        customer = opened(screens.page(origin, **PHONE))
        expect(customer.panel).to_have_attribute("aria-label", re.compile("^دردشة مع"))
        assert customer.inside.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]
        customer.field = customer.panel.get_by_label("رسالتك")
        customer.ask(QUESTION)
        assert not customer.inside.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        close = customer.panel.get_by_role("button", name="إغلاق الدردشة").bounding_box()
        assert close
        assert close["x"] < 60
        assert accessibility_problems(customer.inside) == []
    with serving(page(snippet(screens.gateway), language="de")) as origin:
        customer = opened(screens.page(origin, locale="de-AT"))
        expect(customer.panel.get_by_role("button", name="Mit einem Menschen sprechen")).to_be_visible()
        expect(customer.launcher).to_have_attribute("aria-label", "Chat schließen")


def test_the_page_opens_identifies_listens_and_signs_out(screens: Screens, running_stack: TestStack) -> None:
    name = channel(running_stack, "identified", identitySecret=SECRET, greeting="Hello there", title="Another shop")
    token = jwt.encode({"sub": "customer-7", "name": "Ada", "exp": 4102444800}, SECRET, "HS256")
    commands = "['on', 'open', () => { window.wasOpened = true; }], (chat) => chat.on('unread', console.debug)"
    early = f"<script>window.Frontdesk = [['identify', '{token}'], {commands}];</script>"
    with serving(page(snippet(screens.gateway, name), early)) as origin:
        first = Customer(screens.page(origin))
        expect(first.launcher).to_be_visible()
        first.page.evaluate("Frontdesk.open()")
        expect(first.log).to_contain_text("Hello there")
        assert first.page.evaluate("window.wasOpened") is True
        first.ask(QUESTION)
        second = Customer(screens.page(origin))
        expect(second.launcher).to_be_visible()
        second.page.evaluate("Frontdesk.push(['open'])")
        expect(second.messages("customer")).to_have_count(1)
        second.page.evaluate("Frontdesk.logout()")
        expect(second.messages("customer")).to_have_count(0)
        second.page.evaluate("(token) => Frontdesk.identify(token)", token)
        expect(second.messages("customer")).to_have_count(1)
        second.page.evaluate("Frontdesk.close()")
        expect(second.window).to_be_hidden()


def test_a_form_before_the_chat_a_consent_line_and_own_colours(screens: Screens, running_stack: TestStack) -> None:
    name = channel(
        running_stack,
        "formal",
        title="Yellow",
        greeting="Who are you?",
        accentColor="#ffd400",
        position="WIDGET_POSITION_START",
        preChatName="PRE_CHAT_FIELD_REQUIRED",
        preChatEmail="PRE_CHAT_FIELD_OPTIONAL",
        consentText="We keep what you write.",
        consentUri="https://shop.example/privacy",
        suggestions=["Where is it?"],
    )
    with serving(page(snippet(screens.gateway, name))) as origin:
        customer = opened(screens.page(origin))
        expect(customer.launcher).to_have_css("background-color", "rgb(255, 212, 0)")
        box = customer.launcher.bounding_box()
        assert box
        assert box["x"] == 20
        name_field = customer.panel.get_by_label("Name")
        expect(name_field).to_be_focused()
        expect(customer.panel.get_by_role("link", name="We keep what you write.")).to_be_visible()
        assert accessibility_problems(customer.inside) == []
        customer.panel.get_by_role("button", name="Start the chat").click()
        expect(name_field).to_be_focused()
        name_field.fill("Ada")
        customer.page.keyboard.press("Enter")
        expect(customer.field).to_be_focused()
        expect(customer.panel.get_by_role("button", name="Where is it?")).to_be_visible()
        assert accessibility_problems(customer.inside) == []
        customer.say("Hello")
        expect(customer.messages("customer")).to_have_count(1)


def test_waiting_says_the_truth_and_can_be_left(screens: Screens) -> None:
    customer = screens.customer()
    customer.panel.get_by_role("button", name="Talk to a human").click()
    expect(customer.panel.get_by_text(WAITS)).to_be_visible()
    assert accessibility_problems(customer.inside) == []
    customer.panel.get_by_role("button", name=re.compile("Leave the queue")).click()
    expect(customer.panel.get_by_role("button", name="Talk to a human")).to_be_visible()
    answer = customer.ask(QUESTION)
    expect(answer).to_contain_text("Five years")


def test_a_closed_conversation_is_rated_and_the_rating_can_change(screens: Screens) -> None:
    customer, agent = screens.customer(), screens.agent()
    customer.say("Something to rate")
    customer.panel.get_by_role("button", name="Talk to a human").click()
    agent.accept(customer.called)
    agent.reply("Done.")
    agent.talk.get_by_role("button", name="Resolve").click()
    form = customer.panel.get_by_role("form", name="Rating")
    expect(form).to_be_visible()
    form.get_by_role("radio", name="Good", exact=True).check()
    form.get_by_label("Anything you'd like to add?").fill("Quick and kind")
    assert accessibility_problems(customer.inside) == []
    form.get_by_role("button", name="Send rating").click()
    expect(customer.panel.get_by_text("Thank you for your rating.")).to_be_visible()
    customer.page.reload()
    expect(customer.panel.get_by_text("Thank you for your rating.")).to_be_visible()
    customer.panel.get_by_role("button", name="Change").click()
    expect(form.get_by_role("radio", name="Good", exact=True)).to_be_checked()


PLAYS = """(audio) => new Promise((done) => {
  audio.oncanplay = () => done(true);
  audio.onerror = () => done(false);
  audio.load();
})"""


SLOW_3G = {"offline": False, "latency": 2000, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""As the browser's developer tools have it, in ms and bytes a second."""
NOTE_PROGRESS = """() => {
  window.progress = [];
  new MutationObserver(() => {
    const shown = document.querySelector("main form ul [role=status]")?.textContent;
    if (shown && window.progress.at(-1) !== shown) window.progress.push(shown);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def test_a_voice_message_is_recorded_sent_over_slow_3g_and_heard_by_the_agent(screens: Screens) -> None:
    customer = screens.customer()
    record = customer.panel.get_by_role("button", name="Record a voice message")
    record.click()
    expect(customer.panel.get_by_role("alert")).to_contain_text("The browser doesn't allow the microphone")
    customer.page.context.grant_permissions(["microphone"])
    record.click()
    timer = customer.panel.get_by_role("timer")
    expect(timer).to_have_text("0:01")
    customer.panel.get_by_role("button", name="Cancel", exact=True).click()
    expect(customer.panel.get_by_role("list", name="Files to send")).to_have_count(0)
    record.click()
    expect(timer).to_have_text("0:01")
    network = customer.page.context.new_cdp_session(customer.page)
    network.send("Network.emulateNetworkConditions", SLOW_3G)
    customer.inside.evaluate(NOTE_PROGRESS)
    customer.panel.get_by_role("button", name="Done", exact=True).click()
    files = customer.panel.get_by_role("list", name="Files to send")
    expect(files).to_contain_text("Ready", timeout=60_000)
    assert " %" in customer.inside.evaluate("window.progress.join()")
    expect(files.locator("audio")).to_have_attribute("src", re.compile("^blob:"))
    customer.panel.get_by_role("button", name="Send", exact=True).click()
    network.send("Network.emulateNetworkConditions", SLOW_3G | {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
    sound = customer.log.locator(".message audio")
    expect(sound).to_have_attribute("src", re.compile("/v1/media/"))
    assert sound.evaluate(PLAYS)
    agent = screens.agent()
    customer.ask_for_a_human()
    agent.accept(customer.called)
    heard = agent.log.locator(".message audio")
    expect(heard).to_have_attribute("src", re.compile("/v1/media/"))
    assert heard.evaluate(PLAYS)


def test_a_plain_link_leads_to_the_chat_as_a_page_of_its_own(screens: Screens) -> None:
    page = screens.page("/chat/demo/webchat", **PHONE)
    chat = page.get_by_role("main", name="Chat with Quillmere")
    chat.get_by_label("Your message").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(chat.locator(".message[data-role=assistant]")).to_contain_text("Five years")
    expect(chat.get_by_role("button", name="Close the chat")).to_have_count(0)
    expect(page).to_have_title("Quillmere")
    assert accessibility_problems(page) == []
