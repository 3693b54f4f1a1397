"""Customers on WhatsApp, through the whole stack and a Twilio of our own: in by webhook, out by deliveries."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from stack.ports import free_ports
from stack.testing_stack import TestStack
from tests.e2e.clients import ORGANIZATION, TIMEOUT, Agent, Gateway
from tests.twilio import Twilio
from tests.twilio.faults import Fault

pytestmark = [pytest.mark.servers, pytest.mark.asyncio(loop_scope="module")]

CHANNEL = f"{ORGANIZATION}/channels/whatsapp"
CUSTOMER = "+4915112345678"
QUESTION = "How long does standard shipping to Germany take?"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + bytes(range(256)) * 20
ANSWER = "2 to 3 working days"


@pytest.fixture(scope="module")
def twilio_port() -> int:
    return free_ports(1)[0]


@pytest.fixture(scope="module")
def stack(twilio_port: int) -> Iterator[TestStack]:
    """A stack whose Twilio is ours."""
    started = TestStack(
        {
            "FRONTDESK_TWILIO_URL": f"http://127.0.0.1:{twilio_port}",
            "FRONTDESK_FETCH_ALLOW": "127.0.0.0/8",
            "FRONTDESK_POLL_SECONDS": "2",
            "FRONTDESK_DELIVERY_SETTLED_SECONDS": "4",
        }
    )
    yield started.wait()
    started.close()


@dataclass(frozen=True)
class World:
    """A customer's phone, and the answering agent."""

    stack: TestStack
    gateway: Gateway
    twilio: Twilio
    owner: str
    """The owner's token."""

    def texts(self, customer: str = CUSTOMER) -> list[str]:
        """The messages on the customer's phone, in order."""
        return [message.body for message in self.twilio.account.accepted(customer)]

    async def gets(self, holds: Callable[[list[str]], bool], customer: str = CUSTOMER) -> list[str]:
        """The messages on the phone, as soon as they match."""
        try:
            async with asyncio.timeout(TIMEOUT):
                while not holds(self.texts(customer)):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(f"the phone got {self.texts(customer)}") from None
        return self.texts(customer)

    async def delivered(self, holds: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """All deliveries, the oldest first, as soon as they match; retries while the service is unavailable."""
        found: list[dict[str, Any]] = []
        try:
            async with asyncio.timeout(TIMEOUT):
                while True:
                    answer = await self.gateway.rest("GET", f"{ORGANIZATION}/deliveries?pageSize=100", self.owner)
                    if answer.status == 200 and holds(found := list(reversed(answer.body.get("deliveries", [])))):
                        return found
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(f"the deliveries are {found}") from None


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def world(stack: TestStack, twilio_port: int) -> AsyncIterator[World]:
    async with Twilio().running(twilio_port) as twilio, Gateway.connect(stack.gateway) as gateway:
        account = twilio.account
        account.webhook = f"{stack.gateway}/v1/{CHANNEL}/webhooks:twilio"
        owner = await gateway.login("owner@example.com")
        config = {
            "accountSid": account.sid,
            "authToken": account.token,
            "phoneNumber": account.number,
            "webhookUrl": account.webhook,
        }
        channel = {"displayName": "WhatsApp", "kind": "CHANNEL_KIND_WHATSAPP_TWILIO", "whatsappTwilio": config}
        made = await gateway.rest("POST", f"{ORGANIZATION}/channels?channelId=whatsapp", owner, channel)
        assert made.status == 200, made
        assert account.token not in str(made.body)
        tested = await gateway.rest("POST", f"{CHANNEL}:test", owner, {})
        assert (tested.status, tested.body.get("works")) == (200, True), tested
        yield World(stack, gateway, twilio, owner)


async def test_from_question_to_human_and_back(world: World) -> None:
    world.twilio.faults.statuses = ("sent", "delivered", "read")
    world.twilio.says(CUSTOMER, "Hello,")
    world.twilio.says(CUSTOMER, QUESTION)  # right behind it: one answer to both
    (answer,) = await world.gets(lambda texts: bool(texts))
    assert ANSWER in answer
    assert "[1]" in answer
    (delivery,) = await world.delivered(lambda found: [each["state"] for each in found] == ["DELIVERY_STATE_READ"])
    assert delivery["channel"] == CHANNEL

    world.twilio.says(CUSTOMER, "I want to talk to a human, please")
    agent = await Agent.sign_in(world.gateway, "agent@example.com")
    conversation = delivery["message"].rpartition("/messages/")[0]
    handover = await agent.waits(conversation)
    await agent.accept(handover)
    await agent.reply(conversation, "Kim here, how can I *help*?")
    texts = await world.gets(lambda texts: any("Kim here" in text for text in texts))
    assert [text for text in texts if "Kim here" in text] == ["Kim here, how can I *help*?"]
    so_far = len(texts)
    world.twilio.says(CUSTOMER, "Thank you, that is all")
    await agent.give_back(conversation)
    world.twilio.says(CUSTOMER, QUESTION)
    await world.gets(lambda texts: len(texts) > so_far and ANSWER in texts[-1])


async def test_files_go_both_ways(world: World) -> None:
    customer = "+4915112340000"
    world.twilio.sends(customer, (PNG, "image/png"), body="Human, please!")
    agent = await Agent.sign_in(world.gateway, "agent@example.com")
    listed = await world.gateway.rest("GET", f"{ORGANIZATION}/conversations?pageSize=10", world.owner)
    while not (mine := [each for each in listed.body["conversations"] if each["summary"]["address"].get("value") == customer]):
        await asyncio.sleep(0.2)
        listed = await world.gateway.rest("GET", f"{ORGANIZATION}/conversations?pageSize=10", world.owner)
    conversation = mine[0]["name"]
    await agent.accept(await agent.waits(conversation))
    taken = await world.gateway.rest("GET", conversation, world.owner)
    assert taken.body["capabilities"]["files"]
    messages = await world.gateway.rest("GET", f"{conversation}/messages", world.owner)
    parts = [part for message in messages.body["messages"] for part in message.get("content", {}).get("parts", [])]
    media = next(part["attachment"]["media"] for part in parts if "attachment" in part)
    linked = await world.gateway.rest("POST", f"{media}:createDownloadLink", agent.token, {})
    while linked.status != 200:
        assert "FETCHING" in str(linked.body), linked
        await asyncio.sleep(0.2)
        linked = await world.gateway.rest("POST", f"{media}:createDownloadLink", agent.token, {})
    async with world.gateway.http.get(world.gateway.url + linked.body["download"]["path"]) as response:
        assert (response.status, response.content_type, await response.read()) == (200, "image/png", PNG)

    await agent.reply(conversation, content={"parts": [{"attachment": {"media": media}}]})
    async with asyncio.timeout(TIMEOUT):
        while not (sent := [message for message in world.twilio.account.accepted(customer) if message.fetched]):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    assert sent[0].fetched == (PNG, "image/png")


async def test_a_forged_webhook_is_refused_and_changes_nothing(world: World) -> None:
    before = world.texts("+15550001111")
    url = world.twilio.account.webhook
    form = {"MessageSid": "SM" + "0" * 32, "From": "whatsapp:+15550001111", "To": "whatsapp:+1", "Body": QUESTION}
    async with world.gateway.http.post(url, data=form, headers={"X-Twilio-Signature": "bm90IGl0"}) as response:
        assert response.status == 401
        assert "SIGNATURE_INVALID" in await response.text()
    await asyncio.sleep(2)
    assert world.texts("+15550001111") == before


async def test_a_process_killed_while_it_sends_doubles_nothing(world: World) -> None:
    customer = "+4915100000001"
    world.twilio.faults.next.append(Fault.ACCEPT_SLOW)  # accepted, and its answer comes too late for the caller
    calls = len(world.twilio.calls)
    world.twilio.says(customer, QUESTION)
    async with asyncio.timeout(TIMEOUT):
        while len(world.twilio.calls) == calls:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    os.kill(world.stack.status()["channel"]["pid"], signal.SIGKILL)
    await world.gets(lambda texts: bool(texts), customer)
    open = {"DELIVERY_STATE_QUEUED", "DELIVERY_STATE_SENDING", "DELIVERY_STATE_UNKNOWN"}
    await world.delivered(lambda found: bool(found) and not any(each["state"] in open for each in found))
    world.twilio.says(customer, "And to Norway?")
    texts = await world.gets(lambda texts: len(texts) > 1, customer)
    assert len(texts) == len(set(texts)) == 2


async def test_webhooks_missed_while_postgres_was_unavailable_are_fetched(world: World) -> None:
    customer = "+4915100000002"
    world.stack.stop("postgres")
    world.twilio.says(customer, QUESTION)
    await world.twilio.quiet()
    outcomes = next(outcomes for form, outcomes in reversed(world.twilio.webhooks) if form.get("Body") == QUESTION)
    assert set(outcomes) == {503}, "no unstored webhook was acknowledged"
    world.stack.start("postgres")
    texts = await world.gets(lambda texts: bool(texts), customer)
    assert ANSWER in texts[0]
    await asyncio.sleep(5)  # two more looks at Twilio's list
    assert len(world.texts(customer)) == 1
