"""Mails of the demo organization, and the server that gets them."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from stack.testing_stack import TestStack
from tests.e2e.rest import call, signed_in
from tests.smtp.server import Received, SmtpServer


def publish_mail(stack: TestStack, host: str, port: int = 0) -> None:
    """Puts a mail server of the demo organization in force, or none; with a port it is one on this machine, without TLS."""
    token = signed_in(stack, "owner@example.com")
    where = {"port": port, "security": "MAIL_SERVER_SECURITY_NONE"} if port else {}
    draft = {"draft": {"mail": {"host": host, "fromAddress": "help@shop.example", **where}}}
    call(stack, "PATCH", "organizations/demo/settings/mail", draft, token)
    call(stack, "POST", "organizations/demo/settings/mail:publish", {}, token)
    until = time.monotonic() + 20
    while call(stack, "GET", "organizations/demo/mailStatus", token=token).get("host", "") != host:
        assert time.monotonic() < until, "channel doesn't follow the setting"
        time.sleep(0.1)


@dataclass(frozen=True)
class Mails:
    """The mails that a server on this machine accepts."""

    port: int
    wait: Callable[[int], list[Received]]
    """Returns them, once there are so many."""


@contextmanager
def mail_server() -> Iterator[Mails]:
    """Runs a mail server beside the test, which has no event loop."""
    server, loop = SmtpServer(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def run(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(60)

    running = server.running()
    run(running.__aenter__())
    try:
        yield Mails(server.port, lambda count: run(server.wait(count, 50)))
    finally:
        run(running.__aexit__(None, None, None))
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
