"""Jobs that fetch files from a provider, step by step: when they wait, when they give up, and what they never bring."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from kit.clock import utc_now
from kit.ids import OrganizationId
from kit.jobs import Done, Job, Outcome, Park
from services.channel.adapters.postgres.inbounds import PostgresInbounds
from services.channel.app.media_fetching import MAX_OF_ORGANIZATION, STEP
from services.channel.domain.channels import ChannelId
from services.channel.domain.inbound import Accepted, AddressKind, InboundId, Sender, arrive_by_provider
from services.channel.domain.media import FileKey, Media, MediaNotFound, MediaState, Party, Purpose, UploadInProgress, remote_id
from services.channel.domain.providers import OutcomeUnknown, Received, Refused, RemoteFile
from services.channel.domain.queues import FILES
from services.channel.domain.sessions import ConversationId, CustomerId
from services.channel.ports import ConversationRef

from .delivering import ACME, TWILIO, Delivering

SENDER = Sender(AddressKind.WHATSAPP, "+49")
FILE = RemoteFile(remote_id("wa", "SM1", 0), "there", "image/png")
KEY = FileKey(ACME, FILE.id)
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100
REF = ConversationRef(ConversationId("c1"), CustomerId("k1"), ChannelId("wa"))


@dataclass
class World:
    delivering: Delivering
    inbounds: PostgresInbounds
    inbound: InboundId

    async def reaches_core(self) -> None:
        """Core has the message with the file."""
        self.delivering.core.opened[("wa", "k1", "")] = REF
        await self.inbounds.forwarded([(self.inbound, Accepted("m1", 1, utc_now(), 1, "c1"))])

    async def expect(self, count: int) -> None:
        """So many files of the message are expected."""
        channel = await self.delivering.channels.get(ACME, ChannelId("wa"))
        assert channel
        files = tuple(replace(FILE, id=remote_id("wa", "SM1", number)) for number in range(count))
        await self.delivering.fetching.expect(channel, Received("SM1", SENDER, "", files=files))

    async def work(self) -> Outcome | None:
        """Does the job of the file, if it is due, and returns what became of it."""
        await self.delivering.pass_time(400)
        job: Job
        (job,) = await self.delivering.jobs.claim(FILES, 9)
        outcome = await self.delivering.fetching.handle(job)
        await self.delivering.jobs.settle(FILES, job, outcome or Done())
        return outcome

    async def file(self) -> Media | None:
        return await self.delivering.records.get(KEY)

    def stored(self) -> int:
        return sum(path.is_file() for path in (self.delivering.folder / "media").rglob("*"))


@pytest.fixture
async def world(pool: Any, tmp_path: Path) -> AsyncIterator[World]:
    delivering = Delivering(pool, tmp_path)
    channel = await delivering.channel_app.create(ACME, "wa", TWILIO, "")
    await delivering.fetching.expect(channel, Received("SM1", SENDER, "", files=(FILE,)))
    await delivering.fetching.expect(channel, Received("SM1", SENDER, "", files=(FILE,)))  # the webhook comes again
    inbounds = PostgresInbounds(pool, delivering.journal)
    stored = await inbounds.add(arrive_by_provider(ACME, channel.id, "SM1", SENDER, "", b"parts"))
    yield World(delivering, inbounds, stored.id)
    await inbounds.close()


async def test_a_file_is_fetched_when_core_has_its_message(world: World) -> None:
    assert isinstance(await world.work(), Park)
    await world.reaches_core()
    world.delivering.provider.files = [PNG]
    assert await world.work() is None
    media = await world.file()
    assert media
    assert (media.state, media.conversation, media.size, media.expires) == (MediaState.READY, "c1", len(PNG), None)
    assert world.stored() == 1


async def test_what_fails_for_a_while_is_fetched_again_and_then_says_why_it_failed(world: World) -> None:
    await world.reaches_core()
    world.delivering.provider.files = [OutcomeUnknown("away")] * FILES.max_attempts
    for _ in range(FILES.max_attempts):
        media = await world.file()
        assert media
        assert media.state is MediaState.FETCHING
        await world.work()
    media = await world.file()
    assert media
    assert (media.state, media.problem) == (MediaState.FAILED, "away")
    (letter,) = await world.delivering.jobs.dead_letters(ACME, FILES.name, None, 9)
    await world.delivering.jobs.revive(ACME, letter.id)
    world.delivering.provider.files = [PNG]
    await world.work()
    media = await world.file()
    assert media
    assert (media.state, media.problem) == (MediaState.READY, "")


async def test_a_customers_files_of_a_day_are_bounded(world: World) -> None:
    await world.reaches_core()
    world.delivering.provider.files = [b"x" * (20 << 20) + b"y"]
    await world.work()
    media = await world.file()
    assert media
    assert media.state is MediaState.FAILED
    assert "today" in media.problem
    assert world.stored() == 0


async def test_nothing_is_fetched_on_a_day_that_holds_no_more_bytes(world: World) -> None:
    await world.reaches_core()
    world.delivering.provider.files = [b"x" * (20 << 20)]
    await world.work()
    await world.expect(2)
    world.delivering.provider.files = [PNG]
    await world.work()
    second = await world.delivering.records.get(FileKey(ACME, remote_id("wa", "SM1", 1)))
    assert second
    assert (second.state, "today" in second.problem) == (MediaState.FAILED, True)
    assert world.delivering.provider.files == [PNG], "no one asked for it"
    await world.delivering.pool.execute("update media_day set day = day - 1")  # it is tomorrow
    await world.delivering.pool.execute("update media set created = created - interval '1 day'")
    await world.delivering.fetching.retry(ACME, second.id)
    await world.work()
    second = await world.delivering.records.get(second.key)
    assert second
    assert (second.state, second.problem) == (MediaState.READY, "")


async def test_files_of_a_blocked_customer_are_fetched_when_someone_asks_after_the_block(world: World) -> None:
    await world.reaches_core()
    await world.delivering.blocks.put(ACME, CustomerId("k1"), True)
    world.delivering.provider.files = [PNG]
    assert await world.work() is None
    media = await world.file()
    assert media
    assert (media.state, media.problem) == (MediaState.FAILED, "The customer is blocked, so it wasn't fetched.")
    assert world.delivering.provider.files == [PNG], "no one asked for it"
    assert list(await world.delivering.jobs.dead_letters(ACME, FILES.name, None, 9)) == []
    await world.delivering.blocks.put(ACME, CustomerId("k1"), False)
    await world.delivering.fetching.retry(ACME, FILE.id)
    await world.work()
    media = await world.file()
    assert media
    assert (media.state, media.problem) == (MediaState.READY, "")


async def test_one_organizations_slow_files_leave_a_place_to_others(world: World) -> None:
    delivering, begun, end = world.delivering, asyncio.Semaphore(0), asyncio.Event()

    async def slow() -> bytes:
        begun.release()
        await end.wait()
        return PNG

    await world.reaches_core()
    await world.expect(5)
    delivering.provider.files = [slow(), slow(), PNG, PNG]
    await delivering.pass_time(400)
    jobs = sorted(await delivering.jobs.claim(FILES, 9), key=lambda job: job.id)
    assert len(jobs) == 5
    running = [asyncio.create_task(delivering.fetching.handle(job)) for job in jobs[:MAX_OF_ORGANIZATION]]
    async with asyncio.timeout(10):
        for _ in running:
            await begun.acquire()
    assert [await delivering.fetching.handle(job) for job in jobs[2:4]] == [Park(STEP), Park(2 * STEP)]
    assert await delivering.fetching.handle(replace(jobs[0], organization=OrganizationId("other"))) is None, (
        "it has no such file"
    )
    assert FILES.max_running > MAX_OF_ORGANIZATION
    end.set()
    assert await asyncio.gather(*running) == [None, None]
    assert await delivering.fetching.handle(jobs[2]) is None
    assert delivering.provider.files == [PNG]


async def test_nothing_is_fetched_for_a_conversation_that_was_erased(world: World) -> None:
    await world.reaches_core()
    world.delivering.core.opened.clear()
    world.delivering.provider.files = [PNG]
    assert await world.work() is None
    assert await world.file() is None
    assert world.delivering.provider.files == [PNG], "no one asked for it"


async def test_a_file_whose_customer_is_erased_while_it_is_fetched_is_not_kept(world: World) -> None:
    await world.reaches_core()
    media = await world.file()
    assert media
    linked = await world.delivering.records.link(media)
    assert linked
    await world.delivering.erase()
    with pytest.raises(UploadInProgress):
        await world.delivering.media.keep(linked, PNG)
    assert world.stored() == 0


async def test_an_erased_file_is_gone_at_once_also_for_the_provider_that_has_its_link(world: World) -> None:
    await world.reaches_core()
    world.delivering.provider.files = [PNG]
    await world.work()
    media, agent = world.delivering.media, Party(ACME, "users/u1")
    link = media.links.issue(Purpose.DELIVERY, Party(ACME, "services/channel"), KEY, "image/png")
    assert (await media.open(Purpose.DELIVERY, link.token))[1] == "image/png"
    await world.delivering.erase()
    with pytest.raises(MediaNotFound):
        await media.open(Purpose.DELIVERY, link.token)
    with pytest.raises(MediaNotFound):
        await media.download_link(agent, FILE.id)
    assert world.stored() == 1, "its bytes are removed by the sweep"


async def test_what_can_never_be_had_is_not_asked_for_twice(world: World) -> None:
    await world.reaches_core()
    world.delivering.provider.files = [Refused("gone")]
    await world.work()
    media = await world.file()
    assert media
    assert (media.state, media.problem) == (MediaState.FAILED, "gone")
