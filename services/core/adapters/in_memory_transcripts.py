"""Core's transcripts and facts in memory, for tests: the contract tests hold them to what MongoDB does."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kit.ids import OrganizationId
from services.core.domain import ConversationId, Entries, Entry, Found, Mark, TranscriptsUnavailable, tombstone

Key = tuple[OrganizationId, str]


@dataclass
class ListedFacts:
    """The port Facts: each shard's entries as listed."""

    told: list[Entry] = field(default_factory=list)
    compared: dict[int, int] = field(default_factory=dict)

    async def ends(self) -> dict[int, int]:
        shards = {entry.shard for entry in self.told}
        return {shard: max(entry.position for entry in self.told if entry.shard == shard) for shard in shards}

    async def read(self, shard: int, after: int, limit: int) -> Entries:
        return _read([entry for entry in self.told if entry.shard == shard and entry.position > after][:limit])

    async def verified(self, full: bool) -> dict[int, int]:
        return {} if full else self.compared

    async def store_verified(self, shard: int, position: int) -> None:
        self.compared[shard] = position

    async def watch(self, after: Mapping[int, int]) -> AsyncGenerator[Entries, None]:
        positions = dict(after)
        while True:
            news = [entry for entry in self.told if entry.shard in after and entry.position > positions[entry.shard]]
            positions |= {entry.shard: entry.position for entry in news}
            yield _read(news)
            await asyncio.sleep(0)


def _read(entries: list[Entry]) -> Entries:
    return Entries(entries, {entry.shard: entry.position for entry in entries})


@dataclass
class InMemoryTranscripts:
    """The port Transcripts."""

    unavailable: bool = False
    conversations: dict[Key, Entry] = field(default_factory=dict)
    messages: dict[Key, Entry] = field(default_factory=dict)
    _marks: dict[int, Mark] = field(default_factory=dict)

    async def prepare(self) -> None:
        self._check()

    async def marks(self, shards: Sequence[int]) -> dict[int, Mark]:
        self._check()
        return {shard: self._marks.setdefault(shard, Mark(0, 0)) for shard in shards}

    async def write(self, entries: Sequence[Entry]) -> None:
        self._check()
        for entry in entries:
            _put(self.conversations, entry.conversation.id, entry)
            if entry.message is not None:
                _put(self.messages, entry.message.id, entry)
            if entry.conversation.erased is not None:
                for key, kept in self.messages.items():
                    if kept.message is not None and kept.conversation.id == entry.conversation.id:
                        self.messages[key] = replace(kept, message=tombstone(kept.message))

    async def advance(self, since: Mapping[int, Mark], to: Mapping[int, int]) -> bool:
        self._check()
        moved = [shard for shard in to if self._marks.get(shard) == since[shard]]
        self._marks |= {shard: Mark(since[shard].rebuild, to[shard]) for shard in moved}
        return len(moved) == len(to)

    async def wipe(self) -> None:
        self._check()
        self.conversations.clear()
        self.messages.clear()
        self._marks = {shard: Mark(mark.rebuild + 1, 0) for shard, mark in self._marks.items()}

    async def search(
        self, organization: OrganizationId, query: str, *, notes: bool, before: tuple[float, str] | None, limit: int
    ) -> list[Found]:
        self._check()
        words = set(query.lower().split())
        best: dict[ConversationId, Found] = {}
        for (owner, _), entry in sorted(self.messages.items()):
            message = entry.message
            assert message is not None
            score = float(len(words & set(message.text.lower().replace(".", " ").replace("?", " ").split())))
            known = best.get(entry.conversation.id)
            if owner == organization and score and (notes or not message.note) and (known is None or score >= known.score):
                conversation = self.conversations[owner, entry.conversation.id].conversation
                best[conversation.id] = Found(replace(conversation, turn=None), message, score)
        ordered = sorted(best.values(), key=lambda found: (found.score, found.conversation.id), reverse=True)
        return [found for found in ordered if before is None or (found.score, found.conversation.id) < before][:limit]

    async def recount_messages(self, entries: Sequence[Entry], shard: int, after: int, until: int) -> list[str]:
        self._check()
        told = {(e.conversation.organization, str(e.message.id)): e for e in entries if e.message}
        kept = {key: e for key, e in self.messages.items() if e.shard == shard and after < e.position <= until}
        return _compared("message", told, kept, lambda entry: entry.message)

    async def recount_conversations(self, latest: Mapping[str, Entry], shard: int, after: int, until: int) -> list[str]:
        self._check()
        later = {key for key, e in self.conversations.items() if e.position > until}
        told = {(e.conversation.organization, str(e.conversation.id)): e for e in latest.values()}
        kept = {key: e for key, e in self.conversations.items() if e.shard == shard and e.position > after and key not in later}
        told = {key: e for key, e in told.items() if key not in later}
        return _compared("conversation", told, kept, lambda entry: replace(entry.conversation, turn=None))

    def _check(self) -> None:
        if self.unavailable:
            raise TranscriptsUnavailable


def _put(kept: dict[Key, Entry], id: str, entry: Entry) -> None:
    key = (entry.conversation.organization, id)
    if key not in kept or kept[key].position < entry.position:
        kept[key] = entry


def _compared(what: str, told: Mapping[Key, Entry], kept: Mapping[Key, Entry], part: Callable[[Entry], object]) -> list[str]:
    missing = [f"{what} {'/'.join(key)} is missing" for key in told if key not in kept]
    more = [f"{what} {'/'.join(key)} is not in the journal" for key in kept if key not in told]
    other = [key for key in told if key in kept and part(told[key]) != part(kept[key])]
    return [*missing, *more, *(f"{what} {'/'.join(key)} differs" for key in other)]
