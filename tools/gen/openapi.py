"""The REST API as OpenAPI 3.1, from google.api.http, buf.validate, field_behavior and the comments."""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf.descriptor_pb2 import FieldDescriptorProto

from tools.gen.contracts import Binding, Contracts, Rpc
from tools.gen.rest import Parameter, expand
from tools.gen.schema import HTTP_BODY, Json, Schemas

ABOUT = """\
REST form of Frontdesk's gRPC API; the gateway translates one into the other.

* Send `Authorization: Bearer <token>`. Get one from `admin.v1.AuthService` (users, API keys) or from
  `channel.v1.WebChatService` (customers). RPCs marked public need none.
* Errors are `google.rpc.Status` with a `google.rpc.ErrorInfo` whose `reason` is one of the service's `ErrorReason` values.
* Streams are newline-delimited JSON; ask with `Accept: text/event-stream` for server-sent events.
* 64-bit integers are JSON strings, bytes are base64, times are RFC 3339, durations end in `s`, field masks are
  comma-separated camelCase names.
"""

STATUS: Json = {
    "type": "object",
    "description": "What every error answers with.",
    "required": ["code", "message"],
    "properties": {
        "code": {"type": "integer", "format": "int32", "description": "A google.rpc.Code, not the HTTP status."},
        "message": {"type": "string", "description": "For developers, in English."},
        "details": {
            "type": "array",
            "items": {"anyOf": [{"$ref": "#/components/schemas/ErrorInfo"}, {"type": "object"}]},
        },
    },
}
ERROR_INFO: Json = {
    "type": "object",
    "required": ["@type", "reason", "domain"],
    "properties": {
        "@type": {"const": "type.googleapis.com/google.rpc.ErrorInfo"},
        "reason": {"type": "string", "description": "Such as `CONVERSATION_CLOSED`; stable, for programs."},
        "domain": {"type": "string"},
        "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}


def document(contracts: Contracts) -> Json:
    """The whole OpenAPI document."""
    schemas = Schemas(contracts)
    paths: dict[str, Json] = {}
    for rpc in contracts.rpcs:
        for n, binding in enumerate(rpc.bindings):
            path, parameters = expand(binding.path)
            operation = _Operation(contracts, schemas, rpc, binding, parameters).document(n)
            if binding.method in paths.setdefault(path, {}):
                raise ValueError(f"two RPCs answer {binding.method.upper()} {path}")
            paths[path][binding.method] = operation
    services = {(rpc.package, rpc.service): rpc.service_comment for rpc in contracts.rpcs if rpc.bindings}
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
        "tags": [{"name": _tag(*key), "description": comment} for key, comment in services.items()],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "responses": {
                "Error": {
                    "description": "An error.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Status"}}},
                }
            },
            "schemas": dict(sorted({**schemas.made, "Status": STATUS, "ErrorInfo": ERROR_INFO}.items())),
        },
    }


