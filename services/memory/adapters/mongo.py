"""MongoDB: connection, collections, and how passages are written there. Majority and journaled throughout."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import numpy as np
from bson.binary import Binary
from pymongo import ASCENDING, TEXT, AsyncMongoClient, IndexModel, ReadPreference, WriteConcern
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import (
    ConnectionFailure,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WaitQueueTimeoutError,
    WTimeoutError,
)

from kit.errors import StoreUnavailable
from kit.ids import OrganizationId
from services.memory.domain.documents import DocumentId, EditionId, Passage
from services.memory.ports import Embedded, Vector

Row = dict[str, Any]
FORMER = "former_passages"
"""The collection of passages of replaced editions: not searched, and without vectors."""
PIECES = "content_pieces"
"""The collection of pieces of large contents: a document of MongoDB holds at most 16 MiB, and each is sent as a whole."""
Database = AsyncDatabase[Row]

SELECTION_MS = 1_000
OPERATION_MS = 4_000
LONG_SECONDS = 60.0
"""For commits of whole documents and for reading all of an organization."""


class OldDocuments(Exception):
    """An earlier version kept its documents in MongoDB alone."""

    def __init__(self) -> None:
        super().__init__(
            "The documents of this installation were stored by an earlier version, which this one can't read: go back to that "
            "version, or delete them (`frontdesk clean-data`, or MongoDB's database `memory`) and load them again."
        )


@asynccontextmanager
async def open_database(url: str, name: str = "memory") -> AsyncIterator[Database]:
    """The memory service's database. MongoDB need not be there yet: `prepare` waits for no one."""
    async with AsyncMongoClient[Row](
        url,
        tz_aware=True,
        serverSelectionTimeoutMS=SELECTION_MS,
        connectTimeoutMS=SELECTION_MS,
        timeoutMS=OPERATION_MS,
        maxPoolSize=20,
        appname="frontdesk-memory",
    ) as client:
        yield client.get_database(name, write_concern=WriteConcern("majority", j=True), read_preference=ReadPreference.PRIMARY)


async def prepare(database: Database) -> None:
    """Creates the indexes; those that exist stay. Raises OldDocuments."""
    with store_errors():
        await _refuse_earlier(database)
        await database[FORMER].create_indexes([IndexModel([("edition", ASCENDING)])])
        await database[PIECES].create_indexes([IndexModel([("content", ASCENDING)])])
        await database["passages"].create_indexes(
            [
                IndexModel(
                    [("organization", ASCENDING), ("title", TEXT), ("heading", TEXT), ("text", TEXT)],
                    weights={"title": 2, "heading": 2, "text": 1},
                    default_language="english",
                    language_override="text_language",
                    name="words",
                ),
                IndexModel([("edition", ASCENDING)]),
            ]
        )


async def _refuse_earlier(database: Database) -> None:
    """Up to 0.1 the records of documents lay here too, in a collection that is not used any more."""
    if "documents" not in await database.list_collection_names():
        return
    if await database["documents"].find_one({}, {"_id": 1}) is not None:
        raise OldDocuments
    for name in ("passages", "contents", "knowledge", "removals", "documents"):
        await database[name].drop()


@contextmanager
def store_errors() -> Iterator[None]:
    """Turns what the driver raises when MongoDB can't be reached into StoreUnavailable."""
    try:
        yield
    except (ConnectionFailure, WaitQueueTimeoutError, WTimeoutError, ExecutionTimeout) as error:
        raise StoreUnavailable("mongo", str(error)) from error
    except OperationFailure as error:
        if error.timeout or error.has_error_label("TransientTransactionError"):
            raise StoreUnavailable("mongo", str(error)) from error
        raise
    except PyMongoError as error:
        if error.timeout:
            raise StoreUnavailable("mongo", str(error)) from error
        raise


def passage_to_row(item: Embedded) -> Row:
    """A passage as it is stored, under its key."""
    passage = item.passage
    return {
        "_id": passage.key,
        "organization": passage.organization,
        "document": passage.document,
        "revision": passage.revision,
        "edition": passage.edition,
        "ordinal": passage.ordinal,
        "title": passage.title,
        "heading": passage.heading,
        "uri": passage.uri,
        "text": passage.text,
        "page": passage.page,
        "vector": vector_to_row(item.vector),
        "model": item.model,
    }


def vector_to_row(vector: Vector) -> Binary:
    """A vector as it is stored."""
    return Binary(vector.astype("<f4").tobytes())


def vector_from_row(row: Mapping[str, Any]) -> Vector:
    """The vector of a stored passage."""
    vector: Vector = np.frombuffer(row["vector"], dtype="<f4")
    return vector


def passage_from_row(row: Mapping[str, Any]) -> Passage:
    """A passage without its vector."""
    return Passage(
        organization=OrganizationId(row["organization"]),
        document=DocumentId(row["document"]),
        revision=row["revision"],
        edition=EditionId(row["edition"]),
        ordinal=row["ordinal"],
        title=row["title"],
        heading=row["heading"],
        uri=row["uri"],
        text=row["text"],
        page=row["page"],
    )


def embedded_from_row(row: Mapping[str, Any], model: str = "") -> Embedded:
    """A passage with its vector; with its former one, if `model` made that."""
    former = row.get("former")
    if former is not None and former["model"] == model:
        row = {**row, **former}
    return Embedded(passage_from_row(row), vector_from_row(row), row["model"])
