"""How queued deliveries leave: one at a time per conversation, in their order, and none twice.

What the provider certainly did not accept is tried again or has failed. What it perhaps accepted is UNKNOWN, and is never
repeated until the provider's message list shows that it is not there.
"""

import asyncio
import logging
import time
from collections.abc import Coroutine
from datetime import timedelta

from kit import failpoints
from kit.errors import FrontdeskError
from services.channel.domain import deliveries as rules
from services.channel.domain.channels import Channel, State
from services.channel.domain.deliveries import Delivery, DeliveryState
from services.channel.domain.providers import ProviderError, RateLimited, Refused
from services.channel.ports import Channels, Conversations, Deliveries, Provider, Providers

MAX_AT_ONCE = 50
HELD = timedelta(seconds=5)
"""How long what is claimed is left alone by other workers; core's answer comes before that."""
PAUSED = timedelta(seconds=5)
CORE_AWAY = timedelta(seconds=2)
"""How soon core is asked again: its outage is nobody's fault, and customers wait for no longer than it lasts."""
_CHANNEL_GONE = "The channel was removed before this left."

_log = logging.getLogger("frontdesk")


class Dispatcher:
    """The deliveries that this process works on."""

    def __init__(
        self,
        deliveries: Deliveries,
        channels: Channels,
        conversations: Conversations,
        providers: Providers,
        settled: timedelta = rules.SETTLED,
        fresh: timedelta = rules.FRESH,
    ) -> None:
        self._deliveries = deliveries
        self._channels = channels
        self._conversations = conversations
        self._providers = providers
        self._settled = settled
        self._fresh = fresh.total_seconds()
        self._tasks: set[asyncio.Task[None]] = set()

    async def work_once(self) -> int:
        """Begins with what is queued and due; returns how many. What was begun goes on behind it."""
        if (room := MAX_AT_ONCE - len(self._tasks)) <= 0:
            return 0
        queued = await self._deliveries.claim(HELD, room)
        for item in queued:
            self._start(self._dispatch(item), item)
        return len(queued)

    async def look_once(self) -> None:
        """Begins to look for what is UNKNOWN, and for what a lost worker left in SENDING, which is UNKNOWN by that."""
        if overdue := await self._deliveries.overdue():
            _log.warning("deliveries were left in SENDING", extra={"count": overdue})
        if (room := MAX_AT_ONCE - len(self._tasks)) > 0:
            for item in await self._deliveries.unknown(HELD + rules.CALL, room):
                self._start(self._resolve(item), item)

    async def drain(self) -> None:
        """Waits until nothing is under way here."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def _start(self, work: Coroutine[None, None, None], item: Delivery) -> None:
        task = asyncio.create_task(self._guarded(work, item), name=f"delivery {item.id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[None, None, None], item: Delivery) -> None:
        try:
            await work
        except Exception as error:  # what it left behind is found when its lease has run out
            _log.warning("a delivery was interrupted", extra={"delivery": item.id, "error": repr(error)[:200]})

    async def _dispatch(self, item: Delivery) -> None:
        """Hands a QUEUED delivery to its provider, if it may leave."""
        out = item.outgoing
        try:
            channel = await self._channels.get(out.organization, out.channel)
        except FrontdeskError as error:  # its credentials cannot be opened
            await self._deliveries.reschedule(item, _words(error), PAUSED)
            return
        if channel is None:
            await self._deliveries.ended(item, DeliveryState.FAILED, _CHANNEL_GONE)
            return
        if channel.state is State.PAUSED:
            await self._deliveries.reschedule(item, "", PAUSED)
            return
        asked = time.monotonic()
        if out.fenced:
            try:
                may_leave = await self._conversations.may_leave(out)
            except FrontdeskError as error:
                await self._deliveries.reschedule(item, _words(error), CORE_AWAY)
                return
            if not may_leave:
                await self._deliveries.ended(item, DeliveryState.CANCELLED, "A human took the conversation before this left.")
                return
        begun = await self._deliveries.begin(item, rules.LEASE)
        if begun is None:
            return
        if time.monotonic() - asked > self._fresh:  # core's word is too old; it was not sent, so ask again
            await self._deliveries.reschedule(begun, "", timedelta())
            return
        await self._send(channel, self._providers[channel.kind], begun)

    async def _send(self, channel: Channel, provider: Provider, begun: Delivery) -> None:
        await failpoints.reach("channel.provider.before_call")
        try:
            report = await provider.send(channel, begun)
            await failpoints.reach("channel.provider.after_call")
        except Refused as error:
            await self._deliveries.ended(begun, DeliveryState.FAILED, error.problem)
        except RateLimited as error:
            await self._deliveries.reschedule(begun, error.problem, error.after or rules.pause_after(begun.attempts))
        except ProviderError as error:
            await self._deliveries.ended(begun, DeliveryState.UNKNOWN, error.problem)
        else:
            await self._deliveries.sent(begun, report)

    async def _resolve(self, item: Delivery) -> None:
        """Looks for an UNKNOWN delivery in the provider's message list."""
        out = item.outgoing
        try:
            channel = await self._channels.get(out.organization, out.channel)
            if channel is None:
                await self._deliveries.ended(item, DeliveryState.FAILED, _CHANNEL_GONE)
                return
            candidates = await self._providers[channel.kind].find(channel, item)
        except (ProviderError, FrontdeskError) as error:  # it can't be asked, or the channel's credentials can't be opened
            _log.info("a delivery can't be looked for", extra={"delivery": item.id, "error": str(error)[:200]})
            await self._deliveries.looked(item, rules.look_after(item.looks))
            return
        others = await self._deliveries.known(out.organization, [each.provider_id for each in candidates])
        mine = next((each for each in candidates if each.provider_id not in others), None)
        if mine is not None:
            await self._deliveries.sent(item, mine)
        elif item.age > self._settled:
            await self._deliveries.reschedule(item, item.problem, timedelta())
        else:
            await self._deliveries.looked(item, rules.look_after(item.looks))


def _words(error: FrontdeskError) -> str:
    return f"{error.reason}: {error.message}"[:300]
