"""Core's tables, compared with its journal. A shard is compared as of one moment: later commits do not matter.

A comparison continues from where the last one without a difference ended, so that it costs what has happened since. A full one
begins with the first fact that is kept.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from frontdesk.core import v1 as pb
from frontdesk.core.internal import v1 as internal

from kit.journal import SHARDS, Verified, shard_of
from kit.recounts import Recount
from services.core.adapters.past import ORGANIZATIONS

NAME = "tables"
LONG_SECONDS = 300
BATCH = 2_000
SLACK = 10_000
"""How many facts before a comparison's beginning are looked through for what was written at that moment."""
STORES = ("journal", "messages", "conversations", "turns", "customers")

_JOURNAL = """
select s.position, s.deleted, clock_timestamp() as now,
    (select count(*) from event e where e.shard = s.shard and e.position > greatest($2, s.deleted)) as kept,
    coalesce((select max(position) from event e where e.shard = s.shard), s.deleted) as last
from shard s where s.shard = $1
"""
_EVENTS = """
select position, organization, kind, subject, payload from event
where shard = $1 and position > $2 and position <= $3 order by position limit $4
"""
_MESSAGES = """
select m.* from unnest($1::text[], $2::text[]) as told (organization, id)
join message m on m.organization = told.organization and m.id = told.id
"""
_CONVERSATIONS = """
select c.* from unnest($1::text[], $2::text[]) as told (organization, id)
join conversation c on c.organization = told.organization and c.id = told.id
"""
_TURNS = """
select t.* from unnest($1::text[], $2::text[]) as told (organization, id)
join turn t on t.organization = told.organization and t.id = told.id
"""
_CUSTOMERS = """
select c.*, (select count(*) from identity i where i.organization = c.organization and i.customer = c.id) as identities
from unnest($1::text[], $2::text[]) as told (organization, id)
join customer c on c.organization = told.organization and c.id = told.id
"""
# Rows of the tables since then that no fact of that time names.
_UNTOLD = """
select k.organization, k.id from {table} k
where k.organization = any($1) and k.created > $2 and not exists (
    select from event e where e.shard = $3 and e.position > $4 and e.kind = '{kind}'
        and e.subject = 'organizations/' || k.organization || {path}
)
"""
_UNTOLD_MESSAGES = _UNTOLD.format(
    table="message", kind="MessageCreated", path="'/conversations/' || k.conversation || '/messages/' || k.id"
)
_UNTOLD_CONVERSATIONS = _UNTOLD.format(table="conversation", kind="ConversationOpened", path="'/conversations/' || k.id")
_UNTOLD_CUSTOMERS = _UNTOLD.format(table="customer", kind="CustomerCreated", path="'/customers/' || k.id")
_UNTOLD_TURNS = _UNTOLD.format(
    table="turn", kind="TurnStarted", path="'/conversations/' || k.conversation || '/turns/' || k.id"
)

Key = tuple[str, str]
"""An organization and an id in it."""


@dataclass
class _Turn:
    """The state of a turn by the facts."""

    conversation: str
    kinds: Counter[str] = field(default_factory=Counter)
    state: str = ""
    attempt: int = 0


@dataclass
class _Told:
    """The state by the facts of a shard, from a position on."""

    shard: int
    after: int
    since: datetime
    organizations: set[str] = field(default_factory=set)
    conversations: dict[Key, internal.ConversationVersion] = field(default_factory=dict)
    turns: dict[Key, _Turn] = field(default_factory=dict)
    customers: dict[Key, dict[str, object]] = field(default_factory=dict)
    """The state of customers by the facts: `merged_into`, `blocked`, `erased`, as far as they say it."""

    def add(self, row: Any, event: internal.Event) -> None:
        """Adds a fact, but for what it says of a message."""
        organization = row["organization"]
        if not organization:
            return  # the empty place of an erased organization's fact
        self.organizations.add(organization)
        if row["kind"] == "TurnCharged":
            return  # it says nothing about a state
        if not event.conversation.name:
            self._add_customer(organization, row["kind"], _last(row["subject"]), event)
            return
        conversation = _last(event.conversation.name)
        self.conversations[organization, conversation] = event.conversation
        if row["kind"] in ("TurnStarted", "TurnEnded"):
            turn = self.turns.setdefault((organization, _last(row["subject"])), _Turn(conversation))
            turn.kinds[row["kind"]] += 1
            if row["kind"] == "TurnEnded":
                turn.state = pb.TurnState.Name(event.turn_ended.state).removeprefix("TURN_STATE_")
                turn.attempt = event.turn_ended.attempt

    def _add_customer(self, organization: str, kind: str, customer: str, event: internal.Event) -> None:
        told = self.customers.setdefault((organization, customer), {})
        match kind:
            case "CustomerMerged":
                duplicate = organization, _last(event.customer_merged.duplicate)
                self.customers.setdefault(duplicate, {})["merged_into"] = customer
            case "CustomerSplit":
                told["merged_into"] = ""
            case "CustomerBlocked" | "CustomerUnblocked":
                told["blocked"] = kind == "CustomerBlocked"
            case "CustomerErased":
                told["erased"] = True


