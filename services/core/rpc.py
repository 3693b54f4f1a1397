"""Core's servicers: a request in, a use case, its result out."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from typing import Any

import grpc
from frontdesk.core import v1 as pb

from kit import caller, failpoints, journal, names, pages, streams
from services.core import convert
from services.core.app import App
from services.core.app.transcripts import Transcription
from services.core.domain import (
    AgentId,
    ChannelId,
    ConversationId,
    ConversationNotFound,
    CustomerId,
    MessageId,
    OrganizationId,
    TurnId,
)
from services.core.ports import Tables

Context = Any  # grpc.aio.ServicerContext is generic in the type stubs alone


CONVERSATION = "organizations/{organization}/conversations/{conversation}"


def _conversation(name: str) -> tuple[OrganizationId, ConversationId]:
    """Organization and conversation of a name; a customer's token opens its own conversation alone."""
    ids = names.parse(CONVERSATION, name)
    who = caller.current()
    if who.kind is caller.Kind.CUSTOMER and who.conversation != ids["conversation"]:
        raise ConversationNotFound(ids["conversation"])
    return OrganizationId(ids["organization"]), ConversationId(ids["conversation"])


def _part(template: str, name: str) -> tuple[OrganizationId, ConversationId, str]:
    """Organization, conversation and the last id of a name below a conversation."""
    conversation, _, id = name.rpartition("/" + template + "/")
    return *_conversation(conversation), names.parse("{id}", id)["id"]


def _before(token: str, filter: str) -> tuple[datetime, str] | None:
    """The last row of the page before, from its token."""
    if not token:
        return None
    return pages.decode(token, filter=filter, kind=tuple[pages.Moment, pages.Text])


def _sees_notes() -> bool:
    return caller.current().kind is not caller.Kind.CUSTOMER


class ConversationServicer(pb.ConversationServiceServicer):
    """Conversations and their live streams."""

    def __init__(self, app: App, transcription: Transcription) -> None:
        self._app = app
        self._transcription = transcription

    async def OpenConversation(self, request: pb.OpenConversationRequest, context: Context) -> pb.Conversation:
        organization = OrganizationId(names.last(request.parent))
        address = convert.address_from_pb(request.address)
        channel = ChannelId(names.last(request.channel))
        opened = await self._app.open_conversation(organization, channel, address, request.display_name, request.language)
        return convert.conversation_to_pb(opened)

    async def GetConversation(self, request: pb.GetConversationRequest, context: Context) -> pb.Conversation:
        return convert.conversation_to_pb(await self._app.get_conversation(*_conversation(request.name)))

    async def ListConversations(self, request: pb.ListConversationsRequest, context: Context) -> pb.ListConversationsResponse:
        organization = OrganizationId(names.last(request.parent))
        states = [convert.state_from_pb(state) for state in request.states]
        filter, size = ",".join(sorted(states)), pages.size(request.page_size)
        found = await self._app.list_conversations(organization, states, _before(request.page_token, filter), size)
        last = found[-1] if len(found) == size else None
        return pb.ListConversationsResponse(
            conversations=[convert.conversation_to_pb(c) for c in found],
            next_page_token=pages.encode(last.updated.isoformat(), last.id, filter=filter) if last else "",
        )

    async def SearchConversations(
        self, request: pb.SearchConversationsRequest, context: Context
    ) -> pb.SearchConversationsResponse:
        organization = OrganizationId(names.last(request.parent))
        size, filter, token = pages.size(request.page_size), request.query, request.page_token
        before = pages.decode(token, filter=filter, kind=tuple[pages.Score, pages.Text]) if token else None
        found = await self._transcription.search(organization, request.query, _sees_notes(), before, size)
        last = found[-1] if len(found) == size else None
        return pb.SearchConversationsResponse(
            results=[convert.found_to_pb(each) for each in found],
            next_page_token=pages.encode(last.score, last.conversation.id, filter=filter) if last else "",
        )

    async def WatchConversation(
        self, request: pb.WatchConversationRequest, context: Context
    ) -> AsyncIterator[pb.WatchConversationResponse]:
        organization, conversation = _conversation(request.name)
        view = await self._app.watch_conversation(organization, conversation, request.resume_token, _sees_notes())
        with view as watcher:
            end = asyncio.get_running_loop().call_later(streams.seconds_left(caller.current()), watcher.end)
            try:
                async for frame in watcher.frames():
                    await failpoints.reach("core.watch.before_send")
                    yield convert.frame_to_pb(organization, conversation, frame)
            finally:
                end.cancel()

    async def CloseConversation(self, request: pb.CloseConversationRequest, context: Context) -> pb.Conversation:
        return convert.conversation_to_pb(await self._app.close_conversation(*_conversation(request.name)))

    async def ReopenConversation(self, request: pb.ReopenConversationRequest, context: Context) -> pb.Conversation:
        return convert.conversation_to_pb(await self._app.reopen_conversation(*_conversation(request.name)))

    async def TagConversation(self, request: pb.TagConversationRequest, context: Context) -> pb.Conversation:
        tagged = await self._app.tag_conversation(*_conversation(request.name), tuple(request.add), tuple(request.remove))
        return convert.conversation_to_pb(tagged)

    async def RequestHandover(self, request: pb.RequestHandoverRequest, context: Context) -> pb.Conversation:
        return convert.conversation_to_pb(await self._app.request_handover(*_conversation(request.name), request.reason))

    async def SetTyping(self, request: pb.SetTypingRequest, context: Context) -> pb.SetTypingResponse:
        _, conversation = _conversation(request.name)
        self._app.set_typing(conversation, convert.role_from_pb(request.role), request.typing)
        return pb.SetTypingResponse()


