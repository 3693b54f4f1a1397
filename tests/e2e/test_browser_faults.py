"""The web pages while something is missing: a service, the browser's storage, the right to write."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status
from playwright.sync_api import Route, expect

import demo
from stack.testing_stack import TestStack
from tests.e2e.browser import Agent, Customer, Screens

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

QUESTION = "How long is a gift card valid?"


@contextmanager
def stopped(stack: TestStack, name: str) -> Iterator[Callable[[], None]]:
    """Stops a program and yields a function that starts it again, while the browser continues."""
    stack.stop(name)
    with ThreadPoolExecutor(1) as worker:
        started: list[Future[None]] = []

        def start() -> None:
            if not started:
                started.append(worker.submit(stack.start, name))

        try:
            yield start
        finally:
            start()
            started[0].result()


def refusal(code: grpc.StatusCode, reason: str, retry_seconds: int | None = None) -> Callable[[Route], None]:
    """Answers a call as the gateway does when a service refuses it."""
    status = Status(code=code.value[0], details=[Any(), Any()] if retry_seconds else [Any()])
    status.details[0].Pack(ErrorInfo(reason=reason, domain="channel.frontdesk"))
    if retry_seconds:
        status.details[1].Pack(RetryInfo(retry_delay=Duration(seconds=retry_seconds)))
    headers = {
        "content-type": "application/grpc-web+proto",
        "grpc-status": str(code.value[0]),
        "grpc-status-details-bin": base64.b64encode(status.SerializeToString()).decode(),
    }
    return lambda route: route.fulfill(status=200, headers=headers)


@pytest.mark.slow
def test_a_message_outlasts_an_outage_of_the_channel_service_and_a_reload(screens: Screens, running_stack: TestStack) -> None:
    screens.network_may_fail = True
    customer = screens.customer()
    customer.ask(QUESTION)
    with stopped(running_stack, "channel") as start:
        customer.say("What does a return cost?")
        expect(customer.log).to_contain_text("Not sent yet. We'll keep trying.")
        customer.page.wait_for_timeout(5_000)
        expect(customer.log).to_contain_text("Not sent yet. We'll keep trying.")
        customer.page.reload()
        expect(customer.launcher).to_be_hidden()  # the chat's page comes from this service, too
        start()
        expect(customer.messages("assistant")).to_have_count(2)
    expect(customer.messages("customer")).to_have_count(2)
    expect(customer.log).not_to_contain_text("Not sent")


@pytest.mark.slow
def test_the_first_message_of_a_new_customer_outlasts_an_outage(screens: Screens, running_stack: TestStack) -> None:
    screens.network_may_fail = True
    customer = Customer(screens.page("/"))
    expect(customer.panel).to_have_attribute("aria-label", "Chat with Quillmere")
    with stopped(running_stack, "channel") as start:
        customer.page.get_by_role("button", name="Open the chat").click()
        customer.say(QUESTION)
        expect(customer.log).to_contain_text(QUESTION)
        expect(customer.panel.get_by_text("We can't be reached right now.")).to_be_visible()
        expect(customer.panel.get_by_text("We'll keep trying; nothing is lost.")).to_be_visible()
        customer.page.reload()
        expect(customer.launcher).to_be_hidden()
        start()
        expect(customer.messages("assistant")).to_contain_text("Five years")
    expect(customer.messages("customer")).to_have_count(1)


@pytest.mark.slow
def test_an_agents_reply_outlasts_an_outage_another_conversation_and_a_reload(
    screens: Screens, running_stack: TestStack
) -> None:
    screens.network_may_fail = True
    first, second, agent = screens.customer(), screens.customer(), screens.agent()
    for customer in (first, second):
        customer.ask_for_a_human()
        agent.accept(customer.called)
    with stopped(running_stack, "agent") as start:
        agent.reply("Hello, second")
        expect(agent.log).to_contain_text("Not sent yet. We'll keep trying.")
        agent.page.get_by_role("button", name=first.called).click()
        expect(agent.log).not_to_contain_text("Hello, second")
        agent.page.reload()
        start()
        expect(second.messages("agent")).to_contain_text("Hello, second")
    expect(second.messages("agent")).to_have_count(1)
    expect(first.messages("agent")).to_have_count(0)


def test_too_many_messages_wait_and_are_sent_automatically(screens: Screens) -> None:
    customer = screens.customer()
    limited = refusal(grpc.StatusCode.RESOURCE_EXHAUSTED, "TOO_MANY_REQUESTS", retry_seconds=2)
    customer.page.route("**/SendMessage", limited, times=1)
    customer.say(QUESTION)
    expect(customer.log).to_contain_text("You're sending too fast. We'll send this in a moment.")
    expect(customer.messages("assistant")).to_contain_text("Five years")
    expect(customer.messages("customer")).to_have_count(1)


@pytest.mark.parametrize(
    ("code", "reason", "sentence"),
    [
        (grpc.StatusCode.PERMISSION_DENIED, "CUSTOMER_BLOCKED", "You can't send messages in this chat any more."),
        (grpc.StatusCode.FAILED_PRECONDITION, "CHANNEL_PAUSED", "This chat is closed right now. Please try again later."),
        (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_REQUEST", "Please check your entry."),
    ],
)
def test_a_refused_message_says_why_and_can_be_sent_again_or_removed(
    screens: Screens, code: grpc.StatusCode, reason: str, sentence: str
) -> None:
    customer = screens.customer()
    customer.page.route("**/SendMessage", refusal(code, reason), times=2)
    customer.say(QUESTION)
    expect(customer.log.get_by_role("alert")).to_contain_text(f"Not sent. {sentence}")
    customer.say("A mistake")
    expect(customer.log.get_by_role("alert")).to_have_count(2)
    customer.log.get_by_role("button", name="Remove").last.click()
    customer.log.get_by_role("button", name="Send again").click()
    expect(customer.messages("assistant")).to_contain_text("Five years")
    expect(customer.messages("customer")).to_have_count(1)


@pytest.mark.parametrize(
    ("code", "reason", "sentence"),
    [
        (grpc.StatusCode.PERMISSION_DENIED, "CUSTOMER_BLOCKED", "You can't send messages in this chat any more."),
        (grpc.StatusCode.FAILED_PRECONDITION, "CHANNEL_PAUSED", "This chat is closed right now. Please try again later."),
    ],
)
def test_a_closed_chat_keeps_its_messages_and_reopens(
    screens: Screens, code: grpc.StatusCode, reason: str, sentence: str
) -> None:
    customer = screens.customer()
    customer.ask(QUESTION)
    customer.page.route("**/WatchConversation", refusal(code, reason))
    customer.page.reload()
    expect(customer.panel.get_by_role("alert")).to_contain_text(sentence)
    expect(customer.messages("assistant")).to_contain_text("Five years")
    expect(customer.field).to_have_count(0)
    customer.page.unroute("**/WatchConversation")
    customer.panel.get_by_role("button", name="Try again").click()
    customer.ask("What does a return cost?")


def test_a_session_that_ends_while_the_chat_is_open_keeps_the_unsent_message(screens: Screens) -> None:
    customer = screens.customer()
    customer.ask(QUESTION)
    ended = refusal(grpc.StatusCode.UNAUTHENTICATED, "SESSION_EXPIRED")
    for call in ("SendMessage", "WatchConversation", "RefreshSession"):
        customer.page.route(f"**/{call}", ended)
    unsent = "What does a return cost?"
    customer.say(unsent)
    expect(customer.log).to_contain_text("Not sent. Your chat has expired.")
    customer.inside.evaluate("window.dispatchEvent(new Event('offline'))")  # the watch reconnects and receives it
    customer.page.unroute("**/SendMessage")
    customer.page.unroute("**/WatchConversation")
    customer.panel.get_by_role("alert").get_by_role("button", name="Start a new chat").click()
    expect(customer.messages("customer")).to_contain_text(unsent)
    expect(customer.log).not_to_contain_text(QUESTION)


def block_site_data(profile: Path) -> None:
    preferences = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (profile / "Default").mkdir()
    (profile / "Default" / "Preferences").write_text(json.dumps(preferences))


def test_blocked_site_data_costs_resuming_and_not_the_desk(screens: Screens, tmp_path: Path) -> None:
    block_site_data(tmp_path)
    agent = Agent(screens.page_of_profile(tmp_path, "/agent/"))
    agent.sign_in("agent@example.com", demo.DEMO_PASSWORD)
    expect(agent.page.get_by_role("heading", name="Waiting")).to_be_visible()


def test_blocked_site_data_costs_resuming_and_not_the_chat(screens: Screens, tmp_path: Path) -> None:
    block_site_data(tmp_path)
    customer = Customer(screens.page_of_profile(tmp_path, "/"))
    assert (
        customer.page.evaluate("() => { try { localStorage; return 'open' } catch (error) { return error.name } }")
        == "SecurityError"
    )
    customer.open_chat()
    customer.ask(QUESTION)
    customer.page.reload()
    customer.open_chat()
    expect(customer.log.locator(".message")).to_have_count(0)
