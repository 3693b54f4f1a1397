"""Core's servicers: a request in, a use case, its result out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from functools import partial
from typing import NamedTuple

import grpc
from frontdesk.core import v1 as pb
from frontdesk.core.internal import v1 as internal
from google.protobuf.empty_pb2 import Empty

from kit import caller, failpoints, names, pages, servicers, streams
from kit.ids import OrganizationId
from kit.interceptors import Context
from kit.jobs.dead_letters import Below, add_dead_letter_service
from kit.jobs.table import Jobs
from kit.journal import Journal
from services.core import convert, domain
from services.core.app import App
from services.core.app.customers import CustomerApp
from services.core.app.evaluations import EvaluationApp
from services.core.app.model_trials import ModelTrials
from services.core.app.replies import ReplyApp
from services.core.app.steps import StepApp
from services.core.app.transcripts import Transcription
from services.core.convert import customers, lists, replies, steps
from services.core.convert.content import content_from_pb
from services.core.domain import (
    AgentId,
    ChannelId,
    Conversation,
    ConversationId,
    Customer,
    CustomerId,
    IdentitySource,
    Message,
    MessageId,
    Step,
    TurnId,
)
from services.core.ports.conversations import References
from services.core.ports.journal import Tables
from services.core.rpc.citations import CitationServicer
from services.core.rpc.evaluations import EvaluationServicer

CONVERSATION = "organizations/{organization}/conversations/{conversation}"


def _conversation(name: str) -> tuple[OrganizationId, ConversationId]:
    """Organization and conversation of a name."""
    ids = names.parse(CONVERSATION, name)
    return OrganizationId(ids["organization"]), ConversationId(ids["conversation"])


def _part(template: str, name: str) -> tuple[OrganizationId, ConversationId, str]:
    """Organization, conversation and the last id of a name below a conversation."""
    conversation, _, id = name.rpartition("/" + template + "/")
    return *_conversation(conversation), names.parse("{id}", id)["id"]


class _ByScore(NamedTuple):
    score: pages.Score
    conversation: pages.Text


def _by_update(item: Conversation | Customer) -> pages.ByTime:
    return pages.ByTime(item.updated, item.id)


def _reader() -> CustomerId | None:
    """The customer who asks, and who sees only what they take part in; None: someone of the organization."""
    who = caller.current()
    return CustomerId(who.id) if who.kind is caller.Kind.CUSTOMER else None


class ConversationServicer(pb.ConversationServiceServicer, internal.ConversationServiceServicer):
    """Conversations and their live streams."""

    def __init__(self, app: App, customer_app: CustomerApp, transcription: Transcription) -> None:
        self._app = app
        self._customers = customer_app
        self._transcription = transcription

    async def OpenConversation(self, request: internal.OpenConversationRequest, context: Context) -> pb.Conversation:
        organization = OrganizationId(names.last(request.parent))
        opened = await self._customers.open_conversation(organization, customers.opening_from_pb(request))
        return convert.conversation_to_pb(opened)

    async def GetConversation(self, request: pb.GetConversationRequest, context: Context) -> pb.Conversation:
        organization, conversation = _conversation(request.name)
        return convert.overview_to_pb(await self._app.get_conversation(organization, conversation, _reader()))

    async def ListConversations(self, request: pb.ListConversationsRequest, context: Context) -> pb.ListConversationsResponse:
        organization = OrganizationId(names.last(request.parent))
        wanted = lists.wanted_from_pb(request, _reader())
        found, more = await pages.page(
            request,
            pages.ByTime,
            partial(self._app.list_conversations, organization, wanted, _reader() is None),
            lambda found: _by_update(found.conversation),
            filter=repr(wanted),
        )
        return pb.ListConversationsResponse(conversations=map(convert.overview_to_pb, found), next_page_token=more)

    async def SearchConversations(
        self, request: pb.SearchConversationsRequest, context: Context
    ) -> pb.SearchConversationsResponse:
        organization, wanted = OrganizationId(names.last(request.parent)), lists.wanted_from_pb(request)
        by_customer = caller.current().may("core.customers.read")
        found, more = await pages.page(
            request,
            _ByScore,
            partial(self._transcription.search, organization, request.query, wanted, _reader() is None, by_customer),
            lambda found: _ByScore(found.score, found.conversation.id),
            filter=request.query if wanted == domain.EVERY else f"{request.query}\n{wanted!r}",
        )
        ids = tuple(each.conversation.id for each in found)
        page = await self._app.list_conversations(organization, domain.Wanted(ids=ids), _reader() is None, None, len(ids))
        now = {overview.conversation.id: overview for overview in page}
        results = [convert.found_to_pb(each, now[each.conversation.id]) for each in found if each.conversation.id in now]
        return pb.SearchConversationsResponse(results=results, next_page_token=more)

    async def WatchConversation(
        self, request: pb.WatchConversationRequest, context: Context
    ) -> AsyncIterator[pb.WatchConversationResponse]:
        organization, conversation = _conversation(request.name)
        view = await self._app.watch_conversation(organization, conversation, request.resume_token, _reader())
        with view as watcher:
            end = asyncio.get_running_loop().call_later(streams.seconds_left(caller.current()), watcher.end)
            try:
                async for frame in watcher.frames():
                    await failpoints.reach("core.watch.before_send")
                    yield convert.frame_to_pb(organization, conversation, frame)
            finally:
                end.cancel()

    async def UpdateConversation(self, request: pb.UpdateConversationRequest, context: Context) -> pb.Conversation:
        changed = convert.conversation_changes_from_pb(request)
        given = request.conversation
        updated = await self._app.update_conversation(*_conversation(given.name), changed, given.etag)
        return convert.conversation_to_pb(updated)

    async def CloseConversation(self, request: pb.CloseConversationRequest, context: Context) -> pb.Conversation:
        return convert.conversation_to_pb(await self._app.close_conversation(*_conversation(request.name)))

    async def ReopenConversation(self, request: pb.ReopenConversationRequest, context: Context) -> pb.Conversation:
        return convert.conversation_to_pb(await self._app.reopen_conversation(*_conversation(request.name)))

    async def TagConversation(self, request: pb.TagConversationRequest, context: Context) -> pb.Conversation:
        tagged = await self._app.tag_conversation(*_conversation(request.name), tuple(request.add), tuple(request.remove))
        return convert.conversation_to_pb(tagged)

    async def RequestHandover(self, request: internal.RequestHandoverRequest, context: Context) -> pb.Conversation:
        return convert.conversation_to_pb(await self._app.request_handover(*_conversation(request.name), request.reason))

    async def WithdrawHandover(self, request: internal.WithdrawHandoverRequest, context: Context) -> pb.Conversation:
        return convert.conversation_to_pb(await self._app.leave_line(*_conversation(request.name)))

    async def RateConversation(self, request: internal.RateConversationRequest, context: Context) -> pb.Conversation:
        rated = await self._app.rate(*_conversation(request.name), request.score, request.comment)
        return convert.conversation_to_pb(rated)

    async def MarkRead(self, request: internal.MarkReadRequest, context: Context) -> internal.MarkReadResponse:
        await self._app.mark_read(*_conversation(request.name), request.seq)
        return internal.MarkReadResponse()

    async def SetTyping(self, request: internal.SetTypingRequest, context: Context) -> internal.SetTypingResponse:
        _, conversation = _conversation(request.name)
        self._app.set_typing(conversation, convert.role_from_pb(request.role), request.typing)
        return internal.SetTypingResponse()


class MessageServicer(pb.MessageServiceServicer, internal.MessageServiceServicer):
    """The messages."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def GetMessage(self, request: pb.GetMessageRequest, context: Context) -> pb.Message:
        organization, conversation, id = _part("messages", request.name)
        message = await self._app.get_message(organization, conversation, MessageId(id), _reader())
        return convert.message_to_pb(organization, conversation, message)

    async def ListMessages(self, request: pb.ListMessagesRequest, context: Context) -> pb.ListMessagesResponse:
        organization, conversation = _conversation(request.parent)
        resume_token = ""

        async def fetch(before: pages.ByNumber | None, limit: int) -> list[Message]:
            nonlocal resume_token
            seq = before and before.number
            found, token = await self._app.list_messages(organization, conversation, seq, limit, _reader())
            resume_token = str(token)
            return found[::-1]

        found, more = await pages.page(request, pages.ByNumber, fetch, lambda m: pages.ByNumber(m.seq), filter=request.parent)
        return pb.ListMessagesResponse(
            messages=[convert.message_to_pb(organization, conversation, message) for message in reversed(found)],
            next_page_token=more,
            resume_token=resume_token,
            quotes_only=self._app.quotes_only(organization),
        )

    async def ReceiveMessage(
        self, request: internal.ReceiveMessageRequest, context: Context
    ) -> internal.ReceiveMessageResponse:
        organization = OrganizationId(names.last(request.parent))
        where = ConversationId(names.last(request.conversation)) if request.conversation else customers.opening_from_pb(request)
        conversation, message, turn = await self._app.receive_message(
            organization,
            ChannelId(names.last(request.channel)),
            request.source_id,
            where,
            content_from_pb(request.text, request.content),
            request_id=request.request_id,
            quiet=request.quiet.ToTimedelta(),
            responder=convert.responder_from_pb(request.responder),
            capabilities=convert.capabilities_from_pb(request.capabilities) if request.HasField("capabilities") else None,
        )
        return internal.ReceiveMessageResponse(
            message=convert.message_to_pb(organization, conversation, message),
            turn=convert.turn_name(organization, conversation, turn),
        )

    async def PostMessage(self, request: internal.PostMessageRequest, context: Context) -> pb.Message:
        organization, conversation = _conversation(request.parent)
        agent = AgentId(names.last(request.agent))
        content = content_from_pb(request.text, request.content)
        message = await self._app.post_message(organization, conversation, agent, content, request.request_id)
        return convert.message_to_pb(organization, conversation, message)

    async def AddNote(self, request: internal.AddNoteRequest, context: Context) -> pb.Message:
        organization, conversation = _conversation(request.parent)
        agent, display_name = AgentId(names.last(request.agent)), request.agent_display_name
        content = content_from_pb(request.text, request.content)
        message = await self._app.add_note(organization, conversation, agent, display_name, content, request.request_id)
        return convert.message_to_pb(organization, conversation, message)


