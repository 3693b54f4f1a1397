"""Secrets of credentials: fetched once from admin, and stored in a service's own schema under its own key.

admin's journal says that a credential is new or has changed. Each replica looks whether its secret is stored, and the first to
come fetches it; that continues in the background until it succeeds. So no call on a customer's path asks admin.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from kit import errors, postgres
from kit.backoff import Backoff
from kit.ids import OrganizationId
from kit.resealing import SealedRows
from kit.vault import Vault

BACKOFF = Backoff(first=0.2, maximum=5.0)

_FAILURES: tuple[type[BaseException], ...] = (errors.FrontdeskError, *postgres.UNAVAILABLE_ERRORS, TimeoutError)
_log = logging.getLogger("frontdesk")

_NUMBER = "select number from secret where organization = $1 and credential = $2"
_STORE = """
insert into secret (organization, credential, number, sealed) values ($1, $2, $3, $4)
on conflict (organization, credential) do update set number = excluded.number, sealed = excluded.sealed
where secret.number < excluded.number
"""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A credential with its secret."""

    number: int
    """The credential's revision."""
    fields: Mapping[str, str] = field(repr=False)
    """The parts that its user needs, the secret included."""


Fetch = Callable[[OrganizationId, str], Awaitable[Fetched]]
"""Asks admin for a credential by its resource name. Raises NotFound when it was deleted meanwhile."""


class SecretStore:
    """Keeps secrets in the table `secret` of a service."""

    def __init__(self, pool: Any, vault: Vault, fetch: Fetch) -> None:
        self._pool = pool
        self._vault = vault
        self._fetch = fetch
        self._wanted: dict[tuple[OrganizationId, str], int] = {}
        self._woken = asyncio.Event()

    def expect(self, organization: OrganizationId, credential: str, number: int) -> None:
        """Says that a credential has this number now; 0: it is gone."""
        self._wanted[organization, credential] = number
        self._woken.set()

    async def find(self, organization: OrganizationId, credential: str) -> Fetched | None:
        """A secret, if it has arrived. Raises CredentialsKeyMissing."""
        query = "select number, sealed from secret where organization = $1 and credential = $2"
        row = await self._pool.fetchrow(query, organization, credential)
        if row is None:
            return None
        opened = self._vault.open(row["sealed"], place(organization, credential))
        return Fetched(row["number"], msgspec.json.decode(opened, type=dict[str, str]))

    async def follow(self) -> None:
        """A worker: brings what is stored up to date. Runs until cancelled."""
        pauses = BACKOFF.pauses()
        while True:
            self._woken.clear()
            failed = False
            for (organization, credential), number in tuple(self._wanted.items()):
                try:
                    await self._update(organization, credential, number)
                except _FAILURES as error:
                    failed = True
                    detail = {"credential": place(organization, credential), "error": repr(error)[:200]}
                    _log.warning("a secret could not be fetched", extra=detail)
                    continue
                if self._wanted.get((organization, credential)) == number:
                    del self._wanted[organization, credential]
            if failed:
                await pauses.wait()
            else:
                pauses.reset()
                await self._woken.wait()

    async def _update(self, organization: OrganizationId, credential: str, number: int) -> None:
        key = (organization, credential)
        if not number:
            await self._pool.execute("delete from secret where organization = $1 and credential = $2", *key)
            return
        stored = await self._pool.fetchval(_NUMBER, *key)
        if stored is not None and stored >= number:
            return
        name = place(organization, credential)
        try:
            found = await self._fetch(organization, name)
        except errors.NotFound:
            return  # deleted meanwhile, as the journal's next fact says
        sealed = self._vault.seal(msgspec.json.encode(found.fields), name)
        await self._pool.execute(_STORE, *key, found.number, sealed)

    async def reseal(self) -> int:
        """Seals with the newest key what an older one sealed; how many secrets."""
        return await SEALED.reseal(self._pool, self._vault)


def place(organization: str, credential: str) -> str:
    """A credential's resource name, which its sealed value is bound to."""
    return f"organizations/{organization}/credentials/{credential}"


SEALED = SealedRows("secret", ("organization", "credential"), "sealed", place)
