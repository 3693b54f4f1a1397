"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.core.v1.workflow_pb2
import frontdesk.core.v1.workflow_service_pb2
import google.protobuf.empty_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class WorkflowServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    CreateWorkflow: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.workflow_service_pb2.CreateWorkflowRequest, frontdesk.core.v1.workflow_pb2.Workflow]
    GetWorkflow: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.workflow_service_pb2.GetWorkflowRequest, frontdesk.core.v1.workflow_pb2.Workflow]
    ListWorkflows: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.workflow_service_pb2.ListWorkflowsRequest, frontdesk.core.v1.workflow_service_pb2.ListWorkflowsResponse]
    UpdateWorkflow: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.workflow_service_pb2.UpdateWorkflowRequest, frontdesk.core.v1.workflow_pb2.Workflow]
    DeleteWorkflow: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.workflow_service_pb2.DeleteWorkflowRequest, google.protobuf.empty_pb2.Empty]
    PublishWorkflow: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.workflow_service_pb2.PublishWorkflowRequest, frontdesk.core.v1.workflow_pb2.Workflow]
    RollbackWorkflow: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.workflow_service_pb2.RollbackWorkflowRequest, frontdesk.core.v1.workflow_pb2.Workflow]
    TestWorkflow: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.workflow_service_pb2.TestWorkflowRequest, frontdesk.core.v1.workflow_service_pb2.TestWorkflowResponse]
    GetWorkflowVersion: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.workflow_service_pb2.GetWorkflowVersionRequest, frontdesk.core.v1.workflow_pb2.WorkflowVersion]
    ListWorkflowVersions: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.workflow_service_pb2.ListWorkflowVersionsRequest, frontdesk.core.v1.workflow_service_pb2.ListWorkflowVersionsResponse]

class WorkflowServiceServicer:
    def CreateWorkflow(self, request: frontdesk.core.v1.workflow_service_pb2.CreateWorkflowRequest, context: _Context) -> Awaitable[frontdesk.core.v1.workflow_pb2.Workflow]: ...
    def GetWorkflow(self, request: frontdesk.core.v1.workflow_service_pb2.GetWorkflowRequest, context: _Context) -> Awaitable[frontdesk.core.v1.workflow_pb2.Workflow]: ...
    def ListWorkflows(self, request: frontdesk.core.v1.workflow_service_pb2.ListWorkflowsRequest, context: _Context) -> Awaitable[frontdesk.core.v1.workflow_service_pb2.ListWorkflowsResponse]: ...
    def UpdateWorkflow(self, request: frontdesk.core.v1.workflow_service_pb2.UpdateWorkflowRequest, context: _Context) -> Awaitable[frontdesk.core.v1.workflow_pb2.Workflow]: ...
    def DeleteWorkflow(self, request: frontdesk.core.v1.workflow_service_pb2.DeleteWorkflowRequest, context: _Context) -> Awaitable[google.protobuf.empty_pb2.Empty]: ...
    def PublishWorkflow(self, request: frontdesk.core.v1.workflow_service_pb2.PublishWorkflowRequest, context: _Context) -> Awaitable[frontdesk.core.v1.workflow_pb2.Workflow]: ...
    def RollbackWorkflow(self, request: frontdesk.core.v1.workflow_service_pb2.RollbackWorkflowRequest, context: _Context) -> Awaitable[frontdesk.core.v1.workflow_pb2.Workflow]: ...
    def TestWorkflow(self, request: frontdesk.core.v1.workflow_service_pb2.TestWorkflowRequest, context: _Context) -> Awaitable[frontdesk.core.v1.workflow_service_pb2.TestWorkflowResponse]: ...
    def GetWorkflowVersion(self, request: frontdesk.core.v1.workflow_service_pb2.GetWorkflowVersionRequest, context: _Context) -> Awaitable[frontdesk.core.v1.workflow_pb2.WorkflowVersion]: ...
    def ListWorkflowVersions(self, request: frontdesk.core.v1.workflow_service_pb2.ListWorkflowVersionsRequest, context: _Context) -> Awaitable[frontdesk.core.v1.workflow_service_pb2.ListWorkflowVersionsResponse]: ...

def add_WorkflowServiceServicer_to_server(
    servicer: WorkflowServiceServicer, server: grpc.aio.Server
) -> None: ...
