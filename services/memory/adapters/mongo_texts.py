"""Contents and passages in MongoDB, each under an id of its own. PostgreSQL says which of them are published."""

from collections.abc import AsyncIterable, AsyncIterator, Collection, Sequence

import pymongo
from bson.binary import Binary
from pymongo import UpdateOne

from kit.ids import OrganizationId
from services.memory.adapters import mongo
from services.memory.adapters.mongo import Database, Row, embedded_from_row, passage_from_row, store_errors, vector_from_row
from services.memory.domain.documents import ContentId, DocumentId, EditionId, Passage, key_of
from services.memory.domain.ranking import words
from services.memory.ports import Edition, Embedded, Vector

BATCH = 500
MAX_QUERY_WORDS = 64
WORDS_SECONDS = 2.0
"""Text search reads every passage with one of the words, and takes long for common words of large organizations."""
_WITHOUT_VECTOR = {"vector": 0, "former": 0}


class MongoTexts:
    """Implements Texts, and reads passages for callers who know which are published."""

    def __init__(self, database: Database) -> None:
        self._contents = database["contents"]
        self._pieces = database[mongo.PIECES]
        self._passages = database["passages"]
        self._former = database[mongo.FORMER]

    async def put_content(self, organization: OrganizationId, document: DocumentId, id: ContentId, content: bytes) -> None:
        row = {"_id": id, "organization": organization, "document": document, "content": Binary(content)}
        with store_errors():
            await self._contents.insert_one(row)

    async def put_pieces(self, organization: OrganizationId, id: ContentId, pieces: AsyncIterable[bytes]) -> None:
        count = 0
        async for piece in pieces:
            with store_errors():
                await self._pieces.insert_one({"_id": _piece(id, count), "content": id, "data": Binary(piece)})
            count += 1
        with store_errors():
            await self._contents.insert_one({"_id": id, "organization": organization, "pieces": count})

    async def content(self, id: ContentId) -> bytes | None:
        with store_errors():
            row = await self._contents.find_one({"_id": id})
            if row is None or "content" in row:
                return None if row is None else bytes(row["content"])
            whole = bytearray()
            for number in range(row["pieces"]):
                piece = await self._pieces.find_one({"_id": _piece(id, number)})
                if piece is None:
                    return None
                whole += piece["data"]
        return bytes(whole)

    async def put_passages(self, passages: Sequence[Embedded]) -> None:
        with store_errors():
            await self._passages.insert_many([mongo.passage_to_row(item) for item in passages], ordered=False)

    async def stale(self, edition: Edition, model: str, limit: int) -> Sequence[Embedded]:
        with store_errors():
            cursor = self._passages.find({"edition": edition.id, "model": {"$ne": model}}).limit(limit)
            return [embedded_from_row(row) async for row in cursor]

    async def renew(self, passages: Sequence[Embedded]) -> None:
        former = {"$cond": [{"$eq": ["$model", "$$new"]}, "$former", {"model": "$model", "vector": "$vector"}]}
        changes = [
            UpdateOne(
                {"_id": item.passage.key},
                [
                    {"$set": {"former": {"$let": {"vars": {"new": {"$literal": item.model}}, "in": former}}}},
                    {"$set": {"vector": mongo.vector_to_row(item.vector), "model": {"$literal": item.model}}},
                ],
            )
            for item in passages
        ]
        with store_errors():
            await self._passages.bulk_write(changes, ordered=False)

    async def forget_former(self, editions: Collection[EditionId]) -> None:
        chosen: Row = {"edition": {"$in": list(editions)}, "former": {"$exists": True}}
        with store_errors(), pymongo.timeout(mongo.LONG_SECONDS):
            await self._passages.update_many(chosen, {"$unset": {"former": ""}})

    async def remove(self, contents: Collection[ContentId], editions: Collection[EditionId]) -> None:
        with store_errors():
            if contents:
                await self._contents.delete_many({"_id": {"$in": list(contents)}})
                await self._pieces.delete_many({"content": {"$in": list(contents)}})
            if editions:
                await self._passages.delete_many({"edition": {"$in": list(editions)}})
                await self._former.delete_many({"edition": {"$in": list(editions)}})

    async def retire(self, editions: Collection[EditionId]) -> None:
        chosen = {"edition": {"$in": list(editions)}}
        move: list[Row] = [{"$match": chosen}, {"$unset": ["vector", "model", "former"]}, {"$merge": {"into": mongo.FORMER}}]
        with store_errors(), pymongo.timeout(mongo.LONG_SECONDS):
            await (await self._passages.aggregate(move)).to_list()
            await self._passages.delete_many(chosen)

    async def passages(self, editions: Sequence[Edition], model: str = "") -> AsyncIterator[Sequence[Embedded]]:
        """The passages of editions, in batches. No cursor stays open while the caller works on one.

        `model`: with former vectors, where it made those."""
        keys = [key_of(edition.id, ordinal) for edition in editions for ordinal in range(edition.passages)]
        for start in range(0, len(keys), BATCH):
            with store_errors(), pymongo.timeout(mongo.LONG_SECONDS):
                batch = [
                    embedded_from_row(row, model)
                    async for row in self._passages.find({"_id": {"$in": keys[start : start + BATCH]}})
                ]
            if batch:
                yield batch

    async def by_keys(self, organization: OrganizationId, keys: Collection[str]) -> Sequence[Passage]:
        """Passages of an organization by their keys, in any order."""
        with store_errors():
            cursor = self._passages.find({"_id": {"$in": list(keys)}, "organization": organization}, _WITHOUT_VECTOR)
            return [passage_from_row(row) async for row in cursor]

    async def vectors(self, organization: OrganizationId, keys: Collection[str], model: str) -> dict[str, Vector]:
        """The vectors that a model made of passages, by their keys."""
        made: list[Row] = [{"model": model}, {"former.model": model}]
        chosen: Row = {"_id": {"$in": list(keys)}, "organization": organization, "$or": made}
        with store_errors():
            rows = self._passages.find(chosen, {"vector": 1, "model": 1, "former": 1})
            return {row["_id"]: vector_from_row(row if row["model"] == model else row["former"]) async for row in rows}

    async def former_by_keys(self, organization: OrganizationId, keys: Collection[str]) -> Sequence[Passage]:
        """Passages of replaced editions by their keys, in any order, whether they are retired yet or not."""
        current = await self.by_keys(organization, keys)  # first: one that is retired meanwhile is among the former ones then
        with store_errors():
            rows = await self._former.find({"_id": {"$in": list(keys)}, "organization": organization}).to_list()
        return [*current, *map(passage_from_row, rows)]

    async def by_words(
        self, organization: OrganizationId, text: str, batch_size: int
    ) -> AsyncIterator[Sequence[tuple[Passage, float]]]:
        """Passages that have some of the meaningful words of a text, best first, in batches."""
        # Only bare words: quotes and minus signs mean something in $search.
        search = " ".join(words(text)[:MAX_QUERY_WORDS])
        if not search:
            return
        wanted: Row = {"organization": organization, "$text": {"$search": search}}
        score = {"$meta": "textScore"}
        skipped = 0
        while True:
            with store_errors(), pymongo.timeout(WORDS_SECONDS):
                cursor = self._passages.find(wanted, {**_WITHOUT_VECTOR, "score": score}).sort([("score", score)])
                rows = await cursor.skip(skipped).limit(batch_size).to_list()
            yield [(passage_from_row(row), row["score"]) for row in rows]
            if len(rows) < batch_size:
                return
            skipped += batch_size

    async def counts(self, editions: Sequence[EditionId]) -> dict[EditionId, int]:
        """How many passages there are of each edition."""
        match, group = {"edition": {"$in": list(editions)}}, {"_id": "$edition", "passages": {"$sum": 1}}
        with store_errors(), pymongo.timeout(mongo.LONG_SECONDS):
            found = await self._passages.aggregate([{"$match": match}, {"$group": group}])
            return {EditionId(row["_id"]): row["passages"] async for row in found}

    async def contents(self, ids: Sequence[ContentId]) -> set[ContentId]:
        """Those of the contents that are there."""
        with store_errors(), pymongo.timeout(mongo.LONG_SECONDS):
            return {ContentId(row["_id"]) async for row in self._contents.find({"_id": {"$in": list(ids)}}, {"_id": 1})}


def _piece(id: ContentId, number: int) -> str:
    return f"{id}-{number}"
