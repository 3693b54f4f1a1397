"""Rules for the contracts as a whole, which `buf lint` can't express."""

from __future__ import annotations

import ast
import functools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorSet

from tests.architecture.descriptors import ROOT, full_descriptor_set
from tools.gen import codes
from tools.gen.contracts import Contracts, MessageType, Rpc

CONTRACTS = Contracts(FileDescriptorSet.FromString(full_descriptor_set()))
SERVICES = {"admin", "agent", "channel", "core", "memory"}
CALLERS = SERVICES | {"stack"}  # the supervisor makes the first organization
PUBLIC = sorted({rpc.package for rpc in CONTRACTS.rpcs if ".internal." not in rpc.package})
"""Internal packages hold what only our own services call; their errors are those of the public one beside them."""
NAME = "^organizations/"


def source(rpc: Rpc) -> str:
    """The text of the file that an RPC stands in."""
    folder = ROOT / "proto" / rpc.package.replace(".", "/")
    return next(text for p in folder.glob("*.proto") if f"service {rpc.service} {{" in (text := p.read_text()))


def ids(rpc: Rpc) -> str:
    return rpc.path.removeprefix("/frontdesk.")


every_rpc = pytest.mark.parametrize("rpc", CONTRACTS.rpcs, ids=ids)


@every_rpc
def test_an_rpc_says_who_may_call_it_in_exactly_one_way(rpc: Rpc) -> None:
    assert [bool(rpc.permission), rpc.public, bool(rpc.callers)].count(True) == 1
    if rpc.permission:
        assert re.fullmatch(r"[a-z]+(\.[a-z][A-Za-z]+){1,2}", rpc.permission)
        assert rpc.permission.split(".")[0] == rpc.package.split(".")[1]
    own = rpc.package.split(".")[1]
    assert set(rpc.callers) <= CALLERS - {own}


@every_rpc
def test_internal_rpcs_have_packages_of_their_own(rpc: Rpc) -> None:
    """So the gateway, which has no route to such a package, keeps no list of them; facts of a journal are among them."""
    assert bool(rpc.callers) == (".internal." in rpc.package)
    if rpc.service in ("EventService", "VerificationService"):
        assert rpc.callers


def test_public_contracts_use_nothing_of_internal_ones() -> None:
    found = [
        f"{file.name} imports {other}"
        for file in CONTRACTS.files
        for other in file.dependency
        if "/internal/" in other and "/internal/" not in file.name
    ]
    assert found == []


@every_rpc
def test_an_rpc_has_a_rest_form_unless_it_cannot(rpc: Rpc) -> None:
    if rpc.callers:
        assert not rpc.bindings
        return
    if rpc.proto.client_streaming:  # the gateway makes a stream of bytes, and of nothing else
        fields = {field.name: field.type_name for field in CONTRACTS.messages[rpc.input].proto.field}
        assert all(fields.get(binding.body) == ".google.api.HttpBody" for binding in rpc.bindings)
        return
    assert rpc.bindings or "REST" in rpc.comment, "the comment says why there is none"
    for binding in rpc.bindings:
        assert binding.path.startswith("/v1/")
        if binding.method in ("get", "delete"):
            assert not binding.body
        assert "**" not in binding.path


@every_rpc
def test_an_rpc_says_whether_it_may_be_repeated(rpc: Rpc) -> None:
    level = rpc.proto.options.idempotency_level
    if not level:
        block = source(rpc).partition(f"rpc {rpc.name}(")[2].partition("rpc ")[0]
        stated = re.search(r"repeat|twice|again", rpc.comment, re.IGNORECASE) or "No idempotency level: " in block
        assert stated, "no idempotency_level: the comment says why, or what a repeat does"
    if rpc.name.startswith(("Get", "List", "Search", "Watch")):
        assert level == 1, f"{rpc.path} only reads: NO_SIDE_EFFECTS"
    for binding in rpc.bindings:
        assert binding.method != "get" or level == 1, "a GET changes nothing"


def test_rest_forms_are_unique() -> None:
    seen: defaultdict[str, list[str]] = defaultdict(list)
    for rpc in CONTRACTS.rpcs:
        for binding in rpc.bindings:
            pattern = re.sub(r"\{[^}=]*=([^}]*)\}", r"\1", binding.path)
            seen[f"{binding.method} {pattern}"].append(rpc.path)
    assert {form: rpcs for form, rpcs in seen.items() if len(rpcs) > 1} == {}


@pytest.mark.parametrize("package", PUBLIC)
def test_every_error_reason_is_explained(package: str) -> None:
    reasons = CONTRACTS.error_reasons(package)
    assert reasons
    assert [reason for reason, comment in reasons.items() if not comment] == []


