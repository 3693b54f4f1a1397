"""Roles of organizations' own in PostgreSQL."""

from collections.abc import Callable, Sequence
from typing import Any

from kit.errors import RequestIdReused
from kit.ids import OrganizationId
from services.admin.adapters.postgres import actors
from services.admin.adapters.postgres.database import Database, Work
from services.admin.domain import errors
from services.admin.domain.facts import Fact
from services.admin.domain.own_roles import Decided
from services.admin.domain.roles import Actor, Role

_COLUMNS = "id, display_name, description, permissions, created, updated, revision"
_LOCK = "select from organization where id = $1 for no key update"
_ADD = f"""
insert into role (organization, {_COLUMNS}, request_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_SAVE = """
update role set display_name = $3, description = $4, permissions = $5, updated = $6, revision = $7
where organization = $1 and id = $2
"""
_TAKE_AWAY = """
update organization_user set roles = array_remove(roles, $2), revision = revision + 1
where organization = $1 and $2 = any(roles)
"""
_TAKE_AWAY_INVITED = """
update invitation set roles = array_remove(roles, $2) where organization = $1 and $2 = any(roles) and state = 'PENDING'
"""


class PostgresOwnRoles:
    """Keeps roles in the table `role`. The organization's row is locked before a role changes, as for users' roles."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, organization: OrganizationId) -> dict[str, Role]:
        """The organization's own roles by id."""
        async with self._database.work(organization) as work:
            rows = await work.connection.fetch(f"select {_COLUMNS} from role where organization = $1 order by id", organization)
        return {row["id"]: _role(row) for row in rows}

    async def add(self, organization: OrganizationId, request_id: str, by: Actor, rule: Callable[[int], Decided]) -> Role:
        """Adds the role that the rule makes, given how many there are; or the one that the same request_id has added before.

        Raises RoleExists, or RequestIdReused if that one has another id.
        """
        async with self._database.work(organization) as work:
            await work.connection.execute(_LOCK, organization)
            await actors.check(work, by)
            count = await work.connection.fetchval("select count(*) from role where organization = $1", organization)
            role, facts = rule(count)
            if request_id and (known := await _one(work, "request_id", request_id)):
                if known.id != role.id:
                    raise RequestIdReused(request_id)
                return known
            if await _one(work, "id", role.id):
                raise errors.RoleExists(role.id)
            permissions = sorted(role.permissions)
            await work.connection.execute(
                *(_ADD, organization, role.id, role.display_name, role.description, permissions),
                *(role.created, role.updated, role.revision, request_id or None),
            )
            work.add(*facts)
            return role

    async def change(self, organization: OrganizationId, id: str, by: Actor, rule: Callable[[Role], Decided]) -> Role | None:
        """Locks a role, saves what the rule makes of it, and returns that; None if there is none."""
        async with self._database.work(organization) as work:
            await work.connection.execute(_LOCK, organization)
            await actors.check(work, by)
            role = await _one(work, "id", id)
            if role is None:
                return None
            after, facts = rule(role)
            if after != role:
                await work.connection.execute(
                    *(_SAVE, organization, id, after.display_name, after.description, sorted(after.permissions)),
                    *(after.updated, after.revision),
                )
            work.add(*facts)
            return after

    async def delete(self, organization: OrganizationId, id: str, by: Actor, rule: Callable[[Role], Sequence[Fact]]) -> bool:
        """Deletes a role that the rule lets go, and takes it from its users; False if there is none."""
        async with self._database.work(organization) as work:
            await work.connection.execute(_LOCK, organization)
            await actors.check(work, by)
            role = await _one(work, "id", id)
            if role is None:
                return False
            facts = rule(role)
            await work.connection.execute(_TAKE_AWAY, organization, id)
            await work.connection.execute(_TAKE_AWAY_INVITED, organization, id)
            await work.connection.execute("delete from role where organization = $1 and id = $2", organization, id)
            work.add(*facts)
            return True


async def _one(work: Work, column: str, value: str) -> Role | None:
    query = f"select {_COLUMNS} from role where organization = $1 and {column} = $2 for no key update"
    row = await work.connection.fetchrow(query, work.transaction.organization, value)
    return _role(row) if row else None


def _role(row: Any) -> Role:
    id, display_name, description, permissions, *rest = tuple(row)
    return Role(id, display_name, description, frozenset(permissions), *rest)
