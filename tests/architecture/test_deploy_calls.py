"""The mesh's rules, the calls that the services really make and the contracts' `callers` say the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from deploy import mesh_rules
from deploy.contracts import ROOT, SERVICES, rpcs
from deploy.manifests import DEPLOY, Manifest, manifests
from gateway.render import TEMPLATE
from services.channel.rpc.media_bytes import MediaBytes
from services.channel.rpc.widget_pages import WidgetPages
from stack.ports import Ports

Call = tuple[str, str]
"""The caller, and the path of the RPC."""

PRINCIPAL = "cluster.local/ns/frontdesk/sa/"
RPCS = {rpc.path: rpc for rpc in rpcs()}
METHODS = {(rpc.service, rpc.method) for rpc in RPCS.values()}


KIT = {
    "workers": ("EventService/WatchEvents", "OrganizationService/ConfirmOrganizationErasure"),
    "Below": tuple(f"DeadLetterService/{verb}" for verb in ("ListDeadLetters", "RetryDeadLetter", "DeleteDeadLetter")),
}
"""RPCs that the kit calls for a service that gives it a contract: `kit.erasure.workers`, `kit.jobs.dead_letters.Below`."""


def calls_in(source: str, received: Collection[str] = ()) -> set[str]:
    """Paths of the RPCs that a module calls: methods used of anything that was made as, or is annotated as, a stub.

    `received`: services whose stubs another module hands on, which may have any name here.
    """
    tree = ast.parse(source)
    packages = _packages(tree)
    stubs: dict[str, str] = {}
    for node in ast.walk(tree):
        for name, value in _bindings(node):
            if service := _stub(value, packages):
                stubs[name] = service
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            service = _stub(node.value, packages) or stubs.get(_last(node.value), "")
            found |= {f"/{each}/{node.attr}" for each in ([service] if service else received) if (each, node.attr) in METHODS}
        elif isinstance(node, ast.Call):
            contracts = {packages[each.id] for each in _positional(node) if isinstance(each, ast.Name) and each.id in packages}
            found |= {f"/{contract}.{rpc}" for contract in contracts for rpc in KIT.get(_last(node.func), ())}
    unused = {service for service in stubs.values() if not any(path.startswith(f"/{service}/") for path in found)}
    assert not unused, f"a stub of {unused} is made, but no call of it is seen: is it called in a new form?"
    return found


def handed_on(source: str) -> set[str]:
    """The services whose stubs a module makes as a positional argument of something else."""
    tree = ast.parse(source)
    packages = _packages(tree)
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    made = (each for call in calls for each in _positional(call) if isinstance(each, ast.Call))
    return {_stub(each, packages) for each in made} - {""}


def _packages(tree: ast.AST) -> dict[str, str]:
    """The contracts that a module imports, by their names there."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("frontdesk.")
        for alias in node.names
    }


def _positional(call: ast.Call) -> Iterator[ast.expr]:
    """The positional arguments of a call, also those of `*(a, b)`."""
    for each in call.args:
        if isinstance(each, ast.Starred) and isinstance(each.value, ast.Tuple):
            yield from each.value.elts
        else:
            yield each


def _bindings(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Names that get a value or a type: assignments, annotations, parameters, keyword arguments."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield _last(target), node.value
    elif isinstance(node, ast.AnnAssign):
        yield _last(node.target), node.annotation
        if node.value is not None:
            yield _last(node.target), node.value
    elif isinstance(node, ast.arg) and node.annotation is not None:
        yield node.arg, node.annotation
    elif isinstance(node, ast.keyword) and node.arg is not None:
        yield node.arg, node.value


def _stub(value: ast.expr, packages: dict[str, str]) -> str:
    """The full service name when an expression is `pb.XServiceStub(...)` or the annotation `pb.XServiceStub`, otherwise ""."""
    if isinstance(value, ast.Call):
        value = value.func
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value.endswith("Stub"):
        value = ast.parse(value.value, mode="eval").body
    name = _last(value)
    if isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name):
        package = packages.get(value.value.id, "")
    else:
        package = packages.get(name, "").removesuffix(f".{name}")
    for suffix in ("AsyncStub", "Stub"):
        if package and name.endswith(suffix):
            return f"{package}.{name.removesuffix(suffix)}"
    return ""


def _last(node: ast.expr) -> str:
    """The last identifier of `a.b.c`, `_` for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else "_"


def calls_made() -> set[Call]:
    """The calls that the services' code makes."""
    made = set()
    for service in SERVICES:
        sources = [file.read_text() for file in sorted((ROOT / "services" / service).rglob("*.py"))]
        received = set().union(*map(handed_on, sources))
        made |= {(service, path) for source in sources for path in calls_in(source, received)}
    return made


def rules() -> Iterator[tuple[Manifest, str, str]]:
    """(policy, caller's service account, path) of every allowed path."""
    for manifest in manifests(DEPLOY / "istio"):
        for rule in manifest.spec.get("rules", ()) if manifest.kind == "AuthorizationPolicy" else ():
            for source in rule["from"]:
                for principal in source["source"]["principals"]:
                    for to in rule["to"]:
                        for path in to["operation"].get("paths", ("*",)):
                            yield manifest, principal.removeprefix(PRINCIPAL), path


