"""A turn in a conversation that has 500 turns, against one that has 5.

One stack: the conversations with 500 turns are there before the first measurement, and those with 5 are created for each, so
that they are always short. All turns were really asked and answered. Each customer watches from now on, and the stream is open
before the first question: what is compared is the turn, not the loading of a history.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

from bench import chats
from bench.__main__ import NO_PAUSE, TOKENS, Bench, started
from bench.growth.answers import CHATS, Cost, alternate, compared, cost, rounds
from bench.growth.figures import Figure

FEW, MANY, MANY_QUICK = 5, 500, 60
CONVERSATIONS, CONVERSATIONS_QUICK = 32, 8
QUESTIONS = 6
"""That each conversation is asked in a measurement."""
PREPARED_AT_ONCE = 16
REFRESH_AFTER = 100
"""Questions: a customer's token lasts ten minutes."""


def run(quick: bool) -> list[Figure]:
    """Measures the part."""
    with started() as bench:
        bench.pace(NO_PAUSE)
        return asyncio.run(_measure(bench, quick))


async def _measure(bench: Bench, quick: bool) -> list[Figure]:
    customers = chats.Customers(bench.gateway, TOKENS)
    count, many = (CONVERSATIONS_QUICK, MANY_QUICK) if quick else (CONVERSATIONS, MANY)
    print(f"  asking {count} × {many} questions", flush=True)
    long = await _with_turns(customers, count, many)

    async def few() -> Cost:
        return await _cost(bench, customers, await _with_turns(customers, count, FEW))

    async def lots() -> Cost:
        await _with_turns(customers, count, FEW)  # what follows on those is charged to both arms
        return await _cost(bench, customers, long)

    try:
        return compared(await alternate(few, lots, rounds(quick)))
    finally:
        await customers.close()


async def _with_turns(customers: chats.Customers, count: int, turns: int) -> list[chats.Session]:
    """New conversations that have so many turns."""
    sessions = [await customers.open() for _ in range(count)]
    answers = 0
    for done in range(0, turns, REFRESH_AFTER):
        async with AsyncExitStack() as stack:
            watched = await _watched(stack, customers, sessions)
            questions = min(REFRESH_AFTER, turns - done)
            answers += (await _converse(customers, watched, questions, PREPARED_AT_ONCE)).answers
    if answers != count * turns:
        raise SystemExit(f"Of {count * turns} answers, {answers} came right.")
    return sessions


async def _cost(bench: Bench, customers: chats.Customers, sessions: Sequence[chats.Session]) -> Cost:
    async with AsyncExitStack() as stack:
        watched = await _watched(stack, customers, sessions)
        return await cost(bench, lambda: _converse(customers, watched, QUESTIONS, CHATS))


Watched = list[tuple[chats.Session, Any]]


async def _watched(stack: AsyncExitStack, customers: chats.Customers, sessions: Sequence[chats.Session]) -> Watched:
    """The sessions with their streams, which run."""
    watched = []
    for session in sessions:
        await customers.refresh(session)
        frames = await stack.enter_async_context(customers.watch(session, resume_token=""))
        await frames.read()
        watched.append((session, frames))
    return watched


async def _converse(customers: chats.Customers, watched: Watched, questions: int, at_once: int) -> chats.Results:
    """Asks in each conversation one question after the other, in `at_once` conversations at a time."""
    results, waiting = chats.Results(), iter(watched)

    async def one() -> None:
        for session, frames in waiting:
            for _ in range(questions):
                await customers.ask(session, frames, time.perf_counter(), results)

    await asyncio.gather(*(one() for _ in range(at_once)))
    return results
