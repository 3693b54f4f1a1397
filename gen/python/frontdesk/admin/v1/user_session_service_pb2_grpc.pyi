"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.admin.v1.user_session_service_pb2
import google.protobuf.empty_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class UserSessionServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    ListUserSessions: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.user_session_service_pb2.ListUserSessionsRequest, frontdesk.admin.v1.user_session_service_pb2.ListUserSessionsResponse]
    EndUserSession: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.user_session_service_pb2.EndUserSessionRequest, google.protobuf.empty_pb2.Empty]
    EndOtherSessions: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.user_session_service_pb2.EndOtherSessionsRequest, frontdesk.admin.v1.user_session_service_pb2.EndOtherSessionsResponse]
    EndAllSessions: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.user_session_service_pb2.EndAllSessionsRequest, google.protobuf.empty_pb2.Empty]

class UserSessionServiceServicer:
    def ListUserSessions(self, request: frontdesk.admin.v1.user_session_service_pb2.ListUserSessionsRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.user_session_service_pb2.ListUserSessionsResponse]: ...
    def EndUserSession(self, request: frontdesk.admin.v1.user_session_service_pb2.EndUserSessionRequest, context: _Context) -> Awaitable[google.protobuf.empty_pb2.Empty]: ...
    def EndOtherSessions(self, request: frontdesk.admin.v1.user_session_service_pb2.EndOtherSessionsRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.user_session_service_pb2.EndOtherSessionsResponse]: ...
    def EndAllSessions(self, request: frontdesk.admin.v1.user_session_service_pb2.EndAllSessionsRequest, context: _Context) -> Awaitable[google.protobuf.empty_pb2.Empty]: ...

def add_UserSessionServiceServicer_to_server(
    servicer: UserSessionServiceServicer, server: grpc.aio.Server
) -> None: ...
