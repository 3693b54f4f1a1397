"""Documents are watched over the wire."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, cast

import pytest
from frontdesk.memory import v1 as pb

from kit import client, errors
from tests.rpc.memory.library import Shelf

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]


def watch(shelf: Shelf, resume_token: str = "") -> AsyncGenerator[Any, None]:
    request = pb.WatchDocumentsRequest(parent=shelf.parent, resume_token=resume_token)
    stream = client.stream(shelf.library.documents.WatchDocuments, request, token=shelf.token, timeout=60)
    return cast(AsyncGenerator[Any, None], stream)


async def test_a_screen_follows_a_document_and_continues_where_it_was(shelf: Shelf) -> None:
    async with aclosing(watch(shelf)) as frames:
        assert (await anext(frames)).WhichOneof("event") == "heartbeat"
        await shelf.create("returns", "Boots can be returned.")
        seen = []
        async for frame in frames:
            assert frame.document.name == shelf.name("returns")
            seen.append(frame.document.state)
            if frame.document.state == pb.DOCUMENT_STATE_READY:
                break
    assert seen == sorted(seen)
    await shelf.call(shelf.library.documents.DeleteDocument, pb.DeleteDocumentRequest(name=shelf.name("returns")))
    async with aclosing(watch(shelf, frame.resume_token)) as frames:
        missed = [await anext(frames), await anext(frames)]
    assert [each.WhichOneof("event") for each in missed] == ["heartbeat", "deleted"]
    assert missed[1].deleted == shelf.name("returns")


async def test_a_token_that_is_none_of_ours_is_refused(shelf: Shelf) -> None:
    with pytest.raises(errors.OutOfRange) as refused:
        await anext(watch(shelf, "yesterday"))
    assert refused.value.reason == "RESUME_TOKEN_EXPIRED"


async def test_cancelling_what_is_ready_changes_nothing_and_what_is_not_there_is_not_found(shelf: Shelf) -> None:
    ready = await shelf.add("returns", "Boots can be returned.")
    cancel = shelf.library.documents.CancelIndexing
    assert await shelf.call(cancel, pb.CancelIndexingRequest(name=ready.name)) == ready
    with pytest.raises(errors.NotFound):
        await shelf.call(cancel, pb.CancelIndexingRequest(name=shelf.name("nothing")))
