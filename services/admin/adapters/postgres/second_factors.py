"""Second factors in PostgreSQL, their secrets sealed by the vault in the same row."""

from collections.abc import Callable

from kit.ids import OrganizationId
from kit.resealing import SealedRows
from kit.vault import Vault
from services.admin.adapters.postgres import actors, users
from services.admin.adapters.postgres.database import EVERY, Database, Work
from services.admin.domain.roles import Actor
from services.admin.domain.second_factors import Decided, SecondFactor

_GET = """
select sealed, created, confirmed, step, recovery from second_factor where organization = $1 and user_id = $2
"""
_SAVE = """
insert into second_factor (organization, user_id, sealed, created, confirmed, step, recovery)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (organization, user_id) do update set sealed = excluded.sealed, created = excluded.created,
    confirmed = excluded.confirmed, step = excluded.step, recovery = excluded.recovery
"""
_UPDATE = """
update second_factor set confirmed = $3, step = $4, recovery = $5 where organization = $1 and user_id = $2
"""


class PostgresSecondFactors:
    """Keeps second factors in the table `second_factor`. The user's row is the lock of the user's second factor."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def get(self, organization: OrganizationId, user: str) -> SecondFactor | None:
        async with self._database.work(organization) as work:
            return await self._find(work, user)

    async def change(
        self, organization: OrganizationId, user: str, by: Actor | None, rule: Callable[[SecondFactor | None], Decided]
    ) -> Decided | None:
        async with self._database.work(organization) as work:
            found = await users.locked(work, user)
            if by is not None:
                await actors.check(work, by)
            if found is None:
                return None
            before = await self._find(work, user)
            decided = rule(before)
            await self._save(work, user, before, decided.factor)
            work.add(*decided.facts)
            return decided

    async def reseal(self) -> int:
        """Seals with the newest key what an older one sealed; how many secrets."""
        async with self._database.work(EVERY) as work:
            return await SEALED.reseal(work.connection, self._vault)

    async def _find(self, work: Work, user: str) -> SecondFactor | None:
        organization = OrganizationId(work.transaction.organization)
        row = await work.connection.fetchrow(_GET, organization, user)
        if row is None:
            return None
        sealed, created, confirmed, step, recovery = tuple(row)
        secret = self._vault.open(sealed, _place(organization, user))
        return SecondFactor(organization, user, secret, created, confirmed, step, frozenset(recovery))

    async def _save(self, work: Work, user: str, before: SecondFactor | None, after: SecondFactor | None) -> None:
        organization = work.transaction.organization
        if after is None:
            await work.connection.execute(DELETE, organization, user)
            return
        state = (after.confirmed, after.step, sorted(after.recovery))
        if before is not None and before.secret == after.secret:
            await work.connection.execute(_UPDATE, organization, user, *state)
            return
        sealed = self._vault.seal(after.secret, _place(organization, user))
        await work.connection.execute(_SAVE, organization, user, sealed, after.created, *state)


DELETE = "delete from second_factor where organization = $1 and user_id = $2"


def _place(organization: str, user: str) -> str:
    return f"organizations/{organization}/users/{user}/secondFactor"


SEALED = SealedRows("second_factor", ("organization", "user_id"), "sealed", _place)
