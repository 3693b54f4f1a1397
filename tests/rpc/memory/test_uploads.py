"""Uploads over the wire: what they become, and what is refused."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial

import grpc.aio
import pytest
from frontdesk.memory import v1 as pb
from google.api.httpbody_pb2 import HttpBody

from kit import errors
from kit.client import from_status
from services.memory.domain.uploads import MAX_UPLOAD_BYTES
from tests.rpc.memory.library import Shelf
from tests.unit.memory.test_reading import pdf

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]
CHUNK = 256 << 10


async def send(
    shelf: Shelf, requests: Iterator[pb.UploadContentRequest] | AsyncIterator[pb.UploadContentRequest]
) -> pb.UploadContentResponse:
    metadata = (("authorization", f"Bearer {shelf.token}"),)
    try:
        uploaded: pb.UploadContentResponse = await shelf.library.documents.UploadContent(requests, metadata=metadata)
    except grpc.aio.AioRpcError as error:
        raise from_status(error) from error
    return uploaded


def requests(shelf: Shelf, data: bytes, said: str = "", **first: object) -> Iterator[pb.UploadContentRequest]:
    yield pb.UploadContentRequest(parent=shelf.parent, content=HttpBody(content_type=said), **first)  # type: ignore[arg-type]
    for start in range(0, len(data), CHUNK):
        yield pb.UploadContentRequest(content=HttpBody(data=data[start : start + CHUNK]))


async def upload(shelf: Shelf, data: bytes, said: str = "", **first: object) -> pb.UploadContentResponse:
    return await send(shelf, requests(shelf, data, said, **first))


def docx(text: str, pictures: int = 0) -> bytes:
    """A DOCX that begins with its pictures."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("media.bin", os.urandom(pictures))
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Override PartName="/word/document.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type='
            '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
            "</Relationships>",
        )
        archive.writestr(
            "word/document.xml",
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
            f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>",
        )
    return file.getvalue()


@pytest.mark.parametrize(
    ("make", "name", "text"),
    [
        (partial(pdf, ["Boots run small."]), "sizes.pdf", "Boots run small."),
        (partial(docx, "Boots run large.", pictures=2 << 20), "sizes.docx", "Boots run large."),
        (lambda: b"Size;Boots\n36;small", "sizes.csv", "Size: 36; Boots: small"),
        (lambda: b"<html><p>Boots run <b>wide</b>.", "sizes.html", "Boots run wide."),
        (lambda: b"# Sizes\n\nBoots run *narrow*.", "sizes.md", "Boots run narrow."),
        (lambda: b"Boots run true.", "sizes.txt", "Boots run true."),
    ],
)
async def test_an_upload_becomes_a_document(shelf: Shelf, make: Callable[[], bytes], name: str, text: str) -> None:
    data = make()
    uploaded = await upload(shelf, data, file_name=name, size_bytes=len(data), sha256=hashlib.sha256(data).digest())
    created = await shelf.create("sizes", file=pb.FileSource(upload=uploaded.upload))
    assert (created.size_bytes, created.file.file_name) == (len(data), name)
    ready = await shelf.settled("sizes")
    assert ready.state == pb.DOCUMENT_STATE_READY, ready.error
    assert text in await shelf.texts("boots")