def calls_allowed() -> set[Call]:
    """The RPCs that the rules let one of our services call."""
    return {(caller, path) for _, caller, path in rules() if caller in SERVICES and path.startswith("/frontdesk.")}


def test_every_call_has_a_rule() -> None:
    assert calls_made() - calls_allowed() == set()


def test_every_rule_has_a_call() -> None:
    assert calls_allowed() - calls_made() == set()


def test_the_contracts_agree_with_the_rules() -> None:
    for caller, path in sorted(calls_allowed()):
        rpc = RPCS[path]
        assert not rpc.callers or caller in rpc.callers, f"{path} is not for {caller}"


def test_a_rule_stands_at_the_service_that_serves_the_rpc_and_at_its_port() -> None:
    for manifest, _, path in rules():
        if path in RPCS:
            owner = RPCS[path].owner
            assert manifest.spec["selector"]["matchLabels"] == {"app.kubernetes.io/name": owner}, path
            ports = [port for rule in manifest.spec["rules"] for to in rule["to"] for port in to["operation"]["ports"]]
            assert set(ports) == {str(mesh_rules.PORTS[owner])}, path


def test_the_gateway_may_call_only_rpcs_that_are_not_internal() -> None:
    allowed = {path for _, caller, path in rules() if caller == "gateway" and path.startswith("/frontdesk.")}
    assert allowed == {path for path, rpc in RPCS.items() if not rpc.callers}


def test_the_gateway_reaches_each_plain_http_route_of_channel() -> None:
    unused: Any = None
    application = MediaBytes(unused).application(())
    WidgetPages(unused, unused, ()).add_to(application)
    served = {(route.method, route.resource.canonical) for route in application.router.routes() if route.resource}
    assert len(served) > 8
    (policy,) = (m for m in manifests(DEPLOY / "istio") if m.kind == "AuthorizationPolicy" and m.name == "channel-files")
    operations = [to["operation"] for rule in policy.spec["rules"] for to in rule["to"]]
    assert served == {
        (method, path)
        for method, path in served
        for operation in operations
        if method in operation["methods"] and any(fnmatchcase(path, allowed) for allowed in operation["paths"])
    }


def test_rules_derived_from_the_contracts_are_up_to_date() -> None:
    stale = [path.name for path, text in mesh_rules.files().items() if path.read_text() != text]
    assert not stale, "run `python -m deploy.mesh_rules`"


def test_only_repeatable_rpcs_are_retried() -> None:
    for manifest in manifests(DEPLOY / "istio"):
        if manifest.kind != "VirtualService":
            continue
        for route in manifest.spec["http"]:
            paths = [match["uri"]["exact"] for match in route.get("match", ()) if "uri" in match]
            if route["retries"]["attempts"] > 0:
                assert paths, f"{manifest} retries everything"
                assert all(RPCS[path].repeatable for path in paths), f"{manifest} retries what is not repeatable"


def test_every_policy_allows_by_identity_and_the_namespace_denies_by_default() -> None:
    policies = [manifest for manifest in manifests(DEPLOY / "istio") if manifest.kind == "AuthorizationPolicy"]
    assert [manifest.name for manifest in policies if not manifest.spec] == ["default-deny"]
    for manifest in policies:
        for rule in manifest.spec.get("rules", ()):
            assert all(source["source"].get("principals") for source in rule["from"]), str(manifest)
            assert all("*" not in principal for source in rule["from"] for principal in source["source"]["principals"])


def test_network_policies_open_the_same_edges_as_the_mesh() -> None:
    by_mesh = {
        (caller.rpartition("/")[2], manifest.spec["selector"]["matchLabels"]["app.kubernetes.io/name"])
        for manifest, caller, _ in rules()
        if "istio-system" not in caller
    }
    incoming, outgoing = set(), set()
    for manifest in manifests(DEPLOY / "kubernetes"):
        if manifest.kind == "NetworkPolicy":
            own = _names(manifest.spec["podSelector"])
            incoming |= {(peer, me) for peer in _peers(manifest.spec.get("ingress", ()), "from") for me in own}
            outgoing |= {(me, peer) for peer in _peers(manifest.spec.get("egress", ()), "to") for me in own}
    assert incoming == by_mesh
    assert outgoing == by_mesh


def _peers(rules: list[dict[str, Any]], key: str) -> set[str]:
    """The workloads of our own namespace that a policy names."""
    peers = [peer for rule in rules for peer in rule.get(key, ()) if "namespaceSelector" not in peer]
    return {name for peer in peers for name in _names(peer.get("podSelector", {}))}


METRICS_PORT = 9464
MERGED_PORT = 15020
"""Where Istio's agent in a pod shows the service's metrics and its own."""


