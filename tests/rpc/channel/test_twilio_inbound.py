"""Messages arrive via Twilio's webhooks or, when they fail, its message list: each message once, and only what is signed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import grpc
import pytest
from frontdesk.channel import v1 as pb
from frontdesk.core import v1 as core
from frontdesk.core.internal import v1 as internal
from google.api import httpbody_pb2
from google.protobuf.field_mask_pb2 import FieldMask

from tests.twilio.callbacks import send_json, signed

from .conftest import ORGANIZATION, World, fails
from .hooks import listening
from .test_messages import until

CHANNEL = f"{ORGANIZATION}/channels/wa"
CUSTOMER = "+4915112345678"


@pytest.fixture
async def address(world: World) -> AsyncIterator[str]:
    """The webhook's address, known to the simulator; the channel is there."""
    async with listening(world) as url:
        world.twilio.account.webhook = url
        # So it is the webhooks that bring what they bring, and not the poller.
        world.twilio.account.list_lag = timedelta(hours=1)
        await world.create_whatsapp()
        yield url


def texts(world: World) -> list[str]:
    return [message.text for said in world.core.messages.values() for message in said]


def outcomes(world: World) -> list[int | str]:
    return [tried for _, tries in world.twilio.webhooks for tried in tries]


async def stored(world: World) -> list[pb.InboundMessage]:
    request = pb.ListInboundMessagesRequest(parent=ORGANIZATION)
    metadata = world.admin("channel.inboundMessages.read")
    return list((await world.inbound_messages.ListInboundMessages(request, metadata=metadata)).inbound_messages)


async def test_a_message_reaches_core_with_who_wrote_it_and_waits_for_more(world: World, address: str) -> None:
    world.twilio.says(CUSTOMER, "Where is my order?", ProfileName="Sam")
    await until(lambda: texts(world) == ["Where is my order?"])
    (request,) = world.core.received
    assert (request.identity.kind, request.identity.value) == (core.IDENTITY_KIND_WHATSAPP_USER, CUSTOMER)
    assert request.identity.HasField("verify_time"), "the provider vouches for the number"
    assert (request.display_name, request.conversation) == ("Sam", "")
    assert request.quiet.ToTimedelta() == timedelta(seconds=1.2)
    assert (request.capabilities.files, request.capabilities.max_options) == (True, 0)
    closes = request.capabilities.window_close_time.ToDatetime(UTC)
    assert timedelta(hours=23, minutes=59) < closes - datetime.now(UTC) <= timedelta(hours=24, minutes=1)
    assert outcomes(world) == [200]
    (item,), (conversation,) = await stored(world), world.core.messages
    assert (item.sender, item.conversation) in (
        (CUSTOMER, ""),
        ("", conversation),
    )  # before and after it is noted that core has it


async def test_the_answer_is_empty_twiml(world: World, address: str) -> None:
    fields = {"MessageSid": "SM1", "From": f"whatsapp:{CUSTOMER}", "Body": "Hi"}
    headers = {"X-Twilio-Signature": signed(address, fields, world.twilio.account.token)}
    async with aiohttp.ClientSession() as http, http.post(address, data=fields, headers=headers) as response:
        assert (response.status, response.content_type) == (200, "text/xml")
        assert await response.text() == '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


async def test_what_is_sent_several_times_is_taken_once(world: World, address: str) -> None:
    world.twilio.faults.webhook_copies = 3
    for number in range(5):
        world.twilio.says(CUSTOMER, f"m{number}")
        await world.twilio.quiet()
    await until(lambda: len(texts(world)) >= 5)
    assert texts(world) == [f"m{number}" for number in range(5)]
    assert outcomes(world) == [200] * 15


@pytest.mark.parametrize("what", ["body", "signature", "token", "address"])
async def test_what_is_not_rightly_signed_is_refused_and_stored_nowhere(world: World, address: str, what: str) -> None:
    fields = {"MessageSid": "SM1", "From": f"whatsapp:{CUSTOMER}", "Body": "Hi"}
    token = "another" if what == "token" else world.twilio.account.token
    signature = signed(address + ("?x=1" if what == "address" else ""), fields, token)
    if what == "body":
        fields["Body"] = "Hello"
    headers = {} if what == "signature" else {"X-Twilio-Signature": signature}
    async with aiohttp.ClientSession() as http, http.post(address, data=fields, headers=headers) as response:
        assert response.status == 401
    body = httpbody_pb2.HttpBody(content_type="application/x-www-form-urlencoded", data=b"MessageSid=SM1")
    async with fails("UNAUTHENTICATED", "SIGNATURE_INVALID"):
        await world.webhooks.ReceiveWebhook(pb.ReceiveWebhookRequest(channel=CHANNEL, body=body))
    assert await stored(world) == []


