"""Tokens that are no longer good before their time: their owner signed out, changed roles, was deactivated or lost the key.

Services verify tokens by themselves, so a token is good until it ends, ten minutes at most. That is too long for a screen that
stays open. A service that shows things as they happen follows admin's journal from ten minutes ago on, and the interceptor asks
`Revocations` with each call and before each response of a stream. While admin is away nothing new is heard; tokens still end.
"""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from kit import client, errors
from kit.caller import MOST_SECONDS, SKEW_SECONDS, Caller, InvalidToken, Kind, Signer

KINDS = (
    "UserRolesAssigned",
    "UserPasswordChanged",
    "UserDeactivated",
    "UserDeleted",
    "SessionEnded",
    "ApiKeyRevoked",
)
"""Admin's facts after which tokens of before are void."""
MARGIN_SECONDS = 0.05
"""How much later a token may have been made and still be of before: two clocks, and a refresh that read the roles meanwhile."""
KEPT_SECONDS = MOST_SECONDS + SKEW_SECONDS + 60.0
"""No token of before is good for longer."""
LONGEST_PAUSE = 5.0

_log = logging.getLogger("frontdesk")


class TokenRevoked(InvalidToken):
    reason = "TOKEN_REVOKED"

    def __init__(self) -> None:
        super().__init__("This token is no longer good: its user signed out or may do other things now. Refresh it or sign in.")


class Revocations:
    """Whose tokens are void, and those of which time."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._until: dict[str, float] = {}
        self._tidied = now()

    def revoke(self, organization: str, subject: str, moment: float) -> None:
        """Voids the tokens of `users/{user}`, `sessions/{session}` or `apiKeys/{api_key}` made until `moment` (Unix time)."""
        key = f"{organization}/{subject}"
        self._until[key] = max(self._until.get(key, 0.0), moment + MARGIN_SECONDS)
        if self._now() - self._tidied > KEPT_SECONDS:
            self._tidied = self._now()
            self._until = {key: until for key, until in self._until.items() if self._now() - until < KEPT_SECONDS}

    def check(self, caller: Caller) -> None:
        """Raises TokenRevoked."""
        if self._until and any(caller.issued <= self._until.get(key, 0.0) for key in _keys(caller)):
            raise TokenRevoked


def _keys(caller: Caller) -> Iterator[str]:
    if caller.kind in (Kind.USER, Kind.API_KEY):
        yield f"{caller.organization}/{caller.kind}/{caller.id}"
        yield f"{caller.organization}/sessions/{caller.session}"


def subject_of(event: Any) -> str:
    """Whose tokens a fact of admin's (one of KINDS) voids, as `Revocations.revoke` takes it."""
    fact = getattr(event, event.WhichOneof("fact"))
    if session := getattr(fact, "session", ""):
        return f"sessions/{session}"
    return f"users/{fact.user}" if hasattr(fact, "user") else f"apiKeys/{fact.api_key}"


async def follow(known: Revocations, watch_events: Callable[..., Any], request: Callable[..., Any], signer: Signer) -> None:
    """A worker: keeps `known` true. `watch_events` and `request` are admin's RPC and its request."""
    after: dict[int, int] = {}
    pause = 0.1
    while True:
        try:
            async for event in _facts(watch_events, request, signer, after):
                pause = 0.1
                known.revoke(event.organization, subject_of(event), event.create_time.ToMicroseconds() / 1e6)
        except errors.Aborted:
            pass  # the stream's planned end
        except errors.FrontdeskError as error:
            _log.warning("admin's journal can't be followed", extra={"error": repr(error)[:200]})
        await asyncio.sleep(pause * random.uniform(0.5, 1.0))
        pause = min(pause * 2, LONGEST_PAUSE)


async def _facts(
    watch_events: Callable[..., Any], request: Callable[..., Any], signer: Signer, after: dict[int, int]
) -> AsyncIterator[Any]:
    """The facts from `after` on, which moves along; of shards that it leaves out, those of the last minutes."""
    from kit.journal import SHARDS  # with redis-py, which services that follow nobody need not load

    asked = request(shards=range(SHARDS), after=after, kinds=KINDS)
    asked.since.FromMicroseconds(int((time.time() - KEPT_SECONDS) * 1e6))
    async for response in client.stream(watch_events, asked, token=signer.service_token()):
        if response.WhichOneof("item") == "event":
            yield response.event
            after[response.event.shard] = response.event.position
        else:
            after.update(response.checkpoint.positions)
