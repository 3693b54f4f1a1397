"""Fakes that keep everything in this process; the contract suites hold them to the same promises as the real ones."""

import hashlib
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from kit.clock import Clock
from kit.errors import StoreUnavailable
from kit.ids import OrganizationId
from services.memory.adapters.read_file import read
from services.memory.domain import problems
from services.memory.domain.documents import Document, DocumentId, Failure, MediaType, Passage, State, again
from services.memory.domain.outline import Outline
from services.memory.domain.ranking import terms
from services.memory.ports import Embedded, KnowledgeState, Lease, Vector

_EPOCH = datetime.fromtimestamp(0, tz=UTC)
Key = tuple[OrganizationId, DocumentId]


@dataclass
class _Entry:
    document: Document
    content: bytes
    request_id: str
    worker: str = ""
    due: datetime = _EPOCH
    version: int = 0


@dataclass
class _Live:
    item: Embedded
    version: int


@dataclass
class _Organization:
    version: int = 0
    live: dict[str, _Live] = field(default_factory=dict)
    synced: dict[str, int] = field(default_factory=dict)
    removals: list[tuple[int, list[str]]] = field(default_factory=list)


class InMemoryStore:
    """Implements Documents, Indexing, Knowledge and VectorLag."""

    def __init__(self, now: Clock) -> None:
        self._now = now
        self._entries: dict[Key, _Entry] = {}
        self._organizations: dict[OrganizationId, _Organization] = {}
        self._staged: dict[Key, list[Embedded]] = {}

    async def create(self, document: Document, content: bytes, request_id: str, most: int) -> Document:
        mine = [entry for key, entry in self._entries.items() if key[0] == document.organization]
        for entry in mine:
            if entry.request_id == request_id:
                return entry.document
        if len(mine) >= most:
            raise problems.TooManyDocuments(most)
        key = (document.organization, document.id)
        if key in self._entries:
            raise problems.DocumentExists(_name(*key))
        self._entries[key] = _Entry(document, content, request_id)
        return document

    async def get(self, organization: OrganizationId, id: DocumentId) -> Document:
        return self._entry(organization, id).document

    async def newest(
        self, organization: OrganizationId, state: State | None, before: tuple[datetime, str] | None, limit: int
    ) -> Sequence[Document]:
        mine = [entry.document for key, entry in self._entries.items() if key[0] == organization]
        mine.sort(key=lambda document: (document.created, document.id), reverse=True)
        wanted = [
            document
            for document in mine
            if (state is None or document.state is state) and (before is None or (document.created, document.id) < before)
        ]
        return wanted[:limit]

    async def replace(self, document: Document, content: bytes | None, expected_revision: int) -> None:
        entry = self._entry(document.organization, document.id)
        now = entry.document
        if now.revision != expected_revision:
            raise problems.DocumentChanged(_name(document.organization, document.id))
        entry.document = replace(
            document,
            indexed_revision=now.indexed_revision,
            passage_count=now.passage_count,
            embedding_model=now.embedding_model,
            indexed=now.indexed,
        )
        entry.content = entry.content if content is None else content
        entry.worker, entry.due = "", _EPOCH

    async def delete(self, organization: OrganizationId, id: DocumentId, revision: int | None) -> None:
        entry = self._entry(organization, id)
        if revision is not None and entry.document.revision != revision:
            raise problems.DocumentChanged(_name(organization, id))
        del self._entries[organization, id]
        self._retire(organization, id)

    async def content(self, organization: OrganizationId, id: DocumentId) -> bytes:
        return self._entry(organization, id).content

    async def reindex_all(self, organization: OrganizationId, now: datetime) -> int:
        waiting = [e for k, e in self._entries.items() if k[0] == organization and e.document.state is not State.PENDING]
        for entry in waiting:
            entry.document, entry.worker, entry.due = again(entry.document, now), "", _EPOCH
        return len(waiting)

    async def lease(self, worker: str, duration: timedelta) -> Lease | None:
        due = [
            entry
            for entry in self._entries.values()
            if entry.document.state in (State.PENDING, State.INDEXING) and entry.due <= self._now()
        ]
        if not due:
            return None
        entry = min(due, key=lambda entry: entry.due)
        entry.document = replace(entry.document, state=State.INDEXING, attempt=entry.document.attempt + 1)
        entry.worker, entry.due = worker, self._now() + duration
        self._staged.pop((entry.document.organization, entry.document.id), None)
        return Lease(entry.document, worker, entry.document.attempt)

    async def extend(self, lease: Lease, duration: timedelta) -> None:
        self._held(lease).due = self._now() + duration

    async def progress(self, lease: Lease, total: int, embedded: int) -> None:
        entry = self._held(lease)
        entry.document = replace(entry.document, passages_total=total, passages_embedded=embedded)

    async def add(self, lease: Lease, passages: Sequence[Embedded]) -> None:
        self._staged.setdefault((lease.document.organization, lease.document.id), []).extend(passages)

    async def commit(self, lease: Lease, title: str, size: int, model: str, count: int, now: datetime) -> None:
        entry = self._held(lease)
        organization, id = lease.document.organization, lease.document.id
        staged = self._staged.pop((organization, id), [])
        if len(staged) != count:
            raise problems.LeaseLost
        knowledge = self._retire(organization, id)
        for item in staged:
            knowledge.live[item.passage.key] = _Live(item, knowledge.version)
        entry.worker, entry.version = "", knowledge.version
        entry.document = replace(
            entry.document,
            state=State.READY,
            title=title,
            size=size,
            embedding_model=model,
            passage_count=count,
            indexed_revision=lease.document.revision,
            indexed=now,
            updated=now,
            failure=None,
        )

    async def fail(self, lease: Lease, failure: Failure) -> None:
        entry = self._held(lease)
        entry.document = replace(entry.document, state=State.FAILED, failure=failure, updated=failure.at)
        self._staged.pop((lease.document.organization, lease.document.id), None)

    async def postpone(self, lease: Lease, failure: Failure, delay: timedelta, *, count: bool) -> None:
        entry = self._held(lease)
        attempt = lease.attempt if count else lease.attempt - 1
        entry.document = replace(entry.document, state=State.PENDING, attempt=attempt, failure=failure)
        entry.worker, entry.due = "", self._now() + delay

    async def states(self, organizations: Collection[OrganizationId]) -> Mapping[OrganizationId, KnowledgeState]:
        known = {id: self._organizations[id] for id in organizations if id in self._organizations}
        return {id: KnowledgeState(one.version, len(one.live), dict(one.synced)) for id, one in known.items()}

    async def segments(self, organization: OrganizationId) -> Mapping[DocumentId, int]:
        return {k[1]: e.version for k, e in self._entries.items() if k[0] == organization and e.document.indexed_revision}

    async def passages(
        self, organization: OrganizationId, documents: Collection[DocumentId] | None = None
    ) -> AsyncIterator[Sequence[Embedded]]:
        items = [one.item for one in self._live(organization)]
        yield [item for item in items if documents is None or item.passage.document in documents]

    async def page(self, organization: OrganizationId, document: DocumentId, after: int, limit: int) -> Sequence[Passage]:
        mine = [one.item.passage for one in self._live(organization) if one.item.passage.document == document]
        return sorted((p for p in mine if p.ordinal > after), key=lambda passage: passage.ordinal)[:limit]

    async def find(self, organization: OrganizationId, keys: Collection[str]) -> Mapping[str, Passage]:
        return {one.item.passage.key: one.item.passage for one in self._live(organization) if one.item.passage.key in keys}

    async def search_words(self, organization: OrganizationId, text: str, limit: int) -> Sequence[tuple[Passage, float]]:
        wanted = set(terms(text))
        counted = [(len(wanted.intersection(terms(o.item.passage.context))), o.item.passage) for o in self._live(organization)]
        counted.sort(key=lambda pair: -pair[0])
        return [(passage, float(count)) for count, passage in counted if count][:limit]

    async def stale(self, model: str, limit: int) -> Sequence[Embedded]:
        for organization in self._organizations:
            if stale := [one.item for one in self._live(organization) if one.item.model != model]:
                return stale[:limit]
        return []

    async def renew(self, organization: OrganizationId, passages: Sequence[Embedded]) -> None:
        knowledge = self._organizations[organization]
        knowledge.version += 1
        for item in passages:
            if item.passage.key in knowledge.live:
                knowledge.live[item.passage.key] = _Live(item, knowledge.version)
                entry = self._entries[organization, item.passage.document]
                entry.version = knowledge.version
                entry.document = replace(entry.document, embedding_model=item.model)

    async def behind(self, index: str, limit: int) -> Sequence[OrganizationId]:
        return [id for id, one in self._organizations.items() if one.version > one.synced.get(index, 0)][:limit]

    async def changed(self, organization: OrganizationId, after: int) -> AsyncIterator[Sequence[Embedded]]:
        yield [one.item for one in self._live(organization) if one.version > after]

    async def removed(self, organization: OrganizationId, after: int) -> Sequence[str]:
        return [key for version, keys in self._organizations[organization].removals if version > after for key in keys]

    async def mark(self, organization: OrganizationId, index: str, version: int) -> None:
        self._organizations[organization].synced[index] = version

    def _live(self, organization: OrganizationId) -> Sequence[_Live]:
        knowledge = self._organizations.get(organization)
        return list(knowledge.live.values()) if knowledge else []

    def _retire(self, organization: OrganizationId, id: DocumentId) -> _Organization:
        knowledge = self._organizations.setdefault(organization, _Organization())
        knowledge.version += 1
        gone = [key for key, one in knowledge.live.items() if one.item.passage.document == id]
        for key in gone:
            del knowledge.live[key]
        knowledge.removals.append((knowledge.version, gone))
        return knowledge

    def _entry(self, organization: OrganizationId, id: DocumentId) -> _Entry:
        entry = self._entries.get((organization, id))
        if entry is None:
            raise problems.DocumentNotFound(_name(organization, id))
        return entry

    def _held(self, lease: Lease) -> _Entry:
        entry = self._entries.get((lease.document.organization, lease.document.id))
        held = entry is not None and entry.document.state is State.INDEXING
        if entry is None or not held or entry.worker != lease.worker or entry.document.attempt != lease.attempt:
            raise problems.LeaseLost
        if entry.document.revision != lease.document.revision:
            raise problems.LeaseLost
        return entry


