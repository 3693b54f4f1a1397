"""Counts of each service beside its calls, and that its queues are found by indexes."""

from __future__ import annotations

import asyncio
import urllib.request
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import grpc
import pytest
from frontdesk.memory import v1 as memory_pb
from prometheus_client.parser import text_string_to_metric_families

from kit import client, service
from services.agent.adapters.postgres_waiting import QUEUES as OF_AGENT
from services.channel.adapters.postgres.queues import QUEUES as OF_CHANNEL
from services.core.adapters.queues import QUEUES as OF_CORE
from tests.rpc.admin.desk import new_keys
from tests.rpc.revocations.world import BUILDS, ORDER, configured

if TYPE_CHECKING:
    from stack.testing import TestStores

pytestmark = pytest.mark.servers

Label = tuple[str, str]
POOL = {("db_client_connection_count", state) for state in ("idle", "used")} | {
    (f"db_client_connection_{name}", "postgresql") for name in ("max", "pending_requests", "timeouts")
}
WAITS = {("frontdesk_postgres_waits", "postgresql"), ("frontdesk_postgres_wait_time_seconds", "postgresql")}


def followed(journal: str, follower: str) -> set[Label]:
    names = ("frontdesk_follower_lag_seconds", "frontdesk_follower_silence_seconds")
    return {(name, label) for name in names for label in (journal, follower)}


def queue(name: str) -> set[Label]:
    return {("frontdesk_queue_depth", name), ("frontdesk_queue_age_seconds", name)}


EXPECTED: dict[str, set[Label]] = {
    "admin": {
        *POOL,
        *WAITS,
        *followed("admin", "revocations"),
        ("frontdesk_breaker_open", "redis"),
        ("frontdesk_password_hashes", ""),
    },
    "channel": {*POOL, *WAITS, *followed("core", "outbox"), *queue("inbound"), *queue("dead-letters")},
    "core": {
        *POOL,
        *WAITS,
        *followed("admin", "zones"),
        *followed("channel", "revocations"),
        *queue("turns"),
        ("frontdesk_turns_running", ""),
        ("frontdesk_model_cost", ""),
    },
    "memory": {
        *POOL,
        *WAITS,
        *followed("admin", "revocations"),
        *queue("indexing"),
        *queue("dead-letters"),
        ("frontdesk_cache_requests", "query vectors"),
        ("frontdesk_cache_requests", "exact copies"),
        ("frontdesk_breaker_open", "embeddings"),
    },
    "agent": {*POOL, *WAITS, *followed("core", "desk"), *followed("admin", "revocations"), *queue("handovers")},
}
"""Metrics with the labels they have; without one: an empty label."""


def shown(text: str) -> set[Label]:
    return {
        (family.name, label)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        for label in (*sample.labels.values(), *([] if sample.labels else [""]))
    }


def _get(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as response:
        text: str = response.read().decode()
        return text


async def test_each_service_shows_its_own_metrics_and_nobodys_name(stores: TestStores, tmp_path: Path) -> None:
    keys = new_keys(tmp_path / "keys")
    settings = configured(stores, keys, metrics_listen="127.0.0.1:0")
    async with AsyncExitStack() as stack:
        running = {name: await stack.enter_async_context(service.serve(settings[name], BUILDS[name])) for name in ORDER}
        await _add_document(running["memory"].port, keys.user_token("acme", ["*"]))
        texts = {name: await asyncio.to_thread(_get, each.metrics_port) for name, each in running.items()}
    missing = {name: EXPECTED[name] - shown(text) for name, text in texts.items()}
    assert missing == {name: set() for name in ORDER}
    assert ("rpc_server_call_duration_seconds", "OK") in shown(texts["memory"])
    assert [name for name, text in texts.items() if "acme" in text or "A title" in text] == []
    assert 'frontdesk_queue_depth{queue="indexing"} 1.0' in texts["memory"].splitlines()


async def _add_document(port: int, token: str) -> None:
    """It waits to be indexed, for there is no embedding model."""
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}", [("grpc.use_local_subchannel_pool", 1)]) as channel:
        document = memory_pb.Document(text=memory_pb.TextSource(content="# A title\n\nSome text."))
        request = memory_pb.CreateDocumentRequest(parent="organizations/acme", document=document, request_id="r")
        await client.call(memory_pb.DocumentServiceStub(channel).CreateDocument, request, token=token)


INBOUND = """
insert into inbound (organization, channel, source_id, conversation, request_id, text, digest, created)
values ('o', 'c', 's', 'c1', 'r', 'text', '', clock_timestamp() - interval '1 minute')
"""
HANDOVER = """
insert into handover (organization, id, conversation, queue, state, reason, customer_display_name, channel, preview, created,
    agent_display_name, declined_by)
values ('o', 'h', 'c1', 'q', 'PENDING', '', '', 'c', '', clock_timestamp() - interval '1 minute', '', '{}')
"""
TURN = """
with one as (insert into customer (organization, id) values ('o', 'u')), two as (
    insert into conversation (organization, id, customer, channel, address_kind, address_value, state)
    values ('o', 'c1', 'u', 'c', 'BROWSER', 'b', 'AUTOMATED')
)
insert into turn (organization, id, conversation, state, epoch, answers_seq, attempt, supersedes, due, created)
values ('o', 't', 'c1', 'PENDING', 1, 1, 1, 0, clock_timestamp() - interval '1 minute', clock_timestamp())
"""


@pytest.mark.parametrize(
    ("name", "statement", "rows", "indexes"),
    [
        ("channel", OF_CHANNEL, {"inbound": INBOUND}, {"inbound_pending"}),
        ("agent", OF_AGENT, {"handovers": HANDOVER}, {"handover_"}),
        ("core", OF_CORE, {"turns": TURN}, {"turn_waiting"}),
    ],
)
async def test_queues_are_counted_by_an_index(
    name: str, statement: str, rows: dict[str, str], indexes: set[str], stores: TestStores, tmp_path: Path
) -> None:
    settings = configured(stores, new_keys(tmp_path / "keys"))[name]
    async with BUILDS[name](settings):
        connection: Any = await asyncpg.connect(settings.postgres_url.get_secret_value())
        assert {row[0]: (row[1], row[2]) for row in await connection.fetch(statement)} == dict.fromkeys(rows, (0, 0.0))
        transaction = connection.transaction()
        await transaction.start()
        for row in rows.values():
            await connection.execute(row)
        for found, depth, age in await connection.fetch(statement):
            assert (depth, 60 <= age < 70) == (1, True), found
        await connection.execute("set local enable_seqscan = off")
        plan = "\n".join(row[0] for row in await connection.fetch(f"explain {statement}"))
        assert [index for index in indexes if index not in plan] == [], plan
        assert "Seq Scan" not in plan
        await transaction.rollback()
        await connection.close()
