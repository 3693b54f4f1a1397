"""Server streams as server-sent events, for REST clients: the gateway asks for them, and passes on the bytes as they are.

Each response becomes an event whose `id` is its resume token and whose data is its JSON. An error after the first response is
an `event: error` with the JSON of its `google.rpc.Status`; one before it is an HTTP error as of any call.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from google.api import httpbody_pb2
from google.protobuf import json_format
from google.protobuf.message import Message

from kit.convert import Serialized

FORM = "x-stream-form"
"""The header by which the gateway asks for events; it removes a client's own."""
RETRY = b"retry: 1000\n"
"""How many milliseconds a client should wait before it connects again."""


def wanted(metadata: Mapping[str, str]) -> bool:
    """Whether the caller of a stream gets server-sent events."""
    return metadata.get(FORM) == "events"


def resume(request: Message, metadata: Mapping[str, str]) -> None:
    """Continues after the event that the client received last, as its `Last-Event-ID` header says."""
    last = metadata.get("last-event-id")
    if last and "resume_token" in request.DESCRIPTOR.fields_by_name:
        request.resume_token = last  # type: ignore[attr-defined]


def event(response: Message | Serialized, *, name: str = "", first: bool = False) -> httpbody_pb2.HttpBody:
    """A response as an event."""
    if isinstance(response, Serialized):
        response = response.parsed()
    data = msgspec.json.encode(json_format.MessageToDict(response, always_print_fields_with_no_presence=True))
    id = getattr(response, "resume_token", "")
    lines = RETRY if first else b""
    lines += f"id: {id}\n".encode() if id else b""
    lines += f"event: {name}\n".encode() if name else b""
    return httpbody_pb2.HttpBody(content_type="text/event-stream", data=lines + b"data: " + data + b"\n\n")
