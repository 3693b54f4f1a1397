"""deploy/compose.yaml, the image recipe and the secrets agree with each other and with what runs on one machine."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy import make_secrets
from deploy.contracts import ROOT, SERVICES
from deploy.make_secrets import SEALING
from deploy.manifests import DEPLOY, manifests
from gateway.render import render
from stack.ports import Ports

COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
PROGRAMS: dict[str, Any] = COMPOSE["services"]
OURS = {name: program for name, program in PROGRAMS.items() if str(program["image"]).startswith("frontdesk:")}
STORES = ("postgres", "mongo", "redis", "chroma")
RECIPE = (DEPLOY / "Containerfile").read_text()


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installation") / "secrets"
    make_secrets.make(folder)
    return folder


def settings_of(folder: Path) -> dict[str, str]:
    pairs = (line.split("=", 1) for line in folder.read_text().splitlines() if line and not line.startswith("#"))
    return dict(pairs)


def test_everything_runs_that_runs_on_one_machine() -> None:
    assert set(PROGRAMS) == {*SERVICES, *STORES, "embedder", "web", "gateway", "gateway-configuration"}


@pytest.mark.parametrize("name", [*SERVICES, "embedder", "web"])
def test_a_program_listens_on_the_same_port_as_on_one_machine(name: str) -> None:
    port = getattr(Ports(), name)
    listen = PROGRAMS[name]["command"][-1] if name == "embedder" else PROGRAMS[name]["environment"]["FRONTDESK_LISTEN"]
    assert listen == f"0.0.0.0:{port}"
    if name in SERVICES:
        assert PROGRAMS[name]["healthcheck"]["test"][-1] == f"127.0.0.1:{port}"
        assert PROGRAMS["core"]["environment"][f"FRONTDESK_{name.upper()}_URL"] == f"{name}:{port}"


def test_compose_and_kubernetes_share_their_settings() -> None:
    (cluster,) = (m.document["data"] for m in manifests(DEPLOY / "kubernetes") if m.kind == "ConfigMap")
    here = PROGRAMS["core"]["environment"]
    different = {"FRONTDESK_KEYS_DIR", "FRONTDESK_LOG_LEVEL", "FRONTDESK_DRAIN_SECONDS"}
    different |= {"FRONTDESK_GATEWAY_TRUSTED_HOPS", "FRONTDESK_TRUSTED_HOPS"}  # compose has no proxy in front
    assert {key: value for key, value in cluster.items() if key not in different} == {
        key: value for key, value in here.items() if key not in {*different, "FRONTDESK_LISTEN"}
    }


def test_files_are_kept_on_a_volume_that_their_image_makes_for_its_user() -> None:
    channel = PROGRAMS["channel"]
    assert channel["environment"]["FRONTDESK_MEDIA_LISTEN"] == f"0.0.0.0:{Ports().media}"
    folder = channel["environment"]["FRONTDESK_MEDIA_DIR"]
    assert channel["volumes"] == [f"media:{folder}"]
    assert f"install -d -o 10001 -g 10001 {folder}" in RECIPE


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_programs_run_without_privileges_on_a_read_only_file_system(name: str) -> None:
    assert OURS[name]["read_only"] is True
    assert OURS[name]["cap_drop"] == ["ALL"]
    assert name == "gateway-configuration" or "user" not in OURS[name], "the image's own user is not root"


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_gets_its_own_secrets_and_no_other(name: str) -> None:
    assert PROGRAMS[name]["env_file"] == [f"secrets/{name}.env"]
    sealing = [f"{name}.secrets"] if name in SEALING else []
    assert PROGRAMS[name]["secrets"] == [f"{name}.pem", *sealing, "jwks.json"]


def test_every_dependency_has_a_health_check() -> None:
    for name, program in PROGRAMS.items():
        for other, wish in program.get("depends_on", {}).items():
            if wish["condition"] == "service_healthy":
                assert "healthcheck" in PROGRAMS[other], f"{name} waits for {other}"


def test_only_the_gateway_is_published() -> None:
    assert [name for name, program in PROGRAMS.items() if "ports" in program] == ["gateway"]


def test_names_that_are_used_are_defined() -> None:
    for program in PROGRAMS.values():
        assert set(program.get("networks", ())) <= set(COMPOSE["networks"])
        assert set(program.get("secrets", ())) <= set(COMPOSE["secrets"])
        named = {volume.split(":")[0] for volume in program.get("volumes", ()) if not volume.startswith(".")}
        assert named <= set(COMPOSE["volumes"])


def test_every_secret_file_is_made(secrets: Path) -> None:
    wanted = {entry["file"] for entry in COMPOSE["secrets"].values()}
    for program in PROGRAMS.values():
        wanted |= set(program.get("env_file", ()))
        wanted |= {volume.split(":")[0].removeprefix("./") for volume in program.get("volumes", ()) if volume.startswith(".")}
    assert [file for file in sorted(wanted) if not (secrets.parent / file).is_file()] == []


def test_every_secret_that_kubernetes_asks_for_is_made(secrets: Path) -> None:
    made = yaml.safe_load((secrets / "kustomization.yaml").read_text())
    names = {entry["name"] for entry in [*made["secretGenerator"], *made["configMapGenerator"]]}
    text = "".join(file.read_text() for file in (DEPLOY / "kubernetes").rglob("*.yaml"))
    asked = set(re.findall(r"(?:secretRef|secret|configMapRef|configMap): \{(?:secretN|n)ame: ([a-z-]+)", text))
    assert asked - {"frontdesk-settings"} == names
    for entry in made["secretGenerator"]:
        for file in [*entry.get("envs", ()), *entry.get("files", ())]:
            assert (secrets / file.rpartition("=")[2]).is_file(), file


def test_a_service_logs_in_as_itself_with_the_password_that_its_store_gets(secrets: Path) -> None:
    for service in SERVICES:
        values = settings_of(secrets / f"{service}.env")
        password = (secrets / f"postgres-{service}.password").read_text()
        assert values["FRONTDESK_POSTGRES_URL"].startswith(f"postgresql://frontdesk_{service}:{password}@postgres:")
        assert f"ALTER ROLE frontdesk_{service} PASSWORD '{password}';" in (secrets / "20-passwords.sql").read_text()
    assert settings_of(secrets / "redis.env")["VALKEY_PASSWORD"] in settings_of(secrets / "core.env")["FRONTDESK_REDIS_URL"]


def test_secrets_are_made_once_and_kept_to_their_owner(secrets: Path) -> None:
    before = {file.name: file.read_bytes() for file in secrets.iterdir()}
    make_secrets.make(secrets)
    assert {file.name: file.read_bytes() for file in secrets.iterdir()} == before
    assert secrets.stat().st_mode & 0o077 == 0


def test_the_image_copies_files_that_exist_and_are_not_ignored() -> None:
    ignore = (DEPLOY / "Containerfile.dockerignore").read_text().splitlines()
    allowed = {line.removeprefix("!") for line in ignore if line.startswith("!")}
    for line in RECIPE.splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            for source in shlex.split(line)[1:-1]:
                assert (ROOT / source).exists(), source
                assert any(source == name or source.startswith(f"{name}/") for name in allowed), source


def test_the_image_runs_every_program_that_compose_and_kubernetes_start() -> None:
    copied = re.findall(r"^COPY (\w+) \1$", RECIPE, flags=re.M)
    commands = [program["command"] for program in OURS.values() if "command" in program]
    for manifest in manifests(DEPLOY / "kubernetes"):
        if manifest.kind == "Deployment":
            commands += [
                container["args"]
                for container in manifest.spec["template"]["spec"]["containers"]
                if container["image"] == "frontdesk"
            ]
    for option, module, *_ in commands:
        assert option == "-m"
        assert module.split(".")[0] in copied, module
        path = ROOT.joinpath(*module.split("."))
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module


def test_the_image_is_not_root_and_built_from_the_lock() -> None:
    assert re.search(r"^USER 10001:10001$", RECIPE, flags=re.M)
    assert "--require-hashes" in RECIPE
    lock = (DEPLOY / "requirements.lock").read_text()
    everything = (ROOT / "requirements-embedded.lock").read_text()
    for pinned in re.findall(r"^[\w.-]+==[\w.]+", lock, flags=re.M):
        assert pinned in everything, f"{pinned} is not what one machine runs; run `make lock`"
    for wanted in re.findall(r"^([\w.-]+)(?:==|>=|$)", (ROOT / "requirements.in").read_text(), flags=re.M):
        assert re.search(rf"^{re.escape(wanted.lower())}==", lock, flags=re.M), f"{wanted} is missing; run `make lock`"


def test_the_image_holds_every_package_that_its_programs_import() -> None:
    lock = set(re.findall(r"^([\w.-]+)==", (DEPLOY / "requirements.lock").read_text(), flags=re.M))
    distributions = importlib.metadata.packages_distributions()
    own = {"deploy", "frontdesk", *re.findall(r"^COPY (\w+) \1$", RECIPE, flags=re.M)}
    missing = {}
    for folder in sorted(own & {"kit", "services", "gateway", "embedder", "demo", "deploy"}):
        files = ROOT.joinpath(folder).glob("*.py" if folder == "deploy" else "**/*.py")
        for file in files:
            if file.name in ("manifests.py", "testing.py"):
                continue  # tools of tests
            for name in _imported(file) - own - sys.stdlib_module_names:
                found = {re.sub(r"[._-]+", "-", distribution).lower() for distribution in distributions.get(name, ["?"])}
                if name not in ("google", "buf") and not found & lock:
                    missing[f"{file.relative_to(ROOT)}: {name}"] = found
    assert missing == {}


def _imported(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.partition(".")[0])
    return names


def test_the_gateways_configuration_is_valid_with_the_clusters_addresses(secrets: Path, tmp_path: Path) -> None:
    environment = {key: str(value) for key, value in PROGRAMS["gateway-configuration"]["environment"].items()}
    environment |= {"FRONTDESK_KEYS_DIR": str(secrets), "FRONTDESK_DESCRIPTOR": str(ROOT / "gen" / "descriptor.binpb")}
    file = tmp_path / "envoy.yaml"
    file.write_text(render(environment))
    envoy = Path(sys.executable).with_name("envoy")
    command = [str(envoy), "--mode", "validate", "--config-path", str(file), "--disable-hot-restart", "--log-level", "error"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def test_the_gateway_calls_each_service_by_its_own_name(secrets: Path) -> None:
    """Istio's proxies route by the name that is called: the client's would lead nowhere."""
    written = render({"FRONTDESK_KEYS_DIR": str(secrets)})
    (listener,) = yaml.safe_load(written)["static_resources"]["listeners"]
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    (host,) = manager["route_config"]["virtual_hosts"]
    routes = [entry["route"] for entry in host["routes"] if entry.get("route", {}).get("cluster") in (*SERVICES, "web")]
    assert {route["cluster"] for route in routes} == {*SERVICES, "web"}
    assert all(route.get("auto_host_rewrite") for route in routes)
