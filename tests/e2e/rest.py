"""REST calls of the tests, as a program of the business makes them."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import demo
from stack.testing_stack import TestStack


def call(stack: TestStack, method: str, path: str, body: object = None, token: str = "") -> dict[str, Any]:
    """One REST call."""
    request = urllib.request.Request(f"{stack.gateway}/v1/{path}", method=method)
    request.add_header("content-type", "application/json")
    if token:
        request.add_header("authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, json.dumps(body).encode() if body is not None else None, timeout=20) as response:
            answer: dict[str, Any] = json.loads(response.read())
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{method} {path}: {error.read().decode()}") from error
    return answer


def signed_in(stack: TestStack, email: str) -> str:
    """The access token of a demo user."""
    who = {"organization": "organizations/demo", "email": email, "password": demo.DEMO_PASSWORD}
    return str(call(stack, "POST", "auth:login", who)["tokens"]["accessToken"])
