"""Retention: old facts are deleted when all have passed them, and the newest fact of each state is kept."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from frontdesk.admin.internal import v1 as admin
from frontdesk.core.internal import v1 as internal
from frontdesk.event.v1 import Filter

from kit import errors, journal
from kit.feeds import Feed
from kit.journal import EventsDeleted, Fact, Filters, Journal, Retention, Verified, retention, shard_of, store
from kit.revocations import own_journal

pytestmark = pytest.mark.asyncio(loop_scope="session")

ACME = "acme"
SHARD = shard_of(ACME)
STATES = journal.states(internal)


@dataclass
class MessageCreated:
    subject: str = "conversations/c1/messages/m1"


@dataclass
class HandoverRequested:
    subject: str


@dataclass
class ConversationClosed:
    subject: str


@dataclass
class CustomerBlocked:
    subject: str


def encode(organization: str, fact: Any) -> Fact:
    return Fact(internal.Event(conversation_closed={}), f"organizations/{organization}/{fact.subject}")


class Aged:
    """A journal whose facts can be made old."""

    def __init__(self, pool: Any, *verifications: str) -> None:
        self.pool = pool
        self.journal = Journal(pool, "test", encode, states=STATES)
        self.retention = Retention(pool, internal, 30, verifications)

    async def write(self, *facts: object, days: int = 0, organization: str = ACME) -> None:
        async with self.journal.transaction(organization) as tx:
            tx.add(*facts)
        await self.pool.execute(
            "update event set created = created - $1::interval where shard = $2 and created > now() - interval '1h'",
            timedelta(days=days),
            shard_of(organization),
        )

    async def sweep(self) -> None:
        while await self.retention.sweep():
            pass

    async def kept(self) -> list[int]:
        return [record.position for record in await self.journal.read({SHARD: 0})]

    async def deleted(self) -> int:
        return (await self.journal.deleted())[SHARD]

    async def starts(self, after: Mapping[int, int], **filters: Any) -> list[int]:
        """The positions that a follower gets that starts there."""
        request = internal.WatchEventsRequest(shards=[SHARD], after=after, until_now=True)
        request.filters.extend([Filter(**filters)] if filters else [])
        responses = journal.serve(self.journal, request, internal.WatchEventsResponse, over=lambda: False)
        got = [internal.WatchEventsResponse.FromString(each.SerializeToString()) async for each in responses]
        return [each.event.envelope.position for each in got if each.HasField("event")]


@pytest.fixture
def aged(empty: Any) -> Aged:
    return Aged(empty)


async def test_facts_older_than_the_age_are_deleted_and_newer_ones_stay(aged: Aged) -> None:
    await aged.write(*[MessageCreated()] * 5, days=31)
    await aged.write(*[MessageCreated()] * 3, days=29)
    await aged.sweep()
    assert (await aged.kept(), await aged.deleted()) == ([6, 7, 8], 5)
    await aged.write(MessageCreated())
    assert await aged.starts({SHARD: 5}) == [6, 7, 8, 9]


async def test_a_sweep_is_made_in_batches(aged: Aged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    await aged.write(*[MessageCreated()] * 5, days=31)
    assert await aged.retention.sweep()
    assert await aged.deleted() == 2
    await aged.sweep()
    assert (await aged.kept(), await aged.deleted()) == ([], 5)


async def test_the_newest_fact_of_each_state_and_subject_is_kept(aged: Aged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 3)
    one, two, customer = "conversations/c1", "conversations/c2", "customers/u1"
    await aged.write(HandoverRequested(one), MessageCreated(), HandoverRequested(two), CustomerBlocked(customer), days=60)
    await aged.write(ConversationClosed(one), MessageCreated(), days=50)
    await aged.sweep()
    assert (await aged.kept(), await aged.deleted()) == ([3, 4, 5], 6)
    await aged.write(HandoverRequested(one), days=40)
    await aged.write(ConversationClosed(two), days=1)
    await aged.sweep()
    assert (await aged.kept(), await aged.deleted()) == ([3, 4, 7, 8], 7), "3 stays until the age of 8 is over"
    assert [tuple(row) for row in await aged.pool.fetch("select state, subject, position from kept_event order by 3")] == [
        ("custody", "organizations/acme/conversations/c2", 3),
        ("block", "organizations/acme/customers/u1", 4),
        ("custody", "organizations/acme/conversations/c1", 7),
    ]


async def test_a_late_follower_gets_a_typed_error_unless_it_follows_states(aged: Aged) -> None:
    await aged.write(MessageCreated(), HandoverRequested("conversations/c1"), MessageCreated(), days=31)
    await aged.write(MessageCreated())
    await aged.sweep()
    with pytest.raises(EventsDeleted) as caught:
        await aged.starts({SHARD: 1})
    assert isinstance(caught.value, errors.OutOfRange)
    assert caught.value.metadata == {"shard": str(SHARD), "position": "1", "deleted": "3"}
    assert "reset its cursor" in str(caught.value)
    with pytest.raises(EventsDeleted):
        await aged.starts({SHARD: 1}, kinds=["MessageCreated", "HandoverRequested"])
    with pytest.raises(EventsDeleted):
        await aged.starts({SHARD: 1}, labels=["with-agents"])
    assert await aged.starts({SHARD: 1}, kinds=["HandoverRequested", "ConversationClosed"]) == [2]
    assert await aged.starts({SHARD: 3}) == [4]


async def test_a_follower_that_begins_gets_what_is_kept(aged: Aged) -> None:
    await aged.write(MessageCreated(), HandoverRequested("conversations/c1"), MessageCreated(), days=31)
    await aged.write(MessageCreated())
    await aged.sweep()
    assert await aged.starts({}) == await aged.starts({SHARD: 0}) == [2, 4]


async def test_a_follower_that_begins_is_said_to_have_passed_what_was_deleted(
    aged: Aged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "BATCH", 2)
    await aged.write(*[HandoverRequested(f"conversations/c{n}") for n in range(5)], MessageCreated(), days=31)
    await aged.sweep()
    request = internal.WatchEventsRequest(shards=[SHARD])
    seen, passed = list[int](), dict[int, int]()
    async with aclosing(journal.serve(aged.journal, request, internal.WatchEventsResponse, over=lambda: False)) as responses:
        async for response in responses:
            got = internal.WatchEventsResponse.FromString(response.SerializeToString())
            if got.HasField("checkpoint"):
                passed = dict(got.checkpoint.positions)
                break
            seen.append(got.event.envelope.position)
    assert (seen, passed) == ([1, 2, 3, 4, 5], {SHARD: 6})
    assert await aged.starts({SHARD: 6}) == []


async def test_facts_that_are_deleted_just_before_they_are_read_are_not_passed_over_in_silence(
    aged: Aged, monkeypatch: pytest.MonkeyPatch
) -> None:
    await aged.write(*[MessageCreated()] * 2, HandoverRequested("conversations/c1"), *[MessageCreated()] * 2, days=31)
    await aged.write(HandoverRequested("conversations/c2"))
    aged.journal = Journal(aged.pool, "test", encode, states=STATES)  # one that has none of them in memory
    look, looks = aged.journal.deleted, list[dict[int, int]]()
    before = await look()
    await aged.sweep()

    async def deleted() -> dict[int, int]:
        return looks.pop() if looks else await look()

    async def follow(*kinds: str) -> list[int]:
        looks.append(before)
        request = internal.WatchEventsRequest(shards=[SHARD], after={SHARD: 1}, filters=[{"kinds": kinds}])
        seen = list[int]()
        async with aclosing(journal.serve(aged.journal, request, internal.WatchEventsResponse, lambda: False)) as responses:
            async for response in responses:
                got = internal.WatchEventsResponse.FromString(response.SerializeToString())
                seen.append(got.event.envelope.position)
                if seen[-1] == 6:
                    break
        return seen

    monkeypatch.setattr(aged.journal, "deleted", deleted)
    with pytest.raises(EventsDeleted) as caught:
        await follow("MessageCreated", "HandoverRequested")
    assert caught.value.metadata == {"shard": str(SHARD), "position": "1", "deleted": "5"}
    assert await follow("HandoverRequested") == [3, 6], "of a state only the newest fact matters"


async def test_a_moment_is_not_before_what_was_deleted(aged: Aged) -> None:
    await aged.write(HandoverRequested("conversations/c1"), MessageCreated(), days=31)
    await aged.write(MessageCreated(), days=9)
    await aged.sweep()
    moment = datetime.now(UTC) - timedelta(days=20)
    assert await aged.journal.before([SHARD], moment) == {SHARD: 2}


async def test_facts_that_a_follower_has_not_passed_are_not_deleted_while_it_calls(aged: Aged) -> None:
    await aged.write(*[MessageCreated()] * 5, days=31)
    await aged.journal.note_follower("agent/follow", {SHARD: 2})
    await aged.journal.note_follower("channel/follow", {SHARD: 4})
    await aged.sweep()
    assert await aged.deleted() == 2
    await aged.journal.note_follower("agent/follow", {SHARD: 5})
    await aged.sweep()
    assert await aged.deleted() == 4
    await aged.pool.execute("update journal_follower set seen = seen - interval '91 days' where follower = 'channel/follow'")
    await aged.sweep()
    assert await aged.deleted() == 5, "one that does not call any more holds nothing back"


async def test_facts_that_were_not_verified_are_not_deleted(empty: Any) -> None:
    aged = Aged(empty, "tables", "transcripts")
    await aged.write(*[MessageCreated()] * 5, days=31)
    await aged.sweep()
    tables, transcripts = Verified(empty, "tables"), Verified(empty, "transcripts")
    now = await tables.moment(empty, SHARD, 5)
    await tables.store(SHARD, 5, now)
    await aged.sweep()
    assert await aged.deleted() == 0
    await transcripts.store(SHARD, 3, now)
    await aged.sweep()
    assert await aged.deleted() == 3


async def test_two_sweeps_at_once_delete_once(aged: Aged) -> None:
    await aged.write(HandoverRequested("conversations/c1"), *[MessageCreated()] * 5, days=31)
    await aged.retention._delete(SHARD, 0, 4)
    with pytest.raises(retention.SweptElsewhere):
        await aged.retention._delete(SHARD, 0, 6)
    assert (await aged.kept(), await aged.deleted()) == ([1, 5, 6], 4)


async def test_what_holds_old_facts_back_is_logged_once(aged: Aged, caplog: pytest.LogCaptureFixture) -> None:
    await aged.write(MessageCreated(), days=61)
    await aged.journal.note_follower("agent/follow", {SHARD: 0})
    for _ in range(2):
        await aged.sweep()
    assert [record.getMessage() for record in caplog.records if record.name == "frontdesk"] == [
        "old facts can't be deleted: a follower or a verification has not passed them"
    ]


async def test_a_feed_of_facts_that_matter_for_minutes_begins_again_after_a_long_pause(aged: Aged) -> None:
    await aged.write(*[MessageCreated()] * 3, days=31)
    await aged.write(CustomerBlocked("customers/u1"))
    await aged.sweep()
    await aged.pool.execute("insert into cursor (source, shard, position) values ('test/revocations', $1, 1)", SHARD)
    await aged.pool.execute("insert into feed values ('test/revocations', clock_timestamp() - interval '40 days', now())")
    revoked: list[int] = []
    feed = Feed(
        name="test/revocations",
        request=internal.WatchEventsRequest,
        open=own_journal(aged.journal, internal),
        event=internal.Event,
        kinds=["CustomerBlocked", "ConversationOpened"],
        key=lambda event: "",
        apply=lambda event: revoked.append(event.envelope.position),
        pool=aged.pool,
        keep_seconds=600,
    )
    await feed.load()
    await feed._read(until_now=True)
    assert revoked == [4]


async def test_what_feeds_follow_are_states() -> None:
    """A feed keeps the newest fact of each subject: a new one finds them all in a journal whose old facts are deleted."""
    from services.channel import followers as of_channel
    from services.core import followers as of_core
    from services.core.adapters import budgets

    followed = {*of_core.KINDS, "OrganizationStateChanged"}
    followed |= set(of_channel.settings_feed(Any, Any, Any, None).kinds)  # type: ignore[arg-type]
    followed |= set(of_channel.businesses_feed(Any, Any, None).kinds)  # type: ignore[arg-type]
    assert followed <= set(journal.states(admin))
    assert Filters(budgets.ZONES.filters).only(journal.states(admin))
