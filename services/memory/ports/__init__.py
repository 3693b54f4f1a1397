"""The ports of memory."""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kit.backoff import Backoff
from kit.ids import OrganizationId
from kit.jobs import Job, Outcome, Queue
from services.memory.domain.documents import (
    MAX_ATTEMPTS,
    ContentId,
    Document,
    DocumentId,
    EditionId,
    Failure,
    MediaType,
    Passage,
    SiteId,
    State,
)
from services.memory.domain.reading import Reading
from services.memory.domain.uploads import Upload

Vector = NDArray[np.float32]
"""One embedding, of length 1: the dot product of two is their cosine."""


INDEXING = Queue("indexing", max_attempts=MAX_ATTEMPTS + 5, backoff=Backoff(first=2, maximum=300, jitter=0))
"""Documents that wait to be indexed, one job for each. The document's own attempts end sooner, and with a word to it."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A passage with its vector and the model that made it."""

    passage: Passage
    vector: Vector
    model: str


@dataclass(frozen=True, slots=True)
class KnowledgeState:
    """The knowledge of an organization, in numbers. The version grows with each change; 0: nothing was ever indexed."""

    version: int = 0
    passages: int = 0
    synced: Mapping[str, int] = field(default_factory=dict)
    """The version that each vector index has."""
    former_model: str = ""
    """While the model changes: the former one, which some passages still have vectors of alone; "" when all are renewed."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The published passages of one document."""

    organization: OrganizationId
    document: DocumentId
    id: EditionId
    passages: int


class Texts(Protocol):
    """Keeps contents and passages under ids of their own. Nothing of it is published before a row of `Documents` refers to it.

    All methods raise StoreUnavailable."""

    async def put_content(self, organization: OrganizationId, document: DocumentId, id: ContentId, content: bytes) -> None:
        """Stores a content, safely."""

    async def put_pieces(self, organization: OrganizationId, id: ContentId, pieces: AsyncIterable[bytes]) -> None:
        """Stores a content of any size as its pieces come, safely. One whose pieces break off isn't there."""

    async def content(self, id: ContentId) -> bytes | None:
        """None: it is gone, because its document was changed or deleted."""

    async def put_passages(self, passages: Sequence[Embedded]) -> None:
        """Stores passages of an edition, safely."""

    async def stale(self, edition: Edition, model: str, limit: int) -> Sequence[Embedded]:
        """Passages of an edition whose vectors another model made."""

    async def renew(self, passages: Sequence[Embedded]) -> None:
        """Replaces the vectors of passages. The former ones stay beside them."""

    async def forget_former(self, editions: Collection[EditionId]) -> None:
        """Deletes the former vectors of editions."""

    async def remove(self, contents: Collection[ContentId], editions: Collection[EditionId]) -> None:
        """Deletes them; unknown ids are fine."""

    async def retire(self, editions: Collection[EditionId]) -> None:
        """Takes the passages of editions out of what is searched. They can still be read by their names."""


class Uploads(Protocol):
    """Keeps what is known of uploads that no document uses yet. All methods raise StoreUnavailable."""

    async def reserve_upload(self, organization: OrganizationId, id: ContentId, maximum: int) -> None:
        """Announces an upload, whose content is swept if it isn't kept soon. Raises TooManyUnusedUploads."""

    async def keep_upload(self, upload: Upload) -> None:
        """Keeps an upload whose content is stored, for a day, or until a document uses it."""

    async def get_upload(self, organization: OrganizationId, id: ContentId) -> Upload | None:
        """None: it has expired, or a document uses it."""


class Documents(Protocol):
    """Keeps the records of documents: the truth. All methods raise StoreUnavailable."""

    async def reserve(self, organization: OrganizationId, document: DocumentId, content: ContentId) -> None:
        """Announces a content that is about to be stored, so that it is swept if no document comes to refer to it."""

    async def of_request(self, organization: OrganizationId, request_id: str) -> Document | None:
        """The document that an earlier call with this `request_id` made."""

    async def create(self, document: Document, request_id: str, maximum: int) -> Document:
        """Stores a document and queues it. A repeated `request_id` returns the document of the first call.

        Raises DocumentExists, or TooManyDocuments where the organization has `maximum`."""

    async def get(self, organization: OrganizationId, id: DocumentId) -> Document:
        """Raises DocumentNotFound."""

    async def newest(
        self,
        organization: OrganizationId,
        state: State | None,
        site: SiteId,
        before: tuple[datetime, str] | None,
        limit: int,
        query: str = "",
    ) -> Sequence[Document]:
        """At most `limit` documents of a site, or (empty) of all, newest first, older than `before`.

        `query`: only those whose title, file name or address contains it.
        """

    async def replace(self, document: Document, expected_revision: int) -> None:
        """Stores a new revision and queues it. Raises DocumentChanged or DocumentNotFound."""

    async def delete(self, organization: OrganizationId, id: DocumentId, revision: int | None) -> None:
        """Deletes a document: its passages are found no more, and its texts are swept.

        Raises DocumentNotFound or DocumentChanged."""

    async def cancel(self, organization: OrganizationId, id: DocumentId, failure: Failure) -> Document:
        """Makes a document that is PENDING or INDEXING FAILED, and ends its indexing; another stays as it is.

        Raises DocumentNotFound."""

    async def watched(self, organization: OrganizationId, ids: Collection[DocumentId]) -> Sequence[Document]:
        """The documents that are being indexed, and those of some ids that are still there."""

    async def reindex_all(self, organization: OrganizationId, now: datetime) -> int:
        """Queues every document that is not PENDING again; returns how many."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Documents that changed up to a position, as they are now. Without any: a heartbeat."""

    position: int
    documents: Sequence[Document] = ()
    deleted: Sequence[DocumentId] = ()


