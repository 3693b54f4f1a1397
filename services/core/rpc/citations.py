"""Where documents were cited."""

from datetime import timedelta
from functools import partial

from frontdesk.core import v1 as pb

from kit import caller, names, pages
from kit.convert import time_to_pb
from kit.excerpts import excerpt
from kit.ids import OrganizationId
from kit.interceptors import Context
from services.core.app.transcripts import Transcription
from services.core.convert import citation_to_pb, conversation_name, turn_name
from services.core.domain import CitedAnswer

DOCUMENT = "organizations/{organization}/documents/{document}"
PERIOD = timedelta(days=30)
MAX_QUESTION = 400


class CitationServicer(pb.CitationServiceServicer):
    """The answers that cite documents."""

    def __init__(self, transcription: Transcription) -> None:
        self._transcription = transcription

    async def ListDocumentCitations(
        self, request: pb.ListDocumentCitationsRequest, context: Context
    ) -> pb.ListDocumentCitationsResponse:
        organization = OrganizationId(names.parse(DOCUMENT, request.parent)["organization"])
        found, more = await pages.page(
            request,
            pages.ByTime,
            partial(self._transcription.citing, organization, request.parent),
            lambda answer: pages.ByTime(answer.message.created, answer.message.id),
            filter=request.parent,
        )
        shows_words = caller.current().may("core.messages.read")
        answers = [_answer_to_pb(organization, request.parent, answer, shows_words) for answer in found]
        return pb.ListDocumentCitationsResponse(answers=answers, next_page_token=more)

    async def CountDocumentCitations(
        self, request: pb.CountDocumentCitationsRequest, context: Context
    ) -> pb.CountDocumentCitationsResponse:
        organization = OrganizationId(names.last(request.parent))
        period = request.period.ToTimedelta() if request.HasField("period") else PERIOD
        counted = await self._transcription.count_citing(organization, request.documents, period)
        told = zip(request.documents, counted, strict=True)
        return pb.CountDocumentCitationsResponse(
            counts=[pb.CountDocumentCitationsResponse.Count(document=document, answers=answers) for document, answers in told]
        )


def _answer_to_pb(
    organization: OrganizationId, document: str, answer: CitedAnswer, shows_words: bool
) -> pb.ListDocumentCitationsResponse.CitedAnswer:
    message, conversation = answer.message, answer.conversation
    cited = {each.source.passage: each for each in message.citations if each.source.document == document}
    return pb.ListDocumentCitationsResponse.CitedAnswer(
        message=f"{conversation_name(organization, conversation)}/messages/{message.id}",
        turn=turn_name(organization, conversation, message.turn),
        create_time=time_to_pb(message.created),
        question=excerpt(answer.question, MAX_QUESTION) if shows_words else "",
        sources=[citation_to_pb(each).source for each in cited.values()],
    )
