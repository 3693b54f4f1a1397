"""Core's ports in memory, for tests of rules and use cases: the contract tests hold them to what the real stores do."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from kit import deadline, ids
from kit.clock import Clock, utc_now
from kit.ids import OrganizationId
from services.core.domain import (
    LEASE,
    Address,
    Change,
    ChannelId,
    Conversation,
    ConversationId,
    ConversationNotFound,
    ConversationOpened,
    Cost,
    Customer,
    CustomerId,
    CustomerNotFound,
    Fact,
    Limit,
    Message,
    MessageId,
    MessageNotFound,
    Opening,
    Overview,
    State,
    Turn,
    TurnId,
    TurnNotFound,
    TurnState,
)
from services.core.ports import (
    MAX_CLAIMED,
    NOTHING_TAKEN,
    AlreadySaid,
    AssistantFailed,
    Conflict,
    Prompt,
    Recalled,
    Repeated,
    Usage,
)

_OPEN = (TurnState.PENDING, TurnState.RUNNING)


@dataclass
class InMemoryCustomers:
    """The port Customers."""

    now: Clock = utc_now
    kept: dict[tuple[OrganizationId, CustomerId], Customer] = field(default_factory=dict)

    async def get(self, organization: OrganizationId, customer: CustomerId) -> Customer:
        found = self.kept.get((organization, customer))
        if found is None:
            raise CustomerNotFound(customer)
        return found

    async def page(
        self, organization: OrganizationId, query: str, before: tuple[datetime, str] | None, limit: int
    ) -> list[Customer]:
        wanted = query.lower()
        found = [
            customer
            for (owner, _), customer in self.kept.items()
            if owner == organization
            and (wanted in customer.display_name.lower() or any(wanted in i.value.lower() for i in customer.identities))
            and (before is None or (customer.updated, customer.id) < before)
        ]
        return sorted(found, key=lambda c: (c.updated, c.id), reverse=True)[:limit]

    async def block(self, organization: OrganizationId, customer: CustomerId, since: datetime | None) -> None:
        kept = self.kept.get((organization, customer))
        if kept is not None:
            self.kept[organization, customer] = replace(kept, blocked=since and (kept.blocked or since))

    async def standing(self, organization: OrganizationId, customer: CustomerId) -> CustomerId:
        return customer

    def of(self, organization: OrganizationId, opening: Opening) -> CustomerId:
        """The customer of an identity; made when there is none."""
        for (owner, id), customer in self.kept.items():
            if owner == organization and opening.identity.key in {identity.key for identity in customer.identities}:
                return id
        now, id = self.now(), CustomerId(ids.new())
        self.kept[organization, id] = Customer(
            organization, id, opening.display_name, opening.language, (opening.identity,), now, now
        )
        return id


@dataclass
class _Kept:
    """A conversation with all that belongs to it."""

    conversation: Conversation
    messages: list[Message] = field(default_factory=list)
    turns: dict[TurnId, Turn] = field(default_factory=dict)
    leases: dict[TurnId, datetime] = field(default_factory=dict)

    def current(self) -> Conversation:
        open_turn = next((turn for turn in self.turns.values() if turn.state in _OPEN), None)
        return replace(self.conversation, turn=open_turn)


@dataclass
class InMemoryConversations:
    """The port Conversations. `facts` is what the journal would hold, in its order."""

    customers: InMemoryCustomers = field(default_factory=InMemoryCustomers)
    now: Clock = utc_now
    facts: list[tuple[OrganizationId, Fact]] = field(default_factory=list)
    kept: dict[tuple[OrganizationId, ConversationId], _Kept] = field(default_factory=dict)
    _by_address: dict[tuple[OrganizationId, ChannelId, Address, str], ConversationId] = field(default_factory=dict)

    async def open(self, organization: OrganizationId, opening: Opening) -> Conversation:
        where = (organization, opening.channel, opening.identity.address, opening.thread_key)
        if (known := self._by_address.get(where)) is not None:
            return self._get(organization, known).current()
        customer = self.customers.of(organization, opening)
        now, id = self.now(), ConversationId(ids.new())
        blocked = self.customers.kept[organization, customer].blocked is not None
        conversation = Conversation(
            *(organization, id, customer, opening.channel, State.AUTOMATED, now, now, opening.identity.address),
            blocked=blocked,
            thread_key=opening.thread_key,
        )
        self._by_address[where] = id
        self.kept[organization, id] = _Kept(conversation)
        self.facts.append((organization, ConversationOpened(conversation)))
        return conversation

    async def load(self, organization: OrganizationId, conversation: ConversationId) -> Conversation:
        await asyncio.sleep(0)  # as a store does, it lets others run: what they commit meanwhile is a Conflict
        return self._get(organization, conversation).current()

    async def commit(self, change: Change) -> None:
        after = change.after
        kept = self.kept.get((after.organization, after.id))
        if kept is None or kept.conversation.revision != after.revision - 1:
            raise Conflict
        said = {m.source for (owner, _), k in self.kept.items() if owner == after.organization for m in k.messages}
        if any(message.source in said for message in change.messages):
            raise AlreadySaid
        turns = kept.turns | {turn.id: turn for turn in change.turns}
        if sum(turn.state in _OPEN for turn in turns.values()) > 1:
            raise Conflict
        kept.conversation = replace(after, turn=None)
        kept.messages += change.messages
        kept.turns = turns
        for turn in change.turns:
            kept.leases.pop(turn.id, None)
            if turn.state is TurnState.RUNNING:
                kept.leases[turn.id] = self.now() + LEASE
        self.facts += [(after.organization, fact) for fact in change.facts]

    async def said(self, organization: OrganizationId, source: str) -> tuple[ConversationId, Message] | None:
        for (owner, id), kept in self.kept.items():
            for message in kept.messages:
                if owner == organization and message.source == source:
                    return id, message
        return None

    async def message(self, organization: OrganizationId, conversation: ConversationId, message: MessageId) -> Message:
        kept = self.kept.get((organization, conversation))
        for found in kept.messages if kept else ():
            if found.id == message:
                return found
        raise MessageNotFound(message)

    async def messages(
        self,
        organization: OrganizationId,
        conversation: ConversationId,
        *,
        after: int = 0,
        before: int | None = None,
        limit: int = 100,
        notes: bool = True,
    ) -> list[Message]:
        await asyncio.sleep(0)
        kept = self.kept.get((organization, conversation))
        found = [
            message
            for message in (kept.messages if kept else ())
            if message.seq > after and (before is None or message.seq < before) and (notes or not message.note)
        ]
        return found[-limit:]

    async def of_customer(self, organization: OrganizationId, customer: CustomerId) -> list[ConversationId]:
        return sorted(
            id for (owner, id), kept in self.kept.items() if owner == organization and kept.conversation.customer == customer
        )

    async def takes_part(self, organization: OrganizationId, conversation: ConversationId, customer: CustomerId) -> bool:
        return self._get(organization, conversation).conversation.customer == customer

    async def overview(self, organization: OrganizationId, conversation: ConversationId, notes: bool) -> Overview:
        kept = self._get(organization, conversation)
        said = [message for message in kept.messages if notes or not message.note]
        name = self.customers.kept[organization, kept.conversation.customer].display_name
        return Overview(kept.current(), name, said[-1] if said else None)

    async def page(
        self,
        organization: OrganizationId,
        states: Sequence[State],
        before: tuple[datetime, str] | None,
        limit: int,
        *,
        customer: CustomerId | None = None,
        channel: ChannelId | None = None,
        notes: bool = True,
    ) -> list[Overview]:
        found = [
            await self.overview(organization, c.id, notes)
            for c in (kept.conversation for (owner, _), kept in self.kept.items() if owner == organization)
            if (not states or c.state in states)
            and customer in (None, c.customer)
            and channel in (None, c.channel)
            and (before is None or (c.updated, c.id) < before)
        ]
        return sorted(found, key=lambda o: (o.conversation.updated, o.conversation.id), reverse=True)[:limit]

    async def claim(
        self, lease: timedelta, limit: int, most: int = MAX_CLAIMED, taken: Mapping[OrganizationId, int] = NOTHING_TAKEN
    ) -> list[Conversation]:
        now = self.now()
        due = [
            (kept, turn)
            for kept in self.kept.values()
            for turn in kept.turns.values()
            if (turn.state is TurnState.PENDING and turn.due <= now)
            or (turn.state is TurnState.RUNNING and kept.leases[turn.id] < now)
        ]
        due.sort(key=lambda found: found[1].due)
        ranks = Counter(taken)
        ranked = list[tuple[int, _Kept, Turn]]()
        for kept, turn in due:
            ranks[organization := kept.conversation.organization] += 1
            ranked.append((ranks[organization] - taken.get(organization, 0), kept, turn))
        fair = sorted((r for r in ranked if r[0] <= most - taken.get(r[1].conversation.organization, 0)), key=lambda r: r[0])
        chosen = [(kept, turn) for _, kept, turn in fair[:limit]]
        for kept, turn in chosen:
            kept.turns[turn.id] = replace(turn, state=TurnState.RUNNING, attempt=turn.attempt + 1)
            kept.leases[turn.id] = now + lease
            kept.conversation = replace(kept.conversation, revision=kept.conversation.revision + 1)
        return [kept.current() for kept, _ in chosen]

    async def extend(self, turns: Sequence[tuple[OrganizationId, TurnId, int]], lease: timedelta) -> None:
        for kept, id in self.running(turns):
            kept.leases[id] = self.now() + lease

    def running(self, turns: Sequence[tuple[OrganizationId, TurnId, int]]) -> list[tuple[_Kept, TurnId]]:
        """Those of some turns, by (organization, turn, attempt), that run."""
        return [
            (kept, id)
            for organization, id, attempt in turns
            for (owner, _), kept in self.kept.items()
            if owner == organization and (turn := kept.turns.get(id))
            if turn.state is TurnState.RUNNING and turn.attempt == attempt
        ]

    async def turn(self, organization: OrganizationId, conversation: ConversationId, turn: TurnId) -> Turn:
        kept = self.kept.get((organization, conversation))
        if kept is None or turn not in kept.turns:
            raise TurnNotFound(turn)
        return kept.turns[turn]

    async def turns(
        self, organization: OrganizationId, conversation: ConversationId, before: str | None, limit: int
    ) -> list[Turn]:
        kept = self.kept.get((organization, conversation))
        found = [turn for turn in (kept.turns.values() if kept else ()) if before is None or turn.id < before]
        return sorted(found, key=lambda turn: turn.id, reverse=True)[:limit]

    def _get(self, organization: OrganizationId, conversation: ConversationId) -> _Kept:
        kept = self.kept.get((organization, conversation))
        if kept is None:
            raise ConversationNotFound(conversation)
        return kept


@dataclass
class InMemoryDispatches:
    """The port Dispatches."""

    conversations: InMemoryConversations
    now: Clock = utc_now
    _claimed: dict[tuple[OrganizationId, ConversationId], tuple[MessageId, datetime]] = field(default_factory=dict)

    async def claim(self, organization: OrganizationId, conversation: ConversationId, message: MessageId, epoch: int) -> bool:
        if self.conversations.kept[organization, conversation].conversation.epoch != epoch:
            return False
        self._claimed[organization, conversation] = (message, self.now())
        return True

    async def recent(self, organization: OrganizationId, conversation: ConversationId, within: timedelta) -> list[MessageId]:
        message, claimed = self._claimed.get((organization, conversation), (MessageId(""), datetime.min.replace(tzinfo=UTC)))
        return [message] if claimed > self.now() - within else []


@dataclass
class InMemoryBudgets:
    """The port Budgets, of one day."""

    spent: dict[OrganizationId, Cost] = field(default_factory=dict)

    async def reserve(self, organization: OrganizationId, most: Cost, limit: Limit) -> date | None:
        spent = self.spent.get(organization, Cost())
        if (limit.tokens and spent.tokens >= limit.tokens) or (limit.micros and spent.micros >= limit.micros):
            return None
        self._add(organization, most.tokens, most.micros)
        return date(2026, 1, 2)

    async def settle(self, organization: OrganizationId, day: date, most: Cost, charged: Cost) -> None:
        self._add(organization, charged.tokens - most.tokens, charged.micros - most.micros)

    def _add(self, organization: OrganizationId, tokens: int, micros: int) -> None:
        spent = self.spent.get(organization, Cost())
        self.spent[organization] = Cost(spent.tokens + tokens, spent.micros + micros)


@dataclass
class InMemoryReplicas:
    """The port Replicas."""

    conversations: InMemoryConversations
    now: Clock = utc_now
    checked: dict[str, tuple[datetime, datetime | None]] = field(default_factory=dict)

    async def renew(
        self, replica: str, turns: Sequence[tuple[OrganizationId, TurnId, int]], applied: datetime | None
    ) -> tuple[datetime, set[tuple[TurnId, int]]]:
        now = self.now()
        self.checked[replica] = now, applied
        return now, {(id, kept.turns[id].attempt) for kept, id in self.conversations.running(turns)}

    async def showing(self, but: str, within: timedelta, since: datetime | None = None) -> tuple[datetime, set[str]]:
        now = self.now()
        return now, {
            id
            for id, (checked, applied) in self.checked.items()
            if id != but and checked > now - within and not (since and applied and applied > since)
        }


@dataclass
class FixedKnowledge:
    """The port Knowledge: finds the same passages whatever is asked, or is unavailable."""

    passages: list[Recalled] = field(default_factory=list)
    unavailable: bool = False
    asked: list[str] = field(default_factory=list)
    had: list[float] = field(default_factory=list)
    """Seconds that each search was given, of at most 60."""

    async def search(self, organization: OrganizationId, query: str, limit: int) -> list[Recalled]:
        self.asked.append(query)
        self.had.append(deadline.remaining(60.0))
        if self.unavailable:
            raise AssistantFailed("The knowledge can't be searched.")
        return self.passages[:limit]


@dataclass
class ScriptedAssistant:
    """The port Assistant: says what the script has for it, reply by reply; an exception in a script is raised there.

    While `hold` is set to an event, a reply waits for it before its last piece.
    """

    script: list[Iterable[str | Usage | Repeated | Exception]] = field(default_factory=list)
    hold: asyncio.Event | None = None
    prompts: list[Prompt] = field(default_factory=list)
    name: str = "scripted"
    max_tokens: int = 0

    def prompt_bytes(self, prompt: Prompt) -> int:
        return len(prompt.question.encode())

    async def reply(self, prompt: Prompt) -> AsyncGenerator[str | Usage | Repeated, None]:
        self.prompts.append(prompt)
        pieces = list(self.script.pop(0)) if self.script else ["Certainly."]
        for left, piece in zip(range(len(pieces) - 1, -1, -1), pieces, strict=True):
            if not left and self.hold is not None:
                await self.hold.wait()
            if isinstance(piece, Exception):
                raise piece
            yield piece
            await asyncio.sleep(0)
