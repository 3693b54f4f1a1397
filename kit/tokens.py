"""Counting a model's tokens offline: nothing is downloaded, and no model is asked.

The count is that of `cl100k_base`. It is exact for GPT-4 and GPT-3.5, and rather too high for GPT-4o, GPT-5 and others:
docs/adr/0079 has the figures. The first count takes 0.2 s and 38 MB; then 25,000 characters take half a millisecond.
"""

from collections.abc import Sequence

ENCODING = "cl100k_base"
MARGIN = 0.1
"""The share of a model's context that stays free, since its own tokenizer may count so much more."""
MAX_CHARACTERS_PER_TOKEN = 6
"""A text that people write has at least one token in so many characters; longer tokens are white space and repetitions."""


def load() -> None:
    """Reads the vocabulary, which the first count does otherwise."""
    _count([""])


def count(texts: Sequence[str]) -> list[int]:
    """The tokens of each text. Special tokens, such as `<|endoftext|>`, are text like any other."""
    return _count(texts)


def fit(texts: Sequence[str], room: int, overhead: int = 0) -> list[bool]:
    """Whether each text fits in so many tokens, each with an overhead: the first ones, and of the others those small enough.

    A token is at least one byte, so texts that are short enough are not counted.
    """
    if sum(len(text.encode()) + overhead for text in texts) <= room:
        return [True] * len(texts)
    fitting = []
    for tokens in count(texts):
        fits = tokens + overhead <= room
        room -= (tokens + overhead) if fits else 0
        fitting.append(fits)
    return fitting


def _count(texts: Sequence[str]) -> list[int]:
    import toktok  # 38 MB, which processes without a model need not pay

    counted: list[int] = toktok.batch_count(texts, ENCODING, threads=1)
    return counted
