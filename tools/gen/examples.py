"""Examples made from schemas: a field's value goes by its name, a resource's name by its pattern or its comment.

A test validates each of them against its schema and against buf.validate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

TIME = "2026-01-15T09:30:00Z"
ID = "01jhnq5v8k2m4p6r8t0w2y4z6a"
TOKEN = "eyJhbGciOiJFZERTQSIsImtpZCI6ImFkbWluLTEifQ.eyJzdWIiOiJ1c2Vycy9hZGEifQ.c2lnbmF0dXJl"

# The ids in resource names: those of the demo shop where it has some.
IDS = {"organizations": "demo", "channels": "webchat", "documents": "shipping", "queues": "general", "roles": "agent"}
IDS |= {"settings": "retention", "credentials": "shop"}

# By the JSON name of a field. Requests show these and what is required; answers show everything.
VALUES: Mapping[str, Any] = {
    "accountSid": "AC0123456789abcdef0123456789abcdef",
    "add": ["billing"],
    "address": "help@shop.example",
    "apiKey": "fd_8Zt3vQm1Xc5Bn7Lk9Jh2Gf4Ds6Ap0OiUyTrEwQzXcVb",
    "attributes": {"plan": "gold"},
    "baseUrl": "https://api.shop.example/v1",
    "comment": "Quick and friendly.",
    "currency": "EUR",
    "currentPassword": "correct-horse-battery",
    "description": "Looks up an order by its number.",
    "displayName": "Ada",
    "email": "ada@shop.example",
    "endTime": "2026-01-16T00:00:00Z",
    "fileName": "returns.md",
    "host": "mail.shop.example",
    "identityRequired": False,
    "limit": 5,
    "language": "en",
    "method": "GET",
    "mediaType": "text/markdown",
    "newPassword": "battery-staple-horse",
    "organization": "demo",
    "password": "correct-horse-battery",
    "permission": "core.conversations.read",
    "permissions": ["core.conversations.read"],
    "phoneNumber": "+14155238886",
    "phoneNumberId": "106540352242922",
    "port": 993,
    "query": "shipping to Norway",
    "reason": "The customer asks for a refund.",
    "refreshToken": "fr_5Jd8sWq2Lx0Pz7Vb3Nm6Kc9Hg1Tf4Ry",
    "requestId": "5f0c2d9e-6a1b-4c3d-8e7f-0a1b2c3d4e5f",
    "scopes": ["core.conversations.list"],
    "score": 5,
    "secret": "3q2-7wS0mE5vYb9rKcJx1LhTgUoPzQdN",
    "seq": "3",
    "shortcut": "refund",
    "startTime": "2026-01-15T00:00:00Z",
    "tags": ["billing"],
    "text": "Do you ship to Norway?",
    "timeZone": "Europe/Berlin",
    "title": "Shipping",
    "token": TOKEN,
    "accessToken": TOKEN,
    "typing": True,
    "uri": "https://shop.example/help/shipping",
    "url": "https://shop.example/api/orders",
    "version": "2",
}


class Examples:
    """Makes examples; `schemas` are the components that references lead to."""

    def __init__(self, schemas: Mapping[str, Json]) -> None:
        self._schemas = schemas

    def request(self, schema: Json) -> Any:
        """A value with the required fields and those that are worth showing."""
        return self._value("", schema, everything=False, depth=0)

    def answer(self, schema: Json) -> Any:
        """A value with every field."""
        return self._value("", schema, everything=True, depth=0)

    def parameter(self, name: str, schema: Json) -> Any:
        """A value of a parameter of the path or the query."""
        if schema.get("pattern", "").startswith("^[a-z0-9][a-z0-9-]"):
            return next((id for collection, id in IDS.items() if collection.removesuffix("s") == name), ID)
        return self._value(name, schema, everything=False, depth=0)

    def _value(self, name: str, schema: Json, everything: bool, depth: int) -> Any:
        if "$ref" in schema:
            named = self._schemas[schema["$ref"].rpartition("/")[2]]
            return self._value(name, {**named, "description": schema.get("description", "")}, everything, depth)
        if "oneOf" in schema:
            return self._value(name, schema["oneOf"][0], everything, depth)
        match schema.get("type"):
            case "object":
                return self._object(name, schema, everything, depth + 1)
            case "array":
                return self._array(name, schema, everything, depth)
            case "string":
                return _string(name, schema)
            case "boolean":
                return VALUES.get(name, False)
            case "integer" | "number":
                return _number(name, schema)
        return {}

    def _object(self, name: str, schema: Json, everything: bool, depth: int) -> Json:
        if "properties" not in schema:
            fits = isinstance(VALUES.get(name), dict) and "additionalProperties" in schema
            return dict(VALUES[name]) if fits else {}
        required = schema.get("required", ())
        shown = {
            key: value
            for key, value in schema["properties"].items()
            if key in required or (everything and depth < 6) or (key in VALUES and _plain(value))
        }
        return {key: self._value(key, value, everything, depth) for key, value in shown.items()}

    def _array(self, name: str, schema: Json, everything: bool, depth: int) -> list[Any]:
        if isinstance(VALUES.get(name), list) and schema["items"].get("type") == "string":
            return list(VALUES[name])
        few = max(1 if everything or name else 0, schema.get("minItems", 0))
        return [self._value(name, schema["items"], everything, depth) for _ in range(few)] if depth < 6 else []


def _plain(schema: Json) -> bool:
    return "$ref" not in schema and schema.get("type") != "object"


def _string(name: str, schema: Json) -> str:
    if "enum" in schema:
        return str(next((value for value in schema["enum"] if value and not value.endswith("_UNSPECIFIED")), schema["enum"][0]))
    if schema.get("format") == "date-time":
        return str(VALUES[name]) if name in ("startTime", "endTime") else TIME
    if schema.get("format") == "byte":
        return "aGVsbG8="
    if resource := _resource(schema):
        return resource
    if isinstance(VALUES.get(name), str):
        return str(VALUES[name])
    if schema.get("format") == "int64":
        return "1"
    pattern = schema.get("pattern", "")
    if pattern.endswith("s$"):  # a duration
        return next((f"{n}s" for n in (60, 3600, 86400, 7776000) if re.search(pattern, f"{n}s")), "60s")
    if schema.get("format") == "email":
        return "ada@shop.example"
    if schema.get("format") == "uri" or pattern.startswith("^https?"):
        return "https://shop.example"
    return next((text for text in ("example", ID, "1", "A1", "2026-01-15") if re.search(pattern, text)), "example")


def _resource(schema: Json) -> str:
    """The name of a resource, if the pattern or the comment says that it is one."""
    pattern, comment = schema.get("pattern", ""), schema.get("description", "")
    segments = pattern.strip("^$").split("/") if pattern.startswith("^organizations/[") else []
    if not segments and (named := re.match(r"[^`]{0,40}`(organizations/[{*][^`]*)`", comment)):
        segments = named[1].split("/")
    for at in range(1, len(segments), 2):
        segments[at] = IDS.get(segments[at - 1], ID)
    return "/".join(segments)


def _number(name: str, schema: Json) -> int | float:
    value: int | float = VALUES[name] if type(VALUES.get(name)) in (int, float) else 1
    value = max(value, schema.get("minimum", value), schema.get("exclusiveMinimum", value - 1) + 1)
    high: int | float = schema.get("maximum", value)
    return min(value, high)
