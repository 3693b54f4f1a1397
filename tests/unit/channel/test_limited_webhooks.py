"""Messages by a provider are always stored; over their sender's limit they start nothing."""

from __future__ import annotations

from dataclasses import replace

from services.channel.domain.channels import ChannelId, Draft, Kind, TwilioWhatsAppConfig
from services.channel.domain.inbound import AddressKind, Responder, Sender
from services.channel.domain.limits import CustomerRates
from services.channel.domain.providers import Received

from .conftest import ORGANIZATION, World


async def test_over_the_limit_a_providers_message_is_stored_and_starts_nothing(world: World) -> None:
    draft = Draft(Kind.WHATSAPP_TWILIO, "WhatsApp", None, TwilioWhatsAppConfig("AC" + "0" * 32, "+4930123456"))
    channel = await world.channel_app.create(ORGANIZATION, ChannelId("wa"), draft, "")
    slow = replace(world.webhooks, rates=CustomerRates.per_minute(messages=1, typing=1))  # a customer: 3 at once

    async def bring(source: str, text: str, address: str = "+49151") -> None:
        await slow._take_in(channel, Received(source, Sender(AddressKind.WHATSAPP, address), text))

    for number in range(5):
        await bring(f"m{number}", "Hello")
        await bring(f"m{number}", "Hello")  # the poller finds it again: that does not count
    await bring("n0", "Hello", "+49152")
    await bring("n1", "\u200b", "+49152")
    stored = reversed(await world.messages.list(ORGANIZATION, None, None, 100))
    nobody, assistant = Responder.NOBODY, Responder.ASSISTANT
    assert [item.arrival.responder for item in stored] == [assistant] * 3 + [nobody] * 2 + [assistant, nobody]
