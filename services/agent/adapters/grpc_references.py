"""The things that core's facts refer to, read at core in batches."""

from collections.abc import Sequence

import grpc
from frontdesk.core.internal import v1 as internal

from kit import client
from kit.caller import Signer
from services.agent.ports import Requested


class GrpcReferences:
    """The port References."""

    def __init__(self, channel: grpc.aio.Channel, signer: Signer) -> None:
        self._events = internal.EventServiceStub(channel)
        self._signer = signer

    async def texts(self, messages: Sequence[str]) -> dict[str, str]:
        request = internal.BatchGetMessagesRequest(names=list(dict.fromkeys(messages)))
        response: internal.BatchGetMessagesResponse = await client.call(
            self._events.BatchGetMessages, request, token=self._signer.service_token()
        )
        return {item.message.name: item.message.text for item in response.items}

    async def requested(self, conversations: Sequence[str]) -> dict[str, Requested]:
        request = internal.BatchGetConversationsRequest(names=list(dict.fromkeys(conversations)))
        response: internal.BatchGetConversationsResponse = await client.call(
            self._events.BatchGetConversations, request, token=self._signer.service_token()
        )
        return {
            item.conversation.name: Requested(
                item.conversation.handover_reason, item.customer_display_name, item.last_text, item.conversation.customer
            )
            for item in response.items
        }
