"""`Limits`, counted by Redis and in one process; and the vault that credentials lie in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from redis.asyncio import Redis

from kit.ids import OrganizationId
from services.channel.adapters.limits import LocalLimits, RedisLimits
from services.channel.adapters.vault import CredentialsKeyMissing, Vault
from services.channel.domain.limits import Bucket, Rate
from services.channel.ports import Limits

if TYPE_CHECKING:
    from stack.testing import TestStores


@pytest.fixture(params=["memory", "redis"])
async def limits(request: pytest.FixtureRequest) -> AsyncIterator[Limits]:
    if request.param == "memory":
        yield LocalLimits()
        return
    stores: TestStores = request.getfixturevalue("stores")
    redis = Redis.from_url(stores.redis_url())
    yield RedisLimits(redis, timeout=60)
    await redis.aclose()


def bucket(per_minute: int, burst: int, key: str = "a") -> Bucket:
    return Bucket(OrganizationId("acme"), key, Rate(per_minute, burst))


async def test_a_bucket_holds_a_burst_and_fills_evenly(limits: Limits) -> None:
    waits = [await limits.take(bucket(12, 6)) for _ in range(7)]
    assert not any(waits[:6])
    assert 0 < waits[6].total_seconds() <= 5
    assert not await limits.take(bucket(12, 6, "b"))


async def test_a_caller_that_waits_as_told_is_let_in(limits: Limits) -> None:
    while not (wait := await limits.take(bucket(600, 600))):
        pass
    await asyncio.sleep(wait.total_seconds() + 0.01)
    assert not await limits.take(bucket(600, 600))


async def test_a_refused_call_does_not_count(limits: Limits) -> None:
    waits = [await limits.take(bucket(2, 2)) for _ in range(52)]
    assert not any(waits[:2])
    assert timedelta() < waits[51] <= waits[2]


async def test_calls_at_once_share_one_bucket(limits: Limits) -> None:
    waits = await asyncio.gather(*(limits.take(bucket(10, 10)) for _ in range(30)))
    assert sum(not wait for wait in waits) == 10


async def test_a_call_counts_in_all_its_buckets_or_in_none(limits: Limits) -> None:
    narrow, wide = bucket(1, 1, "session"), bucket(3, 3, "customer")
    waits = [await limits.take(narrow, wide) for _ in range(5)]
    assert [bool(wait) for wait in waits] == [False, True, True, True, True]
    assert not any([await limits.take(wide) for _ in range(2)])
    assert await limits.take(wide)


async def test_what_had_no_effect_is_given_back(limits: Limits) -> None:
    assert not await limits.take(bucket(1, 1))
    await limits.give_back(bucket(1, 1))
    assert not await limits.take(bucket(1, 1))
    assert await limits.take(bucket(1, 1))


async def test_without_redis_the_process_counts_alone() -> None:
    redis = Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=0.2)
    limits = RedisLimits(redis)
    waits = [await limits.take(bucket(2, 2)) for _ in range(3)]
    await redis.aclose()
    assert [bool(wait) for wait in waits] == [False, False, True]


async def test_a_process_that_counts_alone_does_not_grow_without_end() -> None:
    limits = LocalLimits()
    for number in range(50_000):
        await limits.take(bucket(1, 1, str(number)))
    assert len(limits._full) + len(limits._older) <= 20_000
    assert await limits.take(bucket(1, 1, "49999"))


def test_a_sealed_value_opens_at_its_place_alone(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "channel.secrets")
    sealed = vault.seal(b"secret", "here")
    assert b"secret" not in sealed
    assert Vault(tmp_path / "channel.secrets").open(sealed, "here") == b"secret"
    with pytest.raises(CredentialsKeyMissing):
        vault.open(sealed, "there")
    assert (tmp_path / "channel.secrets").stat().st_mode & 0o077 == 0


def test_a_new_key_seals_and_the_old_one_still_opens(tmp_path: Path) -> None:
    path = tmp_path / "channel.secrets"
    old = Vault(path).seal(b"one", "here")
    other = tmp_path / "other.secrets"
    Vault(other).seal(b"", "")
    path.write_text(other.read_text().replace("1 ", "2 ", 1) + path.read_text())
    new = Vault(path).seal(b"two", "here")
    assert new.startswith(b"2:")
    assert [Vault(path).open(sealed, "here") for sealed in (old, new)] == [b"one", b"two"]


def test_a_folder_without_a_key_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    with pytest.raises(CredentialsKeyMissing):
        Vault(tmp_path / "missing" / "channel.secrets").seal(b"x", "here")
