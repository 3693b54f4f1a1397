"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.core.v1.workflow_run_pb2
import frontdesk.core.v1.workflow_run_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class WorkflowRunServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    CreateWorkflowRun: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.workflow_run_service_pb2.CreateWorkflowRunRequest, frontdesk.core.v1.workflow_run_pb2.WorkflowRun]
    GetWorkflowRun: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.workflow_run_service_pb2.GetWorkflowRunRequest, frontdesk.core.v1.workflow_run_pb2.WorkflowRun]
    ListWorkflowRuns: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.workflow_run_service_pb2.ListWorkflowRunsRequest, frontdesk.core.v1.workflow_run_service_pb2.ListWorkflowRunsResponse]
    ListWorkflowRunSteps: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.workflow_run_service_pb2.ListWorkflowRunStepsRequest, frontdesk.core.v1.workflow_run_service_pb2.ListWorkflowRunStepsResponse]
    CancelWorkflowRun: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.workflow_run_service_pb2.CancelWorkflowRunRequest, frontdesk.core.v1.workflow_run_pb2.WorkflowRun]

class WorkflowRunServiceServicer:
    def CreateWorkflowRun(self, request: frontdesk.core.v1.workflow_run_service_pb2.CreateWorkflowRunRequest, context: _Context) -> Awaitable[frontdesk.core.v1.workflow_run_pb2.WorkflowRun]: ...
    def GetWorkflowRun(self, request: frontdesk.core.v1.workflow_run_service_pb2.GetWorkflowRunRequest, context: _Context) -> Awaitable[frontdesk.core.v1.workflow_run_pb2.WorkflowRun]: ...
    def ListWorkflowRuns(self, request: frontdesk.core.v1.workflow_run_service_pb2.ListWorkflowRunsRequest, context: _Context) -> Awaitable[frontdesk.core.v1.workflow_run_service_pb2.ListWorkflowRunsResponse]: ...
    def ListWorkflowRunSteps(self, request: frontdesk.core.v1.workflow_run_service_pb2.ListWorkflowRunStepsRequest, context: _Context) -> Awaitable[frontdesk.core.v1.workflow_run_service_pb2.ListWorkflowRunStepsResponse]: ...
    def CancelWorkflowRun(self, request: frontdesk.core.v1.workflow_run_service_pb2.CancelWorkflowRunRequest, context: _Context) -> Awaitable[frontdesk.core.v1.workflow_run_pb2.WorkflowRun]: ...

def add_WorkflowRunServiceServicer_to_server(
    servicer: WorkflowRunServiceServicer, server: grpc.aio.Server
) -> None: ...
