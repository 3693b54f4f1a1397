"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.channel.internal.v1.mail_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class MailServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    SendMail: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.internal.v1.mail_service_pb2.SendMailRequest, frontdesk.channel.internal.v1.mail_service_pb2.SendMailResponse]
    GetMailState: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.internal.v1.mail_service_pb2.GetMailStateRequest, frontdesk.channel.internal.v1.mail_service_pb2.MailState]

class MailServiceServicer:
    def SendMail(self, request: frontdesk.channel.internal.v1.mail_service_pb2.SendMailRequest, context: _Context) -> Awaitable[frontdesk.channel.internal.v1.mail_service_pb2.SendMailResponse]: ...
    def GetMailState(self, request: frontdesk.channel.internal.v1.mail_service_pb2.GetMailStateRequest, context: _Context) -> Awaitable[frontdesk.channel.internal.v1.mail_service_pb2.MailState]: ...

def add_MailServiceServicer_to_server(
    servicer: MailServiceServicer, server: grpc.aio.Server
) -> None: ...
