"""The agents with a recent heartbeat, as keys in Redis that expire on their own."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from redis.exceptions import RedisError

from kit.ids import OrganizationId
from services.agent.domain.agent import PresenceState
from services.agent.domain.ids import AgentId
from services.agent.ports import AgentKey

if TYPE_CHECKING:
    from redis.asyncio import Redis

_UNAVAILABLE_ERRORS = (RedisError, OSError, TimeoutError)
_log = logging.getLogger("frontdesk")

_KNOWN_SINCE = "agent:presence:since"


class RedisHeartbeats:
    """`ports.Heartbeats`: `agent:{<organization>}:presence:<agent>` holds what the agent chose, and expires.

    An empty Redis (started again, flushed) can't distinguish silence from forgetting; so it keeps since when it has known, and
    no one is called silent before one time-out has passed. Without Redis no one is.
    """

    def __init__(self, redis: "Redis", expires: timedelta) -> None:
        self._redis = redis
        self._expires = expires

    async def beat(self, organization: OrganizationId, agent: AgentId) -> PresenceState | None:
        try:
            value = await self._redis.getex(_key(organization, agent), px=self._expires)
        except _UNAVAILABLE_ERRORS as error:
            _log.warning("Redis is unavailable; heartbeats are not noted", extra={"error": repr(error)[:200]})
            return None
        return None if value is None else PresenceState(_text(value))

    async def mark(self, organization: OrganizationId, agent: AgentId, state: PresenceState) -> None:
        try:
            await self._redis.set(_key(organization, agent), state.value, px=self._expires)
        except _UNAVAILABLE_ERRORS as error:
            _log.warning("Redis is unavailable; presence is not noted", extra={"error": repr(error)[:200]})

    async def drop(self, organization: OrganizationId, agent: AgentId) -> None:
        try:
            await self._redis.delete(_key(organization, agent))
        except _UNAVAILABLE_ERRORS as error:
            _log.warning("Redis is unavailable; presence is not forgotten", extra={"error": repr(error)[:200]})

    async def silent(self, agents: Iterable[AgentKey]) -> list[AgentKey]:
        by_organization: dict[OrganizationId, list[AgentId]] = defaultdict(list)
        for organization, agent in agents:
            by_organization[organization].append(agent)
        try:
            if not by_organization or not await self._knows():
                return []
            found: list[AgentKey] = []
            for organization, ids in by_organization.items():
                values = await self._redis.mget([_key(organization, id) for id in ids])
                found += [(organization, id) for id, value in zip(ids, values, strict=True) if value is None]
            # Flushed between the first look and the last: then nothing was known.
            return found if not found or await self._knows() else []
        except _UNAVAILABLE_ERRORS as error:
            _log.warning("Redis is unavailable; no one is called silent", extra={"error": repr(error)[:200]})
            return []

    async def _knows(self) -> bool:
        seconds, microseconds = await self._redis.time()
        now = int(seconds) + int(microseconds) / 1e6
        since = await self._redis.set(_KNOWN_SINCE, repr(now), nx=True, get=True)
        return isinstance(since, bytes | str) and now - float(_text(since)) >= self._expires.total_seconds()


def _key(organization: OrganizationId, agent: AgentId) -> str:
    return f"agent:{{{organization}}}:presence:{agent}"


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
