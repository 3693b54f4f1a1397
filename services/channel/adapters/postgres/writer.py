"""The hot path: arrivals are stored by one statement, together with those that come while the one before is under way.

A connection is kept for it, because taking one from the pool costs as much as the statement itself (50 of 100 µs, measured);
under load the share of a message falls to a quarter.
"""

import asyncio
from typing import Any

import asyncpg
import msgspec

from kit import failpoints
from kit.errors import TokenRevoked
from services.channel.domain.channels import ChannelNotFound, ChannelPaused, State
from services.channel.domain.inbound import Arrival, digest
from services.channel.domain.sessions import ConversationMismatch, SessionExpired

MOST = 64

# A web chat's message is stored only while its channel is active and its session continues, in its customer's conversations.
_ADD = """
with arrival as (
    select a.*, session <> '' as in_session,
        (select c.state from channel c where c.organization = a.organization and c.id = a.channel) as channel_state,
        (select c.assistant_off from channel c where c.organization = a.organization and c.id = a.channel) as assistant_off,
        (select s.customer from session s where s.id = a.session) as customer,
        exists (
            select from session s join web_conversation w using (organization, channel, customer)
            where s.id = a.session and w.organization = a.organization and w.id = a.conversation
        ) as takes_part
    from unnest(
        $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::jsonb[], $9::text[],
        $10::smallint[], $11::bytea[], $12::text[]
    ) with ordinality as a (
        organization, channel, conversation, source_id, request_id, text, digest, sender, session, responder, content, reply_to,
        n
    )
), added as (
    insert into inbound (
        organization, channel, conversation, source_id, request_id, text, digest, sender, responder, content,
        reply_to
    )
    select organization, channel, conversation, source_id, request_id, text, digest, sender,
        case when responder = 0 and assistant_off then 1 else responder end, content, reply_to
    from arrival
    where not in_session or (channel_state = 'ACTIVE' and takes_part)
    order by n
    on conflict (organization, channel, source_id) do nothing
    returning id, created, organization, channel, source_id, responder, array(
        select e.id from inbound e
        where e.organization = inbound.organization and e.conversation = inbound.conversation and e.state = 0
    ) as waiting
)
select arrival.channel_state, arrival.customer, arrival.takes_part, added.id, added.created, added.waiting, added.responder
from arrival left join added using (organization, channel, source_id) order by n
"""


class Writer:
    """Stores arrivals. Each is on disk when its `add` returns."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._queue: list[tuple[Arrival, asyncio.Future[Any]]] = []
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def add(self, arrival: Arrival) -> Any:
        """The new row, or None when its source id came before.

        Raises ChannelNotFound, ChannelPaused, SessionExpired, TokenRevoked or ConversationMismatch for a message of a web chat
        that may not be written in.
        """
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
            except Exception as error:  # raised to all who wait; the next arrival begins again
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
            seen: set[int] = set()
            for (arrival, future), row in zip(batch, rows, strict=True):
                if future.done():
                    continue
                if refusal := _refusal(arrival, row):
                    future.set_exception(refusal)
                else:  # of two with one key in a batch the second finds nothing, and looks for the first
                    future.set_result(None if row["id"] in seen or row["id"] is None else row)
                    seen.add(row["id"])


def _refusal(arrival: Arrival, row: Any) -> Exception | None:
    if not arrival.session:
        return None
    if row["channel_state"] is None:
        return ChannelNotFound(arrival.channel)
    if row["channel_state"] != State.ACTIVE:
        return ChannelPaused(arrival.channel)
    if row["customer"] is None:
        return SessionExpired(arrival.session)
    if not row["customer"]:
        return TokenRevoked()  # of before a merge or split; the interceptor just has not heard of it
    return None if row["takes_part"] else ConversationMismatch(arrival.conversation)


def _columns(arrivals: list[Arrival]) -> tuple[list[object], ...]:
    return (
        [arrival.organization for arrival in arrivals],
        [arrival.channel for arrival in arrivals],
        [arrival.conversation for arrival in arrivals],
        [arrival.source_id for arrival in arrivals],
        [arrival.request_id for arrival in arrivals],
        [arrival.text for arrival in arrivals],
        [digest(arrival) for arrival in arrivals],
        [arrival.sender and msgspec.to_builtins(arrival.sender) for arrival in arrivals],
        [arrival.session for arrival in arrivals],
        [arrival.responder for arrival in arrivals],
        [arrival.content or None for arrival in arrivals],
        [arrival.reply_to for arrival in arrivals],
    )


def _gone(connection: Any) -> bool:
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:  # it broke while no one used it, and the pool has taken it back
        return True


def _fail(batch: list[tuple[Arrival, asyncio.Future[Any]]], error: BaseException) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
