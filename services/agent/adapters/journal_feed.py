"""The service's own journal as live feeds: one reader per process, fanned out to each watcher of the organization."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Any

from kit import postgres
from kit.ids import OrganizationId
from kit.journal import BATCH, HEARTBEAT_SECONDS, POLL_SECONDS, Journal, Record, shard_of
from kit.streams import Backlog, ResumeTokenExpired
from services.agent.adapters.facts import decode
from services.agent.domain.agent import Agent
from services.agent.domain.custody import Custody, Handover
from services.agent.domain.facts import (
    AgentPresenceChanged,
    AssignedMessageCreated,
    AssignmentStarted,
    HandoverAccepted,
    HandoverQueued,
)
from services.agent.ports import Agents, Batch, Custodies, Told

_UNAVAILABLE_ERRORS: tuple[type[BaseException], ...] = (*postgres.UNAVAILABLE_ERRORS, TimeoutError)
_log = logging.getLogger("frontdesk")

FRAME_SECONDS = 0.2
"""Between two batches of a watcher: at most five a second, however much happens."""
MAX_MISSED = 5_000
"""How many events of its shard a watcher may be behind; past it, listing again is cheaper."""


_About = Handover | Custody | Agent | None
_Known = dict[object, _About]


async def pause() -> None:
    """Between two batches."""
    await asyncio.sleep(FRAME_SECONDS)


class JournalFeed:
    """`ports.Feed` on the kit's journal. `run` is a worker; without it no one hears anything new."""

    def __init__(
        self,
        pool: Any,
        journal: Journal,
        custodies: Custodies,
        agents: Agents,
        draining: asyncio.Event,
        most_unsent: int = 1_000,
        pause: Callable[[], Awaitable[None]] = pause,
    ) -> None:
        self._pool = pool
        self._custodies = custodies
        self._agents = agents
        self._journal = journal
        self._draining = draining
        self._most_unsent = most_unsent
        self._pause = pause
        self._positions: dict[int, int] = {}
        self._ready = asyncio.Event()
        self._watchers: dict[OrganizationId, set[Backlog[Told]]] = defaultdict(set)

    async def run(self) -> None:
        """Reads all shards from where it is and hands out what it reads; ends when the process drains.

        While PostgreSQL is unavailable the streams stay open, and continue without a gap when it is back.
        """
        while not self._draining.is_set():
            try:
                await self._read_on()
            except _UNAVAILABLE_ERRORS as error:
                _log.warning("PostgreSQL is unavailable; inboxes wait", extra={"error": repr(error)[:200]})
                await asyncio.sleep(POLL_SECONDS)

    async def _read_on(self) -> None:
        if not self._positions:
            self._positions = dict(await self._pool.fetch("select shard, position from shard"))
        self._ready.set()
        async for records in self._journal.watch(dict(self._positions), over=self._draining.is_set, gaps=True):
            known: _Known = {}
            for record in records:
                watchers = self._watchers.get(OrganizationId(record.organization))
                if watchers and (item := await self._told(record, known)) is not None:
                    for watcher in self._watchers.get(OrganizationId(record.organization), ()):  # those of now
                        watcher.put(item)
                self._positions[record.shard] = record.position

    async def _told(self, record: Record, known: "_Known") -> Told | None:
        """A fact with its subject; None for one that no screen shows. `known`: the subjects read for the same batch."""
        fact = decode(record)
        if fact is None:
            return None
        organization = OrganizationId(record.organization)
        about: _About = None
        match fact:
            case HandoverQueued(handover=id) | HandoverAccepted(handover=id):
                if id not in known:
                    known[id] = await self._custodies.handover(organization, id)
                about = known[id]
            case AssignmentStarted(conversation=conversation) | AssignedMessageCreated(conversation=conversation):
                if conversation not in known:
                    known[conversation] = await self._custodies.find(organization, conversation)
                about = known[conversation]
            case AgentPresenceChanged(agent=agent):
                if (organization, agent) not in known:
                    known[organization, agent] = await self._agents.get(organization, agent)
                about = known[organization, agent]
        return Told(record.position, record.created, fact, about)

    async def end_streams(self) -> None:
        """A worker: ends every stream with its token when the process drains."""
        await self._draining.wait()
        for watchers in self._watchers.values():
            for watcher in watchers:
                watcher.end()

    async def end(self, organization: OrganizationId) -> int:
        return await self._journal.end(organization)

    async def watch(self, organization: OrganizationId, after: int | None, seconds: float) -> AsyncGenerator[Batch, None]:
        await self._ready.wait()
        watcher = Backlog[Told](self._most_unsent)
        self._watchers[organization].add(watcher)
        end = asyncio.get_running_loop().call_later(0 if self._draining.is_set() else seconds, watcher.end)
        shard = shard_of(organization)
        joined = self._positions[shard]
        last = joined if after is None else after
        try:
            if last > joined and last > await self._journal.end(organization):
                raise ResumeTokenExpired(resume_token=str(last))
            async for batch in self._missed(organization, shard, last, joined):
                last = batch.position
                yield batch
            last = max(last, joined)
            yield Batch(last)  # at once, so that a quiet stream shows that it is connected
            while True:
                if told := [item for item in watcher.take() if item.position > last]:
                    last = told[-1].position
                    yield Batch(last, told)
                    await self._pause()  # what happens meanwhile is one batch
                watcher.check(str(last))
                if not await watcher.wait(HEARTBEAT_SECONDS):
                    # Nothing is unsent, so everything the reader has passed is done with.
                    last = max(last, self._positions[shard])
                    yield Batch(last)
        finally:
            end.cancel()
            self._watchers[organization].discard(watcher)
            if not self._watchers[organization]:
                del self._watchers[organization]

    async def _missed(self, organization: OrganizationId, shard: int, last: int, joined: int) -> AsyncIterator[Batch]:
        """The facts committed after `last`, up to where the reader was when the watcher joined."""
        if joined - last > MAX_MISSED:
            raise ResumeTokenExpired(resume_token=str(last))
        while last < joined:
            records = await self._journal.read({shard: last}, BATCH)
            if not records or records[0].position != last + 1:  # older events are no longer kept
                raise ResumeTokenExpired(resume_token=str(last))
            known: _Known = {}
            wanted = [record for record in records if record.position <= joined and record.organization == organization]
            told = [item for record in wanted if (item := await self._told(record, known)) is not None]
            last = min(records[-1].position, joined)
            if told:
                yield Batch(last, told)
