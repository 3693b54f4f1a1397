"""API keys in PostgreSQL."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from kit.errors import RequestIdReused
from kit.ids import OrganizationId
from services.admin.adapters.postgres import actors, rows
from services.admin.adapters.postgres.database import EVERY, Database
from services.admin.domain.api_keys import ApiKey
from services.admin.domain.facts import Fact
from services.admin.domain.roles import Actor
from services.admin.domain.users import User

_ADD = f"""
insert into api_key ({rows.KEY}, hash, request_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
on conflict (organization, request_id) do nothing returning id
"""
_GET = f"select {rows.KEY} from api_key where organization = $1 and id = $2"
_OWNER = """
select organization, creator, id from api_key where hash = $1
union all
select k.organization, k.creator, k.id from api_key_secret s
join api_key k on k.organization = s.organization and k.id = s.api_key
where s.hash = $1 and s.expires > $2
"""
_FIND = f"{_GET} for share"
_IS_GOOD = """
select hash = $3 or exists(
    select from api_key_secret s where s.organization = $1 and s.api_key = $2 and s.hash = $3 and s.expires > $4
) from api_key where organization = $1 and id = $2
"""
_OLDER = "select count(*) from api_key_secret where organization = $1 and api_key = $2 and expires > $3"
_KEEP_OLD = """
insert into api_key_secret (organization, api_key, hash, expires)
select organization, id, hash, $3 from api_key where organization = $1 and id = $2
"""
_SHORTEN = "update api_key_secret set expires = least(expires, $3) where organization = $1 and api_key = $2"
_FORGET = "delete from api_key_secret where organization = $1 and api_key = $2 and expires <= $3"
_ROTATE = """
update api_key set hash = $3, hint = $4, rotated = $5, previous_expires = $6 where organization = $1 and id = $2
"""
_PAGE = f"""
select {rows.KEY} from api_key
where organization = $1 and ($2::timestamptz is null or (created, id) < ($2, $3))
order by created desc, id desc limit $4
"""
_NOTE_USE = """
update api_key set used = $3 where organization = $1 and id = $2 and (used is null or used < $4)
"""


class PostgresApiKeys:
    """Keeps API keys in the table `api_key`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, key: ApiKey, secret_hash: bytes, request_id: str, facts: Sequence[Fact], by: Actor) -> ApiKey:
        async with self._database.work(key.organization) as work:
            await actors.check(work, by)
            if await work.connection.fetchval(_ADD, *_values(key), secret_hash, request_id or None):
                work.add(*facts)
                return key
            query = f"select {rows.KEY} from api_key where organization = $1 and request_id = $2"
            known = rows.key_of(await work.connection.fetchrow(query, key.organization, request_id))
            if (known.scopes, known.creator) != (key.scopes, key.creator):
                raise RequestIdReused(request_id)
            return known

    async def get(self, organization: OrganizationId, id: str) -> ApiKey | None:
        async with self._database.work(organization) as work:
            row = await work.connection.fetchrow(_GET, organization, id)
        return rows.key_of(row) if row else None

    async def find(self, secret_hash: bytes, now: datetime) -> tuple[ApiKey, User] | None:
        async with self._database.work(EVERY) as work:
            row = await work.connection.fetchrow(_OWNER, secret_hash, now)
            if row is None:
                return None
            organization, creator, id = tuple(row)
            user = await work.connection.fetchrow(actors.USER, organization, creator)
            key = await work.connection.fetchrow(_FIND, organization, id)
            # A statement of its own, after the lock: it sees what a rotation that was running has made of the secrets.
            good = await work.connection.fetchval(_IS_GOOD, organization, id, secret_hash, now)
            return (rows.key_of(key), rows.user_of(user)) if key and user and good else None

    async def page(self, organization: OrganizationId, before: tuple[datetime, str] | None, limit: int) -> list[ApiKey]:
        created, id = before or (None, None)
        async with self._database.work(organization) as work:
            return [rows.key_of(row) for row in await work.connection.fetch(_PAGE, organization, created, id, limit)]

    async def change(
        self, organization: OrganizationId, id: str, by: Actor, rule: Callable[[ApiKey], tuple[ApiKey, Sequence[Fact]]]
    ) -> ApiKey | None:
        async with self._database.work(organization) as work:
            await actors.check(work, by)
            row = await work.connection.fetchrow(_GET + " for no key update", organization, id)
            if row is None:
                return None
            key, facts = rule(rows.key_of(row))
            query = "update api_key set revoked = $3 where organization = $1 and id = $2"
            await work.connection.execute(query, organization, id, key.revoked)
            work.add(*facts)
            return key

    async def rotate(
        self,
        organization: OrganizationId,
        id: str,
        by: Actor,
        now: datetime,
        rule: Callable[[ApiKey, int], tuple[ApiKey, bytes, Sequence[Fact]]],
    ) -> ApiKey | None:
        async with self._database.work(organization) as work:
            await actors.check(work, by)
            row = await work.connection.fetchrow(_GET + " for no key update", organization, id)
            if row is None:
                return None
            older = await work.connection.fetchval(_OLDER, organization, id, now)
            key, hash, facts = rule(rows.key_of(row), older)
            until = key.previous_expires or now
            await work.connection.execute(_KEEP_OLD, organization, id, until)
            await work.connection.execute(_SHORTEN, organization, id, until)
            await work.connection.execute(_FORGET, organization, id, now)
            await work.connection.execute(_ROTATE, organization, id, hash, key.hint, key.rotated, key.previous_expires)
            work.add(*facts)
            return key

    async def note_use(self, organization: OrganizationId, id: str, now: datetime, unless_since: datetime) -> None:
        async with self._database.work(organization) as work:
            await work.connection.execute(_NOTE_USE, organization, id, now, unless_since)


def _values(key: ApiKey) -> tuple[Any, ...]:
    return (
        key.organization,
        key.id,
        key.display_name,
        list(key.scopes),
        key.tier,
        key.hint,
        key.creator,
        key.created,
        key.expires,
        key.used,
        key.revoked,
        key.rotated,
        key.previous_expires,
    )
