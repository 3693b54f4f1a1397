"""`Every`: a worker that does a piece of work again and again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from kit.service import Every

LONG = 60.0


def rounds(*results: object) -> tuple[list[object], Callable[[], Awaitable[object]]]:
    """Work that returns or raises each result in turn, and then is never done; and what it has left."""
    left = list(results)

    async def work() -> object:
        if not left:
            await asyncio.Event().wait()
        result = left.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    return left, work


async def run(worker: Every) -> None:
    """Runs a worker until it rests for long, ends or breaks."""
    async with asyncio.timeout(0.05):
        await worker()


async def test_while_there_is_more_to_do_it_does_not_rest() -> None:
    left, work = rounds(3, True, 1)
    with pytest.raises(TimeoutError):
        await run(Every(LONG, work))
    assert not left


@pytest.mark.parametrize("result", [0, None, False])
async def test_with_nothing_left_to_do_it_rests(result: object) -> None:
    left, work = rounds(result, "not yet")
    with pytest.raises(TimeoutError):
        await run(Every(LONG, work))
    assert left == ["not yet"]


async def test_it_may_rest_before_it_begins_and_while_it_is_busy() -> None:
    later, begin = rounds(True)
    left, work = rounds(True, True)
    for worker in (Every(LONG, begin, rests_first=True), Every(0, work, busy=LONG)):
        with pytest.raises(TimeoutError):
            await run(worker)
    assert (len(later), len(left)) == (1, 1)


async def test_it_continues_after_an_outage_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    left, work = rounds(OSError("gone"), OSError("gone"), True)
    with pytest.raises(TimeoutError), caplog.at_level(logging.WARNING, "frontdesk"):
        await run(Every(0, work, unavailable=(OSError,)))
    assert not left
    assert [record.message for record in caplog.records] == ["a store is unavailable; trying again"] * 2


async def test_an_outage_is_no_reason_to_hurry() -> None:
    left, work = rounds(OSError(), "not yet")
    with pytest.raises(TimeoutError):
        await run(Every(LONG, work, unavailable=(OSError,)))
    assert left == ["not yet"]


async def test_what_no_one_foresaw_ends_it() -> None:
    with pytest.raises(ZeroDivisionError):
        await run(Every(0, rounds(ZeroDivisionError())[1], unavailable=(OSError,)))


async def test_it_claims_nothing_more_when_the_process_drains() -> None:
    draining = asyncio.Event()
    left, work = rounds(False, False)

    async def drain() -> object:
        draining.set()
        return await work()

    await run(Every(0, drain, draining=draining))
    assert left == [False]
    await run(Every(0, work, draining=draining))
    assert left == [False]
