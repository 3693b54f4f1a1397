"""`Inbounds`: nothing that was added is lost, doubled or out of order."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from kit.clock import utc_now
from kit.errors import RequestIdReused
from kit.ids import OrganizationId
from services.channel.domain.channels import ChannelId
from services.channel.domain.facts import InboundMessageDied
from services.channel.domain.inbound import Accepted, Arrival, InboundId, InboundState
from services.channel.domain.sessions import ConversationId

from .conftest import Ports

ACME = OrganizationId("acme")
ACCEPTED = Accepted("m1", 7, datetime(2026, 1, 1, tzinfo=UTC), 3)
LEASE = timedelta(seconds=10)


def arrival(request_id: str, conversation: str = "c1", text: str = "Hello", organization: str = "acme") -> Arrival:
    place = (OrganizationId(organization), ChannelId("web"), ConversationId(conversation))
    return Arrival(*place, f"s-{conversation}:{request_id}", request_id, text)


async def waiting(ports: Ports, conversation: str = "c1") -> list[str]:
    return [item.arrival.request_id for item in await ports.inbounds.waiting(ConversationId(conversation), ACME)]


async def test_what_comes_again_is_found_and_not_added(ports: Ports) -> None:
    first = await ports.inbounds.add(arrival("r1"))
    again = await ports.inbounds.add(arrival("r1"))
    assert (again.id, again.created, again.accepted) == (first.id, first.created, None)
    await ports.inbounds.forwarded([(first.id, ACCEPTED)])
    assert (await ports.inbounds.add(arrival("r1"))).accepted == ACCEPTED
    assert (await ports.inbounds.add(arrival("r1", organization="other"))).id != first.id
    assert len(await ports.inbounds.list(ACME, None, None, 10)) == 1


@pytest.mark.parametrize("forwarded", [False, True])
async def test_another_text_under_the_same_id_is_noticed(ports: Ports, forwarded: bool) -> None:
    first = await ports.inbounds.add(arrival("r1"))
    if forwarded:
        await ports.inbounds.forwarded([(first.id, ACCEPTED)])
    with pytest.raises(RequestIdReused):
        await ports.inbounds.add(arrival("r1", text="Bye"))


async def test_an_arrival_learns_what_waits_before_it(ports: Ports) -> None:
    one = await ports.inbounds.add(arrival("r1"))
    two = await ports.inbounds.add(arrival("r2"))
    await ports.inbounds.add(arrival("r1", conversation="c2"))
    three = await ports.inbounds.add(arrival("r3"))
    assert one.waiting == ()
    assert two.waiting == (one.id,)
    assert sorted(three.waiting) == [one.id, two.id]
    assert (await ports.inbounds.add(arrival("r2"))).waiting == (one.id,)
    await ports.inbounds.forwarded([(one.id, ACCEPTED)])
    assert (await ports.inbounds.add(arrival("r4"))).waiting == (two.id, three.id)
    assert await waiting(ports) == ["r2", "r3", "r4"]


async def test_a_forwarded_message_leaves_its_text_to_core(ports: Ports) -> None:
    stored = await ports.inbounds.add(arrival("r1"))
    await ports.inbounds.forwarded([(stored.id, ACCEPTED)])
    await ports.inbounds.refused(stored.id, "too late")
    found = await ports.inbounds.get(ACME, stored.id)
    assert found is not None
    assert (found.state, found.arrival.text, found.message, found.seq) == (InboundState.FORWARDED, "", "m1", 7)
    assert await ports.inbounds.get(OrganizationId("other"), stored.id) is None


async def test_the_first_due_message_of_each_conversation_is_claimed_once(ports: Ports) -> None:
    for conversation in ("c1", "c2", "c3"):
        for request_id in ("r1", "r2"):
            await ports.inbounds.add(arrival(request_id, conversation))
    now = utc_now()
    assert await ports.inbounds.claim(now, LEASE, 10) == []
    later = now + timedelta(seconds=11)
    claimed = await ports.inbounds.claim(later, LEASE, 2)
    claimed = [*claimed, *await ports.inbounds.claim(later, LEASE, 10)]
    assert [(c.arrival.conversation, c.arrival.request_id) for c in claimed] == [("c1", "r1"), ("c2", "r1"), ("c3", "r1")]
    assert await ports.inbounds.claim(later, LEASE, 10) == []
    await ports.inbounds.release([claimed[0].id], later)
    assert [c.arrival.conversation for c in await ports.inbounds.claim(later, LEASE, 10)] == ["c1"]
    assert len(await ports.inbounds.claim(later + LEASE, LEASE, 10)) == 3


async def test_a_postponed_head_holds_its_conversation_back(ports: Ports) -> None:
    one = await ports.inbounds.add(arrival("r1"))
    await ports.inbounds.add(arrival("r2"))
    now = utc_now()
    await ports.inbounds.postponed(one.id, now + timedelta(minutes=5), 3, "INTERNAL: a bug")
    await ports.inbounds.postponed(one.id, now + timedelta(minutes=5), 0, "INTERNAL: a bug")
    assert await ports.inbounds.claim(now + timedelta(minutes=4), LEASE, 10) == []
    (head,) = await ports.inbounds.claim(now + timedelta(minutes=6), LEASE, 10)
    assert (head.arrival.request_id, head.attempts, head.problem) == ("r1", 3, "INTERNAL: a bug")


async def test_a_dead_message_is_reported_once_lets_others_pass_and_can_be_revived(ports: Ports) -> None:
    await ports.inbounds.add(arrival("r1"))
    await ports.inbounds.add(arrival("r2"))
    one = (await ports.inbounds.waiting(ConversationId("c1"), ACME))[0]
    fact = InboundMessageDied(one.id, "c1")
    assert await ports.inbounds.revive(ACME, one.id, utc_now()) is None
    await ports.inbounds.died(one, "why", fact)
    await ports.inbounds.died(one, "why", fact)
    assert await waiting(ports) == ["r2"]
    (dead,) = await ports.inbounds.list(ACME, InboundState.DEAD, None, 10)
    assert (dead.arrival.text, dead.attempts, dead.problem) == ("Hello", 1, "why")
    assert await ports.inbounds.revive(OrganizationId("other"), one.id, utc_now()) is None
    revived = await ports.inbounds.revive(ACME, one.id, utc_now())
    assert revived is not None
    assert (revived.state, revived.attempts) == (InboundState.PENDING, 0)
    assert await waiting(ports) == ["r1", "r2"]
    assert await ports.told() == ["InboundMessageDied"]


async def test_received_messages_are_listed_newest_first(ports: Ports) -> None:
    stored = [await ports.inbounds.add(arrival(f"r{n}")) for n in range(5)]
    assert [i.id for i in await ports.inbounds.list(ACME, None, None, 2)] == [stored[4].id, stored[3].id]
    assert [i.id for i in await ports.inbounds.list(ACME, None, stored[1].id, 9)] == [stored[0].id]
    assert await ports.inbounds.list(OrganizationId("other"), None, None, 9) == []


async def test_what_is_done_is_swept_after_its_time(ports: Ports) -> None:
    ids = [(await ports.inbounds.add(arrival(f"r{n}"))).id for n in range(3)]
    await ports.inbounds.forwarded([(ids[0], ACCEPTED)])
    await ports.inbounds.refused(ids[1], "no")
    assert await ports.inbounds.sweep(utc_now() - timedelta(minutes=1)) == 0
    assert await ports.inbounds.sweep(utc_now() + timedelta(minutes=1)) == 2
    assert [i.id for i in await ports.inbounds.list(ACME, None, None, 10)] == [ids[2]]


async def test_the_same_message_many_times_at_once_is_stored_once(ports: Ports) -> None:
    stored = await asyncio.gather(*(ports.inbounds.add(arrival("r1")) for _ in range(20)))
    assert len({item.id for item in stored}) == 1
    assert len(await ports.inbounds.list(ACME, None, None, 100)) == 1


async def test_marks_may_be_repeated_and_name_what_is_gone(ports: Ports) -> None:
    stored = await ports.inbounds.add(arrival("r1"))
    for _ in range(2):
        await ports.inbounds.forwarded([(stored.id, ACCEPTED), (InboundId(999_999), ACCEPTED)])
    assert await waiting(ports) == []


async def test_many_at_once_are_each_stored_once_and_one_that_is_given_up_disturbs_no_one(ports: Ports) -> None:
    adding = [asyncio.create_task(ports.inbounds.add(arrival(f"r{n}", f"c{n % 7}"))) for n in range(300)]
    await asyncio.sleep(0)
    adding[5].cancel()
    results = await asyncio.gather(*adding, return_exceptions=True)
    stored = [item for item in results if not isinstance(item, BaseException)]
    assert len({item.id for item in stored}) == len(stored) >= 299
    again = [await ports.inbounds.add(arrival(f"r{n}", f"c{n % 7}")) for n in range(300)]
    assert {item.id for item in stored} <= {item.id for item in again}
    assert len({item.id for item in again}) == 300


async def test_connections_that_broke_while_no_one_wrote_are_replaced(ports: Ports) -> None:
    first = await ports.inbounds.add(arrival("r1"))
    others = "from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database() and usename = current_user"
    await ports.pool.execute(f"select pg_terminate_backend(pid, 2000) {others}")
    await asyncio.sleep(0.05)  # this side learns of it
    assert (await ports.inbounds.add(arrival("r2"))).waiting == (first.id,)


async def test_what_was_brought_over_can_be_counted(ports: Ports) -> None:
    stored = await ports.inbounds.add(arrival("r1"))
    await ports.inbounds.add(arrival("r2"))
    await ports.inbounds.add(arrival("r1", organization="other"))
    await ports.inbounds.forwarded([(stored.id, ACCEPTED)])
    before = ACCEPTED.created - timedelta(seconds=1)
    assert await ports.inbounds.organizations(before) == [ACME]
    assert await ports.inbounds.accepted_since(ACME, before) == {"m1": ACCEPTED.created}
    assert await ports.inbounds.accepted_since(OrganizationId("other"), before) == {}
    assert await ports.inbounds.organizations(ACCEPTED.created) == []
    assert await ports.inbounds.accepted_since(ACME, ACCEPTED.created) == {}
