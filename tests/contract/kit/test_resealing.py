"""Stored values after a new first key, in the tables of the services that have them."""

import base64
import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from kit import migrations, postgres
from kit.resealing import SealedRows
from kit.vault import Vault

if TYPE_CHECKING:
    from stack.testing import TestStores

pytestmark = pytest.mark.servers

FILL = {
    "admin": """insert into credential (organization, id, display_name, service, base_url, kind, details, number, secret_time,
        created, updated, revision, sealed)
        select 'acme', id, id, 'CORE', 'http://x', 'API_KEY', '{}', 1, now(), now(), now(), 1, sealed
        from unnest($1::text[], $2::bytea[]) as wanted (id, sealed)""",
    "core": """insert into secret (organization, credential, number, sealed)
        select 'acme', id, 1, sealed from unnest($1::text[], $2::bytea[]) as wanted (id, sealed)""",
    "channel": """insert into channel (organization, id, kind, state, display_name, config, credentials, version, created,
        updated)
        select 'acme', id, 'WEB_CHAT', 'ACTIVE', id, '{}', sealed, 1, now(), now()
        from unnest($1::text[], $2::bytea[]) as wanted (id, sealed)""",
}
MODULES = {
    "admin": "services.admin.adapters.postgres.credentials",
    "core": "services.core.adapters.secrets",
    "channel": "services.channel.adapters.postgres.channels",
}


def write(path: Path, *ids: str) -> None:
    """A key file; the key of an id is always the same."""
    path.write_text("".join(f"{id} {base64.b64encode(id.encode() * 32).decode()}\n" for id in ids))


@pytest.mark.parametrize("service", FILL)
async def test_older_values_are_sealed_again_and_an_unreadable_one_stays(
    service: str, stores: "TestStores", tmp_path: Path
) -> None:
    rows: SealedRows = importlib.import_module(MODULES[service]).SEALED
    path = tmp_path / "keys"
    write(path, "1")
    places = [rows.place("acme", id) for id in ("a", "b")]
    old = [Vault(path).seal(id.encode(), place) for id, place in zip(("a", "b"), places, strict=True)]
    write(path, "2", "1")
    new = Vault(path).seal(b"c", rows.place("acme", "c"))
    async with postgres.open_pool(SecretStr(stores.postgres_url(service))) as pool, pool.acquire() as connection:
        await migrations.apply(pool, service)
        async with connection.transaction():
            if service == "admin":
                await connection.execute("select set_config('frontdesk.organization', '*', true)")
                await connection.execute("alter table credential drop constraint credential_organization_fkey")
            await connection.execute(FILL[service], ["a", "b", "c", "lost"], [*old, new, b"lost:key"])
            assert [await rows.reseal(connection, Vault(path)) for _ in range(2)] == [2, 0]
            query = f"select {rows.keys[-1]}, {rows.column} from {rows.table} where organization = 'acme'"
            stored: dict[str, Any] = dict(await connection.fetch(query))
    write(path, "2")
    assert [Vault(path).open(stored[id], rows.place("acme", id)) for id in ("a", "b", "c")] == [b"a", b"b", b"c"]
    assert (stored["c"], stored["lost"]) == (new, b"lost:key")
