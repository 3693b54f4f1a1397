"""`Deliveries` and `Outbox` in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from kit.ids import OrganizationId
from kit.jobs.table import Jobs
from kit.journal import Journal
from services.channel.domain import queues
from services.channel.domain.channels import ChannelId
from services.channel.domain.deliveries import Delivery, DeliveryId, DeliveryState, Outgoing, Report, states_before
from services.channel.domain.facts import DeliveryStateChanged
from services.channel.domain.queues import DELIVERIES
from services.channel.domain.sessions import ConversationId

_COLUMNS = """id, organization, channel, conversation, message, seq, part, recipient, fenced, text, state, provider_id, problem,
attempts, looks, begun, coalesce(clock_timestamp() - begun, interval '0') as age, created, updated,
media"""
_CHANGED = "updated = clock_timestamp()"

_ADD = f"""
insert into delivery (id, organization, channel, conversation, message, seq, part, recipient, fenced, text, media)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (organization, message, part) do nothing returning {_COLUMNS}
"""
_BEGIN = f"""
update delivery set state = 2, attempts = attempts + 1, looks = 0, problem = '', begun = clock_timestamp(), {_CHANGED}
where id = $1 and state = 1 and attempts = $2 returning {_COLUMNS}
"""
_NOTE = "update delivery set problem = $2 where id = $1 and state = 1 and attempts = $3 and problem <> $2"
_ENDED = f"""
update delivery set state = $2, looks = 0, problem = $3, {_CHANGED}
where id = $1 and state = $4 and attempts = $5 returning {_COLUMNS}
"""
_FORWARD = f"""
update delivery set state = $2, provider_id = $3, problem = $4, {_CHANGED}
where id = $1 and state = any($5::smallint[]) and (provider_id is null or provider_id = $3) returning {_COLUMNS}
"""
_REPORTED = """
select id from delivery where organization = $1 and channel = $2 and provider_id = $3
union all
select id from delivery where organization = $1 and channel = $2 and id = $4 and provider_id is null and $3 <> all(earlier)
"""
_RETRY = f"""
update delivery set state = 1, looks = 0, problem = '', retry_request = $3, provider_id = null,
    earlier = case when provider_id is null then earlier else earlier || provider_id end, {_CHANGED}
