"""A memory service on a real port, with real stores and the real local embedding model, and what tests do with it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frontdesk.memory import v1 as pb
from frontdesk.memory.internal import v1 as internal
from pydantic import SecretStr

from kit import client, ids
from services.memory.main import build
from services.memory.settings import Settings
from stack.ports import free_ports
from tests.support.serving import Keys, serve

if TYPE_CHECKING:
    from stack.testing import TestStores

PERMISSIONS = [
    "memory.documents.create",
    "memory.documents.read",
    "memory.documents.update",
    "memory.documents.delete",
    "memory.passages.read",
    "memory.passages.search",
]


class LocalModel:
    """The local embedding server, as a process that can be stopped and started on the same port."""

    def __init__(self) -> None:
        self.port = free_ports(1)[0]
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """The base of its OpenAI-compatible interface."""
        return f"http://127.0.0.1:{self.port}/v1"

    async def start(self) -> None:
        """Starts it and waits until it listens."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "embedder", "--listen", f"127.0.0.1:{self.port}"), stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        self.port = int(line.decode().rpartition(":")[2])

    async def stop(self) -> None:
        """Ends it as a crash would."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.communicate()


def settings_for(stores: TestStores, keys: Keys, embeddings_url: str, **more: Any) -> Settings:
    """Settings on empty stores."""
    return Settings(
        keys_dir=keys.folder,
        postgres_url=SecretStr(stores.postgres_url("memory")),
        mongo_url=SecretStr(stores.mongo_url()),
        chroma_url=stores.chroma_url(),
        redis_url=SecretStr(stores.redis_url()),
        embeddings_url=embeddings_url,
        drain_seconds=2.0,
        **more,
    )


@dataclass(frozen=True)
class Library:
    """A running memory service."""

    documents: pb.DocumentServiceStub
    passages: pb.PassageServiceStub
    sites: pb.SiteServiceStub
    memories: pb.MemoryServiceStub
    contexts: internal.MemoryServiceStub
    events: internal.EventServiceStub
    verification: internal.VerificationServiceStub
    keys: Keys
    channel: Any

    def shelf(self) -> Shelf:
        """An organization that no other test has."""
        return Shelf(self, f"o-{ids.new()}")


@dataclass(frozen=True)
class Shelf:
    """One organization's documents, seen by its admin."""

    library: Library
    organization: str

    @property
    def parent(self) -> str:
        return f"organizations/{self.organization}"

    @property
    def token(self) -> str:
        return self.library.keys.user_token(self.organization, PERMISSIONS)

    def name(self, id: str) -> str:
        return f"{self.parent}/documents/{id}"

    async def call(self, rpc: Callable[..., Any], request: object, token: str | None = None) -> Any:
        """Calls as the admin of this organization, or with another token."""
        return await client.call(rpc, request, token=self.token if token is None else token, timeout=30)

    async def create(
        self, id: str, text: str = "", request_id: str = "", token: str | None = None, **fields: Any
    ) -> pb.Document:
        document = pb.Document(**fields) if fields else pb.Document(text=pb.TextSource(content=text))
        if fields and text:
            document.text.content = text
        request = pb.CreateDocumentRequest(
            parent=self.parent, document=document, document_id=id, request_id=request_id or f"r-{id}-{ids.new()}"
        )
        created: pb.Document = await self.call(self.library.documents.CreateDocument, request, token)
        return created

    async def get(self, id: str) -> pb.Document:
        document: pb.Document = await self.call(self.library.documents.GetDocument, pb.GetDocumentRequest(name=self.name(id)))
        return document

    async def settled(self, id: str, seconds: float = 60) -> pb.Document:
        """The document when its indexing has ended."""
        document: pb.Document = await eventually(self._ended(id), seconds)
        return document

    def _ended(self, id: str) -> Callable[[], Coroutine[Any, Any, pb.Document | None]]:
        async def ended() -> pb.Document | None:
            document = await self.get(id)
            return document if document.state in (pb.DOCUMENT_STATE_READY, pb.DOCUMENT_STATE_FAILED) else None

        return ended

    async def add(self, id: str, text: str) -> pb.Document:
        """Creates a document and waits until it can be found."""
        await self.create(id, text)
        return await self.settled(id)

    async def search(self, query: str, token: str | None = None, **more: Any) -> pb.SearchPassagesResponse:
        request = pb.SearchPassagesRequest(parent=self.parent, query=query, **more)
        found: pb.SearchPassagesResponse = await self.call(self.library.passages.SearchPassages, request, token)
        return found

    async def texts(self, query: str, **more: Any) -> list[str]:
        return [result.passage.text for result in (await self.search(query, **more)).results]


async def eventually(look: Callable[[], Coroutine[Any, Any, Any]], seconds: float = 60) -> Any:
    """The result of `look` as soon as there is one."""
    async with asyncio.timeout(seconds):
        while not (seen := await look()):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        return seen


@asynccontextmanager
async def running(settings: Settings, keys: Keys) -> AsyncIterator[Library]:
    """A memory service that serves."""
    async with serve(settings, build) as service:
        yield Library(
            pb.DocumentServiceStub(service.channel),
            pb.PassageServiceStub(service.channel),
            pb.SiteServiceStub(service.channel),
            pb.MemoryServiceStub(service.channel),
            internal.MemoryServiceStub(service.channel),
            internal.EventServiceStub(service.channel),
            internal.VerificationServiceStub(service.channel),
            keys,
            service.channel,
        )


def new_keys(folder: Path) -> Keys:
    """Keys of all services."""
    return Keys(folder)
