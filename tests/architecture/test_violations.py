"""The errors that callers get about fields: tests break the rules of every request on purpose."""

from __future__ import annotations

import re
from typing import Any

import frontdesk.admin.v1
import frontdesk.agent.v1
import frontdesk.channel.v1
import frontdesk.memory.v1
import protovalidate
import pytest
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from kit.violations import describe
from tests.architecture.test_contracts import CONTRACTS, ids
from tools.gen.contracts import Rpc

VALIDATOR = protovalidate.Validator()
PROTO_NAME = re.compile(r"\b[a-z]+_[a-z_]+\b")
REGULAR_EXPRESSION = re.compile(r"[\^$`\\]|\{\d|\]\{|regex|oneof")


def broken(message: Message, text: str, number: int, depth: int = 0) -> Message:
    """The message with each of its fields filled with a text or number that no rule allows."""
    for field in message.DESCRIPTOR.fields:
        if field.message_type is not None and (depth == 3 or field.message_type.GetOptions().map_entry):
            continue
        if field.message_type is not None:
            inner = getattr(message, field.name)
            broken(inner.add() if field.is_repeated else inner, text, number, depth + 1)
            if not field.is_repeated:
                inner.SetInParent()
            continue
        values: dict[int, Any] = {FieldDescriptor.CPPTYPE_STRING: text, FieldDescriptor.CPPTYPE_ENUM: 99}
        if field.type == FieldDescriptor.TYPE_BYTES:
            values = {field.cpp_type: text.encode()}
        if field.cpp_type in (FieldDescriptor.CPPTYPE_INT32, FieldDescriptor.CPPTYPE_INT64):
            values = {field.cpp_type: number}
        if (value := values.get(field.cpp_type)) is not None:
            if field.is_repeated:
                getattr(message, field.name).extend([value] * 2)
            else:
                setattr(message, field.name, value)
    return message


@pytest.mark.parametrize("rpc", [rpc for rpc in CONTRACTS.rpcs if not rpc.callers], ids=ids)
def test_violations_are_sentences_with_json_names(rpc: Rpc) -> None:
    kind = message_factory.GetMessageClass(descriptor_pool.Default().FindMessageTypeByName(rpc.input))
    for request in (kind(), broken(kind(), "", -1), broken(kind(), "no good!", -1), broken(kind(), "x" * 300_000, 2**31 - 1)):
        for violation in VALIDATOR.collect_violations(request):
            field, why = describe(violation, request)
            assert not PROTO_NAME.search(f"{field} {why}"), (field, why)
            assert not REGULAR_EXPRESSION.search(why), (field, why)
            assert "API reference" not in why, f"{violation.rule_value} is not among FORMATS in kit/violations.py"


def violations(request: Message) -> list[tuple[str, str]]:
    return [describe(violation, request) for violation in VALIDATOR.collect_violations(request)]


def test_missing_fields_are_called_missing() -> None:
    parent = "organizations/acme"
    assert violations(frontdesk.memory.v1.CreateDocumentRequest(parent=parent)) == [
        ("document", "is missing"),
        ("requestId", "is missing: it must be 1 to 100 letters, digits and the characters _ . : -"),
    ]
    user = frontdesk.admin.v1.User(email="kim", display_name="Kim")
    assert violations(frontdesk.admin.v1.CreateUserRequest(parent=parent, user=user)) == [
        ("user.email", "must be a valid email address")
    ]
    assert violations(frontdesk.channel.v1.ChatRequest()) == [("", "needs exactly one of start, send, typing, read")]
    assert violations(frontdesk.agent.v1.GetPresenceRequest(name="organizations/acme")) == [
        (
            "name",
            "must be a name such as organizations/…/agents/…/presence, where each … is 1 to 63 lower-case letters, digits and "
            "hyphens, not starting with a hyphen",
        )
    ]
    roles = frontdesk.admin.v1.AssignRolesRequest(name="organizations/acme/users/u1", roles=["organizations/acme/roles/r", ""])
    assert violations(roles)[0][0] == "roles[1]"
