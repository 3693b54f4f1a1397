"""Feeds: facts of another service's journal, copied into this service's own schema and the memory of each of its processes.

A feed keeps the newest fact of each key, such as a setting's last publication. A process that starts applies what is stored
before it serves, then reads on from there, so it continues while the other service is unavailable. Each process reads on its
own: a fact reaches all of them as fast as the stream brings it. All store the same, and storing it twice changes nothing.

A fact is applied before it is stored: a revocation also counts while this service's own database is unavailable.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from kit import client, errors, failpoints
from kit.backoff import Backoff
from kit.caller import Signer
from kit.metrics import Following, Series

SILENT_SECONDS = 5.0
"""A feed that hears nothing for so long, not even a heartbeat, is reported as degraded."""
WATCH_SECONDS = 2.0
"""How often a process notes that it follows a feed."""
RESTART_SECONDS = 30.0
"""A copy that was followed until so short a time ago is complete enough to check tokens by, while its source is unavailable:
if the process that followed it ended in good order, or another one still follows.
"""
FORGET_SECONDS = 60.0
"""How often a process deletes facts that have become too old."""
CLOSE_SECONDS = 0.4
"""How long a process that ends tries to note that it did so in good order."""
BATCH = 500
BACKOFF = Backoff(first=0.1, maximum=2.0)

_log = logging.getLogger("frontdesk")

_LOAD = "select shard, fact from feed_fact where feed = $1 order by shard, position"
_CURSORS = "select shard, position from cursor where source = $1"
_STATE = "select watched, clock_timestamp() - watched as age, closed >= watched as clean from feed where name = $1"
_STORE = """
insert into feed_fact (feed, key, shard, position, fact, created)
select $1, * from unnest($2::text[], $3::smallint[], $4::bigint[], $5::bytea[], $6::timestamptz[])
on conflict (feed, key) do update set
    shard = excluded.shard, position = excluded.position, fact = excluded.fact, created = excluded.created