async def test_json_is_believed_only_with_the_hash_of_its_body_in_the_signed_address(world: World, address: str) -> None:
    document = {"MessageSid": "SM1", "From": f"whatsapp:{CUSTOMER}", "Body": "Hi from JSON"}
    async with aiohttp.ClientSession() as http:
        assert await send_json(http, address, document, world.twilio.account.token) == 200
        assert await send_json(http, address, document, "another") == 401
        headers = {"X-Twilio-Signature": signed(address, {}, world.twilio.account.token)}
        async with http.post(address, json={**document, "MessageSid": "SM2"}, headers=headers) as response:
            assert response.status == 401, "without a hash the body is not covered by the signature"
    await until(lambda: texts(world) == ["Hi from JSON"])


async def test_the_address_that_was_entered_at_twilio_is_what_is_signed(world: World, address: str) -> None:
    """A proxy in front shows the service another host."""
    entered = "https://support.example/v1/organizations/acme/channels/proxied/webhooks:twilio"
    await world.create_whatsapp(f"{entered}#rc=3&rp=all", "proxied")
    here = address.replace("/wa/", "/proxied/")
    fields = {"MessageSid": "SM9", "From": f"whatsapp:{CUSTOMER}", "Body": "Through a proxy"}
    async with aiohttp.ClientSession() as http:
        for query in ("", "?delivery=d1"):
            headers = {"X-Twilio-Signature": signed(entered + query, fields, world.twilio.account.token)}
            async with http.post(here + query, data=fields, headers=headers) as response:
                assert response.status == 200
        headers = {"X-Twilio-Signature": signed(here, fields, world.twilio.account.token)}
        async with http.post(here, data=fields, headers=headers) as response:
            assert response.status == 401, "the address as it came in is not the one that is signed"
    await until(lambda: texts(world) == ["Through a proxy"])


async def test_a_request_for_a_human_in_words_is_forwarded_and_left_to_core(world: World, address: str) -> None:
    world.twilio.says(CUSTOMER, "Human, please!")
    await until(lambda: texts(world) == ["Human, please!"])
    assert not world.core.handovers


async def test_a_reaction_comes_without_text(world: World, address: str) -> None:
    world.twilio.says(CUSTOMER, "👍", timedelta(), MessageType="reaction", OriginalRepliedMessageSid="SM0")
    await until(lambda: bool(world.core.received))
    received = world.core.received[0]
    assert (received.text, list(received.content.parts)) == ("", [core.Part(reaction=core.Reaction(emoji="👍"))])


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        (
            {"NumMedia": "1", "MediaContentType0": "image/jpeg"},
            core.Part(attachment=core.Attachment(kind=core.ATTACHMENT_KIND_IMAGE, media_type="image/jpeg")),
        ),
        (
            {"NumMedia": "1", "MediaContentType0": "audio/ogg"},
            core.Part(attachment=core.Attachment(kind=core.ATTACHMENT_KIND_VOICE, media_type="audio/ogg")),
        ),
        ({"NumMedia": "1", "MediaContentType0": "text/vcard"}, core.Part(contact=core.Contact())),
        (
            {"Latitude": "52.5", "Longitude": "13.4", "Label": "Shop", "Address": "Ring 1"},
            core.Part(location=core.Location(latitude=52.5, longitude=13.4, display_name="Shop, Ring 1")),
        ),
        ({"MessageType": "reaction"}, core.Part(reaction=core.Reaction())),
        ({"MessageType": "sticker"}, core.Part(attachment=core.Attachment(kind=core.ATTACHMENT_KIND_STICKER))),
        ({"MessageType": "contacts"}, core.Part(contact=core.Contact())),
        ({"Latitude": "999", "Longitude": "east"}, core.Part(attachment=core.Attachment())),
        ({}, core.Part(attachment=core.Attachment())),
    ],
)
async def test_what_is_no_text_comes_as_a_part(world: World, address: str, fields: dict[str, str], part: core.Part) -> None:
    world.twilio.says(CUSTOMER, "", timedelta(), **fields)
    await until(lambda: bool(world.core.received))
    received = world.core.received[0]
    files = [each.attachment.media for each in received.content.parts if each.attachment.media]
    assert len(files) == int(fields.get("NumMedia", 0)), "each file has a record"
    for each in received.content.parts:
        if each.HasField("attachment"):
            each.attachment.ClearField("media")
    assert (received.text, list(received.content.parts)[:1]) == ("", [part])
    assert received.responder == internal.RESPONDER_UNSPECIFIED, "it is answered"


