"""MongoDB: connection, collections, and how documents and passages are written there. Majority and journaled throughout."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any

import numpy as np
from bson.binary import Binary
from pymongo import ASCENDING, DESCENDING, TEXT, AsyncMongoClient, IndexModel, ReadPreference, WriteConcern
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
from services.memory.domain.documents import Document, DocumentId, Failure, MediaType, Passage, Source, SourceKind, State
from services.memory.ports import Embedded, Vector

Row = dict[str, Any]
Database = AsyncDatabase[Row]

SELECTION_MS = 1_000
OPERATION_MS = 4_000
LONG_SECONDS = 60.0
"""For commits of whole documents and for reading all of an organization."""


@asynccontextmanager
async def open_database(url: str, name: str = "memory") -> AsyncIterator[Database]:
    """The memory service's database. MongoDB need not be there yet: `prepare` waits for nobody."""
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
    """Creates the indexes; those that exist stay."""
    with store_errors():
        await database["documents"].create_indexes(
            [
                IndexModel([("organization", ASCENDING), ("request_id", ASCENDING)], unique=True),
                IndexModel([("organization", ASCENDING), ("created", DESCENDING), ("document", DESCENDING)]),
                IndexModel([("state", ASCENDING), ("due", ASCENDING)]),
            ]
        )
        await database["passages"].create_indexes(
            [
                IndexModel(
                    [("organization", ASCENDING), ("live", ASCENDING), ("title", TEXT), ("heading", TEXT), ("text", TEXT)],
                    weights={"title": 2, "heading": 2, "text": 1},
                    default_language="english",
                    language_override="text_language",
                    name="words",
                ),
                IndexModel([("organization", ASCENDING), ("document", ASCENDING), ("live", ASCENDING), ("ordinal", ASCENDING)]),
                IndexModel([("organization", ASCENDING), ("version", ASCENDING)]),
                IndexModel([("live", ASCENDING), ("model", ASCENDING)]),
            ]
        )
        await database["removals"].create_indexes([IndexModel([("organization", ASCENDING), ("version", ASCENDING)])])


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


def key_of(organization: OrganizationId, document: DocumentId) -> str:
    """A document's `_id`."""
    return f"{organization}/{document}"


def document_to_row(document: Document) -> Row:
    """All fields but those of the line (`worker`, `due`), the request and the knowledge version."""
    failure = document.failure
    return {
        "organization": document.organization,
        "document": document.id,
        "title": document.title,
        "title_given": document.title_given,
        "uri": document.uri,
        "source": {
            "kind": document.source.kind.value,
            "media_type": document.source.media_type.value if document.source.media_type else "",
            "file_name": document.source.file_name,
            "uri": document.source.uri,
        },
        "created": document.created,
        "updated": document.updated,
        "state": document.state.value,
        "revision": document.revision,
        "indexed_revision": document.indexed_revision,
        "passages_total": document.passages_total,
        "passages_embedded": document.passages_embedded,
        "attempt": document.attempt,
        "failure": failure_to_row(failure) if failure else None,
        "passage_count": document.passage_count,
        "size": document.size,
        "embedding_model": document.embedding_model,
        "indexed": document.indexed,
    }


def failure_to_row(failure: Failure) -> Row:
    """A failure as it lies in a document."""
    return {"reason": failure.reason, "message": failure.message, "at": failure.at}


def document_from_row(row: Mapping[str, Any]) -> Document:
    """A document as stored; times have milliseconds."""
    source, failure = row["source"], row["failure"]
    return Document(
        organization=OrganizationId(row["organization"]),
        id=DocumentId(row["document"]),
        title=row["title"],
        title_given=row["title_given"],
        uri=row["uri"],
        source=Source(
            SourceKind(source["kind"]),
            MediaType(source["media_type"]) if source["media_type"] else None,
            source["file_name"],
            source["uri"],
        ),
        created=row["created"],
        updated=row["updated"],
        state=State(row["state"]),
        revision=row["revision"],
        indexed_revision=row["indexed_revision"],
        passages_total=row["passages_total"],
        passages_embedded=row["passages_embedded"],
        attempt=row["attempt"],
        failure=Failure(failure["reason"], failure["message"], failure["at"]) if failure else None,
        passage_count=row["passage_count"],
        size=row["size"],
        embedding_model=row["embedding_model"],
        indexed=row["indexed"],
    )


def passage_to_row(item: Embedded) -> Row:
    """A passage that is not live yet."""
    passage = item.passage
    return {
        "_id": passage.key,
        "organization": passage.organization,
        "document": passage.document,
        "revision": passage.revision,
        "ordinal": passage.ordinal,
        "title": passage.title,
        "heading": passage.heading,
        "uri": passage.uri,
        "text": passage.text,
        "page": passage.page,
        "live": False,
        "version": 0,
        "vector": Binary(item.vector.astype("<f4").tobytes()),
        "model": item.model,
    }


def passage_from_row(row: Mapping[str, Any]) -> Passage:
    """A passage without its vector."""
    return Passage(
        organization=OrganizationId(row["organization"]),
        document=DocumentId(row["document"]),
        revision=row["revision"],
        ordinal=row["ordinal"],
        title=row["title"],
        heading=row["heading"],
        uri=row["uri"],
        text=row["text"],
        page=row["page"],
    )


def embedded_from_row(row: Mapping[str, Any]) -> Embedded:
    """A passage with its vector."""
    vector: Vector = np.frombuffer(row["vector"], dtype="<f4")
    return Embedded(passage_from_row(row), vector, row["model"])


def milliseconds(moment: datetime) -> datetime:
    """A time as MongoDB keeps it."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
