"""Transcripts in MongoDB: majority and journaled, validated, with keyword search within one organization."""

import math
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime
from typing import Any, NamedTuple

import pymongo
from bson.codec_options import CodecOptions
from pymongo import ASCENDING, DESCENDING, TEXT, AsyncMongoClient, IndexModel, ReadPreference, UpdateOne, WriteConcern
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError, CollectionInvalid, ConnectionFailure, OperationFailure, PyMongoError

from kit.ids import OrganizationId
from services.core.adapters.mongo_rows import (
    CONVERSATION_SCHEMA,
    MESSAGE_SCHEMA,
    TOMBSTONE,
    Row,
    conversation_from_row,
    conversation_key,
    conversation_to_row,
    message_from_row,
    message_to_row,
)
from services.core.domain import CitedAnswer, ConversationId, Entry, Found, Mark, TranscriptsUnavailable
from services.core.domain.search_terms import beginnings, search_terms
from services.core.ports.journal import Choose

Database = AsyncDatabase[Row]

SELECTION_MS = 1_000
OPERATION_MS = 4_000
LONG_SECONDS = 60.0
"""For making indexes of what is there already."""
MAX_MATCHES = 2_000
"""Of one search. MongoDB scores each message that matches by reading it: 50,000 take it seconds, and this many milliseconds."""
MAX_WORDS = 40
"""With which a word that is still being typed may begin: the first ones of the alphabet."""
MAX_ASKED = 10
"""Words of a search that count when more messages match."""
OPERATORS = re.compile(r'"|(^|\s)-')
ERASED = 500
"""How many documents of a collection are erased at once."""
DUPLICATE_KEY, INDEX_NOT_FOUND, BAD_VALUE = 11_000, 27, 2

_BY_WORD = "beginnings of words"
_CITED = "citations.source.document"
_BY_PLACE = IndexModel([("shard", ASCENDING), ("position", ASCENDING)])
_COLLECTIONS = {
    "conversations": (CONVERSATION_SCHEMA, [_BY_PLACE, IndexModel([("organization", ASCENDING), ("updated", DESCENDING)])]),
    "messages": (
        MESSAGE_SCHEMA,
        [
            _BY_PLACE,
            IndexModel([("organization", ASCENDING), ("conversation", ASCENDING), ("seq", ASCENDING)]),
            # Answers by the documents that they cite, the newest first. Other messages are not in it.
            IndexModel(
                [("organization", ASCENDING), (_CITED, ASCENDING), ("created", DESCENDING), ("_id", DESCENDING)],
                partialFilterExpression={_CITED: {"$exists": True}},
                name="citing",
            ),
            # The organization stands first, so that no search can do without it. English forms of words; other languages are
            # found by the words as they stand.
            IndexModel(
                [("organization", ASCENDING), ("text", TEXT), ("search_terms", TEXT)],
                default_language="english",
                language_override="text_language",
                name="words and terms",
            ),
            IndexModel([("organization", ASCENDING), ("words", ASCENDING)], name=_BY_WORD),
        ],
    ),
}


class _Match(NamedTuple):
    """A message that a search has found: how well it matches, its conversation, and its `_id`."""

    score: float
    conversation: ConversationId
    key: str


@asynccontextmanager
async def open_database(url: str, name: str = "core") -> AsyncIterator[Database]:
    """Core's database. MongoDB need not be there: nothing is asked of it yet."""
    async with AsyncMongoClient[Row](
        url,
        serverSelectionTimeoutMS=SELECTION_MS,
        connectTimeoutMS=SELECTION_MS,
        timeoutMS=OPERATION_MS,
        maxPoolSize=10,
        appname="frontdesk-core",
    ) as client:
        options: CodecOptions[Row] = CodecOptions(tz_aware=True)
        concern = WriteConcern("majority", j=True)
        yield client.get_database(name, codec_options=options, write_concern=concern, read_preference=ReadPreference.PRIMARY)


