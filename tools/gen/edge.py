"""gen/edge.json: the public services, for the gateway's lists (gateway/contract.py). Internal packages are not in it."""

from __future__ import annotations

import json
from collections import defaultdict

from tools.gen.contracts import Contracts, Rpc


def document(contracts: Contracts) -> str:
    """One service a line."""
    by_service: defaultdict[str, list[Rpc]] = defaultdict(list)
    for rpc in contracts.rpcs:
        if ".internal." not in rpc.package:
            by_service[f"{rpc.package}.{rpc.service}"].append(rpc)
    lines = (json.dumps(_service(name, rpcs)) for name, rpcs in sorted(by_service.items()))
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _service(name: str, rpcs: list[Rpc]) -> dict[str, object]:
    return {
        "name": name,
        "rest": any(rpc.bindings for rpc in rpcs),
        "streams": [rpc.name for rpc in rpcs if rpc.proto.server_streaming],
        "public": [rpc.name for rpc in rpcs if rpc.public],
    }
