"""What memory needs from the world."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kit.ids import OrganizationId
from services.memory.domain.documents import Document, DocumentId, Failure, MediaType, Passage, State
from services.memory.domain.outline import Outline

Vector = NDArray[np.float32]
"""One embedding, of length 1: the dot product of two is their cosine."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to index a revision of a document, until it runs out or the document changes."""

    document: Document
    worker: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Embedded:
    """A passage with its vector and the model that made it."""

    passage: Passage
    vector: Vector
    model: str


@dataclass(frozen=True, slots=True)
class KnowledgeState:
    """What an organization knows, in numbers. The version grows with each change; 0: nothing was ever indexed."""

    version: int = 0
    passages: int = 0
    synced: Mapping[str, int] = field(default_factory=dict)
    """The version that each vector index has."""


class Documents(Protocol):
    """Keeps documents and their content: the truth. All methods raise StoreUnavailable."""

    async def create(self, document: Document, content: bytes, request_id: str, most: int) -> Document:
        """Stores a document. A repeated `request_id` returns the document of the first call.

        Raises DocumentExists, or TooManyDocuments where the organization has `most`."""

    async def get(self, organization: OrganizationId, id: DocumentId) -> Document:
        """Raises DocumentNotFound."""

    async def newest(
        self, organization: OrganizationId, state: State | None, before: tuple[datetime, str] | None, limit: int
    ) -> Sequence[Document]:
        """At most `limit` documents, newest first, older than `before`."""

    async def replace(self, document: Document, content: bytes | None, expected_revision: int) -> None:
        """Stores a new revision, and its content where it changed. Raises DocumentChanged or DocumentNotFound."""

    async def delete(self, organization: OrganizationId, id: DocumentId, revision: int | None) -> None:
        """Deletes a document with its passages, at once. Raises DocumentNotFound or DocumentChanged."""

    async def content(self, organization: OrganizationId, id: DocumentId) -> bytes:
        """The stored bytes. Raises DocumentNotFound."""

    async def reindex_all(self, organization: OrganizationId, now: datetime) -> int:
        """Puts every document that is not PENDING in line again; returns how many."""


class Indexing(Protocol):
    """The line of documents that wait to be indexed. A worker that dies loses its lease, and another one takes over."""

    async def lease(self, worker: str, duration: timedelta) -> Lease | None:
        """Takes the document that waits longest and counts the attempt. None: nobody waits."""

    async def extend(self, lease: Lease, duration: timedelta) -> None:
        """Keeps the lease. Raises LeaseLost."""

    async def progress(self, lease: Lease, total: int, embedded: int) -> None:
        """Tells how far it is. Raises LeaseLost."""

    async def add(self, lease: Lease, passages: Sequence[Embedded]) -> None:
        """Stores passages of the revision; nobody finds them before `commit`."""

    async def commit(self, lease: Lease, title: str, size: int, model: str, count: int, now: datetime) -> None:
        """Makes the revision's passages the live ones, all at once, and the document READY.

        Raises LeaseLost, also where not all `count` passages are there."""

    async def fail(self, lease: Lease, failure: Failure) -> None:
        """Makes the document FAILED; former passages stay. Raises LeaseLost."""

    async def postpone(self, lease: Lease, failure: Failure, delay: timedelta, *, count: bool) -> None:
        """Puts the document back in line, not to be taken before `delay`. `count`: whether the attempt counts.

        Raises LeaseLost."""


