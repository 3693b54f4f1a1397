"""Users in PostgreSQL."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from kit.errors import RequestIdReused
from kit.ids import OrganizationId
from kit.text import sought
from services.admin.adapters.postgres import actors, rows
from services.admin.adapters.postgres.database import Database, Work
from services.admin.domain import errors, roles
from services.admin.domain.facts import Fact
from services.admin.domain.roles import Actor
from services.admin.domain.users import Change, Filter, User
from services.admin.ports import Credentials

ADD = f"""
insert into organization_user ({rows.USER_COLUMNS}, password_hash, request_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict do nothing returning id
"""
_GET = f"select {rows.USER} from organization_user where organization = $1 and id = $2"
_OTHER_OWNERS = """
select count(*) from organization_user
where organization = $1 and id <> $2 and state = 'ACTIVE' and $3 = any(roles)
"""
_SAVE = """
update organization_user set email = $3, display_name = $4, roles = $5, state = $6, updated = $7, revision = $8,
    password_hash = coalesce(nullif($9, ''), password_hash)
where organization = $1 and id = $2
"""
_PAGE = f"""
select {rows.USER} from organization_user
where organization = $1
  and ($2::text is null or state = $2)
  and ($3 = '' or $3 = any(roles))
  and not exists (
      select from unnest($4::text[], $8::text[]) sought(word, name)
      where strpos(email, word) = 0 and strpos(folded(display_name), folded(name)) = 0
  )
  and ($5::timestamptz is null or (created, id) > ($5, $6))
order by created, id limit $7
"""
_REMOVE_SECOND_FACTOR = "delete from second_factor where organization = $1 and user_id = $2"
_REVOKE_RESETS = """
delete from one_time_link where organization = $1 and kind = 'PASSWORD_RESET' and subject = $2 and used is null
"""
_REVOKE_LINKS = """
update one_time_link set revoked = true
where organization = $1 and used is null and (
    (kind = 'PASSWORD_RESET' and subject = $2)
    or maker = 'users/' || $2
    or maker in (select 'apiKeys/' || id from api_key where organization = $1 and creator = $2)
)
"""
_END_SESSIONS = "update session set ended = $3 where organization = $1 and user_id = $2 and ended is null"


class PostgresUsers:
    """Keeps users in the table `organization_user`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, user: User, password_hash: str, request_id: str, facts: Sequence[Fact], by: Actor) -> User:
        try:
            async with self._database.work(user.organization) as work:
                await actors.check(work, by)
                if await work.connection.fetchval(ADD, *values(user), password_hash, request_id or None):
                    work.add(*facts)
                    return user
                return await _known(work, user, request_id)
        except asyncpg.ForeignKeyViolationError as error:
            raise errors.OrganizationNotFound(user.organization) from error

    async def get(self, organization: OrganizationId, id: str) -> User | None:
        async with self._database.work(organization) as work:
            row = await work.connection.fetchrow(_GET, organization, id)
        return rows.user_of(row) if row else None

    async def find(self, organization: OrganizationId, email: str) -> Credentials | None:
        return await self._credentials("email", organization, email)

    async def credentials(self, organization: OrganizationId, id: str) -> Credentials | None:
        return await self._credentials("id", organization, id)

    async def _credentials(self, column: str, organization: OrganizationId, value: str) -> Credentials | None:
        query = f"select {rows.USER}, password_hash from organization_user where organization = $1 and {column} = $2"
        async with self._database.work(organization) as work:
            row = await work.connection.fetchrow(query, organization, value)
        return Credentials(rows.user_of(row), row["password_hash"]) if row else None

    async def page(
        self, organization: OrganizationId, filter: Filter, after: tuple[datetime, str] | None, limit: int
    ) -> list[User]:
        names = [sought(word) for word in filter.words]
        if not all(names):
            return []
        created, id = after or (None, None)
        async with self._database.work(organization) as work:
            found = await work.connection.fetch(
                _PAGE, organization, filter.state, filter.role, list(filter.words), created, id, limit, names
            )
        return [rows.user_of(row) for row in found]

    async def change(
        self, organization: OrganizationId, id: str, by: Actor, rule: Callable[[User, int], Change]
    ) -> User | None:
        try:
            async with self._database.work(organization) as work:
                # The organization's row stands for the set of its owners: each change of a user locks it.
                await work.connection.execute("select from organization where id = $1 for no key update", organization)
                row = await work.connection.fetchrow(_GET + " for update", organization, id)
                await actors.check(work, by)
                if row is None:
                    return None
                before = rows.user_of(row)
                others = await work.connection.fetchval(_OTHER_OWNERS, organization, id, roles.OWNER)
                change = rule(before, others)
                await save(work, before, change)
                work.add(*change.facts)
                return change.user
        except asyncpg.UniqueViolationError as error:
            raise errors.EmailTaken from error

    async def rehash(self, organization: OrganizationId, id: str, old: str, new: str) -> bool:
        query = """
            update organization_user set password_hash = $4
            where organization = $1 and id = $2 and password_hash = $3 returning true
        """
        async with self._database.work(organization) as work:
            return bool(await work.connection.fetchval(query, organization, id, old, new))


def values(user: User) -> tuple[Any, ...]:
    """The values of `rows.USER_COLUMNS`."""
    return (
        user.organization,
        user.id,
        user.email,
        user.display_name,
        list(user.roles),
        user.state,
        user.created,
        user.updated,
        user.login,
        user.revision,
    )


async def _known(work: Work, user: User, request_id: str) -> User:
    """The user that the same request has added before; or raises what stands in the way."""
    if request_id:
        query = f"select {rows.USER} from organization_user where organization = $1 and request_id = $2"
        row = await work.connection.fetchrow(query, user.organization, request_id)
        if row is not None:
            known = rows.user_of(row)
            if known.email != user.email:
                raise RequestIdReused(request_id)
            return known
    if await work.connection.fetchval(_GET, user.organization, user.id):
        raise errors.UserExists(user.id)
    raise errors.EmailTaken


async def locked(work: Work, id: str) -> User | None:
    """A user of the transaction's organization, whose row is locked until the commit."""
    row = await work.connection.fetchrow(_GET + " for update", work.transaction.organization, id)
    return rows.user_of(row) if row else None


async def save(work: Work, before: User, change: Change) -> None:
    """Stores a user as decided, and what goes with it. A new password revokes links for another one."""
    after = change.user
    if change.revokes_links:  # before the API keys go with the user
        await work.connection.execute(_REVOKE_LINKS, after.organization, after.id)
    if change.deletes:
        query = "delete from organization_user where organization = $1 and id = $2"
        await work.connection.execute(query, after.organization, after.id)
        return
    if after != before or change.password_hash:
        await work.connection.execute(
            _SAVE,
            after.organization,
            after.id,
            after.email,
            after.display_name,
            list(after.roles),
            after.state,
            after.updated,
            after.revision,
            change.password_hash,
        )
    if change.password_hash:
        await work.connection.execute(_REVOKE_RESETS, after.organization, after.id)
    if change.removes_second_factor:
        await work.connection.execute(_REMOVE_SECOND_FACTOR, after.organization, after.id)
    if change.ends_sessions:
        await work.connection.execute(_END_SESSIONS, after.organization, after.id, change.ends_sessions)
