"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.admin.internal.v1.setting_service_pb2
import frontdesk.admin.v1.setting_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class SettingServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetSettingVersion: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.internal.v1.setting_service_pb2.GetSettingVersionRequest, frontdesk.admin.v1.setting_pb2.SettingVersion]

class SettingServiceServicer:
    def GetSettingVersion(self, request: frontdesk.admin.internal.v1.setting_service_pb2.GetSettingVersionRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.setting_pb2.SettingVersion]: ...

def add_SettingServiceServicer_to_server(
    servicer: SettingServiceServicer, server: grpc.aio.Server
) -> None: ...
