"""Bounds of uploads and downloads in a process, and what is swept; the bytes in S3, too."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest
from pydantic import SecretStr

from kit import migrations, plain_http, postgres, service
from kit.clock import utc_now
from kit.errors import OrganizationDeleting, OrganizationErased, OrganizationSuspended
from kit.ids import OrganizationId
from kit.jobs.table import Jobs
from kit.journal import Journal
from kit.revocations import Revocations
from services.channel import convert
from services.channel.adapters.links import SignedLinks
from services.channel.adapters.media_folder import FolderFiles
from services.channel.adapters.postgres.media import PostgresMedia
from services.channel.adapters.postgres.web_conversations import PostgresWebConversations
from services.channel.app.media import ORPHANED, MediaApp
from services.channel.app.participation import Participation
from services.channel.domain.media import (
    Announcement,
    Media,
    MediaNotConfigured,
    MediaNotFound,
    MediaState,
    Party,
    Purpose,
    Quotas,
)
from services.channel.domain.sessions import ConversationId
from services.channel.main import build
from services.channel.rpc.media_bytes import MediaBytes
from services.channel.settings import Settings
from stack.ports import free_ports
from tests.fakes.channel import ScriptedCore
from tests.rpc.channel.files import PNG, sha256
from tests.s3 import KEY, REGION, S3, SECRET, S3Server, guarded
from tests.support.serving import Keys

if TYPE_CHECKING:
    from stack.testing import TestStores

AGENT, OTHER = Party(OrganizationId("acme"), "users/u1"), Party(OrganizationId("acme"), "users/u2")


@pytest.fixture
async def app(stores: TestStores, postgres_url: str, keys: Keys, tmp_path: Path) -> AsyncIterator[MediaApp]:
    async with postgres.open_pool(SecretStr(postgres_url)) as pool:
        await migrations.apply(pool, "channel")
        await pool.execute("truncate media, media_day")
        yield MediaApp(
            records=PostgresMedia(pool, Journal(pool, "channel", convert.fact_to_pb), Jobs(pool, "channel")),
            participation=Participation(PostgresWebConversations(pool), ScriptedCore()),
            files=FolderFiles(tmp_path / "media"),
            links=SignedLinks(keys.signer("channel"), Revocations(), utc_now),
            quotas=Quotas(10, 1 << 30, 1 << 30),
            now=utc_now,
            unfinished_for=timedelta(hours=1),
            lease=timedelta(seconds=5),
        )


async def announce(app: MediaApp, size: int, request_id: str = "r1") -> tuple[Media, str]:
    media, link = await app.create(AGENT, Announcement(ConversationId(""), "a.png", "", size, request_id))
    assert link
    return media, f"/v1/media/upload/{link.token}"


async def body_of(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def upload(app: MediaApp, data: bytes, request_id: str = "r1") -> Media:
    _, path = await announce(app, len(data), request_id)
    media, _ = await app.upload(path.rpartition("/")[2], 0, body_of(data), None)
    return media


def delivery_link(app: MediaApp, media: Media) -> str:
    """Where a provider fetches a file."""
    link = app.links.issue(Purpose.DELIVERY, Party(media.organization, "services/channel"), media.key, "image/png")
    return f"/v1/media/delivery/{link.token}"


@asynccontextmanager
async def served(transfers: MediaBytes) -> AsyncIterator[aiohttp.ClientSession]:
    async with (
        plain_http.serving(transfers.application(()), "127.0.0.1:0", 0.1) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http,
    ):
        yield http


async def stalls() -> AsyncIterator[bytes]:
    yield b"x" * 5
    await asyncio.Event().wait()


async def test_a_body_that_stands_still_is_given_up_and_what_came_is_kept(app: MediaApp) -> None:
    _, path = await announce(app, 10)
    async with served(MediaBytes(app, idle_seconds=0.05)) as http:
        async with http.put(path, data=stalls()) as answer:
            assert (answer.status, (await answer.json())["details"][0]["reason"]) == (408, "UPLOAD_TOO_SLOW")
        async with http.head(path) as answer:
            assert answer.headers["Upload-Offset"] == "5"


async def test_one_upload_more_than_a_process_bears_is_refused_and_soon_may_come(app: MediaApp) -> None:
    _, path = await announce(app, 10)
    _, other = await announce(app, 10, "r2")
    async with served(MediaBytes(app, max_uploads=1)) as http:
        sending = asyncio.create_task(http.put(path, data=stalls()))
        async with asyncio.timeout(10):
            offset = "0"
            while offset != "5":
                async with http.head(path) as answer:
                    offset = answer.headers["Upload-Offset"]
        async with http.put(other, data=b"x" * 10) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
            assert (await answer.json())["details"][0]["reason"] == "TOO_MANY_TRANSFERS"
        sending.cancel()
        async with asyncio.timeout(10):
            status = 503
            while status == 503:
                async with http.put(other, data=b"x" * 10) as answer:
                    status = answer.status
        assert status == 200


async def test_one_holder_of_links_downloads_a_bounded_number_of_times_at_once(app: MediaApp) -> None:
    media = await upload(app, bytes(16 << 20))
    link, other = [f"/v1/media/download/{(await app.download_link(party, media.id)).token}" for party in (AGENT, OTHER)]
    async with served(MediaBytes(app, max_of_holder=1)) as http:
        async with http.get(link) as unread:  # its reader takes nothing, so it continues
            assert unread.status == 200
            async with http.get(link) as second:
                assert (await second.json())["details"][0]["reason"] == "TOO_MANY_TRANSFERS"
            async with http.get(other, headers={"range": "bytes=0-0"}) as another:
                assert another.status == 206
            unread.close()
        async with asyncio.timeout(10):
            status = 503
            while status == 503:
                async with http.get(link, headers={"range": "bytes=0-0"}) as again:
                    status = again.status
        assert status == 206


async def test_a_provider_fetches_many_files_at_once_by_a_link_each(app: MediaApp) -> None:
    files = [await upload(app, bytes(16 << 20), f"r{number}") for number in range(3)]
    async with served(MediaBytes(app, max_of_holder=2)) as http, AsyncExitStack() as unread:
        links = [delivery_link(app, media) for media in files]
        for link in (*links, links[0]):
            assert (await unread.enter_async_context(http.get(link))).status == 200
        async with http.get(links[0]) as third:  # one link can't take the places of all
            assert (third.status, (await third.json())["details"][0]["reason"]) == (503, "TOO_MANY_TRANSFERS")


async def test_links_of_a_closed_organization_do_not_work(app: MediaApp, keys: Keys) -> None:
    revoked = Revocations()
    app = replace(app, links=SignedLinks(keys.signer("channel"), revoked, utc_now))
    media = await upload(app, PNG)
    download = f"/v1/media/download/{(await app.download_link(AGENT, media.id)).token}"
    async with served(MediaBytes(app)) as http:
        for closed, status in ((OrganizationSuspended, 400), (OrganizationDeleting, 400), (OrganizationErased, 404)):
            for link in (download, delivery_link(app, media)):
                revoked.close("acme", closed)
                async with http.get(link) as answer:
                    assert (answer.status, (await answer.json())["details"][0]["reason"]) == (status, closed.reason)
                revoked.open("acme")
                async with http.get(link) as answer:
                    assert (answer.status, await answer.read()) == (200, PNG)


async def test_a_download_that_cannot_continue_breaks_off_and_looks_like_no_whole_file(app: MediaApp, tmp_path: Path) -> None:
    media = await upload(app, bytes(1 << 20))
    (stored,) = (found for found in (tmp_path / "media").rglob("*") if found.is_file())
    os.truncate(stored, 600_000)
    link = f"/v1/media/download/{(await app.download_link(AGENT, media.id)).token}"
    async with served(MediaBytes(app)) as http, http.get(link) as answer:
        assert answer.status == 200
        with pytest.raises(aiohttp.ClientError):
            await answer.read()


async def test_a_process_that_drains_says_so(app: MediaApp) -> None:
    draining = asyncio.Event()
    async with served(MediaBytes(app, draining)) as http:
        for status in (200, 503):
            async with http.get("/healthz") as answer:
                assert answer.status == status
            draining.set()


async def test_an_unfinished_upload_is_removed_with_its_bytes_when_its_time_is_over(app: MediaApp, tmp_path: Path) -> None:
    media, path = await announce(app, 10)
    await app.upload(path.rpartition("/")[2], 0, body_of(b"x" * 5), None)
    assert await app.sweep() == 0
    later = replace(app, now=lambda: utc_now() + timedelta(hours=1, minutes=1))
    assert await later.sweep() == 1
    with pytest.raises(MediaNotFound):
        await app.get(AGENT, media.id)
    assert [found for found in (tmp_path / "media").rglob("*") if found.is_file()] == []


async def test_what_is_ready_stays_and_what_was_rejected_goes_after_a_day(app: MediaApp) -> None:
    ready = await upload(app, PNG)
    _, path = await announce(app, 8, "r2")
    rejected, _ = await app.upload(path.rpartition("/")[2], 0, body_of(b"MZ\0\0\0\0\0\0"), None)
    assert rejected.state is MediaState.REJECTED
    assert await replace(app, now=lambda: utc_now() + timedelta(hours=23)).sweep() == 0
    assert await replace(app, now=lambda: utc_now() + timedelta(hours=25)).sweep() == 1
    assert await app.get(AGENT, ready.id) == ready


async def test_bytes_without_a_record_are_removed_once_they_are_old(app: MediaApp, tmp_path: Path) -> None:
    kept = await upload(app, PNG)
    _, path = await announce(app, 4, "r2")
    lost, _ = await app.upload(path.rpartition("/")[2], 0, body_of(b"lost"), None)
    await app.records.remove(lost.key, "users/u1")
    assert await app.sweep_orphans() == 0
    then = time.time() - ORPHANED.total_seconds() - 1
    for found in (tmp_path / "media").rglob("*"):
        os.utime(found, (then, then))
    assert await app.sweep_orphans() == 1
    assert app.files
    assert (await app.files.size(kept.key), await app.files.size(lost.key)) == (len(PNG), 0)


async def test_an_installation_without_a_store_says_so(app: MediaApp) -> None:
    nowhere = replace(app, files=None)
    with pytest.raises(MediaNotConfigured):
        await announce(nowhere, 10)
    assert await nowhere.sweep() == await nowhere.sweep_orphans() == 0


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    with S3Server().running() as url:
        yield url


@pytest.fixture
async def s3(moto: str) -> AsyncIterator[S3]:
    async with guarded(moto) as store:
        yield store


async def test_the_service_keeps_files_in_the_bucket_that_its_settings_name(
    s3: S3, stores: TestStores, postgres_url: str, keys: Keys
) -> None:
    (port,) = free_ports(1)
    settings = Settings(
        keys_dir=keys.folder,
        postgres_url=SecretStr(postgres_url),
        redis_url=SecretStr(stores.redis_url()),
        drain_seconds=0.1,
        media_listen=f"127.0.0.1:{port}",
        media_s3_bucket=s3.bucket,
        media_s3_url=s3.url,
        media_s3_region=REGION,
        media_s3_prefix="shop/",
        media_s3_access_key=KEY,
        media_s3_secret_key=SecretStr(SECRET),
    )
    links = SignedLinks(keys.signer("channel"), Revocations(), utc_now)
    async with service.serve(settings, build), postgres.open_pool(SecretStr(postgres_url)) as pool:
        records = PostgresMedia(pool, Journal(pool, "channel", convert.fact_to_pb), Jobs(pool, "channel"))
        announcing = MediaApp(
            *(
                records,
                Participation(PostgresWebConversations(pool), ScriptedCore()),
                FolderFiles(Path()),
                links,
                Quotas(10, 1 << 30, 1 << 30),
                utc_now,
            ),
            *(timedelta(hours=1), timedelta(seconds=5)),
        )
        media, path = await announce(announcing, len(PNG), "in-s3")
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
            async with http.put(path, data=PNG) as answer:
                assert (answer.status, (await answer.json())["sha256"]) == (200, sha256(PNG))
            download = (await announcing.download_link(AGENT, media.id)).token
            async with http.get(f"/v1/media/download/{download}", headers={"range": "bytes=0-7"}) as answer:
                assert (answer.status, await answer.read()) == (206, PNG[:8])
    assert f"PUT /media/shop/files/acme/{media.id}" in s3.calls
    assert s3.refused == []
