"""The lines in which conversations wait, in PostgreSQL."""

from datetime import datetime

from kit.ids import OrganizationId
from services.agent.adapters.database import Database
from services.agent.domain.availability import MAX_WAITING, MAX_WAITS, Wait, Waiting
from services.agent.domain.queue import DEFAULT_QUEUE

_ONLINE = "select count(*) from agent where organization = $1 and shown = 'ONLINE'"
_WAITING = """
select queue, conversation, created from handover where organization = $1 and state = 'PENDING' order by created, id limit $2
"""
# The newest waits of each queue: a few rows of an index, however many handovers there were. The default queue may have no row.
_WAITS = """
select taken.* from (select id from queue where organization = $1 union select $4) as line, lateral (
    select queue, ended, ended - created as length from handover
    where organization = $1 and queue = line.id and state = 'ACCEPTED' and created > $2
    order by created desc limit $3
) taken
"""


class PostgresLines:
    """`ports.Lines` on the tables `agent`, `queue` and `handover`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def agents_online(self, organization: OrganizationId) -> int:
        async with self._database.read() as connection:
            count: int = await connection.fetchval(_ONLINE, organization)
        return count

    async def waiting(self, organization: OrganizationId) -> list[Waiting]:
        async with self._database.read() as connection:
            return [Waiting(*row) for row in await connection.fetch(_WAITING, organization, MAX_WAITING)]

    async def waits(self, organization: OrganizationId, since: datetime) -> list[Wait]:
        async with self._database.read() as connection:
            return [Wait(*row) for row in await connection.fetch(_WAITS, organization, since, MAX_WAITS, DEFAULT_QUEUE)]
