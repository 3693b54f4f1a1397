"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.core.v1.customer_pb2
import frontdesk.core.v1.customer_service_pb2
import google.protobuf.empty_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class CustomerServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetCustomer: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.customer_service_pb2.GetCustomerRequest, frontdesk.core.v1.customer_pb2.Customer]
    ListCustomers: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.customer_service_pb2.ListCustomersRequest, frontdesk.core.v1.customer_service_pb2.ListCustomersResponse]
    BlockCustomer: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.customer_service_pb2.BlockCustomerRequest, frontdesk.core.v1.customer_pb2.Customer]
    UnblockCustomer: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.customer_service_pb2.UnblockCustomerRequest, frontdesk.core.v1.customer_pb2.Customer]
    UpdateCustomer: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.customer_service_pb2.UpdateCustomerRequest, frontdesk.core.v1.customer_pb2.Customer]
    MergeCustomer: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.customer_service_pb2.MergeCustomerRequest, frontdesk.core.v1.customer_pb2.Customer]
    SplitCustomer: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.customer_service_pb2.SplitCustomerRequest, frontdesk.core.v1.customer_pb2.Customer]
    DeleteCustomer: grpc.aio.UnaryUnaryMultiCallable[frontdesk.core.v1.customer_service_pb2.DeleteCustomerRequest, google.protobuf.empty_pb2.Empty]

class CustomerServiceServicer:
    def GetCustomer(self, request: frontdesk.core.v1.customer_service_pb2.GetCustomerRequest, context: _Context) -> Awaitable[frontdesk.core.v1.customer_pb2.Customer]: ...
    def ListCustomers(self, request: frontdesk.core.v1.customer_service_pb2.ListCustomersRequest, context: _Context) -> Awaitable[frontdesk.core.v1.customer_service_pb2.ListCustomersResponse]: ...
    def BlockCustomer(self, request: frontdesk.core.v1.customer_service_pb2.BlockCustomerRequest, context: _Context) -> Awaitable[frontdesk.core.v1.customer_pb2.Customer]: ...
    def UnblockCustomer(self, request: frontdesk.core.v1.customer_service_pb2.UnblockCustomerRequest, context: _Context) -> Awaitable[frontdesk.core.v1.customer_pb2.Customer]: ...
    def UpdateCustomer(self, request: frontdesk.core.v1.customer_service_pb2.UpdateCustomerRequest, context: _Context) -> Awaitable[frontdesk.core.v1.customer_pb2.Customer]: ...
    def MergeCustomer(self, request: frontdesk.core.v1.customer_service_pb2.MergeCustomerRequest, context: _Context) -> Awaitable[frontdesk.core.v1.customer_pb2.Customer]: ...
    def SplitCustomer(self, request: frontdesk.core.v1.customer_service_pb2.SplitCustomerRequest, context: _Context) -> Awaitable[frontdesk.core.v1.customer_pb2.Customer]: ...
    def DeleteCustomer(self, request: frontdesk.core.v1.customer_service_pb2.DeleteCustomerRequest, context: _Context) -> Awaitable[google.protobuf.empty_pb2.Empty]: ...

def add_CustomerServiceServicer_to_server(
    servicer: CustomerServiceServicer, server: grpc.aio.Server
) -> None: ...
