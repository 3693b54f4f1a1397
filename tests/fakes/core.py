"""Services that core asks, without a model or a network. Its stores are always the real ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from kit import deadline
from kit.ids import OrganizationId
from services.core.domain import Ending, Passage
from services.core.domain.citations import Marks
from services.core.ports.assistant import (
    AssistantFailed,
    Beat,
    Findings,
    ModelRequest,
    Piece,
    Prompt,
    Recalled,
    Repeated,
    ShortCalls,
    Usage,
)


@dataclass
class FixedKnowledge:
    """The port Knowledge: finds the same passages whatever is asked, or is unavailable."""

    passages: list[Recalled] = field(default_factory=list)
    unavailable: bool = False
    asked: list[str] = field(default_factory=list)
    had: list[float] = field(default_factory=list)
    """Seconds that each search was given, of at most 60."""

    async def search(self, organization: OrganizationId, query: str, limit: int) -> Findings:
        self.asked.append(query)
        self.had.append(deadline.remaining(60.0))
        if self.unavailable:
            raise AssistantFailed("The knowledge can't be searched.")
        return Findings(tuple(self.passages[:limit]), knowledge_version=3, embedding_model="fixed")

    async def read(self, organization: OrganizationId, names: Collection[str]) -> Mapping[str, Passage]:
        return {found.passage.name: found.passage for found in self.passages if found.passage.name in names}


@dataclass
class ScriptedAssistant:
    """The port Assistant: writes the script's replies, with marks such as `[1]`; an exception in a script is raised there.

    While `hold` is set to an event, a reply waits for it before its last piece.
    """

    script: list[Iterable[Piece | Usage | Repeated | Ending | Exception]] = field(default_factory=list)
    hold: asyncio.Event | None = None
    prompts: list[Prompt] = field(default_factory=list)
    name: str = "scripted"
    max_tokens: int = 0
    short_calls: ShortCalls | None = None
    context_tokens: int = 0

    def request(self, prompt: Prompt) -> ModelRequest | None:
        return ModelRequest(b"{}", "scripted/1", 100, None, "")

    def prompt_tokens(self, prompt: Prompt) -> int:
        return 0

    def prompt_bytes(self, prompt: Prompt) -> int:
        return len(prompt.question.encode())

    async def reply(self, prompt: Prompt, beat: Beat) -> AsyncGenerator[Piece | Usage | Repeated | Ending, None]:
        self.prompts.append(prompt)
        pieces = list(self.script.pop(0)) if self.script else ["Certainly [1]."]
        marks = Marks()
        for left, piece in zip(range(len(pieces) - 1, -1, -1), pieces, strict=True):
            if not left and self.hold is not None:
                await self.hold.wait()
            if isinstance(piece, Exception):
                raise piece
            for item in marks.feed(piece) if isinstance(piece, str) else [piece]:
                yield item
            await (beat() if left and isinstance(piece, str) else asyncio.sleep(0))
