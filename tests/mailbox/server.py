"""The other end: a server on 127.0.0.1 that keeps messages, hands them out in pages, and fails on request."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

PAGE = 2


@dataclass
class Mailbox:
    secret: str = "mailbox-secret"
    url: str = ""
    inbox: list[dict[str, str]] = field(default_factory=list)
    sent: list[dict[str, str]] = field(default_factory=list)
    fails: list[int] = field(default_factory=list)
    """Statuses of the next answers to `POST /sent`; 0 breaks the connection after the message was accepted."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Mailbox]:
        app = web.Application()
        app.router.add_get("/inbox", self._inbox)
        app.router.add_post("/sent", self._sent)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()

    def receive(self, sender: str, text: str) -> str:
        """A customer writes; the message's id."""
        id = f"in{len(self.inbox) + 1}"
        self.inbox.append({"kind": "message", "id": id, "from": sender, "text": text})
        return id

    def signed(self, *items: dict[str, str]) -> tuple[bytes, str]:
        """The body of a webhook with several items, and its signature."""
        body = json.dumps({"items": items}).encode()
        return body, hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()

    async def _inbox(self, request: web.Request) -> web.Response:
        if request.headers.get("authorization") != f"Bearer {self.secret}":
            raise web.HTTPUnauthorized
        start = int(request.query.get("cursor", "c0").removeprefix("c"))
        end = min(start + PAGE, len(self.inbox))
        return web.json_response({"items": self.inbox[start:end], "cursor": f"c{end}", "more": end < len(self.inbox)})

    async def _sent(self, request: web.Request) -> web.Response:
        status = self.fails.pop(0) if self.fails else 200
        if status >= 400:
            return web.json_response({"error": "on request"}, status=status)
        message = await request.json()
        self.sent.append(message)
        if not status and request.transport is not None:
            request.transport.abort()
        return web.json_response({"id": f"out{len(self.sent)}"})
