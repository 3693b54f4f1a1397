"""Core, over gRPC. The agent service calls with its own token for the organization and names the agent."""

from datetime import UTC
from typing import TYPE_CHECKING

from frontdesk.core import v1 as core
from frontdesk.core.internal import v1 as internal

from kit import caller, client, errors, names
from kit.ids import OrganizationId
from services.agent.domain.ids import AgentId, ConversationId
from services.agent.ports import ConversationTaken, Said, Taken, Written

if TYPE_CHECKING:
    import grpc


class GrpcCore:
    """`ports.Core`."""

    def __init__(self, channel: "grpc.aio.Channel", signer: caller.Signer) -> None:
        self._conversations = internal.ConversationServiceStub(channel)
        self._turns = internal.TurnServiceStub(channel)
        self._messages = internal.MessageServiceStub(channel)
        self._closing = core.ConversationServiceStub(channel)
        self._erasures = internal.ErasureServiceStub(channel)
        self._signer = signer

    async def confirm_erasure(self, organization: OrganizationId, customer: str) -> None:
        """Says that nothing of a customer is left here."""
        request = internal.ConfirmErasureRequest(name=f"organizations/{organization}/customers/{customer}")
        await client.call(self._erasures.ConfirmErasure, request, token=self._token(organization))

    async def request_handover(self, organization: OrganizationId, conversation: ConversationId, reason: str) -> None:
        request = internal.RequestHandoverRequest(name=_conversation(organization, conversation), reason=reason)
        await client.call(self._conversations.RequestHandover, request, token=self._token(organization))

    async def take(
        self,
        organization: OrganizationId,
        conversation: ConversationId,
        agent: AgentId,
        display_name: str,
        from_agent: AgentId | None = None,
    ) -> Taken:
        request = internal.TakeConversationRequest(
            name=_conversation(organization, conversation),
            agent=_agent(organization, agent),
            agent_display_name=display_name,
            from_agent=_agent(organization, from_agent) if from_agent else "",
        )
        try:
            response: internal.TakeConversationResponse = await client.call(
                self._turns.TakeConversation, request, token=self._token(organization)
            )
        except errors.FailedPrecondition as error:
            if error.reason != "CONVERSATION_TAKEN":
                raise
            winner = AgentId(names.last(error.metadata.get("agent", "")))
            raise ConversationTaken(winner, error.metadata.get("agent_display_name", "")) from error
        return _taken(response.conversation, tuple(response.messages_on_the_wire))

    async def give_back(self, organization: OrganizationId, conversation: ConversationId, agent: AgentId) -> Taken:
        request = internal.ReturnToAssistantRequest(
            name=_conversation(organization, conversation), agent=_agent(organization, agent)
        )
        given: core.Conversation = await client.call(self._turns.ReturnToAssistant, request, token=self._token(organization))
        return _taken(given)

    async def close(self, organization: OrganizationId, conversation: ConversationId) -> Taken:
        request = core.CloseConversationRequest(name=_conversation(organization, conversation))
        closed: core.Conversation = await client.call(self._closing.CloseConversation, request, token=self._token(organization))
        return _taken(closed)

    async def post(
        self, organization: OrganizationId, conversation: ConversationId, agent: AgentId, said: Said, request_id: str
    ) -> Written:
        request = internal.PostMessageRequest(
            parent=_conversation(organization, conversation),
            agent=_agent(organization, agent),
            text=said.text,
            content=core.MessageContent.FromString(said.content) if said.content else None,
            request_id=request_id,
        )
        message: core.Message = await client.call(self._messages.PostMessage, request, token=self._token(organization))
        return _written(message)

    async def note(
        self,
        organization: OrganizationId,
        conversation: ConversationId,
        agent: AgentId,
        display_name: str,
        said: Said,
        request_id: str,
    ) -> Written:
        request = internal.AddNoteRequest(
            parent=_conversation(organization, conversation),
            agent=_agent(organization, agent),
            agent_display_name=display_name,
            text=said.text,
            content=core.MessageContent.FromString(said.content) if said.content else None,
            request_id=request_id,
        )
        message: core.Message = await client.call(self._messages.AddNote, request, token=self._token(organization))
        return _written(message)

    def _token(self, organization: OrganizationId) -> str:
        return self._signer.service_token(organization)


def _conversation(organization: OrganizationId, conversation: ConversationId) -> str:
    return f"organizations/{organization}/conversations/{conversation}"


def _agent(organization: OrganizationId, agent: AgentId) -> str:
    return f"organizations/{organization}/agents/{agent}"


def _taken(conversation: core.Conversation, on_the_wire: tuple[str, ...] = ()) -> Taken:
    return Taken(conversation.epoch, conversation.channel, on_the_wire)


def _written(message: core.Message) -> Written:
    return Written(message.name, message.create_time.ToDatetime(tzinfo=UTC))
