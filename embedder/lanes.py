"""Scheduling: short requests (a customer's question) run before long ones (indexing a document), and share a batch."""

import asyncio
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from embedder.model import Encoded, Vectors

SHORT_TEXTS = 4
SHORT_TOKENS = 160
"""A request of at most so many texts and tokens together is a short one."""
MAX_SHORT_BATCH = 8
BULK_TOKENS = 512
"""A slice of a long request: about 40 ms of one core."""
BULK_NICE = 10


class Runs(Protocol):
    """Turns texts into vectors: a `Model`."""

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Texts as tokens."""

    def run(self, batch: Sequence[Encoded]) -> Vectors:
        """Vectors of a batch. Called from two threads."""


@dataclass(slots=True)
class _Waiting:
    encoded: Encoded
    done: "asyncio.Future[Vectors]"


class Lanes:
    """Runs the model. Short requests run on the event loop's own thread: it has nothing else to do, and saving two
    changes of thread is a tenth of their time; requests that arrive meanwhile form the next batch. Long ones run in a thread of
    lower priority, slice by slice."""

    def __init__(self, model: Runs) -> None:
        self._model = model
        self._waiting: list[_Waiting] = []
        self._scheduled = False
        self._bulk = ThreadPoolExecutor(1, thread_name_prefix="bulk", initializer=_lower_priority)

    async def embed(self, texts: Sequence[str]) -> tuple[Vectors, int]:
        """The vectors of texts, in their order, and the number of tokens."""
        loop = asyncio.get_running_loop()
        if len(texts) <= SHORT_TEXTS and sum(map(len, texts)) < SHORT_TOKENS * 8:
            encoded = self._model.encode(texts)
            tokens = sum(map(len, encoded))
            if tokens <= SHORT_TOKENS:
                waiting = [_Waiting(one, loop.create_future()) for one in encoded]
                self._waiting.extend(waiting)
                if not self._scheduled:
                    self._scheduled = True
                    loop.call_soon(self._run_waiting)
                return np.stack([await one.done for one in waiting]), tokens
        return await self._long(texts)

    def close(self) -> None:
        """Lets the running slice end and starts no other."""
        self._bulk.shutdown(wait=True, cancel_futures=True)

    def _run_waiting(self) -> None:
        """Runs one batch, then lets the loop read what has arrived."""
        self._scheduled = False
        batch = self._waiting[:MAX_SHORT_BATCH]
        del self._waiting[:MAX_SHORT_BATCH]
        if self._waiting:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._run_waiting)
        try:
            vectors = self._model.run([one.encoded for one in batch])
        except Exception as error:
            for one in batch:
                if not one.done.done():
                    one.done.set_exception(error)
            return
        for one, vector in zip(batch, vectors, strict=True):
            if not one.done.done():
                one.done.set_result(vector)

    async def _long(self, texts: Sequence[str]) -> tuple[Vectors, int]:
        loop = asyncio.get_running_loop()
        encoded = await loop.run_in_executor(self._bulk, self._model.encode, texts)
        order = sorted(range(len(encoded)), key=lambda index: len(encoded[index]))
        result: Vectors = np.zeros((len(encoded), 0), np.float32)
        for part in _slices(order, encoded):
            vectors = await loop.run_in_executor(self._bulk, self._model.run, [encoded[index] for index in part])
            if not result.shape[1]:
                result = np.zeros((len(encoded), vectors.shape[1]), np.float32)
            result[part] = vectors
        return result, sum(map(len, encoded))


def _slices(order: Sequence[int], encoded: Sequence[Encoded]) -> list[list[int]]:
    """Batches texts of similar length, so that little is padded, and no batch is too large."""
    slices: list[list[int]] = []
    for index in order:
        if slices and len(encoded[index]) * (len(slices[-1]) + 1) <= BULK_TOKENS:
            slices[-1].append(index)
        else:
            slices.append([index])
    return slices


def _lower_priority() -> None:
    if hasattr(os, "setpriority"):
        # On Linux each thread has its own.
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BULK_NICE)
