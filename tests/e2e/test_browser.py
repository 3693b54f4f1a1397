"""The web pages in a real browser, on the whole stack: customers chat, agents answer."""

from __future__ import annotations

import base64
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from frontdesk.agent import v1 as agent_pb
from playwright.sync_api import Request, expect

import demo
from stack.testing_stack import TestStack
from tests.e2e.browser import WAITS, WATCH_GROWTH, Agent, Customer, Screens, attach

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

QUESTION = "How long is a gift card valid?"
PICTURE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
"""One pixel."""


def test_an_answer_grows_word_by_word_and_shows_its_sources(screens: Screens) -> None:
    customer = screens.customer()
    answer = customer.ask(QUESTION)
    expect(answer).to_contain_text("Five years")

    most = 0
    for question in ("What does a repair cost?", "How long does a refund take?", "How do I return a parcel?"):
        customer.inside.evaluate(WATCH_GROWTH)
        customer.ask(question)
        growth = customer.inside.evaluate("window.growth")
        assert growth == sorted(growth), "text was taken back although there was one attempt"
        if (most := max(most, len(growth))) > 5:
            break  # an answer is written in less than a second: a busy machine shows some of them at once
    assert most > 5

    mark = answer.get_by_role("button", name=re.compile(r"^Source 1: ")).first
    expect(mark).to_have_attribute("aria-expanded", "false")
    mark.click()
    expect(mark).to_have_attribute("aria-expanded", "true")
    passage = answer.get_by_role("region", name="Source 1")
    title = passage.get_by_role("heading").inner_text()
    article = next(article for article in demo.articles() if article.title == title)
    first_words = " ".join(passage.locator(".prose").inner_text().split()[:3])
    assert first_words in " ".join(article.text.replace("*", "").split())

    answer.get_by_role("list", name="Sources").get_by_role("button").first.click()
    expect(passage).to_have_count(0)


def test_a_suggested_question_on_the_page_opens_the_chat_and_is_answered(screens: Screens) -> None:
    customer = screens.customer(open_chat=False)
    customer.page.get_by_role("button", name=re.compile("What does a repair cost")).click()
    expect(customer.messages("customer")).to_have_text(re.compile("What does a repair cost"))
    expect(customer.messages("assistant")).to_contain_text("€")
    expect(customer.panel.get_by_text("No language model is connected")).to_be_visible()


def test_an_agent_takes_over_and_the_customer_sees_no_seam(screens: Screens) -> None:
    customer, agent = screens.customer(), screens.agent()
    customer.ask(QUESTION)
    customer.ask_for_a_human()
    name = customer.called
    agent.accept(name)

    expect(agent.log).to_contain_text(QUESTION)
    expect(agent.log.get_by_role("list", name="Sources")).to_be_visible()
    expect(customer.panel.get_by_text(re.compile("You're talking to .?Demo Agent"))).to_be_visible()

    customer.field.press_sequentially("It is", delay=10)
    expect(agent.log.get_by_role("img", name="The customer is typing")).to_be_visible()
    customer.say("It is about order 4711")
    expect(agent.log).to_contain_text("It is about order 4711")

    agent.note("Has written twice before")
    agent.reply("Hello, I am looking into it.\nOne moment, please.")
    expect(customer.messages("agent")).to_contain_text("Hello, I am looking into it.")
    expect(customer.log).to_contain_text("Demo Agent joined the conversation")
    expect(agent.log).to_contain_text("Has written twice before")
    expect(customer.log).not_to_contain_text("Has written twice before")
    expect(customer.messages("assistant")).to_have_count(1)

    agent.page.reload()
    expect(agent.talk.get_by_text("You have this conversation")).to_be_visible()
    expect(agent.log).to_contain_text("Has written twice before")

    agent.talk.get_by_role("button", name="Return to assistant").click()
    expect(customer.panel.get_by_text("Assistant, quotes our help pages")).to_be_visible()
    answer = customer.ask("How long does standard shipping to Germany take?")
    expect(answer).to_contain_text("working days")


def test_a_resolved_conversation_is_closed_and_opens_again_with_the_next_message(screens: Screens) -> None:
    customer, agent = screens.customer(), screens.agent()
    customer.ask_for_a_human()
    agent.accept(customer.called)
    agent.reply("Done.")
    agent.talk.get_by_role("button", name="Resolve").click()
    expect(customer.log).to_contain_text("This conversation is closed")
    customer.ask(QUESTION)
    expect(customer.log).not_to_contain_text("This conversation is closed")


