"""Facts of admin that core follows: settings, roles and revocations; while both run, and while admin is unavailable."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import grpc
import pytest
from aiohttp import web
from frontdesk.admin import v1 as admin_pb
from frontdesk.core import v1 as core_pb
from grpc_health.v1 import health_pb2, health_pb2_grpc

from kit import client, errors
from tests.rpc.feeds.conftest import Pair
from tests.support.processes import spawn

pytestmark = pytest.mark.servers
PROMISE_SECONDS = 2.0
READS = ["core.conversations.list", "core.messages.read"]


async def within(seconds: float, holds: Callable[[], Awaitable[bool]]) -> float:
    """Waits until something holds; how long that took."""
    began = time.monotonic()
    while not await holds():
        assert time.monotonic() - began < seconds
        await asyncio.sleep(0.005)
    return time.monotonic() - began


async def reason(call: Awaitable[Any]) -> str:
    """Why a call is refused; empty if it isn't."""
    try:
        await call
    except errors.FrontdeskError as error:
        return error.reason
    return ""


async def test_a_restart_while_admin_is_down_forgets_no_setting_and_accepts_no_revoked_token(pair: Pair) -> None:
    shop = await pair.admin.shop()
    await shop.add("gone", "viewer")
    await shop.add("stays", "viewer")
    gone = (await shop.login("gone")).tokens.access_token
    stays = (await shop.login("stays")).tokens.access_token
    await pair.publish(shop, "assistant", {"disabled": True})
    deactivate = admin_pb.DeactivateUserRequest(name=shop.user("gone"))
    await pair.admin.call(pair.admin.users.DeactivateUser, deactivate, shop.token("owner"))

    async def refused() -> bool:
        return await reason(pair.list_conversations(gone, shop)) == "TOKEN_REVOKED"

    await within(PROMISE_SECONDS, refused)
    await within(10, lambda: is_noted(pair))
    await pair.stop("admin")
    await pair.stop("core")
    await pair.start("core")
    assert await reason(pair.list_conversations(gone, shop)) == "TOKEN_REVOKED"
    assert await reason(pair.list_conversations(stays, shop)) == ""
    conversation = await pair.open(shop)
    await pair.say(conversation, "How long can I return a parcel?", "m1", shop)
    request = core_pb.GetConversationRequest(name=conversation.name)
    stub = core_pb.ConversationServiceStub(pair.core)
    token = pair.keys.user_token(shop.id, ["core.conversations.read"])
    found = await client.call(stub.GetConversation, request, token=token)
    assert found.state == core_pb.CONVERSATION_STATE_WAITING, "its assistant is off, which core has not forgotten"
    await within(10, lambda: _is(pair.feeds_health(), 2))
    await pair.start("admin")
    await within(10, lambda: _is(pair.feeds_health(), 1))


REVOCATION_KILLS = {
    "kit.feed.before_apply": "REVOCATIONS_UNKNOWN",
    "kit.feed.before_store": "REVOCATIONS_UNKNOWN",
    "kit.feed.after_store": "TOKEN_REVOKED",
}
"""The answer to a revoked token after a kill at each place, while admin is unavailable."""


@pytest.mark.parametrize("place", REVOCATION_KILLS)
async def test_a_process_that_is_killed_with_a_revocation_in_hand_accepts_no_revoked_token(
    pair: Pair, tmp_path: Path, place: str
) -> None:
    shop = await pair.admin.shop()
    await shop.add("gone", "viewer")
    await shop.add("stays", "viewer")
    gone = (await shop.login("gone")).tokens.access_token
    stays = (await shop.login("stays")).tokens.access_token
    deactivate = admin_pb.DeactivateUserRequest(name=shop.user("gone"))
    async with killed_core(pair, tmp_path, place):
        await pair.admin.call(pair.admin.users.DeactivateUser, deactivate, shop.token("owner"))
    await pair.stop("admin")
    await pair.start("core")
    assert await reason(pair.list_conversations(gone, shop)) == REVOCATION_KILLS[place]
    assert await reason(pair.list_conversations(stays, shop)) == "REVOCATIONS_UNKNOWN", "it may have been revoked, too"
    await pair.start("admin")

    async def known() -> bool:
        answers = [await reason(pair.list_conversations(token, shop)) for token in (gone, stays)]
        return answers == ["TOKEN_REVOKED", ""]

    await within(10, known)


