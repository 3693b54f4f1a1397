"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.core.v1.approval_pb2
import frontdesk.core.v1.approval_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class ApprovalServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetApproval: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.approval_service_pb2.GetApprovalRequest, frontdesk.core.v1.approval_pb2.Approval]
    ListApprovals: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.approval_service_pb2.ListApprovalsRequest, frontdesk.core.v1.approval_service_pb2.ListApprovalsResponse]
    GrantApproval: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.approval_service_pb2.GrantApprovalRequest, frontdesk.core.v1.approval_pb2.Approval]
    RejectApproval: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.approval_service_pb2.RejectApprovalRequest, frontdesk.core.v1.approval_pb2.Approval]

class ApprovalServiceServicer:
    def GetApproval(self, request: frontdesk.core.v1.approval_service_pb2.GetApprovalRequest, context: _Context) -> Awaitable[frontdesk.core.v1.approval_pb2.Approval]: ...
    def ListApprovals(self, request: frontdesk.core.v1.approval_service_pb2.ListApprovalsRequest, context: _Context) -> Awaitable[frontdesk.core.v1.approval_service_pb2.ListApprovalsResponse]: ...
    def GrantApproval(self, request: frontdesk.core.v1.approval_service_pb2.GrantApprovalRequest, context: _Context) -> Awaitable[frontdesk.core.v1.approval_pb2.Approval]: ...
    def RejectApproval(self, request: frontdesk.core.v1.approval_service_pb2.RejectApprovalRequest, context: _Context) -> Awaitable[frontdesk.core.v1.approval_pb2.Approval]: ...

def add_ApprovalServiceServicer_to_server(
    servicer: ApprovalServiceServicer, server: grpc.aio.Server
) -> None: ...
