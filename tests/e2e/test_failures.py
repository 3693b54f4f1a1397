"""Customers' screens while a part of the running stack is unavailable, and their messages, of which none is lost.

A stack of its own, since these tests stop, flush and kill. Its assistant uses a model that the tests control.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import pytest
import redis.asyncio
from frontdesk.channel import v1 as channel_pb
from frontdesk.core import v1 as core_pb

from kit import errors
from stack import control
from stack.testing_stack import TestStack
from tests.e2e.clients import ORGANIZATION, Agent, Customer, Gateway, summary
from tests.e2e.model import ECHO, Model, Mood, running_model

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

T = TypeVar("T")
BACK_WITHIN = 30.0
BLOCKED_WITHIN = 10.0
LEASE_SECONDS = 3
CUSTOMER = core_pb.PARTICIPANT_ROLE_CUSTOMER
ASSISTANT = core_pb.PARTICIPANT_ROLE_ASSISTANT
QUEUED, ACCEPTED = channel_pb.SEND_STATE_QUEUED, channel_pb.SEND_STATE_ACCEPTED


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    with running_model() as running:
        yield running


@pytest.fixture(scope="module")
def stack(model: Model) -> Iterator[TestStack]:
    stack = TestStack(
        {
            "FRONTDESK_OPENAI_BASE_URL": model.url,
            "FRONTDESK_OPENAI_JUDGE_SECONDS": "0",
            "FRONTDESK_OPENAI_SUMMARY_SECONDS": "0",
            "FRONTDESK_OPENAI_QUERY_SECONDS": "0",
            "FRONTDESK_LEASE_SECONDS": str(LEASE_SECONDS),
            "FRONTDESK_RATE_UNPROVEN_BURST": "1000",
        }
    )
    yield stack.wait()
    stack.close()


@pytest.fixture
async def gateway(stack: TestStack) -> AsyncIterator[Gateway]:
    async with Gateway.connect(stack.gateway) as connected:
        yield connected


@asynccontextmanager
async def away(stack: TestStack, *names: str) -> AsyncIterator[None]:
    """Programs that are stopped meanwhile."""
    for name in names:
        await control.ask(stack.home, "stop", name)
    try:
        yield
    finally:
        for name in names:
            await control.ask(stack.home, "start", name)


async def repeated(call: Callable[[], Awaitable[T]], patience: float = BACK_WITHIN) -> T:
    """The result of a call once all its dependencies are available."""
    until = time.monotonic() + patience
    while True:
        try:
            return await call()
        except errors.Unavailable:
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.2)


@dataclass
class Chat:
    """A customer who remembers what was promised to them."""

    customer: Customer
    promised: list[str]

    @classmethod
    async def begin(cls, gateway: Gateway) -> Chat:
        """A chat that works."""
        chat = cls(await Customer.open(gateway), [])
        await chat.say()
        await chat.customer.answered(chat.promised[-1])
        return chat

    async def say(self, patience: float = BACK_WITHIN) -> int:
        """Sends a new message as clients do, with one id until it is acknowledged; returns the outcome."""
        text, id = f"where is parcel {uuid.uuid4().hex[:12]} now", uuid.uuid4().hex
        state = (await repeated(lambda: self.customer.send(text, id), patience)).state
        self.promised.append(text)
        return state

    async def is_whole(self) -> list[core_pb.Message]:
        """Everything promised is in the history once, in order, and has been answered."""

        def whole(said: list[core_pb.Message]) -> bool:
            return [m.text for m in said if m.role == CUSTOMER] == self.promised and bool(said) and said[-1].role == ASSISTANT

        said = await self.customer.history_where(whole, BACK_WITHIN)
        assert [m.seq for m in said] == list(range(1, len(said) + 1))
        turns = [m.turn for m in said if m.turn and m.role == ASSISTANT]
        assert len(turns) == len(set(turns)), summary(said)
        return said


async def test_without_core_customers_messages_are_queued(stack: TestStack, gateway: Gateway) -> None:
    chats = [await Chat.begin(gateway) for _ in range(3)]
    async with away(stack, "core"):
        for chat in chats:
            assert [await chat.say(), await chat.say()] == [QUEUED, QUEUED]
        text = chats[0].promised[-1]
        body = {"text": "via rest", "requestId": "rest"}
        by_rest = await gateway.rest("POST", f"{chats[0].customer.conversation}:send", chats[0].customer.token, body)
        assert (by_rest.status, by_rest.body["state"], by_rest.body["message"]["text"]) == (
            200,
            "SEND_STATE_QUEUED",
            "via rest",
        )
        chats[0].promised.append("via rest")
        assert text in chats[0].promised
        history = await gateway.rest("GET", f"{chats[0].customer.conversation}/messages", chats[0].customer.token)
        assert history.status == 503
        assert history.reason
    for chat in chats:
        await chat.is_whole()


async def test_without_channel_sends_fail_and_the_watch_continues(stack: TestStack, gateway: Gateway) -> None:
    chat = await Chat.begin(gateway)
    async with chat.customer.watching():
        async with away(stack, "channel"):
            with pytest.raises(errors.Unavailable):
                await chat.say(patience=0)
            body = {"text": "hello", "requestId": "r1"}
            by_rest = await gateway.rest("POST", f"{chat.customer.conversation}:send", chat.customer.token, body)
            assert (by_rest.status, bool(by_rest.reason)) == (503, True)
            assert len(await chat.customer.history()) == 2
        assert await chat.say() == ACCEPTED
        await chat.customer.hears_message(ASSISTANT, after=3)
    await chat.is_whole()


async def test_without_postgres_nothing_is_acknowledged(stack: TestStack, gateway: Gateway) -> None:
    chat = await Chat.begin(gateway)
    async with away(stack, "postgres"):
        with pytest.raises(errors.Unavailable) as raised:
            await chat.say(patience=0)
        assert raised.value.reason == "STORE_UNAVAILABLE"
        history = await gateway.rest("GET", f"{chat.customer.conversation}/messages", chat.customer.token)
        assert (history.status, history.reason) == (503, "STORE_UNAVAILABLE")
        opened = await gateway.rest("POST", f"{ORGANIZATION}/channels/webchat:openSession", body={})
        assert opened.status == 503
        login = {"organization": ORGANIZATION, "email": "agent@example.com", "password": "frontdesk-demo"}
        refused = await gateway.rest("POST", "auth:login", body=login)
        assert (refused.status, refused.reason) == (503, "STORE_UNAVAILABLE")
    await chat.say()
    await chat.is_whole()
    await Chat.begin(gateway)


@pytest.mark.parametrize("name", ["redis", "mongo", "chroma", "embedder", "memory", "agent", "admin"])
async def test_a_chat_works_without_its_optional_stores(stack: TestStack, gateway: Gateway, name: str) -> None:
    chat, other = await Chat.begin(gateway), await Chat.begin(gateway)
    async with chat.customer.watching():
        async with away(stack, name):
            assert await chat.say() == ACCEPTED
            assert await other.say() == ACCEPTED
            async with asyncio.timeout(5):
                newcomer = await Customer.open(gateway)
            await newcomer.send("hello, I am new")
            if name not in ("memory", "mongo"):  # without them there is no source for an answer, and the assistant says so
                await chat.is_whole()
                await newcomer.answered("hello, I am new", BACK_WITHIN)
        for each in (chat, other):
            await each.is_whole()
        assert (await newcomer.answered("hello, I am new", BACK_WITHIN)).kind in (
            core_pb.MESSAGE_KIND_ANSWER,
            core_pb.MESSAGE_KIND_HOLDING,
        )
    again = await Chat.begin(gateway)
    assert (await again.is_whole())[-1].kind == core_pb.MESSAGE_KIND_ANSWER


@pytest.mark.parametrize("name", ["redis", "mongo", "chroma", "embedder"])
async def test_a_store_that_hangs_blocks_no_caller_for_long(stack: TestStack, gateway: Gateway, name: str) -> None:
    chat = await Chat.begin(gateway)
    pid = stack.status()[name]["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        assert await chat.say() == ACCEPTED
        assert (await chat.is_whole())[-1].kind == core_pb.MESSAGE_KIND_ANSWER
        async with asyncio.timeout(BLOCKED_WITHIN):
            await Customer.open(gateway)
            await Agent.sign_in(gateway, "agent@example.com")
    finally:
        os.kill(pid, signal.SIGCONT)
    await chat.say()
    await chat.is_whole()


async def test_without_knowledge_a_customer_gets_an_honest_word_and_a_human(stack: TestStack, gateway: Gateway) -> None:
    customer = await Customer.open(gateway)
    async with customer.watching(), away(stack, "memory"):
        await customer.send("what is in your catalogue?")
        notice = await customer.answered("what is in your catalogue?", 25)
        assert notice.kind == core_pb.MESSAGE_KIND_HOLDING
        assert "team" in notice.text
        await customer.hears_state(core_pb.CONVERSATION_STATE_WAITING)
        agent = await Agent.sign_in(gateway, "agent@example.com")
        await agent.accept(await agent.waits(customer.conversation))
        await agent.reply(customer.conversation, "I am here instead.")
        await customer.hears_message(core_pb.PARTICIPANT_ROLE_AGENT, "here instead")
        await agent.resolve(customer.conversation)


async def test_a_handover_waits_for_an_unavailable_agent_service(stack: TestStack, gateway: Gateway) -> None:
    chat = await Chat.begin(gateway)
    agent = await Agent.sign_in(gateway, "agent@example.com")
    async with away(stack, "agent"):
        await chat.customer.ask_for_human()
        assert await chat.customer.state() == core_pb.CONVERSATION_STATE_WAITING
        inbox = await gateway.rest("GET", f"{ORGANIZATION}/agents/me/inbox", agent.token)
        assert (inbox.status, bool(inbox.reason)) == (503, True)
    await agent.accept(await agent.waits(chat.customer.conversation, BACK_WITHIN))
    await agent.resolve(chat.customer.conversation)


async def test_without_admin_sign_in_fails_but_signed_in_users_continue(stack: TestStack, gateway: Gateway) -> None:
    chat = await Chat.begin(gateway)
    agent = await Agent.sign_in(gateway, "agent@example.com")
    async with away(stack, "admin"):
        login = {"organization": ORGANIZATION, "email": "agent@example.com", "password": "frontdesk-demo"}
        refused = await gateway.rest("POST", "auth:login", body=login)
        assert (refused.status, bool(refused.reason)) == (503, True)
        await chat.customer.ask_for_human()
        await agent.accept(await agent.waits(chat.customer.conversation))
        await agent.reply(chat.customer.conversation, "Hello.")
        await agent.resolve(chat.customer.conversation)
    await Agent.sign_in(gateway, "agent@example.com")


async def test_flushing_redis_loses_nothing(stack: TestStack, gateway: Gateway, model: Model) -> None:
    model.gap = 0.02
    chats = [await Chat.begin(gateway) for _ in range(4)]
    url = f"redis://:{stack.home.secret('redis')}@127.0.0.1:{stack.ports.redis}/0"
    async with redis.asyncio.Redis.from_url(url) as client:
        for _ in range(5):
            await asyncio.gather(*(chat.say() for chat in chats), client.flushall())
            await asyncio.sleep(0.3)
            await client.flushall()
    model.gap = 0.002
    for chat in chats:
        await chat.is_whole()


@pytest.mark.parametrize("name", ["core", "channel", "postgres"])
async def test_a_kill_in_the_middle_of_an_answer_costs_nothing(
    stack: TestStack, gateway: Gateway, model: Model, name: str
) -> None:
    chats = [await Chat.begin(gateway) for _ in range(3)]
    watched = chats[0].customer
    model.gap = 0.03
    async with watched.watching():
        seen = len(watched.frames)
        await asyncio.gather(*(chat.say() for chat in chats))
        await watched.hears(
            lambda frame: (
                frame.WhichOneof("event") == "reply_delta" and frame in watched.frames[seen:] and frame.reply_delta.offset > 20
            )
        )
        pid = stack.status()[name]["pid"]
        os.kill(pid, signal.SIGKILL)
        killed = time.monotonic()
        model.gap = 0.002
        for chat in chats:
            said = await chat.customer.history_where(lambda so_far: len(so_far) == 4, LEASE_SECONDS + BACK_WITHIN)
            assert [m.role for m in said] == [CUSTOMER, ASSISTANT] * 2, summary(said)
            assert said[-1].text.startswith(ECHO)
            assert said[-1].text.endswith("End.")
        print(f"{name}: answered {time.monotonic() - killed:.1f} s after the kill")
        await watched.hears_message(ASSISTANT, after=3)
    for chat in chats:
        await chat.is_whole()
    assert [f.message_created.seq for f in watched.frames if f.WhichOneof("event") == "message_created"] == [1, 2, 3, 4]


@pytest.mark.parametrize("mood", [Mood.FAILS, Mood.BREAKS_OFF, Mood.HANGS_UP, Mood.SAYS_NOTHING])
async def test_a_model_that_fails_ends_in_a_notice_and_the_queue(
    stack: TestStack, gateway: Gateway, model: Model, mood: Mood
) -> None:
    chat = await Chat.begin(gateway)
    model.be(mood)
    try:
        await chat.say()
        notice = await chat.customer.answered(chat.promised[-1], 30)
        assert notice.kind == core_pb.MESSAGE_KIND_HOLDING
        assert notice.text
        assert await chat.customer.state() == core_pb.CONVERSATION_STATE_WAITING
        agent = await Agent.sign_in(gateway, "agent@example.com")
        handover = await agent.waits(chat.customer.conversation)
    finally:
        model.be(Mood.ANSWERS)
    await agent.accept(handover)
    async with away(stack, "core"):  # its breaker would refuse calls for a while
        pass
    await repeated(lambda: agent.give_back(chat.customer.conversation))
    await chat.customer.history_where(lambda said: said[-1].kind == core_pb.MESSAGE_KIND_ANSWER, BACK_WITHIN)
    await chat.say()
    assert (await chat.is_whole())[-1].kind == core_pb.MESSAGE_KIND_ANSWER


@pytest.mark.parametrize("mood", [Mood.FAILS, Mood.BREAKS_OFF])
async def test_a_model_that_recovers_answers_once(gateway: Gateway, model: Model, mood: Mood) -> None:
    chat = await Chat.begin(gateway)
    model.be(mood, recovers_after=2)
    try:
        await chat.say()
        assert (await chat.is_whole())[-1].kind == core_pb.MESSAGE_KIND_ANSWER
    finally:
        model.be(Mood.ANSWERS)


async def test_a_model_cannot_invent_a_source(gateway: Gateway, model: Model) -> None:
    chat = await Chat.begin(gateway)
    model.be(Mood.INVENTS_SOURCES)
    try:
        await chat.say()
        answer = (await chat.is_whole())[-1]
    finally:
        model.be(Mood.ANSWERS)
    assert "[99]" not in answer.text
    assert "[1]" not in answer.text
    assert len({citation.source.passage for citation in answer.citations}) <= 1


async def test_logs_hold_nothing_that_was_said_and_no_secret(stack: TestStack, gateway: Gateway) -> None:
    canary = f"canary{uuid.uuid4().hex}"
    customer = await Customer.open(gateway)
    await customer.send(f"my {canary} is broken")
    await customer.answered(f"my {canary} is broken")
    again = uuid.uuid4().hex
    await customer.send("first", again)
    with pytest.raises(errors.AlreadyExists):
        await customer.send(f"other {canary}", again)
    await gateway.rest("POST", f"{customer.conversation}:send", customer.token, {"text": canary * 200, "requestId": "r1"})
    await gateway.rest("POST", f"{customer.conversation}:send", customer.token, f'{{"text": "{canary}'.encode())
    await customer.ask_for_human()
    agent = await Agent.sign_in(gateway, "agent@example.com")
    await agent.accept(await agent.waits(customer.conversation))
    await agent.reply(customer.conversation, f"so your {canary} broke")
    await agent.resolve(customer.conversation)
    login = {"organization": ORGANIZATION, "email": "agent@example.com", "password": f"{canary}-password"}
    assert (await gateway.rest("POST", "auth:login", body=login)).status == 401
    owner = await gateway.login("owner@example.com")
    wanted = {"apiKey": {"displayName": "Key", "scopes": ["core.conversations.list"]}, "requestId": again}
    key = (await gateway.rest("POST", f"{ORGANIZATION}/apiKeys", owner, wanted)).body["secret"]
    await gateway.rest("POST", "auth:exchange", body={"apiKey": key})
    await gateway.rest("POST", "auth:exchange", body={"apiKey": f"{key}x"})
    await gateway.rest("POST", "auth:refresh", body={"refreshToken": f"{canary}-refresh-token-that-is-wrong"})
    await gateway.rest("GET", f"{customer.conversation}/messages", f"{customer.token}x")
    await asyncio.sleep(1.5)  # the gateway writes its log once a second
    secrets = {
        "a text": canary,
        "a customer's token": customer.token,
        "a session's secret": customer.session.secret,
        "an agent's token": agent.token,
        "an API key": key,
        "a token's beginning": "eyJhbGciOiJFZERTQSI",
        "a password": "frontdesk-demo",
        **{f"the secret {file.name}": file.read_text().strip() for file in stack.home.secrets.iterdir()},
    }
    logs = [*stack.home.logs.iterdir()]
    assert {"core.log", "channel.log", "agent.log", "admin.log", "memory.log", "gateway.log", "postgres.log"} <= {
        file.name for file in logs
    }
    for file in logs:
        text = file.read_text(errors="replace")
        for what, secret in secrets.items():
            lines = [line[:300] for line in text.splitlines() if secret in line]
            assert lines == [], f"{file.name} contains {what}"
