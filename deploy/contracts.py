"""The RPCs of the contracts, as the deployment needs them: their paths, their callers, and whether they are idempotent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from frontdesk.access.v1 import Access, access
from google.protobuf import descriptor_pb2

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("channel", "core", "memory", "agent", "admin")
REPEATABLE = (descriptor_pb2.MethodOptions.NO_SIDE_EFFECTS, descriptor_pb2.MethodOptions.IDEMPOTENT)


@dataclass(frozen=True, slots=True)
class Rpc:
    """One RPC. `callers` is empty unless it is internal."""

    owner: str
    """The service that serves it, such as `core`."""
    service: str
    """Full name, such as `frontdesk.core.v1.TurnService`."""
    method: str
    callers: tuple[str, ...]
    repeatable: bool
    """Marked idempotent, and no stream: a stream resumes by its own token."""

    @property
    def path(self) -> str:
        """As in HTTP/2: `/frontdesk.core.v1.TurnService/GetTurn`."""
        return f"/{self.service}/{self.method}"


def rpcs(descriptor: Path = ROOT / "gen" / "descriptor.binpb") -> Iterator[Rpc]:
    """Yields every RPC of the five services, in the order of paths."""
    files = descriptor_pb2.FileDescriptorSet.FromString(descriptor.read_bytes()).file
    yield from sorted((rpc for file in files for rpc in _of_file(file)), key=lambda rpc: rpc.path)


def _of_file(file: descriptor_pb2.FileDescriptorProto) -> Iterator[Rpc]:
    parts = file.package.split(".")
    if parts[0] != "frontdesk" or len(parts) < 2 or parts[1] not in SERVICES:
        return
    for service in file.service:
        for method in service.method:
            option = cast(Access, method.options.Extensions[cast(Any, access)])
            streams = method.client_streaming or method.server_streaming
            repeatable = method.options.idempotency_level in REPEATABLE and not streams
            yield Rpc(parts[1], f"{file.package}.{service.name}", method.name, tuple(option.callers), repeatable)
