"""`CustomerAddresses` in PostgreSQL. Addresses are sealed; they are compared by their digests."""

from collections.abc import Collection
from typing import Any

from kit.ids import OrganizationId
from kit.jobs.table import Jobs
from kit.resealing import SealedRows
from kit.vault import Vault
from services.channel.domain import queues
from services.channel.domain.inbound import Writer
from services.channel.domain.mail import CONFIRMATION, CustomerAddress, LinkPurpose, MailLink, MailLinkId, digest
from services.channel.domain.queues import DELIVERIES, MAILS
from services.channel.domain.sessions import ConversationId, CustomerId

# The same address stays confirmed, whatever its language; another one takes the links to the former along.
_PUT = """
insert into mail_address as a (organization, customer, digest, sealed, language) values ($1, $2, $3, $4, $5)
on conflict (organization, customer) do update set digest = excluded.digest, sealed = excluded.sealed,
    language = excluded.language, confirmed = case when a.digest = excluded.digest then a.confirmed end,
    created = case when a.digest = excluded.digest then a.created else clock_timestamp() end
returning confirmed
"""
_OTHER_LINKS = "delete from mail_link where organization = $1 and customer = $2 and digest <> $3"
_CONFIRM = """
update mail_address set confirmed = coalesce(confirmed, clock_timestamp())
where organization = $1 and customer = $2 and digest = $3 returning sealed, language, confirmed
"""
_WAITING = """
select d.id from delivery d join mail_conversation c on c.organization = d.organization and c.conversation = d.conversation
where c.organization = $1 and c.customer = $2 and d.state = 1
"""
_WAITS = """
select a.confirmed is null from mail_conversation c
join mail_address a on a.organization = c.organization and a.customer = c.customer
where c.organization = $1 and c.conversation = $2 for share of a
"""
_ADD_LINK = """
insert into mail_link (organization, id, purpose, hash, customer, channel, session, conversation, digest, expires)
select $1, $2, $3, $4, customer, $6, $7, $8, $9, $10 from mail_address
where organization = $1 and customer = $5 and digest = $9
"""
_LINK = """
select purpose, customer, channel, session, conversation, digest, expires from mail_link
where organization = $1 and id = $2 and hash = $3 and expires > clock_timestamp() and used is null
"""
_USE = """
update mail_link set used = clock_timestamp() where organization = $1 and id = $2 and used is null returning true
"""
_SWEEP = """
with links as (
    delete from mail_link where (organization, id) in (
        select organization, id from mail_link where expires < clock_timestamp() order by expires limit 1000
        for update skip locked
    ) returning 1
), addresses as (
    delete from mail_address where (organization, customer) in (
        select organization, customer from mail_address where confirmed is null
        and created < clock_timestamp() - $1::interval order by created limit 1000 for update skip locked
    ) returning 1
)
select (select count(*) from links) + (select count(*) from addresses)
"""


def place(organization: str, customer: str) -> str:
    """The place that an address's sealed value is bound to."""
    return f"organizations/{organization}/customers/{customer}/mail"


