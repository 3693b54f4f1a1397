"""Runs of evaluations in PostgreSQL. A run's row is locked by what changes it, so a run that has ended gets no more results."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from kit.ids import OrganizationId
from kit.jobs import Queue
from kit.jobs.table import Jobs
from services.core.adapters.postgres_questions import origin_of
from services.core.domain.evaluation import (
    MAX_OPEN_RUNS,
    Asked,
    EvaluationRunNotFound,
    Judgement,
    Outcome,
    QuestionId,
    QuestionSetEmpty,
    QuestionSetId,
    QuestionSetNotFound,
    Result,
    Run,
    RunId,
    RunState,
    TooManyEvaluationRuns,
    Totals,
    Verdict,
)

EVALUATIONS = Queue("evaluations", max_attempts=5, max_running=2)
"""Runs of evaluations, those of an organization one after the other. A question gets no more than three attempts."""
KEY = "evaluations"
SWEPT = 20
"""Runs that one statement deletes, each with up to 1,000 results."""

_RUNS = "select * from evaluation_run where organization = $1"
# The questions are locked, so that an erasure finds the copies too.
_COPY = """
insert into evaluation_result (organization, run, question, number, asked, conversation, message)
select $1, $2, q.id, row_number() over (order by q.number), q.asked, q.conversation, q.message
from (select * from question where organization = $1 and question_set = $3 order by number for share) q
"""
_START = """
insert into evaluation_run (organization, id, question_set, display_name, versions, state, questions, totals, request_id)
values ($1, $2, $3, $4, $5, 'RUNNING', 0, $6, $7)
"""
_RESULTS = """
select question, number, asked, conversation, message, case when $6 then outcome else '{}' end as outcome, judgement, finished
from evaluation_result
where organization = $1 and run = $2 and finished is not null and number > $3 and ($4::text[] = '{}' or verdict = any($4))
order by number limit $5
"""
_SWEEP = """
delete from evaluation_run where ctid = any(array(
    select ctid from evaluation_run where finished < clock_timestamp() - $1::interval order by finished limit $2
))
"""


class PostgresEvaluationRuns:
    """The port EvaluationRuns."""

    def __init__(self, pool: Any, jobs: Jobs) -> None:
        self._pool = pool
        self._jobs = jobs

    async def start(
        self,
        organization: OrganizationId,
        id: RunId,
        question_set: QuestionSetId,
        display_name: str,
        versions: Sequence[str],
        request_id: str,
    ) -> Run:
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("select pg_advisory_xact_lock(hashtextextended('evaluation_run/' || $1, 0))", organization)
            if request_id and (row := await connection.fetchrow(_RUNS + " and request_id = $2", organization, request_id)):
                return _run(row)
            sql = "select 1 from question_set where organization = $1 and id = $2 for share"
            if await connection.fetchval(sql, organization, question_set) is None:
                raise QuestionSetNotFound(question_set)
            sql = "select count(*) from evaluation_run where organization = $1 and finished is null"
            if await connection.fetchval(sql, organization) >= MAX_OPEN_RUNS:
                raise TooManyEvaluationRuns
            totals = msgspec.json.encode(Totals())
            await connection.execute(_START, organization, id, question_set, display_name, list(versions), totals, request_id)
            count = int((await connection.execute(_COPY, organization, id, question_set)).split()[-1])
            if not count:
                raise QuestionSetEmpty(question_set)
            sql = "update evaluation_run set questions = $3 where organization = $1 and id = $2 returning *"
            row = await connection.fetchrow(sql, organization, id, count)
            await self._jobs.add(connection, EVALUATIONS, organization, subject(id), ordering_key=KEY)
        self._jobs.wake(EVALUATIONS)
        return _run(row)

    async def get(self, organization: OrganizationId, id: RunId) -> Run:
        row = await self._pool.fetchrow(_RUNS + " and id = $2", organization, id)
        if row is None:
            raise EvaluationRunNotFound(id)
        return _run(row)

    async def page(
        self,
        organization: OrganizationId,
        question_set: QuestionSetId | None,
        before: tuple[datetime, str] | None,
        limit: int,
    ) -> list[Run]:
        sql = f"""
            {_RUNS} and ($2::text is null or question_set = $2) and ($3::timestamptz is null or (created, id) < ($3, $4))
            order by created desc, id desc limit $5
        """
        return [_run(row) for row in await self._pool.fetch(sql, organization, question_set, *(before or (None, "")), limit)]

    async def next(self, organization: OrganizationId, id: RunId) -> tuple[QuestionId, Asked] | None:
        sql = """
            select question, asked from evaluation_result
            where organization = $1 and run = $2 and finished is null order by number limit 1
        """
        row = await self._pool.fetchrow(sql, organization, id)
        return (QuestionId(row["question"]), msgspec.convert(row["asked"], Asked)) if row is not None else None

    async def store(
        self, organization: OrganizationId, id: RunId, question: QuestionId, outcome: Outcome, judgement: Judgement
    ) -> Run | None:
        async with self._pool.acquire() as connection, connection.transaction():
            row = await connection.fetchrow(_RUNS + " and id = $2 and state = 'RUNNING' for update", organization, id)
            if row is None:
                return None
            sql = """
                update evaluation_result set outcome = $4, judgement = $5, verdict = $6, finished = clock_timestamp()
                where organization = $1 and run = $2 and question = $3 and finished is null returning 1
            """
            given = msgspec.json.encode(outcome), msgspec.json.encode(judgement), judgement.verdict
            if await connection.fetchval(sql, organization, id, question, *given) is None:
                return _run(row)  # another worker has stored it, or it was erased
            totals = msgspec.json.encode(_run(row).totals.plus(outcome, judgement))
            sql = "update evaluation_run set totals = $3, problem = '' where organization = $1 and id = $2 returning *"
            return _run(await connection.fetchrow(sql, organization, id, totals))

    async def wait(self, organization: OrganizationId, id: RunId, problem: str) -> None:
        sql = "update evaluation_run set problem = $3 where organization = $1 and id = $2 and state = 'RUNNING'"
        await self._pool.execute(sql, organization, id, problem)

    async def end(self, organization: OrganizationId, id: RunId, state: RunState, problem: str = "") -> Run:
        sql = """
            update evaluation_run set state = $3, problem = $4, finished = clock_timestamp()
            where organization = $1 and id = $2 and state = 'RUNNING'
        """
        await self._pool.execute(sql, organization, id, state, problem)
        return await self.get(organization, id)

    async def delete(self, organization: OrganizationId, id: RunId) -> None:
        await self._pool.execute("delete from evaluation_run where organization = $1 and id = $2", organization, id)

    async def results(
        self,
        organization: OrganizationId,
        id: RunId,
        verdicts: Sequence[Verdict],
        after: int,
        limit: int,
        answers: bool = True,
    ) -> list[Result]:
        rows = await self._pool.fetch(_RESULTS, organization, id, after, list(verdicts), limit, answers)
        return [_result(row) for row in rows]

    async def sweep(self, age: timedelta) -> bool:
        return bool((await self._pool.execute(_SWEEP, age, SWEPT)).split()[-1] == str(SWEPT))


def subject(id: RunId) -> str:
    """The subject of a run's job."""
    return f"evaluationRuns/{id}"


def _run(row: Any) -> Run:
    return Run(
        organization=OrganizationId(row["organization"]),
        id=RunId(row["id"]),
        question_set=QuestionSetId(row["question_set"]),
        display_name=row["display_name"],
        versions=tuple(row["versions"]),
        state=RunState(row["state"]),
        problem=row["problem"],
        questions=row["questions"],
        totals=msgspec.convert(row["totals"], Totals),
        created=row["created"],
        finished=row["finished"],
    )


def _result(row: Any) -> Result:
    return Result(
        question=QuestionId(row["question"]),
        number=row["number"],
        asked=msgspec.convert(row["asked"], Asked),
        origin=origin_of(row),
        outcome=msgspec.convert(row["outcome"], Outcome),
        judgement=msgspec.convert(row["judgement"], Judgement),
        finished=row["finished"],
    )
