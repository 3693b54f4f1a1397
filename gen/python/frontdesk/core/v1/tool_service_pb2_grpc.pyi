"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.core.v1.tool_pb2
import frontdesk.core.v1.tool_service_pb2
import google.protobuf.empty_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class ToolServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    CreateTool: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.tool_service_pb2.CreateToolRequest, frontdesk.core.v1.tool_pb2.Tool]
    GetTool: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.tool_service_pb2.GetToolRequest, frontdesk.core.v1.tool_pb2.Tool]
    ListTools: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.tool_service_pb2.ListToolsRequest, frontdesk.core.v1.tool_service_pb2.ListToolsResponse]
    UpdateTool: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.tool_service_pb2.UpdateToolRequest, frontdesk.core.v1.tool_pb2.Tool]
    DeleteTool: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.tool_service_pb2.DeleteToolRequest, google.protobuf.empty_pb2.Empty]
    TestTool: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.tool_service_pb2.TestToolRequest, frontdesk.core.v1.tool_service_pb2.TestToolResponse]
    DiscoverTools: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.tool_service_pb2.DiscoverToolsRequest, frontdesk.core.v1.tool_service_pb2.DiscoverToolsResponse]

class ToolServiceServicer:
    def CreateTool(self, request: frontdesk.core.v1.tool_service_pb2.CreateToolRequest, context: _Context) -> Awaitable[frontdesk.core.v1.tool_pb2.Tool]: ...
    def GetTool(self, request: frontdesk.core.v1.tool_service_pb2.GetToolRequest, context: _Context) -> Awaitable[frontdesk.core.v1.tool_pb2.Tool]: ...
    def ListTools(self, request: frontdesk.core.v1.tool_service_pb2.ListToolsRequest, context: _Context) -> Awaitable[frontdesk.core.v1.tool_service_pb2.ListToolsResponse]: ...
    def UpdateTool(self, request: frontdesk.core.v1.tool_service_pb2.UpdateToolRequest, context: _Context) -> Awaitable[frontdesk.core.v1.tool_pb2.Tool]: ...
    def DeleteTool(self, request: frontdesk.core.v1.tool_service_pb2.DeleteToolRequest, context: _Context) -> Awaitable[google.protobuf.empty_pb2.Empty]: ...
    def TestTool(self, request: frontdesk.core.v1.tool_service_pb2.TestToolRequest, context: _Context) -> Awaitable[frontdesk.core.v1.tool_service_pb2.TestToolResponse]: ...
    def DiscoverTools(self, request: frontdesk.core.v1.tool_service_pb2.DiscoverToolsRequest, context: _Context) -> Awaitable[frontdesk.core.v1.tool_service_pb2.DiscoverToolsResponse]: ...

def add_ToolServiceServicer_to_server(
    servicer: ToolServiceServicer, server: grpc.aio.Server
) -> None: ...
