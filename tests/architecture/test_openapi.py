"""The OpenAPI document is right: required fields, responses, errors, and valid examples."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import protovalidate
import pytest
from google.protobuf import descriptor_pool, json_format, message_factory
from google.protobuf.message import Message
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.architecture.test_contracts import CONTRACTS, resources
from tools.gen import codes, rules
from tools.gen.__main__ import ROOT
from tools.gen.contracts import Rpc

Json = dict[str, Any]
DOCUMENT: Json = json.loads((ROOT / "gen/openapi/openapi.json").read_text())
SCHEMAS: Json = DOCUMENT["components"]["schemas"]
RPCS = {
    rpc.name[:1].lower() + rpc.name[1:] + (str(number) if number > 1 else ""): rpc
    for rpc in CONTRACTS.rpcs
    for number, _ in enumerate(rpc.bindings, 1)
}
OPERATIONS: dict[str, Json] = {
    operation["operationId"]: operation for methods in DOCUMENT["paths"].values() for operation in methods.values()
}


@cache
def registry() -> Any:
    return Registry().with_resource("urn:api", Resource.from_contents(DOCUMENT, DRAFT202012))


def problems(schema: Json, value: object) -> list[str]:
    """The errors of a value against its JSON Schema."""
    absolute = json.loads(json.dumps(schema).replace('"#/', '"urn:api#/'))
    checked = Draft202012Validator(absolute, registry=registry(), format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in checked.iter_errors(value)]


def message(full_name: str) -> Message:
    """An empty message of our generated classes."""
    for package in CONTRACTS.packages():
        importlib.import_module(package)
    return message_factory.GetMessageClass(descriptor_pool.Default().FindMessageTypeByName(full_name))()


def body(operation: Json) -> tuple[str, Json, Any] | None:
    """Media type, schema and example of the request's body."""
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        return media, content["schema"], content["example"]
    return None


def request(rpc: Rpc, operation: Json) -> Message:
    """The request that an operation's examples make, as the gateway would make it."""
    made: Json = {}
    path = next(path for path, methods in DOCUMENT["paths"].items() if operation in methods.values())
    given = {p["name"]: p["example"] for p in operation.get("parameters", ()) if "example" in p}
    binding = rpc.bindings[0]
    for variable in re.findall(r"\{([^}]*)\}", binding.path):
        field, _, pattern = variable.partition("=")
        template = re.search("(" + re.sub(r"\*", "[^/:]+", pattern) + ")", path)
        assert template
        put(made, field, re.sub(r"\{(\w+)\}", lambda m: str(given[m[1]]), template[1]))
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "query" and "example" in parameter:
            put(made, parameter["name"], parameter["example"])
    if (found := body(operation)) and isinstance(found[2], dict):
        for name, value in found[2].items():
            put(made, name if binding.body == "*" else f"{binding.body}.{name}", value)
    parsed: Message = json_format.ParseDict(made, message(rpc.input))
    return parsed


def put(made: Json, path: str, value: object) -> None:
    *outer, last = path.split(".")
    for name in outer:
        made = made.setdefault(name, {})
    made[last] = value


@pytest.mark.parametrize("id", OPERATIONS)
def test_examples_are_valid_by_the_schema_and_by_the_contract(id: str) -> None:
    operation, rpc = OPERATIONS[id], RPCS[id]
    if found := body(operation):
        assert problems(found[1], found[2]) == []
    for parameter in operation.get("parameters", ()):
        if parameter.get("required"):
            assert problems(parameter["schema"], parameter["example"]) == []
    assert [v.proto for v in protovalidate.collect_violations(request(rpc, operation))] == []
    ok = operation["responses"]["200"]["content"]
    assert all("example" in content for content in ok.values())
    if rpc.output == "google.api.HttpBody":
        return
    frame = operation.get("x-stream")
    example = json.loads(ok["application/json"]["example"]) if frame else ok["application/json"]["example"]
    assert problems(frame or ok["application/json"]["schema"], example) == []
    answer = json_format.ParseDict(example, message(rpc.output))
    written = json_format.MessageToDict(answer, always_print_fields_with_no_presence=True)
    assert problems(frame or ok["application/json"]["schema"], written) == [], "as the gateway writes it"


