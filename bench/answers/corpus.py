"""Documents as memory reads and splits them, and vectors of texts."""

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import demo
from bench.answers.manual import PACKAGE, Manual
from embedder.model import Model
from kit.ids import OrganizationId
from services.memory.adapters.reading.__main__ import read
from services.memory.app.indexing import embed
from services.memory.domain.chunker import split
from services.memory.domain.documents import DocumentId, EditionId, MediaType, Passage
from services.memory.domain.models import embedding_model
from services.memory.ports import Embedded, Vector

ORGANIZATION = OrganizationId("bench")
CACHE = Path(__file__).resolve().parent.parent / ".cache"


class LocalEmbedder:
    """Implements memory's Embedder in this process."""

    def __init__(self, name: str, threads: int = 2) -> None:
        self._of = embedding_model(name)
        self._threads = threads
        self._model: Model | None = None
        self._file = CACHE / f"{name}.npz"
        self._kept: dict[str, Vector] = {}
        if self._file.is_file():
            with np.load(self._file) as stored:
                self._kept = dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))

    @property
    def model(self) -> str:
        return self._of.name

    def serves(self, model: str) -> bool:
        return model == self.model

    async def embed_query(self, text: str, model: str = "") -> Vector:
        return self._embed([self._of.query_prefix + text])[0]

    async def embed_passages(self, texts: Sequence[str]) -> Sequence[Vector]:
        return self._embed([self._of.passage_prefix + text for text in texts])

    def save(self) -> None:
        """Keeps the vectors for the next run."""
        CACHE.mkdir(exist_ok=True)
        np.savez(self._file, keys=np.array(list(self._kept)), vectors=np.array(list(self._kept.values())))

    def _embed(self, texts: Sequence[str]) -> list[Vector]:
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._kept}
        if missing:
            self._model = self._model or Model(self.model, self._threads)
            encoded = self._model.encode(list(missing.values()))
            self._kept.update(zip(missing, map(self._model.run, encoded), strict=True))
        return [self._kept[key] for key in keys]


def shop() -> list[Passage]:
    """The demo shop's help centre."""
    return [
        passage
        for article in demo.articles()
        for passage in _passages(article.id, article.title, article.text.encode(), MediaType.MARKDOWN)
    ]


def own_documents() -> list[Passage]:
    """This repository's decision records."""
    files = sorted((Path(__file__).resolve().parent.parent.parent / "docs" / "adr").glob("*.md"))
    return [passage for file in files for passage in _passages(file.stem.lower(), "", file.read_bytes(), MediaType.MARKDOWN)]


def manual_html(manual: Manual) -> list[Passage]:
    """The manual's chapters, each a document."""
    return [passage for chapter, page in manual.html() for passage in _passages(chapter, "", page, MediaType.HTML)]


def manual_pdf(manual: Manual) -> list[Passage]:
    """The manual as one document, `debian-faq`."""
    return _passages(PACKAGE, "", manual.pdf(), MediaType.PDF)


def embedded(passages: Sequence[Passage], embedder: LocalEmbedder) -> list[Embedded]:
    """Passages with their vectors, as indexing makes them."""
    vectors = asyncio.run(embed(embedder, passages))
    return [Embedded(passage, vector, embedder.model) for passage, vector in zip(passages, vectors, strict=True)]


def _passages(id: str, title: str, content: bytes, media_type: MediaType) -> list[Passage]:
    """`title`: empty for the one that the file has."""
    result = read(content, media_type)
    if result.outline is None:
        raise ValueError(f"{id} can't be read: {result.detail}")
    title = title or result.outline.title
    return [
        Passage(ORGANIZATION, DocumentId(id), 1, EditionId(id), ordinal, title, chunk.heading, "", chunk.text, chunk.page)
        for ordinal, chunk in enumerate(split(result.outline))
    ]
