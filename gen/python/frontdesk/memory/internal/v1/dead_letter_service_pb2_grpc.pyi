"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.memory.internal.v1.dead_letter_service_pb2
import google.protobuf.empty_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class DeadLetterServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    ListDeadLetters: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.internal.v1.dead_letter_service_pb2.ListDeadLettersRequest, frontdesk.memory.internal.v1.dead_letter_service_pb2.ListDeadLettersResponse]
    RetryDeadLetter: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.internal.v1.dead_letter_service_pb2.RetryDeadLetterRequest, frontdesk.memory.internal.v1.dead_letter_service_pb2.RetryDeadLetterResponse]
    DeleteDeadLetter: grpc.aio.UnaryUnaryMultiCallable[frontdesk.memory.internal.v1.dead_letter_service_pb2.DeleteDeadLetterRequest, google.protobuf.empty_pb2.Empty]

class DeadLetterServiceServicer:
    def ListDeadLetters(self, request: frontdesk.memory.internal.v1.dead_letter_service_pb2.ListDeadLettersRequest, context: _Context) -> Awaitable[frontdesk.memory.internal.v1.dead_letter_service_pb2.ListDeadLettersResponse]: ...
    def RetryDeadLetter(self, request: frontdesk.memory.internal.v1.dead_letter_service_pb2.RetryDeadLetterRequest, context: _Context) -> Awaitable[frontdesk.memory.internal.v1.dead_letter_service_pb2.RetryDeadLetterResponse]: ...
    def DeleteDeadLetter(self, request: frontdesk.memory.internal.v1.dead_letter_service_pb2.DeleteDeadLetterRequest, context: _Context) -> Awaitable[google.protobuf.empty_pb2.Empty]: ...

def add_DeadLetterServiceServicer_to_server(
    servicer: DeadLetterServiceServicer, server: grpc.aio.Server
) -> None: ...
