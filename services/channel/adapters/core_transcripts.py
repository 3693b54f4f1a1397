"""`Transcripts` as core keeps them."""

from collections.abc import Sequence
from datetime import UTC

import grpc
from frontdesk.core import v1 as core

from kit import client
from kit.caller import Signer
from kit.ids import OrganizationId
from services.channel.domain.letters import Line
from services.channel.domain.sessions import ConversationId

PAGE = 100


class CoreTranscripts:
    def __init__(self, channel: grpc.aio.Channel, signer: Signer) -> None:
        self._messages = core.MessageServiceStub(channel)
        self._conversations = core.ConversationServiceStub(channel)
        self._signer = signer

    async def read(self, organization: OrganizationId, conversation: ConversationId, limit: int) -> Sequence[Line]:
        found: list[core.Message] = []
        request = core.ListMessagesRequest(parent=_name(organization, conversation), page_size=min(PAGE, limit))
        while len(found) < limit:
            token = self._signer.service_token(organization)
            page: core.ListMessagesResponse = await client.call(self._messages.ListMessages, request, token=token)
            found = [*page.messages, *found]
            request.page_token = page.next_page_token
            if not page.next_page_token:
                break
        return [_line(message) for message in found[-limit:] if not message.note]

    async def read_until(self, organization: OrganizationId, conversation: ConversationId) -> int:
        request = core.GetConversationRequest(name=_name(organization, conversation))
        token = self._signer.service_token(organization)
        found: core.Conversation = await client.call(self._conversations.GetConversation, request, token=token)
        return found.customer_read_seq


def _name(organization: OrganizationId, conversation: ConversationId) -> str:
    return f"organizations/{organization}/conversations/{conversation}"


def _line(message: core.Message) -> Line:
    speaker = core.ParticipantRole.Name(message.role).removeprefix("PARTICIPANT_ROLE_")
    return Line(speaker, message.author_display_name, message.text, message.create_time.ToDatetime(UTC))
