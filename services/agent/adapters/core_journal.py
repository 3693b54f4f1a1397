"""Core's journal from its beginning, folded into who has which conversation now."""

import grpc
from frontdesk.core.internal import v1 as internal

from kit import client, names
from kit.caller import Signer
from kit.ids import OrganizationId
from kit.journal import SHARDS
from services.agent.domain.holds import Hold
from services.agent.domain.ids import AgentId, ConversationId

_KINDS = ("HandoverRequested", "ConversationTaken", "ConversationReturned", "ConversationClosed", "ConversationErased")


class GrpcCoreJournal:
    """The port CoreJournal."""

    def __init__(self, channel: grpc.aio.Channel, signer: Signer) -> None:
        self._events = internal.EventServiceStub(channel)
        self._signer = signer

    async def holds(self) -> set[Hold]:
        request = internal.WatchEventsRequest(shards=range(SHARDS), filters=[{"kinds": _KINDS}], until_now=True)
        now: dict[str, Hold] = {}
        async for response in client.stream(self._events.WatchEvents, request, token=self._signer.service_token()):
            if response.WhichOneof("item") == "event":
                name, hold = _after(response.event)
                now.pop(name, None)
                if hold is not None:
                    now[name] = hold
        return set(now.values())


def _after(event: internal.Event) -> tuple[str, Hold | None]:
    """A conversation's name, and who has it after an event."""
    organization, now = OrganizationId(event.envelope.organization), event.conversation
    id = ConversationId(names.last(now.name))
    match event.WhichOneof("fact"):
        case "handover_requested":
            return now.name, Hold(organization, id)
        case "conversation_taken":
            return now.name, Hold(organization, id, AgentId(names.last(now.agent)), now.epoch)
    return now.name, None
