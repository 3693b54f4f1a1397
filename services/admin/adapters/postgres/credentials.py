"""Credentials in PostgreSQL, their secrets sealed by the vault in the same row."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from kit.errors import RequestIdReused
from kit.ids import OrganizationId
from kit.resealing import SealedRows
from kit.vault import Vault
from services.admin.adapters.postgres import actors
from services.admin.adapters.postgres.database import EVERY, Database, Work
from services.admin.domain import errors
from services.admin.domain.credentials import Credential, Decided, Kind
from services.admin.domain.facts import Fact
from services.admin.domain.roles import Actor

_COLUMNS = """
organization, id, display_name, service, base_url, kind, details::text, number, secret_time, expires, created, updated, revision
"""
_GET = f"select {_COLUMNS} from credential where organization = $1 and id = $2"
_PAGE = f"select {_COLUMNS} from credential where organization = $1 and id > $2 order by id limit $3"
_ADD = """
insert into credential (organization, id, display_name, service, base_url, kind, details, number, secret_time, expires, created,
    updated, revision, sealed, request_id)
values ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8, $9, $10, $11, $12, $13, $14, $15)
"""
_SAVE = """
update credential set display_name = $3, base_url = $4, details = $5::text::jsonb, number = $6, secret_time = $7, expires = $8,
    updated = $9, revision = $10, sealed = coalesce($11, sealed)
where organization = $1 and id = $2
"""


class PostgresCredentials:
    """Keeps credentials in the table `credential`. The organization's row is locked before one is added."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def get(self, organization: OrganizationId, id: str) -> Credential | None:
        """A credential."""
        async with self._database.work(organization) as work:
            row = await work.connection.fetchrow(_GET, organization, id)
        return _credential(row) if row else None

    async def page(self, organization: OrganizationId, after: str, limit: int) -> list[Credential]:
        """At most `limit` credentials by id, after one."""
        async with self._database.work(organization) as work:
            return [_credential(row) for row in await work.connection.fetch(_PAGE, organization, after, limit)]

    async def secret(self, organization: OrganizationId, id: str, service: str) -> tuple[Credential, str] | None:
        """A credential of a service, with its secret."""
        query = f"select {_COLUMNS}, sealed from credential where organization = $1 and id = $2 and service = $3"
        async with self._database.work(organization) as work:
            row = await work.connection.fetchrow(query, organization, id, service)
        if row is None:
            return None
        *values, sealed = tuple(row)
        return _credential(values), self._vault.open(sealed, _place(organization, id)).decode()

    async def add(self, organization: OrganizationId, request_id: str, by: Actor, rule: Callable[[int], Decided]) -> Credential:
        """Adds the credential that the rule makes, given how many there are; or the one that the same request has added.

        Raises CredentialExists, or RequestIdReused if that one has another id.
        """
        async with self._database.work(organization) as work:
            await work.connection.execute("select from organization where id = $1 for no key update", organization)
            await actors.check(work, by)
            count = await work.connection.fetchval("select count(*) from credential where organization = $1", organization)
            credential, secret, facts = rule(count)
            if request_id and (known := await _by_request(work, request_id)):
                if known.id != credential.id:
                    raise RequestIdReused(request_id)
                return known
            if await work.connection.fetchval(_GET, organization, credential.id):
                raise errors.CredentialExists(credential.id)
            sealed = self._vault.seal((secret or "").encode(), _place(organization, credential.id))
            await work.connection.execute(
                *(_ADD, organization, credential.id, credential.display_name, credential.service, credential.base_url),
                *(credential.kind, _json(credential), credential.number, credential.secret_time, credential.expires),
                *(credential.created, credential.updated, credential.revision, sealed, request_id or None),
            )
            work.add(*facts)
            return credential

    async def change(
        self, organization: OrganizationId, id: str, by: Actor, rule: Callable[[Credential], Decided]
    ) -> Credential | None:
        """Locks a credential, saves what the rule makes of it, and returns that; None if there is none."""
        async with self._database.work(organization) as work:
            await actors.check(work, by)
            row = await work.connection.fetchrow(_GET + " for no key update", organization, id)
            if row is None:
                return None
            credential = _credential(row)
            after, secret, facts = rule(credential)
            if after != credential or secret is not None:
                sealed = self._vault.seal(secret.encode(), _place(organization, id)) if secret is not None else None
                await work.connection.execute(
                    *(_SAVE, organization, id, after.display_name, after.base_url, _json(after), after.number),
                    *(after.secret_time, after.expires, after.updated, after.revision, sealed),
                )
            work.add(*facts)
            return after

    async def delete(
        self, organization: OrganizationId, id: str, by: Actor, rule: Callable[[Credential], Sequence[Fact]]
    ) -> bool:
        """Deletes a credential that the rule lets go; False if there is none."""
        async with self._database.work(organization) as work:
            await actors.check(work, by)
            row = await work.connection.fetchrow(_GET + " for update", organization, id)
            if row is None:
                return False
            work.add(*rule(_credential(row)))
            await work.connection.execute("delete from credential where organization = $1 and id = $2", organization, id)
            return True

    async def reseal(self) -> int:
        """Seals with the newest key what an older one sealed; how many secrets."""
        async with self._database.work(EVERY) as work:
            return await SEALED.reseal(work.connection, self._vault)


def _place(organization: str, id: str) -> str:
    return f"organizations/{organization}/credentials/{id}"


SEALED = SealedRows("credential", ("organization", "id"), "sealed", _place)


async def _by_request(work: Work, request_id: str) -> Credential | None:
    query = f"select {_COLUMNS} from credential where organization = $1 and request_id = $2"
    row = await work.connection.fetchrow(query, work.transaction.organization, request_id)
    return _credential(row) if row else None


def _credential(row: Any) -> Credential:
    organization, id, display_name, service, base_url, kind, details, *rest = tuple(row)
    found = msgspec.json.decode(details, type=dict[str, object])
    return Credential(organization, id, display_name, service, base_url, Kind(kind), found, *rest)


def _json(credential: Credential) -> str:
    return msgspec.json.encode(credential.details).decode()
