"""`ports.Queues` and `ports.CannedReplies`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kit.ids import OrganizationId
from services.agent.domain import custody as rules
from services.agent.domain.canned_reply import CannedReply, CannedReplyAlreadyExists, CannedReplyNotFound
from services.agent.domain.custody import Request
from services.agent.domain.ids import CannedReplyId, ConversationId, HandoverId, QueueId
from services.agent.domain.queue import Queue, QueueAlreadyExists, QueueNotFound, Rule
from tests.services.agent.ports import Ports, ids_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def queue(organization: OrganizationId, id: str) -> Queue:
    rules = (Rule(("refund", "Zurück"), ()), Rule((), ("organizations/x/channels/web",)))
    return Queue(organization, QueueId(id), "VIP", rules, 3, ("es",), timedelta(minutes=2), NOW, NOW)


def reply(organization: OrganizationId, id: str, shortcut: str) -> CannedReply:
    return CannedReply(organization, CannedReplyId(id), shortcut, "Hello!\nHow can I help?", NOW, NOW)


async def test_a_queue_comes_back_as_it_was_stored(ports: Ports, organization: OrganizationId) -> None:
    made = await ports.queues.add(queue(organization, "vip"))
    assert await ports.queues.get(organization, QueueId("vip")) == made
    assert await ports.queues.all(organization) == [made]
    assert await ports.queues.all(OrganizationId(f"{organization}x")) == []
    with pytest.raises(QueueAlreadyExists):
        await ports.queues.add(queue(organization, "vip"), "r1")
    changed = await ports.queues.change(organization, made.id, lambda q: replace(q, order=9, accept_target=None))
    assert await ports.queues.get(organization, made.id) == changed
    with pytest.raises(QueueNotFound):
        await ports.queues.change(organization, QueueId("none"), lambda q: q)


async def test_a_request_makes_one_queue(ports: Ports, organization: OrganizationId) -> None:
    made = await ports.queues.add(queue(organization, "q1"), "r1")
    assert await ports.queues.add(queue(organization, "q2"), "r1") == made
    assert ids_of(await ports.queues.all(organization)) == ["q1"]


async def test_the_heir_of_a_queue_gets_what_waited(ports: Ports, organization: OrganizationId) -> None:
    for id in ("vip", "default"):
        await ports.queues.add(queue(organization, id))
    request = Request("", "", "", "", 1, QueueId("vip"))
    await ports.custodies.change(
        organization, ConversationId("c1"), lambda c: rules.queue_up(c, request, HandoverId("h1"), NOW)
    )
    counted = await ports.queues.get(organization, QueueId("vip"))
    assert counted is not None
    assert counted.entry_count == 1
    await ports.queues.remove(organization, QueueId("vip"), QueueId("default"))
    assert ids_of(await ports.custodies.waiting(organization, QueueId("default"), None, 9)) == ["h1"]
    with pytest.raises(QueueNotFound):
        await ports.queues.remove(organization, QueueId("vip"), QueueId("default"))


async def test_a_canned_reply_comes_back_as_it_was_stored(ports: Ports, organization: OrganizationId) -> None:
    made = await ports.canned_replies.add(reply(organization, "r1", "hi"), "q1")
    assert await ports.canned_replies.get(organization, made.id) == made
    assert await ports.canned_replies.add(reply(organization, "r2", "hi"), "q1") == made
    changed = await ports.canned_replies.change(organization, made.id, lambda r: replace(r, text="Hey", version=2))
    assert await ports.canned_replies.get(organization, made.id) == changed
    await ports.canned_replies.remove(organization, made.id)
    assert await ports.canned_replies.get(organization, made.id) is None
    with pytest.raises(CannedReplyNotFound):
        await ports.canned_replies.remove(organization, made.id)
    with pytest.raises(CannedReplyNotFound):
        await ports.canned_replies.change(organization, made.id, lambda r: r)


async def test_shortcuts_are_unique_and_order_the_pages(ports: Ports, organization: OrganizationId) -> None:
    for id, shortcut in (("r1", "c"), ("r2", "a"), ("r3", "b")):
        await ports.canned_replies.add(reply(organization, id, shortcut))
    with pytest.raises(CannedReplyAlreadyExists):
        await ports.canned_replies.add(reply(organization, "r4", "a"))
    with pytest.raises(CannedReplyAlreadyExists):
        await ports.canned_replies.change(organization, CannedReplyId("r1"), lambda r: replace(r, shortcut="b"))
    await ports.canned_replies.add(reply(OrganizationId(f"{organization}x"), "r1", "a"))
    assert ids_of(await ports.canned_replies.page(organization, None, 2)) == ["r2", "r3"]
    assert ids_of(await ports.canned_replies.page(organization, "b", 2)) == ["r1"]