async def test_files_come_after_the_text_that_is_said_of_them(world: World, address: str) -> None:
    files = {"NumMedia": "2", "MediaContentType0": "image/png", "MediaContentType1": "application/pdf"}
    world.twilio.says(CUSTOMER, "Look:", timedelta(), **files)
    await until(lambda: bool(world.core.received))
    said = world.core.received[0]
    assert (said.text, [part.WhichOneof("part") for part in said.content.parts]) == ("", ["text", "attachment", "attachment"])
    assert said.content.parts[0].text == "Look:"


@pytest.mark.parametrize("count", ["²", "٢", "-1", "9" * 5000])
async def test_a_count_of_files_that_is_no_number_is_none(world: World, address: str, count: str) -> None:
    world.twilio.sends(CUSTOMER, body="Look", NumMedia=count)
    await until(lambda: texts(world) == ["Look"])


async def test_a_button_says_what_is_on_it(world: World, address: str) -> None:
    world.twilio.says(CUSTOMER, "", timedelta(), ButtonText="Yes, please", ButtonPayload="yes")
    await until(lambda: texts(world) == ["Yes, please"])


async def test_a_paused_channel_takes_nothing_and_gets_it_when_it_works_again(world: World, address: str) -> None:
    await set_state(world, pb.CHANNEL_STATE_PAUSED)
    world.twilio.says(CUSTOMER, "Anybody there?")
    await world.twilio.quiet()
    assert outcomes(world) == [400]
    assert await stored(world) == []
    world.twilio.account.list_lag = timedelta()
    await set_state(world, pb.CHANNEL_STATE_ACTIVE)
    await until(lambda: texts(world) == ["Anybody there?"])


async def set_state(world: World, state: pb.ChannelState) -> None:
    request = pb.UpdateChannelRequest(channel=pb.Channel(name=CHANNEL, state=state), update_mask=FieldMask(paths=["state"]))
    await world.channels.UpdateChannel(request, metadata=world.admin())


async def test_only_a_whatsapp_channel_takes_webhooks(world: World, address: str) -> None:
    await world.create_channel()
    for name, code, reason in (
        ("web", "FAILED_PRECONDITION", "CHANNEL_KIND_MISMATCH"),
        ("none", "NOT_FOUND", "CHANNEL_NOT_FOUND"),
    ):
        async with fails(code, reason):
            await world.webhooks.ReceiveWebhook(pb.ReceiveWebhookRequest(channel=f"{ORGANIZATION}/channels/{name}"))


async def test_a_signed_webhook_about_nothing_is_refused(world: World, address: str) -> None:
    async with aiohttp.ClientSession() as http:
        headers = {"X-Twilio-Signature": signed(address, {"Hello": "there"}, world.twilio.account.token)}
        async with http.post(address, data={"Hello": "there"}, headers=headers) as response:
            assert response.status == 400


async def test_messages_that_no_webhook_brought_are_fetched_in_their_order(world: World, address: str) -> None:
    world.twilio.account.list_lag = timedelta()
    world.twilio.faults.webhooks_lost = True
    world.twilio.says(CUSTOMER, "Long before the channel was there", age=timedelta(minutes=30))
    for number in range(3):
        world.twilio.says(CUSTOMER, f"lost {number}", age=timedelta(seconds=3 - number))
    await until(lambda: len(texts(world)) >= 3, seconds=10)
    world.twilio.faults.webhooks_lost = False
    world.twilio.says(CUSTOMER, "told")
    await until(lambda: len(texts(world)) >= 4)
    assert texts(world) == ["lost 0", "lost 1", "lost 2", "told"]


async def test_messages_are_in_order_also_when_core_was_unavailable(world: World, address: str) -> None:
    await world.core.stop()
    for number in range(4):
        world.twilio.says(CUSTOMER, f"m{number}")
        await world.twilio.quiet()
    assert outcomes(world) == [200] * 4, "stored, so acknowledged"
    await world.core.start()
    await until(lambda: len(texts(world)) >= 4, seconds=15)
    assert texts(world) == [f"m{number}" for number in range(4)]


async def test_a_webhook_may_have_four_mebibytes(world: World, address: str) -> None:
    body = httpbody_pb2.HttpBody(content_type="text/plain", data=b"x" * (4 << 20))
    async with fails("UNAUTHENTICATED", "SIGNATURE_INVALID"):
        await world.webhooks.ReceiveWebhook(pb.ReceiveWebhookRequest(channel=CHANNEL, body=body))
    body.data += b"x" * (128 << 10)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await world.webhooks.ReceiveWebhook(pb.ReceiveWebhookRequest(channel=CHANNEL, body=body))
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
