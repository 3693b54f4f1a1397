"""A customer reads and rates a conversation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from frontdesk.channel import v1 as pb
from pydantic import SecretStr

from kit import postgres
from tests.rpc.channel.conftest import CHANNEL, World, bearer, fails


async def test_a_customer_marks_what_was_read_and_channel_keeps_the_furthest(world: World, postgres_url: str) -> None:
    await world.create_channel()
    session = await world.open()
    further = pb.MarkReadRequest(conversation=session.conversation, seq=3)
    await world.web_chat.MarkRead(further, metadata=bearer(session))
    request = pb.MarkReadRequest(conversation=session.conversation, seq=2)
    await world.web_chat.MarkRead(request, metadata=bearer(session))
    assert world.core.read == [(session.conversation, 3), (session.conversation, 2)]
    async with postgres.open_pool(SecretStr(postgres_url)) as pool:
        assert await pool.fetchval("select read_seq from channel.web_conversation") == 3
    stranger = await world.open()
    async with fails("PERMISSION_DENIED", "CONVERSATION_MISMATCH"):
        await world.web_chat.MarkRead(request, metadata=bearer(stranger))
    async with fails("PERMISSION_DENIED", "NOT_A_CUSTOMER"):
        await world.web_chat.MarkRead(request, metadata=world.admin("channel.webChat.use"))
    async with fails("INVALID_ARGUMENT"):
        await world.web_chat.MarkRead(pb.MarkReadRequest(conversation=session.conversation), metadata=bearer(session))
    await world.core.stop()
    async with fails("UNAVAILABLE"):
        await world.web_chat.MarkRead(request, metadata=bearer(session))


async def test_a_chat_stream_marks_what_was_read(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    done = asyncio.Event()

    async def frames() -> AsyncIterator[pb.ChatRequest]:
        yield pb.ChatRequest(start=pb.ChatStart(conversation=session.conversation))
        yield pb.ChatRequest(read=pb.ChatRead(seq=7))
        await done.wait()

    stream = world.web_chat.Chat(frames(), metadata=bearer(session))
    reading = asyncio.create_task(stream.read())
    async with asyncio.timeout(5), world.core.changed:
        await world.core.changed.wait_for(lambda: bool(world.core.read))
    assert world.core.read == [(session.conversation, 7)]
    done.set()
    stream.cancel()
    await asyncio.gather(reading, return_exceptions=True)


async def test_a_rating_is_passed_on_where_the_channel_asks_for_one(world: World) -> None:
    await world.create_channel()
    session = await world.open()

    async def rate(score: int, comment: str = "") -> None:
        request = pb.RateConversationRequest(conversation=session.conversation, score=score, comment=comment)
        await world.web_chat.RateConversation(request, metadata=bearer(session))

    await rate(5, " Quick help! ")
    assert world.core.ratings == [(session.conversation, 5, "Quick help!")]
    for score, comment in ((0, ""), (6, ""), (3, "x" * 2001), (3, "a\x00")):
        async with fails("INVALID_ARGUMENT", "INVALID_REQUEST"):
            await rate(score, comment)


async def test_a_channel_may_ask_for_no_ratings(world: World) -> None:
    await world.create_channel(ratings_off=True)
    session = await world.open()
    request = pb.RateConversationRequest(conversation=session.conversation, score=1)
    async with fails("FAILED_PRECONDITION", "RATINGS_OFF"):
        await world.web_chat.RateConversation(request, metadata=bearer(session))
    assert (await world.web_chat.GetWidget(pb.GetWidgetRequest(name=f"{CHANNEL}/widget"))).ratings is False


async def test_reading_and_rating_count_as_other_signs_of_a_customer_do(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    request = pb.MarkReadRequest(conversation=session.conversation, seq=1)
    async with fails("RESOURCE_EXHAUSTED", "TOO_MANY_REQUESTS"):
        for _ in range(40):
            await world.web_chat.MarkRead(request, metadata=bearer(session))
