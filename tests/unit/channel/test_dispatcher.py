"""How deliveries leave: what is certain is tried again or has failed, what is not is looked for, and nothing overtakes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kit.errors import Unavailable
from services.channel.app.dispatcher import Dispatcher
from services.channel.domain.channels import Channel, ChannelId, Draft, Kind, State, TwilioWhatsAppConfig
from services.channel.domain.deliveries import SETTLED, Delivery, DeliveryNotFailed, DeliveryState, Outgoing, Report
from services.channel.domain.providers import OutboundContent, OutcomeUnknown, RateLimited, Refused
from services.channel.domain.sessions import ConversationId

from .conftest import ORGANIZATION, World

S = DeliveryState
TWILIO = Draft(Kind.WHATSAPP_TWILIO, "WhatsApp", None, TwilioWhatsAppConfig("AC1", "+1"), {"whatsapp_twilio.auth_token": "t"})


@pytest.fixture
async def channel(world: World) -> Channel:
    return await world.channel_app.create(ORGANIZATION, "wa", TWILIO, "")


async def say(world: World, message: str, text: str = "", seq: int = 1, fenced: bool = True, conversation: str = "c1") -> None:
    outgoing = Outgoing(ORGANIZATION, ChannelId("wa"), ConversationId(conversation), message, seq, "+49", fenced)
    await world.delivery_app.queue(world.deliveries, outgoing, OutboundContent(text or message))


async def work(world: World, rounds: int = 1) -> None:
    for _ in range(rounds):
        await world.dispatcher.work_once()
        await world.dispatcher.look_once()
        await world.dispatcher.drain()


async def states(world: World) -> dict[str, DeliveryState]:
    found = await world.deliveries.list(ORGANIZATION, None, None, None, 100)
    return {item.text: item.state for item in found}


async def only(world: World) -> Delivery:
    (item,) = await world.deliveries.list(ORGANIZATION, None, None, None, 100)
    return item


def texts(world: World) -> list[str]:
    return [text for _, _, text in world.provider.sent]


async def test_parts_and_messages_leave_in_their_order(world: World, channel: Channel) -> None:
    await say(world, "m2", "four", seq=2)
    await say(world, "m1", "one|two|three", seq=1)
    await say(world, "m1", "one|two|three", seq=1)
    await work(world, 5)
    assert texts(world) == ["one", "two", "three", "four"]
    assert set((await states(world)).values()) == {S.SENT}


async def test_what_is_refused_has_failed_and_what_follows_goes_on(world: World, channel: Channel) -> None:
    world.provider.fails.append(Refused("21211: Invalid"))
    await say(world, "m1")
    await say(world, "m2", seq=2)
    await work(world, 2)
    assert await states(world) == {"m1": S.FAILED, "m2": S.SENT}
    failed = next(d for d in await world.deliveries.list(ORGANIZATION, S.FAILED, None, None, 9))
    assert failed.problem == "21211: Invalid"


async def test_too_many_waits_as_long_as_the_provider_asks_and_holds_back_what_follows(world: World, channel: Channel) -> None:
    world.provider.fails.append(RateLimited("20429: Too Many", timedelta(seconds=7)))
    await say(world, "m1")
    await say(world, "m2", seq=2)
    await work(world, 3)
    world.clock.advance(seconds=6)
    await work(world)
    assert texts(world) == []
    world.clock.advance(seconds=1)
    await work(world, 2)
    assert texts(world) == ["m1", "m2"]


async def test_a_lost_answer_is_found_in_the_providers_list_and_never_repeated(world: World, channel: Channel) -> None:
    def lose() -> None:
        raise OutcomeUnknown("no answer")

    world.provider.fails.append(lose)
    await say(world, "m1")
    await say(world, "m2", seq=2)
    await work(world)
    assert await states(world) == {"m1": S.UNKNOWN, "m2": S.QUEUED}, "what follows waits: it might be overtaken"
    await work(world, 2)
    assert texts(world) == ["m1", "m2"]
    assert (await states(world))["m1"] is S.SENT


async def test_what_the_list_does_not_show_is_sent_again_only_when_that_is_certain(world: World, channel: Channel) -> None:
    world.provider.fails.append(OutcomeUnknown("reset"))
    await say(world, "m1")
    await work(world)
    while world.clock() - (await only(world)).created <= SETTLED:
        await work(world)
        assert (await only(world)).state is S.UNKNOWN
        world.clock.advance(seconds=10)
    await work(world, 2)
    assert (texts(world), (await only(world)).state, (await only(world)).attempts) == (["m1"], S.SENT, 2)


async def test_the_same_text_sent_before_is_not_taken_for_the_lost_one(world: World, channel: Channel) -> None:
    await say(world, "m1", "OK")
    await work(world)
    world.provider.fails.append(OutcomeUnknown("reset"))
    await say(world, "m2", "OK", seq=2)
    await work(world)
    await work(world)
    (second,) = await world.deliveries.list(ORGANIZATION, S.UNKNOWN, None, None, 9)
    assert second.outgoing.message == "m2"


async def test_a_worker_that_died_in_sending_leaves_an_unknown(world: World, channel: Channel) -> None:
    await say(world, "m1")
    (claimed,) = await world.deliveries.claim(timedelta(seconds=20), 9)
    assert await world.deliveries.begin(claimed, timedelta(seconds=30)) is not None
    await work(world)
    assert (await only(world)).state is S.SENDING, "its lease still runs"
    world.clock.advance(seconds=31)
    world.provider.hidden = True
    await work(world)
    assert (await only(world)).state is S.UNKNOWN


async def test_nothing_of_the_assistant_leaves_after_a_human_took_over(world: World, channel: Channel) -> None:
    await say(world, "m1", "one|two")
    await work(world)
    world.core.taken.add("c1")
    await say(world, "m2", "from the agent", seq=2, fenced=False)
    await work(world, 3)
    assert texts(world) == ["one", "from the agent"]
    assert (await states(world))["two"] is S.CANCELLED


async def test_without_core_the_assistant_waits_and_an_agents_words_leave(world: World, channel: Channel) -> None:
    world.core.failure = Unavailable("away")
    await say(world, "m1")
    await say(world, "m2", conversation="c2", fenced=False)
    await work(world, 2)
    assert texts(world) == ["m2"]
    assert (await states(world))["m1"] is S.QUEUED
    world.core.failure = None
    world.clock.advance(seconds=5)
    await work(world)
    assert texts(world) == ["m2", "m1"]


async def test_what_core_said_too_long_ago_is_asked_again(world: World, channel: Channel) -> None:
    await say(world, "m1")
    slow = Dispatcher(world.deliveries, world.channels, world.core, {channel.kind: world.provider}, fresh=timedelta())
    await slow.work_once()
    await slow.drain()
    assert (texts(world), await states(world)) == ([], {"m1": S.QUEUED})
    world.core.taken.add("c1")
    await work(world)
    assert (texts(world), await states(world)) == ([], {"m1": S.CANCELLED})


async def test_a_paused_channel_keeps_what_waits(world: World, channel: Channel) -> None:
    await world.channel_app.update(ORGANIZATION, channel.id, Draft(None, "", State.PAUSED, None), ["state"], "")
    await say(world, "m1")
    await work(world, 2)
    assert (texts(world), await states(world)) == ([], {"m1": S.QUEUED})
    await world.channel_app.update(ORGANIZATION, channel.id, Draft(None, "", State.ACTIVE, None), ["state"], "")
    world.clock.advance(seconds=5)
    await work(world)
    assert texts(world) == ["m1"]


async def test_without_the_key_to_its_channels_credentials_it_waits_and_says_why(world: World, channel: Channel) -> None:
    await say(world, "m1")
    world.channels.sealed.add(channel.id)
    await work(world)
    item = await only(world)
    assert (item.state, item.problem.partition(":")[0]) == (S.QUEUED, "CREDENTIALS_KEY_MISSING")
    world.channels.sealed.clear()
    world.clock.advance(seconds=5)
    await work(world)
    assert texts(world) == ["m1"]


async def test_without_that_key_what_is_unknown_is_looked_for_later(world: World, channel: Channel) -> None:
    world.provider.fails.append(OutcomeUnknown("reset"))
    await say(world, "m1")
    await work(world)
    looks = (await only(world)).looks
    world.channels.sealed.add(channel.id)
    world.clock.advance(seconds=60)
    await work(world)
    item = await only(world)
    assert (item.state, item.looks) == (S.UNKNOWN, looks + 1)


async def test_what_was_queued_on_a_channel_that_is_gone_has_failed(world: World, channel: Channel) -> None:
    await say(world, "m1")
    await world.channel_app.delete(ORGANIZATION, channel.id)
    await work(world)
    assert await states(world) == {"m1": S.FAILED}


async def test_a_retry_sends_again_and_old_news_changes_nothing(world: World, channel: Channel) -> None:
    await say(world, "m1")
    await work(world)
    await world.deliveries.report(ORGANIZATION, channel.id, Report("p1", S.FAILED, "63016: too late"))
    id = (await only(world)).id
    retried = await world.delivery_app.retry(ORGANIZATION, id, "r1")
    assert await world.delivery_app.retry(ORGANIZATION, id, "r1") == retried
    with pytest.raises(DeliveryNotFailed):
        await world.delivery_app.retry(ORGANIZATION, id, "r2")
    await world.deliveries.report(ORGANIZATION, channel.id, Report("p1", S.FAILED, "again", delivery=id))
    assert (await only(world)).state is S.QUEUED
    await work(world)
    assert (texts(world), (await only(world)).provider_id) == (["m1", "m1"], "p2")
