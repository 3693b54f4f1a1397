"""Canonical codes, the HTTP statuses that the gateway makes of them, and which of them an RPC answers with."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tools.gen.contracts import Contracts, Rpc

# The gateway's own mapping (Envoy's); a test asks a running one.
HTTP: Mapping[str, int] = {
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "OUT_OF_RANGE": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "ABORTED": 409,
    "RESOURCE_EXHAUSTED": 429,
    "INTERNAL": 500,
    "UNKNOWN": 500,
    "DATA_LOSS": 500,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
NUMBERS: Mapping[str, int] = {
    "UNKNOWN": 2,
    "INVALID_ARGUMENT": 3,
    "DEADLINE_EXCEEDED": 4,
    "NOT_FOUND": 5,
    "ALREADY_EXISTS": 6,
    "PERMISSION_DENIED": 7,
    "RESOURCE_EXHAUSTED": 8,
    "FAILED_PRECONDITION": 9,
    "ABORTED": 10,
    "OUT_OF_RANGE": 11,
    "UNIMPLEMENTED": 12,
    "INTERNAL": 13,
    "UNAVAILABLE": 14,
    "DATA_LOSS": 15,
    "UNAUTHENTICATED": 16,
}
MEANINGS: Mapping[str, str] = {
    "INVALID_ARGUMENT": "The request is wrong, whatever the state.",
    "FAILED_PRECONDITION": "The request is right, but the state does not allow it.",
    "OUT_OF_RANGE": "A token or position is too old.",
    "UNAUTHENTICATED": "The token is missing, invalid or expired.",
    "PERMISSION_DENIED": "The token does not allow this.",
    "NOT_FOUND": "It does not exist, or not for this caller.",
    "ALREADY_EXISTS": "It exists already.",
    "ABORTED": "It changed meanwhile: read it again and repeat.",
    "RESOURCE_EXHAUSTED": "A limit is reached; `Retry-After` says when to try again.",
    "INTERNAL": "A bug. The request id finds it in the logs.",
    "UNKNOWN": "A bug. The request id finds it in the logs.",
    "DATA_LOSS": "Stored data is damaged.",
    "UNIMPLEMENTED": "Part of the contract, but not built yet.",
    "UNAVAILABLE": "Something needed is unavailable; retry later.",
    "DEADLINE_EXCEEDED": "There was no time left.",
}
_ANY = ("INVALID_ARGUMENT", "RESOURCE_EXHAUSTED", "INTERNAL", "UNIMPLEMENTED", "UNAVAILABLE", "DEADLINE_EXCEEDED")
_WITH_TOKEN = ("UNAUTHENTICATED", "PERMISSION_DENIED")


def errors(contracts: Contracts, rpc: Rpc) -> dict[str, list[str]]:
    """The codes that an RPC answers with, each with the reasons that its comment names, in the order of HTTP."""
    found: dict[str, list[str]] = {code: [] for code in (*_ANY, *(() if rpc.public else _WITH_TOKEN))}
    if any("{" in binding.path for binding in rpc.bindings):
        found["NOT_FOUND"] = []
    reasons = _reasons(contracts, rpc.package)
    current = ""
    for word in re.findall(r"\b[A-Z][A-Z0-9_]{3,}\b", rpc.comment):
        if word in HTTP:
            current = word
            found.setdefault(word, [])
        elif word in reasons and (code := _code(reasons[word]) or current) and word not in found.setdefault(code, []):
            found[code].append(word)
    return {code: found[code] for code in HTTP if code in found}


def _reasons(contracts: Contracts, package: str) -> dict[str, str]:
    """Every service's reasons with their comments; the package's own go first."""
    merged: dict[str, str] = {}
    for other in [package, *contracts.packages()]:
        for name, comment in contracts.error_reasons(other).items():
            merged.setdefault(name, comment)
    return merged


def _code(comment: str) -> str:
    """The code that a reason's comment names, or nothing."""
    return next((word for word in re.findall(r"[A-Z_]{5,}", comment) if word in HTTP), "")
