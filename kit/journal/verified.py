"""How far the verifications of a service have come: each resumes where the last one without a difference ended."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

_LOAD = "select shard, position, moment from verification where name = $1"
_STATE = "select shard, position, state from verification where name = $1"
_STORE = """
insert into verification (name, shard, position, moment, state) values ($1, $2, $3, $4, $5)
on conflict (name, shard) do update set position = excluded.position, moment = excluded.moment, state = excluded.state
"""
_ERASE = """
update verification set state = jsonb_set(state, array[$3], coalesce(
    (select jsonb_agg(item) from jsonb_array_elements(state -> $3) item where item ->> 0 <> $4), '[]'
))
where name = $1 and shard = $2 and exists (select from jsonb_array_elements(state -> $3) item where item ->> 0 = $4)
"""
_MOMENT = "select created from event where shard = $1 and position > $2 order by position limit 1"


class Verified:
    """The snapshots of one verification, by shard."""

    def __init__(self, pool: Any, name: str) -> None:
        self._pool = pool
        self._name = name

    async def load(self, full: bool = False) -> dict[int, tuple[int, datetime | None]]:
        """Position and moment of each shard's snapshot; none for a full verification."""
        if full:
            return {}
        return {row["shard"]: (row["position"], row["moment"]) for row in await self._pool.fetch(_LOAD, self._name)}

    async def states(self, full: bool = False) -> dict[int, tuple[int, Any]]:
        """Position and stored state of each shard's snapshot; none for a full verification."""
        if full:
            return {}
        return {row["shard"]: (row["position"], row["state"]) for row in await self._pool.fetch(_STATE, self._name)}

    async def moment(self, connection: Any, shard: int, position: int) -> datetime:
        """The time of the first event after a position, or now. Events up to the position created the rows before it."""
        if position == 0:
            return BEGINNING
        return await connection.fetchval(_MOMENT, shard, position) or datetime.now(UTC)

    async def store(self, shard: int, position: int, moment: datetime, state: Mapping[str, Any] | None = None) -> None:
        """Notes that the stores agree with the journal up to a position."""
        await self._pool.execute(_STORE, self._name, shard, position, moment, dict(state or {}))

    async def erase(self, shard: int, key: str, organization: str) -> int:
        """Drops an organization's items, which begin with it, from the list `key` of a shard's state. 0: there were none."""
        done: str = await self._pool.execute(_ERASE, self._name, shard, key, organization)
        return int(done.split()[-1])
