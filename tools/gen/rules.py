"""buf.validate's rules in the words of JSON Schema. Where it can't say one exactly, the schema is stricter, never laxer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from google.protobuf.descriptor_pb2 import FieldDescriptorProto as Field

Json = dict[str, Any]

_NUMBERS = ("int32", "uint32", "sint32", "float", "double")
_LONGS = ("int64", "uint64", "sint64")
_BOUNDS = {"gt": "exclusiveMinimum", "gte": "minimum", "lt": "exclusiveMaximum", "lte": "maximum"}
_FORMATS = {"email": "email", "uuid": "uuid", "uri": "uri", "hostname": "hostname", "ipv4": "ipv4", "ipv6": "ipv6"}
_MAX_LONG = 10**18 - 1  # 18 digits: what a pattern can say simply
_MAX_SECONDS = 315_576_000_000


def bound(schema: Json, said: Any) -> None:
    """Adds the rules of a single value."""
    kind = said.WhichOneof("type") if said else None
    if kind == "string":
        _copy(schema, said.string, {"min_len": "minLength", "max_len": "maxLength", "max_bytes": "maxLength", "const": "const"})
        if said.string.HasField("pattern"):
            schema["pattern"] = said.string.pattern
        for rule, name in _FORMATS.items():
            if said.string.WhichOneof("well_known") == rule and getattr(said.string, rule):
                schema["format"] = name
        if values := list(getattr(said.string, "in")):
            schema["enum"] = values
    elif kind == "bytes":
        _bound_bytes(schema, said.bytes)
    elif kind in _NUMBERS:
        _copy(schema, getattr(said, kind), _BOUNDS)
    elif kind in _LONGS:
        low, high = _range(getattr(said, kind), int)
        if low is not None and low >= 0:
            schema["pattern"] = f"^{between(low, min(_MAX_LONG, _MAX_LONG if high is None else high))}$"
    elif kind == "duration":
        low, high = _range(said.duration, lambda duration: int(duration.seconds))
        if low is not None and low >= 0:
            schema["pattern"] = f"^{between(low, _MAX_SECONDS if high is None else high)}s$"


def bound_list(schema: Json, said: Any) -> None:
    """Adds the rules of a list."""
    if said:
        _copy(schema, said.repeated, {"min_items": "minItems", "max_items": "maxItems", "unique": "uniqueItems"})


def bound_map(schema: Json, said: Any) -> None:
    """Adds the rules of a map, its keys and its values."""
    if not said:
        return
    _copy(schema, said.map, {"min_pairs": "minProperties", "max_pairs": "maxProperties"})
    if said.map.HasField("keys"):
        bound(schema.setdefault("propertyNames", {"type": "string"}), said.map.keys)
    bound(schema["additionalProperties"], said.map.values if said.map.HasField("values") else None)


def refuses_default(field: Field, said: Any) -> bool:
    """True when a message without this field breaks the field's rules, so that a request must have it."""
    if not said or said.ignore:
        return False
    if said.required:
        return True
    if field.label == Field.LABEL_REPEATED:
        return bool(said.repeated.min_items or said.map.min_pairs)
    if field.type == Field.TYPE_MESSAGE or field.HasField("oneof_index"):
        return False  # it has presence: an absent one is not looked at
    kind = said.WhichOneof("type")
    if kind == "string":
        return _refuses_empty(said.string)
    if kind == "bytes":
        return bool(said.bytes.min_len or said.bytes.len)
    if kind == "enum":
        return 0 in said.enum.not_in or (bool(getattr(said.enum, "in")) and 0 not in getattr(said.enum, "in"))
    if kind in _NUMBERS or kind in _LONGS:
        return _refuses_zero(getattr(said, kind))
    return False


def needed_by_cel(said: Any) -> set[str]:
    """Fields of a message that CEL rules require: `has(this.kind) && has(this.display_name)`, or by `||` one of a oneof's."""
    found: set[str] = set()
    for rule in said.cel if said else ():
        if re.fullmatch(r"has\(this\.\w+\)( (&&|\|\|) has\(this\.\w+\))*", rule.expression):
            found |= set(re.findall(r"has\(this\.(\w+)\)", rule.expression))
    return found


def between(low: int, high: int) -> str:
    """A regular expression for the whole numbers from `low` to `high`, without leading zeros; `low` is 0 or more."""
    pieces = []
    while low <= high:
        size = len(str(low))
        if low == 10 ** (size - 1) and 10**size - 1 <= high:  # every number of this many digits, and perhaps of more
            most = len(str(high + 1)) - 1
            pieces.append("[1-9]" + ("" if most == 1 else f"[0-9]{{{size - 1},{most - 1}}}"))
            low = 10**most
            continue
        free = 0  # how many last digits may be any
        while low and low % 10 ** (free + 1) == 0 and low + 10 ** (free + 1) - 1 <= high:
            free += 1
        head, digit = divmod(low // 10**free, 10)
        last = min(9, digit + (high - low + 1) // 10**free - 1)
        piece = (str(head) if head else "") + (str(digit) if last == digit else f"[{digit}-{last}]")
        pieces.append(piece + (f"[0-9]{{{free}}}" if free else ""))
        low += (last - digit + 1) * 10**free
    return pieces[0] if len(pieces) == 1 else f"({'|'.join(pieces)})"


def _bound_bytes(schema: Json, said: Any) -> None:
    """Base64 has four characters for three bytes."""
    for rule, key in {"min_len": "minLength", "max_len": "maxLength"}.items():
        if said.HasField(rule):
            schema[key] = (int(getattr(said, rule)) + 2) // 3 * 4
    if said.HasField("len"):
        schema["minLength"] = schema["maxLength"] = (int(said.len) + 2) // 3 * 4


def _range(said: Any, convert: Any) -> tuple[int | None, int | None]:
    """The inclusive bounds in whole units; None where there is none."""
    low = convert(said.gte) if said.HasField("gte") else convert(said.gt) + 1 if said.HasField("gt") else None
    high = convert(said.lte) if said.HasField("lte") else convert(said.lt) - 1 if said.HasField("lt") else None
    return low, high


def _refuses_empty(said: Any) -> bool:
    allowed = list(getattr(said, "in"))
    return bool(
        said.min_len
        or said.len
        or said.min_bytes
        or said.const
        or said.prefix
        or said.contains
        or (allowed and "" not in allowed)
        or (said.pattern and not re.search(said.pattern, ""))
        or said.WhichOneof("well_known")
    )


def _refuses_zero(said: Any) -> bool:
    allowed = list(getattr(said, "in"))
    return bool(
        (said.HasField("gt") and said.gt >= 0)
        or (said.HasField("gte") and said.gte > 0)
        or (said.HasField("lt") and said.lt <= 0)
        or (said.HasField("lte") and said.lte < 0)
        or 0 in said.not_in
        or (allowed and 0 not in allowed)
        or said.const
    )


def _copy(schema: Json, said: Any, names: Mapping[str, str]) -> None:
    for rule, key in names.items():
        if said.HasField(rule) and getattr(said, rule) is not False:
            schema[key] = getattr(said, rule)
