"""OpenSession and RefreshSession."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jwt
import pytest
from frontdesk.channel import v1 as pb
from google.protobuf.field_mask_pb2 import FieldMask

from kit.caller import Verifier

from .conftest import CHANNEL, ORGANIZATION, World, bearer, fails

if TYPE_CHECKING:
    from stack.testing import TestStores

SECRET = "0123456789abcdef0123456789abcdef"


async def test_a_session_is_a_token_for_its_customer(world: World) -> None:
    await world.create_channel()
    session = await world.open(display_name="Somebody", language="en")
    assert session.greeting == "Hi!"
    assert session.channel_display_name == "Shop chat"
    who = Verifier.load(world.keys.folder).verify(session.token)
    assert session.name == f"{ORGANIZATION}/channels/web/sessions/{who.session.partition('/')[2]}"
    assert who.session.startswith("web/")
    assert session.customer.endswith(f"/{who.id}")
    assert (who.organization, who.display_name) == ("acme", "Somebody")
    assert who.permissions == {
        "channel.media.create",
        "channel.media.read",
        "channel.webChat.use",
        "core.conversations.list",
        "core.conversations.read",
        "core.conversations.watch",
        "core.messages.read",
    }
    assert session.token_expire_time.seconds == pytest.approx(who.expires, abs=2)


async def test_a_reloaded_page_comes_back(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    again = await world.web_chat.RefreshSession(pb.RefreshSessionRequest(name=session.name, secret=session.secret))
    assert (again.name, again.conversation) == (session.name, session.conversation)
    assert again.secret != session.secret
    async with fails("UNAUTHENTICATED", "SESSION_SECRET_INVALID"):
        await world.web_chat.RefreshSession(pb.RefreshSessionRequest(name=session.name, secret="x" * 43))
    async with fails("UNAUTHENTICATED", "SESSION_EXPIRED"):
        await world.web_chat.RefreshSession(pb.RefreshSessionRequest(name=session.name + "x", secret=session.secret))


async def test_a_session_ends_with_its_channel(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    await world.channels.DeleteChannel(pb.DeleteChannelRequest(name=CHANNEL), metadata=world.admin())
    async with fails("UNAUTHENTICATED", "SESSION_EXPIRED"):
        await world.web_chat.RefreshSession(pb.RefreshSessionRequest(name=session.name, secret=session.secret))


async def test_missing_and_paused_channels_open_nothing(world: World) -> None:
    async with fails("NOT_FOUND", "CHANNEL_NOT_FOUND"):
        await world.open()
    await world.create_channel()
    paused = pb.Channel(name=CHANNEL, state=pb.CHANNEL_STATE_PAUSED)
    await world.channels.UpdateChannel(
        pb.UpdateChannelRequest(channel=paused, update_mask=FieldMask(paths=["state"])), metadata=world.admin()
    )
    async with fails("FAILED_PRECONDITION", "CHANNEL_PAUSED"):
        await world.open()


async def test_the_page_s_origin_is_checked(world: World) -> None:
    await world.create_channel(allowed_origins=["https://shop.example"])
    request = pb.OpenSessionRequest(channel=CHANNEL)
    await world.web_chat.OpenSession(request, metadata=[("origin", "https://shop.example")])
    async with fails("PERMISSION_DENIED", "ORIGIN_NOT_ALLOWED"):
        await world.web_chat.OpenSession(request, metadata=[("origin", "https://evil.example")])


async def test_the_business_says_who_its_customer_is(world: World) -> None:
    await world.create_channel(identity_secret=SECRET, identity_required=True)
    token = jwt.encode({"sub": "u-7", "exp": 4_000_000_000}, SECRET, algorithm="HS256")
    async with fails("NOT_FOUND", "NOT_FOUND"):
        await world.open(identity_token=token, returning=True)
    one, two = await world.open(identity_token=token), await world.open(identity_token=token)
    assert one.conversation == two.conversation
    assert (await world.open(identity_token=token, returning=True)).conversation == one.conversation
    async with fails("UNAUTHENTICATED", "IDENTITY_INVALID"):
        await world.open()


async def test_a_name_can_t_turn_the_text_around_it(world: World) -> None:
    await world.create_channel(identity_secret=SECRET)
    claims = {"sub": "u-7", "exp": 4_000_000_000, "name": "\u2067Sam\u2069\u202e"}
    token = jwt.encode(claims, SECRET, algorithm="HS256")
    for session in (await world.open(identity_token=token), await world.open(display_name=" Sam\u200f\u202e")):
        assert jwt.decode(session.token, options={"verify_signature": False})["name"] == "Sam"


async def test_a_customer_starts_further_conversations_on_the_channel_of_their_session_alone(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    request = pb.CreateConversationRequest(parent=CHANNEL, request_id="r1")
    first = await world.web_chat.CreateConversation(request, metadata=bearer(session))
    assert first.conversation != session.conversation
    assert await world.web_chat.CreateConversation(request, metadata=bearer(session)) == first
    said = pb.SendMessageRequest(conversation=first.conversation, text="Hello", request_id="r1")
    assert (await world.web_chat.SendMessage(said, metadata=bearer(session))).state == pb.SEND_STATE_ACCEPTED
    async with fails("NOT_FOUND", "CHANNEL_NOT_FOUND"):
        elsewhere = pb.CreateConversationRequest(parent=f"{ORGANIZATION}/channels/other", request_id="r1")
        await world.web_chat.CreateConversation(elsewhere, metadata=bearer(session))
    async with fails("PERMISSION_DENIED", "NOT_A_CUSTOMER"):
        await world.web_chat.CreateConversation(request, metadata=world.admin("channel.webChat.use"))
    await world.core.stop()
    async with fails("UNAVAILABLE"):
        another = pb.CreateConversationRequest(parent=CHANNEL, request_id="r2")
        await world.web_chat.CreateConversation(another, metadata=bearer(session))
    told = await world.web_chat.SendMessage(said, metadata=bearer(session))
    assert told.message.text == "Hello", "what is known here needs no core"


async def test_an_address_that_opens_too_many_learns_when_to_come_back(world: World) -> None:
    await world.create_channel()
    request = pb.OpenSessionRequest(channel=CHANNEL)
    async with fails("RESOURCE_EXHAUSTED", "TOO_MANY_REQUESTS"):
        # The client's own value in the header is before what the proxy saw, and does not help it.
        for number in range(250):
            forwarded = f"203.0.113.{number}, 192.0.2.1"
            await world.web_chat.OpenSession(request, metadata=[("x-forwarded-for", forwarded)])
    assert len(world.core.places) >= 120
    await world.web_chat.OpenSession(request, metadata=[("x-forwarded-for", "192.0.2.2")])


async def test_without_core_no_session_opens_but_old_ones_come_back(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    await world.core.stop()
    async with fails("UNAVAILABLE"):
        await world.open()
    await world.web_chat.RefreshSession(pb.RefreshSessionRequest(name=session.name, secret=session.secret))


async def test_without_redis_sessions_open(world: World, stores: TestStores) -> None:
    await world.create_channel()
    stores.stop("redis")
    try:
        session = await world.open()
        assert (await world.send(session, "Hello", "r1")).state == pb.SEND_STATE_ACCEPTED
    finally:
        stores.start("redis")
