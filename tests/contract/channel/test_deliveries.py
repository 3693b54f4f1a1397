"""`Deliveries`, `Outbox` and `Polls`: forward only, one at a time per conversation, and told with each change."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from kit import ids
from kit.clock import utc_now
from kit.ids import OrganizationId
from services.channel.domain import channels, facts
from services.channel.domain.channels import Channel, ChannelId, Draft, Kind, TwilioWhatsAppConfig
from services.channel.domain.deliveries import Delivery, DeliveryId, DeliveryState, Outgoing, Report
from services.channel.domain.sessions import ConversationId

from .conftest import Ports

ACME, WA = OrganizationId("acme"), ChannelId("wa")
LEASE = timedelta(seconds=10)
GONE = timedelta(seconds=-1)
"""A lease that has run out already."""
S = DeliveryState


def queued(message: str, seq: int = 1, part: int = 1, conversation: str = "c1", text: str = "Hello") -> Delivery:
    outgoing = Outgoing(ACME, WA, ConversationId(conversation), message, seq, "+49", True)
    return Delivery(DeliveryId(ids.new()), outgoing, part, text, utc_now(), utc_now())


async def sending(ports: Ports, lease: timedelta = LEASE) -> Delivery:
    """One delivery that is SENDING."""
    await ports.queue(queued(ids.new()))
    (claimed,) = await ports.deliveries.claim(LEASE, 1)
    begun = await ports.deliveries.begin(claimed, lease)
    assert begun is not None
    return begun


async def state(ports: Ports, item: Delivery) -> DeliveryState:
    found = await ports.deliveries.get(ACME, item.id)
    assert found is not None
    return found.state


def order(items: Sequence[Delivery]) -> list[tuple[str, int]]:
    return [(item.outgoing.message, item.part) for item in items]


async def test_a_part_of_a_message_is_queued_once(ports: Ports) -> None:
    first = queued("m1")
    await ports.queue(first, queued("m1", part=2))
    await ports.queue(queued("m1"), queued("m1", part=2), queued("m1", part=3))
    listed = await ports.deliveries.list(ACME, None, None, None, 10)
    assert sorted(order(listed)) == [("m1", 1), ("m1", 2), ("m1", 3)]
    found = await ports.deliveries.get(ACME, first.id)
    assert found is not None
    assert (found.outgoing, found.text, found.state, found.attempts) == (first.outgoing, "Hello", S.QUEUED, 0)
    assert await ports.deliveries.get(OrganizationId("other"), first.id) is None
    assert await ports.told() == ["DeliveryStateChanged"] * 3


async def test_the_first_of_each_conversation_is_claimed_once(ports: Ports) -> None:
    await ports.queue(queued("m2", seq=2), queued("m1", part=2), queued("m1"), queued("m3", conversation="c2"))
    claimed = await ports.deliveries.claim(LEASE, 10)
    assert sorted(order(claimed)) == [("m1", 1), ("m3", 1)]
    assert await ports.deliveries.claim(LEASE, 10) == []


async def test_one_of_a_conversation_is_on_the_wire(ports: Ports) -> None:
    await ports.queue(queued("m1"), queued("m2", seq=2))
    (first,) = await ports.deliveries.claim(LEASE, 10)
    begun = await ports.deliveries.begin(first, LEASE)
    assert begun is not None
    assert (begun.state, begun.attempts, begun.begun is not None) == (S.SENDING, 1, True)
    assert await ports.deliveries.begin(first, LEASE) is None, "it is begun already"
    assert await ports.deliveries.claim(LEASE, 10) == []
    second = next(d for d in await ports.deliveries.list(ACME, S.QUEUED, None, None, 9))
    assert await ports.deliveries.begin(second, LEASE) is None, "another one is on the wire"
    await ports.deliveries.ended(begun, S.UNKNOWN, "no answer")
    assert await ports.deliveries.claim(LEASE, 10) == [], "an unknown one still is"
    await ports.deliveries.sent(begun, Report("p1", S.SENT))
    assert order(await ports.deliveries.claim(LEASE, 10)) == [("m2", 1)]


async def test_what_is_put_off_is_queued_again_and_due_later(ports: Ports) -> None:
    begun = await sending(ports)
    await ports.deliveries.reschedule(begun, "20429: Too Many", timedelta(minutes=1))
    found = await ports.deliveries.get(ACME, begun.id)
    assert found is not None
    assert (found.state, found.problem, found.attempts) == (S.QUEUED, "20429: Too Many", 1)
    assert await ports.deliveries.claim(LEASE, 10) == []
    await ports.deliveries.reschedule(found, "", GONE)
    assert order(await ports.deliveries.claim(LEASE, 10)) == [(begun.outgoing.message, 1)]
    assert await ports.told() == ["DeliveryStateChanged"] * 3, "what stays QUEUED is no news"


async def test_an_attempt_that_is_over_changes_nothing_more(ports: Ports) -> None:
    begun = await sending(ports)
    await ports.deliveries.reschedule(begun, "", GONE)
    (claimed,) = await ports.deliveries.claim(LEASE, 10)
    again = await ports.deliveries.begin(claimed, LEASE)
    assert again is not None
    await ports.deliveries.ended(begun, S.FAILED, "an old attempt")
    await ports.deliveries.reschedule(begun, "an old attempt", GONE)
    assert await state(ports, begun) is S.SENDING
    await ports.deliveries.ended(again, S.FAILED, "21211: Invalid")
    assert await state(ports, begun) is S.FAILED


async def test_who_lets_the_lease_run_out_leaves_an_unknown(ports: Ports) -> None:
    begun = await sending(ports, GONE)
    assert await ports.deliveries.overdue() == 1
    assert await ports.deliveries.overdue() == 0
    (found,) = await ports.deliveries.unknown(LEASE, 10)
    assert (found.id, found.state) == (begun.id, S.UNKNOWN)
    assert timedelta() <= found.age < timedelta(minutes=1)
    assert await ports.deliveries.unknown(LEASE, 10) == []
    await ports.deliveries.looked(found, GONE)
    (again,) = await ports.deliveries.unknown(LEASE, 10)
    assert again.looks == found.looks + 1


@pytest.mark.parametrize("states", [*itertools.permutations([S.SENT, S.DELIVERED, S.READ])])
async def test_states_move_forward_only_in_whatever_order_they_are_told(ports: Ports, states: Sequence[DeliveryState]) -> None:
    begun = await sending(ports)
    for told in states:
        assert await ports.deliveries.report(ACME, WA, Report("p1", told, delivery=begun.id))
        assert await ports.deliveries.report(ACME, WA, Report("p1", told))
    await ports.deliveries.sent(begun, Report("p1", S.SENT))
    await ports.deliveries.report(ACME, WA, Report("p1", S.FAILED, "too late"))
    found = await ports.deliveries.get(ACME, begun.id)
    assert found is not None
    assert (found.state, found.provider_id, found.problem) == (S.READ, "p1", "")


async def test_a_failure_the_provider_tells_later_follows_sent(ports: Ports) -> None:
    begun = await sending(ports)
    await ports.deliveries.sent(begun, Report("p1", S.SENT))
    await ports.deliveries.report(ACME, WA, Report("p1", S.FAILED, "63016: outside"))
    found = await ports.deliveries.get(ACME, begun.id)
    assert found is not None
    assert (found.state, found.problem) == (S.FAILED, "63016: outside")


async def test_the_providers_word_ends_a_doubt(ports: Ports) -> None:
    begun = await sending(ports)
    await ports.deliveries.ended(begun, S.UNKNOWN, "reset")
    await ports.deliveries.report(ACME, WA, Report("p1", S.SENT, delivery=begun.id))
    assert await state(ports, begun) is S.SENT
    other = await sending(ports)
    await ports.deliveries.reschedule(other, "not there", GONE)
    await ports.deliveries.report(ACME, WA, Report("p2", S.DELIVERED, delivery=other.id))
    assert await state(ports, other) is S.DELIVERED, "it was there after all, so it must not be sent again"
    assert await ports.deliveries.claim(LEASE, 10) == []


async def test_news_of_what_is_not_ours_changes_nothing(ports: Ports) -> None:
    begun = await sending(ports)
    assert not await ports.deliveries.report(ACME, ChannelId("another"), Report("p1", S.READ, delivery=begun.id))
    assert not await ports.deliveries.report(OrganizationId("other"), WA, Report("p1", S.READ, delivery=begun.id))
    assert not await ports.deliveries.report(ACME, WA, Report("p1", S.READ))
    await ports.deliveries.sent(begun, Report("p1", S.SENT))
    await ports.deliveries.sent(begun, Report("p2", S.READ))
    found = await ports.deliveries.get(ACME, begun.id)
    assert found is not None
    assert (found.state, found.provider_id) == (S.SENT, "p1")


async def test_a_retry_needs_a_failure_and_is_made_once(ports: Ports) -> None:
    begun = await sending(ports)
    assert await ports.deliveries.retry(ACME, begun.id, "r1") is None
    await ports.deliveries.sent(begun, Report("p1", S.FAILED, "63016"))
    assert await ports.deliveries.retry(OrganizationId("other"), begun.id, "r1") is None
    first = await ports.deliveries.retry(ACME, begun.id, "r1")
    assert first is not None
    assert (first.state, first.provider_id, first.problem) == (S.QUEUED, "", "")
    again = await ports.deliveries.retry(ACME, begun.id, "r1")
    assert again is not None
    assert again.state is S.QUEUED
    assert await ports.deliveries.retry(ACME, begun.id, "r2") is None
    assert not await ports.deliveries.report(ACME, WA, Report("p1", S.DELIVERED, delivery=begun.id)), "of the attempt before"
    assert await state(ports, begun) is S.QUEUED
    assert await ports.deliveries.known(ACME, ["p1", "p9"]) == {"p1": "Hello"}
    assert await ports.deliveries.known(OrganizationId("other"), ["p1"]) == {}


async def test_deliveries_are_listed_the_newest_first(ports: Ports) -> None:
    for number in range(5):
        await ports.queue(queued(f"m{number}", seq=number, conversation=f"c{number % 2}"))
    listed = await ports.deliveries.list(ACME, None, None, None, 2)
    assert order(listed) == [("m4", 1), ("m3", 1)]
    before = (listed[1].created, listed[1].id)
    assert order(await ports.deliveries.list(ACME, None, None, before, 9)) == [("m2", 1), ("m1", 1), ("m0", 1)]
    assert order(await ports.deliveries.list(ACME, None, ConversationId("c1"), None, 9)) == [("m3", 1), ("m1", 1)]
    assert await ports.deliveries.list(ACME, S.SENT, None, None, 9) == []


async def test_many_workers_at_once_send_each_delivery_once(ports: Ports) -> None:
    await ports.queue(*(queued(f"m{n}", seq=n, conversation=f"c{n % 4}") for n in range(40)))
    left: list[str] = []

    async def worker() -> None:
        while len(left) < 40:
            for item in await ports.deliveries.claim(LEASE, 3):
                begun = await ports.deliveries.begin(item, LEASE)
                if begun is not None:
                    left.append(item.outgoing.message)
                    await ports.deliveries.sent(begun, Report(f"p-{item.id}", S.SENT))
            await asyncio.sleep(0)

    async with asyncio.timeout(30):
        await asyncio.gather(*(worker() for _ in range(4)))
    assert sorted(left) == sorted(f"m{n}" for n in range(40))
    for lane in range(4):
        mine = [message for message in left if int(message[1:]) % 4 == lane]
        assert mine == sorted(mine, key=lambda message: int(message[1:]))


async def channel(ports: Ports, id: str = "wa", kind: Kind = Kind.WHATSAPP_TWILIO) -> Channel:
    config = TwilioWhatsAppConfig("AC1", "+1") if kind is Kind.WHATSAPP_TWILIO else None
    made = channels.create(ACME, ChannelId(id), Draft(kind, "Name", None, config), utc_now())
    await ports.channels.add(made, "", facts.ChannelCreated(id, kind, "Name"))
    return made


async def test_a_channel_is_read_back_once_in_its_time_from_where_it_was_read_to(ports: Ports) -> None:
    made = await channel(ports)
    await channel(ports, "web", Kind.WEB_CHAT)
    (poll,) = await ports.polls.due(LEASE, 9)
    assert (poll.channel.id, close(poll.since, made.created)) == ("wa", True)
    assert await ports.polls.due(LEASE, 9) == []
    (again,) = await ports.polls.due(timedelta(), 9)
    assert close(again.since, made.created), "what was not finished is read anew"
    await ports.polls.done(again)
    (later,) = await ports.polls.due(timedelta(), 9)
    assert close(later.since, again.began)


def close(one: datetime, other: datetime) -> bool:
    return abs(one - other) < timedelta(milliseconds=1)


async def test_a_paused_channel_is_not_read_back(ports: Ports) -> None:
    made = await channel(ports)
    paused = channels.update(made, Draft(None, "", channels.State.PAUSED, None), ["state"], utc_now())
    await ports.channels.replace(paused, facts.ChannelUpdated("wa", "Name", "PAUSED", ("state",)))
    assert await ports.polls.due(LEASE, 9) == []


async def test_a_channel_that_cannot_be_opened_keeps_no_other_from_being_read(ports: Ports) -> None:
    await channel(ports)
    await channel(ports, "other")
    await ports.seal("other")
    assert [poll.channel.id for poll in await ports.polls.due(LEASE, 9)] == ["wa"]
