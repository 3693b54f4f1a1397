"""Asks the questions of runs, one after the other, each as a preview. Each result is stored before the next question.

A run is a job that does a slice of its questions at a time. A process that dies costs the question that it asked at that time.
"""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta

from kit import errors
from kit.ids import OrganizationId
from kit.jobs import Again, Done, Fail, Job, Outcome
from services.core.app.replies import Preview, ReplyApp
from services.core.domain import BudgetUsedUp, TooManyTurns
from services.core.domain.evaluation import (
    Asked,
    EvaluationRunNotFound,
    Found,
    Judgement,
    QuestionId,
    Run,
    RunId,
    RunState,
)
from services.core.domain.evaluation import Outcome as Answer
from services.core.domain.judging import failed, judge
from services.core.ports.assistant import AssistantFailed, Findings, Recalled
from services.core.ports.evaluation import EvaluationRuns

SLICE_SECONDS = 10.0
"""How long a job asks questions before it is put back behind others that are due."""
CROWDED = timedelta(seconds=1)
"""How long a run waits while customers need the assistant."""
QUESTION_SECONDS = 60.0
"""How long an answer may take. Slow models of one organization must not keep the runs of others waiting."""
ATTEMPTS = 3
"""How often a question is asked, before its result is FAILED."""
MAX_FAILED_IN_A_ROW = 5
"""Results that are FAILED before the run is."""
WATCH_SECONDS = 1.0
"""How often it is looked whether a run was cancelled, while an answer is generated."""
OUTAGE_PAUSE = timedelta(seconds=5)
"""How long a run waits while a model or memory is unavailable."""
MAX_OUTAGE = timedelta(hours=1)
"""How long it waits so for one question, before the question's result is FAILED."""
OFF = "The assistant is off by these settings: it answers nothing."
ENDED = "The processes that asked this question ended before it was answered."


