"""Admin's stores in memory, for tests: trusted because they pass the same contract tests as the real ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from kit.errors import RequestIdReused
from kit.ids import OrganizationId
from services.admin.domain import actors, errors
from services.admin.domain.api_keys import ApiKey
from services.admin.domain.facts import Fact
from services.admin.domain.organizations import Decided, Organization
from services.admin.domain.roles import Actor
from services.admin.domain.sessions import Found, Refreshed, RefreshToken, Session
from services.admin.domain.users import Change, Filter, State, User
from services.admin.ports import Credentials

Key = tuple[str, str]
"""Organization and id."""


@dataclass
class Memory:
    """What a database would hold. Nothing here awaits, so each use case step is atomic."""

    organizations: dict[str, tuple[Organization, str]] = field(default_factory=dict)
    users: dict[Key, User] = field(default_factory=dict)
    hashes: dict[Key, str] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    tokens: dict[bytes, RefreshToken] = field(default_factory=dict)
    api_keys: dict[Key, tuple[ApiKey, bytes]] = field(default_factory=dict)
    requests: dict[tuple[str, str, str], Key] = field(default_factory=dict)
    """Kind, organization and request_id → what it made."""
    facts: list[tuple[str, Fact]] = field(default_factory=list)

    def write(self, organization: OrganizationId, facts: Sequence[Fact]) -> None:
        """Appends to the journal."""
        self.facts.extend((organization, fact) for fact in facts)

    def check(self, organization: OrganizationId, by: Actor) -> None:
        """Raises TokenRevoked unless the actor may still act."""
        if by.kind == "users":
            session = self.sessions.get(by.session)
            is_open = not by.session or (session is not None and session.ended is None)
            actors.check_user(by, self.users.get((organization, by.id)), is_open)
        elif by.kind == "apiKeys":
            key, _ = self.api_keys.get((organization, by.id), (None, b""))
            actors.check_key(by, key, self.users.get((organization, key.creator)) if key else None)

    def end_sessions(self, organization: OrganizationId, user: str, when: datetime) -> None:
        """Ends all sessions of a user."""
        for session in list(self.sessions.values()):
            if (session.organization, session.user, session.ended) == (organization, user, None):
                self.sessions[session.id] = replace(session, ended=when)

    def drop_sessions(self, gone: Callable[[Session], bool]) -> int:
        """Deletes sessions with their tokens."""
        ids = {session.id for session in self.sessions.values() if gone(session)}
        self.sessions = {id: session for id, session in self.sessions.items() if id not in ids}
        self.tokens = {hash: token for hash, token in self.tokens.items() if token.session not in ids}
        return len(ids)


class InMemoryOrganizations:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def add(
        self, organization: Organization, owner: User, password_hash: str, request_id: str, facts: Sequence[Fact]
    ) -> Organization:
        known = self._memory.organizations.get(organization.id)
        if known is not None:
            if known[1] != request_id:
                raise errors.OrganizationExists(organization.id)
            return known[0]
        self._memory.organizations[organization.id] = (organization, request_id)
        self._memory.users[organization.id, owner.id] = owner
        self._memory.hashes[organization.id, owner.id] = password_hash
        self._memory.write(organization.id, facts)
        return organization

    async def get(self, id: OrganizationId) -> Organization | None:
        known = self._memory.organizations.get(id)
        return known[0] if known else None

    async def page(self, after: str, limit: int) -> list[Organization]:
        ids = sorted(id for id in self._memory.organizations if id > after)
        return [self._memory.organizations[id][0] for id in ids[:limit]]

    async def change(self, id: OrganizationId, by: Actor, rule: Callable[[Organization], Decided]) -> Organization | None:
        self._memory.check(id, by)
        known = self._memory.organizations.get(id)
        if known is None:
            return None
        after, facts = rule(known[0])
        self._memory.organizations[id] = (after, known[1])
        self._memory.write(id, facts)
        return after


class InMemoryUsers:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def add(self, user: User, password_hash: str, request_id: str, facts: Sequence[Fact], by: Actor) -> User:
        self._memory.check(user.organization, by)
        memory, key = self._memory, (user.organization, user.id)
        if user.organization not in memory.organizations:
            raise errors.OrganizationNotFound(user.organization)
        made = memory.requests.get(("user", user.organization, request_id)) if request_id else None
        if made in memory.users:
            known = memory.users[made]
            if known.email != user.email:
                raise RequestIdReused(request_id)
            return known
        if key in memory.users:
            raise errors.UserExists(user.id)
        self._check_email(user)
        memory.users[key] = user
        memory.hashes[key] = password_hash
        memory.requests["user", user.organization, request_id] = key
        memory.write(user.organization, facts)
        return user

    async def get(self, organization: OrganizationId, id: str) -> User | None:
        return self._memory.users.get((organization, id))

    async def find(self, organization: OrganizationId, email: str) -> Credentials | None:
        for key, user in self._memory.users.items():
            if (user.organization, user.email) == (organization, email):
                return Credentials(user, self._memory.hashes[key])
        return None

    async def credentials(self, organization: OrganizationId, id: str) -> Credentials | None:
        user = self._memory.users.get((organization, id))
        return Credentials(user, self._memory.hashes[organization, id]) if user else None

    async def page(
        self, organization: OrganizationId, filter: Filter, after: tuple[datetime, str] | None, limit: int
    ) -> list[User]:
        found = sorted(
            (user for user in self._memory.users.values() if user.organization == organization and _matches(user, filter)),
            key=lambda user: (user.created, user.id),
        )
        return [user for user in found if after is None or (user.created, user.id) > after][:limit]

    async def change(
        self, organization: OrganizationId, id: str, by: Actor, rule: Callable[[User, int], Change]
    ) -> User | None:
        memory, key = self._memory, (organization, id)
        memory.check(organization, by)
        before = memory.users.get(key)
        if before is None:
            return None
        others = sum(
            user.is_active_owner for user in memory.users.values() if user.organization == organization and user.id != id
        )
        change = rule(before, others)
        self._check_email(change.user)
        if change.deletes:
            del memory.users[key], memory.hashes[key]
            memory.drop_sessions(lambda session: (session.organization, session.user) == key)
            memory.api_keys = {k: v for k, v in memory.api_keys.items() if (v[0].organization, v[0].creator) != key}
        else:
            memory.users[key] = change.user
            memory.hashes[key] = change.password_hash or memory.hashes[key]
        if change.ends_sessions:
            memory.end_sessions(organization, id, change.ends_sessions)
        memory.write(organization, change.facts)
        return change.user

    async def rehash(self, organization: OrganizationId, id: str, old: str, new: str) -> bool:
        if self._memory.hashes.get((organization, id)) != old:
            return False
        self._memory.hashes[organization, id] = new
        return True

    def _check_email(self, user: User) -> None:
        for other in self._memory.users.values():
            if (other.organization, other.email) == (user.organization, user.email) and other.id != user.id:
                raise errors.EmailTaken


class InMemorySessions:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def start(self, session: Session, token: RefreshToken, password_hash: str, facts: Sequence[Fact]) -> User | None:
        memory, key = self._memory, (session.organization, session.user)
        user = memory.users.get(key)
        if user is None or user.state is not State.ACTIVE or memory.hashes[key] != password_hash:
            return None
        user = memory.users[key] = replace(user, login=session.created)
        memory.sessions[session.id] = session
        memory.tokens[token.hash] = token
        memory.write(session.organization, facts)
        return user

    async def change(self, token_hash: bytes, rule: Callable[[Found], Refreshed]) -> Refreshed | None:
        memory = self._memory
        token = memory.tokens.get(token_hash)
        if token is None:
            return None
        session = memory.sessions[token.session]
        refreshed = rule(Found(token, session, memory.users[session.organization, session.user]))
        memory.tokens[token_hash] = refreshed.token
        if refreshed.successor:
            memory.tokens[refreshed.successor.hash] = refreshed.successor
            for hash, other in memory.tokens.items():
                if (other.session, other.number) == (token.session, token.number - 1):
                    memory.tokens[hash] = replace(other, nonce=b"")
        memory.sessions[session.id] = refreshed.session
        if refreshed.ends_all and refreshed.session.ended:
            memory.end_sessions(session.organization, session.user, refreshed.session.ended)
        memory.write(session.organization, refreshed.facts)
        return refreshed

    async def tidy(self, now: datetime) -> int:
        line = now - timedelta(days=1)
        return self._memory.drop_sessions(lambda session: min(session.expires, session.ended or session.expires) < line)


class InMemoryApiKeys:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def add(self, key: ApiKey, secret_hash: bytes, request_id: str, facts: Sequence[Fact], by: Actor) -> ApiKey:
        memory = self._memory
        memory.check(key.organization, by)
        made = memory.requests.get(("key", key.organization, request_id)) if request_id else None
        if made in memory.api_keys:
            known, _ = memory.api_keys[made]
            if (known.scopes, known.creator) != (key.scopes, key.creator):
                raise RequestIdReused(request_id)
            return known
        memory.api_keys[key.organization, key.id] = (key, secret_hash)
        memory.requests["key", key.organization, request_id] = (key.organization, key.id)
        memory.write(key.organization, facts)
        return key

    async def get(self, organization: OrganizationId, id: str) -> ApiKey | None:
        known = self._memory.api_keys.get((organization, id))
        return known[0] if known else None

    async def find(self, secret_hash: bytes) -> tuple[ApiKey, User] | None:
        for key, known in self._memory.api_keys.values():
            if known == secret_hash:
                return key, self._memory.users[key.organization, key.creator]
        return None

    async def page(self, organization: OrganizationId, before: tuple[datetime, str] | None, limit: int) -> list[ApiKey]:
        keys = [key for key, _ in self._memory.api_keys.values() if key.organization == organization]
        keys.sort(key=lambda key: (key.created, key.id), reverse=True)
        return [key for key in keys if before is None or (key.created, key.id) < before][:limit]

    async def change(
        self, organization: OrganizationId, id: str, by: Actor, rule: Callable[[ApiKey], tuple[ApiKey, Sequence[Fact]]]
    ) -> ApiKey | None:
        self._memory.check(organization, by)
        known = self._memory.api_keys.get((organization, id))
        if known is None:
            return None
        after, facts = rule(known[0])
        self._memory.api_keys[organization, id] = (after, known[1])
        self._memory.write(organization, facts)
        return after

    async def note_use(self, organization: OrganizationId, id: str, now: datetime, unless_since: datetime) -> None:
        key, hash = self._memory.api_keys[organization, id]
        if key.used is None or key.used < unless_since:
            self._memory.api_keys[organization, id] = (replace(key, used=now), hash)


class PlainPasswords:
    """Passwords that are "hashed" in no time. `cost` plays the parameters."""

    def __init__(self, cost: int = 1) -> None:
        self.cost = cost
        self.verified: list[str | None] = []

    async def hash(self, password: str) -> str:
        return f"{self.cost}:{password}"

    async def verify(self, hash: str | None, password: str) -> bool:
        self.verified.append(hash)
        return hash is not None and hash.partition(":")[2] == password

    def is_outdated(self, hash: str) -> bool:
        return hash.partition(":")[0] != str(self.cost)


def _matches(user: User, filter: Filter) -> bool:
    return (
        (filter.state is None or user.state is filter.state)
        and (not filter.role or filter.role in user.roles)
        and all(word in user.email or word in user.display_name.lower() for word in filter.words)
    )