def test_a_reload_keeps_conversation_panel_and_unfinished_text(screens: Screens) -> None:
    customer = screens.customer()
    customer.ask(QUESTION)
    said = customer.log.locator(".message").all_inner_texts()
    customer.field.fill("And what if I have")
    customer.page.reload()

    expect(customer.field).to_have_value("And what if I have")
    expect(customer.messages("assistant")).to_have_count(1)
    assert customer.log.locator(".message").all_inner_texts() == said
    expect(customer.log.get_by_role("list", name="Sources")).to_be_visible()
    customer.ask("What does a return cost?")


def test_a_customer_starts_another_conversation_and_comes_back_to_an_older_one_by_keyboard(screens: Screens) -> None:
    customer = screens.customer()
    customer.ask(QUESTION)
    customer.panel.get_by_role("button", name="Start a new chat").click()
    expect(customer.log.locator(".message")).to_have_count(0)
    expect(customer.log).to_contain_text("welcome to Quillmere")
    expect(customer.field).to_be_focused()
    customer.ask("What does a repair cost?")
    customer.field.fill("An unfinished")

    customer.panel.get_by_role("button", name="Your conversations").press("Enter")
    rows = customer.conversations.get_by_role("listitem").get_by_role("button")
    expect(rows).to_have_count(2)
    expect(customer.conversations.get_by_role("heading")).to_be_focused()
    expect(rows.first).to_have_attribute("aria-current", "true")
    keyboard = customer.page.keyboard
    for _ in range(3):  # past "New conversation" and the first row
        keyboard.press("Tab")
    expect(rows.nth(1)).to_be_focused()
    keyboard.press("Enter")
    expect(customer.messages("customer")).to_have_text(re.compile("How long is a gift card"))
    expect(customer.field).to_be_focused()
    expect(customer.field).to_have_value("")
    customer.ask("And what does it cost?")

    customer.page.reload()
    expect(customer.messages("customer")).to_have_count(2)
    customer.panel.get_by_role("button", name="Your conversations").click()
    expect(rows.first).to_have_attribute("aria-current", "true")
    rows.nth(1).click()
    expect(customer.messages("customer")).to_have_text(re.compile("What does a repair cost"))
    expect(customer.field).to_have_value("An unfinished")

    customer.panel.get_by_role("button", name="Your conversations").click()
    expect(customer.conversations).to_be_visible()
    keyboard.press("Escape")
    expect(customer.conversations).to_have_count(0)
    expect(customer.field).to_be_focused()


def test_a_message_that_is_not_sent_yet_leaves_though_another_conversation_is_shown(screens: Screens) -> None:
    screens.network_may_fail = True
    customer = screens.customer()
    customer.ask(QUESTION)
    customer.panel.get_by_role("button", name="Start a new chat").click()
    expect(customer.log.locator(".message")).to_have_count(0)
    customer.page.context.set_offline(True)
    customer.say("Said while offline")
    customer.panel.get_by_role("button", name="Your conversations").click()
    customer.page.context.set_offline(False)
    rows = customer.conversations.get_by_role("listitem").get_by_role("button")
    expect(rows).to_have_count(2)
    other = customer.conversations.locator("button[aria-current=false]")
    other.click()
    expect(customer.messages("customer")).to_have_text(re.compile("How long is a gift card"))
    customer.panel.get_by_role("button", name="Your conversations").click()
    other.click()
    expect(customer.messages("customer")).to_have_text(re.compile("Said while offline"))


def test_two_tabs_of_one_browser_share_a_session_and_each_shows_a_conversation(screens: Screens) -> None:
    first = screens.customer()
    first.ask(QUESTION)
    second = Customer(first.page.context.new_page())
    second.page.goto(screens.gateway)
    second.page.get_by_role("button", name=re.compile("Open the chat")).click()
    expect(second.messages("assistant")).to_have_count(1)
    second.say("What does a return cost?")
    expect(first.messages("assistant")).to_have_count(2)

    second.panel.get_by_role("button", name="Start a new chat").click()
    expect(second.log.locator(".message")).to_have_count(0)
    second.ask(QUESTION)
    expect(second.messages("customer")).to_have_count(1)
    expect(first.messages("customer")).to_have_count(2)
    first.page.reload()
    expect(first.messages("customer")).to_have_count(2)


def test_a_session_that_has_ended_is_replaced_without_a_word(screens: Screens) -> None:
    customer = screens.customer()
    customer.ask(QUESTION)
    key = "frontdesk:organizations/demo/channels/webchat"
    customer.page.evaluate(
        "(key) => localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage[key]), secret: 'x'.repeat(40) }))", key
    )
    customer.page.reload()
    expect(customer.log).to_contain_text("welcome to Quillmere")
    expect(customer.log.locator(".message")).to_have_count(0)
    customer.ask(QUESTION)


