"""`Conversations` as core keeps them."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC
from typing import cast

import grpc
from frontdesk.core import v1 as core
from frontdesk.core.internal import v1 as internal

from kit import client, failpoints, names
from kit.caller import Signer
from kit.convert import time_to_pb
from kit.errors import FailedPrecondition, NotFound
from kit.ids import OrganizationId
from services.channel.domain.channels import ChannelId
from services.channel.domain.deliveries import Outgoing
from services.channel.domain.inbound import Accepted, AddressKind, Arrival, Responder
from services.channel.domain.sessions import ConversationId, CustomerId, Session
from services.channel.ports import ConversationRef, Frame

_KINDS = {AddressKind.WHATSAPP: core.IDENTITY_KIND_WHATSAPP_USER}
_RESPONDERS = {
    Responder.ASSISTANT: internal.RESPONDER_UNSPECIFIED,
    Responder.AGENTS: internal.RESPONDER_AGENTS,
    Responder.NOBODY: internal.RESPONDER_NOBODY,
}
"""The prefix of an address that a signed token names."""
RECEIVE_SECONDS = 3.0
"""After this a message is on disk anyway, and its sender learns that it waits."""


def _ref(conversation: core.Conversation) -> ConversationRef:
    return ConversationRef(
        ConversationId(names.last(conversation.name)),
        CustomerId(names.last(conversation.customer)),
        ChannelId(names.last(conversation.channel)),
    )


def _content(arrival: Arrival) -> core.MessageContent | None:
    """All parts; None for a text alone. A provider's parts come without the text."""
    if not arrival.content and not arrival.reply_to:
        return None
    content = core.MessageContent.FromString(arrival.content)
    if arrival.sender is not None and arrival.text:
        content.parts.insert(0, core.Part(text=arrival.text))
    if arrival.reply_to:
        content.reply_to = f"organizations/{arrival.organization}/{arrival.reply_to}"
    return content


def _about(conversation: str) -> tuple[tuple[str, str], ...]:
    """Metadata by which a mesh's proxies bring the calls of a conversation to one replica of core."""
    return (("x-conversation", conversation),)


