"""Evaluations: sets of questions, runs and their results."""

from functools import partial

from frontdesk.core import v1 as pb
from google.protobuf.empty_pb2 import Empty

from kit import names, pages
from kit.ids import OrganizationId
from kit.interceptors import Context
from services.core.app.evaluations import EvaluationApp
from services.core.convert import evaluations as convert
from services.core.convert.customers import revision_from_etag
from services.core.convert.replies import setting_versions_from_pb
from services.core.domain.evaluation import QuestionSetId, Result, Run


class EvaluationServicer(pb.EvaluationServiceServicer):
    """Tests of the assistant's answers."""

    def __init__(self, app: EvaluationApp) -> None:
        self._app = app

    async def CreateQuestionSet(self, request: pb.CreateQuestionSetRequest, context: Context) -> pb.QuestionSet:
        organization, id = OrganizationId(names.last(request.parent)), QuestionSetId(request.question_set_id)
        made = await self._app.create_set(organization, id, request.question_set.display_name, request.request_id)
        return convert.set_to_pb(made)

    async def GetQuestionSet(self, request: pb.GetQuestionSetRequest, context: Context) -> pb.QuestionSet:
        return convert.set_to_pb(await self._app.sets.get(*convert.parse_set(request.name)))

    async def ListQuestionSets(self, request: pb.ListQuestionSetsRequest, context: Context) -> pb.ListQuestionSetsResponse:
        organization = OrganizationId(names.last(request.parent))
        found, more = await pages.page(
            request,
            pages.ByTime,
            partial(self._app.sets.page, organization),
            lambda one: pages.ByTime(one.created, one.id),
        )
        return pb.ListQuestionSetsResponse(question_sets=map(convert.set_to_pb, found), next_page_token=more)

    async def UpdateQuestionSet(self, request: pb.UpdateQuestionSetRequest, context: Context) -> pb.QuestionSet:
        where, display_name = convert.parse_set(request.question_set.name), convert.set_name_from_pb(request)
        renamed = await self._app.rename_set(*where, display_name, revision_from_etag(request.question_set.etag))
        return convert.set_to_pb(renamed)

    async def DeleteQuestionSet(self, request: pb.DeleteQuestionSetRequest, context: Context) -> Empty:
        await self._app.sets.delete(*convert.parse_set(request.name))
        return Empty()

    async def CreateQuestion(self, request: pb.CreateQuestionRequest, context: Context) -> pb.Question:
        where = convert.parse_set(request.parent)
        question = await self._app.add_question(*where, *convert.question_from_pb(request.question, "question"))
        return convert.question_to_pb(*where, question)

    async def ImportQuestions(self, request: pb.ImportQuestionsRequest, context: Context) -> pb.ImportQuestionsResponse:
        wanted = [convert.question_from_pb(one, f"questions[{at}]") for at, one in enumerate(request.questions)]
        added, updated = await self._app.import_questions(*convert.parse_set(request.parent), wanted)
        return pb.ImportQuestionsResponse(added_count=added, updated_count=updated)

    async def GetQuestion(self, request: pb.GetQuestionRequest, context: Context) -> pb.Question:
        organization, question_set, id = convert.parse_question(request.name)
        found = await self._app.sets.question(organization, question_set, id)
        return convert.question_to_pb(organization, question_set, found)

    async def ListQuestions(self, request: pb.ListQuestionsRequest, context: Context) -> pb.ListQuestionsResponse:
        where = convert.parse_set(request.parent)
        found, more = await pages.page(
            request,
            pages.ByNumber,
            lambda after, limit: self._app.sets.questions(*where, after.number if after else 0, limit),
            lambda one: pages.ByNumber(one.number),
            filter=request.parent,
        )
        return pb.ListQuestionsResponse(
            questions=[convert.question_to_pb(*where, question) for question in found], next_page_token=more
        )

    async def UpdateQuestion(self, request: pb.UpdateQuestionRequest, context: Context) -> pb.Question:
        organization, question_set, id = convert.parse_question(request.question.name)
        change, revision = convert.change_from_pb(request), revision_from_etag(request.question.etag)
        changed = await self._app.change_question(organization, question_set, id, change, revision)
        return convert.question_to_pb(organization, question_set, changed)

    async def DeleteQuestion(self, request: pb.DeleteQuestionRequest, context: Context) -> Empty:
        await self._app.sets.remove(*convert.parse_question(request.name))
        return Empty()

    async def StartEvaluationRun(self, request: pb.StartEvaluationRunRequest, context: Context) -> pb.EvaluationRun:
        organization, wanted = OrganizationId(names.last(request.parent)), request.evaluation_run
        versions = setting_versions_from_pb(wanted.setting_versions, "evaluation_run.setting_versions")
        question_set = QuestionSetId(names.last(wanted.question_set))
        run = await self._app.start_run(organization, question_set, wanted.display_name, versions, request.request_id)
        return self._run(run)

    async def GetEvaluationRun(self, request: pb.GetEvaluationRunRequest, context: Context) -> pb.EvaluationRun:
        return self._run(await self._app.runs.get(*convert.parse_run(request.name)))

    async def ListEvaluationRuns(
        self, request: pb.ListEvaluationRunsRequest, context: Context
    ) -> pb.ListEvaluationRunsResponse:
        organization = OrganizationId(names.last(request.parent))
        question_set = QuestionSetId(names.last(request.question_set)) if request.question_set else None
        found, more = await pages.page(
            request,
            pages.ByTime,
            partial(self._app.runs.page, organization, question_set),
            lambda run: pages.ByTime(run.created, run.id),
            filter=request.question_set,
        )
        return pb.ListEvaluationRunsResponse(evaluation_runs=map(self._run, found), next_page_token=more)

    async def CancelEvaluationRun(self, request: pb.CancelEvaluationRunRequest, context: Context) -> pb.EvaluationRun:
        return self._run(await self._app.cancel_run(*convert.parse_run(request.name)))

    async def DeleteEvaluationRun(self, request: pb.DeleteEvaluationRunRequest, context: Context) -> Empty:
        await self._app.runs.delete(*convert.parse_run(request.name))
        return Empty()

    async def ListEvaluationResults(
        self, request: pb.ListEvaluationResultsRequest, context: Context
    ) -> pb.ListEvaluationResultsResponse:
        organization, id = convert.parse_run(request.parent)
        verdicts = [convert.VERDICTS_BACK[verdict] for verdict in request.verdicts]
        run = await self._app.runs.get(organization, id)

        async def fetch(after: pages.ByNumber | None, limit: int) -> list[Result]:
            return await self._app.runs.results(organization, id, verdicts, after.number if after else 0, limit)

        key = f"{request.parent}?{','.join(sorted(verdicts))}"
        found, more = await pages.page(request, pages.ByNumber, fetch, lambda one: pages.ByNumber(one.number), filter=key)
        results = [convert.result_to_pb(run, result) for result in found]
        return pb.ListEvaluationResultsResponse(results=results, next_page_token=more)

    async def CompareEvaluationRuns(
        self, request: pb.CompareEvaluationRunsRequest, context: Context
    ) -> pb.CompareEvaluationRunsResponse:
        organization, before = convert.parse_run(request.name)
        _, after = convert.parse_run(request.candidate)
        return convert.comparison_to_pb(organization, await self._app.compare(organization, before, after))

    async def ListUnansweredQuestions(
        self, request: pb.ListUnansweredQuestionsRequest, context: Context
    ) -> pb.ListUnansweredQuestionsResponse:
        organization = OrganizationId(names.last(request.parent))
        period = request.period.ToTimedelta() if request.HasField("period") else None
        found, more = await pages.page(
            request,
            pages.ByTime,
            partial(self._app.unanswered, organization, period),
            lambda group: pages.ByTime(group.newest.created, group.newest.message),
            filter=str(period),
        )
        told = [convert.unanswered_to_pb(organization, group) for group in found]
        return pb.ListUnansweredQuestionsResponse(unanswered_questions=told, next_page_token=more)

    def _run(self, run: Run) -> pb.EvaluationRun:
        return convert.run_to_pb(run, self._app.keep)
