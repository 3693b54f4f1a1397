"""Schema migrations: numbered SQL files, each applied once, in order, by whichever replica comes first."""

import hashlib
from pathlib import Path
from typing import Any

import asyncpg

_ROOT = Path(__file__).parent.parent
_LOCK = 0x66726F6E74  # one lock for all migrations of a database; the schema is part of each service's role

_TABLE = """
create table if not exists migration (
    name text primary key,
    checksum text not null,
    applied timestamptz not null default clock_timestamp()
)
"""


OLD_DATA = "FD001"
"""The SQLSTATE by which a migration says that it can't take over what an older version wrote."""


class MigrationChanged(Exception):
    """A migration that was applied has other content now."""


class OldData(Exception):
    """The database was written by an older version whose data this one does not take over."""

    def __init__(self, service: str) -> None:
        super().__init__(
            f"The data of {service} was written by an older version of Frontdesk, which this one can't read: go back to that "
            "version, or start with empty data (on one machine: frontdesk clean-data)."
        )


def files(service: str) -> list[tuple[str, str]]:
    """Name and text of a service's migrations, the journal's tables first."""
    folders = (Path(__file__).parent, _ROOT / "services" / service / "migrations")
    return [(path.stem, path.read_text()) for folder in folders for path in sorted(folder.glob("*.sql"))]


def checksum(text: str) -> str:
    """The digest that is noted when a file is applied."""
    return hashlib.sha256(text.encode()).hexdigest()


async def apply(pool: Any, service: str) -> list[str]:
    """Brings the service's schema up to date and returns the names of what was applied.

    Raises MigrationChanged when a file no longer is what was applied: migrations are added, never edited. Raises OldData.
    """
    applied = []
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("set local statement_timeout = '300s'")
        await connection.execute("set local lock_timeout = '60s'")
        await connection.execute("select pg_advisory_xact_lock($1)", _LOCK, timeout=60)
        await connection.execute(_TABLE)
        known = dict(await connection.fetch("select name, checksum from migration"))
        for name, text in files(service):
            if name not in known:
                try:
                    await connection.execute(text, timeout=300)
                except asyncpg.PostgresError as error:
                    if error.sqlstate == OLD_DATA:
                        raise OldData(service) from error
                    raise
                await connection.execute("insert into migration (name, checksum) values ($1, $2)", name, checksum(text))
                applied.append(name)
            elif known[name] != checksum(text):
                raise MigrationChanged(f"{service}/{name}.sql was changed after it was applied; add a new file instead.")
    return applied
