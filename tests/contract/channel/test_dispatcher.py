"""How deliveries leave: what is certain is tried again or has failed, what is not is looked for, and nothing overtakes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kit.errors import Unavailable
from kit.jobs import LeaseLost, Park
from services.channel.adapters.postgres.inbounds import PostgresInbounds
from services.channel.app.dispatcher import Dispatcher
from services.channel.domain.channels import Channel, ChannelId, Draft, State
from services.channel.domain.deliveries import SETTLED, DeliveryNotFailed, DeliveryState, Report
from services.channel.domain.inbound import AddressKind, Sender, arrive_by_provider
from services.channel.domain.providers import OutcomeUnknown, RateLimited, Refused
from services.channel.domain.queues import DELIVERIES

from .delivering import ACME, TWILIO, Delivering

S = DeliveryState


@pytest.fixture
def world(pool: Any, tmp_path: Path) -> Delivering:
    return Delivering(pool, tmp_path)


@pytest.fixture
async def channel(world: Delivering) -> Channel:
    return await world.channel_app.create(ACME, "wa", TWILIO, "")


async def test_parts_and_messages_leave_in_their_order_and_nothing_is_left_to_do(world: Delivering, channel: Channel) -> None:
    await world.say("m1", "one|two|three", seq=1)
    await world.say("m2", "four", seq=2)
    await world.say("m1", "one|two|three", seq=1)
    await world.work()
    assert world.texts() == ["one", "two", "three", "four"]
    assert set((await world.states()).values()) == {S.SENT}
    assert await world.open_jobs() == 0


async def test_what_is_refused_has_failed_is_a_dead_letter_and_what_follows_continues(
    world: Delivering, channel: Channel
) -> None:
    world.provider.fails.append(Refused("21211: Invalid"))
    await world.say("m1")
    await world.say("m2", seq=2)
    await world.work()
    assert await world.states() == {"m1": S.FAILED, "m2": S.SENT}
    (failed,) = await world.deliveries.list(ACME, S.FAILED, None, None, 9)
    assert failed.problem == "21211: Invalid"
    (letter,) = await world.jobs.dead_letters(ACME, "", None, 9)
    assert (letter.subject, letter.problem) == (f"deliveries/{failed.id}", "21211: Invalid")


async def test_a_dead_letter_that_is_retried_sends_its_delivery_again(world: Delivering, channel: Channel) -> None:
    world.provider.fails.append(Refused("21211: Invalid"))
    await world.say("m1")
    await world.work()
    (letter,) = await world.jobs.dead_letters(ACME, "", None, 9)
    assert await world.jobs.revive(ACME, letter.id)
    await world.work()
    assert (await world.states(), world.texts()) == ({"m1": S.SENT}, ["m1"])
    assert await world.jobs.dead_letters(ACME, "", None, 9) == []


async def test_too_many_waits_as_long_as_the_provider_asks_and_holds_back_what_follows(
    world: Delivering, channel: Channel
) -> None:
    world.provider.fails.append(RateLimited("20429: Too Many", timedelta(seconds=7)))
    await world.say("m1")
    await world.say("m2", seq=2)
    await world.work()
    await world.pass_time(6)
    await world.work()
    assert world.texts() == []
    await world.pass_time(1)
    await world.work()
    assert world.texts() == ["m1", "m2"]


async def test_a_lost_answer_is_found_in_the_providers_list_and_never_repeated(world: Delivering, channel: Channel) -> None:
    def lose() -> None:
        raise OutcomeUnknown("no answer")

    world.provider.fails.append(lose)
    await world.say("m1")
    await world.say("m2", seq=2)
    await world.work(1)
    assert await world.states() == {"m1": S.UNKNOWN, "m2": S.QUEUED}, "what follows waits: it might be overtaken"
    await world.work()
    assert world.texts() == ["m1", "m2"]
    assert (await world.states())["m1"] is S.SENT


async def test_what_the_list_does_not_show_is_sent_again_only_when_that_is_certain(world: Delivering, channel: Channel) -> None:
    world.provider.fails.append(OutcomeUnknown("reset"))
    await world.say("m1")
    await world.work()
    while (await world.only()).age <= SETTLED:
        assert (await world.only()).state is S.UNKNOWN
        await world.pass_time(10)
        if (await world.only()).age <= SETTLED:
            await world.work()
    await world.pass_time(20)
    await world.work()
    assert (world.texts(), (await world.only()).state, (await world.only()).attempts) == (["m1"], S.SENT, 2)


async def test_without_a_list_to_look_in_a_person_decides(pool: Any, tmp_path: Path) -> None:
    world = Delivering(pool, tmp_path, reconciles=False)
    await world.channel_app.create(ACME, "wa", TWILIO, "")
    world.provider.fails.append(OutcomeUnknown("reset"))
    await world.say("m1")
    await world.work()
    item = await world.only()
    assert (item.state, world.texts()) == (S.FAILED, [])
    assert "retry it only if" in item.problem


async def test_the_same_text_sent_before_is_not_taken_for_the_lost_one(world: Delivering, channel: Channel) -> None:
    await world.say("m1", "OK")
    await world.work()
    world.provider.fails.append(OutcomeUnknown("reset"))
    await world.say("m2", "OK", seq=2)
    await world.work()
    (second,) = await world.deliveries.list(ACME, S.UNKNOWN, None, None, 9)
    assert second.outgoing.message == "m2"


async def test_a_worker_that_died_in_sending_leaves_an_unknown(world: Delivering, channel: Channel) -> None:
    await world.say("m1")
    (job,) = await world.jobs.claim(DELIVERIES, 9)
    assert await world.deliveries.begin(await world.only()) is not None
    await world.work()
    assert (await world.only()).state is S.SENDING, "its lease still runs"
    await world.pass_time(DELIVERIES.lease.total_seconds())
    world.provider.hidden = True
    await world.work()
    assert (await world.only()).state is S.UNKNOWN
    with pytest.raises(LeaseLost):
        await world.jobs.settle(DELIVERIES, job, Park(timedelta()))


async def test_the_providers_word_frees_what_waits_behind_a_doubt(world: Delivering, channel: Channel) -> None:
    world.provider.fails.append(OutcomeUnknown("reset"))
    world.provider.hidden = True
    await world.say("m1")
    await world.say("m2", seq=2)
    await world.work()
    assert world.texts() == []
    doubted = next(item for item in await world.all() if item.state is S.UNKNOWN)
    await world.deliveries.report(ACME, channel.id, Report("p9", S.DELIVERED, delivery=doubted.id))
    await world.work()
    assert (world.texts(), await world.states()) == (["m2"], {"m1": S.DELIVERED, "m2": S.SENT})


async def test_nothing_of_the_assistant_leaves_after_a_human_took_over(world: Delivering, channel: Channel) -> None:
    await world.say("m1", "one|two")
    await world.work(1)
    world.core.taken.add("c1")
    await world.say("m2", "from the agent", seq=2, fenced=False)
    await world.work()
    assert world.texts() == ["one", "from the agent"]
    assert (await world.states())["two"] is S.CANCELLED


async def test_without_core_the_assistant_waits_and_an_agents_words_leave(world: Delivering, channel: Channel) -> None:
    world.core.failure = Unavailable("away")
    await world.say("m1")
    await world.say("m2", conversation="c2", fenced=False)
    await world.work()
    assert world.texts() == ["m2"]
    assert (await world.states())["m1"] is S.QUEUED
    world.core.failure = None
    await world.pass_time(5)
    await world.work()
    assert world.texts() == ["m2", "m1"]


async def test_what_core_said_too_long_ago_is_asked_again(world: Delivering, channel: Channel) -> None:
    await world.say("m1")
    quick, world.dispatcher = (
        world.dispatcher,
        Dispatcher(world.deliveries, world.channels, world.core, world.providers, world.files, fresh=timedelta()),
    )
    await world.work(1)
    assert (world.texts(), await world.states()) == ([], {"m1": S.QUEUED})
    world.core.taken.add("c1")
    world.dispatcher = quick
    await world.work()
    assert (world.texts(), await world.states()) == ([], {"m1": S.CANCELLED})


async def test_a_paused_channel_keeps_what_waits(world: Delivering, channel: Channel) -> None:
    await world.channel_app.update(ACME, channel.id, Draft(None, "", State.PAUSED, None), ["state"], "")
    await world.say("m1")
    await world.work()
    assert (world.texts(), await world.states()) == ([], {"m1": S.QUEUED})
    await world.channel_app.update(ACME, channel.id, Draft(None, "", State.ACTIVE, None), ["state"], "")
    await world.pass_time(5)
    await world.work()
    assert world.texts() == ["m1"]


async def lose_the_key(world: Delivering) -> bytes:
    """Takes away the key to the channel's credentials; returns what brings it back."""
    sealed: bytes = await world.pool.fetchval("select credentials from channel where id = 'wa'")
    await world.pool.execute("update channel set credentials = 'lost:key' where id = 'wa'")
    return sealed


