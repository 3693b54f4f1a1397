"""How queued deliveries leave: one at a time per conversation, in their order, and none twice.

A message that the provider certainly refused is retried or has failed. One that it perhaps accepted is UNKNOWN, and never
repeated until the provider's message list shows that it is not there.
"""

import logging
import time
from dataclasses import replace
from datetime import timedelta

from kit import failpoints, names
from kit.errors import FrontdeskError
from kit.jobs import Ended, Job, Outcome, Park
from services.channel.app.outbound_files import OutboundFiles
from services.channel.domain import deliveries as rules
from services.channel.domain.channels import Channel, State
from services.channel.domain.deliveries import Delivery, DeliveryId, DeliveryState
from services.channel.domain.providers import ProviderError, RateLimited, Refused, Withdrawn
from services.channel.ports import Channels, Conversations, Deliveries
from services.channel.ports.providers import Provider, Providers, Reconciler

PAUSED = timedelta(seconds=5)
CORE_AWAY = timedelta(seconds=2)
"""How soon core is asked again: its outage is no one's fault, and customers wait for no longer than it lasts."""
AT_ONCE = Park(timedelta())
_CHANNEL_GONE = "The channel was removed before this left."
_TAKEN = "A human took the conversation before this left."
_ABANDONED = "The worker that sent it was lost before the provider's answer was stored."
_NOBODY_KNOWS = "The provider's answer got lost, and it can't be asked: retry it only if the customer has not got it."

_log = logging.getLogger("frontdesk")


class Dispatcher:
    """Does the jobs of deliveries. The job's ordering key, the conversation, keeps the order and one at a time on the wire."""

    def __init__(
        self,
        deliveries: Deliveries,
        channels: Channels,
        conversations: Conversations,
        providers: Providers,
        files: OutboundFiles,
        settled: timedelta = rules.SETTLED,
        fresh: timedelta = rules.FRESH,
    ) -> None:
        self._deliveries = deliveries
        self._channels = channels
        self._conversations = conversations
        self._providers = providers
        self._files = files
        self._settled = settled
        self._fresh = fresh.total_seconds()

    async def handle(self, job: Job) -> Outcome | None:
        """Brings a delivery further. Its job ends with it."""
        item = await self._deliveries.get(job.organization, DeliveryId(names.last(job.subject)))
        if item is not None and item.state is DeliveryState.SENDING:  # by a worker that let its lease run out
            _log.warning("a delivery was left in SENDING", extra={"delivery": item.id})
            item = await self._deliveries.ended(item, DeliveryState.UNKNOWN, _ABANDONED)
        elif item is not None and item.state is DeliveryState.FAILED:  # its job was retried
            item = await self._deliveries.requeue(item)
        if item is None:
            return None
        match item.state:
            case DeliveryState.QUEUED:
                return await self._dispatch(item)
            case DeliveryState.UNKNOWN:
                return await self._resolve(item)
        return None

    async def _dispatch(self, item: Delivery) -> Outcome:
        """Hands a QUEUED delivery to its provider, if it may leave."""
        out = item.outgoing
        try:
            channel = await self._channels.get(out.organization, out.channel)
        except FrontdeskError as error:  # its credentials cannot be opened
            return await self._wait(item, _words(error), PAUSED)
        if channel is None:
            return await self._end(item, DeliveryState.FAILED, _CHANNEL_GONE)
        if channel.state is State.PAUSED:
            return Park(PAUSED)
        provider = self._providers[channel.kind]
        try:
            file = await self._files.of(item, provider.capabilities)
        except Refused as error:
            return await self._end(item, DeliveryState.FAILED, error.problem)
        asked = time.monotonic()
        if out.fenced:
            try:
                may_leave = await self._conversations.may_leave(out)
            except FrontdeskError as error:
                return await self._wait(item, _words(error), CORE_AWAY)
            if not may_leave:
                return await self._end(item, DeliveryState.CANCELLED, _TAKEN)
        begun = await self._deliveries.begin(item)
        if begun is None:
            return AT_ONCE
        if time.monotonic() - asked > self._fresh:  # core's word is too old; it was not sent, so ask again
            return await self._again(begun, "", timedelta())
        return await self._send(channel, provider, replace(begun, file=file))

    async def _send(self, channel: Channel, provider: Provider, begun: Delivery) -> Outcome:
        await failpoints.reach("channel.provider.before_call")
        try:
            report = await provider.sender.send(channel, begun)
            await failpoints.reach("channel.provider.after_call")
        except Refused as error:
            return await self._end(begun, DeliveryState.FAILED, error.problem)
        except Withdrawn as error:
            return await self._end(begun, DeliveryState.CANCELLED, error.problem)
        except RateLimited as error:
            return await self._again(begun, error.problem, error.after or rules.pause_after(begun.attempts))
        except ProviderError as error:
            await self._deliveries.ended(begun, DeliveryState.UNKNOWN, error.problem)
            return AT_ONCE
        await self._deliveries.sent(begun, report)
        return Ended()

    async def _resolve(self, item: Delivery) -> Outcome:
        """Finds out what became of an UNKNOWN delivery."""
        out = item.outgoing
        try:
            channel = await self._channels.get(out.organization, out.channel)
        except FrontdeskError as error:  # its credentials cannot be opened
            return await self._look_later(item, str(error))
        if channel is None:
            return await self._end(item, DeliveryState.FAILED, _CHANNEL_GONE)
        reconciler = self._providers[channel.kind].reconciler
        if reconciler is None:
            return await self._end(item, DeliveryState.FAILED, _NOBODY_KNOWS)
        return await self._look(item, channel, reconciler)

    async def _look(self, item: Delivery, channel: Channel, reconciler: Reconciler) -> Outcome:
        """Looks for an UNKNOWN delivery in the provider's message list."""
        try:
            candidates = await reconciler.find(channel, item)
        except ProviderError as error:
            return await self._look_later(item, str(error))
        ids = [each.provider_id for each in candidates]
        others = await self._deliveries.known(item.outgoing.organization, ids)
        mine = next((each for each in candidates if each.provider_id not in others), None)
        if mine is not None:
            await self._deliveries.sent(item, mine)
            return Ended()
        if item.age > self._settled:
            return await self._again(item, item.problem, timedelta())
        return await self._look_later(item, "")

    async def _look_later(self, item: Delivery, problem: str) -> Outcome:
        if problem:
            _log.info("a delivery can't be looked for", extra={"delivery": item.id, "error": problem[:200]})
        await self._deliveries.looked(item)
        return Park(rules.look_after(item.looks), problem)

    async def _wait(self, item: Delivery, problem: str, pause: timedelta) -> Outcome:
        """Leaves a delivery QUEUED, and says why."""
        await self._deliveries.note(item, problem)
        return Park(pause, problem)

    async def _again(self, item: Delivery, problem: str, pause: timedelta) -> Outcome:
        """Makes a delivery QUEUED again: it was certainly not accepted."""
        await self._deliveries.ended(item, DeliveryState.QUEUED, problem)
        return Park(pause, problem)

    async def _end(self, item: Delivery, state: DeliveryState, problem: str) -> Outcome:
        await self._deliveries.ended(item, state, problem)
        return Ended()


def _words(error: FrontdeskError) -> str:
    return f"{error.reason}: {error.message}"[:300]
