"""A chat model that quotes: its answer is the first sentences of the best passage, and a figure that no passage has.

OpenAI-compatible: `python -m tests.support.quoting PORT`. To a short call it says yes, or no where the question has a word of
`REFUSED`. It doesn't know where the question has a word of `UNKNOWN`.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

REFUSED, UNKNOWN = "wholesale", "warranty"
INVENTED = "That is true for 987 of our customers"
_FIRST = re.compile(r"\[(#*)1\] [^\n]*\n(.*?)(?:\n\n\[|\n</)", re.S)
USAGE = {"prompt_tokens": 1000, "completion_tokens": 50}


@dataclass
class QuotingModel:
    """The model, and what it was asked."""

    broken: bool = False
    """It answers every call with 500."""
    replies: list[list[dict[str, str]]] = field(default_factory=list)
    short_calls: list[list[dict[str, str]]] = field(default_factory=list)

    async def chat(self, request: web.Request) -> web.StreamResponse:
        """POST /v1/chat/completions."""
        asked: dict[str, Any] = await request.json()
        messages = asked["messages"]
        if self.broken:
            return web.json_response({}, status=500)
        if not asked.get("stream"):
            self.short_calls.append(messages)
            text = "no" if REFUSED in messages[-1]["content"] else "yes"
            return web.json_response({"choices": [{"message": {"content": text}}], "usage": USAGE})
        self.replies.append(messages)
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        chunks: list[Any] = [{"choices": [{"delta": {"content": word}}]} for word in _reply(messages[-1]["content"])]
        for chunk in [*chunks, {"choices": [], "usage": USAGE}]:
            await response.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
        await response.write(b"data: [DONE]\n\n")
        return response

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[str]:
        """Its base URL."""
        app = web.Application(client_max_size=4 << 20)
        app.router.add_post("/v1/chat/completions", self.chat)
        runner = web.AppRunner(app, handler_cancellation=True)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        finally:
            await runner.cleanup()


def _reply(content: str) -> list[str]:
    question = content.rpartition("\n\n")[2]
    first = _FIRST.search(content)
    if UNKNOWN in question:
        text = f"[{first[1] if first else ''}unknown] I don't know that. Shall I bring in a colleague?"
    elif first is None:
        text = "Hello! What can I do for you?"
    else:
        quoted = re.sub(r"\s+", " ", first[2]).rstrip(".")
        text = f"{quoted} [{first[1]}1]. {INVENTED} [{first[1]}1]."
    return re.split(r"(?<= )", text)


def main() -> None:
    """Serves until it is stopped."""
    app = web.Application(client_max_size=4 << 20)
    app.router.add_post("/v1/chat/completions", QuotingModel().chat)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)


if __name__ == "__main__":
    main()
