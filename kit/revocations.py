"""Tokens that are revoked before they expire: their owner signed out, lost a role, was deactivated or blocked, and so on.

Services verify tokens on their own, so a token is good until it expires, ten minutes at most. Each service keeps in memory
which tokens were revoked in that time. It follows the journals that say so (its own, or another service's), and the interceptor
asks `Revocations` with each call; an open stream ends as soon as its token is revoked. The contracts say which facts revoke
tokens. A process that starts loads what its service has stored, and reads each journal up to now (`kit.feeds`): until then it
answers UNAVAILABLE to callers whose tokens it can't check.
"""

import time
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from typing import Any, cast

from frontdesk.access.v1 import revokes

from kit import errors
from kit.caller import MAX_SECONDS, SKEW_SECONDS, Caller, Kind
from kit.feeds import Feed

USERS = frozenset({Kind.USER, Kind.API_KEY})
CUSTOMERS = frozenset({Kind.CUSTOMER})
MARGIN_SECONDS = 0.05
"""How much later than the fact a token may have been made and still be revoked: two clocks never agree."""
Closed = errors.OrganizationSuspended | errors.OrganizationDeleting | errors.OrganizationErased
_CLOSED_BY: dict[str, type[Closed]] = {
    "SUSPENDED": errors.OrganizationSuspended,
    "DELETING": errors.OrganizationDeleting,
    "ERASING": errors.OrganizationErased,
}
KEPT_SECONDS = MAX_SECONDS + SKEW_SECONDS + 60.0
"""No revoked token is good for longer."""


class RevocationsUnknown(errors.Unavailable):
    reason = "REVOCATIONS_UNKNOWN"

    def __init__(self, journal: str) -> None:
        super().__init__(
            f"This process has just started and doesn't know yet whether your token was revoked, because {journal} does not "
            "answer; repeat in a moment.",
            journal=journal,
        )


class Revocations:
    """Whose tokens are revoked, and those of which time.

    A subject is a resource name without its organization: `users/{user}`, `sessions/{session}` (of a user), `apiKeys/{key}`,
    `roles/{role}` (of its users), `customers/{customer}`, `channels/{channel}` or `channels/{channel}/sessions/{session}`.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._until: dict[str, float] = {}
        self._tidied = now()
        self._streams: dict[str, set[_Stream]] = {}
        self._closed: dict[str, type[Closed]] = {}
        self._feeds: list[tuple[Feed, Collection[Kind]]] = []

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

    def close(self, organization: str, why: "type[Closed]") -> None:
        """Closes an organization: its callers are refused, but for owners who read, and the streams they opened end.

        Of an erased one all are refused, also services that would write.
        """
        self._closed[organization] = why
        for streams in tuple(self._streams.values()):
            for stream in tuple(streams):
                if stream.caller.organization == organization:
                    self._leave(stream)
                    stream.end()

    def open(self, organization: str) -> None:
        """Makes an organization active again."""
        self._closed.pop(organization, None)

    def is_closed(self, organization: str) -> bool:
        """Whether an organization is not active: suspended, being deleted, or erased."""
        return organization in self._closed

    def is_erased(self, organization: str) -> bool:
        """Whether the erasure of an organization has begun: nothing may be written for it any more."""
        return self._closed.get(organization) is errors.OrganizationErased

    def check_organization(self, organization: str) -> None:
        """Raises OrganizationSuspended, OrganizationDeleting or OrganizationErased. For calls without a token."""
        if why := self._closed.get(organization):
            raise why(organization)

    def check_written(self, names: Iterable[str]) -> None:
        """Raises OrganizationErased for names of what would be written, `organizations/{organization}/…`."""
        for name in names if self._closed else ():
            if self.is_erased(organization := name.split("/", 2)[1]):
                raise errors.OrganizationErased(organization)

    def check(self, caller: Caller, reads: bool = False) -> None:
        """Raises TokenRevoked, or RevocationsUnknown while a journal that could name it has not been read.

        Raises OrganizationSuspended or OrganizationDeleting, unless an owner `reads`: only owners hold everything. Raises
        OrganizationErased.
        """
        if (
            (why := self._closed.get(caller.organization))
            and caller.kind is not Kind.SERVICE
            and not (reads and "*" in caller.permissions and why is not errors.OrganizationErased)
        ):
            raise why(caller.organization)
        if self._is_revoked(caller):
            raise errors.TokenRevoked
        for feed, kinds in self._feeds:
            if caller.kind in kinds and not feed.is_ready:
                raise RevocationsUnknown(feed.name.partition("/")[0])

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

    def expect(self, feed: Feed, kinds: Collection[Kind]) -> Feed:
        """Says that callers of these kinds can't be checked before a feed is ready."""
        self._feeds.append((feed, kinds))
        return feed


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
    for role in caller.roles:
        yield f"{caller.organization}/roles/{role}"


