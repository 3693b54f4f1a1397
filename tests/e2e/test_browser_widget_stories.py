"""Customers who read, leave and come back, in a real browser: in two tabs, offline, after a session's end, by mails' links."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from stack.testing_stack import TestStack
from tests.e2e.browser import Customer, Screens, accessibility_problems
from tests.e2e.mailbox import mail_server, publish_mail
from tests.e2e.rest import call, signed_in

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

QUESTION = "How long is a gift card valid?"
KEPT = "frontdesk:organizations/demo/channels/webchat"
"""Under this name a browser keeps the session."""
LATE_STORAGE = """(() => {
  const { getItem, setItem, removeItem } = Storage.prototype;
  const known = new Map();
  const look = (learn) => {
    for (const key of Object.keys(localStorage)) {
      const value = getItem.call(localStorage, key);
      if (known.get(key) !== value) learn(key, value);
    }
  };
  look((key, value) => known.set(key, value));
  setInterval(() => look((key, value) => setTimeout(() => known.set(key, value), 500)), 20);
  Storage.prototype.getItem = function (key) {
    return this === localStorage ? known.get(key) ?? null : getItem.call(this, key);
  };
  Storage.prototype.setItem = function (key, value) {
    if (this === localStorage) known.set(key, String(value));
    setItem.call(this, key, value);
  };
  Storage.prototype.removeItem = function (key) {
    if (this === localStorage) known.delete(key);
    removeItem.call(this, key);
  };
})()"""
"""Half a second passes until this page learns what another tab has stored, as between the processes of a busy browser."""


def conversations(stack: TestStack) -> set[str]:
    """The newest conversations of the demo organization, as an admin's list has them."""
    token = signed_in(stack, "admin@example.com")
    found = call(stack, "GET", "organizations/demo/conversations?pageSize=20", token=token)
    return {each["name"] for each in found.get("conversations", [])}


def test_reading_costs_no_conversation_and_two_tabs_begin_one(screens: Screens, running_stack: TestStack) -> None:
    before = conversations(running_stack)
    first = screens.customer()
    expect(first.panel.get_by_role("list", name="Questions others ask").get_by_role("button").first).to_be_visible()
    first.field.fill("Not sent yet")
    first.page.reload()
    expect(first.field).to_have_value("Not sent yet")
    second = Customer(first.page.context.new_page())
    second.page.goto(screens.gateway)
    second.open_chat()
    assert first.page.evaluate("(key) => localStorage.getItem(key)", KEPT) is None
    assert conversations(running_stack) == before

    first.field.press("Enter")
    second.say("From the other tab")
    for each in (first, second):
        expect(each.messages("customer")).to_have_count(2)
    assert len(conversations(running_stack) - before) == 1

    agent = screens.agent()
    first.ask_for_a_human()
    agent.accept(first.called)
    for each in (first, second):
        each.panel.get_by_role("button", name="Close the chat").click()
    agent.reply("One answer")
    for each in (first, second):
        expect(each.page.get_by_role("button", name="Open the chat, 1 new")).to_be_visible()
    first.launcher.click()
    expect(second.page.get_by_role("button", name="Open the chat", exact=True)).to_be_visible()


def test_two_tabs_begin_one_conversation_although_one_learns_late_what_is_stored(screens: Screens) -> None:
    first = screens.customer()
    second = Customer(first.page.context.new_page())
    second.page.add_init_script(LATE_STORAGE)
    second.page.goto(screens.gateway)
    second.open_chat()
    first.say("From one tab")
    second.say("From the other tab")
    for each in (first, second):
        expect(each.messages("customer")).to_have_count(2)


def test_a_session_that_ends_while_the_customer_types_loses_no_word(screens: Screens) -> None:
    screens.network_may_fail = True
    customer = screens.customer()
    customer.page.clock.install()
    customer.page.reload()
    customer.ask(QUESTION)
    customer.page.route("**/SendMessage", lambda route: route.abort())
    customer.say("Half a sentence")
    expect(customer.log).to_contain_text("Half a sentence")
    customer.field.fill("and the rest")
    customer.page.evaluate(
        "(key) => localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage[key]), secret: 'x'.repeat(40) }))", KEPT
    )
    customer.page.clock.fast_forward(570_000)  # its token must be renewed now, which is refused
    customer.inside.evaluate("window.dispatchEvent(new Event('offline'))")  # the watch reconnects, too
    start_again = customer.panel.get_by_role("alert").get_by_role("button", name="Start a new chat")
    expect(start_again).to_be_visible()
    customer.page.unroute("**/SendMessage")
    start_again.click()
    expect(customer.messages("customer")).to_contain_text(["Half a sentence"])
    expect(customer.field).to_have_value("and the rest")
    customer.field.press("Enter")
    expect(customer.messages("customer")).to_contain_text(["Half a sentence", "and the rest"])


