"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.admin.v1.credential_pb2
import frontdesk.admin.v1.credential_service_pb2
import google.protobuf.empty_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class CredentialServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    CreateCredential: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.credential_service_pb2.CreateCredentialRequest, frontdesk.admin.v1.credential_pb2.Credential]
    GetCredential: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.credential_service_pb2.GetCredentialRequest, frontdesk.admin.v1.credential_pb2.Credential]
    ListCredentials: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.credential_service_pb2.ListCredentialsRequest, frontdesk.admin.v1.credential_service_pb2.ListCredentialsResponse]
    UpdateCredential: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.credential_service_pb2.UpdateCredentialRequest, frontdesk.admin.v1.credential_pb2.Credential]
    DeleteCredential: grpc.aio.UnaryUnaryMultiCallable[frontdesk.admin.v1.credential_service_pb2.DeleteCredentialRequest, google.protobuf.empty_pb2.Empty]

class CredentialServiceServicer:
    def CreateCredential(self, request: frontdesk.admin.v1.credential_service_pb2.CreateCredentialRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.credential_pb2.Credential]: ...
    def GetCredential(self, request: frontdesk.admin.v1.credential_service_pb2.GetCredentialRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.credential_pb2.Credential]: ...
    def ListCredentials(self, request: frontdesk.admin.v1.credential_service_pb2.ListCredentialsRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.credential_service_pb2.ListCredentialsResponse]: ...
    def UpdateCredential(self, request: frontdesk.admin.v1.credential_service_pb2.UpdateCredentialRequest, context: _Context) -> Awaitable[frontdesk.admin.v1.credential_pb2.Credential]: ...
    def DeleteCredential(self, request: frontdesk.admin.v1.credential_service_pb2.DeleteCredentialRequest, context: _Context) -> Awaitable[google.protobuf.empty_pb2.Empty]: ...

def add_CredentialServiceServicer_to_server(
    servicer: CredentialServiceServicer, server: grpc.aio.Server
) -> None: ...
