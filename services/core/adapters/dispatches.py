"""The port Dispatches in PostgreSQL."""

from datetime import timedelta
from typing import Any

from kit import failpoints
from kit.ids import OrganizationId
from services.core.domain import ConversationId, MessageId

# The lock on the conversation orders a claim and a take: the take that comes first is seen in the epoch, and the one that comes
# second sees the claim.
_CLAIM = """
with held as (
    select organization, id, epoch from conversation where organization = $1 and id = $2 for no key update
)
insert into dispatch (organization, conversation, message, claimed)
select organization, id, $3, clock_timestamp() from held where epoch = $4
on conflict (organization, conversation) do update set message = excluded.message, claimed = excluded.claimed
returning true
"""
_RECENT = """
select message from dispatch where organization = $1 and conversation = $2 and claimed > clock_timestamp() - $3::interval
"""


class PostgresDispatches:
    """The port Dispatches."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    async def claim(self, organization: OrganizationId, conversation: ConversationId, message: MessageId, epoch: int) -> bool:
        await failpoints.reach("core.dispatch.before_commit")
        claimed = bool(await self._pool.fetchval(_CLAIM, organization, conversation, message, epoch))
        await failpoints.reach("core.dispatch.after_commit")
        return claimed

    async def recent(self, organization: OrganizationId, conversation: ConversationId, within: timedelta) -> list[MessageId]:
        rows = await self._pool.fetch(_RECENT, organization, conversation, within)
        return [MessageId(row["message"]) for row in rows]
