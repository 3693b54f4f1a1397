"""Reports: every number equals a recount of core's own data, also after its follower was stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from frontdesk.admin import v1 as admin_pb
from frontdesk.core import v1 as core_pb
from frontdesk.core.internal import v1 as core_internal
from google.protobuf.timestamp_pb2 import Timestamp
from pydantic import SecretStr

from kit import client
from services.admin.domain.reports import METRICS
from tests.rpc.admin.desk import Shop
from tests.rpc.core.model import Model, says
from tests.rpc.feeds.conftest import Pair

pytestmark = pytest.mark.timeout(120)

COUNTED = """
with mine as (select * from message where organization = $1 and not note)
select
    (select count(distinct conversation) from mine where role = 'CUSTOMER') as conversations_started,
    (select count(*) from mine where role = 'CUSTOMER') as customer_messages,
    (select count(*) from mine where role = 'ASSISTANT') as assistant_messages,
    (select count(*) from mine where role = 'AGENT') as agent_messages,
    (select count(*) from mine where role = 'ASSISTANT' and kind in ('UNKNOWN', 'HOLDING')) as unanswered_questions,
    (select count(distinct subject) from event where organization = $1 and kind in ('HandoverRequested', 'ConversationTaken'))
        as conversations_handed_over,
    (select count(*) from conversation c where organization = $1 and answered_seq >= last_customer_seq
        and exists (select from mine where conversation = c.id and role = 'CUSTOMER')
        and not exists (
            select from event where organization = $1 and kind in ('HandoverRequested', 'ConversationTaken')
                and subject = 'organizations/' || c.organization || '/conversations/' || c.id
        )
        and (select kind from mine where conversation = c.id and role = 'ASSISTANT' order by seq desc limit 1) = 'ANSWER'
    ) as conversations_answered_by_assistant,
    (select count(*) from conversation where organization = $1 and rating is not null) as ratings,
    (select coalesce(sum((model_call ->> 'input_tokens')::bigint), 0) from turn_step where organization = $1) as input_tokens,
    (select coalesce(sum((model_call ->> 'output_tokens')::bigint), 0) from turn_step where organization = $1) as output_tokens,
    (select coalesce(sum((model_call ->> 'micros')::bigint), 0) from turn_step where organization = $1) as cost
"""
EVENTS = "select kind, subject, created, payload from event where organization = $1 order by position"


@dataclass
class World:
    """Admin, and core with a model."""

    pair: Pair
    shop: Shop
    model: Model
    said: int = 0

    async def open(self, session: str, channel: str = "web") -> core_pb.Conversation:
        request = core_internal.OpenConversationRequest(
            parent=self.shop.name,
            channel=f"{self.shop.name}/channels/{channel}",
            identity=core_pb.Identity(kind=core_pb.IDENTITY_KIND_BROWSER, value=session, verify_time=Timestamp(seconds=1)),
        )
        stub = core_internal.ConversationServiceStub(self.pair.core)
        opened: core_pb.Conversation = await client.call(stub.OpenConversation, request, token=self.as_service("channel"))
        return opened

    def as_service(self, name: str) -> str:
        return self.pair.token(name, self.shop)

    async def say(self, conversation: core_pb.Conversation, text: str, answered: bool = True) -> None:
        """A customer's message, and the wait for the assistant's reply."""
        self.said += 1
        request = core_internal.ReceiveMessageRequest(
            parent=self.shop.name,
            channel=conversation.channel,
            source_id=f"m{self.said}",
            conversation=conversation.name,
            text=text,
        )
        stub = core_internal.MessageServiceStub(self.pair.core)
        got = await client.call(stub.ReceiveMessage, request, token=self.as_service("channel"))
        async with asyncio.timeout(20):
            while answered and (await self.pair.messages(conversation, self.shop))[-1].seq <= got.message.seq:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def take(self, conversation: core_pb.Conversation, agent: str) -> None:
        request = core_internal.TakeConversationRequest(
            name=conversation.name, agent=f"{self.shop.name}/agents/{agent}", agent_display_name=agent
        )
        stub = core_internal.TurnServiceStub(self.pair.core)
        await client.call(stub.TakeConversation, request, token=self.as_service("agent"))

    async def post(self, conversation: core_pb.Conversation, agent: str, id: str) -> None:
        request = core_internal.PostMessageRequest(
            parent=conversation.name, agent=f"{self.shop.name}/agents/{agent}", text="Hello, I am here.", request_id=id
        )
        stub = core_internal.MessageServiceStub(self.pair.core)
        await client.call(stub.PostMessage, request, token=self.as_service("agent"))

    async def rate(self, conversation: core_pb.Conversation, score: int) -> None:
        request = core_internal.RateConversationRequest(name=conversation.name, score=score)
        stub = core_internal.ConversationServiceStub(self.pair.core)
        await client.call(stub.RateConversation, request, token=self.as_service("channel"))

    async def change(self, method: str, request: Any) -> None:
        token = self.pair.keys.user_token(self.shop.id, ["core.conversations.update"])
        await client.call(getattr(core_pb.ConversationServiceStub(self.pair.core), method), request, token=token)

    async def report(self, metrics: list[str], dimensions: tuple[str, ...] = (), **more: Any) -> admin_pb.QueryReportResponse:
        query = admin_pb.ReportQuery(metrics=metrics, dimensions=dimensions, **more)
        request = admin_pb.QueryReportRequest(parent=self.shop.name, query=query)
        found: admin_pb.QueryReportResponse = await self.pair.admin.call(
            self.pair.admin.reports.QueryReport, request, self.shop.token("viewer")
        )
        return found

    async def caught_up(self) -> None:
        """Returns when reports say that all that has happened until now is counted."""
        now = datetime.now(UTC)
        async with asyncio.timeout(20):
            while (await self.report(["cost"])).as_of_time.ToDatetime(UTC) < now:  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def rows(self, sql: str) -> list[Any]:
        """Rows of core's own tables."""
        connection = await asyncpg.connect(self.pair.settings["core"].postgres_url.get_secret_value())
        try:
            return list(await connection.fetch(sql, self.shop.id))
        finally:
            await connection.close()


