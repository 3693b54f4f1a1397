"""Frames that a stream has still to send."""

from __future__ import annotations

import pytest

from kit.streams import Backlog, StreamEnded, WatcherTooSlow


def test_what_is_put_is_taken_in_order_also_what_comes_meanwhile() -> None:
    backlog = Backlog[int](2)
    backlog.put(1)
    taken = []
    for item in backlog.take():
        taken.append(item)
        if item < 5:
            backlog.put(item + 1)
    assert taken == [1, 2, 3, 4, 5]
    backlog.check("t")


def test_one_item_too_many_ends_the_stream_though_its_reader_takes_on() -> None:
    backlog = Backlog[int](2)
    for item in range(3):
        backlog.put(item)
    backlog.put(3)
    assert list(backlog.take()) == []
    with pytest.raises(WatcherTooSlow) as caught:
        backlog.check("7-7")
    assert caught.value.metadata == {"resume_token": "7-7"}


async def test_a_wait_ends_when_something_comes_and_counts_it_once() -> None:
    backlog = Backlog[int](2)
    assert not await backlog.wait(0)
    backlog.put(1)
    assert await backlog.wait(0)
    assert not await backlog.wait(0)
    backlog.wake()
    assert await backlog.wait(0)


async def test_an_ended_stream_is_woken_and_says_where_to_continue() -> None:
    backlog = Backlog[int](2)
    backlog.end()
    assert await backlog.wait(60)
    with pytest.raises(StreamEnded) as caught:
        backlog.check("7-7")
    assert caught.value.metadata == {"resume_token": "7-7"}
