"""A broken rule of a contract, in words: fields by their JSON names, formats described, never a regular expression."""

import re
from typing import Any

import protovalidate
from google.protobuf.message import Message

from kit.errors import json_name

VALIDATOR = protovalidate.Validator()
"""One for the process: it compiles the rules of a message at its first use, which takes 5 to 30 ms, and keeps them."""
_ID = "[a-z0-9][a-z0-9-]{0,62}"
_MISSING_RULES = {"string.pattern", "string.min_len", "bytes.len", "bytes.min_len", "repeated.min_items", "enum.not_in"}

FORMATS = {
    f"^{_ID}$": "1 to 63 lower-case letters, digits and hyphens, not starting with a hyphen",
    "^[A-Za-z0-9_.:-]{1,100}$": "1 to 100 letters, digits and the characters _ . : -",
    "^[A-Za-z0-9_-]{1,64}$": "1 to 64 letters, digits, underscores and hyphens",
    "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$": "a language tag such as en or pt-BR",
    "^[0-9]{5,32}$": "5 to 32 digits",
    r"^\+[1-9][0-9]{6,14}$": "a phone number with its country code, such as +4915112345678",
    r"^https?://[^\s]+$": "a URL that starts with http:// or https://",
    r"^https://[^\s]+$": "a URL that starts with https://",
    r"^[a-z]{2,10}://[^\s]+$": "a URL such as https://api.example.com/v1",
    "^[a-z][a-z0-9_]{0,62}$": "1 to 63 lower-case letters, digits and underscores, starting with a letter",
    "^[A-Z][A-Za-z]{1,63}$": "the name of a fact, such as ConversationOpened",
    "^https?://[a-z0-9.-]{1,253}(:[0-9]{1,5})?$": "an origin such as https://shop.example.com",
    r"^$|^https?://[^\s]+$|^/([^/\\\s][^\s]*)?$": "a URL that starts with http:// or https://, or a path that starts with /",
    r"^/[^\s]*$": "a path that starts with /",
    r"^[a-z]+\.[a-zA-Z]+\.[a-zA-Z]+$": "a permission such as core.conversations.read",
    r"^(\*|[a-z]+\.[a-zA-Z]+\.[a-zA-Z]+)$": "a permission such as core.conversations.read, or * for all",
    "^#[0-9a-fA-F]{6}$": "a colour such as #1f6feb",
    "^[A-Za-z0-9.:-]*$": "a host's name or IP address, without a port",
    r"^[^\x00-\x1f\x7f]*$": "one line of text",
    "^MG[0-9a-fA-F]{32}$": "MG and 32 hexadecimal digits",
    "^AC[0-9a-fA-F]{32}$": "AC and 32 hexadecimal digits",
}
"""The demand of a pattern of the contracts, in words; names are described by `_format`."""


def describe(violation: protovalidate.Violation, request: Message) -> tuple[str, str]:
    """The field of a request and what is wrong with it; the field is empty where several share the rule."""
    rule, value = violation.proto.rule_id, violation.field_value
    elements = violation.proto.field.elements if violation.proto.field else []
    path: list[str] = []
    message: Any = request.DESCRIPTOR
    for element in elements:
        if group := message.oneofs_by_name.get(element.field_name):
            members = ", ".join(field.json_name for field in group.fields)
            return ".".join(path), f"needs exactly one of {members}"
        field = message.fields_by_name[element.field_name]
        key = element.subscript.value if element.subscript else None
        path.append(field.json_name + ("" if key is None else f"[{key}]"))
        entry = field.message_type is not None and field.message_type.GetOptions().map_entry
        message = (field.message_type.fields_by_name["value"].message_type if entry else field.message_type) or message
    if rule == "message.oneof" and (named := re.search(r"one of ([\w, ]+?) (?:must|can)", violation.proto.message)):
        return ".".join(path), f"needs exactly one of {json_name(named[1])}"
    wanted = f"must be {_format(str(violation.rule_value))}" if rule == "string.pattern" else violation.proto.message
    if rule == "required" or (rule in _MISSING_RULES and not value):
        return ".".join(path), f"is missing: it {wanted}" if rule == "string.pattern" else "is missing"
    return ".".join(path), wanted


def _format(pattern: str) -> str:
    """The demand of a pattern, in words."""
    optional = re.fullmatch(r"\^\((.*)\)\?\$", pattern)
    pattern = f"^{optional[1]}$" if optional else pattern
    words = FORMATS.get(pattern)
    if words is None and pattern.startswith("^organizations/"):
        shape = re.sub(r"\[.*?\]\{\d+,\d+\}", "…", pattern.strip("^$").replace(_ID, "…"))
        words = f"a name such as {shape}, where each … is {FORMATS[f'^{_ID}$']}"
    return ("empty or " if optional else "") + (words or "in the format that the API reference gives")