class TurnServicer(pb.TurnServiceServicer, internal.TurnServiceServicer):
    """Whose turn it is to speak."""

    def __init__(self, app: App, steps: StepApp) -> None:
        self._app = app
        self._steps = steps

    async def GetTurnStep(self, request: pb.GetTurnStepRequest, context: Context) -> pb.TurnStep:
        where = steps.parse(request.name)
        return steps.step_to_pb(*where[:2], await self._steps.get_step(*where))

    async def ListTurnSteps(self, request: pb.ListTurnStepsRequest, context: Context) -> pb.ListTurnStepsResponse:
        organization, conversation, id = _part("turns", request.parent)

        async def fetch(after: pages.ByNumber | None, limit: int) -> list[Step]:
            first = after.number if after else 0
            return await self._steps.list_steps(organization, conversation, TurnId(id), first, limit)

        found, more = await pages.page(
            request, pages.ByNumber, fetch, lambda s: pages.ByNumber(s.number), filter=request.parent
        )
        told = [steps.step_to_pb(organization, conversation, step) for step in found]
        return pb.ListTurnStepsResponse(steps=told, next_page_token=more)

    async def GetPrompt(self, request: pb.GetPromptRequest, context: Context) -> pb.Prompt:
        where = steps.parse(request.name.removesuffix("/prompt"))
        return steps.prompt_to_pb(request.name, *where[:2], await self._steps.get_prompt(*where))

    async def GetTurn(self, request: pb.GetTurnRequest, context: Context) -> pb.Turn:
        organization, conversation, id = _part("turns", request.name)
        return convert.turn_to_pb(organization, conversation, await self._app.get_turn(organization, conversation, TurnId(id)))

    async def ListTurns(self, request: pb.ListTurnsRequest, context: Context) -> pb.ListTurnsResponse:
        organization, conversation = _conversation(request.parent)
        found, more = await pages.page(
            request,
            pages.ById,
            lambda before, limit: self._app.list_turns(organization, conversation, before and before.id, limit),
            lambda turn: pages.ById(turn.id),
            filter=request.parent,
        )
        turns = [convert.turn_to_pb(organization, conversation, turn) for turn in found]
        return pb.ListTurnsResponse(turns=turns, next_page_token=more)

    async def TakeConversation(
        self, request: internal.TakeConversationRequest, context: Context
    ) -> internal.TakeConversationResponse:
        from_agent = AgentId(names.last(request.from_agent)) if request.from_agent else None
        taken, on_the_wire = await self._app.take_conversation(
            *_conversation(request.name), AgentId(names.last(request.agent)), request.agent_display_name, from_agent
        )
        return internal.TakeConversationResponse(
            conversation=convert.conversation_to_pb(taken),
            messages_on_the_wire=[f"{request.name}/messages/{id}" for id in on_the_wire],
        )

    async def ReturnToAssistant(self, request: internal.ReturnToAssistantRequest, context: Context) -> pb.Conversation:
        agent = AgentId(names.last(request.agent))
        return convert.conversation_to_pb(await self._app.return_to_assistant(*_conversation(request.name), agent))

    async def ClaimDispatch(self, request: internal.ClaimDispatchRequest, context: Context) -> internal.ClaimDispatchResponse:
        organization, conversation, id = _part("messages", request.message)
        return internal.ClaimDispatchResponse(epoch=await self._app.claim_dispatch(organization, conversation, MessageId(id)))


