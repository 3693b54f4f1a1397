"""Core's journal, folded into the present holder of each conversation.

The fold of each shard is stored with its position, so a recount reads what has happened since the last one.
"""

from collections.abc import Callable
from typing import Any

import grpc
from frontdesk.core.internal import v1 as internal

from kit import client, names
from kit.caller import Signer
from kit.clock import utc_now
from kit.ids import OrganizationId
from kit.journal import SHARDS, Verified, shard_of
from services.agent.domain.holds import Hold
from services.agent.domain.ids import AgentId, ConversationId

NAME = "queue"
KINDS = ("HandoverRequested", "ConversationTaken", "ConversationReturned", "ConversationClosed", "ConversationErased")
_Holds = dict[tuple[str, str], Hold]
"""By organization and conversation."""


class GrpcCoreJournal:
    """The port CoreJournal."""

    def __init__(
        self, channel: grpc.aio.Channel, signer: Signer, verified: Verified, is_erased: Callable[[str], bool] = lambda _: False
    ) -> None:
        """`is_erased`: whether the erasure of an organization has begun. No fact would take it out of the stored fold."""
        self._events = internal.EventServiceStub(channel)
        self._signer = signer
        self._verified = verified
        self._is_erased = is_erased

    async def holds(self, full: bool) -> set[Hold]:
        stored = await self._verified.states(full)
        after = {shard: position for shard, (position, _) in stored.items()}
        holds = {_key(hold): hold for _, state in stored.values() for hold in _from_state(state)}
        request = internal.WatchEventsRequest(shards=range(SHARDS), after=after, filters=[{"kinds": KINDS}], until_now=True)
        moved: dict[int, int] = {}
        async for response in client.stream(self._events.WatchEvents, request, token=self._signer.service_token()):
            if response.WhichOneof("item") == "event":
                _apply(holds, response.event)
            else:
                moved |= response.checkpoint.positions
        holds = {key: hold for key, hold in holds.items() if not self._is_erased(hold.organization)}
        await self._store(holds, moved)
        return set(holds.values())

    async def erase(self, organization: OrganizationId) -> int:
        """Erases an organization from the stored fold of its shard. 0: it wasn't there."""
        return await self._verified.erase(shard_of(organization), "holds", organization)

    async def _store(self, holds: _Holds, moved: dict[int, int]) -> None:
        now = utc_now()
        by_shard: dict[int, list[Hold]] = {shard: [] for shard in moved}
        for hold in holds.values():
            by_shard.get(shard_of(hold.organization), []).append(hold)
        for shard, position in moved.items():
            await self._verified.store(shard, position, now, {"holds": [_to_state(hold) for hold in by_shard[shard]]})


def _apply(holds: _Holds, event: internal.Event) -> None:
    """Notes the new holder of an event's conversation."""
    organization, now = OrganizationId(event.envelope.organization), event.conversation
    id = ConversationId(names.last(now.name))
    match event.WhichOneof("fact"):
        case "handover_requested":
            holds[organization, id] = Hold(organization, id)
        case "conversation_taken":
            holds[organization, id] = Hold(organization, id, AgentId(names.last(now.agent)), now.epoch)
        case _:
            holds.pop((organization, id), None)


def _key(hold: Hold) -> tuple[str, str]:
    return hold.organization, hold.conversation


def _to_state(hold: Hold) -> list[object]:
    return [hold.organization, hold.conversation, hold.agent, hold.epoch]


def _from_state(state: Any) -> list[Hold]:
    return [Hold(*fields) for fields in state["holds"]]
