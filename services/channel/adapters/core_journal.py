"""Core's journal, as the customers' messages in it."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

import grpc
from frontdesk.core import v1 as core
from frontdesk.core.internal import v1 as internal

from kit import client, names
from kit.caller import Signer
from kit.ids import OrganizationId
from kit.journal import SHARDS
from services.channel.ports import MessagesAtCore


class GrpcCoreJournal:
    def __init__(self, channel: grpc.aio.Channel, signer: Signer) -> None:
        self._events = internal.EventServiceStub(channel)
        self._signer = signer

    async def received(self, since: datetime) -> AsyncIterator[MessagesAtCore]:
        for shard in range(SHARDS):
            yield await self._received(shard, since)

    async def _received(self, shard: int, since: datetime) -> MessagesAtCore:
        request = internal.WatchEventsRequest(shards=[shard], filters=[{"kinds": ["MessageCreated"]}], until_now=True)
        request.since.FromDatetime(since)
        found: defaultdict[OrganizationId, dict[str, datetime]] = defaultdict(dict)
        async for response in client.stream(self._events.WatchEvents, request, token=self._signer.service_token()):
            if response.event.message_created.role == core.PARTICIPANT_ROLE_CUSTOMER:
                envelope = response.event.envelope
                when = envelope.create_time.ToDatetime(UTC)
                found[OrganizationId(envelope.organization)][names.last(envelope.subject)] = when
        return found


class CoreMessages:
    """Messages that core's facts refer to."""

    def __init__(self, channel: grpc.aio.Channel, signer: Signer) -> None:
        self._events = internal.EventServiceStub(channel)
        self._signer = signer

    async def __call__(self, messages: Sequence[str]) -> Sequence[internal.BatchGetMessagesResponse.Item]:
        """Reads at most 100 messages by their names. Raises Unavailable."""
        response: internal.BatchGetMessagesResponse = await client.call(
            self._events.BatchGetMessages,
            internal.BatchGetMessagesRequest(names=messages),
            token=self._signer.service_token(),
        )
        return response.items