class ReplyServicer(pb.ReplyServiceServicer):
    """Text that a model writes for administrators and agents."""

    def __init__(self, app: ReplyApp, trials: ModelTrials) -> None:
        self._app = app
        self._trials = trials

    async def PreviewReply(self, request: pb.PreviewReplyRequest, context: Context) -> AsyncIterator[pb.PreviewReplyResponse]:
        organization, versions = OrganizationId(names.last(request.parent)), replies.versions_from_pb(request)
        async with aclosing(self._app.preview(organization, request.text, versions)) as frames:
            async for frame in frames:
                for sent in replies.preview_to_pb(organization, frame):
                    yield sent

    async def TestModel(self, request: pb.TestModelRequest, context: Context) -> pb.TestModelResponse:
        organization, choice = OrganizationId(names.last(request.parent)), replies.choice_from_pb(request)
        return replies.trial_to_pb(await self._trials.run(organization, choice, request.credential_revision))


class CustomerServicer(pb.CustomerServiceServicer):
    """The people who write in."""

    def __init__(self, app: CustomerApp) -> None:
        self._app = app

    async def GetCustomer(self, request: pb.GetCustomerRequest, context: Context) -> pb.Customer:
        return customers.customer_to_pb(await self._app.get(*customers.parse(request.name)))

    async def ListCustomers(self, request: pb.ListCustomersRequest, context: Context) -> pb.ListCustomersResponse:
        organization = OrganizationId(names.last(request.parent))
        fetch = partial(self._app.page, organization, request.query)
        found, more = await pages.page(request, pages.ByTime, fetch, _by_update, filter=request.query)
        return pb.ListCustomersResponse(customers=map(customers.customer_to_pb, found), next_page_token=more)

    async def BlockCustomer(self, request: pb.BlockCustomerRequest, context: Context) -> pb.Customer:
        return customers.customer_to_pb(await self._app.block(*customers.parse(request.name), True))

    async def UnblockCustomer(self, request: pb.UnblockCustomerRequest, context: Context) -> pb.Customer:
        return customers.customer_to_pb(await self._app.block(*customers.parse(request.name), False))

    async def UpdateCustomer(self, request: pb.UpdateCustomerRequest, context: Context) -> pb.Customer:
        organization, customer = customers.parse(request.customer.name)
        changed = customers.customer_changes_from_pb(request)
        revision = customers.revision_from_etag(request.customer.etag)
        name, language = changed.get("display_name"), changed.get("language")
        updated = await self._app.update(organization, customer, name, language, revision)
        return customers.customer_to_pb(updated)

    async def AddIdentity(self, request: pb.AddIdentityRequest, context: Context) -> pb.Customer:
        vouched = self._app.now() if request.identity.HasField("verify_time") else None
        identity = customers.identity_from_pb(request.identity, IdentitySource.USER, vouched)
        return customers.customer_to_pb(await self._app.add_identity(*customers.parse(request.name), identity))

    async def RemoveIdentity(self, request: pb.RemoveIdentityRequest, context: Context) -> pb.Customer:
        identity = customers.identity_from_pb(request.identity)
        return customers.customer_to_pb(await self._app.remove_identity(*customers.parse(request.name), identity))

    async def MergeCustomer(self, request: pb.MergeCustomerRequest, context: Context) -> pb.Customer:
        duplicate = CustomerId(names.last(request.duplicate))
        return customers.customer_to_pb(await self._app.merge(*customers.parse(request.name), duplicate))

    async def SplitCustomer(self, request: pb.SplitCustomerRequest, context: Context) -> pb.Customer:
        organization, customer = customers.parse(request.name)
        if request.duplicate:
            split = await self._app.undo_merge(organization, customer, CustomerId(names.last(request.duplicate)))
        else:
            keys = {customers.identity_from_pb(each).key for each in request.identities.identities}
            split = await self._app.split(organization, customer, keys)
        return customers.customer_to_pb(split)

    async def DeleteCustomer(self, request: pb.DeleteCustomerRequest, context: Context) -> Empty:
        await self._app.erase(*customers.parse(request.name))
        return Empty()

    async def GetCustomerErasure(self, request: pb.GetCustomerErasureRequest, context: Context) -> pb.CustomerErasure:
        ids = names.parse("organizations/{organization}/customerErasures/{customer}", request.name)
        return customers.erasure_to_pb(
            await self._app.get_erasure(OrganizationId(ids["organization"]), CustomerId(ids["customer"]))
        )

    async def ListCustomerErasures(
        self, request: pb.ListCustomerErasuresRequest, context: Context
    ) -> pb.ListCustomerErasuresResponse:
        organization = OrganizationId(names.last(request.parent))
        found, more = await pages.page(
            request,
            pages.ByTime,
            partial(self._app.list_erasures, organization),
            lambda erasure: pages.ByTime(erasure.created, erasure.customer),
        )
        return pb.ListCustomerErasuresResponse(customer_erasures=map(customers.erasure_to_pb, found), next_page_token=more)


