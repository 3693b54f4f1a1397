"""InboxService."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from frontdesk.agent import v1 as pb

from kit import caller, streams
from kit.convert import time_to_pb
from kit.interceptors import Context
from services.agent import convert
from services.agent.app import App
from services.agent.convert.facts import inbox_frame
from services.agent.domain.agent import Me
from services.agent.domain.inbox import NotYourInbox
from services.agent.ports import Said
from services.agent.rpc import calls


class InboxServicer(pb.InboxServiceServicer):
    """One agent's screen."""

    def __init__(self, app: App) -> None:
        self._inbox = app.inbox
        self._desk = app.desk

    async def ListInbox(self, request: pb.ListInboxRequest, context: Context) -> pb.ListInboxResponse:
        me = _own(request.parent)
        screen = await self._inbox.list(me)
        return pb.ListInboxResponse(
            resume_token=str(screen.position),
            queue_entries=[
                convert.entry_to_pb(handover, place, me.id) for place, handover in enumerate(screen.waiting, start=1)
            ],
            assignments=map(convert.assignment_to_pb, screen.assignments),
            presences=map(convert.presence_to_pb, screen.agents),
            agent=f"organizations/{me.organization}/agents/{me.id}",
        )

    async def WatchInbox(self, request: pb.WatchInboxRequest, context: Context) -> AsyncIterator[Any]:
        me = _own(request.parent)
        # The permission holds as long as the token does, and the stream ends with it.
        watched = self._inbox.watch(me, request.resume_token, streams.seconds_left(caller.current()))
        async with aclosing(watched):
            async for batch in watched:
                yield inbox_frame(me.organization, batch)

    async def Reply(self, request: pb.ReplyRequest, context: Context) -> pb.ReplyResponse:
        conversation = calls.conversation_of(request.name)
        written = await self._desk.reply(calls.me(), conversation, _said(request), request.request_id)
        return pb.ReplyResponse(message=written.message, create_time=time_to_pb(written.created))

    async def AddNote(self, request: pb.AddNoteRequest, context: Context) -> pb.AddNoteResponse:
        conversation = calls.conversation_of(request.name)
        written = await self._desk.note(calls.me(), conversation, _said(request), request.request_id)
        return pb.AddNoteResponse(message=written.message, create_time=time_to_pb(written.created))


def _said(request: pb.ReplyRequest | pb.AddNoteRequest) -> Said:
    return Said(request.text, b"" if request.text else request.content.SerializeToString())


def _own(parent: str) -> Me:
    me, agent = calls.me(), calls.agent_of(parent)
    if agent != me.id:
        raise NotYourInbox(me.organization, agent)
    return me
