"""Core's journal, with a note of how far it is known; and tags, read at core in batches."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

import grpc
from frontdesk.core.internal import v1 as internal

from kit import client
from kit.caller import Signer
from kit.clock import Clock
from kit.journal import Source
from services.admin.ports import Progress


class NotedSource:
    """Core's journal to follow. With each checkpoint it notes that there was nothing more at that moment."""

    def __init__(self, source: Source, progress: Progress, now: Clock) -> None:
        self._source = source
        self._progress = progress
        self._now = now

    async def open(self, shards: Sequence[int], after: Mapping[int, int]) -> AsyncGenerator[Any, None]:
        """Opens the stream of some shards after positions."""
        positions = {shard: after.get(shard, 0) for shard in shards}
        async with aclosing(self._source.open(shards, after)) as responses:
            async for response in responses:
                if response.WhichOneof("item") == "event":
                    positions[response.event.envelope.shard] = response.event.envelope.position
                    yield response
                    continue
                moment = self._now()
                positions |= response.checkpoint.positions
                yield response
                await self._progress.note(positions, moment)

    def handled(self, event: Any) -> None:
        """Notes that an event was handled."""
        self._source.handled(event)


class GrpcConversationTags:
    """The port ConversationTags."""

    def __init__(self, channel: grpc.aio.Channel, signer: Signer) -> None:
        self._events = internal.EventServiceStub(channel)
        self._signer = signer

    async def of(self, conversations: Sequence[str]) -> dict[str, tuple[str, ...]]:
        request = internal.BatchGetConversationsRequest(names=list(dict.fromkeys(conversations)))
        response: internal.BatchGetConversationsResponse = await client.call(
            self._events.BatchGetConversations, request, token=self._signer.service_token()
        )
        return {item.conversation.name: tuple(item.conversation.tags) for item in response.items}
