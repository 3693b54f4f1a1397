"""The page of a web chat learns its looks and texts, and whether a human is there."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from frontdesk.agent.internal import v1 as agent
from frontdesk.channel import v1 as pb
from google.api import httpbody_pb2
from google.protobuf import field_mask_pb2

from services.channel.domain.web_chat import MAX_LOGO_BYTES
from tests.rpc.channel.conftest import CHANNEL, World, bearer, fails
from tests.support import pictures

WIDGET = f"{CHANNEL}/widget"
PNG = pictures.png()


async def widget(world: World, language: str = "") -> pb.Widget:
    """The answer to everybody, without a token."""
    found: pb.Widget = await world.web_chat.GetWidget(pb.GetWidgetRequest(name=WIDGET, language=language))
    return found


async def update(world: World, *paths: str, etag: str = "", **config: Any) -> pb.Channel:
    channel = pb.Channel(name=CHANNEL, web_chat=pb.WebChatConfig(**config), etag=etag)
    mask = field_mask_pb2.FieldMask(paths=paths)
    request = pb.UpdateChannelRequest(channel=channel, update_mask=mask)
    updated: pb.Channel = await world.channels.UpdateChannel(request, metadata=world.admin())
    return updated


async def set_logo(world: World, content: bytes, content_type: str = "image/png") -> pb.Channel:
    image = httpbody_pb2.HttpBody(content_type=content_type, data=content)
    request = pb.SetChannelLogoRequest(name=CHANNEL, image=image)
    changed: pb.Channel = await world.channels.SetChannelLogo(request, metadata=world.admin())
    return changed


async def test_everybody_sees_the_settings_of_a_chat_in_their_language_and_no_secret(world: World) -> None:
    created = await world.create_channel(
        title="Shop help",
        accent_color="#003366",
        position=pb.WIDGET_POSITION_START,
        suggestions=["Where is my parcel?"],
        languages=["en", "de"],
        texts={"de": pb.WidgetTexts(greeting="Hallo!", suggestions=["Wo ist mein Paket?"], consent_text="Wir speichern das.")},
        pre_chat_email=pb.PRE_CHAT_FIELD_OPTIONAL,
        consent_uri="https://shop.example/privacy",
        identity_secret="s" * 32,
        ratings_off=True,
    )
    assert created.web_chat.texts["de"].greeting == "Hallo!"
    found = await widget(world, "de-CH")
    assert (found.name, found.title, found.language, found.greeting) == (WIDGET, "Shop help", "de", "Hallo!")
    assert (list(found.suggestions), found.consent_text) == (["Wo ist mein Paket?"], "Wir speichern das.")
    assert (found.accent_text_color, found.dark_accent_color) == ("#ffffff", "#003366")
    assert (found.position, found.pre_chat_name) == (pb.WIDGET_POSITION_START, pb.PRE_CHAT_FIELD_OFF)
    assert (found.ratings, found.assistant_answers, found.files) == (False, True, True)
    assert "ssss" not in str(found)
    english = await widget(world)
    assert (english.language, english.greeting, english.consent_text) == ("en", "Hi!", "")
    assert (await world.open(language="de")).greeting == "Hallo!"


async def test_a_chat_that_is_not_there_or_paused_says_so(world: World) -> None:
    async with fails("NOT_FOUND", "CHANNEL_NOT_FOUND"):
        await widget(world)
    await world.create_whatsapp(id="wa")
    async with fails("FAILED_PRECONDITION", "CHANNEL_KIND_MISMATCH"):
        await world.web_chat.GetWidget(pb.GetWidgetRequest(name=WIDGET.replace("web", "wa")))
    async with fails("INVALID_ARGUMENT"):
        await world.web_chat.GetWidget(pb.GetWidgetRequest(name=CHANNEL))


async def test_settings_that_can_not_be_are_refused_and_two_admins_lose_nothing(world: World) -> None:
    created = await world.create_channel(suggestions=["One?"])
    for reason, config in (
        ("CONTRAST_TOO_LOW", {"accent_color": "#ffdd00", "accent_text_color": "#ffffff"}),
        ("ORIGIN_INVALID", {"allowed_origins": ["*"]}),
        ("INVALID_REQUEST", {"accent_color": "red"}),
        ("INVALID_REQUEST", {"greeting": "x" * 10_000}),
        ("INVALID_REQUEST", {"suggestions": ["x"] * 7}),
        ("INVALID_REQUEST", {"suggestions": ["x" * 121]}),
        ("INVALID_REQUEST", {"texts": {"de": pb.WidgetTexts(greeting="x" * 501)}}),
        ("INVALID_REQUEST", {"texts": {"<script>": pb.WidgetTexts(greeting="x")}}),
        ("INVALID_REQUEST", {"languages": ["en"] * 2}),
        ("INVALID_REQUEST", {"consent_uri": "javascript:alert(1)"}),
        ("INVALID_REQUEST", {"consent_text": "x" * 301}),
        ("INVALID_REQUEST", {"title": "x" * 61}),
        ("INVALID_REQUEST", {"allowed_origins": [f"https://s{n}.example" for n in range(51)]}),
    ):
        async with fails("INVALID_ARGUMENT", reason):
            await update(world, *(f"web_chat.{name}" for name in config), **config)
    await update(world, "web_chat.title", title="First", etag=created.etag)
    async with fails("ABORTED", "CHANNEL_CHANGED"):
        await update(world, "web_chat.title", title="Second", etag=created.etag)
    read = await world.channels.GetChannel(pb.GetChannelRequest(name=CHANNEL), metadata=world.admin())
    assert (read.web_chat.title, list(read.web_chat.suggestions)) == ("First", ["One?"])


async def test_a_logo_is_set_replaced_kept_by_updates_and_removed(world: World) -> None:
    await world.create_channel()
    first = await set_logo(world, PNG, "image/svg+xml")
    assert first.web_chat.logo_path.startswith("/v1/media/logo/acme/web/")
    again = await set_logo(world, PNG)
    assert again.etag == first.etag, "the same logo changes nothing"
    second = await set_logo(world, pictures.png(text=b"1"))
    assert second.web_chat.logo_path != first.web_chat.logo_path
    updated = await update(world, "web_chat", greeting="Hello!")
    assert updated.web_chat.logo_path == second.web_chat.logo_path
    removed = await world.channels.RemoveChannelLogo(pb.RemoveChannelLogoRequest(name=CHANNEL), metadata=world.admin())
    assert (removed.web_chat.logo_path, removed.web_chat.greeting) == ("", "Hello!")


async def test_a_logo_that_is_no_picture_or_too_large_is_refused(world: World) -> None:
    await world.create_channel()
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    for content in (svg, b"<!doctype html>", b""):
        async with fails("INVALID_ARGUMENT", "LOGO_NOT_AN_IMAGE"):
            await set_logo(world, content)
    async with fails("INVALID_ARGUMENT", "LOGO_TOO_LARGE"):
        await set_logo(world, PNG.ljust(MAX_LOGO_BYTES + 1, b"\0"))
    async with fails("RESOURCE_EXHAUSTED"):
        await set_logo(world, PNG.ljust(20 << 20, b"\0"))
    await world.create_whatsapp(id="wa")
    request = pb.SetChannelLogoRequest(name=CHANNEL.replace("web", "wa"), image=httpbody_pb2.HttpBody(data=PNG))
    async with fails("FAILED_PRECONDITION", "CHANNEL_KIND_MISMATCH"):
        await world.channels.SetChannelLogo(request, metadata=world.admin())


async def test_two_logos_at_once_leave_one_that_can_be_read(world: World) -> None:
    await world.create_channel()
    await asyncio.gather(*(set_logo(world, pictures.png(text=bytes([n]))) for n in range(4)))
    read = await world.channels.GetChannel(pb.GetChannelRequest(name=CHANNEL), metadata=world.admin())
    assert read.web_chat.logo_path


async def test_what_the_form_before_the_chat_requires_is_checked_and_an_address_is_a_claim(world: World) -> None:
    secret = "0123456789abcdef0123456789abcdef"
    required = pb.PRE_CHAT_FIELD_REQUIRED
    await world.create_channel(pre_chat_name=required, pre_chat_email=required, identity_secret=secret)
    async with fails("INVALID_ARGUMENT", "FIELD_MISSING"):
        await world.open(email="a@shop.example")
    async with fails("INVALID_ARGUMENT", "FIELD_MISSING"):
        await world.open(display_name="Somebody")
    async with fails("INVALID_ARGUMENT", "INVALID_REQUEST"):
        await world.open(display_name="Somebody", email="not an address")
    await world.open(display_name="Somebody", email="a@shop.example")
    assert world.core.claims == ["a@shop.example"]


async def test_frontdesks_own_page_may_open_sessions_whatever_is_listed(world: World) -> None:
    await world.create_channel(allowed_origins=["https://shop.example"])
    request = pb.OpenSessionRequest(channel=CHANNEL)
    called_by = ("x-forwarded-host", "chat.frontdesk.example:8443")
    own = [("origin", "https://chat.frontdesk.example:8443"), called_by]
    await world.web_chat.OpenSession(request, metadata=own)
    for origin in ("https://frontdesk.example", "https://chat.frontdesk.example", "file://chat.frontdesk.example:8443", "null"):
        async with fails("PERMISSION_DENIED", "ORIGIN_NOT_ALLOWED"):
            await world.web_chat.OpenSession(request, metadata=[("origin", origin), called_by])


async def test_a_waiting_customer_sees_their_place_and_a_thousand_ask_agent_once(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    since = datetime.now(UTC) - timedelta(minutes=2)
    line = agent.GetAvailabilityResponse.Line(usual_wait=timedelta(minutes=4))
    line.entries.add(conversation="other", create_time=since - timedelta(minutes=1))
    line.entries.add(conversation=session.conversation.rpartition("/")[2], create_time=since)
    world.office.response = agent.GetAvailabilityResponse(agents_online=2, lines=[line])
    ask = pb.GetHumanAvailabilityRequest(conversation=session.conversation)
    told = await world.web_chat.GetHumanAvailability(ask, metadata=bearer(session))
    assert (told.agents_online, told.open, told.place) == (pb.AGENTS_ONLINE_FEW, True, 2)
    assert (told.usual_wait.seconds, told.HasField("next_open_time")) == (240, False)
    assert 120 <= told.waited.seconds <= 125
    began = time.monotonic()
    await asyncio.gather(*(widget(world) for _ in range(1000)))
    assert world.office.asked <= 2 + (time.monotonic() - began) / 3, "once in three seconds"
    stranger = await world.open()
    async with fails("PERMISSION_DENIED", "CONVERSATION_MISMATCH"):
        await world.web_chat.GetHumanAvailability(ask, metadata=bearer(stranger))
    async with fails("PERMISSION_DENIED", "NOT_A_CUSTOMER"):
        await world.web_chat.GetHumanAvailability(ask, metadata=world.admin("channel.webChat.use"))


async def test_without_the_agent_service_it_is_not_known_and_everything_else_works(world: World) -> None:
    await world.create_channel()
    world.office.fails = True
    told = (await widget(world)).availability
    assert (told.agents_online, told.open, told.place) == (pb.AGENTS_ONLINE_UNSPECIFIED, True, 0)
    assert not told.HasField("usual_wait")


async def test_a_customer_leaves_the_line_unless_only_humans_answer(world: World) -> None:
    await world.create_channel()
    session = await world.open()
    leave = pb.LeaveQueueRequest(conversation=session.conversation)
    left = await world.web_chat.LeaveQueue(leave, metadata=bearer(session))
    assert left.state == 1
    assert world.core.left == [session.conversation]
    off = pb.UpdateChannelRequest(
        channel=pb.Channel(name=CHANNEL, assistant_off=True), update_mask=field_mask_pb2.FieldMask(paths=["assistant_off"])
    )
    await world.channels.UpdateChannel(off, metadata=world.admin())
    for _ in range(40):  # a change shows within two seconds
        if not (await widget(world)).assistant_answers:
            break
        await asyncio.sleep(0.1)
    async with fails("FAILED_PRECONDITION", "ASSISTANT_OFF"):
        await world.web_chat.LeaveQueue(leave, metadata=bearer(session))


async def test_a_customer_who_leaves_the_line_over_and_over_must_wait(world: World) -> None:
    await world.create_channel()
    session, other = await world.open(), await world.open()
    leave = pb.LeaveQueueRequest(conversation=session.conversation)
    for _ in range(6):
        await world.web_chat.LeaveQueue(leave, metadata=bearer(session))
    async with fails("RESOURCE_EXHAUSTED", "TOO_MANY_REQUESTS"):
        await world.web_chat.LeaveQueue(leave, metadata=bearer(session))
    assert len(world.core.left) == 6, "the conversation keeps its hands"
    await world.web_chat.LeaveQueue(pb.LeaveQueueRequest(conversation=other.conversation), metadata=bearer(other))
