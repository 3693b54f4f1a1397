"""Sessions and refresh tokens in PostgreSQL."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from services.admin.adapters.postgres import rows
from services.admin.adapters.postgres.database import EVERY, Database, Work
from services.admin.domain.facts import Fact
from services.admin.domain.sessions import Found, Refreshed, RefreshToken, Session
from services.admin.domain.users import User

_LOGIN = f"""
update organization_user set login = $3
where organization = $1 and id = $2 and state = 'ACTIVE' and password_hash = $4 returning {rows.USER}
"""
_ADD_SESSION = "insert into session (organization, id, user_id, created, expires) values ($1, $2, $3, $4, $5)"
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
    s.organization, s.id, s.user_id, s.created, s.expires, s.ended
from refresh_token t join session s on s.id = t.session
where t.hash = $1
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
            await work.connection.execute(_ADD_SESSION, *values)
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
    if session != found.session:
        query = """
            update session set ended = $4
            where organization = $1 and user_id = $2 and (id = $3 or $5) and ended is null
        """
        values = (session.organization, session.user, session.id, session.ended, refreshed.ends_all)
        await work.connection.execute(query, *values)
