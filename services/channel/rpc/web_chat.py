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
from services.channel.domain.channels import ChannelId, ChannelNotFound
from services.channel.domain.sessions import SessionId
from services.channel.rpc.chat import Chat


class WebChatServicer(pb.WebChatServiceServicer):
    def __init__(self, app: App, draining: asyncio.Event) -> None:
        self._sessions = app.sessions
        self._messages = app.messages
        self._draining = draining

    async def OpenSession(self, request: pb.OpenSessionRequest, context: Context) -> pb.Session:
        organization, channel = convert.channel_ids(request.channel)
        metadata = _metadata(context)
        opening = Opening(
            organization=organization,
            channel=channel,
            identity_token=request.identity_token,
            display_name=request.display_name,
            language=request.language,
            origin=metadata.get("origin", ""),
            address=_address(metadata, context.peer()),
        )
        return convert.session_to_pb(await self._sessions.open(opening))

    async def RefreshSession(self, request: pb.RefreshSessionRequest, context: Context) -> pb.Session:
        ids = names.parse(convert.SESSION, request.name)
        grant = await self._sessions.refresh(
            OrganizationId(ids["organization"]),
            ChannelId(ids["channel"]),
            SessionId(ids["session"]),
            request.secret,
            _address(_metadata(context), context.peer()),
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
        async for frame in Chat(self._messages, self._draining).run(requests, caller.current()):
            yield frame

    async def SetTyping(self, request: pb.SetTypingRequest, context: Context) -> pb.SetTypingResponse:
        await self._messages.set_typing(convert.writer(caller.current(), request.conversation), request.typing)
        return pb.SetTypingResponse()

    async def RequestHuman(self, request: pb.RequestHumanRequest, context: Context) -> pb.RequestHumanResponse:
        writer = convert.writer(caller.current(), request.conversation)
        state = await self._messages.request_human(writer, request.reason)
        return pb.RequestHumanResponse(state=f"CONVERSATION_STATE_{state}")


def _metadata(context: Context) -> dict[str, str]:
    return {key: value for key, value in context.invocation_metadata() or () if isinstance(value, str)}


def _address(metadata: dict[str, str], peer: str) -> str:
    """The network address of a browser, as our own proxy saw it; what came before its entry was written by the client."""
    seen = metadata.get("x-envoy-external-address") or metadata.get("x-forwarded-for", "").rpartition(",")[2]
    return (seen.strip() or peer.rpartition(":")[0])[:64]