class _Operation:
    """One REST form of one RPC."""

    def __init__(self, contracts: Contracts, schemas: Schemas, rpc: Rpc, binding: Binding, parameters: list[Parameter]) -> None:
        self._contracts = contracts
        self._schemas = schemas
        self._rpc = rpc
        self._binding = binding
        self._parameters = parameters

    def document(self, n: int) -> Json:
        rpc = self._rpc
        summary, _, rest = rpc.comment.partition("\n\n")
        access = "Public: needs no token." if rpc.public else f"Needs the permission `{rpc.permission}`."
        out: Json = {
            "operationId": f"{rpc.package.split('.')[1]}.{rpc.service}.{rpc.name}" + (f".{n + 1}" if n else ""),
            "tags": [_tag(rpc.package, rpc.service)],
            "summary": " ".join(summary.split()),
            "description": f"{rest}\n\n{access}\n\ngRPC: `{rpc.path.lstrip('/')}`".strip(),
        }
        if rpc.public:
            out["security"] = []
        else:
            out["x-permission"] = rpc.permission
        if parameters := [*self._path_parameters(), *self._query_parameters()]:
            out["parameters"] = parameters
        if body := self._request_body():
            out["requestBody"] = body
        out["responses"] = {
            "200": {"description": "OK", "content": self._response()},
            "default": {"$ref": "#/components/responses/Error"},
        }
        return out

    def _bound(self) -> set[str]:
        """Top-level fields that the path fills."""
        return {parameter.field for parameter in self._parameters if "." not in parameter.field}

    def _path_parameters(self) -> Iterator[Json]:
        for parameter in self._parameters:
            schema: Json = {"type": "string"}
            if pattern := self._segment_pattern(parameter):
                schema["pattern"] = f"^{pattern}$"
            yield {"name": parameter.name, "in": "path", "required": True, "schema": schema}

    def _segment_pattern(self, parameter: Parameter) -> str:
        """The part of the field's own pattern that stands at this parameter's place."""
        message = self._contracts.messages[self._rpc.input]
        field: FieldDescriptorProto | None = None
        for part in parameter.field.split("."):
            field = next(f for f in message.proto.field if f.name == part)
            if field.type_name:
                message = self._contracts.messages[field.type_name.lstrip(".")]
        rules = self._contracts.field_rules(field) if field else None
        segments = rules.string.pattern.strip("^$").split("/") if rules else []
        return segments[parameter.index] if len(segments) == parameter.length else ""

    def _query_parameters(self) -> Iterator[Json]:
        if self._binding.body == "*":
            return
        message = self._contracts.messages[self._rpc.input]
        taken = self._bound() | {self._binding.body}
        for field in message.proto.field:
            if field.name not in taken and self._rpc.input != HTTP_BODY:
                yield from self._query_field(field, "", message.field_comments[field.name])

    def _query_field(self, field: FieldDescriptorProto, prefix: str, comment: str) -> Iterator[Json]:
        name = prefix + field.json_name
        nested = self._contracts.messages.get(field.type_name.lstrip("."))
        if nested is not None and not nested.proto.options.map_entry and not self._schemas.is_scalar(field):
            for inner in nested.proto.field:
                yield from self._query_field(inner, f"{name}.", nested.field_comments[inner.name])
            return
        schema, required = self._schemas.field(field)
        out: Json = {"name": name, "in": "query", "schema": schema}
        if required and not prefix:
            out["required"] = True
        if comment:
            out["description"] = comment
        yield out

    def _request_body(self) -> Json | None:
        body, request = self._binding.body, self._rpc.input
        if not body:
            return None
        if request == HTTP_BODY:
            return _raw_body()
        if body == "*":
            schema = self._schemas.message(request, self._bound()) if self._bound() else self._schemas.ref(request)
            return {"required": True, "content": {"application/json": {"schema": schema}}}
        field = next(f for f in self._contracts.messages[request].proto.field if f.name == body)
        if field.type_name == f".{HTTP_BODY}":
            return _raw_body()
        schema, _ = self._schemas.field(field)
        return {"required": True, "content": {"application/json": {"schema": schema}}}

    def _response(self) -> Json:
        output, streams = self._rpc.output, self._rpc.proto.server_streaming
        if output == HTTP_BODY:
            return {"*/*": {"schema": {"type": "string", "format": "binary"}}}
        schema: Json = self._schemas.ref(output)
        if self._binding.response_body:
            field = next(f for f in self._contracts.messages[output].proto.field if f.name == self._binding.response_body)
            schema, _ = self._schemas.field(field)
        if streams:
            return {"application/json": {"schema": schema}, "text/event-stream": {"schema": schema}}
        return {"application/json": {"schema": schema}}


def _raw_body() -> Json:
    return {"required": True, "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}


def _tag(package: str, service: str) -> str:
    return f"{package.removeprefix('frontdesk.')}.{service}"