where organization = $1 and id = $2 and state = 6 returning {_COLUMNS}
"""
_MESSAGE = """
select 'conversations/' || conversation || '/messages/' || message from delivery
where organization = $1 and channel = $2 and """
_EARLIER = "earlier <> '{}' and earlier && "
"""By the index of deliveries that were retried."""
_DONE = frozenset({DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ, DeliveryState.CANCELLED})


class PostgresOutbox:
    """On one connection, whose transaction someone else began."""

    def __init__(self, connection: Any, journal: Journal, jobs: Jobs) -> None:
        self._connection = connection
        self._journal = journal
        self._jobs = jobs

    async def add(self, deliveries: Sequence[Delivery], after: timedelta = timedelta()) -> None:
        added = []
        for item in deliveries:
            out = item.outgoing
            row = await self._connection.fetchrow(
                _ADD,
                *(item.id, out.organization, out.channel, out.conversation, out.message, out.seq, item.part),
                *(out.recipient, out.fenced, item.text, item.media),
            )
            if row is None:
                continue
            added.append(_delivery(row))
            await self._jobs.add(
                *(self._connection, DELIVERIES, out.organization, queues.delivery(item.id)),
                ordering_key=out.conversation,
                after=after,
            )
        if added:
            await self._journal.append(self._connection, added[0].outgoing.organization, [_fact(item) for item in added])


class PostgresDeliveries:
    """Each change takes the delivery's job along: nothing is left to do about one that has left, and one that failed is a dead
    letter.
    """

    def __init__(self, pool: Any, journal: Journal, jobs: Jobs) -> None:
        self._pool = pool
        self._journal = journal
        self._jobs = jobs

    async def get(self, organization: OrganizationId, id: DeliveryId) -> Delivery | None:
        row = await self._pool.fetchrow(
            f"select {_COLUMNS} from delivery where organization = $1 and id = $2", organization, id
        )
        return row and _delivery(row)

    async def list(
        self,
        organization: OrganizationId,
        state: DeliveryState | None,
        conversation: ConversationId | None,
        before: tuple[datetime, str] | None,
        limit: int,
    ) -> Sequence[Delivery]:
        rows = await self._pool.fetch(
            f"""select {_COLUMNS} from delivery where organization = $1 and ($2::smallint is null or state = $2)
            and ($3::text is null or conversation = $3) and ($4::timestamptz is null or (created, id) < ($4, $5))
            order by created desc, id desc limit $6""",
            *(organization, state, conversation, *(before or (None, "")), limit),
        )
        return [_delivery(row) for row in rows]

    async def begin(self, delivery: Delivery) -> Delivery | None:
        return await self._change(_BEGIN, delivery.id, delivery.attempts)

    async def note(self, delivery: Delivery, problem: str) -> None:
        await self._pool.execute(_NOTE, delivery.id, problem, delivery.attempts)

    async def ended(self, delivery: Delivery, state: DeliveryState, problem: str) -> Delivery | None:
        return await self._change(_ENDED, delivery.id, state, problem, delivery.state, delivery.attempts)

    async def looked(self, delivery: Delivery) -> None:
        await self._pool.execute("update delivery set looks = looks + 1 where id = $1 and state = 7", delivery.id)

    async def sent(self, delivery: Delivery, report: Report) -> None:
        await self._forward(delivery.id, report)

    async def report(self, organization: OrganizationId, channel: ChannelId, report: Report) -> bool:
        id = await self._pool.fetchval(_REPORTED, organization, channel, report.provider_id, report.delivery)
        if id is not None:
            await self._forward(id, report)
            self._jobs.wake(DELIVERIES)  # for what waited behind it
        return id is not None

    async def requeue(self, delivery: Delivery) -> Delivery | None:
        return await self._change(_RETRY, delivery.outgoing.organization, delivery.id, None)

    async def retry(self, organization: OrganizationId, id: DeliveryId, request_id: str) -> Delivery | None:
        if retried := await self._change(_RETRY, organization, id, request_id, again=True):
            self._jobs.wake(DELIVERIES)
            return retried
        row = await self._pool.fetchrow(
            f"select {_COLUMNS} from delivery where organization = $1 and id = $2 and retry_request = $3",
            *(organization, id, request_id),
        )
        return row and _delivery(row)

    async def message(self, organization: OrganizationId, channel: ChannelId, provider_id: str) -> str:
        arguments = (organization, channel, provider_id)
        return await self._pool.fetchval(_MESSAGE + "provider_id = $3", *arguments) or (
            await self._pool.fetchval(_MESSAGE + _EARLIER + "array[$3::text]", *arguments) or ""
        )

    async def known(self, organization: OrganizationId, provider_ids: Sequence[str]) -> dict[str, str]:
        rows = await self._pool.fetch(
            f"""select id, text from (
                select provider_id as id, text from delivery where organization = $1 and provider_id = any($2::text[])
                union all
                select e.id, text from delivery, unnest(earlier) as e (id)
                where organization = $1 and {_EARLIER} $2::text[] and e.id = any($2::text[])
            ) as found""",
            organization,
            list(provider_ids),
        )
        return {row["id"]: row["text"] for row in rows}

    async def _forward(self, id: str, report: Report) -> None:
        before = [int(state) for state in states_before(report.state)]
        try:
            await self._change(_FORWARD, id, report.state, report.provider_id, report.problem[:300], before)
        except asyncpg.UniqueViolationError:  # reported at once by two sides under two ids of ours: the first one has it
            return

    async def _change(self, statement: str, *arguments: object, again: bool = False) -> Delivery | None:
        """The delivery that a statement has changed, with the fact of it; None when it changed none."""
        async with self._journal.transaction("", failpoint="channel.delivery") as tx:
            row = await tx.connection.fetchrow(statement, *arguments)
            if row is None:
                return None
            changed = _delivery(row)
            await self._follow(tx.connection, changed, again)
            tx.add(_fact(changed), organization=changed.outgoing.organization)
        return changed

    async def _follow(self, connection: Any, changed: Delivery, again: bool) -> None:
        """Has a delivery's job follow its state."""
        out, subject = changed.outgoing, queues.delivery(changed.id)
        if changed.state in _DONE:
            await self._jobs.drop(connection, DELIVERIES, out.organization, subject)
        elif changed.state is DeliveryState.FAILED:
            problem = changed.problem
            await self._jobs.give_up(connection, DELIVERIES, out.organization, subject, out.conversation, problem)
        elif again:
            await self._jobs.begin_again(connection, DELIVERIES, out.organization, subject, out.conversation)


def _fact(delivery: Delivery) -> DeliveryStateChanged:
    out = delivery.outgoing
    return DeliveryStateChanged(delivery.id, f"{out.conversation}/messages/{out.message}", delivery.state.name)


def _delivery(row: Any) -> Delivery:
    return Delivery(
        id=DeliveryId(row["id"]),
        outgoing=Outgoing(
            organization=row["organization"],
            channel=row["channel"],
            conversation=row["conversation"],
            message=row["message"],
            seq=row["seq"],
            recipient=row["recipient"],
            fenced=row["fenced"],
        ),
        part=row["part"],
        text=row["text"],
        created=row["created"],
        updated=row["updated"],
        state=DeliveryState(row["state"]),
        provider_id=row["provider_id"] or "",
        problem=row["problem"],
        attempts=row["attempts"],
        looks=row["looks"],
        begun=row["begun"],
        age=row["age"],
        media=row["media"],
    )
