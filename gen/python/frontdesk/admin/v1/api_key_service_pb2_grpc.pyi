"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.admin.v1.api_key_pb2
import frontdesk.admin.v1.api_key_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class ApiKeyServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    CreateApiKey: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.api_key_service_pb2.CreateApiKeyRequest, frontdesk.admin.v1.api_key_service_pb2.CreateApiKeyResponse]
    GetApiKey: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.api_key_service_pb2.GetApiKeyRequest, frontdesk.admin.v1.api_key_pb2.ApiKey]
    ListApiKeys: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.api_key_service_pb2.ListApiKeysRequest, frontdesk.admin.v1.api_key_service_pb2.ListApiKeysResponse]
    RotateApiKey: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.api_key_service_pb2.RotateApiKeyRequest, frontdesk.admin.v1.api_key_service_pb2.RotateApiKeyResponse]
    RevokeApiKey: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.api_key_service_pb2.RevokeApiKeyRequest, frontdesk.admin.v1.api_key_pb2.ApiKey]

class ApiKeyServiceServicer:
    def CreateApiKey(self, request: frontdesk.admin.v1.api_key_service_pb2.CreateApiKeyRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.api_key_service_pb2.CreateApiKeyResponse]: ...
    def GetApiKey(self, request: frontdesk.admin.v1.api_key_service_pb2.GetApiKeyRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.api_key_pb2.ApiKey]: ...
    def ListApiKeys(self, request: frontdesk.admin.v1.api_key_service_pb2.ListApiKeysRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.api_key_service_pb2.ListApiKeysResponse]: ...
    def RotateApiKey(self, request: frontdesk.admin.v1.api_key_service_pb2.RotateApiKeyRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.api_key_service_pb2.RotateApiKeyResponse]: ...
    def RevokeApiKey(self, request: frontdesk.admin.v1.api_key_service_pb2.RevokeApiKeyRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.api_key_pb2.ApiKey]: ...

def add_ApiKeyServiceServicer_to_server(
    servicer: ApiKeyServiceServicer, server: grpc.aio.Server
) -> None: ...
