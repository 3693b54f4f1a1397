"""Questions that an assistant is tested with, and the runs that ask them."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from kit.ids import OrganizationId
from services.core.domain.evaluation import (
    Asked,
    Judgement,
    Origin,
    Outcome,
    Question,
    QuestionId,
    QuestionSet,
    QuestionSetId,
    Result,
    Run,
    RunId,
    RunState,
    Verdict,
)
from services.core.domain.grouping import Unanswered


class QuestionSets(Protocol):
    """Sets of questions that organizations test their assistant with. Its methods raise QuestionSetNotFound."""

    async def create(self, organization: OrganizationId, id: QuestionSetId, display_name: str, request_id: str) -> QuestionSet:
        """Makes a set; the one of the same request id, if there is one. Raises QuestionSetExists or TooManyQuestionSets."""

    async def get(self, organization: OrganizationId, id: QuestionSetId) -> QuestionSet:
        """One set."""

    async def page(self, organization: OrganizationId, before: tuple[datetime, str] | None, limit: int) -> list[QuestionSet]:
        """Sets, the newest first; `before`: (created, id) of the last one seen."""

    async def rename(self, organization: OrganizationId, id: QuestionSetId, rule: Callable[[QuestionSet], str]) -> QuestionSet:
        """Gives a set the name that a rule makes of it."""

    async def delete(self, organization: OrganizationId, id: QuestionSetId) -> None:
        """Deletes a set with its questions, if it is there."""

    async def add(
        self,
        organization: OrganizationId,
        id: QuestionSetId,
        wanted: Sequence[tuple[Asked, Origin | None]],
        fill: Callable[[Asked, str], Asked],
    ) -> tuple[list[Question], int, int]:
        """Adds questions, or changes those with the same words; how many were added, and how many changed. All or none.

        `fill` makes the question to store of the one given and the text of the message that it is taken from. Raises
        MessageNotFound or TooManyQuestions.
        """

    async def question(self, organization: OrganizationId, id: QuestionSetId, question: QuestionId) -> Question:
        """One question. Raises QuestionNotFound."""

    async def questions(self, organization: OrganizationId, id: QuestionSetId, after: int, limit: int) -> list[Question]:
        """The questions after a number, in the order in which they were added."""

    async def change(
        self, organization: OrganizationId, id: QuestionSetId, question: QuestionId, rule: Callable[[Question], Asked]
    ) -> Question:
        """Changes a question by a rule. Raises QuestionNotFound or QuestionExists."""

    async def remove(self, organization: OrganizationId, id: QuestionSetId, question: QuestionId) -> None:
        """Deletes a question, if it is there."""

    async def unanswered(self, organization: OrganizationId, period: timedelta, limit: int) -> list[Unanswered]:
        """Customers' questions of a period that the assistant did not know or could not answer, the newest first."""

    async def handed_over(self, organization: OrganizationId, period: timedelta, limit: int) -> list[tuple[Unanswered, str]]:
        """The last answered question of each of the newest conversations that changed hands, and the message after it."""


class EvaluationRuns(Protocol):
    """Runs of sets, and their results."""

    async def start(
        self,
        organization: OrganizationId,
        id: RunId,
        question_set: QuestionSetId,
        display_name: str,
        versions: Sequence[str],
        request_id: str,
    ) -> Run:
        """Makes a run with a copy of the questions, and its job; the run of the same request id, if there is one.

        Raises QuestionSetNotFound, QuestionSetEmpty or TooManyEvaluationRuns.
        """

    async def get(self, organization: OrganizationId, id: RunId) -> Run:
        """One run. Raises EvaluationRunNotFound."""

    async def page(
        self,
        organization: OrganizationId,
        question_set: QuestionSetId | None,
        before: tuple[datetime, str] | None,
        limit: int,
    ) -> list[Run]:
        """Runs, of one set or of all, the newest first; `before`: (created, id) of the last one seen."""

    async def next(self, organization: OrganizationId, id: RunId) -> tuple[QuestionId, Asked] | None:
        """The first question of a run without a result; None: all have one."""

    async def store(
        self, organization: OrganizationId, id: RunId, question: QuestionId, outcome: Outcome, judgement: Judgement
    ) -> Run | None:
        """Stores a result, once; the run with it, or None when the run has ended."""

    async def wait(self, organization: OrganizationId, id: RunId, problem: str) -> None:
        """Says why a run waits, until it has its next result or ends."""

    async def end(self, organization: OrganizationId, id: RunId, state: RunState, problem: str = "") -> Run:
        """Ends a run that has not ended. Raises EvaluationRunNotFound."""

    async def delete(self, organization: OrganizationId, id: RunId) -> None:
        """Deletes a run with its results, if it is there."""

    async def results(
        self,
        organization: OrganizationId,
        id: RunId,
        verdicts: Sequence[Verdict],
        after: int,
        limit: int,
        answers: bool = True,
    ) -> list[Result]:
        """The results after a number, of some verdicts or (empty) of all, in the order of the questions.

        `answers`: with their outcomes; the verdicts alone are a tenth of it.
        """

    async def sweep(self, age: timedelta) -> bool:
        """Deletes a batch of the runs that ended longer ago than an age; whether it was a full one."""
