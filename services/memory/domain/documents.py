"""Documents, passages and the rules of their life."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from kit.ids import OrganizationId

DocumentId = NewType("DocumentId", str)
ContentId = NewType("ContentId", str)
"""Names the content of a document as it was given once; never used again for another."""
SiteId = NewType("SiteId", str)
EditionId = NewType("EditionId", str)
"""Names the passages that one indexing made; never used again for others."""

MAX_PAGE_BYTES = 5_000_000
MAX_CHARACTERS = 5_000_000
"""Of a document's text: 2,000 pages in small print."""
MAX_PASSAGES = 10_000
MAX_DOCUMENTS = 10_000
MAX_ATTEMPTS = 5


class State(StrEnum):
    """Where a document is on its way."""

    PENDING = "PENDING"
    INDEXING = "INDEXING"
    READY = "READY"
    FAILED = "FAILED"


class MediaType(StrEnum):
    """The media types that can be read."""

    PLAIN = "text/plain"
    MARKDOWN = "text/markdown"
    HTML = "text/html"
    PDF = "application/pdf"
    CSV = "text/csv"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class SourceKind(StrEnum):
    """How the content came."""

    TEXT = "text"
    FILE = "file"
    WEB = "web"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document's content comes from, without the content. A web page's media type is told when it is fetched."""

    kind: SourceKind
    media_type: MediaType | None = None
    file_name: str = ""
    uri: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why indexing failed: a reason of the contract, and words for people."""

    reason: str
    message: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Document:
    """A knowledge source. `revision` grows with each change or reindexing; the passages that can be found are those of
    `indexed_revision`."""

    organization: OrganizationId
    id: DocumentId
    title: str
    uri: str
    source: Source
    created: datetime
    updated: datetime
    title_given: bool = True
    state: State = State.PENDING
    revision: int = 1
    indexed_revision: int = 0
    passages_total: int = 0
    passages_embedded: int = 0
    attempt: int = 0
    failure: Failure | None = None
    passage_count: int = 0
    content: ContentId = ContentId("")
    """Where its content is kept; empty: a web page, which is fetched when it is indexed. Those of sites have one."""
    size: int = 0
    """Bytes of the content."""
    edition: EditionId = EditionId("")
    """Where its published passages are kept; empty before the first success."""
    embedding_model: str = ""
    warnings: tuple[str, ...] = ()
    """Parts that could not be read, in words for people."""
    indexed: datetime | None = None
    site: SiteId = SiteId("")
    """The site whose page it is; empty: none."""

    @property
    def etag(self) -> str:
        """Changes with each revision."""
        return f"r{self.revision}"

    @property
    def link(self) -> str:
        """Where a reader finds the original; may be empty."""
        return self.uri or (self.source.uri if self.source.kind is SourceKind.WEB else "")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document as it is found and quoted."""

    organization: OrganizationId
    document: DocumentId
    revision: int
    edition: EditionId
    ordinal: int
    title: str
    heading: str
    """The headings above it, outermost first, joined by " › "."""
    uri: str
    text: str
    page: int = 0
    """The page it starts on, from 1; 0 where there are no pages."""

    @property
    def id(self) -> str:
        """Unique in its document, over all revisions."""
        return f"{self.revision}-{self.ordinal}"

    @property
    def key(self) -> str:
        """Unique over all organizations and indexings."""
        return key_of(self.edition, self.ordinal)

    @property
    def context(self) -> str:
        """The text as it is embedded: a passage alone often does not say what it is about, its headings do."""
        return f"{self.above}\n{self.text}" if self.above else self.text

    @property
    def above(self) -> str:
        """The title and the headings above it."""
        return " › ".join(filter(None, (self.title, self.heading)))


def key_of(edition: EditionId, ordinal: int) -> str:
    """The key of a passage by its place in an edition."""
    return f"{edition}-{ordinal}"


def edition_of(key: str) -> EditionId:
    """The edition that a passage's key belongs to."""
    return EditionId(key.rpartition("-")[0])


@dataclass(frozen=True, slots=True)
class Change:
    """New values for a document; None leaves a value as it is."""

    title: str | None = None
    uri: str | None = None
    source: Source | None = None
    content: bytes | None = field(default=None, repr=False)
    upload: ContentId | None = None
    """The upload with the new content, instead of `content`."""


def revise(document: Document, change: Change, now: datetime) -> Document:
    """The next revision of a document, which waits to be indexed. Its passages stay what they are until then."""
    return replace(
        again(document, now),
        title=document.title if change.title is None else change.title,
        title_given=document.title_given if change.title is None else bool(change.title),
        uri=document.uri if change.uri is None else change.uri,
        source=change.source or document.source,
    )


def again(document: Document, now: datetime) -> Document:
    """The document in line for another indexing, as a new revision."""
    return replace(
        document,
        state=State.PENDING,
        revision=document.revision + 1,
        failure=None,
        attempt=0,
        passages_total=0,
        passages_embedded=0,
        updated=now,
    )


def media_type_of(content: bytes, file_name: str = "", said: str = "") -> MediaType | None:
    """A file's media type: by its first bytes, then by the type that it is said to have, then by its name. None: unknown.

    The types that servers give to unknown files, `application/octet-stream` and the like, say nothing.
    """
    if content.lstrip()[:5] == b"%PDF-":
        return MediaType.PDF
    if content.startswith(b"PK\x03\x04") and b"word/" in content:
        return MediaType.DOCX
    bare = said.partition(";")[0].strip().lower()
    ending = file_name.lower().rpartition(".")[2]
    is_page = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html"))
    if bare == "text/plain" and (is_page or ending in ("md", "markdown", "csv")):
        bare = ""  # many servers call everything that
    if bare == "application/vnd.ms-excel" and ending == "csv":
        bare = ""  # browsers on machines with Excel
    if bare in _SAID:
        return _SAID[bare]
    if bare not in _UNKNOWN:
        return None
    if ending in _ENDINGS:
        return _ENDINGS[ending]
    if is_page:
        return MediaType.HTML
    if b"\0" in content[:4000] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    return MediaType.PLAIN


def media_type_named(said: str) -> MediaType | None:
    """The media type that a name means; None for one that can't be read, or that says nothing."""
    return _SAID.get(said.partition(";")[0].strip().lower())


_UNKNOWN = frozenset(
    {"", "application/octet-stream", "binary/octet-stream", "application/x-download", "application/download"}
    | {"application/x-www-form-urlencoded"}  # curl's default
    | {"application/force-download", "application/x-binary", "application/unknown", "unknown/unknown"}
)
_SAID = {
    "text/plain": MediaType.PLAIN,
    "text/markdown": MediaType.MARKDOWN,
    "text/x-markdown": MediaType.MARKDOWN,
    "text/html": MediaType.HTML,
    "application/xhtml+xml": MediaType.HTML,
    "application/pdf": MediaType.PDF,
    "application/x-pdf": MediaType.PDF,
    "text/csv": MediaType.CSV,
    "application/csv": MediaType.CSV,
    "text/tab-separated-values": MediaType.CSV,
    MediaType.DOCX.value: MediaType.DOCX,
}
_ENDINGS = {
    "txt": MediaType.PLAIN,
    "text": MediaType.PLAIN,
    "md": MediaType.MARKDOWN,
    "markdown": MediaType.MARKDOWN,
    "html": MediaType.HTML,
    "htm": MediaType.HTML,
    "xhtml": MediaType.HTML,
    "pdf": MediaType.PDF,
    "csv": MediaType.CSV,
    "tsv": MediaType.CSV,
    "docx": MediaType.DOCX,
}
