"""Every manifest agrees with the real schemas, and the manifests with each other."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from deploy.contracts import SERVICES
from deploy.manifests import DEPLOY, FOLDERS, Manifest, kustomization, manifests, problems
from deploy.mesh_rules import PORTS
from gateway.render import TEMPLATE
from stack.ports import Ports

BASE = DEPLOY / "kubernetes"
WORKLOADS = (*SERVICES, "embedder", "web", "gateway")
EVERY = [manifest for folder in FOLDERS for manifest in manifests(folder)]


def of_kind(kind: str, folder_name: str = "kubernetes") -> dict[str, Manifest]:
    return {m.name: m for m in EVERY if m.kind == kind and m.file.parent.name == folder_name}


@pytest.mark.parametrize("manifest", EVERY, ids=str)
def test_a_manifest_agrees_with_its_schema(manifest: Manifest) -> None:
    assert problems(manifest.document) == []


def _set(path: str, value: object) -> Callable[[Any], None]:
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]

    def change(document: Any) -> None:
        for parent in parents:
            document = document[parent]
        document[last] = value

    return change


def _misspell(path: str, wrong: str) -> Callable[[Any], None]:
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]

    def change(document: Any) -> None:
        for parent in parents:
            document = document[parent]
        document[wrong] = document.pop(last)

    return change


@pytest.mark.parametrize(
    ("kind", "name", "change", "said"),
    [
        ("Deployment", "core", _set("spec.minReadySeconds", "soon"), "minReadySeconds"),
        ("Deployment", "core", _set("spec.template.spec.containers.0.resources.limits.memory", [1]), "memory"),
        ("Deployment", "core", _misspell("spec.template.spec.containers.0.readinessProbe", "readynessProbe"), "readynessProbe"),
        ("Deployment", "core", _misspell("spec.template.spec.containers", "container"), "containers"),
        ("Deployment", "core", _misspell("spec.selector", "selectors"), "selector"),
        ("NetworkPolicy", "core-callers", _misspell("spec.ingress.0.from", "form"), "form"),
        ("HorizontalPodAutoscaler", "core", _set("spec.maxReplicas", "many"), "maxReplicas"),
        ("PeerAuthentication", "strict", _set("spec.mtls.mode", "VERY_STRICT"), "mode"),
        ("PeerAuthentication", "strict", _misspell("spec.mtls.mode", "mod"), "mod"),
        ("AuthorizationPolicy", "core", _set("spec.action", "PERMIT"), "action"),
        ("AuthorizationPolicy", "core", _misspell("spec.rules.0.from.0.source.principals", "principal"), "principal"),
        ("AuthorizationPolicy", "core", _misspell("spec.rules.0.to.0.operation.paths", "path"), "path"),
        ("DestinationRule", "core", _set("spec.trafficPolicy.loadBalancer.consistentHash.httpHeaderName", 7), "httpHeaderName"),
        ("DestinationRule", "core", _misspell("spec.trafficPolicy.outlierDetection", "outlierDetections"), "outlierDetections"),
        ("DestinationRule", "memory", _set("spec.trafficPolicy.loadBalancer.simple", "FASTEST"), "loadBalancer"),
        ("VirtualService", "core", _set("spec.http.0.retries.attempts", "never"), "attempts"),
        ("VirtualService", "core", _misspell("spec.http.0.retries", "retry"), "retry"),
        ("Gateway", "frontdesk", _set("spec.servers.0.tls.mode", "SOMETIMES"), "mode"),
        ("Gateway", "frontdesk", _misspell("spec.servers.0.tls.credentialName", "credential"), "credential"),
    ],
)
def test_an_error_in_a_manifest_is_found(kind: str, name: str, change: Callable[[Any], None], said: str) -> None:
    good = next(m for m in EVERY if (m.kind, m.name) == (kind, name) and m.file.parent.name != "stores")
    broken = copy.deepcopy(good.document)
    change(broken)
    found = problems(broken)
    assert found
    assert any(said in problem for problem in found), found


def test_a_kind_without_a_schema_is_refused() -> None:
    assert problems({"apiVersion": "apps/v2", "kind": "Deployment"}) == ["no schema for apps/v2 Deployment"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_kustomization_lists_every_file_beside_it_and_no_missing_one(folder: Any) -> None:
    listed = set(kustomization(folder)["resources"])
    assert {name for name in listed if not (folder / name).exists()} == set()
    assert {file.name for file in folder.glob("*.yaml")} - listed == {"kustomization.yaml"}


def test_the_mesh_patches_only_objects_of_the_base() -> None:
    services = {name for name, manifest in of_kind("Service").items() if manifest.spec.get("clusterIP") == "None"}
    targets = [patch["target"] for patch in kustomization(DEPLOY / "istio")["patches"]]
    assert {name for target in targets if target["kind"] == "Service" for name in target["name"].split("|")} == services
    assert {target["name"] for target in targets if target["kind"] == "Namespace"} == set(of_kind("Namespace"))


def test_no_two_manifests_have_the_same_name() -> None:
    seen = [(m.document["apiVersion"], m.kind, m.name) for m in EVERY]
    assert sorted(seen) == sorted(set(seen))


def test_every_workload_is_there_with_all_that_belongs_to_it() -> None:
    assert set(of_kind("Deployment")) == set(WORKLOADS)
    for kind in ("Service", "PodDisruptionBudget", "ServiceAccount"):
        assert set(of_kind(kind)) == set(WORKLOADS), kind


def containers() -> Iterator[tuple[Manifest, dict[str, Any], dict[str, Any]]]:
    """(Deployment, pod spec, main container) of each Deployment."""
    for manifest in of_kind("Deployment").values():
        pod = manifest.spec["template"]["spec"]
        (container,) = pod["containers"]
        yield manifest, pod, container


def test_ports_agree_from_the_container_to_the_service_and_the_settings() -> None:
    settings = of_kind("ConfigMap")["frontdesk-settings"].document["data"]
    services = of_kind("Service")
    for manifest, _, container in containers():
        name = manifest.name
        (port,) = (each for each in container["ports"] if each["name"] in ("grpc", "http"))
        assert port["containerPort"] == getattr(Ports(), name), "one machine and the cluster use the same ports"
        published, *more = services[name].spec["ports"]
        assert [(each["name"], each["port"]) for each in more] == ([("media", Ports().media)] if name == "channel" else [])
        assert published["targetPort"] == port["name"]
        assert services[name].spec["selector"] == {"app.kubernetes.io/name": name}
        assert published["port"] == port["containerPort"]
        if name in PORTS:
            assert PORTS[name] == port["containerPort"]
            assert settings[f"FRONTDESK_{name.upper()}_URL"] == f"{name}:{port['containerPort']}"
    assert settings["FRONTDESK_MEDIA_URL"] == f"channel:{Ports().media}"


def test_probes_ask_the_port_that_is_served() -> None:
    for manifest, _, container in containers():
        kind = "grpc" if manifest.name in SERVICES else "httpGet"
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            assert container[probe][kind]["port"] == getattr(Ports(), manifest.name), f"{manifest} {probe}"


def test_every_workload_runs_as_itself_with_two_replicas_and_no_privileges() -> None:
    autoscalers = of_kind("HorizontalPodAutoscaler")
    for manifest, pod, container in containers():
        name = manifest.name
        assert pod["serviceAccountName"] == name
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        for each in [container, *pod.get("initContainers", ())]:
            assert each["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert {"requests", "limits"} <= set(each["resources"]), name
        scaled = autoscalers[name].spec["minReplicas"] if name in autoscalers else manifest.spec["replicas"]
        assert scaled >= 2, name
        assert (name in autoscalers) != ("replicas" in manifest.spec), "one owner of the number of replicas"
        labels = manifest.spec["template"]["metadata"]["labels"]
        assert manifest.spec["selector"]["matchLabels"].items() <= labels.items()


def test_a_service_sees_its_own_secrets_only() -> None:
    for manifest, pod, container in containers():
        name = manifest.name
        secrets = {source["secretRef"]["name"] for source in container.get("envFrom", ()) if "secretRef" in source}
        for volume in pod.get("volumes", ()):
            sources = volume.get("projected", {}).get("sources", [])
            secrets |= {source["secret"]["name"] for source in sources if "secret" in source}
        assert secrets == ({f"frontdesk-{name}", f"frontdesk-{name}-key"} if name in SERVICES else set()), name


def test_no_manifest_holds_a_secret() -> None:
    assert [str(manifest) for manifest in EVERY if manifest.kind == "Secret"] == []


def test_images_are_pinned_in_one_place() -> None:
    images = {image["name"]: image for image in kustomization(BASE)["images"]}
    used = {each["image"] for _, pod, _ in containers() for each in [*pod["containers"], *pod.get("initContainers", ())]}
    assert used == set(images)
    assert all(image["newTag"] not in ("", "latest") for image in images.values())
    for manifest in of_kind("StatefulSet", "stores").values():
        for container in manifest.spec["template"]["spec"]["containers"]:
            tag = container["image"].partition(":")[2]
            assert tag, manifest
            assert tag != "latest", manifest


def test_everything_that_is_called_has_a_destination_rule() -> None:
    assert set(of_kind("DestinationRule", "istio")) == set(WORKLOADS)
    core = of_kind("DestinationRule", "istio")["core"].spec["trafficPolicy"]
    assert core["loadBalancer"]["consistentHash"]["httpHeaderName"] == "x-conversation"
    for manifest in of_kind("DestinationRule", "istio").values():
        assert manifest.spec["trafficPolicy"]["tls"] == {"mode": "ISTIO_MUTUAL"}
        assert manifest.spec["trafficPolicy"]["outlierDetection"]["maxEjectionPercent"] <= 50


def test_the_gateway_finds_every_service_where_it_is() -> None:
    """The settings of the cluster, put into the same gateway/envoy.yaml as on one machine, name every service's address."""
    pod = of_kind("Deployment")["gateway"].spec["template"]["spec"]
    environment = dict(of_kind("ConfigMap")["frontdesk-settings"].document["data"])
    environment |= {entry["name"]: entry["value"] for entry in pod["initContainers"][0]["env"]}
    written = TEMPLATE.read_text()
    known = set(re.findall(r"FRONTDESK_[A-Z_]+", written))
    assert {entry["name"] for entry in pod["initContainers"][0]["env"]} <= known
    for name in (*SERVICES, "web"):
        variable = f"FRONTDESK_{name.upper()}_URL"
        assert variable in known
        assert environment[variable] == f"{name}:{getattr(Ports(), name)}"


def test_every_file_is_a_manifest_or_a_kustomization() -> None:
    for folder in FOLDERS:
        for file in folder.glob("*.yaml"):
            assert all("kind" in document for document in yaml.safe_load_all(file.read_text())), file
