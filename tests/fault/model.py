"""A model that repeats the nonces of its questions and misbehaves on demand: `python -m tests.fault.model PORT`.

Each word is an item of a list, with a citation: what is shown then grows word by word.

OpenAI-compatible: streamed chat completions, and embeddings that are hashes, so that the load is Frontdesk's own. Each reply
begins with a word of its own (`call-…`), so that text of two attempts can't be mistaken for one. `POST /mood` changes the
treatment of the next calls, `GET /running` returns the number of running ones.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
import struct
import sys
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from aiohttp import web

from tests.fault.evidence import NONCE

CANARY = re.compile(r"\bcanary-[a-z]+\b")
DIMENSIONS = 64
WORDS = 24
LETTERS = str.maketrans("0123456789", "ghijklmnop")
"""Instead of digits, which would be figures that no passage holds."""


class Mood(StrEnum):
    """The model's misbehaviour instead of an answer."""

    ANSWERS = "answers"
    NEVER = "never"
    """Accepts the call and sends nothing at all."""
    STALLS = "stalls"
    """Twenty words, then silence with the connection open."""
    LIMITED = "limited"
    """429 with Retry-After."""
    FAILS = "fails"
    """500."""
    CUTS = "cuts"
    """The connection breaks after some words."""
    EMPTY = "empty"
    """A well-formed answer without a word."""
    ENDLESS = "endless"
    """Words without an end."""
    GARBLED = "garbled"
    """Bytes that are not UTF-8."""
    SLOW = "slow"
    """Answers, but takes about two seconds."""


@dataclass
class Model:
    """How calls are treated now."""

    mood: Mood = Mood.ANSWERS
    percent: int = 100
    gap: float = 0.004
    """Seconds between words."""
    running: int = 0
    calls: int = 0
    treated: dict[str, int] = field(default_factory=dict)
    """How many calls were treated by each mood."""
    _random: Random = field(default_factory=lambda: Random(1))

    async def chat(self, request: web.Request) -> web.StreamResponse:
        """POST /v1/chat/completions."""
        asked = await request.json()
        self.calls += 1
        mood = self.mood if self._random.randrange(100) < self.percent else Mood.ANSWERS
        self.treated[mood] = self.treated.get(mood, 0) + 1
        self.running += 1
        try:
            return await self._treat(request, mood, asked["messages"])
        finally:
            self.running -= 1

    async def _treat(self, request: web.Request, mood: Mood, messages: list[dict[str, str]]) -> web.StreamResponse:
        if mood is Mood.LIMITED:
            return web.json_response({"error": {"message": "slow down"}}, status=429, headers={"retry-after": "1"})
        if mood is Mood.FAILS:
            return web.json_response({"error": {"message": "broken"}}, status=500)
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        with suppress(ConnectionResetError):  # the caller was killed, or has no more need of it
            await response.prepare(request)
            await self._answer(request, response, mood, messages)
        return response

    async def _answer(
        self, request: web.Request, response: web.StreamResponse, mood: Mood, messages: list[dict[str, str]]
    ) -> None:
        if mood is Mood.NEVER:
            await asyncio.sleep(600)
        gap = 2.0 / WORDS if mood is Mood.SLOW else self.gap
        for said, word in enumerate(words(messages) if mood is not Mood.EMPTY else [], 1):
            await response.write(chunk({"content": f"- {word} [1]\n"}))
            if mood is Mood.STALLS and said == 20:
                await asyncio.sleep(600)
            if mood is Mood.CUTS and said == 8 and request.transport is not None:
                request.transport.abort()
                return
            if mood is Mood.GARBLED and said == 5:
                await response.write(b'data: {"choices": [{"delta": {"content": "\xff\xfe\xc3("}}]}\n\n')
            await asyncio.sleep(gap)
        while mood is Mood.ENDLESS:
            await response.write(chunk({"content": "and so on " * 20}))
            await asyncio.sleep(0.01)
        await response.write(chunk({}) + b"data: [DONE]\n\n")

    async def embeddings(self, request: web.Request) -> web.Response:
        """POST /v1/embeddings: a vector from the words' hashes, as floats or base64."""
        asked = await request.json()
        texts = asked["input"] if isinstance(asked["input"], list) else [asked["input"]]
        coded = asked.get("encoding_format") == "base64"
        data = [
            {"object": "embedding", "index": n, "embedding": _coded(v) if coded else v}
            for n, v in enumerate(map(vector, texts))
        ]
        usage = {"prompt_tokens": len(texts), "total_tokens": len(texts)}
        return web.json_response({"object": "list", "data": data, "model": asked["model"], "usage": usage})

    async def models(self, _: web.Request) -> web.Response:
        """GET /v1/models."""
        return web.json_response({"object": "list", "data": [{"id": "test", "object": "model"}]})

    async def become(self, request: web.Request) -> web.Response:
        """POST /mood `{"mood": "fails", "percent": 30, "gap": 0.01}`."""
        asked = await request.json()
        self.mood, self.percent = Mood(asked["mood"]), int(asked.get("percent", 100))
        self.gap = float(asked.get("gap", self.gap))
        return web.json_response({})

    async def tell(self, _: web.Request) -> web.Response:
        """GET /running."""
        return web.json_response({"running": self.running, "calls": self.calls, "treated": self.treated})


def words(messages: list[dict[str, str]]) -> list[str]:
    """The reply: a word of its own, every nonce of the customer's last messages, every canary in sight, and filling."""
    last = []
    for message in reversed(messages):
        if message["role"] != "user":
            break
        last.append(message["content"])
    nonces = [nonce for text in reversed(last) for nonce in NONCE.findall(text)]
    canaries = sorted({canary for message in messages for canary in CANARY.findall(message["content"])})
    call = uuid.uuid4().hex[:10].translate(LETTERS)
    return [f"call-{call}", *nonces, *canaries, *(f"word-{chr(ord('a') + n)}" for n in range(WORDS))]


def chunk(delta: dict[str, str]) -> bytes:
    """One server-sent event."""
    return b"data: " + json.dumps({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}).encode() + b"\n\n"


def vector(text: str) -> list[float]:
    """Texts that share words have similar vectors."""
    values = [0.01] * DIMENSIONS
    for word in text.lower().split():
        values[hashlib.blake2b(word.encode(), digest_size=1).digest()[0] % DIMENSIONS] += 1.0
    length = sum(value * value for value in values) ** 0.5
    return [value / length for value in values]


def _coded(values: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(values)}f", *values)).decode()


def application() -> web.Application:
    """The model as a web application."""
    model, app = Model(), web.Application(client_max_size=4 << 20)
    app.router.add_post("/v1/chat/completions", model.chat)
    app.router.add_post("/v1/embeddings", model.embeddings)
    app.router.add_get("/v1/models", model.models)
    app.router.add_post("/mood", model.become)
    app.router.add_get("/running", model.tell)
    return app


if __name__ == "__main__":
    web.run_app(application(), host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None, handler_cancellation=True)
