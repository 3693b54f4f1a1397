"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.core.v1.turn_pb2
import frontdesk.core.v1.turn_service_pb2
import frontdesk.core.v1.turn_step_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class TurnServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetTurn: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.turn_service_pb2.GetTurnRequest, frontdesk.core.v1.turn_pb2.Turn]
    ListTurns: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.turn_service_pb2.ListTurnsRequest, frontdesk.core.v1.turn_service_pb2.ListTurnsResponse]
    GetTurnStep: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.turn_service_pb2.GetTurnStepRequest, frontdesk.core.v1.turn_step_pb2.TurnStep]
    ListTurnSteps: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.turn_service_pb2.ListTurnStepsRequest, frontdesk.core.v1.turn_service_pb2.ListTurnStepsResponse]
    GetPrompt: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.turn_service_pb2.GetPromptRequest, frontdesk.core.v1.turn_step_pb2.Prompt]

class TurnServiceServicer:
    def GetTurn(self, request: frontdesk.core.v1.turn_service_pb2.GetTurnRequest, context: _Context) -> Awaitable[frontdesk.core.v1.turn_pb2.Turn]: ...
    def ListTurns(self, request: frontdesk.core.v1.turn_service_pb2.ListTurnsRequest, context: _Context) -> Awaitable[frontdesk.core.v1.turn_service_pb2.ListTurnsResponse]: ...
    def GetTurnStep(self, request: frontdesk.core.v1.turn_service_pb2.GetTurnStepRequest, context: _Context) -> Awaitable[frontdesk.core.v1.turn_step_pb2.TurnStep]: ...
    def ListTurnSteps(self, request: frontdesk.core.v1.turn_service_pb2.ListTurnStepsRequest, context: _Context) -> Awaitable[frontdesk.core.v1.turn_service_pb2.ListTurnStepsResponse]: ...
    def GetPrompt(self, request: frontdesk.core.v1.turn_service_pb2.GetPromptRequest, context: _Context) -> Awaitable[frontdesk.core.v1.turn_step_pb2.Prompt]: ...

def add_TurnServiceServicer_to_server(
    servicer: TurnServiceServicer, server: grpc.aio.Server
) -> None: ...
