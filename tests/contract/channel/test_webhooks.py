"""Messages from providers are stored, by webhook or by fetching; over its sender's limit a message starts nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kit.clock import utc_now
from kit.jobs import Again, Job, Outcome, Park
from kit.limits import LocalLimits
from services.channel.adapters.postgres.inbounds import PostgresInbounds
from services.channel.app.inbound_forwarder import InboundForwarder
from services.channel.app.webhooks import WebhookApp
from services.channel.domain.channels import Channel, ChannelId, ChannelPaused, Draft, State
from services.channel.domain.deliveries import DeliveryState, Report
from services.channel.domain.inbound import AddressKind, Responder, Sender
from services.channel.domain.limits import CustomerRates, Rates
from services.channel.domain.media import FileKey, MediaState, remote_id
from services.channel.domain.providers import Fetched, Item, ProviderError, Received, RemoteFile, Webhook
from services.channel.domain.queues import POLLS

from .delivering import ACME, TWILIO, Delivering

WEBHOOK = Webhook("/", "", {}, "text/plain", b"")
EVERY = timedelta(seconds=60)


@dataclass
class World:
    app: WebhookApp
    delivering: Delivering
    inbounds: PostgresInbounds

    async def stored(self) -> list[tuple[str, Responder]]:
        found = await self.inbounds.list(ACME, None, None, 100)
        return [(item.arrival.text, item.arrival.responder) for item in reversed(found)]

    async def poll(self) -> Outcome:
        """Does the job that is due, and returns what became of it."""
        (job,) = await self.delivering.jobs.claim(POLLS, 9)
        outcome = await self.app.poll(job)
        await self.delivering.jobs.settle(POLLS, job, outcome)
        return outcome

    async def pass_time(self) -> None:
        await self.delivering.pass_time(EVERY.total_seconds())


@pytest.fixture
async def world(pool: Any, tmp_path: Path) -> AsyncIterator[World]:
    delivering = Delivering(pool, tmp_path)
    inbounds = PostgresInbounds(pool, delivering.journal)
    forwarder = InboundForwarder(inbounds, delivering.core, utc_now)
    rates = Rates(CustomerRates.per_minute(messages=1, typing=1))  # a customer: 3 at once
    app = WebhookApp(
        *(delivering.channels, delivering.deliveries, delivering.providers, forwarder, LocalLimits(), rates),
        *(delivering.fetching, utc_now, EVERY),
    )
    yield World(app, delivering, inbounds)
    await inbounds.close()


@pytest.fixture
async def channel(world: World) -> Channel:
    return await world.delivering.channel_app.create(ACME, "wa", TWILIO, "")


def says(source: str, text: str = "Hello", address: str = "+49151") -> Received:
    return Received(source, Sender(AddressKind.WHATSAPP, address), text)


async def test_over_the_limit_a_providers_message_is_stored_and_starts_nothing(world: World, channel: Channel) -> None:
    for number in range(5):
        for _ in range(2):  # the poller finds it again: that does not count
            world.delivering.provider.reads = [says(f"m{number}")]
            await world.app.take(ACME, channel.id, WEBHOOK)
    world.delivering.provider.reads = [says("n0", address="+49152"), says("n1", "\u200b", "+49152")]
    await world.app.take(ACME, channel.id, WEBHOOK)
    nobody, assistant = Responder.NOBODY, Responder.ASSISTANT
    told = [responder for _, responder in await world.stored()]
    assert told == [assistant] * 3 + [nobody] * 2 + [assistant, nobody]


async def test_files_of_messages_over_the_limit_are_fetched_only_when_someone_asks(world: World, channel: Channel) -> None:
    files = [RemoteFile(remote_id(channel.id, f"m{number}", 0), "there", "image/png") for number in range(5)]
    for number, file in enumerate(files):
        for _ in range(2):
            world.delivering.provider.reads = [replace(says(f"m{number}"), files=(file,))]
            await world.app.take(ACME, channel.id, WEBHOOK)
    found = [await world.delivering.records.get(FileKey(ACME, file.id)) for file in files]
    assert [media.state for media in found if media] == [MediaState.FETCHING] * 3 + [MediaState.FAILED] * 2
    assert found[4]
    assert "too often" in found[4].problem
    jobs = "select count(*) from job where queue = 'files'"
    assert await world.delivering.pool.fetchval(jobs) == 3
    assert (await world.delivering.fetching.retry(ACME, files[4].id)).state is MediaState.FETCHING
    assert await world.delivering.pool.fetchval(jobs) == 4


async def test_all_of_a_batch_is_stored_and_its_reports_even_while_the_channel_is_paused(
    world: World, channel: Channel
) -> None:
    delivering = world.delivering
    await delivering.say("m1")
    await delivering.work()
    batch: list[Item] = [says("a", "one"), Report("p1", DeliveryState.DELIVERED), says("b", "two", "+49152")]
    delivering.provider.reads = batch
    await world.app.take(ACME, channel.id, WEBHOOK)
    assert [text for text, _ in await world.stored()] == ["one", "two"]
    assert (await delivering.only()).state is DeliveryState.DELIVERED
    await delivering.channel_app.update(ACME, channel.id, Draft(None, "", State.PAUSED, None), ["state"], "")
    delivering.provider.reads = [says("c", "three"), Report("p1", DeliveryState.READ)]
    with pytest.raises(ChannelPaused):
        await world.app.take(ACME, channel.id, WEBHOOK)
    assert len(await world.stored()) == 2
    assert (await delivering.only()).state is DeliveryState.READ


async def test_a_cursor_moves_on_when_everything_before_it_is_stored(world: World, channel: Channel) -> None:
    provider = world.delivering.provider
    provider.fetches = [Fetched([says("a", "one"), says("b", "two")], b"\x00two", more=True), Fetched([], b"\x00three")]
    assert await world.poll() == Again(timedelta(), b"\x00two")
    assert [text for text, _ in await world.stored()] == ["one", "two"]
    assert await world.poll() == Again(EVERY, b"\x00three")
    assert not await world.delivering.jobs.claim(POLLS, 9)
    await world.pass_time()
    provider.fetches = [ProviderError("503")]
    assert await world.poll() == Park(EVERY, "503")
    await world.pass_time()
    await world.poll()
    assert provider.cursors == [b"", b"\x00two", b"\x00three", b"\x00three"]


async def test_what_could_not_be_stored_is_fetched_again(world: World, channel: Channel) -> None:
    provider = world.delivering.provider
    provider.fetches = [Fetched([says("a", "one")], b"1")]
    (job,) = await world.delivering.jobs.claim(replace(POLLS, lease=timedelta()), 9)
    await world.app.poll(job)  # and dies before the cursor is stored
    provider.fetches = [Fetched([says("a", "one")], b"1")]
    await world.poll()
    assert provider.cursors == [b"", b""]
    assert [text for text, _ in await world.stored()] == ["one"]


async def test_a_paused_channel_is_not_read_back_and_one_without_its_key_keeps_no_other_from_it(
    world: World, channel: Channel
) -> None:
    delivering = world.delivering
    await delivering.channel_app.update(ACME, channel.id, Draft(None, "", State.PAUSED, None), ["state"], "")
    assert await world.poll() == Again(EVERY)
    other = await delivering.channel_app.create(ACME, "other", TWILIO, "")
    await delivering.pool.execute("update channel set credentials = 'lost:key' where id = 'other'")
    outcome = await world.poll()
    assert isinstance(outcome, Park)
    assert outcome.problem.startswith("CREDENTIALS_KEY_MISSING")
    assert (other.id, delivering.provider.cursors) == ("other", [])


async def test_a_channel_that_is_gone_is_read_back_no_more(world: World, channel: Channel, pool: Any) -> None:
    (job,) = await world.delivering.jobs.claim(POLLS, 9)
    await world.delivering.channel_app.delete(ACME, channel.id)
    assert await pool.fetchval("select count(*) from job") == 0
    assert isinstance(job, Job)
    await world.app.poll(job)
    assert world.delivering.provider.cursors == []
    assert ChannelId(job.subject.partition("/")[2]) == channel.id


async def test_channels_from_before_get_their_job_when_the_process_starts(world: World, channel: Channel, pool: Any) -> None:
    await pool.execute("truncate job")
    for _ in range(2):
        await world.delivering.channels.begin_polls()
    assert await pool.fetchval("select array_agg(subject) from job") == ["channels/wa"]
