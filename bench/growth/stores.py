"""The stack's databases, as their administrator, and whether all followers of journals have caught up."""

import asyncio
import time
from typing import Any

import asyncpg
from pymongo import MongoClient

from bench.__main__ import Bench
from stack.home import Home
from stack.keys import SERVICES
from stack.stores.mongo import Mongo
from stack.stores.postgres import Postgres

Ends = dict[str, dict[int, int]]

STALLED_SECONDS = 60.0
"""Without any progress for so long, a follower does not catch up at all."""


def postgres(bench: Bench) -> Postgres:
    """The stack's PostgreSQL."""
    return Postgres(Home(bench.home), bench.ports.postgres)


def mongo(bench: Bench) -> MongoClient[dict[str, Any]]:
    """A client of the stack's MongoDB."""
    return MongoClient(Mongo(Home(bench.home), bench.ports.mongo).url)


async def caught_up(bench: Bench) -> float:
    """Waits until the services and the transcripts have handled every fact that there is now; returns the seconds it took."""
    started = moved = time.monotonic()
    connection = await asyncpg.connect(postgres(bench).admin_url())
    try:
        with mongo(bench) as client:
            ends = await _ends(connection)
            before = -1
            while behind := await _behind(connection, client, ends):
                if behind != before:
                    before, moved = behind, time.monotonic()
                if time.monotonic() - moved > STALLED_SECONDS:
                    raise SystemExit(f"Followers are stuck, {behind} facts behind.")
                await asyncio.sleep(0.5)
    finally:
        await connection.close()
    return time.monotonic() - started


async def settle(bench: Bench) -> None:
    """Work that a running system would have done meanwhile: statistics of its tables, and a checkpoint."""
    connection = await asyncpg.connect(postgres(bench).admin_url())
    try:
        await connection.execute("vacuum analyze", timeout=1800)
        await connection.execute("checkpoint", timeout=600)
    finally:
        await connection.close()


async def _ends(connection: Any) -> Ends:
    """Where each service's journal ends, by shard."""
    ends = {}
    for name in SERVICES:
        if await connection.fetchval("select to_regclass($1)", f"{name}.shard"):
            ends[name] = dict(await connection.fetch(f"select shard, position from {name}.shard"))
    return ends


async def _behind(connection: Any, client: MongoClient[dict[str, Any]], ends: Ends) -> int:
    """How many facts are still to be handled, by all followers together."""
    marks = {row["_id"]: row["position"] for row in client["core"]["marks"].find({})}
    behind: int = sum(max(0, end - marks.get(shard, 0)) for shard, end in ends["core"].items())
    for name in SERVICES:
        if await connection.fetchval("select to_regclass($1)", f"{name}.cursor"):
            for source, shard, position in await connection.fetch(f"select source, shard, position from {name}.cursor"):
                behind += max(0, ends.get(source, {}).get(shard, 0) - position)
    return behind
