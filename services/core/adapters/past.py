"""The past whose facts were deleted from the journal, as the tables have it."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from kit.journal import Verified, shard_of
from services.core.adapters import rows
from services.core.domain import Conversation, Entry

CONVERSATIONS_AT_ONCE = 50
MESSAGES_AT_ONCE = 500

# Skips from one organization to the next.
ORGANIZATIONS = """
with recursive found as (
    (select organization from conversation order by organization limit 1)
    union all
    select (select organization from conversation where organization > found.organization order by organization limit 1)
    from found where found.organization is not null
)
select organization from found where organization is not null
"""
_CONVERSATIONS = """
select *, null as turn_id from conversation where organization = $1 and id > $2 and created <= $3 order by id limit $4
"""
_MESSAGES = """
select * from message where organization = $1 and conversation = $2 and seq > $3 and created <= $4 order by seq limit $5
"""


class PostgresPast:
    """Conversations and their messages until a moment."""

    def __init__(self, pool: Any, verified: Verified) -> None:
        self._pool = pool
        self._verified = verified

    async def entries(self, shard: int, position: int) -> AsyncIterator[list[Entry]]:
        """All that facts up to a position may have added, as entries of that position. Later facts write theirs over it."""
        until = await self._verified.moment(self._pool, shard, position)
        for row in await self._pool.fetch(ORGANIZATIONS):
            if shard_of(row["organization"]) == shard:
                async for conversation in self._conversations(row["organization"], until):
                    async for entries in self._entries(shard, position, conversation, until):
                        yield entries

    async def _conversations(self, organization: str, until: datetime) -> AsyncIterator[Conversation]:
        after = ""
        while found := await self._pool.fetch(_CONVERSATIONS, organization, after, until, CONVERSATIONS_AT_ONCE):
            for row in found:
                yield rows.conversation(row)
            after = found[-1]["id"]

    async def _entries(
        self, shard: int, position: int, conversation: Conversation, until: datetime
    ) -> AsyncIterator[list[Entry]]:
        after, place = 0, (shard, position, conversation.revision, conversation)
        while found := await self._pool.fetch(
            _MESSAGES, conversation.organization, conversation.id, after, until, MESSAGES_AT_ONCE
        ):
            yield [Entry(*place, rows.message(row)) for row in found]
            after = found[-1]["seq"]
        if not after:
            yield [Entry(*place)]