class ErasureServicer(internal.ErasureServiceServicer):
    """Confirmations of erasures by other services."""

    def __init__(self, app: CustomerApp) -> None:
        self._app = app

    async def ConfirmErasure(self, request: internal.ConfirmErasureRequest, context: Context) -> Empty:
        organization, customer = customers.parse(request.name)
        await self._app.confirm_erasure(organization, customer, caller.current().id)
        return Empty()


class TranscriptServicer(internal.TranscriptServiceServicer):
    """Transcripts, made again."""

    def __init__(self, transcription: Transcription) -> None:
        self._transcription = transcription

    async def RebuildTranscripts(
        self, request: internal.RebuildTranscriptsRequest, context: Context
    ) -> AsyncIterator[internal.RebuildTranscriptsResponse]:
        async for progress in self._transcription.rebuild():
            yield internal.RebuildTranscriptsResponse(done=progress.done, total=progress.total)


class EventServicer(servicers.EventServicer, internal.EventServiceServicer):
    """Core's journal, and what its facts refer to."""

    def __init__(self, journal: Journal, draining: asyncio.Event, references: References) -> None:
        super().__init__(internal, journal, draining)
        self._references = references

    async def BatchGetMessages(
        self, request: internal.BatchGetMessagesRequest, context: Context
    ) -> internal.BatchGetMessagesResponse:
        wanted = [domain.MessageReference(*_part("messages", name)[:2], MessageId(names.last(name))) for name in request.names]
        found = await self._references.messages(wanted)
        return internal.BatchGetMessagesResponse(items=map(convert.message_item_to_pb, found))

    async def BatchGetConversations(
        self, request: internal.BatchGetConversationsRequest, context: Context
    ) -> internal.BatchGetConversationsResponse:
        found = await self._references.conversations([domain.ConversationReference(*_conversation(n)) for n in request.names])
        return internal.BatchGetConversationsResponse(items=map(convert.conversation_item_to_pb, found))


