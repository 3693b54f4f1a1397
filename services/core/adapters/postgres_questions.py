"""Sets of questions in PostgreSQL, and customers' questions that got no good answer. A change locks the row of its set."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import msgspec

from kit import ids
from kit.ids import OrganizationId
from services.core.domain import ConversationId, MessageId, MessageNotFound
from services.core.domain.content import Content
from services.core.domain.evaluation import (
    MAX_QUESTIONS,
    MAX_SETS,
    Asked,
    Origin,
    Question,
    QuestionExists,
    QuestionId,
    QuestionNotFound,
    QuestionSet,
    QuestionSetExists,
    QuestionSetId,
    QuestionSetNotFound,
    TooManyQuestions,
    TooManyQuestionSets,
)
from services.core.domain.grouping import Unanswered, asks

_SETS = """
select s.*, (
    select count(*)::int from question q where q.organization = s.organization and q.question_set = s.id
) as questions
from question_set s where s.organization = $1
"""
_LOCK = "select 1 from question_set where organization = $1 and id = $2 for update"
_ADD = """
insert into question (organization, question_set, id, digest, asked, conversation, message)
select $1, $2, given.id, given.digest, given.asked, given.conversation, given.message
from unnest($3::text[], $4::text[], $5::jsonb[], $6::text[], $7::text[])
    with ordinality as given (id, digest, asked, conversation, message, place)
