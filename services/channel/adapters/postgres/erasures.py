"""The rows erased with a customer here, beside their sessions: deliveries, received messages and files."""

from typing import Any

from kit.ids import OrganizationId
from kit.jobs.table import Jobs
from kit.journal import Journal
from services.channel.domain import queues
from services.channel.domain.deliveries import DeliveryState
from services.channel.domain.facts import DeliveryStateChanged
from services.channel.domain.queues import DELIVERIES, ERASURES
from services.channel.domain.sessions import ConversationId, CustomerId

# A queued delivery will not go; one on its way may still arrive, and its outcome is not looked up any more.
_DELIVERIES = """
with before as (
    select id, state from delivery where organization = $1 and conversation = $2 order by id for update
)
update delivery d set text = '', recipient = '', problem = '',
    state = case when d.state in (1, 2, 7) then 8 else d.state end, updated = clock_timestamp()
from before where d.id = before.id
returning d.id, d.message, before.state in (1, 2, 7) as cancelled, before.state in (1, 2, 6, 7) as has_job
"""
# Of what core took (1), nothing is left here. The two conditions are those of two indexes.
_INBOUND = """
update inbound set text = '', content = null, reply_to = '', sender = null, problem = '',
    state = case when state in (0, 3) then 2 else state end
where organization = $1 and conversation = $2 and (state = 0 or state >= 2)
"""
# An unfinished file can't be finished any more. One whose message has just come to core may have no conversation yet.
_MEDIA = """
update media set file_name = '', problem = '', expires = clock_timestamp(),
    state = case when state in (1, 4) then 3 else state end, holder = null, lease = null
where organization = $1 and id in (
    select id from media where organization = $1 and conversation = $2
    union all
    select m.id from media m join inbound i on i.organization = $1 and i.channel = substr(m.uploader, length('channels/') + 1)
        and i.source_id = regexp_replace(m.request_id, '/[0-9]+$', '')
    where m.organization = $1 and m.conversation = '' and m.state in (4, 5) and i.conversation = $2
)
"""
# Messages that core never took have no conversation. Those from where the conversation's answers went are the customer's.
_DEAD = """
update inbound set text = '', content = null, reply_to = '', sender = null, problem = '', state = 2
where organization = $1 and state = 3 and (channel, sender ->> 'address') in (
    select channel, recipient from delivery where organization = $1 and conversation = $2 and recipient <> ''
)
"""
_BLOCK = "delete from blocked_customer where organization = $1 and customer = $2"


class PostgresErasures:
    """On one connection, whose transaction someone else began."""

    def __init__(self, connection: Any, journal: Journal, jobs: Jobs) -> None:
        self._connection = connection
        self._journal = journal
        self._jobs = jobs

    async def erase_conversation(self, organization: OrganizationId, conversation: ConversationId) -> None:
        await self._connection.execute(_DEAD, organization, conversation)
        rows = await self._connection.fetch(_DELIVERIES, organization, conversation)
        await self._connection.execute(_INBOUND, organization, conversation)
        await self._connection.execute(_MEDIA, organization, conversation)
        for row in rows:
            if row["has_job"]:  # a dead letter, too
                await self._jobs.drop(self._connection, DELIVERIES, organization, queues.delivery(row["id"]))
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