class Knowledge(Protocol):
    """Reads the live passages, their text and their vectors: what searching is built from."""

    async def states(self, organizations: Collection[OrganizationId]) -> Mapping[OrganizationId, KnowledgeState]:
        """The states of several organizations; those that never had knowledge are left out."""

    async def segments(self, organization: OrganizationId) -> Mapping[DocumentId, int]:
        """The knowledge version at which the live passages of each document last changed."""

    def passages(
        self, organization: OrganizationId, documents: Collection[DocumentId] | None = None
    ) -> AsyncIterator[Sequence[Embedded]]:
        """The live passages of some documents, or of all, in batches."""

    async def page(self, organization: OrganizationId, document: DocumentId, after: int, limit: int) -> Sequence[Passage]:
        """Live passages of one document with an ordinal above `after`."""

    async def find(self, organization: OrganizationId, keys: Collection[str]) -> Mapping[str, Passage]:
        """Live passages by their keys; others are left out."""

    async def search_words(self, organization: OrganizationId, text: str, limit: int) -> Sequence[tuple[Passage, float]]:
        """Live passages that have some of the meaningful words of a text, best first, with scores on any scale."""

    async def stale(self, model: str, limit: int) -> Sequence[Embedded]:
        """Live passages, of any one organization, whose vectors another model made."""

    async def renew(self, organization: OrganizationId, passages: Sequence[Embedded]) -> None:
        """Replaces the vectors of live passages."""


class VectorLag(Protocol):
    """What the vector index of an organization still has to take over from the live passages."""

    async def behind(self, index: str, limit: int) -> Sequence[OrganizationId]:
        """Organizations whose vectors in `index` are older than their knowledge."""

    def changed(self, organization: OrganizationId, after: int) -> AsyncIterator[Sequence[Embedded]]:
        """Live passages that changed after a version."""

    async def removed(self, organization: OrganizationId, after: int) -> Sequence[str]:
        """Keys of passages that were removed after a version, as far as they are remembered."""

    async def mark(self, organization: OrganizationId, index: str, version: int) -> None:
        """Says which version `index` has now."""


class Vectors(Protocol):
    """An index of vectors, one collection per organization and model; a copy that can be lost. Raises StoreUnavailable."""

    @property
    def index(self) -> str:
        """Names what the vectors are: changes with the model."""

    async def put(self, organization: OrganizationId, passages: Sequence[Embedded]) -> None:
        """Adds or replaces."""

    async def remove(self, organization: OrganizationId, keys: Sequence[str]) -> None:
        """Removes; unknown keys are fine."""

    async def keys(self, organization: OrganizationId) -> set[str]:
        """All keys it has."""

    async def count(self, organization: OrganizationId) -> int | None:
        """How many it has; None: no collection."""

    async def nearest(self, organization: OrganizationId, vector: Vector, limit: int) -> Sequence[tuple[str, float]] | None:
        """Keys with their cosine similarity, nearest first; None: no collection."""


class Embedder(Protocol):
    """An embedding model."""

    @property
    def model(self) -> str:
        """Its name; vectors of different models are never compared."""

    async def embed_query(self, text: str) -> Vector:
        """For a search: quick, or EmbedderUnavailable."""

    async def embed_passages(self, texts: Sequence[str]) -> Sequence[Vector]:
        """For indexing. Raises EmbedderUnavailable."""


class Reader(Protocol):
    """Reads hostile files."""

    async def read(self, content: bytes, media_type: MediaType) -> Outline:
        """Raises a DocumentProblem."""


class Pages(Protocol):
    """Fetches web pages."""

    async def fetch(self, uri: str) -> tuple[bytes, MediaType]:
        """Raises AddressNotAllowed, FetchFailed, DocumentTooLarge or MediaTypeUnsupported."""


class Hints(Protocol):
    """Tells other processes at once that an organization's knowledge changed. May fail silently: they also look each second."""

    async def announce(self, organization: OrganizationId) -> None:
        """Never raises."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. Scores as in the contract; None: not computed."""

    passage: Passage
    score: float
    dense_score: float | None
    lexical_score: float | None
    dense_rank: int
    lexical_rank: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What a search found, and which ranking failed."""

    hits: Sequence[Hit]
    version: int
    dense_failed: bool = False
    lexical_failed: bool = False


class Retriever(Protocol):
    """Ranks an organization's live passages for a query, by meaning where there is a vector, by words where there is a text."""

    async def retrieve(self, organization: OrganizationId, vector: Vector | None, text: str | None, limit: int) -> Findings:
        """`vector` None: without the ranking by meaning; `text` None: without the one by words.

        Raises StoreUnavailable where no ranking can be made."""
