"""Organizations in PostgreSQL."""

from collections.abc import Callable, Sequence
from typing import Any

from kit.erasure import QUEUE, SUBJECT
from kit.ids import OrganizationId
from kit.jobs.table import Jobs
from services.admin.adapters.postgres import actors, links, users
from services.admin.adapters.postgres.database import EVERY, Database
from services.admin.domain import errors
from services.admin.domain.facts import Fact
from services.admin.domain.links import Link
from services.admin.domain.organizations import STORES, Confirmation, Decided, Organization, OrganizationErasure, State
from services.admin.domain.roles import Actor
from services.admin.domain.users import User

_COLUMNS = "id, display_name, language, time_zone, created, updated, revision, state, purge, restored"
_ADD = f"""
insert into organization ({_COLUMNS}, request_id) select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
where not exists (select from organization_erasure where id = $1)
on conflict do nothing returning id
"""
_FIRST = "first-organization"
_ALONE = "select pg_advisory_xact_lock(hashtext('first-organization'))"
"""So that of two set-up links that are used at once, one makes the first organization."""
_ANY = "select exists(select from organization)"
_SAVE = """
update organization set display_name = $2, language = $3, time_zone = $4, updated = $5, revision = $6, state = $7,
    purge = $8, restored = $9
where id = $1
"""
_BEGIN = """
with receipt as (insert into organization_erasure (id) values ($1) returning id)
insert into organization_erasure_confirmation (erasure, service) select receipt.id, unnest($2::text[]) from receipt
"""
_CONFIRM = """
update organization_erasure_confirmation set finished = clock_timestamp(), count = $3
where erasure = $1 and service = $2 and finished is null
"""
_RECEIPT = """
select e.created, c.service, c.finished, c.count
from organization_erasure e join organization_erasure_confirmation c on c.erasure = e.id where e.id = $1
"""


class PostgresOrganizations:
    """Keeps organizations in the table `organization`."""

    def __init__(self, database: Database, jobs: Jobs) -> None:
        self._database = database
        self._jobs = jobs

    async def add(
        self, organization: Organization, owner: User, password_hash: str, request_id: str, facts: Sequence[Fact]
    ) -> Organization:
        async with self._database.work(organization.id) as work:
            if not await work.connection.fetchval(_ADD, *_values(organization), request_id):
                query = f"select {_COLUMNS} from organization where id = $1 and request_id = $2"
                known = await work.connection.fetchrow(query, organization.id, request_id)
                if known is None:
                    raise errors.OrganizationExists(organization.id)
                return _organization(known)
            await work.connection.execute(users.ADD, *users.values(owner), password_hash, None)
            work.add(*facts)
        return organization

    async def add_first(
        self,
        organization: Organization,
        owner: User,
        password_hash: str,
        hash: bytes,
        facts: Sequence[Fact],
        rule: Callable[[Link | None], Link],
    ) -> None:
        async with self._database.work(EVERY) as work:
            await work.connection.execute(_ALONE)
            link = rule(await links.locked(work, hash))
            if await work.connection.fetchval(_ANY):
                raise errors.SetupComplete
            await links.use(work, link.hash, organization.created)
            await work.see(organization.id)
            if not await work.connection.fetchval(_ADD, *_values(organization), _FIRST):
                raise errors.OrganizationExists(organization.id)
            await work.connection.execute(users.ADD, *users.values(owner), password_hash, None)
            work.add(*facts)

    async def any(self) -> bool:
        return bool(await self._database.pool.fetchval(_ANY))

    async def get(self, id: OrganizationId) -> Organization | None:
        row = await self._database.pool.fetchrow(f"select {_COLUMNS} from organization where id = $1", id)
        return _organization(row) if row else None

    async def page(self, after: str, limit: int) -> list[Organization]:
        query = f"select {_COLUMNS} from organization where id > $1 order by id limit $2"
        return [_organization(row) for row in await self._database.pool.fetch(query, after, limit)]

    async def change(self, id: OrganizationId, by: Actor, rule: Callable[[Organization], Decided]) -> Organization | None:
        async with self._database.work(id) as work:
            row = await work.connection.fetchrow(f"select {_COLUMNS} from organization where id = $1 for no key update", id)
            await actors.check(work, by)
            if row is None:
                return None
            before = _organization(row)
            after, facts = rule(before)
            if after != before:
                await self._save(work.connection, before, after)
            work.add(*facts)
            return after

    async def _save(self, connection: Any, before: Organization, after: Organization) -> None:
        id, named = after.id, (after.display_name, after.language, after.time_zone)
        await connection.execute(_SAVE, id, *named, after.updated, after.revision, after.state, after.purge, after.restored)
        if after.state is before.state:
            return
        match after.state:
            case State.DELETING if after.purge is not None:
                await self._jobs.add(connection, QUEUE, id, SUBJECT, after=after.purge - after.updated)
            case State.ERASING:
                await connection.execute(_BEGIN, id, list(STORES))
            case _ if before.state is State.DELETING:
                await self._jobs.drop(connection, QUEUE, id, SUBJECT)

    async def erasure(self, id: OrganizationId) -> OrganizationErasure | None:
        rows = await self._database.pool.fetch(_RECEIPT, id)
        found = sorted(
            (Confirmation(row["service"], row["finished"], row["count"]) for row in rows),
            key=lambda each: STORES.index(each.service),
        )
        return OrganizationErasure(id, rows[0]["created"], found) if rows else None

    async def confirm(self, id: OrganizationId, service: str, count: int) -> None:
        async with self._database.pool.acquire() as connection, connection.transaction():
            await connection.execute(_CONFIRM, id, service, count)
            await self._jobs.hasten(connection, QUEUE, id, SUBJECT)
        self._jobs.wake(QUEUE)

    async def remove(self, id: OrganizationId) -> int:
        return int((await self._database.pool.execute("delete from organization where id = $1", id)).split()[-1])


def _values(organization: Organization) -> tuple[Any, ...]:
    return (
        organization.id,
        organization.display_name,
        organization.language,
        organization.time_zone,
        organization.created,
        organization.updated,
        organization.revision,
        organization.state,
        organization.purge,
        organization.restored,
    )


def _organization(row: Any) -> Organization:
    return Organization(**{**row, "state": State(row["state"]), "restored": State(row["restored"])})
