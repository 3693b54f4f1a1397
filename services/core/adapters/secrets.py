"""Secrets of credentials: fetched once from admin, and stored here under core's own key, so that a turn asks no one.

admin's journal says that a credential is new or has changed. Each replica looks whether its secret is stored, and the first to
come fetches it; that continues in the background until it succeeds.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

import msgspec
from frontdesk.admin.internal import v1 as admin

from kit import client, errors, postgres
from kit.backoff import Backoff
from kit.caller import Signer
from kit.ids import OrganizationId
from kit.vault import Vault

BACKOFF = Backoff(first=0.2, maximum=5.0)

_FAILURES: tuple[type[BaseException], ...] = (errors.FrontdeskError, *postgres.UNAVAILABLE_ERRORS, TimeoutError)
_log = logging.getLogger("frontdesk")

_STORE = """
insert into secret (organization, credential, number, sealed) values ($1, $2, $3, $4)
on conflict (organization, credential) do update set number = excluded.number, sealed = excluded.sealed
where secret.number < excluded.number
"""
_OLD = "select organization, credential, sealed from secret where not starts_with(sealed, $1) limit 100 for update skip locked"


@dataclass(frozen=True, slots=True)
class Secret:
    """The credentials of a call to a model's provider."""

    number: int
    base_url: str
    key: str
    header: str
    prefix: str


class StoredSecrets:
    """Keeps secrets in the table `secret`."""

    def __init__(self, pool: Any, vault: Vault, secrets: Any, signer: Signer) -> None:
        """`secrets`: a stub of admin's SecretService."""
        self._pool = pool
        self._vault = vault
        self._secrets = secrets
        self._signer = signer
        self._wanted: dict[tuple[OrganizationId, str], int] = {}
        self._woken = asyncio.Event()

    def expect(self, organization: OrganizationId, credential: str, number: int) -> None:
        """Says that a credential has this number now; 0: it is gone."""
        self._wanted[organization, credential] = number
        self._woken.set()

    async def get(self, organization: OrganizationId, credential: str) -> Secret | None:
        """A secret, if it has arrived. Raises CredentialsKeyMissing."""
        query = "select number, sealed from secret where organization = $1 and credential = $2"
        row = await self._pool.fetchrow(query, organization, credential)
        if row is None:
            return None
        opened = self._vault.open(row["sealed"], _place(organization, credential))
        return Secret(row["number"], **msgspec.json.decode(opened, type=dict[str, str]))

    async def fetch(self) -> None:
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
                    detail = {"credential": _place(organization, credential), "error": repr(error)[:200]}
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
        stored = await self._pool.fetchval("select number from secret where organization = $1 and credential = $2", *key)
        if stored is not None and stored >= number:
            return
        name = _place(organization, credential)
        request, token = admin.GetSecretRequest(name=name), self._signer.service_token(organization)
        try:
            found = await client.call(self._secrets.GetSecret, request, token=token)
        except errors.NotFound:
            return  # deleted meanwhile, as the journal's next fact says
        api_key = found.credential.api_key
        fields = {
            "base_url": found.credential.base_url,
            "key": found.value,
            "header": api_key.header or "Authorization",
            "prefix": api_key.prefix or ("" if api_key.header else "Bearer "),
        }
        sealed = self._vault.seal(msgspec.json.encode(fields), name)
        await self._pool.execute(_STORE, *key, found.revision, sealed)

    async def reseal(self) -> int:
        """Seals some secrets with the newest key of the key file; says how many."""
        newest = self._vault.newest()
        if newest is None:
            return 0
        async with self._pool.acquire() as connection, connection.transaction():
            rows = await connection.fetch(_OLD, newest + b":")
            for organization, credential, sealed in rows:
                fresh = self._vault.reseal(sealed, _place(organization, credential))
                query = "update secret set sealed = $3 where organization = $1 and credential = $2"
                await connection.execute(query, organization, credential, fresh)
        return len(rows)


def _place(organization: str, credential: str) -> str:
    return f"organizations/{organization}/credentials/{credential}"
