"""Documents over the wire: from what they can be made, how they are seen, and what is refused."""

from __future__ import annotations

import asyncio
import socket
from functools import partial
from typing import Any

import pytest
from aiohttp import web
from frontdesk.memory import v1 as pb
from google.protobuf.field_mask_pb2 import FieldMask

from kit import errors
from tests.rpc.lists import in_pages
from tests.rpc.memory.library import Shelf
from tests.unit.memory.test_reading import PAGE, pdf

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]
MARKDOWN = "# Returns\n\n## Time\n\n### Boots\n\nWithin **60 days**.\n\n## Cost\n\n### Zone 1\n\nReturns are free."
SIZES = "Boots run small.\n\n› Socks\n- S: 36\n- M: 40\n\nEU: UK\n42: 8"


async def test_a_markdown_text_becomes_passages(shelf: Shelf) -> None:
    created = await shelf.create("returns", MARKDOWN, uri="/help/returns")
    assert created.name == shelf.name("returns")
    assert created.state == pb.DOCUMENT_STATE_PENDING
    assert created.text.media_type == "text/markdown"
    assert not created.text.content
    ready = await shelf.settled("returns")
    assert ready.state == pb.DOCUMENT_STATE_READY
    assert (ready.title, ready.passage_count, ready.revision, ready.indexed_revision) == ("Returns", 2, 1, 1)
    assert (ready.progress.passages_total, ready.progress.passages_embedded, ready.progress.attempt) == (2, 2, 1)
    assert ready.embedding_model == "multilingual-e5-small"
    assert ready.size_bytes == len(MARKDOWN.encode())
    listed = await shelf.call(shelf.library.passages.ListPassages, pb.ListPassagesRequest(parent=ready.name))
    assert [(p.heading, p.text, p.uri) for p in listed.passages] == [
        ("Time › Boots", "Within 60 days.", "/help/returns"),
        ("Cost › Zone 1", "Returns are free.", "/help/returns"),
    ]
    call = partial(shelf.call, shelf.library.passages.ListPassages)
    assert await in_pages(call, pb.ListPassagesRequest(parent=ready.name)) == list(listed.passages)
    one = await shelf.call(shelf.library.passages.GetPassage, pb.GetPassageRequest(name=listed.passages[1].name))
    assert one == listed.passages[1]
    assert one.name == f"{ready.name}/passages/1-1"


@pytest.mark.parametrize(
    ("file", "title", "text"),
    [
        (pb.FileSource(content=pdf(["Boots run small."]), file_name="sizes.pdf"), "sizes.pdf", "Boots run small."),
        (pb.FileSource(content=PAGE.encode(), file_name="sizes.html"), "Sizing", SIZES),
        (pb.FileSource(content=b"Plain words.", media_type="text/plain"), "Untitled", "Plain words."),
        (pb.FileSource(content=b"# Title\n\nMarked words.", file_name="a.md"), "Title", "Marked words."),
    ],
)
async def test_files_become_passages(shelf: Shelf, file: pb.FileSource, title: str, text: str) -> None:
    await shelf.create("file", file=file)
    ready = await shelf.settled("file")
    assert (ready.state, ready.title) == (pb.DOCUMENT_STATE_READY, title), ready.error
    assert text in (await shelf.texts("words about boots"))


