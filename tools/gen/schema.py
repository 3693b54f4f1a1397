"""JSON schemas of messages, as the gateway's JSON looks: camelCase names, proto3 JSON types, buf.validate bounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from google.protobuf.descriptor_pb2 import FieldDescriptorProto as Field

from tools.gen.contracts import Contracts

Json: TypeAlias = dict[str, Any]
HTTP_BODY = "google.api.HttpBody"

_INT32 = {Field.TYPE_INT32, Field.TYPE_SINT32, Field.TYPE_SFIXED32, Field.TYPE_UINT32, Field.TYPE_FIXED32}
_INT64 = {Field.TYPE_INT64, Field.TYPE_SINT64, Field.TYPE_SFIXED64, Field.TYPE_UINT64, Field.TYPE_FIXED64}
_SCALARS: Mapping[int, Json] = {
    Field.TYPE_STRING: {"type": "string"},
    Field.TYPE_BYTES: {"type": "string", "format": "byte"},
    Field.TYPE_BOOL: {"type": "boolean"},
    Field.TYPE_DOUBLE: {"type": "number", "format": "double"},
    Field.TYPE_FLOAT: {"type": "number", "format": "float"},
    **{kind: {"type": "integer", "format": "int32"} for kind in _INT32},
    **{kind: {"type": "string", "format": "int64"} for kind in _INT64},
}
_WELL_KNOWN: Mapping[str, Json] = {
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    "google.protobuf.Duration": {"type": "string", "pattern": r"^-?\d+(\.\d{1,9})?s$"},
    "google.protobuf.FieldMask": {"type": "string"},
    "google.protobuf.Struct": {"type": "object"},
    "google.protobuf.Value": {},
    "google.protobuf.ListValue": {"type": "array"},
    "google.protobuf.Any": {"type": "object", "required": ["@type"]},
    "google.protobuf.Empty": {"type": "object"},
    "google.protobuf.StringValue": {"type": "string"},
    "google.protobuf.BoolValue": {"type": "boolean"},
    "google.protobuf.Int32Value": {"type": "integer", "format": "int32"},
    "google.protobuf.Int64Value": {"type": "string", "format": "int64"},
    "google.protobuf.DoubleValue": {"type": "number", "format": "double"},
}
_NUMBERS = ("int32", "uint32", "sint32", "float", "double")
_BOUNDS = {"gt": "exclusiveMinimum", "gte": "minimum", "lt": "exclusiveMaximum", "lte": "maximum"}
_FORMATS = {"email": "email", "uuid": "uuid", "uri": "uri", "hostname": "hostname", "ipv4": "ipv4", "ipv6": "ipv6"}


class Schemas:
    """Makes schemas and keeps every message it meets in `made`, by its name without `frontdesk.`."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self.made: dict[str, Json] = {}

    def is_scalar(self, field: Field) -> bool:
        """True when the field is a single JSON string, number or boolean, or a list or map (not a message of ours)."""
        return field.type != Field.TYPE_MESSAGE or field.type_name.lstrip(".") in _WELL_KNOWN

    def ref(self, full_name: str) -> Json:
        """A reference to the schema of a message."""
        if full_name in _WELL_KNOWN:
            return dict(_WELL_KNOWN[full_name])
        name = full_name.removeprefix("frontdesk.")
        if name not in self.made:
            self.made[name] = {}  # first, so that messages may hold themselves
            self.made[name] = self.message(full_name)
        return {"$ref": f"#/components/schemas/{name}"}

    def message(self, full_name: str, without: set[str] | frozenset[str] = frozenset()) -> Json:
        """The schema of a message, less some fields."""
        message = self._contracts.messages[full_name]
        properties: dict[str, Json] = {}
        required: list[str] = []
        for field in message.proto.field:
            if field.name in without:
                continue
            schema, needed = self.field(field)
            if comment := message.field_comments[field.name]:
                schema["description"] = comment  # beside a $ref too: 3.1 allows it
            if needed:
                required.append(field.json_name)
            properties[field.json_name] = schema
        out: Json = {"type": "object"}
        if message.comment:
            out["description"] = message.comment
        if required:
            out["required"] = required
        return {**out, "properties": properties}

    def field(self, field: Field) -> tuple[Json, bool]:
        """The schema of a field, and whether a request must have it."""
        rules = self._contracts.field_rules(field)
        behaviors = self._contracts.behaviors(field)
        repeated = field.label == Field.LABEL_REPEATED
        nested = self._contracts.messages.get(field.type_name.lstrip("."))
        if nested is not None and nested.proto.options.map_entry:
            values, _ = self.field(nested.proto.field[1])
            schema: Json = {"type": "object", "additionalProperties": values}
            _copy(schema, rules and rules.map, {"min_pairs": "minProperties", "max_pairs": "maxProperties"})
        elif repeated:
            items = self._single(field)
            if rules and rules.repeated.HasField("items"):
                self._bound(items, rules.repeated.items)
            schema = {"type": "array", "items": items}
            _copy(
                schema,
                rules and rules.repeated,
                {"min_items": "minItems", "max_items": "maxItems", "unique": "uniqueItems"},
            )
        else:
            schema = self._single(field)
            if rules:
                self._bound(schema, rules)
        if "OUTPUT_ONLY" in behaviors:
            schema["readOnly"] = True
        if "INPUT_ONLY" in behaviors:
            schema["writeOnly"] = True
        return schema, "REQUIRED" in behaviors or _needs_value(field, rules)

    def _single(self, field: Field) -> Json:
        if field.type == Field.TYPE_MESSAGE:
            return self.ref(field.type_name.lstrip("."))
        if field.type == Field.TYPE_ENUM:
            enum = self._contracts.enums[field.type_name.lstrip(".")]
            return {"type": "string", "enum": [value.name for value in enum.proto.value]}
        return dict(_SCALARS[field.type])

    def _bound(self, schema: Json, rules: Any) -> None:
        """Adds what buf.validate says about a single value."""
        kind = rules.WhichOneof("type")
        if kind == "string":
            _copy(
                schema,
                rules.string,
                {"min_len": "minLength", "max_len": "maxLength", "pattern": "pattern", "const": "const"},
            )
            _copy(schema, rules.string, dict.fromkeys(_FORMATS, "format"), lambda name, _: _FORMATS[name])
            if values := list(getattr(rules.string, "in")):
                schema["enum"] = values
        elif kind == "bytes" and rules.bytes.HasField("max_len"):
            schema["maxLength"] = (int(rules.bytes.max_len) + 2) // 3 * 4  # it is base64
        elif kind in _NUMBERS:
            _copy(schema, getattr(rules, kind), _BOUNDS)
        elif kind == "enum" and 0 in rules.enum.not_in:
            schema["enum"] = schema["enum"][1:]


def _copy(
    schema: Json, rules: Any, names: Mapping[str, str], convert: Callable[[str, Any], Any] = lambda _, value: value
) -> None:
    if rules:
        for name, key in names.items():
            if rules.HasField(name) and getattr(rules, name) is not False:
                schema[key] = convert(name, getattr(rules, name))


def _needs_value(field: Field, rules: Any) -> bool:
    """True when buf.validate refuses the field's default value."""
    if not rules or field.proto3_optional or rules.ignore:
        return False
    text = rules.string
    return bool(
        rules.required or text.min_len or (text.pattern and not _matches_empty(text.pattern)) or rules.repeated.min_items
    )


def _matches_empty(pattern: str) -> bool:
    return re.search(pattern, "") is not None
