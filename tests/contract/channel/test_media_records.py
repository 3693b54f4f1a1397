"""Records of files in PostgreSQL: rights to upload, expiry and the day's quotas, by the database's own clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from kit import ids, migrations, postgres
from kit.ids import OrganizationId
from kit.jobs.table import Jobs
from kit.journal import Journal
from services.channel import convert
from services.channel.adapters.postgres.media import PostgresMedia
from services.channel.domain.media import Media, MediaId, MediaQuotaExceeded, MediaState, Quotas
from services.channel.domain.sessions import ConversationId

if TYPE_CHECKING:
    from stack.testing import TestStores

LONG, NO_TIME = timedelta(minutes=1), timedelta()
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
QUOTAS = Quotas(unfinished=100, bytes_of_organization=1000, bytes_of_customer=500)


@pytest.fixture
async def pool(stores: TestStores) -> AsyncIterator[Any]:
    async with postgres.open_pool(SecretStr(stores.postgres_url("channel"))) as pool:
        await migrations.apply(pool, "channel")
        await pool.execute("truncate media, media_day")
        yield pool


@pytest.fixture
def records(pool: Any) -> PostgresMedia:
    return PostgresMedia(pool, Journal(pool, "channel", convert.fact_to_pb), Jobs(pool, "channel"))


def new_media(size: int = 100, uploader: str = "customers/k1", created: datetime = NOW) -> Media:
    return Media(
        organization=OrganizationId("acme"),
        id=MediaId(ids.new()),
        conversation=ConversationId("c1"),
        uploader=uploader,
        counted_by=uploader,
        request_id=ids.new(),
        file_name="photo.png",
        declared_type="",
        media_type="",
        size=size,
        sha256="",
        state=MediaState.UPLOADING,
        created=created,
        expires=created + timedelta(hours=1),
    )


async def test_one_at_a_time_has_the_right_to_upload_until_it_ends_or_is_given_back(records: PostgresMedia) -> None:
    media = await records.add(new_media(), QUOTAS)
    assert await records.hold(media.key, "first", LONG) is None
    assert await records.hold(media.key, "first", LONG) is None
    wait = await records.hold(media.key, "second", LONG)
    assert wait is not None
    assert NO_TIME < wait <= LONG
    await records.release(media.key, "second")
    assert await records.hold(media.key, "second", LONG) is not None
    await records.release(media.key, "first")
    assert await records.hold(media.key, "second", NO_TIME) is None
    assert await records.hold(media.key, "third", LONG) is None
    assert not await records.finish(replace(media, state=MediaState.READY), "second")
    assert (await records.get(media.key)) == media


async def test_a_file_is_finished_once_and_only_with_the_right(records: PostgresMedia) -> None:
    media = await records.add(new_media(), QUOTAS)
    ready = replace(media, state=MediaState.READY, media_type="image/png", sha256="ab", expires=None)
    assert not await records.finish(ready, "nobody")
    await records.hold(media.key, "first", LONG)
    assert await records.finish(ready, "first")
    assert await records.get(media.key) == ready
    assert not await records.finish(ready, "first")
    assert await records.hold(media.key, "second", LONG) == NO_TIME


async def test_what_expires_is_removed_but_not_while_it_is_being_uploaded(records: PostgresMedia) -> None:
    old, held, fresh = new_media(), new_media(), new_media(created=NOW + timedelta(hours=2))
    ready = new_media()
    for media in (old, held, fresh, ready):
        await records.add(media, QUOTAS)
    await records.hold(held.key, "first", LONG)
    await records.hold(ready.key, "first", LONG)
    await records.finish(replace(ready, state=MediaState.READY, expires=None), "first")
    later = NOW + timedelta(hours=2)
    assert await records.expire(later, 10) == [old.key]
    assert await records.known({old.key, held.key, fresh.key, ready.key}) == {held.key, fresh.key, ready.key}
    await records.release(held.key, "first")
    assert await records.expire(later, 10) == [held.key]


async def test_the_days_quota_gets_back_what_never_was_ready_and_begins_again_each_day(records: PostgresMedia) -> None:
    sent = await records.add(new_media(300), QUOTAS)
    await records.hold(sent.key, "first", LONG)
    await records.finish(replace(sent, state=MediaState.READY, expires=None), "first")
    await records.add(new_media(200), QUOTAS)
    with pytest.raises(MediaQuotaExceeded) as caught:
        await records.add(new_media(1), QUOTAS)
    assert caught.value.metadata["scope"] == "customer"
    await records.add(new_media(500, "users/u1"), QUOTAS)
    with pytest.raises(MediaQuotaExceeded) as caught:
        await records.add(new_media(1, "users/u1"), QUOTAS)
    assert caught.value.metadata["scope"] == "organization"
    await records.add(new_media(100, created=NOW + timedelta(days=1)), QUOTAS)
    assert len(await records.expire(NOW + timedelta(hours=2), 10)) == 2
    await records.add(new_media(200), QUOTAS)
    with pytest.raises(MediaQuotaExceeded):
        await records.add(new_media(1), QUOTAS)


async def test_a_refused_announcement_counts_nowhere(records: PostgresMedia, pool: Any) -> None:
    with pytest.raises(MediaQuotaExceeded):
        await records.add(new_media(501), QUOTAS)
    assert await pool.fetchval("select coalesce(sum(bytes), 0) from media_day") == 0


async def test_the_days_of_the_past_are_forgotten(records: PostgresMedia, pool: Any) -> None:
    await records.add(new_media(), QUOTAS)
    await records.expire(NOW + timedelta(days=4), 10)
    assert await pool.fetchval("select count(*) from media_day") == 0
