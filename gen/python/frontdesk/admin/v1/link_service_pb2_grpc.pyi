"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.admin.v1.auth_service_pb2
import frontdesk.admin.v1.link_service_pb2
import google.protobuf.empty_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class LinkServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    CheckLink: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.link_service_pb2.CheckLinkRequest, frontdesk.admin.v1.link_service_pb2.CheckLinkResponse]
    CreateFirstOrganization: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.link_service_pb2.CreateFirstOrganizationRequest, frontdesk.admin.v1.auth_service_pb2.LoginResponse]
    AcceptInvitation: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.link_service_pb2.AcceptInvitationRequest, frontdesk.admin.v1.auth_service_pb2.LoginResponse]
    ResetPassword: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.link_service_pb2.ResetPasswordRequest, google.protobuf.empty_pb2.Empty]

class LinkServiceServicer:
    def CheckLink(self, request: frontdesk.admin.v1.link_service_pb2.CheckLinkRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.link_service_pb2.CheckLinkResponse]: ...
    def CreateFirstOrganization(self, request: frontdesk.admin.v1.link_service_pb2.CreateFirstOrganizationRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.auth_service_pb2.LoginResponse]: ...
    def AcceptInvitation(self, request: frontdesk.admin.v1.link_service_pb2.AcceptInvitationRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.auth_service_pb2.LoginResponse]: ...
    def ResetPassword(self, request: frontdesk.admin.v1.link_service_pb2.ResetPasswordRequest, context: _Context) -> Awaitable[google.protobuf.empty_pb2.Empty]: ...

def add_LinkServiceServicer_to_server(
    servicer: LinkServiceServicer, server: grpc.aio.Server
) -> None: ...
