"""Calling other services: one channel per service, retries where a repetition is harmless, errors as our own exceptions."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, TypeVar

import grpc
import msgspec
from google.protobuf import descriptor_pb2, descriptor_pool
from google.rpc import error_details_pb2, status_pb2

from kit import deadline, errors, log, telemetry

Response = TypeVar("Response")
Metadata = Sequence[tuple[str, str]]

MAX_BYTES = 1 << 20
CONNECT_MS = 2_000
"""How long an attempt to connect may take. Despite its name, gRPC's option sets no pause but this; a shorter one makes calls
fail on a machine that is busy, or restarts.
"""
_IDEMPOTENT = (
    descriptor_pb2.MethodOptions.NO_SIDE_EFFECTS,
    descriptor_pb2.MethodOptions.IDEMPOTENT,
)


class OutOfTime(errors.DeadlineExceeded):
    reason = "OUT_OF_TIME"

    def __init__(self) -> None:
        super().__init__("The call that needs this has no time left.")


class ServiceUnavailable(errors.Unavailable):
    """The other side gave no answer of its own."""

    reason = "SERVICE_UNAVAILABLE"

    def __init__(self, detail: str) -> None:
        super().__init__("A service that this needs is unavailable; repeat in a moment.", detail=detail)


def dial(
    url: str, services: Sequence[str] = (), ping_seconds: float = 30, credentials: grpc.ChannelCredentials | None = None
) -> grpc.aio.Channel:
    """A channel to `host:port`, or to several replicas as `1.2.3.4:port,1.2.3.5:port` (addresses then, no names).

    The idempotent RPCs of `services` (full names) are repeated, up to twice, on UNAVAILABLE. While a call is open, a ping every
    `ping_seconds` notices a peer that has vanished. With `credentials` it speaks TLS; without, plaintext.
    """
    pool = descriptor_pool.Default()
    methods = [
        {"service": name, "method": method.name}
        for name in services
        for method in pool.FindServiceByName(name).methods
        if method.GetOptions().idempotency_level in _IDEMPOTENT and not method.server_streaming
    ]
    policy = {
        "maxAttempts": 3,
        "initialBackoff": "0.05s",
        "maxBackoff": "0.5s",
        "backoffMultiplier": 3,
        "retryableStatusCodes": ["UNAVAILABLE"],
    }
    config = {
        "methodConfig": [{"name": methods, "retryPolicy": policy}] if methods else [],
        "loadBalancingConfig": [{"round_robin": {}}],  # over all addresses: gRPC's default takes one and stays
    }
    target = f"ipv4:{url}" if "," in url else url
    options = [
        ("grpc.service_config", msgspec.json.encode(config).decode()),
        ("grpc.max_receive_message_length", 4 * MAX_BYTES),
        ("grpc.keepalive_time_ms", int(ping_seconds * 1000)),
        ("grpc.http2.max_pings_without_data", 0),  # no bound: a quiet stream is pinged as long as it is open
        ("grpc.keepalive_timeout_ms", 5_000),
        ("grpc.http2.bdp_probe", 0),
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.min_reconnect_backoff_ms", CONNECT_MS),
        ("grpc.max_reconnect_backoff_ms", 2_000),
    ]
    if credentials is not None:
        return grpc.aio.secure_channel(target, credentials, options=options)
    return grpc.aio.insecure_channel(target, options=options)


async def call(rpc: Callable[..., Any], request: object, *, token: str, timeout: float = 5.0, metadata: Metadata = ()) -> Any:
    """Calls a unary RPC within `timeout` seconds, or less when the running call has less; raises `kit.errors`."""
    seconds = deadline.remaining(timeout)
    if seconds <= 0:
        raise OutOfTime
    try:
        return await rpc(request, metadata=_metadata(token, metadata), timeout=seconds)
    except grpc.aio.AioRpcError as error:
        raise from_status(error) from error


async def stream(
    rpc: Callable[..., Any], request: object, *, token: str, timeout: float | None = None, metadata: Metadata = ()
) -> AsyncIterator[Any]:
    """The responses of a server stream; ends the call when the iteration is left. Raises `kit.errors`."""
    call = rpc(request, metadata=_metadata(token, metadata), timeout=timeout)
    try:
        async for response in call:
            yield response
    except grpc.aio.AioRpcError as error:
        raise from_status(error) from error
    finally:
        call.cancel()  # grpc.aio never cancels an abandoned call on its own


def from_status(error: grpc.aio.AioRpcError) -> errors.FrontdeskError:
    """The error that the other side from_status, with its code, reason and metadata."""
    kind = errors.BY_CODE.get(error.code().name, errors.Unavailable)
    for key, value in error.trailing_metadata() or ():
        if key != "grpc-status-details-bin":
            continue
        status = status_pb2.Status.FromString(value if isinstance(value, bytes) else value.encode())
        info = error_details_pb2.ErrorInfo()
        for detail in status.details:
            if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
                detail.Unpack(info)
                metadata = {k: v for k, v in info.metadata.items() if k not in ("reason", "domain", "message", "detail")}
                return kind(status.message, reason=info.reason, domain=info.domain, **metadata)
    if kind is errors.Unavailable:
        return ServiceUnavailable(error.details() or "UNAVAILABLE")
    return kind(error.details() or kind.code, reason=kind.code)


def _metadata(token: str, more: Metadata) -> list[tuple[str, str]]:
    metadata = [("authorization", f"Bearer {token}"), *more]
    if traceparent := telemetry.traceparent():
        metadata.append(("traceparent", traceparent))
    if request_id := log.request_id.get():
        metadata.append(("x-request-id", request_id))
    return metadata
