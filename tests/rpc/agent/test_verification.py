"""The queue and the assignments recounted against a real core's journal."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import grpc
import pytest
from frontdesk.admin.internal import v1 as admin_internal
from frontdesk.agent import v1 as pb
from frontdesk.agent.internal import v1 as internal
from frontdesk.core.internal import v1 as core_internal
from google.protobuf.duration_pb2 import Duration
from pydantic import SecretStr

from kit import client, errors, journal, postgres, recounts
from kit.ids import OrganizationId
from services.agent.adapters import core_journal
from stack.testing import TestStores
from tests.rpc.admin.desk import running, settings_for
from tests.rpc.agent.office import ORGANIZATION, Office, eventually, open_office
from tests.support import serving


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recounts, "PAUSE_SECONDS", 0.3)


async def verify(office: Office, full: bool = False) -> list[internal.VerifyStoresResponse]:
    stub = internal.VerificationServiceStub(office.replicas[0].channel)
    token = office.keys.service_token("stack")
    return [each async for each in client.stream(stub.VerifyStores, internal.VerifyStoresRequest(full=full), token=token)]


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


async def test_a_recount_continues_where_the_last_one_ended(office: Office) -> None:
    agent = office.agent("a1")
    waits, held = [await office.ask_for_human(session) for session in ("s1", "s2")]
    await agent.accept((await agent.entry(held)).handover)
    await agent.entry(waits)
    await verify(office)
    connection = await asyncpg.connect(office.core_postgres_url)
    await connection.execute("delete from event")  # facts that were counted are not needed again
    await connection.close()
    later = await office.ask_for_human("s3")
    await agent.entry(later)
    (result,) = await verify(office)
    assert (result.counted, result.different) == (3, 0)
    (result,) = await verify(office, full=True)
    assert (result.counted, result.different) == (1, 2)


async def test_an_agent_service_that_begins_again_finds_the_queue_in_the_facts_that_are_kept(office: Office) -> None:
    agent = office.agent("a1")
    waits, held, closed = [await office.ask_for_human(session) for session in ("s1", "s2", "s3")]
    for conversation in (held, closed):
        await agent.accept((await agent.entry(conversation)).handover)
    await agent.to.handovers.ResolveConversation(pb.ResolveConversationRequest(name=closed), metadata=agent.metadata)
    await agent.entry(waits)
    async with postgres.open_pool(SecretStr(office.core_postgres_url), size=2) as pool:
        await pool.execute("update event set created = created - interval '31 days'")
        await pool.execute("delete from journal_follower")
        await journal.Retention(pool, core_internal, 30).sweep()
        assert await pool.fetchval("select count(*) from event") == 3, "the newest of each conversation that agents had"
    async with postgres.open_pool(SecretStr(office.postgres_url), size=2) as pool:
        await pool.execute("delete from handover; delete from assignment; delete from custody")
        await pool.execute("update cursor set position = 0 where source = 'core'")

    await office.ask_for_human("s4")  # its fact shows the running follower that its cursor was moved

    async def is_rebuilt() -> bool:
        (result,) = await verify(office, full=True)
        return (result.counted, result.different) == (3, 0)

    async with asyncio.timeout(30):
        while not await is_rebuilt():
            pass


async def test_a_recount_while_agents_work_finds_nothing(office: Office) -> None:
    agent = office.agent("a1")
    for n in range(5):
        conversation = await office.ask_for_human(f"s{n}")
        (result,) = await verify(office)
        assert list(result.differences) == []
        await agent.accept((await agent.entry(conversation)).handover)


async def test_an_erased_organization_is_in_no_snapshot_and_no_difference(stores: TestStores, tmp_path: Path) -> None:
    keys, acme = serving.Keys(tmp_path), ORGANIZATION.rpartition("/")[2]
    async with running(settings_for(stores, keys), keys) as admin:
        create = admin_internal.CreateOrganizationRequest(
            organization_id=acme,
            organization={"display_name": "Acme"},
            owner={"user_id": "owner", "email": "owner@demo.test", "display_name": "O", "password": "correct horse battery"},
            request_id="first",
        )
        await admin.call(admin.operator.CreateOrganization, create, keys.service_token("stack"))
        kept = await admin.shop()
        async with (
            open_office(stores, tmp_path, keys=keys, admin_url=admin.url, erasure_quiet_seconds=0.1) as office,
            postgres.open_pool(SecretStr(office.postgres_url), size=2) as pool,
        ):
            await office.agent("a1").entry(await office.ask_for_human())
            (result,) = await verify(office)
            assert (result.counted, result.different) == (1, 0)
            shard = journal.shard_of(OrganizationId(acme))
            stored = "select state -> 'holds' from verification where name = $1 and shard = $2"
            (hold,) = await pool.fetchval(stored, core_journal.NAME, shard)
            assert hold[0] == acme
            other = [kept.id, "c1", "", 0]
            await pool.execute(
                "update verification set state = $3 where name = $1 and shard = $2",
                core_journal.NAME,
                shard,
                {"holds": [hold, other]},
            )
            delete = admin_internal.DeleteOrganizationRequest(name=ORGANIZATION, grace=Duration())
            await admin.call(admin.operator.DeleteOrganization, delete, keys.service_token("stack"))

            async def is_confirmed() -> bool:
                request = admin_internal.GetOrganizationErasureRequest(organization_id=acme)
                try:
                    found = await admin.call(admin.operator.GetOrganizationErasure, request, keys.service_token("stack"))
                except errors.NotFound:
                    return False
                return any(each.service == "agent" and each.HasField("finish_time") for each in found.confirmations)

            await eventually(is_confirmed)
            assert await pool.fetchval(stored, core_journal.NAME, shard) == [other]

            # A verification that ran meanwhile has stored it once more.
            await pool.execute(
                "update verification set state = $3 where name = $1 and shard = $2", core_journal.NAME, shard, {"holds": [hold]}
            )
            (result,) = await verify(office)
            assert (result.counted, list(result.differences)) == (0, [])
            (result,) = await verify(office, full=True)
            assert (result.counted, list(result.differences)) == (0, [])


async def test_only_the_operator_may_ask(office: Office) -> None:
    call = internal.VerificationServiceStub(office.replicas[0].channel).VerifyStores(
        internal.VerifyStoresRequest(), metadata=office.as_service("channel")
    )
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call.read()
    assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_replicas_share_what_core_reports(stores: TestStores, tmp_path: Path) -> None:
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
