"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.admin.v1.audit_event_pb2
import frontdesk.admin.v1.audit_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class AuditServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    ListAuditEvents: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.audit_service_pb2.ListAuditEventsRequest, frontdesk.admin.v1.audit_service_pb2.ListAuditEventsResponse]
    GetAuditEvent: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.audit_service_pb2.GetAuditEventRequest, frontdesk.admin.v1.audit_event_pb2.AuditEvent]
    VerifyAuditEvents: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.audit_service_pb2.VerifyAuditEventsRequest, frontdesk.admin.v1.audit_service_pb2.VerifyAuditEventsResponse]

class AuditServiceServicer:
    def ListAuditEvents(self, request: frontdesk.admin.v1.audit_service_pb2.ListAuditEventsRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.audit_service_pb2.ListAuditEventsResponse]: ...
    def GetAuditEvent(self, request: frontdesk.admin.v1.audit_service_pb2.GetAuditEventRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.audit_event_pb2.AuditEvent]: ...
    def VerifyAuditEvents(self, request: frontdesk.admin.v1.audit_service_pb2.VerifyAuditEventsRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.audit_service_pb2.VerifyAuditEventsResponse]: ...

def add_AuditServiceServicer_to_server(
    servicer: AuditServiceServicer, server: grpc.aio.Server
) -> None: ...
