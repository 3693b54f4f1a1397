"""docs/api.md: the guide, then every RPC with its request, and every message with its fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from google.protobuf.descriptor_pb2 import FieldDescriptorProto as Field

from tools.gen import codes
from tools.gen.contracts import Contracts, EnumType, MessageType, Rpc
from tools.gen.rest import expand
from tools.gen.schema import Form, Json, Schemas, component

GUIDE = Path(__file__).resolve().parent / "guide.md.in"
REPEATABLE = {0: "no", 1: "read", 2: "yes"}


def document(contracts: Contracts) -> str:
    """The whole page, as Markdown."""
    parts = [GUIDE.read_text().replace("{codes}", codes_table())]
    fields = _Fields(contracts)
    for package in contracts.packages():
        parts += _package(contracts, fields, package)
    return "\n".join(parts)


def codes_table() -> str:
    """Every canonical code with its HTTP status, as in the guide."""
    rows = [f"| {status} | `{code}` | {codes.NUMBERS[code]} | {codes.MEANINGS[code]} |" for code, status in codes.HTTP.items()]
    return "\n".join(["| HTTP | code | `code` in JSON | meaning |", "|---|---|---|---|", *rows])


def _package(contracts: Contracts, fields: _Fields, package: str) -> Iterator[str]:
    rpcs = [rpc for rpc in contracts.rpcs if rpc.package == package]
    reasons = contracts.error_reasons(package)
    yield f"## {package}\n"
    for service in dict.fromkeys(rpc.service for rpc in rpcs):
        members = [rpc for rpc in rpcs if rpc.service == service]
        yield f"### {service}\n\n{members[0].service_comment}\n"
        yield from (_rpc(contracts, fields, rpc) for rpc in members)
    inputs = {rpc.input for rpc in contracts.rpcs}
    yield f"### Messages of {package}\n"
    for name, message in contracts.messages.items():
        if name.startswith(f"{package}.") and name not in inputs and not message.proto.options.map_entry:
            yield _message(fields, message)
    for name, enum in contracts.enums.items():
        if name.startswith(f"{package}.") and not name.endswith(".ErrorReason"):
            yield _enum(enum)
    if reasons:
        yield f"### Error reasons of {package}\n\n| Reason | Meaning |\n|---|---|"
        yield "\n".join(f"| `{name}` | {_line(comment)} |" for name, comment in reasons.items()) + "\n"


def _rpc(contracts: Contracts, fields: _Fields, rpc: Rpc) -> str:
    lines = [f"#### {rpc.name}\n", rpc.comment, "", "| | |", "|---|---|"]
    lines.append(f"| gRPC | `{rpc.path.lstrip('/')}` |")
    for binding in rpc.bindings:
        body = {"": "", "*": "; body: the other fields"}.get(binding.body, f"; body: `{binding.body}`")
        lines.append(f"| REST | `{binding.method.upper()} {expand(binding.path)[0]}`{body} |")
    answer = fields.link(rpc.output)
    lines.append(f"| Answer | {f'a stream of {answer}' if rpc.proto.server_streaming else answer} |")
    lines.append(f"| Access | {_access(rpc)} |")
    lines.append(f"| Repeatable | {REPEATABLE[rpc.proto.options.idempotency_level]} |")
    if rpc.bindings:
        named = [
            f"{code} {', '.join(f'`{r}`' for r in found)}" for code, found in codes.errors(contracts, rpc).items() if found
        ]
        lines += [f"| Errors | {'; '.join(named)} |"] if named else []
    if request := fields.table(contracts.messages[rpc.input]):
        streamed = "Each frame of the request" if rpc.proto.client_streaming else "The request"
        lines += ["", f"{streamed}:", "", request]
    return "\n".join(lines) + "\n"


def _message(fields: _Fields, message: MessageType) -> str:
    table = fields.table(message) or "It has no fields."
    return f"#### message {component(message.name)}\n\n{message.comment}\n\n{table}\n".replace("\n\n\n\n", "\n\n")


def _enum(enum: EnumType) -> str:
    rows = [f"| `{value.name}` | {_line(enum.value_comments[value.name])} |" for value in enum.proto.value]
    return "\n".join(
        [
            f"#### enum {component(enum.name)}",
            "",
            *([enum.comment, ""] if enum.comment else []),
            "| Value | Meaning |",
            "|---|---|",
            *rows,
            "",
        ]
    )


class _Fields:
    """Tables of fields."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts

    def table(self, message: MessageType) -> str:
        """A row for each field: JSON name, type, rules and meaning; nothing for a message without fields."""
        rows = [self._row(message, field) for field in message.proto.field]
        return "\n".join(["| Field | Type | Rules | Meaning |", "|---|---|---|---|", *rows]) if rows else ""

    def link(self, full_name: str) -> str:
        """A message or enum, linked to its table if it is ours."""
        kind = "enum" if full_name in self._contracts.enums else "message"
        name = component(full_name)
        return f"[{name}](#{kind}-{name.lower()})" if full_name.startswith("frontdesk.") else f"`{name}`"

    def _row(self, message: MessageType, field: Field) -> str:
        schema, required = Schemas(self._contracts).field(field, Form.REQUEST)
        rules = ["required"] if required else []
        if field.HasField("oneof_index") and not field.proto3_optional:
            rules = [f"one of `{message.proto.oneof_decl[field.oneof_index].name}`"]
        behaviors = self._contracts.behaviors(field)
        rules += [
            note for name, note in {"OUTPUT_ONLY": "answers only", "INPUT_ONLY": "never returned"}.items() if name in behaviors
        ]
        rules += _rules(schema)
        comment = _line(message.field_comments[field.name])
        return f"| `{field.json_name}` | {self._type(field, schema)} | {'; '.join(rules)} | {comment} |"

    def _type(self, field: Field, schema: Json) -> str:
        name = field.type_name.lstrip(".")
        nested = self._contracts.messages.get(name)
        if nested is not None and nested.proto.options.map_entry:
            return f"map to {self._type(nested.proto.field[1], schema['additionalProperties'])}"
        if field.label == Field.LABEL_REPEATED:
            schema = schema["items"]
        said = self.link(name) if name and name.startswith("frontdesk.") else _scalar(name, schema)
        return f"list of {said}" if field.label == Field.LABEL_REPEATED else said