async def test_without_the_key_to_its_channels_credentials_it_waits_and_says_why(world: Delivering, channel: Channel) -> None:
    await world.say("m1")
    sealed = await lose_the_key(world)
    await world.work()
    item = await world.only()
    assert (item.state, item.problem.partition(":")[0]) == (S.QUEUED, "CREDENTIALS_KEY_MISSING")
    await world.pool.execute("update channel set credentials = $1 where id = 'wa'", sealed)
    await world.pass_time(5)
    await world.work()
    assert world.texts() == ["m1"]


async def test_without_that_key_what_is_unknown_is_looked_for_later(world: Delivering, channel: Channel) -> None:
    world.provider.fails.append(OutcomeUnknown("reset"))
    await world.say("m1")
    await world.work()
    looks = (await world.only()).looks
    await lose_the_key(world)
    await world.pass_time(60)
    await world.work()
    item = await world.only()
    assert (item.state, item.looks) == (S.UNKNOWN, looks + 1)


async def test_what_was_queued_on_a_channel_that_is_gone_has_failed(world: Delivering, channel: Channel) -> None:
    await world.say("m1")
    await world.channel_app.delete(ACME, channel.id)
    await world.work()
    assert await world.states() == {"m1": S.FAILED}


async def test_a_retry_sends_again_and_old_news_changes_nothing(world: Delivering, channel: Channel) -> None:
    await world.say("m1")
    await world.work()
    await world.deliveries.report(ACME, channel.id, Report("p1", S.FAILED, "63016: too late"))
    id = (await world.only()).id
    assert len(await world.jobs.dead_letters(ACME, "deliveries", None, 9)) == 1
    retried = await world.app.retry(ACME, id, "r1")
    assert (await world.app.retry(ACME, id, "r1")).updated == retried.updated
    with pytest.raises(DeliveryNotFailed):
        await world.app.retry(ACME, id, "r2")
    await world.deliveries.report(ACME, channel.id, Report("p1", S.FAILED, "again", delivery=id))
    assert (await world.only()).state is S.QUEUED
    await world.work()
    assert (world.texts(), (await world.only()).provider_id) == (["m1", "m1"], "p2")


