"""A data folder that an older version left: its journal holds JSON. Each service says in one sentence what to do, and ends."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import pytest
from pydantic import SecretStr

from kit import migrations, postgres
from stack.home import REPOSITORY
from stack.ports import free_ports
from stack.problems import ProgramDied
from stack.process import Process, Program

if TYPE_CHECKING:
    from stack.testing import TestStores

JOURNAL = ("0000_journal", "0001_followers")
"""The kit's migrations of the versions that wrote JSON."""
FACT = {"actor": "users/u1", "display_name": "Acme"}
SERVICES = ("admin", "agent", "channel", "core")
"""Those that had a journal then."""


async def as_of_old(url: str, service: str, *facts: dict[str, str]) -> None:
    """Fills an empty schema as an older version left it."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(migrations._TABLE)
        for name, text in migrations.files(service):
            if name in JOURNAL:
                await connection.execute(text)
                checksum = migrations.checksum(text)
                await connection.execute("insert into migration (name, checksum) values ($1, $2)", name, checksum)
        for position, fact in enumerate(facts, start=1):
            await connection.execute(
                "insert into event (shard, position, organization, kind, payload)"
                " values (62, $1, 'acme', 'OrganizationUpdated', $2)",
                position,
                json.dumps(fact),
            )
    finally:
        await connection.close()


def program(service: str, url: str, folder: Path) -> Program:
    port, nowhere = free_ports(2)

    async def check() -> None:
        raise ConnectionRefusedError

    environment = {
        "PYTHONPATH": str(REPOSITORY),
        "FRONTDESK_KEYS_DIR": str(folder),
        "FRONTDESK_LISTEN": f"127.0.0.1:{port}",
        "FRONTDESK_POSTGRES_URL": url,
        "FRONTDESK_REDIS_URL": f"redis://127.0.0.1:{nowhere}",
        "FRONTDESK_CORE_URL": f"127.0.0.1:{nowhere}",
        "FRONTDESK_MEMORY_URL": f"127.0.0.1:{nowhere}",
        "FRONTDESK_ADMIN_URL": f"127.0.0.1:{nowhere}",
    }
    return Program(service, (sys.executable, "-m", f"services.{service}"), check, port, env=environment, cwd=REPOSITORY)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_that_finds_json_facts_says_what_to_do_and_ends(
    stores: TestStores, tmp_path: Path, service: str
) -> None:
    url = stores.postgres_url(service)
    await as_of_old(url, service, FACT, FACT)
    process = Process(program(service, url, tmp_path), tmp_path, lambda *_: None)
    with pytest.raises(ProgramDied) as caught:
        await process.start()
    sentence = (
        f"The data of {service} was written by an older version of Frontdesk, which this one can't read: go back to that "
        "version, or start with empty data (on one machine: frontdesk clean-data)."
    )
    assert str(caught.value).startswith(f"{service} stopped with exit code 1 before it was ready, saying")
    assert sentence in str(caught.value)
    assert "Traceback" not in (tmp_path / f"{service}.log").read_text()

    connection = await asyncpg.connect(url)
    assert await connection.fetchval("select count(*) from event where payload->>'display_name' = 'Acme'") == 2, "all is kept"
    await connection.close()


async def test_an_old_schema_without_facts_is_brought_up_to_date(stores: TestStores) -> None:
    url = stores.postgres_url("agent")
    await as_of_old(url, "agent")
    async with postgres.open_pool(SecretStr(url)) as pool:
        applied = await migrations.apply(pool, "agent")
    assert "0002_events" in applied
    assert not set(JOURNAL) & set(applied)
