"""Organizations in PostgreSQL."""

from collections.abc import Callable, Sequence
from typing import Any

from kit.ids import OrganizationId
from services.admin.adapters.postgres import actors, users
from services.admin.adapters.postgres.database import Database
from services.admin.domain import errors
from services.admin.domain.facts import Fact
from services.admin.domain.organizations import Decided, Organization, State
from services.admin.domain.roles import Actor
from services.admin.domain.users import User

_COLUMNS = "id, display_name, language, time_zone, created, updated, revision, state"
_ADD = f"""
insert into organization ({_COLUMNS}, request_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict do nothing returning id
"""
_SAVE = """
update organization set display_name = $2, language = $3, time_zone = $4, updated = $5, revision = $6, state = $7
where id = $1
"""


class PostgresOrganizations:
    """Keeps organizations in the table `organization`."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
                await work.connection.execute(
                    _SAVE, id, after.display_name, after.language, after.time_zone, after.updated, after.revision, after.state
                )
            work.add(*facts)
            return after


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
    )


def _organization(row: Any) -> Organization:
    id, display_name, language, time_zone, created, updated, revision, state = tuple(row)
    return Organization(id, display_name, language, time_zone, created, updated, revision, State(state))
