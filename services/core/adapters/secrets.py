"""Secrets of the credentials of models, as `kit.secrets` keeps them: a turn asks no one."""

from dataclasses import dataclass
from typing import Any

from frontdesk.admin.internal import v1 as admin

from kit import client, secrets
from kit.caller import Signer
from kit.ids import OrganizationId
from kit.vault import Vault


@dataclass(frozen=True, slots=True)
class Secret:
    """The credentials of a call to a model's provider."""

    number: int
    base_url: str
    key: str
    header: str
    prefix: str


class StoredSecrets(secrets.SecretStore):
    """Secrets with an API key each."""

    def __init__(self, pool: Any, vault: Vault, stub: Any, signer: Signer) -> None:
        """`stub`: of admin's SecretService."""

        async def fetch(organization: OrganizationId, name: str) -> secrets.Fetched:
            request, token = admin.GetSecretRequest(name=name), signer.service_token(organization)
            found = await client.call(stub.GetSecret, request, token=token)
            api_key = found.credential.api_key
            fields = {
                "base_url": found.credential.base_url,
                "key": found.value,
                "header": api_key.header or "Authorization",
                "prefix": api_key.prefix or ("" if api_key.header else "Bearer "),
            }
            return secrets.Fetched(found.revision, fields)

        super().__init__(pool, vault, fetch)

    async def get(self, organization: OrganizationId, credential: str) -> Secret | None:
        """A secret, if it has arrived. Raises CredentialsKeyMissing."""
        found = await self.find(organization, credential)
        return Secret(found.number, **found.fields) if found else None


SEALED = secrets.SEALED
