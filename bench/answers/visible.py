"""The visible answers to well-known questions: what they must say, and what they must not."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from bench.answers.answers import answer
from bench.answers.sets import TALK, Question
from bench.answers.ways import Memory

FILE = Path(__file__).parent / "visible.toml"
MAX_WRONG = 1
"""Of 85: the price of express delivery to France comes from another passage than the table's."""


def wrong(memory: Memory) -> Iterator[str]:
    """A sentence for each answer that is not as it must be."""
    for text, wanted, unwanted in tomllib.loads(FILE.read_text())["answers"]:
        said = answer(Question(text, TALK, "", (), ()), memory).text
        missing = [words for words in wanted.split("|") if words and words not in said]
        extra = [words for words in unwanted.split("|") if words and words in said]
        if missing or extra:
            yield f"visible: {text!r} lacks {missing} and has {extra}: {said[:200]!r}"