@pytest.mark.parametrize(("folder", "port"), [("kubernetes", METRICS_PORT), ("istio", MERGED_PORT)])
def test_prometheus_alone_reaches_the_metrics_of_the_services(folder: str, port: int) -> None:
    (policy,) = (m for m in manifests(DEPLOY / folder) if m.kind == "NetworkPolicy" and port in _ports(m))
    assert _names(policy.spec["podSelector"]) == set(SERVICES)
    (rule,) = policy.spec["ingress"]
    assert rule["ports"] == [{"protocol": "TCP", "port": port}]
    assert rule["from"] == [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}},
            "podSelector": {"matchLabels": {"app.kubernetes.io/name": "prometheus"}},
        }
    ]


def test_no_policy_of_the_mesh_opens_the_metrics() -> None:
    assert [str(m) for m in manifests(DEPLOY / "istio") if m.kind == "AuthorizationPolicy" and METRICS_PORT in _ports(m)] == []


def test_every_service_serves_metrics_at_its_annotated_address() -> None:
    annotated = {}
    for manifest in manifests(DEPLOY / "kubernetes"):
        if manifest.kind == "Deployment":
            template = manifest.spec["template"]
            (container,) = template["spec"]["containers"]
            listen = {each["name"]: each.get("value") for each in container.get("env", ())}.get("FRONTDESK_METRICS_LISTEN")
            annotations = template["metadata"].get("annotations", {})
            ports = [port["containerPort"] for port in container["ports"] if port["name"] == "metrics"]
            annotated[manifest.name] = (listen, ports, annotations.get("prometheus.io/port"))
    shown = (f"0.0.0.0:{METRICS_PORT}", [METRICS_PORT], str(METRICS_PORT))
    assert annotated == {name: shown if name in SERVICES else (None, [], None) for name in annotated}


def test_the_gateway_knows_no_port_of_metrics() -> None:
    ports = {METRICS_PORT, MERGED_PORT, *(port for name, port in Ports().model_dump().items() if name.endswith("_metrics"))}
    assert ports & {int(number) for number in re.findall(r"\b\d{4,5}\b", TEMPLATE.read_text())} == set()
    assert "METRICS" not in TEMPLATE.read_text()


def _ports(manifest: Manifest) -> set[int]:
    """Every port that a policy names."""
    return {int(port) for port in re.findall(r"'(?:port|ports)': \[?'?(\d+)", str(manifest.spec))}


def _names(selector: dict[str, Any]) -> set[str]:
    names = {selector.get("matchLabels", {}).get("app.kubernetes.io/name")} - {None}
    for expression in selector.get("matchExpressions", ()):
        names |= set(expression["values"])
    return names


HEAD = "from frontdesk.core.internal import v1 as pb\n"
TAKE = "/frontdesk.core.internal.v1.TurnService/TakeConversation"


@pytest.mark.parametrize(
    "code",
    [
        "turns = pb.TurnServiceStub(channel)\nawait client.call(turns.TakeConversation, request)",
        "self._turns = pb.TurnServiceStub(channel)\nclient.call(self._turns.TakeConversation, request)",
        "def f(turns: pb.TurnServiceStub): return turns.TakeConversation(request)",
        "class C:\n    turns: 'pb.TurnServiceAsyncStub'\n    def f(self): return self.turns.TakeConversation",
        "pb.TurnServiceStub(channel).TakeConversation(request)",
        "C(turns=pb.TurnServiceStub(channel))\nclient.call(self.turns.TakeConversation, request)",
    ],
)
def test_calls_are_found_in_each_form_that_they_are_written_in(code: str) -> None:
    assert calls_in(HEAD + dedent(code)) == {TAKE}


def test_calls_by_stubs_that_another_module_makes_are_found() -> None:
    assert handed_on(HEAD + "C(pool, pb.TurnServiceStub(channel), signer)") == {"frontdesk.core.internal.v1.TurnService"}
    assert calls_in("self._turns.TakeConversation(request)", ["frontdesk.core.internal.v1.TurnService"]) == {TAKE}


@pytest.mark.parametrize(
    ("what", "code"),
    [("Below", 'Below(("core",), pb, channel, signer)'), ("workers", "erasure.workers(*(pool, jobs, pb), draining)")],
)
def test_calls_that_the_kit_makes_are_found(what: str, code: str) -> None:
    assert calls_in(HEAD + code) == {f"/frontdesk.core.internal.v1.{rpc}" for rpc in KIT[what]}


def test_the_kit_makes_no_other_stubs() -> None:
    made = re.compile(r"\w+ServiceStub")
    found = {name for file in (ROOT / "kit").rglob("*.py") for name in made.findall(file.read_text())}
    assert found == {f"{rpc.partition('/')[0]}Stub" for rpcs in KIT.values() for rpc in rpcs}


def test_other_calls_than_those_of_stubs_are_not_found() -> None:
    assert calls_in(HEAD + "app.TakeConversation(request)\nother.turns.TakeConversation") == set()


def test_a_stub_whose_calls_are_not_seen_is_reported() -> None:
    with pytest.raises(AssertionError, match="no call of it is seen"):
        calls_in(HEAD + "turns = pb.TurnServiceStub(channel)\ngetattr(turns, name)(request)")


def test_the_walk_looks_at_every_service() -> None:
    assert [service for service in SERVICES if not Path(ROOT / "services" / service).is_dir()] == []