@pytest_asyncio.fixture
async def world(pair: Pair) -> AsyncIterator[World]:
    async with Model(usual=says("It takes ", "30 days ", "[1", "].")).serving() as model:
        await pair.stop("core")
        with_model = {
            "assistant": "openai",
            "openai_base_url": model.url,
            "openai_api_key": SecretStr("sk-test"),
            "model_prices": "gpt-4o=2.5/10",
            "openai_judge_seconds": 0.0,
        }
        pair.settings["core"] = pair.settings["core"].model_copy(update=with_model)
        await pair.start("core")
        yield World(pair, await pair.admin.shop(), model)


async def story(world: World) -> None:
    """A morning: answers, a handover with an agent, one who steps in, and one who is still waiting."""
    for n in range(2):
        await world.say(await world.open(f"quick-{n}"), "How long can I return a parcel?")
    quick = await world.open("quick")
    await world.say(quick, "How long can I return a parcel?")
    await world.say(quick, "And how long do refunds take?")
    handed = await world.open("handed", "whatsapp")
    await world.say(handed, "How long can I return a parcel?")
    await world.say(handed, "I want to talk to a human", answered=False)
    await world.pair.stop("admin")  # the follower ends while things happen
    await asyncio.sleep(0.1)
    await world.take(handed, "ada")
    await world.post(handed, "ada", "hello")
    await world.post(handed, "ada", "more")
    await world.say(handed, "Thanks!", answered=False)
    await world.change("TagConversation", core_pb.TagConversationRequest(name=handed.name, add=["billing", "vip"]))
    await world.change("CloseConversation", core_pb.CloseConversationRequest(name=handed.name))
    await world.pair.start("admin")
    await world.rate(quick, 2)
    await world.rate(quick, 5)
    await world.rate(handed, 4)
    stepped = await world.open("stepped")
    await world.say(stepped, "Is anyone here?", answered=False)
    await world.take(stepped, "bob")
    await asyncio.sleep(0.05)
    await world.post(stepped, "bob", "yes")
    waiting = await world.open("waiting")
    await world.say(waiting, "I want to talk to a human", answered=False)
    closed = await world.open("closed")
    await world.change("CloseConversation", core_pb.CloseConversationRequest(name=closed.name))  # nothing was said: not counted


