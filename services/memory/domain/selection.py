"""Which of the passages that were found are answered from: each text once, and no more than a budget of tokens holds."""

from collections.abc import Sequence
from enum import StrEnum

from kit import tokens
from services.memory.domain.documents import Passage

OVERHEAD = 16
"""Tokens around a passage in a prompt."""


class Fate(StrEnum):
    """Whether a passage that was found is used, and why not."""

    USED = "USED"
    DUPLICATE = "DUPLICATE"
    OVER_BUDGET = "OVER_BUDGET"


def select(passages: Sequence[Passage], budget: int) -> list[Fate]:
    """The fate of each passage, the best first, which is used whatever its size. `budget` 0: any number of tokens."""
    fates = [Fate.USED] * len(passages)
    seen: set[str] = set()
    for number, passage in enumerate(passages):
        text = " ".join(passage.text.split()).casefold()
        if text in seen:
            fates[number] = Fate.DUPLICATE
        seen.add(text)
    if not budget:
        return fates
    left = [number for number, fate in enumerate(fates) if fate is Fate.USED]
    texts = [f"{passage.title} {passage.heading} {passage.text}" for passage in (passages[number] for number in left)]
    fitting = tokens.fit(texts, budget, OVERHEAD)
    if not all(fitting[:1]):  # the best one takes all the room, and more
        fitting = [number == 0 for number in range(len(fitting))]
    for number, fits in zip(left, fitting, strict=True):
        if not fits:
            fates[number] = Fate.OVER_BUDGET
    return fates
