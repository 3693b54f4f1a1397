"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.admin.v1.second_factor_pb2
import frontdesk.admin.v1.second_factor_service_pb2
import frontdesk.admin.v1.user_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class SecondFactorServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetSecondFactor: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.second_factor_service_pb2.GetSecondFactorRequest, frontdesk.admin.v1.second_factor_pb2.SecondFactor]
    StartSecondFactor: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.second_factor_service_pb2.StartSecondFactorRequest, frontdesk.admin.v1.second_factor_pb2.SecondFactorEnrollment]
    ConfirmSecondFactor: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.second_factor_service_pb2.ConfirmSecondFactorRequest, frontdesk.admin.v1.second_factor_pb2.RecoveryCodes]
    RegenerateRecoveryCodes: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.second_factor_service_pb2.RegenerateRecoveryCodesRequest, frontdesk.admin.v1.second_factor_pb2.RecoveryCodes]
    DisableSecondFactor: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.second_factor_service_pb2.DisableSecondFactorRequest, frontdesk.admin.v1.second_factor_pb2.SecondFactor]
    RemoveSecondFactor: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.second_factor_service_pb2.RemoveSecondFactorRequest, frontdesk.admin.v1.user_pb2.User]

class SecondFactorServiceServicer:
    def GetSecondFactor(self, request: frontdesk.admin.v1.second_factor_service_pb2.GetSecondFactorRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.second_factor_pb2.SecondFactor]: ...
    def StartSecondFactor(self, request: frontdesk.admin.v1.second_factor_service_pb2.StartSecondFactorRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.second_factor_pb2.SecondFactorEnrollment]: ...
    def ConfirmSecondFactor(self, request: frontdesk.admin.v1.second_factor_service_pb2.ConfirmSecondFactorRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.second_factor_pb2.RecoveryCodes]: ...
    def RegenerateRecoveryCodes(self, request: frontdesk.admin.v1.second_factor_service_pb2.RegenerateRecoveryCodesRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.second_factor_pb2.RecoveryCodes]: ...
    def DisableSecondFactor(self, request: frontdesk.admin.v1.second_factor_service_pb2.DisableSecondFactorRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.second_factor_pb2.SecondFactor]: ...
    def RemoveSecondFactor(self, request: frontdesk.admin.v1.second_factor_service_pb2.RemoveSecondFactorRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.user_pb2.User]: ...

def add_SecondFactorServiceServicer_to_server(
    servicer: SecondFactorServiceServicer, server: grpc.aio.Server
) -> None: ...
