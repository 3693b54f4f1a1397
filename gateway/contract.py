"""The parts of the configuration that follow from the contracts: services with a route, streams, and RPCs without a token.

It reads gen/edge.json, which `make gen` writes; a new RPC or service needs no edit here or in `envoy.yaml`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EDGE = Path(__file__).resolve().parent.parent / "gen" / "edge.json"
WEBHOOKS = "frontdesk.channel.v1.WebhookService"
"""Its REST routes have a transcoder of their own, with a larger body limit."""
BY_CONVERSATION = [
    {"header": {"header_name": "x-conversation"}, "terminal": True},
    {
        "header": {
            "header_name": "x-envoy-original-path",
            "regex_rewrite": {"pattern": {"regex": "^.*/conversations/([a-z0-9-]+).*$"}, "substitution": r"\1"},
        }
    },
]
"""The header that clients set, or the path of a REST call. A gRPC call without the header goes to any replica."""
HASHED = {"core": BY_CONVERSATION}
"""Clusters that choose a replica by a hash."""
UNBUFFERED = [
    {"header": {"key": "cache-control", "value": "no-cache, no-transform"}},
    {"header": {"key": "x-accel-buffering", "value": "no"}},
]
"""Keeps proxies in front from holding a stream back."""
WHOLE = {"max_stream_duration": "15s"}
"""`timeout` begins when the request is complete; this also ends one that never is."""
PREVIOUS_HOSTS = "type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate"
RETRIES = {
    "retry_on": "connect-failure,refused-stream",
    "num_retries": 2,
    "host_selection_retry_max_attempts": 5,
    "retry_host_predicate": [{"name": "envoy.retry_host_predicates.previous_hosts", "typed_config": {"@type": PREVIOUS_HOSTS}}],
}
"""Only what no replica has seen."""


@dataclass(frozen=True)
class Service:
    """A public service."""

    name: str
    """`frontdesk.core.v1.TurnService`."""
    rest: bool
    streams: tuple[str, ...]
    """Its RPCs that answer with a stream."""
    public: tuple[str, ...]
    """Its RPCs that need no token."""

    @property
    def cluster(self) -> str:
        return self.name.split(".")[1]


def services() -> list[Service]:
    """The public services, by name."""
    return [Service(s["name"], s["rest"], tuple(s["streams"]), tuple(s["public"])) for s in json.loads(EDGE.read_text())]


def routes() -> list[dict[str, Any]]:
    """The streams first, which have no timeout for the whole, then the services."""
    streams = [
        {
            "match": {"path": f"/{service.name}/{rpc}"},
            "route": _route(service.cluster) | {"timeout": "0s"},
            "response_headers_to_add": UNBUFFERED,
        }
        for service in services()
        for rpc in service.streams
    ]
    limits = {"timeout": "15s", "max_stream_duration": WHOLE, "retry_policy": RETRIES}
    whole = [{"match": {"prefix": f"/{service.name}/"}, "route": _route(service.cluster) | limits} for service in services()]
    return [*streams, *whole]


def _route(cluster: str) -> dict[str, Any]:
    """A call continues under the service's own name, by which a mesh's proxies route; x-forwarded-host keeps the client's."""
    route: dict[str, Any] = {"cluster": cluster, "auto_host_rewrite": True, "append_x_forwarded_host": True}
    return route | ({"hash_policy": HASHED[cluster]} if cluster in HASHED else {})


def transcoded() -> list[str]:
    """The services of the REST transcoder."""
    return [service.name for service in services() if service.rest and service.name != WEBHOOKS]


def without_token() -> list[dict[str, Any]]:
    """Rules for the RPCs that need no token."""
    return [{"match": {"path": f"/{service.name}/{rpc}"}} for service in services() for rpc in service.public]
