"""`Channels` in PostgreSQL, with their credentials sealed."""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from kit.ids import OrganizationId
from kit.jobs.table import Jobs
from kit.journal import Journal
from kit.resealing import SealedRows
from kit.vault import Vault
from services.channel.domain import queues
from services.channel.domain.channels import Channel, ChannelId, Forms, Kind, State
from services.channel.domain.facts import Fact
from services.channel.domain.queues import POLLS
from services.channel.domain.web_chat import Logo

_COLUMNS = "organization, id, kind, state, display_name, config, credentials, version, created, updated, assistant_off"
_READ = f"{_COLUMNS}, widget_seen, widget_seen_origin"

_BEGIN_POLLS = """
insert into job (queue, organization, subject) select $1, organization, 'channels/' || id from channel where kind = any($2)
on conflict do nothing
"""
_REPLACE = """
update channel set state = $4, display_name = $5, config = $6, credentials = $7, version = $8, updated = $10,
    assistant_off = $11
where organization = $1 and id = $2 and kind = $3 and created = $9 and version = $8 - 1 returning true
"""
# No change of the channel: its version stays.
_SEEN = """
update channel set widget_seen = clock_timestamp(), widget_seen_origin = $3 where organization = $1 and id = $2
"""
_SET_LOGO = """
insert into channel_logo (organization, channel, sha256, media_type, bytes) values ($1, $2, $3, $4, $5)
on conflict (organization, channel) do update set
    sha256 = excluded.sha256, media_type = excluded.media_type, bytes = excluded.bytes
"""
_REMOVE_LOGO = "delete from channel_logo where organization = $1 and channel = $2"
_LOGO = "select media_type, bytes from channel_logo where organization = $1 and channel = $2 and sha256 = $3"


class PostgresChannels:
    def __init__(
        self, pool: Any, journal: Journal, vault: Vault, jobs: Jobs, forms: Forms, fetched: Collection[Kind] = ()
    ) -> None:
        """`fetched`: kinds whose past is read back; a channel of them has a job for it as long as it is there."""
        self._pool = pool
        self._journal = journal
        self._vault = vault
        self._jobs = jobs
        self._forms = forms
        self._fetched = frozenset(fetched)

    async def get(self, organization: OrganizationId, id: ChannelId) -> Channel | None:
        row = await self._pool.fetchrow(f"select {_READ} from channel where organization = $1 and id = $2", organization, id)
        return row and self._channel(row)

    async def list(self, organization: OrganizationId, kind: Kind | None, after: str, limit: int) -> Sequence[Channel]:
        rows = await self._pool.fetch(
            f"""select {_READ} from channel
            where organization = $1 and ($2::text is null or kind = $2) and id > $3 order by id limit $4""",
            organization,
            kind,
            after,
            limit,
        )
        return [self._channel(row) for row in rows]

    async def add(self, channel: Channel, request_id: str, fact: Fact) -> Channel | None:
        async with self._journal.transaction(channel.organization) as tx:
            added = await tx.connection.fetchval(
                f"""insert into channel ({_COLUMNS}, request_id)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing returning true""",
                *self._values(channel),
                request_id or None,
            )
            if not added:
                row = await tx.connection.fetchrow(
                    f"select {_READ} from channel where organization = $1 and request_id = $2",
                    channel.organization,
                    request_id,
                )
                return row and self._channel(row)
            if channel.kind in self._fetched:
                await self._jobs.add(tx.connection, POLLS, channel.organization, queues.poll(channel.id))
            tx.add(fact)
        self._jobs.wake(POLLS)
        return channel

    async def replace(self, channel: Channel, fact: Fact) -> bool:
        async with self._journal.transaction(channel.organization) as tx:
            if not await tx.connection.fetchval(_REPLACE, *self._values(channel)):
                return False
            tx.add(fact)
        return True

    async def set_logo(self, channel: Channel, logo: Logo | None, fact: Fact) -> bool:
        place = channel.organization, channel.id
        async with self._journal.transaction(channel.organization) as tx:
            if not await tx.connection.fetchval(_REPLACE, *self._values(channel)):
                return False
            if logo is None:
                await tx.connection.execute(_REMOVE_LOGO, *place)
            else:
                await tx.connection.execute(_SET_LOGO, *place, logo.sha256, logo.media_type, logo.content)
            tx.add(fact)
        return True

    async def logo(self, organization: OrganizationId, id: ChannelId, sha256: str) -> Logo | None:
        row = await self._pool.fetchrow(_LOGO, organization, id, sha256)
        return Logo(row["bytes"], row["media_type"], sha256) if row else None

    async def note_seen(self, organization: OrganizationId, id: ChannelId, origin: str) -> None:
        await self._pool.execute(_SEEN, organization, id, origin)

    async def remove(self, organization: OrganizationId, id: ChannelId, fact: Fact) -> None:
        async with self._journal.transaction(organization) as tx:
            removed = await tx.connection.fetchval(
                "delete from channel where organization = $1 and id = $2 returning true", organization, id
            )
            if not removed:
                return
            await self._jobs.drop(tx.connection, POLLS, organization, queues.poll(id))
            tx.add(fact)

    async def begin_polls(self) -> None:
        """Adds the jobs of channels that were made before their kind's past could be read back."""
        await self._pool.execute(_BEGIN_POLLS, POLLS.name, list(self._fetched))

    async def reseal(self) -> int:
        """Seals with the newest key what an older one sealed; how many channels."""
        return await SEALED.reseal(self._pool, self._vault)

    def _values(self, channel: Channel) -> tuple[object, ...]:
        credentials = None
        if channel.credentials:
            plain = msgspec.json.encode(dict(channel.credentials))
            credentials = self._vault.seal(plain, _place(channel.organization, channel.id))
        return (
            channel.organization,
            channel.id,
            channel.kind,
            channel.state,
            channel.display_name,
            msgspec.to_builtins(channel.config),
            credentials,
            channel.version,
            channel.created,
            channel.updated,
            channel.assistant_off,
        )

    def _channel(self, row: Any) -> Channel:
        kind = Kind(row["kind"])
        credentials: dict[str, str] = {}
        if row["credentials"] is not None:
            plain = self._vault.open(row["credentials"], _place(row["organization"], row["id"]))
            credentials = msgspec.json.decode(plain, type=dict[str, str])
        return Channel(
            organization=row["organization"],
            id=row["id"],
            kind=kind,
            state=State(row["state"]),
            display_name=row["display_name"],
            config=msgspec.convert(row["config"], self._forms[kind].config),
            credentials=credentials,
            version=row["version"],
            created=row["created"],
            updated=row["updated"],
            assistant_off=row["assistant_off"],
            widget_seen=row["widget_seen"],
            widget_seen_origin=row["widget_seen_origin"],
        )


def _place(organization: str, id: str) -> str:
    """The context that a sealed value is bound to, so that it opens in its own row alone."""
    return f"organizations/{organization}/channels/{id}"


SEALED = SealedRows("channel", ("organization", "id"), "credentials", _place)
