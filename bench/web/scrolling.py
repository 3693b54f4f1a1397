"""Long lists in the browser: the longest task of the main thread while someone scrolls them, page after page."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

import demo
from bench.web.figures import Figure, single
from bench.web.observed import PATIENCE_MS, Profile, profile, seen, usable
from bench.web.visits import AGENT, OWNER
from tests.e2e.test_browser_admin import sign_in

AIM_MS = 100.0
WHEEL_PX = 1_200
TURNS = 100
"""Turns of the wheel: 45 rows of the admin's tables each 1.7 turns, so 60 pages."""
FRAME = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
BACK_EVERY, MORE_EVERY = 20, 3
LAST_ROW = """(rows) => Math.max(0, ...[...document.querySelectorAll(rows)].map(
    (each, at) => Number(each.ariaRowIndex ?? each.ariaPosInSet ?? at + 1)))"""
TASK = ("ThreadControllerImpl::RunTask", "RunTask")


def measure(browser: Browser, gateway: str) -> list[Figure]:
    """Each list, once; a long task is one of 50 ms or more, and 0 says that there was none."""
    figures: list[Figure] = []
    with profile(browser, gateway) as owner:
        page = _signed_in(owner, f"{gateway}/admin/?organization=demo", OWNER)
        for name, path in (("documents", "knowledge/documents"), ("users", "team"), ("conversations", "conversations")):
            page.goto(f"{gateway}/admin/{path}")
            usable(page)
            figures += _scroll(page, name, page.get_by_role("table").first, "[role=table] [role=row]")
    with profile(browser, gateway) as agent:
        page = _signed_in(agent, f"{gateway}/agent/", AGENT)
        usable(page)
        mine = page.get_by_role("navigation", name="Conversations", exact=True)
        figures += _scroll(page, "desk, waiting and own", mine, "nav li")
        page.get_by_role("button", name="All conversations").click()
        every = page.get_by_role("navigation", name="All conversations")
        expect(every.get_by_role("listitem").first).to_be_visible()
        # A locator by role would read the name of every button on the page, in the thread that is measured.
        older = "document.querySelector('nav[aria-label=\"All conversations\"] > button')?.click()"
        figures += _scroll(page, "desk, all conversations", every, "nav li", lambda: page.evaluate(older))
    return figures


def _signed_in(someone: Profile, address: str, email: str) -> Page:
    page = someone.page()
    page.goto(address)
    sign_in(page, email, demo.DEMO_PASSWORD)
    page.get_by_role("navigation").first.wait_for(timeout=PATIENCE_MS)
    return page


def _scroll(page: Page, name: str, inside: Locator, rows: str, more: Callable[[], None] | None = None) -> list[Figure]:
    """Scrolls down by the wheel, and sometimes up again."""
    box = inside.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, max(box["y"], 0) + 200)
    page.evaluate("seen.longest = 0, seen.from = performance.now()")
    with _traced(page) as events:
        for turn in range(1, TURNS + 1):
            page.mouse.wheel(0, -3 * WHEEL_PX if turn % BACK_EVERY == BACK_EVERY // 2 else WHEEL_PX)
            page.evaluate(FRAME)
            if more is not None and turn % MORE_EVERY == 0:
                more()
        page.wait_for_timeout(500)  # the last task is reported when it has ended
    last = page.evaluate(LAST_ROW, rows)
    longest, used = seen(page)["longest"], _longest(events)
    print(f"  {name}: {longest:.0f} ms, {used:.0f} ms of CPU, row {last}", flush=True)
    return [
        single(f"{name}: longest task", longest, "ms", AIM_MS),
        single(f"{name}: the most CPU of a task", used, "ms", AIM_MS),
        single(f"{name}: the last row that was reached", last, "rows"),
    ]


@contextmanager
def _traced(page: Page) -> Iterator[list[dict[str, Any]]]:
    """Chromium's trace of what happens within: the events are there afterwards."""
    session = page.context.new_cdp_session(page)
    events: list[dict[str, Any]] = []
    ended: list[bool] = []
    session.on("Tracing.dataCollected", lambda sent: events.extend(sent["value"]))
    session.on("Tracing.tracingComplete", lambda _: ended.append(True))
    wanted = {"includedCategories": ["toplevel", "devtools.timeline"], "excludedCategories": ["*"]}
    session.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": wanted})
    yield events
    session.send("Tracing.end")
    while not ended:
        page.wait_for_timeout(50)
    session.detach()


def _longest(events: list[dict[str, Any]]) -> float:
    """The most CPU milliseconds that a task of the page's main thread used: the thread that calls the page's functions."""
    calls = Counter((event["pid"], event["tid"]) for event in events if event["name"] == "FunctionCall")
    ((main, _),) = calls.most_common(1)
    tasks = (event for event in events if (event["pid"], event["tid"]) == main and event["name"] in TASK)
    return max((event.get("tdur", 0) for event in tasks), default=0) / 1000
