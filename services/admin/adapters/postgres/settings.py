"""Settings in PostgreSQL. A setting's row is the lock of its versions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from kit.ids import OrganizationId
from services.admin.adapters.postgres import actors
from services.admin.adapters.postgres.database import EVERY, Database, Work
from services.admin.domain.roles import Actor
from services.admin.domain.settings import DRAFTS_KEPT, MAX_VERSIONS, Decided, Rule, Setting, Value, Version

_VERSION = "number, value::text, author, created, comment, published"
_BEGIN = "insert into setting (organization, id) values ($1, $2) on conflict do nothing"
_ROWS = """
select s.id, s.published, s.draft, s.updated, s.revision, s.last from setting s
where s.organization = $1 and ($2 = '' or s.id = $2)
"""
_NAMED = f"""
select {_VERSION} from setting_version where organization = $1 and setting = $2 and number = any($3::int[])
"""
_PAGE = f"""
select {_VERSION} from setting_version
where organization = $1 and setting = $2 and ($3 = 0 or number < $3) and (not $4 or published is not null)
order by number desc limit $5
"""
_SAVE_VERSION = """
insert into setting_version (organization, setting, number, value, author, created, comment, published)
values ($1, $2, $3, $4::text::jsonb, $5, $6, $7, $8)
on conflict (organization, setting, number) do update set comment = excluded.comment, published = excluded.published
"""
_SAVE = """
update setting set published = $3, draft = $4, updated = $5, revision = $6, last = $7 where organization = $1 and id = $2
"""
_FORGET = """
delete from setting_version
where organization = $1 and setting = $2 and number <= $3 and number <> all($4::int[])
"""
_TIDY = """
delete from setting_version v using setting s
where v.published is null and v.created < $1
  and s.organization = v.organization and s.id = v.setting and v.number is distinct from s.draft
"""


class PostgresSettings:
    """Keeps settings in the tables `setting` and `setting_version`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, organization: OrganizationId, id: str) -> Setting:
        """A setting; one that was never saved has no versions."""
        async with self._database.work(organization) as work:
            return (await _load(work, id)).get(id, Setting(organization, id))

    async def saved(self, organization: OrganizationId) -> dict[str, Setting]:
        """The settings that were saved at least once, by their ids."""
        async with self._database.work(organization) as work:
            return await _load(work, "")

    async def version(self, organization: OrganizationId, id: str, number: int) -> Version | None:
        """A version of a setting."""
        async with self._database.work(organization) as work:
            return (await _versions(work, id, [number])).get(number)

    async def versions(
        self, organization: OrganizationId, id: str, before: int, published_only: bool, limit: int
    ) -> list[Version]:
        """At most `limit` versions, newest first, before a number; 0: from the newest."""
        async with self._database.work(organization) as work:
            rows = await work.connection.fetch(_PAGE, organization, id, before, published_only, limit)
            return [_version(row) for row in rows]

    async def change(self, organization: OrganizationId, id: str, by: Actor, rule: Rule) -> Setting:
        """Locks a setting, saves what the rule makes of it, and returns that."""
        async with self._database.work(organization) as work:
            await actors.check(work, by)
            await work.connection.execute(_BEGIN, organization, id)
            setting = (await _load(work, id, lock=True))[id]
            names = await work.connection.fetch("select id from credential where organization = $1 for share", organization)
            decided = rule(setting, frozenset(row["id"] for row in names))
            if decided.setting != setting:
                await _save(work, decided)
            work.add(*decided.facts)
            return decided.setting

    async def tidy(self, now: datetime) -> None:
        """Deletes drafts that later ones replaced long ago."""
        async with self._database.work(EVERY) as work:
            await work.connection.execute(_TIDY, now - DRAFTS_KEPT)


async def _load(work: Work, id: str, lock: bool = False) -> dict[str, Setting]:
    query = _ROWS + (" for no key update" if lock else "")
    found = {}
    for row in await work.connection.fetch(query, OrganizationId(work.transaction.organization), id):
        numbers = [number for number in (row["published"], row["draft"]) if number is not None]
        versions = await _versions(work, row["id"], numbers)
        found[row["id"]] = Setting(
            organization=OrganizationId(work.transaction.organization),
            id=row["id"],
            published=versions.get(row["published"]),
            draft=versions.get(row["draft"]),
            updated=row["updated"],
            revision=row["revision"],
            last=row["last"],
        )
    return found


async def _versions(work: Work, id: str, numbers: Sequence[int]) -> dict[int, Version]:
    rows = await work.connection.fetch(_NAMED, OrganizationId(work.transaction.organization), id, numbers)
    return {row["number"]: _version(row) for row in rows}


def _version(row: Any) -> Version:
    number, value, *rest = tuple(row)
    return Version(number, msgspec.json.decode(value, type=dict[str, object]), *rest)


async def _save(work: Work, decided: Decided) -> None:
    setting, saved = decided.setting, decided.saved
    key = (setting.organization, setting.id)
    if saved is not None:
        value: Value = saved.value
        await work.connection.execute(
            *(_SAVE_VERSION, *key, saved.number, msgspec.json.encode(value).decode()),
            *(saved.author, saved.created, saved.comment, saved.published),
        )
    held = [version.number for version in (setting.published, setting.draft) if version is not None]
    published, draft = (version.number if version else None for version in (setting.published, setting.draft))
    await work.connection.execute(_SAVE, *key, published, draft, setting.updated, setting.revision, setting.last)
    await work.connection.execute(_FORGET, *key, setting.last - MAX_VERSIONS, held)
