"""Versions of settings, asked of admin when a preview names one. No customer's message takes this way."""

from collections.abc import Callable, Mapping
from typing import Any

from frontdesk.admin.internal import v1 as admin

from kit import client, errors, names
from kit.caller import Signer
from kit.ids import OrganizationId


class AdminSettingVersions:
    """The port SettingVersions."""

    def __init__(self, settings: Any, signer: Signer, fields: Callable[[Any], Mapping[str, Any]]) -> None:
        """`settings`: a stub of admin's internal SettingService; `fields`: makes fields of a `Policy` of a value."""
        self._settings = settings
        self._signer = signer
        self._fields = fields

    async def get(self, organization: OrganizationId, version: str) -> Mapping[str, Any]:
        request = admin.GetSettingVersionRequest(name=version)
        try:
            found = await client.call(self._settings.GetSettingVersion, request, token=self._signer.service_token(organization))
        except errors.NotFound as error:
            raise _not_found(version) from error
        return self._fields(found.value)


class NoSettingVersions:
    """The port SettingVersions, where no admin is set up."""

    async def get(self, organization: OrganizationId, version: str) -> Mapping[str, Any]:
        raise _not_found(version)


def _not_found(version: str) -> errors.SettingVersionNotFound:
    setting, _, _ = version.rpartition("/versions/")
    return errors.SettingVersionNotFound(names.last(setting), names.last(version))
