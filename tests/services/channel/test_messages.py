"""Messages: stored first, brought to core in order, once, and parked when core can never take them."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from kit import errors
from kit.errors import RequestIdReused, TextEmpty
from kit.ids import OrganizationId
from services.channel.domain import inbound
from services.channel.domain.inbound import InboundState, Said, SendState, Writer
from services.channel.domain.limits import CustomerRates, Rates
from services.channel.domain.sessions import ConversationId, TooManyRequests
from tests.services.channel.conftest import ORGANIZATION, World

UNAVAILABLE_ERRORS = errors.Unavailable("core is unavailable")


async def states(world: World) -> list[InboundState]:
    return [item.state for item in reversed(await world.messages.list(ORGANIZATION, None, None, 100))]


def texts(world: World) -> list[str]:
    return [arrival.text for arrival in world.core.received]


async def work(world: World, **by: float) -> None:
    world.clock.move(**by)
    while await world.inbound_forwarder.work_once():
        pass


async def test_a_message_is_in_the_conversation_when_send_returns(world: World, writer: Writer) -> None:
    sent = await world.messages.send(writer, Said("Hello"), "r1")
    assert (sent.standing, sent.accepted and sent.accepted.seq) == (SendState.ACCEPTED, 1)
    assert texts(world) == ["Hello"]


async def test_a_repeated_request_gives_the_first_result(world: World, writer: Writer) -> None:
    first = await world.messages.send(writer, Said("Hello"), "r1")
    assert await world.messages.send(writer, Said("Hello"), "r1") == first
    await world.inbound_forwarder.flush()
    world.core.failure = UNAVAILABLE_ERRORS
    again = await world.messages.send(writer, Said("Hello"), "r1")
    assert first.accepted
    stored = replace(first.accepted, conversation=ConversationId(""))  # only a provider's message learns it from core
    assert again == replace(first, accepted=stored)
    assert (texts(world), world.core.calls) == (["Hello"], 1)


async def test_a_request_id_stands_for_one_text(world: World, writer: Writer) -> None:
    await world.messages.send(writer, Said("Hello"), "r1")
    await world.inbound_forwarder.flush()
    with pytest.raises(RequestIdReused):
        await world.messages.send(writer, Said("Goodbye"), "r1")


async def test_sessions_do_not_share_request_ids(world: World, writer: Writer) -> None:
    await world.messages.send(writer, Said("Hello"), "r1")
    sent = await world.messages.send(await world.writer(2), Said("Bye"), "r1")
    assert sent.accepted
    assert sent.accepted.seq == 1


@pytest.mark.parametrize("text", ["", "   ", "\n\t\u2003", "\x00"])
async def test_white_space_is_no_message(world: World, writer: Writer, text: str) -> None:
    with pytest.raises(TextEmpty):
        await world.messages.send(writer, Said(text), "r1")


async def test_while_core_is_unavailable_messages_queue_and_come_in_order(world: World, writer: Writer) -> None:
    world.core.failure = UNAVAILABLE_ERRORS
    for number in range(3):
        sent = await world.messages.send(writer, Said(f"m{number}"), f"r{number}")
        assert (sent.standing, sent.accepted) == (SendState.QUEUED, None)
    await work(world, seconds=30)
    assert await states(world) == [InboundState.PENDING] * 3
    world.core.failure = None
    await work(world, seconds=3)
    await world.inbound_forwarder.flush()
    assert texts(world) == ["m0", "m1", "m2"]
    assert await states(world) == [InboundState.FORWARDED] * 3


async def test_a_new_message_takes_the_queued_ones_along(world: World, writer: Writer) -> None:
    world.core.failure = UNAVAILABLE_ERRORS
    await world.messages.send(writer, Said("m0"), "r0")
    await world.messages.send(writer, Said("m1"), "r1")
    world.core.failure = None
    world.clock.move(seconds=1.1)
    sent = await world.messages.send(writer, Said("m2"), "r2")
    assert (sent.accepted and sent.accepted.seq, texts(world)) == (3, ["m0", "m1", "m2"])


async def test_core_is_spared_while_it_is_unavailable(world: World, writer: Writer) -> None:
    writers = [writer, *[await world.writer(number) for number in range(2, 51)]]
    world.core.failure = UNAVAILABLE_ERRORS
    for each in writers:
        await world.messages.send(each, Said("x"), "r")
    assert world.core.calls == 1
    await work(world, seconds=3)
    assert world.core.calls <= 3


async def test_an_outage_uses_up_no_attempts_however_long(world: World, writer: Writer) -> None:
    world.core.failure = UNAVAILABLE_ERRORS
    await world.messages.send(writer, Said("Hello"), "r1")
    for _ in range(100):
        await work(world, seconds=11)
    world.core.failure = None
    await work(world, seconds=11)
    assert texts(world) == ["Hello"]


async def test_what_core_never_takes_is_reported_at_once_and_the_conversation_moves_on(world: World, writer: Writer) -> None:
    world.core.failures["bad"] = errors.InvalidArgument("no")
    with pytest.raises(errors.InvalidArgument):
        await world.messages.send(writer, Said("bad"), "r1")
    assert (await world.messages.send(writer, Said("good"), "r2")).standing is SendState.ACCEPTED
    await world.inbound_forwarder.flush()
    assert await states(world) == [InboundState.REFUSED, InboundState.FORWARDED]


async def test_a_poisoned_message_is_given_up_after_five_attempts(world: World, writer: Writer) -> None:
    world.core.failures["poison"] = errors.Internal("a bug")
    assert (await world.messages.send(writer, Said("poison"), "r1")).standing is SendState.QUEUED
    assert (await world.messages.send(writer, Said("after"), "r2")).standing is SendState.QUEUED
    for pause in (2, 6, 26, 125):
        assert await states(world) == [InboundState.PENDING] * 2
        await work(world, seconds=pause)
    await work(world, seconds=11)
    await world.inbound_forwarder.flush()
    assert texts(world) == ["after"]
    assert await states(world) == [InboundState.DEAD, InboundState.FORWARDED]
    assert world.core.calls == 6
    assert (await world.told()).count("InboundMessageDied") == 1


async def test_a_dead_message_can_be_brought_back(world: World, writer: Writer) -> None:
    await test_a_poisoned_message_is_given_up_after_five_attempts(world, writer)
    world.core.failures.clear()
    forwarded, dead = await world.messages.list(ORGANIZATION, None, None, 100)
    revived = await world.messages.retry(ORGANIZATION, dead.id)
    assert (revived.state, revived.attempts) == (InboundState.PENDING, 0)
    await work(world)
    assert texts(world) == ["after", "poison"]
    with pytest.raises(inbound.InboundMessageNotDead):
        await world.messages.retry(ORGANIZATION, forwarded.id)
    with pytest.raises(inbound.InboundMessageNotFound):
        await world.messages.retry(OrganizationId("other"), dead.id)


async def test_messages_sent_at_once_keep_the_order_in_which_they_were_stored(world: World, writer: Writer) -> None:
    await asyncio.gather(*(world.messages.send(writer, Said(f"m{n}"), f"r{n}") for n in range(20)))
    assert texts(world) == [f"m{n}" for n in range(20)]


async def test_a_killed_process_leaves_its_messages_to_another(world: World, writer: Writer) -> None:
    await world.inbounds.add(inbound.arrive(writer, Said("Hello"), "r1"))  # stored, and then the process was gone
    await work(world, seconds=5)
    assert texts(world) == []
    await work(world, seconds=6)
    assert texts(world) == ["Hello"]


async def test_typing_is_a_hint(world: World, writer: Writer) -> None:
    await world.messages.set_typing(writer, True)
    world.core.failure = UNAVAILABLE_ERRORS
    await world.messages.set_typing(writer, False)
    assert world.core.typing == [True]


async def test_old_messages_are_swept_and_dead_ones_stay(world: World, writer: Writer) -> None:
    await test_a_poisoned_message_is_given_up_after_five_attempts(world, writer)
    world.clock.move(days=8)
    assert await world.messages.sweep() == 1
    assert await states(world) == [InboundState.DEAD]


async def test_what_could_not_be_stored_does_not_count(world: World, writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = replace(world.messages, rates=Rates(CustomerRates.per_minute(messages=1, typing=1)))

    async def full(arrival: inbound.Arrival) -> inbound.Stored:
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(world.inbounds, "add", full)
        for _ in range(3):
            with pytest.raises(OSError, match="no space"):
                await slow.send(writer, Said("Hello"), "r1")
    assert (await slow.send(writer, Said("Hello"), "r1")).standing is SendState.ACCEPTED
    with pytest.raises(TooManyRequests):
        await slow.send(writer, Said("Hello again"), "r2")
