"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.admin.v1.role_pb2
import frontdesk.admin.v1.role_service_pb2
import google.protobuf.empty_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class RoleServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    ListRoles: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.role_service_pb2.ListRolesRequest, frontdesk.admin.v1.role_service_pb2.ListRolesResponse]
    GetRole: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.role_service_pb2.GetRoleRequest, frontdesk.admin.v1.role_pb2.Role]
    ListPermissions: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.role_service_pb2.ListPermissionsRequest, frontdesk.admin.v1.role_service_pb2.ListPermissionsResponse]
    CreateRole: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.role_service_pb2.CreateRoleRequest, frontdesk.admin.v1.role_pb2.Role]
    UpdateRole: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.role_service_pb2.UpdateRoleRequest, frontdesk.admin.v1.role_pb2.Role]
    DeleteRole: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.role_service_pb2.DeleteRoleRequest, google.protobuf.empty_pb2.Empty]

class RoleServiceServicer:
    def ListRoles(self, request: frontdesk.admin.v1.role_service_pb2.ListRolesRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.role_service_pb2.ListRolesResponse]: ...
    def GetRole(self, request: frontdesk.admin.v1.role_service_pb2.GetRoleRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.role_pb2.Role]: ...
    def ListPermissions(self, request: frontdesk.admin.v1.role_service_pb2.ListPermissionsRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.role_service_pb2.ListPermissionsResponse]: ...
    def CreateRole(self, request: frontdesk.admin.v1.role_service_pb2.CreateRoleRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.role_pb2.Role]: ...
    def UpdateRole(self, request: frontdesk.admin.v1.role_service_pb2.UpdateRoleRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.role_pb2.Role]: ...
    def DeleteRole(self, request: frontdesk.admin.v1.role_service_pb2.DeleteRoleRequest, context: _Context) -> Awaitable[google.protobuf.empty_pb2.Empty]: ...

def add_RoleServiceServicer_to_server(
    servicer: RoleServiceServicer, server: grpc.aio.Server
) -> None: ...