async def test_a_delivery_on_the_wire_when_its_customer_is_erased_leaves_nothing_and_is_not_sent_again(
    world: Delivering, channel: Channel
) -> None:
    await world.say("m1", "Dear Sam")
    await world.say("m2", "Sam again", seq=2)
    world.provider.fails.append(world.erase)
    await world.work()
    await world.pass_time(3600)
    await world.work()
    assert world.texts() == ["Dear Sam"]
    assert {(item.text, item.outgoing.recipient, item.problem) for item in await world.all()} == {("", "", "")}
    assert await world.open_jobs() == 0


async def test_a_delivery_of_unknown_outcome_is_not_looked_for_once_its_customer_is_erased(
    world: Delivering, channel: Channel
) -> None:
    world.provider.fails.append(OutcomeUnknown("no answer for Sam"))
    await world.say("m1", "Dear Sam")
    await world.work()
    assert (await world.only()).state is S.UNKNOWN
    await world.erase()
    await world.pass_time(3600)
    await world.work()
    item = await world.only()
    assert (item.state, item.text, item.outgoing.recipient, item.problem) == (S.CANCELLED, "", "", "")
    assert (world.provider.sent, await world.open_jobs()) == ([], 0)


async def test_dead_messages_from_where_an_erased_customer_was_answered_are_erased_too(
    world: Delivering, channel: Channel
) -> None:
    inbounds = PostgresInbounds(world.pool, world.journal)
    for number in ("+49", "+50"):
        sender = Sender(AddressKind.WHATSAPP, number, "Sam")
        stored = await inbounds.add(arrive_by_provider(ACME, ChannelId("wa"), f"SM{number}", sender, "My secret"))
        await world.pool.execute("update inbound set state = 3, problem = 'why' where id = $1", stored.id)
    await inbounds.close()
    await world.say("m1")
    await world.erase()
    dead = await world.pool.fetch("select source_id, text, state, sender, problem from inbound order by id")
    assert [(row["text"], row["state"]) for row in dead] == [("", 2), ("My secret", 3)]
    assert (dead[0]["sender"], dead[0]["problem"]) == (None, "")
