"""`MailServers`: what organizations have set at admin, and the operator's mail server for the others."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from frontdesk.admin import v1 as admin_public
from frontdesk.admin.internal import v1 as admin

from kit import client, errors, names
from kit.caller import Signer
from kit.ids import OrganizationId
from kit.secrets import Fetched, SecretStore
from services.channel.domain.mail import MailServer, Security

Versions = Callable[[OrganizationId, str], Awaitable[admin_public.MailSettings]]
"""Reads a version of the setting. Raises SettingVersionNotFound or Unavailable."""


class OrganizationMailServers:
    """Filled by the feed of admin's settings; passwords come from the service's own copies of credentials."""

    def __init__(self, operators: MailServer | None, secrets: SecretStore | None, versions: Versions) -> None:
        self._operators = operators
        self._secrets = secrets
        self._versions = versions
        self._own: dict[OrganizationId, MailServer] = {}

    def change(self, organization: OrganizationId, setting: admin_public.MailSettings) -> None:
        """Follows what an organization has published."""
        if (server := server_from_pb(setting)) is None:
            self._own.pop(organization, None)
        else:
            self._own[organization] = server

    def is_configured(self, organization: OrganizationId) -> bool:
        return organization in self._own or self._operators is not None

    async def of(self, organization: OrganizationId) -> MailServer | None:
        own = self._own.get(organization)
        return await self._signed_in(organization, own) if own else self._operators

    async def version(self, organization: OrganizationId, version: str) -> MailServer | None:
        server = server_from_pb(await self._versions(organization, version))
        return await self._signed_in(organization, server) if server else self._operators

    async def _signed_in(self, organization: OrganizationId, server: MailServer) -> MailServer:
        """The server with user and password, if its credential is for this server and has arrived.

        A password goes to its credential's host alone: a user who may change the setting must not be able to send it elsewhere.
        """
        if not server.credential or self._secrets is None:
            return server
        found = await self._secrets.find(organization, server.credential)
        if found is None or not _is_for(found.fields.get("base_url", ""), server):
            return server
        return replace(server, user=found.fields.get("user", ""), password=found.fields.get("password", ""))


def server_from_pb(setting: admin_public.MailSettings) -> MailServer | None:
    """The mail server that a value of the setting names; None: none."""
    if not setting.host:
        return None
    security = Security(admin_public.MailServerSecurity.Name(setting.security or 1).removeprefix("MAIL_SERVER_SECURITY_"))
    return MailServer(
        host=setting.host.lower(),
        port=setting.port or security.port,
        security=security,
        from_address=setting.from_address,
        from_name=setting.from_name,
        credential=names.last(setting.credential),
    )


def fetcher(stub: Any, signer: Signer) -> Callable[[OrganizationId, str], Awaitable[Fetched]]:
    """Asks admin's SecretService for a credential with user and password."""

    async def fetch(organization: OrganizationId, name: str) -> Fetched:
        request, token = admin.GetSecretRequest(name=name), signer.service_token(organization)
        found = await client.call(stub.GetSecret, request, token=token)
        fields = {"base_url": found.credential.base_url, "user": found.credential.password.user, "password": found.value}
        return Fetched(found.revision, fields)

    return fetch


def versions(stub: Any | None, signer: Signer) -> Versions:
    """Asks admin's SettingService for a version; `stub` None: no admin is set up."""

    async def read(organization: OrganizationId, version: str) -> admin_public.MailSettings:
        if stub is None or "/settings/mail/" not in version:
            raise errors.SettingVersionNotFound("mail", names.last(version))
        request, token = admin.GetSettingVersionRequest(name=version), signer.service_token(organization)
        try:
            found = await client.call(stub.GetSettingVersion, request, token=token)
        except errors.NotFound as error:
            raise errors.SettingVersionNotFound("mail", names.last(version)) from error
        setting: admin_public.MailSettings = found.value.mail
        return setting

    return read


def _is_for(base_url: str, server: MailServer) -> bool:
    parts = urlsplit(base_url)
    return parts.hostname == server.host and parts.port in (None, server.port)
