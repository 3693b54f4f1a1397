"""The states of a document while it is indexed, in PostgreSQL.

Each attempt makes an edition of its own, reserved as an orphan. The reservation is the fence: a change, a deletion or a later
attempt ends it, and without it nothing can be shown or published.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from kit.ids import OrganizationId
from kit.jobs import Done, Job, LeaseLost, Outcome, Park, Queue
from kit.jobs.table import Jobs
from services.memory.adapters.database import Database
from services.memory.adapters.postgres_documents import (
    ADOPT,
    END_ATTEMPTS,
    RELEASE,
    RESERVATION,
    RESERVE,
    STILL_READ,
    document_of,
)
from services.memory.domain import facts, problems
from services.memory.domain.documents import Document, DocumentId, EditionId, Failure, State
from services.memory.ports import INDEXING

_LOCK = "select * from document where organization = $1 and id = $2 for update"
_BEGIN = "update document set state = 'INDEXING', attempt = $3 where organization = $1 and id = $2 returning *"
_PROGRESS = "update document set passages_total = $3, passages_embedded = $4 where organization = $1 and id = $2"
_EXTEND = f"""
update orphan set due = clock_timestamp() + interval '{RESERVATION.total_seconds()} s'
where id = $1 and due > clock_timestamp() returning true
"""
_KNOW = """
update knowledge set version = version + 1, passages = passages + $2 where organization = $1 returning version
"""
_REMOVED = "insert into removal (organization, version, edition, passages) values ($1, $2, $3, $4)"
_READY = """
update document set state = 'READY', title = $3, size = $4, edition = $5, indexed_revision = revision, passage_count = $6,
    embedding_model = $7, indexed = $8, updated = $8, failure_reason = '', failure_message = '', failed = null, version = $9,
    warnings = $10
where organization = $1 and id = $2
"""
_FAIL = """
update document set state = $3, failure_reason = $4, failure_message = $5, failed = $6, attempt = $7,
    updated = case $3 when 'FAILED' then $6 else updated end
where organization = $1 and id = $2
"""
_RELEASE_OWN = "update orphan set due = clock_timestamp() where id = $1 and due > clock_timestamp() returning true"


class PostgresIndexing:
    """Implements Indexing."""

    def __init__(self, database: Database, jobs: Jobs, queue: Queue = INDEXING) -> None:
        self._database = database
        self._jobs = jobs
        self._queue = queue

    async def begin(self, organization: OrganizationId, id: DocumentId, edition: EditionId, attempt: int) -> Document | None:
        async with self._database.write(organization) as writing:
            row = await writing.connection.fetchrow(_LOCK, organization, id)
            if row is None or (row["state"] == State.READY and row["indexed_revision"] == row["revision"]):
                return None
            await writing.connection.execute(END_ATTEMPTS, organization, id, STILL_READ)
            await writing.connection.execute(RESERVE, edition, "edition", organization, id, RESERVATION)
            return document_of(await writing.connection.fetchrow(_BEGIN, organization, id, attempt))

    async def progress(
        self,
        document: Document,
        edition: EditionId,
        total: int,
        embedded: int,
        put: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        organization, id = document.organization, document.id
        async with self._database.write(organization) as writing:
            await self._held(writing.connection, document, _EXTEND, edition)
            if put is not None:
                await put()  # while the reservation is locked: who ends it finds the passages
            await writing.connection.execute(_PROGRESS, organization, id, total, embedded)

    async def publish(self, job: Job, indexed: Document) -> None:
        organization, id = indexed.organization, indexed.id
        async with self._database.write(organization) as writing:
            before = await self._held(writing.connection, indexed, ADOPT, indexed.edition)
            more = indexed.passage_count - before.passage_count
            version = await writing.connection.fetchval(_KNOW, organization, more)
            if before.edition:
                removed = (organization, version, before.edition, before.passage_count)
                await writing.connection.execute(_REMOVED, *removed)
                await writing.connection.execute(RELEASE, before.edition, "replaced", organization, id, STILL_READ)
            await writing.connection.execute(
                *(_READY, organization, id, indexed.title, indexed.size, indexed.edition),
                *(indexed.passage_count, indexed.embedding_model, indexed.indexed, version, indexed.warnings),
            )
            await self._settle(writing.connection, job, Done())
            writing.add(facts.DocumentIndexed(id, indexed.revision, indexed.passage_count, indexed.embedding_model))

    async def fail(self, job: Job, document: Document, edition: EditionId, failure: Failure, outcome: Outcome) -> None:
        async with self._database.write(document.organization) as writing:
            await self._put_off(writing.connection, document, edition, State.FAILED, failure, job.attempts)
            await self._settle(writing.connection, job, outcome)
            writing.add(facts.DocumentFailed(document.id, document.revision, failure.reason))

    async def postpone(self, job: Job, document: Document, edition: EditionId, failure: Failure, outcome: Outcome) -> None:
        attempt = job.attempts - 1 if isinstance(outcome, Park) else job.attempts
        async with self._database.write(document.organization) as writing:
            await self._put_off(writing.connection, document, edition, State.PENDING, failure, attempt)
            await self._settle(writing.connection, job, outcome)

    async def _held(self, connection: Any, document: Document, take: str, edition: EditionId) -> Document:
        """Locks the document, and takes the reservation of the edition away. Raises IndexingOvertaken."""
        row = await connection.fetchrow(_LOCK, document.organization, document.id)
        if row is None or row["revision"] != document.revision or not await connection.fetchval(take, edition):
            raise problems.IndexingOvertaken
        return document_of(row)

    async def _put_off(
        self, connection: Any, document: Document, edition: EditionId, state: State, failure: Failure, attempt: int
    ) -> None:
        await self._held(connection, document, _RELEASE_OWN, edition)
        told = (failure.reason, failure.message, failure.at)
        await connection.execute(_FAIL, document.organization, document.id, state, *told, attempt)

    async def _settle(self, connection: Any, job: Job, outcome: Outcome) -> None:
        try:
            await self._jobs.settle(self._queue, job, outcome, connection)
        except LeaseLost:
            raise problems.IndexingOvertaken from None
