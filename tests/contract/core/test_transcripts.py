"""Transcripts: whatever is written again, late, by two at once or after a wipe, they are what the journal says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from frontdesk.core.internal import v1 as internal
from pymongo.errors import WriteError

from kit import ids, journal
from kit.clock import utc_now
from kit.ids import OrganizationId
from kit.journal import Retention, Verified, shard_of
from services.core.adapters import facts, mongo
from services.core.adapters.facts import JournalFacts
from services.core.adapters.past import PostgresPast
from services.core.adapters.references import PostgresReferences
from services.core.app import transcripts as use_cases
from services.core.app.transcripts import Transcription
from services.core.convert.facts import fact_to_pb
from services.core.domain import (
    AgentId,
    ChannelId,
    Citation,
    Conversation,
    ConversationId,
    CustomerId,
    Entries,
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
from services.core.domain.content import (
    Attachment,
    AttachmentKind,
    Contact,
    Content,
    Interactive,
    Option,
    Reaction,
    Template,
    Text,
)
from tests.contract.core.conftest import Kept

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
    source = Source("documents/d", 2, "passages/p", "Title", "Heading", "", "$text")
    role, id = Role.AGENT if note else Role.CUSTOMER, MessageId(ids.new())
    return Message(id, seq, role, text, NOW, f"channel/web/{id}", note=note, citations=(Citation(0, 1, source),))


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


@pytest_asyncio.fixture(loop_scope="session")
async def transcripts(database: mongo.Database) -> mongo.MongoTranscripts:
    for name in await database.list_collection_names():
        await database.drop_collection(name)
    made = mongo.MongoTranscripts(database)
    await made.prepare()
    return made


async def found(transcripts: mongo.MongoTranscripts, query: str, organization: OrganizationId = ACME, **more: Any) -> list[str]:
    """The texts that a search finds."""
    options: dict[str, Any] = {"notes": True, "before": None, "limit": 50, **more}
    return [each.message.text for each in await transcripts.search(organization, query, **options) if each.message]


async def wrong(transcripts: mongo.MongoTranscripts, entries: list[Entry]) -> list[str]:
    """The answer of a recount when these are the journal."""
    latest = {entry.conversation.id: entry for entry in entries}
    last = entries[-1].position
    return [
        *await transcripts.recount_messages([entry for entry in entries if entry.message], SHARD, 0, last),
        *await transcripts.recount_conversations({str(id): entry for id, entry in latest.items()}, SHARD, 0, last),
    ]


async def test_what_is_written_is_found_whole(transcripts: mongo.MongoTranscripts) -> None:
    turn = Turn(TurnId("t1"), TurnState.RUNNING, 1, 1, NOW, NOW)
    taken = replace(conversation(), state=State.ASSIGNED, agent=AgentId("a1"), last_seq=1, revision=3, turn=turn)
    message = said("Do you ship to Norway?")
    await transcripts.write([Journal().tell(taken, message)])
    (only,) = await transcripts.search(ACME, "norway", notes=True, before=None, limit=10)
    assert only.message is not None
    when = only.message.created
    assert abs((when - NOW).total_seconds()) < 0.001
    assert replace(only.message, created=NOW) == message
    assert replace(only.conversation, created=NOW, updated=NOW) == replace(taken, turn=None)


async def test_writing_again_or_older_facts_later_changes_nothing(transcripts: mongo.MongoTranscripts) -> None:
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


async def test_content_is_as_the_journal_says(transcripts: mongo.MongoTranscripts) -> None:
    journal, parts = (
        Journal(),
        [
            (Attachment(AttachmentKind.IMAGE, "m1", "boots.jpg", "image/jpeg", 7), Text("My boots.")),
            (Attachment(AttachmentKind.VOICE, "m2"),),
            (Reaction("👍"),),
            (Contact("Kim", ("+4930123456",), ("kim@example.com",)),),
            (Interactive((Option("1", "Yes"), Option("2", "No"))),),
            (Template("order_sent", "en", {"order": "7"}),),
        ],
    )
    messages = [replace(said("", seq), content=Content(each, reply_to="m0")) for seq, each in enumerate(parts, 1)]
    entries = [journal.tell(conversation(), message) for message in messages]
    await transcripts.write(entries)
    assert await wrong(transcripts, entries) == []


async def test_two_who_write_the_same_at_once_do_no_harm(transcripts: mongo.MongoTranscripts) -> None:
    journal = Journal()
    entries = [journal.tell(conversation(f"c{n % 7}"), said(f"words {n}", n)) for n in range(200)]
    batches = [entries[n : n + 50] for n in range(0, 200, 50)]
    await asyncio.gather(*(transcripts.write(batch) for batch in [*batches, *reversed(batches)]))
    assert await wrong(transcripts, entries) == []


async def test_a_position_moves_only_from_where_it_was_found(transcripts: mongo.MongoTranscripts) -> None:
    first = await transcripts.marks([1, 2])
    assert first == {1: Mark(0, 0), 2: Mark(0, 0)}
    assert await transcripts.advance(first, {1: 5, 2: 3})
    assert not await transcripts.advance(first, {1: 4})
    assert await transcripts.marks([1, 2]) == {1: Mark(0, 5), 2: Mark(0, 3)}


async def test_a_wipe_empties_and_work_begun_before_it_moves_nothing(transcripts: mongo.MongoTranscripts) -> None:
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


async def test_of_common_words_the_newest_count_and_a_rare_word_beside_them_is_found_first(
    transcripts: mongo.MongoTranscripts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mongo, "MAX_MATCHES", 3)
    journal = Journal()
    told = [journal.tell(conversation("c0"), said("lost parcel"))]
    told += [journal.tell(conversation(f"c{n}"), said(f"parcel {n}{n}{n}")) for n in range(1, 7)]
    for each in told:
        await transcripts.write([each])
    assert await found(transcripts, "parcel") == ["parcel 666", "parcel 555", "parcel 444"]
    assert (await found(transcripts, "parcel lost"))[0] == "lost parcel"
    assert await found(transcripts, '"lost parcel" parcel') == ["lost parcel"]
    *_, last = await transcripts.search(ACME, "parcel", notes=True, before=None, limit=2)
    assert await found(transcripts, "parcel", before=(last.score, last.conversation.id)) == ["parcel 444"]
    matching = await transcripts.search(ACME, "parcel", notes=True, before=None, limit=10)
    assert [each.conversation.id for each in matching] == ["c6", "c5", "c4"]

    async def choose(matching: Sequence[ConversationId]) -> set[ConversationId]:
        assert matching == ["c6", "c5", "c4"], "all that were found, the best first"
        return set(matching[1:])

    assert await found(transcripts, "parcel", choose=choose, limit=1) == ["parcel 555"]


async def test_a_search_finds_the_best_first_each_conversation_once_and_only_the_organizations(
    transcripts: mongo.MongoTranscripts,
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


async def test_notes_are_left_out_where_they_must_not_be_seen(transcripts: mongo.MongoTranscripts) -> None:
    journal = Journal()
    await transcripts.write(
        [journal.tell(conversation(), said("difficult customer", note=True)), journal.tell(conversation(), said("hello", 2))]
    )
    assert await found(transcripts, "difficult") == ["difficult customer"]
    assert await found(transcripts, "difficult", notes=False) == []


async def test_pages_continue_where_the_last_one_ended(transcripts: mongo.MongoTranscripts) -> None:
    journal = Journal()
    await transcripts.write([journal.tell(conversation(f"c{n:02}"), said(f"parcel {n}")) for n in range(9)])
    seen: list[str] = []
    before: tuple[float, str] | None = None
    while page := await transcripts.search(ACME, "parcel", notes=True, before=before, limit=4):
        seen += [each.conversation.id for each in page]
        before = (page[-1].score, page[-1].conversation.id)
    assert seen == [f"c{n:02}" for n in reversed(range(9))]


def answered(seq: int, *documents: str, created: datetime = NOW) -> Message:
    """An answer that cites documents."""
    sources = [
        Source(f"organizations/acme/documents/{each}", 1, f"passages/{each}", "Title", "", "", "Q.") for each in documents
    ]
    id, citations = MessageId(ids.new()), tuple(Citation(0, 1, source) for source in sources)
    return Message(id, seq, Role.ASSISTANT, "An answer.", created, f"turn/{id}", citations=citations)


async def test_answers_that_cite_a_document_are_listed_with_their_questions_and_counted(
    transcripts: mongo.MongoTranscripts, database: mongo.Database
) -> None:
    journal, document = Journal(), "organizations/acme/documents/returns"
    answers = [answered(2, "returns", "returns", "other", created=NOW - timedelta(days=days)) for days in (40, 2, 1, 1)]
    for n, answer in enumerate(answers):
        question = replace(said(f"Question {n}"), citations=())
        at = conversation(f"c{n}")
        unrelated = answered(4, "other")
        await transcripts.write([journal.tell(at, each) for each in (question, answer, unrelated)])
    stranger = conversation("x", OTHER)
    await transcripts.write([journal.tell(stranger, answered(1, "returns"))])
    seen, before = [], None
    while page := await transcripts.citing(ACME, document, before, 2):
        seen += [(each.message.id, each.question) for each in page]
        before = (page[-1].message.created, page[-1].message.id)
    newest = sorted((2, 3), key=lambda n: answers[n].id, reverse=True)
    assert seen == [(answers[n].id, f"Question {n}") for n in (*newest, 1, 0)]
    since = NOW - timedelta(days=30)
    assert await transcripts.count_citing(ACME, document, since, 1000) == 3
    assert await transcripts.count_citing(ACME, document, since, 2) == 2  # it stops there
    assert await transcripts.count_citing(ACME, "organizations/acme/documents/none", since, 1000) == 0
    wanted = {"organization": ACME, "citations.source.document": document}
    plan = await database["messages"].find(wanted).sort({"created": -1, "_id": -1}).explain()
    assert "citing" in str(plan["queryPlanner"]["winningPlan"])
    assert "'stage': 'SORT'" not in str(plan["queryPlanner"]["winningPlan"])  # it reads no more than it shows

    gone = replace(conversation("c2"), erased=NOW, revision=1)
    await transcripts.write([journal.tell(gone)])
    assert [each.question for each in await transcripts.citing(ACME, document, None, 9)] == [
        "Question 3",
        "Question 1",
        "Question 0",
    ]
    assert await transcripts.count_citing(ACME, document, since, 1000) == 2


async def test_a_recount_finds_what_is_missing_or_too_much(transcripts: mongo.MongoTranscripts) -> None:
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


async def test_a_recount_takes_no_offence_at_what_came_since(transcripts: mongo.MongoTranscripts) -> None:
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


async def test_a_document_that_was_tampered_with_is_named_with_its_field_and_without_the_text(
    database: mongo.Database,
) -> None:
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


async def test_words_numbers_and_scripts_without_spaces_are_found_by_their_beginnings(database: mongo.Database) -> None:
    transcripts, journal = mongo.MongoTranscripts(database), Journal()
    await transcripts.wipe()
    texts = ["I want a Réfund", "refunds are late", "order 55-1234", "注文番号は98765です", "call +49 171 123 4567"]
    await transcripts.write([journal.tell(conversation(f"c{n}"), said(text)) for n, text in enumerate(texts)])
    assert set(await found(transcripts, "my refu")) == set(texts[:2])
    assert await found(transcripts, "55 12") == await found(transcripts, "5512") == [texts[2]]
    assert await found(transcripts, "注") == await found(transcripts, "注文番") == [texts[3]]
    assert await found(transcripts, "0171 1234567") == await found(transcripts, "01711234567") == [texts[4]]
    assert await found(transcripts, '"refu"') == await found(transcripts, "refu ") == await found(transcripts, "efund") == []

    async def others(matching: Sequence[ConversationId]) -> set[ConversationId]:
        return set(matching) - {ConversationId("c0")}

    assert await found(transcripts, "refu", choose=others) == [texts[1]]


async def test_a_beginning_of_many_words_takes_the_first_ones(database: mongo.Database) -> None:
    transcripts, journal = mongo.MongoTranscripts(database), Journal()
    await transcripts.wipe()
    words = [f"zeta{n:03}" for n in range(mongo.MAX_WORDS + 5)]
    await transcripts.write([journal.tell(conversation(f"c{n}"), said(word)) for n, word in enumerate(words)])
    assert set(await found(transcripts, "zeta", limit=100)) == set(words[: mongo.MAX_WORDS])


@asynccontextmanager
async def following(transcription: Transcription, *shares: list[int]) -> AsyncIterator[None]:
    """Followers as `kit.shares` runs them: begun again when they are overtaken."""

    async def follow(shards: list[int]) -> None:
        while True:
            await transcription.follow(shards)

    tasks = [asyncio.create_task(follow(shards)) for shards in shares]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def transcription_of(kept: Kept, transcripts: mongo.MongoTranscripts) -> Transcription:
    verified = Verified(kept.pool, "transcripts")
    own = JournalFacts(kept.journal, PostgresReferences(kept.pool), verified, PostgresPast(kept.pool, verified))
    return Transcription(own, transcripts)


async def test_followers_bring_in_every_fact_also_when_several_have_the_same_shards(
    kept: Kept, transcripts: mongo.MongoTranscripts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "LINGER_SECONDS", 0.01)
    transcription, shard = transcription_of(kept, transcripts), shard_of(kept.organization)
    async with following(transcription, [shard], [shard, (shard + 1) % 64], [shard]):
        for n in range(20):
            await kept.asked(f"b{n % 3}", f"word {n}", f"s{n}")
        counted = {recount.store: recount async for recount in transcription.recount(full=True)}
    assert [told for recount in counted.values() for told in recount.differences] == []
    assert (counted["transcripts: messages"].counted, counted["transcripts: conversations"].counted) == (20, 3)


class Swept(JournalFacts):
    """Once, facts are deleted while the past is copied, or just before the others are read."""

    sweep: Callable[[], Awaitable[None]] | None = None
    place = ""

    async def reach(self, place: str) -> None:
        if place == self.place and self.sweep is not None:
            sweep, self.sweep = self.sweep, None
            await sweep()

    async def past(self, shard: int, position: int) -> AsyncIterator[list[Entry]]:
        async for entries in super().past(shard, position):
            yield entries
        await self.reach("past")

    async def watch(self, after: Mapping[int, int]) -> AsyncGenerator[Entries, None]:
        await self.reach("watch")
        async with aclosing(super().watch(after)) as batches:
            async for batch in batches:
                yield batch


@pytest.mark.parametrize("place", ["past", "watch"])
async def test_facts_that_are_deleted_while_the_past_is_copied_are_in_the_transcripts(
    kept: Kept, transcripts: mongo.MongoTranscripts, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr(facts, "LINGER_SECONDS", 0.01)
    retention, shard = Retention(kept.pool, internal, 30), shard_of(kept.organization)

    async def ask(first: int) -> None:
        for n in range(first, first + 5):
            await kept.asked(f"b{n}", f"word {n}", f"s{n}")

    async def sweep() -> None:
        await kept.pool.execute("update event set created = created - interval '31 days' where shard = $1", shard)
        while await retention.sweep():
            pass

    async def sweep_and_ask() -> None:
        await sweep()
        if place == "watch":  # else no fact follows those that are deleted
            await ask(10)

    await ask(0)
    await sweep()
    await ask(5)
    verified = Verified(kept.pool, "transcripts")
    reader = journal.Journal(kept.pool, "core", fact_to_pb)  # another process's: it has none of the facts in memory
    own = Swept(reader, PostgresReferences(kept.pool), verified, PostgresPast(kept.pool, verified))
    own.place, own.sweep = place, sweep_and_ask
    async with following(Transcription(own, transcripts), [shard]), asyncio.timeout(10):
        while own.sweep is not None or (await transcripts.marks([shard]))[shard].position < (await own.ends())[shard]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    texts = await found(transcripts, "word", kept.organization)
    assert sorted(texts) == sorted(f"word {n}" for n in range(15 if place == "watch" else 10))


async def test_a_recount_reports_transcripts_that_stay_behind(
    kept: Kept, transcripts: mongo.MongoTranscripts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(use_cases, "CATCH_UP_SECONDS", 0.05)
    await kept.asked()
    shard, transcription = shard_of(kept.organization), transcription_of(kept, transcripts)
    end = (await kept.journal.ends())[shard]
    behind, conversations, messages = [recount async for recount in transcription.recount(full=True)]
    assert (behind.counted, behind.differences) == (end, [f"shard {shard} is {end} facts behind"])
    assert (conversations.counted, messages.counted) == (0, 0), "what they have not come to is no difference"