async def test_a_web_page_is_fetched(shelf: Shelf) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    app = web.Application()
    app.router.add_get("/help", page)
    runner = web.AppRunner(app)
    await runner.setup()
    listener = socket.create_server(("127.0.0.1", 0))
    await web.SockSite(runner, listener).start()
    uri = f"http://127.0.0.1:{listener.getsockname()[1]}/help"
    await shelf.create("page", web=pb.WebSource(uri=uri))
    ready = await shelf.settled("page")
    assert (ready.state, ready.title, ready.uri) == (pb.DOCUMENT_STATE_READY, "Sizing", uri), ready.error
    await runner.cleanup()
    again = await shelf.call(shelf.library.documents.ReindexDocument, pb.ReindexDocumentRequest(name=ready.name))
    assert again.revision == 2
    failed = await shelf.settled("page")
    assert (failed.state, failed.error.reason) == (pb.DOCUMENT_STATE_FAILED, "FETCH_FAILED")
    assert SIZES in await shelf.texts("boots")  # the former revision stays


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"file": pb.FileSource(content=b"%PDF-1.7 but broken", file_name="a.pdf")}, "DOCUMENT_UNREADABLE"),
        ({"file": pb.FileSource(content=pdf(["x"], password="s"), file_name="a.pdf")}, "DOCUMENT_UNREADABLE"),
        ({"file": pb.FileSource(content=pdf([]), file_name="scan.pdf")}, "DOCUMENT_EMPTY"),
        ({"web": pb.WebSource(uri="http://10.1.2.3/internal")}, "ADDRESS_NOT_ALLOWED"),
        ({"web": pb.WebSource(uri="http://169.254.169.254/latest/meta-data")}, "ADDRESS_NOT_ALLOWED"),
    ],
)
async def test_a_document_that_cannot_be_read_fails_with_a_reason(shelf: Shelf, fields: dict[str, Any], reason: str) -> None:
    await shelf.create("bad", **fields)
    failed = await shelf.settled("bad")
    assert (failed.state, failed.error.reason) == (pb.DOCUMENT_STATE_FAILED, reason)
    assert len(failed.error.message) > 20


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (pb.Document(title="nothing"), "INVALID_REQUEST"),
        (pb.Document(text=pb.TextSource(content="  \n ")), "DOCUMENT_SOURCE_MISSING"),
        (pb.Document(file=pb.FileSource()), "DOCUMENT_SOURCE_MISSING"),
        (pb.Document(file=pb.FileSource(content=b"\x89PNG\0", file_name="a.png")), "MEDIA_TYPE_UNSUPPORTED"),
        (pb.Document(file=pb.FileSource(content=b"x", media_type="image/png")), "MEDIA_TYPE_UNSUPPORTED"),
        (pb.Document(text=pb.TextSource(content="x"), uri="javascript:alert(1)"), "INVALID_REQUEST"),
        (pb.Document(text=pb.TextSource(content="x"), uri="//evil.example/x"), "INVALID_REQUEST"),
        (pb.Document(text=pb.TextSource(content="x"), uri="/\\evil.example/x"), "INVALID_REQUEST"),
        (pb.Document(text=pb.TextSource(content="x", media_type="text/rtf")), "INVALID_REQUEST"),
        (pb.Document(text=pb.TextSource(content="x" * 1_000_001)), "INVALID_REQUEST"),
        (pb.Document(web=pb.WebSource(uri="ftp://x")), "INVALID_REQUEST"),
    ],
)
async def test_a_wrong_document_is_refused_at_once(shelf: Shelf, document: pb.Document, reason: str) -> None:
    request = pb.CreateDocumentRequest(parent=shelf.parent, document=document, request_id="r")
    with pytest.raises(errors.InvalidArgument) as refused:
        await shelf.call(shelf.library.documents.CreateDocument, request)
    assert refused.value.reason == reason
    assert not (await _list(shelf)).documents


async def test_more_than_a_call_may_carry_is_refused(shelf: Shelf) -> None:
    with pytest.raises(errors.ResourceExhausted):
        await shelf.create("huge", "x" * 2_000_000)


async def test_a_large_text_is_taken(shelf: Shelf) -> None:
    created = await shelf.create("large", "word " * 199_999)
    assert created.size_bytes == 999_995
    await shelf.call(shelf.library.documents.DeleteDocument, pb.DeleteDocumentRequest(name=created.name))


async def test_the_same_request_makes_one_document(shelf: Shelf) -> None:
    made = await asyncio.gather(*(shelf.create("", "Some text.", request_id="same") for _ in range(6)))
    assert len({document.name for document in made}) == 1
    assert len((await _list(shelf)).documents) == 1


async def test_an_id_that_is_taken_is_refused(shelf: Shelf) -> None:
    await shelf.create("a", "one")
    with pytest.raises(errors.AlreadyExists) as refused:
        await shelf.create("a", "two")
    assert refused.value.reason == "DOCUMENT_EXISTS"
    assert refused.value.metadata == {"document": shelf.name("a")}


async def test_documents_are_listed_in_pages(shelf: Shelf) -> None:
    for n in range(5):
        await shelf.create(f"d{n}", f"text {n}")
    call = partial(shelf.call, shelf.library.documents.ListDocuments)
    found = await in_pages(call, pb.ListDocumentsRequest(parent=shelf.parent))
    assert [document.name for document in found] == [shelf.name(f"d{n}") for n in (4, 3, 2, 1, 0)]
    with pytest.raises(errors.InvalidArgument) as refused:
        await _list(shelf, page_token="nonsense")
    assert refused.value.reason == "INVALID_PAGE_TOKEN"


