"""The port Conversations: one truth, whichever process is faster."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kit.clock import utc_now
from kit.ids import OrganizationId
from services.core.domain import (
    EVERY,
    AgentId,
    Change,
    ChannelId,
    Citation,
    Content,
    Conversation,
    ConversationId,
    ConversationNotFound,
    MessageId,
    MessageKind,
    MessageNotFound,
    Reply,
    Responder,
    Role,
    Source,
    State,
    TurnId,
    TurnNotFound,
    TurnState,
    Wanted,
    close,
    finish,
    note,
    receive,
    retry,
    tag,
    take,
)
from services.core.ports.conversations import AlreadySaid, Conflict
from tests.contract.core.conftest import Kept

pytestmark = pytest.mark.asyncio(loop_scope="session")

SOURCE = Source("organizations/o/documents/d", 7, "documents/d/passages/7-0", "Returns", "How", "https://x", "é")
REPLY = Reply("30 days [1]", MessageKind.ANSWER, (Citation(0, 7, SOURCE), Citation(3, 7, SOURCE)), "scripted", 12, 34)
EXPIRED = timedelta(seconds=-1)
LEASE = timedelta(seconds=30)


async def said(kept: Kept, conversation: Conversation, source: str) -> Conversation:
    change = receive(conversation, Content.of("Hello"), source, utc_now())
    await kept.conversations.commit(change)
    return change.after


async def test_opening_twice_gives_one_conversation(kept: Kept) -> None:
    first, again = await kept.open(), await kept.open(name="Another name")
    assert first == again
    assert (first.state, first.revision, first.last_seq, first.turn) == (State.AUTOMATED, 0, 0, None)
    assert (await kept.open("b2")).id != first.id
    assert await kept.facts() == ["ConversationOpened", "ConversationOpened"]


async def test_opening_at_once_gives_one_conversation_and_one_customer(kept: Kept) -> None:
    opened = await asyncio.gather(*(kept.open() for _ in range(8)))
    assert len({(c.id, c.customer) for c in opened}) == 1
    assert await kept.facts() == ["ConversationOpened"]
    assert len(await kept.customers.page(kept.organization, "", None, 10)) == 1


async def test_a_commit_is_read_back_whole(kept: Kept) -> None:
    asked = await kept.asked()
    turn = asked.turn
    assert turn is not None
    assert await kept.conversations.load(kept.organization, asked.id) == asked
    change = finish(asked, turn, REPLY, utc_now())
    await kept.conversations.commit(change)
    assert await kept.conversations.load(kept.organization, asked.id) == change.after
    assert (await kept.conversations.messages(kept.organization, asked.id))[1] == change.messages[0]
    assert await kept.conversations.turn(kept.organization, asked.id, turn.id) == change.turns[0]
    assert await kept.facts() == ["ConversationOpened", "TurnStarted", "MessageCreated", "TurnEnded", "MessageCreated"]


async def test_what_was_decided_on_an_older_revision_is_a_conflict_and_changes_nothing(kept: Kept) -> None:
    opened = await kept.open()
    first, second = (receive(opened, Content.of(text), f"channel/web/{text}", utc_now()) for text in ("a", "b"))
    await kept.conversations.commit(first)
    facts = await kept.facts()
    with pytest.raises(Conflict):
        await kept.conversations.commit(second)
    assert await kept.conversations.load(kept.organization, opened.id) == first.after
    assert [m.text for m in await kept.conversations.messages(kept.organization, opened.id)] == ["a"]
    assert await kept.facts() == facts


async def test_of_many_at_once_one_commits(kept: Kept) -> None:
    opened = await kept.open()
    changes = [receive(opened, Content.of("Hi"), f"channel/web/{n}", utc_now()) for n in range(8)]
    results = await asyncio.gather(*map(kept.conversations.commit, changes), return_exceptions=True)
    assert sorted(map(repr, results)) == sorted(["None", *["Conflict()"] * 7])
    assert len(await kept.conversations.messages(kept.organization, opened.id)) == 1


async def test_what_waits_together_commits_together_and_each_gets_its_own_result(kept: Kept) -> None:
    opened = [await kept.open(f"b{n}") for n in range(6)]
    await said(kept, opened[0], "channel/web/before")
    changes = [receive(conversation, Content.of("Hi"), f"channel/web/{n}", utc_now()) for n, conversation in enumerate(opened)]
    changes[2] = receive(opened[2], Content.of("Hi"), "channel/web/before", utc_now())
    results = await asyncio.gather(*map(kept.conversations.commit, changes), return_exceptions=True)
    assert [repr(result) for result in results] == ["Conflict()", "None", "AlreadySaid()", "None", "None", "None"]
    for conversation, texts in zip(opened, ([1], [1], [], [1], [1], [1]), strict=True):
        assert [m.seq for m in await kept.conversations.messages(kept.organization, conversation.id)] == texts
    assert sorted(await kept.facts()) == ["ConversationOpened"] * 6 + ["MessageCreated"] * 5 + ["TurnStarted"] * 5


async def test_who_stops_waiting_for_a_commit_takes_nothing_from_the_others(kept: Kept) -> None:
    opened = [await kept.open(f"b{n}") for n in range(4)]
    tasks = [
        asyncio.create_task(kept.conversations.commit(receive(conversation, Content.of("Hi"), f"channel/web/{n}", utc_now())))
        for n, conversation in enumerate(opened)
    ]
    await asyncio.sleep(0)
    tasks[0].cancel()
    tasks[2].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert (results[1], results[3]) == (None, None)
    for n in (1, 3):
        assert [m.seq for m in await kept.conversations.messages(kept.organization, opened[n].id)] == [1]
    await said(kept, await kept.open("b9"), "channel/web/9")  # the next one is not held up
    assert "MessageCreated" in await kept.facts()


async def test_a_message_of_the_same_source_is_already_said_whatever_the_conversation(kept: Kept) -> None:
    asked = await kept.asked()
    facts = await kept.facts()
    with pytest.raises(AlreadySaid):
        await kept.conversations.commit(receive(asked, Content.of("again"), "channel/web/m1", utc_now()))
    assert await kept.conversations.load(kept.organization, asked.id) == asked
    other = await kept.open("b2")
    with pytest.raises(AlreadySaid):
        await kept.conversations.commit(receive(other, Content.of("again"), "channel/web/m1", utc_now()))
    found = await kept.conversations.said(kept.organization, "channel/web/m1")
    assert found is not None
    assert (found[0], found[1].text) == (asked.id, "How long?")
    assert await kept.conversations.said(kept.organization, "channel/web/m2") is None
    assert await kept.conversations.said(OrganizationId("another"), "channel/web/m1") is None
    assert await kept.facts() == [*facts, "ConversationOpened"]


async def test_a_conversation_has_one_open_turn(kept: Kept) -> None:
    asked = await kept.asked()
    assert asked.turn is not None
    second = replace(asked.turn, id=TurnId("another"))
    with pytest.raises(Conflict):
        await kept.conversations.commit(
            Change(asked, replace(asked, revision=asked.revision + 1, turn=second), turns=(second,))
        )
    assert await kept.conversations.load(kept.organization, asked.id) == asked


async def test_one_change_ends_a_turn_and_begins_the_next(kept: Kept) -> None:
    asked = await kept.asked()
    again = await said(kept, asked, "channel/web/m2")
    assert asked.turn is not None
    assert again.turn is not None
    assert again.turn.id != asked.turn.id
    turns = await kept.conversations.turns(kept.organization, asked.id, None, 10)
    assert {turn.id: turn.state for turn in turns} == {
        again.turn.id: TurnState.RUNNING,
        asked.turn.id: TurnState.SUPERSEDED,
    }


async def test_a_running_turn_is_claimed_when_its_lease_is_over_and_the_zombie_loses(kept: Kept) -> None:
    asked = await kept.asked()
    turn = asked.turn
    assert turn is not None
    assert await kept.claim(LEASE, 10) == []
    await kept.conversations.extend([(kept.organization, turn.id, 1)], EXPIRED)
    [claimed] = await kept.claim(LEASE, 10)
    assert claimed.turn is not None
    assert (claimed.turn.id, claimed.turn.attempt, claimed.turn.state) == (turn.id, 2, TurnState.RUNNING)
    assert claimed.revision == asked.revision + 1
    with pytest.raises(Conflict):
        await kept.conversations.commit(finish(asked, turn, REPLY, utc_now()))
    assert await kept.claim(LEASE, 10) == []
    await kept.conversations.commit(finish(claimed, claimed.turn, REPLY, utc_now()))
    assert len(await kept.conversations.messages(kept.organization, asked.id)) == 2


async def test_a_lease_is_extended_for_the_attempt_that_holds_it_alone(kept: Kept) -> None:
    asked = await kept.asked()
    assert asked.turn is not None
    id = asked.turn.id
    mine, zombie = (kept.organization, id, 1), (kept.organization, id, 0)
    await kept.conversations.extend([mine], EXPIRED)
    await kept.conversations.extend([zombie, (OrganizationId("another"), id, 1)], LEASE)
    await kept.conversations.extend([], LEASE)
    [claimed] = await kept.claim(EXPIRED, 10)
    await kept.conversations.extend([(kept.organization, id, 2)], LEASE)
    assert await kept.claim(LEASE, 10) == []
    assert claimed.turn is not None
    await kept.conversations.commit(finish(claimed, claimed.turn, REPLY, utc_now()))
    await kept.conversations.extend([(kept.organization, id, 2)], EXPIRED)
    assert await kept.claim(LEASE, 10) == []


async def test_a_pending_turn_is_claimed_when_it_is_due(kept: Kept) -> None:
    opened = await kept.open()
    later = receive(opened, Content.of("Hi"), "channel/web/1", utc_now(), quiet=timedelta(hours=1))
    await kept.conversations.commit(later)
    assert await kept.claim(LEASE, 10) == []
    sooner = receive(
        await kept.open("b2"), Content.of("Hi"), "channel/web/2", utc_now() - timedelta(seconds=5), quiet=timedelta(seconds=1)
    )
    await kept.conversations.commit(sooner)
    [claimed] = await kept.claim(LEASE, 10)
    assert claimed.id == sooner.after.id
    assert claimed.turn is not None
    assert claimed.turn.attempt == 1


async def test_claims_at_once_share_what_is_due(kept: Kept) -> None:
    past = utc_now() - timedelta(seconds=9)
    made = set()
    for n in range(6):
        change = receive(await kept.open(f"b{n}"), Content.of("Hi"), f"channel/web/{n}", past, quiet=timedelta(seconds=1))
        await kept.conversations.commit(change)
        made.add(change.after.id)
    claimed = await asyncio.gather(*(kept.claim(LEASE, 2) for _ in range(3)))
    assert all(len(some) <= 2 for some in claimed)
    rest = await kept.claim(LEASE, 10)
    everything = [c.id for some in [*claimed, rest] for c in some]
    assert sorted(everything) == sorted(made)


async def test_a_claim_never_waits_for_a_conversation_that_is_being_changed(kept: Kept) -> None:
    due = receive(
        await kept.open(), Content.of("Hi"), "channel/web/1", utc_now() - timedelta(seconds=9), quiet=timedelta(seconds=1)
    )
    await kept.conversations.commit(due)
    async with kept.pool.acquire() as connection:
        async with connection.transaction():  # a commit between its two locks: the conversation's, then the turn's
            await connection.execute("select from conversation where id = $1 for update", due.after.id)
            assert await kept.claim(LEASE, 10) == []
            await connection.execute("select from turn where conversation = $1 for update", due.after.id)
        assert [c.id for c in await kept.claim(LEASE, 10)] == [due.after.id]


async def test_a_turn_put_back_keeps_its_attempts(kept: Kept) -> None:
    asked = await kept.asked()
    assert asked.turn is not None
    past = utc_now() - timedelta(seconds=9)
    await kept.conversations.commit(retry(asked, asked.turn, "the model failed", past))
    [claimed] = await kept.claim(LEASE, 10)
    assert claimed.turn is not None
    assert (claimed.turn.attempt, claimed.turn.error) == (2, "the model failed")


async def test_messages_are_read_by_pages_the_newest_page_first(kept: Kept) -> None:
    current = await kept.open()
    for n in range(1, 8):
        current = await said(kept, current, f"channel/web/{n}")
    read = kept.conversations.messages

    async def seqs(**where: int) -> list[int]:
        return [message.seq for message in await read(kept.organization, current.id, **where)]  # type: ignore[arg-type]

    assert await seqs(limit=3) == [5, 6, 7]
    assert await seqs(before=5, limit=3) == [2, 3, 4]
    assert await seqs(before=2, limit=3) == [1]
    assert await seqs(after=5) == [6, 7]
    assert await seqs(after=2, before=6, limit=2) == [4, 5]
    assert await read(OrganizationId("another"), current.id) == []


async def test_notes_can_be_left_out(kept: Kept) -> None:
    current = await said(kept, await kept.open(), "channel/web/1")
    hidden = note(current, AgentId("a1"), "Agent", Content.of("secret"), "n1", utc_now())
    await kept.conversations.commit(hidden)
    read = kept.conversations.messages
    assert [m.role for m in await read(kept.organization, current.id)] == [Role.CUSTOMER, Role.AGENT]
    assert [m.role for m in await read(kept.organization, current.id, notes=False)] == [Role.CUSTOMER]
    assert await read(kept.organization, current.id, limit=1, notes=False) != []


async def test_conversations_are_listed_the_one_that_changed_last_first(kept: Kept) -> None:
    made = [await kept.open(f"b{n}") for n in range(5)]
    now = utc_now() + timedelta(seconds=60)
    closed = close(made[1], now)
    assert closed is not None
    await kept.conversations.commit(closed)
    tagged = tag(made[3], ("vip",), (), now)  # of the same moment: the id decides, so that no page loses one
    assert tagged is not None
    await kept.conversations.commit(tagged)

    async def listed(limit: int, after: Conversation | None = None, *states: State) -> list[Conversation]:
        before = (after.updated, after.id) if after else None
        found = await kept.conversations.page(kept.organization, Wanted(states=states), before, limit)
        return [each.conversation for each in found]

    whole = await listed(10)
    assert {c.id for c in whole[:2]} == {made[1].id, made[3].id}
    assert [c.id for c in whole[2:]] == [made[4].id, made[2].id, made[0].id]
    seen: list[Conversation] = []
    while page := await listed(2, seen[-1] if seen else None):
        seen += page
    assert seen == whole
    assert [c.id for c in await listed(10, None, State.CLOSED)] == [made[1].id]
    assert await kept.conversations.page(OrganizationId("another"), EVERY, None, 10) == []


async def test_lists_are_filtered_by_all_conditions_at_once(kept: Kept) -> None:
    made = [await kept.open(f"f{n}") for n in range(4)]
    now = utc_now()
    tagged = tag(made[0], ("billing", "vip"), (), now)
    assert tagged is not None
    await kept.conversations.commit(tagged)
    taken = take(made[1], AgentId("ada"), "Ada", None, now)
    assert taken is not None
    await kept.conversations.commit(taken)
    asked = receive(made[2], Content.of("Hello?"), "channel/filter/1", now, responder=Responder.AGENTS)
    await kept.conversations.commit(asked)
    closed = close(made[3], now + timedelta(seconds=60))
    assert closed is not None
    await kept.conversations.commit(closed)
    ids = {conversation.id: n for n, conversation in enumerate(made)}

    async def listed(**wanted: Any) -> set[int]:
        found = await kept.conversations.page(kept.organization, Wanted(**wanted), None, 10)
        shown = [each.conversation.id for each in found]
        among = await kept.conversations.among(kept.organization, Wanted(**wanted), list(ids))
        assert among == set(shown), "both ways agree"
        return {ids[id] for id in shown}

    assert await listed(tags=("vip",)) == await listed(tags=("billing", "vip")) == {0}
    assert await listed(tags=("billing", "other")) == set()
    assert await listed(agent=AgentId("ada")) == {1}
    assert await listed(agent=AgentId("ada"), states=(State.WAITING,)) == set()
    assert await listed(states=(State.WAITING, State.ASSIGNED)) == {1, 2}
    assert await listed(unanswered=True) == {2}
    assert await listed(unanswered=False) == {0, 1, 3}
    assert await listed(changed_since=now + timedelta(seconds=30)) == {3}
    assert await listed(changed_before=now + timedelta(seconds=30)) == {0, 1, 2}
    assert await listed(ids=(made[1].id, made[3].id), states=(State.CLOSED,)) == {3}
    assert await listed(channel=ChannelId("nowhere")) == set()
    assert await listed(channel=made[0].channel, customer=made[0].customer) == {0}


async def test_turns_are_listed_the_newest_first(kept: Kept) -> None:
    current = await kept.asked()
    for n in range(2, 4):
        current = await said(kept, current, f"channel/web/{n}")
    turns = await kept.conversations.turns(kept.organization, current.id, None, 10)
    assert sorted(turn.supersedes for turn in turns) == [0, 1, 2]
    assert [turn.id for turn in turns] == sorted((turn.id for turn in turns), reverse=True)
    assert await kept.conversations.turns(kept.organization, current.id, turns[0].id, 1) == turns[1:2]
    assert await kept.conversations.turns(OrganizationId("another"), current.id, None, 10) == []


async def test_what_is_not_there_or_anothers_is_not_found(kept: Kept) -> None:
    asked = await kept.asked()
    assert asked.turn is not None
    [message] = await kept.conversations.messages(kept.organization, asked.id)
    another, nowhere = OrganizationId("another"), ConversationId("nowhere")
    for organization, conversation in ((another, asked.id), (kept.organization, nowhere)):
        with pytest.raises(ConversationNotFound):
            await kept.conversations.load(organization, conversation)
        with pytest.raises(MessageNotFound):
            await kept.conversations.message(organization, conversation, message.id)
        with pytest.raises(TurnNotFound):
            await kept.conversations.turn(organization, conversation, asked.turn.id)
    with pytest.raises(MessageNotFound):
        await kept.conversations.message(kept.organization, asked.id, MessageId("nothing"))
    assert await kept.conversations.message(kept.organization, asked.id, message.id) == message


async def test_facts_are_written_without_gaps_in_the_order_of_commits(kept: Kept) -> None:
    opened = await asyncio.gather(*(kept.open(f"b{n}") for n in range(5)))
    changes = [receive(c, Content.of("Hi"), f"channel/web/{n}", utc_now()) for n, c in enumerate(opened)]
    await asyncio.gather(*(kept.conversations.commit(change) for change in changes))
    facts = await kept.facts()
    assert facts[:5] == ["ConversationOpened"] * 5
    assert facts[5:] == ["TurnStarted", "MessageCreated"] * 5
