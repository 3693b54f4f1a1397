"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.admin.v1.export_pb2
import frontdesk.admin.v1.export_service_pb2
import google.protobuf.empty_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class ExportServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    CreateExport: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.export_service_pb2.CreateExportRequest, frontdesk.admin.v1.export_pb2.Export]
    GetExport: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.export_service_pb2.GetExportRequest, frontdesk.admin.v1.export_pb2.Export]
    ListExports: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.export_service_pb2.ListExportsRequest, frontdesk.admin.v1.export_service_pb2.ListExportsResponse]
    CancelExport: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.export_service_pb2.CancelExportRequest, frontdesk.admin.v1.export_pb2.Export]
    DeleteExport: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.export_service_pb2.DeleteExportRequest, google.protobuf.empty_pb2.Empty]

class ExportServiceServicer:
    def CreateExport(self, request: frontdesk.admin.v1.export_service_pb2.CreateExportRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.export_pb2.Export]: ...
    def GetExport(self, request: frontdesk.admin.v1.export_service_pb2.GetExportRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.export_pb2.Export]: ...
    def ListExports(self, request: frontdesk.admin.v1.export_service_pb2.ListExportsRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.export_service_pb2.ListExportsResponse]: ...
    def CancelExport(self, request: frontdesk.admin.v1.export_service_pb2.CancelExportRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.export_pb2.Export]: ...
    def DeleteExport(self, request: frontdesk.admin.v1.export_service_pb2.DeleteExportRequest, context: _Context) -> Awaitable[google.protobuf.empty_pb2.Empty]: ...

def add_ExportServiceServicer_to_server(
    servicer: ExportServiceServicer, server: grpc.aio.Server
) -> None: ...
