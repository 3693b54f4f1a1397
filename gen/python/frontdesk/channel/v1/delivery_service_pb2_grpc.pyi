"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.channel.v1.delivery_pb2
import frontdesk.channel.v1.delivery_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class DeliveryServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetDelivery: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.delivery_service_pb2.GetDeliveryRequest, frontdesk.channel.v1.delivery_pb2.Delivery]
    ListDeliveries: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.delivery_service_pb2.ListDeliveriesRequest, frontdesk.channel.v1.delivery_service_pb2.ListDeliveriesResponse]
    RetryDelivery: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.delivery_service_pb2.RetryDeliveryRequest, frontdesk.channel.v1.delivery_pb2.Delivery]

class DeliveryServiceServicer:
    def GetDelivery(self, request: frontdesk.channel.v1.delivery_service_pb2.GetDeliveryRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.delivery_pb2.Delivery]: ...
    def ListDeliveries(self, request: frontdesk.channel.v1.delivery_service_pb2.ListDeliveriesRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.delivery_service_pb2.ListDeliveriesResponse]: ...
    def RetryDelivery(self, request: frontdesk.channel.v1.delivery_service_pb2.RetryDeliveryRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.delivery_pb2.Delivery]: ...

def add_DeliveryServiceServicer_to_server(
    servicer: DeliveryServiceServicer, server: grpc.aio.Server
) -> None: ...
