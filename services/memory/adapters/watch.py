"""Knows which version each organization's knowledge has: asks each second, and at once when Redis hints that it changed."""

import asyncio
import logging
import time
from collections.abc import Sequence

from kit.errors import StoreUnavailable
from kit.ids import OrganizationId
from services.memory.ports import Knowledge, KnowledgeState

POLL_SECONDS = 0.8
TRUSTED_SECONDS = 1.0
"""A state is used for so long after it was asked for; older, the store is asked again before answering."""
FORGET_SECONDS = 600.0

_log = logging.getLogger("memory.watch")


class KnowledgeWatch:
    """States of the organizations in use, none older than a second. So nothing deleted is quoted longer than that, even when
    no hint arrives; and while the store is unavailable, nothing is answered from a copy that can't be checked."""

    def __init__(self, knowledge: Knowledge, trusted: float = TRUSTED_SECONDS) -> None:
        self._knowledge = knowledge
        self._trusted = trusted
        self._states: dict[OrganizationId, tuple[float, KnowledgeState]] = {}
        self._used: dict[OrganizationId, float] = {}
        self._changed: dict[OrganizationId, float] = {}

    async def state(self, organization: OrganizationId) -> KnowledgeState:
        """The state now. Raises StoreUnavailable."""
        now = time.monotonic()
        self._used[organization] = now
        known = self._states.get(organization)
        if known is not None and now - known[0] < self._trusted:
            return known[1]
        return (await self._ask([organization]))[0]

    @property
    def used(self) -> Sequence[OrganizationId]:
        """Organizations that were searched in the last minutes."""
        return list(self._used)

    def forget(self, organization: OrganizationId) -> None:
        """The organization's knowledge changed: ask before the next answer."""
        self._states.pop(organization, None)
        if organization in self._used:
            self._changed[organization] = time.monotonic()

    async def run(self) -> None:
        """Asks for all organizations in use, again and again."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            now = time.monotonic()
            for organization, used in list(self._used.items()):
                if now - used > FORGET_SECONDS:
                    del self._used[organization]
                    self._states.pop(organization, None)
                    self._changed.pop(organization, None)
            try:
                await self._ask(list(self._used))
            except StoreUnavailable as problem:
                _log.warning("knowledge can't be watched", extra={"error": problem.detail})

    async def _ask(self, organizations: Sequence[OrganizationId]) -> Sequence[KnowledgeState]:
        if not organizations:
            return []
        asked = time.monotonic()
        found = await self._knowledge.states(organizations)
        states = [found.get(organization, KnowledgeState()) for organization in organizations]
        for organization, state in zip(organizations, states, strict=True):
            # An answer from before a change says nothing about the time after it.
            if self._changed.get(organization, 0.0) <= asked:
                self._states[organization] = (asked, state)
        return states
