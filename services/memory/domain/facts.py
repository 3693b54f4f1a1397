"""The facts of memory, for the journal. Facts refer to documents and hold nothing of their text."""

from dataclasses import dataclass

from services.memory.domain.documents import DocumentId


@dataclass(frozen=True, slots=True)
class DocumentCreated:
    document: DocumentId


@dataclass(frozen=True, slots=True)
class DocumentUpdated:
    """Its title, link or content was changed, or it is to be indexed again."""

    document: DocumentId
    revision: int


@dataclass(frozen=True, slots=True)
class DocumentIndexed:
    document: DocumentId
    revision: int
    passage_count: int
    embedding_model: str


@dataclass(frozen=True, slots=True)
class DocumentFailed:
    document: DocumentId
    revision: int
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentDeleted:
    document: DocumentId


Fact = DocumentCreated | DocumentUpdated | DocumentIndexed | DocumentFailed | DocumentDeleted
