"""Replicas of a consumer share the journal's shards.

A replica says each half second, in the table `follower`, that it lives; who has not said so for 1.5 s, by the database's
clock, is out. All divide the shards by the same list, so nothing is handed over: who dies is missed within two seconds, and
who comes begins at once. Lists may differ for a moment, and then two replicas follow the same shard. That is harmless by what
they have to do anyway: move a position only from where they found it, together with the effect.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from kit import errors, ids, postgres
from kit.backoff import Backoff

SHARDS = 64
BEAT_SECONDS = 0.5
LEASE = timedelta(seconds=1.5)
BACKOFF = Backoff(first=0.1, maximum=5.0)

_log = logging.getLogger("frontdesk")

_BEAT = """
with me as (
    insert into follower (source, id, lease_until) values ($1, $2, clock_timestamp() + $3)
    on conflict (source, id) do update set lease_until = excluded.lease_until
)
select id from follower where source = $1 and id <> $2 and lease_until > clock_timestamp()
"""
_BURY = """
delete from follower where (source, id) in (
    select source, id from follower where lease_until < clock_timestamp() - interval '1 minute' for update skip locked
)
"""
_LEAVE = "delete from follower where source = $1 and id = $2"

Work = Callable[[list[int]], Awaitable[None]]
"""Works on some shards until it is cancelled. Must bear that for a moment another replica works on one of them, too."""


class CursorConflict(Exception):
    """Another replica has moved a position that this one was about to move: read it again."""


async def share(pool: Any, source: str, work: Work) -> None:
    """A worker: runs `work` on this replica's shards, again whenever a replica comes or goes. Runs until cancelled.

    Work that breaks is tried again with a growing pause. A pause that outlasts the lease leaves the shards to the others.
    """
    me, pauses = ids.new(), BACKOFF.pauses()
    try:
        while True:
            try:
                await _work_on_share(pool, source, me, work)
                pauses.reset()
            except (errors.Aborted, CursorConflict):
                pauses.reset()  # a stream's planned end, or a replica that has just come
            except Exception as error:
                unavailable = isinstance(error, (errors.Unavailable, TimeoutError, *postgres.UNAVAILABLE_ERRORS))
                level = logging.WARNING if unavailable else logging.ERROR
                detail = {"source": source, "error": repr(error)[:300]}
                _log.log(level, "following was interrupted", extra=detail, exc_info=not unavailable)
            await pauses.wait()
    finally:
        with suppress(Exception):  # the lease says it, too, a little later
            await pool.execute(_LEAVE, source, me, timeout=1)


async def _work_on_share(pool: Any, source: str, me: str, work: Work) -> None:
    """Works until the share is another one, or the work ends."""
    await pool.execute(_BURY)
    shards = await _shards(pool, source, me)
    working = asyncio.ensure_future(work(shards) if shards else asyncio.Event().wait())
    try:
        while not working.done():
            await asyncio.wait([working], timeout=BEAT_SECONDS)
            if not working.done() and await _shards(pool, source, me) != shards:
                return
        working.result()
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def _shards(pool: Any, source: str, me: str) -> list[int]:
    """Says that this replica lives; the shards that are its own among those that do."""
    others = [row["id"] for row in await pool.fetch(_BEAT, source, me, LEASE)]
    replicas = sorted([me, *others])
    return list(range(replicas.index(me), SHARDS, len(replicas)))
