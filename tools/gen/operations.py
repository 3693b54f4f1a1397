"""One operation of the OpenAPI document: a REST form of an RPC with its parameters, body, answers, errors and examples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from google.protobuf.descriptor_pb2 import FieldDescriptorProto

from tools.gen import codes, rules
from tools.gen.contracts import Binding, Contracts, Rpc
from tools.gen.examples import Examples
from tools.gen.rest import Parameter, expand
from tools.gen.schema import HTTP_BODY, Form, Json, Schemas

_RAW: Json = {"type": "string", "format": "binary"}


class Operation:
    """Call `visit` on every operation before `document` on the first: it makes the schemas that examples are made of."""

    def __init__(self, contracts: Contracts, schemas: Schemas, rpc: Rpc, binding: Binding, n: int) -> None:
        self.binding = binding
        self.id = rpc.name[:1].lower() + rpc.name[1:] + (str(n + 1) if n else "")
        self._contracts = contracts
        self._schemas = schemas
        self._examples = Examples(schemas.made)
        self._rpc = rpc
        self._parameters: list[Parameter] = expand(binding.path)[1]
        self._inputs: list[Json] = []
        self._body: Json | None = None
        self._answer: Json | None = None

    def visit(self) -> None:
        """Makes the schemas."""
        self._inputs = [*self._path_parameters(), *self._query_parameters()]
        self._body = self._body_schema()
        self._answer = self._answer_schema()

    def document(self) -> Json:
        """The operation as OpenAPI has it."""
        rpc = self._rpc
        summary, _, rest = rpc.comment.partition("\n\n")
        access = "Public: needs no token." if rpc.public else f"Needs the permission `{rpc.permission}`."
        out: Json = {
            "operationId": self.id,
            "tags": [rpc.service],
            "summary": " ".join(summary.split()),
            "description": f"{rest}\n\n{access}\n\ngRPC: `{rpc.path.lstrip('/')}`".strip(),
        }
        if rpc.public:
            out["security"] = []
        else:
            out["x-permission"] = rpc.permission
        if self._streams():
            out["x-stream"] = self._answer
        if self._inputs:
            out["parameters"] = [self._with_example(parameter) for parameter in self._inputs]
        if self._body is not None:
            out["requestBody"] = {"required": True, "content": self._body_content(self._body)}
        out["responses"] = {"200": self._success(), **self._errors()}
        return out

    def _with_example(self, parameter: Json) -> Json:
        if not parameter.get("required"):
            return parameter
        return {**parameter, "example": self._examples.parameter(parameter["name"], parameter["schema"])}

    # ---- parameters --------------------------------------------------------------------------------------------------

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
        said = self._contracts.field_rules(field) if field else None
        segments = said.string.pattern.strip("^$").split("/") if said else []
        return segments[parameter.index] if len(segments) == parameter.length else ""

    def _query_parameters(self) -> Iterator[Json]:
        if self.binding.body == "*" or self._rpc.input == HTTP_BODY:
            return
        message = self._contracts.messages[self._rpc.input]
        taken = self._bound() | {self.binding.body}
        for field in message.proto.field:
            if field.name not in taken:
                yield from self._query_field(field, "", message.field_comments[field.name])

    def _query_field(self, field: FieldDescriptorProto, prefix: str, comment: str) -> Iterator[Json]:
        name = prefix + field.json_name
        nested = self._contracts.messages.get(field.type_name.lstrip("."))
        if nested is not None and not nested.proto.options.map_entry and not self._schemas.is_scalar(field):
            for inner in nested.proto.field:
                yield from self._query_field(inner, f"{name}.", nested.field_comments[inner.name])
            return
        schema, required = self._schemas.field(field, Form.REQUEST)
        out: Json = {"name": name, "in": "query", "schema": schema}
        if required and not prefix:
            out["required"] = True
        if comment:
            out["description"] = comment
        yield out

    # ---- the body ----------------------------------------------------------------------------------------------------

    def _body_field(self) -> FieldDescriptorProto:
        return next(f for f in self._contracts.messages[self._rpc.input].proto.field if f.name == self.binding.body)

    def _body_schema(self) -> Json | None:
        if not self.binding.body:
            return None
        if self.binding.body == "*":
            return self._schemas.body(self._rpc.name, self._rpc.input, self._bound())
        field = self._body_field()
        kind = field.type_name.lstrip(".")
        if kind == HTTP_BODY:
            return dict(_RAW)
        message = self._contracts.messages[kind]
        # The path names what exists, and the server names what is new.
        unnamed = {f.name for f in message.proto.field if "IDENTIFIER" in self._contracts.behaviors(f)}
        needed = rules.needed_by_cel(self._contracts.field_rules(field))
        return self._schemas.body(self._rpc.name, kind, unnamed, needed)

    def _body_content(self, schema: Json) -> Json:
        if schema == _RAW:
            comment = self._contracts.messages[self._rpc.input].field_comments[self.binding.body]
            media = _media_type(comment)
            example = {"application/x-www-form-urlencoded": "MessageSid=SM1&Body=Hello"}.get(media, "{}")
            return {media: {"schema": schema, "example": example}}
        return {"application/json": {"schema": schema, "example": self._examples.request(schema)}}

    # ---- answers -----------------------------------------------------------------------------------------------------

    def _streams(self) -> bool:
        return self._rpc.proto.server_streaming and self._rpc.output != HTTP_BODY

    def _answer_schema(self) -> Json | None:
        if self._rpc.output == HTTP_BODY:
            return None
        if self.binding.response_body:
            message = self._contracts.messages[self._rpc.output]
            field = next(f for f in message.proto.field if f.name == self.binding.response_body)
            return self._schemas.field(field, Form.ANSWER)[0]
        return self._schemas.ref(self._rpc.output, Form.ANSWER)

    def _success(self) -> Json:
        if self._answer is None:
            return {"description": "OK", "content": _raw_answer(_media_type(self._rpc.comment))}
        example = self._examples.answer(self._answer)
        if not self._streams():
            return {"description": "OK", "content": {"application/json": {"schema": self._answer, "example": example}}}
        frame = self._answer["$ref"].rpartition("/")[2]
        line = json.dumps(example, separators=(",", ":"))
        token = f"id: {example['resumeToken']}\n" if "resumeToken" in example else ""
        return {
            "description": f"A stream of `{frame}` that stays open; see the guide for how it ends.",
            "content": {
                "application/json": _stream(
                    "application/x-ndjson", f"One `{frame}` as JSON per line.", self._answer, line + "\n"
                ),
                "text/event-stream": _stream(
                    "text/event-stream",
                    f"Events whose `data` is one `{frame}` as JSON.",
                    self._answer,
                    f"{token}data: {line}\n\n",
                ),
            },
        }

    def _errors(self) -> Json:
        """A response per HTTP status, with the codes and reasons that lead to it; the common ones are components."""
        by_status: dict[int, dict[str, list[str]]] = {}
        for code, reasons in codes.errors(self._contracts, self._rpc).items():
            by_status.setdefault(codes.HTTP[code], {})[code] = reasons
        if self._body is not None:
            by_status[413] = {}
        return {str(status): self._error(status, by_status[status]) for status in sorted(by_status)}

    def _error(self, status: int, found: dict[str, list[str]]) -> Json:
        if not any(found.values()) and len(found) < 2:
            return {"$ref": f"#/components/responses/Error{status}"}
        sections = [
            f"{code}{': ' if reasons else ''}{', '.join(f'`{reason}`' for reason in reasons)}. {codes.MEANINGS[code]}"
            for code, reasons in found.items()
        ]
        code, reason = next(((code, reasons[0]) for code, reasons in found.items() if reasons), (next(iter(found)), ""))
        return error_response("\n\n".join(sections), code, reason or code, f"{self._rpc.package.split('.')[1]}.frontdesk")


def error_response(description: str, code: str, reason: str, domain: str) -> Json:
    """A response with a Status."""
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": domain, "metadata": {}}
    example = {"code": codes.NUMBERS[code], "message": codes.MEANINGS[code], "details": [info]}
    schema = {"$ref": "#/components/schemas/Status"}
    return {"description": description, "content": {"application/json": {"schema": schema, "example": example}}}


def common_errors() -> Json:
    """The responses that operations share, by their names in the components."""
    first = {status: code for code, status in reversed(list(codes.HTTP.items()))}
    made = {
        f"Error{status}": error_response(f"{code}. {codes.MEANINGS[code]}", code, code, "gateway.frontdesk")
        for status, code in sorted(first.items())
    }
    too_large = "INVALID_ARGUMENT: `BODY_TOO_LARGE`. JSON may have 256 KiB, a webhook 4 MiB."
    return {**made, "Error413": error_response(too_large, "INVALID_ARGUMENT", "BODY_TOO_LARGE", "gateway.frontdesk")}


def _stream(media: str, about: str, frame: Json, example: str) -> Json:
    """A body that is text to a JSON schema; `contentSchema` and `x-stream` say what a frame of it is."""
    return {
        "schema": {"type": "string", "description": about, "contentMediaType": media, "contentSchema": frame},
        "example": example,
    }


def _raw_answer(media: str) -> Json:
    examples: dict[str, tuple[Json, Any]] = {
        "application/json": ({"type": "object"}, {"keys": []}),
        "application/xml": ({"type": "string"}, "<Response/>"),
    }
    schema, example = examples.get(media, ({"type": "string"}, "1158201444"))
    return {media: {"schema": schema, "example": example}}


def _media_type(comment: str) -> str:
    """The first media type that a comment names."""
    found = re.search(r"`((?:application|image|text)/[\w.+-]+)`", comment)
    if found is None:
        raise ValueError(f"an HttpBody needs a comment that names its media type in backquotes: {comment[:80]!r}")
    return found[1]
