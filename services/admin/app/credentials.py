"""The use cases of credentials."""

from collections.abc import Callable
from dataclasses import dataclass

from kit.clock import Clock
from kit.ids import OrganizationId
from services.admin import ports
from services.admin.domain import credentials, errors
from services.admin.domain.credentials import Credential, Decided, Draft
from services.admin.domain.roles import Actor


@dataclass(frozen=True)
class CredentialApp:
    """Credentials: set, replaced and handed to the one service that uses them."""

    credentials: ports.CredentialStore
    urls: ports.Urls
    now: Clock

    async def create(self, organization: OrganizationId, id: str, draft: Draft, request_id: str, by: Actor) -> Credential:
        """Adds a credential. Raises UrlNotAllowed."""
        await self._check_urls(draft)
        now = self.now()

        def rule(others: int) -> Decided:
            return credentials.create(organization, id, draft, others, by, now)

        return await self.credentials.add(organization, request_id, by, rule)

    async def get(self, organization: OrganizationId, id: str) -> Credential:
        """A credential. Raises CredentialNotFound."""
        found = await self.credentials.get(organization, id)
        if found is None:
            raise errors.CredentialNotFound(id)
        return found

    async def page(self, organization: OrganizationId, after: str, limit: int) -> list[Credential]:
        """At most `limit` credentials by id, after one."""
        return await self.credentials.page(organization, after, limit)

    async def update(
        self, organization: OrganizationId, id: str, merge: Callable[[Credential], Draft], by: Actor
    ) -> Credential:
        """New values for a credential, which `merge` makes of those it has. Raises UrlNotAllowed."""
        now = self.now()
        before = await self.get(organization, id)
        if (draft := merge(before)).base_url != before.base_url or draft.details != before.details:
            await self._check_urls(draft)
        changed = await self.credentials.change(
            organization, id, by, lambda found: credentials.update(found, merge(found), by, now)
        )
        if changed is None:
            raise errors.CredentialNotFound(id)
        return changed

    async def delete(self, organization: OrganizationId, id: str, etag: str, by: Actor) -> None:
        """Removes a credential with its secret."""
        if not await self.credentials.delete(organization, id, by, lambda found: credentials.delete(found, etag, by)):
            raise errors.CredentialNotFound(id)

    async def secret(self, organization: OrganizationId, id: str, service: str) -> tuple[Credential, str]:
        """A credential with its secret, for the one service that uses it. Raises CredentialNotFound."""
        found = await self.credentials.secret(organization, id, service.upper())
        if found is None:
            raise errors.CredentialNotFound(id)
        return found

    async def _check_urls(self, draft: Draft) -> None:
        await self.urls.check("credential.baseUrl", draft.base_url)
        if token_url := draft.details.get("tokenUrl"):
            await self.urls.check(f"credential.{draft.kind}.tokenUrl", str(token_url))