def inputs() -> Iterator[Any]:
    """Each message that requests are made of, with the schema of its request form."""
    for name, found in CONTRACTS.messages.items():
        schema = SCHEMAS.get(name.partition(".v1.")[2].replace(".", "") + "Input")
        if schema and name.startswith("frontdesk."):
            yield pytest.param(found, schema, id=name)
    for id, rpc in RPCS.items():
        if rpc.bindings[0].body == "*" and "application/json" in OPERATIONS[id]["requestBody"]["content"]:
            yield pytest.param(CONTRACTS.messages[rpc.input], SCHEMAS[f"{rpc.name}Body"], id=rpc.input)


@pytest.mark.parametrize(("found", "schema"), list(inputs()))
def test_required_fields_are_those_that_the_contract_refuses_when_missing(found: Any, schema: Json) -> None:
    if "oneOf" in schema:
        variants = [SCHEMAS[ref["$ref"].rpartition("/")[2]] for ref in schema["oneOf"]]
        required = set.intersection(*[set(variant.get("required", ())) for variant in variants])
        shown = set.union(*[set(variant["properties"]) for variant in variants])
    else:
        required, shown = set(schema.get("required", ())), set(schema["properties"])
    refused = {
        violation.proto.field.elements[0].field_name
        for violation in protovalidate.collect_violations(message(found.name))
        if violation.proto.field and len(violation.proto.field.elements) == 1
    }
    oneofs = {oneof.name for oneof in found.proto.oneof_decl} & refused
    assert bool(oneofs) == (bool(schema.get("oneOf")) and all("Without" not in ref["$ref"] for ref in schema["oneOf"]))
    refused -= oneofs
    names = {field.name: field.json_name for field in found.proto.field}
    marked = {field.json_name for field in found.proto.field if "REQUIRED" in CONTRACTS.behaviors(field)}
    fields = {names[name] for name in refused if name in names}  # the others are oneofs
    assert required - marked == (fields & shown) - marked


@pytest.mark.parametrize("rpc", [rpc for rpc in CONTRACTS.rpcs if rpc.name.startswith("Update")], ids=lambda rpc: rpc.name)
def test_an_update_may_leave_out_unchanged_fields(rpc: Rpc) -> None:
    resource = next(f for f in CONTRACTS.messages[rpc.input].proto.field if f.name != "update_mask")
    name = resources()[f"frontdesk.dev/{resource.type_name.rpartition('.')[2]}"]
    sent = json_format.ParseDict({resource.json_name: {"name": name}}, message(rpc.input))
    assert [v.proto for v in protovalidate.collect_violations(sent)] == []


def test_input_only_fields_are_absent_from_answers_and_have_presence() -> None:
    answered = {name for name in SCHEMAS if not name.endswith("Input") and "Body" not in name}
    secret = 0
    for name, found in CONTRACTS.messages.items():
        for field in found.proto.field if name.startswith("frontdesk.") else ():
            if "INPUT_ONLY" not in CONTRACTS.behaviors(field):
                continue
            component = name.partition(".v1.")[2].replace(".", "")
            if component in answered:
                secret += 1
                assert field.json_name not in SCHEMAS[component]["properties"]
                assert SCHEMAS[f"{component}Input"]["properties"][field.json_name]["writeOnly"] is True
                assert field.proto3_optional, f"{name}.{field.name}: without presence the gateway writes it as an empty value"
    assert secret >= 7


def test_a_oneof_takes_one_member() -> None:
    create = {"$ref": "#/components/schemas/CreateDocumentBody"}
    assert problems(create, {"title": "A", "text": {"content": "a"}}) == []
    assert problems(create, {"title": "A"}) != [], "creating needs a source"
    assert problems(create, {"text": {"content": "a"}, "web": {"uri": "https://a.example"}}) != []
    update = {"$ref": "#/components/schemas/UpdateDocumentBody"}
    assert problems(update, {"title": "A"}) == []


