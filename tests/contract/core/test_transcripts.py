"""Transcripts: whatever is written again, late, by two at once or after a wipe, they are what the journal says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from pymongo.errors import WriteError

from kit import ids
from kit.clock import utc_now
from kit.ids import OrganizationId
from services.core.adapters import mongo
from services.core.adapters.in_memory_transcripts import InMemoryTranscripts
from services.core.domain import (
    AgentId,
    ChannelId,
    Conversation,
    ConversationId,
    CustomerId,
    Entry,
    Mark,
    Message,
    MessageId,
    Role,
    Source,
    State,
    Turn,
    TurnId,
    TurnState,
)
from services.core.ports import Transcripts

if TYPE_CHECKING:
    from stack.testing import TestStores

pytestmark = pytest.mark.asyncio(loop_scope="session")

ACME, OTHER = OrganizationId("acme"), OrganizationId("other")
SHARD = 7
NOW = utc_now()


def conversation(id: str = "c1", organization: OrganizationId = ACME) -> Conversation:
    return Conversation(
        organization, ConversationId(id), CustomerId("u1"), ChannelId("web"), State.AUTOMATED, NOW, NOW, tags=("vip",)
    )


def said(text: str, seq: int = 1, note: bool = False) -> Message:
    source = Source("documents/d", "passages/p", "Title", "Heading", "", "$text")
    role, id = Role.AGENT if note else Role.CUSTOMER, MessageId(ids.new())
    return Message(id, seq, role, text, NOW, f"channel/web/{id}", note=note, sources=(source,))


@dataclass
class Journal:
    """Entries of one shard, as facts would make them."""

    position: int = 0

    def tell(self, conversation: Conversation, message: Message | None = None) -> Entry:
        self.position += 1
        return Entry(SHARD, self.position, conversation.revision, conversation, message)


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def database(stores: TestStores) -> AsyncIterator[mongo.Database]:
    stores.mongo_url()
    async with mongo.open_database(stores.mongo.service_url("core")) as database:
        yield database


@pytest.fixture(params=["memory", "mongo"])
def store(request: pytest.FixtureRequest) -> Any:
    """The real store, or None for the one in memory."""
    return request.getfixturevalue("database") if request.param == "mongo" else None


@pytest_asyncio.fixture(loop_scope="session")
async def transcripts(store: mongo.Database | None) -> Transcripts:
    if store is None:
        return InMemoryTranscripts()
    for name in await store.list_collection_names():
        await store.drop_collection(name)
    made = mongo.MongoTranscripts(store)
    await made.prepare()
    return made


async def found(transcripts: Transcripts, query: str, organization: OrganizationId = ACME, **more: Any) -> list[str]:
    """The texts that a search finds."""
    options: dict[str, Any] = {"notes": True, "before": None, "limit": 50, **more}
    return [each.message.text for each in await transcripts.search(organization, query, **options)]


async def wrong(transcripts: Transcripts, entries: list[Entry]) -> list[str]:
    """What a recount says when these are the journal."""
    latest = {entry.conversation.id: entry for entry in entries}
    last = entries[-1].position
    return [
        *await transcripts.recount_messages([entry for entry in entries if entry.message], SHARD, 0, last),
        *await transcripts.recount_conversations({str(id): entry for id, entry in latest.items()}, SHARD, 0, last),
    ]


async def test_what_is_written_is_found_whole(transcripts: Transcripts) -> None:
    turn = Turn(TurnId("t1"), TurnState.RUNNING, 1, 1, NOW, NOW)
    taken = replace(conversation(), state=State.ASSIGNED, agent=AgentId("a1"), last_seq=1, revision=3, turn=turn)
    message = said("Do you ship to Norway?")
    await transcripts.write([Journal().tell(taken, message)])
    (only,) = await transcripts.search(ACME, "norway", notes=True, before=None, limit=10)
    when = only.message.created
    assert abs((when - NOW).total_seconds()) < 0.001
    assert replace(only.message, created=NOW) == message
    assert replace(only.conversation, created=NOW, updated=NOW) == replace(taken, turn=None)


async def test_writing_again_or_older_facts_later_changes_nothing(transcripts: Transcripts) -> None:
    journal, first = Journal(), conversation()
    entries = [
        journal.tell(first, said("one")),
        journal.tell(replace(first, state=State.WAITING, revision=1), said("two", 2)),
        journal.tell(replace(first, state=State.CLOSED, revision=2)),
    ]
    await transcripts.write(entries)
    await transcripts.write(entries[:2])
    await transcripts.write(entries[:1])
    assert await wrong(transcripts, entries) == []
    assert [each.conversation.state for each in await transcripts.search(ACME, "one", notes=True, before=None, limit=5)] == [
        State.CLOSED
    ]


async def test_two_who_write_the_same_at_once_do_no_harm(transcripts: Transcripts) -> None:
    journal = Journal()
    entries = [journal.tell(conversation(f"c{n % 7}"), said(f"words {n}", n)) for n in range(200)]
    batches = [entries[n : n + 50] for n in range(0, 200, 50)]
    await asyncio.gather(*(transcripts.write(batch) for batch in [*batches, *reversed(batches)]))
    assert await wrong(transcripts, entries) == []


async def test_a_position_moves_only_from_where_it_was_found(transcripts: Transcripts) -> None:
    first = await transcripts.marks([1, 2])
    assert first == {1: Mark(0, 0), 2: Mark(0, 0)}
    assert await transcripts.advance(first, {1: 5, 2: 3})
    assert not await transcripts.advance(first, {1: 4})
    assert await transcripts.marks([1, 2]) == {1: Mark(0, 5), 2: Mark(0, 3)}


async def test_a_wipe_empties_and_whoever_was_at_work_before_it_moves_nothing(transcripts: Transcripts) -> None:
    journal = Journal()
    entries = [journal.tell(conversation(), said("one"))]
    before = await transcripts.marks([SHARD])
    await transcripts.write(entries)
    await transcripts.advance(before, {SHARD: 1})
    before = await transcripts.marks([SHARD])
    await transcripts.wipe()
    assert await found(transcripts, "one") == []
    assert await transcripts.marks([SHARD]) == {SHARD: Mark(1, 0)}
    assert not await transcripts.advance(before, {SHARD: 2})
    again = await transcripts.marks([SHARD])
    await transcripts.write(entries)
    assert await transcripts.advance(again, {SHARD: 1})
    assert await wrong(transcripts, entries) == []


async def test_a_search_finds_the_best_first_each_conversation_once_and_only_the_organizations(
    transcripts: Transcripts,
) -> None:
    journal = Journal()
    await transcripts.write(
        [
            journal.tell(conversation("c1"), said("parcel lost")),
            journal.tell(conversation("c1"), said("parcel", 2)),
            journal.tell(conversation("c2"), said("a parcel for someone else entirely who waits")),
            journal.tell(conversation("c3"), said("nothing of it")),
            journal.tell(conversation("c4", OTHER), said("parcel lost elsewhere")),
        ]
    )
    assert (await found(transcripts, "parcel lost"))[0] == "parcel lost"
    assert len(await found(transcripts, "parcel lost")) == 2
    assert await found(transcripts, "parcel", OTHER) == ["parcel lost elsewhere"]
    assert await found(transcripts, "parcel", OrganizationId("nobody")) == []


async def test_notes_are_left_out_where_they_must_not_be_seen(transcripts: Transcripts) -> None:
    journal = Journal()
    await transcripts.write(
        [journal.tell(conversation(), said("difficult customer", note=True)), journal.tell(conversation(), said("hello", 2))]
    )
    assert await found(transcripts, "difficult") == ["difficult customer"]
    assert await found(transcripts, "difficult", notes=False) == []


async def test_pages_continue_where_the_last_one_ended(transcripts: Transcripts) -> None:
    journal = Journal()
    await transcripts.write([journal.tell(conversation(f"c{n:02}"), said(f"parcel {n}")) for n in range(9)])
    seen: list[str] = []
    before: tuple[float, str] | None = None
    while page := await transcripts.search(ACME, "parcel", notes=True, before=before, limit=4):
        seen += [each.conversation.id for each in page]
        before = (page[-1].score, page[-1].conversation.id)
    assert seen == [f"c{n:02}" for n in reversed(range(9))]


async def test_a_recount_finds_what_is_missing_or_too_much(transcripts: Transcripts) -> None:
    journal = Journal()
    kept = journal.tell(conversation("c1"), said("kept"))
    lost = journal.tell(conversation("c2"), said("lost"))
    invented = Entry(SHARD, 2, 0, conversation("c3"), said("invented"))
    await transcripts.write([kept, invented])
    assert kept.message
    assert lost.message
    assert invented.message
    assert set(await wrong(transcripts, [kept, lost])) == {
        "conversation acme/c2 is missing",
        "conversation acme/c3 is not in the journal",
        f"message acme/{lost.message.id} is missing",
        f"message acme/{invented.message.id} is not in the journal",
    }


async def test_a_recount_takes_no_offence_at_what_came_since(transcripts: Transcripts) -> None:
    journal = Journal()
    entries = [journal.tell(conversation("c1"), said("one")), journal.tell(conversation("c2"))]
    later = journal.tell(replace(conversation("c1"), state=State.CLOSED, revision=1), said("two", 2))
    await transcripts.write([*entries, later])
    assert await wrong(transcripts, entries) == []


async def test_mongodb_refuses_what_is_no_message(database: mongo.Database) -> None:
    await mongo.MongoTranscripts(database).prepare()
    with pytest.raises(WriteError, match="failed validation"):
        await database["messages"].insert_one({"_id": "acme/m1", "text": "hello"})
    with pytest.raises(WriteError, match="failed validation"):
        await database["conversations"].insert_one({"_id": "acme/c1"})


async def test_a_document_that_was_tampered_with_is_told_with_the_field_and_without_the_text(database: mongo.Database) -> None:
    transcripts = mongo.MongoTranscripts(database)
    await transcripts.wipe()
    entry = Journal().tell(conversation(), said("secret"))
    await transcripts.write([entry])
    await database["messages"].update_one({}, {"$set": {"text": "forged"}})
    await database["conversations"].update_one({}, {"$set": {"state": "CLOSED"}})
    assert entry.message
    assert await wrong(transcripts, [entry]) == [
        f"message acme/{entry.message.id} differs in text",
        "conversation acme/c1 differs in state",
    ]


async def test_words_are_found_in_other_forms_and_phrases_as_they_stand(database: mongo.Database) -> None:
    transcripts, journal = mongo.MongoTranscripts(database), Journal()
    await transcripts.wipe()
    await transcripts.write(
        [
            journal.tell(conversation("c1"), said("When is it shipped to Århus?")),
            journal.tell(conversation("c2"), said("to ship $money.back {is: easy}")),
        ]
    )
    assert len(await found(transcripts, "shipping")) == 2
    assert await found(transcripts, "arhus") == ["When is it shipped to Århus?"]
    assert await found(transcripts, '"shipped to"') == ["When is it shipped to Århus?"]
    assert await found(transcripts, "ship -money") == ["When is it shipped to Århus?"]
