"""How often a customer may write and show that they type: over all replicas, and while Redis is unavailable."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

import grpc
import jwt
import pytest
from frontdesk.channel import v1 as pb
from google.rpc import error_details_pb2, status_pb2
from pydantic import SecretStr

from kit import service
from services.channel.main import build
from services.channel.settings import Settings

from .conftest import World, bearer, fails
from .test_chat import read, send, start

if TYPE_CHECKING:
    from stack.testing import TestStores
    from tests.support.serving import Keys

    from .conftest import Core

SECRET = "0123456789abcdef0123456789abcdef"
NOBODY = "redis://127.0.0.1:1/0"


@asynccontextmanager
async def replicas(count: int, settings: Settings, keys: Keys, core: Core) -> AsyncIterator[list[World]]:
    """So many channel processes over the same stores."""
    async with AsyncExitStack() as stack:
        worlds = []
        for _ in range(count):
            running = await stack.enter_async_context(service.serve(settings, build))
            options = [("grpc.use_local_subchannel_pool", 1)]
            url = f"127.0.0.1:{running.port}"
            channel = await stack.enter_async_context(grpc.aio.insecure_channel(url, options=options))
            worlds.append(World(core, keys, channel, running.service.draining))
        yield worlds


@pytest.fixture
def settings(stores: TestStores, postgres_url: str, keys: Keys, fake_core: Core) -> Settings:
    return Settings(
        keys_dir=keys.folder,
        postgres_url=SecretStr(postgres_url),
        redis_url=SecretStr(stores.redis_url()),
        core_url=f"127.0.0.1:{fake_core.port}",
        drain_seconds=1.0,
        messages_per_minute=6,  # 3 at once
        typing_per_minute=6,
    )


async def outcomes(sends: list[Any]) -> list[str]:
    """The result of each call: OK or the reason."""
    results = await asyncio.gather(*sends, return_exceptions=True)
    return ["OK" if not isinstance(result, BaseException) else _told(result).reason for result in results]


def _told(error: BaseException) -> error_details_pb2.ErrorInfo:
    return _detail(error, error_details_pb2.ErrorInfo)


def _detail(error: BaseException, kind: Any) -> Any:
    assert isinstance(error, grpc.aio.AioRpcError)
    metadata = dict(error.trailing_metadata() or ())
    status = status_pb2.Status.FromString(metadata["grpc-status-details-bin"])
    found = kind()
    assert any(detail.Unpack(found) for detail in status.details)
    return found


async def test_two_replicas_enforce_one_limit_together(settings: Settings, keys: Keys, fake_core: Core) -> None:
    async with replicas(2, settings, keys, fake_core) as worlds:
        await worlds[0].create_channel()
        session, other = await worlds[0].open(), await worlds[0].open()
        told = await outcomes([worlds[n % 2].send(session, f"m{n}", f"r{n}") for n in range(20)])
        assert (told.count("OK"), told.count("TOO_MANY_REQUESTS")) == (3, 17)
        assert len(fake_core.texts(session.conversation)) == 3
        assert await outcomes([worlds[1].send(other, "Hello", "r1")]) == ["OK"], "another customer has a limit of their own"


async def test_without_redis_each_process_still_limits(settings: Settings, keys: Keys, fake_core: Core) -> None:
    alone = settings.model_copy(update={"redis_url": SecretStr(NOBODY)})
    async with replicas(2, alone, keys, fake_core) as worlds:
        await worlds[0].create_channel()
        session = await worlds[0].open()
        told = await outcomes([worlds[n % 2].send(session, f"m{n}", f"r{n}") for n in range(20)])
        assert (told.count("OK"), told.count("TOO_MANY_REQUESTS")) == (6, 14)


async def test_a_refusal_says_when_to_try_again_and_a_repetition_is_never_refused(
    settings: Settings, keys: Keys, fake_core: Core
) -> None:
    async with replicas(1, settings, keys, fake_core) as (world,):
        await world.create_channel()
        session = await world.open()
        first = await world.send(session, "m0", "r0")
        await outcomes([world.send(session, f"m{n}", f"r{n}") for n in (1, 2)])
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await world.send(session, "m3", "r3")
        assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert 0 < _detail(caught.value, error_details_pb2.RetryInfo).retry_delay.seconds <= 10
        assert await world.send(session, "m0", "r0") == first
        async with fails("ALREADY_EXISTS", "REQUEST_ID_REUSED"):
            await world.send(session, "another text", "r0")


async def test_a_customer_in_several_browsers_has_a_limit_too(settings: Settings, keys: Keys, fake_core: Core) -> None:
    async with replicas(1, settings, keys, fake_core) as (world,):
        await world.create_channel(identity_secret=SECRET)
        token = jwt.encode({"sub": "u-7", "exp": 4_000_000_000}, SECRET, algorithm="HS256")
        sessions = [await world.open(identity_token=token) for _ in range(5)]
        assert len({session.customer for session in sessions}) == 1
        sends = [world.send(session, "Hello", f"r{number}") for session in sessions for number in range(3)]
        told = await outcomes(sends)
        assert (told.count("OK"), told.count("TOO_MANY_REQUESTS")) == (9, 6)


async def test_typing_and_chat_streams_are_limited(settings: Settings, keys: Keys, fake_core: Core) -> None:
    async with replicas(1, settings, keys, fake_core) as (world,):
        await world.create_channel()
        session, other = await world.open(), await world.open()
        typing = pb.SetTypingRequest(conversation=session.conversation, typing=True)
        told = await outcomes([world.web_chat.SetTyping(typing, metadata=bearer(session)) for _ in range(5)])
        assert (told.count("OK"), told.count("TOO_MANY_REQUESTS")) == (3, 2)
        async with fails("RESOURCE_EXHAUSTED", "TOO_MANY_REQUESTS"):
            async for _ in world.web_chat.Chat(iter([start(session)]), metadata=bearer(session)):
                pass
        call = world.web_chat.Chat(metadata=bearer(other))
        await call.write(start(other))
        for _ in range(9):
            await call.write(pb.ChatRequest(typing=pb.ChatTyping(typing=True)))
        for number in range(4):
            await call.write(send(f"m{number}", f"r{number}"))
        frames = [frame for frame in await read(call, 7) if not frame.HasField("event")]
        assert [frame.WhichOneof("frame") for frame in frames] == [*["accepted"] * 3, "refused"]
        refused = frames[-1].refused
        assert (refused.request_id, refused.code, refused.reason) == ("r3", 8, "TOO_MANY_REQUESTS")
        assert 0 < refused.retry_delay.seconds <= 10
        assert len(fake_core.typed) == 3 + 2, "the stream's beginning counts as a sign of typing"
        call.cancel()