def test_a_session_that_ends_with_an_unsent_message_loses_nothing(screens: Screens) -> None:
    screens.network_may_fail = True
    customer = screens.customer()
    customer.ask(QUESTION)
    customer.page.route("**/SendMessage", lambda route: route.abort())
    customer.say("What does a repair cost?")
    expect(customer.log).to_contain_text("What does a repair cost?")
    key = "frontdesk:organizations/demo/channels/webchat"
    customer.page.evaluate(
        "(key) => localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage[key]), secret: 'x'.repeat(40) }))", key
    )
    customer.page.reload()
    expect(customer.log).to_contain_text("What does a repair cost?")
    customer.page.unroute("**/SendMessage")
    expect(customer.messages("customer")).to_have_text(re.compile("What does a repair cost"))
    expect(customer.messages("assistant")).to_have_count(1)


def test_an_agent_sees_the_customers_other_conversations(screens: Screens) -> None:
    customer, agent = screens.customer(), screens.agent()
    customer.ask(QUESTION)
    customer.panel.get_by_role("button", name="Start a new chat").click()
    expect(customer.log.locator(".message")).to_have_count(0)
    customer.say("Another matter")
    customer.ask_for_a_human()
    agent.accept(customer.called)
    agent.talk.get_by_role("button", name="Conversations of this customer").press("Enter")
    rows = agent.talk.get_by_role("navigation", name="Conversations of this customer").get_by_role("button")
    expect(rows).to_have_count(2)
    agent.talk.locator("nav button[aria-current=false]").click()
    expect(agent.log).to_contain_text(QUESTION)
    expect(agent.log).not_to_contain_text("Another matter")


def test_answers_that_come_while_the_panel_is_closed_are_counted(screens: Screens) -> None:
    customer, agent = screens.customer(), screens.agent()
    customer.ask_for_a_human()
    agent.accept(customer.called)
    customer.panel.get_by_role("button", name="Close the chat").click()
    agent.reply("Are you still there?")
    launcher = customer.page.get_by_role("button", name="Open the chat, 1 new")
    expect(launcher).to_be_visible()
    expect(customer.page).to_have_title("(1) Quillmere: made for weather")
    customer.page.reload()
    launcher.click()
    expect(customer.page).to_have_title("Quillmere: made for weather")
    expect(customer.messages("agent")).to_have_text(re.compile("Are you still there"))
    customer.say("Yes")
    expect(agent.page.get_by_role("button", name=re.compile(f"{customer.called}.*1 unanswered"))).to_be_visible()
    expect(agent.page).to_have_title(re.compile(r"^\(\d+\) Frontdesk for agents$"))


def test_of_two_agents_who_accept_at_once_one_wins_and_the_other_sees_the_winner(screens: Screens) -> None:
    customer = screens.customer()
    agents = {"Demo Agent": screens.agent(), "Second Demo Agent": screens.agent("agent-two@example.com")}
    customer.ask_for_a_human()
    name = customer.called
    for agent in agents.values():
        expect(agent.accept_button(name)).to_be_visible()
    when = customer.page.evaluate("Date.now() + 1000")
    press = "(button, when) => void setTimeout(() => button.click(), when - Date.now())"  # prose: allow void (JavaScript)
    for agent in agents.values():
        agent.accept_button(name).evaluate(press, when)

    banner = customer.panel.get_by_text(re.compile("You're talking to"))
    expect(banner).to_be_visible()
    winner = banner.inner_text().removeprefix("You're talking to ").strip("\u2068\u2069")
    loser = next(each for each in agents if each != winner)
    expect(agents[winner].talk.get_by_text("You have this conversation")).to_be_visible()
    notice = re.compile(f"^.?{winner}.? (was faster and has this conversation|accepted a waiting conversation)")
    expect(agents[loser].page.get_by_text(notice)).to_be_visible()
    expect(agents[loser].accept_button(name)).to_have_count(0)
    expect(agents[loser].page.get_by_role("button", name=re.compile(f"^{name}"))).to_have_count(0)


def test_the_line_about_a_joining_agent_stays_at_its_time(screens: Screens) -> None:
    customer, agent = screens.customer(), screens.agent()
    before, after = "Line one of mine", "Line two of mine"
    customer.say(before)
    customer.ask_for_a_human()
    agent.accept(customer.called)
    joined = "Demo Agent joined the conversation"
    expect(customer.log).to_contain_text(joined)
    customer.say(after)
    agent.note("A note")
    for log in (customer.log, agent.log):
        expect(log.locator(".message", has_text=after)).to_be_visible()
        rows = log.locator("li").all_inner_texts()
        at = [next(number for number, row in enumerate(rows) if text in row) for text in (before, joined, after)]
        assert at == sorted(at), rows
        expect(log.get_by_text(joined)).to_have_count(1)


