"""Visits, measured: the chat on a shop's page and as a page of its own, a question, and each page of the staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from playwright.sync_api import Browser, Page, expect

import demo
from bench import chats
from bench.web.figures import Figure, single, times
from bench.web.observed import Profile, Speed, began, fetched, frame_of, noted, painted, profile, slow_down, usable
from tests.e2e.browser import PATIENCE_MS, Customer
from tests.e2e.test_browser_admin import ROUTES, sign_in

CHAT = chats.CHANNEL.replace("organizations/", "/chat/").replace("channels/", "")
ADMIN_MS = WIDGET_MS = 1_000.0
SHIFT, STAFF_SHIFT = 0.0, 0.1
"""Layout shift: none of the chat; of the staff's pages no more than what counts as good."""
OWNER, AGENT = "owner@example.com", "agent@example.com"
PAGES = {path: title for path, title in ROUTES.items() if "?" not in path and not path.startswith("no/")}
"""The admin's pages: path below `/admin/`, and title."""
SETTLED_MS = 1_500
"""After this the chat's frame has loaded behind the launcher."""


class Measured:
    """Values by what they measure, in the order of their first appearance."""

    def __init__(self) -> None:
        self.values: dict[str, list[float]] = defaultdict(list)
        self.elsewhere: list[str] = []

    def add(self, what: str, **values: float) -> None:
        """Notes values of a visit."""
        for name, value in values.items():
            self.values[f"{what}: {name.replace('_', ' ')}"].append(value)

    def figures(self, aims: Mapping[str, float]) -> list[Figure]:
        """The figures; an aim holds for what its name ends with."""
        found = []
        for what, values in self.values.items():
            aim = next((aim for end, aim in aims.items() if what.endswith(end)), None)
            found.append(times(what, values, aim, "shift" if what.endswith("layout shift") else "ms"))
        return [*found, single("requests that did not go to Frontdesk", len(self.elsewhere), "", 0)]


def widget(browser: Browser, gateway: str, shop: str, speed: Speed, rounds: int) -> list[Figure]:
    """The chat on a page of another origin: launcher, and opening with a cold and a warm cache, at once and later."""
    measured = Measured()
    for _ in range(rounds):
        with profile(browser, gateway, speed) as visitor:
            _open(visitor, shop, measured, "cold cache, clicked at once", 0)
            _open(visitor, shop, measured, "warm cache, clicked at once", 0)
            _open(visitor, shop, measured, "warm cache, clicked later", SETTLED_MS)
            measured.elsewhere += visitor.elsewhere
    full = speed is Speed.FULL
    aims = {f"warm cache, clicked {when}: usable": WIDGET_MS for when in ("at once", "later") if full}
    return measured.figures({**aims, "layout shift": SHIFT})


def _open(visitor: Profile, shop: str, measured: Measured, what: str, rest_ms: float) -> None:
    """Visits the shop, opens its chat, and closes the tab: the next visit finds it closed."""
    page = visitor.page()
    page.goto(shop, wait_until="commit")
    launcher = Customer(page).launcher
    expect(launcher).to_be_visible(timeout=PATIENCE_MS)
    page.wait_for_timeout(rest_ms)
    launcher.click()
    frame = frame_of(page)
    inner = usable(frame)
    outer = noted(page, "shown", "usable")
    clicked, paint = outer["clicked"], max(painted(frame), outer["shown"])
    measured.add(
        what,
        launcher_after_navigation=outer["usable"] - began(page),
        first_paint=paint - clicked,
        usable=max(inner["usable"], paint) - clicked,
        layout_shift=outer["shift"] + inner["shift"],
    )
    page.close()


def chat(browser: Browser, gateway: str, speed: Speed, rounds: int) -> list[Figure]:
    """The chat as a page of its own, and an answer in it."""
    measured = Measured()
    for _ in range(rounds):
        with profile(browser, gateway, speed) as visitor:
            for cache in ("cold", "warm"):
                page = visitor.page()
                page.goto(gateway + CHAT, wait_until="commit")
                _note(page, measured, f"{cache} cache")
                if cache == "warm":
                    for _ in range(2):
                        _ask(page, measured)
                page.close()
            measured.elsewhere += visitor.elsewhere
    return measured.figures({"layout shift": SHIFT})


def _ask(page: Page, measured: Measured) -> None:
    text, _ = chats.question()
    page.get_by_label("Your message").fill(text)
    page.evaluate("followAnswer()")
    page.get_by_label("Your message").press("Enter")
    times = noted(page, "whole")
    measured.add("answer", first_words=times["first"] - times["asked"], whole=times["whole"] - times["asked"])


def _note(page: Page, measured: Measured, what: str) -> None:
    inner, begin, paint = usable(page), began(page), painted(page)
    measured.add(
        what, first_paint=paint - begin, usable=max(inner["usable"], paint) - begin, layout_shift=inner["shift"]
    )


def staff(
    browser: Browser, gateway: str, speed: Speed, rounds: int, paths: Mapping[str, str] = PAGES
) -> tuple[list[Figure], dict[str, Sequence[str]]]:
    """Every page of the admin app and the desk with a warm cache, and the scripts and styles that each fetched."""
    measured, files = Measured(), dict[str, Sequence[str]]()
    for address, email, titles in (
        ("/admin/?organization=demo", OWNER, {f"admin/{path}": title for path, title in paths.items()}),
        ("/agent/", AGENT, {"agent/": ""}),
    ):
        with profile(browser, gateway) as colleague:
            page = colleague.page()  # a sign-in lasts in its tab
            page.goto(gateway + address)
            sign_in(page, email, demo.DEMO_PASSWORD)
            page.get_by_role("navigation").first.wait_for()
            for number in range(rounds + 1):
                for path, title in titles.items():
                    page.goto(f"{gateway}/{path}", wait_until="commit")
                    usable(page)
                    if title:
                        expect(page.get_by_role("heading", level=1).first).to_have_text(title)
                    if number:
                        _note(page, measured, path)
                    files[path] = fetched(page)
                if number == 0 and speed is Speed.SLOW:  # the first round fills the cache
                    slow_down(colleague.context, page)
            measured.elsewhere += colleague.elsewhere
    aims = {": usable": ADMIN_MS} if speed is Speed.FULL else {}
    return measured.figures({**aims, "layout shift": STAFF_SHIFT}), files
