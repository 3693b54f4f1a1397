"""A store or the model is unavailable: what still works works, what does not says so, and all is well when it is back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from frontdesk.memory import v1 as pb

from kit import errors
from stack.testing import TestStores
from tests.rpc.memory.library import Library, LocalModel, Shelf, eventually, new_keys, running, settings_for

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]


@pytest.fixture(scope="module")
def stores() -> Iterator[TestStores]:
    """Stores of this module's own: no one else notices when they stop."""
    own = TestStores()
    yield own
    own.close()


@pytest_asyncio.fixture(loop_scope="session")
async def model() -> AsyncIterator[LocalModel]:
    """A model of this test's own."""
    model = LocalModel()
    await model.start()
    yield model
    await model.stop()


@pytest_asyncio.fixture(loop_scope="session", params=[5_000, 0], ids=["small", "large"])
async def own(request: pytest.FixtureRequest, stores: TestStores, model: LocalModel, tmp_path: Path) -> AsyncIterator[Library]:
    """A service that takes its organizations for small ones (a copy with vectors) or large ones (vectors in Chroma)."""
    keys = new_keys(tmp_path)
    settings = settings_for(stores, keys, model.url, exact_passages=request.param)
    async with running(settings, keys) as library:
        yield library


async def _filled(library: Library) -> Shelf:
    shelf = library.shelf()
    await shelf.add(
        "kettle",
        "# Kettle\n\n## Lime\n\n### Inside\n\nDescale the kettle with vinegar.\n\n## Warranty\n\n### Parts\n\nFive years.",
    )
    await _whole(shelf)
    return shelf


async def _whole(shelf: Shelf) -> Any:
    """Waits until both rankings work."""
    return await _found(shelf, "descale a kettle")


async def _found(shelf: Shelf, query: str) -> pb.SearchPassagesResponse:
    """The passages found, once both rankings work."""

    async def look() -> pb.SearchPassagesResponse | None:
        try:
            found = await shelf.search(query)
        except errors.Unavailable:
            return None
        return found if found.results and not found.degraded and found.results[0].dense_score > 0 else None

    found: pb.SearchPassagesResponse = await eventually(look)
    return found


async def test_without_the_model_words_still_find(own: Library, model: LocalModel) -> None:
    shelf = await _filled(own)
    await model.stop()
    found = await shelf.search("vinegar for the kettle")
    assert found.degraded
    assert list(found.failed) == [pb.RANKING_DENSE]
    assert found.results[0].passage.text == "Descale the kettle with vinegar."
    with pytest.raises(errors.Unavailable) as refused:
        await shelf.search("vinegar", mode=pb.SEARCH_MODE_DENSE)
    assert refused.value.reason == "EMBEDDER_UNAVAILABLE"
    assert "127.0.0.1" not in refused.value.message
    await shelf.create("boots", "Wax the boots.")
    waiting = await eventually(lambda: _with_error(shelf, "boots"))
    assert waiting.state == pb.DOCUMENT_STATE_PENDING
    assert waiting.error.reason == "EMBEDDER_UNAVAILABLE"
    assert waiting.error.message == "The embedding model multilingual-e5-small can't be used now: it can't be reached."
    await model.start()
    assert (await shelf.settled("boots")).state == pb.DOCUMENT_STATE_READY
    await _whole(shelf)


async def _with_error(shelf: Shelf, id: str) -> pb.Document | None:
    document = await shelf.get(id)
    return document if document.error.reason else None


async def test_without_postgres_a_call_says_so_and_works_again_after(own: Library, stores: TestStores) -> None:
    shelf = await _filled(own)
    await asyncio.to_thread(stores.stop, "postgres")
    try:
        await asyncio.sleep(1.1)  # what was confirmed within the last second is still answered
        await _refused(shelf.search("kettle"), shelf.get("kettle"), shelf.create("x", "y"))
    finally:
        await asyncio.to_thread(stores.start, "postgres")
    await _whole(shelf)
    assert (await shelf.add("after", "Written afterwards.")).state == pb.DOCUMENT_STATE_READY


