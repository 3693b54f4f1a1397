"""The four stores: how each is started from its installed package, checked, and given its users.

Each module has one class with the same shape, `Store`: `prepare` before the first start, `program` to run it,
`provision` once it answers. Only Postgres' roles depend on the services.
"""

from __future__ import annotations

from typing import Protocol

from stack.process import Program


class Store(Protocol):
    """A store that the supervisor can start."""

    @property
    def name(self) -> str:
        """As in FRONTDESK_<NAME>_URL."""
        ...

    async def prepare(self) -> None:
        """Writes the files that the server needs; raises a `Problem` when it can't run here."""
        ...

    def program(self) -> Program:
        """The server as a child process."""
        ...

    async def provision(self) -> None:
        """Creates databases and users, once it answers; repeatable."""
        ...
