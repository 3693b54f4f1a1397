"""Recounts: what differs for a moment is no difference."""

from __future__ import annotations

import pytest

from kit import recounts
from kit.recounts import Recount, lasting


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recounts, "PAUSE_SECONDS", 0.0)


class Looks:
    """A store whose differences are another set at each look, the last one from then on."""

    def __init__(self, *differences: set[str]) -> None:
        self.left = list(differences)
        self.count = 0

    async def look(self) -> tuple[int, set[str]]:
        self.count += 1
        return self.count, set(self.left.pop(0) if len(self.left) > 1 else self.left[0])


async def test_one_look_is_enough_when_nothing_differs() -> None:
    looks = Looks(set())
    assert await anext(lasting("queue", looks.look)) == Recount("queue", 1)


async def test_what_settles_is_no_difference_and_what_is_new_each_time_is_none() -> None:
    assert (await anext(lasting("queue", Looks({"a", "b"}, {"b", "c"}, {"c"}).look))).different == 0


async def test_what_lasts_is_reported() -> None:
    found = await anext(lasting("queue", Looks({"a", "b"}, {"b", "c"}).look))
    assert (found.different, found.differences) == (1, ["b"])


def test_many_differences_are_counted_and_the_first_shown() -> None:
    recount = Recount("messages")
    for _ in range(3):
        recount.add(100, [f"message {n} is missing" for n in range(15)])
    assert (recount.counted, recount.different, len(recount.differences)) == (300, 45, recounts.MAX_TOLD)
