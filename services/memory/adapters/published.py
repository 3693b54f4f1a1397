"""The published passages: PostgreSQL says which they are, MongoDB has their text."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence

from kit.ids import OrganizationId
from services.memory.adapters.database import Database
from services.memory.adapters.mongo_texts import MongoTexts
from services.memory.domain import facts
from services.memory.domain.documents import DocumentId, EditionId, Passage, edition_of, key_of
from services.memory.ports import Edition, Embedded, KnowledgeState, Vector

MAX_KNOWN_ORGANIZATIONS = 100
MAX_KNOWN_EDITIONS = 2_000
"""Of each organization: editions that need not be asked for again while the knowledge version stays."""

_STATES = """
select organization, version, passages, coalesce((
    select jsonb_object_agg(index, version) from synced where synced.organization = knowledge.organization
), '{}') as synced,
case when $2 = '' or not (
    exists (select from document where embedding_model < $2 and edition <> '')
    or exists (select from document where embedding_model > $2 and edition <> '')
) then '' else coalesce((
    select min(embedding_model) from document
    where document.organization = knowledge.organization and embedding_model <> $2 and edition <> ''
), '') end as former_model
from knowledge where organization = any($1) and version > 0
"""
_SEGMENTS = "select id, version from document where organization = $1 and edition <> ''"
_EDITIONS = """
select organization, id, edition, passage_count from document
where organization = $1 and edition <> '' and ($2::text[] is null or id = any($2)) and version > $3
"""
_EDITION = """
select organization, id, edition, passage_count, indexed_revision from document
where organization = $1 and id = $2 and edition <> ''
"""
_FORMER = "select id from orphan where organization = $1 and document = $2 and kind in ('replaced', 'former')"
_PUBLISHED = "select edition from document where edition = any($1) and edition <> '' and organization = $2"
# Two ranges and no `<>`, for which no index would help.
_STALE = """
(select organization, id, edition, passage_count from document where embedding_model < $1 and edition <> '' limit 1)
union all
(select organization, id, edition, passage_count from document where embedding_model > $1 and edition <> '' limit 1)
limit 1
"""
_RENEW = """
update document set version = $4, embedding_model = $5 where organization = $1 and id = $2 and edition = $3
"""
_BEHIND = """
select knowledge.organization from knowledge
left join synced on synced.organization = knowledge.organization and synced.index = $1
where knowledge.version > coalesce(synced.version, 0) limit $2
"""
_REMOVED = "select edition, passages from removal where organization = $1 and version > $2"
# Not for an organization that was erased meanwhile.
_MARK = """
insert into synced (organization, index, version) select $1, $2, $3 from knowledge where organization = $1 for key share
on conflict (organization, index) do update set version = excluded.version
"""


class PublishedKnowledge:
    """Implements Knowledge and VectorLag."""

    def __init__(self, database: Database, texts: MongoTexts, model: str = "") -> None:
        """`model`: the one that all passages should have vectors of; "": models don't matter."""
        self._model = model
        self._database = database
        self._texts = texts
        self._known: OrderedDict[OrganizationId, tuple[int, set[EditionId]]] = OrderedDict()

    async def states(self, organizations: Collection[OrganizationId]) -> Mapping[OrganizationId, KnowledgeState]:
        async with self._database.read() as connection:
            rows = await connection.fetch(_STATES, list(organizations), self._model)
        return {
            OrganizationId(row["organization"]): KnowledgeState(
                row["version"], row["passages"], row["synced"], row["former_model"]
            )
            for row in rows
        }

    async def segments(self, organization: OrganizationId) -> Mapping[DocumentId, int]:
        async with self._database.read() as connection:
            return {DocumentId(row["id"]): row["version"] for row in await connection.fetch(_SEGMENTS, organization)}

    async def editions(self, organization: OrganizationId) -> Collection[EditionId]:
        return [edition.id for edition in await self._editions(organization, None, 0)]

    async def passages(
        self, organization: OrganizationId, documents: Collection[DocumentId] | None = None, model: str = ""
    ) -> AsyncIterator[Sequence[Embedded]]:
        async for batch in self._texts.passages(await self._editions(organization, documents, 0), model):
            yield batch

    async def page(self, organization: OrganizationId, document: DocumentId, after: int, limit: int) -> Sequence[Passage]:
        async with self._database.read() as connection:
            row = await connection.fetchrow(_EDITION, organization, document)
        if row is None:
            return []
        ordinals = range(after + 1, min(after + 1 + limit, row["passage_count"]))
        found = await self._texts.by_keys(organization, [key_of(row["edition"], ordinal) for ordinal in ordinals])
        return sorted(found, key=lambda passage: passage.ordinal)

    async def passage(self, organization: OrganizationId, document: DocumentId, id: str) -> Passage | None:
        async with self._database.read() as connection:
            row = await connection.fetchrow(_EDITION, organization, document)
        revision, _, ordinal = id.partition("-")
        if row is None:
            return None
        if revision != str(row["indexed_revision"]):
            return await self._former(organization, document, revision, ordinal)
        found = await self._texts.by_keys(organization, [f"{row['edition']}-{ordinal}"])
        return found[0] if found else None

    async def _former(self, organization: OrganizationId, document: DocumentId, revision: str, ordinal: str) -> Passage | None:
        async with self._database.read() as connection:
            editions = await connection.fetch(_FORMER, organization, document)
        keys = [f"{row['id']}-{ordinal}" for row in editions]
        found = await self._texts.former_by_keys(organization, keys) if keys else []
        return next((passage for passage in found if str(passage.revision) == revision), None)

    async def find(self, organization: OrganizationId, keys: Collection[str], version: int = 0) -> Mapping[str, Passage]:
        found, published = await asyncio.gather(
            self._texts.by_keys(organization, keys), self._published(organization, {edition_of(key) for key in keys}, version)
        )
        return {passage.key: passage for passage in found if passage.edition in published}

    async def vectors(self, organization: OrganizationId, keys: Collection[str], model: str) -> Mapping[str, Vector]:
        return await self._texts.vectors(organization, keys, model)

    async def search_words(
        self, organization: OrganizationId, text: str, limit: int, version: int = 0
    ) -> Sequence[tuple[Passage, float]]:
        chosen: list[tuple[Passage, float]] = []
        async for batch in self._texts.by_words(organization, text, limit):
            published = await self._published(organization, {passage.edition for passage, _ in batch}, version)
            chosen += [(passage, score) for passage, score in batch if passage.edition in published]
            if len(chosen) >= limit:
                break
        return chosen[:limit]

    async def stale(self, model: str) -> Edition | None:
        async with self._database.read() as connection:
            row = await connection.fetchrow(_STALE, model)
        return None if row is None else Edition(*row)

    async def renewed(self, edition: Edition, model: str) -> None:
        async with self._database.write(edition.organization) as writing:
            row = await writing.connection.fetchrow(
                "select * from document where organization = $1 and id = $2 and edition = $3 for update",
                *(edition.organization, edition.document, edition.id),
            )
            if row is None:
                return
            version = await writing.connection.fetchval(
                "update knowledge set version = version + 1 where organization = $1 returning version", edition.organization
            )
            place = (edition.organization, edition.document, edition.id)
            await writing.connection.execute(_RENEW, *place, version, model)
            writing.add(facts.DocumentIndexed(edition.document, row["indexed_revision"], edition.passages, model))

    async def behind(self, index: str, limit: int) -> Sequence[OrganizationId]:
        async with self._database.read() as connection:
            return [OrganizationId(row["organization"]) for row in await connection.fetch(_BEHIND, index, limit)]

    async def changed(self, organization: OrganizationId, after: int) -> AsyncIterator[Sequence[Embedded]]:
        async for batch in self._texts.passages(await self._editions(organization, None, after)):
            yield batch

    async def removed(self, organization: OrganizationId, after: int) -> Sequence[str]:
        async with self._database.read() as connection:
            rows = await connection.fetch(_REMOVED, organization, after)
        return [key_of(row["edition"], ordinal) for row in rows for ordinal in range(row["passages"])]

    async def mark(self, organization: OrganizationId, index: str, version: int) -> None:
        async with self._database.read() as connection:
            await connection.execute(_MARK, organization, index, version)
            await connection.execute("delete from removal where organization = $1 and version <= $2", organization, version)

    async def _editions(
        self, organization: OrganizationId, documents: Collection[DocumentId] | None, after: int
    ) -> Sequence[Edition]:
        async with self._database.read() as connection:
            rows = await connection.fetch(_EDITIONS, organization, None if documents is None else list(documents), after)
        return [Edition(*row) for row in rows]

    async def _published(self, organization: OrganizationId, editions: set[EditionId], version: int) -> set[EditionId]:
        """The published ones of the editions. An edition that was published at a version need not be asked for again."""
        known: set[EditionId] = self._known_at(organization, version) if version else set()
        if unknown := editions - known:
            async with self._database.read() as connection:
                rows = await connection.fetch(_PUBLISHED, list(unknown), organization)
            known.update(EditionId(row["edition"]) for row in rows)
        return editions & known

    def _known_at(self, organization: OrganizationId, version: int) -> set[EditionId]:
        at, known = self._known.get(organization, (0, set()))
        if at != version or len(known) > MAX_KNOWN_EDITIONS:
            known = set()
            self._known[organization] = version, known
        self._known.move_to_end(organization)
        if len(self._known) > MAX_KNOWN_ORGANIZATIONS:
            self._known.popitem(last=False)
        return known
