"""An organization looks after its channels."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kit import ids
from kit.clock import Clock
from kit.errors import Unimplemented
from kit.ids import OrganizationId
from services.channel.domain import channels, facts, web_chat
from services.channel.domain.channels import Channel, ChannelId, Draft, Form, Forms, Kind
from services.channel.ports import Channels
from services.channel.ports.providers import Providers

MAX_TRIES = 5
"""How often a change without an etag is decided again when someone else was faster."""


@dataclass(frozen=True, slots=True)
class ChannelApp:
    channels: Channels
    forms: Forms
    providers: Providers
    now: Clock

    async def get(self, organization: OrganizationId, id: ChannelId) -> Channel:
        """One channel. Raises ChannelNotFound."""
        channel = await self.channels.get(organization, id)
        if channel is None:
            raise channels.ChannelNotFound(id)
        return channel

    async def list(self, organization: OrganizationId, kind: Kind | None, after: str, limit: int) -> Sequence[Channel]:
        """Channels in the order of their ids, behind the id `after`."""
        return await self.channels.list(organization, kind, after, limit)

    async def create(self, organization: OrganizationId, id: str, draft: Draft, request_id: str) -> Channel:
        """Adds a channel. Repeating a `request_id` returns the first result.

        Raises FieldMissing, ChannelExists, and Unimplemented for kinds without a provider yet.
        """
        if draft.kind is None:
            raise channels.FieldMissing("kind")
        wanted = channels.create(organization, ChannelId(id or ids.new()), draft, self.now(), self._form(draft.kind))
        fact = facts.ChannelCreated(wanted.id, wanted.kind, wanted.display_name)
        added = await self.channels.add(wanted, request_id, fact)
        if added is None:
            raise channels.ChannelExists(wanted.id)
        return added

    async def update(
        self, organization: OrganizationId, id: ChannelId, draft: Draft, paths: Collection[str], etag: str
    ) -> Channel:
        """Changes the fields that `paths` names; without paths, every field that has a value.

        Raises ChannelChanged when `etag` is given and no longer current.
        """
        current = await self.get(organization, id)
        if etag and etag != current.etag:
            raise channels.ChannelChanged(id, current.etag)
        paths = paths or draft.filled
        changed = channels.update(current, draft, paths, self.now(), self._form(current.kind))
        fact = facts.ChannelUpdated(id, changed.display_name, changed.state, tuple(sorted(paths)))
        if not await self.channels.replace(changed, fact):
            raise channels.ChannelChanged(id, "")
        return changed

    async def set_logo(self, organization: OrganizationId, id: ChannelId, content: bytes | None) -> Channel:
        """Sets the logo of a web chat, or removes it (None). The same one changes nothing.

        Raises LogoTooLarge, LogoNotAnImage, ChannelKindMismatch, and ChannelChanged when others were faster each time.
        """
        logo = None if content is None else web_chat.logo(content)
        sha256 = logo.sha256 if logo else ""
        for _ in range(MAX_TRIES):
            current = await self.get(organization, id)
            changed = channels.with_logo(current, sha256, self.now())
            if current.config == changed.config:
                return current
            fact = facts.ChannelUpdated(id, changed.display_name, changed.state, ("web_chat.logo_path",))
            if await self.channels.set_logo(changed, logo, fact):
                return changed
        raise channels.ChannelChanged(id, "")

    async def delete(self, organization: OrganizationId, id: ChannelId) -> None:
        """Removes a channel and ends its sessions."""
        await self.channels.remove(organization, id, facts.ChannelDeleted(id))

    async def test(self, organization: OrganizationId, id: ChannelId) -> Sequence[str]:
        """The problems that keep a channel from working; none when it works."""
        channel = await self.get(organization, id)
        found = channels.problems(channel, self._form(channel.kind))
        provider = self.providers.get(channel.kind)
        return await provider.check(channel) if provider and not found else found

    def _form(self, kind: Kind) -> Form:
        if kind not in self.forms:
            raise Unimplemented(f"Channels of the kind {kind} are not built yet.")
        return self.forms[kind]
