"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.admin.v1.setting_pb2
import frontdesk.admin.v1.setting_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class SettingServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetSetting: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.setting_service_pb2.GetSettingRequest, frontdesk.admin.v1.setting_pb2.Setting]
    ListSettings: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.setting_service_pb2.ListSettingsRequest, frontdesk.admin.v1.setting_service_pb2.ListSettingsResponse]
    UpdateSetting: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.setting_service_pb2.UpdateSettingRequest, frontdesk.admin.v1.setting_pb2.Setting]
    PublishSetting: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.setting_service_pb2.PublishSettingRequest, frontdesk.admin.v1.setting_pb2.Setting]
    DiscardSettingDraft: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.setting_service_pb2.DiscardSettingDraftRequest, frontdesk.admin.v1.setting_pb2.Setting]
    RollbackSetting: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.setting_service_pb2.RollbackSettingRequest, frontdesk.admin.v1.setting_pb2.Setting]
    DiffSetting: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.setting_service_pb2.DiffSettingRequest, frontdesk.admin.v1.setting_service_pb2.DiffSettingResponse]
    GetSettingVersion: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.setting_service_pb2.GetSettingVersionRequest, frontdesk.admin.v1.setting_pb2.SettingVersion]
    ListSettingVersions: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.setting_service_pb2.ListSettingVersionsRequest, frontdesk.admin.v1.setting_service_pb2.ListSettingVersionsResponse]

class SettingServiceServicer:
    def GetSetting(self, request: frontdesk.admin.v1.setting_service_pb2.GetSettingRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.setting_pb2.Setting]: ...
    def ListSettings(self, request: frontdesk.admin.v1.setting_service_pb2.ListSettingsRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.setting_service_pb2.ListSettingsResponse]: ...
    def UpdateSetting(self, request: frontdesk.admin.v1.setting_service_pb2.UpdateSettingRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.setting_pb2.Setting]: ...
    def PublishSetting(self, request: frontdesk.admin.v1.setting_service_pb2.PublishSettingRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.setting_pb2.Setting]: ...
    def DiscardSettingDraft(self, request: frontdesk.admin.v1.setting_service_pb2.DiscardSettingDraftRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.setting_pb2.Setting]: ...
    def RollbackSetting(self, request: frontdesk.admin.v1.setting_service_pb2.RollbackSettingRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.setting_pb2.Setting]: ...
    def DiffSetting(self, request: frontdesk.admin.v1.setting_service_pb2.DiffSettingRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.setting_service_pb2.DiffSettingResponse]: ...
    def GetSettingVersion(self, request: frontdesk.admin.v1.setting_service_pb2.GetSettingVersionRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.setting_pb2.SettingVersion]: ...
    def ListSettingVersions(self, request: frontdesk.admin.v1.setting_service_pb2.ListSettingVersionsRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.setting_service_pb2.ListSettingVersionsResponse]: ...

def add_SettingServiceServicer_to_server(
    servicer: SettingServiceServicer, server: grpc.aio.Server
) -> None: ...
