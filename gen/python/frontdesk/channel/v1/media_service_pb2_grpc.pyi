"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.channel.v1.media_pb2
import frontdesk.channel.v1.media_service_pb2
import google.protobuf.empty_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class MediaServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    CreateMedia: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.media_service_pb2.CreateMediaRequest, frontdesk.channel.v1.media_service_pb2.CreateMediaResponse]
    GetMedia: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.media_service_pb2.GetMediaRequest, frontdesk.channel.v1.media_pb2.Media]
    CreateDownloadLink: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.media_service_pb2.CreateDownloadLinkRequest, frontdesk.channel.v1.media_service_pb2.CreateDownloadLinkResponse]
    RetryMedia: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.media_service_pb2.RetryMediaRequest, frontdesk.channel.v1.media_pb2.Media]
    DeleteMedia: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.media_service_pb2.DeleteMediaRequest, google.protobuf.empty_pb2.Empty]

class MediaServiceServicer:
    def CreateMedia(self, request: frontdesk.channel.v1.media_service_pb2.CreateMediaRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.media_service_pb2.CreateMediaResponse]: ...
    def GetMedia(self, request: frontdesk.channel.v1.media_service_pb2.GetMediaRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.media_pb2.Media]: ...
    def CreateDownloadLink(self, request: frontdesk.channel.v1.media_service_pb2.CreateDownloadLinkRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.media_service_pb2.CreateDownloadLinkResponse]: ...
    def RetryMedia(self, request: frontdesk.channel.v1.media_service_pb2.RetryMediaRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.media_pb2.Media]: ...
    def DeleteMedia(self, request: frontdesk.channel.v1.media_service_pb2.DeleteMediaRequest, context: _Context) -> Awaitable[google.protobuf.empty_pb2.Empty]: ...

def add_MediaServiceServicer_to_server(
    servicer: MediaServiceServicer, server: grpc.aio.Server
) -> None: ...
