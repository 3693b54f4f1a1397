"""Passwords, hashes, tokens and keys never show: not in replies, not in logs, not in the database in clear."""

import logging
from typing import Any

import asyncpg
import pytest
from frontdesk.admin import v1 as pb

from kit import errors
from kit.log import JsonFormatter
from tests.rpc.admin.desk import PASSWORD, Admin, Shop

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]


async def test_secrets_show_where_they_are_given_and_nowhere_else(
    admin: Admin, shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "frontdesk")
    caplog.set_level(logging.DEBUG, "access")
    owner = shop.token("owner")
    replies: list[Any] = [await shop.add("a1", "agent")]
    signed_in = await shop.login("a1")
    refreshed = await shop.refresh(signed_in.tokens.refresh_token)
    create = pb.CreateApiKeyRequest(parent=shop.name, api_key={"display_name": "K", "scopes": ["core.messages.read"]})
    made = await admin.call(admin.api_keys.CreateApiKey, create, owner)
    exchanged = await admin.call(admin.auth.ExchangeApiKey, pb.ExchangeApiKeyRequest(api_key=made.secret))
    with pytest.raises(errors.Unauthenticated):
        await shop.login("a1", "a wrong password")
    replies += [
        signed_in.user,
        made.api_key,
        await admin.call(admin.users.GetUser, pb.GetUserRequest(name=shop.user("a1")), owner),
        await admin.call(admin.users.ListUsers, pb.ListUsersRequest(parent=shop.name), owner),
        await admin.call(admin.api_keys.ListApiKeys, pb.ListApiKeysRequest(parent=shop.name), owner),
        await admin.call(admin.organizations.GetOrganization, pb.GetOrganizationRequest(name=shop.name), owner),
    ]
    secrets = [
        PASSWORD,
        "a wrong password",
        "argon2id",
        signed_in.tokens.access_token,
        signed_in.tokens.refresh_token,
        refreshed.tokens.refresh_token,
        made.secret,
        exchanged.access_token,
    ]
    formatter = JsonFormatter("admin")
    logged = "\n".join(formatter.format(record) for record in caplog.records)
    assert '"method":"frontdesk.admin.v1.AuthService/Login"' in logged
    stored = await _everything(admin)
    for secret in secrets:
        assert all(secret not in str(reply) for reply in replies)
        assert secret not in logged
        assert secret == "argon2id" or secret not in stored
    assert "$argon2id$" in stored


async def _everything(admin: Admin) -> str:
    """All rows of all of admin's tables, as text."""
    connection = await asyncpg.connect(admin.settings.postgres_url.get_secret_value())
    try:
        tables = await connection.fetch("select tablename from pg_tables where schemaname = 'admin'")
        async with connection.transaction():
            await connection.execute("select set_config('frontdesk.organization', '*', true)")
            rows = [await connection.fetch(f"select t::text from {table['tablename']} t") for table in tables]
    finally:
        await connection.close()
    return "\n".join(row["t"] for found in rows for row in found)