class PostgresCustomerAddresses:
    """Over a pool; `remove` and `waits` also over a connection, within its transaction."""

    def __init__(self, pool: Any, jobs: Jobs, vault: Vault | None = None) -> None:
        """`vault`: not needed over a connection."""
        self._pool = pool
        self._jobs = jobs
        self._vault = vault

    @property
    def _sealing(self) -> Vault:
        assert self._vault is not None
        return self._vault

    async def get(self, organization: OrganizationId, customer: CustomerId) -> CustomerAddress | None:
        query = "select sealed, language, confirmed from mail_address where organization = $1 and customer = $2"
        row = await self._pool.fetchrow(query, organization, customer)
        return self._address(organization, customer, row) if row else None

    async def put(self, address: CustomerAddress) -> CustomerAddress:
        key, hashed = (address.organization, address.customer), digest(address.address)
        sealed = self._sealing.seal(address.address.encode(), place(*key))
        async with self._pool.acquire() as connection, connection.transaction():
            confirmed = await connection.fetchval(_PUT, *key, hashed, sealed, address.language)
            await connection.execute(_OTHER_LINKS, *key, hashed)
        return CustomerAddress(*key, address.address, address.language, confirmed)

    async def confirm(self, link: MailLink) -> CustomerAddress | None:
        async with self._pool.acquire() as connection, connection.transaction():
            organization, customer = link.writer.organization, link.writer.customer
            row = await connection.fetchrow(_CONFIRM, organization, customer, link.address)
            if row is None:
                return None
            for waiting in await connection.fetch(_WAITING, organization, customer):
                await self._jobs.hasten(connection, DELIVERIES, organization, queues.delivery(waiting["id"]))
        self._jobs.wake(DELIVERIES)
        return self._address(organization, customer, row)

    async def remove(self, organization: OrganizationId, customer: CustomerId) -> None:
        key = (organization, customer)
        await self._pool.execute("delete from mail_address where organization = $1 and customer = $2", *key)
        query = "delete from mail where organization = $1 and customer = $2 and customer <> '' returning id"
        for row in await self._pool.fetch(query, *key):
            await self._jobs.drop(self._pool, MAILS, organization, queues.mail(row["id"]))

    async def forget(self, organization: OrganizationId, conversation: ConversationId) -> None:
        for table in ("mail_conversation", "mail_link"):
            await self._pool.execute(
                f"delete from {table} where organization = $1 and conversation = $2", organization, conversation
            )

    async def subscribe(self, writer: Writer) -> None:
        await self._pool.execute(
            """insert into mail_conversation (organization, conversation, customer, channel, session)
            select organization, $2, customer, $4, $5 from mail_address where organization = $1 and customer = $3
            on conflict (organization, conversation) do update
            set customer = excluded.customer, channel = excluded.channel, session = excluded.session""",
            *(writer.organization, writer.conversation, writer.customer, writer.channel, writer.session),
        )

    async def subscriber(self, organization: OrganizationId, conversation: ConversationId) -> Writer | None:
        query = "select channel, session, customer from mail_conversation where organization = $1 and conversation = $2"
        row = await self._pool.fetchrow(query, organization, conversation)
        return row and Writer(organization, row["channel"], row["session"], row["customer"], conversation)

    async def mailed(
        self, conversations: Collection[tuple[OrganizationId, ConversationId]]
    ) -> set[tuple[OrganizationId, ConversationId]]:
        query = """select organization, conversation from mail_conversation
            where (organization, conversation) in (select * from unnest($1::text[], $2::text[]))"""
        found = await self._pool.fetch(query, *map(list, zip(*conversations, strict=True)))
        return {(row["organization"], row["conversation"]) for row in found}

    async def waits(self, organization: OrganizationId, conversation: ConversationId) -> bool | None:
        waiting: bool | None = await self._pool.fetchval(_WAITS, organization, conversation)
        return waiting

    async def add_link(self, link: MailLink, secret_hash: bytes) -> None:
        writer = link.writer
        async with self._pool.acquire() as connection, connection.transaction():
            if link.purpose is LinkPurpose.CONFIRM:
                await connection.execute(
                    "delete from mail_link where organization = $1 and customer = $2 and purpose = $3",
                    *(writer.organization, writer.customer, link.purpose),
                )
            await connection.execute(
                _ADD_LINK,
                *(writer.organization, link.id, link.purpose, secret_hash, writer.customer, writer.channel, writer.session),
                *(writer.conversation, link.address, link.expires),
            )

    async def link(self, organization: OrganizationId, id: MailLinkId, secret_hash: bytes) -> MailLink | None:
        row = await self._pool.fetchrow(_LINK, organization, id, secret_hash)
        if row is None:
            return None
        writer = Writer(organization, row["channel"], row["session"], row["customer"], row["conversation"])
        return MailLink(id, LinkPurpose(row["purpose"]), writer, row["digest"], row["expires"])

    async def use_link(self, link: MailLink) -> bool:
        return bool(await self._pool.fetchval(_USE, link.writer.organization, link.id))

    async def sweep(self) -> int:
        return int(await self._pool.fetchval(_SWEEP, CONFIRMATION))

    async def reseal(self) -> int:
        """Seals with the newest key what an older one sealed; how many addresses."""
        return await SEALED.reseal(self._pool, self._sealing)

    def _address(self, organization: OrganizationId, customer: CustomerId, row: Any) -> CustomerAddress:
        address = self._sealing.open(row["sealed"], place(organization, customer)).decode()
        return CustomerAddress(organization, customer, address, row["language"], row["confirmed"])


SEALED = SealedRows("mail_address", ("organization", "customer"), "sealed", place)
