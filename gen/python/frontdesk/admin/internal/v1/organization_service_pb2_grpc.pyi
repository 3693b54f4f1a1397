"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.admin.internal.v1.organization_service_pb2
import frontdesk.admin.v1.organization_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class OrganizationServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    CreateOrganization: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.internal.v1.organization_service_pb2.CreateOrganizationRequest, frontdesk.admin.v1.organization_pb2.Organization]
    ListOrganizations: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.internal.v1.organization_service_pb2.ListOrganizationsRequest, frontdesk.admin.internal.v1.organization_service_pb2.ListOrganizationsResponse]
    SuspendOrganization: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.internal.v1.organization_service_pb2.SuspendOrganizationRequest, frontdesk.admin.v1.organization_pb2.Organization]
    ResumeOrganization: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.internal.v1.organization_service_pb2.ResumeOrganizationRequest, frontdesk.admin.v1.organization_pb2.Organization]
    DeleteOrganization: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.internal.v1.organization_service_pb2.DeleteOrganizationRequest, frontdesk.admin.v1.organization_pb2.Organization]
    RestoreOrganization: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.internal.v1.organization_service_pb2.RestoreOrganizationRequest, frontdesk.admin.v1.organization_pb2.Organization]
    GetOrganizationErasure: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.internal.v1.organization_service_pb2.GetOrganizationErasureRequest, frontdesk.admin.internal.v1.organization_service_pb2.OrganizationErasure]
    ConfirmOrganizationErasure: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.internal.v1.organization_service_pb2.ConfirmOrganizationErasureRequest, frontdesk.admin.internal.v1.organization_service_pb2.OrganizationErasure]

class OrganizationServiceServicer:
    def CreateOrganization(self, request: frontdesk.admin.internal.v1.organization_service_pb2.CreateOrganizationRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.organization_pb2.Organization]: ...
    def ListOrganizations(self, request: frontdesk.admin.internal.v1.organization_service_pb2.ListOrganizationsRequest, context: _Context) -> Awaitable[frontdesk.admin.internal.v1.organization_service_pb2.ListOrganizationsResponse]: ...
    def SuspendOrganization(self, request: frontdesk.admin.internal.v1.organization_service_pb2.SuspendOrganizationRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.organization_pb2.Organization]: ...
    def ResumeOrganization(self, request: frontdesk.admin.internal.v1.organization_service_pb2.ResumeOrganizationRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.organization_pb2.Organization]: ...
    def DeleteOrganization(self, request: frontdesk.admin.internal.v1.organization_service_pb2.DeleteOrganizationRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.organization_pb2.Organization]: ...
    def RestoreOrganization(self, request: frontdesk.admin.internal.v1.organization_service_pb2.RestoreOrganizationRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.organization_pb2.Organization]: ...
    def GetOrganizationErasure(self, request: frontdesk.admin.internal.v1.organization_service_pb2.GetOrganizationErasureRequest, context: _Context) -> Awaitable[frontdesk.admin.internal.v1.organization_service_pb2.OrganizationErasure]: ...
    def ConfirmOrganizationErasure(self, request: frontdesk.admin.internal.v1.organization_service_pb2.ConfirmOrganizationErasureRequest, context: _Context) -> Awaitable[frontdesk.admin.internal.v1.organization_service_pb2.OrganizationErasure]: ...

def add_OrganizationServiceServicer_to_server(
    servicer: OrganizationServiceServicer, server: grpc.aio.Server
) -> None: ...
