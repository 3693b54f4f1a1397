"""The contract of every provider, on a server of its own: Twilio's simulator; a mailbox with an opaque cursor and batches."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kit import ids
from kit.clock import utc_now
from kit.egress import EgressPolicy
from kit.ids import OrganizationId
from kit.limits import LocalLimits
from kit.outbound import Outbound
from services.channel.adapters import twilio
from services.channel.adapters.postgres.inbounds import PostgresInbounds
from services.channel.adapters.twilio.api import Api
from services.channel.adapters.twilio.config import TwilioWhatsAppConfig
from services.channel.adapters.twilio.files import Files
from services.channel.app.inbound_forwarder import InboundForwarder
from services.channel.app.webhooks import WebhookApp
from services.channel.domain import channels
from services.channel.domain.channels import Channel, ChannelId, Draft
from services.channel.domain.deliveries import Delivery, DeliveryId, DeliveryState, Outgoing, Report
from services.channel.domain.limits import CustomerRates, Rates
from services.channel.domain.providers import OutboundContent, OutcomeUnknown, Received, Refused, SignatureInvalid, Webhook
from services.channel.domain.queues import POLLS
from services.channel.domain.sessions import ConversationId
from services.channel.ports.providers import Provider
from tests import mailbox
from tests.mailbox import Mailbox
from tests.twilio import Fault, Twilio
from tests.twilio.callbacks import signed

from .delivering import Delivering

ACME = OrganizationId("acme")
CUSTOMER = "+4915112345678"
URL = "https://desk.example/webhook"


@dataclass
class Rig:
    """A provider, a channel of it, and what its other end can be asked to do."""

    provider: Provider
    channel: Channel
    receive: Callable[[str, str], str]
    accepted: Callable[[], list[str]]
    refuse: Callable[[], None]
    lose: Callable[[], None]
    webhook: Callable[[str], Webhook]


def made(provider: Provider, config: object, credentials: dict[str, str]) -> Channel:
    form = provider.form
    draft = Draft(form.kind, "Channel", None, config, credentials, prefix=form.prefix)
    return channels.create(ACME, ChannelId("wa"), draft, utc_now() - timedelta(minutes=1), form)


@pytest.fixture(params=["twilio", "mailbox"])
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    if request.param == "mailbox":
        async with Mailbox().running() as box:
            provider = mailbox.provider()

            def batch(id: str) -> Webhook:
                body, signature = box.signed({"kind": "message", "id": id, "from": CUSTOMER, "text": "Hello"})
                return Webhook("/webhook", "", {"x-signature": signature}, "application/json", body)

            yield Rig(
                provider,
                made(provider, mailbox.MailboxConfig(box.url), {"email.secret": box.secret}),
                box.receive,
                lambda: [message["text"] for message in box.sent],
                lambda: box.fails.append(400),
                lambda: box.fails.append(0),
                batch,
            )
        return
    async with Twilio().running() as simulator:
        account = simulator.account
        api = Api(simulator.url)
        provider = twilio.provider(api, Files(simulator.url, Outbound(EgressPolicy.of("127.0.0.0/8"))), utc_now)

        def form(id: str) -> Webhook:
            fields = {"MessageSid": id, "From": f"whatsapp:{CUSTOMER}", "Body": "Hello"}
            body = f"MessageSid={id}&From=whatsapp%3A%2B{CUSTOMER[1:]}&Body=Hello".encode()
            headers = {"x-twilio-signature": signed(URL, fields, account.token)}
            return Webhook("/webhook", "", headers, "application/x-www-form-urlencoded", body)

        account.receive(CUSTOMER, "so that free text is taken", 0, timedelta())
        config = TwilioWhatsAppConfig(account.sid, account.number, webhook_url=URL)
        yield Rig(
            provider,
            made(provider, config, {"whatsapp_twilio.auth_token": account.token}),
            lambda sender, text: account.receive(sender, text, 0, timedelta()).sid,
            lambda: [message.body for message in account.accepted(CUSTOMER)],
            lambda: simulator.faults.next.append(Fault.REFUSED),
            lambda: simulator.faults.next.append(Fault.ACCEPT_RESET),
            form,
        )
        await api.close()


def part(text: str) -> Delivery:
    outgoing = Outgoing(ACME, ChannelId("wa"), ConversationId("c1"), ids.new(), 1, CUSTOMER, False)
    return Delivery(DeliveryId(ids.new()), outgoing, 1, text, utc_now(), utc_now())


async def fetched(rig: Rig, cursor: bytes) -> tuple[list[str], bytes]:
    """The ids of all messages behind a cursor, and the next cursor."""
    found, more = [], True
    assert rig.provider.fetcher is not None
    while more:
        page = await rig.provider.fetcher.fetch(rig.channel, cursor)
        found += [item.source_id for item in page.items if isinstance(item, Received)]
        cursor, more = page.cursor, page.more
    return found, cursor


async def test_what_customers_write_is_fetched_in_order_and_continues_behind_the_cursor(rig: Rig) -> None:
    first = [rig.receive(CUSTOMER, f"m{n}") for n in range(5)]
    found, cursor = await fetched(rig, b"")
    assert [id for id in found if id in first] == first
    later = rig.receive(CUSTOMER, "later")
    assert later in (await fetched(rig, cursor))[0]


async def test_a_signed_webhook_is_read_and_a_forged_one_is_not(rig: Rig) -> None:
    (item,) = rig.provider.receiver.read(rig.channel, rig.webhook("x1"))
    assert isinstance(item, Received)
    assert (item.source_id, item.sender.address, item.text) == ("x1", CUSTOMER, "Hello")
    with pytest.raises(SignatureInvalid):
        rig.provider.receiver.read(rig.channel, replace(rig.webhook("x1"), body=b"MessageSid=x2"))
    with pytest.raises(SignatureInvalid):
        rig.provider.receiver.read(replace(rig.channel, credentials={}), replace(rig.webhook("x1"), headers={}))


async def test_no_part_is_longer_than_the_provider_takes(rig: Rig) -> None:
    parts = rig.provider.sender.parts(OutboundContent("word " * 1000))
    assert "".join("".join(parts).split()) == "word" * 1000
    assert max(map(len, parts)) <= rig.provider.capabilities.max_characters


async def test_a_part_is_sent_once_and_known_by_the_providers_id(rig: Rig) -> None:
    report = await rig.provider.sender.send(rig.channel, part("Hello"))
    assert report.provider_id
    assert report.state is DeliveryState.SENT
    assert rig.accepted() == ["Hello"]


async def test_a_refusal_is_certain_and_a_lost_answer_is_not(rig: Rig) -> None:
    rig.refuse()
    with pytest.raises(Refused):
        await rig.provider.sender.send(rig.channel, part("no"))
    rig.lose()
    doubted = part("perhaps")
    with pytest.raises(OutcomeUnknown):
        await rig.provider.sender.send(rig.channel, doubted)
    assert rig.accepted() == ["perhaps"]
    if rig.provider.reconciler is not None:
        (report,) = await rig.provider.reconciler.find(rig.channel, doubted)
        assert isinstance(report, Report)


async def test_batches_and_pages_of_a_real_server_are_stored_once_and_the_cursor_is_kept(pool: Any, tmp_path: Path) -> None:
    async with Mailbox().running() as box:
        provider = mailbox.provider()
        world = Delivering(pool, tmp_path, real=provider)
        draft = Draft(mailbox.KIND, "Box", None, mailbox.MailboxConfig(box.url), {"email.secret": box.secret}, prefix="email")
        channel = await world.channel_app.create(ACME, "box", draft, "")
        inbounds = PostgresInbounds(pool, world.journal)
        forwarder = InboundForwarder(inbounds, world.core, utc_now)
        rates = Rates(CustomerRates.per_minute(messages=100, typing=100))
        app = WebhookApp(
            world.channels, world.deliveries, world.providers, forwarder, LocalLimits(), rates, world.fetching, utc_now
        )
        for number in range(5):
            box.receive(CUSTOMER, f"m{number}")
        body, signature = box.signed(box.inbox[0], box.inbox[1])
        webhook = Webhook("/webhook", "", {"x-signature": signature}, "application/json", body)
        assert await app.take(ACME, channel.id, webhook) == provider.receiver.reply
        for _ in range(3):
            (job,) = await world.jobs.claim(POLLS, 9)
            await world.jobs.settle(POLLS, job, await app.poll(job))
        stored = await inbounds.list(ACME, None, None, 100)
        assert [item.arrival.text for item in reversed(stored)] == [f"m{n}" for n in range(5)]
        assert await pool.fetchval("select payload from job where queue = 'polls'") == b"c5"
        await inbounds.close()
