"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.admin.v1.auth_service_pb2
import google.api.httpbody_pb2
import google.protobuf.empty_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class AuthServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    Login: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.auth_service_pb2.LoginRequest, frontdesk.admin.v1.auth_service_pb2.LoginResponse]
    VerifySecondFactor: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.auth_service_pb2.VerifySecondFactorRequest, frontdesk.admin.v1.auth_service_pb2.VerifySecondFactorResponse]
    RequestPasswordReset: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.auth_service_pb2.RequestPasswordResetRequest, google.protobuf.empty_pb2.Empty]
    RefreshToken: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.auth_service_pb2.RefreshTokenRequest, frontdesk.admin.v1.auth_service_pb2.RefreshTokenResponse]
    Logout: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.auth_service_pb2.LogoutRequest, google.protobuf.empty_pb2.Empty]
    ExchangeApiKey: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.auth_service_pb2.ExchangeApiKeyRequest, frontdesk.admin.v1.auth_service_pb2.ExchangeApiKeyResponse]
    GetJwks: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.auth_service_pb2.GetJwksRequest, google.api.httpbody_pb2.HttpBody]

class AuthServiceServicer:
    def Login(self, request: frontdesk.admin.v1.auth_service_pb2.LoginRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.auth_service_pb2.LoginResponse]: ...
    def VerifySecondFactor(self, request: frontdesk.admin.v1.auth_service_pb2.VerifySecondFactorRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.auth_service_pb2.VerifySecondFactorResponse]: ...
    def RequestPasswordReset(self, request: frontdesk.admin.v1.auth_service_pb2.RequestPasswordResetRequest, context: _Context) -> Awaitable[google.protobuf.empty_pb2.Empty]: ...
    def RefreshToken(self, request: frontdesk.admin.v1.auth_service_pb2.RefreshTokenRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.auth_service_pb2.RefreshTokenResponse]: ...
    def Logout(self, request: frontdesk.admin.v1.auth_service_pb2.LogoutRequest, context: _Context) -> Awaitable[google.protobuf.empty_pb2.Empty]: ...
    def ExchangeApiKey(self, request: frontdesk.admin.v1.auth_service_pb2.ExchangeApiKeyRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.auth_service_pb2.ExchangeApiKeyResponse]: ...
    def GetJwks(self, request: frontdesk.admin.v1.auth_service_pb2.GetJwksRequest, context: _Context) -> Awaitable[google.api.httpbody_pb2.HttpBody]: ...

def add_AuthServiceServicer_to_server(
    servicer: AuthServiceServicer, server: grpc.aio.Server
) -> None: ...
