"""Uploads on real stores: how long they are kept, and that one document alone uses each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from kit.clock import utc_now
from kit.errors import NotFound
from services.memory.adapters.erasures import OrganizationTexts
from services.memory.app import Draft
from services.memory.app.sweeping import Sweeper
from services.memory.app.uploads import PIECE_BYTES, UploadApp
from services.memory.domain.documents import Document, MediaType, Source, SourceKind
from services.memory.domain.problems import DocumentTooLarge
from services.memory.domain.uploads import UPLOAD_KEPT, Announced, TooManyUnusedUploads, Upload, UploadNotFound
from tests.contract.memory.conftest import ACME, OTHER, Store
from tests.contract.memory.test_use_cases import World, world

__all__ = ["world"]
pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]
FILE = Source(SourceKind.FILE)
LARGE = b"word " * (PIECE_BYTES // 4)


async def body(content: bytes, breaks: bool = False) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 100_000):
        yield content[start : start + 100_000]
    if breaks:
        raise ConnectionResetError


def app(store: Store, most: int = 100) -> UploadApp:
    return UploadApp(store.uploads, store.texts, utc_now, most)


async def upload(store: Store, content: bytes = b"Boots run small.", most: int = 100) -> Upload:
    return await app(store, most).store(ACME, Announced("sizes.txt"), body(content))


async def create(world: World, id: str, upload: Upload) -> Document:
    return await world.app.create_document(ACME, Draft(id, "", "", FILE, b"", upload.id), f"r-{id}")


async def stored(store: Store) -> int:
    """Contents, and pieces of contents."""
    return sum([await store.collections[name].count_documents({}) for name in ("contents", "content_pieces")])


async def test_an_upload_that_no_document_uses_goes_after_a_day(store: Store) -> None:
    made = await upload(store, LARGE)
    assert await store.texts.content(made.id) == LARGE
    assert await store.uploads.get_upload(OTHER, made.id) is None
    sweeper = Sweeper(store.documents, store.texts)
    almost = UPLOAD_KEPT - timedelta(minutes=1)
    await store.pool.execute("update orphan set due = due - $1::interval", almost)
    await sweeper.sweep()
    kept = await store.uploads.get_upload(ACME, made.id)
    assert kept is not None
    assert (kept.file_name, kept.media_type, kept.size) == ("sizes.txt", MediaType.PLAIN, len(LARGE))
    await store.pool.execute("update orphan set due = due - interval '2 minutes'")
    assert await store.uploads.get_upload(ACME, made.id) is None
    await sweeper.sweep()
    assert (await stored(store), await store.orphans()) == (0, 0)
    assert await store.pool.fetchval("select count(*) from upload") == 0


async def test_a_document_takes_an_upload_over_and_its_end_is_the_uploads(world: World) -> None:
    store = world.store
    made = await upload(store, LARGE)
    document = await create(world, "sizes", made)
    assert (document.content, document.size, document.source.file_name) == (made.id, len(LARGE), "sizes.txt")
    await world.sweep_later()
    assert await store.texts.content(made.id) == LARGE
    await world.app.delete_document(ACME, document.id, "")
    await world.sweep_later()
    assert (await stored(store), await store.orphans()) == (0, 0)


async def test_of_two_documents_one_gets_the_upload(world: World) -> None:
    made = await upload(world.store)
    results = await asyncio.gather(create(world, "a", made), create(world, "b", made), return_exceptions=True)
    assert [type(result) for result in results if not isinstance(result, Document)] == [UploadNotFound]
    with pytest.raises(NotFound):
        await create(world, "c", made)


async def test_an_upload_that_breaks_off_leaves_nothing(world: World) -> None:
    store = world.store
    with pytest.raises(ConnectionResetError):
        await app(store).store(ACME, Announced(), body(LARGE, breaks=True))
    assert await store.pool.fetchval("select count(*) from upload") == 0
    await world.sweep_later()
    assert (await stored(store), await store.orphans()) == (0, 0)


async def test_an_organization_has_a_bounded_number_of_uploads_that_nothing_uses(world: World) -> None:
    first = await upload(world.store, most=2)
    await upload(world.store, most=2)
    with pytest.raises(TooManyUnusedUploads):
        await upload(world.store, most=2)
    await create(world, "sizes", first)
    await upload(world.store, most=2)


async def test_the_bound_of_unused_uploads_holds_for_many_at_once(world: World) -> None:
    results = await asyncio.gather(*(upload(world.store, most=2) for _ in range(8)), return_exceptions=True)
    assert [type(result) for result in results if isinstance(result, Exception)] == [TooManyUnusedUploads] * 6


async def test_an_organization_that_is_erased_leaves_no_upload(world: World) -> None:
    store = world.store
    await upload(store, LARGE)
    await create(world, "sizes", await upload(store, LARGE))
    eraser = OrganizationTexts(store.pool, store.texts, world.vectors)
    while await eraser.erase(ACME):
        pass
    assert (await stored(store), await store.orphans()) == (0, 0)
    assert await store.pool.fetchval("select count(*) from upload") == 0


async def test_a_text_that_no_document_may_have_is_refused_when_it_is_uploaded(store: Store) -> None:
    sentence = b"Boots run small, so take one size more. "
    uploads = app(store)
    for name in ("sizes.txt", "sizes.md", "sizes.csv"):
        with pytest.raises(DocumentTooLarge, match=r"more than 5,000,000 characters; split it"):
            await uploads.store(ACME, Announced(name), body(sentence * (5_200_000 // len(sentence))))
    for content in (
        sentence * (4_900_000 // len(sentence)),
        b"Boots.        \n\n" * 400_000,
        "Größe ähnlich. ".encode() * 300_000,
        b"![boots](data:image/png;base64," + b"A" * 6_000_000 + b")",
    ):
        assert (await uploads.store(ACME, Announced("sizes.md"), body(content))).size == len(content)
