"""The errors of the edge itself, in the same form as a service's, for gRPC, gRPC-web and REST.

Envoy has no place for a table, so `mappers` writes out its `local_reply_config`: for each error one form as a gRPC status with
`grpc-status-details-bin`, and one as the JSON of the same `google.rpc.Status`. Browsers that ask for a page get a page.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

DOMAIN = "gateway.frontdesk"
ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Back in a moment</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem}</style>
<h1>Back in a moment</h1>
<p>This page can't be shown right now because a part of the service is unavailable. Please reload it in a minute.</p>
</html>
"""
_NOTHING = {"text_format_source": {"inline_string": "%REQ(X-NOTHING)%"}, "omit_empty_values": True}
_GRPC = "'content-type' in request.headers && request.headers['content-type'].startsWith('application/grpc')"
_REST = "'x-envoy-original-path' in request.headers"
_PAGES = (
    "response.code >= 500 && 'accept' in request.headers && request.headers['accept'].contains('text/html')"
    " && !request.path.startsWith('/v1/') && !request.path.startsWith('/frontdesk.')"
)


@dataclass(frozen=True)
class Reply:
    """An error of the edge: its condition (in CEL), its HTTP status, its code, its reason and its message."""

    when: str
    status: int
    code: int
    reason: str
    message: str
    grpc_code: int | None = None
    """The code for gRPC, where it has another one."""
    retry_seconds: int | None = None


REPLIES = (
    Reply(
        "response.code_details.contains('Jwt_is_missing')",
        *(401, 16, "TOKEN_MISSING", "The token is missing: send it as `authorization: Bearer …`."),
    ),
    Reply(
        "response.code_details.contains('Jwt_is_expired')",
        *(401, 16, "TOKEN_EXPIRED", "The token has expired; refresh it or sign in again."),
    ),
    Reply(
        "response.code == 401 || response.code_details.startsWith('jwt_authn')",
        *(401, 16, "INVALID_TOKEN", "The token is not valid; sign in again."),
    ),
    Reply(
        "response.code == 404 && 'access-control-request-method' in request.headers",
        *(403, 7, "ORIGIN_NOT_ALLOWED", "Pages of this origin may not call; set FRONTDESK_ALLOWED_ORIGINS to allow it."),
    ),
    Reply("response.code == 403", 403, 7, "NOT_ALLOWED", "This is not allowed."),
    Reply(
        "response.code == 404",
        *(404, 5, "NO_SUCH_METHOD", "There is no such method; see the API reference."),
        grpc_code=12,
    ),
    Reply(
        "response.code == 413",
        *(413, 3, "BODY_TOO_LARGE", "The body is too large: JSON may have 256 KiB, a webhook 4 MiB."),
    ),
    Reply(
        "response.code == 415",
        *(415, 3, "UNSUPPORTED_MEDIA_TYPE", "Call this by POST with content-type application/grpc, or use its REST path."),
    ),
    Reply("response.code == 431", 431, 3, "HEADERS_TOO_LARGE", "The headers are too large: they may have 16 KiB."),
    Reply(
        "response.code == 429",
        *(429, 8, "RATE_LIMITED", "Too many requests from this address; wait as long as Retry-After says."),
        retry_seconds=1,
    ),
    Reply(
        f"response.code == 408 && !({_REST})",
        *(408, 4, "REQUEST_TOO_SLOW", "The request took too long to arrive; send it faster, or less at once."),
    ),
    Reply(
        "response.code == 504 || response.code == 408",
        *(504, 4, "OUT_OF_TIME", "The service did not answer in time."),
    ),
    Reply(
        "response.code >= 500",
        *(503, 14, "SERVICE_UNAVAILABLE", "The service can't be reached; try again shortly."),
    ),
    Reply(
        "response.code == 400 && response.code_details == 'direct_response'",  # by the route in envoy.yaml
        *(400, 3, "INVALID_TIMEOUT", "grpc-timeout must be up to 8 digits and a unit: H, M, S, m, u or n."),
    ),
    Reply("response.code >= 400", 0, 3, "INVALID_REQUEST", "The request is not valid. %LOCAL_REPLY_BODY%"),
)


def mappers() -> list[dict[str, Any]]:
    """Envoy's mappers, in the order in which they are tried."""
    page = _mapper(_PAGES, 503, {"text_format_source": {"inline_string": PAGE}, "content_type": "text/html; charset=utf-8"})
    return [page, *(_as_grpc(reply) for reply in REPLIES), *(_as_json(reply) for reply in REPLIES)]


def _as_grpc(reply: Reply) -> dict[str, Any]:
    code = reply.code if reply.grpc_code is None else reply.grpc_code
    message = reply.message.partition(" %")[0]
    headers = {
        "grpc-status": str(code),
        "grpc-message": quote(message, safe=" ,.;:=/'").replace("%", "%%"),  # to the formatter, one % starts a command
        "grpc-status-details-bin": _details(code, reply.reason, message),
    }
    when = f"{_GRPC} && !({_REST}) && ({reply.when})"
    return _mapper(when, 200, _NOTHING, headers | _retry(reply))  # without a body gRPC-web's filter leaves it alone


def _as_json(reply: Reply) -> dict[str, Any]:
    info = {"@type": ERROR_INFO, "reason": reply.reason, "domain": DOMAIN, "metadata": {"requestId": "%REQ(X-REQUEST-ID)%"}}
    status = {"code": reply.code, "message": reply.message, "details": [info]}
    form = {"json_format": status, "omit_empty_values": True}  # no id is made for what isn't even HTTP
    return _mapper(reply.when, reply.status, form, _retry(reply))


def _mapper(when: str, status: int, form: dict[str, Any], headers: dict[str, str] | None = None) -> dict[str, Any]:
    kind = "type.googleapis.com/envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter"
    added = {"cache-control": "no-store", **(headers or {})}
    cel = {"name": "envoy.access_loggers.extension_filters.cel", "typed_config": {"@type": kind, "expression": when}}
    return {
        "filter": {"extension_filter": cel},
        "body_format_override": form,
        "headers_to_add": [
            {"header": {"key": key, "value": value}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}
            for key, value in added.items()
        ],
        **({"status_code": status} if status else {}),
    }


def _retry(reply: Reply) -> dict[str, str]:
    return {} if reply.retry_seconds is None else {"retry-after": str(reply.retry_seconds)}


def _details(code: int, reason: str, message: str) -> str:
    """A google.rpc.Status with its ErrorInfo, for `grpc-status-details-bin`; the request's id is in a header of its own."""
    info = _field(1, reason) + _field(2, DOMAIN)
    status = bytes([1 << 3, code]) + _field(2, message) + _field(3, _field(1, ERROR_INFO) + _field(2, info))
    return base64.b64encode(status).decode().rstrip("=")


def _field(number: int, value: str | bytes) -> bytes:
    """A length-delimited field of a protobuf message; the gateway's image has no protobuf."""
    data = value.encode() if isinstance(value, str) else value
    size, rest = len(data), b""
    while size > 127:
        rest += bytes([size & 127 | 128])
        size >>= 7
    return bytes([number << 3 | 2]) + rest + bytes([size]) + data
