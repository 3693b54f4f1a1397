"""WebChatService."""

import asyncio
from collections.abc import AsyncIterator

from frontdesk.channel import v1 as pb

from kit import caller, failpoints, names
from kit.ids import OrganizationId
from kit.interceptors import Context
from services.channel import convert
from services.channel.app import App
from services.channel.app.sessions import Opening
from services.channel.convert import web_chat
from services.channel.domain.channels import ChannelId, ChannelNotFound
from services.channel.domain.sessions import SessionId
from services.channel.rpc.chat import Chat
from services.channel.rpc.network import address_of, metadata_of


class WebChatServicer(pb.WebChatServiceServicer):
    def __init__(self, app: App, draining: asyncio.Event) -> None:
        self._sessions = app.sessions
        self._messages = app.messages
        self._conversations = app.conversations
        self._widgets = app.widgets
        self._draining = draining

    async def GetWidget(self, request: pb.GetWidgetRequest, context: Context) -> pb.Widget:
        organization, channel = convert.channel_ids(request.name.removesuffix("/widget"))
        wanted = [request.language] if request.language else []
        return web_chat.widget_to_pb(await self._widgets.get(organization, channel, wanted))

    async def OpenSession(self, request: pb.OpenSessionRequest, context: Context) -> pb.Session:
        organization, channel = convert.channel_ids(request.channel)
        metadata = metadata_of(context)
        opening = Opening(
            organization=organization,
            channel=channel,
            identity_token=request.identity_token,
            display_name=request.display_name,
            language=request.language,
            origin=metadata.get("origin", ""),
            address=address_of(context),
            email=request.email,
            returning=request.returning,
            hosts=_hosts(metadata),
        )
        return convert.session_to_pb(await self._sessions.open(opening))

    async def RefreshSession(self, request: pb.RefreshSessionRequest, context: Context) -> pb.Session:
        ids = names.parse(convert.SESSION, request.name)
        grant = await self._sessions.refresh(
            OrganizationId(ids["organization"]),
            ChannelId(ids["channel"]),
            SessionId(ids["session"]),
            request.secret,
            address_of(context),
        )
        return convert.session_to_pb(grant)

    async def SendMessage(self, request: pb.SendMessageRequest, context: Context) -> pb.SendMessageResponse:
        writer = convert.writer(caller.current(), request.conversation)
        sent = await self._messages.send(writer, convert.said_from_pb(request.text, request.content), request.request_id)
        await failpoints.reach("channel.send.before_reply")
        return convert.sent_to_pb(sent)

    async def CreateConversation(
        self, request: pb.CreateConversationRequest, context: Context
    ) -> pb.CreateConversationResponse:
        holder = convert.holder(caller.current())
        _, channel = convert.channel_ids(request.parent)
        if channel != holder.channel:
            raise ChannelNotFound(channel)
        created = await self._sessions.create_conversation(holder, request.request_id)
        await failpoints.reach("channel.create_conversation.before_reply")
        return pb.CreateConversationResponse(conversation=f"organizations/{holder.organization}/conversations/{created}")

    async def Chat(self, requests: AsyncIterator[pb.ChatRequest], context: Context) -> AsyncIterator[pb.ChatResponse]:
        chat = Chat(self._messages, self._conversations, self._draining)
        async for frame in chat.run(requests, caller.current()):
            yield frame

    async def SetTyping(self, request: pb.SetTypingRequest, context: Context) -> pb.SetTypingResponse:
        await self._messages.set_typing(convert.writer(caller.current(), request.conversation), request.typing)
        return pb.SetTypingResponse()

    async def RequestHuman(self, request: pb.RequestHumanRequest, context: Context) -> pb.RequestHumanResponse:
        writer = convert.writer(caller.current(), request.conversation)
        state = await self._messages.request_human(writer, request.reason)
        return pb.RequestHumanResponse(state=f"CONVERSATION_STATE_{state}")

    async def LeaveQueue(self, request: pb.LeaveQueueRequest, context: Context) -> pb.LeaveQueueResponse:
        state = await self._conversations.leave_line(convert.writer(caller.current(), request.conversation))
        return pb.LeaveQueueResponse(state=f"CONVERSATION_STATE_{state}")

    async def GetHumanAvailability(self, request: pb.GetHumanAvailabilityRequest, context: Context) -> pb.HumanAvailability:
        found = await self._conversations.availability(convert.writer(caller.current(), request.conversation))
        return web_chat.availability_to_pb(found)

    async def MarkRead(self, request: pb.MarkReadRequest, context: Context) -> pb.MarkReadResponse:
        await self._conversations.mark_read(convert.writer(caller.current(), request.conversation), request.seq)
        return pb.MarkReadResponse()

    async def RateConversation(self, request: pb.RateConversationRequest, context: Context) -> pb.RateConversationResponse:
        writer = convert.writer(caller.current(), request.conversation)
        await self._conversations.rate(writer, request.score, request.comment)
        return pb.RateConversationResponse()


def _hosts(metadata: dict[str, str]) -> frozenset[str]:
    """The names under which a browser called our proxy. A page of another site can't set this header: it is not in CORS."""
    told = metadata.get("x-forwarded-host", "").lower()
    return frozenset(host for part in told.split(",") if (host := part.strip()))
