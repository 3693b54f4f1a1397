"""The records of documents in PostgreSQL, and which texts in MongoDB they refer to.

Locks are always taken in this order: document, knowledge, orphan, the journal's shard.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from kit.errors import StoreUnavailable
from kit.ids import OrganizationId
from kit.jobs.table import Jobs
from kit.journal import Transaction
from kit.text import sought
from services.memory.adapters.database import Database
from services.memory.domain import facts, problems
from services.memory.domain.documents import (
    ContentId,
    Document,
    DocumentId,
    EditionId,
    Failure,
    MediaType,
    SiteId,
    Source,
    SourceKind,
    State,
)
from services.memory.ports import INDEXING, Remove, Retire

RESERVATION = timedelta(minutes=10)
"""How long a text may be in MongoDB before a document refers to it; longer than any call lasts."""
BATCH = 500
"""Documents that are queued again in one transaction."""

_COLUMNS = (
    *(
        "organization",
        "id",
        "title",
        "title_given",
        "uri",
        "source",
        "media_type",
        "file_name",
        "source_uri",
        "content",
        "size",
    ),
    *("revision", "state", "attempt", "passages_total", "passages_embedded", "failure_reason", "failure_message", "failed"),
    *("edition", "indexed_revision", "passage_count", "embedding_model", "indexed", "created", "updated", "site"),
)
_ADD = f"""
insert into document ({", ".join(_COLUMNS)}, request_id, version)
values ({", ".join(f"${n}" for n, _ in enumerate((*_COLUMNS, "request_id"), 1))}, 0) on conflict do nothing returning true
"""
_COUNT = """
insert into knowledge (organization, documents) values ($1, 1)
on conflict (organization) do update set documents = knowledge.documents + 1 where knowledge.documents < $2 returning true
"""
_NEWEST = """
select * from document where organization = $1 and ($2::text is null or state = $2)
    and ($3::timestamptz is null or (created, id) < ($3, $4))
order by created desc, id desc limit $5
"""
_NEWEST_NAMED = _NEWEST.replace(
    "order by", "and strpos(folded(concat_ws(e'\n', title, file_name, uri, source_uri)), (select folded($6))) > 0 order by"
)
_OF_SITE = "and site = ${} and site <> '' order by"
# The caller does not decide which revision is published: it may have read the row before another publishing.
_REPLACE = """
update document set title = $3, title_given = $4, uri = $5, source = $6, media_type = $7, file_name = $8, source_uri = $9,
    content = $10, size = $11, revision = $12, state = 'PENDING', attempt = 0, passages_total = 0, passages_embedded = 0,
    failure_reason = '', failure_message = '', failed = null, updated = $13
where organization = $1 and id = $2
"""
_AGAIN = """
update document set revision = revision + 1, state = 'PENDING', attempt = 0, passages_total = 0, passages_embedded = 0,
    failure_reason = '', failure_message = '', failed = null, updated = $3
