"""ChannelService, EventService, and what is not built yet."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from frontdesk.channel import v1 as pb
from frontdesk.channel.internal import v1 as internal
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from tests.rpc.lists import in_pages

from .conftest import CHANNEL, ORGANIZATION, World, bearer, fails

SECRET = "0123456789abcdef0123456789abcdef"


async def test_a_channel_is_made_read_changed_listed_and_deleted(world: World) -> None:
    created = await world.create_channel(identity_secret=SECRET)
    assert created.name == CHANNEL
    assert created.state == pb.CHANNEL_STATE_ACTIVE
    assert list(created.credentials_set) == ["web_chat.identity_secret"]
    metadata = world.admin()
    request = pb.UpdateChannelRequest(
        channel=pb.Channel(name=CHANNEL, web_chat=pb.WebChatConfig(greeting="Hello!"), etag=created.etag),
        update_mask=FieldMask(paths=["web_chat.greeting"]),
    )
    changed = await world.channels.UpdateChannel(request, metadata=metadata)
    assert changed.web_chat.greeting == "Hello!"
    assert changed.display_name == "Shop chat"
    async with fails("ABORTED", "CHANNEL_CHANGED"):
        await world.channels.UpdateChannel(request, metadata=metadata)
    found = await world.channels.GetChannel(pb.GetChannelRequest(name=CHANNEL), metadata=metadata)
    assert found == changed
    listed = await world.channels.ListChannels(pb.ListChannelsRequest(parent=ORGANIZATION), metadata=metadata)
    assert list(listed.channels) == [found]
    tested = await world.channels.TestChannel(pb.TestChannelRequest(name=CHANNEL), metadata=metadata)
    assert tested.works
    for _ in range(2):
        await world.channels.DeleteChannel(pb.DeleteChannelRequest(name=CHANNEL), metadata=metadata)
    async with fails("NOT_FOUND", "CHANNEL_NOT_FOUND"):
        await world.channels.GetChannel(pb.GetChannelRequest(name=CHANNEL), metadata=metadata)


async def test_credentials_never_come_back(world: World) -> None:
    chat = pb.Channel(
        display_name="Chat", kind=pb.CHANNEL_KIND_WEB_CHAT, web_chat=pb.WebChatConfig(identity_secret="geheim-" * 5)
    )
    twilio = pb.Channel(
        display_name="WhatsApp",
        kind=pb.CHANNEL_KIND_WHATSAPP_TWILIO,
        whatsapp_twilio=pb.TwilioWhatsAppConfig(
            account_sid="AC" + "0" * 32, phone_number="+14155238886", auth_token="geheim-3"
        ),
    )
    for number, channel in enumerate((chat, twilio)):
        request = pb.CreateChannelRequest(parent=ORGANIZATION, channel=channel, channel_id=f"x{number}")
        created = await world.channels.CreateChannel(request, metadata=world.admin())
        assert "geheim" not in str(created)
        assert len(created.credentials_set) == 1
    listed = await world.channels.ListChannels(pb.ListChannelsRequest(parent=ORGANIZATION), metadata=world.admin())
    assert "geheim" not in str(listed)
    assert len(listed.channels) == 2


async def test_a_test_of_a_twilio_channel_asks_twilio(world: World) -> None:
    request = pb.TestChannelRequest(name=(await world.create_whatsapp()).name)
    assert (await world.channels.TestChannel(request, metadata=world.admin())).works
    world.twilio.account.status = "suspended"
    suspended = await world.channels.TestChannel(request, metadata=world.admin())
    assert not suspended.works
    assert list(suspended.problems) == ["The account is suspended at Twilio: reactivate it in their console."]
    world.twilio.account.token = "another"
    (problem,) = (await world.channels.TestChannel(request, metadata=world.admin())).problems
    assert "20003: Authenticate" in problem


async def test_pages_lead_through_all_channels(world: World) -> None:
    for number in range(5):
        channel = pb.Channel(display_name="Chat", kind=pb.CHANNEL_KIND_WEB_CHAT)
        request = pb.CreateChannelRequest(parent=ORGANIZATION, channel=channel, channel_id=f"w{number}")
        await world.channels.CreateChannel(request, metadata=world.admin())
    call = partial(world.channels.ListChannels, metadata=world.admin())
    channels = await in_pages(call, pb.ListChannelsRequest(parent=ORGANIZATION))
    assert [channel.name.rpartition("/")[2] for channel in channels] == [f"w{number}" for number in range(5)]
    first = await world.channels.ListChannels(pb.ListChannelsRequest(parent=ORGANIZATION, page_size=2), metadata=world.admin())
    async with fails("INVALID_ARGUMENT", "INVALID_PAGE_TOKEN"):
        await world.channels.ListChannels(
            pb.ListChannelsRequest(parent=ORGANIZATION, kind=pb.CHANNEL_KIND_EMAIL, page_token=first.next_page_token),
            metadata=world.admin(),
        )


@pytest.mark.parametrize(
    "channel",
    [
        pb.Channel(display_name="x" * 121, kind=pb.CHANNEL_KIND_WEB_CHAT),
        pb.Channel(kind=pb.CHANNEL_KIND_WEB_CHAT),
        pb.Channel(display_name="x"),
        pb.Channel(display_name="x", kind=pb.CHANNEL_KIND_WHATSAPP_TWILIO),
        pb.Channel(display_name="x", kind=pb.CHANNEL_KIND_WHATSAPP_TWILIO, web_chat=pb.WebChatConfig()),
        pb.Channel(
            display_name="x",
            kind=pb.CHANNEL_KIND_WEB_CHAT,
            web_chat=pb.WebChatConfig(allowed_origins=["https://shop.example/path"]),
        ),
        pb.Channel(display_name="x", kind=pb.CHANNEL_KIND_WEB_CHAT, web_chat=pb.WebChatConfig(identity_secret="short")),
    ],
)
async def test_a_channel_that_cannot_be_is_refused(world: World, channel: pb.Channel) -> None:
    async with fails("INVALID_ARGUMENT"):
        request = pb.CreateChannelRequest(parent=ORGANIZATION, channel=channel)
        await world.channels.CreateChannel(request, metadata=world.admin())


async def test_another_organization_and_a_missing_permission_are_refused(world: World) -> None:
    await world.create_channel()
    request = pb.GetChannelRequest(name=CHANNEL)
    async with fails("PERMISSION_DENIED", "ORGANIZATION_MISMATCH"):
        await world.channels.GetChannel(request, metadata=world.admin(organization="other"))
    session = await world.open()
    async with fails("PERMISSION_DENIED", "PERMISSION_MISSING"):
        await world.channels.GetChannel(request, metadata=bearer(session))
    async with fails("UNAUTHENTICATED", "TOKEN_MISSING"):
        await world.channels.GetChannel(request)


async def test_facts_can_be_followed_by_other_services_alone(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    request = internal.WatchEventsRequest(shards=range(64))
    token = world.keys.service_token("admin")
    call: Any = world.events.WatchEvents(request, metadata=[("authorization", f"Bearer {token}")])
    facts = [(await call.read()).event for _ in range(2)]
    call.cancel()
    assert [fact.WhichOneof("fact") for fact in facts] == ["channel_created", "session_opened"]
    assert facts[0].envelope.subject == CHANNEL
    assert facts[1].session_opened.conversation == session.conversation
    assert [fact.envelope.position for fact in facts] == [1, 2]
    async with fails("PERMISSION_DENIED", "CALLER_NOT_ALLOWED"):
        await anext(aiter(world.events.WatchEvents(request, metadata=world.admin("*"))))


async def test_what_is_not_built_yet_says_so(world: World) -> None:
    await world.create_channel()
    mail = pb.Channel(display_name="Mail", kind=pb.CHANNEL_KIND_EMAIL, email=pb.EmailConfig(address="help@shop.example"))
    calls: list[tuple[Any, Message, list[tuple[str, str]]]] = [
        (world.webhooks.VerifyWhatsAppCloud, pb.VerifyWhatsAppCloudRequest(channel=CHANNEL), []),
        (world.channels.CreateChannel, pb.CreateChannelRequest(parent=ORGANIZATION, channel=mail), world.admin()),
    ]
    for method, request, metadata in calls:
        async with fails("UNIMPLEMENTED"):
            await method(request, metadata=metadata)