async def test_a_large_upload_is_read_whole_and_replaces_a_content(shelf: Shelf) -> None:
    await shelf.add("items", "The list comes soon.")
    data = b"<p>The first item costs 1 EUR.</p><!--%s--><p>The last item costs 7 EUR.</p>" % (b"." * (3 << 20))
    uploaded = await upload(shelf, data, "text/html; charset=utf-8")
    document = pb.Document(name=shelf.name("items"), file=pb.FileSource(upload=uploaded.upload))
    update = pb.UpdateDocumentRequest(document=document)
    assert (await shelf.call(shelf.library.documents.UpdateDocument, update)).size_bytes == len(data)
    # A call that is repeated finds its upload used by the same document.
    assert (await shelf.call(shelf.library.documents.UpdateDocument, update)).size_bytes == len(data)
    with pytest.raises(errors.NotFound) as used:
        await shelf.create("again", file=pb.FileSource(upload=uploaded.upload))
    assert used.value.reason == "UPLOAD_NOT_FOUND"
    ready = await shelf.settled("items")
    assert (ready.state, ready.indexed_revision) == (pb.DOCUMENT_STATE_READY, ready.revision), ready.error
    assert "The first item costs 1 EUR.\n\nThe last item costs 7 EUR." in await shelf.texts("last item")


async def test_an_upload_is_of_its_organization_alone(shelf: Shelf) -> None:
    uploaded = await upload(shelf, b"Mine.")
    other = shelf.library.shelf()
    with pytest.raises(errors.PermissionDenied):
        await other.create("theirs", file=pb.FileSource(upload=uploaded.upload))
    name = uploaded.upload.replace(shelf.parent, other.parent)
    with pytest.raises(errors.NotFound) as unknown:
        await other.create("theirs", file=pb.FileSource(upload=name))
    assert unknown.value.reason == "UPLOAD_NOT_FOUND"


@pytest.mark.parametrize(
    ("data", "said", "first", "reason"),
    [
        (b"", "", {}, "DOCUMENT_SOURCE_MISSING"),
        (b"Short.", "", {"size_bytes": 7}, "UPLOAD_INCOMPLETE"),
        (b"Wrong.", "", {"sha256": b"1" * 32}, "UPLOAD_INCOMPLETE"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "image/png", {}, "MEDIA_TYPE_UNSUPPORTED"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "", {"file_name": "a.txt"}, "MEDIA_TYPE_UNSUPPORTED"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "application/pdf", {}, "MEDIA_TYPE_MISMATCH"),
        (b"Plain words.", "application/pdf", {}, "MEDIA_TYPE_MISMATCH"),
        (b"\xd0\xcf\x11\xe0 protected", "", {"file_name": "a.docx"}, "MEDIA_TYPE_MISMATCH"),
        (os.urandom(9_000), "text/csv", {}, "MEDIA_TYPE_MISMATCH"),
    ],
)  # fmt: skip
async def test_a_file_that_is_not_what_it_is_said_to_be_is_refused(
    shelf: Shelf, data: bytes, said: str, first: dict[str, object], reason: str
) -> None:
    with pytest.raises(errors.InvalidArgument) as refused:
        await upload(shelf, data, said, **first)
    assert refused.value.reason == reason


async def test_the_first_byte_over_the_limit_ends_an_upload(shelf: Shelf) -> None:
    async def endless() -> AsyncIterator[pb.UploadContentRequest]:
        yield pb.UploadContentRequest(parent=shelf.parent)
        for _ in range(MAX_UPLOAD_BYTES // CHUNK):
            yield pb.UploadContentRequest(content=HttpBody(data=bytes(CHUNK)))
        yield pb.UploadContentRequest(content=HttpBody(data=b"1"))
        await asyncio.Event().wait()

    with pytest.raises(errors.InvalidArgument) as refused:
        await send(shelf, endless())
    assert (refused.value.reason, refused.value.metadata["limit"]) == ("DOCUMENT_TOO_LARGE", str(MAX_UPLOAD_BYTES))


async def test_the_first_message_names_the_organization_and_no_message_is_too_large(shelf: Shelf) -> None:
    with pytest.raises(errors.InvalidArgument, match="parent"):
        await send(shelf, iter([pb.UploadContentRequest(content=HttpBody(data=b"x"))]))
    with pytest.raises(errors.InvalidArgument, match="262,144"):
        await send(shelf, iter([pb.UploadContentRequest(parent=shelf.parent, content=HttpBody(data=bytes(CHUNK + 1)))]))
