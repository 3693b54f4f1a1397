"""`make fuzz-api`: schemathesis attacks a stack of its own as five kinds of caller, and must find no fault.

FRONTDESK_FUZZ_EXAMPLES (default 5) says how many random cases an operation gets, beside the examples and the edge cases.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from typing import Any

import demo
from gateway.render import rate_limits
from stack.testing_stack import TestStack
from tests.foreign.test_clients import HERE, OPENAPI, PYTHON

ORGANIZATION = f"organizations/{demo.ORGANIZATION.id}"
# Enough for every operation; a caller that takes longer has met something that hangs.
TIMEOUT_SECONDS = 300
# A caller that is this frequent from one address hits the limits, which have their own tests.
NO_LIMITS = dict.fromkeys(rate_limits(), "100000")
SCOPES = ["core.conversations.list", "core.conversations.read", "memory.documents.read"]
KEY = {"apiKey": {"displayName": "Fuzz", "scopes": SCOPES}, "requestId": "fuzz"}


class Callers:
    """Tokens of each kind of caller, made when they are needed: they live for minutes."""

    def __init__(self, gateway: str) -> None:
        self._gateway = gateway

    def kinds(self) -> dict[str, Callable[[], str]]:
        """By name. The admin comes last, who can take things away that the others use."""
        return {
            "nobody": lambda: "",
            "customer": self._customer,
            "agent": lambda: self._login("agent@example.com"),
            "API key": self._api_key,
            "admin": lambda: self._login("owner@example.com"),
        }

    def _customer(self) -> str:
        return str(self._post(f"{ORGANIZATION}/channels/{demo.CHANNEL.id}:openSession", {})["token"])

    def _login(self, email: str) -> str:
        answer = self._post("auth:login", {"organization": ORGANIZATION, "email": email, "password": demo.DEMO_PASSWORD})
        return str(answer["tokens"]["accessToken"])

    def _api_key(self) -> str:
        made = self._post(f"{ORGANIZATION}/apiKeys", KEY, self._login("owner@example.com"))
        return str(self._post("auth:exchange", {"apiKey": made["secret"]})["accessToken"])

    def _post(self, path: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
        headers = {"content-type": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}
        request = urllib.request.Request(f"{self._gateway}/v1/{path}", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            read: dict[str, Any] = json.loads(answer.read())
        return read


def attack(gateway: str, token: str) -> bool:
    """Runs schemathesis as one caller; True when it found no fault."""
    command = [str(PYTHON), "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")]
    command += ["run", str(OPENAPI), "--url", gateway, "--phases", "examples,coverage,fuzzing", "--seed", "1"]
    command += ["--max-examples", os.environ.get("FRONTDESK_FUZZ_EXAMPLES", "5"), "--continue-on-failure"]
    if token:
        command += ["--header", f"Authorization: Bearer {token}"]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE)}
    try:
        return subprocess.run(command, cwd=HERE, env=environment, timeout=TIMEOUT_SECONDS, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        print(f"Not done after {TIMEOUT_SECONDS} s.")
        return False


def main() -> None:
    """Exits with 1 when any caller found a fault."""
    only = sys.argv[1:]
    stack = TestStack(NO_LIMITS)
    faults = []
    try:
        callers = Callers(stack.wait().gateway)
        for name, token in callers.kinds().items():
            if only and name not in only:
                continue
            print(f"\n==== As {name} ====", flush=True)
            started = time.monotonic()
            if not attack(stack.gateway, token()):
                faults.append(name)
            print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
    finally:
        stack.close()
    if faults:
        sys.exit(f"Faults were found as {', '.join(faults)}.")
    print("No fault was found.")


if __name__ == "__main__":
    main()