async def test_every_number_equals_a_recount_also_after_the_follower_was_stopped(world: World) -> None:
    await story(world)
    await world.caught_up()
    everything = [metric.id for metric in METRICS]
    report = await world.report(everything)
    total = dict(zip(everything, report.total.values, strict=True))
    [counted] = await world.rows(COUNTED)
    for id, expected in counted.items():
        value = total[id]
        found = value.money.units * 1_000_000 + value.money.nanos // 1_000 if id == "cost" else value.count
        assert found == expected, id
    assert counted["cost"] > 0
    assert counted["conversations_handed_over"] == 3
    assert counted["conversations_answered_by_assistant"] == 3
    durations = await _durations(world)
    for name, exact in durations.items():
        for share, suffix in ((0.5, "median"), (0.9, "p90")):
            expected_ms = sorted(exact)[ceil(len(exact) * share) - 1]
            found_ms = total[f"{name}_{suffix}"].duration.ToTimedelta() / timedelta(milliseconds=1)
            assert found_ms == pytest.approx(expected_ms, rel=0.03, abs=3), f"{name}_{suffix}"
    assert total["rating_average"].number == 4.5
    assert not (await world.report(["rating_average"], filters=[_nowhere(world)])).total.values[0].WhichOneof("kind")
    for dimension in ("hour", "day", "week", "month", "channel", "agent", "conversation"):
        await _adds_up(world, dimension, counted)
    await _leads_to_its_conversations(world)
    await _splits_by_tag(world)


def _nowhere(world: World) -> admin_pb.ReportFilter:
    return admin_pb.ReportFilter(dimension="channel", values=[f"{world.shop.name}/channels/nowhere"])


async def _durations(world: World) -> dict[str, list[float]]:
    """Durations in milliseconds, from the facts in core's own journal."""
    found: dict[str, list[float]] = {"assistant_first_response": [], "agent_first_response": [], "waiting": []}
    began: dict[str, datetime] = {}
    responded: set[str] = set()
    asked: dict[str, datetime] = {}
    waits: dict[str, datetime] = {}
    for row in await world.rows(EVENTS):
        event = core_internal.Event.FromString(row["payload"])
        name, at = event.conversation.name, row["created"]
        match row["kind"]:
            case "MessageCreated" if event.message_created.role == core_pb.PARTICIPANT_ROLE_CUSTOMER:
                began.setdefault(name, at)
            case "MessageCreated" if event.message_created.role == core_pb.PARTICIPANT_ROLE_ASSISTANT:
                if name not in responded:
                    found["assistant_first_response"].append((at - began[name]).total_seconds() * 1000)
                responded.add(name)
            case "MessageCreated" if name in asked:
                found["agent_first_response"].append((at - asked.pop(name)).total_seconds() * 1000)
            case "HandoverRequested":
                waits[name] = asked[name] = at
            case "ConversationTaken":
                asked.setdefault(name, at)
                if name in waits:
                    found["waiting"].append((at - waits.pop(name)).total_seconds() * 1000)
    assert all(found.values()), found
    return found


async def _adds_up(world: World, dimension: str, counted: Any) -> None:
    """The rows of a report sum up to its total."""
    metrics = ["customer_messages", "agent_messages", "input_tokens", "conversations_started"]
    report = await world.report(metrics, (dimension,))
    for n, metric in enumerate(metrics):
        assert sum(row.values[n + 1].count for row in report.rows) == counted[metric], (dimension, metric)


async def _leads_to_its_conversations(world: World) -> None:
    handed = await world.rows(
        "select distinct subject from event where organization = $1 and kind in ('HandoverRequested', 'ConversationTaken')"
    )
    report = await world.report(["conversations_handed_over"], ("conversation",))
    assert {row.values[0].text for row in report.rows} == {row["subject"] for row in handed}
    only = [admin_pb.ReportFilter(dimension="channel", values=[f"{world.shop.name}/channels/whatsapp"])]
    report = await world.report(["conversations_handed_over"], ("conversation",), filters=only)
    assert len(report.rows) == 1
    report = await world.report(
        ["agent_messages"], ("agent",), order=admin_pb.ReportOrder(column="agent_messages", descending=True)
    )
    assert [(row.values[0].text, row.values[1].count) for row in report.rows] == [
        (f"{world.shop.name}/agents/ada", 2),
        (f"{world.shop.name}/agents/bob", 1),
    ]


async def _splits_by_tag(world: World) -> None:
    report = await world.report(["conversations_started"], ("tag",))
    assert {row.values[0].text: row.values[1].count for row in report.rows} == {"": 5, "billing": 1, "vip": 1}
    assert report.total.values[0].count == 6, "one with two tags is one conversation"
    without = [admin_pb.ReportFilter(dimension="tag", values=["vip"], exclude=True)]
    assert (await world.report(["conversations_started"], filters=without)).total.values[0].count == 5
    none = [admin_pb.ReportFilter(dimension="tag", values=[""])]
    assert (await world.report(["conversations_started"], filters=none)).total.values[0].count == 5
