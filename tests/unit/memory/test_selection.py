"""Which passages are answered from, under a budget of tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import tokens
from kit.ids import OrganizationId
from services.memory.domain.documents import DocumentId, EditionId, Passage
from services.memory.domain.selection import OVERHEAD, Fate, select

USED, DUPLICATE, OVER_BUDGET = Fate.USED, Fate.DUPLICATE, Fate.OVER_BUDGET


def passages(*texts: str) -> list[Passage]:
    return [
        Passage(OrganizationId("acme"), DocumentId(f"d{n}"), 1, EditionId("e"), 0, "Title", "", "", text)
        for n, text in enumerate(texts)
    ]


@pytest.mark.parametrize(
    ("texts", "budget", "fates"),
    [
        ((), 10, []),
        (("a", "b"), 0, [USED, USED]),
        (("a b", "A  b\n", "c"), 0, [USED, DUPLICATE, USED]),
        (("a", "b " * 100, "c"), 60, [USED, OVER_BUDGET, USED]),
        (("b " * 100, "a", "c"), 60, [USED, OVER_BUDGET, OVER_BUDGET]),
        (("a", "a", "b " * 100), 60, [USED, DUPLICATE, OVER_BUDGET]),
    ],
)
def test_each_text_once_and_the_best_first(texts: tuple[str, ...], budget: int, fates: list[Fate]) -> None:
    assert select(passages(*texts), budget) == fates


@given(st.lists(st.text(max_size=300), max_size=20), st.integers(1, 400))
def test_the_budget_is_kept_unless_the_best_alone_is_larger(texts: list[str], budget: int) -> None:
    found = passages(*texts)
    used = [passage for passage, fate in zip(found, select(found, budget), strict=True) if fate is USED]
    assert used[:1] == found[:1]
    sizes = [count + OVERHEAD for count in tokens.count([f"{passage.title}  {passage.text}" for passage in used])]
    assert sum(sizes) <= budget or len(used) == 1