def test_earlier_messages_are_added_above_the_visible_ones(screens: Screens) -> None:
    customer, agent = screens.customer(), screens.agent()
    customer.ask_for_a_human()
    agent.accept(customer.called)
    for number in range(1, 61):
        agent.reply(f"Reply {number}.")
    expect(customer.messages("agent")).to_have_count(60)
    place = "(message) => message.getBoundingClientRect().bottom"
    agent.page.reload()
    customer.page.reload()
    for log in (agent.log, customer.log):
        expect(log.locator(".message")).to_have_count(50)
        expect(log).not_to_contain_text("joined the conversation")
        log.evaluate("(log) => { log.scrollTop = 0 }")
        read = log.locator(".message", has_text="Reply 11.")
        before = read.evaluate(place)
        log.get_by_role("button", name="Show earlier messages").click()
        expect(log.locator(".message")).to_have_count(60)
        assert read.evaluate(place) == pytest.approx(before, abs=2)
        rows = log.locator("li").all_inner_texts()
        joined, first = (next(at for at, row in enumerate(rows) if text in row) for text in ("joined the", "Reply 1."))
        assert joined + 1 == first, rows[:5]


def test_the_desk_never_says_that_no_one_waits_while_a_customer_does(screens: Screens) -> None:
    customer, other, agent = screens.customer(), screens.customer(), screens.agent()
    for each in (customer, other):
        each.ask_for_a_human()
        agent.accept(each.called)
    customer.say("Are you there?")
    expect(agent.page.get_by_role("button", name=re.compile(f"{customer.called}.*unanswered"))).to_be_visible()
    agent.talk.get_by_role("button", name="Resolve").click()
    desk = agent.page.get_by_role("main")
    expect(desk.get_by_text(re.compile("waiting for your reply"))).to_be_visible()
    expect(desk.get_by_text("No one waiting")).to_have_count(0)


def test_a_wrong_password_is_answered_with_a_sentence(screens: Screens) -> None:
    agent = Agent(screens.page("/agent/"))
    agent.sign_in("agent@example.com", "not the password")
    expect(agent.page.get_by_role("alert")).to_have_text("Wrong organization, email or password.")
    expect(agent.page.get_by_label("Password")).to_be_focused()
    agent.sign_in("agent@example.com", demo.DEMO_PASSWORD)
    expect(agent.page.get_by_text("Demo Agent")).to_be_visible()


def test_a_user_without_the_permission_reads_that_and_nothing_else(screens: Screens) -> None:
    viewer = Agent(screens.page("/agent/"))
    viewer.sign_in("viewer@example.com", demo.DEMO_PASSWORD)
    expect(viewer.page.get_by_role("alert")).to_contain_text("Your role doesn't allow this (agent.inbox.read).")
    expect(viewer.page.get_by_role("heading", name="Waiting")).to_have_count(0)


def chose(request: Request, state: agent_pb.PresenceState) -> bool:
    """Whether it is the call in which an agent chose a state, framed as gRPC-web does."""
    if not request.url.endswith("/SetPresence"):
        return False
    return agent_pb.SetPresenceRequest.FromString((request.post_data_buffer or b"")[5:]).state == state


