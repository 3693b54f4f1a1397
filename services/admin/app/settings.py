"""The use cases of settings."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from kit.clock import Clock
from kit.errors import SettingVersionNotFound
from kit.ids import OrganizationId
from services.admin import ports
from services.admin.domain import settings
from services.admin.domain.roles import Actor
from services.admin.domain.settings import Change, Decided, Setting, Value, Version


@dataclass(frozen=True)
class SettingApp:
    """Settings: drafts, what is published, and the versions of both. Ids are checked by who calls."""

    settings: ports.Settings
    now: Clock

    async def get(self, organization: OrganizationId, id: str) -> Setting:
        """A setting; one that was never saved has no versions."""
        return await self.settings.get(organization, id)

    async def requires_second_factor(self, organization: OrganizationId) -> bool:
        """Whether the organization's users must sign in with a second factor."""
        return settings.requires_second_factor(await self.settings.get(organization, settings.SIGN_IN))

    async def all_of(self, organization: OrganizationId, ids: Collection[str]) -> list[Setting]:
        """The settings of these ids."""
        saved = await self.settings.saved(organization)
        return [saved.get(id, Setting(organization, id)) for id in ids]

    async def save(
        self, organization: OrganizationId, id: str, merge: Callable[[Value | None], Value], etag: str, by: Actor
    ) -> Setting:
        """Saves a draft, which `merge` makes of what it begins as."""
        now = self.now()

        def rule(setting: Setting, credentials: Collection[str]) -> Decided:
            return settings.save(setting, merge, etag, credentials, by, now)

        return await self.settings.change(organization, id, by, rule)

    async def publish(self, organization: OrganizationId, id: str, comment: str, etag: str, by: Actor) -> Setting:
        """Makes the draft what holds."""
        now = self.now()

        def rule(setting: Setting, credentials: Collection[str]) -> Decided:
            return settings.publish(setting, comment, etag, credentials, by, now)

        return await self.settings.change(organization, id, by, rule)

    async def discard(self, organization: OrganizationId, id: str, etag: str, by: Actor) -> Setting:
        """Drops the draft."""
        now = self.now()
        return await self.settings.change(organization, id, by, lambda setting, _: settings.discard(setting, etag, now))

    async def roll_back(self, organization: OrganizationId, id: str, number: int, etag: str, by: Actor) -> Setting:
        """Makes a version that was published before hold again; 0: the defaults."""
        now = self.now()
        to = await self.version(organization, id, number) if number else None

        def rule(setting: Setting, credentials: Collection[str]) -> Decided:
            return settings.roll_back(setting, to, etag, credentials, by, now)

        return await self.settings.change(organization, id, by, rule)

    async def version(self, organization: OrganizationId, id: str, number: int) -> Version:
        """A version. Raises SettingVersionNotFound."""
        found = await self.settings.version(organization, id, number)
        if found is None:
            raise SettingVersionNotFound(id, str(number))
        return found

    async def versions(
        self, organization: OrganizationId, id: str, before: int, published_only: bool, limit: int
    ) -> list[Version]:
        """At most `limit` versions, newest first, before a number; 0: from the newest."""
        return await self.settings.versions(organization, id, before, published_only, limit)

    async def diff(self, organization: OrganizationId, id: str, before: int, after: int) -> list[Change]:
        """The fields in which two versions differ; 0: what is published, and the draft or else what is published."""
        setting = await self.get(organization, id)
        nothing: Value = {settings.member_of(id): {}}
        old = await self.version(organization, id, before) if before else setting.published
        new = await self.version(organization, id, after) if after else setting.draft or setting.published
        return settings.diff(old.value if old else nothing, new.value if new else nothing)

    async def tidy(self) -> None:
        """Deletes drafts that later ones replaced long ago."""
        await self.settings.tidy(self.now())
