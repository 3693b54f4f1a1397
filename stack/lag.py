"""Whether services keep up with the journals that they follow, read from their cursors as the database's administrator.

A stuck follower is visible nowhere else: all processes are up, but its effects are missing. Only counters are read, no content
of the journals.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field

import asyncpg

from stack.keys import SERVICES

LATE_SECONDS = 20.0
"""The maximum age of an unhandled event: a follower stores its cursor each 5 s."""
SAMPLES = 10
_SILENT = """
SELECT name FROM {service}.feed
WHERE heard < clock_timestamp() - interval '5 seconds' AND watched > clock_timestamp() - interval '10 seconds'
"""
"""Feeds that a process follows, and that none has heard from."""

Positions = dict[tuple[str, int], int]


@dataclass
class Lag:
    """Compares where followers stand now with where the journals ended some time ago."""

    url: str
    _ends: deque[tuple[float, Positions]] = field(default_factory=lambda: deque(maxlen=SAMPLES))

    async def late(self) -> list[str]:
        """Followers that have not handled an event of `LATE_SECONDS` ago, such as "agent follows core"."""
        connection = await asyncpg.connect(self.url, timeout=2)
        try:
            ends: Positions = {}
            for source in SERVICES:
                if await connection.fetchval("SELECT to_regclass($1)", f"{source}.shard"):
                    rows = await connection.fetch(f"SELECT shard, position FROM {source}.shard")
                    ends |= {(source, row["shard"]): row["position"] for row in rows}
            then = self._sample(time.monotonic(), ends)
            found = set()
            for service in SERVICES:
                if await connection.fetchval("SELECT to_regclass($1)", f"{service}.cursor"):
                    rows = await connection.fetch(f"SELECT source, shard, position FROM {service}.cursor")
                    found |= {
                        f"{service} follows {row['source']}"
                        for row in rows
                        if row["position"] < then.get((row["source"], row["shard"]), 0)
                    }
                if await connection.fetchval("SELECT to_regclass($1)", f"{service}.feed"):
                    rows = await connection.fetch(_SILENT.format(service=service))
                    found |= {f"{service} hears nothing from {row['name'].partition('/')[0]}" for row in rows}
            return sorted(found)
        finally:
            await connection.close()

    def _sample(self, now: float, ends: Positions) -> Positions:
        """Keeps a sample; gives the newest one that is old enough, or none."""
        self._ends.append((now, ends))
        return next((then for taken, then in reversed(self._ends) if now - taken >= LATE_SECONDS), {})