class MessageServicer(pb.MessageServiceServicer):
    """What is said."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def GetMessage(self, request: pb.GetMessageRequest, context: Context) -> pb.Message:
        organization, conversation, id = _part("messages", request.name)
        message = await self._app.get_message(organization, conversation, MessageId(id))
        return convert.message_to_pb(organization, conversation, message)

    async def ListMessages(self, request: pb.ListMessagesRequest, context: Context) -> pb.ListMessagesResponse:
        organization, conversation = _conversation(request.parent)
        size, filter = pages.size(request.page_size), request.parent
        before = pages.decode(request.page_token, filter=filter, kind=tuple[pages.Count])[0] if request.page_token else None
        found, token = await self._app.list_messages(organization, conversation, before, size, _sees_notes())
        older = found and len(found) == size and found[0].seq > 1
        return pb.ListMessagesResponse(
            messages=[convert.message_to_pb(organization, conversation, message) for message in found],
            next_page_token=pages.encode(found[0].seq, filter=filter) if older else "",
            resume_token=str(token),
        )

    async def ReceiveMessage(self, request: pb.ReceiveMessageRequest, context: Context) -> pb.ReceiveMessageResponse:
        organization = OrganizationId(names.last(request.parent))
        where = (
            ConversationId(names.last(request.conversation))
            if request.conversation
            else convert.address_from_pb(request.address)
        )
        conversation, message, turn = await self._app.receive_message(
            organization,
            ChannelId(names.last(request.channel)),
            request.source_id,
            where,
            request.text,
            display_name=request.display_name,
            request_id=request.request_id,
            quiet=request.quiet.ToTimedelta(),
            responder=convert.responder_from_pb(request.responder),
        )
        return pb.ReceiveMessageResponse(
            message=convert.message_to_pb(organization, conversation, message),
            turn=convert.turn_name(organization, conversation, turn),
        )

    async def PostMessage(self, request: pb.PostMessageRequest, context: Context) -> pb.Message:
        organization, conversation = _conversation(request.parent)
        agent = AgentId(names.last(request.agent))
        message = await self._app.post_message(organization, conversation, agent, request.text, request.request_id)
        return convert.message_to_pb(organization, conversation, message)

    async def AddNote(self, request: pb.AddNoteRequest, context: Context) -> pb.Message:
        organization, conversation = _conversation(request.parent)
        agent, display_name = AgentId(names.last(request.agent)), request.agent_display_name
        message = await self._app.add_note(organization, conversation, agent, display_name, request.text, request.request_id)
        return convert.message_to_pb(organization, conversation, message)


class TurnServicer(pb.TurnServiceServicer):
    """Whose turn it is to speak."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def GetTurn(self, request: pb.GetTurnRequest, context: Context) -> pb.Turn:
        organization, conversation, id = _part("turns", request.name)
        return convert.turn_to_pb(organization, conversation, await self._app.get_turn(organization, conversation, TurnId(id)))

    async def ListTurns(self, request: pb.ListTurnsRequest, context: Context) -> pb.ListTurnsResponse:
        organization, conversation = _conversation(request.parent)
        size, filter = pages.size(request.page_size), request.parent
        before = pages.decode(request.page_token, filter=filter, kind=tuple[pages.Text])[0] if request.page_token else None
        found = await self._app.list_turns(organization, conversation, before, size)
        return pb.ListTurnsResponse(
            turns=[convert.turn_to_pb(organization, conversation, turn) for turn in found],
            next_page_token=pages.encode(found[-1].id, filter=filter) if len(found) == size else "",
        )

    async def TakeConversation(self, request: pb.TakeConversationRequest, context: Context) -> pb.TakeConversationResponse:
        from_agent = AgentId(names.last(request.from_agent)) if request.from_agent else None
        taken, on_the_wire = await self._app.take_conversation(
            *_conversation(request.name), AgentId(names.last(request.agent)), request.agent_display_name, from_agent
        )
        return pb.TakeConversationResponse(
            conversation=convert.conversation_to_pb(taken),
            messages_on_the_wire=[f"{request.name}/messages/{id}" for id in on_the_wire],
        )

    async def ReturnToAssistant(self, request: pb.ReturnToAssistantRequest, context: Context) -> pb.Conversation:
        agent = AgentId(names.last(request.agent))
        return convert.conversation_to_pb(await self._app.return_to_assistant(*_conversation(request.name), agent))

    async def ClaimDispatch(self, request: pb.ClaimDispatchRequest, context: Context) -> pb.ClaimDispatchResponse:
        organization, conversation, id = _part("messages", request.message)
        return pb.ClaimDispatchResponse(epoch=await self._app.claim_dispatch(organization, conversation, MessageId(id)))


