"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.admin.v1.organization_pb2
import frontdesk.admin.v1.organization_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class OrganizationServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetOrganization: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.organization_service_pb2.GetOrganizationRequest, frontdesk.admin.v1.organization_pb2.Organization]
    UpdateOrganization: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.organization_service_pb2.UpdateOrganizationRequest, frontdesk.admin.v1.organization_pb2.Organization]
    DeleteOrganization: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.organization_service_pb2.DeleteOrganizationRequest, frontdesk.admin.v1.organization_pb2.Organization]

class OrganizationServiceServicer:
    def GetOrganization(self, request: frontdesk.admin.v1.organization_service_pb2.GetOrganizationRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.organization_pb2.Organization]: ...
    def UpdateOrganization(self, request: frontdesk.admin.v1.organization_service_pb2.UpdateOrganizationRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.organization_pb2.Organization]: ...
    def DeleteOrganization(self, request: frontdesk.admin.v1.organization_service_pb2.DeleteOrganizationRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.organization_pb2.Organization]: ...

def add_OrganizationServiceServicer_to_server(
    servicer: OrganizationServiceServicer, server: grpc.aio.Server
) -> None: ...
