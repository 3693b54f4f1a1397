"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.agent.v1.queue_pb2
import frontdesk.agent.v1.queue_service_pb2
import google.protobuf.empty_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class QueueServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetQueue: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.queue_service_pb2.GetQueueRequest, frontdesk.agent.v1.queue_pb2.Queue]
    ListQueues: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.queue_service_pb2.ListQueuesRequest, frontdesk.agent.v1.queue_service_pb2.ListQueuesResponse]
    CreateQueue: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.queue_service_pb2.CreateQueueRequest, frontdesk.agent.v1.queue_pb2.Queue]
    UpdateQueue: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.queue_service_pb2.UpdateQueueRequest, frontdesk.agent.v1.queue_pb2.Queue]
    DeleteQueue: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.queue_service_pb2.DeleteQueueRequest, google.protobuf.empty_pb2.Empty]
    ListQueueEntries: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.queue_service_pb2.ListQueueEntriesRequest, frontdesk.agent.v1.queue_service_pb2.ListQueueEntriesResponse]

class QueueServiceServicer:
    def GetQueue(self, request: frontdesk.agent.v1.queue_service_pb2.GetQueueRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.queue_pb2.Queue]: ...
    def ListQueues(self, request: frontdesk.agent.v1.queue_service_pb2.ListQueuesRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.queue_service_pb2.ListQueuesResponse]: ...
    def CreateQueue(self, request: frontdesk.agent.v1.queue_service_pb2.CreateQueueRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.queue_pb2.Queue]: ...
    def UpdateQueue(self, request: frontdesk.agent.v1.queue_service_pb2.UpdateQueueRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.queue_pb2.Queue]: ...
    def DeleteQueue(self, request: frontdesk.agent.v1.queue_service_pb2.DeleteQueueRequest, context: _Context) -> Awaitable[google.protobuf.empty_pb2.Empty]: ...
    def ListQueueEntries(self, request: frontdesk.agent.v1.queue_service_pb2.ListQueueEntriesRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.queue_service_pb2.ListQueueEntriesResponse]: ...

def add_QueueServiceServicer_to_server(
    servicer: QueueServiceServicer, server: grpc.aio.Server
) -> None: ...