where organization = $1 and id in (
    select id from document where organization = $1 and id > $2 and state <> 'PENDING' order by id limit $4 for update
)
returning id, revision
"""
_WATCHED = """
select * from document where organization = $1 and state = 'INDEXING'
union all select * from document where organization = $1 and state <> 'INDEXING' and id = any($2)
"""
_FORGET = """
update knowledge set documents = documents - 1, passages = passages - $2, version = version + $3
where organization = $1 returning version
"""
STILL_READ = timedelta(seconds=30)
"""How long passages outlive their replacement: a search that has begun may still read them."""
END_ATTEMPTS = """
update orphan set due = clock_timestamp()
where organization = $1 and document = $2 and kind = 'edition' and due > clock_timestamp() + $3::interval
"""
"""Ends what an indexing under way has reserved, and with it the right to publish."""
_CANCEL = """
update document set state = 'FAILED', failure_reason = $3, failure_message = $4, failed = $5, updated = $5
where organization = $1 and id = $2 returning *
"""
RESERVE = """
insert into orphan (id, kind, organization, document, due) values ($1, $2, $3, $4, clock_timestamp() + $5::interval)
"""
RELEASE = """
insert into orphan (id, kind, organization, document, due) values ($1, $2, $3, $4, clock_timestamp() + $5::interval)
on conflict (id) do update set due = excluded.due
"""
ADOPT = "delete from orphan where id = $1 and due > clock_timestamp() returning true"
_RELEASE_ALL = """
update orphan set due = clock_timestamp(), kind = case kind when 'replaced' then 'edition' else kind end
where organization = $1 and document = $2
"""
_RETIRED = "update orphan set kind = 'former', due = clock_timestamp() + $2::interval where id = any($1)"
_REMOVED = "insert into removal (organization, version, edition, passages) values ($1, $2, $3, $4)"
_DUE = "select id, kind from orphan where due <= clock_timestamp() order by due limit $1 for update skip locked"


class _Taken(Exception):
    """The id or the request was used before: the transaction is rolled back."""


class PostgresDocuments:
    """Implements Documents and Orphans."""

    def __init__(self, database: Database, jobs: Jobs) -> None:
        self._database = database
        self._jobs = jobs

    async def reserve(self, organization: OrganizationId, document: DocumentId, content: ContentId) -> None:
        async with self._database.read() as connection:
            await connection.execute(RESERVE, content, "content", organization, document, RESERVATION)

    async def of_request(self, organization: OrganizationId, request_id: str) -> Document | None:
        async with self._database.read() as connection:
            row = await connection.fetchrow(
                "select * from document where organization = $1 and request_id = $2", organization, request_id
            )
        return None if row is None else document_of(row)

    async def create(self, document: Document, request_id: str, maximum: int) -> Document:
        try:
            async with self._database.write(document.organization) as writing:
                await self.create_within(writing, document, request_id, maximum)
        except _Taken:
            first = await self.of_request(document.organization, request_id)
            if first is None:
                raise problems.DocumentExists(_name(document.organization, document.id)) from None
            return first
        return document

    async def create_within(self, writing: Transaction, document: Document, request_id: str, maximum: int) -> None:
        """Stores a document within a transaction, and queues it. Raises TooManyDocuments."""
        if not await writing.connection.fetchval(_ADD, *_values(document), request_id):
            raise _Taken
        if not await writing.connection.fetchval(_COUNT, document.organization, maximum):
            raise problems.TooManyDocuments(maximum)
        await _adopt(writing.connection, document.content)
        await queue(self._jobs, writing.connection, document.organization, document.id)
        writing.add(facts.DocumentCreated(document.id))

    async def get(self, organization: OrganizationId, id: DocumentId) -> Document:
        async with self._database.read() as connection:
            row = await connection.fetchrow("select * from document where organization = $1 and id = $2", organization, id)
        if row is None:
            raise problems.DocumentNotFound(_name(organization, id))
        return document_of(row)

    async def newest(
        self,
        organization: OrganizationId,
        state: State | None,
        site: SiteId,
        before: tuple[datetime, str] | None,
        limit: int,
        query: str = "",
    ) -> Sequence[Document]:
        if query and not sought(query):
            return ()
        statement, more = (_NEWEST_NAMED, (query,)) if query else (_NEWEST, ())
        if site:
            statement, more = statement.replace("order by", _OF_SITE.format(6 + len(more))), (*more, site)
        async with self._database.read() as connection:
            rows = await connection.fetch(statement, organization, state, *(before or (None, None)), limit, *more)
        return [document_of(row) for row in rows]

    async def replace(self, document: Document, expected_revision: int) -> None:
        async with self._database.write(document.organization) as writing:
            before = await locked(writing.connection, document.organization, document.id)
            if before.revision != expected_revision:
                raise problems.DocumentChanged(_name(document.organization, document.id))
            await self.replace_within(writing, document, before)

    async def replace_within(self, writing: Transaction, document: Document, before: Document) -> None:
        """Stores a new revision of a document that is locked, within a transaction, and queues it."""
        organization, id, source = document.organization, document.id, document.source
        if document.content != before.content:
            await _adopt(writing.connection, document.content)
            await _release(writing.connection, before, "content", before.content)
        await writing.connection.execute(
            *(_REPLACE, organization, id, document.title, document.title_given, document.uri, source.kind),
            *(source.media_type or "", source.file_name, source.uri),
            *(document.content, document.size, document.revision, document.updated),
        )
        await queue(self._jobs, writing.connection, organization, id)
        writing.add(facts.DocumentUpdated(id, document.revision))

    async def delete(self, organization: OrganizationId, id: DocumentId, revision: int | None) -> None:
        async with self._database.write(organization) as writing:
            document = await locked(writing.connection, organization, id)
            if revision is not None and document.revision != revision:
                raise problems.DocumentChanged(_name(organization, id))
            await self.delete_within(writing, document)

    async def delete_within(self, writing: Transaction, document: Document) -> None:
        """Deletes a document that is locked, within a transaction."""
        organization, id = document.organization, document.id
        await writing.connection.execute("delete from document where organization = $1 and id = $2", organization, id)
        published = bool(document.edition)
        version = await writing.connection.fetchval(_FORGET, organization, document.passage_count, int(published))
        if published:
            await writing.connection.execute(_REMOVED, organization, version, document.edition, document.passage_count)
        # An indexing under way loses what it has reserved, and with it the right to publish.
        await writing.connection.execute(_RELEASE_ALL, organization, id)
        await _release(writing.connection, document, "content", document.content)
        await _release(writing.connection, document, "edition", document.edition)
        await self._jobs.drop(writing.connection, INDEXING, organization, f"documents/{id}")
        writing.add(facts.DocumentDeleted(id))

    async def cancel(self, organization: OrganizationId, id: DocumentId, failure: Failure) -> Document:
        async with self._database.write(organization) as writing:
            document = await locked(writing.connection, organization, id)
            if document.state not in (State.PENDING, State.INDEXING):
                return document
            await writing.connection.execute(END_ATTEMPTS, organization, id, STILL_READ)
            told = (failure.reason, failure.message, failure.at)
            row = await writing.connection.fetchrow(_CANCEL, organization, id, *told)
            await self._jobs.drop(writing.connection, INDEXING, organization, f"documents/{id}")
            writing.add(facts.DocumentFailed(id, document.revision, failure.reason))
            return document_of(row)

    async def watched(self, organization: OrganizationId, ids: Collection[DocumentId]) -> Sequence[Document]:
        async with self._database.read() as connection:
            rows = await connection.fetch(_WATCHED, organization, list(ids))
        return [document_of(row) for row in rows]

    async def reindex_all(self, organization: OrganizationId, now: datetime) -> int:
        count, after = 0, ""
        while True:
            async with self._database.write(organization) as writing:
                rows = await writing.connection.fetch(_AGAIN, organization, after, now, BATCH)
                for row in rows:
                    await queue(self._jobs, writing.connection, organization, row["id"])
                writing.add(*(facts.DocumentUpdated(row["id"], row["revision"]) for row in rows))
            count += len(rows)
            if len(rows) < BATCH:
                return count
            after = max(row["id"] for row in rows)

    async def sweep(self, remove: Remove, retire: Retire, keep: timedelta, limit: int) -> int:
        async with self._database.read() as connection, connection.transaction():
            rows = await connection.fetch(_DUE, limit)
            if rows:
                kinds = ("content", "edition", "replaced", "former")
                found = {kind: [row["id"] for row in rows if row["kind"] == kind] for kind in kinds}
                gone = [*found["edition"], *found["former"]]
                await remove(found["content"], gone)
                await connection.execute("delete from orphan where id = any($1)", [*found["content"], *gone])
                if found["replaced"]:
                    await retire(found["replaced"])
                    await connection.execute(_RETIRED, found["replaced"], keep)
        return len(rows)


async def queue(jobs: Jobs, connection: Any, organization: OrganizationId, id: DocumentId) -> None:
    """Queues the indexing of a document within a transaction that has locked its row. One that runs is overtaken."""
    await jobs.begin_again(connection, INDEXING, organization, f"documents/{id}", "")


async def locked(connection: Any, organization: OrganizationId, id: DocumentId) -> Document:
    """A document whose row stays locked until the end of the transaction. Raises DocumentNotFound."""
    row = await connection.fetchrow("select * from document where organization = $1 and id = $2 for update", organization, id)
    if row is None:
        raise problems.DocumentNotFound(_name(organization, id))
    return document_of(row)


async def _adopt(connection: Any, content: ContentId) -> None:
    if content and not await connection.fetchval(ADOPT, content):
        raise StoreUnavailable("mongo", f"the content {content} was reserved too long ago, and may have been swept")


async def _release(connection: Any, document: Document, kind: str, id: str, after: timedelta = timedelta(0)) -> None:
    if id:
        await connection.execute(RELEASE, id, kind, document.organization, document.id, after)


def document_of(row: Any) -> Document:
    """A document of its row."""
    return Document(
        organization=OrganizationId(row["organization"]),
        id=DocumentId(row["id"]),
        title=row["title"],
        title_given=row["title_given"],
        uri=row["uri"],
        source=Source(
            SourceKind(row["source"]),
            MediaType(row["media_type"]) if row["media_type"] else None,
            row["file_name"],
            row["source_uri"],
        ),
        content=ContentId(row["content"]),
        size=row["size"],
        revision=row["revision"],
        state=State(row["state"]),
        attempt=row["attempt"],
        passages_total=row["passages_total"],
        passages_embedded=row["passages_embedded"],
        failure=Failure(row["failure_reason"], row["failure_message"], row["failed"]) if row["failed"] else None,
        edition=EditionId(row["edition"]),
        indexed_revision=row["indexed_revision"],
        passage_count=row["passage_count"],
        embedding_model=row["embedding_model"],
        warnings=tuple(row["warnings"]),
        indexed=row["indexed"],
        created=row["created"],
        updated=row["updated"],
        site=SiteId(row["site"]),
    )


def _values(document: Document) -> tuple[object, ...]:
    source, failure = document.source, document.failure
    return (
        *(document.organization, document.id, document.title, document.title_given, document.uri),
        *(source.kind, source.media_type or "", source.file_name, source.uri, document.content, document.size),
        *(document.revision, document.state, document.attempt, document.passages_total, document.passages_embedded),
        *((failure.reason, failure.message, failure.at) if failure else ("", "", None)),
        *(document.edition, document.indexed_revision, document.passage_count, document.embedding_model, document.indexed),
        *(document.created, document.updated, document.site),
    )


def _name(organization: OrganizationId, id: DocumentId) -> str:
    return f"organizations/{organization}/documents/{id}"
