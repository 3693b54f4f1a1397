"""Scheduling: short requests (a customer's question) run before long ones (indexing a document)."""

import asyncio
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from embedder.model import Encoded, Vector

SHORT_TEXTS = 4
SHORT_TOKENS = 512
"""A request of at most so many texts and tokens together is a short one: a customer's question, however long."""
BULK_TOKENS = 512
"""A slice of a long request: about 40 ms of one core."""
BULK_NICE = 10


class Runs(Protocol):
    """Turns texts into vectors: a `Model`."""

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Texts as tokens."""

    def run(self, text: Encoded) -> Vector:
        """The vector of a text. Called from two threads."""


class Lanes:
    """Runs the model. Short requests run on the event loop's own thread: it has nothing else to do, and saving two
    changes of thread is a tenth of their time. Long ones run in a thread of lower priority, slice by slice."""

    def __init__(self, model: Runs) -> None:
        self._model = model
        self._bulk = ThreadPoolExecutor(1, thread_name_prefix="bulk", initializer=_lower_priority)

    async def embed(self, texts: Sequence[str]) -> tuple[list[Vector], int]:
        """The vectors of texts, in their order, and the number of tokens."""
        if len(texts) <= SHORT_TEXTS and sum(map(len, texts)) < SHORT_TOKENS * 8:
            encoded = self._model.encode(texts)
            tokens = sum(map(len, encoded))
            if tokens <= SHORT_TOKENS:
                return [await self._short(text) for text in encoded], tokens
        return await self._long(texts)

    def close(self) -> None:
        """Lets the running slice end and starts no other."""
        self._bulk.shutdown(wait=True, cancel_futures=True)

    async def _short(self, text: Encoded) -> Vector:
        await asyncio.sleep(0)  # so that the loop reads what has arrived
        return self._model.run(text)

    async def _long(self, texts: Sequence[str]) -> tuple[list[Vector], int]:
        loop = asyncio.get_running_loop()
        encoded = await loop.run_in_executor(self._bulk, self._model.encode, texts)
        vectors: list[Vector] = []
        for part in _slices(encoded):
            vectors += await loop.run_in_executor(self._bulk, self._run, part)
        return vectors, sum(map(len, encoded))

    def _run(self, texts: Sequence[Encoded]) -> list[Vector]:
        return [self._model.run(text) for text in texts]


def _slices(encoded: Sequence[Encoded]) -> Iterator[Sequence[Encoded]]:
    """Texts in their order, in slices of `BULK_TOKENS` or of one longer text."""
    start, tokens = 0, 0
    for at, text in enumerate(encoded):
        if at > start and tokens + len(text) > BULK_TOKENS:
            yield encoded[start:at]
            start, tokens = at, 0
        tokens += len(text)
    yield encoded[start:]


def _lower_priority() -> None:
    if hasattr(os, "setpriority"):
        # On Linux each thread has its own.
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BULK_NICE)
