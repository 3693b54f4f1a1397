"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.core.internal.v1.transcript_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class TranscriptServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    RebuildTranscripts: grpc.aio.UnaryStreamMultiCallable[frontdesk.core.internal.v1.transcript_service_pb2.RebuildTranscriptsRequest, frontdesk.core.internal.v1.transcript_service_pb2.RebuildTranscriptsResponse]

class TranscriptServiceServicer:
    def RebuildTranscripts(self, request: frontdesk.core.internal.v1.transcript_service_pb2.RebuildTranscriptsRequest, context: _Context) -> AsyncIterator[frontdesk.core.internal.v1.transcript_service_pb2.RebuildTranscriptsResponse]: ...

def add_TranscriptServiceServicer_to_server(
    servicer: TranscriptServiceServicer, server: grpc.aio.Server
) -> None: ...
