"""Sessions and refresh tokens in PostgreSQL."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from kit.ids import OrganizationId
from services.admin.adapters.postgres import actors, rows
from services.admin.adapters.postgres.database import EVERY, Database, Work
from services.admin.domain.facts import Fact
from services.admin.domain.roles import Actor
from services.admin.domain.sessions import Found, Refreshed, RefreshToken, Session
from services.admin.domain.users import User

_LOGIN = f"""
update organization_user set login = $3
where organization = $1 and id = $2 and state = 'ACTIVE' and password_hash = $4 returning {rows.USER}
"""
_ADD_SESSION = """
insert into session (organization, id, user_id, created, expires, user_agent, address, second_factor)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_ADD_TOKEN = """
insert into refresh_token (organization, hash, session, number, expires) values ($1, $2, $3, $4, $5)
"""
_OWNER = """
select organization, user_id from session where id = (select session from refresh_token where hash = $1)
"""
_LOCK_USER = f"""
select {rows.USER} from organization_user where organization = $1 and id = $2 for no key update
"""
_TOKEN = """
select t.hash, t.session, t.number, t.expires, t.replaced, t.nonce,
    s.organization, s.id, s.user_id, s.created, s.expires, s.ended, s.user_agent, s.address, s.used, s.second_factor
from refresh_token t join session s on s.id = t.session
where t.hash = $1
"""
_SESSION_COLUMNS = "organization, id, user_id, created, expires, ended, user_agent, address, used, second_factor"
_SESSION = f"select {_SESSION_COLUMNS} from session where organization = $1 and id = $2"
# A session ends when its newest refresh token does.
_PAGE = f"""
select {_SESSION_COLUMNS} from session s
where organization = $1 and user_id = $2 and ended is null and expires > $3
  and exists (select from refresh_token t where t.session = s.id and t.replaced is null and t.expires > $3)
  and ($4::timestamptz is null or (created, id) < ($4, $5))
order by created desc, id desc limit $6
"""
_END = "update session set ended = $3 where organization = $1 and id = $2 and ended is null"
_END_OTHERS = """
update session set ended = $4
where organization = $1 and user_id = $2 and id <> $3 and ended is null and expires > $4 returning id
"""
_TIDY = """
delete from session where id in (
    select id from session where least(expires, ended) < $1 limit 5000 for update skip locked  -- another replica may be at it
)
"""


class PostgresSessions:
    """Keeps sessions in the tables `session` and `refresh_token`. The user's row is the lock of all of a user's sessions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def start(self, session: Session, token: RefreshToken, password_hash: str, facts: Sequence[Fact]) -> User | None:
        organization = session.organization
        async with self._database.work(organization) as work:
            user = await work.connection.fetchrow(_LOGIN, organization, session.user, session.created, password_hash)
            if user is None:
                return None
            values = (organization, session.id, session.user, session.created, session.expires)
            await work.connection.execute(_ADD_SESSION, *values, session.user_agent, session.address, session.second_factor)
            await _add_token(work, token)
            work.add(*facts)
        return rows.user_of(user)

    async def change(self, token_hash: bytes, rule: Callable[[Found], Refreshed]) -> Refreshed | None:
        async with self._database.work(EVERY) as work:
            owner = await work.connection.fetchrow(_OWNER, token_hash)
            if owner is None:
                return None
            await work.see(owner["organization"])
            user = await work.connection.fetchrow(_LOCK_USER, *owner)
            row = await work.connection.fetchrow(_TOKEN, token_hash)  # after the lock: as the one before has left it
            if user is None or row is None:
                return None
            values = tuple(row)
            found = Found(RefreshToken(*values[:6]), Session(*values[6:]), rows.user_of(user))
            refreshed = rule(found)
            await _save(work, found, refreshed)
            work.add(*refreshed.facts)
            return refreshed

    async def page(
        self, organization: OrganizationId, user: str, now: datetime, before: tuple[datetime, str] | None, limit: int
    ) -> list[Session]:
        created, id = before or (None, None)
        async with self._database.work(organization) as work:
            found = await work.connection.fetch(_PAGE, organization, user, now, created, id, limit)
        return [Session(*row) for row in found]

    async def end(
        self, organization: OrganizationId, by: Actor, id: str, rule: Callable[[Session | None], tuple[Session, Sequence[Fact]]]
    ) -> None:
        async with self._database.work(organization) as work:
            await work.connection.fetchrow(_LOCK_USER, organization, by.id)
            await actors.check(work, by)
            row = await work.connection.fetchrow(_SESSION, organization, id)
            session, facts = rule(Session(*row) if row else None)
            await work.connection.execute(_END, organization, session.id, session.ended)
            work.add(*facts)

    async def end_others(self, organization: OrganizationId, by: Actor, now: datetime, fact: Callable[[str], Fact]) -> int:
        async with self._database.work(organization) as work:
            await work.connection.fetchrow(_LOCK_USER, organization, by.id)
            await actors.check(work, by)
            ended = await work.connection.fetch(_END_OTHERS, organization, by.id, by.session, now)
            work.add(*(fact(row["id"]) for row in ended))
            return len(ended)

    async def tidy(self, now: datetime) -> int:
        async with self._database.work(EVERY) as work:
            deleted: str = await work.connection.execute(_TIDY, now - timedelta(days=1))
        return int(deleted.removeprefix("DELETE "))


async def _add_token(work: Work, token: RefreshToken) -> None:
    values = (work.transaction.organization, token.hash, token.session, token.number, token.expires)
    await work.connection.execute(_ADD_TOKEN, *values)


async def _save(work: Work, found: Found, refreshed: Refreshed) -> None:
    token, session = refreshed.token, refreshed.session
    if token != found.token:
        query = "update refresh_token set replaced = $2, nonce = $3 where hash = $1"
        await work.connection.execute(query, token.hash, token.replaced, token.nonce)
    if refreshed.successor:
        query = "update refresh_token set nonce = '' where session = $1 and number = $2"
        await work.connection.execute(query, session.id, token.number - 1)
        await _add_token(work, refreshed.successor)
    if session.used != found.session.used:
        await work.connection.execute("update session set used = $2 where id = $1", session.id, session.used)
    if session.ended != found.session.ended:
        query = """
            update session set ended = $4
            where organization = $1 and user_id = $2 and (id = $3 or $5) and ended is null
        """
        values = (session.organization, session.user, session.id, session.ended, refreshed.ends_all)
        await work.connection.execute(query, *values)
