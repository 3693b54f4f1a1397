"""Evaluations: sets of questions, runs, comparisons of two runs, and customers' questions that got no good answer."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kit import excerpts, ids
from kit.errors import EtagMismatch, TextEmpty
from kit.ids import OrganizationId
from kit.text import is_blank
from services.core.app.policies import Policies
from services.core.domain import wishes
from services.core.domain.evaluation import (
    MAX_QUESTIONS,
    Asked,
    Comparison,
    Difference,
    EvaluationRunsNotComparable,
    Metric,
    NumberChange,
    Origin,
    Question,
    QuestionId,
    QuestionSet,
    QuestionSetId,
    Result,
    Run,
    RunId,
    RunState,
    Score,
    Verdict,
    added,
)
from services.core.domain.grouping import Group, grouped
from services.core.ports.assistant import SettingVersions
from services.core.ports.evaluation import EvaluationRuns, QuestionSets

MAX_TEXT = 4_000
MAX_EXCERPT = 200
MAX_UNANSWERED = 1_000
"""Customers' questions that are grouped."""
PERIOD = timedelta(days=30)


@dataclass(frozen=True)
class EvaluationApp:
    """The use cases of evaluations. `evaluating` asks the questions."""

    sets: QuestionSets
    runs: EvaluationRuns
    versions: SettingVersions
    policies: Policies
    keep: timedelta
    """How long a run is kept after its end."""

    async def create_set(
        self, organization: OrganizationId, id: QuestionSetId, display_name: str, request_id: str
    ) -> QuestionSet:
        """Makes a set; an empty id becomes a new one."""
        return await self.sets.create(organization, id or QuestionSetId(ids.new()), display_name, request_id)

    async def rename_set(
        self, organization: OrganizationId, id: QuestionSetId, display_name: str | None, revision: int | None
    ) -> QuestionSet:
        """Renames a set, if it is still of a revision that was read."""

        def rule(question_set: QuestionSet) -> str:
            _check(question_set.revision, revision)
            return question_set.display_name if display_name is None else display_name

        return await self.sets.rename(organization, id, rule)

    async def add_question(
        self, organization: OrganizationId, id: QuestionSetId, asked: Asked, origin: Origin | None
    ) -> Question:
        """Adds a question, or changes the one with the same words. Raises TextEmpty."""
        [question], _, _ = await self.sets.add(organization, id, [(asked, origin)], _filled)
        return question

    async def import_questions(
        self, organization: OrganizationId, id: QuestionSetId, wanted: Sequence[tuple[Asked, Origin | None]]
    ) -> tuple[int, int]:
        """Adds questions, all or none; how many were added, and how many changed. Raises TextEmpty."""
        _, new, changed = await self.sets.add(organization, id, wanted, _filled)
        return new, changed

    async def change_question(
        self,
        organization: OrganizationId,
        id: QuestionSetId,
        question: QuestionId,
        change: Callable[[Asked], Asked],
        revision: int | None,
    ) -> Question:
        """Changes a question, if it is still of a revision that was read. Raises TextEmpty."""

        def rule(found: Question) -> Asked:
            _check(found.revision, revision)
            return _filled(change(found.asked), "")

        return await self.sets.change(organization, id, question, rule)

    async def start_run(
        self,
        organization: OrganizationId,
        question_set: QuestionSetId,
        display_name: str,
        versions: Sequence[str],
        request_id: str,
    ) -> Run:
        """Starts a run by the `versions` of settings that are named, or by the one in effect. Raises SettingVersionNotFound."""
        for version in versions:
            await self.versions.get(organization, version)
        in_effect = self.policies.of(organization).version
        chosen = versions or ([in_effect] if in_effect else [])
        return await self.runs.start(organization, RunId(ids.new()), question_set, display_name, chosen, request_id)

    async def cancel_run(self, organization: OrganizationId, id: RunId) -> Run:
        """Ends a run before its end."""
        return await self.runs.end(organization, id, RunState.CANCELLED)

    async def compare(self, organization: OrganizationId, before: RunId, after: RunId) -> Comparison:
        """The differences of two runs. Raises EvaluationRunsNotComparable."""
        run = await self.runs.get(organization, after)
        await self.runs.get(organization, before)
        one, two = [
            {
                result.question: result
                for result in await self.runs.results(organization, id, (), 0, MAX_QUESTIONS, answers=False)
            }
            for id in (before, after)
        ]
        common = [question for question in two if question in one]
        pairs = [(one[question], two[question]) for question in common if one[question].asked == two[question].asked]
        if not pairs:
            raise EvaluationRunsNotComparable
        return await asyncio.to_thread(_compared, run.question_set, pairs, len(common) - len(pairs))

    async def unanswered(
        self, organization: OrganizationId, period: timedelta | None, before: tuple[datetime, str] | None, limit: int
    ) -> list[Group]:
        """Groups of customers' questions that got no good answer, the one with the newest question first."""
        period = PERIOD if period is None else period
        unknown = await self.sets.unanswered(organization, period, MAX_UNANSWERED)
        answered = await self.sets.handed_over(organization, period, MAX_UNANSWERED)
        found = {one.message: one for one in (*unknown, *(one for one, after in answered if wishes.is_for_a_human(after)))}
        questions = sorted(found.values(), key=lambda one: (one.created, one.message), reverse=True)[:MAX_UNANSWERED]
        groups = await asyncio.to_thread(grouped, questions)
        keys = ((group, (group.newest.created, group.newest.message)) for group in groups)
        return [group for group, key in keys if before is None or key < before][:limit]

    async def sweep(self) -> bool:
        """Deletes a batch of old runs. Returns whether there may be more."""
        return await self.runs.sweep(self.keep)