@pytest.mark.parametrize("package", PUBLIC)
def test_the_reasons_a_service_raises_are_in_its_contract(package: str) -> None:
    """A service's own errors are in its ErrorReason; the kit's are the same everywhere."""
    service = package.split(".")[1]
    unknown = raised(ROOT / "services" / service) - raised(ROOT / "kit") - CONTRACTS.error_reasons(package).keys()
    assert unknown == set()


def test_lists_are_cut_into_pages_by_the_kit_alone() -> None:
    """So each is bound to its filter, and none ends in an empty page."""
    by_hand = re.compile(r"pages\.(size|encode|decode)\(")
    assert [str(path) for path in (ROOT / "services").rglob("*.py") if by_hand.search(path.read_text())] == []


def functions(*paths: Path) -> Iterator[ast.AsyncFunctionDef]:
    for path in paths:
        yield from (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.AsyncFunctionDef))


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_every_list_that_is_built_is_read_page_by_page_in_a_test(service: str) -> None:
    paged = {
        rpc.name
        for rpc in CONTRACTS.rpcs
        if rpc.package.startswith(f"frontdesk.{service}.")
        and any(field.name == "page_token" for field in CONTRACTS.messages[rpc.input].proto.field)
    }
    folder = ROOT / "services" / service
    built = paged & {each.name for each in functions(*folder.glob("rpc.py"), *folder.glob("rpc/*.py"))}
    assert built
    texts = map(ast.unparse, functions(*(ROOT / "tests/rpc" / service).glob("test_*.py")))
    read = "".join(text for text in texts if "in_pages(" in text)
    assert {name for name in built if not re.search(rf"\.{name}\b", read)} == set()


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_servicers_are_named_and_registered_alike(service: str) -> None:
    folder = ROOT / "services" / service
    trees = [ast.parse(path.read_text()) for path in (*folder.glob("rpc.py"), *folder.glob("rpc/*.py"))]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    named = {(ast.unparse(base), node.name) for node in nodes if isinstance(node, ast.ClassDef) for base in node.bases}
    servicers = {(base, name) for base, name in named if base.endswith("ServiceServicer")}
    assert servicers
    assert {(base, f"{base.rpartition('.')[2].removesuffix('ServiceServicer')}Servicer") for base, _ in servicers} == servicers
    (register,) = (node for node in nodes if isinstance(node, ast.FunctionDef) and node.name == "register")
    asked = ["server", "app", "journal", "draining"]
    assert [argument.arg for argument in register.args.args][:4] == asked[: len(register.args.args)]


def classes_of_reasons(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Reason and name of every class of errors that has one."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                said = [ast.unparse(item) for item in node.body]
                yield from ((text.split("'")[1], node.name) for text in said if text.startswith("reason = "))


def test_a_reason_has_one_class_and_so_one_code() -> None:
    reasons = Counter(
        reason for folder in ("kit", "services") for reason, _ in classes_of_reasons((ROOT / folder).rglob("*.py"))
    )
    assert [reason for reason, classes in reasons.items() if classes > 1] == []


@pytest.mark.parametrize("package", PUBLIC)
def test_the_shared_reasons_a_service_raises_are_in_its_contract(package: str) -> None:
    kits = {name: reason for reason, name in classes_of_reasons([ROOT / "kit/errors.py", ROOT / "kit/streams.py"])}
    names = {
        ast.unparse(node.exc.func if isinstance(node.exc, ast.Call) else node.exc).rpartition(".")[2]
        for path in (ROOT / "services" / package.split(".")[1]).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Raise) and node.exc is not None
    }
    of_any_call = {"TOKEN_REVOKED"}
    used = {reason for name, reason in kits.items() if name in names} - of_any_call
    assert used <= CONTRACTS.error_reasons(package).keys()


@functools.cache
def raised(folder: Path) -> set[str]:
    """Every `reason` that the Python code of a folder gives to an error: a class attribute or an argument."""
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.ClassDef():
                    found |= {
                        str(item.value.value)
                        for item in node.body
                        if isinstance(item, ast.Assign | ast.AnnAssign)
                        and isinstance(item.value, ast.Constant)
                        and "reason" in ast.unparse(item).split("=")[0].split(":")[0].split()
                    }
                case ast.keyword(arg="reason", value=ast.Constant(value=str(reason))):
                    found.add(reason)
    return {reason for reason in found if re.fullmatch(r"[A-Z][A-Z0-9_]+", reason)}


