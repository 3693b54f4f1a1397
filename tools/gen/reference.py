"""docs/api.md: every RPC with its REST form, who may call it, and the errors it names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.gen.contracts import Contracts, Rpc
from tools.gen.rest import expand

ABOUT = """\
# API

Made by `make gen` from `proto/`; do not edit.

Every RPC is reached at the gateway as gRPC, as gRPC-web and, where a REST form is given, as JSON. Machine-readable: the
protos, [gen/openapi/openapi.json](../gen/openapi/openapi.json) and [gen/descriptor.binpb](../gen/descriptor.binpb).

- **Access** names the permission that the caller's token must carry. *Public* needs no token. *Internal* may be called only by
  the services named, inside the mesh; the gateway has no route to it.
- **Repeatable** says whether a call may be sent again when its answer was lost: *read* changes nothing, *yes* has the same
  effect once or many times (by nature or by `request_id`), *no* must not be repeated blindly.
- **Errors** are the reasons (`google.rpc.ErrorInfo.reason`) that the RPC's comment names. Beside them any RPC may answer
  `UNAUTHENTICATED`, `PERMISSION_DENIED`, `INVALID_ARGUMENT` (a field breaks its bounds), `RESOURCE_EXHAUSTED`, `UNAVAILABLE`,
  `DEADLINE_EXCEEDED`, and `UNIMPLEMENTED` where it is not built yet.
"""
REPEATABLE = {0: "no", 1: "read", 2: "yes"}


def document(contracts: Contracts) -> str:
    """The whole page, as Markdown."""
    parts = [ABOUT]
    for package in contracts.packages():
        parts += _package(contracts, package)
    return "\n".join(parts)


def _package(contracts: Contracts, package: str) -> Iterator[str]:
    rpcs = [rpc for rpc in contracts.rpcs if rpc.package == package]
    reasons = contracts.error_reasons(package)
    yield f"## {package}\n"
    for service in dict.fromkeys(rpc.service for rpc in rpcs):
        members = [rpc for rpc in rpcs if rpc.service == service]
        yield f"### {service}\n\n{members[0].service_comment}\n"
        yield from (_rpc(rpc, reasons) for rpc in members)
    if reasons:
        yield f"### Error reasons of {package}\n\n| Reason | Meaning |\n|---|---|"
        yield "\n".join(f"| `{name}` | {_line(comment)} |" for name, comment in reasons.items()) + "\n"


def _rpc(rpc: Rpc, reasons: dict[str, str]) -> str:
    lines = [f"#### {rpc.name}\n", rpc.comment, "", "| | |", "|---|---|"]
    lines.append(f"| gRPC | `{rpc.path.lstrip('/')}` ({_shape(rpc)}) |")
    for binding in rpc.bindings:
        body = {"": "", "*": "; body: the request"}.get(binding.body, f"; body: `{binding.body}`")
        lines.append(f"| REST | `{binding.method.upper()} {expand(binding.path)[0]}`{body} |")
    lines.append(f"| Access | {_access(rpc)} |")
    lines.append(f"| Repeatable | {REPEATABLE[rpc.proto.options.idempotency_level]} |")
    named = [name for name in reasons if re.search(rf"\b{name}\b", rpc.comment)]
    if named:
        lines.append(f"| Errors | {', '.join(f'`{name}`' for name in named)} |")
    return "\n".join(lines) + "\n"


def _shape(rpc: Rpc) -> str:
    request = f"{'stream ' if rpc.proto.client_streaming else ''}{_short(rpc, rpc.input)}"
    response = f"{'stream ' if rpc.proto.server_streaming else ''}{_short(rpc, rpc.output)}"
    return f"`{request}` → `{response}`"


def _short(rpc: Rpc, name: str) -> str:
    return name.removeprefix(f"{rpc.package}.")


def _access(rpc: Rpc) -> str:
    if rpc.public:
        return "public"
    if rpc.callers:
        return f"internal: {', '.join(rpc.callers)}"
    return f"`{rpc.permission}`"


def _line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
