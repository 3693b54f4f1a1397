"""A customer sends a photo on the whole stack, and an agent sees it."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import pytest

from stack.testing_stack import TestStack
from tests.e2e.clients import ORGANIZATION, Customer, Gateway

pytestmark = pytest.mark.servers

PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 1000


@pytest.fixture
async def gateway(running_stack: TestStack) -> AsyncIterator[Gateway]:
    async with Gateway.connect(running_stack.gateway) as connected:
        yield connected


async def test_a_customers_photo_reaches_an_agent(gateway: Gateway) -> None:
    customer = await Customer.open(gateway)
    announced_as = {"fileName": "broken kettle.png", "sizeBytes": str(len(PHOTO)), "conversation": customer.conversation}
    body = {"requestId": uuid.uuid4().hex} | announced_as
    announced = await gateway.rest("POST", f"{ORGANIZATION}/media", token=customer.session.token, body=body)
    assert announced.status == 200, announced
    async with gateway.http.put(gateway.url + announced.body["upload"]["path"], data=PHOTO) as uploaded:
        media = await uploaded.json()
    assert (uploaded.status, media["state"], media["conversation"]) == (200, "MEDIA_STATE_READY", customer.conversation)
    agent = await gateway.login("agent@example.com")
    linked = await gateway.rest("POST", f"{media['name']}:createDownloadLink", token=agent, body={})
    assert linked.status == 200, linked
    async with gateway.http.get(gateway.url + linked.body["download"]["path"]) as downloaded:
        assert await downloaded.read() == PHOTO
    assert downloaded.headers["content-disposition"] == 'inline; filename="broken kettle.png"'
