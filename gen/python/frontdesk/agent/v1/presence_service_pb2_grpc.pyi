"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.agent.v1.presence_pb2
import frontdesk.agent.v1.presence_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class PresenceServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetPresence: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.presence_service_pb2.GetPresenceRequest, frontdesk.agent.v1.presence_pb2.Presence]
    ListPresences: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.presence_service_pb2.ListPresencesRequest, frontdesk.agent.v1.presence_service_pb2.ListPresencesResponse]
    WatchPresences: grpc.aio.UnaryStreamMultiCallable[frontdesk.agent.v1.presence_service_pb2.WatchPresencesRequest, frontdesk.agent.v1.presence_service_pb2.WatchPresencesResponse]
    SetPresence: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.presence_service_pb2.SetPresenceRequest, frontdesk.agent.v1.presence_pb2.Presence]
    Heartbeat: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.presence_service_pb2.HeartbeatRequest, frontdesk.agent.v1.presence_service_pb2.HeartbeatResponse]

class PresenceServiceServicer:
    def GetPresence(self, request: frontdesk.agent.v1.presence_service_pb2.GetPresenceRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.presence_pb2.Presence]: ...
    def ListPresences(self, request: frontdesk.agent.v1.presence_service_pb2.ListPresencesRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.presence_service_pb2.ListPresencesResponse]: ...
    def WatchPresences(self, request: frontdesk.agent.v1.presence_service_pb2.WatchPresencesRequest, context: _Context) -> AsyncIterator[frontdesk.agent.v1.presence_service_pb2.WatchPresencesResponse]: ...
    def SetPresence(self, request: frontdesk.agent.v1.presence_service_pb2.SetPresenceRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.presence_pb2.Presence]: ...
    def Heartbeat(self, request: frontdesk.agent.v1.presence_service_pb2.HeartbeatRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.presence_service_pb2.HeartbeatResponse]: ...

def add_PresenceServiceServicer_to_server(
    servicer: PresenceServiceServicer, server: grpc.aio.Server
) -> None: ...