@dataclass(frozen=True)
class Evaluator:
    """Runs evaluations."""

    runs: EvaluationRuns
    replies: ReplyApp
    draining: asyncio.Event
    watch_seconds: float = WATCH_SECONDS
    question_seconds: float = QUESTION_SECONDS
    outage_pause: timedelta = OUTAGE_PAUSE
    max_outage: timedelta = MAX_OUTAGE

    async def run(self, job: Job) -> Outcome:
        """The handler of the jobs of runs."""
        organization, id = job.organization, RunId(job.subject.rpartition("/")[2])
        seconds = asyncio.get_running_loop().time
        until = seconds() + SLICE_SECONDS
        try:
            run = await self.runs.get(organization, id)
            while run.state is RunState.RUNNING:
                following = await self.runs.next(organization, id)
                if following is None:
                    await self.runs.end(organization, id, RunState.DONE)
                    return Done()
                if seconds() >= until or self.draining.is_set():
                    return Again(timedelta())
                stored = await self._ask(run, *following, job)
                if not isinstance(stored, Run):
                    return stored or Done()
                run = stored
                if run.totals.failed_in_a_row >= MAX_FAILED_IN_A_ROW:
                    await self.runs.end(organization, id, RunState.FAILED, await self._last_reason(run))
                elif job.attempts > 1 or job.payload:
                    return Again(timedelta(), payload=b"")  # the next question's attempts and outage count from the start
        except EvaluationRunNotFound:  # it was deleted
            pass
        return Done()

    async def _ask(self, run: Run, question: QuestionId, asked: Asked, job: Job) -> Run | Outcome | None:
        """The run with another result; None when it was cancelled; or the job's outcome, where there is no result yet."""
        if job.attempts > ATTEMPTS:
            return await self.runs.store(run.organization, run.id, question, Answer(), failed(ENDED))
        try:
            answered = await self._unless_cancelled(run, asked)
        except TooManyTurns:
            return Again(CROWDED)
        except BudgetUsedUp as error:
            await self.runs.end(run.organization, run.id, RunState.FAILED, error.message)
            return Done()
        except errors.NotFound as error:  # a version of the settings
            await self.runs.end(run.organization, run.id, RunState.FAILED, error.message)
            return Done()
        except AssistantFailed as error:
            if error.outage and (waits := await self._wait(run, job, error.message)) is not None:
                return waits
            if job.attempts < ATTEMPTS:
                return Fail(error.message)
            answered = Answer(), failed(error.message)
        if answered is None:
            return None
        return await self.runs.store(run.organization, run.id, question, *answered)

    async def _wait(self, run: Run, job: Job, problem: str) -> Outcome | None:
        """The job's outcome in an outage, which its payload says the beginning of; None when it has lasted too long."""
        now = self.replies.now()
        since = datetime.fromisoformat(job.payload.decode()) if job.payload else now
        if now - since > self.max_outage:
            return None
        await self.runs.wait(run.organization, run.id, f"It waits and asks the question again: {problem}")
        return Again(self.outage_pause, payload=since.isoformat().encode())

    async def _unless_cancelled(self, run: Run, asked: Asked) -> tuple[Answer, Judgement] | None:
        """The answer and its verdict; None when the run ended meanwhile."""
        asking = asyncio.create_task(self._answer(run.organization, run.versions, asked))
        try:
            while not asking.done():
                await asyncio.wait({asking}, timeout=self.watch_seconds)
                if not asking.done() and (await self.runs.get(run.organization, run.id)).state is not RunState.RUNNING:
                    return None
            return await asking
        finally:
            asking.cancel()
            await asyncio.wait({asking})

    async def _answer(self, organization: OrganizationId, versions: tuple[str, ...], asked: Asked) -> tuple[Answer, Judgement]:
        earlier = [(said.role, said.text) for said in asked.earlier]
        last = Preview(hands_over=True)
        try:
            async with (
                asyncio.timeout(self.question_seconds),
                aclosing(self.replies.preview(organization, asked.text, versions, earlier, spare=True)) as frames,
            ):
                async for frame in frames:
                    if isinstance(frame, Preview):
                        last = frame
        except TimeoutError:
            raise AssistantFailed(f"The answer took longer than {self.question_seconds:g} seconds.") from None
        return judged(asked, last)

    async def _last_reason(self, run: Run) -> str:
        results = await self.runs.results(run.organization, run.id, (), 0, run.questions, answers=False)
        last = max(results, key=lambda result: result.finished, default=None)
        return f"{MAX_FAILED_IN_A_ROW} questions in a row got no answer: {last.judgement.reason}" if last else ""


def judged(asked: Asked, preview: Preview) -> tuple[Answer, Judgement]:
    """The answer of a preview, and its verdict."""
    if preview.reply is None:
        return Answer(), failed(OFF)
    answer = _answer_of(preview)
    found = [*preview.findings.passages, *preview.findings.left_out]
    return answer, judge(asked, answer, [recalled.passage.text for recalled in found])


def _answer_of(preview: Preview) -> Answer:
    reply = preview.reply
    assert reply is not None
    return Answer(
        text=reply.text,
        kind=reply.kind,
        citations=reply.citations,
        found=_found(preview.findings),
        assistant=reply.assistant,
        input_tokens=reply.input_tokens,
        output_tokens=reply.output_tokens,
        micros=preview.micros,
        first_text=preview.first_text.total_seconds(),
        seconds=preview.whole.total_seconds(),
    )


def _found(findings: Findings) -> tuple[Found, ...]:
    used = ((recalled, True) for recalled in findings.passages)
    left_out = ((recalled, False) for recalled in findings.left_out)
    return tuple(_passage(recalled, was_used) for recalled, was_used in (*used, *left_out))


def _passage(recalled: Recalled, used: bool) -> Found:
    passage = recalled.passage
    return Found(
        name=passage.name,
        document=passage.document,
        title=passage.title,
        heading=passage.heading,
        score=recalled.score,
        similarity=recalled.similarity,
        lexical=recalled.lexical,
        used=used,
    )
