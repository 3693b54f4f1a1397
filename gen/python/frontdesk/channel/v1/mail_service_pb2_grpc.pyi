"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.channel.v1.mail_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class MailServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetMailStatus: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.mail_service_pb2.GetMailStatusRequest, frontdesk.channel.v1.mail_service_pb2.MailStatus]
    TestMail: grpc.aio.UnaryUnaryMultiCallable[frontdesk.channel.v1.mail_service_pb2.TestMailRequest, frontdesk.channel.v1.mail_service_pb2.TestMailResponse]

class MailServiceServicer:
    def GetMailStatus(self, request: frontdesk.channel.v1.mail_service_pb2.GetMailStatusRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.mail_service_pb2.MailStatus]: ...
    def TestMail(self, request: frontdesk.channel.v1.mail_service_pb2.TestMailRequest, context: _Context) -> Awaitable[frontdesk.channel.v1.mail_service_pb2.TestMailResponse]: ...

def add_MailServiceServicer_to_server(
    servicer: MailServiceServicer, server: grpc.aio.Server
) -> None: ...
