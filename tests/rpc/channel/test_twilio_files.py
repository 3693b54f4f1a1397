"""Files that WhatsApp customers send: fetched once, kept like files of the web, and never awaited by their message."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import grpc
import pytest
from frontdesk.channel import v1 as pb
from frontdesk.core import v1 as core

from services.channel.domain.media import MAX_BYTES

from .conftest import ORGANIZATION, World, fails
from .files import PNG, Files
from .hooks import listening
from .test_messages import until

CUSTOMER = "+4915112345678"
EXE = b"MZ" + b"\0" * 100
PERMISSIONS = ("channel.media.read", "channel.media.retry", "channel.media.delete")


@pytest.fixture
async def agent(world: World) -> AsyncIterator[Files]:
    """An agent, in an organization with a WhatsApp channel."""
    async with listening(world) as url, aiohttp.ClientSession() as http:
        world.twilio.account.webhook = url
        world.twilio.account.list_lag = timedelta(hours=1)
        await world.create_whatsapp()
        yield Files(world, http, world.admin(*PERMISSIONS))


async def attached(world: World, number: int = 1) -> list[core.Attachment]:
    """The files of the first messages, as core gets them."""
    await until(lambda: len(world.core.received) >= number)
    return [part.attachment for request in world.core.received for part in request.content.parts if part.attachment.media]


async def changed(agent: Files, name: str, but: pb.MediaState = pb.MEDIA_STATE_UNSPECIFIED) -> pb.Media | None:
    """A file when it is no longer being fetched; None: it is gone."""
    async with asyncio.timeout(60):
        while True:
            try:
                media = await agent.get(name)
            except grpc.aio.AioRpcError as error:
                if error.code() is grpc.StatusCode.NOT_FOUND:
                    return None
                raise
            if media.state not in (pb.MEDIA_STATE_FETCHING, but):
                return media
            await asyncio.sleep(0.05)


async def settled(agent: Files, name: str) -> pb.Media:
    media = await changed(agent, name)
    assert media
    return media


async def test_a_picture_is_kept_and_shown_like_one_of_the_web(world: World, agent: Files) -> None:
    world.twilio.faults.webhook_copies = 2
    world.twilio.sends(CUSTOMER, (PNG, "image/png"), body="Look:")
    (attachment,) = await attached(world)
    assert (attachment.kind, attachment.media_type) == (core.ATTACHMENT_KIND_IMAGE, "image/png")
    media = await settled(agent, attachment.media)
    assert (media.state, media.media_type, media.size_bytes, media.inline) == (
        pb.MEDIA_STATE_READY,
        "image/png",
        len(PNG),
        True,
    )
    assert (media.file_name, media.uploader) == ("image.png", f"{ORGANIZATION}/channels/wa")
    assert media.conversation == next(iter(world.core.places.values())).name
    assert not media.HasField("expire_time")
    answer = await agent.fetch(media)
    assert (answer.status, answer.body, answer.headers["Content-Type"]) == (200, PNG, "image/png")
    assert len(stored(world)) == 1, "the repeated webhook brought no second one"


async def test_the_message_does_not_wait_for_its_file_and_a_failed_one_is_tried_again(world: World, agent: Files) -> None:
    world.twilio.faults.media.append(404)
    world.twilio.sends(CUSTOMER, (b"%PDF-1.7", "application/pdf"))
    (attachment,) = await attached(world)
    media = await settled(agent, attachment.media)
    assert (media.state, media.problem) == (pb.MEDIA_STATE_FAILED, "Twilio no longer has the file.")
    async with fails("FAILED_PRECONDITION", "MEDIA_NOT_READY"):
        await agent.link(media)
    retry = pb.RetryMediaRequest(name=media.name)
    async with fails("PERMISSION_DENIED"):
        await world.media.RetryMedia(retry, metadata=world.admin("channel.media.read"))
    retried = await world.media.RetryMedia(retry, metadata=agent.metadata)
    assert (retried.state, retried.problem) == (pb.MEDIA_STATE_FETCHING, "")
    media = await settled(agent, attachment.media)
    assert (media.state, media.media_type) == (pb.MEDIA_STATE_READY, "application/pdf")
    async with fails("FAILED_PRECONDITION", "MEDIA_NOT_FAILED"):
        await world.media.RetryMedia(retry, metadata=agent.metadata)


@pytest.mark.parametrize(
    ("content", "state", "problem"),
    [
        (b"x" * (MAX_BYTES + 1), "FAILED", "The file is too large: it has more than 16,777,216 bytes."),
        (EXE, "REJECTED", ""),
    ],
)
async def test_what_is_not_kept_says_why(world: World, agent: Files, content: bytes, state: str, problem: str) -> None:
    world.twilio.sends(CUSTOMER, (content, "application/octet-stream"))
    (attachment,) = await attached(world)
    media = await settled(agent, attachment.media)
    assert (pb.MediaState.Name(media.state), media.problem) == (f"MEDIA_STATE_{state}", problem)
    assert not stored(world)


async def test_a_redirect_into_our_own_network_is_not_followed(world: World, agent: Files) -> None:
    world.twilio.faults.media_location = "http://169.254.169.254/latest/meta-data"
    world.twilio.sends(CUSTOMER, (PNG, "image/png"))
    (attachment,) = await attached(world)
    media = await settled(agent, attachment.media)
    assert media.state == pb.MEDIA_STATE_FAILED
    assert media.problem == "The file can't be fetched from Twilio: it leads to a private network."


async def test_files_of_messages_that_no_webhook_brought_are_fetched_too(world: World, agent: Files) -> None:
    world.twilio.account.list_lag = timedelta()
    world.twilio.faults.webhooks_lost = True
    world.twilio.sends(CUSTOMER, (PNG, "image/png"))
    (attachment,) = await attached(world)
    assert (await settled(agent, attachment.media)).media_type == "image/png"


async def test_a_card_is_a_contact_with_a_file(world: World, agent: Files) -> None:
    world.twilio.sends(CUSTOMER, (b"BEGIN:VCARD", "text/vcard"))
    await attached(world)
    assert [part.WhichOneof("part") for part in world.core.received[0].content.parts] == ["contact", "attachment"]


async def test_an_erased_customers_file_goes_before_and_after_it_was_fetched(world: World, agent: Files) -> None:
    world.twilio.sends(CUSTOMER, (PNG, "image/png"))
    (first,) = await attached(world)
    await settled(agent, first.media)
    assert len(stored(world)) == 1
    world.twilio.faults.media.extend([503] * 8)
    world.twilio.sends(CUSTOMER, (PNG, "image/png"))
    _, second = await attached(world, 2)
    await world.core.erase(next(iter(world.core.places.values())).name)
    await until(lambda: not stored(world))
    for name in (first.media, second.media):
        assert await changed(agent, name, but=pb.MEDIA_STATE_REJECTED) is None


def stored(world: World) -> list[Path]:
    """The files that hold bytes."""
    return [path for path in world.media_dir.rglob("*") if path.is_file()]