def _scalar(name: str, schema: Json) -> str:
    if name:
        return f"`{name.rpartition('.')[2]}`"
    return str({"byte": "base64", "int64": "int64 as a string"}.get(schema.get("format", ""), schema.get("type", "any")))


def _rules(schema: Json) -> Iterator[str]:
    """The bounds of a schema in words."""
    yield from _span(schema, "minLength", "maxLength", " characters")
    yield from _span(schema, "minItems", "maxItems", " items")
    yield from _span(schema, "minProperties", "maxProperties", " entries")
    yield from _span(schema, "minimum", "maximum", "")
    if "exclusiveMinimum" in schema:
        yield f"more than {schema['exclusiveMinimum']}"
    if "exclusiveMaximum" in schema:
        yield f"less than {schema['exclusiveMaximum']}"
    if schema.get("uniqueItems"):
        yield "no duplicates"
    if schema.get("format") in ("email", "uri", "uuid", "hostname"):
        yield f"{schema['format']}"
    if "enum" in schema:
        yield "one of " + ", ".join(f"`{value}`" for value in schema["enum"] if value)
    pattern = schema.get("pattern", "")
    if pattern and not pattern.startswith(("^organizations/", "^-?")):  # the comment names those; the type says the others
        yield f"`{_line(pattern)}`"
    if "items" in schema:
        yield from (f"each: {rule}" for rule in _rules(schema["items"]))


def _span(schema: Json, low: str, high: str, unit: str) -> Iterator[str]:
    least, most = schema.get(low), schema.get(high)
    if least is not None and most is not None:
        yield f"{least:,} to {most:,}{unit}"
    elif most is not None:
        yield f"at most {most:,}{unit}"
    elif least is not None:
        yield f"at least {least:,}{unit}"


def _access(rpc: Rpc) -> str:
    if rpc.public:
        return "public"
    if rpc.callers:
        return f"internal: {', '.join(rpc.callers)}"
    return f"`{rpc.permission}`"


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text.strip()).replace("|", "\\|")
