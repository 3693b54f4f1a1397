"""Seals stored values again after the key file got a new first key, so that an operator can remove the old ones."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kit.vault import CredentialsKeyMissing, Vault

SECONDS = 60.0
"""How long a service waits between two looks for values of older keys."""

_log = logging.getLogger("frontdesk")


@dataclass(frozen=True, slots=True)
class SealedRows:
    """A column of sealed values in a table of PostgreSQL."""

    table: str
    keys: tuple[str, ...]
    """The columns of the primary key."""
    column: str
    place: Callable[..., str]
    """The place that a row's value is bound to, from its key; see `Vault`."""

    async def reseal(self, connection: Any, vault: Vault) -> int:
        """Seals with the newest key what an older one sealed; how many rows. A value that doesn't open stays as it is."""
        newest = vault.newest()
        if newest is None:
            return 0
        keys, column = ", ".join(self.keys), self.column
        rows = await connection.fetch(
            f"select {keys}, {column} from {self.table} where substr({column}, 1, length($1::bytea)) <> $1", newest + b":"
        )
        same = " and ".join(f"{key} = ${number}" for number, key in enumerate(self.keys, 3))
        update = f"update {self.table} set {column} = $1 where {column} = $2 and {same} returning true"
        resealed = 0
        for *key, sealed in rows:
            try:
                fresh = vault.reseal(sealed, self.place(*key))
            except CredentialsKeyMissing:
                _log.warning("a sealed value can't be opened", extra={"place": self.place(*key)})
                continue
            resealed += bool(await connection.fetchval(update, fresh, sealed, *key))
        if resealed:
            _log.info("values are sealed with the newest key", extra={"table": self.table, "rows": resealed})
        return resealed
