"""Vectors in a Chroma server, by its REST interface (v2): a collection per organization and model.

Not by Chroma's own client: that costs eight times as much per query, and its package 100 MB.
"""

import hashlib
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from kit.errors import StoreUnavailable
from kit.foreign_json import UNREADABLE
from kit.ids import OrganizationId
from services.memory.adapters.http import Http, HttpError, Response
from services.memory.ports import Embedded, Vector

QUERY_SECONDS = 2.0
WRITE_SECONDS = 30.0
BATCH = 100
"""Vectors written with one call: printing them as JSON holds up everybody else for 5 ms."""
PAGE = 5_000
_ROOT = "/api/v2/tenants/default_tenant/databases/default_database/collections"


class _Query(msgspec.Struct):
    ids: list[list[str]]
    distances: list[list[float | None]]


class _Ids(msgspec.Struct):
    ids: list[str]


class _Collection(msgspec.Struct):
    id: str


class ChromaVectors:
    """Implements Vectors. The collection's name holds a hash of the model, so that vectors of two models never mix."""

    def __init__(self, url: str, model: str) -> None:
        self._http = Http(url)
        self._model = model
        self._index = index_of(model)
        self._ids: dict[str, str] = {}
        """Of collections, by their names."""

    @property
    def index(self) -> str:
        return self._index

    @property
    def model(self) -> str:
        return self._model

    async def put(self, organization: OrganizationId, passages: Sequence[Embedded]) -> None:
        for start in range(0, len(passages), BATCH):
            batch = passages[start : start + BATCH]
            body = {
                "ids": [item.passage.key for item in batch],
                "embeddings": [item.vector.tolist() for item in batch],
                "metadatas": [{"document": item.passage.document, "revision": item.passage.revision} for item in batch],
            }
            await self._on_made(organization, "upsert", body)

    async def remove(self, organization: OrganizationId, keys: Sequence[str]) -> None:
        for start in range(0, len(keys), BATCH):
            await self._on_found(organization, "POST", "delete", {"ids": list(keys[start : start + BATCH])})

    async def keys(self, organization: OrganizationId) -> set[str]:
        found: set[str] = set()
        while True:
            page = {"limit": PAGE, "offset": len(found), "include": []}
            response = await self._on_found(organization, "POST", "get", page)
            ids = _read(response, _Ids).ids if response else []
            if not ids:
                return found
            found.update(ids)

    async def count(self, organization: OrganizationId) -> int | None:
        response = await self._on_found(organization, "GET", "count")
        return None if response is None else int(response.body)

    async def nearest(
        self, organization: OrganizationId, vector: Vector, limit: int, model: str = ""
    ) -> Sequence[tuple[str, float]] | None:
        body = {"query_embeddings": [vector.tolist()], "n_results": limit, "include": ["distances"]}
        index = index_of(model) if model else self._index
        response = await self._on_found(organization, "POST", "query", body, QUERY_SECONDS, index)
        if response is None:
            return None
        found = _read(response, _Query)
        return [
            (key, 1.0 - distance)
            for key, distance in zip(found.ids[0], found.distances[0], strict=True)
            if distance is not None
        ]

    async def drop(self, organization: OrganizationId) -> None:
        """Deletes an organization's collection; it is rebuilt from the live passages."""
        name = self._name(organization)
        self._ids.pop(name, None)
        await self._call("DELETE", f"{_ROOT}/{quote(name)}", None, WRITE_SECONDS)

    async def drop_all(self, organization: OrganizationId, indexes: Sequence[str]) -> int:
        """Deletes an organization's collections of this index and of others; how many there were."""
        dropped = 0
        for index in {self._index, *indexes}:
            name = self._name(organization, index)
            self._ids.pop(name, None)
            response = await self._call("DELETE", f"{_ROOT}/{quote(name)}", None, WRITE_SECONDS)
            if response.status != 404:
                _check(response)
                dropped += 1
        return dropped

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def _name(self, organization: OrganizationId, index: str = "") -> str:
        return f"{organization}.{index or self._index}"

    async def _on_made(self, organization: OrganizationId, verb: str, body: dict[str, Any]) -> None:
        for _ in range(2):
            id = self._ids.get(self._name(organization)) or await self._make(organization)
            response = await self._call("POST", f"{_ROOT}/{id}/{verb}", body, WRITE_SECONDS)
            if response.status != 404:
                _check(response)
                return
            self._ids.pop(self._name(organization), None)  # deleted behind our back: make it again
        raise StoreUnavailable("chroma", "a collection vanishes as soon as it is made")

    async def _on_found(
        self,
        organization: OrganizationId,
        method: str,
        verb: str,
        body: dict[str, Any] | None = None,
        seconds: float = WRITE_SECONDS,
        index: str = "",
    ) -> Response | None:
        """None: there is no collection."""
        name = self._name(organization, index)
        for _ in range(2):
            id = self._ids.get(name) or await self._find(name)
            if id is None:
                return None
            response = await self._call(method, f"{_ROOT}/{id}/{verb}", body, seconds)
            if response.status != 404:
                _check(response)
                return response
            self._ids.pop(name, None)
        return None

    async def _make(self, organization: OrganizationId) -> str:
        body = {
            "name": self._name(organization),
            "get_or_create": True,
            "metadata": {"organization": organization, "model": self._model},
            "configuration": {"hnsw": {"space": "cosine"}},
        }
        response = await self._call("POST", _ROOT, body, WRITE_SECONDS)
        _check(response)
        return self._remember(self._name(organization), response)

    async def _find(self, name: str) -> str | None:
        response = await self._call("GET", f"{_ROOT}/{quote(name)}", None, QUERY_SECONDS)
        if response.status == 404:
            return None
        _check(response)
        return self._remember(name, response)

    def _remember(self, name: str, response: Response) -> str:
        id: str = _read(response, _Collection).id
        if len(self._ids) >= 10_000:
            self._ids.clear()
        self._ids[name] = id
        return id

    async def _call(self, method: str, path: str, body: dict[str, Any] | None, seconds: float) -> Response:
        try:
            return await self._http.call(method, path, msgspec.json.encode(body) if body is not None else b"", seconds)
        except (HttpError, TimeoutError) as error:
            raise StoreUnavailable("chroma", str(error) or "it took too long") from error


def index_of(model: str) -> str:
    """The name of the index of a model's vectors."""
    return f"m{hashlib.sha256(model.encode()).hexdigest()[:12]}"


def _check(response: Response) -> None:
    if response.status >= 300:
        raise StoreUnavailable("chroma", f"{response.status} {response.body[:200].decode(errors='replace')}")


def _read(response: Response, kind: type[Any]) -> Any:
    try:
        return msgspec.json.decode(response.body, type=kind)
    except UNREADABLE as error:
        raise StoreUnavailable("chroma", f"a reply that can't be read: {error}") from error
