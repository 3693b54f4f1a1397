"""The queue and the assignments recounted against a real core's journal."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import grpc
import pytest
from frontdesk.agent import v1 as pb
from frontdesk.agent.internal import v1 as internal

from kit import client, errors, recounts
from stack.testing import TestStores
from tests.rpc.agent.office import Office, eventually, open_office


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recounts, "PAUSE_SECONDS", 0.3)


async def verify(office: Office) -> list[internal.VerifyStoresResponse]:
    stub = internal.VerificationServiceStub(office.replicas[0].channel)
    token = office.keys.service_token("stack")
    return [each async for each in client.stream(stub.VerifyStores, internal.VerifyStoresRequest(), token=token)]


async def test_queue_and_assignments_are_what_core_says_until_a_row_is_tampered_with(office: Office) -> None:
    agent = office.agent("a1")
    waits, held, closed = [await office.ask_for_human(session) for session in ("s1", "s2", "s3")]
    for conversation in (held, closed):
        await agent.accept((await agent.entry(conversation)).handover)
    await agent.to.handovers.ResolveConversation(pb.ResolveConversationRequest(name=closed), metadata=agent.metadata)
    await agent.entry(waits)
    (result,) = await verify(office)
    assert (result.store, result.counted, result.different) == ("queue", 2, 0)

    connection = await asyncpg.connect(office.postgres_url)
    await connection.execute("update handover set state = 'WITHDRAWN', ended = created where state = 'PENDING'")
    await connection.execute("update assignment set agent = 'a2' where ended is null")
    await connection.close()
    (result,) = await verify(office)
    names = [name.removeprefix("organizations/").replace("/conversations", "") for name in (waits, held)]
    assert result.different == 3
    assert sorted(result.differences) == sorted(
        [
            f"conversation {names[0]} waits for an agent, by core alone",
            f"conversation {names[1]} is with agent a1 since epoch 3, by core alone",
            f"conversation {names[1]} is with agent a2 since epoch 3, by this service alone",
        ]
    )


async def test_a_recount_while_agents_work_finds_nothing(office: Office) -> None:
    agent = office.agent("a1")
    for n in range(5):
        conversation = await office.ask_for_human(f"s{n}")
        (result,) = await verify(office)
        assert list(result.differences) == []
        await agent.accept((await agent.entry(conversation)).handover)


async def test_only_the_operator_may_ask(office: Office) -> None:
    call = internal.VerificationServiceStub(office.replicas[0].channel).VerifyStores(
        internal.VerifyStoresRequest(), metadata=office.as_service("channel")
    )
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call.read()
    assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_replicas_share_what_core_tells(stores: TestStores, tmp_path: Path) -> None:
    """Two replicas, and conversations of many organizations' worth of shards: each event is followed once."""
    async with open_office(stores, tmp_path, replicas=2) as office:
        for n in range(6):
            await office.ask_for_human(f"s{n}")
        agent = office.agent("a1")

        async def all_wait() -> bool:
            return len((await agent.screen()).queue_entries) == 6

        await eventually(all_wait)
        connection = await asyncpg.connect(office.postgres_url)
        assert await connection.fetchval("select count(*) from follower where source = 'core'") == 2
        assert await connection.fetchval("select count(*) from handover") == 6
        await connection.close()


async def test_without_core_it_says_so(stores: TestStores, tmp_path: Path) -> None:
    async with open_office(stores, tmp_path, core_url="127.0.0.1:1") as office:
        with pytest.raises(errors.Unavailable):
            await verify(office)