def test_creating_requires_the_required_fields_of_a_new_resource() -> None:
    channel = {"$ref": "#/components/schemas/CreateChannelBody"}
    assert problems(channel, {"displayName": "A", "kind": "CHANNEL_KIND_WEB_CHAT"}) == []
    for wrong in ({"displayName": "A"}, {"displayName": "", "kind": "CHANNEL_KIND_WEB_CHAT"}):
        assert problems(channel, wrong) != []
    assert problems(channel, {"displayName": "A", "kind": "CHANNEL_KIND_UNSPECIFIED"}) != []
    user = {"$ref": "#/components/schemas/CreateUserBody"}
    whole = {"user": {"email": "a@a.example", "displayName": "A"}, "password": "correct-horse-battery"}
    assert problems(user, whole) == []
    assert problems(user, {**whole, "user": {}}) != []
    assert problems({"$ref": "#/components/schemas/NewApiKey"}, {"displayName": "A", "scopes": []}) != []


def test_errors_name_their_status_code_and_reasons() -> None:
    answers = OPERATIONS["updateChannel"]["responses"]
    assert {"200", "400", "401", "403", "404", "409", "413", "429", "500", "501", "503", "504"} == set(answers)
    assert answers["409"]["description"].startswith("ABORTED: `CHANNEL_CHANGED`")
    assert "FIELD_IMMUTABLE" in answers["400"]["description"]
    assert "401" not in OPERATIONS["openSession"]["responses"] or "IDENTITY_INVALID" in str(OPERATIONS["openSession"])
    for operation in OPERATIONS.values():
        for status, answer in operation["responses"].items():
            if status != "200" and "$ref" not in answer:
                content = answer["content"]["application/json"]
                assert problems(content["schema"], content["example"]) == []
    assert set(codes.HTTP) == set(codes.NUMBERS) == set(codes.MEANINGS)


def test_streams_are_streams_and_raw_answers_have_their_media_type() -> None:
    watch = OPERATIONS["watchConversation"]
    assert watch["x-stream"] == {"$ref": "#/components/schemas/WatchConversationResponse"}
    content = watch["responses"]["200"]["content"]
    assert content["application/json"]["schema"]["contentMediaType"] == "application/x-ndjson"
    assert content["text/event-stream"]["schema"]["contentSchema"] == watch["x-stream"]
    media = {id: list(OPERATIONS[id]["responses"]["200"]["content"]) for id in ("getJwks", "receiveWebhook")}
    assert media == {"getJwks": ["application/json"], "receiveWebhook": ["application/xml"]}
    assert list(OPERATIONS["receiveWebhook"]["requestBody"]["content"]) == ["application/x-www-form-urlencoded"]


def test_operation_ids_are_identifiers() -> None:
    assert [id for id in OPERATIONS if not re.fullmatch(r"[a-z][A-Za-z0-9]*", id)] == []
    assert len(OPERATIONS) == sum(len(rpc.bindings) for rpc in CONTRACTS.rpcs)


@pytest.mark.parametrize(
    ("low", "high"), [(0, 0), (0, 9), (1, 5), (3, 17), (0, 100), (99, 101), (360, 2592), (7, 7777), (1, 999)]
)
def test_a_range_of_numbers_as_a_pattern(low: int, high: int) -> None:
    pattern = re.compile(f"^{rules.between(low, high)}$")
    assert [n for n in range(12_000) if pattern.match(str(n))] == list(range(low, high + 1))


def test_durations_and_long_numbers_have_their_bounds() -> None:
    seq = SCHEMAS["MarkReadBody"]["properties"]["seq"]["pattern"]
    assert [bool(re.search(seq, text)) for text in ("1", "42", "0", "", "-1")] == [True, True, False, False, False]
    target = SCHEMAS["CreateQueueBody"]["properties"]["acceptTarget"]["pattern"]
    assert [bool(re.search(target, text)) for text in ("60s", "0s", "-1s", "")] == [True, False, False, False]
