"""Transcripts in MongoDB: majority and journaled, validated, with keyword search within one organization."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

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
from services.core.domain import Entry, Found, Mark, TranscriptsUnavailable

Database = AsyncDatabase[Row]

SELECTION_MS = 1_000
OPERATION_MS = 4_000
LONG_SECONDS = 60.0
"""For making indexes of what is there already."""
MAX_MATCHES = 10_000
DUPLICATE_KEY, INDEX_NOT_FOUND = 11_000, 27

_BY_PLACE = IndexModel([("shard", ASCENDING), ("position", ASCENDING)])
_COLLECTIONS = {
    "conversations": (CONVERSATION_SCHEMA, [_BY_PLACE, IndexModel([("organization", ASCENDING), ("updated", DESCENDING)])]),
    "messages": (
        MESSAGE_SCHEMA,
        [
            _BY_PLACE,
            IndexModel([("organization", ASCENDING), ("conversation", ASCENDING), ("seq", ASCENDING)]),
            # The organization stands first, so that no search can do without it. English forms of words; other languages are
            # found by the words as they stand.
            IndexModel(
                [("organization", ASCENDING), ("text", TEXT)],
                default_language="english",
                language_override="text_language",
                name="words",
            ),
        ],
    ),
}


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
        if error.timeout or (isinstance(error, OperationFailure) and error.code == INDEX_NOT_FOUND):
            raise TranscriptsUnavailable from error
        raise


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

    async def search(
        self, organization: OrganizationId, query: str, *, notes: bool, before: tuple[float, str] | None, limit: int
    ) -> list[Found]:
        wanted: Row = {"organization": organization, "$text": {"$search": query}}
        if not notes:
            wanted["note"] = False
        score, conversation = before or (0.0, "")
        rest: Row = {"$or": [{"score": {"$lt": score}}, {"score": score, "_id": {"$lt": conversation}}]} if before else {}
        pipeline: list[Row] = [
            {"$match": wanted},
            {"$set": {"score": {"$meta": "textScore"}}},
            {"$sort": {"score": -1, "_id": -1}},
            {"$limit": MAX_MATCHES},
            {"$group": {"_id": "$conversation", "message": {"$first": "$$ROOT"}, "score": {"$first": "$score"}}},
            {"$match": rest},
            {"$sort": {"score": -1, "_id": -1}},
            {"$limit": limit},
            {"$set": {"key": {"$concat": ["$message.organization", "/", "$_id"]}}},
            {"$lookup": {"from": "conversations", "localField": "key", "foreignField": "_id", "as": "conversation"}},
            {"$unwind": "$conversation"},
            {"$sort": {"score": -1, "_id": -1}},
        ]
        with store_errors():
            rows = await self._messages.aggregate(pipeline)
            return [
                Found(conversation_from_row(row["conversation"]), message_from_row(row["message"]), row["score"])
                async for row in rows
            ]

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


def _put(row: Row) -> UpdateOne:
    """Writes a document unless what is there came later in the journal."""
    newer = {"$lt": [{"$ifNull": ["$position", -1]}, row["position"]]}
    return UpdateOne({"_id": row["_id"]}, [{"$replaceWith": {"$cond": [newer, {"$literal": row}, "$$ROOT"]}}], upsert=True)


def _compared(what: str, row: Mapping[str, Any], expected: Mapping[str, Any] | None) -> list[str]:
    """The problem of a document, in a sentence without its texts."""
    if expected is None:
        return [f"{what} {row['_id']} is not in the journal"]
    fields = sorted(key for key in {*row, *expected} if row.get(key) != expected.get(key))
    return [f"{what} {row['_id']} differs in {', '.join(fields)}"] if fields else []
