"""Channel and the real core, over the wire: the contract between them holds from both sides."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import grpc
import pytest
from frontdesk.channel import v1 as pb
from frontdesk.channel.internal import v1 as internal
from frontdesk.core import v1 as core
from pydantic import SecretStr

from kit import client, errors, recounts, service
from services.channel.main import build
from services.channel.settings import Settings
from services.core.main import build as build_core
from services.core.settings import Settings as CoreSettings
from stack.ports import free_ports
from tests.support.serving import Keys

from .conftest import World, bearer
from .test_messages import until

if TYPE_CHECKING:
    from stack.testing import TestStores


@dataclass
class RealCore:
    """Core on a port of its own, that can be stopped and started."""

    settings: CoreSettings
    port: int
    running: AbstractAsyncContextManager[service.Running] | None = None

    async def start(self) -> None:
        self.running = service.serve(self.settings, build_core)
        await self.running.__aenter__()

    async def stop(self) -> None:
        if self.running is not None:
            await self.running.__aexit__(None, None, None)
            self.running = None


@dataclass
class Both:
    """Channel, core, and a customer's screen."""

    world: World
    real: RealCore
    channel: grpc.aio.Channel
    postgres_url: str
    """Channel's own."""

    def __post_init__(self) -> None:
        self.messages = core.MessageServiceStub(self.channel)
        self.conversations = core.ConversationServiceStub(self.channel)

    async def history(self, session: pb.Session) -> list[core.Message]:
        request = core.ListMessagesRequest(parent=session.conversation)
        listed: core.ListMessagesResponse = await self.messages.ListMessages(request, metadata=bearer(session))
        return [message for message in listed.messages if message.role == core.PARTICIPANT_ROLE_CUSTOMER]


@pytest.fixture
async def both(stores: TestStores, keys: Keys, tmp_path: Path) -> AsyncIterator[Both]:
    urls = stores.emptied_urls("channel", "core")
    redis = SecretStr(stores.redis_url())
    (port,) = free_ports(1)
    real = RealCore(
        CoreSettings(
            listen=f"127.0.0.1:{port}",
            keys_dir=keys.folder,
            postgres_url=SecretStr(urls["core"]),
            redis_url=redis,
            memory_url="127.0.0.1:1",
            assistant="extractive",
            drain_seconds=1.0,
        ),
        port,
    )
    await real.start()
    settings = Settings(
        keys_dir=keys.folder,
        postgres_url=SecretStr(urls["channel"]),
        redis_url=redis,
        core_url=f"127.0.0.1:{port}",
        drain_seconds=1.0,
        media_dir=tmp_path / "media",
    )
    options = [("grpc.use_local_subchannel_pool", 1)]
    async with (
        service.serve(settings, build) as running,
        grpc.aio.insecure_channel(f"127.0.0.1:{running.port}", options=options) as to_channel,
        grpc.aio.insecure_channel(f"127.0.0.1:{port}", options=options) as to_core,
    ):
        world = World(None, keys, to_channel, running.service.draining)  # type: ignore[arg-type]
        await world.create_channel()
        yield Both(world, real, to_core, urls["channel"])
    await real.stop()


async def test_a_message_is_in_the_history_once_and_on_the_screen(both: Both) -> None:
    session = await both.world.open(display_name="Somebody")
    watch = core.WatchConversationRequest(name=session.conversation, resume_token="0-0")
    seen: list[str] = []

    async def screen() -> None:
        async for frame in both.conversations.WatchConversation(watch, metadata=bearer(session)):
            seen.append(frame.message_created.text)  # noqa: PERF401  # seen while it continues

    watching = asyncio.create_task(screen())
    first = await both.world.send(session, "Where is my order?", "r1")
    again = await both.world.send(session, "Where is my order?", "r1")
    assert first == again
    assert [message.text for message in await both.history(session)] == ["Where is my order?"]
    assert (await both.history(session))[0].name == first.message.name
    await until(lambda: "Where is my order?" in seen)
    watching.cancel()
    assert seen.count("Where is my order?") == 1


