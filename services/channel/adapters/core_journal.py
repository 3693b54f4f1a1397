"""Core's journal from its beginning, as the customers' messages in it."""

from collections import defaultdict
from collections.abc import AsyncIterator
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

    async def received(self) -> AsyncIterator[MessagesAtCore]:
        for shard in range(SHARDS):
            yield await self._received(shard)

    async def _received(self, shard: int) -> MessagesAtCore:
        request = internal.WatchEventsRequest(shards=[shard], kinds=["MessageCreated"], until_now=True)
        found: defaultdict[OrganizationId, dict[str, datetime]] = defaultdict(dict)
        async for response in client.stream(self._events.WatchEvents, request, token=self._signer.service_token()):
            message = response.event.message_created.message
            if message.role == core.PARTICIPANT_ROLE_CUSTOMER:
                when = message.create_time.ToDatetime(UTC)
                found[OrganizationId(response.event.organization)][names.last(message.name)] = when
        return found
