"""The records of all organizations, and what the journal says of them, for a recount."""

from collections.abc import AsyncIterator, Mapping, Sequence

from frontdesk.memory.internal import v1 as internal

from kit.ids import OrganizationId
from kit.journal import SHARDS
from services.memory.adapters.database import Database
from services.memory.adapters.postgres_documents import document_of
from services.memory.domain.documents import Document, DocumentId

_EVENTS = """
select position, subject, payload from event where shard = $1 and position > $2
and kind in ('DocumentCreated', 'DocumentIndexed', 'DocumentDeleted') order by position limit $3
"""
_KEPT = "select * from document where (organization, id) > ($1, $2) order by organization, id limit $3"
_BATCH = 1_000


class PostgresRecords:
    """Implements Records."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def expected(self) -> Mapping[tuple[OrganizationId, DocumentId], tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        for shard in range(SHARDS):
            position = 0
            while True:
                async with self._database.read() as connection:
                    rows = await connection.fetch(_EVENTS, shard, position, _BATCH)
                for row in rows:
                    event, position = internal.Event.FromString(row["payload"]), row["position"]
                    match event.WhichOneof("fact"):
                        case "document_created":
                            found[row["subject"]] = (0, 0)
                        case "document_indexed":
                            found[row["subject"]] = (event.document_indexed.revision, event.document_indexed.passage_count)
                        case "document_deleted":
                            found.pop(row["subject"], None)
                if len(rows) < _BATCH:
                    break
        names = {name: name.split("/") for name in found}
        return {(OrganizationId(parts[1]), DocumentId(parts[3])): found[name] for name, parts in names.items()}

    async def kept(self, batch: int) -> AsyncIterator[Sequence[Document]]:
        after = ("", "")
        while True:
            async with self._database.read() as connection:
                rows = await connection.fetch(_KEPT, *after, batch)
            if rows:
                yield [document_of(row) for row in rows]
            if len(rows) < batch:
                return
            after = (rows[-1]["organization"], rows[-1]["id"])

    async def knowledge(self) -> Mapping[OrganizationId, int]:
        async with self._database.read() as connection:
            rows = await connection.fetch("select organization, passages from knowledge where version > 0")
        return {OrganizationId(row["organization"]): row["passages"] for row in rows}
