"""Data of a customer in agent's tables, erased with them: their name and the beginnings of what they said."""

from datetime import timedelta
from typing import Any

from kit.ids import OrganizationId
from kit.jobs import Queue
from kit.jobs.table import Jobs
from services.agent.domain.ids import ConversationId

ERASURES = Queue("erasures", max_attempts=1_000_000, max_running=4, lease=timedelta(seconds=30))
"""A customer whose rows were erased: core is notified. It is never given up: agent's dead letters are in no list."""

_ERASE = (
    """update handover set customer = '', customer_display_name = '', preview = '', reason = ''
    where organization = $1 and conversation = $2""",
    """update assignment set customer = '', customer_display_name = '', preview = ''
    where organization = $1 and conversation = $2""",
)


class PostgresErasures:
    """On one connection, whose transaction someone else began."""

    def __init__(self, connection: Any, jobs: Jobs) -> None:
        self._connection = connection
        self._jobs = jobs

    async def erase_conversation(self, organization: OrganizationId, conversation: ConversationId) -> None:
        for statement in _ERASE:
            await self._connection.execute(statement, organization, conversation)

    async def erase_customer(self, organization: OrganizationId, customer: str) -> None:
        await self._jobs.add(self._connection, ERASURES, organization, f"customers/{customer}")
