"""Brings files to memory as documents. The id of a document comes from its path, and what was brought is noted with its etag,
so that an import that was interrupted continues, and one that is repeated uploads only what has changed.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from frontdesk.memory import v1 as pb
from google.api.httpbody_pb2 import HttpBody

from kit import errors
from stack.console import DIM, RED, Console, visible
from stack.imports.access import Access
from stack.imports.sources import LeftOut, Refused, SourceFile

INLINE_BYTES = 1_000_000
"""Up to which size a file goes with the call itself."""
CHUNK = 256 << 10
SAVE_SECONDS = 2.0
POLL_SECONDS = 0.5
PROGRESS_SECONDS = 3.0
QUIET_SECONDS = 300.0
"""How long indexing may stand still before the command stops waiting for it."""
_OPEN = (pb.DOCUMENT_STATE_PENDING, pb.DOCUMENT_STATE_INDEXING)


@dataclass
class Brought:
    """The documents that were brought to an organization from this machine: the SHA-256 of the content, and the etag then."""

    path: Path
    documents: dict[str, list[str]] = field(default_factory=dict)
    _saved: float = 0.0

    @classmethod
    def load(cls, path: Path) -> Brought:
        """Reads the note; nothing when it is gone or damaged, which costs uploads and no more."""
        try:
            found = json.loads(path.read_text())
        except (OSError, ValueError):
            found = {}
        return cls(path, found if isinstance(found, dict) else {})

    def note(self, id: str, digest: str, etag: str) -> None:
        """Notes a document, and writes now and then."""
        self.documents[id] = [digest, etag]
        if time.monotonic() - self._saved > SAVE_SECONDS:
            self.save()

    def save(self) -> None:
        """Writes it, whole or not at all."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps(self.documents))
        draft.replace(self.path)
        self._saved = time.monotonic()


@dataclass
class Counts:
    """The results of an import."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0

    def __str__(self) -> str:
        return f"{self.new:,} new, {self.changed:,} changed, {self.unchanged:,} unchanged, {self.failed:,} not imported"


@dataclass
class Importer:
    """One import of files."""

    access: Access
    console: Console
    brought: Brought
    dry_run: bool = False
    counts: Counts = field(default_factory=Counts)
    _paths: dict[str, str] = field(default_factory=dict)
    """Of the documents that were sent, by their names."""

    def __post_init__(self) -> None:
        self._stub = pb.DocumentServiceStub(self.access.memory)

    async def run(self, files: Iterable[SourceFile | LeftOut]) -> Counts:
        """Imports files, and waits until what was sent is indexed."""
        known = {document.name.rpartition("/")[2]: document.etag async for document in self._documents()}
        try:
            for entry in files:
                if isinstance(entry, LeftOut):
                    self._failed(entry.path, entry.why)
                else:
                    await self._bring(entry, known)
        finally:
            if not self.dry_run:
                self.brought.save()
        if self._paths:
            await self._until_indexed()
        return self.counts

    async def _bring(self, file: SourceFile, known: dict[str, str]) -> None:
        try:
            content = await asyncio.to_thread(file.read)
            digest = hashlib.sha256(content).hexdigest()
            id, etag = file.id, known.get(file.id, "")
            if etag and self.brought.documents.get(id) == [digest, etag]:
                self.counts.unchanged += 1
                return
            if not self.dry_run:
                document = await self._send(file, content, digest, etag)
                known[id] = document.etag
                self.brought.note(id, digest, document.etag)
                self._paths[document.name] = file.path
        except Refused as error:
            self._failed(file.path, str(error))
            return
        except (errors.InvalidArgument, errors.ResourceExhausted) as error:
            self._failed(file.path, f"{error.message} ({error.reason})")
            if isinstance(error, errors.ResourceExhausted):
                raise
            return
        if etag:
            self.counts.changed += 1
        else:
            self.counts.new += 1
        self.console.line(f"  {'changed' if etag else 'new'}  {visible(file.path)}")

    async def _send(self, file: SourceFile, content: bytes, digest: str, etag: str) -> Any:
        source = pb.FileSource(file_name=file.name)
        if len(content) <= INLINE_BYTES:
            source.content = content
        else:
            source.upload = await self._upload(file, content)
        if etag:
            changed = pb.Document(name=f"{self.access.name}/documents/{file.id}", file=source, etag=etag)
            request = pb.UpdateDocumentRequest(document=changed, update_mask={"paths": ["file"]})
            return await self.access.call(self._stub.UpdateDocument, request)
        create = pb.CreateDocumentRequest(
            parent=self.access.name,
            document=pb.Document(file=source),
            document_id=file.id,
            request_id=f"import-{file.id[-10:]}-{digest[:32]}",
        )
        return await self.access.call(self._stub.CreateDocument, create)

    async def _upload(self, file: SourceFile, content: bytes) -> str:
        token = await self.access.token()
        answer = await self._stub.UploadContent(
            _chunks(self.access.name, file.name, content), metadata=(("authorization", f"Bearer {token}"),), timeout=120
        )
        return str(answer.upload)

    async def _until_indexed(self) -> None:
        """Waits until the documents that were sent are searchable; says which can't be."""
        waiting, moved, reported = set(self._paths), time.monotonic(), time.monotonic()
        while waiting:
            left = {document.name async for document in self._documents() if self._is_open(document, waiting)}
            now = time.monotonic()
            if len(left) < len(waiting):
                waiting, moved = left, now
            if now - moved > QUIET_SECONDS:
                self.console.line(f"{len(waiting):,} documents are still being indexed; see `frontdesk logs memory`.")
                return
            if waiting and now - reported > PROGRESS_SECONDS:
                reported = now
                done = len(self._paths) - len(waiting)
                self.console.line(self.console.paint(f"  {done:,} of {len(self._paths):,} are searchable", DIM))
            if waiting:
                await asyncio.sleep(POLL_SECONDS)

    def _is_open(self, document: pb.Document, waiting: set[str]) -> bool:
        """Whether a document is still on its way; says what keeps a failed one from being searched."""
        if document.name not in waiting:
            return False
        path = self._paths[document.name]
        if document.state == pb.DOCUMENT_STATE_FAILED:
            self._failed(path, f"{document.error.message} ({document.error.reason})")
            self.brought.documents.pop(document.name.rpartition("/")[2], None)
            self.brought.save()
        for warning in document.warnings if document.state == pb.DOCUMENT_STATE_READY else ():
            self.console.line(self.console.paint(f"  note  {visible(path)}: {visible(warning)}", DIM))
        return document.state in _OPEN

    def _failed(self, path: str, why: str) -> None:
        self.counts.failed += 1
        self.console.line(f"  {self.console.paint('not imported', RED)}  {visible(path)}: {visible(why)}")

    async def _documents(self) -> AsyncIterator[pb.Document]:
        request = pb.ListDocumentsRequest(parent=self.access.name, page_size=100)
        while True:
            answer = await self.access.call(self._stub.ListDocuments, request)
            for document in answer.documents:
                yield document
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token


async def _chunks(parent: str, name: str, content: bytes) -> AsyncIterator[pb.UploadContentRequest]:
    digest = hashlib.sha256(content).digest()
    first = pb.UploadContentRequest(parent=parent, file_name=name, size_bytes=len(content), sha256=digest)
    for start in range(0, len(content), CHUNK):
        first.content.CopyFrom(HttpBody(data=content[start : start + CHUNK]))
        yield first
        first = pb.UploadContentRequest()
