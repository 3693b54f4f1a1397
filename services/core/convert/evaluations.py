"""Evaluations between core's values and the contract."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from frontdesk.core import v1 as pb
from google.protobuf.duration_pb2 import Duration

from kit import names
from kit.access import InvalidRequest
from kit.convert import time_to_pb
from kit.ids import OrganizationId
from kit.text import is_blank
from services.core.convert import KINDS, ROLES, citation_to_pb
from services.core.convert.customers import chosen
from services.core.convert.money import money_to_pb
from services.core.domain import ConversationId, MessageId
from services.core.domain.evaluation import (
    Asked,
    Comparison,
    Earlier,
    Expectation,
    Found,
    Metric,
    Origin,
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
from services.core.domain.grouping import Group

SET = "organizations/{organization}/questionSets/{question_set}"
QUESTION = SET + "/questions/{question}"
RUN = "organizations/{organization}/evaluationRuns/{run}"
_MESSAGE = "organizations/{organization}/conversations/{conversation}/messages/{message}"
_FIELDS = {
    "text": "text",
    "earlier_messages": "earlier",
    "language": "language",
    "expectation": "expectation",
    "documents": "documents",
    "must_contain": "must_contain",
    "must_not_contain": "must_not_contain",
}
"""The fields of a question that an update changes, and those of its value."""
_ROLES_BACK = {value: role for role, value in ROLES.items()}
EXPECTATIONS = {one: cast("pb.Expectation", pb.Expectation.Value(f"EXPECTATION_{one}")) for one in Expectation}
_EXPECTATIONS_BACK = {value: one for one, value in EXPECTATIONS.items()} | {pb.EXPECTATION_UNSPECIFIED: Expectation.ANSWER}
STATES = {one: cast("pb.EvaluationRunState", pb.EvaluationRunState.Value(f"EVALUATION_RUN_STATE_{one}")) for one in RunState}
VERDICTS = {one: cast("pb.Verdict", pb.Verdict.Value(f"VERDICT_{one}")) for one in Verdict}
VERDICTS_BACK = {value: one for one, value in VERDICTS.items()}
METRICS = {one: cast("pb.EvaluationMetric", pb.EvaluationMetric.Value(f"EVALUATION_METRIC_{one}")) for one in Metric}


def parse_set(name: str) -> tuple[OrganizationId, QuestionSetId]:
    """Organization and set of a name."""
    ids = names.parse(SET, name)
    return OrganizationId(ids["organization"]), QuestionSetId(ids["question_set"])


def parse_question(name: str) -> tuple[OrganizationId, QuestionSetId, QuestionId]:
    """Organization, set and question of a name."""
    ids = names.parse(QUESTION, name)
    return OrganizationId(ids["organization"]), QuestionSetId(ids["question_set"]), QuestionId(ids["question"])


def parse_run(name: str) -> tuple[OrganizationId, RunId]:
    """Organization and run of a name."""
    ids = names.parse(RUN, name)
    return OrganizationId(ids["organization"]), RunId(ids["run"])


def set_to_pb(question_set: QuestionSet) -> pb.QuestionSet:
    """A set."""
    return pb.QuestionSet(
        name=SET.format(organization=question_set.organization, question_set=question_set.id),
        display_name=question_set.display_name,
        question_count=question_set.questions,
        create_time=time_to_pb(question_set.created),
        update_time=time_to_pb(question_set.updated),
        etag=str(question_set.revision),
    )


def set_name_from_pb(request: pb.UpdateQuestionSetRequest) -> str | None:
    """The new name of a set; None when it keeps its name. Raises InvalidRequest or UnknownField."""
    if "display_name" not in chosen(request.question_set, request.update_mask, frozenset({"display_name"})):
        return None
    if not request.question_set.display_name:
        raise InvalidRequest([("question_set.display_name", "must not be empty")])
    return request.question_set.display_name


def question_from_pb(question: pb.Question, path: str) -> tuple[Asked, Origin | None]:
    """A new question, and the message that it is taken from; `path` names its field. Raises InvalidRequest."""
    if not question.message and is_blank(question.text):
        raise InvalidRequest([(f"{path}.text", "must show something, unless message is given")])
    origin = None
    if question.message:
        ids = names.parse(_MESSAGE, question.message)
        origin = Origin(ConversationId(ids["conversation"]), MessageId(ids["message"]))
    return _asked(question), origin


def change_from_pb(request: pb.UpdateQuestionRequest) -> Callable[[Asked], Asked]:
    """The change of an update. Raises UnknownField."""
    given = _asked(request.question)
    fields = chosen(request.question, request.update_mask, frozenset(_FIELDS))
    values: dict[str, Any] = {_FIELDS[path]: getattr(given, _FIELDS[path]) for path in fields}
    return lambda asked: replace(asked, **values)


def question_to_pb(organization: OrganizationId, question_set: QuestionSetId, question: Question) -> pb.Question:
    """A question."""
    told = _question(organization, question_set, question.id, question.asked, question.origin)
    created, updated = time_to_pb(question.created), time_to_pb(question.updated)
    told.MergeFrom(pb.Question(create_time=created, update_time=updated, etag=str(question.revision)))
    return told


def run_to_pb(run: Run, keep: timedelta) -> pb.EvaluationRun:
    """A run; `keep`: how long it is kept after its end."""
    totals, organization = run.totals, run.organization
    return pb.EvaluationRun(
        name=RUN.format(organization=organization, run=run.id),
        question_set=SET.format(organization=organization, question_set=run.question_set),
        display_name=run.display_name,
        setting_versions=run.versions,
        state=STATES[run.state],
        problem=run.problem,
        question_count=run.questions,
        result_count=totals.results,
        verdicts=[
            pb.VerdictCount(verdict=VERDICTS[one], count=totals.verdicts[one]) for one in Verdict if one in totals.verdicts
        ],
        numbers=[
            pb.EvaluationNumber(metric=METRICS[metric], value=part / whole, count=int(whole))
            for metric, (part, whole) in totals.scores.items()
        ],
        tokens=pb.TokenUsage(input_tokens=totals.input_tokens, output_tokens=totals.output_tokens),
        cost=None if totals.micros is None else money_to_pb(totals.micros),
        create_time=time_to_pb(run.created),
        finish_time=time_to_pb(run.finished),
        expire_time=time_to_pb(run.finished + keep if run.finished else None),
    )


def result_to_pb(run: Run, result: Result) -> pb.EvaluationResult:
    """A result."""
    outcome, judgement = result.outcome, result.judgement
    return pb.EvaluationResult(
        name=f"{RUN.format(organization=run.organization, run=run.id)}/results/{result.question}",
        question=_question(run.organization, run.question_set, result.question, result.asked, result.origin),
        verdict=VERDICTS[judgement.verdict],
        reason=judgement.reason,
        passages=map(_passage, outcome.found),
        place=judgement.place,
        text=outcome.text,
        citations=map(citation_to_pb, outcome.citations),
        kind=KINDS[outcome.kind] if outcome.kind is not None else pb.MESSAGE_KIND_UNSPECIFIED,
        assistant=outcome.assistant,
        tokens=pb.TokenUsage(input_tokens=outcome.input_tokens, output_tokens=outcome.output_tokens),
        cost=None if outcome.micros is None else money_to_pb(outcome.micros),
        first_text_duration=_seconds(outcome.first_text),
        duration=_seconds(outcome.seconds),
        finish_time=time_to_pb(result.finished),
    )


def comparison_to_pb(organization: OrganizationId, comparison: Comparison) -> pb.CompareEvaluationRunsResponse:
    """A comparison of two runs."""
    parent = SET.format(organization=organization, question_set=comparison.question_set)
    return pb.CompareEvaluationRunsResponse(
        fixed_count=comparison.fixed,
        broken_count=comparison.broken,
        same_count=comparison.same,
        changed_count=comparison.changed,
        questions=[
            pb.QuestionDifference(
                question=f"{parent}/questions/{one.question}",
                text=one.text,
                before=VERDICTS[one.before],
                after=VERDICTS[one.after],
                reason=one.reason,
            )
            for one in comparison.differences
        ],
        numbers=[
            pb.NumberDifference(metric=METRICS[one.metric], before=one.before, after=one.after, low=one.low, high=one.high)
            for one in comparison.changes
        ],
    )


def unanswered_to_pb(organization: OrganizationId, group: Group) -> pb.UnansweredQuestion:
    """A group of questions that got no good answer."""
    return pb.UnansweredQuestion(
        text=group.newest.text,
        count=len(group.questions),
        messages=[_message(organization, Origin(one.conversation, one.message)) for one in group.examples()],
        last_time=time_to_pb(group.newest.created),
        first_time=time_to_pb(group.questions[-1].created),
    )


def _asked(question: pb.Question) -> Asked:
    return Asked(
        text=question.text,
        expectation=_EXPECTATIONS_BACK[question.expectation],
        documents=tuple(question.documents),
        must_contain=tuple(question.must_contain),
        must_not_contain=tuple(question.must_not_contain),
        earlier=tuple(Earlier(_ROLES_BACK[said.role], said.text) for said in question.earlier_messages),
        language=question.language,
    )


def _question(
    organization: OrganizationId, question_set: QuestionSetId, id: QuestionId, asked: Asked, origin: Origin | None
) -> pb.Question:
    return pb.Question(
        name=QUESTION.format(organization=organization, question_set=question_set, question=id),
        text=asked.text,
        earlier_messages=[pb.EarlierMessage(role=ROLES[said.role], text=said.text) for said in asked.earlier],
        language=asked.language,
        expectation=EXPECTATIONS[asked.expectation],
        documents=asked.documents,
        must_contain=asked.must_contain,
        must_not_contain=asked.must_not_contain,
        message=_message(organization, origin) if origin is not None else "",
    )


def _message(organization: OrganizationId, origin: Origin) -> str:
    return _MESSAGE.format(organization=organization, conversation=origin.conversation, message=origin.message)


def _passage(found: Found) -> pb.EvaluatedPassage:
    return pb.EvaluatedPassage(
        name=found.name,
        document=found.document,
        title=found.title,
        heading=found.heading,
        score=found.score,
        dense_score=found.similarity,
        lexical_score=found.lexical,
        used=found.used,
    )


def _seconds(seconds: float) -> Duration:
    made = Duration()
    made.FromTimedelta(timedelta(seconds=seconds))
    return made
