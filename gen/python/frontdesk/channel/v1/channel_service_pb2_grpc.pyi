"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.channel.v1.channel_pb2
import frontdesk.channel.v1.channel_service_pb2
import google.protobuf.empty_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class ChannelServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetChannel: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.channel_service_pb2.GetChannelRequest, frontdesk.channel.v1.channel_pb2.Channel]
    ListChannels: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.channel_service_pb2.ListChannelsRequest, frontdesk.channel.v1.channel_service_pb2.ListChannelsResponse]
    CreateChannel: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.channel_service_pb2.CreateChannelRequest, frontdesk.channel.v1.channel_pb2.Channel]
    UpdateChannel: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.channel_service_pb2.UpdateChannelRequest, frontdesk.channel.v1.channel_pb2.Channel]
    DeleteChannel: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.channel_service_pb2.DeleteChannelRequest, google.protobuf.empty_pb2.Empty]
    TestChannel: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.channel_service_pb2.TestChannelRequest, frontdesk.channel.v1.channel_service_pb2.TestChannelResponse]
    SetChannelLogo: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.channel_service_pb2.SetChannelLogoRequest, frontdesk.channel.v1.channel_pb2.Channel]
    RemoveChannelLogo: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.channel_service_pb2.RemoveChannelLogoRequest, frontdesk.channel.v1.channel_pb2.Channel]

class ChannelServiceServicer:
    def GetChannel(self, request: frontdesk.channel.v1.channel_service_pb2.GetChannelRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.channel_pb2.Channel]: ...
    def ListChannels(self, request: frontdesk.channel.v1.channel_service_pb2.ListChannelsRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.channel_service_pb2.ListChannelsResponse]: ...
    def CreateChannel(self, request: frontdesk.channel.v1.channel_service_pb2.CreateChannelRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.channel_pb2.Channel]: ...
    def UpdateChannel(self, request: frontdesk.channel.v1.channel_service_pb2.UpdateChannelRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.channel_pb2.Channel]: ...
    def DeleteChannel(self, request: frontdesk.channel.v1.channel_service_pb2.DeleteChannelRequest, context: _Context) -> Awaitable[google.protobuf.empty_pb2.Empty]: ...
    def TestChannel(self, request: frontdesk.channel.v1.channel_service_pb2.TestChannelRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.channel_service_pb2.TestChannelResponse]: ...
    def SetChannelLogo(self, request: frontdesk.channel.v1.channel_service_pb2.SetChannelLogoRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.channel_pb2.Channel]: ...
    def RemoveChannelLogo(self, request: frontdesk.channel.v1.channel_service_pb2.RemoveChannelLogoRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.channel_pb2.Channel]: ...

def add_ChannelServiceServicer_to_server(
    servicer: ChannelServiceServicer, server: grpc.aio.Server
) -> None: ...
