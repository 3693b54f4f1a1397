"""`Inbounds` in PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from kit import failpoints
from kit.errors import FrontdeskError, RequestIdReused, TokenRevoked
from kit.ids import OrganizationId
from kit.journal import Journal
from services.channel.adapters.postgres.writer import Writer
from services.channel.domain.channels import ChannelId, ChannelNotFound, ChannelPaused
from services.channel.domain.facts import Fact
from services.channel.domain.inbound import (
    Accepted,
    Arrival,
    Inbound,
    InboundId,
    InboundState,
    Responder,
    Sender,
    Stored,
    digest,
)
from services.channel.domain.sessions import ConversationId, ConversationMismatch, SessionExpired

_COLUMNS = """id, organization, channel, conversation, source_id, request_id, text, state, attempts, problem, message, seq,
created, next_attempt, sender, responder, content, reply_to"""
_FIND = """
select id, created, digest, state, message, seq, epoch, accepted, responder, array(
    select e.id from inbound e
    where e.organization = $1 and e.conversation = inbound.conversation and e.state = 0 and e.id < inbound.id
) as waiting
from inbound where organization = $1 and channel = $2 and source_id = $3
"""


class PostgresInbounds:
    def __init__(self, pool: Any, journal: Journal) -> None:
        self._pool = pool
        self._journal = journal
        self._writer = Writer(pool)

    async def close(self) -> None:
        """Gives back what is held of the pool."""
        await self._writer.close()

    async def add(self, arrival: Arrival) -> Stored:
        refusal: FrontdeskError | None = None
        try:
            if row := await self._writer.add(arrival):
                return Stored(row["id"], row["created"], tuple(row["waiting"]), responder=Responder(row["responder"]))
        except (ChannelNotFound, ChannelPaused, SessionExpired, TokenRevoked, ConversationMismatch) as error:
            refusal = error  # unless the message is stored already: then the answer is the same as the first time
        row = await self._pool.fetchrow(_FIND, arrival.organization, arrival.channel, arrival.source_id)
        if row is None and refusal is not None:
            raise refusal
        if arrival.sender is None and row["digest"] != digest(arrival):
            raise RequestIdReused(arrival.request_id)
        accepted = None
        if row["state"] == InboundState.FORWARDED:
            accepted = Accepted(row["message"], row["seq"], row["accepted"], row["epoch"])
        return Stored(row["id"], row["created"], tuple(row["waiting"]), accepted, Responder(row["responder"]))

    async def has(self, arrival: Arrival) -> bool:
        sql = "select exists (select from inbound where organization = $1 and channel = $2 and source_id = $3)"
        return bool(await self._pool.fetchval(sql, arrival.organization, arrival.channel, arrival.source_id))

    async def get(self, organization: OrganizationId, id: InboundId) -> Inbound | None:
        row = await self._pool.fetchrow(f"select {_COLUMNS} from inbound where organization = $1 and id = $2", organization, id)
        return row and _inbound(row)

    async def message(self, organization: OrganizationId, channel: ChannelId, source_id: str) -> str:
        found = await self._pool.fetchval(
            """select 'conversations/' || conversation || '/messages/' || message from inbound
            where organization = $1 and channel = $2 and source_id = $3 and state = 1""",
            *(organization, channel, source_id),
        )
        return found or ""

    async def list(
        self, organization: OrganizationId, state: InboundState | None, before: InboundId | None, limit: int
    ) -> Sequence[Inbound]:
        rows = await self._pool.fetch(
            f"""select {_COLUMNS} from inbound where organization = $1 and ($2::smallint is null or state = $2)
            and ($3::bigint is null or id < $3) order by id desc limit $4""",
            organization,
            state,
            before,
            limit,
        )
        return [_inbound(row) for row in rows]

    async def waiting(self, conversation: ConversationId, organization: OrganizationId) -> Sequence[Inbound]:
        rows = await self._pool.fetch(
            f"""select {_COLUMNS} from inbound where organization = $1 and conversation = $2 and state = 0
            order by id limit 100""",
            organization,
            conversation,
        )
        return [_inbound(row) for row in rows]

    async def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Inbound]:
        await failpoints.reach("channel.claim.before_commit")
        rows = await self._pool.fetch(
            f"""with head as (
                select distinct on (organization, conversation) id, next_attempt from inbound where state = 0
                order by organization, conversation, id
            ), due as (
                select id from inbound where state = 0 and next_attempt <= $1
                and id in (select id from head where next_attempt <= $1 order by next_attempt limit $3)
                for update skip locked
            )
            update inbound set next_attempt = $1 + $2::interval where id in (select id from due) returning {_COLUMNS}""",
            now,
            lease,
            limit,
        )
        if rows:
            await failpoints.reach("channel.claim.after_commit")
        return sorted(map(_inbound, rows), key=lambda item: item.id)

    async def forwarded(self, marks: Sequence[tuple[InboundId, Accepted]]) -> None:
        await failpoints.reach("channel.mark.before_commit")
        await self._pool.execute(
            """update inbound set state = 1, text = '', content = null, reply_to = '', problem = '', message = m.message,
            seq = m.seq, accepted = m.accepted, epoch = m.epoch, sender = null,
            conversation = case when sender is null then conversation else coalesce(nullif(m.place, ''), conversation) end
            from unnest($1::bigint[], $2::text[], $3::bigint[], $4::timestamptz[], $5::bigint[], $6::text[])
                as m (id, message, seq, accepted, epoch, place)
            where inbound.id = m.id and inbound.state <> 1""",
            [id for id, _ in marks],
            [accepted.message for _, accepted in marks],
            [accepted.seq for _, accepted in marks],
            [accepted.created for _, accepted in marks],
            [accepted.epoch for _, accepted in marks],
            [accepted.conversation for _, accepted in marks],
        )
        await failpoints.reach("channel.mark.after_commit")

    async def refused(self, id: InboundId, problem: str) -> None:
        await self._pool.execute("update inbound set state = 2, problem = $2 where id = $1 and state <> 1", id, problem)

    async def postponed(self, id: InboundId, next_attempt: datetime, attempts: int, problem: str) -> None:
        await failpoints.reach("channel.postpone.before_commit")
        await self._pool.execute(
            """update inbound set next_attempt = $2, attempts = greatest(attempts, $3), problem = $4
            where id = $1 and state = 0""",
            id,
            next_attempt,
            attempts,
            problem,
        )

    async def release(self, ids: Sequence[InboundId], next_attempt: datetime) -> None:
        await self._pool.execute(
            "update inbound set next_attempt = $2 where id = any($1::bigint[]) and state = 0", list(ids), next_attempt
        )

    async def died(self, inbound: Inbound, problem: str, fact: Fact) -> None:
        organization = inbound.arrival.organization
        async with self._journal.transaction(organization) as tx:
            dead = await tx.connection.fetchval(
                """update inbound set state = 3, attempts = attempts + 1, problem = $2
                where id = $1 and state = 0 returning true""",
                inbound.id,
                problem,
            )
            if dead:
                tx.add(fact)

    async def revive(self, organization: OrganizationId, id: InboundId, now: datetime) -> Inbound | None:
        row = await self._pool.fetchrow(
            f"""update inbound set state = 0, attempts = 0, next_attempt = $3
            where organization = $1 and id = $2 and state = 3 returning {_COLUMNS}""",
            organization,
            id,
            now,
        )
        return row and _inbound(row)

    async def organizations(self, since: datetime) -> Sequence[OrganizationId]:
        rows = await self._pool.fetch("select distinct organization from inbound where state = 1 and accepted > $1", since)
        return [row["organization"] for row in rows]

    async def accepted_since(self, organization: OrganizationId, since: datetime) -> Mapping[str, datetime]:
        rows = await self._pool.fetch(
            "select message, accepted from inbound where organization = $1 and state = 1 and accepted > $2", organization, since
        )
        return {row["message"]: row["accepted"] for row in rows}

    async def sweep(self, before: datetime) -> int:
        status = await self._pool.execute(
            """delete from inbound where id in (
                select id from inbound where created < $1 and state in (1, 2) limit 1000 for update skip locked
            )""",
            before,
        )
        return int(status.split()[-1])


def _inbound(row: Any) -> Inbound:
    return Inbound(
        id=row["id"],
        arrival=Arrival(
            organization=row["organization"],
            channel=row["channel"],
            conversation=row["conversation"],
            source_id=row["source_id"],
            request_id=row["request_id"],
            text=row["text"],
            sender=row["sender"] and msgspec.convert(row["sender"], Sender),
            responder=Responder(row["responder"]),
            content=row["content"] or b"",
            reply_to=row["reply_to"],
        ),
        created=row["created"],
        next_attempt=row["next_attempt"],
        state=InboundState(row["state"]),
        attempts=row["attempts"],
        problem=row["problem"],
        message=row["message"],
        seq=row["seq"],
    )
