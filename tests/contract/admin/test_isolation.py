"""The second wall: PostgreSQL itself shows a transaction its own organization only."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kit import ids
from services.admin.domain import invitations, links, sessions
from services.admin.domain.api_keys import ApiKey, Tier
from services.admin.domain.facts import Fact
from services.admin.domain.invitations import Draft
from tests.contract.admin.stores import NOW, OPERATOR, in_postgres, some_user

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]

TABLES = ("organization_user", "session", "refresh_token", "api_key", "one_time_link", "invitation", "api_key_secret")


async def filled(pool: Any) -> str:
    kept = in_postgres(pool)
    organization = await kept.organization()
    session, token, _ = sessions.start(some_user(organization, "u0", "owner"), NOW)
    await kept.sessions.start(session, token, "hash-u0", [])
    key = ApiKey(organization, ids.new(), "K", (), Tier.BASIC, "fd_", "u0", NOW, NOW)
    await kept.api_keys.add(key, sessions.hash_of(key.id), "", [], OPERATOR)
    wish, link = Draft("new@demo.test", "", []), links.make(links.Kind.INVITATION, organization, key.id, OPERATOR, "", NOW)[0]
    await kept.invitations.add(invitations.create(organization, wish, OPERATOR, NOW)[0], link, "", [], OPERATOR)
    await kept.api_keys.rotate(organization, key.id, OPERATOR, NOW, rotate)
    return organization


def rotate(key: ApiKey, older: int) -> tuple[ApiKey, bytes, list[Fact]]:
    return replace(key, previous_expires=NOW + timedelta(days=1)), sessions.hash_of(f"new {key.id}"), []


@pytest.mark.parametrize("table", TABLES)
async def test_a_statement_that_forgets_the_organization_sees_its_own_alone(pool: Any, table: str) -> None:
    mine, other = await filled(pool), await filled(pool)
    async with pool.acquire() as connection:
        assert await connection.fetchval(f"select count(*) from {table}") == 0
        async with connection.transaction():
            await connection.execute("select set_config('frontdesk.organization', $1, true)", mine)
            seen = {row["organization"] for row in await connection.fetch(f"select organization from {table}")}
            assert seen == {mine}
            assert await connection.execute(f"delete from {table} where organization = $1", other) == "DELETE 0"
        assert await connection.fetchval(f"select count(*) from {table}") == 0


async def test_every_table_with_an_organization_has_the_wall(pool: Any) -> None:
    query = """
        select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relkind = 'r' and a.attname = 'organization' and c.relnamespace = 'admin'::regnamespace
          and not (c.relrowsecurity and c.relforcerowsecurity)
    """
    assert {row["relname"] for row in await pool.fetch(query)} == {"event", "job"}
