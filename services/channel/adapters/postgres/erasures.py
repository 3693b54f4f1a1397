"""The rows erased with a customer here, beside their sessions: deliveries, received messages and files."""

from typing import Any

from kit.ids import OrganizationId
from kit.jobs.table import Jobs
from kit.journal import Journal
from services.channel.domain import queues
from services.channel.domain.deliveries import DeliveryState
from services.channel.domain.facts import DeliveryStateChanged
from services.channel.domain.queues import ERASURES
from services.channel.domain.sessions import ConversationId, CustomerId

# A queued delivery will not go; one on its way may still arrive, and its outcome is not looked up any more.
_DELIVERIES = """
with before as (
    select id, state from delivery where organization = $1 and conversation = $2 order by id for update
)
update delivery d set text = '', recipient = '', problem = '',
    state = case when d.state in (1, 2, 7) then 8 else d.state end, updated = clock_timestamp()
from before where d.id = before.id
returning d.id, d.message, before.state in (1, 2, 7) as cancelled
"""
_INBOUND = """
update inbound set text = '', content = null, sender = null, problem = '',
    state = case when state in (0, 3) then 2 else state end
where organization = $1 and conversation = $2 and (text <> '' or content is not null or sender is not null or state in (0, 3))
"""
_MEDIA = """
update media set file_name = '', expires = clock_timestamp() where organization = $1 and conversation = $2
"""
_BLOCK = "delete from blocked_customer where organization = $1 and customer = $2"


class PostgresErasures:
    """On one connection, whose transaction someone else began."""

    def __init__(self, connection: Any, journal: Journal, jobs: Jobs) -> None:
        self._connection = connection
        self._journal = journal
        self._jobs = jobs

    async def erase_conversation(self, organization: OrganizationId, conversation: ConversationId) -> None:
        rows = await self._connection.fetch(_DELIVERIES, organization, conversation)
        await self._connection.execute(_INBOUND, organization, conversation)
        await self._connection.execute(_MEDIA, organization, conversation)
        cancelled = DeliveryState.CANCELLED.name
        facts = [
            DeliveryStateChanged(row["id"], f"{conversation}/messages/{row['message']}", cancelled)
            for row in rows
            if row["cancelled"]
        ]
        if facts:
            await self._journal.append(self._connection, organization, facts)

    async def erase_customer(self, organization: OrganizationId, customer: CustomerId) -> None:
        await self._connection.execute(_BLOCK, organization, customer)
        await self._jobs.add(self._connection, ERASURES, organization, queues.erasure(customer))
