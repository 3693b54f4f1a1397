"""Tokens that are revoked before they expire: their owner signed out, lost a role, was deactivated or blocked, and so on.

Services verify tokens by themselves, so a token is good until it expires, ten minutes at most. Each service keeps in memory
which tokens were revoked in that time. It follows the journals that say so (its own, or another service's), and the interceptor
asks `Revocations` with each call; an open stream ends as soon as its token is revoked. A process that starts reads the last
minutes of each journal first: until then it answers UNAVAILABLE to callers whose tokens it can't check.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from kit import client, errors
from kit.backoff import Backoff
from kit.caller import MAX_SECONDS, SKEW_SECONDS, Caller, Kind, Signer
from kit.metrics import Following, Series

USERS = frozenset({Kind.USER, Kind.API_KEY})
CUSTOMERS = frozenset({Kind.CUSTOMER})
FACTS: Mapping[str, tuple[Collection[Kind], Sequence[str]]] = {
    "admin": (
        USERS,
        ("UserRolesAssigned", "UserPasswordChanged", "UserDeactivated", "UserDeleted", "SessionEnded", "ApiKeyRevoked"),
    ),
    "channel": (CUSTOMERS, ("SessionEnded", "ChannelUpdated", "ChannelDeleted", "CustomerBlocked", "CustomerTokensRevoked")),
    "core": (CUSTOMERS, ("CustomerBlocked", "CustomerErased")),
}
"""By the service whose journal it is: the callers whose tokens it revokes, and the facts that do so. See `subject_of`."""
MARGIN_SECONDS = 0.05
"""How much later than the fact a token may have been made and still be revoked: two clocks never agree."""
KEPT_SECONDS = MAX_SECONDS + SKEW_SECONDS + 60.0
"""No revoked token is good for longer."""
BACKOFF = Backoff(first=0.1, maximum=5.0)

_FIELDS = (
    ("session", "sessions"),
    ("user", "users"),
    ("api_key", "apiKeys"),
    ("channel", "channels"),
    ("customer", "customers"),
)

_log = logging.getLogger("frontdesk")


class RevocationsUnknown(errors.Unavailable):
    reason = "REVOCATIONS_UNKNOWN"

    def __init__(self, journal: str) -> None:
        super().__init__(
            f"This process has just started and can't tell yet whether your token was revoked, because {journal} does not "
            "answer; repeat in a moment.",
            journal=journal,
        )


class Revocations:
    """Whose tokens are revoked, and those of which time.

    A subject is a resource name without its organization: `users/{user}`, `sessions/{session}` (of a user), `apiKeys/{key}`,
    `customers/{customer}`, `channels/{channel}` or `channels/{channel}/sessions/{session}`.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._until: dict[str, float] = {}
        self._tidied = now()
        self._streams: dict[str, set[_Stream]] = {}
        self._unread: dict[str, Collection[Kind]] = {}
        self._read = asyncio.Event()

    def revoke(self, organization: str, subject: str, moment: float) -> None:
        """Revokes the subject's tokens that were made until `moment` (Unix time), and ends the streams they opened."""
        key = f"{organization}/{subject}"
        self._until[key] = max(self._until.get(key, 0.0), moment + MARGIN_SECONDS)
        if self._now() - self._tidied > KEPT_SECONDS:
            self._tidied = self._now()
            self._until = {key: until for key, until in self._until.items() if self._now() - until < KEPT_SECONDS}
        for stream in tuple(self._streams.get(key, ())):
            if self._is_revoked(stream.caller):
                self._leave(stream)
                stream.end()

    def check(self, caller: Caller) -> None:
        """Raises TokenRevoked, or RevocationsUnknown while a journal that could tell has not been read."""
        if self._is_revoked(caller):
            raise errors.TokenRevoked
        if self._unread:
            for journal, kinds in self._unread.items():
                if caller.kind in kinds:
                    raise RevocationsUnknown(journal)

    @contextmanager
    def watching(self, caller: Caller | None, end: Callable[[], None]) -> Iterator[None]:
        """While the context is open, `end` is called when the caller's token is revoked; once, and at once."""
        if caller is None:
            yield
            return
        stream = _Stream(caller, end)
        for key in _keys(caller):
            self._streams.setdefault(key, set()).add(stream)
        try:
            yield
        finally:
            self._leave(stream)

    def _leave(self, stream: "_Stream") -> None:
        for key in _keys(stream.caller):
            if streams := self._streams.get(key):
                streams.discard(stream)
                if not streams:
                    del self._streams[key]

    def _is_revoked(self, caller: Caller) -> bool:
        return bool(self._until) and any(caller.issued <= self._until.get(key, 0.0) for key in _keys(caller))

    def expect(self, feed: "Feed") -> None:
        """Says that some callers can't be checked before a journal has been read."""
        self._unread[feed.service] = FACTS[feed.service][0]

    def loaded(self, feed: "Feed") -> None:
        """Says that a journal has been read up to now."""
        self._unread.pop(feed.service, None)
        if not self._unread:
            self._read.set()

    async def wait(self, seconds: float) -> None:
        """Waits until every expected journal has been read, but not for longer."""
        if not self._unread:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._read.wait()
        except TimeoutError:
            detail = {"journals": sorted(self._unread)}
            _log.warning("serving before all revocations are known; their callers get UNAVAILABLE until then", extra=detail)