async def test_what_core_reports_of_a_message_is_what_channel_reports(both: Both) -> None:
    session = await both.world.open()
    sent = (await both.world.send(session, "Hello", "r1")).message
    (told,) = await both.history(session)
    assert sent == told
    assert (await both.world.send(session, "Hello", "r1")).message == told


async def test_core_stopped_and_started_loses_doubles_and_reorders_nothing(both: Both) -> None:
    session = await both.world.open()
    await both.world.send(session, "m0", "r0")
    await both.real.stop()
    for number in range(1, 4):
        assert (await both.world.send(session, f"m{number}", f"r{number}")).state == pb.SEND_STATE_QUEUED
    await both.real.start()
    async with asyncio.timeout(60):
        while (await both.world.send(session, "m4", "r4")).state != pb.SEND_STATE_ACCEPTED:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    assert [message.text for message in await both.history(session)] == [f"m{number}" for number in range(5)]


async def test_a_closed_conversation_opens_again_with_the_next_message(both: Both) -> None:
    session = await both.world.open()
    await both.world.send(session, "Hello", "r1")
    close = core.CloseConversationRequest(name=session.conversation)
    metadata = both.world.admin("core.conversations.update")
    closed = await both.conversations.CloseConversation(close, metadata=metadata)
    assert closed.state == core.CONVERSATION_STATE_CLOSED
    assert (await both.world.send(session, "One more thing", "r2")).state == pb.SEND_STATE_ACCEPTED
    get = core.GetConversationRequest(name=session.conversation)
    opened = await both.conversations.GetConversation(get, metadata=bearer(session))
    assert opened.state != core.CONVERSATION_STATE_CLOSED


async def test_a_customer_asks_for_a_human_in_a_chat_stream(both: Both) -> None:
    session = await both.world.open()
    call: Any = both.world.web_chat.Chat(metadata=bearer(session))
    await call.write(pb.ChatRequest(start=pb.ChatStart(conversation=session.conversation, resume_token="0-0")))
    await call.write(pb.ChatRequest(send=pb.ChatSend(text="Hello", request_id="r1")))
    request = pb.RequestHumanRequest(conversation=session.conversation, reason="I want a human")
    answer = await both.world.web_chat.RequestHuman(request, metadata=bearer(session))
    assert answer.state == core.CONVERSATION_STATE_WAITING
    waiting = accepted = False
    async with asyncio.timeout(60):
        while not (waiting and accepted):
            frame = await call.read()
            accepted = accepted or frame.HasField("accepted")
            updated = frame.event.conversation_updated
            waiting = waiting or updated.state == core.CONVERSATION_STATE_WAITING
    call.cancel()


async def outcome(call: Any) -> str:
    """OK, or the reason why a call or the first frame of a stream was refused."""
    try:
        await (call.read() if hasattr(call, "read") else call)
    except grpc.aio.AioRpcError as error:
        told: errors.FrontdeskError = client.from_status(error)
        return told.reason
    return "OK"


