"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.agent.v1.handover_pb2
import frontdesk.agent.v1.handover_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class HandoverServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetHandover: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.handover_service_pb2.GetHandoverRequest, frontdesk.agent.v1.handover_pb2.Handover]
    ListHandovers: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.handover_service_pb2.ListHandoversRequest, frontdesk.agent.v1.handover_service_pb2.ListHandoversResponse]
    RequestHandover: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.handover_service_pb2.RequestHandoverRequest, frontdesk.agent.v1.handover_service_pb2.RequestHandoverResponse]
    AcceptHandover: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.handover_service_pb2.AcceptHandoverRequest, frontdesk.agent.v1.handover_service_pb2.AcceptHandoverResponse]
    DeclineHandover: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.handover_service_pb2.DeclineHandoverRequest, frontdesk.agent.v1.handover_pb2.Handover]
    TransferConversation: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.handover_service_pb2.TransferConversationRequest, frontdesk.agent.v1.handover_pb2.Assignment]
    ReturnToAssistant: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.handover_service_pb2.ReturnToAssistantRequest, frontdesk.agent.v1.handover_pb2.Assignment]
    ResolveConversation: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.handover_service_pb2.ResolveConversationRequest, frontdesk.agent.v1.handover_pb2.Assignment]

class HandoverServiceServicer:
    def GetHandover(self, request: frontdesk.agent.v1.handover_service_pb2.GetHandoverRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.handover_pb2.Handover]: ...
    def ListHandovers(self, request: frontdesk.agent.v1.handover_service_pb2.ListHandoversRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.handover_service_pb2.ListHandoversResponse]: ...
    def RequestHandover(self, request: frontdesk.agent.v1.handover_service_pb2.RequestHandoverRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.handover_service_pb2.RequestHandoverResponse]: ...
    def AcceptHandover(self, request: frontdesk.agent.v1.handover_service_pb2.AcceptHandoverRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.handover_service_pb2.AcceptHandoverResponse]: ...
    def DeclineHandover(self, request: frontdesk.agent.v1.handover_service_pb2.DeclineHandoverRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.handover_pb2.Handover]: ...
    def TransferConversation(self, request: frontdesk.agent.v1.handover_service_pb2.TransferConversationRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.handover_pb2.Assignment]: ...
    def ReturnToAssistant(self, request: frontdesk.agent.v1.handover_service_pb2.ReturnToAssistantRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.handover_pb2.Assignment]: ...
    def ResolveConversation(self, request: frontdesk.agent.v1.handover_service_pb2.ResolveConversationRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.handover_pb2.Assignment]: ...

def add_HandoverServiceServicer_to_server(
    servicer: HandoverServiceServicer, server: grpc.aio.Server
) -> None: ...