order by given.place
on conflict (organization, question_set, digest) do update
set asked = excluded.asked, revision = question.revision + 1, updated = clock_timestamp()
where question.asked <> excluded.asked
returning revision = 1 as added
"""
# An erasure waits for a transaction that takes a text over, and erases what it took.
_SAID = """
select m.conversation, m.id, m.text from unnest($2::text[], $3::text[]) as wanted (conversation, id)
join message m on m.organization = $1 and m.id = wanted.id and m.conversation = wanted.conversation
join conversation c on c.organization = m.organization and c.id = m.conversation
where m.role = 'CUSTOMER' and not m.erased and c.erased is null for share of c
"""
_UNANSWERED = """
select q.conversation, q.id, q.text, q.content, max(q.created) as created from (
    select organization, conversation, turn from message
    where organization = $1 and role = 'ASSISTANT' and kind in ('UNKNOWN', 'HOLDING') and not erased
        and created > clock_timestamp() - $2::interval
    order by created desc limit $3
) m
join turn t on t.organization = m.organization and t.id = m.turn
join message q on q.organization = m.organization and q.conversation = m.conversation and q.seq = t.answers_seq
where q.role = 'CUSTOMER' and not q.erased and q.text <> ''
group by q.conversation, q.id, q.text, q.content order by created desc, q.id desc
"""
# The last answer in a conversation that has changed hands, and the customer's message after it.
_HANDED_OVER = """
select q.conversation, q.id, q.text, q.content, q.created, following.text as following from (
    select id from conversation
    where organization = $1 and epoch > 1 and erased is null and updated > clock_timestamp() - $2::interval
    order by updated desc limit $3
) c
join lateral (
    select seq, turn from message m
    where m.organization = $1 and m.conversation = c.id and m.role = 'ASSISTANT' and m.kind = 'ANSWER' and m.turn is not null
    order by seq desc limit 1
) answer on true
join lateral (
    select role, text from message m
    where m.organization = $1 and m.conversation = c.id and m.seq > answer.seq and not m.note order by seq limit 1
) following on following.role = 'CUSTOMER'
join turn t on t.organization = $1 and t.id = answer.turn
join message q on q.organization = $1 and q.conversation = c.id and q.seq = t.answers_seq
where q.role = 'CUSTOMER' and not q.erased and q.text <> '' and q.created > clock_timestamp() - $2::interval
order by q.created desc, q.id desc
"""


class PostgresQuestionSets:
    """The port QuestionSets."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    async def create(self, organization: OrganizationId, id: QuestionSetId, display_name: str, request_id: str) -> QuestionSet:
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("select pg_advisory_xact_lock(hashtextextended('question_set/' || $1, 0))", organization)
            sql = "select id from question_set where organization = $1 and request_id = $2 and request_id <> ''"
            made = await connection.fetchval(sql, organization, request_id)
            if made is None:
                count = await connection.fetchval("select count(*) from question_set where organization = $1", organization)
                if count >= MAX_SETS:
                    raise TooManyQuestionSets
                sql = "insert into question_set (organization, id, display_name, request_id) values ($1, $2, $3, $4)"
                try:
                    await connection.execute(sql, organization, id, display_name, request_id)
                except asyncpg.UniqueViolationError:
                    raise QuestionSetExists(id) from None
        return await self.get(organization, QuestionSetId(made or id))

    async def get(self, organization: OrganizationId, id: QuestionSetId) -> QuestionSet:
        row = await self._pool.fetchrow(_SETS + "and s.id = $2", organization, id)
        if row is None:
            raise QuestionSetNotFound(id)
        return _set(row)

    async def page(self, organization: OrganizationId, before: tuple[datetime, str] | None, limit: int) -> list[QuestionSet]:
        sql = (
            _SETS + "and ($2::timestamptz is null or (s.created, s.id) < ($2, $3)) order by s.created desc, s.id desc limit $4"
        )
        return [_set(row) for row in await self._pool.fetch(sql, organization, *(before or (None, "")), limit)]

    async def rename(self, organization: OrganizationId, id: QuestionSetId, rule: Callable[[QuestionSet], str]) -> QuestionSet:
        async with self._pool.acquire() as connection, connection.transaction():
            row = await connection.fetchrow(_SETS + "and s.id = $2 for update", organization, id)
            if row is None:
                raise QuestionSetNotFound(id)
            sql = """
                update question_set set display_name = $3, revision = revision + 1, updated = clock_timestamp()
                where organization = $1 and id = $2
            """
            await connection.execute(sql, organization, id, rule(_set(row)))
        return await self.get(organization, id)

    async def delete(self, organization: OrganizationId, id: QuestionSetId) -> None:
        await self._pool.execute("delete from question_set where organization = $1 and id = $2", organization, id)

    async def add(
        self,
        organization: OrganizationId,
        id: QuestionSetId,
        wanted: Sequence[tuple[Asked, Origin | None]],
        fill: Callable[[Asked, str], Asked],
    ) -> tuple[list[Question], int, int]:
        async with self._pool.acquire() as connection, connection.transaction():
            if await connection.fetchval(_LOCK, organization, id) is None:
                raise QuestionSetNotFound(id)
            texts = await self._said(connection, organization, {origin for _, origin in wanted if origin is not None})
            given = {}
            for asked, origin in wanted:
                filled = fill(asked, texts[origin] if origin is not None else "")
                given[filled.digest] = filled, origin
            origins = [(origin.conversation, origin.message) if origin else (None, None) for _, origin in given.values()]
            stored = await connection.fetch(
                _ADD,
                *(organization, id, [ids.new() for _ in given], list(given)),
                [msgspec.json.encode(asked) for asked, _ in given.values()],
                *([origin[part] for origin in origins] for part in (0, 1)),
            )
            sql = "select count(*) from question where organization = $1 and question_set = $2"
            if await connection.fetchval(sql, organization, id) > MAX_QUESTIONS:
                raise TooManyQuestions
            sql = "select * from question where organization = $1 and question_set = $2 and digest = any($3) order by number"
            rows = await connection.fetch(sql, organization, id, list(given))
        new = sum(row["added"] for row in stored)
        return [_question(row) for row in rows], new, len(stored) - new

    async def question(self, organization: OrganizationId, id: QuestionSetId, question: QuestionId) -> Question:
        sql = "select * from question where organization = $1 and question_set = $2 and id = $3"
        row = await self._pool.fetchrow(sql, organization, id, question)
        if row is None:
            raise QuestionNotFound(question)
        return _question(row)

    async def questions(self, organization: OrganizationId, id: QuestionSetId, after: int, limit: int) -> list[Question]:
        await self.get(organization, id)
        sql = "select * from question where organization = $1 and question_set = $2 and number > $3 order by number limit $4"
        return [_question(row) for row in await self._pool.fetch(sql, organization, id, after, limit)]

    async def change(
        self, organization: OrganizationId, id: QuestionSetId, question: QuestionId, rule: Callable[[Question], Asked]
    ) -> Question:
        async with self._pool.acquire() as connection, connection.transaction():
            sql = "select * from question where organization = $1 and question_set = $2 and id = $3 for update"
            row = await connection.fetchrow(sql, organization, id, question)
            if row is None:
                raise QuestionNotFound(question)
            asked = rule(_question(row))
            sql = "select id from question where organization = $1 and question_set = $2 and digest = $3 and id <> $4"
            if other := await connection.fetchval(sql, organization, id, asked.digest, question):
                raise QuestionExists(other)
            sql = """
                update question set asked = $4, digest = $5, revision = revision + 1, updated = clock_timestamp()
                where organization = $1 and question_set = $2 and id = $3 returning *
            """
            try:
                row = await connection.fetchrow(sql, organization, id, question, msgspec.json.encode(asked), asked.digest)
            except asyncpg.UniqueViolationError:  # another one was added meanwhile
                raise QuestionExists("") from None
        return _question(row)

    async def remove(self, organization: OrganizationId, id: QuestionSetId, question: QuestionId) -> None:
        sql = "delete from question where organization = $1 and question_set = $2 and id = $3"
        await self._pool.execute(sql, organization, id, question)

    async def unanswered(self, organization: OrganizationId, period: timedelta, limit: int) -> list[Unanswered]:
        rows = await self._pool.fetch(_UNANSWERED, organization, period, limit)
        return [_unanswered(row) for row in rows if _asks(row)]

    async def handed_over(self, organization: OrganizationId, period: timedelta, limit: int) -> list[tuple[Unanswered, str]]:
        rows = await self._pool.fetch(_HANDED_OVER, organization, period, limit)
        return [(_unanswered(row), row["following"]) for row in rows if _asks(row)]

    async def _said(self, connection: Any, organization: OrganizationId, origins: set[Origin]) -> dict[Origin, str]:
        if not origins:
            return {}
        wanted = list(origins)
        columns = [origin.conversation for origin in wanted], [origin.message for origin in wanted]
        rows = await connection.fetch(_SAID, organization, *columns)
        found = {Origin(ConversationId(row["conversation"]), MessageId(row["id"])): row["text"] for row in rows}
        for origin in wanted:
            if origin not in found:
                raise MessageNotFound(origin.message)
        return found


def _set(row: Any) -> QuestionSet:
    return QuestionSet(
        organization=OrganizationId(row["organization"]),
        id=QuestionSetId(row["id"]),
        display_name=row["display_name"],
        questions=row["questions"],
        created=row["created"],
        updated=row["updated"],
        revision=row["revision"],
    )


def _question(row: Any) -> Question:
    return Question(
        id=QuestionId(row["id"]),
        asked=msgspec.convert(row["asked"], Asked),
        origin=origin_of(row),
        number=row["number"],
        created=row["created"],
        updated=row["updated"],
        revision=row["revision"],
    )


def _asks(row: Any) -> bool:
    return asks(row["text"], msgspec.convert(row["content"], Content) if row["content"] else None)


def _unanswered(row: Any) -> Unanswered:
    return Unanswered(ConversationId(row["conversation"]), MessageId(row["id"]), row["text"], row["created"])


def origin_of(row: Any) -> Origin | None:
    """The message that a question was taken from."""
    return Origin(ConversationId(row["conversation"]), MessageId(row["message"])) if row["conversation"] else None
