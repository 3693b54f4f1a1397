"""How changes are committed: one statement each, or one for all that wait, since the events of a shard have an order anyway.

A commit holds its shard's counter until it is on disk, so the changes of a shard come one after the other. Changes that are to
be committed while one is under way go into the next statement together, and share its round trip and its flush.
"""

import asyncio
from datetime import timedelta
from itertools import islice
from typing import Any

import asyncpg
import msgspec

from kit.journal import Journal, Record, shard_of
from kit.journal.facts import Encoded
from kit.journal.store import records_of
from services.core.adapters import steps
from services.core.domain import Change, Conversation, Message, Step, Turn
from services.core.ports.conversations import AlreadySaid, Conflict

MOST = 64
"""Changes in one statement."""

# A change's parts see the row of `conversation` only if the revision is still the one that was decided on; the journal's
# counter comes last. A turn that ends is written before the one that follows it: a conversation has one open turn.
_COMMIT = f"""
with changed as (
    update conversation c set
        state = a.state, agent = a.agent, agent_display_name = a.agent_display_name, epoch = a.epoch, last_seq = a.last_seq,
        last_customer_seq = a.last_customer_seq, answered_seq = a.answered_seq, tags = a.tags,
        handover_reason = a.handover_reason, blocked = a.blocked, updated = a.updated, revision = a.revision,
        subject = a.subject, priority = a.priority, language = a.language, thread_key = a.thread_key, erased = a.erased,
        capabilities = a.capabilities, rating = a.rating, rating_comment = a.rating_comment, rated = a.rated,
        address_scope = case when a.erased is null then c.address_scope else '' end,
        address_value = case when a.erased is null then c.address_value else '' end,
        receives = c.receives and a.erased is null
    from jsonb_array_elements($1::jsonb) with ordinality as given (change, n),
        jsonb_populate_record(null::conversation, given.change -> 'conversation') as a
    where c.organization = a.organization and c.id = a.id and c.revision = a.revision - 1
    returning given.n, c.organization, c.id, given.change
), turns as (
    insert into turn (
        organization, conversation, id, state, epoch, answers_seq, created, due, attempt, supersedes, assistant,
        input_tokens, output_tokens, error, finished, lease_until
    )
    select changed.organization, changed.id, t.id, t.state, t.epoch, t.answers_seq, t.created, t.due, t.attempt, t.supersedes,
        t.assistant, t.input_tokens, t.output_tokens, t.error, t.finished,
        case t.state when 'RUNNING' then clock_timestamp() + $2 end
    from changed, jsonb_array_elements(changed.change -> 'turns') with ordinality as item (turn, n),
        jsonb_populate_record(null::turn, item.turn) as t
    order by changed.n, item.n
    on conflict (organization, id) do update set
        state = excluded.state, answers_seq = excluded.answers_seq, due = excluded.due, attempt = excluded.attempt,
        assistant = excluded.assistant, input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens,
        error = excluded.error, finished = excluded.finished, lease_until = excluded.lease_until
), messages as (
    insert into message (
        organization, conversation, id, seq, role, author, author_display_name, kind, text, markdown, note, citations, turn,
        epoch, source, request_id, created, content
    )
    select changed.organization, changed.id, m.id, m.seq, m.role, m.author, m.author_display_name, m.kind, m.text, m.markdown,
        m.note, m.citations, m.turn, m.epoch, m.source, m.request_id, m.created, m.content
    from changed, jsonb_populate_recordset(null::message, changed.change -> 'messages') as m
), steps as (
{steps.INSERT} from changed c, jsonb_populate_recordset(null::turn_step, c.change -> 'steps') as s
), facts as (
    select changed.organization, fact ->> 'kind' as kind, fact ->> 'subject' as subject, fact -> 'labels' as labels,
        decode(fact ->> 'payload', 'base64') as payload, row_number() over (order by changed.n, item.n) as n
    from changed, jsonb_array_elements(changed.change -> 'facts') with ordinality as item (fact, n)
), counter as (
    update shard set position = position + (select count(*) from facts) where shard = $3 and exists (select from facts)
    returning position
), events as (
    insert into event (shard, position, organization, kind, subject, labels, payload)
    select $3, counter.position - (select count(*) from facts) + facts.n, facts.organization, kind, subject,
        array(select jsonb_array_elements_text(labels)), payload
    from counter, facts
    returning position, created
)
select n, null::bigint as position, null::timestamptz as created from changed
union all select null, position, created from events
"""