async def test_a_process_that_is_killed_with_a_setting_in_hand_forgets_none(pair: Pair, tmp_path: Path) -> None:
    shop = await pair.admin.shop()
    conversation = await pair.open(shop)
    await pair.publish(shop, "assistant", {"disabled": True})
    async with killed_core(pair, tmp_path, "kit.feed.before_store"):
        await pair.publish(shop, "assistant", {"disabled": False})
    await pair.stop("admin")
    await pair.start("core")
    said = await pair.say(conversation, "How long can I return a parcel?", "m1", shop)
    assert not said.turn, "the assistant is off, by the setting that was stored last"
    await pair.start("admin")
    close = core_pb.CloseConversationRequest(name=conversation.name)
    may_close = pair.keys.user_token(shop.id, ["core.conversations.update"])
    count = 1

    async def answers() -> bool:
        nonlocal count
        count += 1
        closing = client.call(core_pb.ConversationServiceStub(pair.core).CloseConversation, close, token=may_close)
        if await reason(closing) == "REVOCATIONS_UNKNOWN":
            return False
        return bool((await pair.say(conversation, "Is it open?", f"m{count}", shop)).turn)

    await within(10, answers)


@asynccontextmanager
async def killed_core(pair: Pair, folder: Path, place: str) -> AsyncIterator[None]:
    """A core in a process of its own, in the place of the other one, which is killed at a place by what a test does within."""
    await pair.stop("core")
    (folder / "armed").write_text("")
    process = await spawn("core", pair.settings["core"], FRONTDESK_FAILPOINT=f"@{folder}")
    try:
        async with grpc.aio.insecure_channel(pair.settings["core"].listen) as channel, asyncio.timeout(60):
            health = health_pb2_grpc.HealthStub(channel)
            asked = health_pb2.HealthCheckRequest(service="")
            while (await health.Check(asked, wait_for_ready=True)).status != health_pb2.HealthCheckResponse.SERVING:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            (folder / "next").write_text(f"{place}:kill")
            (folder / "next").rename(folder / "armed")
            yield
            assert await process.wait() == -signal.SIGKILL
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def is_noted(pair: Pair) -> bool:
    """Whether core has stored that it follows its feeds."""
    connection = await asyncpg.connect(pair.settings["core"].postgres_url.get_secret_value())
    try:
        return bool(await connection.fetchval("select count(*) = 4 from feed"))
    finally:
        await connection.close()


async def _is(value: Awaitable[int], wanted: int) -> bool:
    return await value == wanted


async def test_a_core_that_never_heard_of_admin_does_not_guess(pair: Pair) -> None:
    shop = await pair.admin.shop()
    token = (await shop.login()).tokens.access_token
    await pair.stop("core")
    await pair.stop("admin")
    pair.settings["core"] = pair.settings["core"].model_copy(
        update={"admin_url": "127.0.0.1:1", "postgres_url": pair.settings["core"].postgres_url}
    )
    connection = await asyncpg.connect(pair.settings["core"].postgres_url.get_secret_value())
    await connection.execute("update feed set watched = watched - interval '1 hour'")
    await connection.close()
    await pair.start("core")
    assert await reason(pair.list_conversations(token, shop)) == "REVOCATIONS_UNKNOWN"


async def test_a_role_that_is_removed_ends_the_streams_of_its_users(pair: Pair) -> None:
    shop = await pair.admin.shop()
    conversation = await pair.open(shop)
    role = {"display_name": "Watches", "permissions": ["core.conversations.watch", *READS]}
    create = admin_pb.CreateRoleRequest(parent=shop.name, role_id="watcher", role=role)
    await pair.admin.call(pair.admin.roles.CreateRole, create, shop.token("owner"))
    await shop.add("w1", "watcher")
    token = (await shop.login("w1")).tokens.access_token
    watch = core_pb.WatchConversationRequest(name=conversation.name)
    frames = client.stream(core_pb.ConversationServiceStub(pair.core).WatchConversation, watch, token=token, timeout=20)
    assert await anext(frames)
    delete = admin_pb.DeleteRoleRequest(name=shop.role("watcher"))
    await pair.admin.call(pair.admin.roles.DeleteRole, delete, shop.token("owner"))
    began = time.monotonic()
    with pytest.raises(errors.Unauthenticated) as ended:
        await _read_on(frames)
    assert ended.value.reason == "TOKEN_REVOKED"
    assert time.monotonic() - began < PROMISE_SECONDS
    assert await reason(pair.list_conversations(token, shop)) == "TOKEN_REVOKED"


