"""The live passages in MongoDB, and what the vector index still has to take over from them."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Any

from bson.binary import Binary
from pymongo import ASCENDING, ReturnDocument, UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession

from kit.ids import OrganizationId
from services.memory.adapters.mongo import Database, Row, embedded_from_row, key_of, passage_from_row, store_errors
from services.memory.domain.documents import DocumentId, Passage
from services.memory.domain.ranking import words
from services.memory.ports import Embedded, KnowledgeState

BATCH = 500
MAX_QUERY_WORDS = 64
_WITHOUT_VECTOR = {"vector": 0}


class MongoKnowledge:
    """Implements Knowledge and VectorLag."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._documents = database["documents"]
        self._passages = database["passages"]
        self._knowledge = database["knowledge"]
        self._removals = database["removals"]

    async def states(self, organizations: Collection[OrganizationId]) -> Mapping[OrganizationId, KnowledgeState]:
        with store_errors():
            cursor = self._knowledge.find({"_id": {"$in": list(organizations)}})
            return {
                OrganizationId(row["_id"]): KnowledgeState(row["version"], row["passages"], row.get("synced", {}))
                async for row in cursor
            }

    async def segments(self, organization: OrganizationId) -> Mapping[DocumentId, int]:
        with store_errors():
            cursor = self._documents.find(
                {"organization": organization, "indexed_revision": {"$gt": 0}}, {"document": 1, "version": 1}
            )
            return {DocumentId(row["document"]): row["version"] async for row in cursor}

    async def passages(
        self, organization: OrganizationId, documents: Collection[DocumentId] | None = None
    ) -> AsyncIterator[Sequence[Embedded]]:
        wanted: Row = {"organization": organization, "live": True}
        if documents is not None:
            wanted["document"] = {"$in": list(documents)}
        async for batch in self._batches(wanted):
            yield batch

    async def page(self, organization: OrganizationId, document: DocumentId, after: int, limit: int) -> Sequence[Passage]:
        wanted = {"organization": organization, "document": document, "live": True, "ordinal": {"$gt": after}}
        with store_errors():
            cursor = self._passages.find(wanted, _WITHOUT_VECTOR).sort("ordinal", ASCENDING).limit(limit)
            return [passage_from_row(row) async for row in cursor]

    async def find(self, organization: OrganizationId, keys: Collection[str]) -> Mapping[str, Passage]:
        wanted = {"_id": {"$in": list(keys)}, "organization": organization, "live": True}
        with store_errors():
            cursor = self._passages.find(wanted, _WITHOUT_VECTOR)
            return {row["_id"]: passage_from_row(row) async for row in cursor}

    async def search_words(self, organization: OrganizationId, text: str, limit: int) -> Sequence[tuple[Passage, float]]:
        # Only bare words: quotes and minus signs mean something in $search.
        search = " ".join(words(text)[:MAX_QUERY_WORDS])
        if not search:
            return []
        wanted = {"organization": organization, "live": True, "$text": {"$search": search}}
        score = {"$meta": "textScore"}
        with store_errors():
            cursor = self._passages.find(wanted, {**_WITHOUT_VECTOR, "score": score}).sort([("score", score)])
            return [(passage_from_row(row), row["score"]) async for row in cursor.limit(limit)]

    async def stale(self, model: str, limit: int) -> Sequence[Embedded]:
        with store_errors():
            first = await self._passages.find_one({"live": True, "model": {"$ne": model}}, {"organization": 1})
            if first is None:
                return []
            wanted = {"live": True, "model": {"$ne": model}, "organization": first["organization"]}
            return [embedded_from_row(row) async for row in self._passages.find(wanted).limit(limit)]

    async def renew(self, organization: OrganizationId, passages: Sequence[Embedded]) -> None:
        async def write(session: AsyncClientSession) -> None:
            knowledge = await self._knowledge.find_one_and_update(
                {"_id": organization}, {"$inc": {"version": 1}}, return_document=ReturnDocument.AFTER, session=session
            )
            version = knowledge["version"] if knowledge else 0
            changes = [UpdateOne({"_id": i.passage.key, "live": True}, {"$set": _vector(i, version)}) for i in passages]
            await self._passages.bulk_write(changes, ordered=False, session=session)
            documents = sorted({key_of(organization, item.passage.document) for item in passages})
            await self._documents.update_many(
                {"_id": {"$in": documents}},
                {"$set": {"version": version, "embedding_model": passages[0].model}},
                session=session,
            )

        with store_errors():
            async with self._database.client.start_session() as session:
                await session.with_transaction(write)

    async def behind(self, index: str, limit: int) -> Sequence[OrganizationId]:
        newer = {"$gt": ["$version", {"$ifNull": [f"$synced.{index}", 0]}]}
        with store_errors():
            cursor = self._knowledge.find({"$expr": newer}, {"_id": 1}).limit(limit)
            return [OrganizationId(row["_id"]) async for row in cursor]

    async def changed(self, organization: OrganizationId, after: int) -> AsyncIterator[Sequence[Embedded]]:
        async for batch in self._batches({"organization": organization, "version": {"$gt": after}, "live": True}):
            yield batch

    async def removed(self, organization: OrganizationId, after: int) -> Sequence[str]:
        with store_errors():
            cursor = self._removals.find({"organization": organization, "version": {"$gt": after}}, {"keys": 1})
            return [key async for row in cursor for key in row["keys"]]

    async def mark(self, organization: OrganizationId, index: str, version: int) -> None:
        with store_errors():
            await self._knowledge.update_one({"_id": organization}, {"$set": {f"synced.{index}": version}})
            if version:
                await self._removals.delete_many({"organization": organization, "version": {"$lte": version}})

    async def _batches(self, wanted: Row) -> AsyncIterator[Sequence[Embedded]]:
        """Keys first, then passages by their keys: no cursor stays open while the caller works on a batch."""
        with store_errors():
            keys = [row["_id"] async for row in self._passages.find(wanted, {"_id": 1})]
        for start in range(0, len(keys), BATCH):
            chunk = {"_id": {"$in": keys[start : start + BATCH]}, "live": True}
            with store_errors():
                batch = [embedded_from_row(row) async for row in self._passages.find(chunk)]
            if batch:
                yield batch


def _vector(item: Embedded, version: int) -> dict[str, Any]:
    return {"vector": Binary(item.vector.astype("<f4").tobytes()), "model": item.model, "version": version}
