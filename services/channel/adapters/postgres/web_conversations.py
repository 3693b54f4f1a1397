"""`WebConversations` in PostgreSQL."""

from typing import Any

from kit.ids import OrganizationId
from services.channel.domain.channels import ChannelId
from services.channel.domain.sessions import ConversationId, CustomerId, WebConversation


class PostgresWebConversations:
    """Over a pool, or over a connection and within its transaction."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def get(self, organization: OrganizationId, id: ConversationId) -> WebConversation | None:
        row = await self._connection.fetchrow(
            "select organization, id, channel, customer from web_conversation where organization = $1 and id = $2",
            *(organization, id),
        )
        return WebConversation(**row) if row else None

    async def put(self, conversation: WebConversation) -> None:
        # A channel that was deleted meanwhile has no conversations any more.
        await self._connection.execute(
            """insert into web_conversation (organization, id, channel, customer)
            select $1, $2, id, $4 from channel where organization = $1 and id = $3
            on conflict (organization, id) do update set customer = excluded.customer""",
            *(conversation.organization, conversation.id, conversation.channel, conversation.customer),
        )

    async def newest(self, organization: OrganizationId, channel: ChannelId, customer: CustomerId) -> ConversationId | None:
        id: ConversationId | None = await self._connection.fetchval(
            """select id from web_conversation where organization = $1 and channel = $2 and customer = $3
            order by created desc, id desc limit 1""",
            *(organization, channel, customer),
        )
        return id

    async def move(self, organization: OrganizationId, id: ConversationId, customer: CustomerId) -> None:
        await self._connection.execute(
            "update web_conversation set customer = $3 where organization = $1 and id = $2", organization, id, customer
        )

    async def mark_read(self, organization: OrganizationId, id: ConversationId, seq: int) -> None:
        await self._connection.execute(
            "update web_conversation set read_seq = $3 where organization = $1 and id = $2 and read_seq < $3",
            *(organization, id, seq),
        )

    async def erase(self, organization: OrganizationId, customer: CustomerId) -> None:
        await self._connection.execute(
            "delete from web_conversation where organization = $1 and customer = $2", organization, customer
        )