async def test_documents_are_found_by_title_file_name_and_address(shelf: Shelf) -> None:
    await shelf.create("boots", "# Winter Boots\n\nThey are warm.")
    await shelf.create("tents", "# Öffnung der Zelte — Überblick\n\nThey are dry.")
    for id in ("boots", "tents"):
        await shelf.settled(id)
    file = pb.FileSource(content=b"Size 40 is a foot of 25 cm.", file_name="size-chart.txt")
    await shelf.create("sizes", uri="https://shop.example/Guide%20100_percent", file=file)

    async def found(query: str, **more: object) -> list[str]:
        return [document.name for document in (await _list(shelf, query=query, **more)).documents]

    assert await found("winter b") == [shelf.name("boots")]
    assert await found(" SIZE-CHART ") == [shelf.name("sizes")]
    assert await found("guide%20100_P") == [shelf.name("sizes")]
    for query in ("OFFNUNG", "öffnung DER", "überblick"):
        assert await found(query) == [shelf.name("tents")]
    await _update(shelf, pb.Document(name=shelf.name("boots"), title="Łukasz №5 مُحَمَّد Straße"), "title")
    for query in ("lukasz", "ŁUKASZ NO5", "محمد", "STRASSE"):
        assert await found(query) == [shelf.name("boots")]
    for nothing in ("\u0301", "\u064b\u0308", "´"):
        assert await found(nothing) == []
    assert len(await found("")) == 3
    assert await found("gu_de") == [], "the signs of a pattern are letters as others"
    assert await found("%") == [shelf.name("sizes")]
    assert await found("strasse", state=pb.DOCUMENT_STATE_FAILED) == []
    with pytest.raises(errors.InvalidArgument):
        await found("x" * 201)


async def test_an_update_changes_what_is_found(shelf: Shelf) -> None:
    first = await shelf.add("boots", "# Boots\n\nBoots cost 90 euros.")
    updated = await _update(
        shelf, pb.Document(name=first.name, text=pb.TextSource(content="# Boots\n\nBoots cost 80 euros."), etag=first.etag)
    )
    assert (updated.revision, updated.state) == (2, pb.DOCUMENT_STATE_PENDING)
    assert (await shelf.settled("boots")).passage_count == 1
    assert await shelf.texts("boots") == ["Boots cost 80 euros."]
    renamed = await _update(shelf, pb.Document(name=first.name, title="Footwear"), "title")
    assert renamed.title == "Footwear"
    await shelf.settled("boots")
    assert (await shelf.search("footwear")).results[0].passage.document_title == "Footwear"


async def test_an_update_of_what_changed_meanwhile_is_refused(shelf: Shelf) -> None:
    first = await shelf.create("boots", "text")
    await _update(shelf, pb.Document(name=first.name, title="New", etag=first.etag), "title")
    with pytest.raises(errors.Aborted) as refused:
        await _update(shelf, pb.Document(name=first.name, title="Newer", etag=first.etag), "title")
    assert refused.value.reason == "DOCUMENT_CHANGED"
    with pytest.raises(errors.Aborted):
        await shelf.call(shelf.library.documents.DeleteDocument, pb.DeleteDocumentRequest(name=first.name, etag=first.etag))
    with pytest.raises(errors.InvalidArgument) as wrong:
        await _update(shelf, pb.Document(name=first.name), "state")
    assert wrong.value.reason == "FIELD_NOT_UPDATABLE"


async def test_a_deleted_document_is_gone_at_once(shelf: Shelf) -> None:
    document = await shelf.add("boots", "Boots cost 90 euros.")
    assert await shelf.texts("boots")
    await shelf.call(shelf.library.documents.DeleteDocument, pb.DeleteDocumentRequest(name=document.name))
    assert await shelf.texts("boots") == []
    with pytest.raises(errors.NotFound) as refused:
        await shelf.get("boots")
    assert refused.value.reason == "DOCUMENT_NOT_FOUND"
    with pytest.raises(errors.NotFound):
        await shelf.call(shelf.library.documents.DeleteDocument, pb.DeleteDocumentRequest(name=document.name))


async def test_everything_can_be_indexed_again(shelf: Shelf) -> None:
    for id in ("a", "b"):
        await shelf.add(id, f"The text of {id}.")
    request = pb.ReindexDocumentsRequest(parent=shelf.parent)
    assert (await shelf.call(shelf.library.documents.ReindexDocuments, request)).document_count == 2
    for id in ("a", "b"):
        assert (await shelf.settled(id)).indexed_revision == 2


async def test_what_is_not_built_yet_says_so(shelf: Shelf) -> None:
    with pytest.raises(errors.Unimplemented):
        await shelf.call(
            shelf.library.memories.SearchMemories,
            pb.SearchMemoriesRequest(parent=f"{shelf.parent}/customers/c1", query="x"),
            shelf.library.keys.user_token(shelf.organization, ["memory.memories.read"]),
        )


async def _list(shelf: Shelf, **more: object) -> pb.ListDocumentsResponse:
    request = pb.ListDocumentsRequest(parent=shelf.parent, **more)  # type: ignore[arg-type]
    page: pb.ListDocumentsResponse = await shelf.call(shelf.library.documents.ListDocuments, request)
    return page


async def _update(shelf: Shelf, document: pb.Document, *paths: str) -> pb.Document:
    request = pb.UpdateDocumentRequest(document=document, update_mask=FieldMask(paths=paths))
    updated: pb.Document = await shelf.call(shelf.library.documents.UpdateDocument, request)
    return updated