class CoreConversations:
    def __init__(self, channel: grpc.aio.Channel, signer: Signer) -> None:
        self._conversations = internal.ConversationServiceStub(channel)
        self._messages = internal.MessageServiceStub(channel)
        self._turns = internal.TurnServiceStub(channel)
        self._erasures = internal.ErasureServiceStub(channel)
        self._public = core.ConversationServiceStub(channel)
        self._signer = signer

    async def open(
        self, session: Session, *, language: str = "", thread_key: str = "", email: str = "", existing: bool = False
    ) -> ConversationRef:
        organization = f"organizations/{session.organization}"
        identity = core.Identity(
            kind=core.IDENTITY_KIND_EXTERNAL_ID if session.subject else core.IDENTITY_KIND_BROWSER,
            value=session.subject or session.id,
            source=core.IDENTITY_SOURCE_SIGNED_TOKEN if session.subject else core.IDENTITY_SOURCE_SESSION,
        )
        identity.verify_time.GetCurrentTime()
        request = internal.OpenConversationRequest(
            parent=organization,
            channel=f"{organization}/channels/{session.channel}",
            identity=identity,
            thread_key=thread_key,
            display_name=session.display_name,
            language=language,
            existing=existing,
        )
        if email:
            request.claims.add(kind=core.IDENTITY_KIND_EMAIL, value=email, source=core.IDENTITY_SOURCE_CUSTOMER)
        await failpoints.reach("channel.open.before_call")
        found: core.Conversation = await client.call(
            self._conversations.OpenConversation, request, token=self._signer.service_token(session.organization)
        )
        await failpoints.reach("channel.open.after_call")
        return _ref(found)

    async def find(self, organization: OrganizationId, conversation: ConversationId) -> ConversationRef | None:
        request = core.GetConversationRequest(name=f"organizations/{organization}/conversations/{conversation}")
        try:
            found: core.Conversation = await client.call(
                self._public.GetConversation, request, token=self._signer.service_token(organization)
            )
        except NotFound:
            return None
        return _ref(found)

    async def receive(self, arrival: Arrival) -> Accepted:
        organization = f"organizations/{arrival.organization}"
        content = _content(arrival)
        request = internal.ReceiveMessageRequest(
            parent=organization,
            channel=f"{organization}/channels/{arrival.channel}",
            source_id=arrival.source_id,
            text="" if content else arrival.text,
            content=content,
            request_id=arrival.request_id,
            responder=_RESPONDERS[arrival.responder],
        )
        if arrival.sender is None:
            request.conversation = f"{organization}/conversations/{arrival.conversation}"
        else:
            request.identity.kind, request.identity.value = _KINDS[arrival.sender.kind], arrival.sender.address
            request.identity.source = core.IDENTITY_SOURCE_PROVIDER
            request.identity.verify_time.GetCurrentTime()
            request.display_name = arrival.sender.display_name
            request.quiet.FromTimedelta(arrival.quiet)
            if reach := arrival.sender.reach:
                until = time_to_pb(reach.until)
                carried = core.Capabilities(files=reach.files, max_options=reach.max_options, window_close_time=until)
                request.capabilities.CopyFrom(carried)
        await failpoints.reach("channel.forward.before_call")
        received: internal.ReceiveMessageResponse = await client.call(
            self._messages.ReceiveMessage,
            request,
            token=self._signer.service_token(arrival.organization),
            timeout=RECEIVE_SECONDS,
            metadata=_about(arrival.known_conversation) if arrival.known_conversation else (),
        )
        await failpoints.reach("channel.forward.after_call")
        message = received.message
        created = message.create_time.ToDatetime(UTC)
        parts = message.content.SerializeToString() if message.HasField("content") else b""
        place = message.name.split("/")[3]
        return Accepted(names.last(message.name), message.seq, created, message.epoch, place, message.text, parts)

    async def request_human(self, organization: OrganizationId, conversation: ConversationId, reason: str) -> str:
        request = internal.RequestHandoverRequest(
            name=f"organizations/{organization}/conversations/{conversation}", reason=reason
        )
        changed: core.Conversation = await client.call(
            self._conversations.RequestHandover, request, token=self._signer.service_token(organization)
        )
        return core.ConversationState.Name(changed.state).removeprefix("CONVERSATION_STATE_")

    async def leave_line(self, organization: OrganizationId, conversation: ConversationId) -> str:
        request = internal.WithdrawHandoverRequest(name=f"organizations/{organization}/conversations/{conversation}")
        changed: core.Conversation = await client.call(
            self._conversations.WithdrawHandover, request, token=self._signer.service_token(organization)
        )
        return core.ConversationState.Name(changed.state).removeprefix("CONVERSATION_STATE_")

    async def rate(self, organization: OrganizationId, conversation: ConversationId, score: int, comment: str) -> None:
        request = internal.RateConversationRequest(
            name=f"organizations/{organization}/conversations/{conversation}", score=score, comment=comment
        )
        await client.call(self._conversations.RateConversation, request, token=self._signer.service_token(organization))

    async def mark_read(self, organization: OrganizationId, conversation: ConversationId, seq: int) -> None:
        request = internal.MarkReadRequest(name=f"organizations/{organization}/conversations/{conversation}", seq=seq)
        token = self._signer.service_token(organization)
        await client.call(self._conversations.MarkRead, request, token=token, timeout=2.0, metadata=_about(conversation))

    async def may_leave(self, outgoing: Outgoing) -> bool:
        conversation = f"organizations/{outgoing.organization}/conversations/{outgoing.conversation}"
        request = internal.ClaimDispatchRequest(message=f"{conversation}/messages/{outgoing.message}")
        try:
            await client.call(
                self._turns.ClaimDispatch, request, token=self._signer.service_token(outgoing.organization), timeout=3.0
            )
        except FailedPrecondition as error:
            if error.reason != "EPOCH_PASSED":
                raise
            return False
        return True

    async def confirm_erasure(self, organization: OrganizationId, customer: CustomerId) -> None:
        request = internal.ConfirmErasureRequest(name=f"organizations/{organization}/customers/{customer}")
        await client.call(self._erasures.ConfirmErasure, request, token=self._signer.service_token(organization))

    async def set_typing(self, organization: OrganizationId, conversation: ConversationId, typing: bool) -> None:
        request = internal.SetTypingRequest(
            name=f"organizations/{organization}/conversations/{conversation}",
            role=core.PARTICIPANT_ROLE_CUSTOMER,
            typing=typing,
        )
        token = self._signer.service_token(organization)
        await client.call(self._conversations.SetTyping, request, token=token, timeout=2.0, metadata=_about(conversation))

    async def watch(
        self, organization: OrganizationId, conversation: ConversationId, resume_token: str, token: str
    ) -> AsyncGenerator[Frame, None]:
        request = core.WatchConversationRequest(
            name=f"organizations/{organization}/conversations/{conversation}", resume_token=resume_token
        )
        responses = client.stream(self._public.WatchConversation, request, token=token, metadata=_about(conversation))
        async with aclosing(cast(AsyncGenerator[object, None], responses)) as frames:
            async for frame in frames:
                yield Frame(frame)
