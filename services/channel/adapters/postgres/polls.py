"""`Polls` in PostgreSQL."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from kit import errors, failpoints
from services.channel.adapters.postgres.channels import PostgresChannels
from services.channel.domain.channels import Kind
from services.channel.ports import Poll

_log = logging.getLogger("frontdesk")

# A channel that has never been read is read from its creation on (and a little before, as always: times at a provider are in
# seconds, and its clock another one): what was written before it came here is not ours.
_DUE = """
with due as (
    select c.organization, c.id, c.created
    from channel c left join poll p on p.organization = c.organization and p.channel = c.id
    where c.kind = any($1::text[]) and c.state = 'ACTIVE'
    and (p.began is null or p.began <= clock_timestamp() - $2::interval)
    order by p.began nulls first limit $3 for update of c skip locked
)
insert into poll (organization, channel, watermark, began)
select organization, id, created, clock_timestamp() from due
on conflict (organization, channel) do update set began = excluded.began
where poll.began <= clock_timestamp() - $2::interval
returning organization, channel, watermark, began
"""


class PostgresPolls:
    def __init__(self, pool: Any, channels: PostgresChannels, kinds: Sequence[Kind]) -> None:
        self._pool = pool
        self._channels = channels
        self._kinds = list(kinds)

    async def due(self, every: timedelta, limit: int) -> Sequence[Poll]:
        polls = []
        for row in await self._pool.fetch(_DUE, self._kinds, every, limit):
            try:
                channel = await self._channels.get(row["organization"], row["channel"])
            except errors.FrontdeskError as error:  # its credentials cannot be opened; the others are read all the same
                detail = {"organization": row["organization"], "channel": row["channel"], "error": error.reason}
                _log.warning("a channel's past could not be read", extra=detail)
                continue
            if channel is not None:
                polls.append(Poll(channel, row["watermark"], row["began"]))
        return polls

    async def done(self, poll: Poll) -> None:
        await failpoints.reach("channel.poll.before_commit")
        await self._pool.execute(
            "update poll set watermark = greatest(watermark, $3) where organization = $1 and channel = $2",
            *(poll.channel.organization, poll.channel.id, poll.began),
        )
        await failpoints.reach("channel.poll.after_commit")
