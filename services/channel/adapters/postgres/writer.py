"""The hot path: arrivals are stored by one statement, together with those that come while the one before is under way.

A connection is kept for it, because taking one from the pool costs as much as the statement itself (50 of 100 µs, measured);
under load the share of a message falls to a quarter.
"""

import asyncio
from typing import Any

import asyncpg
import msgspec

from kit import failpoints
from services.channel.domain.inbound import Arrival, digest

MOST = 64

_ADD = """
insert into inbound (organization, channel, conversation, source_id, request_id, text, digest, sender)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::jsonb[])
on conflict (organization, channel, source_id) do nothing
returning id, created, organization, channel, source_id, array(
    select e.id from inbound e
    where e.organization = inbound.organization and e.conversation = inbound.conversation and e.state = 0
) as waiting
"""

_Key = tuple[str, str, str]


class Writer:
    """Stores arrivals. Each is on disk when its `add` returns."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._queue: list[tuple[Arrival, asyncio.Future[Any]]] = []
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def add(self, arrival: Arrival) -> Any:
        """The new row, or None when its source id came before."""
        future = asyncio.get_running_loop().create_future()
        self._queue.append((arrival, future))
        self._wanted.set()
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="inbound writer")
        return await future

    async def close(self) -> None:
        """Gives the connection back."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._wanted.wait()
            try:
                async with self._pool.acquire() as connection:
                    await self._write_on(connection)
            except Exception as error:  # told to everybody who waits; the next arrival begins anew
                self._wanted.clear()
                waiting, self._queue = self._queue, []
                _fail(waiting, error)

    async def _write_on(self, connection: Any) -> None:
        """Writes what comes, until the connection breaks."""
        while True:
            await self._wanted.wait()
            if _gone(connection):
                return
            batch, self._queue = self._queue[:MOST], self._queue[MOST:]
            if not self._queue:
                self._wanted.clear()
            try:
                await failpoints.reach("channel.add.before_commit")
                rows = await connection.fetch(_ADD, *_columns([arrival for arrival, _ in batch]))
                await failpoints.reach("channel.add.after_commit")
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
                _fail(batch, error)
                continue
            except asyncio.CancelledError:
                for _, future in batch:
                    future.cancel()
                raise
            found: dict[_Key, Any] = {(row["organization"], row["channel"], row["source_id"]): row for row in rows}
            for arrival, future in batch:
                if not future.done():
                    # Of two with one key in a batch the second finds nothing, and looks for the first.
                    future.set_result(found.pop((arrival.organization, arrival.channel, arrival.source_id), None))


def _columns(arrivals: list[Arrival]) -> tuple[list[object], ...]:
    return (
        [arrival.organization for arrival in arrivals],
        [arrival.channel for arrival in arrivals],
        [arrival.conversation for arrival in arrivals],
        [arrival.source_id for arrival in arrivals],
        [arrival.request_id for arrival in arrivals],
        [arrival.text for arrival in arrivals],
        [digest(arrival.text) for arrival in arrivals],
        [arrival.sender and msgspec.to_builtins(arrival.sender) for arrival in arrivals],
    )


def _gone(connection: Any) -> bool:
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:  # it broke while nobody used it, and the pool has taken it back
        return True


def _fail(batch: list[tuple[Arrival, asyncio.Future[Any]]], error: BaseException) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