async def _read_on(frames: AsyncIterator[Any]) -> None:
    async for _ in frames:
        pass


class Model:
    """A model's provider, which keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, Any], str]] = []
        self.holds = asyncio.Event()
        """Cleared: it lets its callers wait."""
        self.holds.set()
        self.says = "Thirty days [1]."

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append((await request.json(), request.headers.get("x-key", "")))
        await self.holds.wait()
        text = f'data: {{"choices":[{{"delta":{{"content":"{self.says}"}}}}]}}\n\n'
        text += 'data: {"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":20}}\n\ndata: [DONE]\n\n'
        return web.Response(text=text, content_type="text/event-stream")


async def test_an_organization_s_own_model_is_asked_with_its_key_and_words(pair: Pair, served: tuple[int, Model]) -> None:
    port, model = served
    shop = await pair.admin.shop()
    url = f"http://127.0.0.1:{port}/v1"
    credential = {"display_name": "M", "user": "CREDENTIAL_USER_CORE", "base_url": url}
    credential["api_key"] = {"key": "sk-shop", "header": "x-key"}  # type: ignore[assignment]
    create = admin_pb.CreateCredentialRequest(parent=shop.name, credential_id="own", credential=credential)
    await pair.admin.call(pair.admin.credentials.CreateCredential, create, shop.token("owner"))
    name = f"{shop.name}/credentials/own"
    value = {"display_name": "Robin", "instructions": "Mention the sale.", "models": [{"model": "m-1", "credential": name}]}
    await pair.publish(shop, "assistant", value)
    conversation, count = await pair.open(shop), 0

    async def by_model() -> bool:
        nonlocal count
        count += 1
        await pair.say(conversation, "How long can I return a parcel?", f"m{count}", shop)
        await asyncio.sleep(0.1)
        return bool(model.asked)

    await within(5, by_model)
    body, key = model.asked[0]
    assert (body["model"], key) == ("m-1", "sk-shop")
    assert "Your name is Robin." in body["messages"][0]["content"]
    assert "Mention the sale." in body["messages"][0]["content"]

    async def answered() -> bool:
        return any(message.text == "Thirty days." for message in await pair.messages(conversation, shop))

    await within(5, answered)


async def test_our_own_ports_are_refused_even_where_the_network_is_allowed(pair: Pair) -> None:
    shop = await pair.admin.shop()
    for port in (pair.settings["admin"].listen.rpartition(":")[2],):
        credential = {"display_name": "M", "user": "CREDENTIAL_USER_CORE", "api_key": {"key": "k"}}
        credential["base_url"] = f"http://127.0.0.1:{port}/v1"
        create = admin_pb.CreateCredentialRequest(parent=shop.name, credential_id="own", credential=credential)
        with pytest.raises(errors.InvalidArgument) as refused:
            await pair.admin.call(pair.admin.credentials.CreateCredential, create, shop.token("owner"))
        assert refused.value.reason == "URL_NOT_ALLOWED"


async def test_a_change_reaches_core_within_a_second(pair: Pair) -> None:
    shop = await pair.admin.shop()
    conversation = await pair.open(shop)
    close = core_pb.CloseConversationRequest(name=conversation.name)
    may_close = pair.keys.user_token(shop.id, ["core.conversations.update"])
    took, count = [], 0
    for turn in range(6):
        off = turn % 2 == 0
        await pair.publish(shop, "assistant", {"disabled": off})
        began = time.monotonic()

        async def holds(off: bool = off) -> bool:
            nonlocal count
            count += 1
            response = await pair.say(conversation, "Is it open?", f"m{count}", shop)
            await client.call(core_pb.ConversationServiceStub(pair.core).CloseConversation, close, token=may_close)
            return bool(response.turn) != off

        await within(5, holds)
        took.append(time.monotonic() - began)
    took.sort()
    print(f"publish to effect: median {took[len(took) // 2] * 1000:.0f} ms, slowest {took[-1] * 1000:.0f} ms")
    assert took[-1] < 1.0