def subject_of(event: Any) -> str:
    """Whose tokens a fact revokes, as `Revocations.revoke` takes it and the contract's option says; empty for no one's.

    The first form counts whose fields are set. A fact with a state that is active gives access instead of taking it.
    """
    fact = getattr(event, event.WhichOneof("fact"))
    state = fact.DESCRIPTOR.fields_by_name.get("state")
    if state is not None and state.enum_type.values_by_number[fact.state].name.endswith("_ACTIVE"):
        return ""
    if not _revokes(fact.DESCRIPTOR):
        return ""
    return str(event.envelope.subject).split("/", 2)[2]


def _revokes(fact: Any) -> bool:
    return bool(fact.GetOptions().Extensions[cast(Any, revokes)])


def feed(
    known: Revocations,
    service: str,
    contract: Any,
    open: Callable[[Any], AsyncIterator[Any]],
    kinds: Collection[Kind],
    pool: Any,
) -> Feed:
    """A journal whose contract says which of its facts revoke tokens; those of callers of these `kinds`.

    `pool`: where they are stored, so that a restart forgets none while the journal is unavailable; None: nowhere.
    """

    def revoke(event: Any) -> None:
        if subject := subject_of(event):
            known.revoke(event.envelope.organization, subject, event.envelope.create_time.ToMicroseconds() / 1e6)

    facts = contract.Event.DESCRIPTOR.oneofs_by_name["fact"].fields
    made = Feed(
        name=f"{service}/revocations",
        request=contract.WatchEventsRequest,
        open=open,
        event=contract.Event,
        kinds=[fact.message_type.name for fact in facts if _revokes(fact.message_type)],
        key=lambda event: f"{event.envelope.organization}/{subject}" if (subject := subject_of(event)) else "",
        apply=revoke,
        pool=pool,
        keep_seconds=KEPT_SECONDS,
    )
    return known.expect(made, kinds)


def suspensions(
    known: Revocations,
    service: str,
    contract: Any,
    open: Callable[[Any], AsyncIterator[Any]],
    kind: str,
    pool: Any,
    changed: Callable[[str, bool], None] = lambda organization, active: None,
) -> Feed:
    """A journal that says which organizations are closed, by facts of a `kind` with a `state`: active, suspended, and so on.

    `changed`: called with the organization, and whether it is active.
    """

    def apply(event: Any) -> None:
        fact = getattr(event, event.WhichOneof("fact"))
        states = fact.DESCRIPTOR.fields_by_name["state"].enum_type.values_by_number
        why = _CLOSED_BY.get(states[fact.state].name.rpartition("_")[2])
        if why is None:
            known.open(event.envelope.organization)
        else:
            known.close(event.envelope.organization, why)
        changed(event.envelope.organization, why is None)

    return Feed(
        name=f"{service}/organizations",
        request=contract.WatchEventsRequest,
        open=open,
        event=contract.Event,
        kinds=[kind],
        key=lambda event: str(event.envelope.organization),
        apply=apply,
        pool=pool,
    )


def own_journal(journal: Any, contract: Any) -> Callable[[Any], AsyncIterator[Any]]:
    """Opens streams of this service's own journal (`kit.journal.Journal`), read as others read it."""
    from kit.journal import serve  # with redis-py, which services that keep no journal need not load

    async def read(asked: Any) -> AsyncIterator[Any]:
        async with aclosing(serve(journal, asked, contract.WatchEventsResponse, over=lambda: False)) as responses:
            async for response in responses:
                yield contract.WatchEventsResponse.FromString(response.SerializeToString())

    return read