def test_signing_out_ends_the_session_and_the_presence(screens: Screens) -> None:
    agent, colleague = screens.agent(), screens.agent("agent-two@example.com")
    expect(agent.page.get_by_role("radio", name="Online")).to_be_checked()
    with agent.page.expect_response(lambda response: chose(response.request, agent_pb.PRESENCE_STATE_AWAY)):
        agent.page.get_by_text("Away", exact=True).click()
    agent.page.reload()
    expect(agent.page.get_by_role("radio", name="Away")).to_be_checked()
    agent.page.get_by_role("button", name="Sign out").click()
    expect(agent.page.get_by_role("button", name="Sign in")).to_be_visible()
    agent.page.reload()
    expect(agent.page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(colleague.page.get_by_role("radio", name="Online")).to_be_checked()


def test_offline_nothing_is_lost_and_the_chat_recovers_automatically(screens: Screens) -> None:
    screens.network_may_fail = True
    customer = screens.customer()
    customer.page.context.set_offline(True)
    banner = customer.panel.get_by_text("You're offline")
    expect(banner).to_be_visible()
    customer.say(QUESTION)
    expect(customer.log).to_contain_text("We'll send this when you're online again")
    customer.page.context.set_offline(False)
    expect(banner).to_have_count(0)
    expect(customer.messages("assistant")).to_contain_text("Five years")
    expect(customer.messages("customer")).to_have_count(1)


@pytest.mark.slow
def test_while_core_is_unavailable_a_message_is_safe_and_answered_later(screens: Screens, running_stack: TestStack) -> None:
    screens.network_may_fail = True
    customer = screens.customer()
    customer.ask(QUESTION)
    running_stack.stop("core")
    with ThreadPoolExecutor(1) as worker:
        try:
            expect(customer.panel.get_by_text("Connection lost")).to_be_visible()
            customer.say("What does a return cost?")
            expect(customer.log).to_contain_text("We have your message")
        finally:
            started = worker.submit(running_stack.start, "core")
        started.result()
    expect(customer.messages("assistant")).to_have_count(2, timeout=60_000)
    expect(customer.messages("customer")).to_have_count(2)
    expect(customer.panel.get_by_text("Connection lost")).to_have_count(0)


def test_a_customer_without_an_answer_is_offered_a_human(screens: Screens) -> None:
    customer = screens.customer()
    customer.ask("Do you sell submarines?")
    customer.panel.get_by_role("button", name="Yes, a human please").click()
    expect(customer.panel.get_by_text(WAITS)).to_be_visible()


def test_tokens_are_renewed_before_they_expire_without_a_visible_effect(screens: Screens) -> None:
    customer, agent = screens.customer(), screens.agent()
    customer.ask(QUESTION)
    for page in (customer.page, agent.page):
        page.clock.install()
        page.reload()
    expect(customer.log).to_contain_text("welcome to Quillmere")
    expect(agent.page.get_by_role("heading", name="Waiting")).to_be_visible()
    nine_and_a_half_minutes = 570_000
    with customer.page.expect_request(re.compile(r"/RefreshSession$")):
        customer.page.clock.fast_forward(nine_and_a_half_minutes)
        customer.say(QUESTION)
    expect(customer.messages("assistant")).to_have_count(2)
    customer.ask_for_a_human()
    with agent.page.expect_request(re.compile(r"/RefreshToken$")):
        agent.page.clock.fast_forward(nine_and_a_half_minutes)
    agent.accept(customer.called)


def test_the_first_page_is_light(screens: Screens) -> None:
    page = screens.page("")
    scripts: dict[str, int] = {}

    def measure(request: Request) -> None:
        if request.resource_type == "script":
            scripts[request.url.removeprefix(screens.gateway)] = request.sizes()["responseBodySize"]

    page.on("requestfinished", measure)
    page.goto(screens.gateway, wait_until="networkidle")
    expect(page.get_by_role("button", name="Open the chat")).to_be_visible()
    chat = sum(size for path, size in scripts.items() if "/widget/chat.js" in path or "/assets/en-" in path)
    assert 0 < scripts["/widget.js"] <= 15 * 1024, scripts
    assert 0 < chat <= 120 * 1024, scripts
    assert sum(scripts.values()) - chat <= 100 * 1024, scripts


def test_customers_and_agents_send_each_other_files(screens: Screens) -> None:
    customer, agent = screens.customer(), screens.agent()
    attach(customer.panel, "lamp.png", "image/png", PICTURE)
    customer.say("It arrived like this")
    expect(customer.log.get_by_role("img", name="lamp.png")).to_be_visible()
    customer.ask_for_a_human()
    agent.accept(customer.called)
    expect(agent.log).to_contain_text("It arrived like this")
    expect(agent.log.get_by_role("img", name="lamp.png")).to_be_visible()

    attach(agent.talk, "label.txt", "text/plain", b"Return label")
    agent.reply("")
    with customer.page.expect_download() as download:
        customer.log.get_by_role("button", name=re.compile("label.txt")).click()
    assert download.value.suggested_filename == "label.txt"
    assert download.value.path().read_bytes() == b"Return label"


def test_a_file_that_cannot_be_sent_says_why(screens: Screens) -> None:
    customer = screens.customer()
    attach(customer.panel, "nothing.txt", "text/plain", b"", ready=False)
    expect(customer.panel.get_by_role("list", name="Files to send")).to_contain_text("This file is empty.")
    expect(customer.panel.get_by_role("button", name="Send")).to_be_disabled()
    customer.panel.get_by_role("button", name="Remove nothing.txt").click()
    expect(customer.panel.get_by_role("list", name="Files to send")).to_have_count(0)