class PostgresTables:
    """The port Tables."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._verified = Verified(pool, NAME)

    async def recount(self, full: bool) -> AsyncIterator[Recount]:
        recounts = {store: Recount(store) for store in STORES}
        by_shard: dict[int, list[str]] = {}
        async with self._long_transaction() as connection:
            for row in await connection.fetch(ORGANIZATIONS, timeout=LONG_SECONDS):
                by_shard.setdefault(shard_of(row["organization"]), []).append(row["organization"])
        begun = await self._verified.load(full)
        for shard in range(SHARDS):
            parts = await self._compare(shard, by_shard.get(shard, []), *begun.get(shard, (0, None)))
            for store, (counted, differences) in parts.items():
                recounts[store].add(counted, sorted(differences))
        for recount in recounts.values():
            yield recount

    async def _compare(
        self, shard: int, organizations: list[str], after: int, since: datetime | None
    ) -> Mapping[str, tuple[int, list[str]]]:
        """Compares a shard; how many facts of each store were looked at, and what differs. Without a difference it is noted."""
        async with self._long_transaction() as connection:
            now = await connection.fetchrow(_JOURNAL, shard, after, timeout=LONG_SECONDS)
            begin = max(after, now["deleted"])
            if begin > after or since is None:
                since = await self._verified.moment(connection, shard, begin)
            told = _Told(shard, begin, since)
            told.organizations.update(organizations)
            differences: dict[str, list[str]] = {store: [] for store in STORES}
            differences["journal"] = _gaps(shard, begin, now)
            counted = Counter({"journal": now["position"] - begin})
            async for rows in self._events(connection, shard, begin, now["position"]):
                events = [internal.Event.FromString(row["payload"]) for row in rows]
                for row, event in zip(rows, events, strict=True):
                    told.add(row, event)
                said = {
                    (row["organization"], _last(row["subject"])): event
                    for row, event in zip(rows, events, strict=True)
                    if row["kind"] == "MessageCreated"
                }
                counted["messages"] += len(said)
                differences["messages"] += await _compare_messages(connection, said)
            counted.update(conversations=len(told.conversations), turns=len(told.turns), customers=len(told.customers))
            differences["customers"] = await _compare_customers(connection, told.customers)
            differences["conversations"] = await _compare_conversations(connection, told.conversations)
            differences["turns"] = await _compare_turns(connection, told.turns, begin)
            for store, sql in (
                ("messages", _UNTOLD_MESSAGES),
                ("conversations", _UNTOLD_CONVERSATIONS),
                ("turns", _UNTOLD_TURNS),
                ("customers", _UNTOLD_CUSTOMERS),
            ):
                differences[store] += await _untold(connection, store, sql, told)
        if not any(differences.values()):
            await self._verified.store(shard, now["position"], now["now"])
        return {store: (counted[store], differences[store]) for store in STORES}

    async def _events(self, connection: Any, shard: int, after: int, until: int) -> AsyncIterator[list[Any]]:
        while after < until:
            rows = await connection.fetch(_EVENTS, shard, after, until, BATCH, timeout=LONG_SECONDS)
            if not rows:
                return
            yield rows
            after = rows[-1]["position"]

    @asynccontextmanager
    async def _long_transaction(self) -> AsyncIterator[Any]:
        """A connection that may take its time, sees one moment, and changes nothing."""
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            await connection.execute(f"set local statement_timeout = '{LONG_SECONDS}s'")
            yield connection


def _gaps(shard: int, begin: int, now: Any) -> list[str]:
    found = []
    if now["last"] != now["position"]:
        found.append(f"shard {shard} does not end where its counter says")
    if now["kept"] != now["last"] - begin:
        found.append(f"shard {shard} has gaps")
    return found


async def _rows(connection: Any, sql: str, keys: Iterable[Key]) -> dict[Key, Any]:
    found: dict[Key, Any] = {}
    wanted = list(keys)
    for part in (wanted[n : n + BATCH] for n in range(0, len(wanted), BATCH)):
        rows = await connection.fetch(sql, [key[0] for key in part], [key[1] for key in part], timeout=LONG_SECONDS)
        found |= {(row["organization"], row["id"]): row for row in rows}
    return found


async def _compare_messages(connection: Any, told: Mapping[Key, internal.Event]) -> list[str]:
    rows, differences = await _rows(connection, _MESSAGES, told), []
    for key, event in told.items():
        said, row = event.message_created, rows.get(key)
        if row is None:
            differences.append(f"message {_name(key)} is missing")
            continue
        if row["erased"] and (row["text"] or row["content"] or row["citations"]):
            differences.append(f"message {_name(key)} is erased and still says something")
        kind = pb.MessageKind.Name(said.kind).removeprefix("MESSAGE_KIND_") if said.kind else "ANSWER"
        role = pb.ParticipantRole.Name(said.role).removeprefix("PARTICIPANT_ROLE_")
        expected = (_last(event.conversation.name), said.seq, role, kind, said.note, said.turn, said.epoch)
        columns = ("conversation", "seq", "role", "kind", "note", "turn", "epoch")
        if expected != tuple(row[column] if row[column] is not None else "" for column in columns):
            differences.append(f"message {_name(key)} differs")
    return differences


async def _compare_conversations(connection: Any, told: Mapping[Key, internal.ConversationVersion]) -> list[str]:
    # A claim raises the revision without a fact: the table may be ahead in it.
    rows, differences = await _rows(connection, _CONVERSATIONS, told), []
    columns = ("customer", "channel", "state", "agent", "epoch", "last_seq", "last_customer_seq", "answered_seq")
    for key, version in told.items():
        row = rows.get(key)
        if row is None:
            differences.append(f"conversation {_name(key)} is missing")
            continue
        state = pb.ConversationState.Name(version.state).removeprefix("CONVERSATION_STATE_")
        names = _last(version.customer), _last(version.channel), state, _last(version.agent)
        numbers = version.epoch, version.last_seq, version.last_customer_seq, version.answered_seq
        if row["revision"] < version.revision:
            differences.append(f"conversation {_name(key)} is older than its facts say")
        elif (*names, *numbers) != tuple(row[column] if row[column] is not None else "" for column in columns):
            differences.append(f"conversation {_name(key)} differs")
    return differences


async def _compare_turns(connection: Any, told: Mapping[Key, _Turn], begin: int) -> list[str]:
    rows, differences = await _rows(connection, _TURNS, told), []
    for key, turn in told.items():
        row, started, ended = rows.get(key), turn.kinds["TurnStarted"], turn.kinds["TurnEnded"]
        if row is None:
            differences.append(f"turn {_name(key)} is missing")
        elif ended > 1 or started > 1 or (started == 0 and begin == 0):  # it may have started before
            differences.append(f"turn {_name(key)} has {started} facts of its start and {ended} facts of its end")
        elif not ended and row["state"] not in ("PENDING", "RUNNING"):
            differences.append(f"turn {_name(key)} has ended in the table alone")
        elif row["conversation"] != turn.conversation or (
            ended and (row["state"], row["attempt"]) != (turn.state, turn.attempt)
        ):
            differences.append(f"turn {_name(key)} differs")
    return differences


async def _compare_customers(connection: Any, told: Mapping[Key, Mapping[str, object]]) -> list[str]:
    rows, differences = await _rows(connection, _CUSTOMERS, told), []
    for key, expected in told.items():
        row = rows.get(key)
        if row is None:
            differences.append(f"customer {_name(key)} is missing")
            continue
        merged_into, blocked, erased = row["merged_into"] or "", row["blocked"] is not None, row["erased"] is not None
        if {"merged_into": merged_into, "blocked": blocked, "erased": erased} != {
            "merged_into": expected.get("merged_into", merged_into),
            "blocked": expected.get("blocked", blocked),
            "erased": expected.get("erased", erased),
        }:
            differences.append(f"customer {_name(key)} differs")
        if erased and (row["identities"] or row["display_name"]):
            differences.append(f"customer {_name(key)} is erased and still has a name or an identity")
        elif merged_into and row["identities"]:
            differences.append(f"customer {_name(key)} is merged and still has an identity")
    return differences


async def _untold(connection: Any, store: str, sql: str, told: _Told) -> list[str]:
    after = max(0, told.after - SLACK)
    arguments = sorted(told.organizations), told.since, told.shard, after
    rows = await connection.fetch(sql, *arguments, timeout=LONG_SECONDS)
    return [f"{store[:-1]} {row['organization']}/{row['id']} is not in the journal" for row in rows]


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def _name(key: Key) -> str:
    return "/".join(key)
