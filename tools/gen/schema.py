"""JSON schemas of messages, as the gateway's JSON looks: camelCase names, proto3 JSON types, buf.validate bounds.

A message has two forms. In a **request** its fields carry the rules of buf.validate, and those that only answers have are left
out. In an **answer** there are no rules, fields that are never returned are left out, and every field without presence is
required, because the gateway writes fields with their default value too.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeAlias

from google.protobuf.descriptor_pb2 import FieldDescriptorProto as Field

from tools.gen import rules
from tools.gen.contracts import Contracts, MessageType

Json: TypeAlias = dict[str, Any]
Names: TypeAlias = frozenset[str] | set[str]
HTTP_BODY = "google.api.HttpBody"
NONE: Names = frozenset()


class Form(Enum):
    """Which way a message travels."""

    REQUEST = "request"
    ANSWER = "answer"


_INT32 = {Field.TYPE_INT32, Field.TYPE_SINT32, Field.TYPE_SFIXED32, Field.TYPE_UINT32, Field.TYPE_FIXED32}
_INT64 = {Field.TYPE_INT64, Field.TYPE_SINT64, Field.TYPE_SFIXED64, Field.TYPE_UINT64, Field.TYPE_FIXED64}
_LONG: Json = {"type": "string", "format": "int64", "pattern": "^-?[0-9]{1,19}$"}
_SCALARS: Mapping[int, Json] = {
    Field.TYPE_STRING: {"type": "string"},
    Field.TYPE_BYTES: {"type": "string", "format": "byte"},
    Field.TYPE_BOOL: {"type": "boolean"},
    Field.TYPE_DOUBLE: {"type": "number", "format": "double"},
    Field.TYPE_FLOAT: {"type": "number", "format": "float"},
    **{kind: {"type": "integer", "format": "int32"} for kind in _INT32},
    **dict.fromkeys(_INT64, _LONG),
}
_WELL_KNOWN: Mapping[str, Json] = {
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    "google.protobuf.Duration": {"type": "string", "pattern": r"^-?[0-9]{1,11}(\.[0-9]{1,9})?s$"},
    "google.protobuf.FieldMask": {"type": "string"},
    "google.protobuf.Struct": {"type": "object"},
    "google.protobuf.Value": {},
    "google.protobuf.ListValue": {"type": "array"},
    "google.protobuf.Any": {"type": "object", "required": ["@type"]},
    "google.protobuf.Empty": {"type": "object"},
    "google.protobuf.StringValue": {"type": "string"},
    "google.protobuf.BoolValue": {"type": "boolean"},
    "google.protobuf.Int32Value": {"type": "integer", "format": "int32"},
    "google.protobuf.Int64Value": _LONG,
    "google.protobuf.DoubleValue": {"type": "number", "format": "double"},
}


class Schemas:
    """Makes schemas and keeps every component it meets in `made`."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._owners: dict[str, str] = {}
        self.made: dict[str, Json] = {}

    def is_scalar(self, field: Field) -> bool:
        """True when the field is a single JSON string, number or boolean, or a list or map (not a message of ours)."""
        return field.type != Field.TYPE_MESSAGE or field.type_name.lstrip(".") in _WELL_KNOWN

    def ref(self, full_name: str, form: Form) -> Json:
        """A reference to the schema of a message; in requests its name ends in `Input`."""
        if full_name in _WELL_KNOWN:
            return copy.deepcopy(_WELL_KNOWN[full_name])
        name = component(full_name) + ("Input" if form is Form.REQUEST else "")
        self._claim(name, full_name)
        return self._component(name, self._contracts.messages[full_name], form, NONE, NONE)

    def body(self, rpc: str, full_name: str, without: Names, needed: Names = NONE) -> Json:
        """A reference to the body of an RPC: a message less the fields `without`, of which `needed` are required too."""
        self._claim(f"{rpc}Body", rpc)
        return self._component(f"{rpc}Body", self._contracts.messages[full_name], Form.REQUEST, without, needed)

    def field(self, field: Field, form: Form) -> tuple[Json, bool]:
        """The schema of a field, and whether the message must have it."""
        said = self._contracts.field_rules(field) if form is Form.REQUEST else None
        nested = self._contracts.messages.get(field.type_name.lstrip("."))
        if nested is not None and nested.proto.options.map_entry:
            keys, (values, _) = nested.proto.field[0], self.field(nested.proto.field[1], form)
            schema: Json = {"type": "object", "additionalProperties": values}
            if keys.type != Field.TYPE_STRING:
                schema["propertyNames"] = {"pattern": "^-?[0-9]{1,19}$"}
            rules.bound_map(schema, said)
        elif field.label == Field.LABEL_REPEATED:
            items = self._single(field, form, said.repeated.items if said else None)
            schema = {"type": "array", "items": items}
            rules.bound_list(schema, said)
        else:
            schema = self._single(field, form, said)
        behaviors = self._contracts.behaviors(field)
        if form is Form.ANSWER:
            return schema, _always_written(field)
        if "INPUT_ONLY" in behaviors:
            schema["writeOnly"] = True
        return schema, "REQUIRED" in behaviors or rules.refuses_default(field, said)

    def _component(self, name: str, message: MessageType, form: Form, without: Names, needed: Names) -> Json:
        reference = {"$ref": f"#/components/schemas/{name}"}
        if name in self.made:
            return reference
        self.made[name] = {}  # first, so that messages may hold themselves
        properties: dict[str, Json] = {}
        required: list[str] = []
        members: dict[str, str] = {}  # JSON name of a oneof's member → the oneof
        for field in message.proto.field:
            if field.name in without or self._left_out(field, form):
                continue
            schema, must = self.field(field, form)
            if field.name in needed and not field.HasField("oneof_index"):
                schema = self._given(field, schema)
            if comment := message.field_comments[field.name]:
                schema["description"] = comment  # beside a $ref too: 3.1 allows it
            if field.HasField("oneof_index") and not field.proto3_optional:
                members[field.json_name] = message.proto.oneof_decl[field.oneof_index].name
            elif must or field.name in needed:
                required.append(field.json_name)
            properties[field.json_name] = schema
        about: Json = {"description": message.comment} if message.comment else {}
        if not members:
            self.made[name] = {"type": "object", **about, **_required(required), "properties": properties}
            return reference
        all_needed = all(f.name in needed for f in message.proto.field if f.json_name in members)
        must = form is Form.REQUEST and (self._oneof_required(message) or all_needed)
        self.made[name] = {**about, "oneOf": self._variants(name, properties, required, members, must)}
        return reference

    def _variants(
        self, name: str, properties: dict[str, Json], required: list[str], members: dict[str, str], must: bool
    ) -> list[Json]:
        """A message with a oneof: a schema for each member, and one for none of them where that is allowed."""
        if len(set(members.values())) > 1:
            raise ValueError(f"{name} has two oneofs; OpenAPI can say one")
        common = {key: schema for key, schema in properties.items() if key not in members}
        variants = []
        for member in members:
            variant = f"{name}With{_pascal(member)}"
            self._claim(variant, name)
            own = {key: schema for key, schema in properties.items() if key in common or key == member}
            self.made[variant] = {"type": "object", **_required([*required, member]), "properties": own}
            variants.append({"$ref": f"#/components/schemas/{variant}"})
        if not must:
            variant = f"{name}Without{_pascal(next(iter(members.values())))}"
            self._claim(variant, name)
            none = {"not": {"anyOf": [{"required": [member]} for member in members]}}
            self.made[variant] = {"type": "object", **_required(required), "properties": common, **none}
            variants.append({"$ref": f"#/components/schemas/{variant}"})
        return variants

    def _oneof_required(self, message: MessageType) -> bool:
        options = [self._contracts.extension(oneof.options, "buf.validate.oneof") for oneof in message.proto.oneof_decl]
        return any(option and option.required for option in options)

    def _left_out(self, field: Field, form: Form) -> bool:
        return ("OUTPUT_ONLY" if form is Form.REQUEST else "INPUT_ONLY") in self._contracts.behaviors(field)

    def _given(self, field: Field, schema: Json) -> Json:
        """The schema of a field that may not have its default value."""
        if field.type == Field.TYPE_ENUM:
            return self._enum(field.type_name.lstrip("."), not_zero=True)
        least = "minItems" if field.label == Field.LABEL_REPEATED else "minLength"
        return {**schema, least: max(1, schema.get(least, 1))} if schema["type"] in ("array", "string") else schema

    def _single(self, field: Field, form: Form, said: Any) -> Json:
        kind = field.type_name.lstrip(".")
        if field.type == Field.TYPE_MESSAGE and (needed := rules.needed_by_cel(said)):
            self._claim(f"New{component(kind)}", kind)
            return self._component(f"New{component(kind)}", self._contracts.messages[kind], form, NONE, needed)
        if field.type == Field.TYPE_ENUM:
            return self._enum(kind, not_zero=bool(said) and 0 in said.enum.not_in)
        schema = self.ref(kind, form) if field.type == Field.TYPE_MESSAGE else copy.deepcopy(_SCALARS[field.type])
        rules.bound(schema, said)
        return schema

    def _enum(self, full_name: str, not_zero: bool) -> Json:
        enum = self._contracts.enums[full_name]
        name = component(full_name) + ("Input" if not_zero else "")
        self._claim(name, full_name)
        values = [value.name for value in enum.proto.value if value.number or not not_zero]
        meanings = [
            f"* `{value}`: {' '.join(enum.value_comments[value].split())}" for value in values if enum.value_comments[value]
        ]
        about = "\n".join([enum.comment, "", *meanings]).strip()
        self.made[name] = {"type": "string", "enum": values, **({"description": about} if about else {})}
        return {"$ref": f"#/components/schemas/{name}"}

    def _claim(self, name: str, owner: str) -> None:
        if self._owners.setdefault(name, owner) != owner:
            raise ValueError(f"{owner} and {self._owners[name]} would both be the schema {name}: rename one")


def component(full_name: str) -> str:
    """`frontdesk.core.v1.WatchConversationResponse.Typing` → `WatchConversationResponseTyping`."""
    package, _, rest = full_name.partition(".v1.")
    return rest.replace(".", "") if package.startswith("frontdesk.") else full_name.rpartition(".")[2]


def _always_written(field: Field) -> bool:
    """True for fields without presence: the gateway writes them even when they have their default value."""
    if field.label == Field.LABEL_REPEATED:
        return True
    return field.type != Field.TYPE_MESSAGE and not field.HasField("oneof_index")


def _required(names: list[str]) -> Json:
    return {"required": names} if names else {}


def _pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
