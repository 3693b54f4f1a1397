"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.agent.v1.inbox_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class InboxServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    ListInbox: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.inbox_service_pb2.ListInboxRequest, frontdesk.agent.v1.inbox_service_pb2.ListInboxResponse]
    WatchInbox: grpc.aio.UnaryStreamMultiCallable[frontdesk.agent.v1.inbox_service_pb2.WatchInboxRequest, frontdesk.agent.v1.inbox_service_pb2.WatchInboxResponse]
    Reply: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.inbox_service_pb2.ReplyRequest, frontdesk.agent.v1.inbox_service_pb2.ReplyResponse]
    AddNote: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.inbox_service_pb2.AddNoteRequest, frontdesk.agent.v1.inbox_service_pb2.AddNoteResponse]

class InboxServiceServicer:
    def ListInbox(self, request: frontdesk.agent.v1.inbox_service_pb2.ListInboxRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.inbox_service_pb2.ListInboxResponse]: ...
    def WatchInbox(self, request: frontdesk.agent.v1.inbox_service_pb2.WatchInboxRequest, context: _Context) -> AsyncIterator[frontdesk.agent.v1.inbox_service_pb2.WatchInboxResponse]: ...
    def Reply(self, request: frontdesk.agent.v1.inbox_service_pb2.ReplyRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.inbox_service_pb2.ReplyResponse]: ...
    def AddNote(self, request: frontdesk.agent.v1.inbox_service_pb2.AddNoteRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.inbox_service_pb2.AddNoteResponse]: ...

def add_InboxServiceServicer_to_server(
    servicer: InboxServiceServicer, server: grpc.aio.Server
) -> None: ...
