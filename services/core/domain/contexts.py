"""The parts of a conversation that a prompt lacks, and why; the texts that it has in part; and the contexts of models."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

GAP = " […] "
"""Stands for what was cut out of a text."""
DEFAULT_CONTEXT = 8_192
"""The context of a model that no list names, in tokens."""
OTHERS = "*"
_DATED = re.compile(r"-\d{4}-\d{2}-\d{2}$")


class WhyLeftOut(StrEnum):
    """Why messages are not in a prompt."""

    OVER_BUDGET = "OVER_BUDGET"
    TOO_OLD = "TOO_OLD"
    BEFORE_CUSTOMER = "BEFORE_CUSTOMER"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Messages that a prompt lacks, by their numbers."""

    first: int
    last: int
    why: WhyLeftOut


@dataclass(frozen=True, slots=True)
class Cut:
    """A message or a passage that is in a prompt in part."""

    characters: int
    """How many are left."""
    seq: int = 0
    passage: str = ""
    """Its name; empty: it is a message."""


def cut_message(text: str, characters: int) -> str:
    """The beginning and the end of a text, of so many characters together."""
    end = characters // 2
    return f"{text[: characters - end]}{GAP}{text[len(text) - end :]}"


def cut_passage(text: str, characters: int) -> str:
    """The beginning of a text."""
    return f"{text[:characters]}{GAP.rstrip()}"


def level(sizes: list[int], room: int) -> int:
    """The size to which the largest are to be cut so that all fit: the smaller ones stay as they are."""
    left = len(sizes)
    for size in sorted(sizes):
        if size * left > room:
            return room // left
        room -= size
        left -= 1
    return max(sizes, default=0)


def contexts(text: str) -> dict[str, int]:
    """A list of contexts: `model=tokens`, separated by commas. Raises ValueError."""
    found = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        model, equals, tokens = entry.rpartition("=")
        if not (model and equals and tokens.strip().isdecimal() and int(tokens)):
            raise ValueError(f"{entry!r} is not a model's context; write model=tokens, such as my-model=32768.")
        found[model.strip()] = int(tokens)
    return found


CONTEXTS: Mapping[str, int] = contexts(
    "gpt-4o=128000,gpt-4o-mini=128000,gpt-4.1=1047576,gpt-4.1-mini=1047576,gpt-4.1-nano=1047576,gpt-4-turbo=128000,gpt-4=8192,"
    "gpt-3.5-turbo=16385,o1=200000,o3=200000,o3-mini=200000,o4-mini=200000,gpt-5=400000,gpt-5-mini=400000,gpt-5-nano=400000"
)
"""Tokens of prompt and reply together, as OpenAI listed them."""


def context_of(model: str, own: Mapping[str, int]) -> int:
    """A model's context: the operator's own, the built-in one, or the operator's for all others."""
    known = {**CONTEXTS, **own}
    return known.get(model) or known.get(_DATED.sub("", model)) or known.get(OTHERS) or DEFAULT_CONTEXT
