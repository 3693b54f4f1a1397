"""The gateway makes the HTTP statuses that the OpenAPI document and docs/api.md promise."""

from __future__ import annotations

import pytest

from kit.errors import BY_CODE
from tests.gateway.conftest import Gateway
from tools.gen import codes


@pytest.mark.parametrize("code", BY_CODE)
async def test_a_code_becomes_its_http_status(gateway: Gateway, code: str) -> None:
    answer = await gateway.call("GET", f"/v1/organizations/shop/conversations/fails-{code.lower().replace('_', '-')}")
    assert (answer.status, answer.json["code"]) == (codes.HTTP[code], codes.NUMBERS[code])


async def test_too_many_requests_always_say_when_to_come_again(gateway: Gateway) -> None:
    answer = await gateway.call("GET", "/v1/organizations/shop/conversations/fails-resource-exhausted")
    assert (answer.status, answer.headers["retry-after"]) == (429, "60")
