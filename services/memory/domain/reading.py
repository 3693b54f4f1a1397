"""A file as it was read: its title, and the passages that it will have."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.memory.domain.chunker import Chunk


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was read."""

    title: str
    chunks: Sequence[Chunk]
    warnings: Sequence[str] = ()
    """Parts that could not be read, each with what to do about it, in words for people."""
