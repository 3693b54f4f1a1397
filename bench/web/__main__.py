"""`python -m bench.web`: the time that the screens need in a real Chromium, and the sizes of what they fetch.

Boots a stack of its own with all limits on customers lifted and a test model at a real model's pace (300 ms, then a word each
20 ms), and measures with a fast machine and network, and with a quarter of the processor on slow 3G:

  sizes    scripts and styles of loader, chat and each page, with gzip
  widget   the chat on a page of another origin: launcher, opening with cold and warm cache, layout shift
  chat     the chat as a page of its own, and the first words and the end of an answer
  staff    each page of the admin app and the desk, with a warm cache
  scale    (`--scale`, alone) an organization with 5,000 documents, 200 users and 100,000 conversations: the calls of its
           lists and searches as the screens make them, and the longest task of the main thread while its lists are scrolled

Prints each figure with the aim that it met or missed, and replaces its part of bench/results/web.json.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from bench.__main__ import REAL_PACE, ROOT, limits_lifted
from bench.web import lists, scrolling, seeding, visits
from bench.web.figures import Figure, keep, table
from bench.web.observed import Speed
from bench.web.sizes import sizes
from stack.ports import free_ports
from stack.testing_stack import TestStack
from tests.e2e.browser import chromium
from tests.e2e.sites import page, serving, snippet

ROUNDS, ROUNDS_SLOW = 10, 3
PARTS = ("widget", "chat", "staff")


@contextmanager
def running(port: int) -> Iterator[TestStack]:
    """A stack whose assistant is the test model on a port."""
    model = subprocess.Popen([sys.executable, "-m", "bench.model", str(port)], cwd=ROOT)
    settings = {
        **limits_lifted(),
        "FRONTDESK_ASSISTANT": "openai",
        "FRONTDESK_OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1",
        "FRONTDESK_BUDGET_MONEY": "0",
    }
    try:
        stack = TestStack(settings)
        try:
            yield stack.wait()
        finally:
            stack.close()
    finally:
        model.terminate()
        model.wait()


def main() -> None:
    """Runs the bench."""
    parser = argparse.ArgumentParser(
        "python -m bench.web", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"what to measure: {', '.join(PARTS)}; all without one")
    parser.add_argument("--scale", action="store_true", help="measure the screens of a large organization instead")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="at full speed (default: %(default)s)")
    parser.add_argument("--slow-rounds", type=int, default=ROUNDS_SLOW, help="on slow 3G; 0: none (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="two rounds and less data, for a look; writes nothing")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; choose from {', '.join(PARTS)}")
    rounds = {Speed.FULL: options.rounds, Speed.SLOW: options.slow_rounds}
    if options.quick:
        rounds = {Speed.FULL: 2, Speed.SLOW: min(1, options.slow_rounds)}
    print(f"load of the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    (port,) = free_ports(1)
    with running(port) as stack:
        _set_pace(port, REAL_PACE)
        found = scale(stack, options.quick) if options.scale else screens(stack, options.parts or PARTS, rounds)
    print(f"\n{table(found)}")
    if not options.quick:
        keep(found)


def screens(stack: TestStack, parts: Sequence[str], rounds: Mapping[Speed, int]) -> dict[str, list[Figure]]:
    """The figures of sizes and times."""
    found: dict[str, list[Figure]] = {}
    files: dict[str, Sequence[str]] = {}
    with chromium() as browser, serving(page(snippet(stack.gateway))) as shop:
        for speed, count in rounds.items():
            for part in parts if count else ():
                begun = time.monotonic()
                if part == "widget":
                    found[f"widget, {speed}"] = visits.widget(browser, stack.gateway, shop, speed, count)
                elif part == "chat":
                    found[f"chat, {speed}"] = visits.chat(browser, stack.gateway, speed, count)
                else:
                    found[f"staff, {speed}"], files = visits.staff(browser, stack.gateway, speed, count)
                print(f"{part}, {speed}: {time.monotonic() - begun:.0f} s", flush=True)
    return {"sizes": sizes(files), **found}


def scale(stack: TestStack, quick: bool) -> dict[str, list[Figure]]:
    """The figures of a large organization."""
    seeding.seed(stack, 20 if quick else 1)
    found = {"scale, calls": lists.measure(stack, 20 if quick else 100)}
    with chromium() as browser:
        found["scale, scrolling"] = scrolling.measure(browser, stack.gateway)
    return found


def _set_pace(port: int, pace: Mapping[str, int]) -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/pace", data=json.dumps(pace).encode())
    urllib.request.urlopen(request).close()


if __name__ == "__main__":
    main()
