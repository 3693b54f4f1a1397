"""Following, rebuilding and recounting transcripts, with facts and a store in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest

from kit.ids import OrganizationId
from kit.recounts import Recount
from services.core.adapters.in_memory_transcripts import InMemoryTranscripts, ListedFacts
from services.core.app import transcripts
from services.core.app.transcripts import Transcription
from services.core.domain import ConversationId, Entry, Message, MessageId, Role, State, TranscriptsUnavailable
from tests.unit.core.making import NOW, conversation

ACME = OrganizationId("acme")


def entries(shard: int, count: int) -> list[Entry]:
    """A message in each fact, in three conversations."""
    made = []
    for n in range(1, count + 1):
        place = replace(conversation(), organization=ACME, id=ConversationId(f"c{shard}-{n % 3}"), last_seq=n)
        message = Message(MessageId(f"m{shard}-{n}"), n, Role.CUSTOMER, f"word {n}", NOW, f"s{shard}-{n}")
        made.append(Entry(shard, n, 0, place, message))
    return made


@asynccontextmanager
async def following(transcription: Transcription, *shares: list[int]) -> AsyncIterator[None]:
    """Followers as `kit.shares` runs them: begun again when they are overtaken."""

    async def follow(shards: list[int]) -> None:
        while True:
            with suppress(TranscriptsUnavailable):
                await transcription.follow(shards)
            await asyncio.sleep(0)

    tasks = [asyncio.create_task(follow(shards)) for shards in shares]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0)


async def recounts(transcription: Transcription) -> list[Recount]:
    return [recount async for recount in transcription.recount(full=True)]


async def test_followers_bring_in_every_fact_also_when_two_have_the_same_shards() -> None:
    facts, kept = ListedFacts(entries(1, 20) + entries(2, 20)), InMemoryTranscripts()
    transcription = Transcription(facts, kept)
    async with following(transcription, [1, 2], [2], [1]):
        await until(lambda: len(kept.messages) == 40)
        facts.told += [replace(entries(1, 21)[-1])]
        await until(lambda: len(kept.messages) == 41)
        assert [recount.different for recount in await recounts(transcription)] == [0, 0, 0]


async def test_a_store_that_is_unavailable_loses_nothing() -> None:
    facts, kept = ListedFacts(entries(1, 5)), InMemoryTranscripts(unavailable=True)
    async with following(Transcription(facts, kept), [1]):
        for _ in range(10):
            await asyncio.sleep(0)
        kept.unavailable = False
        await until(lambda: len(kept.messages) == 5)


async def test_a_rebuild_tells_how_far_it_is_and_ends_complete() -> None:
    facts, kept = ListedFacts(entries(1, 20)), InMemoryTranscripts()
    transcription = Transcription(facts, kept)
    async with following(transcription, [1]):
        await until(lambda: len(kept.messages) == 20)
        (forged,) = [key for key in kept.messages if key[1] == "m1-7"]
        del kept.messages[forged]
        told = [(progress.done, progress.total) async for progress in transcription.rebuild()]
        assert told[-1] == (20, 20)
        assert len(kept.messages) == 20


async def test_a_recount_tells_of_transcripts_that_stay_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcripts, "CATCH_UP_SECONDS", 0.05)
    transcription = Transcription(ListedFacts(entries(3, 8)), InMemoryTranscripts())
    behind, conversations, messages = await recounts(transcription)
    assert (behind.counted, behind.differences) == (8, ["shard 3 is 8 facts behind"])
    assert (conversations.counted, messages.counted) == (0, 0), "what they have not come to is no difference"


async def test_a_recount_finds_a_document_that_was_changed() -> None:
    facts, kept = ListedFacts(entries(1, 9)), InMemoryTranscripts()
    transcription = Transcription(facts, kept)
    async with following(transcription, [1]):
        await until(lambda: len(kept.messages) == 9)
        entry = kept.messages[ACME, "m1-4"]
        assert entry.message
        kept.messages[ACME, "m1-4"] = replace(entry, message=replace(entry.message, text="forged"))
        changed = kept.conversations[ACME, "c1-0"]
        kept.conversations[ACME, "c1-0"] = replace(changed, conversation=replace(changed.conversation, state=State.CLOSED))
        _, conversations, messages = await recounts(transcription)
    assert conversations.differences == ["conversation acme/c1-0 differs"]
    assert (messages.counted, messages.differences) == (9, ["message acme/m1-4 differs"])


async def test_without_a_store_search_says_so() -> None:
    with pytest.raises(TranscriptsUnavailable):
        await Transcription(ListedFacts(), None).search(ACME, "word", True, None, 10)