class DocumentFeed(Protocol):
    """The documents of an organization as they change."""

    def watch(self, organization: OrganizationId, after: int | None, seconds: float) -> AsyncGenerator[Seen, None]:
        """Documents that change after a position (None: from now on), first those that are being indexed.

        Ends after `seconds`. Raises StreamEnded and ResumeTokenExpired."""


class Indexing(Protocol):
    """The states of a document while a worker indexes it. A worker that was overtaken can change nothing any more."""

    async def begin(self, organization: OrganizationId, id: DocumentId, edition: EditionId, attempt: int) -> Document | None:
        """Makes the document INDEXING, and this edition the only one that can be published; None: there is nothing to index."""

    async def progress(
        self,
        document: Document,
        edition: EditionId,
        total: int,
        embedded: int,
        put: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Shows how far it is, once `put` has stored some passages: no one forgets the edition meanwhile. Raises
        IndexingOvertaken, before anything is stored.
        """

    async def publish(self, job: Job, indexed: Document) -> None:
        """Publishes `indexed.edition`, all at once, and ends the job. Raises IndexingOvertaken."""

    async def fail(self, job: Job, document: Document, edition: EditionId, failure: Failure, outcome: Outcome) -> None:
        """Makes the document FAILED and settles the job; former passages stay. Raises IndexingOvertaken."""

    async def postpone(self, job: Job, document: Document, edition: EditionId, failure: Failure, outcome: Outcome) -> None:
        """Makes the document PENDING again and settles the job. Raises IndexingOvertaken."""


Remove = Callable[[Collection[ContentId], Collection[EditionId]], Awaitable[None]]
Retire = Callable[[Collection[EditionId]], Awaitable[None]]


class Orphans(Protocol):
    """Texts that no document refers to."""

    async def sweep(self, remove: Remove, retire: Retire, keep: timedelta, limit: int) -> int:
        """Has at most `limit` that are due removed, and forgets them; returns how many. None is adopted meanwhile.

        Editions that were replaced are retired, and removed after `keep`, or with their document.
        """


class Records(Protocol):
    """The records of all organizations, for a recount."""

    async def expected(self) -> Mapping[tuple[OrganizationId, DocumentId], tuple[int, int]]:
        """The documents that the journal names, each with its published revision and passages."""

    def kept(self, batch: int) -> AsyncIterator[Sequence[Document]]:
        """All documents, in batches."""

    async def knowledge(self) -> Mapping[OrganizationId, int]:
        """How many passages each organization has published, for those that ever published one."""


class TextCounts(Protocol):
    """The texts that are there, for a recount."""

    async def counts(self, editions: Sequence[EditionId]) -> Mapping[EditionId, int]:
        """How many passages there are of each edition."""

    async def contents(self, ids: Sequence[ContentId]) -> Collection[ContentId]:
        """Those of the contents that are there."""


class Knowledge(Protocol):
    """Reads the published passages, their text and their vectors: what searching is built from."""

    async def states(self, organizations: Collection[OrganizationId]) -> Mapping[OrganizationId, KnowledgeState]:
        """The states of several organizations; those that never had knowledge are left out."""

    async def segments(self, organization: OrganizationId) -> Mapping[DocumentId, int]:
        """The knowledge version at which the published passages of each document last changed."""

    def passages(
        self, organization: OrganizationId, documents: Collection[DocumentId] | None = None, model: str = ""
    ) -> AsyncIterator[Sequence[Embedded]]:
        """The published passages of some documents, or of all, in batches.

        `model`: with former vectors, where it made those."""

    async def editions(self, organization: OrganizationId) -> Collection[EditionId]:
        """All published editions."""

    async def page(self, organization: OrganizationId, document: DocumentId, after: int, limit: int) -> Sequence[Passage]:
        """Published passages of one document with an ordinal above `after`."""

    async def passage(self, organization: OrganizationId, document: DocumentId, id: str) -> Passage | None:
        """A published passage by its id."""

    async def find(self, organization: OrganizationId, keys: Collection[str], version: int = 0) -> Mapping[str, Passage]:
        """Published passages by their keys; others are left out.

        `version`: the knowledge version that the caller has just confirmed; what was published at it is trusted."""

    async def vectors(self, organization: OrganizationId, keys: Collection[str], model: str) -> Mapping[str, Vector]:
        """The vectors that a model made of passages, by their keys; others are left out."""

    async def search_words(
        self, organization: OrganizationId, text: str, limit: int, version: int = 0
    ) -> Sequence[tuple[Passage, float]]:
        """Published passages that have some of the meaningful words of a text, best first, with scores on any scale."""

    async def stale(self, model: str) -> Edition | None:
        """An edition, of any organization, some of whose vectors another model made."""

    async def renewed(self, edition: Edition, model: str) -> None:
        """Says that all vectors of an edition are of this model now."""


class VectorLag(Protocol):
    """The published passages that the vector index of an organization still has to copy."""

    async def behind(self, index: str, limit: int) -> Sequence[OrganizationId]:
        """Organizations whose vectors in `index` are older than their knowledge."""

    def changed(self, organization: OrganizationId, after: int) -> AsyncIterator[Sequence[Embedded]]:
        """Published passages that changed after a version."""

    async def removed(self, organization: OrganizationId, after: int) -> Sequence[str]:
        """Keys of passages that were removed after a version, as far as they are remembered."""

    async def mark(self, organization: OrganizationId, index: str, version: int) -> None:
        """Says which version `index` has now."""


class Vectors(Protocol):
    """An index of vectors, one collection per organization and model; a copy that can be lost. Raises StoreUnavailable."""

    @property
    def index(self) -> str:
        """Names what the vectors are: changes with the model."""

    @property
    def model(self) -> str:
        """The model that makes them."""

    async def put(self, organization: OrganizationId, passages: Sequence[Embedded]) -> None:
        """Adds or replaces."""

    async def remove(self, organization: OrganizationId, keys: Sequence[str]) -> None:
        """Removes; unknown keys are fine."""

    async def keys(self, organization: OrganizationId) -> set[str]:
        """All keys it has."""

    async def count(self, organization: OrganizationId) -> int | None:
        """How many it has; None: no collection."""

    async def nearest(
        self, organization: OrganizationId, vector: Vector, limit: int, model: str = ""
    ) -> Sequence[tuple[str, float]] | None:
        """Keys with their cosine similarity, nearest first; None: no collection. `model`: the one that made the vector."""


class Embedder(Protocol):
    """An embedding model."""

    @property
    def model(self) -> str:
        """Its name; vectors of different models are never compared."""

    async def embed_query(self, text: str, model: str = "") -> Vector:
        """For a search: quick, or EmbedderUnavailable. `model`: a former one, if it is still served."""

    def serves(self, model: str) -> bool:
        """Whether a model can be used: False once it was asked for and isn't there."""

    async def embed_passages(self, texts: Sequence[str]) -> Sequence[Vector]:
        """For indexing. Raises EmbedderUnavailable."""


class Reader(Protocol):
    """Reads hostile files."""

    async def read(self, content: bytes, media_type: MediaType, charset: str = "") -> Reading:
        """The passages of a file. `charset`: the encoding that came with it, "" for none. Raises a DocumentProblem."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as its server sent it."""

    content: bytes
    media_type: MediaType
    charset: str = ""
    """The encoding that the server names; "" for none."""


class Pages(Protocol):
    """Fetches web pages."""

    async def fetch(self, uri: str) -> Fetched:
        """Raises AddressNotAllowed, FetchFailed, DocumentTooLarge or MediaTypeUnsupported."""


class Hints(Protocol):
    """Notifies other processes that an organization's knowledge changed. May fail silently: they also look each second."""

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
    section_scores: tuple[float, ...] = ()
    """The cosine of each section of its text; empty: not computed."""


@dataclass(frozen=True, slots=True)
class Findings:
    """The result of a search, and which ranking failed."""

    hits: Sequence[Hit]
    version: int
    dense_failed: bool = False
    lexical_failed: bool = False
    model: str = ""
    """The model whose vectors were compared; "" for none."""
    unknown_words: tuple[str, ...] = ()
    """Meaningful words of the query that no passage has, nor one spelled nearly so; as written, in lower case."""


class Retriever(Protocol):
    """Ranks live passages for a query: semantic search where there is a vector, keyword search where there is a text."""

    async def model(self, organization: OrganizationId) -> str:
        """The model that a query's vector should be made with: that of all of the organization's vectors."""

    async def retrieve(
        self, organization: OrganizationId, vector: Vector | None, text: str | None, limit: int, model: str = ""
    ) -> Findings:
        """`vector` None: without semantic search; `text` None: without keyword search. `model`: the one that made the vector;
        "" for the present one.

        Raises StoreUnavailable where no ranking can be made."""
