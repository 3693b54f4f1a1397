"""Documents and the line of those that wait, in MongoDB."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pymongo
from bson.binary import Binary
from pymongo import DESCENDING, ReturnDocument, WriteConcern
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from kit.ids import OrganizationId
from kit.metrics import Backlog
from services.memory.adapters import mongo
from services.memory.adapters.mongo import Database, Row, document_from_row, document_to_row, key_of, store_errors
from services.memory.domain import problems
from services.memory.domain.documents import Document, DocumentId, Failure, State
from services.memory.ports import Embedded, Lease

MAX_COUNTED = 10_000

_EPOCH = datetime.fromtimestamp(0, tz=UTC)


class MongoDocuments:
    """Implements Documents and Indexing. Each change of what can be found is one transaction, which bumps the version."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._documents = database["documents"]
        self._contents = database["contents"]
        self._passages = database["passages"]
        # What may be lost with a primary, because it is done again: leases, progress and passages that are not live. The
        # commit, which is durable and later than they, checks that they are there.
        self._quick_documents = self._documents.with_options(write_concern=WriteConcern(1))
        self._quick_passages = self._passages.with_options(write_concern=WriteConcern(1))

    async def create(self, document: Document, content: bytes, request_id: str, most: int) -> Document:
        organization = document.organization
        with store_errors():
            known = await self._documents.find_one({"organization": organization, "request_id": request_id})
            if known is not None:
                return document_from_row(known)
            if await self._documents.count_documents({"organization": organization}, limit=most) >= most:
                raise problems.TooManyDocuments(most)
            id = key_of(organization, document.id)
            row = {"_id": id, **document_to_row(document), "request_id": request_id, "version": 0, "worker": "", "due": _EPOCH}

            async def insert(session: AsyncClientSession) -> None:
                await self._documents.insert_one(row, session=session)
                await self._contents.insert_one({"_id": id, "content": Binary(content)}, session=session)

            try:
                await self._transaction(insert)
            except DuplicateKeyError:
                known = await self._documents.find_one({"organization": organization, "request_id": request_id})
                if known is None:
                    raise problems.DocumentExists(_name(document)) from None
                return document_from_row(known)
        return document_from_row(await self._row(organization, document.id))

    async def get(self, organization: OrganizationId, id: DocumentId) -> Document:
        return document_from_row(await self._row(organization, id))

    async def newest(
        self, organization: OrganizationId, state: State | None, before: tuple[datetime, str] | None, limit: int
    ) -> Sequence[Document]:
        wanted: Row = {"organization": organization}
        if state is not None:
            wanted["state"] = state.value
        if before is not None:
            created, id = before
            wanted["$or"] = [{"created": {"$lt": created}}, {"created": created, "document": {"$lt": id}}]
        with store_errors():
            cursor = self._documents.find(wanted).sort([("created", DESCENDING), ("document", DESCENDING)]).limit(limit)
            return [document_from_row(row) async for row in cursor]

    async def replace(self, document: Document, content: bytes | None, expected_revision: int) -> None:
        id = key_of(document.organization, document.id)
        values = {**document_to_row(document), "worker": "", "due": _EPOCH}
        # What is live is not a matter of the caller, who may have read it before a commit.
        for live in ("indexed_revision", "passage_count", "embedding_model", "indexed"):
            del values[live]

        async def write(session: AsyncClientSession) -> bool:
            found = await self._documents.update_one(
                {"_id": id, "revision": expected_revision}, {"$set": values}, session=session
            )
            if found.matched_count and content is not None:
                await self._contents.replace_one({"_id": id}, {"content": Binary(content)}, upsert=True, session=session)
            return bool(found.matched_count)

        with store_errors():
            if not await self._transaction(write):
                await self._row(document.organization, document.id)
                raise problems.DocumentChanged(_name(document))

    async def delete(self, organization: OrganizationId, id: DocumentId, revision: int | None) -> None:
        key = key_of(organization, id)

        async def remove(session: AsyncClientSession) -> bool:
            wanted: Row = {"_id": key} if revision is None else {"_id": key, "revision": revision}
            gone = await self._documents.find_one_and_delete(wanted, session=session)
            if gone is None:
                return False
            await self._contents.delete_one({"_id": key}, session=session)
            await self._retire(session, organization, id, keep_revision=0, added=0)
            return True

        with store_errors(), pymongo.timeout(mongo.LONG_SECONDS):
            if not await self._transaction(remove):
                await self._row(organization, id)
                raise problems.DocumentChanged(f"organizations/{organization}/documents/{id}")

    async def content(self, organization: OrganizationId, id: DocumentId) -> bytes:
        with store_errors():
            row = await self._contents.find_one({"_id": key_of(organization, id)})
        if row is None:
            raise problems.DocumentNotFound(f"organizations/{organization}/documents/{id}")
        return bytes(row["content"])

    async def reindex_all(self, organization: OrganizationId, now: datetime) -> int:
        values = {"state": State.PENDING.value, "failure": None, "attempt": 0, "due": _EPOCH, "worker": "", "updated": now}
        counters = {"passages_total": 0, "passages_embedded": 0}
        with store_errors():
            result = await self._documents.update_many(
                {"organization": organization, "state": {"$ne": State.PENDING.value}},
                {"$set": values | counters, "$inc": {"revision": 1}},
            )
        return result.modified_count

    async def lease(self, worker: str, duration: timedelta) -> Lease | None:
        until = {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": _milliseconds(duration)}}
        with store_errors():
            row = await self._quick_documents.find_one_and_update(
                {"state": {"$in": [State.PENDING.value, State.INDEXING.value]}, "$expr": {"$lte": ["$due", "$$NOW"]}},
                [{"$set": {"state": "INDEXING", "worker": worker, "attempt": {"$add": ["$attempt", 1]}, "due": until}}],
                sort=[("due", 1)],
                return_document=ReturnDocument.AFTER,
            )
            if row is None:
                return None
            # What an attempt that broke left behind was never live.
            await self._quick_passages.delete_many(
                {"organization": row["organization"], "document": row["document"], "live": False}
            )
        document = document_from_row(row)
        return Lease(document, worker, document.attempt)

    async def backlog(self) -> dict[str, Backlog]:
        """What waits to be indexed, or is being indexed, over all organizations; found by an index."""
        waiting = {"state": {"$in": [State.PENDING.value, State.INDEXING.value]}}
        oldest = {"_id": None, "depth": {"$sum": 1}, "since": {"$min": "$updated"}, "now": {"$max": "$$NOW"}}
        with store_errors():
            found = await self._documents.aggregate([{"$match": waiting}, {"$limit": MAX_COUNTED}, {"$group": oldest}])
            rows = await found.to_list()
        ages = [Backlog(row["depth"], (row["now"] - row["since"]).total_seconds()) for row in rows]
        return {"indexing": ages[0] if ages else Backlog(0, 0.0)}

    async def extend(self, lease: Lease, duration: timedelta) -> None:
        until = {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": _milliseconds(duration)}}
        await self._held(lease, [{"$set": {"due": until}}], quick=True)

    async def progress(self, lease: Lease, total: int, embedded: int) -> None:
        await self._held(lease, {"$set": {"passages_total": total, "passages_embedded": embedded}}, quick=True)

    async def add(self, lease: Lease, passages: Sequence[Embedded]) -> None:
        with store_errors():
            await self._quick_passages.insert_many([mongo.passage_to_row(item) for item in passages], ordered=False)

    async def commit(self, lease: Lease, title: str, size: int, model: str, count: int, now: datetime) -> None:
        document = lease.document
        values = {
            "state": State.READY.value,
            "title": title,
            "size": size,
            "embedding_model": model,
            "passage_count": count,
            "indexed_revision": document.revision,
            "indexed": now,
            "updated": now,
            "failure": None,
            "worker": "",
        }

        async def write(session: AsyncClientSession) -> bool:
            found = await self._documents.update_one(_guard(lease), {"$set": values}, session=session)
            if not found.matched_count:
                return False
            organization, id = document.organization, document.id
            version = await self._retire(session, organization, id, keep_revision=document.revision, added=count)
            shown = await self._passages.update_many(
                {"organization": organization, "document": id, "live": False, "revision": document.revision},
                {"$set": {"live": True, "version": version}},
                session=session,
            )
            if shown.modified_count != count:
                raise problems.LeaseLost  # some were lost with a primary: the next attempt makes them again
            await self._documents.update_one({"_id": key_of(organization, id)}, {"$set": {"version": version}}, session=session)
            return True

        with store_errors(), pymongo.timeout(mongo.LONG_SECONDS):
            if not await self._transaction(write):
                await self._discard(lease)
                raise problems.LeaseLost

    async def fail(self, lease: Lease, failure: Failure) -> None:
        values = {"state": State.FAILED.value, "failure": mongo.failure_to_row(failure), "worker": "", "updated": failure.at}
        await self._held(lease, {"$set": values})
        with store_errors():
            await self._discard(lease)

    async def postpone(self, lease: Lease, failure: Failure, delay: timedelta, *, count: bool) -> None:
        due = {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": _milliseconds(delay)}}
        attempt = lease.attempt if count else lease.attempt - 1
        values = {"state": State.PENDING.value, "attempt": attempt, "due": due, "worker": ""}
        await self._held(lease, [{"$set": values | {"failure": {"$literal": mongo.failure_to_row(failure)}}}])

    async def _retire(
        self, session: AsyncClientSession, organization: OrganizationId, id: DocumentId, keep_revision: int, added: int
    ) -> int:
        """Removes a document's passages of other revisions and bumps the version, which it returns."""
        former = {"organization": organization, "document": id, "revision": {"$ne": keep_revision}}
        keys = [row["_id"] async for row in self._passages.find(former | {"live": True}, {"_id": 1}, session=session)]
        knowledge = await self._database["knowledge"].find_one_and_update(
            {"_id": organization},
            {"$inc": {"version": 1, "passages": added - len(keys)}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        version = int(knowledge["version"]) if knowledge else 0
        await self._passages.delete_many(former, session=session)
        if keys:
            removal = {"organization": organization, "version": version, "keys": keys}
            await self._database["removals"].insert_one(removal, session=session)
        return version

    async def _discard(self, lease: Lease) -> None:
        document = lease.document
        former = {"organization": document.organization, "document": document.id, "revision": document.revision, "live": False}
        await self._passages.delete_many(former)

    async def _held(self, lease: Lease, update: Row | list[Row], *, quick: bool = False) -> None:
        documents = self._quick_documents if quick else self._documents
        with store_errors():
            found = await documents.update_one(_guard(lease), update)
        if not found.matched_count:
            raise problems.LeaseLost

    async def _row(self, organization: OrganizationId, id: DocumentId) -> Row:
        with store_errors():
            row = await self._documents.find_one({"_id": key_of(organization, id)})
        if row is None:
            raise problems.DocumentNotFound(f"organizations/{organization}/documents/{id}")
        return row

    async def _transaction(self, work: Callable[[AsyncClientSession], Awaitable[Any]]) -> Any:
        async with self._database.client.start_session() as session:
            return await session.with_transaction(work)


def _guard(lease: Lease) -> Row:
    return {
        "_id": key_of(lease.document.organization, lease.document.id),
        "revision": lease.document.revision,
        "attempt": lease.attempt,
        "worker": lease.worker,
        "state": State.INDEXING.value,
    }


def _milliseconds(duration: timedelta) -> int:
    return int(duration / timedelta(milliseconds=1))


def _name(document: Document) -> str:
    return f"organizations/{document.organization}/documents/{document.id}"