@contextmanager
def store_errors() -> Iterator[None]:
    """Turns what the driver raises when MongoDB can't be reached, or makes its indexes again, into TranscriptsUnavailable."""
    try:
        yield
    except ConnectionFailure as error:
        raise TranscriptsUnavailable from error
    except PyMongoError as error:
        if error.timeout or (isinstance(error, OperationFailure) and _lacks_an_index(error)):
            raise TranscriptsUnavailable from error
        raise


def _lacks_an_index(error: OperationFailure) -> bool:
    """Whether an index that a search reads isn't there yet."""
    return error.code == INDEX_NOT_FOUND or (error.code == BAD_VALUE and "hint" in str(error))


class MongoTranscripts:
    """The port Transcripts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._marks = database["marks"]
        self._conversations = database["conversations"]
        self._messages = database["messages"]

    async def prepare(self) -> None:
        with store_errors(), pymongo.timeout(LONG_SECONDS):
            for name, (schema, indexes) in _COLLECTIONS.items():
                try:
                    await self._database.create_collection(name, validator=schema, check_exists=False)
                except (CollectionInvalid, OperationFailure):
                    await self._database.command("collMod", name, validator=schema)
                with suppress(OperationFailure):  # a collection has one index of words, and earlier releases had this one
                    await self._database[name].drop_index("words")
                await self._database[name].create_indexes(indexes)

    async def marks(self, shards: Sequence[int]) -> dict[int, Mark]:
        with store_errors():
            found = await self._find_marks(shards)
            if len(found) < len(shards):
                begin = {"$setOnInsert": {"rebuild": 0, "position": 0}}
                await self._redone(self._marks, [UpdateOne({"_id": shard}, begin, upsert=True) for shard in shards])
                found = await self._find_marks(shards)
        return found

    async def _find_marks(self, shards: Sequence[int]) -> dict[int, Mark]:
        rows = self._marks.find({"_id": {"$in": list(shards)}})
        return {row["_id"]: Mark(row["rebuild"], row["position"]) async for row in rows}

    async def write(self, entries: Sequence[Entry]) -> None:
        latest = {conversation_key(entry): entry for entry in entries}
        conversations = [_put(conversation_to_row(entry)) for entry in latest.values()]
        messages = [_put(message_to_row(entry, entry.message)) for entry in entries if entry.message is not None]
        with store_errors():
            await self._redone(self._conversations, conversations)
            if messages:
                await self._redone(self._messages, messages)
            for entry in entries:
                if entry.conversation.erased is not None:
                    where = {"organization": entry.conversation.organization, "conversation": entry.conversation.id}
                    await self._messages.update_many(where, TOMBSTONE)

    async def _redone(self, collection: "AsyncCollection[Row]", puts: list[UpdateOne]) -> None:
        """Puts; once more where another replica inserted the same at the same moment."""
        try:
            await collection.bulk_write(puts, ordered=False)
        except BulkWriteError as error:
            if any(each["code"] != DUPLICATE_KEY for each in error.details["writeErrors"]):
                raise
            await collection.bulk_write(puts, ordered=False)

    async def advance(self, since: Mapping[int, Mark], to: Mapping[int, int]) -> bool:
        moves = [
            UpdateOne(
                {"_id": shard, "rebuild": since[shard].rebuild, "position": since[shard].position},
                {"$set": {"position": position}},
            )
            for shard, position in to.items()
        ]
        with store_errors():
            return (await self._marks.bulk_write(moves, ordered=False)).matched_count == len(moves)

    async def wipe(self) -> None:
        with store_errors(), pymongo.timeout(LONG_SECONDS):
            for name in _COLLECTIONS:
                await self._database.drop_collection(name)
            await self.prepare()
            # Last: what followers wrote until here is written again.
            await self._marks.update_many({}, {"$inc": {"rebuild": 1}, "$set": {"position": 0}})

    async def erase(self, organization: OrganizationId) -> int:
        """Deletes some documents of an organization that is erased; how many."""
        deleted = 0
        with store_errors():
            for collection in (self._messages, self._conversations):
                found = [row["_id"] async for row in collection.find({"organization": organization}, {"_id": 1}).limit(ERASED)]
                if found:
                    deleted += (await collection.delete_many({"_id": {"$in": found}})).deleted_count
        return deleted

    async def search(
        self,
        organization: OrganizationId,
        query: str,
        *,
        notes: bool,
        before: tuple[float, str] | None,
        limit: int,
        choose: Choose | None = None,
    ) -> list[Found]:
        found = _ranked(await self._best(organization, query, notes), before)
        if found and choose is not None:
            chosen = await choose([each.conversation for each in found])
            found = [each for each in found if each.conversation in chosen]
        page = found[:limit]
        keys = {"$in": [each.key for each in page]}, {"$in": [f"{organization}/{each.conversation}" for each in page]}
        with store_errors():
            messages = {row["_id"]: row async for row in self._messages.find({"_id": keys[0]})}
            conversations = {row["conversation"]: row async for row in self._conversations.find({"_id": keys[1]})}
        return [
            Found(conversation_from_row(conversations[id]), message_from_row(messages[key]), score)
            for score, id, key in page
            if id in conversations and key in messages
        ]

    async def _best(self, organization: OrganizationId, query: str, notes: bool) -> list[_Match]:
        """The messages that match a search.

        Of common words, those count that MongoDB's index has first: where a word weighs most, the newest first. Their score is
        the sum of what their words say: rare ones say more.
        """
        asked, begun = f"{query} {search_terms(query)}".strip(), " ".join(await self._words(organization, query))
        shown: Row = {"organization": organization} | ({} if notes else {"note": False})
        wanted = shown | {"$text": {"$search": f"{asked} {begun}".strip()}}
        place: Row = {"conversation": 1}
        with store_errors():
            first = await self._first(wanted)
            if len(first) <= MAX_MATCHES:
                score = {"score": {"$meta": "textScore"}}
                rows = [row async for row in self._messages.find(wanted, place | score)]
                return [_Match(row["score"], row["conversation"], row["_id"]) for row in rows]
            words = [] if OPERATORS.search(query) else list(dict.fromkeys(asked.split()))[:MAX_ASKED] + [begun] * bool(begun)
            each = [first] if len(words) < 2 else [await self._first(shown | {"$text": {"$search": word}}) for word in words]
            scores: dict[str, float] = defaultdict(float)
            for keys in each:
                for key in keys:
                    scores[key] += math.log1p(MAX_MATCHES / len(keys))
            best = sorted(scores, key=lambda key: -scores[key])[:MAX_MATCHES]  # the order of the index among equals
            rows = [row async for row in self._messages.find({"_id": {"$in": best}}, place)]
            return [_Match(scores[row["_id"]], row["conversation"], row["_id"]) for row in rows]

    async def _first(self, wanted: Row) -> list[str]:
        """The keys of the messages that MongoDB finds first, one more than count at most."""
        found = self._messages.find(wanted, {"_id": 1}, limit=MAX_MATCHES + 1, batch_size=MAX_MATCHES + 1)
        return [row["_id"] async for row in found]

    async def _words(self, organization: OrganizationId, query: str) -> list[str]:
        """The words that were said and begin as the query ends. Each takes one step in the index, whatever it holds."""
        found: dict[str, None] = {}
        with store_errors():
            for beginning in beginnings(query):
                bounds, end = {"$gte": beginning}, beginning + "\U0010ffff"
                for _ in range(MAX_WORDS):
                    wanted = {"organization": organization, "words": {"$elemMatch": {**bounds, "$lt": end}}}
                    row = await self._messages.find_one(wanted, {"words": True}, hint=_BY_WORD)
                    if row is None:
                        break
                    least = next(iter(bounds.values()))
                    word = min(each for each in row["words"] if least <= each < end and each != bounds.get("$gt"))
                    found[word], bounds = None, {"$gt": word}
        return list(found)

    async def citing(
        self, organization: OrganizationId, document: str, before: tuple[datetime, str] | None, limit: int
    ) -> list[CitedAnswer]:
        wanted: Row = {"organization": organization, _CITED: document}
        if before:
            created, key = before[0], f"{organization}/{before[1]}"
            wanted["$or"] = [{"created": {"$lt": created}}, {"created": created, "_id": {"$lt": key}}]
        pipeline: list[Row] = [
            {"$match": wanted},
            {"$sort": {"created": -1, "_id": -1}},
            {"$limit": limit},
            _asked(organization),
        ]
        with store_errors():
            rows = await self._messages.aggregate(pipeline)
            return [_cited_answer(row) async for row in rows]

    async def count_citing(self, organization: OrganizationId, document: str, since: datetime, limit: int) -> int:
        wanted: Row = {"organization": organization, _CITED: document, "created": {"$gt": since}}
        with store_errors():
            return await self._messages.count_documents(wanted, limit=limit)

    async def recount_messages(self, entries: Sequence[Entry], shard: int, after: int, until: int) -> list[str]:
        rows = (message_to_row(entry, entry.message) for entry in entries if entry.message is not None)
        told = {row["_id"]: row for row in rows}
        differences = []
        with store_errors():
            async for row in self._messages.find({"shard": shard, "position": {"$gt": after, "$lte": until}}):
                differences += _compared("message", row, told.pop(row["_id"], None))
        return differences + [f"message {key} is missing" for key in told]

    async def recount_conversations(self, latest: Mapping[str, Entry], shard: int, after: int, until: int) -> list[str]:
        told = {conversation_key(entry): conversation_to_row(entry) for entry in latest.values()}
        latest_revision = {conversation_key(entry): entry.revision for entry in latest.values()}
        differences = []
        with store_errors(), pymongo.timeout(LONG_SECONDS):
            async for row in self._conversations.find({"shard": shard, "position": {"$gt": after}}):
                expected = told.pop(row["_id"], None)
                if row["position"] > until:
                    continue  # it has changed since
                if expected is None or row["revision"] == expected["revision"]:
                    differences += _compared("conversation", row, expected)
                elif row["revision"] < latest_revision[row["_id"]]:
                    differences.append(f"conversation {row['_id']} is older than its last fact")
        return differences + [f"conversation {key} is missing" for key in told]


def _cited_answer(row: Row) -> CitedAnswer:
    question = "".join(asked["text"] for asked in row["asked"])
    return CitedAnswer(ConversationId(row["conversation"]), message_from_row(row), question)


def _asked(organization: OrganizationId) -> Row:
    """Adds to each message the last one of the customer before it, as `asked`."""
    before = {"$and": [{"$eq": ["$conversation", "$$conversation"]}, {"$lt": ["$seq", "$$seq"]}]}
    last: list[Row] = [
        {"$match": {"organization": organization, "role": "CUSTOMER", "$expr": before}},
        {"$sort": {"seq": -1}},
        {"$limit": 1},
        {"$project": {"text": 1}},
    ]
    place = {"conversation": "$conversation", "seq": "$seq"}
    return {"$lookup": {"from": "messages", "let": place, "pipeline": last, "as": "asked"}}


def _ranked(matches: Sequence[_Match], before: tuple[float, str] | None) -> list[_Match]:
    """The best match of each conversation, in the order of a search, after the last one seen."""
    best = {each.conversation: each for each in sorted(matches, key=lambda each: (each.score, each.key))}
    order = sorted(best.values(), key=lambda each: (each.score, each.conversation), reverse=True)
    return order if before is None else [each for each in order if (each.score, each.conversation) < before]


def _put(row: Row) -> UpdateOne:
    """Writes a document unless what is there came later in the journal."""
    newer = {"$lt": [{"$ifNull": ["$position", -1]}, row["position"]]}
    return UpdateOne({"_id": row["_id"]}, [{"$replaceWith": {"$cond": [newer, {"$literal": row}, "$$ROOT"]}}], upsert=True)


def _compared(what: str, row: Mapping[str, Any], expected: Mapping[str, Any] | None) -> list[str]:
    """The problem of a document, in a sentence without its texts."""
    if expected is None:
        return [f"{what} {row['_id']} is not in the journal"]
    absent = set() if "words" in row or what != "message" else {"search_terms", "words"}  # of an earlier release
    fields = sorted(key for key in {*row, *expected} - absent if row.get(key) != expected.get(key))
    return [f"{what} {row['_id']} differs in {', '.join(fields)}"] if fields else []
