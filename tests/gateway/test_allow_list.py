"""The configuration allows calls by gRPC paths; these tests compare it with the contracts."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from gateway.render import DESCRIPTOR, Missing, render
from tests.gateway.conftest import envoy_binary
from tests.support.serving import Keys
from tools.gen.contracts import Contracts, Rpc
from tools.gen.schema import HTTP_BODY

CONTRACTS = Contracts(FileDescriptorSet.FromString(DESCRIPTOR.read_bytes()))
Config = dict[str, Any]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Keys(tmp_path_factory.mktemp("keys")).folder


@pytest.fixture(scope="module")
def connection_manager(keys: Path) -> Config:
    config = yaml.safe_load(render({"FRONTDESK_KEYS_DIR": str(keys)}))
    return cast(Config, config["static_resources"]["listeners"][0]["filter_chains"][0]["filters"][0]["typed_config"])


def filter_config(connection_manager: Config, name: str) -> Config:
    found = next(f for f in connection_manager["http_filters"] if f["name"] == f"envoy.filters.http.{name}")
    return cast(Config, found["typed_config"])


def matches(match: Config, path: str) -> bool:
    """Whether a route or rule that matches by `path` or `prefix` matches; those by header or pattern do not concern RPCs."""
    if "headers" in match or "safe_regex" in match:
        return False
    return bool(match["path"] == path if "path" in match else path.startswith(match["prefix"]))


def route(connection_manager: Config, rpc: Rpc) -> Config:
    """The route that an RPC takes."""
    routes = connection_manager["route_config"]["virtual_hosts"][0]["routes"]
    return cast(Config, next(r for r in routes if matches(r["match"], rpc.path)))


def ids(rpc: Rpc) -> str:
    return rpc.path.removeprefix("/frontdesk.")


every_rpc = pytest.mark.parametrize("rpc", CONTRACTS.rpcs, ids=ids)


@every_rpc
def test_an_rpc_has_a_route_unless_it_is_internal(connection_manager: Config, rpc: Rpc) -> None:
    found = route(connection_manager, rpc)
    if rpc.callers:
        assert found["direct_response"]["status"] == 404
        return
    assert found["route"]["cluster"] == rpc.package.split(".")[1]
    if rpc.proto.server_streaming:
        assert found["route"]["timeout"] == "0s", "a stream has no end that the gateway knows"
    elif not rpc.proto.client_streaming:
        assert found["route"]["timeout"] == "15s"


@every_rpc
def test_a_token_is_asked_for_unless_the_rpc_is_public(connection_manager: Config, rpc: Rpc) -> None:
    rules = filter_config(connection_manager, "jwt_authn")["rules"]
    rule = next(r for r in rules if matches(r["match"], rpc.path))
    assert ("requires" not in rule) == rpc.public
    if not rpc.public:
        asked = {r["provider_name"] for r in rule["requires"]["requires_any"]["requirements"]}
        assert asked == {"admin", "channel"}


def test_public_rules_and_internal_denials_name_rpcs_that_exist(connection_manager: Config) -> None:
    paths = {rpc.path: rpc for rpc in CONTRACTS.rpcs}
    rules = filter_config(connection_manager, "jwt_authn")["rules"]
    routes = connection_manager["route_config"]["virtual_hosts"][0]["routes"]
    named = [r["match"]["path"] for r in [*rules, *routes] if "path" in r["match"]]
    assert set(named) - paths.keys() == {"/healthz"}
    services = {rpc.path.rpartition("/")[0] + "/" for rpc in CONTRACTS.rpcs if not rpc.callers}
    prefixes = {r["match"]["prefix"] for r in routes if r["match"].get("prefix", "").count("/") == 2} - {"/v1/"}
    assert prefixes == services


def test_the_transcoder_knows_every_rest_service(connection_manager: Config) -> None:
    rest = {f"{rpc.package}.{rpc.service}" for rpc in CONTRACTS.rpcs if rpc.bindings}
    main = filter_config(connection_manager, "grpc_json_transcoder")
    assert {*main["services"], "frontdesk.channel.v1.WebhookService"} == rest
    routes = connection_manager["route_config"]["virtual_hosts"][0]["routes"]
    special = [
        r["typed_per_filter_config"]["envoy.filters.http.grpc_json_transcoder"]
        for r in routes
        if "envoy.filters.http.grpc_json_transcoder" in r.get("typed_per_filter_config", {})
    ]
    files, webhooks, large_logos, logos, events = special
    assert files["disabled"], "bytes of files are no RPCs"
    assert large_logos["disabled"], "channel's other port refuses them"
    assert events["services"] == main["services"]
    assert Path(events["proto_descriptor"]).name == "events.binpb"
    assert webhooks["services"] == ["frontdesk.channel.v1.WebhookService"]
    assert logos["services"] == ["frontdesk.channel.v1.ChannelService"]
    raw = {rpc.service for rpc in CONTRACTS.rpcs if rpc.public and rpc.output == HTTP_BODY and rpc.bindings}
    assert raw == {"WebhookService", "AuthService"}


@pytest.mark.parametrize("tracing", ["", "http://127.0.0.1:4317"])
def test_envoy_accepts_the_configuration(keys: Path, tmp_path: Path, tracing: str) -> None:
    environment = {"FRONTDESK_KEYS_DIR": str(keys), "FRONTDESK_OTLP_URL": tracing}
    environment["FRONTDESK_CORE_URL"] = "core-0.core:7102,core-1.core:7102"
    text = render(environment)
    assert ("envoy.tracers.opentelemetry" in text) == bool(tracing)
    assert "${" not in text
    assert "#@" not in text
    (tmp_path / "envoy.yaml").write_text(text)
    command = [envoy_binary(), "--mode", "validate", "-c", str(tmp_path / "envoy.yaml"), "--disable-hot-restart"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "deprecated" not in done.stderr.lower()


def test_each_issuer_is_checked_with_its_own_keys_only(connection_manager: Config) -> None:
    providers = filter_config(connection_manager, "jwt_authn")["providers"]
    for issuer, provider in providers.items():
        keys = yaml.safe_load(provider["local_jwks"]["inline_string"])["keys"]
        assert [key["kid"] for key in keys] == [f"{issuer}-1"]


def test_several_addresses_become_several_endpoints(keys: Path) -> None:
    config = yaml.safe_load(render({"FRONTDESK_KEYS_DIR": str(keys), "FRONTDESK_CORE_URL": "a:1, [::1]:2,http://c:3/"}))
    core = next(c for c in config["static_resources"]["clusters"] if c["name"] == "core")
    found = core["load_assignment"]["endpoints"][0]["lb_endpoints"]
    addresses = [e["endpoint"]["address"]["socket_address"] for e in found]
    assert [(a["address"], a["port_value"]) for a in addresses] == [("a", 1), ("::1", 2), ("c", 3)]


def test_missing_parts_are_named(tmp_path: Path, keys: Path) -> None:
    with pytest.raises(Missing, match="FRONTDESK_KEYS_DIR is not set"):
        render({})
    with pytest.raises(Missing, match=r"jwks\.json cannot be read"):
        render({"FRONTDESK_KEYS_DIR": str(tmp_path)})
    with pytest.raises(Missing, match="write host:port"):
        render({"FRONTDESK_KEYS_DIR": str(keys), "FRONTDESK_CORE_URL": "nowhere"})