def _check(current: int, read: int | None) -> None:
    if read is not None and read != current:
        raise EtagMismatch(str(current))


def _filled(asked: Asked, text: str) -> Asked:
    """A question with the text of the message that it is taken from, where it has none."""
    filled = replace(asked, text=(asked.text or text)[:MAX_TEXT])
    if is_blank(filled.text):
        raise TextEmpty
    return filled


def _compared(question_set: QuestionSetId, pairs: Sequence[tuple[Result, Result]], changed: int) -> Comparison:
    was_right, is_right = ([pair[at].judgement.verdict is Verdict.RIGHT for pair in pairs] for at in (0, 1))
    differences = [
        Difference(
            question=after.question,
            text=excerpts.excerpt(after.asked.text, MAX_EXCERPT),
            before=before.judgement.verdict,
            after=after.judgement.verdict,
            reason=after.judgement.reason,
        )
        for before, after in pairs
        if before.judgement.verdict is not after.judgement.verdict
    ]
    fixed = sum(right and not was for was, right in zip(was_right, is_right, strict=True))
    broken = sum(was and not right for was, right in zip(was_right, is_right, strict=True))
    scores = [[pair[at].judgement.scores for pair in pairs] for at in (0, 1)]
    changes = _changes(scores[0], scores[1])
    same = len(pairs) - fixed - broken
    return Comparison(question_set, fixed, broken, same, changed, tuple(differences), tuple(changes))


def _changes(before: Sequence[Mapping[Metric, Score]], after: Sequence[Mapping[Metric, Score]]) -> list[NumberChange]:
    from services.core.domain.bootstrap import Resampled  # 20 MB, which a core that compares nothing need not pay

    resampled, sums = Resampled(len(before)), [_sum(before), _sum(after)]
    changes, nothing = list[NumberChange](), (0.0, 0.0)
    for metric in sums[0].keys() & sums[1].keys():
        one, two = ([scores.get(metric, nothing) for scores in side] for side in (before, after))
        was, becomes = (side[metric][0] / side[metric][1] for side in sums)
        changes.append(NumberChange(metric, was, becomes, *resampled.interval(one, two)))
    return sorted(changes, key=lambda change: list(Metric).index(change.metric))


def _sum(scores: Sequence[Mapping[Metric, Score]]) -> Mapping[Metric, Score]:
    total: Mapping[Metric, Score] = {}
    for one in scores:
        total = added(total, one)
    return total
