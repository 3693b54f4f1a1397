"""Measurements in PostgreSQL, and the sums that are made of them in the same transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from kit.ids import OrganizationId
from kit.journal import Transaction
from services.admin.adapters.postgres.database import Work
from services.admin.domain.measures import Measured, Story

WIDTHS = (15, 60, 1440)
"""Minutes of the quarters, hours and days of UTC that sums are kept of."""
_LOAD = """
insert into report_conversation (organization, conversation, channel, story) values ($1, $2, $3, '{}')
on conflict (organization, conversation) do update set channel = coalesce(nullif($3, ''), report_conversation.channel)
returning channel, story::text
"""
_SAVE = "update report_conversation set story = $3::text::jsonb where organization = $1 and conversation = $2"
_TAGS = "update report_conversation set tags = $3 where organization = $1 and conversation = $2"
_DROP = """
delete from report_fact where organization = $1 and conversation = $2 and measure = any($3) and key = '' returning *
"""
_ADD = """
insert into report_fact (organization, conversation, channel, measure, key, at, agent, bin, value)
select $1, $2, $3, item.* from unnest($4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::smallint[], $9::bigint[])
    as item
on conflict do nothing returning *
"""
# Locked in the order of the key, so that two followers of one organization could not deadlock.
_SUM = f"""
with changed as (%s), summed as (
    select organization, minutes, measure, date_bin(minutes * interval '1 minute', at, timestamptz 'epoch') as at,
        channel, agent, bin, count(*) as n, sum(value) as total
    from changed cross join unnest(array{list(WIDTHS)}::smallint[]) as width(minutes)
    group by 1, 2, 3, 4, 5, 6, 7 order by 2, 3, 4, 5, 6, 7
)
insert into report_sum as s (organization, minutes, measure, at, channel, agent, bin, count, total)
select organization, minutes, measure, at, channel, agent, bin, %s * n, %s * total from summed
on conflict (organization, minutes, measure, at, channel, agent, bin)
do update set count = s.count + excluded.count, total = s.total + excluded.total
returning at
"""
_DROP_SUMMED, _ADD_SUMMED = _SUM % (_DROP, "-1", "-1"), _SUM % (_ADD, "1", "1")
_EMPTY = """
delete from report_sum
where organization = $1 and minutes = any($2) and measure = any($3) and at = any($4) and count = 0
"""
_NOTE = """
insert into report_progress (shard, position, at) select * from unnest($1::smallint[], $2::bigint[], $3::timestamptz[])
on conflict (shard) do update set position = excluded.position, at = excluded.at
where report_progress.position <= excluded.position
"""


class PostgresMeasurements:
    """The port Measurements, within a transaction of the follower."""

    def __init__(self, transaction: Transaction) -> None:
        self._work = Work(transaction)

    async def story(self, organization: OrganizationId, conversation: str, channel: str) -> tuple[str, Story]:
        if self._work.transaction.organization != organization:
            await self._work.see(organization)
        row = await self._work.connection.fetchrow(_LOAD, organization, conversation, channel)
        return row["channel"], msgspec.json.decode(row["story"], type=Story)

    async def save(self, organization: OrganizationId, conversation: str, channel: str, measured: Measured) -> None:
        execute, added = self._work.connection.execute, measured.added
        lessened: list[datetime] = []
        if measured.dropped:
            rows = await self._work.connection.fetch(_DROP_SUMMED, organization, conversation, list(measured.dropped))
            lessened = [row["at"] for row in rows]
        if added:
            columns = zip(*((m.measure, m.key, m.at, m.agent, m.bin, m.value) for m in added), strict=True)
            await execute(_ADD_SUMMED, organization, conversation, channel, *map(list, columns))
        if lessened:
            await execute(_EMPTY, organization, list(WIDTHS), list(measured.dropped), lessened)
        await execute(_SAVE, organization, conversation, msgspec.json.encode(measured.story).decode())

    async def tag(self, organization: OrganizationId, conversation: str, tags: Sequence[str]) -> None:
        if self._work.transaction.organization != organization:
            await self._work.see(organization)
        await self._work.connection.execute(_TAGS, organization, conversation, list(tags))


class PostgresProgress:
    """The port Progress."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    async def note(self, positions: dict[int, int], at: datetime) -> None:
        await self._pool.execute(_NOTE, list(positions), list(positions.values()), [at] * len(positions))
