"""How stored messages get to core: one at a time per conversation, in their order, each until core has it or it is given up."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from kit.clock import Clock
from kit.errors import DeadlineExceeded, FrontdeskError, Unavailable
from kit.ids import OrganizationId
from services.channel.domain import inbound
from services.channel.domain.channels import ChannelId
from services.channel.domain.facts import InboundMessageDied
from services.channel.domain.inbound import Accepted, Arrival, Inbound, InboundId, Stored
from services.channel.ports import Conversations, Inbounds

_log = logging.getLogger("frontdesk")

MARK_SECONDS = 0.1
"""How long marks gather before they are written. A crash in between repeats calls that core knows already."""
LEASE = timedelta(seconds=10)
"""How long a claimed message is left alone by others; longer than an attempt may take."""
UNAVAILABLE_PAUSE = timedelta(seconds=1)
"""How long core is spared after it did not answer."""
SLOW = timedelta(seconds=2)
"""A time-out that took longer than this is core's, not the caller's."""
MAX_CLAIMED = 100
MAX_MARKED = 1000


class InboundForwarder:
    """Holds what is on its way in this process. Replicas may work on the same messages: core knows repetitions.

    The process that accepted a message tries it at once. One that stays behind (core unavailable, process killed) is found by
    `work_once`, in this process or another.
    """

    def __init__(self, inbounds: Inbounds, conversations: Conversations, now: Clock) -> None:
        self._inbounds = inbounds
        self._conversations = conversations
        self._now = now
        self._turns: dict[str, tuple[asyncio.Lock, int]] = {}
        self._settled: dict[InboundId, Accepted] = {}  # brought over, but not marked on disk yet
        self._soon: set[asyncio.Task[None]] = set()
        self._unmarked = asyncio.Event()
        self._unavailable_until: datetime | None = None

    async def accept(self, arrival: Arrival, admission: AbstractAsyncContextManager[None]) -> tuple[Stored, Accepted | None]:
        """Stores a message and brings it over; None when it has to wait. Raises what core refuses it with.

        Storing is part of the conversation's turn, so that what one client sends at once keeps its order; so is `admission`,
        which may refuse it.
        """
        async with self._turn(arrival.conversation):
            async with admission:
                stored = await self._inbounds.add(arrival)
            arrival = replace(arrival, responder=stored.responder)
            return stored, stored.accepted or self._settled.get(stored.id) or await self._hand_over(stored, arrival)

    async def has(self, arrival: Arrival) -> bool:
        """Whether a message is stored already."""
        return await self._inbounds.has(arrival)

    async def message(self, organization: OrganizationId, channel: ChannelId, source_id: str) -> str:
        """The message at core that a received one became, `conversations/{conversation}/messages/{message}`; or empty."""
        return await self._inbounds.message(organization, channel, source_id)

    async def store(self, arrival: Arrival) -> None:
        """Stores a message whose sender does not wait for core's answer, and brings it over afterwards."""
        stored = await self._inbounds.add(arrival)
        if stored.accepted is None:
            head = Inbound(stored.id, replace(arrival, responder=stored.responder), stored.created, stored.created)
            task = asyncio.create_task(self._forward_soon(head), name=f"inbound {stored.id}")
            self._soon.add(task)
            task.add_done_callback(self._soon.discard)

    async def _forward_soon(self, head: Inbound) -> None:
        if self._is_away():
            return  # `work_once` asks whether core is back
        try:
            async with self._turn(head.arrival.conversation):
                await self._bring_waiting(head)
        except Exception as error:  # it is stored: whatever broke here, `work_once` finds it
            _log.warning("a stored message waits", extra={"inbound": head.id, "error": repr(error)[:200]})

    async def work_once(self) -> int:
        """Tries the conversations whose time has come; returns how many got on."""
        limit = 1 if self._is_away() else MAX_CLAIMED  # while core is unavailable, one message asks whether it is back
        heads = await self._inbounds.claim(self._now(), LEASE, limit)
        moved = 0
        for position, head in enumerate(heads):
            async with self._turn(head.arrival.conversation):
                moved += await self._bring_waiting(head)
            if self._is_away():
                await self._inbounds.release([item.id for item in heads[position + 1 :]], self._now() + UNAVAILABLE_PAUSE)
                break
        return moved

    async def flush_marks(self) -> bool:
        """Waits until something was brought over, and writes down what is there a moment later. There may always be more."""
        await self._unmarked.wait()
        await asyncio.sleep(MARK_SECONDS)
        await self.flush()
        return True

    async def flush(self) -> None:
        """Writes down what was brought over."""
        while self._settled:
            marks = list(self._settled.items())[:MAX_MARKED]
            await self._inbounds.forwarded(marks)
            for id, _ in marks:
                self._settled.pop(id, None)
        self._unmarked.clear()

    async def _hand_over(self, stored: Stored, arrival: Arrival) -> Accepted | None:
        problem, attempts = "WAITS_ITS_TURN", 0
        if not self._is_away() and await self._bring_earlier(stored, arrival):
            try:
                return await self._bring(stored.id, arrival)
            except FrontdeskError as error:
                problem, attempts = _problem(error), 0 if inbound.is_outage(error) else 1
                if inbound.is_refusal(error):
                    await self._inbounds.refused(stored.id, problem)
                    raise
        await self._inbounds.postponed(stored.id, self._now() + inbound.OUTAGE_PAUSE, attempts, problem)
        return None

    async def _bring_earlier(self, stored: Stored, arrival: Arrival) -> bool:
        """Brings over what came before a message; whether it is its turn now."""
        if all(id in self._settled for id in stored.waiting):
            return True
        for item in await self._inbounds.waiting(arrival.conversation, arrival.organization):
            if item.id >= stored.id:
                break
            if not await self._got_on(item):
                return False
        return True

    async def _bring_waiting(self, head: Inbound) -> bool:
        moved = False
        for item in await self._inbounds.waiting(head.arrival.conversation, head.arrival.organization):
            if not await self._got_on(item, due=item.id == head.id):
                break
            moved = True
        return moved

    async def _got_on(self, item: Inbound, due: bool = False) -> bool:
        """Tries a message that was stored before; whether those behind it may continue."""
        if item.attempts and not due and item.next_attempt > self._now():
            return False
        try:
            await self._bring(item.id, item.arrival)
        except FrontdeskError as error:
            return await self._failed(item, error)
        return True

    async def _failed(self, item: Inbound, error: FrontdeskError) -> bool:
        """Decides what becomes of a message that could not be brought over; whether those behind it may continue."""
        problem = _problem(error)
        if inbound.is_outage(error):
            await self._inbounds.postponed(item.id, self._now() + inbound.OUTAGE_PAUSE, item.attempts, problem)
            return False
        attempts = item.attempts + 1
        if inbound.is_refusal(error) or attempts >= inbound.MAX_ATTEMPTS:
            fact = InboundMessageDied(item.id, item.arrival.known_conversation)
            await self._inbounds.died(item, problem, fact)
            return True
        await self._inbounds.postponed(item.id, self._now() + inbound.pause_after(attempts), attempts, problem)
        return False

    async def _bring(self, id: InboundId, arrival: Arrival) -> Accepted:
        if known := self._settled.get(id):
            return known
        started = self._now()
        try:
            accepted = await self._conversations.receive(arrival)
        except (Unavailable, DeadlineExceeded) as error:
            now = self._now()
            if isinstance(error, Unavailable) or now - started > SLOW:
                self._unavailable_until = now + UNAVAILABLE_PAUSE
            raise
        self._unavailable_until = None
        self._settled[id] = accepted
        self._unmarked.set()
        return accepted

    def _is_away(self) -> bool:
        return self._unavailable_until is not None and self._now() < self._unavailable_until

    @asynccontextmanager
    async def _turn(self, conversation: str) -> AsyncIterator[None]:
        """Lets one at a time work on a conversation, in the order of asking."""
        lock, waiting = self._turns.get(conversation) or (asyncio.Lock(), 0)
        self._turns[conversation] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._turns.pop(conversation)
            if waiting > 1:
                self._turns[conversation] = (lock, waiting - 1)


def _problem(error: FrontdeskError) -> str:
    return f"{error.reason}: {error.message}"[:300]