class InMemoryVectors:
    """Implements Vectors."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._vectors: dict[OrganizationId, dict[str, Vector]] = {}
        self.broken = False

    @property
    def index(self) -> str:
        return self._model

    async def put(self, organization: OrganizationId, passages: Sequence[Embedded]) -> None:
        self._check()
        self._vectors.setdefault(organization, {}).update({item.passage.key: item.vector for item in passages})

    async def remove(self, organization: OrganizationId, keys: Sequence[str]) -> None:
        self._check()
        for key in keys:
            self._vectors.get(organization, {}).pop(key, None)

    async def keys(self, organization: OrganizationId) -> set[str]:
        self._check()
        return set(self._vectors.get(organization, {}))

    async def count(self, organization: OrganizationId) -> int | None:
        self._check()
        return len(self._vectors[organization]) if organization in self._vectors else None

    async def nearest(self, organization: OrganizationId, vector: Vector, limit: int) -> Sequence[tuple[str, float]] | None:
        self._check()
        if organization not in self._vectors:
            return None
        scored = [(key, float(one @ vector)) for key, one in self._vectors[organization].items()]
        return sorted(scored, key=lambda pair: -pair[1])[:limit]

    async def drop(self, organization: OrganizationId) -> None:
        """Loses a collection, as a lost disk would."""
        self._vectors.pop(organization, None)

    def _check(self) -> None:
        if self.broken:
            raise StoreUnavailable("vectors", "broken by the test")


class HashEmbedder:
    """Implements Embedder without a model: texts that share words are near each other."""

    def __init__(self, model: str = "hashed-words", dimension: int = 64) -> None:
        self._model = model
        self._dimension = dimension
        self.broken = False

    @property
    def model(self) -> str:
        return self._model

    async def embed_query(self, text: str) -> Vector:
        return (await self.embed_passages([text]))[0]

    async def embed_passages(self, texts: Sequence[str]) -> Sequence[Vector]:
        if self.broken:
            raise problems.EmbedderUnavailable(self._model, "broken by the test")
        return [self._embed(text) for text in texts]

    def _embed(self, text: str) -> Vector:
        vector = np.full(self._dimension, 0.01, np.float32)
        for word in terms(text):
            digest = hashlib.sha256(f"{self._model} {word}".encode()).digest()
            vector[int.from_bytes(digest[:4], "big") % self._dimension] += 1.0
        return vector / np.float32(np.sqrt(vector @ vector))


class DirectReader:
    """Implements Reader in this process, unbounded: for tests with friendly files."""

    async def read(self, content: bytes, media_type: MediaType) -> Outline:
        result = read(content, media_type)
        if result.outline is None:
            raise problems.DocumentUnreadable(media_type.value, result.detail)
        return result.outline


class NoPages:
    """Implements Pages where nothing can be fetched."""

    async def fetch(self, uri: str) -> tuple[bytes, MediaType]:
        raise problems.FetchFailed(uri, "there is no network here.")


def _name(organization: OrganizationId, id: DocumentId) -> str:
    return f"organizations/{organization}/documents/{id}"
