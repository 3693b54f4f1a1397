"""`Mails` in PostgreSQL: a row and a job each. The content is sealed, and erased once it has left."""

from datetime import timedelta
from typing import Any

import msgspec

from kit.ids import OrganizationId
from kit.jobs.table import Jobs
from kit.resealing import SealedRows
from kit.vault import Vault
from services.channel.domain import queues
from services.channel.domain.mail import KEPT, MailId
from services.channel.domain.queues import MAILS
from services.channel.ports.mail import QueuedMail

SWEPT_AT_ONCE = 1000

_ADD = """
insert into mail (organization, id, request_id, kind, sealed, customer, expires) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (organization, request_id) do nothing returning true
"""
# Its job is dropped with a dead letter too: an old one can't be retried, because its text is gone.
_SWEEP = """
delete from mail where (organization, id) in (
    select organization, id from mail where created < clock_timestamp() - $1::interval order by created limit $2
    for update skip locked
) returning organization, id
"""


def place(organization: str, id: str) -> str:
    """The place that a mail's sealed value is bound to."""
    return f"organizations/{organization}/mails/{id}"


class PostgresMails:
    def __init__(self, pool: Any, jobs: Jobs, vault: Vault) -> None:
        self._pool = pool
        self._jobs = jobs
        self._vault = vault

    async def add(self, mail: QueuedMail, request_id: str) -> bool:
        sealed = self._vault.seal(msgspec.json.encode(mail.fields), place(mail.organization, mail.id))
        values = (mail.organization, mail.id, request_id, mail.kind, sealed, mail.customer, mail.expires)
        async with self._pool.acquire() as connection, connection.transaction():
            if not await connection.fetchval(_ADD, *values):
                return False
            await self._jobs.add(connection, MAILS, mail.organization, queues.mail(mail.id))
        self._jobs.wake(MAILS)
        return True

    async def has(self, organization: OrganizationId, request_id: str) -> bool:
        query = "select exists (select from mail where organization = $1 and request_id = $2)"
        return bool(await self._pool.fetchval(query, organization, request_id))

    async def get(self, organization: OrganizationId, id: MailId) -> QueuedMail | None:
        query = "select kind, sealed, customer, expires, begun from mail where organization = $1 and id = $2"
        row = await self._pool.fetchrow(query, organization, id)
        if row is None or not row["sealed"]:
            return None
        fields = msgspec.json.decode(self._vault.open(row["sealed"], place(organization, id)), type=dict[str, str])
        return QueuedMail(organization, id, row["kind"], fields, row["expires"], row["customer"], row["begun"])

    async def begin(self, mail: QueuedMail) -> bool:
        query = "update mail set begun = clock_timestamp() where organization = $1 and id = $2 and begun is null returning true"
        return bool(await self._pool.fetchval(query, mail.organization, mail.id))

    async def not_accepted(self, mail: QueuedMail) -> None:
        query = "update mail set begun = null where organization = $1 and id = $2"
        await self._pool.execute(query, mail.organization, mail.id)

    async def accepted(self, mail: QueuedMail) -> None:
        await self._pool.execute(
            "update mail set sealed = null where organization = $1 and id = $2", mail.organization, mail.id
        )

    async def sweep(self) -> int:
        async with self._pool.acquire() as connection, connection.transaction():
            rows = await connection.fetch(_SWEEP, KEPT + timedelta(days=1), SWEPT_AT_ONCE)
            for row in rows:
                await self._jobs.drop(connection, MAILS, row["organization"], queues.mail(row["id"]))
        return len(rows)

    async def reseal(self) -> int:
        """Seals with the newest key what an older one sealed; how many mails."""
        return await SEALED.reseal(self._pool, self._vault)


SEALED = SealedRows("mail", ("organization", "id"), "sealed", place)
