"""Writes the Istio rules that follow from the contracts alone: the gateway's calls and the retries.

    python -m deploy.mesh_rules            writes deploy/istio/gateway-calls.yaml and deploy/istio/routes.yaml
    python -m deploy.mesh_rules --check    fails when they differ from the contracts

The calls between our own services are not derived: they are decisions, in deploy/istio/calls.yaml.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from deploy.contracts import ROOT, SERVICES, Rpc, rpcs

FOLDER = ROOT / "deploy" / "istio"
PORTS = {"channel": 7101, "core": 7102, "memory": 7103, "agent": 7104, "admin": 7105}
HEALTH = "/grpc.health.v1.Health/Check"
NOTE = "# Written by `python -m deploy.mesh_rules` from the contracts; do not edit.\n"
EDGE_NOTE = "# The RPCs that the world may reach through the gateway; internal ones are not among them.\n"
RETRY_NOTE = """\
# Istio retries every call twice by default. Here it retries only RPCs that the contracts mark as idempotent, and only when
# no replica has seen the call. Callers do all other retries themselves (kit/client.py), and two layers would multiply. There is
# no time limit either: deadlines travel with the call.
"""

POLICY = """apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: gateway-to-{service}
spec:
  selector: {{matchLabels: {{app.kubernetes.io/name: {service}}}}}
  action: ALLOW
  rules:
    - from: [{{source: {{principals: [cluster.local/ns/frontdesk/sa/gateway]}}}}]
      to:
        - operation:
            ports: ["{port}"]
            paths:
{paths}"""

FILES = """\
    - name: files
      match: [{port: 7108}]
      route: [{destination: {host: channel, port: {number: 7108}}}]
      timeout: 0s
      retries: {attempts: 0}
"""
"""The bytes of files: plain HTTP on channel's second port, which the routes of its RPCs must not catch."""

ROUTE = """apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: {service}
spec:
  hosts: [{service}]
  http:
{files}    - name: repeatable
      match:
{matches}      route: [{{destination: {{host: {service}, port: {{number: {port}}}}}}}]
      timeout: 0s
      retries: {{attempts: 2, retryOn: "connect-failure,refused-stream"}}
    - name: once
      route: [{{destination: {{host: {service}, port: {{number: {port}}}}}}}]
      timeout: 0s
      retries: {{attempts: 0}}
"""


def gateway_calls(all_rpcs: Iterable[Rpc]) -> str:
    """The calls of our Envoy: every RPC that is not internal, and the health check."""
    every = list(all_rpcs)
    documents = []
    for service in SERVICES:
        paths = [HEALTH, *(rpc.path for rpc in every if rpc.owner == service and not rpc.callers)]
        lines = "".join(f"              - {path}\n" for path in paths)
        documents.append(POLICY.format(service=service, port=PORTS[service], paths=lines))
    return NOTE + EDGE_NOTE + "---\n".join(documents)


def routes(all_rpcs: Iterable[Rpc]) -> str:
    """Retries: none, but for RPCs that the contract marks as repeatable, and there only when no replica has seen the call."""
    every = list(all_rpcs)
    documents = []
    for service in SERVICES:
        paths = [rpc.path for rpc in every if rpc.owner == service and rpc.repeatable]
        matches = "".join(f"        - uri: {{exact: {path}}}\n" for path in paths)
        files = FILES if service == "channel" else ""
        documents.append(ROUTE.format(service=service, port=PORTS[service], matches=matches, files=files))
    return NOTE + RETRY_NOTE + "---\n".join(documents)


def files() -> dict[Path, str]:
    """The derived files and what they should hold."""
    every = list(rpcs())
    return {FOLDER / "gateway-calls.yaml": gateway_calls(every), FOLDER / "routes.yaml": routes(every)}


def main() -> None:
    """Writes the files, or compares them with `--check`."""
    stale = [path for path, text in files().items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} differs from the contracts; run `python -m deploy.mesh_rules`", file=sys.stderr)
        sys.exit(1 if stale else 0)
    for path in stale:
        path.write_text(files()[path])


if __name__ == "__main__":
    main()
