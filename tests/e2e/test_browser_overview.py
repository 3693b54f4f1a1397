"""The overview in a real browser: a number opens the conversations that it counts, and an answer shows how it came about."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser, Page, expect

from stack.testing_stack import TestStack
from tests.e2e.browser import Screens, accessibility_problems
from tests.e2e.clients import Customer, Gateway
from tests.e2e.model import running_model
from tests.e2e.test_browser_admin import admin, wider_than_the_screen

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

QUESTION = "How long do I have to return a parcel?"


@pytest.fixture(scope="module")
def stack() -> Iterator[TestStack]:
    """A stack whose assistant asks a model, so that there are prompts."""
    with running_model() as model:
        stack = TestStack({"FRONTDESK_OPENAI_BASE_URL": model.url, "FRONTDESK_OPENAI_JUDGE_SECONDS": "0"})
        yield stack.wait()
        stack.close()


@pytest.fixture
def screens(stack: TestStack, browser: Browser) -> Iterator[Screens]:
    opened = Screens(browser, stack.gateway)
    yield opened
    opened.close()
    assert opened.complaints == []


async def two_customers(url: str) -> tuple[str, str]:
    """One customer is answered; another one is answered and then asks for a human. The ids of their conversations."""
    async with Gateway.connect(url) as gateway:
        answered = await Customer.open(gateway)
        await answered.send("What does delivery cost?")
        await answered.answered("What does delivery cost?")
        handed = await Customer.open(gateway)
        await handed.send(QUESTION)
        await handed.answered(QUESTION)
        await handed.ask_for_human()
        return answered.conversation.rpartition("/")[2], handed.conversation.rpartition("/")[2]


def test_a_number_opens_what_it_counts_and_an_answer_shows_its_passages_and_its_prompt(
    stack: TestStack, screens: Screens
) -> None:
    page = admin(screens, "overview")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    with ThreadPoolExecutor(1) as pool:
        answered, handed = pool.submit(asyncio.run, two_customers(stack.gateway)).result(timeout=120)
    # The numbers are live: no reload.
    expect(page.locator("[data-metric=conversations_started]")).to_have_text("2")
    expect(page.locator("[data-metric=conversations_handed_over]")).to_have_text("1")
    expect(page.locator("[data-metric=conversations_answered_by_assistant]")).to_have_text("1")
    _check(page)
    page.get_by_text("Show as a table").first.click()
    expect(page.get_by_role("table").first.get_by_role("row").last).to_contain_text("2")
    _every_tile_opens_what_it_counts(page, answered, handed)

    page.get_by_role("link", name="Handed over").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Conversations")
    expect(page).to_have_url(re.compile("metric=conversations_handed_over"))
    rows = page.get_by_role("table", name="Conversations").get_by_role("link")
    expect(rows).to_have_count(1)
    assert str(rows.first.get_attribute("href")).endswith(f"/admin/conversations/{handed}")
    _check(page)
    page.get_by_role("button", name="Show all").click()
    expect(rows).to_have_count(2)
    page.get_by_role("searchbox", name="Search in messages").fill("parc")  # a beginning
    expect(rows).to_have_count(1)
    expect(rows.first.locator("mark").first).to_have_text(re.compile("^parcels?$", re.IGNORECASE))

    rows.first.click()
    messages = page.get_by_role("list", name="Messages")
    expect(messages).to_contain_text(QUESTION)
    expect(page.get_by_role("complementary", name="About this conversation")).to_contain_text("Waiting")
    _check(page)
    page.get_by_role("link", name="How it was answered").first.click()
    trace = page.get_by_role("dialog", name="How it was answered")
    expect(trace.get_by_role("list", name="Passages")).to_contain_text("Used")
    expect(trace.get_by_role("list", name="Passages")).to_contain_text("return")
    trace.get_by_role("link", name="Show the prompt").click()
    prompt = trace.get_by_role("region", name="Prompt")
    expect(prompt).to_contain_text("Exactly what the model was given.")
    expect(prompt).to_contain_text(QUESTION)
    expect(page).to_have_url(re.compile(r"turn=[a-z0-9]+&prompt=\d+"))
    assert accessibility_problems(page) == []
    page.reload()  # every state has a link
    expect(page.get_by_role("dialog", name="How it was answered").get_by_role("region", name="Prompt")).to_contain_text(
        QUESTION
    )


def _every_tile_opens_what_it_counts(page: Page, answered: str, handed: str) -> None:
    """Of a period and a channel that aren't the usual ones. About 10 s."""
    both, channel = {answered, handed}, "webchat"
    counted = {
        "conversations_started": both,
        "conversations_answered_by_assistant": {answered},
        "conversations_handed_over": {handed},
        "assistant_first_response_median": both,
        "cost": both,
    }
    overview = page.url.partition("?")[0]
    page.goto(f"{overview}?period=today&channel={channel}")
    expect(page.locator("[data-metric=conversations_started]")).to_have_text("2")
    tiles = page.get_by_role("main").get_by_role("link").filter(has=page.locator("[data-metric]"))
    opened = {}
    for link in [str(tile.get_attribute("href")) for tile in tiles.all()]:
        metric = re.search(r"metric=([a-z_]+)", link)
        assert metric
        assert f"period=today&channel={channel}" in link
        page.locator(f"[data-metric={metric[1]}]").click()
        rows = page.get_by_role("table", name="Conversations").get_by_role("link")
        expect(rows).to_have_count(len(counted[metric[1]]))
        opened[metric[1]] = {str(row.get_attribute("href")).rpartition("/")[2] for row in rows.all()}
        page.go_back()
        expect(page.locator("[data-metric=conversations_started]")).to_have_text("2")
    assert opened == {metric: counted[metric] for metric in opened}
    assert opened.keys() >= counted.keys() - {"cost"}
    page.goto(overview)
    expect(page.locator("[data-metric=conversations_started]")).to_have_text("2")


def _check(page: Page) -> None:
    expect(page.get_by_role("status", name="Loading")).to_have_count(0)
    assert accessibility_problems(page) == []
    assert not wider_than_the_screen(page)