def register(
    server: grpc.aio.Server,
    app: App,
    journal: Journal,
    draining: asyncio.Event,
    transcription: Transcription,
    references: References,
    tables: Tables,
    customer_app: CustomerApp,
    reply_app: ReplyApp,
    model_trials: ModelTrials,
    jobs: Jobs,
    dead_letters_below: Below,
    step_app: StepApp,
    evaluation_app: EvaluationApp,
) -> None:
    """Adds core's servicers to a server; those of what is not built yet say UNIMPLEMENTED."""
    conversations = ConversationServicer(app, customer_app, transcription)
    pb.add_ConversationServiceServicer_to_server(conversations, server)
    internal.add_ConversationServiceServicer_to_server(conversations, server)
    internal.add_TranscriptServiceServicer_to_server(TranscriptServicer(transcription), server)
    pb.add_CitationServiceServicer_to_server(CitationServicer(transcription), server)
    messages = MessageServicer(app)
    pb.add_MessageServiceServicer_to_server(messages, server)
    internal.add_MessageServiceServicer_to_server(messages, server)
    turns = TurnServicer(app, step_app)
    pb.add_TurnServiceServicer_to_server(turns, server)
    internal.add_TurnServiceServicer_to_server(turns, server)
    internal.add_ErasureServiceServicer_to_server(ErasureServicer(customer_app), server)
    pb.add_CustomerServiceServicer_to_server(CustomerServicer(customer_app), server)
    internal.add_EventServiceServicer_to_server(EventServicer(journal, draining, references), server)
    add_dead_letter_service(server, internal, jobs, dead_letters_below)
    servicers.add_verification_service(server, internal, tables.recount, transcription.recount)
    pb.add_ReplyServiceServicer_to_server(ReplyServicer(reply_app, model_trials), server)
    pb.add_WorkflowServiceServicer_to_server(pb.WorkflowServiceServicer(), server)
    pb.add_WorkflowRunServiceServicer_to_server(pb.WorkflowRunServiceServicer(), server)
    pb.add_ApprovalServiceServicer_to_server(pb.ApprovalServiceServicer(), server)
    pb.add_ToolServiceServicer_to_server(pb.ToolServiceServicer(), server)
    pb.add_EvaluationServiceServicer_to_server(EvaluationServicer(evaluation_app), server)
