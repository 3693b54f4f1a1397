"""A valid request for every RPC, made from its contract: names of what exists, otherwise what the rules ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

import protovalidate
from buf.validate import validate_pb2
from google.protobuf import message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message

MAX_REPAIRS = 12
_VALIDATOR = protovalidate.Validator()


class NoValidRequest(AssertionError):
    """Add what is missing to `EXAMPLES`."""


EXAMPLES: Mapping[str, dict[str, Any]] = {
    "ChangePassword": {"current_password": "seven green bicycles", "new_password": "ten yellow bicycles"},
    "CreateApiKey": {"api_key": {"display_name": "A key", "scopes": ["core.messages.read"]}},
    "CreateChannel": {"channel": {"display_name": "A chat", "kind": "CHANNEL_KIND_WEB_CHAT"}},
    "CreateCredential": {
        "credential": {
            "display_name": "A key",
            "user": "CREDENTIAL_USER_CORE",
            "base_url": "https://example.com/",
            "api_key": {"key": "abc"},
        }
    },
    "CreateDocument": {"document": {"text": {"content": "Parcels can be returned."}}},
    "CreateExport": {"export": {"report": {"metrics": ["messages"]}}},
    "CreateInvitation": {"invitation": {"email": "invited@demo.test"}},
    "CreateMemory": {"memory": {"text": "Has two cats."}},
    "CreateQuestionSet": {"question_set": {"display_name": "A set"}},
    "CreateRole": {"role": {"display_name": "A role", "permissions": ["core.messages.read"]}},
    "CreateSite": {"site": {"start_uri": "https://example.com/"}},
    "CreateTool": {"tool": {"display_name": "A tool", "builtin": {}}},
    "CreateUser": {
        "user": {"email": "somebody@demo.test", "display_name": "Somebody"},
        "password": "ten yellow bicycles",
    },
    "CreateWorkflow": {"workflow": {"display_name": "A workflow"}},
    "ListUsers": {"filter": "state:active"},
    "QueryReport": {"query": {"metrics": ["customer_messages"]}},
    "RefreshSession": {"secret": "x" * 40},
    "StartSecondFactor": {"current_password": "seven green bicycles"},
    "SetPassword": {"password": "ten yellow bicycles"},
    "TestModel": {"model": "gpt-4o"},
}
"""Fields that no rule of theirs describes, by the RPC's name."""
_STRINGS: Mapping[str, str] = {
    "email": "somebody@demo.test",
    "language": "en",
    "time_zone": "UTC",
    "uri": "https://example.com/",
    "url": "https://example.com/",
}


def valid_request(method: MethodDescriptor, ids: Mapping[str, str]) -> Message:
    """A request that the contract allows. `ids`: of things that exist, by the collection in their name."""
    kind: Any = message_factory.GetMessageClass(method.input_type)
    request: Message = kind(**EXAMPLES.get(method.name, {}))
    _fill_names(request, ids)
    for _ in range(MAX_REPAIRS):
        for violation in _VALIDATOR.collect_violations(request):
            _repair(request, violation, ids)
    if wrong := [f"{violation.proto}" for violation in _VALIDATOR.collect_violations(request)]:
        raise NoValidRequest(f"{method.full_name}: {wrong}")
    return request


def _fill_names(message: Message, ids: Mapping[str, str]) -> None:
    """Names at the top, and in the message that is made or changed."""
    for field in message.DESCRIPTOR.fields:
        if field.type == FieldDescriptor.TYPE_STRING and not field.is_repeated and (name := _name(field, ids)):
            setattr(message, field.name, name)


def _name(field: Any, ids: Mapping[str, str]) -> str:
    constraint: Any = field.GetOptions().Extensions[cast(Any, validate_pb2.field)]
    pattern = (constraint.repeated.items.string if field.is_repeated else constraint.string).pattern
    if not pattern.startswith("^organizations/"):
        return ""
    return re.sub(r"(\w+)/\[[^/]*", lambda found: f"{found[1]}/{ids.get(found[1], '1')}", pattern[1:].rstrip("$"))


def _repair(request: Message, violation: Any, ids: Mapping[str, str]) -> None:
    if violation.proto.rule_id == "message.oneof":
        constraint: Any = request.DESCRIPTOR.GetOptions().Extensions[cast(Any, validate_pb2.message)]
        first: Any = request.DESCRIPTOR.fields_by_name[constraint.oneof[0].fields[0]]
        _set(request, first, ids)
        return
    path = [element.field_name for element in violation.proto.field.elements]
    message: Any = request
    for name in path[:-1]:
        message = getattr(message, name)
        if not isinstance(message, Message):
            return
    descriptor: Descriptor = message.DESCRIPTOR
    if not path or path[-1] not in descriptor.fields_by_name:
        # A oneof, or a rule over the whole message: the first member that is no message, otherwise the first.
        for oneof in descriptor.oneofs:
            if message.WhichOneof(oneof.name) is None:
                _set(message, oneof.fields[0], ids)
        return
    _set(message, descriptor.fields_by_name[path[-1]], ids)


def _set(message: Any, field: FieldDescriptor, ids: Mapping[str, str]) -> None:
    if field.message_type is not None:
        target = getattr(message, field.name)
        if field.is_repeated:
            if not field.message_type.GetOptions().map_entry:
                target.add()
        elif field.message_type.full_name == "google.protobuf.Duration":
            target.seconds = 30
        elif field.message_type.full_name == "google.protobuf.Timestamp":
            target.GetCurrentTime()
        else:
            target.SetInParent()
            _fill_names(target, ids)
        return
    value: Any = {
        FieldDescriptor.TYPE_STRING: _name(field, ids) or _STRINGS.get(field.name, "abc"),
        FieldDescriptor.TYPE_BYTES: b"abc",
        FieldDescriptor.TYPE_BOOL: True,
    }.get(field.type, 1)
    if field.is_repeated:
        getattr(message, field.name).append(value)
    else:
        setattr(message, field.name, value)