async def test_another_customers_conversation_is_closed_to_a_valid_token_everywhere(both: Both) -> None:
    session, other = await both.world.open(), await both.world.open()
    message = (await both.world.send(session, "Hello", "r1")).message

    def calls(name: str, who: pb.Session) -> dict[str, Any]:
        metadata, web_chat = bearer(who), both.world.web_chat
        said = pb.SendMessageRequest(conversation=name, text="Hello?", request_id="r9")
        chat = web_chat.Chat(
            iter([pb.ChatRequest(start=pb.ChatStart(conversation=name, resume_token="0-0"))]), metadata=metadata
        )
        watch = core.WatchConversationRequest(name=name, resume_token="0-0")
        file = pb.CreateMediaRequest(
            parent="organizations/acme", conversation=name, file_name="a.png", size_bytes=9, request_id="r1"
        )
        return {
            "get": both.conversations.GetConversation(core.GetConversationRequest(name=name), metadata=metadata),
            "list": both.messages.ListMessages(core.ListMessagesRequest(parent=name), metadata=metadata),
            "message": both.messages.GetMessage(core.GetMessageRequest(name=message.name), metadata=metadata),
            "watch": both.conversations.WatchConversation(watch, metadata=metadata),
            "send": web_chat.SendMessage(said, metadata=metadata),
            "chat": chat,
            "typing": web_chat.SetTyping(pb.SetTypingRequest(conversation=name, typing=True), metadata=metadata),
            "human": web_chat.RequestHuman(pb.RequestHumanRequest(conversation=name), metadata=metadata),
            "media": both.world.media.CreateMedia(file, metadata=metadata),
        }

    for name in (session.conversation, f"{session.conversation}x"):
        refused = {what: await outcome(call) for what, call in calls(name, other).items()}
        not_found, mismatch = "CONVERSATION_NOT_FOUND", "CONVERSATION_MISMATCH"
        assert refused == {
            **dict.fromkeys(("get", "list", "message", "watch"), not_found),
            **dict.fromkeys(("send", "chat", "typing", "human", "media"), mismatch),
        }
    allowed = {what: await outcome(call) for what, call in calls(session.conversation, session).items()}
    assert set(allowed.values()) == {"OK"}, allowed
    assert [said.text for said in await both.history(session)] == ["Hello", "Hello?"]


async def test_what_was_brought_over_is_what_core_says_until_a_row_is_tampered_with(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recounts, "PAUSE_SECONDS", 0.3)
    stub, token = internal.VerificationServiceStub(both.world.channel), both.world.keys.service_token("stack")

    async def verify(full: bool = False) -> list[internal.VerifyStoresResponse]:
        asked = internal.VerifyStoresRequest(full=full)
        return [each async for each in client.stream(stub.VerifyStores, asked, token=token)]

    session = await both.world.open()
    first, _ = [(await both.world.send(session, "Hello", f"r{n}")).message for n in range(2)]
    (result,) = await verify()
    assert (result.store, result.counted, result.different) == ("received messages", 2, 0)
    channel = await asyncpg.connect(both.postgres_url)
    await channel.execute("update verification set moment = moment + interval '1 hour'")
    (result,) = await verify()
    assert (result.counted, result.different) == (0, 0), "what was compared is not read again"
    (result,) = await verify(full=True)
    assert (result.counted, result.different) == (2, 0)
    await channel.execute("update inbound set message = 'forged' where message = $1", first.name.rpartition("/")[2])
    await channel.close()
    (result,) = await verify()
    assert list(result.differences) == [
        f"message acme/{first.name.rpartition('/')[2]} is at core alone",
        "message acme/forged was forwarded to core, which does not know it",
    ]


async def listed(both: Both, session: pb.Session) -> list[str]:
    """The customer's conversations on the channel, the one that changed last first."""
    request = core.ListConversationsRequest(parent="organizations/acme", channel="organizations/acme/channels/web")
    found = await both.conversations.ListConversations(request, metadata=bearer(session))
    return [conversation.name for conversation in found.conversations]


async def another(both: Both, session: pb.Session, request_id: str) -> str:
    request = pb.CreateConversationRequest(parent="organizations/acme/channels/web", request_id=request_id)
    return str((await both.world.web_chat.CreateConversation(request, metadata=bearer(session))).conversation)


async def say(both: Both, session: pb.Session, conversation: str, text: str) -> str:
    request = pb.SendMessageRequest(conversation=conversation, text=text, request_id=text.replace(" ", "-").strip("?"))
    return await outcome(both.world.web_chat.SendMessage(request, metadata=bearer(session)))


