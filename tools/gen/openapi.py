"""The REST API as OpenAPI 3.1, from google.api.http, buf.validate, field_behavior and the comments."""

from __future__ import annotations

from tools.gen.contracts import Contracts
from tools.gen.operations import Operation, common_errors
from tools.gen.rest import expand
from tools.gen.schema import Json, Schemas

ABOUT = """\
REST form of Frontdesk's gRPC API; the gateway translates one into the other. docs/api.md starts with a guide.

* Send `Authorization: Bearer <token>`. Get one by `login` (users), `exchangeApiKey` (programs) or `openSession` (customers).
  Operations marked public need none.
* Errors are a `Status`; the `reason` in its details is stable and meant for programs.
* Streams (`x-stream`) send one frame per line, or server-sent events with `Accept: text/event-stream`. They end after minutes
  and are resumed with the last frame's `resumeToken`.
* 64-bit integers are JSON strings, bytes are base64, times are RFC 3339, durations end in `s`, field masks are
  comma-separated camelCase names. Unknown fields of a body are ignored, unknown query parameters refused.
"""

STATUS: Json = {
    "type": "object",
    "description": "The body of every error.",
    "required": ["code", "message", "details"],
    "properties": {
        "code": {"type": "integer", "format": "int32", "description": "A google.rpc.Code, not the HTTP status."},
        "message": {"type": "string", "description": "For developers, in English: what is wrong, then what to do."},
        "details": {"type": "array", "items": {"$ref": "#/components/schemas/ErrorDetail"}},
    },
}
ERROR_DETAIL: Json = {
    "type": "object",
    "description": "One of google.rpc's error details: `@type` says which, and so which of the other fields it has.",
    "required": ["@type"],
    "properties": {
        "@type": {
            "type": "string",
            "description": "Such as `type.googleapis.com/google.rpc.ErrorInfo`, which every error has.",
        },
        "reason": {"type": "string", "description": "Of ErrorInfo: such as `CONVERSATION_CLOSED`; stable, for programs."},
        "domain": {"type": "string", "description": "Of ErrorInfo: the service, such as `core.frontdesk`."},
        "metadata": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "Of ErrorInfo: what the reason is about.",
        },
        "fieldViolations": {
            "type": "array",
            "items": {"$ref": "#/components/schemas/FieldViolation"},
            "description": "Of BadRequest: the fields that break their rules.",
        },
        "retryDelay": {"type": "string", "description": "Of RetryInfo: how long to wait, such as `12s`."},
    },
}
FIELD_VIOLATION: Json = {
    "type": "object",
    "required": ["field", "description"],
    "properties": {
        "field": {"type": "string", "description": "By its JSON name, such as `channel.displayName`."},
        "description": {"type": "string"},
    },
}
ERRORS = {"Status": STATUS, "ErrorDetail": ERROR_DETAIL, "FieldViolation": FIELD_VIOLATION}


def document(contracts: Contracts, schemas: Schemas | None = None) -> Json:
    """The whole OpenAPI document."""
    schemas = schemas or Schemas(contracts)
    schemas.made |= ERRORS
    operations = [
        Operation(contracts, schemas, rpc, binding, n) for rpc in contracts.rpcs for n, binding in enumerate(rpc.bindings)
    ]
    for operation in operations:
        operation.visit()  # examples are made of schemas, so these come first
    paths: dict[str, Json] = {}
    ids: set[str] = set()
    for operation in operations:
        path, _ = expand(operation.binding.path)
        method = operation.binding.method
        if method in paths.setdefault(path, {}) or operation.id in ids:
            raise ValueError(f"two RPCs answer {method.upper()} {path} or are called {operation.id}")
        ids.add(operation.id)
        paths[path][method] = operation.document()
    services = {rpc.service: rpc.service_comment for rpc in contracts.rpcs if rpc.bindings}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Frontdesk",
            "version": "v1",
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "tags": [{"name": name, "description": comment} for name, comment in services.items()],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "responses": common_errors(),
            "schemas": dict(sorted(schemas.made.items())),
        },
    }