def test_messages_that_were_written_offline_leave_once_and_in_order(screens: Screens) -> None:
    screens.network_may_fail = True
    customer = screens.customer()
    customer.page.context.set_offline(True)
    expect(customer.panel.get_by_text("You're offline")).to_be_visible()
    texts = ["First", "Second", "Third"]
    for text in texts:
        customer.say(text)
    customer.page.context.set_offline(False)
    expect(customer.messages("customer")).to_contain_text(texts)
    expect(customer.log.locator(".message[data-role=customer]")).to_have_count(3)


def test_who_waits_alone_leaves_an_address_and_takes_it_back(screens: Screens, running_stack: TestStack) -> None:
    publish_mail(running_stack, "smtp.shop.example")
    try:
        customer = screens.customer()
        customer.ask_for_a_human()
        mail = customer.panel.get_by_role("region", name="Answers by mail")
        mail.get_by_label("Email").fill("ada@shop.example")
        assert accessibility_problems(customer.inside) == []
        mail.get_by_role("button", name="Get the answer by mail").click()
        expect(mail.get_by_role("status")).to_contain_text("Check your inbox.")
        expect(mail).to_contain_text("@shop.example")
        customer.page.reload()
        mail.get_by_role("button", name="Remove my address").click()
        expect(mail.get_by_label("Email")).to_have_value("")
    finally:
        publish_mail(running_stack, "")


def test_an_answer_finds_the_customer_by_mail_after_they_have_left(screens: Screens, running_stack: TestStack) -> None:
    """Costs 12 s: three mails of a real server, each link opened in a browser of its own."""
    with mail_server() as mails:
        publish_mail(running_stack, "127.0.0.1", mails.port)
        try:
            customer = screens.customer()
            customer.say("My parcel is soaking wet")
            customer.ask_for_a_human()
            called = customer.called
            mail = customer.panel.get_by_role("region", name="Answers by mail")
            mail.get_by_label("Email").fill("ada@shop.example")
            mail.get_by_role("button", name="Get the answer by mail").click()
            asked = mails.wait(1)[0]
            customer.page.close()
            agent = screens.agent()
            agent.accept(called)
            agent.reply("We send you a dry one.")
            expect(agent.log).to_contain_text("We send you a dry one.")
            assert len(mails.wait(1)) == 1, "an answer left before its address was confirmed"
            confirming = screens.page(asked.link)
            confirming.get_by_role("button", name="Confirm my address").click()
            expect(confirming.get_by_role("heading", name="Your address is confirmed")).to_be_visible()
            answered = mails.wait(2)[1]
            assert "We send you a dry one." in answered.text
            for each in (asked, answered):
                assert (each.recipient, "soaking wet" in each.text + each.html) == ("ada@shop.example", False)

            resumed = screens.page(answered.link)
            chat = resumed.get_by_role("main", name="Chat with Quillmere")
            expect(chat.get_by_role("log")).to_contain_text("My parcel is soaking wet")
            expect(chat.get_by_role("log")).to_contain_text("We send you a dry one.")
            agent.talk.get_by_role("button", name="Resolve").click()
            chat.get_by_role("button", name=re.compile("Send the conversation to .*shop.example")).click()
            expect(chat.get_by_text("The conversation is on its way to")).to_be_visible()
            transcript = mails.wait(3)[2].text
            assert transcript.index("My parcel is soaking wet") < transcript.index("We send you a dry one.")

            stopping = screens.page(str(answered.message["List-Unsubscribe"]).strip("<>"))
            stopping.get_by_role("button", name="Stop the mails").click()
            expect(stopping.get_by_role("heading", name="The mails have stopped")).to_be_visible()
            expect(stopping.get_by_role("status")).to_contain_text("@shop.example")
        finally:
            publish_mail(running_stack, "")


@pytest.mark.parametrize(
    ("kind", "question", "act"),
    [
        ("#confirm", "Is this your e-mail address?", "Confirm my address"),
        ("#resume", "", ""),
        ("?stop", "Do you want no more mails from this chat?", "Stop the mails"),
    ],
)
def test_a_mails_link_leaves_the_address_bar_and_an_old_one_says_so(
    screens: Screens, kind: str, question: str, act: str
) -> None:
    page = screens.page(f"/chat/demo/webchat{kind}=organizations/demo/mailLinks/gone:{'x' * 43}")
    screens.network_may_fail = True
    if question:
        expect(page.get_by_role("heading", name=question)).to_be_visible()
        expect(page.get_by_role("alert")).to_have_count(0)
        page.get_by_role("button", name=act).click()
    expect(page.get_by_role("alert")).to_contain_text("This link isn't valid any more.")
    assert page.url.endswith("/chat/demo/webchat"), "the link stays in the history"
    assert accessibility_problems(page) == []
    page.get_by_role("button", name="Open the chat").click()
    expect(page.get_by_label("Your message")).to_be_visible()
