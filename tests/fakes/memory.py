"""Services that memory calls, without a model or a network. Its stores are always the real ones."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence

import numpy as np

from services.memory.adapters.reading.__main__ import read_passages
from services.memory.adapters.scanning.__main__ import Order, scan
from services.memory.domain import problems
from services.memory.domain.documents import MediaType
from services.memory.domain.ranking import terms
from services.memory.domain.reading import Reading
from services.memory.domain.sites import Listing, Scan, Site
from services.memory.ports import Fetched, Vector


class HashEmbedder:
    """Implements Embedder: texts that share words are near each other."""

    def __init__(self, model: str = "hashed-words", dimension: int = 64) -> None:
        self._model = model
        self._dimension = dimension
        self.broken = False
        self.former = ""
        """A model that it still serves for queries."""

    @property
    def model(self) -> str:
        return self._model

    def serves(self, model: str) -> bool:
        return model in (self._model, self.former)

    async def embed_query(self, text: str, model: str = "") -> Vector:
        if model and model != self._model:
            return await HashEmbedder(model, self._dimension).embed_query(text)
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


class SlowEmbedder(HashEmbedder):
    """Waits until the test lets it continue."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()
        self.go = asyncio.Event()

    async def embed_passages(self, texts: Sequence[str]) -> Sequence[Vector]:
        self.asked.set()
        await self.go.wait()
        return await super().embed_passages(texts)


class DirectReader:
    """Implements Reader in this process, unbounded: for friendly files."""

    async def read(self, content: bytes, media_type: MediaType, charset: str = "") -> Reading:
        result = read_passages(content, media_type, charset)
        if result.problem:
            raise problems.DocumentUnreadable(media_type.value, result.detail)
        return Reading(result.title, result.chunks, result.warnings)


class DirectScanner:
    """Implements Scanner in this process, unbounded: for friendly sites."""

    async def scan_page(self, content: bytes, charset: str, address: str, start: str) -> Scan:
        scanned = scan(Order(start=start, address=address, charset=charset), content)
        if scanned.scan is None:
            raise problems.DocumentUnreadable(MediaType.HTML.value, scanned.problem)
        return scanned.scan

    async def scan_sitemap(self, content: bytes, site: Site, limit: int) -> Listing:
        order = Order(start=site.start, include=site.include, exclude=site.exclude, limit=limit)
        return scan(order, content).listing or Listing()


class BrokenReader:
    """Implements Reader, and raises what no one expects."""

    async def read(self, content: bytes, media_type: MediaType, charset: str = "") -> Reading:
        raise RuntimeError("a bug")


class NoPages:
    """Implements Pages where nothing can be fetched."""

    async def fetch(self, uri: str) -> Fetched:
        raise problems.FetchFailed(uri, "there is no network here.")


class BusyPages:
    """Implements Pages where each server is busy at first."""

    def __init__(self, times: int) -> None:
        self._left = times

    async def fetch(self, uri: str) -> Fetched:
        self._left -= 1
        if self._left >= 0:
            raise problems.FetchFailed(uri, "the server answers 503.", 503)
        return Fetched(b"The lid costs 12 EUR.", MediaType.PLAIN)
