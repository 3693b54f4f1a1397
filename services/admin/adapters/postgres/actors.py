"""The actor of a change, looked at within its transaction."""

from kit.errors import TokenRevoked
from services.admin.adapters.postgres import rows
from services.admin.adapters.postgres.database import Work
from services.admin.domain import actors
from services.admin.domain.roles import Actor

USER = f"select {rows.USER} from organization_user where organization = $1 and id = $2 for share"
_SESSION = "select ended is null from session where organization = $1 and user_id = $2 and id = $3"
_CREATOR = "select creator from api_key where organization = $1 and id = $2"
_KEY = f"select {rows.KEY} from api_key where organization = $1 and id = $2 for share"


async def check(work: Work, by: Actor) -> None:
    """Raises TokenRevoked unless the actor may still act; what decides that can't change before the commit.

    A user's row is the lock of the user's sessions, too. Locks have one order: organization, the changed user,
    the acting user, API key.
    """
    organization, fetch = work.transaction.organization, work.connection.fetchrow
    if by.kind == "users":
        user = await fetch(USER, organization, by.id)
        is_open = not by.session or await work.connection.fetchval(_SESSION, organization, by.id, by.session)
        actors.check_user(by, user and rows.user_of(user), bool(is_open))
    elif by.kind == "apiKeys":
        creator = await fetch(USER, organization, await work.connection.fetchval(_CREATOR, organization, by.id))
        key = await fetch(_KEY, organization, by.id)
        actors.check_key(by, key and rows.key_of(key), creator and rows.user_of(creator))
    elif by.kind != "services":
        raise TokenRevoked
