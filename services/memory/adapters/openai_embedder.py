"""An embedding model behind the OpenAI-compatible `/v1/embeddings`: OpenAI's own, any other, or our local one (`embedder/`)."""

import asyncio
import base64
import binascii
import logging
import time
from collections import OrderedDict
from collections.abc import Sequence

import msgspec
import numpy as np

from kit.foreign_json import UNREADABLE
from kit.metrics import Lookups
from services.memory.adapters.http import Http, HttpError
from services.memory.domain import problems
from services.memory.domain.models import embedding_model
from services.memory.ports import Vector

QUERY_SECONDS = 1.5
PASSAGES_SECONDS = 60.0
COOL_DOWN_SECONDS = 2.0
"""After a question failed, searches don't wait for the model again for so long: they use keyword search alone at once."""
KEPT_QUERIES = 1_000

_log = logging.getLogger("frontdesk")


class _Item(msgspec.Struct):
    embedding: str | list[float]
    index: int = 0


class _Reply(msgspec.Struct):
    data: list[_Item]


class OpenAiEmbedder:
    """Implements Embedder. Keeps the vectors of the last queries, for those that are asked all the time."""

    def __init__(self, url: str, model: str, api_key: str = "") -> None:
        headers = {"authorization": f"Bearer {api_key}"} if api_key else {}
        self._http = Http(url, headers)
        self._model = embedding_model(model)
        self._decoder = msgspec.json.Decoder(_Reply)
        self._kept: OrderedDict[tuple[str, str], Vector] = OrderedDict()
        self._missing: set[str] = set()
        self.lookups = Lookups()
        """Of the kept vectors."""
        self._down_until = 0.0

    @property
    def model(self) -> str:
        return self._model.name

    @property
    def down(self) -> bool:
        """Whether it failed a moment ago."""
        return time.monotonic() < self._down_until

    def serves(self, model: str) -> bool:
        return model not in self._missing

    async def embed_query(self, text: str, model: str = "") -> Vector:
        of = embedding_model(model) if model else self._model
        key = (of.name, text)
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            self.lookups.hits += 1
            return kept
        self.lookups.misses += 1
        if self.down:
            raise problems.EmbedderUnavailable(self.model, "it failed a moment ago")
        try:
            (vector,) = await self._embed([of.query_prefix + text], QUERY_SECONDS, of.name)
        except problems.EmbedderUnavailable as problem:
            if not self.serves(of.name):
                raise
            self._down_until = time.monotonic() + COOL_DOWN_SECONDS
            _log.warning(problem.message, extra={"error": problem.detail})
            raise
        self._kept[key] = vector
        if len(self._kept) > KEPT_QUERIES:
            self._kept.popitem(last=False)
        return vector

    async def embed_passages(self, texts: Sequence[str]) -> Sequence[Vector]:
        prefix = self._model.passage_prefix
        return await self._embed([prefix + text for text in texts], PASSAGES_SECONDS, self.model) if texts else []

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    async def _embed(self, texts: Sequence[str], seconds: float, model: str) -> list[Vector]:
        # base64 spares both sides from printing and reading 384 decimal numbers a text.
        body = msgspec.json.encode({"model": model, "input": texts, "encoding_format": "base64"})
        try:
            response = await self._http.call("POST", "/embeddings", body, seconds)
            if response.status in (400, 404) and model != self.model:
                self._missing.add(model)
                raise problems.EmbedderUnavailable(model, "the server doesn't have it")
            if response.status != 200:
                raise self._failed(f"it answers {response.status}", response.body[:300].decode(errors="replace"))
            items = self._decoder.decode(response.body).data
            if len(items) != len(texts):
                raise self._failed(f"it sent {len(items)} vectors for {len(texts)} texts")
            return [_vector(item.embedding) for item in sorted(items, key=lambda item: item.index)]
        except (HttpError, TimeoutError) as error:
            if isinstance(error, TimeoutError) and (task := asyncio.current_task()) and task.cancelling():
                raise
            why = "it can't be reached" if isinstance(error, HttpError) else "it took too long"
            raise self._failed(why, str(error)) from error
        except (*UNREADABLE, binascii.Error, ValueError) as error:
            raise self._failed("its reply can't be read", str(error)) from error

    def _failed(self, why: str, detail: str = "") -> problems.EmbedderUnavailable:
        return problems.EmbedderUnavailable(self.model, why, detail)


def _vector(embedding: str | list[float]) -> Vector:
    if isinstance(embedding, str):
        vector: Vector = np.frombuffer(base64.b64decode(embedding), dtype=np.float32)
    else:
        vector = np.asarray(embedding, dtype=np.float32)
    length = float(np.sqrt(vector @ vector))
    if not length or not np.isfinite(length):
        raise ValueError("a vector without length")
    return vector if abs(length - 1.0) < 1e-3 else vector / np.float32(length)
