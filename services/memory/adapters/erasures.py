"""Erases what an organization has outside of PostgreSQL: texts in MongoDB and vectors in Chroma.

It goes by the rows, which are deleted with their texts; so it finds in MongoDB what it looks for without an index of its own.
They are locked meanwhile: an indexing under way can neither add passages to an edition nor publish another one.
"""

from typing import Any

from kit.ids import OrganizationId
from services.memory.adapters.chroma import ChromaVectors
from services.memory.adapters.mongo_texts import MongoTexts
from services.memory.domain.documents import ContentId, EditionId

BATCH = 20
"""Documents whose texts are deleted at once: each has up to 10,000 passages."""
_DOCUMENTS = "select id, content, edition from document where organization = $1 limit $2 for update"
_ORPHANS = "select id, kind from orphan where organization = $1 limit $2 for update"
_REMOVALS = "select distinct edition from removal where organization = $1 limit $2"


class OrganizationTexts:
    """Erases some of an organization's texts and all of its vectors."""

    def __init__(self, pool: Any, texts: MongoTexts, vectors: ChromaVectors) -> None:
        self._pool = pool
        self._texts = texts
        self._vectors = vectors

    async def erase(self, organization: OrganizationId) -> int:
        """How many documents, orphans, former editions and collections were erased; 0: there are none."""
        async with self._pool.acquire() as connection, connection.transaction():
            erased = await self._erase_texts(connection, organization)
        indexes = await self._pool.fetch("delete from synced where organization = $1 returning index", organization)
        return erased + await self._vectors.drop_all(organization, [row["index"] for row in indexes])

    async def _erase_texts(self, connection: Any, organization: OrganizationId) -> int:
        documents = await connection.fetch(_DOCUMENTS, organization, BATCH)
        orphans = await connection.fetch(_ORPHANS, organization, BATCH)
        removals = await connection.fetch(_REMOVALS, organization, BATCH)
        contents = [ContentId(row["content"]) for row in documents if row["content"]]
        contents += [ContentId(row["id"]) for row in orphans if row["kind"] == "content"]
        editions = [EditionId(row["edition"]) for row in (*documents, *removals) if row["edition"]]
        editions += [EditionId(row["id"]) for row in orphans if row["kind"] != "content"]
        await self._texts.remove(contents, editions)
        for table, column, rows in (
            ("document", "id", documents),
            ("orphan", "id", orphans),
            ("removal", "edition", removals),
        ):
            sql = f"delete from {table} where organization = $1 and {column} = any($2)"
            await connection.execute(sql, organization, [row[column] for row in rows])
        return len(documents) + len(orphans) + len(removals)
