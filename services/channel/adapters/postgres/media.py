"""`MediaRecords` in PostgreSQL."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kit.ids import OrganizationId
from kit.jobs.table import Jobs
from kit.journal import Journal
from services.channel.domain import queues
from services.channel.domain.facts import Fact, MediaDeleted, MediaFinished
from services.channel.domain.media import FileKey, Media, MediaQuotaExceeded, MediaState, Quotas, TooManyUploads
from services.channel.domain.queues import FILES

_COLUMNS = (
    "organization, id, conversation, uploader, counted_by, request_id, file_name, declared_type, media_type, size, sha256, "
    "state, created, expires, remote, problem"
)
_ADD = f"insert into media ({_COLUMNS}) values ({', '.join(f'${n}' for n in range(1, _COLUMNS.count(',') + 2))})"
FIRST_LOOK = timedelta(milliseconds=300)
"""How soon a file is fetched: by then core usually has its message."""
_COUNT = """
insert into media_day (organization, day, owner, bytes) select $1, $2, $3, $4::bigint where $4 <= $5::bigint
on conflict (organization, day, owner) do update set bytes = media_day.bytes + excluded.bytes
where media_day.bytes + excluded.bytes <= $5 returning true
"""
_HOLD = """
update media set holder = $3, lease = clock_timestamp() + $4
where organization = $1 and id = $2 and state in (1, 4) and (holder is null or holder = $3 or lease <= clock_timestamp())
returning true
"""
_EXPIRE = """
with gone as (
    delete from media where (organization, id) in (
        select organization, id from media where expires < $1 and (holder is null or lease <= clock_timestamp())
        order by expires limit $2 for update skip locked
    ) returning organization, id, uploader, state, size, (created at time zone 'utc')::date as day
), unsent as (
    select organization, day, owner, sum(size) as bytes
    from gone cross join lateral (values (''), (uploader)) as counted (owner) where state <> 2 group by 1, 2, 3
), given_back as (
    update media_day set bytes = media_day.bytes - unsent.bytes from unsent
    where (media_day.organization, media_day.day, media_day.owner) = (unsent.organization, unsent.day, unsent.owner)
)
select organization, id from gone
"""


_LINK = f"""
update media set conversation = i.conversation, expires = null from inbound i
where media.organization = $1 and media.id = $2 and media.state = 4 and media.conversation = '' and i.organization = $1
and i.channel = $3 and i.source_id = $4 and i.state = 1
returning {", ".join(f"media.{column}" for column in _COLUMNS.split(", "))}
"""


class PostgresMedia:
    def __init__(self, pool: Any, journal: Journal, jobs: Jobs) -> None:
        self._pool = pool
        self._journal = journal
        self._jobs = jobs

    async def add(self, media: Media, quotas: Quotas) -> Media:
        async with self._pool.acquire() as connection, connection.transaction():
            # An uploader's announcements go one by one, so that what is counted is still so when the row is there.
            await connection.execute(
                "select pg_advisory_xact_lock(hashtextextended($1, 0))", f"media/{media.organization}/{media.uploader}"
            )
            known = await connection.fetchrow(
                f"select {_COLUMNS} from media where organization = $1 and uploader = $2 and request_id = $3",
                *(media.organization, media.uploader, media.request_id),
            )
            if known is not None:
                return _media(known)
            await _check_unfinished(connection, media, quotas.unfinished)
            await _count(connection, media, quotas)
            await connection.execute(_ADD, *_values(media))
            return media

    async def expect(self, files: Sequence[Media]) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            for media in files:
                added = await connection.fetchval(_ADD + " on conflict do nothing returning true", *_values(media))
                if added and media.state is MediaState.FETCHING:
                    subject = queues.file(media.id)
                    await self._jobs.add(connection, FILES, media.organization, subject, after=FIRST_LOOK)
        self._jobs.wake(FILES)

    async def check_day(self, media: Media, quotas: Quotas) -> None:
        rows = await self._pool.fetch(
            "select owner, bytes from media_day where organization = $1 and day = $2 and owner = any($3::text[])",
            *(media.organization, _day(media.created), [owner for owner, _ in quotas.of_day(media)]),
        )
        counted = {row["owner"]: row["bytes"] for row in rows}
        for owner, limit in quotas.of_day(media):
            if counted.get(owner, 0) >= limit:
                raise _exceeded(owner, limit)

    async def link(self, media: Media) -> Media | None:
        channel, source = media.uploader.removeprefix("channels/"), media.request_id.rpartition("/")[0]
        row = await self._pool.fetchrow(_LINK, media.organization, media.id, channel, source)
        return _media(row) if row else None

    async def refetch(self, key: FileKey, restart: bool) -> Media | None:
        async with self._pool.acquire() as connection, connection.transaction():
            row = await connection.fetchrow(
                f"update media set state = 4, problem = '' where organization = $1 and id = $2 and state = 5"
                f" returning {_COLUMNS}",
                *(key.organization, key.id),
            )
            if row and restart:
                await self._jobs.begin_again(connection, FILES, key.organization, queues.file(key.id), "")
        self._jobs.wake(FILES)
        return _media(row) if row else None

    async def get(self, key: FileKey) -> Media | None:
        row = await self._pool.fetchrow(
            f"select {_COLUMNS} from media where organization = $1 and id = $2", key.organization, key.id
        )
        return _media(row) if row else None

    async def hold(self, key: FileKey, holder: str, lease: timedelta) -> timedelta | None:
        if await self._pool.fetchval(_HOLD, key.organization, key.id, holder, lease):
            return None
        left = await self._pool.fetchval(
            "select lease - clock_timestamp() from media where organization = $1 and id = $2", key.organization, key.id
        )
        return max(left or timedelta(), timedelta())

    async def release(self, key: FileKey, holder: str) -> None:
        await self._pool.execute(
            "update media set holder = null, lease = null where organization = $1 and id = $2 and holder = $3",
            *(key.organization, key.id, holder),
        )

    async def finish(self, media: Media, holder: str, quotas: Quotas | None = None) -> bool:
        fact = MediaFinished(*(media.id, media.conversation, media.uploader, media.state.name, media.media_type, media.size))
        async with self._journal.transaction(media.organization) as tx:
            finished = await tx.connection.fetchval(
                """update media set state = $4, media_type = $5, sha256 = $6, expires = $7, size = $8, problem = $9,
                    counted_by = $10, holder = null, lease = null
                where organization = $1 and id = $2 and holder = $3 and state in (1, 4) returning true""",
                *(media.organization, media.id, holder, media.state, media.media_type, media.sha256, media.expires),
                *(media.size, media.problem, media.counted_by),
            )
            if finished and quotas:
                await _count(tx.connection, media, quotas)
            if finished:
                tx.add(fact)
        return bool(finished)

    async def remove(self, key: FileKey, deleter: str) -> None:
        statement = "delete from media where organization = $1 and id = $2 returning true"
        await self._change(MediaDeleted(key.id, deleter), statement, key.organization, key.id)

    async def _change(self, fact: Fact, statement: str, organization: OrganizationId, *values: object) -> bool:
        """Runs a statement of one organization's and, if it changed something, appends the fact with it."""
        async with self._journal.transaction(organization) as tx:
            changed = bool(await tx.connection.fetchval(statement, organization, *values))
            if changed:
                tx.add(fact)
        return changed

    async def expire(self, now: datetime, limit: int) -> Sequence[FileKey]:
        await self._pool.execute("delete from media_day where day < $1", _day(now) - timedelta(days=2))
        return [FileKey(row["organization"], row["id"]) for row in await self._pool.fetch(_EXPIRE, now, limit)]

    async def known(self, keys: Collection[FileKey]) -> set[FileKey]:
        rows = await self._pool.fetch(
            "select organization, id from media join unnest($1::text[], $2::text[]) as k (organization, id)"
            " using (organization, id)",
            *([key.organization for key in keys], [key.id for key in keys]),
        )
        return {FileKey(row["organization"], row["id"]) for row in rows}


def _values(media: Media) -> list[object]:
    return [getattr(media, name) for name in _COLUMNS.split(", ")]


async def _check_unfinished(connection: Any, media: Media, limit: int) -> None:
    count = await connection.fetchval(
        "select count(*) from media where organization = $1 and counted_by = $2 and state = 1 and expires > $3",
        *(media.organization, media.counted_by, media.created),
    )
    if count >= limit:
        raise TooManyUploads(limit)


async def _count(connection: Any, media: Media, quotas: Quotas) -> None:
    for owner, limit in quotas.of_day(media):
        if not await connection.fetchval(_COUNT, media.organization, _day(media.created), owner, media.size, limit):
            raise _exceeded(owner, limit)


def _exceeded(owner: str, limit: int) -> MediaQuotaExceeded:
    return MediaQuotaExceeded("customer" if owner else "organization", limit)


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _media(row: Any) -> Media:
    return Media(**{**row, "state": MediaState(row["state"])})
