"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.admin.v1.report_pb2
import frontdesk.admin.v1.report_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class ReportServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetReportCatalog: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.report_service_pb2.GetReportCatalogRequest, frontdesk.admin.v1.report_pb2.ReportCatalog]
    QueryReport: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.report_service_pb2.QueryReportRequest, frontdesk.admin.v1.report_service_pb2.QueryReportResponse]

class ReportServiceServicer:
    def GetReportCatalog(self, request: frontdesk.admin.v1.report_service_pb2.GetReportCatalogRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.report_pb2.ReportCatalog]: ...
    def QueryReport(self, request: frontdesk.admin.v1.report_service_pb2.QueryReportRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.report_service_pb2.QueryReportResponse]: ...

def add_ReportServiceServicer_to_server(
    servicer: ReportServiceServicer, server: grpc.aio.Server
) -> None: ...