@dataclass(frozen=True, slots=True, eq=False)
class _Stream:
    """An open stream."""

    caller: Caller
    end: Callable[[], None]


def _keys(caller: Caller) -> Iterator[str]:
    if caller.kind is Kind.SERVICE:
        return
    yield f"{caller.organization}/{caller.kind}/{caller.id}"
    if caller.kind is Kind.CUSTOMER:
        channel, _, session = caller.session.partition("/")
        yield f"{caller.organization}/channels/{channel}"
        yield f"{caller.organization}/channels/{channel}/sessions/{session}"
    elif caller.session:
        yield f"{caller.organization}/sessions/{caller.session}"


def subject_of(event: Any) -> str:
    """Whose tokens a fact revokes, as `Revocations.revoke` takes it; empty for nobody's."""
    fact = getattr(event, event.WhichOneof("fact"))
    state = fact.DESCRIPTOR.fields_by_name.get("state")
    if state is not None and state.enum_type.values_by_number[fact.state].name.endswith("_ACTIVE"):
        return ""
    for attribute, collection in _FIELDS:
        if name := getattr(fact, attribute, ""):
            return name.split("/", 2)[2] if name.startswith("organizations/") else f"{collection}/{name}"
    return ""


@dataclass(frozen=True)
class Feed:
    """A journal whose facts revoke tokens."""

    service: str
    """Whose journal it is, of `FACTS`."""
    request: Callable[..., Any]
    """The `WatchEventsRequest` of its contract."""
    open: Callable[[Any], AsyncIterator[Any]]
    """Opens a stream of its `WatchEventsResponse`."""
    following: Following = field(default_factory=Following)

    def series(self) -> tuple[Series, ...]:
        """How far it has been followed."""
        return self.following.series(self.service, "revocations")


def feed_of(service: str, watch_events: Callable[..., Any], request: Callable[..., Any], signer: Signer) -> Feed:
    """Another service's journal, by its RPC `WatchEvents` and the request of that."""
    return Feed(service, request, lambda asked: client.stream(watch_events, asked, token=signer.service_token()))


def own_feed(service: str, journal: Any, contract: Any, convert: Callable[[Any], Any]) -> Feed:
    """This service's own journal (`kit.journal.Journal`), read as others read it. `convert` makes its contract's `Event`."""
    from kit.journal import serve  # with redis-py, which services that keep no journal need not load

    def read(asked: Any) -> AsyncIterator[Any]:
        return serve(journal, asked, contract.WatchEventsResponse, convert, over=lambda: False)

    return Feed(service, contract.WatchEventsRequest, read)


async def follow(known: Revocations, feed: Feed) -> None:
    """A worker: keeps `known` true. Runs until cancelled."""
    after: dict[int, int] = {}
    read, pauses = False, BACKOFF.pauses()
    while True:
        try:
            async for event in _facts(feed, after, until_now=not read):
                pauses.reset()
                if subject := subject_of(event):
                    known.revoke(event.organization, subject, event.create_time.ToMicroseconds() / 1e6)
            if not read:
                read = True
                known.loaded(feed)
                continue
        except errors.Aborted:
            pauses.reset()  # the stream's planned end
        except errors.FrontdeskError as error:
            _log.warning("a journal of revocations can't be followed", extra={"of": feed.service, "error": repr(error)[:200]})
        await pauses.wait()


async def _facts(feed: Feed, after: dict[int, int], until_now: bool) -> AsyncIterator[Any]:
    """The facts from `after` on, which moves along; of shards that it leaves out, those of the last minutes."""
    from kit.shares import SHARDS  # with the database's driver, which services without one need not load

    asked = feed.request(shards=range(SHARDS), after=after, kinds=FACTS[feed.service][1], until_now=until_now)
    asked.since.FromMicroseconds(int((time.time() - KEPT_SECONDS) * 1e6))
    async for response in feed.open(asked):
        feed.following.heard_response(response)
        if response.WhichOneof("item") == "event":
            yield response.event
            after[response.event.shard] = response.event.position
            feed.following.handled()
        else:
            after.update(response.checkpoint.positions)
