"""One-time links in PostgreSQL."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from kit.errors import TokenRevoked
from kit.ids import OrganizationId
from services.admin.adapters.postgres import actors, users
from services.admin.adapters.postgres.database import EVERY, Database, Work
from services.admin.domain import errors, links
from services.admin.domain.facts import Fact
from services.admin.domain.links import Kind, Link
from services.admin.domain.roles import Actor
from services.admin.domain.users import Change, User

_COLUMNS = "organization, hash, kind, subject, created, expires, used, clears_second_factor, maker, permission, revoked"
_ADD = f"insert into one_time_link ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
_FIND = f"select {_COLUMNS} from one_time_link where hash = $1"
_REPLACE = """
delete from one_time_link
where organization = $1 and kind = $2 and subject = $3 and used is null and ($4::text is null or maker = $4)
"""
_USE = "update one_time_link set used = $2 where hash = $1"
_TIDY = """
delete from one_time_link where hash in (
    select hash from one_time_link where expires < $1 limit 5000 for update skip locked  -- another replica may be at it
)
"""


class PostgresLinks:
    """Keeps one-time links in the table `one_time_link`, whose row is locked while a link is used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, hash: bytes) -> Link | None:
        async with self._database.work(EVERY) as work:
            return await found(work, hash)

    async def add(
        self,
        link: Link,
        facts: Sequence[Fact],
        by: Actor,
        rule: Callable[[User], None] | None = None,
        replaces_own_only: bool = False,
    ) -> bool:
        async with self._database.work(link.organization or EVERY) as work:
            if rule is not None:
                user = await users.locked(work, link.subject)
                await actors.check(work, by)
                if user is None:
                    return False
                rule(user)
            await add(work, link, replaces_own_only)
            work.add(*facts)
        return True

    async def reset(self, hash: bytes, now: datetime, rule: Callable[[Link, User], Change]) -> User | None:
        async with self._database.work(EVERY) as work:
            link = await found(work, hash)
            if link is None or link.kind is not Kind.PASSWORD_RESET:
                return None
            await work.see(link.organization)
            await work.connection.execute("select from organization where id = $1 for no key update", link.organization)
            user = await users.locked(work, link.subject)
            link = await locked(work, hash)
            if user is None or link is None:
                return None
            change = rule(link, user)
            await check_maker(work, links.maker_of(link.maker, link.permission, user.permissions))
            await use(work, hash, now)
            await users.save(work, user, change)
            work.add(*change.facts)
            return change.user

    async def check_maker(self, organization: OrganizationId, maker: Actor) -> None:
        async with self._database.work(organization) as work:
            await check_maker(work, maker)

    async def tidy(self, now: datetime) -> None:
        async with self._database.work(EVERY) as work:
            await work.connection.execute(_TIDY, now)


async def add(work: Work, link: Link, replaces_own_only: bool = False) -> None:
    """Adds a link, which replaces those for the same that were not used: all, or those of the same maker."""
    if link.kind is not Kind.SETUP:
        replaced = (work.transaction.organization, link.kind, link.subject, link.maker if replaces_own_only else None)
        await work.connection.execute(_REPLACE, *replaced)
    values = (link.organization, link.hash, link.kind, link.subject, link.created, link.expires, link.used)
    await work.connection.execute(_ADD, *values, link.clears_second_factor, link.maker, link.permission, link.revoked)


async def found(work: Work, hash: bytes) -> Link | None:
    """A link."""
    return _link(await work.connection.fetchrow(_FIND, hash))


async def locked(work: Work, hash: bytes) -> Link | None:
    """A link, whose row is locked until the commit."""
    return _link(await work.connection.fetchrow(_FIND + " for update", hash))


async def check_maker(work: Work, maker: Actor) -> None:
    """Raises LinkRevoked unless the maker of a link may still make it."""
    try:
        await actors.check(work, maker)
    except TokenRevoked:
        raise errors.LinkRevoked from None


async def use(work: Work, hash: bytes, now: datetime) -> None:
    """Notes that a link was used."""
    await work.connection.execute(_USE, hash, now)


def _link(row: Any) -> Link | None:
    return Link(**{**row, "kind": Kind(row["kind"])}) if row else None