where feed_fact.position < excluded.position
"""
_MOVE = """
insert into cursor as c (source, shard, position) select $1, * from unnest($2::smallint[], $3::bigint[])
on conflict (source, shard) do update set position = excluded.position where c.position < excluded.position
"""
_WATCHED = """
insert into feed (name, watched, heard) values ($1, clock_timestamp(), clock_timestamp() - $2::interval)
on conflict (name) do update set watched = excluded.watched, heard = greatest(feed.heard, excluded.heard)
"""
_OPENED = "update feed set closed = null where name = $1"
_CLOSED = "update feed set watched = statement_timestamp(), closed = statement_timestamp() where name = $1"
_FORGET = "delete from feed_fact where feed = $1 and created < clock_timestamp() - $2::interval"


@dataclass(eq=False)
class Feed:
    """A feed, and how far this process has come with it."""

    name: str
    """Such as `admin/settings`: the service whose journal it is, and the purpose."""
    request: Callable[..., Any]
    """The `WatchEventsRequest` of the journal's contract."""
    open: Callable[[Any], AsyncIterator[Any]]
    """Opens a stream of its `WatchEventsResponse`."""
    event: Any
    """Its `Event`."""
    kinds: Sequence[str]
    """The facts to read, by the names of their messages."""
    key: Callable[[Any], str]
    """The key of an event; a later fact replaces an earlier one of the same key. Empty: not kept."""
    apply: Callable[[Any], None]
    """Acts on an event in memory. Doing it twice, or for an older fact first, changes nothing."""
    pool: Any = None
    """Where it is stored; None: nowhere."""
    keep_seconds: float | None = None
    """How long facts matter; None: forever."""
    following: Following = field(default_factory=Following)
    caught_up: bool = False
    """Whether the journal was read to its end since this process began."""
    trusted: bool = False
    """Whether what was stored is as good as that: some process of this service follows, or did until moments ago and stored
    all that it knew.
    """
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it is known whether the source answers."""
    _forget: float = 0.0
    """When facts that are too old are deleted next."""
    _after: dict[int, int] = field(default_factory=dict)
    _heard: float = field(default_factory=time.monotonic)
    _watched: datetime | None = None
    """When some process last noted that it follows, as this one last read it."""
    _all_stored: bool = True
    """Whether all that was applied here is stored."""

    @property
    def is_ready(self) -> bool:
        """Whether its facts are known as far as they can be."""
        return self.caught_up or self.trusted

    def silence(self) -> float:
        """Seconds since anything was heard from the source."""
        return time.monotonic() - self._heard

    def series(self) -> tuple[Series, ...]:
        """How far it has been followed."""
        journal, _, purpose = self.name.partition("/")
        return self.following.series(journal, purpose)

    async def load(self) -> None:
        """Applies what is stored."""
        if self.pool is None:
            return
        for _, fact in await self.pool.fetch(_LOAD, self.name):
            self.apply(self.event.FromString(fact))
        self._after = dict(await self.pool.fetch(_CURSORS, self.name))
        state = await self.pool.fetchrow(_STATE, self.name)
        if state is not None:
            self._watched = state["watched"]
            self.trusted |= bool(state["clean"]) and state["age"].total_seconds() <= RESTART_SECONDS
            await self.pool.execute(_OPENED, self.name)
        if self.keep_seconds is not None and (state is None or state["age"].total_seconds() > self.keep_seconds):
            self._after = {}  # what happened since then is enough, and older facts may be deleted

    async def follow(self) -> None:
        """A worker: keeps what is applied and stored true. Runs until cancelled."""
        pauses, loaded = BACKOFF.pauses(), False
        while True:
            try:
                if not loaded:
                    await self.load()
                    loaded = True
                await self._read(until_now=not self.caught_up)
                pauses.reset()
                if not self.caught_up:
                    self.caught_up = True
                    self.settled.set()
                    continue
            except errors.Aborted:
                pauses.reset()  # the stream's planned end
            except Exception as error:
                if loaded and self.trusted:
                    self.settled.set()
                _log.warning("a feed can't be followed", extra={"feed": self.name, "error": repr(error)[:200]})
            await pauses.wait()

    async def watch(self) -> None:
        """A worker: notes in the database that the feed is followed, and deletes what has become too old."""
        if self.pool is None:
            return
        try:
            while True:
                await asyncio.sleep(WATCH_SECONDS)
                try:
                    await self._note()
                except Exception as error:
                    _log.warning("a feed's state can't be stored", extra={"feed": self.name, "error": repr(error)[:200]})
        finally:
            await self._close()

    async def _note(self) -> None:
        if not self.is_ready:
            await self._follow_another()
        elif self._all_stored:
            await self.pool.execute(_WATCHED, self.name, timedelta(seconds=self.silence()))
            if self.keep_seconds is not None and time.monotonic() >= self._forget:
                await self.pool.execute(_FORGET, self.name, timedelta(seconds=self.keep_seconds))
                self._forget = time.monotonic() + FORGET_SECONDS

    async def _follow_another(self) -> None:
        """Trusts what is stored if another process has noted meanwhile that it follows."""
        state = await self.pool.fetchrow(_STATE, self.name)
        if state is not None and self._watched is not None and state["watched"] > self._watched:
            await self.load()
            self.trusted = True
            self.settled.set()

    async def _close(self) -> None:
        """Notes that this process ends in good order. A killed one can't, so that no one trusts what it had not stored."""
        if self.is_ready and self._all_stored:
            with suppress(Exception):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await self.pool.execute(_CLOSED, self.name)

    async def _read(self, until_now: bool) -> None:
        """Reads the journal from where this process stands; with `until_now` to its end."""
        from kit.shares import SHARDS  # with the database's driver, which services without one need not load

        asked = self.request(shards=range(SHARDS), after=self._after, filters=[{"kinds": self.kinds}], until_now=until_now)
        if self.keep_seconds is not None:
            asked.since.FromMicroseconds(int((time.time() - self.keep_seconds) * 1e6))
        events: list[Any] = []
        async for response in self.open(asked):
            self._heard = time.monotonic()
            self.following.heard_response(response)
            if response.WhichOneof("item") == "event":
                await failpoints.reach("kit.feed.before_apply")
                self._all_stored = False
                self.apply(response.event)
                self.following.handled()
                events.append(response.event)
                if not until_now or len(events) >= BATCH:
                    await self._store(events, {})
                    events = []
            else:
                await self._store(events, dict(response.checkpoint.positions))
                events = []

    async def _store(self, events: Sequence[Any], positions: dict[int, int]) -> None:
        """Stores facts and positions together; only then this process continues from there after an interruption."""
        if events:
            await failpoints.reach("kit.feed.before_store")
        positions = {event.envelope.shard: event.envelope.position for event in events} | positions
        if not positions:
            return
        if self.pool is not None:
            kept = {key: event for event in events if (key := self.key(event))}
            async with self.pool.acquire() as connection, connection.transaction():
                if kept:
                    columns = zip(*(_row(key, event) for key, event in kept.items()), strict=True)
                    await connection.execute(_STORE, self.name, *map(list, columns))
                await connection.execute(_MOVE, self.name, list(positions), list(positions.values()))
        self._after |= positions
        self._all_stored = True
        if events:
            await failpoints.reach("kit.feed.after_store")


def _row(key: str, event: Any) -> tuple[str, int, int, bytes, datetime]:
    envelope = event.envelope
    return key, envelope.shard, envelope.position, event.SerializeToString(), envelope.create_time.ToDatetime(UTC)


def opener(watch_events: Any, signer: Signer) -> Callable[[Any], AsyncIterator[Any]]:
    """Opens streams of another service's journal, by its RPC `WatchEvents`."""
    return lambda asked: client.stream(watch_events, asked, token=signer.service_token())


async def settle(feeds: Sequence[Feed], seconds: float) -> None:
    """Waits until each feed has been read to its end, or is known not to answer; but not for longer."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            for feed in feeds:
                await feed.settled.wait()
    if unread := sorted(feed.name for feed in feeds if not feed.caught_up):
        _log.warning("serving with what is stored of feeds whose source does not answer", extra={"feeds": unread})