async def test_a_customer_sees_their_own_conversations_open_and_closed(both: Both) -> None:
    session, stranger = await both.world.open(), await both.world.open()
    second = await another(both, session, "r1")
    assert await say(both, session, second, "In the second") == "OK"
    assert await say(both, session, session.conversation, "In the first") == "OK"
    close = core.CloseConversationRequest(name=second)
    await both.conversations.CloseConversation(close, metadata=both.world.admin("core.conversations.update"))
    assert await listed(both, session) == [second, session.conversation]
    assert await listed(both, stranger) == [stranger.conversation]
    assert [said.text for said in await both.history(session)] == ["In the first"]
    assert await say(both, stranger, second, "Not mine") == "CONVERSATION_MISMATCH"
    assert await say(both, session, second, "Open again") == "OK"


async def refreshed(both: Both, session: pb.Session) -> pb.Session:
    again: pb.Session = await both.world.web_chat.RefreshSession(
        pb.RefreshSessionRequest(name=session.name, secret=session.secret)
    )
    return again


async def test_a_merge_and_a_split_move_a_session_with_its_customer_within_two_seconds(both: Both) -> None:
    """As a signed customer is recognised in an anonymous browser, and that turns out to be wrong."""
    known, browser = await both.world.open(), await both.world.open()
    assert await say(both, known, known.conversation, "A secret") == "OK"
    assert await say(both, browser, browser.conversation, "Hello") == "OK"
    customers = core.CustomerServiceStub(both.channel)
    metadata = both.world.admin("core.customers.merge")

    async def revoked(session: pb.Session) -> None:
        """Waits until a token is refused, which may take two seconds."""
        async with asyncio.timeout(2):
            typing = pb.SetTypingRequest(conversation=session.conversation, typing=True)
            while await outcome(both.world.web_chat.SetTyping(typing, metadata=bearer(session))) != "TOKEN_REVOKED":  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    merge = core.MergeCustomerRequest(name=known.customer, duplicate=browser.customer)
    await customers.MergeCustomer(merge, metadata=metadata)
    await revoked(browser)
    merged = await refreshed(both, browser)
    assert merged.customer == known.customer
    assert set(await listed(both, merged)) == {known.conversation, browser.conversation}
    assert await say(both, merged, browser.conversation, "Still here") == "OK"
    assert await say(both, merged, known.conversation, "And there") == "OK"

    split = core.SplitCustomerRequest(name=known.customer, duplicate=browser.customer)
    await customers.SplitCustomer(split, metadata=metadata)
    await revoked(merged)
    apart = await refreshed(both, merged)
    assert apart.customer == browser.customer
    assert await listed(both, apart) == [browser.conversation]
    assert await say(both, apart, known.conversation, "Not mine any more") == "CONVERSATION_MISMATCH"
    read = core.ListMessagesRequest(parent=known.conversation)
    assert await outcome(both.messages.ListMessages(read, metadata=bearer(apart))) == "CONVERSATION_NOT_FOUND"
    assert await say(both, apart, browser.conversation, "Mine") == "OK"
    again = await refreshed(both, known)
    assert (again.customer, await listed(both, again)) == (known.customer, [known.conversation])


async def test_an_erased_customers_session_loses_access_at_once(both: Both) -> None:
    session = await both.world.open()
    assert await say(both, session, session.conversation, "Hello") == "OK"
    customers = core.CustomerServiceStub(both.channel)
    delete = core.DeleteCustomerRequest(name=session.customer)
    await customers.DeleteCustomer(delete, metadata=both.world.admin("core.customers.delete"))
    read = core.GetConversationRequest(name=session.conversation)
    assert await outcome(both.conversations.GetConversation(read, metadata=bearer(session))) != "OK"
    async with asyncio.timeout(2):
        while await say(both, session, session.conversation, "Am I here?") != "TOKEN_REVOKED":  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    refresh = pb.RefreshSessionRequest(name=session.name, secret=session.secret)
    assert await outcome(both.world.web_chat.RefreshSession(refresh)) == "SESSION_EXPIRED"
    fresh = await both.world.open()
    assert fresh.customer != session.customer
