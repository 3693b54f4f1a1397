"""Invitations in PostgreSQL."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from kit.errors import RequestIdReused
from kit.ids import OrganizationId
from services.admin.adapters.postgres import actors, links, users
from services.admin.adapters.postgres.database import EVERY, Database, Work
from services.admin.domain import errors
from services.admin.domain.facts import Fact
from services.admin.domain.invitations import KEPT, MAX_PENDING, Decided, Invitation, State
from services.admin.domain.links import Kind, Link
from services.admin.domain.roles import Actor

_COLUMNS = "organization, id, email, display_name, roles, state, inviter, created, expires, ended, user_id"
_LOCK = "select from organization where id = $1 for no key update"
_GET = f"select {_COLUMNS} from invitation where organization = $1 and id = $2"
_ADD = f"""
insert into invitation ({_COLUMNS}, request_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
_PENDING = f"select {_COLUMNS} from invitation where organization = $1 and email = $2 and state = 'PENDING' for update"
_REPLACE = "update invitation set state = 'REVOKED', ended = $3 where organization = $1 and id = $2"
_COUNT = "select count(*) from invitation where organization = $1 and state = 'PENDING' and expires > $2"
_SAVE = """
update invitation set state = $3, inviter = $4, expires = $5, ended = $6, user_id = $7 where organization = $1 and id = $2
"""
_PAGE = f"""
select {_COLUMNS} from invitation
where organization = $1
  and ($2 = '' or $2 = case when state = 'PENDING' and expires <= $3 then 'EXPIRED' else state end)
  and ($4::timestamptz is null or (created, id) < ($4, $5))
order by created desc, id desc limit $6
"""
_TIDY = "delete from invitation where ended < $1 or (state = 'PENDING' and expires < $1)"


class PostgresInvitations:
    """Keeps invitations in the table `invitation`. The organization's row is locked before one changes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, invitation: Invitation, link: Link, request_id: str, facts: Sequence[Fact], by: Actor) -> Invitation:
        organization, now = invitation.organization, invitation.created
        async with self._database.work(organization) as work:
            if await work.connection.fetchrow(_LOCK, organization) is None:
                raise errors.OrganizationNotFound(organization)
            await actors.check(work, by)
            if request_id and (known := await _by_request(work, request_id)):
                if known.email != invitation.email:
                    raise RequestIdReused(request_id)
                return known
            await _make_room(work, invitation, now)
            await work.connection.execute(_ADD, *_values(invitation), request_id or None)
            await links.add(work, link)
            work.add(*facts)
            return invitation

    async def get(self, organization: OrganizationId, id: str) -> Invitation | None:
        async with self._database.work(organization) as work:
            return _invitation(await work.connection.fetchrow(_GET, organization, id))

    async def page(
        self, organization: OrganizationId, state: str, now: datetime, before: tuple[datetime, str] | None, limit: int
    ) -> list[Invitation]:
        created, id = before or (None, None)
        async with self._database.work(organization) as work:
            found = await work.connection.fetch(_PAGE, organization, state, now, created, id, limit)
        return [invitation for row in found if (invitation := _invitation(row))]

    async def change(
        self,
        organization: OrganizationId,
        id: str,
        by: Actor,
        rule: Callable[[Invitation], Decided],
        link: Link | None = None,
    ) -> Invitation | None:
        async with self._database.work(organization) as work:
            await work.connection.execute(_LOCK, organization)
            await actors.check(work, by)
            found = _invitation(await work.connection.fetchrow(_GET + " for update", organization, id))
            if found is None:
                return None
            decided = rule(found)
            await _save(work, decided.invitation)
            if link is not None:
                await links.add(work, link)
            work.add(*decided.facts)
            return decided.invitation

    async def accept(
        self,
        hash: bytes,
        password_hash: str,
        now: datetime,
        inviter: Callable[[Link, Invitation], Actor],
        rule: Callable[[Link, Invitation], Decided],
    ) -> Decided | None:
        async with self._database.work(EVERY) as work:
            link = await links.found(work, hash)
            if link is None or link.kind is not Kind.INVITATION:
                return None
            await work.see(link.organization)
            await work.connection.execute(_LOCK, link.organization)
            row = await work.connection.fetchrow(_GET + " for update", link.organization, link.subject)
            link = await links.locked(work, hash)  # as the one before has left it
            if (found := _invitation(row)) is None or link is None:
                return None
            decided = rule(link, found)
            await links.check_maker(work, inviter(link, found))
            await _add_user(work, decided, password_hash)
            await links.use(work, hash, now)
            await _save(work, decided.invitation)
            work.add(*decided.facts)
            return decided

    async def tidy(self, now: datetime) -> None:
        async with self._database.work(EVERY) as work:
            await work.connection.execute(_TIDY, now - KEPT)


async def _make_room(work: Work, invitation: Invitation, now: datetime) -> None:
    """Raises what stands in the way of an invitation. An expired one for the same address gives way to it."""
    organization, connection = invitation.organization, work.connection
    query = "select true from organization_user where organization = $1 and email = $2"
    if await connection.fetchval(query, organization, invitation.email):
        raise errors.EmailTaken
    pending = _invitation(await connection.fetchrow(_PENDING, organization, invitation.email))
    if pending is not None and pending.state_at(now) is State.PENDING:
        raise errors.InvitationExists(pending.id)
    if pending is not None:
        await connection.execute(_REPLACE, organization, pending.id, now)
    if await connection.fetchval(_COUNT, organization, now) >= MAX_PENDING:
        raise errors.TooManyInvitations(MAX_PENDING)


async def _add_user(work: Work, decided: Decided, password_hash: str) -> None:
    user = decided.user
    assert user is not None
    if not await work.connection.fetchval(users.ADD, *users.values(user), password_hash, None):
        raise errors.EmailTaken


async def _save(work: Work, after: Invitation) -> None:
    values = (after.state, after.inviter, after.expires, after.ended, after.user)
    await work.connection.execute(_SAVE, after.organization, after.id, *values)


async def _by_request(work: Work, request_id: str) -> Invitation | None:
    query = f"select {_COLUMNS} from invitation where organization = $1 and request_id = $2"
    return _invitation(await work.connection.fetchrow(query, work.transaction.organization, request_id))


def _values(invitation: Invitation) -> tuple[Any, ...]:
    return (
        invitation.organization,
        invitation.id,
        invitation.email,
        invitation.display_name,
        list(invitation.roles),
        invitation.state,
        invitation.inviter,
        invitation.created,
        invitation.expires,
        invitation.ended,
        invitation.user,
    )


def _invitation(row: Any) -> Invitation | None:
    if row is None:
        return None
    organization, id, email, display_name, role_ids, state, *rest = tuple(row)
    return Invitation(organization, id, email, display_name, tuple(role_ids), State(state), *rest)