class _Fact(msgspec.Struct):
    """An encoded fact; its payload travels in base 64."""

    kind: str
    subject: str
    labels: tuple[str, ...]
    payload: bytes


class _Change(msgspec.Struct):
    """A change as the statement reads it: fields are named as the columns they go to."""

    conversation: Conversation
    turns: tuple[Turn, ...]
    messages: tuple[Message, ...]
    facts: list[_Fact]
    steps: tuple[Step, ...]


class Commits:
    """Commits changes, those of a shard one statement after the other. Raises Conflict or AlreadySaid."""

    def __init__(self, pool: Any, log: Journal, lease: timedelta) -> None:
        self._pool = pool
        self._journal = log
        self._lease = lease
        self._waiting: dict[int, list[tuple[_Change, asyncio.Future[bool]]]] = {}
        """By shard, what waits for the statement under way. A shard that is not here has none under way."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def add(self, change: Change) -> None:
        """Returns when the change is on disk."""
        after = change.after
        facts = self._journal.encoded(after.organization, change.facts, change.actor)
        item = _Change(after, change.turns, change.messages, [_Fact(*fact) for fact in facts], change.steps)
        shard = shard_of(after.organization)
        if (waiting := self._waiting.get(shard)) is not None:
            future = asyncio.get_running_loop().create_future()
            waiting.append((item, future))
            committed = await future
        else:
            self._waiting[shard] = []
            try:
                committed = await self._alone(shard, item)
            finally:
                self._go_on(shard)
        if not committed:
            raise Conflict

    def _go_on(self, shard: int) -> None:
        if not self._waiting[shard]:
            del self._waiting[shard]
            return
        task = asyncio.create_task(self._together(shard))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _together(self, shard: int) -> None:
        """Commits the waiting changes. If the statement fails, nothing has changed; each is then tried alone."""
        batch, self._waiting[shard] = self._waiting[shard][:MOST], self._waiting[shard][MOST:]
        try:
            done = await self._write(shard, [item for item, _ in batch])
        except asyncpg.PostgresError as error:
            if len(batch) == 1:
                _tell(batch[0][1], _meaning(error))
            else:
                for item, future in batch:
                    try:
                        _tell(future, await self._alone(shard, item))
                    except Exception as own:
                        _tell(future, own)
        except BaseException as error:
            for _, future in batch:
                _tell(future, error)
            if not isinstance(error, Exception):
                raise
        else:
            for n, (_, future) in enumerate(batch, 1):
                _tell(future, n in done)
        finally:
            self._go_on(shard)

    async def _alone(self, shard: int, item: _Change) -> bool:
        try:
            return bool(await self._write(shard, [item]))
        except asyncpg.PostgresError as error:
            raise _meaning(error) from error

    async def _write(self, shard: int, items: list[_Change]) -> set[int]:
        """The numbers, from 1, of the changes that were still true."""
        rows = await self._pool.fetch(_COMMIT, msgspec.json.encode(items), self._lease, shard)
        done = {row["n"] for row in rows if row["n"] is not None}
        appended = iter(sorted((row for row in rows if row["n"] is None), key=lambda row: row["position"]))
        records: list[Record] = []
        for item in (item for n, item in enumerate(items, 1) if n in done):
            own = [Encoded(fact.kind, fact.subject, fact.labels, fact.payload) for fact in item.facts]
            records += records_of(shard, item.conversation.organization, own, islice(appended, len(own)))
        self._journal.committed(records)
        return done


def _meaning(error: asyncpg.PostgresError) -> Exception:
    if not isinstance(error, asyncpg.UniqueViolationError):
        return error
    return AlreadySaid() if error.constraint_name in ("message_by_source", "message_by_id") else Conflict()


def _tell(future: asyncio.Future[bool], outcome: bool | BaseException) -> None:
    if future.done():  # the caller has gone
        return
    if isinstance(outcome, BaseException):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
