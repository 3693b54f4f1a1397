"""Migrations: once each, in order, whichever process comes first."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from kit import migrations, postgres

if TYPE_CHECKING:
    from stack.testing import TestStores

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_replicas_that_start_at_once_apply_each_file_once(stores: TestStores) -> None:
    url = SecretStr(stores.postgres_url("core"))
    async with postgres.open_pool(url) as one, postgres.open_pool(url) as two, postgres.open_pool(url) as three:
        applied = await asyncio.gather(*(migrations.apply(pool, "core") for pool in (one, two, three)))
        everything = [name for name, _ in migrations.files("core")]
        assert everything[0] == "0000_journal"
        assert sorted(applied, key=len) == [[], [], everything]
        assert await migrations.apply(one, "core") == []
        assert await one.fetchval("select count(*) from shard") == 64


async def test_a_file_that_was_changed_after_it_was_applied_is_refused(stores: TestStores) -> None:
    async with postgres.open_pool(SecretStr(stores.postgres_url("core"))) as pool:
        await migrations.apply(pool, "core")
        await pool.execute("update migration set checksum = 'what it was then' where name = '0001_conversations'")
        with pytest.raises(migrations.MigrationChanged, match="core/0001_conversations"):
            await migrations.apply(pool, "core")


async def test_services_share_a_database_and_not_a_table(stores: TestStores) -> None:
    urls = stores.postgres_urls("core", "agent")
    async with postgres.open_pool(SecretStr(urls["core"])) as core, postgres.open_pool(SecretStr(urls["agent"])) as agent:
        await asyncio.gather(migrations.apply(core, "core"), migrations.apply(agent, "agent"))
        await core.execute("update shard set position = 7 where shard = 0")
        assert await agent.fetchval("select position from shard where shard = 0") == 0


async def test_names_of_before_are_found_by_the_plainer_letters_of_now(
    stores: TestStores, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = migrations.files("core")
    monkeypatch.setattr(
        migrations, "files", lambda _: [file for file in now if not file[0].endswith(("letters", "plain_names"))]
    )
    async with postgres.open_pool(SecretStr(stores.postgres_url("core"))) as pool:
        await migrations.apply(pool, "core")
        await pool.execute("insert into customer (organization, id, display_name) values ('acme', 'c1', 'Işık Yılmaz')")
        monkeypatch.undo()
        assert await migrations.apply(pool, "core") == ["0007_plain_letters", "0021_plain_names"]
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute("set local enable_seqscan = off")
            of_name = """select id from customer where organization = 'acme' and folded(display_name) collate "C" >= 'isik'
                and folded(display_name) collate "C" < 'isil' and erased is null and merged_into is null"""
            assert "customer_name" in str(await connection.fetch(f"explain {of_name}"))
            assert await connection.fetchval(of_name) == "c1"
