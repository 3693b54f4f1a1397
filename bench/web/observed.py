"""Pages in a real Chromium that note their own times, with or without a slow processor and network."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Frame, Page

from tests.e2e.browser import OPEN_ROOTS

OBSERVE = Path(__file__).with_name("observe.js").read_text(encoding="utf-8")
PATIENCE_MS = 120_000
CPU_TIMES = 4
SLOW_3G = {"offline": False, "latency": 2000, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""Milliseconds, and bytes a second: the "Slow 3G" of Chromium's developer tools."""


class Speed(StrEnum):
    """How fast the visitor's machine and network are."""

    FULL = "full speed"
    SLOW = "CPU / 4, slow 3G"


@dataclass
class Profile:
    """A browser profile: its cache and its sign-in last from page to page."""

    context: BrowserContext
    speed: Speed
    elsewhere: list[str] = field(default_factory=list)
    """Addresses of requests that did not go to Frontdesk, but for the page itself that a business serves."""

    def page(self) -> Page:
        """A new tab."""
        page = self.context.new_page()
        if self.speed is Speed.SLOW:
            slow_down(self.context, page)
        return page


def slow_down(context: BrowserContext, page: Page) -> None:
    """Gives a tab, and the frames in its process, a quarter of the processor and a slow network."""
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_TIMES})
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_3G)


@contextmanager
def profile(browser: Browser, gateway: str, speed: Speed = Speed.FULL) -> Iterator[Profile]:
    """A new profile, with nothing in its cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 820}, reduced_motion="reduce", locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(OPEN_ROOTS)
    context.add_init_script(OBSERVE)
    made = Profile(context, speed)

    def note(request: Any) -> None:
        own = request.url.startswith((gateway + "/", "data:", "blob:"))
        if not own and not (request.is_navigation_request() and request.frame.parent_frame is None):
            made.elsewhere.append(request.url)

    context.on("request", note)
    try:
        yield made
    finally:
        context.close()


def seen(frame: Page | Frame) -> dict[str, float]:
    """Everything that a document has noted so far."""
    noted: dict[str, float] = frame.evaluate("window.seen")
    return noted


def noted(frame: Page | Frame, *names: str) -> dict[str, float]:
    """Waits until a document has noted these times; what it has noted."""
    found: dict[str, float] = frame.evaluate("([names, patience]) => noted(names, patience)", [names, PATIENCE_MS])
    return found


def usable(frame: Page | Frame) -> dict[str, float]:
    """Waits until a document can be used; what it has noted."""
    return noted(frame, "usable")


def painted(frame: Page | Frame) -> float:
    """When something was first painted: milliseconds since 1970."""
    moment: float = frame.evaluate(
        "performance.timeOrigin + (performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN)"
    )
    return moment


def began(page: Page) -> float:
    """When the page was asked for: milliseconds since 1970."""
    moment: float = page.evaluate("performance.timeOrigin")
    return moment


def fetched(page: Page | Frame) -> Sequence[str]:
    """The paths of the scripts and styles that a document has fetched."""
    names: list[str] = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    return sorted({path for name in names if re.search(r"\.(js|css)$", path := re.sub(r"^\w+://[^/]+|[?#].*$", "", name))})


def frame_of(page: Page) -> Frame:
    """The chat's frame, as soon as it is there."""
    until = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < until:
        for frame in page.frames:
            if "/chat/" in frame.url:
                return frame
        page.wait_for_timeout(5)
    raise TimeoutError("The chat's frame has not come.")
