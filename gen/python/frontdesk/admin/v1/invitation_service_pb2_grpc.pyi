"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.admin.v1.invitation_pb2
import frontdesk.admin.v1.invitation_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class InvitationServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    CreateInvitation: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.invitation_service_pb2.CreateInvitationRequest, frontdesk.admin.v1.invitation_service_pb2.CreateInvitationResponse]
    GetInvitation: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.invitation_service_pb2.GetInvitationRequest, frontdesk.admin.v1.invitation_pb2.Invitation]
    ListInvitations: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.invitation_service_pb2.ListInvitationsRequest, frontdesk.admin.v1.invitation_service_pb2.ListInvitationsResponse]
    RenewInvitation: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.invitation_service_pb2.RenewInvitationRequest, frontdesk.admin.v1.invitation_service_pb2.RenewInvitationResponse]
    RevokeInvitation: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.invitation_service_pb2.RevokeInvitationRequest, frontdesk.admin.v1.invitation_pb2.Invitation]

class InvitationServiceServicer:
    def CreateInvitation(self, request: frontdesk.admin.v1.invitation_service_pb2.CreateInvitationRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.invitation_service_pb2.CreateInvitationResponse]: ...
    def GetInvitation(self, request: frontdesk.admin.v1.invitation_service_pb2.GetInvitationRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.invitation_pb2.Invitation]: ...
    def ListInvitations(self, request: frontdesk.admin.v1.invitation_service_pb2.ListInvitationsRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.invitation_service_pb2.ListInvitationsResponse]: ...
    def RenewInvitation(self, request: frontdesk.admin.v1.invitation_service_pb2.RenewInvitationRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.invitation_service_pb2.RenewInvitationResponse]: ...
    def RevokeInvitation(self, request: frontdesk.admin.v1.invitation_service_pb2.RevokeInvitationRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.invitation_pb2.Invitation]: ...

def add_InvitationServiceServicer_to_server(
    servicer: InvitationServiceServicer, server: grpc.aio.Server
) -> None: ...