def requests() -> Iterator[MessageType]:
    """Every message that a client sends, also inside others."""
    waiting = [rpc.input for rpc in CONTRACTS.rpcs]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        message = CONTRACTS.messages.get(name)
        if name in seen or message is None or not name.startswith("frontdesk."):
            continue
        seen.add(name)
        if not message.proto.options.map_entry:  # bounded by the map's own field
            yield message
        waiting += [f.type_name.lstrip(".") for f in message.proto.field if f.type_name and not output_only(f)]


def output_only(field: FieldDescriptorProto) -> bool:
    return bool(CONTRACTS.behaviors(field) & {"OUTPUT_ONLY", "IDENTIFIER"})


def skipped(field: FieldDescriptorProto) -> bool:
    """Never looked at in a request."""
    rules = CONTRACTS.field_rules(field)
    return bool(rules and rules.ignore == 3)  # IGNORE_ALWAYS


def unbounded(field: FieldDescriptorProto) -> str:
    """Why a field of a request has no bound; empty when it has one."""
    rules = CONTRACTS.field_rules(field)
    inner = rules
    if field.label == FieldDescriptorProto.LABEL_REPEATED:
        nested = CONTRACTS.messages.get(field.type_name.lstrip("."))
        if nested is not None and nested.proto.options.map_entry:
            if not (rules and rules.map.HasField("max_pairs")):
                return "map without max_pairs"
            key = nested.proto.field[0].type == FieldDescriptorProto.TYPE_STRING
            return "map without bounds on its keys" if key and not bounded_text(rules.map.keys) else ""
        if not (rules and rules.repeated.HasField("max_items")):
            return "repeated without max_items"
        inner = rules.repeated.items
    if field.type == FieldDescriptorProto.TYPE_STRING and not (inner and bounded_text(inner)):
        return "string without max_len or a bounded pattern"
    if field.type == FieldDescriptorProto.TYPE_BYTES and not (
        inner and (inner.bytes.HasField("max_len") or inner.bytes.HasField("len"))
    ):
        return "bytes without max_len"
    return ""


def bounded_text(rules: object) -> bool:
    """Whether string rules bound the length: max_len or len, a list, or a pattern without `*` and `+`."""
    text = getattr(rules, "string")  # noqa: B009  (a message of a pool of its own, which mypy does not know)
    pattern = re.sub(r"\\.|\[[^\]]*\]", "x", text.pattern)
    whole = pattern.startswith("^") and pattern.endswith("$") and not re.search(r"[*+]|\{\d+,\}", pattern)
    limits = any(text.HasField(rule) for rule in ("max_len", "len", "max_bytes", "len_bytes"))
    return bool(limits or getattr(text, "in") or whole or text.uuid)


REQUEST_FIELDS = [(m, f) for m in requests() for f in m.proto.field if not output_only(f) and not skipped(f)]


def test_every_field_of_a_request_is_bounded() -> None:
    found = {f"{m.name}.{f.name}": why for m, f in REQUEST_FIELDS if (why := unbounded(f))}
    assert found == {}


def test_every_name_and_parent_has_a_pattern_that_starts_with_the_organization() -> None:
    wrong = []
    for rpc in CONTRACTS.rpcs:
        message = CONTRACTS.messages.get(rpc.input)
        for field in message.proto.field if message else ():
            if field.name in ("name", "parent"):
                rules = CONTRACTS.field_rules(field)
                if not rules or not rules.string.pattern.startswith(NAME) or not rules.string.pattern.endswith("$"):
                    wrong.append(f"{rpc.input}.{field.name}")
    assert wrong == []


def test_a_path_never_fills_a_field_that_may_name_another_organization() -> None:
    """Whatever a REST path binds is a resource name, or something the service looks up itself."""
    for rpc in CONTRACTS.rpcs:
        for binding in rpc.bindings:
            for field, pattern in re.findall(r"\{([^}=]+)=?([^}]*)\}", binding.path):
                assert pattern.startswith("organizations/"), f"{rpc.path}: {field} is not led by the organization"


def test_pages_are_bounded() -> None:
    for rpc in CONTRACTS.rpcs:
        message = CONTRACTS.messages.get(rpc.input)
        if message is None or not rpc.name.startswith("List"):
            continue
        fields = {f.name: f for f in message.proto.field}
        if "page_size" in fields:
            assert CONTRACTS.field_rules(fields["page_size"]).int32.lte <= 100, rpc.path
            assert "page_token" in fields, rpc.path
            assert "next_page_token" in {f.name for f in CONTRACTS.messages[rpc.output].proto.field}, rpc.path


OURS = [message for message in CONTRACTS.messages.values() if message.name.startswith("frontdesk.")]
FIELDS = [(message, field) for message in OURS for field in message.proto.field]
SEGMENT = "1"
"""An id that fits wherever a resource's name has one."""


