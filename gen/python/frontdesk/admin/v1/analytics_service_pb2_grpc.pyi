"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.admin.v1.analytics_service_pb2
import frontdesk.admin.v1.report_pb2
import google.api.httpbody_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class AnalyticsServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    ListReports: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.analytics_service_pb2.ListReportsRequest, frontdesk.admin.v1.analytics_service_pb2.ListReportsResponse]
    GetReport: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.analytics_service_pb2.GetReportRequest, frontdesk.admin.v1.report_pb2.Report]
    ExportReport: grpc.aio.UnaryStreamMultiCallable[frontdesk.admin.v1.analytics_service_pb2.ExportReportRequest, google.api.httpbody_pb2.HttpBody]

class AnalyticsServiceServicer:
    def ListReports(self, request: frontdesk.admin.v1.analytics_service_pb2.ListReportsRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.analytics_service_pb2.ListReportsResponse]: ...
    def GetReport(self, request: frontdesk.admin.v1.analytics_service_pb2.GetReportRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.report_pb2.Report]: ...
    def ExportReport(self, request: frontdesk.admin.v1.analytics_service_pb2.ExportReportRequest, context: _Context) -> AsyncIterator[google.api.httpbody_pb2.HttpBody]: ...

def add_AnalyticsServiceServicer_to_server(
    servicer: AnalyticsServiceServicer, server: grpc.aio.Server
) -> None: ...