async def test_without_mongo_records_are_read_and_a_copy_is_searched(own: Library, stores: TestStores) -> None:
    shelf = await _filled(own)
    await asyncio.to_thread(stores.stop, "mongo")
    try:
        await asyncio.sleep(1.1)
        assert (await shelf.get("kettle")).state == pb.DOCUMENT_STATE_READY
        await _refused(shelf.create("x", "y"))
        assert (await shelf.search("descale a kettle")).results[0].passage.text == "Descale the kettle with vinegar."
        await shelf.call(own.documents.DeleteDocument, pb.DeleteDocumentRequest(name=shelf.name("kettle")))
        assert await shelf.texts("descale a kettle") == []  # no text is needed to know that it is gone
    finally:
        await asyncio.to_thread(stores.start, "mongo")
    assert (await shelf.add("after", "Written afterwards.")).state == pb.DOCUMENT_STATE_READY
    assert await eventually(lambda: _only(shelf, "Written afterwards."))


async def _only(shelf: Shelf, text: str) -> bool:
    return await shelf.texts("descale the kettle, written afterwards") == [text]


async def _refused(*calls: Coroutine[Any, Any, object]) -> None:
    for refused in await asyncio.gather(*calls, return_exceptions=True):
        assert isinstance(refused, errors.Unavailable)
        assert refused.reason == "STORE_UNAVAILABLE"
        assert refused.message == "A store that this needs is unavailable; repeat in a moment."


async def test_without_chroma_words_find_or_the_copy_does(
    own: Library, stores: TestStores, request: pytest.FixtureRequest
) -> None:
    shelf = await _filled(own)
    await asyncio.to_thread(stores.stop, "chroma")
    try:
        found = await shelf.search("descale a kettle")  # which the model has been asked already
        assert found.results[0].passage.text == "Descale the kettle with vinegar."
        if "large" in request.node.name:
            assert found.degraded
            assert list(found.failed) == [pb.RANKING_DENSE]
        else:
            assert not found.degraded
        assert (await shelf.add("boots", "Wax the leather boots.")).state == pb.DOCUMENT_STATE_READY
    finally:
        await asyncio.to_thread(stores.start, "chroma")
    await _whole(shelf)
    assert (await _found(shelf, "shoe care")).results[0].passage.text == "Wax the leather boots."


async def test_without_redis_nothing_is_missed(own: Library, stores: TestStores) -> None:
    shelf = await _filled(own)
    await asyncio.to_thread(stores.stop, "redis")
    try:
        await shelf.add("boots", "Wax the boots.")
        assert "Wax the boots." in await shelf.texts("boots")
        await shelf.call(own.documents.DeleteDocument, pb.DeleteDocumentRequest(name=shelf.name("boots")))
        assert "Wax the boots." not in await shelf.texts("boots")
    finally:
        await asyncio.to_thread(stores.start, "redis")


async def test_a_lost_vector_store_is_filled_again(stores: TestStores, model: LocalModel, tmp_path: Path) -> None:
    keys = new_keys(tmp_path)
    async with running(settings_for(stores, keys, model.url, exact_passages=0), keys) as library:
        shelf = await _filled(library)
        stores.chroma_url()  # wipes it
        await _whole(shelf)


async def test_what_a_dead_process_began_another_one_ends(stores: TestStores, model: LocalModel, tmp_path: Path) -> None:
    keys = new_keys(tmp_path)
    settings = settings_for(stores, keys, model.url)
    idle = settings.model_copy(update={"index_workers": 0})
    async with running(idle, keys) as library:
        shelf = library.shelf()
        await shelf.create("kettle", "Descale the kettle.")
    async with running(settings, keys) as library:
        again = Shelf(library, shelf.organization)
        assert (await again.settled("kettle")).state == pb.DOCUMENT_STATE_READY