def resources() -> dict[str, str]:
    """Type → a name of it, and those that have no message: `frontdesk.dev/Channel` → `organizations/1/channels/1`."""
    resources = [(m.name, CONTRACTS.extension(m.proto.options, "google.api.resource")) for m in OURS]
    found = {}
    for name, resource in resources:
        if resource:
            assert resource.type == f"frontdesk.dev/{name.rpartition('.')[2]}", name
            assert all((resource.plural, resource.singular)), name
            assert resource.type not in found, "two messages are one resource"
            found[resource.type] = resource.pattern[0]
    return {type: re.sub(r"\{\w+\}", SEGMENT, pattern) for type, pattern in found.items()}


def test_a_message_with_a_name_of_its_own_says_which_resource_it_is() -> None:
    names = [m.name for m, f in FIELDS if "IDENTIFIER" in CONTRACTS.behaviors(f)]
    assert len(names) > 25
    assert {f"frontdesk.dev/{name.rpartition('.')[2]}" for name in names} == resources().keys()


def test_a_reference_says_of_which_resource_and_its_pattern_fits() -> None:
    defined = [d for file in CONTRACTS.files for d in CONTRACTS.extension(file.options, "google.api.resource_definition")]
    known = resources() | {d.type: re.sub(r"\{\w+\}", SEGMENT, d.pattern[0]) for d in defined}
    wrong = []
    for message, field in FIELDS:
        rules = CONTRACTS.field_rules(field)
        single = rules.repeated.items if rules and field.label == FieldDescriptorProto.LABEL_REPEATED else rules
        pattern = single.string.pattern if single else ""
        reference = CONTRACTS.extension(field.options, "google.api.resource_reference")
        if "organizations/" in pattern and not reference and "IDENTIFIER" not in CONTRACTS.behaviors(field):
            wrong.append(f"{message.name}.{field.name} does not say what it refers to")
        elif reference and "*" not in (reference.type, reference.child_type):
            name = known.get(reference.type) or "/".join(known.get(reference.child_type, "").split("/")[:-2])
            if not name or not re.search(pattern, name):
                wrong.append(f"{message.name}.{field.name} does not take {name or 'an unknown type'}")
    assert wrong == []


def test_enums_stand_at_the_top() -> None:
    nested = [enum for enum in CONTRACTS.enums if re.match(r"frontdesk\.\w+\.(internal\.)?v1\.\w+\.", enum)]
    assert nested == []


def test_a_delete_returns_nothing() -> None:
    deletes = {rpc.path: rpc.output for rpc in CONTRACTS.rpcs if rpc.name.startswith("Delete")}
    assert len(deletes) > 8
    returning = {path for path, output in deletes.items() if output != "google.protobuf.Empty"}
    # An organization is there until its grace period ends.
    assert {path.rpartition("/")[2] for path in returning} == {"DeleteOrganization"}


def test_spans_and_money_have_types_of_their_own() -> None:
    """`wait_duration` is a Duration and `cost` is Money: a number's name never carries a unit of time or a currency."""
    unit = re.compile(r"_(ms|millis|micros|nanos|seconds|minutes|hours|days|cents|dollars)$|(^|_)(cost|price|amount)(_|$)")
    numbers = [(m.name, f.name) for m, f in FIELDS if not f.type_name and f.type != FieldDescriptorProto.TYPE_STRING]
    assert [found for found in numbers if unit.search(found[1])] == []


def test_a_language_is_called_so_and_is_checked_in_one_way() -> None:
    patterns = set()
    for message, field in FIELDS:
        assert "locale" not in field.name, message.name
        if field.name in ("language", "languages") and message.name in {m.name for m in requests()}:
            rules = CONTRACTS.field_rules(field)
            patterns.add((rules.repeated.items if field.name == "languages" else rules).string.pattern)
    assert patterns == {"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$"}


@functools.cache
def names_in_comments() -> set[str]:
    """Every name in capitals that a comment may use: reasons, codes and values of enums."""
    known = {reason for package in CONTRACTS.packages() for reason in CONTRACTS.error_reasons(package)}
    known |= raised(ROOT / "kit") | codes.HTTP.keys()
    return known | {value.name for enum in CONTRACTS.enums.values() for value in enum.proto.value}


@every_rpc
def test_a_comment_names_only_reasons_that_exist(rpc: Rpc) -> None:
    known = names_in_comments()
    named = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", rpc.comment))
    assert {word for word in named if word not in known and not any(name.endswith(f"_{word}") for name in known)} == set()