class CustomerServicer(pb.CustomerServiceServicer):
    """The people who write in."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def GetCustomer(self, request: pb.GetCustomerRequest, context: Context) -> pb.Customer:
        ids = names.parse("organizations/{organization}/customers/{customer}", request.name)
        customer = await self._app.get_customer(OrganizationId(ids["organization"]), CustomerId(ids["customer"]))
        return convert.customer_to_pb(customer)

    async def BlockCustomer(self, request: pb.BlockCustomerRequest, context: Context) -> pb.Customer:
        return await self._block(request.name, True)

    async def UnblockCustomer(self, request: pb.UnblockCustomerRequest, context: Context) -> pb.Customer:
        return await self._block(request.name, False)

    async def _block(self, name: str, blocked: bool) -> pb.Customer:
        ids = names.parse("organizations/{organization}/customers/{customer}", name)
        customer = await self._app.block_customer(OrganizationId(ids["organization"]), CustomerId(ids["customer"]), blocked)
        return convert.customer_to_pb(customer)

    async def ListCustomers(self, request: pb.ListCustomersRequest, context: Context) -> pb.ListCustomersResponse:
        organization = OrganizationId(names.last(request.parent))
        size, before = pages.size(request.page_size), _before(request.page_token, request.query)
        found = await self._app.list_customers(organization, request.query, before, size)
        last = found[-1] if len(found) == size else None
        return pb.ListCustomersResponse(
            customers=[convert.customer_to_pb(customer) for customer in found],
            next_page_token=pages.encode(last.updated.isoformat(), last.id, filter=request.query) if last else "",
        )


class EventServicer(pb.EventServiceServicer):
    """The journal, for services that follow it."""

    def __init__(self, log: journal.Journal, draining: asyncio.Event) -> None:
        self._journal = log
        self._draining = draining

    async def WatchEvents(self, request: pb.WatchEventsRequest, context: Context) -> AsyncIterator[pb.WatchEventsResponse]:
        end = time.monotonic() + streams.seconds_left(caller.current())
        responses = journal.serve(
            self._journal,
            request,
            pb.WatchEventsResponse,
            convert.event_to_pb,
            over=lambda: self._draining.is_set() or time.monotonic() > end,
            wanted=partial(convert.is_wanted, request),
        )
        async for response in responses:
            yield response


class TranscriptServicer(pb.TranscriptServiceServicer):
    """Transcripts, made anew."""

    def __init__(self, transcription: Transcription) -> None:
        self._transcription = transcription

    async def RebuildTranscripts(
        self, request: pb.RebuildTranscriptsRequest, context: Context
    ) -> AsyncIterator[pb.RebuildTranscriptsResponse]:
        async for progress in self._transcription.rebuild():
            yield pb.RebuildTranscriptsResponse(done=progress.done, total=progress.total)


class VerificationServicer(pb.VerificationServiceServicer):
    """Recounts of what core keeps."""

    def __init__(self, tables: Tables, transcription: Transcription) -> None:
        self._tables = tables
        self._transcription = transcription

    async def VerifyStores(self, request: pb.VerifyStoresRequest, context: Context) -> AsyncIterator[pb.VerifyStoresResponse]:
        for recounts in (self._tables.recount(), self._transcription.recount()):
            async for recount in recounts:
                yield convert.recount_to_pb(recount)


def register(
    app: App,
    transcription: Transcription,
    tables: Tables,
    log: journal.Journal,
    draining: asyncio.Event,
    server: grpc.aio.Server,
) -> None:
    """Adds core's servicers to a server; those of what is not built yet say UNIMPLEMENTED."""
    pb.add_ConversationServiceServicer_to_server(ConversationServicer(app, transcription), server)
    pb.add_TranscriptServiceServicer_to_server(TranscriptServicer(transcription), server)
    pb.add_VerificationServiceServicer_to_server(VerificationServicer(tables, transcription), server)
    pb.add_MessageServiceServicer_to_server(MessageServicer(app), server)
    pb.add_TurnServiceServicer_to_server(TurnServicer(app), server)
    pb.add_CustomerServiceServicer_to_server(CustomerServicer(app), server)
    pb.add_EventServiceServicer_to_server(EventServicer(log, draining), server)
    pb.add_ReplyServiceServicer_to_server(pb.ReplyServiceServicer(), server)
    pb.add_WorkflowServiceServicer_to_server(pb.WorkflowServiceServicer(), server)
    pb.add_WorkflowRunServiceServicer_to_server(pb.WorkflowRunServiceServicer(), server)
    pb.add_ApprovalServiceServicer_to_server(pb.ApprovalServiceServicer(), server)
    pb.add_ToolServiceServicer_to_server(pb.ToolServiceServicer(), server)
