"""Lookups by conversation and by provider's id read a few rows, however many an organization has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.channel.adapters.postgres.deliveries import PostgresDeliveries
from services.channel.adapters.postgres.erasures import PostgresErasures
from services.channel.domain.channels import ChannelId
from services.channel.domain.sessions import ConversationId

from .delivering import ACME, Delivering

ROWS = 3000
FEW = 20
_FILL = (
    f"""insert into media (organization, id, conversation, uploader, counted_by, request_id, file_name, declared_type,
        size, state, created, expires, remote)
    select 'acme', 'f' || n, case n when {ROWS - 1} then '' when {ROWS} then '' else 'c' || n end, 'channels/wa', '',
        's' || n || '/0', 'a.png', '', 1, case n when {ROWS - 1} then 5 when {ROWS} then 4 else 2 end, now(), null, 'there'
    from generate_series(1, {ROWS}) n""",
    f"""insert into inbound (organization, channel, source_id, conversation, request_id, text, digest, state)
    select 'acme', 'wa', 's' || n, 'c' || n, '', case when n < 5 then 'secret' else '' end, '',
        case n when 1 then 0 when 2 then 2 when 3 then 3 else 1 end from generate_series(1, {ROWS}) n""",
    f"""insert into delivery (id, organization, channel, conversation, message, seq, part, recipient, fenced, text, state,
        provider_id, earlier)
    select 'd' || n, 'acme', 'wa', 'c' || n, 'm' || n, 1, 0, '+49', false, 'Hi', 5, 'p' || n,
        case when n < 4 then array['e' || n] else '{{}}' end from generate_series(1, {ROWS}) n""",
    "analyze media, inbound, delivery",
)
_READ = """
select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int from pg_stat_xact_user_tables
where relname in ('media', 'inbound', 'delivery')
"""


@pytest.fixture
async def delivering(pool: Any, tmp_path: Path) -> Delivering:
    for statement in _FILL:
        await pool.execute(statement)
    return Delivering(pool, tmp_path)


@pytest.mark.parametrize("conversation", ["c1", "c2", "c3", f"c{ROWS - 1}", f"c{ROWS}"])
async def test_an_erasure_reads_what_it_erases(delivering: Delivering, conversation: str) -> None:
    pool, place = delivering.pool, ConversationId(conversation)
    async with pool.acquire() as connection, connection.transaction():
        await PostgresErasures(connection, delivering.journal, delivering.jobs).erase_conversation(ACME, place)
        assert await connection.fetchval(_READ) < FEW
    file = await pool.fetchrow("select file_name, state, expires from media where id = $1", "f" + conversation[1:])
    assert (file["file_name"], file["state"], file["expires"] is None) == (
        "",
        {f"c{ROWS}": 3, f"c{ROWS - 1}": 5}.get(conversation, 2),
        False,
    )
    inbound = await pool.fetchrow("select text, state from inbound where conversation = $1", conversation)
    assert (inbound["text"], inbound["state"] in (1, 2)) == ("", True)
    assert await pool.fetchval("select count(*) from media where file_name = ''") == 1


async def test_ids_from_before_a_retry_are_found_by_an_index(delivering: Delivering) -> None:
    async with delivering.pool.acquire() as connection, connection.transaction():
        deliveries = PostgresDeliveries(connection, delivering.journal, delivering.jobs)
        channel = ChannelId("wa")
        for id, message in (("p9", "conversations/c9/messages/m9"), ("e2", "conversations/c2/messages/m2"), ("other", "")):
            assert await deliveries.message(ACME, channel, id) == message
        assert await connection.fetchval(_READ) < FEW
